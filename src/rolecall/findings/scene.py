"""What rules look at: a Snapshot, and what several of them want to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from rolecall.aws.snapshot import Snapshot
from rolecall.findings.blame import Blamed, blamed
from rolecall.findings.passages import Suspects, suspects


@dataclass(frozen=True)
class Scene:
    """What rules look at.

    Attributes:
        snapshot: the world at one instant.
    """

    snapshot: Snapshot

    @property
    def now(self) -> datetime:
        """The instant."""
        return self.snapshot.taken_at

    @cached_property
    def blamed(self) -> Mapping[str, tuple[Blamed, ...]]:
        """What is to blame for the profiles that cannot work now, by the code of its rule."""
        return blamed(self.snapshot)

    @cached_property
    def suspects(self) -> Suspects:
        """The settings that are worth a look: those of odd names or values."""
        return suspects(self.snapshot.merged)
