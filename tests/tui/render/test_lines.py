"""A line fits its width exactly, whatever is in it, and no text of others steers the terminal."""

from hypothesis import given
from hypothesis import strategies as st

from rolecall.text import sanitize
from rolecall.tui.render.lines import Line, Span, fit, shrinking, span, width_of
from rolecall.tui.tones import Tone

WIDE = "日本語"  # two cells each
ALPHABET = st.sampled_from("ab -/:é" + WIDE + "👍" + "\u0301\u3000\xa0\x1b\u202e\u200b\n\t")
TEXTS = st.text(ALPHABET, max_size=30) | st.text(max_size=20)
WIDTHS = st.integers(min_value=0, max_value=40)
SPANS = st.lists(
    st.builds(lambda text, shrinks: (shrinking if shrinks else span)(text), TEXTS, st.booleans())
)


def text_of(line: Line) -> str:
    return "".join(each.text for each in line)


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


# cut_end, cut_middle, pad
