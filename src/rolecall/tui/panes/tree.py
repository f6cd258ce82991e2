"""The profiles, each under the source of its credentials."""

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from rolecall.aws.expiry import Expiry
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.text import mask, mask_header
from rolecall.tui.memory import Values
from rolecall.tui.render.columns import (
    ANY_WIDTH,
    Column,
    TableNeeds,
    names_need,
    table_columns,
    table_heading,
    table_line,
    tree_columns,
    tree_line,
    width_of_table,
    width_of_tree,
)
from rolecall.tui.render.flags import Flag, Flags, ListContext
from rolecall.tui.render.lines import Line, names_of
from rolecall.tui.render.sorting import Order, Sort, arrange
from rolecall.tui.render.tree import (
    Grouping,
    Node,
    TreeLine,
    flatten,
    node_flag,
    outline,
    waiting_groups,
    walk,
)
from rolecall.tui.theme import as_title
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.list_view import TimedRows

if TYPE_CHECKING:
    from rolecall.profile_filter import Query
    from rolecall.tui.render.filtering import Haystack, Rank

MOST_FOLDS = 1000
"""Folds that are remembered."""
SORTED_COLUMNS = {
    Sort.FILES: Column.PROFILE,
    Sort.NAME: Column.PROFILE,
    Sort.STATE: Column.STATE,
    Sort.END: Column.LEFT,
    Sort.ACCOUNT: Column.ACCOUNT,
}
MARK_WIDTH = 2


class ProfileTree(TimedRows[TreeLine]):
    """The tree of profiles; its cursor is what the other panes follow."""

    BORDER_TITLE = "1 Profiles"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left,h",
            "fold",
            "Fold",
            show=False,
            id="tree.fold",
            tooltip="Fold, or go to the parent",
            priority=True,
        ),
        Binding(
            "right,l",
            "unfold",
            "Unfold",
            show=False,
            id="tree.unfold",
            tooltip="Unfold, or go in",
            priority=True,
        ),
    ]

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(now, id=id)
        self.grouping = Grouping.SOURCE
        self.order = Order()
        self.words = ""
        self.marks: set[str] = set()
        self._collapsed: set[str] = set()
        """What the user has folded."""
        self._opened: set[str] = set()
        """What the user has unfolded: it does not fold by itself any more."""
        self._waiting: set[str] = set()
        """The groups in which everything waits for one thing; they fold by themselves."""
        self._snapshot: Snapshot | None = None
        self._is_stale = False
        self._query: Query | None = None
        self._hits: Mapping[str, Rank] = {}
        self._haystack: Haystack | None = None
        self._every: list[Node] = []
        """The whole tree, of which a filter leaves ``_roots``."""
        self._roots: list[Node] = []
        self._measured: tuple[list[Node] | None, int] = None, 0
        self._names = names_of(())
        self._need = 0
        self._left_at: str | None = None
        self._others: TableNeeds | None = None
        self._is_table = False
        self.points_at_something = True
        self.has_glyphs = True
        """Whether the terminal has glyphs; where it has none, the app sends ASCII in place of most."""

    def key_of(self, item: TreeLine) -> Hashable:
        """A node keeps its key over rereads."""
        return item.node.key

    @property
    def profile(self) -> ProfileReport | None:
        """The profile under the cursor, or None on a heading."""
        return self.current.node.report if self.current is not None else None

    @property
    def remembered(self) -> Values:
        """How the tree is left, for ``recall``: only what is not as it is at first."""
        at = self.current.node.key if self.current is not None and self.cursor and not self.words else ""
        left: dict[str, object] = {
            "grouping": self.grouping if self.grouping is not Grouping.SOURCE else "",
            "sort": self.order.sort if self.order.sort is not Sort.FILES else "",
            "reversed": self.order.is_reversed,
            "folded": sorted(filter(_is_harmless, self._collapsed))[:MOST_FOLDS],
            "unfolded": sorted(filter(_is_harmless, self._opened))[:MOST_FOLDS],
            "cursor": at if _is_harmless(at) else "",
        }
        return {name: value for name, value in left.items() if value}

    def recall(self, values: Values) -> None:
        """Be as the tree was left; what makes no sense is as it is at first."""
        grouping, sort, cursor = (values.get(name) for name in ("grouping", "sort", "cursor"))
        if isinstance(grouping, str) and grouping in list(Grouping):
            self.grouping = Grouping(grouping)
        sort = Sort(sort) if isinstance(sort, str) and sort in list(Sort) else Sort.FILES
        self.order = Order(sort, is_reversed=values.get("reversed") is True)
        self._collapsed, self._opened = (_keys(values.get(name)) for name in ("folded", "unfolded"))
        self._left_at = cursor if isinstance(cursor, str) else None

    def on_resize(self) -> None:
        """Keep the cursor in view where it was put before there was a size."""
        super().on_resize()
        if not self.scroll_offset.y:
            self._keep_in_view()

    def present(self, snapshot: Snapshot) -> None:
        """Show another Snapshot; cursor, marks and folds stay."""
        self._snapshot, self._haystack, self._others = snapshot, None, None
        self.marks &= snapshot.profiles.keys()
        self._rebuild()
        self._fold_waiting()
        if self._left_at is not None and self.items:
            self.move_to(self._left_at)
            self._left_at = None

    def set_stale(self, *, is_stale: bool) -> None:
        """Dim every line, or none: what is shown is from before a file broke."""
        if self._is_stale != is_stale:
            self._is_stale = is_stale
            self.redraw_changed()

    def flag(self, flags: Flags) -> None:
        """Flag the lines, and fold what waits for one cause."""
        super().flag(flags)
        self._fold_waiting()

    def tick(self, *, has_turned: bool) -> None:
        """Redraw what says something else now; where a login has ended, all that waits for it is folded."""
        super().tick(has_turned=has_turned)
        if has_turned:
            self._fold_waiting()

    def _fold_waiting(self) -> None:
        """Fold the groups in which everything waits for one thing, unless the user has unfolded them."""
        if self.words:
            return  # what a filter has found is never folded
        before, self._waiting = self._waiting, waiting_groups(self._roots, self.flags, self.now)
        if before != self._waiting:
            self._refold()

    @property
    def _folded(self) -> set[str]:
        return self._collapsed | (self._waiting - self._opened)

    def _set_folded(self, *keys: str, is_folded: bool) -> None:
        """Fold or unfold as the user wants it; that holds until they want it otherwise."""
        change, undo = (self._collapsed, self._opened) if is_folded else (self._opened, self._collapsed)
        change.update(keys)
        undo.difference_update(keys)
        self._refold()

    def filter(self, words: str) -> None:
        """Show only what matches, with the way down to it; the cursor goes to what matches best."""
        self.words = words
        self._rebuild()
        self._fold_waiting()
        if not self._hits or self.current is None:
            return
        best = min(self._hits.values())
        if self._hits.get(self.current.node.key) != best:
            keys = (line.node.key for line in self.items)
            self.move_to(next(key for key in keys if self._hits.get(key) == best))

    def regroup(self, grouping: Grouping) -> None:
        """Put the profiles together in another way."""
        self.grouping = grouping
        self._rebuild()
        self._fold_waiting()

    def sort(self, order: Order) -> None:
        """List the profiles in another order, in every grouping."""
        self.order = order
        self._rebuild()

    def _rebuild(self) -> None:
        if self._snapshot is None:
            return
        roots = self._every = outline(self._snapshot, self.grouping)
        arrange(roots, self.order, self._snapshot, self.now)
        self._roots = self._found(roots)
        self._names = names_of(self._titles())
        self._refold()
        notes = [f"/{self.words}"] if self.words else []
        notes += [f"{len(self.marks)} marked"] if self.marks else []
        self.entitle(title=as_title(self._title()), subtitle=as_title(" · ".join(notes)))

    def _title(self) -> str:
        """Say how the profiles are grouped and sorted, where that is not as it is at first."""
        notes = []
        if self.grouping is not Grouping.SOURCE or self.order != Order():
            notes.append("flat" if self.grouping is Grouping.FLAT else f"by {self.grouping}")
        if self.order != Order():
            notes.append(f"{self.order.words} {self._arrow}")
        return " ─ ".join(filter(None, (self.BORDER_TITLE, ", ".join(notes))))

    def _found(self, roots: list[Node]) -> list[Node]:
        """Return what the filter leaves of the tree, and note what it has found there."""
        self._query, self._hits = None, {}
        if not self.words.strip() or self._snapshot is None:
            return roots
        from rolecall.profile_filter import Query  # noqa: PLC0415 - few sessions filter at once
        from rolecall.tui.render import filtering  # noqa: PLC0415

        query = Query.of(self.words)
        if query.is_empty:
            return roots
        if self._haystack is None:
            self._haystack = filtering.Haystack(self._snapshot, self.flags, self.now, _best)
        self._haystack.flags, self._haystack.now = self.flags, self.now
        self._query, self._hits = query, filtering.search(roots, query, self._haystack)
        return filtering.filtered(roots, self._hits)

    def _titles(self) -> Iterator[str]:
        """Yield every name in the tree, folded or not: not before one of them has to be cut."""
        yield from (line.node.title for line in flatten(self._roots, set()))

    def _refold(self) -> None:
        before = self.current
        lines = flatten(self._roots, self._folded if not self.words else set())
        self._need = names_need(lines)
        self.show(lines)
        if before is not None and self.current is not None and self.current.node.key != before.node.key:
            self._move_out_of_fold(before.node.key)

    def _move_out_of_fold(self, key: str) -> None:
        """Move the cursor to the group that has folded over its line."""
        path = next((path for node, path in walk(self._roots) if node.key == key), ())
        for above in reversed(path):
            if self.move_to(above.key):
                return

    def lay_out(self, item: TreeLine, width: int) -> Line:
        """Draw a node."""
        accounts = self._snapshot.accounts if self._snapshot is not None else {}
        context = ListContext(self.now, self.flags, self._names, self.marks, accounts)
        names = self._need + (MARK_WIDTH if self.marks else 0)
        if self._is_table:
            line = table_line(item, width, table_columns(self._table_needs(names), width), context)
        else:
            line = tree_line(item, width, tree_columns(names, width), context)
        if self._is_stale:
            return tuple(replace(each, tone=Tone.DIM) for each in line)
        if self._query is None or item.node.report is None:
            return line
        from rolecall.tui.render.filtering import highlighted  # noqa: PLC0415 - imported by now

        # the name comes after what is before it, and after its mark
        return highlighted(line, self._query, 2 if item.node.report.name in self.marks else 1, _best)

    def tabulate(self, *, is_table: bool) -> None:
        """Be a table with headings, or only names and states."""
        if is_table != self._is_table:
            self._is_table = is_table
            self.headings = int(is_table)
            self.on_resize()

    def heading(self, width: int) -> Line:
        """Name the columns of the table, and say by which it is sorted."""
        columns = table_columns(self._table_needs(self._need), width)
        by = SORTED_COLUMNS[self.order.sort]
        if by not in columns:  # the time that is left is then in the place of the state's word
            by = Column.STATE if by is Column.LEFT else Column.PROFILE
        return table_heading(columns, width, {by: self._arrow} if self._arrow else {})

    @property
    def _arrow(self) -> str:
        return self.order.arrow(has_glyphs=self.has_glyphs)

    @property
    def table_width(self) -> int:
        """How many cells the whole table would take, all its names unfolded."""
        return width_of_table(table_columns(self._table_needs(self._whole_need), ANY_WIDTH))

    @property
    def names_width(self) -> int:
        """How many cells the tree would take with all its names and words whole, all of it unfolded."""
        return width_of_tree(self._whole_need)

    @property
    def _whole_need(self) -> int:
        """The cells that the names need with all of the tree unfolded, worked out once for each tree."""
        roots, need = self._measured
        if roots is not self._roots:
            need = names_need(flatten(self._roots, set()))
            self._measured = self._roots, need
        return need

    def _table_needs(self, names: int) -> TableNeeds:
        if self._others is None and self._snapshot is not None:
            self._others = TableNeeds.of(self._snapshot)
        return replace(self._others or TableNeeds(), profile=names)

    def flag_of(self, item: TreeLine) -> Flag | None:
        """The flag of a profile, or of a section that is none."""
        return node_flag(self.flags, item.node)

    def expiry_of(self, item: TreeLine) -> Expiry | None:
        """Return the expiry of a profile's credentials, or of a heading's session."""
        report = item.node.report
        return report.expiry if report is not None else item.node.expiry

    def go_to_flagged(self, by: int) -> TreeLine | None:
        """Go on to the next flagged line also where it is folded away: that is unfolded."""
        lines = flatten(self._roots, set())
        keys = [line.node.key for line in lines]
        at = keys.index(self.current.node.key) if self.current is not None else 0
        for step in range(1, len(lines) + 1):
            index = (at + by * step) % len(lines)
            if self.flag_of(lines[index]) is not None:
                self._unfold_to(lines, index)
                self.move_to(keys[index])
                return self.current
        return None

    def _unfold_to(self, lines: list[TreeLine], index: int) -> None:
        """Unfold everything above a line."""
        depth, above = lines[index].depth, set()
        for line in reversed(lines[:index]):
            if line.depth < depth:
                depth = line.depth
                above.add(line.node.key)
        if above & self._folded:
            self._set_folded(*above, is_folded=False)

    def when_empty(self) -> str:
        """Say what of a filter matches nothing, and teach the way back from it."""
        if self._query is None or self._haystack is None:
            return ""
        from rolecall.tui.render.filtering import unmatched  # noqa: PLC0415 - imported by now

        return f"{unmatched(self._every, self.words, self._haystack)} esc clears the filter."

    def toggle_mark(self) -> None:
        """Mark the profile under the cursor, or take its mark away; then go on to the next line."""
        if self.profile is None:
            return
        self.marks ^= {self.profile.name}
        self._rebuild()
        self.cursor += 1

    def mark_shown(self, *, inverts: bool) -> None:
        """Mark all profiles that are shown, or exactly those that are not marked; with a filter, its hits."""
        shown = [line.node for line in self.items if line.node.report is not None]
        names = {node.title for node in shown if self._query is None or node.key in self._hits}
        self.marks = self.marks ^ names if inverts else self.marks | names
        self._rebuild()

    def clear_marks(self) -> None:
        """Remove all marks."""
        self.marks.clear()
        self._rebuild()

    def action_fold(self) -> None:
        """Fold what is under the cursor, or go to its parent."""
        item = self.current
        if item is None:
            return
        if item.node.children and item.is_expanded and not self.words:
            self._set_folded(item.node.key, is_folded=True)
            return
        above = (i for i in range(self.cursor - 1, -1, -1) if self.items[i].depth < item.depth)
        self.cursor = next(above, self.cursor)

    def toggle_fold(self) -> None:
        """Fold or unfold what is under the cursor."""
        if self.current is not None and self.current.node.children:
            self._set_folded(self.current.node.key, is_folded=self.current.is_expanded)

    def action_unfold(self) -> None:
        """Unfold what is under the cursor, or go in."""
        item = self.current
        if item is None or not item.node.children:
            return
        if item.is_expanded:
            self.cursor += 1
        else:
            self._set_folded(item.node.key, is_folded=False)

    def reveal(self, name: str) -> bool:
        """Move the cursor to a profile, unfolding what hides it; False where the filter hides it."""
        return self.go_to(f"profile:{name}")

    def go_to(self, key: str) -> bool:
        """Move the cursor to the line of a node, unfolding what hides it; False where the filter does."""
        if self.move_to(key):
            return True
        path = next((path for node, path in walk(self._roots) if node.key == key), ())
        self._set_folded(*(above.key for above in path), is_folded=False)
        return self.move_to(key)


def _keys(found: object) -> set[str]:
    return {key for key in found[:MOST_FOLDS] if isinstance(key, str)} if isinstance(found, list) else set()


def _is_harmless(key: str) -> bool:
    """Whether the key of a node may be written to a file: no secret was pasted where its name belongs."""
    return mask(key) == key == mask_header(key)


def _best(word: str, name: str) -> tuple[float, Collection[int]]:
    """Find the best way in which the letters of a word are in a name, as Textual's palette does."""
    from textual.fuzzy import FuzzySearch  # noqa: PLC0415 - few filters need it

    return FuzzySearch().match(word, name)
