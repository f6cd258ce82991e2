"""The columns of the tree of profiles, and its lines in them: a name and a state, or a whole table."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from rolecall.aws.expiry import Expiry, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import cell_width, cut_middle, pad
from rolecall.messages.accounts import account_text
from rolecall.text import inert, several
from rolecall.tui.render import labels
from rolecall.tui.render.flags import FLAG_WIDTH, ListContext, beside, column
from rolecall.tui.render.lines import Line, Span, fit, name_span, span, width_of
from rolecall.tui.render.tree import BROKEN, PORTAL_NOTE, SESSION_NOTE, Node, TreeLine, awaited, node_flag
from rolecall.tui.tones import Tone, state_tone
from rolecall.values import dataclass

STATE_WIDTH, LEAST_STATE = 14, 9
"""Cells for a glyph, a space and a word or a time; and those without which no time fits."""
VIA_WIDTH = 12
ROOM_FOR_STATE = 26
"""Cells from which on flags and states have a column in the tree; in less, names need the room."""
ROOM_FOR_VIA = 50
"""Cells from which on the kind has a column in the tree."""


GAP = 2
"""Cells between the columns of the table."""
LEFT_WIDTH = 8
NOTHING = "–"  # noqa: RUF001 - a dash, as in any table


class Column(StrEnum):
    """The columns, by their headings, from left to right."""

    PROFILE = "PROFILE"
    VIA = "VIA"
    ACCOUNT = "ACCOUNT"
    ROLE = "ROLE / SET"
    REGION = "REGION"
    MFA = "MFA"
    STATE = "STATE"
    LEFT = "LEFT"


PANES_FROM, TABLE_FROM, VAST = 120, 160, 240
"""Columns from which on all panes are beside the tree, it is a table, and they always have two columns."""
LOW, HIGH = 24, 50
"""Lines below which one column is too low for all panes, and from which on it is high enough for them."""
LEAST_HEIGHT = 8
"""Lines below which a heading would take the place of the profiles."""
LEAST_TREE, LEAST_PANE = 44, 38
"""Columns that the tree, and a pane beside it, have at the least."""
PANE_WIDTH = 42
"""Columns that a pane beside the table has at the least."""
FRAME_WIDTH = 5
"""Columns of the table's frame, its padding and its scrollbar."""
ANY_WIDTH = 1000
"""More cells than any table needs."""


def has_table(width: int, height: int) -> bool:
    """Whether a screen has room for the table."""
    return width >= TABLE_FROM and height >= LEAST_HEIGHT


def share(width: int, height: int, needed: int) -> tuple[int, int | None]:
    """Return how many columns of panes a screen has, and the width of the tree beside them.

    The table takes what it needs, and the panes the rest. A tree takes what its names need, and no more: the
    panes have names, too. Without panes beside it, it has all of the width (None).

    Args:
        width: of the screen, in cells.
        height: of the screen.
        needed: how many cells the table, or else the tree, needs for its contents.
    """
    needed += FRAME_WIDTH
    if not has_table(width, height):
        columns = 2 if width >= PANES_FROM else 0
        return columns, min(max(needed, LEAST_TREE), width - columns * LEAST_PANE) if columns else None
    needed = max(needed, TABLE_FROM // 2)
    if height >= HIGH:
        columns = 1 if width < VAST else 2
    else:
        columns = 2 if needed + 2 * PANE_WIDTH <= width or height < LOW else 1
    return columns, min(needed, width - columns * PANE_WIDTH)


_BY_WORTH = (Column.ACCOUNT, Column.VIA, Column.ROLE, Column.REGION, Column.MFA)
"""What stands beside the names and the states, as far as there is room: the most useful first."""
_BRIEF = 12
"""Cells to which an account and a role may be cut, before other columns are left out."""
Columns = Mapping[Column, int]
"""How wide each column is, in cells; what is left out is missing."""


@dataclass(frozen=True, slots=True)
class TableNeeds:
    """How many cells the contents of the table need."""

    profile: int = 0
    via: int = 0
    account: int = 0
    role: int = 0
    region: int = 0

    @classmethod
    def of(cls, snapshot: Snapshot) -> "TableNeeds":
        """Measure all but the names, which are measured with what stands before them."""
        via = account = role = region = 0
        for report in snapshot.profiles.values():
            via = max(via, cell_width(labels.KINDS[report.kind]))
            account = max(account, cell_width(account_text(report.account, snapshot.accounts)))
            role = max(role, cell_width(labels.role_of(report)))
            region = max(region, cell_width(report.region or ""))
        return cls(via=via, account=account, role=role, region=region)


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


def table_columns(needs: TableNeeds, width: int) -> Columns:
    """Return the columns of the table: the names first, then as many others as there is room for.

    Without room for a column of its own the time that is left takes the place of the state's word.
    """
    contents = {
        Column.VIA: needs.via,
        Column.ACCOUNT: needs.account,
        Column.ROLE: needs.role,
        Column.REGION: needs.region,
    }
    full = {each: max(contents.get(each, 0), len(each)) for each in _BY_WORTH}
    widths = {Column.PROFILE: max(needs.profile, len(Column.PROFILE) + 2), Column.STATE: LEAST_STATE}
    for each in _BY_WORTH:
        least = min(full[each], _BRIEF)
        if width_of_table(widths) + GAP + least <= width:
            widths[each] = least
    for each in (Column.REGION, Column.ROLE, Column.ACCOUNT):
        if each in widths:
            widths[each] = min(full[each], widths[each] + width - width_of_table(widths))
    spare = width - width_of_table(widths)
    if spare >= STATE_WIDTH - LEAST_STATE + GAP + LEFT_WIDTH:
        widths |= {Column.STATE: STATE_WIDTH, Column.LEFT: LEFT_WIDTH}
    else:
        least = len(Column.STATE)  # the names need the room for the times, too
        widths[Column.STATE] = min(max(LEAST_STATE + spare, least), STATE_WIDTH)
    widths[Column.PROFILE] = max(widths[Column.PROFILE] + min(width - width_of_table(widths), 0), 1)
    return {each: widths[each] for each in Column if each in widths}


def width_of_table(columns: Columns) -> int:
    """Return how many cells the columns of a table take, with the flags behind them."""
    return sum(columns.values()) + GAP * (len(columns) - 1) + 1 + FLAG_WIDTH


def width_of_tree(names: int) -> int:
    """Return how many cells the tree takes with its words whole, where its names need so many."""
    return names + STATE_WIDTH + FLAG_WIDTH + 1


def table_heading(columns: Columns, width: int, sorted_by: Mapping[Column, str]) -> Line:
    """Return the line above the table; an arrow is beside what it is sorted by."""
    spans: list[Span] = []
    for each, room in columns.items():
        text = f"{each} {sorted_by[each]}" if each in sorted_by else str(each)
        lead = "  " if each is Column.PROFILE else ""
        text = text.rjust(room) if each is Column.LEFT else pad(lead + text, room)
        spans += [Span(text, Tone.ACCENT if each in sorted_by else Tone.DIM), Span(" " * GAP)]
    return fit(spans[:-1], (), width)


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


def table_line(item: TreeLine, width: int, columns: Columns, context: ListContext) -> Line:
    """Lay out a node as a row of the table."""
    node = item.node
    if not _has_state(node):
        return _note_line(item, width, columns, context)
    spans: list[Span] = []
    for each, room in columns.items():
        spans += [*_cell(each, item, room, columns, context), Span(" " * GAP)]
    flag = beside(node_flag(context.flags, node), gap="")
    return fit((*spans[:-1], Span(" "), *flag), (), width)


def _cell(each: Column, item: TreeLine, room: int, columns: Columns, context: ListContext) -> Line:
    node = item.node
    if each is Column.PROFILE:
        return fit(_name(item, room, context, in_table=True), (), room)
    if each is Column.STATE and Column.LEFT in columns:
        glyph, words, tone = _said(node, context, room - 2, labels.state_word)
        return (glyph, span(f" {pad(words, room - 2)}", tone))
    if each is Column.STATE:
        return tuple(_state(node, room - 2, context))
    if each is Column.LEFT:
        expiry = _expiry(node, context.now)
        left = labels.time_of(expiry, context.now)
        return (span((left or NOTHING).rjust(room), _tone(node, expiry) if left else Tone.DIM),)
    text = inert(_text(each, node, context))
    return (Span(pad(cut_middle(text or NOTHING, room), room), _text_tone(node, text, context)),)


def _text_tone(node: Node, text: str, context: ListContext) -> Tone:
    """What waits for something is dimmed, and so is what is no profile."""
    is_dim = not text or node.report is None or awaited(node.report, context.flags, context.now)
    return Tone.DIM if is_dim else Tone.PLAIN


def _text(each: Column, node: Node, context: ListContext) -> str:
    report = node.report
    if each is Column.VIA:
        return _via(node)
    if report is None:
        return several(sum(1 for _ in node.profiles), "profile") if each is Column.ACCOUNT else ""
    match each:
        case Column.ACCOUNT:
            return account_text(report.account, context.accounts)
        case Column.ROLE:
            return labels.role_of(report)
        case Column.REGION:
            return report.region or ""
        case _:
            return "✓" if report.asks_mfa else ""


def _via(node: Node) -> str:
    return labels.KINDS[node.report.kind] if node.report is not None else "SSO"


def _name(item: TreeLine, width: int, context: ListContext, *, in_table: bool = False) -> list[Span]:
    node = item.node
    fold = ("▾ " if item.is_expanded else "▸ ") if node.children else "  "
    # deep in a long chain the indentation stops growing, so that the name stays to be seen
    lead = Span("  " * min(item.depth, max(width // 8, 1)) + fold, Tone.DIM)
    if node.report is None:
        counts = node.expiry and not item.is_expanded and not in_table
        count = f" {sum(1 for _ in node.profiles)}" if counts else ""
        is_brief = in_table or cell_width(lead.text + node.title + count) > width
        title = f"! {node.title}" if node.key == BROKEN else _brief(node) if is_brief else node.title
        is_cause = not node.note and node_flag(context.flags, node) is not None
        name = name_span(title, context.names, Tone.PLAIN if is_cause else Tone.DIM)
        return [lead, name, Span(count, Tone.DIM)] if count else [lead, name]
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
    return Tone.DIM if expiry.shown is State.IDLE else state_tone(expiry.shown)


def _state(node: Node, room: int | None, context: ListContext) -> list[Span]:
    """Return a glyph, and a time or a word, which is left out where there is no room for all of it."""
    glyph, words, tone = _said(node, context, room or STATE_WIDTH, _in_one)
    if room is not None:
        words = (words if cell_width(words) <= room else "").rjust(room)
    return [glyph, span(f" {words}" if words else "", tone)]


def _in_one(expiry: Expiry, report: ProfileReport | None, now: datetime) -> str:
    """Return the time that is left, or a word where there is none."""
    return labels.state_of(report, now) if report is not None else labels.brief_time_left(expiry, now)


def _said(
    node: Node,
    context: ListContext,
    room: int,
    words: Callable[[Expiry, ProfileReport | None, datetime], str],
) -> tuple[Span, str, Tone]:
    """Return a node's glyph, its state in words, and their tone; what waits says what for."""
    expiry, report = _expiry(node, context.now), node.report
    wait = awaited(report, context.flags, context.now) if report is not None else None
    waiting = labels.waiting(expiry) if wait is not None else None
    if wait is None or waiting is None:
        said = words(expiry, report, context.now)
        if expiry.state is State.BROKEN and cell_width(said) > room:
            said = str(State.BROKEN)  # why has no room: that it is has some
        return labels.glyph(expiry), said, _tone(node, expiry)
    return waiting, cut_middle(wait, room), waiting.tone
