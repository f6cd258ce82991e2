"""The chain of a profile, drawn: root first, each hop with its state, the dependants below."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import datetime

from rolecall.aws.expiry import Expiry, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, Hop, Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import cut_end, cut_middle, wrap
from rolecall.text import duration, first_of, mask, mask_name
from rolecall.tui.render import labels
from rolecall.tui.render.flags import Flag, Flags, beside
from rolecall.tui.render.lines import Line, Span, fit, name_span, names_of, span, width_of
from rolecall.tui.render.tree import awaited
from rolecall.tui.tones import Tone
from rolecall.values import dataclass

ARROW = " ──▶ "
LONGEST_STATE = 12
"""Cells for what a dependant waits for."""
FRAME = 6
"""Cells that the frame of a loop adds to a line."""
SHOWN_DEPENDANTS = 20


@dataclass(frozen=True, slots=True)
class View:
    """What a chain is drawn from.

    Attributes:
        snapshot: the profiles that it may lead through.
        now: what the time that is left is counted from.
        flags: what is wrong with each profile.
    """

    snapshot: Snapshot
    now: datetime
    flags: Flags = field(default_factory=Flags)


@dataclass(frozen=True, slots=True)
class Box:
    """One hop as it is drawn: a title and notes, its flag first."""

    title: Span
    state: tuple[Span, ...]
    flag: Flag | None = None

    @property
    def notes(self) -> tuple[Span, ...]:
        """What is drawn below the title, or to the right of it."""
        return (*beside(self.flag), *self.state)

    @property
    def looping(self) -> tuple[Span, ...]:
        """The title in a loop, where nothing is drawn below it."""
        return (*beside(self.flag), self.title)

    @property
    def width(self) -> int:
        """The wider of its two lines."""
        return max(width_of([self.title]), width_of(self.notes))


def draw(view: View, report: ProfileReport, width: int) -> list[Line]:
    """Draw the chain of a profile into lines of at most ``width`` cells."""
    boxes = _boxes(view, report)
    is_loop = report.effective.cause is Cause.CHAIN_LOOP
    widths = (width_of(box.looping) if is_loop else box.width for box in boxes)
    across = sum(widths) + len(ARROW) * (len(boxes) - 1) + (FRAME if is_loop else 0)
    lines = (
        _across(boxes, width, is_loop=is_loop) if across <= width else _down(boxes, width, is_loop=is_loop)
    )
    if report.effective.error is not None:
        lines += [(), *_said(report.effective.message or "", Tone.BROKEN, width)]
        lines += _said(_lacking(view, report), Tone.PLAIN, width)
        lines += _said(report.effective.error, Tone.DIM, width)
    else:
        words = labels.what_then(report.expiry, view.now)
        if words:
            lines += [(), *_said(_sentence(words), Tone.DIM, width)]
    return [*lines, *_dependants(view, report, width)]


def _boxes(view: View, report: ProfileReport) -> list[Box]:
    pairs = list(zip(report.chain, report.hop_expiries, strict=True))
    boxes = [
        _box(view, hop, expiry.as_of(view.now), is_last=index == 0, is_root=index == len(pairs) - 1)
        for index, (hop, expiry) in enumerate(pairs)
    ][::-1]
    root = pairs[-1][0]
    if report.effective.cause is Cause.CHAIN_TOO_LONG:
        return [Box(span("┄ and so on ┄", Tone.DIM), ()), *boxes]
    session = _session_box(view, root)
    return [session, *boxes] if session is not None else boxes


def _box(view: View, hop: Hop, expiry: Expiry, *, is_last: bool, is_root: bool) -> Box:
    if hop.profile is None:
        return Box(span(labels.where_it_starts(hop), Tone.ACCENT), (labels.glyph(expiry),))
    if hop.profile not in view.snapshot.profiles:
        return Box(span(f"┄ {hop.profile} ┄", Tone.BROKEN), (span("no such profile", Tone.BROKEN),))
    title = span(hop.profile, Tone.STRONG if is_last else Tone.PLAIN)
    flag = view.flags.profiles.get(hop.profile)
    if hop.provider is None:
        return Box(title, (Span("!", Tone.BROKEN),), flag)
    return Box(title, _state(view, hop, expiry, is_root=is_root), flag)


def _state(view: View, hop: Hop, expiry: Expiry, *, is_root: bool) -> tuple[Span, ...]:
    left = labels.brief_time_left(expiry, view.now)
    notes = [labels.glyph(expiry), span(f" {left}" if left else "")]
    if is_root and hop.provider != Provider.ASSUME_ROLE:
        notes.insert(0, span(f"{labels.where_it_starts(hop)} ", Tone.DIM))
    if hop.provider == Provider.ASSUME_ROLE and "mfa_serial" in hop.settings:
        notes.append(span(" · MFA", Tone.ACCENT))
    report = view.snapshot.profiles.get(hop.profile or "")
    if report is not None and hop.provider == Provider.ASSUME_ROLE:
        maximum = report.maximum_duration
        if maximum is not None:
            notes.append(span(f" · max {duration(maximum).split()[0]}", Tone.DIM))
    return tuple(notes)


def _session_box(view: View, root: Hop) -> Box | None:
    """Return the box of the SSO session that the root of a chain uses: it is no profile."""
    if root.provider != Provider.SSO or root.profile is None:
        return None
    report = view.snapshot.profiles[root.profile]
    name = root.settings.get("sso_session") or root.settings.get("sso_start_url")
    expiry = (report.token or Expiry(State.UNKNOWN)).as_of(view.now)
    left = labels.brief_time_left(expiry, view.now)
    flag = view.flags.sessions.get(str(name))
    return Box(span(str(name), Tone.ACCENT), (labels.glyph(expiry), span(f" {left}")), flag)


def _across(boxes: Sequence[Box], width: int, *, is_loop: bool) -> list[Line]:
    titles: list[Span] = []
    notes: list[Span] = []
    for index, box in enumerate(boxes):
        if index:
            titles.append(Span(ARROW, Tone.DIM))
            notes.append(Span(" " * len(ARROW)))
        if is_loop:
            titles += box.looping
            continue
        titles += [box.title, Span(" " * (box.width - width_of([box.title])))]
        notes += [*box.notes, Span(" " * (box.width - width_of(box.notes)))]
    if not is_loop:
        return [fit(titles, (), width), fit(notes, (), width)]
    top = (Span("╭▶ ", Tone.BROKEN), *titles, Span(" ─╮", Tone.BROKEN))
    bottom = (Span("╰" + "─" * (width_of(titles) + FRAME - 2) + "╯", Tone.BROKEN),)
    return [top, bottom]


def _down(boxes: Sequence[Box], width: int, *, is_loop: bool) -> list[Line]:
    lines: list[Line] = []
    names = names_of(box.title.text for box in boxes)
    for depth, box in enumerate(boxes):
        # past a third of the pane the indentation stops growing: a chain may be very long
        indent = min(depth - 1, width // 9) * 3
        lead = Span(" " * indent + "└─▶ ", Tone.DIM) if depth else Span("")
        room = width - width_of([lead, box.title])
        briefer = (box.notes, (*beside(box.flag), *box.state[:1]), box.state[:1])
        notes = next((each for each in briefer if width_of(each) < room), ())
        lines.append(fit((lead, replace(box.title, shrinks=True, names=names)), notes, width))
    if is_loop and len(boxes) > 1:
        lines.append((Span(cut_middle(f"↺ and again from {boxes[0].title.text}", width), Tone.BROKEN),))
    return lines


MOST_NAMED = 3
"""Settings that are named where the others are counted."""


def _lacking(view: View, report: ProfileReport) -> str:
    """Say what the profile sets at which a chain ends without credentials; nothing where that is not why."""
    if report.effective.cause is not Cause.NO_CREDENTIALS:
        return ""
    last = view.snapshot.profiles.get(report.chain[-1].profile or "")
    if last is None:
        return ""
    if not last.settings:
        return f"{last.name} sets nothing."
    return f"All that {last.name} sets is {first_of([*map(mask_name, last.settings)], MOST_NAMED)}."


def _sentence(words: str) -> str:
    """Begin with a capital, unless with the name of a file."""
    return words[0].upper() + words[1:] if words.split(maxsplit=1)[0].isalpha() else words


def _said(text: str, tone: Tone, width: int) -> list[Line]:
    return [(Span(line, tone),) for line in wrap(span(mask(text)).text, width)] if text else []


def _dependants(view: View, report: ProfileReport, width: int) -> list[Line]:
    names = view.snapshot.dependants.get(report.name, ())
    if not names:
        return []
    lines: list[Line] = [(), (Span(cut_end("Used by", width), Tone.DIM),)]
    alike = names_of(names)
    for index, name in enumerate(names[:SHOWN_DEPENDANTS]):
        is_end = index == len(names) - 1
        lead = Span("└─▶ " if is_end else "├─▶ ", Tone.DIM)
        wait = awaited(view.snapshot.profiles[name], view.flags, view.now)
        title = name_span(name, alike, Tone.DIM if wait else Tone.PLAIN)
        lines.append(fit((lead, title), _state_of(view, name, wait), width))
    if len(names) > SHOWN_DEPENDANTS:
        lines.append((Span(f"    and {len(names) - SHOWN_DEPENDANTS} more", Tone.DIM),))
    return lines


def _state_of(view: View, name: str, wait: str | None) -> tuple[Span, ...]:
    report = view.snapshot.profiles[name]
    expiry = report.expiry.as_of(view.now)
    waiting = labels.waiting(expiry) if wait is not None else None
    if wait is not None and waiting is not None:
        return waiting, span(f" {cut_middle(wait, LONGEST_STATE)}", Tone.DIM)
    state = labels.state_of(report, view.now)
    mark = labels.glyph(expiry)
    return (*beside(view.flags.profiles.get(name)), mark, span(f" {state}" if state else ""))
