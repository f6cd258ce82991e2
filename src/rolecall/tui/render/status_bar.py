"""The line at the top: what was read, how many profiles are in which state, and what this shell would use."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from rolecall.aws.config_file import FileStatus
from rolecall.aws.expiry import State
from rolecall.aws.logins import login_of
from rolecall.aws.profile_report import DefaultSession
from rolecall.aws.providers import Cause, Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.text import mask_access_key, several
from rolecall.tui.render import labels
from rolecall.tui.render.flags import Flag, Flags
from rolecall.tui.render.lines import Line, Span, fit, shrinking, span, width_of
from rolecall.tui.render.tree import awaited
from rolecall.tui.tones import Tone
from rolecall.values import dataclass

GAP = 2
"""Cells between what is at the left of the line and what is at its right."""
READING = (Span("rolecall", Tone.ACCENT), Span("  reading…", Tone.DIM))
"""What is said before anything was read."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many profiles are in each state, and how many findings there are."""

    states: Counter[State]
    flags: Flags

    @classmethod
    def of(cls, snapshot: Snapshot, now: datetime, flags: Flags) -> "Counts":
        """Count them at a moment: what waits for a cause is not counted, but its cause, once."""
        states: Counter[State] = Counter()
        ended: set[object] = set()
        for report in snapshot.profiles.values():
            state = report.expiry.as_of(now).shown
            if not state.is_live and awaited(report, flags, now) is not None:
                if (report.token or report.expiry).as_of(now).state is State.EXPIRED:
                    ended.add(login_of(report, snapshot))
                continue
            states[state] += 1
        states[State.EXPIRED] += len(ended - {None})
        return cls(states, flags)


def top_line(snapshot: Snapshot, now: datetime, counts: Counts, width: int) -> Line:
    """Lay the line out in as many words as there is room for."""
    here = _here(snapshot, now)
    for left in _ways_to_say(snapshot, counts):
        if width_of(left) + width_of(here) + GAP <= width:
            return fit(left, here, width)
    return fit(left, here if width_of(left) + GAP < width else (), width)


def _ways_to_say(snapshot: Snapshot, counts: Counts) -> Iterator[list[Span]]:
    """Yield what was read and in which state it is, in fewer and fewer words."""
    home = snapshot.host.display(snapshot.where.cli_cache.parent.parent)
    name = Span("rolecall", Tone.ACCENT)
    # of files that cannot be read nobody knows how many they have
    is_known = snapshot.profiles or not _file_troubles(snapshot)
    profiles = [span(several(len(snapshot.profiles), "profile"))] if is_known else []
    troubles = _file_troubles(snapshot)
    worded = _counted(counts.states, with_words=True)
    brief = _counted(counts.states, with_words=False)
    gap = [Span(" ── ", Tone.DIM)] if is_known else []
    place = [Span(" ─ ", Tone.DIM), span(home, Tone.DIM), *gap]
    said, counted = _flagged(counts.flags, with_words=True), _flagged(counts.flags, with_words=False)
    yield [name, *place, *profiles, *worded, *said, *troubles]
    yield [name, *place, *profiles, *worded, *counted, *troubles]
    yield [name, *([Span("  "), *profiles] if profiles else []), *worded, *counted, *troubles]
    yield [name, *([Span("  "), *profiles] if profiles else []), *brief, *counted, *troubles]
    yield [name, *brief, *counted, *troubles]
    yield [name, *brief, *counted[:2], *troubles]


def _flagged(flags: Flags, *, with_words: bool) -> list[Span]:
    spans: list[Span] = []
    for flag in Flag:
        count = flags.counts.get(flag, 0)
        if count:
            words = several(count, flag) if with_words else str(count)
            spans += [Span(f"  {flag.glyph} ", flag.tone), span(words)]
    return spans


def _counted(counts: Counter[State], *, with_words: bool) -> list[Span]:
    live = sum(count for state, count in counts.items() if state.is_live and state is not State.RENEWING)
    spans: list[Span] = []
    for glyph, tone, count, word in (
        ("●", Tone.GOOD, live, "live"),
        ("◐", Tone.WARN, counts[State.RENEWING], "renewing"),
        ("✗", Tone.BAD, counts[State.EXPIRED], "expired"),
        ("!", Tone.BROKEN, counts[State.BROKEN], "broken"),
    ):
        if count:
            spans += [Span(f"  {glyph} ", tone), span(f"{count} {word}" if with_words else str(count))]
    return spans


def _file_troubles(snapshot: Snapshot) -> list[Span]:
    troubled = [
        file for file in snapshot.files if file.status in (FileStatus.UNREADABLE, FileStatus.UNPARSEABLE)
    ]
    return [span(f"  ! {file.role} is {file.status}", Tone.BROKEN) for file in troubled]


def _here(snapshot: Snapshot, now: datetime) -> list[Span]:
    """Say what a command without ``--profile`` would use; where the tools differ, say both."""
    boto3, cli = snapshot.default_session[Tool.BOTO3], snapshot.default_session[Tool.CLI_V2]
    lead = Span("env: ", Tone.DIM)
    if boto3.profile == cli.profile or boto3.resolution.provider == Provider.ENV:
        return [lead, *_used(boto3, now)]
    return [
        lead,
        span("boto3 ", Tone.DIM),
        *_used(boto3, now, brief=True),
        span(" · CLI v2 ", Tone.DIM),
        *_used(cli, now, brief=True),
    ]


def _used(here: DefaultSession, now: datetime, *, brief: bool = False) -> list[Span]:
    resolution = here.resolution
    if resolution.provider == Provider.ENV:
        key = mask_access_key(resolution.access_key)
        return [labels.glyph(here.expiry.as_of(now)), span(f" keys {key} in the environment")]
    name = here.profile or "default"
    if resolution.error is not None:
        words = "no credentials" if resolution.cause is Cause.NO_CREDENTIALS else resolution.error
        tail = f" {name}: {words}" if here.profile else f" {words}"
        return [Span("!", Tone.BROKEN), shrinking(tail)]
    via = f" via {here.variable}" if here.variable and not brief else ""
    return [labels.glyph(here.expiry.as_of(now)), span(f" {name}", Tone.STRONG), span(via, Tone.DIM)]
