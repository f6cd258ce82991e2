"""The chain of a profile, drawn: root first, each hop with how it stands, the dependants below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rolecall.aws.expiry import Expiry, State
from rolecall.aws.providers import Hop, Provider
from rolecall.aws.report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.text import duration, mask
from rolecall.tui import wording
from rolecall.tui.lines import Line, Span, Tone, cut, fit, shrinking, span, width_of, wrap

ARROW = " ──▶ "
FRAME = 6
"""Cells that the frame of a loop adds to a line."""
SHOWN_DEPENDANTS = 20


@dataclass(frozen=True, slots=True)
class Box:
    """One hop as it is drawn: a title, and what is to be said of it."""

    title: Span
    notes: tuple[Span, ...]

    @property
    def width(self) -> int:
        """The wider of its two lines."""
        return max(width_of([self.title]), width_of(self.notes))


def draw(snapshot: Snapshot, report: ProfileReport, now: datetime, width: int) -> list[Line]:
    """Draw the chain of a profile into lines of at most ``width`` cells."""
    boxes = _boxes(snapshot, report, now)
    is_loop = report.telling.error == "InfiniteLoopConfigError"
    across = sum(box.width for box in boxes) + len(ARROW) * (len(boxes) - 1) + (FRAME if is_loop else 0)
    lines = (
        _across(boxes, width, is_loop=is_loop) if across <= width else _down(boxes, width, is_loop=is_loop)
    )
    if report.telling.error is not None:
        lines += [(), *_said(report.telling.error, Tone.BROKEN, width)]
        lines += _said(report.telling.message or "", Tone.PLAIN, width)
    else:
        words = wording.what_then(report.expiry, now)
        if words:
            lines += [(), *_said(_sentence(words), Tone.DIM, width)]
    return [*lines, *_dependants(snapshot, report, now, width)]


def _boxes(snapshot: Snapshot, report: ProfileReport, now: datetime) -> list[Box]:
    pairs = list(zip(report.chain, report.hop_expiries, strict=True))
    boxes = [
        _box(snapshot, hop, expiry.as_of(now), now, is_last=index == 0, is_root=index == len(pairs) - 1)
        for index, (hop, expiry) in enumerate(pairs)
    ][::-1]
    root = pairs[-1][0]
    session = _session_box(snapshot, root, now)
    return [session, *boxes] if session is not None else boxes


def _box(snapshot: Snapshot, hop: Hop, expiry: Expiry, now: datetime, *, is_last: bool, is_root: bool) -> Box:
    if hop.profile is None:
        return Box(span(wording.where_it_starts(hop), Tone.ACCENT), (wording.glyph(expiry),))
    if hop.profile not in snapshot.profiles:
        return Box(span(f"┄ {hop.profile} ┄", Tone.BROKEN), (span("no such profile", Tone.BROKEN),))
    title = span(hop.profile, Tone.STRONG if is_last else Tone.PLAIN)
    if hop.provider is None:
        return Box(title, (Span("!", Tone.BROKEN),))
    return Box(title, _notes(snapshot, hop, expiry, now, is_root=is_root))


def _notes(snapshot: Snapshot, hop: Hop, expiry: Expiry, now: datetime, *, is_root: bool) -> tuple[Span, ...]:
    left = wording.brief_time_left(expiry, now)
    notes = [wording.glyph(expiry), span(f" {left}" if left else "")]
    if is_root and hop.provider != Provider.ASSUME_ROLE:
        notes.insert(0, span(f"{wording.where_it_starts(hop)} ", Tone.DIM))
    if hop.provider == Provider.ASSUME_ROLE and "mfa_serial" in hop.settings:
        notes.append(span(" · MFA", Tone.ACCENT))
    report = snapshot.profiles.get(hop.profile or "")
    if report is not None and hop.provider == Provider.ASSUME_ROLE:
        maximum = report.maximum_duration
        if maximum is not None:
            notes.append(span(f" · max {duration(maximum).split()[0]}", Tone.DIM))
    return tuple(notes)


def _session_box(snapshot: Snapshot, root: Hop, now: datetime) -> Box | None:
    """An SSO profile draws on a session that is no profile of its own."""
    if root.provider != Provider.SSO or root.profile is None:
        return None
    report = snapshot.profiles[root.profile]
    name = root.settings.get("sso_session") or root.settings.get("sso_start_url")
    expiry = (report.token or Expiry(State.UNKNOWN)).as_of(now)
    left = wording.brief_time_left(expiry, now)
    return Box(span(str(name), Tone.ACCENT), (wording.glyph(expiry), span(f" {left}")))


def _across(boxes: Sequence[Box], width: int, *, is_loop: bool) -> list[Line]:
    titles: list[Span] = []
    notes: list[Span] = []
    for index, box in enumerate(boxes):
        size = width_of([box.title]) if is_loop else box.width
        if index:
            titles.append(Span(ARROW, Tone.DIM))
            notes.append(Span(" " * len(ARROW)))
        titles += [box.title, Span(" " * (size - width_of([box.title])))]
        notes += [*box.notes, Span(" " * (size - width_of(box.notes)))]
    if not is_loop:
        return [fit(titles, (), width), fit(notes, (), width)]
    top = (Span("╭▶ ", Tone.BROKEN), *titles, Span(" ─╮", Tone.BROKEN))
    bottom = (Span("╰" + "─" * (width_of(titles) + FRAME - 2) + "╯", Tone.BROKEN),)
    return [top, bottom]


def _down(boxes: Sequence[Box], width: int, *, is_loop: bool) -> list[Line]:
    lines: list[Line] = []
    for depth, box in enumerate(boxes):
        # past a third of the pane the indentation stops growing: a chain may be very long
        indent = min(depth - 1, width // 9) * 3
        lead = Span(" " * indent + "└─▶ ", Tone.DIM) if depth else Span("")
        room = width - width_of([lead, box.title])
        notes = box.notes if width_of(box.notes) < room else box.notes[:1] if room > 1 else ()
        lines.append(fit((lead, Span(box.title.text, box.title.tone, shrinks=True)), notes, width))
    if is_loop and len(boxes) > 1:
        lines.append((Span(cut(f"↺ and again from {boxes[0].title.text}", width), Tone.BROKEN),))
    return lines


def _sentence(words: str) -> str:
    """Begin with a capital, unless with the name of a file."""
    return words[0].upper() + words[1:] if words.split(maxsplit=1)[0].isalpha() else words


def _said(text: str, tone: Tone, width: int) -> list[Line]:
    return [(Span(line, tone),) for line in wrap(span(mask(text)).text, width)]


def _dependants(snapshot: Snapshot, report: ProfileReport, now: datetime, width: int) -> list[Line]:
    names = snapshot.dependants.get(report.name, ())
    if not names:
        return []
    lines: list[Line] = [(), (Span(cut("Used by", width), Tone.DIM),)]
    for index, name in enumerate(names[:SHOWN_DEPENDANTS]):
        other = snapshot.profiles[name]
        expiry = other.expiry.as_of(now)
        is_end = index == len(names) - 1
        state = wording.state_of(other, now)
        right = (wording.glyph(expiry), span(f" {state}" if state else ""))
        lines.append(fit((Span("└─▶ " if is_end else "├─▶ ", Tone.DIM), shrinking(name)), right, width))
    if len(names) > SHOWN_DEPENDANTS:
        lines.append((Span(f"    and {len(names) - SHOWN_DEPENDANTS} more", Tone.DIM),))
    return lines
