"""Text is measured in cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rolecall.cli import tables
from rolecall.text import sanitize

SHOWN = st.text(max_size=60).map(sanitize)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dev", 3),
        ("開発", 4),
        ("🦊", 2),
        ("e\u0301", 1),
        ("é", 1),
        ("ｱ", 1),
        ("\uff21", 2),
        ("한", 2),
        ("", 0),
    ],
)
def test_width(text: str, expected: int) -> None:
    assert tables.width(text) == expected


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("profile", 7, "profile"),
        ("profile", 5, "prof…"),
        ("開発環境", 6, "開発…"),
        ("開発環境", 5, "開発…"),
        ("profile", 1, "…"),
        ("profile", 0, ""),
    ],
)
def test_cut_end(text: str, room: int, expected: str) -> None:
    assert tables.cut_end(text, room, "…") == expected


def test_cut_middle_keeps_more_of_the_end() -> None:
    arn = "arn:aws:iam::123456789012:role/Admin"
    assert tables.cut_middle(arn, 16, "…") == "arn:a…role/Admin"


def test_wrap_breaks_between_words_and_breaks_only_a_word_that_is_too_long() -> None:
    assert tables.wrap("its source has expired", 10) == ["its source", "has", "expired"]
    assert tables.wrap("開発環境開発", 5) == ["開発", "環境", "開発"]
    assert tables.wrap("", 5) == [""]


@given(SHOWN, st.integers(min_value=2, max_value=30))
def test_whatever_is_cut_or_wrapped_fits(text: str, room: int) -> None:
    assert tables.width(tables.cut_end(text, room, "…")) <= room
    assert tables.width(tables.cut_middle(text, room, "…")) <= room
    assert all(tables.width(line) <= room for line in tables.wrap(text, room))


@given(SHOWN, st.integers(min_value=2, max_value=30))
def test_wrapping_loses_no_character(text: str, room: int) -> None:
    assert "".join(tables.wrap(text, room)).replace(" ", "") == text.replace(" ", "")


@given(st.text(st.characters(categories=["Lu", "Ll", "Lt", "Lm", "Nd", "Po", "Sm", "Mn"])))
def test_rich_measures_the_same(text: str) -> None:
    shown = sanitize(text)
    # mark by mark: rich joins some sequences, which terminals do not agree on
    assert tables.width(shown) == sum(cell_len(character) for character in shown)
