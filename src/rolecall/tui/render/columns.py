"""The columns of the tree of profiles, and its lines in them: a name and a state, or a whole table."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from rolecall.aws.expiry import Expiry, State
from rolecall.cells import cell_width, cut_middle, pad
from rolecall.tui.render import labels
from rolecall.tui.render.flags import ListContext, beside, column
from rolecall.tui.render.lines import Line, Span, fit, name_span, span, width_of
from rolecall.tui.render.tree import BROKEN, PORTAL_NOTE, SESSION_NOTE, Node, TreeLine, awaited, node_flag
from rolecall.tui.tones import Tone, state_tone

_DEAD = frozenset((State.IDLE, State.EXPIRED, State.BROKEN))
"""States of what does not work as long as it waits for something."""
STATE_WIDTH, LEAST_STATE = 14, 9
"""Cells for a glyph, a space and a word or a time; and those without which no time fits."""
FLAG_WIDTH = 2
VIA_WIDTH = 12
ROOM_FOR_STATE = 26
"""Cells from which on flags and states have a column in the tree; in less, names need the room."""
ROOM_FOR_VIA = 50
"""Cells from which on the kind has a column in the tree."""


class Column(StrEnum):
    """The columns, by their headings, from left to right."""

    PROFILE = "PROFILE"
    VIA = "VIA"
    STATE = "STATE"


Columns = Mapping[Column, int]
"""How wide each column is, in cells; what is left out is missing."""


def names_need(lines: Iterable[TreeLine]) -> int:
    """Return how many cells the names need, with what stands before them."""
    needs = (2 * line.depth + 2 + cell_width(_brief(line.node)) for line in lines if _has_state(line.node))
    return max(needs, default=0)


def _has_state(node: Node) -> bool:
    return node.report is not None or node.expiry is not None


def _brief(node: Node) -> str:
    """Return the title of a node without what it is, where there is no room for that, or a column."""
    return node.title.removesuffix(SESSION_NOTE).removesuffix(PORTAL_NOTE) if node.expiry else node.title


def tree_columns(names: int, width: int) -> Columns:
    """Return the columns of a tree whose names need so many cells: its words give way, then the kind."""
    if width < ROOM_FOR_STATE:
        return {Column.PROFILE: width}
    rest = width - FLAG_WIDTH - 1
    via = VIA_WIDTH + 1 if width >= ROOM_FOR_VIA and names + LEAST_STATE + VIA_WIDTH + 1 <= rest else 0
    state = min(max(rest - via - names, LEAST_STATE), STATE_WIDTH)
    found = {Column.PROFILE: rest - via - state, Column.STATE: state}
    return found | {Column.VIA: via} if via else found


def tree_line(item: TreeLine, width: int, columns: Columns, context: ListContext) -> Line:
    """Lay out a node of the tree: its fold, its name, its kind where there is room, its state."""
    node = item.node
    if not _has_state(node):
        return _note_line(item, width, columns, context)
    if Column.STATE not in columns:
        title, state = _name(item, width, context), _state(node, None, context)
        return fit(title, state if width_of(title) + width_of(state) < width else state[:1], width)
    name = fit(_name(item, columns[Column.PROFILE], context), (), columns[Column.PROFILE])
    via = [Span(" " + pad(_via(node), columns[Column.VIA] - 1), Tone.DIM)] if Column.VIA in columns else []
    flag = column(node_flag(context.flags, node))
    return (*name, *via, Span(" "), flag, *_state(node, columns[Column.STATE] - 2, context))


def _via(node: Node) -> str:
    return labels.KINDS[node.report.kind] if node.report is not None else "SSO"


def _name(item: TreeLine, width: int, context: ListContext) -> list[Span]:
    node = item.node
    fold = ("▾ " if item.is_expanded else "▸ ") if node.children else "  "
    # deep in a long chain the indentation stops growing, so that the name stays to be seen
    lead = Span("  " * min(item.depth, max(width // 8, 1)) + fold, Tone.DIM)
    if node.report is None:
        is_brief = cell_width(lead.text + node.title) > width
        title = f"! {node.title}" if node.key == BROKEN else _brief(node) if is_brief else node.title
        is_cause = not node.note and node_flag(context.flags, node) is not None
        many = (
            [Span(f" {sum(1 for _ in node.profiles)}", Tone.DIM)]
            if node.expiry and not item.is_expanded
            else []
        )
        return [lead, name_span(title, context.names, Tone.PLAIN if is_cause else Tone.DIM), *many]
    marked = node.report.name in context.marks
    tick = [Span("✓ ", Tone.ACCENT)] if marked else []
    waits = awaited(node.report, context.flags, context.now)
    tone = Tone.ACCENT if marked else Tone.DIM if waits else Tone.PLAIN
    return [lead, *tick, name_span(node.report.name, context.names, tone)]


def _note_line(item: TreeLine, width: int, columns: Columns, context: ListContext) -> Line:
    """Lay out a heading that has no state: a note about it, or how many are under it."""
    node = item.node
    if not node.note:
        count = Span(str(len(node.children) or ""), Tone.DIM)
        right: tuple[Span, ...] = (*beside(node_flag(context.flags, node)), count)
    else:
        flag = beside(node_flag(context.flags, node)) if Column.STATE in columns else ()
        right = (*flag, Span(node.note, Tone.DIM))
    return fit(_name(item, width, context), right, width)


def _expiry(node: Node, now: datetime) -> Expiry:
    expiry = node.report.expiry if node.report is not None else node.expiry
    return (expiry or Expiry(State.UNKNOWN)).as_of(now)


def _tone(node: Node, expiry: Expiry) -> Tone:
    if node.report is None:
        return labels.glyph(expiry).tone if labels.needs_login(expiry) else Tone.DIM
    return Tone.DIM if expiry.state is State.IDLE else state_tone(expiry.state)


def _state(node: Node, room: int | None, context: ListContext) -> list[Span]:
    """Return a glyph, and a time or a word, which is left out where there is no room for all of it."""
    expiry = _expiry(node, context.now)
    report = node.report
    wait = awaited(report, context.flags, context.now) if report is not None else None
    glyph, tone = labels.glyph(expiry), _tone(node, expiry)
    if wait is not None and expiry.state in _DEAD:
        text = State.EXPIRED.glyph if expiry.state is State.IDLE else glyph.text
        glyph, tone, words = Span(text, Tone.DIM), Tone.DIM, cut_middle(wait, room or STATE_WIDTH)
    elif report is not None:
        words = labels.state_of(report, context.now)
    else:
        words = labels.brief_time_left(expiry, context.now)
    if room is not None:
        words = (words if cell_width(words) <= room else "").rjust(room)
    return [glyph, span(f" {words}" if words else "", tone)]
