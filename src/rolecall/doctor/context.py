"""What rules look at: a Snapshot, and what several of them want to know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import neighbours
from rolecall.doctor.blame import RootCause, blamed
from rolecall.doctor.sections import Suspects, suspects

_TIMELESS = ("blamed", "suspects", "others_read_defaults")


@dataclass(frozen=True)
class RuleContext:
    """What rules look at.

    Attributes:
        snapshot: the world at one instant.
        clock_reads: the instant, once somebody has asked for it.
    """

    snapshot: Snapshot
    clock_reads: list[datetime] = field(default_factory=list, repr=False, compare=False)

    @property
    def now(self) -> datetime:
        """The instant. A rule that asks for it says something else as time passes: see ``Findings.as_of``."""
        if not self.clock_reads:
            self.clock_reads.append(self.snapshot.taken_at)
        return self.snapshot.taken_at

    def as_of(self, now: datetime) -> "RuleContext":
        """Return the same at another moment, between which and this one no state turns."""
        later = RuleContext(self.snapshot.as_of(now))
        # what hangs on the states alone is as it was
        later.__dict__.update({name: self.__dict__[name] for name in _TIMELESS if name in self.__dict__})
        return later

    @cached_property
    def blamed(self) -> Mapping[str, tuple[RootCause, ...]]:
        """What is to blame for the profiles that cannot work now, by the code of its rule."""
        return blamed(self.snapshot)

    @cached_property
    def suspects(self) -> Suspects:
        """The settings that are worth a look: those of odd names or values."""
        return suspects(self.snapshot.merged)

    @cached_property
    def others_read_defaults(self) -> bool:
        """Whether aws-vault or its like is used here, which reads what AWS tools pass over."""
        snapshot = self.snapshot
        return neighbours.reads_for_itself(snapshot.host.environ, snapshot.merged.by_name.values())
