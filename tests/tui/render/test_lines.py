"""A line fits its width exactly, whatever is in it, and no text of others steers the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rolecall.text import sanitize
from rolecall.tui.render.lines import (
    Line,
    Span,
    Tone,
    cut,
    cut_middle,
    fit,
    pad,
    shrinking,
    span,
    width_of,
    wrap,
)
from tests.homes import soon

WIDE = "日本語"  # two cells each
COMBINED = "e\u0301"  # one cell, two characters
ALPHABET = st.sampled_from("ab -/:é" + WIDE + "👍" + "\u0301\u3000\xa0\x1b\u202e\u200b\n\t")
TEXTS = st.text(ALPHABET, max_size=30) | st.text(max_size=20)
WIDTHS = st.integers(min_value=0, max_value=40)
SPANS = st.lists(
    st.builds(lambda text, shrinks: (shrinking if shrinks else span)(text), TEXTS, st.booleans())
)


def text_of(line: Line) -> str:
    return "".join(each.text for each in line)


def without_spaces(text: str) -> str:
    return "".join(text.split())


# fit


def test_the_left_side_and_the_right_side_stand_at_the_edges() -> None:
    line = fit((span("name"),), (span("43m"),), 12)
    assert text_of(line) == "name     43m"


def test_what_may_shrink_gives_way_and_what_may_not_stays_whole() -> None:
    line = fit((span("▾ "), shrinking("a-very-long-name")), (span("43m 10s"),), 20)
    assert text_of(line) == "▾ a-very-lo… 43m 10s"


def test_a_shrunk_span_says_that_it_was_cut() -> None:
    line = fit((shrinking("abcdefghij"),), (), 6)
    assert text_of(line) == "abcde…"


def test_the_right_side_outlives_the_left_one() -> None:
    line = fit((span("abcdefgh"),), (span("43m 10s"),), 9)
    assert text_of(line).endswith("43m 10s")


def test_no_width_is_no_line() -> None:
    assert fit((span("a"),), (span("b"),), 0) == ()
    assert fit((span("a"),), (span("b"),), -3) == ()


def test_tones_stay_with_their_text() -> None:
    line = fit((span("a", Tone.GOOD), shrinking("b" * 30, Tone.BAD)), (span("c", Tone.WARN),), 10)
    tones = {each.tone: each.text for each in line if each.text.strip()}
    assert tones[Tone.GOOD] == "a"
    assert tones[Tone.BAD].startswith("b")
    assert tones[Tone.WARN] == "c"


@given(left=SPANS, right=SPANS, width=WIDTHS)
def test_a_line_has_exactly_its_width(left: list[Span], right: list[Span], width: int) -> None:
    assert width_of(fit(left, right, width)) == width


@given(left=SPANS, width=WIDTHS)
def test_what_fits_is_not_touched(left: list[Span], width: int) -> None:
    if width_of(left) <= width and width > 0:
        assert text_of(fit(left, (), width)).startswith(text_of(tuple(left)))


# inertness


@given(TEXTS)
def test_a_span_holds_nothing_that_steers_a_terminal(text: str) -> None:
    for made in (span(text), shrinking(text)):
        assert sanitize(made.text) == made.text
        assert not set(made.text) & {"\x1b", "\n", "\r", "\t", "\x9b", "\u202e", "\u200b"}


# cut, cut_middle, pad


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
    assert cut(text, width) == expected


@given(TEXTS.map(sanitize), WIDTHS)
def test_a_cut_text_has_at_most_its_width_and_begins_as_before(text: str, width: int) -> None:
    result = cut(text, width)
    assert cell_len(result) <= width
    if result.endswith("…") and cell_len(text) > width:
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
    assert cell_len(cut_middle(text, width)) <= width


@given(TEXTS.map(sanitize), WIDTHS)
def test_a_padded_text_has_exactly_its_width(text: str, width: int) -> None:
    assert cell_len(pad(text, width)) == width


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
    assert all(cell_len(line) <= width for line in lines)
    assert without_spaces("".join(lines)) == without_spaces(text)
