"""Samples of both sides, taken in turn, and what they say against a target."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

_T = TypeVar("_T")

Statistic = Callable[[Sequence[float]], float]


class BenchmarkError(Exception):
    """Something could not be measured; the message says what and why."""


class Unit(StrEnum):
    """What a row is measured in."""

    MILLISECONDS = "ms"
    MEGABYTES = "MB"
    PERCENT = "%"


class Verdict(StrEnum):
    """What came of a target."""

    REACHED = "reached"
    MISSED = "missed"
    NONE = "no target"


@dataclass(frozen=True, slots=True)
class AtMostTimes:
    """A target for the ratio of the two sides."""

    limit: float

    def __str__(self) -> str:
        return f"≤ {self.limit:g} x"


@dataclass(frozen=True, slots=True)
class AtMost:
    """A target for the figure itself, in the row's unit."""

    limit: float
    unit: Unit

    def __str__(self) -> str:
        return f"≤ {self.limit:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number out of a sample, with the least and the greatest."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One row: a sample of rolecall and a sample of what stands beside it, taken in turn.

    Attributes:
        what: what was measured.
        unit: of both samples.
        ours: rolecall's sample, in the order in which it was taken.
        beside: the other side's; as long as ours, and each taken right after its counterpart.
        beside_name: what the other side is.
        target: what rolecall has to reach, where something was set.
        statistic: which number stands for a sample.
    """

    what: str
    unit: Unit
    ours: tuple[float, ...]
    beside: tuple[float, ...]
    beside_name: str
    target: AtMostTimes | AtMost | None = None
    statistic: Statistic = statistics.median

    @property
    def our_figure(self) -> Figure:
        """The number of rolecall."""
        return Figure(self.statistic(self.ours), min(self.ours), max(self.ours))

    @property
    def beside_figure(self) -> Figure:
        """The number of the other side."""
        return Figure(self.statistic(self.beside), min(self.beside), max(self.beside))

    @property
    def ratio(self) -> Figure:
        """The ratio of the two numbers, with the least and the greatest ratio of a pair.

        Infinite where the other side's number is nought.
        """
        pairs = [_ratio(ours, beside) for ours, beside in zip(self.ours, self.beside, strict=True)]
        value = _ratio(self.our_figure.value, self.beside_figure.value)
        return Figure(value, min(pairs), max(pairs))

    @property
    def verdict(self) -> Verdict:
        """Whether the target was reached."""
        match self.target:
            case None:
                return Verdict.NONE
            case AtMostTimes(limit):
                reached = self.ratio.value <= limit
            case AtMost(limit):
                reached = self.our_figure.value <= limit
        return Verdict.REACHED if reached else Verdict.MISSED


def take_turns(
    actions: Sequence[Callable[[], _T]],
    runs: int,
    warm_ups: int = 1,
) -> list[tuple[_T, ...]]:
    """Do each action once a round, A B A B …, and return the results of each.

    Warm-up rounds come first and do not count.
    """
    for _ in range(warm_ups):
        for action in actions:
            action()
    rounds = [tuple(action() for action in actions) for _ in range(runs)]
    return list(zip(*rounds, strict=True))


def ninety_fifth(sample: Sequence[float]) -> float:
    """Return the 95th percentile: the least value that 95 % of the sample do not exceed."""
    return sorted(sample)[math.ceil(len(sample) * 0.95) - 1]


def _ratio(ours: float, beside: float) -> float:
    return ours / beside if beside else math.inf
