"""Which profile stands under what."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.tui.render.inspector import profile_details
from rolecall.tui.render.tree import Grouping, Node, flatten, outline
from tests.homes import soon
from tests.tui.worlds import World, keys, role

DEEP = 3_000


def drawn(roots: list[Node], collapsed: set[str] | None = None) -> list[str]:
    """Return the tree as text, two spaces for each step down."""
    return ["  " * line.depth + line.node.title for line in flatten(roots, collapsed or set())]


def profiles_in(roots: list[Node]) -> list[str]:
    return [line.node.report.name for line in flatten(roots, set()) if line.node.report is not None]


def under(roots: list[Node], title: str) -> list[str]:
    """Return the titles right under the node of a title."""
    return [child.title for child in find(roots, title).children]


def find(roots: list[Node], title: str) -> Node:
    return next(line.node for line in flatten(roots, set()) if line.node.title == title)


def chain_of(snapshot: Snapshot, depth: int) -> list[Node]:
    """Build a chain by hand, longer than any that the files could hold without an error."""
    report = next(iter(snapshot.profiles.values()))
    nodes = [Node(f"profile:{i}", f"p{i}", replace(report, name=f"p{i}")) for i in range(depth)]
    for above, below in pairwise(nodes):
        above.children.append(below)
    return nodes[:1]


# By source


@pytest.mark.parametrize("grouping", Grouping)
def test_every_profile_stands_in_the_tree_once(demo_snapshot: Snapshot, grouping: Grouping) -> None:
    listed = profiles_in(outline(demo_snapshot, grouping))
    assert sorted(listed) == sorted(demo_snapshot.profiles)


def test_a_role_stands_under_its_source(demo_snapshot: Snapshot) -> None:
    roots = outline(demo_snapshot, Grouping.SOURCE)
    assert under(roots, "base") == ["prod-admin", "staging", "release"]
    assert under(roots, "prod-admin") == ["prod-deploy", "prod-read"]
    assert under(roots, "partner") == ["partner-audit"]


def test_an_sso_profile_stands_under_its_session(demo_snapshot: Snapshot) -> None:
    roots = outline(demo_snapshot, Grouping.SOURCE)
    assert under(roots, "corp (sso-session)") == ["dev"]
    assert under(roots, "data (sso-session)") == ["lake"]
    assert find(roots, "corp (sso-session)").expiry == demo_snapshot.profiles["dev"].token


def test_an_old_sso_profile_stands_under_its_portal(demo_snapshot: Snapshot) -> None:
    assert under(outline(demo_snapshot, Grouping.SOURCE), "meadow-hr.awsapps.com (SSO)") == ["hr"]


def test_a_role_over_metadata_stands_under_what_it_draws_on(demo_snapshot: Snapshot) -> None:
    assert under(outline(demo_snapshot, Grouping.SOURCE), "instance metadata") == ["bastion"]


def test_keys_stand_at_the_top(demo_snapshot: Snapshot) -> None:
    roots = outline(demo_snapshot, Grouping.SOURCE)
    assert {"base", "ci", "legacy", "okta"} <= {node.title for node in roots}


def test_the_broken_ones_are_together_at_the_end(demo_snapshot: Snapshot) -> None:
    roots = outline(demo_snapshot, Grouping.SOURCE)
    assert [node.title for node in roots[-2:]] == ["broken", "not profiles"]
    refused = [name for name, report in demo_snapshot.profiles.items() if report.effective.provider is None]
    assert under(roots, "broken") == refused
    assert {"blue", "green", "ops", "intern", "backup"} <= set(refused)


def test_sections_that_are_no_profiles_are_kept_as_such(demo_snapshot: Snapshot) -> None:
    strays = find(outline(demo_snapshot, Grouping.SOURCE), "not profiles").children
    assert [(stray.title, stray.note) for stray in strays] == [
        ("[profile data science]", "dropped"),
        ("[sandbox]", "not a profile"),
    ]
    assert all(stray.report is None for stray in strays)


def test_no_trouble_is_no_heading_for_it(empty: World) -> None:
    snapshot = empty.write(role("ops", "base"), keys("base")).snapshot()
    assert drawn(outline(snapshot, Grouping.SOURCE)) == ["base", "  ops"]


def test_a_profile_that_is_its_own_source_stands_once(empty: World) -> None:
    # with keys of its own that is no loop for botocore
    snapshot = empty.write(role("self", "self"), keys("self")).snapshot()
    assert drawn(outline(snapshot, Grouping.SOURCE)) == ["self"]


def test_two_profiles_that_draw_on_each_others_keys_are_both_there(empty: World) -> None:
    # GIVEN two roles that name each other as source, each with keys for the other: no loop for botocore
    snapshot = empty.write(role("a", "b") + role("b", "a"), keys("a") + keys("b")).snapshot()
    assert {report.resolution.error for report in snapshot.profiles.values()} == {None}
    # THEN neither is lost, and neither stands there twice
    with soon(2):
        assert sorted(profiles_in(outline(snapshot, Grouping.SOURCE))) == ["a", "b"]


def test_keys_differ_from_node_to_node(demo_snapshot: Snapshot) -> None:
    for grouping in Grouping:
        keys_there = [line.node.key for line in flatten(outline(demo_snapshot, grouping), set())]
        assert len(set(keys_there)) == len(keys_there)


# By account, and flat


def test_by_account_each_stands_under_its_account(demo_snapshot: Snapshot) -> None:
    roots = outline(demo_snapshot, Grouping.ACCOUNT)
    for node in roots:
        for child in node.children:
            assert child.report is not None
            assert (child.report.account or "no account known") == node.title


def test_an_account_is_called_as_the_user_calls_it(tmp_path: Path) -> None:
    # GIVEN names for two of three accounts
    names = '[accounts]\n444455556666 = "alpha"\n111122223333 = "payments"\n'
    sections = role("a", "base") + role("b", "base", "222233334444") + role("c", "base", "444455556666")
    world = World(tmp_path).write(sections, keys("base")).settle(names)
    # THEN those come first, by their names, each with its id
    snapshot = world.snapshot()
    titles = [root.title for root in outline(snapshot, Grouping.ACCOUNT)]
    assert titles[:3] == ["alpha (444455556666)", "payments (111122223333)", "222233334444"]
    # AND the Inspector says the same
    facts = {fact.label: fact.text for fact in profile_details(snapshot, "a").facts}
    assert facts["account"] == "payments (111122223333)"
    # AND another name is seen at the next look
    world.settle('[accounts]\n444455556666 = "beta"\n')
    assert snapshot.reread().accounts == {"444455556666": "beta"}


def test_accounts_are_in_order_and_the_unknown_one_is_last(demo_snapshot: Snapshot) -> None:
    titles = [node.title for node in outline(demo_snapshot, Grouping.ACCOUNT)]
    assert titles == [*sorted(titles[:-1]), "no account known"]


def test_flat_is_botocores_order(demo_snapshot: Snapshot) -> None:
    assert drawn(outline(demo_snapshot, Grouping.FLAT)) == list(demo_snapshot.profiles)


def test_the_groupings_go_round() -> None:
    seen = [Grouping.SOURCE]
    for _ in Grouping:
        seen.append(seen[-1].next)
    assert seen == [Grouping.SOURCE, Grouping.ACCOUNT, Grouping.FLAT, Grouping.SOURCE]


# Folding


def test_what_is_folded_hides_all_below_it(demo_snapshot: Snapshot) -> None:
    roots = outline(demo_snapshot, Grouping.SOURCE)
    lines = flatten(roots, {"profile:base"})
    assert lines[0].node.title == "base"
    assert not lines[0].is_expanded
    assert lines[1].depth == 0
    assert "prod-deploy" not in {line.node.title for line in lines}


def test_a_chain_of_3000_is_flattened_without_recursion(demo_snapshot: Snapshot) -> None:
    lines = flatten(chain_of(demo_snapshot, DEEP), set())
    assert [line.depth for line in lines] == list(range(DEEP))
