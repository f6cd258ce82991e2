"""The screen for a home without profiles: where rolecall looked, and what to do."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rolecall.aws.config_file import FileStatus
from rolecall.aws.snapshot import Snapshot
from rolecall.text import several
from rolecall.tui.render.lines import Line, Span, span
from rolecall.tui.tones import Tone

if TYPE_CHECKING:
    from rolecall.actions.editing.diff import ShownLine


LAST_GOOD = "The profiles on the screen are as they were when the files could last be read."


def trouble(snapshot: Snapshot | None) -> str:
    """Return which file cannot be read, at which line, and why, in a line; empty where all can be."""
    if snapshot is None:
        return ""
    for file in snapshot.files:
        if file.status in (FileStatus.UNPARSEABLE, FileStatus.UNREADABLE):
            path = snapshot.host.display(str(file.path))
            place = f"{path}:{file.line}" if file.line is not None else path
            verb = "does not parse" if file.status is FileStatus.UNPARSEABLE else "cannot be read"
            return f"{place} {verb}: {file.error or file.status}"
    return ""


def first_run(snapshot: Snapshot, lines: "Sequence[ShownLine]" = ()) -> list[Line]:
    """Say why there is nothing, where rolecall looked, and what to do next.

    Args:
        snapshot: what was read.
        lines: those around where a file does not parse.
    """
    shown = [*_passage(lines), ()] if lines else []
    return [*_what(snapshot), (), *shown, *_where(snapshot), (), *_next(snapshot)]


def _passage(lines: "Sequence[ShownLine]") -> Iterator[Line]:
    digits = len(str(lines[-1].number))
    for each in lines:
        mark, tone = ("▶ ", Tone.BROKEN) if each.offends else ("  ", Tone.DIM)
        text = span(each.text, Tone.STRONG if each.offends else Tone.PLAIN)
        yield Span(f"{mark}{each.number:>{digits}}  ", tone), text


def _what(snapshot: Snapshot) -> list[Line]:
    broken = snapshot.merged.broken_file
    closed = [file for file in snapshot.files if file.status is FileStatus.UNREADABLE]
    if broken is None and closed:
        names = " and ".join(snapshot.host.display(str(file.path)) for file in closed)
        said = f"The profiles cannot be read: {names}."
        return [(span(said, Tone.BROKEN),), (Span("AWS tools find no profile until this is fixed."),)]
    if broken is None:
        return [(Span("No AWS profiles here yet.", Tone.STRONG),)]
    title = f"{snapshot.host.display(str(broken.path))} does not parse."
    words = "AWS tools refuse every profile with ConfigParseError until this is fixed."
    return [(span(title, Tone.BROKEN),), (Span(words),)]


def _where(snapshot: Snapshot) -> list[Line]:
    host = snapshot.host
    lines: list[Line] = [(Span("rolecall looked for", Tone.DIM),)]
    for file in snapshot.files:
        path = host.display(file.path) if file.path is not None else "nowhere"
        place = f"{path}:{file.line}" if file.line is not None else path
        is_trouble = file is snapshot.merged.broken_file or file.status is FileStatus.UNREADABLE
        tone = Tone.BROKEN if is_trouble else Tone.DIM
        lines.append((span(f"  {place}  "), span(file.error or str(file.status), tone)))
    counts = Counter(entry.path.parent for entry in snapshot.entries)
    for directory in snapshot.where.caches:
        many = counts[directory]
        words = several(many, "file") if many else "no files"
        lines.append((span(f"  {host.display(directory)}  "), Span(words, Tone.DIM)))
    return lines


def _next(snapshot: Snapshot) -> list[Line]:
    return [
        _first_step(snapshot),
        (
            Span("rolecall keeps watching: what "),
            Span("aws configure", Tone.ACCENT),
            Span(" writes elsewhere shows up here."),
        ),
        (
            Span("To look around first, "),
            Span("d", Tone.ACCENT),
            Span(" shows a made-up home, as "),
            Span("rolecall demo", Tone.ACCENT),
            Span(" does."),
        ),
    ]


def _first_step(snapshot: Snapshot) -> Line:
    if snapshot.merged.broken_file is not None:
        return _mending()
    if any(file.status is FileStatus.UNREADABLE for file in snapshot.files):
        return (Span("!", Tone.ACCENT), Span(" says what is wrong, and how to fix it."))
    return _adding()


def _mending() -> Line:
    return (
        Span("e", Tone.ACCENT),
        Span(" shows the line, "),
        Span("E", Tone.ACCENT),
        Span(" opens your editor there."),
    )


def _adding() -> Line:
    return (
        Span("+", Tone.ACCENT),
        Span(" adds a profile or an sso-session."),
    )
