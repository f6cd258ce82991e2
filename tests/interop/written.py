"""What rolecall predicts of the CLI's cache, held against what the real ``aws`` writes there."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rolecall.aws.expiry import State
from rolecall.aws.snapshot import Snapshot
from tests.interop.world import World


@dataclass(frozen=True, slots=True)
class Written:
    """What a file of ``cli/cache`` says."""

    arn: str
    expiration: datetime

    @classmethod
    def by_aws(cls, path: Path) -> "Written":
        """Read a file that the AWS CLI has written."""
        content = json.loads(path.read_text())
        return cls(
            arn=content["AssumedRoleUser"]["Arn"],
            expiration=datetime.fromisoformat(content["Credentials"]["Expiration"]),
        )


def predicted(snapshot: Snapshot, name: str) -> set[str | None]:
    """Return the files that a call with this profile will leave: one for each role on the way."""
    roles = [hop.profile for hop in snapshot.profiles[name].chain if hop.provider == "assume-role"]
    return {snapshot.profiles[role].cache_file for role in roles if role is not None}


def assert_shown(world: World, name: str, state: State = State.VALID) -> str:
    """Assert that rolecall shows a profile as ``aws`` has just written it; return the ARN."""
    snapshot = world.look()
    profile = snapshot.profiles[name]
    assert profile.cache_file in world.cached()
    path = world.cli_cache / profile.cache_file
    written = Written.by_aws(path)
    entry = next(entry for entry in snapshot.entries if entry.path == path)
    assert (entry.kind, entry.identity, entry.problem) == ("role", written.arn, None)
    assert name in entry.profiles
    assert (entry.expiry.at, entry.expiry.state) == (written.expiration, state)
    assert (profile.expiry.at, profile.expiry.state) == (written.expiration, state)
    return written.arn
