"""The line at the top, with what this shell would use; and the line that says what is being done."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from textual.content import Content
from textual.widget import Widget

from rolecall.aws.config_file import FileStatus
from rolecall.aws.expiry import State
from rolecall.aws.profile_report import DefaultSession
from rolecall.aws.providers import Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.text import duration, mask_access_key, several
from rolecall.tui.render import labels
from rolecall.tui.render.flags import Flag, Flags
from rolecall.tui.render.lines import Span, fit, shrinking, span, width_of
from rolecall.tui.theme import content
from rolecall.tui.tones import Tone

GAP = 2
"""Cells between what is at the left of the top line and what is at its right."""


class TopLine(Widget):
    """What is read, how it stands, and what this shell would use."""

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._now = now
        self._snapshot: Snapshot | None = None
        self._counts: Counter[State] = Counter()
        self._flags = Flags()

    def present(self, snapshot: Snapshot, now: datetime) -> None:
        """Show another Snapshot."""
        self._snapshot = snapshot
        self.count(now)

    def count(self, now: datetime) -> None:
        """Count the profiles by their states at a moment."""
        self._now = now
        if self._snapshot is None:
            return
        self._counts = Counter(report.expiry.as_of(now).state for report in self._snapshot.profiles.values())
        self.refresh()

    def flag(self, flags: Flags) -> None:
        """Count what is wrong."""
        self._flags = flags
        self.refresh()

    def render(self) -> Content:
        """Lay the line out to the width (called by Textual)."""
        width = self.content_size.width
        if self._snapshot is None:
            return content(fit((Span("rolecall", Tone.ACCENT), Span("  reading…", Tone.DIM)), (), width))
        here = _here(self._snapshot, self._now)
        for left in self._ways_to_say(self._snapshot):
            if width_of(left) + width_of(here) + GAP <= width:
                return content(fit(left, here, width))
        return content(fit(left, here if width_of(left) + GAP < width else (), width))

    def _ways_to_say(self, snapshot: Snapshot) -> Iterator[list[Span]]:
        """Yield what is read and how it stands, in fewer and fewer words."""
        home = snapshot.host.display(snapshot.where.cli_cache.parent.parent)
        many = len(snapshot.profiles)
        name = Span("rolecall", Tone.ACCENT)
        profiles = span(several(many, "profile"))
        troubles = _file_troubles(snapshot)
        worded = self._counted(with_words=True)
        brief = self._counted(with_words=False)
        place = [Span(" ─ ", Tone.DIM), span(home, Tone.DIM), Span(" ── ", Tone.DIM)]
        said, counted = self._flagged(with_words=True), self._flagged(with_words=False)
        yield [name, *place, profiles, *worded, *said, *troubles]
        yield [name, *place, profiles, *worded, *counted, *troubles]
        yield [name, Span("  "), profiles, *worded, *counted, *troubles]
        yield [name, Span("  "), profiles, *brief, *counted, *troubles]
        yield [name, *brief, *counted, *troubles]
        yield [name, *brief, *counted[:2], *troubles]

    def _flagged(self, *, with_words: bool) -> list[Span]:
        spans: list[Span] = []
        for flag in Flag:
            count = self._flags.counts.get(flag, 0)
            if count:
                words = several(count, flag) if with_words else str(count)
                spans += [Span(f"  {flag.glyph} ", flag.tone), span(words)]
        return spans

    def _counted(self, *, with_words: bool) -> list[Span]:
        counts = self._counts
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
        words = "no credentials" if resolution.error == "NoCredentialsError" else resolution.error
        tail = f" {name}: {words}" if here.profile else f" {words}"
        return [Span("!", Tone.BROKEN), shrinking(tail)]
    via = f" via {here.variable}" if here.variable and not brief else ""
    return [labels.glyph(here.expiry.as_of(now)), span(f" {name}", Tone.STRONG), span(via, Tone.DIM)]


class ProgressLine(Widget):
    """What is under way: its name, its present step, for how long, and the key that ends it."""

    DEFAULT_CSS = """
    ProgressLine {
        height: 1;
        padding: 0 1;
        background: $panel;
    }
    """

    def __init__(self, title: str) -> None:
        super().__init__(id="progress")
        self._title = title
        self._step = ""
        self._began = time.monotonic()

    def on_mount(self) -> None:
        """Count the seconds."""
        self.set_interval(1.0, self.refresh)

    def say(self, step: str) -> None:
        """Say what is being done now."""
        self._step = step
        self.refresh()

    def render(self) -> Content:
        """Lay it out to the width (called by Textual)."""
        left = [span(self._title, Tone.ACCENT)]
        if self._step:
            left += [Span("  "), shrinking(self._step)]
        passed = duration(time.monotonic() - self._began)
        right = (Span(f"{passed}  ", Tone.DIM), Span("esc", Tone.ACCENT), Span(" cancels", Tone.DIM))
        return content(fit(left, right, self.content_size.width))
