"""The first frame: what Textual will draw first, written to the terminal while Textual is not there yet.

It is made of the same lines (``render``) in the same places, so that nothing moves when Textual takes over.
Where that is not certain (few colours, a theme of others, a small window) it is left out.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from rolecall.app_options import Characters, Options
from rolecall.aws.snapshot import Snapshot
from rolecall.tui import colors
from rolecall.tui.render import columns
from rolecall.tui.render.flags import Flags, ListContext
from rolecall.tui.render.lines import Line, Span, names_of
from rolecall.tui.render.status_bar import Counts, top_line
from rolecall.tui.render.tree import Grouping, flatten, outline, waiting_groups
from rolecall.tui.tones import TONE_STYLES

_LEAST = (60, 18)
"""Columns and lines below which the layout is another one."""
_BESIDE = 2
"""Cells at each side of a line in the tree: the border and a blank."""
_OVERRIDES = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
_TRUE_COLOR = ("truecolor", "24bit")
_DULL = ("", "dumb", "unknown", "linux")
_UNKNOWN = frozenset(("grouping", "sort", "reversed"))
"""What may be remembered of the tree and makes another frame."""
_EIGHTHS = " ▇▆▅▄▃▂▁"


def room(environ: Mapping[str, str], options: Options) -> tuple[int, int] | None:
    """Return the columns and lines of the terminal; None where it is not certain what Textual will draw."""
    if sys.platform == "win32" or options.characters is not Characters.ALL:
        return None
    if any(name in _OVERRIDES or name.startswith("TEXTUAL_") for name in environ):
        return None
    if environ.get("COLORTERM", "").lower() not in _TRUE_COLOR or environ.get("TERM", "") in _DULL:
        return None
    drawn_on = 2 if options.emits is not None else 1
    if not all(os.isatty(number) for number in (0, 2, drawn_on)):
        return None
    width, height = os.get_terminal_size(drawn_on)
    return (width, height) if width >= _LEAST[0] and height >= _LEAST[1] else None


def frame(
    snapshot: Snapshot, now: datetime, remembered: Mapping[str, object], size: tuple[int, int]
) -> str | None:
    """Return the first frame for a terminal of a size; None where it is not certain how it will look."""
    palette = colors.DRAWN.get(str(remembered.get("theme", "rolecall-dark")))
    if palette is None or not snapshot.profiles or not _UNKNOWN.isdisjoint(remembered):
        return None
    counts = Counts.of(snapshot, now, Flags())
    top = (Span(" "), *top_line(snapshot, now, counts, size[0] - 2), Span(" "))
    rows = [_spans(top, palette, "panel"), *_tree(snapshot, now, remembered, palette, size)]
    return "".join(f"\x1b[{number};1H{row}\x1b[0m" for number, row in enumerate(rows, start=1))


def _tree(
    snapshot: Snapshot,
    now: datetime,
    remembered: Mapping[str, object],
    palette: colors.Colors,
    size: tuple[int, int],
) -> Iterator[str]:
    """Yield the lines of the tree in its frame, which has the focus."""
    roots = outline(snapshot, Grouping.SOURCE)
    folded, unfolded = (_texts(remembered.get(name)) for name in ("folded", "unfolded"))
    lines = flatten(roots, folded | (waiting_groups(roots, Flags(), now) - unfolded))
    every = flatten(roots, set())
    context = ListContext(
        now, Flags(), names_of(line.node.title for line in every), accounts=snapshot.accounts
    )
    is_table = columns.has_table(*size)
    needs = columns.TableNeeds.of(snapshot) if is_table else columns.TableNeeds()
    names = columns.names_need(every)
    table = columns.table_columns(replace(needs, profile=names), columns.ANY_WIDTH)
    needed = columns.width_of_table(table) if is_table else columns.width_of_tree(names)
    width = columns.share(*size, needed)[1] or size[0]
    height = size[1] - 3
    has_bar = len(lines) + is_table > height
    inner = width - 2 * _BESIDE - has_bar
    cursor = next((i for i, line in enumerate(lines) if line.node.key == remembered.get("cursor")), 0)
    first = max(cursor - (height - is_table) + 1, 0)
    need = columns.names_need(lines)
    shared = (
        columns.table_columns(replace(needs, profile=need), inner)
        if is_table
        else columns.tree_columns(need, inner)
    )
    lay_out = columns.table_line if is_table else columns.tree_line
    drawn = [_spans(columns.table_heading(shared, inner, {}), palette)] if is_table else []
    for index, line in enumerate(lines[first : first + height - is_table], start=first):
        drawn.append(_spans(lay_out(line, inner, shared, context), palette, is_cursor=index == cursor))
    drawn += [_style(palette) + " " * inner] * (height - len(drawn))
    edge, blank = _style(palette, "accent"), _style(palette)
    bar = _bar(palette, height, len(lines) + is_table, first) if has_bar else [""] * height
    rest = blank + " " * (size[0] - width)
    title = "─ 1 Profiles "
    yield f"{edge}╭{title}{'─' * (width - 2 - len(title))}╮{rest}"
    for text, end in zip(drawn, bar, strict=True):
        yield f"{edge}│{blank} {text}{end}{blank} {edge}│{rest}"
    yield f"{edge}╰{'─' * (width - 2)}╯{rest}"


def _texts(found: object) -> set[str]:
    return {each for each in found if isinstance(each, str)} if isinstance(found, list) else set()


def _bar(palette: colors.Colors, height: int, lines: int, first: int) -> list[str]:
    """Return the scrollbar's cells, as Textual's ``ScrollBarRender`` draws them: in eighths of a line."""
    thumb = max(1, height / (lines / height))
    start = int((height - thumb) * first / (lines - height) * 8)
    (top, above), (end, below) = divmod(start, 8), divmod(start - int(-thumb * 8 // 1), 8)
    back, bar = _style(palette, "scrollbar", "scrollbar-background"), _style(palette, ground="scrollbar")
    cells = [f"{bar if top <= y < end else back} " for y in range(height)]
    if top < height and above:
        cells[top] = back + _EIGHTHS[above]
    if end < height and below:
        cells[end] = _style(palette, "scrollbar-background", "scrollbar") + _EIGHTHS[below]
    return cells


def _spans(line: Line, palette: colors.Colors, ground: str = "background", *, is_cursor: bool = False) -> str:
    return "".join(_span(each, palette, ground, is_cursor=is_cursor) for each in line)


def _span(each: Span, palette: colors.Colors, ground: str, *, is_cursor: bool) -> str:
    if is_cursor:
        return _style(palette, "block-cursor-foreground", "block-cursor-background", "1;") + each.text
    *bold, color = TONE_STYLES[each.tone].split()
    return _style(palette, color.removeprefix("$"), ground, "1;" if bold else "") + each.text


def _style(
    palette: colors.Colors, color: str = "foreground", ground: str = "background", more: str = ""
) -> str:
    parts = (
        f"{kind};2;{';'.join(map(str, bytes.fromhex(palette[name][1:])))}"
        for kind, name in ((38, color), (48, ground))
    )
    return f"\x1b[0;{more}{';'.join(parts)}m"
