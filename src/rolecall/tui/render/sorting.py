"""The order in which the tree lists profiles: that of the files, or by name, state, end or account."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from rolecall.aws.expiry import Expiry, State
from rolecall.aws.snapshot import Snapshot
from rolecall.messages.accounts import account_text
from rolecall.tui.render.tree import BROKEN, STRAYS, Node, flatten
from rolecall.values import dataclass

Key = tuple[float, float, str]
"""What a node is sorted by, among those beside it."""


class Sort(StrEnum):
    """What the profiles are sorted by."""

    FILES = "files"
    NAME = "name"
    STATE = "state"
    END = "end"
    ACCOUNT = "account"


_WORDS = {
    Sort.FILES: ("as in the files", "last of the files first"),
    Sort.NAME: ("name a to z", "name z to a"),
    Sort.STATE: ("worst first", "best first"),
    Sort.END: ("soonest end first", "latest end first"),
    Sort.ACCOUNT: ("account a to z", "account z to a"),
}
_WORST_FIRST = (
    State.BROKEN,
    State.EXPIRED,
    State.RENEWING,
    State.UNKNOWN,
    State.IDLE,
    State.RENEWABLE,
    State.VALID,
    State.PERMANENT,
)


@dataclass(frozen=True, slots=True)
class Order:
    """An order of the tree.

    Attributes:
        sort: what it is by.
        is_reversed: whether it is the other way.
    """

    sort: Sort = Sort.FILES
    is_reversed: bool = False

    @property
    def next(self) -> "Order":
        """By the next thing, in its own direction; the first comes after the last."""
        everyone = list(Sort)
        return Order(everyone[(everyone.index(self.sort) + 1) % len(everyone)])

    @property
    def other_way(self) -> "Order":
        """By the same, the other way."""
        return replace(self, is_reversed=not self.is_reversed)

    @property
    def words(self) -> str:
        """How it is called in the title."""
        return _WORDS[self.sort][self.is_reversed]

    def arrow(self, *, has_glyphs: bool = True) -> str:
        """Return which way it goes, for a heading; nothing for the order of the files themselves.

        Args:
            has_glyphs: whether it may be drawn as a glyph. In ASCII a triangle is the letter of an error.
        """
        if self == Order():
            return ""
        return ("▲▼" if has_glyphs else "^v")[self.is_reversed]


def arrange(roots: list[Node], order: Order, snapshot: Snapshot, now: datetime) -> None:
    """Sort a tree in place; whatever is under a node stays there.

    By states and by ends a node stands where the worst, or the next to end, under it belongs. What has
    nothing to sort by comes last both ways, and so do the groups of what is broken, or no profile.
    """
    if order == Order():
        return
    everyone = [line.node for line in flatten(roots, set())]
    keys = _keys(everyone, order, _KEYS[order.sort], Moment(snapshot, now))
    for siblings in (roots, *(node.children for node in everyone)):
        placed = [node for node in siblings if node.key in keys]
        rest = [node for node in siblings if node.key not in keys]
        siblings[:] = sorted(placed, key=lambda node: keys[node.key], reverse=order.is_reversed) + rest


@dataclass(frozen=True, slots=True)
class Moment:
    """What is sorted, and when: states change with time."""

    snapshot: Snapshot
    now: datetime

    def expiry_of(self, node: Node) -> Expiry | None:
        """Return the expiry of a profile, or of a heading's session."""
        expiry = node.report.expiry if node.report is not None else node.expiry
        return expiry.as_of(self.now) if expiry is not None else None


def _keys(
    everyone: list[Node], order: Order, own_key: Callable[[Node, Moment], Key | None], moment: Moment
) -> dict[str, Key]:
    """Return what each node is sorted by, by its key; a node comes before those under it."""
    keys: dict[str, Key] = {}
    for number, node in reversed([*enumerate(everyone)]):
        if node.key == STRAYS or (node.key == BROKEN and order.sort is not Sort.STATE):
            continue
        if order.sort is Sort.FILES:
            keys[node.key] = (number, 0.0, "")
            continue
        own = own_key(node, moment)
        found = [own] if own is not None else []
        if not found or order.sort in (Sort.STATE, Sort.END):
            found += [keys[child.key] for child in node.children if child.key in keys]
        if found:
            keys[node.key] = max(found) if order.is_reversed else min(found)
    return keys


def _by_name(node: Node, _: Moment) -> Key:
    return (0.0, 0.0, node.title.casefold())


def _by_state(node: Node, moment: Moment) -> Key | None:
    expiry = moment.expiry_of(node)
    if expiry is None:
        return None
    return (_WORST_FIRST.index(expiry.shown), 0.0, "")


def _by_end(node: Node, moment: Moment) -> Key | None:
    """As in the expiry pane: what is still to end, the next first, then what has ended, the latest first."""
    expiry = moment.expiry_of(node)
    left = expiry.left(moment.now) if expiry is not None else None
    if left is None:
        return None
    seconds = left.total_seconds()
    return (float(seconds <= 0), abs(seconds), "")


def _by_account(node: Node, moment: Moment) -> Key | None:
    account = node.report.account if node.report is not None else None
    return (0.0, 0.0, account_text(account, moment.snapshot.accounts).casefold()) if account else None


_KEYS: dict[Sort, Callable[[Node, Moment], Key | None]] = {
    Sort.FILES: _by_name,
    Sort.NAME: _by_name,
    Sort.STATE: _by_state,
    Sort.END: _by_end,
    Sort.ACCOUNT: _by_account,
}
