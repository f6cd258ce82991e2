"""The filter: what it finds, what comes first, and where the hits are in a line."""

import pytest
from textual.fuzzy import FuzzySearch

from rolecall.aws.snapshot import Snapshot
from rolecall.profile_filter import Field, Query
from rolecall.tui.render.filtering import (
    FilterMatch,
    Haystack,
    Rank,
    filtered,
    highlighted,
    loose,
    search,
    unmatched,
)
from rolecall.tui.render.flags import Flags
from rolecall.tui.render.lines import Span
from rolecall.tui.render.tree import Grouping, Node, flatten, outline
from rolecall.tui.tones import Tone
from tests.homes import soon
from tests.tui.render.test_tree import DEEP, chain_of, drawn, profiles_in
from tests.tui.worlds import NOW, World, keys, role


def ranks(snapshot: Snapshot, roots: list[Node], words: str) -> dict[str, Rank]:
    return search(roots, Query.of(words), Haystack(snapshot, Flags(), NOW, FuzzySearch().match))


def listed(snapshot: Snapshot, words: str, grouping: Grouping = Grouping.FLAT) -> list[Node]:
    roots = outline(snapshot, grouping)
    return filtered(roots, ranks(snapshot, roots, words))


def found(snapshot: Snapshot, words: str) -> dict[str, FilterMatch]:
    """Return how well each profile matches, best first."""
    how = ranks(snapshot, outline(snapshot, Grouping.FLAT), words)
    return {key.removeprefix("profile:"): how[key][0] for key in sorted(how, key=lambda key: how[key])}


# What is listed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nothere", "Nothing matches nothere."),
        ("prod nothere neither", "Nothing matches nothere or neither."),
        ("state:gone", "Nothing matches state:gone."),
        ("prod-admin console", "No profile has all of prod-admin console."),
        (
            "foo:bar",
            "Nothing matches foo:bar. foo: is none of the prefixes, state: account: region: role: kind:.",
        ),
        (f"prod {'A1b/' * 10}", f"Nothing matches {'•' * 40}."),
    ],
)
def test_what_matches_nothing_is_named_and_an_unknown_prefix_is_told(
    demo_snapshot: Snapshot, words: str, said: str
) -> None:
    roots = outline(demo_snapshot, Grouping.FLAT)
    haystack = Haystack(demo_snapshot, Flags(), NOW, FuzzySearch().match)
    assert not search(roots, Query.of(words), haystack)
    assert unmatched(roots, words, haystack) == said


def test_the_way_down_to_a_match_stays(demo_snapshot: Snapshot) -> None:
    roots = listed(demo_snapshot, "logs", Grouping.SOURCE)
    assert drawn(roots) == ["base", "  prod-admin", "    prod-deploy", "      logs"]


def test_what_stands_under_a_match_does_not_stay_for_it(demo_snapshot: Snapshot) -> None:
    assert drawn(listed(demo_snapshot, "base", Grouping.SOURCE)) == ["base"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("PROD-R", {"prod-read"}),
        ("role 444455556666", {"staging", "release", "release-ci", "blue", "green"}),
        ("sso eu-west-1", {"dev", "lake", "hr", "partner"}),
        ("expired", {"partner", "legacy"}),
        ("release ci", {"release-ci"}),
        ("nothing-like-it", set()),
    ],
    ids=["name, any case", "kind and account", "kind and region", "state", "two words", "no match"],
)
def test_every_word_must_be_found_somewhere(demo_snapshot: Snapshot, words: str, expected: set[str]) -> None:
    assert set(profiles_in(listed(demo_snapshot, words))) == expected


@pytest.mark.parametrize("grouping", Grouping)
@pytest.mark.parametrize("words", ["p", "prod", "role", "s o", "1111", "broken", "-"])
def test_the_filter_lists_the_same_in_every_grouping(
    demo_snapshot: Snapshot, grouping: Grouping, words: str
) -> None:
    flat = {node.title for node in listed(demo_snapshot, words)}
    roots = listed(demo_snapshot, words, grouping)
    # the way down may hold profiles that do not match: only the ends of it are matches for certain
    assert {line.node.title for line in flatten(roots, set()) if not line.node.children} <= flat
    assert flat <= set(profiles_in(roots))


def test_the_filter_leaves_the_whole_tree_as_it_was(demo_snapshot: Snapshot) -> None:
    roots = outline(demo_snapshot, Grouping.SOURCE)
    before = drawn(roots)
    filtered(roots, ranks(demo_snapshot, roots, "logs"))
    assert drawn(roots) == before


def test_a_chain_of_3000_is_filtered_without_recursion(demo_snapshot: Snapshot) -> None:
    chain = chain_of(demo_snapshot, DEEP)
    roots = filtered(chain, {chain[0].key, f"profile:{DEEP - 1}"})
    assert len(flatten(roots, set())) == DEEP


# What a word is


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("  ", Query()),
        ("Prod", Query(("prod",))),
        ("state:Expired", Query((), ((Field.STATE, "expired"),))),
        ("prod region:eu state:", Query(("prod",), ((Field.REGION, "eu"), (Field.STATE, "")))),
        ("arn:aws:iam", Query(("arn:aws:iam",))),
        ("name:x", Query(("name:x",))),
        (":x", Query((":x",))),
    ],
)
def test_what_is_typed_is_read_as_words_and_fields(text: str, query: Query) -> None:
    assert Query.of(text) == query
    assert query.is_empty == (not text.strip())


def test_a_field_without_a_value_lists_everything_yet() -> None:
    assert Query.of("state:").is_empty
    assert not Query.of("state: x").is_empty


NAMES = '[accounts]\n111122223333 = "payments-prod"\n'
SSO = """
[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
[profile dev]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = PowerUser
region = eu-north-1
"""
HUB = "role_session_name = ana\nregion = us-east-1\nmfa_serial = arn:aws:iam::999988887777:mfa/ana-phone\n"


@pytest.fixture
def several(empty: World) -> Snapshot:
    """A login, a role with settings, one whose source is missing, and keys; one account has a name."""
    config = SSO + role("hub", "base") + HUB + role("typo", "gone", "222233334444")
    return empty.write(config, keys("base")).settle(NAMES).snapshot()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("state:broken", {"typo"}),
        ("state:no", {"typo"}),
        ("state:login", {"dev"}),
        ("state:idle", {"hub"}),
        ("state:permanent", {"base"}),
        ("state:live", {"base"}),
        ("account:payments", {"hub"}),
        ("account:1111", {"hub"}),
        ("region:east", {"hub"}),
        ("region:eu-north-1", {"dev"}),
        ("role:power", {"dev"}),
        ("role:hub", {"hub"}),
        ("kind:sso", {"dev"}),
        ("kind:role", {"hub", "typo"}),
        ("kind:role region:us", {"hub"}),
        ("hub region:eu", set()),
        # anywhere: the session, the role, the account's name, the values
        ("corp", {"dev"}),
        ("corp.example", set()),
        ("PowerUser", {"dev"}),
        ("payments", {"hub"}),
        ("ana-phone", {"hub"}),
        ("gone", {"typo"}),
        ("login", {"dev"}),
        ("MPLE", {"base"}),
        # no secret is looked for: what is listed would tell of it
        ("CANARYcanary", set()),
    ],
)
def test_it_looks_where_it_is_told_or_everywhere(several: Snapshot, words: str, expected: set[str]) -> None:
    assert set(found(several, words)) == expected


def test_the_name_itself_comes_first_then_what_begins_so_then_the_rest(empty: World) -> None:
    names = ("a-prod", "prod-eu", "prod", "x")
    world = empty.write("".join(role(name, "base") for name in names) + "region = prod-1\n", keys("base"))
    assert found(world.snapshot(), "prod") == {
        "prod": FilterMatch.NAME,
        "prod-eu": FilterMatch.START,
        "a-prod": FilterMatch.PART,
        "x": FilterMatch.ELSEWHERE,
    }


def test_letters_in_their_order_are_enough_where_nothing_else_matches(empty: World) -> None:
    names = ("payments-prod-admin", "payments-prod-readonly", "pragma-dev-admin", "other")
    snapshot = empty.write("".join(role(name, "base") for name in names), keys("base")).snapshot()
    # the beginnings of words come first
    assert next(iter(found(snapshot, "ppadm"))) == "payments-prod-admin"
    assert set(found(snapshot, "ppadm").values()) == {FilterMatch.LOOSE}
    assert found(snapshot, "zq") == {}
    # AND not where something has the letters as they are
    assert set(found(snapshot, "prod")) == {"payments-prod-admin", "payments-prod-readonly"}
    # AND a field holds all the same
    assert found(snapshot, "ppadm kind:sso") == {}


def test_names_in_which_letters_can_be_found_in_countless_ways_take_no_time() -> None:
    best = FuzzySearch().match
    with soon():
        assert loose("a" * 30, "a" * 60, best)[0] > 0
        assert loose("ab" * 200, "ab" * 5_000, best)[0] > 0
        assert loose("b", "a", best) == (0, ())


# Where the hits are


def hits(line: tuple[Span, ...], words: str, name: int = 1) -> list[str]:
    return [
        each.text
        for each in highlighted(line, Query.of(words), name, FuzzySearch().match)
        if each.tone is Tone.HIT
    ]


LINE = (Span("  "), Span("prod-admin", Tone.DIM), Span(" role"), Span(" ● 43m", Tone.GOOD))


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("prod", ["prod"]),
        ("PROD", ["prod"]),
        ("od ad", ["od", "ad"]),
        ("o", ["o"]),
        ("role", ["role"]),
        ("kind:role", ["role"]),
        ("prod kind:role", ["prod", "role"]),
        ("pdadm", ["p", "d", "adm"]),
        ("eu-west-1", []),
        ("", []),
    ],
)
def test_what_was_found_is_marked_in_the_name_and_beside_it_only_what_the_name_has_not(
    words: str, marked: list[str]
) -> None:
    assert hits(LINE, words) == marked
    text = "".join(each.text for each in highlighted(LINE, Query.of(words), 1, FuzzySearch().match))
    assert text == "".join(each.text for each in LINE)


def test_what_is_not_a_hit_keeps_its_tone() -> None:
    shown = highlighted(LINE, Query.of("admin"), 1, FuzzySearch().match)
    assert shown[1:3] == (Span("prod-", Tone.DIM), Span("admin", Tone.HIT))
    assert highlighted(LINE[:1], Query.of("admin"), 1, FuzzySearch().match) == LINE[:1]
