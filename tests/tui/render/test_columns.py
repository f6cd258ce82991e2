"""The columns of the tree, and of the table that it is where there is room."""

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.cells import cell_width
from rolecall.tui.render import labels
from rolecall.tui.render.columns import LEAST_STATE, STATE_WIDTH, Column, names_need, tree_columns, tree_line
from rolecall.tui.render.flags import Flags, ListContext
from rolecall.tui.render.lines import names_of, width_of
from rolecall.tui.render.tree import Grouping, TreeLine, flatten, outline
from tests.tui.worlds import NOW, World, keys

ACCOUNTS = (
    "shared-services",
    "core-network",
    "core-logging",
    "payments-prod",
    "payments-test",
    "ledger-prod",
)
NAMES = [f"{account}-{role}" for account in ACCOUNTS for role in ("admin", "readonly")]


@pytest.fixture
def meridian(empty: World) -> Snapshot:
    settings = "sso_session = meridian\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
    session = "[sso-session meridian]\nsso_start_url = https://m.awsapps.com/start\nsso_region = eu-west-1\n"
    config = session + "".join(f"[profile {name}]\n{settings}" for name in NAMES)
    return empty.write(config, keys("hub")).snapshot()


def lines_of(snapshot: Snapshot) -> list[TreeLine]:
    return flatten(outline(snapshot, Grouping.SOURCE), set())


def drawn(snapshot: Snapshot, width: int) -> dict[str, str]:
    """Return the line of each profile in a tree of some width."""
    lines = lines_of(snapshot)
    context = ListContext(NOW, flags=Flags(), names=names_of(line.node.title for line in lines))
    columns = tree_columns(names_need(lines), width)
    found = {}
    for line in lines:
        spans = tree_line(line, width, columns, context)
        assert width_of(spans) == width
        found[line.node.title] = "".join(span.text for span in spans)
    return found


@pytest.mark.parametrize("width", [40, 44, 56, 60, 76, 96, 130, 290])
def test_a_name_is_whole_where_the_line_has_room_for_it(meridian: Snapshot, width: int) -> None:
    lines = drawn(meridian, width)
    assert all(name in lines[name] for name in NAMES)


@pytest.mark.parametrize("width", range(16, 40))
def test_names_that_are_cut_differ_and_keep_their_ends(meridian: Snapshot, width: int) -> None:
    shown = {name: line.split()[0] for name, line in drawn(meridian, width).items() if name in NAMES}
    assert len(set(shown.values())) == len(NAMES)
    assert all(each[-1] == name[-1] for name, each in shown.items())
    assert not any("……" in each for each in shown.values())


def test_the_words_give_way_before_the_names_and_the_kind_before_the_words() -> None:
    room = 76
    for need in range(room):
        columns = tree_columns(need, room)
        assert sum(columns.values()) + 3 == room
        if columns[Column.PROFILE] < need:
            assert columns[Column.STATE] == LEAST_STATE
            assert Column.VIA not in columns
    assert tree_columns(0, room)[Column.STATE] == STATE_WIDTH


def test_a_word_without_room_is_left_out_and_not_broken(demo_snapshot: Snapshot) -> None:
    for width in range(26, 60):
        for name, line in drawn(demo_snapshot, width).items():
            report = demo_snapshot.profiles.get(name)
            if report is not None:
                glyph = labels.glyph(report.expiry).text
                words = line[line.rindex(glyph) + 1 :].strip()
                awaits = labels.LOGIN if labels.needs_login(report.expiry) else ""
                assert words in ("", labels.state_of(report, NOW), awaits)


def test_a_heading_says_what_it_is_where_there_is_room(meridian: Snapshot) -> None:
    assert "meridian (sso-session)" in drawn(meridian, 76)["meridian (sso-session)"]
    assert drawn(meridian, 30)["meridian (sso-session)"].startswith("▾ meridian ")


def test_no_line_is_wider_than_it_may_be(demo_snapshot: Snapshot) -> None:
    for width in range(1, 120):
        assert all(cell_width(line) == width for line in drawn(demo_snapshot, width).values())
