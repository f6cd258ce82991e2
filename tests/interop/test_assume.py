"""After a role was assumed here, the very next ``aws`` command uses it, and asks STS for no role any more."""

import json
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rolecall.actions import assume, credentials
from rolecall.actions.assume import Assumed
from rolecall.actions.prompts import Cancel
from tests.actions.people import Somebody
from tests.interop.proxy import CountingProxy
from tests.interop.stub import Stub
from tests.interop.texts import (
    BASE,
    DEPLOY_FILE,
    ENVIRONMENT_KEYS,
    OVER_BASE,
    ROLE,
    SSO,
    SSO_SESSION,
    cached_role,
    sso_token,
    sso_token_file,
)
from tests.interop.world import World

MFA_SERIAL = "arn:aws:iam::123456789012:mfa/me"
PROCESS = """\
print('{"Version": 1, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "CANARY"}')
"""


@dataclass
class Counted:
    """A home before moto, with the calls that reach it."""

    world: World
    proxy: CountingProxy
    somebody: Somebody = field(default_factory=lambda: Somebody(codes=["123456"]))

    @property
    def roles(self) -> int:
        """How often STS was asked for a role."""
        return sum(call.startswith("AssumeRole") for call in self.proxy.calls)

    def assume(self, name: str = "x", *, force: bool = False, seconds: int | None = None) -> Assumed:
        """Assume it here."""
        return assume.assume(self.world.look(), name, self.somebody, Cancel(), force=force, seconds=seconds)


@pytest.fixture
def counted(world: World, moto_url: str) -> Iterator[Counted]:
    """Return an empty home before moto, whose calls are counted."""
    with CountingProxy(moto_url) as proxy:
        yield Counted(world.having({"AWS_ENDPOINT_URL": proxy.url}), proxy)


def role(name: str, source: str, more: str = "") -> str:
    arn = f"arn:aws:iam::123456789012:role/{name}"
    return f"[profile {name}]\nrole_arn = {arn}\nsource_profile = {source}\n{more}"


ALL = "duration_seconds = 3600\nexternal_id = 42\nrole_session_name = me\nregion = us-gov-west-1\n"
CHAIN = BASE + role("a", "base") + role("b", "a") + role("x", "b")
HOMES = {
    "direct": (OVER_BASE, 1),
    "a chain of three": (CHAIN, 3),
    "a duration": (f"{OVER_BASE}duration_seconds = 7200\n", 1),
    "a duration that is no number": (f"{OVER_BASE}duration_seconds = 1h\n", 1),
    "an external id": (f"{OVER_BASE}external_id = clé/42\n", 1),
    "a session name": (f"{OVER_BASE}role_session_name = me@example.com\n", 1),
    "another region": (f"{OVER_BASE}region = ap-southeast-2\n", 1),
    "all of them": (OVER_BASE + ALL, 1),
    "MFA": (f"{OVER_BASE}mfa_serial = {MFA_SERIAL}\n", 1),
    "MFA on the way": (BASE + role("a", "base", f"mfa_serial = {MFA_SERIAL}\n") + role("x", "a"), 2),
    "its own keys": (f"[profile x]\n{ROLE}source_profile = x\n{BASE.partition(chr(10))[2]}", 1),
}


@pytest.mark.parametrize(("config", "roles"), HOMES.values(), ids=HOMES)
def test_the_next_command_uses_what_was_assumed(counted: Counted, config: str, roles: int) -> None:
    # GIVEN a role that was assumed here, once for each hop
    counted.world.write("config", config)
    done = counted.assume()
    assert counted.roles == roles
    written = counted.world.contents()

    # WHEN the real aws uses the profile
    caller = counted.world.aws("x").identity

    # THEN it is that role, and STS was asked for none
    assert caller["Arn"] == done.arn
    assert counted.roles == roles
    assert counted.world.contents() == written


def test_over_the_environment(counted: Counted) -> None:
    counted.world = counted.world.having(ENVIRONMENT_KEYS)
    counted.world.write("config", f"[profile x]\n{ROLE}credential_source = Environment\n")
    done = counted.assume()
    assert counted.world.aws("x").identity["Arn"] == done.arn
    assert counted.roles == 1


def test_over_a_container(counted: Counted, stub: Stub) -> None:
    counted.world = counted.world.having({"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{stub.url}/container"})
    counted.world.write("config", f"[profile x]\n{ROLE}credential_source = EcsContainer\n")
    done = counted.assume()
    assert stub.calls == ["GET /container"]
    assert counted.world.aws("x").identity["Arn"] == done.arn
    assert counted.roles == 1


def test_over_a_process(counted: Counted) -> None:
    command = shlex.join([sys.executable, str(counted.world.write("helper.py", PROCESS))])
    counted.world.write("config", f"[profile p]\ncredential_process = {command}\n{role('x', 'p')}")
    done = counted.assume()
    assert counted.world.aws("x").identity["Arn"] == done.arn
    assert counted.roles == 1


def test_over_sso(counted: Counted, stub: Stub) -> None:
    counted.world = counted.world.having({"AWS_ENDPOINT_URL_SSO": stub.url})
    counted.world.write("config", f"{SSO_SESSION}[profile sso]\n{SSO}{role('x', 'sso')}")
    counted.world.write(sso_token_file("corp"), sso_token("2999-01-01T00:00:00Z"))
    done = counted.assume()
    assert counted.world.aws("x").identity["Arn"] == done.arn
    assert counted.roles == 1


@pytest.mark.parametrize("more", ["", "role_session_name = me\n"])
def test_a_web_identity(counted: Counted, more: str) -> None:
    token = counted.world.write("token", b"CANARY.web.identity\r\n")
    counted.world.write("config", f"[profile x]\n{ROLE}web_identity_token_file = {token}\n{more}")
    done = counted.assume()
    assert counted.world.aws("x").identity["Arn"] == done.arn
    assert counted.roles == 1
    # and one name is the one that botocore and CLI v2 look for
    assert done.cache_file.name == counted.world.look().profiles["x"].cache_file


def test_what_aws_has_assumed_is_good_here(counted: Counted) -> None:
    counted.world.write("config", CHAIN)
    caller = counted.world.aws("x").identity
    done = counted.assume()
    assert (done.was_cached, done.arn) == (True, caller["Arn"])
    assert counted.roles == 3


def shape(value: Any) -> object:  # noqa: ANN401 - JSON
    """Return what a file is made of: its keys, the kinds of its values, the form of its moments."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items() if key != "HTTPHeaders"}
    if isinstance(value, str) and value.endswith("Z") and value[4] == "-":
        return "a moment with Z"
    return type(value).__name__


def test_the_file_is_made_as_aws_makes_it(counted: Counted) -> None:
    # GIVEN the same role, assumed by the real aws and here
    counted.world.write("config", CHAIN)
    assert counted.world.aws("x").identity
    path = counted.world.cli_cache / str(counted.world.look().profiles["x"].cache_file)
    theirs, mode = json.loads(path.read_text()), path.stat().st_mode
    directories = [stat.S_IMODE(place.stat().st_mode) for place in (path.parent, path.parent.parent)]
    for file in counted.world.cli_cache.iterdir():
        file.unlink()
    counted.world.cli_cache.rmdir()
    counted.world.cli_cache.parent.rmdir()

    done = counted.assume()

    # THEN they differ in nothing but in what STS said
    assert done.cache_file == path
    assert shape(json.loads(path.read_text())) == shape(theirs)
    assert theirs["Credentials"]["Expiration"].endswith("Z")
    assert path.stat().st_mode == mode
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path.parent, path.parent.parent)] == directories


def test_with_force_the_next_command_uses_the_new_one(counted: Counted) -> None:
    counted.world.write("config", OVER_BASE)
    assert counted.world.aws("x").identity
    first = counted.proxy.keys[-1]

    done = counted.assume(force=True)

    assert (done.was_cached, counted.roles) == (False, 2)
    assert counted.world.aws("x").identity
    assert counted.roles == 2
    new = json.loads(done.cache_file.read_text())["Credentials"]["AccessKeyId"]
    assert new != first
    assert counted.proxy.keys[-1] == new


def test_asked_for_shorter_it_is_still_the_file_that_aws_looks_up(counted: Counted) -> None:
    counted.world.write("config", f"{CHAIN}duration_seconds = 7200\n")
    done = counted.assume(seconds=3600)
    assert counted.world.aws("x").identity["Arn"] == done.arn
    assert counted.roles == 3


@pytest.mark.parametrize("damage", ["{", "", "[]", cached_role(Expiration="2999-01-01T00:00:00")])
def test_an_entry_over_which_aws_stumbles_is_mended(counted: Counted, damage: str) -> None:
    counted.world.write("config", OVER_BASE)
    counted.world.write(DEPLOY_FILE, damage)
    assert counted.world.aws("x").status != 0

    done = counted.assume()

    assert counted.world.aws("x").identity["Arn"] == done.arn


def test_who_one_is_and_what_is_fetched_go_through_the_same_cache(counted: Counted) -> None:
    counted.world.write("config", OVER_BASE)
    caller = counted.world.aws("x").identity

    who = credentials.who_am_i(counted.world.look(), "x", Somebody(), Cancel())
    fetched = credentials.fetch(counted.world.look(), "x", Somebody(), Cancel())

    assert (who.arn, who.account) == (caller["Arn"], caller["Account"])
    assert who.is_as_promised
    assert counted.roles == 1
    kept = json.loads((counted.world.home / ".aws" / DEPLOY_FILE).read_text())["Credentials"]
    assert set(counted.proxy.keys[1:]) == {kept["AccessKeyId"]}
    assert (fetched.access_key, fetched.secret_key) == (kept["AccessKeyId"], kept["SecretAccessKey"])
    assert fetched.token == kept["SessionToken"]


TWICE = """\
import sys
from pathlib import Path
from rolecall.actions import assume
from rolecall.actions.prompts import Cancel
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.actions.people import Somebody
home, endpoint = sys.argv[1:]
environ = {"AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": "eu-west-1", "NO_PROXY": "127.0.0.1"}
snapshot = Snapshot.take(Host.of(Path(home), environ))
for _ in range(4):
    assume.assume(snapshot, "x", Somebody(), Cancel(), force=True)
"""


def test_two_rolecalls_and_an_aws_at_the_same_file_never_see_half_of_it(counted: Counted) -> None:
    # GIVEN two that assume the same roles again and again
    counted.world.write("config", CHAIN)
    command = [sys.executable, "-c", TWICE, str(counted.world.home), counted.proxy.url]
    both = [
        subprocess.Popen(command, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    # WHEN the real aws uses them meanwhile
    runs = [counted.world.aws("x") for _ in range(3)]

    # THEN nobody stumbles, and one whole file is left of each role
    assert [process.communicate(timeout=60)[1] for process in both] == ["", ""]
    assert [run.status for run in runs] == [0, 0, 0]
    assert len(counted.world.cached()) == 3
    assert all(name.endswith(".json") for name in counted.world.cached())
