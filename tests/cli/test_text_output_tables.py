"""Tables fit the terminal, and are whole where there is none."""

import pytest

from rolecall.aws.expiry import State
from rolecall.cells import cell_width
from rolecall.cli.text_output import Column, Fit, Terminal, table

WHOLE = Terminal(width=None, has_colour=False, encoding="utf-8", has_glyphs=True)
COLUMNS = (
    Column("NAME", least=6),
    Column("ARN", Fit.MIDDLE, least=9, expendable=1),
    Column("LEFT", Fit.RIGHT),
    Column("WHY", Fit.WRAP, least=10, expendable=2),
)
ROW = ("a-long-profile-name", "arn:aws:iam::123456789012:role/Admin", "43m 10s", "its source has expired")


def _screen(width: int) -> Terminal:
    return Terminal(width=width, has_colour=False, encoding="utf-8", has_glyphs=True)


def test_where_nothing_limits_it_everything_is_there_in_columns() -> None:
    assert table(COLUMNS, [ROW, ("b", None, "3s", "")], WHOLE) == [
        "NAME                 ARN                                      LEFT  WHY",
        "a-long-profile-name  arn:aws:iam::123456789012:role/Admin  43m 10s  its source has expired",
        "b                    -                                          3s  -",
    ]


def test_in_a_terminal_names_are_cut_at_the_end_arns_in_the_middle_and_reasons_wrap() -> None:
    assert table(COLUMNS, [ROW], _screen(50)) == [
        "NAME        ARN               LEFT  WHY",
        "a-long-pr…  arn:…le/Admin  43m 10s  its source has",
        "                                    expired",
    ]


@pytest.mark.parametrize("width", [1, 5, 20, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    rows = [ROW, ("名前" * 30, "x" * 10_000, "1s", "long " * 40), ("é" * 30, None, None, None)]
    lines = table(COLUMNS, rows, _screen(width))
    # below the columns that cannot go, each one cell wide with their gaps, nothing fits
    assert max(map(cell_width, lines)) <= max(width, 6)


def test_where_there_is_no_room_for_all_columns_the_most_expendable_go() -> None:
    assert table(COLUMNS, [ROW], _screen(30))[0].split() == ["NAME", "ARN", "LEFT"]
    assert table(COLUMNS, [ROW], _screen(20))[0].split() == ["NAME", "LEFT"]


def test_wide_characters_do_not_shift_the_next_column() -> None:
    lines = table((Column("NAME"), Column("KIND")), [("開発", "sso"), ("dev", "sso"), ("🦊", "sso")], WHOLE)
    assert {cell_width(line.partition("sso")[0]) for line in lines[1:]} == {6}


def test_one_endless_name_does_not_move_all_the_rest_of_a_piped_table() -> None:
    lines = table((Column("NAME"), Column("KIND")), [("n" * 10_000, "keys"), ("dev", "sso")], WHOLE)
    assert lines[1] == "n" * 10_000 + "  keys"
    assert len(lines[2]) < 100


def test_a_state_has_its_glyph_its_word_and_on_a_terminal_its_colour() -> None:
    colourful = Terminal(width=80, has_colour=True, encoding="utf-8", has_glyphs=True)
    columns = (Column("STATE"), Column("NAME"))
    rows = [(State.VALID, "● valid"), (State.IDLE, "b")]
    assert table(columns, rows, colourful) == [
        "STATE    NAME",
        "\x1b[32m● valid\x1b[0m  ● valid",
        "○ idle   b",
    ]
    assert table(columns, rows, WHOLE)[1] == "● valid  ● valid"
