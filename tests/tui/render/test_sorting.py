"""The order of the tree: by what it goes, in every grouping, and what has nothing to go by."""

from datetime import timedelta
from itertools import pairwise

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.tui.render.sorting import Order, Sort, arrange
from rolecall.tui.render.tree import STRAYS, Grouping, Node, flatten, outline
from tests.homes import soon
from tests.tui.worlds import NOW, World, keys, role

PAIR = (
    "aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARYcanary\naws_session_token = t\n"
)
BOTH_WAYS = pytest.mark.parametrize("is_reversed", [False, True])


def arranged(snapshot: Snapshot, sort: Sort, grouping: Grouping, *, is_reversed: bool = False) -> list[Node]:
    roots = outline(snapshot, grouping)
    arrange(roots, Order(sort, is_reversed), snapshot, NOW)
    return roots


def names(roots: list[Node]) -> list[str]:
    return [line.node.report.name for line in flatten(roots, set()) if line.node.report is not None]


@pytest.fixture
def ending(empty: World) -> Snapshot:
    """Profiles that end at different times, one that has ended, one that never ends."""

    def temporary(name: str, minutes: int) -> str:
        end = (NOW + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"[{name}]\n{PAIR}x_security_token_expires = {end}\n"

    minutes = {"late": 300, "soon": 20, "over": -30, "long-over": -300}
    return empty.write("", "".join(map(temporary, minutes, minutes.values())) + keys("base")).snapshot()


def test_without_an_order_it_is_that_of_the_files(demo_snapshot: Snapshot) -> None:
    assert names(arranged(demo_snapshot, Sort.FILES, Grouping.FLAT)) == list(demo_snapshot.profiles)
    back = names(arranged(demo_snapshot, Sort.FILES, Grouping.FLAT, is_reversed=True))
    assert back == list(demo_snapshot.profiles)[::-1]


def test_by_name(demo_snapshot: Snapshot) -> None:
    found = names(arranged(demo_snapshot, Sort.NAME, Grouping.FLAT))
    assert found == sorted(demo_snapshot.profiles, key=str.casefold)
    assert names(arranged(demo_snapshot, Sort.NAME, Grouping.FLAT, is_reversed=True)) == found[::-1]


def test_by_end_it_is_as_in_the_expiry_pane_and_what_never_ends_is_last(ending: Snapshot) -> None:
    found = names(arranged(ending, Sort.END, Grouping.FLAT))
    assert found == ["soon", "late", "over", "long-over", "base"]
    back = names(arranged(ending, Sort.END, Grouping.FLAT, is_reversed=True))
    assert back == ["long-over", "over", "late", "soon", "base"]


def test_by_state_the_worst_is_first(demo_snapshot: Snapshot) -> None:
    states = [
        demo_snapshot.profiles[name].expiry.shown
        for name in names(arranged(demo_snapshot, Sort.STATE, Grouping.FLAT))
    ]
    assert [*dict.fromkeys(states)] == [
        *("broken", "expired", "renewing", "unknown", "idle", "renewable", "valid", "permanent"),
    ]
    assert states == sorted(states, key=[*dict.fromkeys(states)].index)


def test_by_account_what_has_none_is_last(demo_snapshot: Snapshot) -> None:
    for is_reversed in (False, True):
        listed = names(arranged(demo_snapshot, Sort.ACCOUNT, Grouping.FLAT, is_reversed=is_reversed))
        accounts = [demo_snapshot.profiles[name].account for name in listed]
        known = [each for each in accounts if each]
        assert accounts == [*sorted(known, reverse=is_reversed), *[None] * (len(accounts) - len(known))]


def test_what_is_under_a_node_stays_there_and_is_sorted_itself(empty: World) -> None:
    config = role("a", "z") + role("c", "z") + role("b", "z") + role("d", "y")
    snapshot = empty.write(config, keys("z") + keys("y")).snapshot()
    assert names(arranged(snapshot, Sort.NAME, Grouping.SOURCE)) == ["y", "d", "z", "a", "b", "c"]
    back = names(arranged(snapshot, Sort.NAME, Grouping.SOURCE, is_reversed=True))
    assert back == ["z", "c", "b", "a", "y", "d"]


def test_a_source_stands_where_the_worst_under_it_belongs(demo_snapshot: Snapshot) -> None:
    roots = arranged(demo_snapshot, Sort.STATE, Grouping.SOURCE)
    titles = [node.title for node in roots]
    # its own keys are permanent as those of ci are, and a role under it is broken
    assert titles.index("base") < titles.index("ci")
    assert titles.index("broken") < titles.index("ci")


@BOTH_WAYS
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("grouping", Grouping)
def test_no_order_loses_a_profile_or_lists_a_stray_before_one(
    demo_snapshot: Snapshot, sort: Sort, grouping: Grouping, *, is_reversed: bool
) -> None:
    roots = arranged(demo_snapshot, sort, grouping, is_reversed=is_reversed)
    assert sorted(names(roots)) == sorted(demo_snapshot.profiles)
    if grouping is Grouping.SOURCE:
        assert roots[-1].key == STRAYS


def test_every_order_has_words_of_its_own_and_they_go_round() -> None:
    order, seen = Order(), []
    for _ in Sort:
        seen += [order.words, order.other_way.words]
        assert order.other_way.other_way == order
        order = order.next
    assert order == Order()
    assert len(set(seen)) == 2 * len(Sort)


def test_a_chain_of_3000_is_sorted_without_recursion(demo_snapshot: Snapshot) -> None:
    report = next(iter(demo_snapshot.profiles.values()))
    nodes = [Node(f"profile:{i}", f"p{i}", report) for i in range(3000)]
    for above, below in pairwise(nodes):
        above.children.append(below)
    with soon(2):
        arrange(nodes[:1], Order(Sort.STATE), demo_snapshot, NOW)


@pytest.mark.parametrize("sort", list(Sort))
def test_an_arrow_says_the_direction_in_ascii_too(sort: Sort) -> None:
    order = Order(sort)
    both = order.arrow(), order.other_way.arrow()
    assert both == ("" if sort is Sort.FILES else "▲", "▼")
    assert order.other_way.arrow(has_glyphs=False) == "v"
    assert order.arrow(has_glyphs=False) == ("^" if both[0] else "")
