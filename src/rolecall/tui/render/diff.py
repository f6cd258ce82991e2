"""The lines of a diff, laid out: what an edit would write, or what another program has written."""

from collections.abc import Callable, Iterator
from pathlib import Path

from rolecall.actions.plan import DiffLine, FileChange, Mark, Plan
from rolecall.cells import wrap
from rolecall.text import inert
from rolecall.tui.render.lines import Line, Span
from rolecall.tui.tones import Tone

TONES = {Mark.ADDED: Tone.GOOD, Mark.REMOVED: Tone.BAD, Mark.PLACE: Tone.ACCENT, Mark.SAME: Tone.DIM}
NOTHING = "Nothing to change: it is already as you want it."
_GUTTER = 2


def diff_lines(plan: Plan, width: int, display: Callable[[Path], str] = str) -> list[Line]:
    """Lay a Plan out to a width: first its remarks, then the diff of each file.

    Args:
        plan: what an edit would do; its lines are masked already.
        width: in cells.
        display: how a path is written.
    """
    laid = [line for remark in plan.remarks for line in _remark(remark, width)]
    if not plan.changes:
        return [*laid, *([()] if laid else []), *((Span(line),) for line in wrap(NOTHING, width))]
    for change in plan.changes:
        laid += [()] if laid else []
        laid += [(Span(line, Tone.STRONG),) for line in wrap(inert(_heading(change, display)), width)]
        laid += [line for each in change.diff for line in diff_line(each, width)]
    return laid


def _remark(words: str, width: int) -> Iterator[Line]:
    for index, line in enumerate(wrap(inert(words), max(width - _GUTTER, 1))):
        yield (Span("! " if index == 0 else "  ", Tone.WARN), Span(line, Tone.WARN))


def _heading(change: FileChange, display: Callable[[Path], str]) -> str:
    if change.before is None:
        return f"{display(change.path)}  (a new file)"
    return f"{display(change.path)}  (the file is deleted)" if change.after is None else display(change.path)


def diff_line(line: DiffLine, width: int) -> Iterator[Line]:
    """Yield a line of the diff with its mark; a long one continues below with the same indentation."""
    tone = TONES[line.mark]
    text = inert(line.text)
    indent = text[: len(text) - len(text.lstrip())]
    room = width - _GUTTER - len(indent)
    if room < width // 2:
        indent, room = "", max(width - _GUTTER, 1)
    gap = "" if line.mark is Mark.PLACE else " "  # a place reads "@@ -1,3 +1,4 @@", of which "@" is the mark
    for index, part in enumerate(wrap(text.lstrip(), room)):
        mark = f"{line.mark}{gap}" if index == 0 else " " * _GUTTER
        yield (Span(mark, tone), Span(indent + part, tone))
