"""The columns of the tree, and of the table that it is where there is room."""

from dataclasses import replace

import pytest

from rolecall.aws.expiry import State
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import cell_width
from rolecall.tui.render import labels
from rolecall.tui.render.columns import (
    GAP,
    LEAST_STATE,
    NOTHING,
    STATE_WIDTH,
    Column,
    Columns,
    TableNeeds,
    names_need,
    table_columns,
    table_heading,
    table_line,
    tree_columns,
    tree_line,
)
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
                brief = "broken" if report.expiry.state is State.BROKEN else ""
                assert words in ("", labels.state_of(report, NOW), awaits, brief)


def test_a_heading_says_what_it_is_where_there_is_room(meridian: Snapshot) -> None:
    assert "meridian (sso-session)" in drawn(meridian, 76)["meridian (sso-session)"]
    assert drawn(meridian, 30)["meridian (sso-session)"].startswith("▾ meridian ")


def test_no_line_is_wider_than_it_may_be(demo_snapshot: Snapshot) -> None:
    for width in range(1, 120):
        assert all(cell_width(line) == width for line in drawn(demo_snapshot, width).values())


# The table


def table(snapshot: Snapshot, width: int) -> tuple[Columns, dict[str, str]]:
    """Return the columns and the row of each profile in a table of some width."""
    lines = lines_of(snapshot)
    context = ListContext(NOW, Flags(), names_of(line.node.title for line in lines), (), snapshot.accounts)
    columns = table_columns(replace(TableNeeds.of(snapshot), profile=names_need(lines)), width)
    rows = {}
    for line in lines:
        spans = table_line(line, width, columns, context)
        assert width_of(spans) == width
        rows[line.node.title] = "".join(span.text for span in spans)
    return columns, rows


def cells(columns: Columns, row: str) -> dict[Column, str]:
    found, at = {}, 0
    for column, room in columns.items():
        found[column] = row[at : at + room].strip()
        at += room + GAP
    return found


def test_with_room_the_table_has_every_column_and_each_says_its_own(demo_snapshot: Snapshot) -> None:
    columns, rows = table(demo_snapshot, 160)
    assert list(columns) == list(Column)
    row = cells(columns, rows["prod-deploy"])
    assert row[Column.PROFILE].endswith("prod-deploy")
    assert row[Column.VIA] == "role"
    assert row[Column.ROLE] == "Deploy"
    assert row[Column.MFA] == NOTHING
    assert row[Column.STATE] == "● valid"
    assert row[Column.LEFT] == "43m"
    assert cells(columns, rows["prod-admin"])[Column.MFA] == "✓"
    assert cells(columns, rows["prod-admin"])[Column.STATE] == "◐ code due"
    assert cells(columns, rows["base"])[Column.STATE] == "∞"


def test_every_profile_has_its_account_its_region_and_its_kind(demo_snapshot: Snapshot) -> None:
    columns, rows = table(demo_snapshot, 160)
    for name, report in demo_snapshot.profiles.items():
        row = cells(columns, rows[name])
        assert row[Column.ACCOUNT] == (report.account or NOTHING)
        assert row[Column.REGION] == (report.region or NOTHING)
        assert row[Column.VIA] == labels.KINDS[report.kind]


def test_an_account_has_the_name_that_the_user_gave_it(demo_snapshot: Snapshot) -> None:
    named = replace(demo_snapshot, accounts={"111122223333": "payments"})
    columns, rows = table(named, 160)
    shown = {
        name: cells(columns, rows[name])[Column.ACCOUNT]
        for name, report in named.profiles.items()
        if report.account == "111122223333"
    }
    assert shown
    assert set(shown.values()) == {"payments"}


def test_a_login_is_a_row_with_how_many_it_is_for(meridian: Snapshot) -> None:
    columns, rows = table(meridian, 160)
    row = cells(columns, rows["meridian (sso-session)"])
    assert row[Column.PROFILE] == "▾ meridian"
    assert row[Column.VIA] == "SSO"
    assert row[Column.ACCOUNT] == f"{len(NAMES)} profiles"


@pytest.mark.parametrize("width", range(42, 200, 7))
def test_names_are_whole_in_the_table_before_anything_else_is_there(meridian: Snapshot, width: int) -> None:
    columns, rows = table(meridian, width)
    assert all(name in rows[name] for name in NAMES)
    # and what is left out is the least useful
    there = [column for column in (Column.ACCOUNT, Column.VIA) if column in columns]
    assert there or Column.REGION not in columns
    assert Column.LEFT not in columns or Column.MFA in columns


def test_names_are_cut_only_where_they_alone_are_too_much(meridian: Snapshot) -> None:
    columns, rows = table(meridian, 30)
    assert list(columns) == [Column.PROFILE, Column.STATE]
    assert len({cells(columns, rows[name])[Column.PROFILE] for name in NAMES}) == len(NAMES)


def test_the_heading_stands_over_the_columns_and_shows_what_is_sorted_by(meridian: Snapshot) -> None:
    columns, _ = table(meridian, 160)
    heading = "".join(span.text for span in table_heading(columns, 160, {Column.STATE: "▲"}))
    said = cells(columns, heading)
    assert said.pop(Column.STATE) == "STATE ▲"
    assert said == {column: str(column) for column in Column if column is not Column.STATE}


def test_no_row_is_wider_than_it_may_be(demo_snapshot: Snapshot) -> None:
    for width in range(12, 200):
        table(demo_snapshot, width)


def test_no_region_is_cut_where_there_is_room(empty: World) -> None:
    config = "".join(f"[profile {name}]\nregion = ap-southeast-2\n" for name in NAMES)
    snapshot = empty.write(config).snapshot()
    lines = lines_of(snapshot)
    needs = replace(TableNeeds.of(snapshot), profile=names_need(lines))
    assert table_columns(needs, 300)[Column.REGION] == len("ap-southeast-2")
