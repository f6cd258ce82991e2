"""Text is measured, cut and wrapped in cells; names that differ never look the same when they are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rolecall.cells import abbreviate, cell_width, cut_end, cut_middle, pad, wrap
from rolecall.text import sanitize
from tests.homes import soon

SHOWN = st.text(max_size=60).map(sanitize)
WIDE = "日本語"  # two cells each
COMBINED = "e\u0301"  # one cell, two characters
ALPHABET = st.sampled_from("ab -/:é" + WIDE + "👍" + "\u0301\u3000\xa0\x1b\u202e\u200b\n\t")
TEXTS = st.text(ALPHABET, max_size=30) | st.text(max_size=20)
WIDTHS = st.integers(min_value=0, max_value=40)


def without_spaces(text: str) -> str:
    return "".join(text.split())


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
    assert cell_width(text) == expected


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
    assert cut_end(text, room, "…") == expected


def test_cut_middle_keeps_more_of_the_end() -> None:
    arn = "arn:aws:iam::123456789012:role/Admin"
    assert cut_middle(arn, 16, "…") == "arn:a…role/Admin"


def test_wrap_breaks_between_words_and_breaks_only_a_word_that_is_too_long() -> None:
    assert wrap("its source has expired", 10) == ["its source", "has", "expired"]
    assert wrap("開発環境開発", 5) == ["開発", "環境", "開発"]
    assert wrap("", 5) == [""]


@given(SHOWN, st.integers(min_value=2, max_value=30))
def test_whatever_is_cut_or_wrapped_fits(text: str, room: int) -> None:
    assert cell_width(cut_end(text, room, "…")) <= room
    assert cell_width(cut_middle(text, room, "…")) <= room
    assert all(cell_width(line) <= room for line in wrap(text, room))


@given(SHOWN, st.integers(min_value=2, max_value=30))
def test_wrapping_loses_no_character(text: str, room: int) -> None:
    assert "".join(wrap(text, room)).replace(" ", "") == text.replace(" ", "")


@given(st.text(st.characters(categories=["Lu", "Ll", "Lt", "Lm", "Nd", "Po", "Sm", "Mn"])))
def test_rich_measures_the_same(text: str) -> None:
    shown = sanitize(text)
    # mark by mark: rich joins some sequences, which terminals do not agree on
    assert cell_width(shown) == sum(cell_len(character) for character in shown)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("abcdef", 1, "…"),
        ("abcdef", 0, ""),
        ("日本語", 5, "日本…"),
        (COMBINED * 3, 3, COMBINED * 3),
    ],
)
def test_a_text_is_cut_at_its_end(text: str, width: int, expected: str) -> None:
    assert cut_end(text, width) == expected


@given(TEXTS.map(sanitize), WIDTHS)
def test_a_cut_text_has_at_most_its_width_and_begins_as_before(text: str, width: int) -> None:
    result = cut_end(text, width)
    assert cell_width(result) <= width
    if result.endswith("…") and cell_width(text) > width:
        assert text.startswith(result[:-1].rstrip(" "))


def test_an_arn_keeps_both_of_its_ends() -> None:
    arn = "arn:aws:iam::111122223333:role/path/to/Administrator"
    result = cut_middle(arn, 30)
    assert len(result) == 30
    assert result.startswith("arn:aws")
    assert result.endswith("/Administrator")


def test_a_text_of_wide_characters_keeps_its_end_too() -> None:
    result = cut_middle("頭" + "字" * 20 + "尾", 9)
    assert result.startswith("頭")
    assert result.endswith("尾")


@given(TEXTS.map(sanitize), WIDTHS)
def test_a_text_cut_in_the_middle_has_at_most_its_width(text: str, width: int) -> None:
    assert cell_width(cut_middle(text, width)) <= width


@given(TEXTS.map(sanitize), WIDTHS)
def test_a_padded_text_has_exactly_its_width(text: str, width: int) -> None:
    assert cell_width(pad(text, width)) == width


# wrap


def test_lines_break_at_spaces() -> None:
    assert wrap("what is, why, what to press", 14) == ["what is, why,", "what to press"]


def test_a_word_that_is_too_long_is_broken() -> None:
    assert wrap("ab abcdefgh", 4) == ["ab", "abcd", "efgh"]


def test_no_text_is_one_empty_line() -> None:
    assert wrap("", 10) == [""]


@pytest.mark.parametrize(
    ("text", "width"),
    [("漢", 1), ("\u3000" * 6, 4), ("a\xa0" + "\xa0" * 10, 4), ("\u0301" * 9, 1), ("word", 0)],
    ids=["wide in one cell", "ideographic spaces", "no-break spaces", "zero width", "no width"],
)
def test_breaking_comes_to_an_end(text: str, width: int) -> None:
    with soon(2):
        assert wrap(text, width)


@given(TEXTS.map(sanitize), st.integers(min_value=2, max_value=16))
def test_no_broken_line_is_too_wide_and_no_word_is_lost(text: str, width: int) -> None:
    with soon(2):
        lines = wrap(text, width)
    assert all(cell_width(line) <= width for line in lines)
    assert without_spaces("".join(lines)) == without_spaces(text)


PARTS = st.sampled_from(
    ("prod", "test", "eu", "us", "ro", "core", "network", "admin", "readonly", "日本", "x")
)
NAMES = st.lists(st.lists(PARTS, min_size=1, max_size=6).map("-".join), min_size=1, max_size=25, unique=True)


@given(NAMES, st.integers(4, 40))
def test_names_that_differ_never_look_the_same_and_fit(names: list[str], room: int) -> None:
    for mark in ("…", "..."):
        shown = abbreviate(names, room, mark)
        assert shown.keys() == set(names)
        assert all(cell_width(text) <= room for text in shown.values())
        assert len(set(shown.values())) == len(names)


@given(NAMES)
def test_a_name_that_fits_is_whole(names: list[str]) -> None:
    assert abbreviate(names, 80) == {name: name for name in names}


@given(NAMES, st.integers(-2, 3))
def test_no_width_is_too_small(names: list[str], room: int) -> None:
    shown = abbreviate(names, room)
    assert all(cell_width(text) <= max(room, 0) for text in shown.values())


@pytest.mark.parametrize(
    ("names", "room", "shown"),
    [
        (["shared-services-readonly", "dev"], 16, ["share…s-readonly", "dev"]),
        (
            ["core-network-prod-admin", "core-network-test-admin"],
            16,
            ["core-…prod-admin", "core-…test-admin"],
        ),
        (["team-payments-eu-west-1", "team-payments-eu-west-2"], 12, ["team…-west-1", "team…-west-2"]),
        (["payments-one-x", "payments-two-x"], 4, ["p…x1", "p…x2"]),
    ],
)
def test_both_ends_stay_and_what_differs_between_names(names: list[str], room: int, shown: list[str]) -> None:
    assert list(abbreviate(names, room).values()) == shown
