"""Nothing hostile and nothing too long reaches a person (what is secret: test_masking)."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall import text

TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\x00\x07\x1b\r\n\t\x7f\x9b\u202e\u2066\u200b\u200d\ufeff\ud800\U000e0041\u00ad�\u0301\u0301"
        ),
    ),
    max_size=40,
)
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
INVISIBLE = (
    *range(0x115F, 0x1161),
    *range(0x180B, 0x1810),
    *range(0x200B, 0x2010),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFF9),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE1000),
    *(0xAD, 0x34F, 0x61C, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
)
"""Unicode's Default_Ignorable_Code_Point: what a terminal shows as nothing."""


# sanitize


@given(TEXTS)
def test_nothing_steers_the_terminal(words: str) -> None:
    shown = text.sanitize(words)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(character) for character in shown} & BIDI
    shown.encode()  # a lone surrogate would raise


def test_nothing_hides() -> None:
    assert [hex(code) for code in INVISIBLE if text.sanitize(chr(code)) != "\ufffd"] == []


@given(TEXTS)
def test_sanitizing_keeps_the_length_and_is_done_once(words: str) -> None:
    shown = text.sanitize(words)
    assert len(shown) == len(words)
    assert text.sanitize(shown) == shown


@pytest.mark.parametrize(
    "words",
    [
        "หนึ่ง",
        "हिन्दी",
        "",
        "prod-admin",
        "ที่นี่",
        "größe",
        "prod=eu (west)",
        "日本語",
        "e\u0301",
        "[red]x[/]",
        "العربية",
        "😀",
    ],
)
def test_what_people_write_stays_as_it_is(words: str) -> None:
    assert text.sanitize(words) == words


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\nb\rc\td", "a␊b␍c␉d"),
        ("\x00\x7f", "␀␡"),
        ("\x9b31m", "\ufffd31m"),
        ("abc\u202edef", "abc\ufffddef"),
        ("pro\u200bd", "pro\ufffdd"),
        ("\ud83d", "\ufffd"),
    ],
)
def test_a_control_character_is_seen(hostile: str, shown: str) -> None:
    assert text.sanitize(hostile) == shown


@pytest.mark.parametrize("mark", ["\u0301", "\u0e47", "\u20dd", "\u0489"])
def test_no_pile_of_marks_covers_the_lines_around(mark: str) -> None:
    assert text.sanitize("e" + mark * 4 + "x") == "e" + mark * 4 + "x"
    assert text.sanitize("e" + mark * 6 + "x" + mark) == "e" + mark * 4 + "\ufffd" * 2 + "x" + mark


# elide


@given(TEXTS, st.integers(-2, 50))
def test_a_cut_text_fits(words: str, width: int) -> None:
    cut = text.elide(words, width)
    assert len(cut) <= max(width, 0)
    assert cut == words or text.ELLIPSIS in cut or width <= 0


@given(TEXTS, st.integers(0, 50))
def test_a_text_that_fits_is_not_cut(words: str, more: int) -> None:
    assert text.elide(words, len(words) + more) == words


@pytest.mark.parametrize(
    ("width", "cut"),
    [(0, ""), (1, "…"), (2, "a…"), (5, "abcd…"), (9, "abcdefgh…"), (10, "abcdefghij")],
)
def test_a_text_is_cut_to_the_width(width: int, cut: str) -> None:
    assert text.elide("abcdefghij", width) == cut


# Lengths of time


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0s"),
        (0, "0s"),
        (0.9, "0s"),
        (59.9, "59s"),
        (60, "1m 00s"),
        (43 * 60 + 10, "43m 10s"),
        (3599, "59m 59s"),
        (3600, "1h 00m"),
        (6 * 3600 + 2 * 60 + 59, "6h 02m"),
        (86399, "23h 59m"),
        (86400, "1d 0h"),
        (3 * 86400 + 4 * 3600 + 3599, "3d 4h"),
        (400 * 86400, "400d 0h"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds: float, words: str) -> None:
    assert text.duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0s ago"),
        (0, "0s ago"),
        (59, "59s ago"),
        (60, "1m ago"),
        (3599, "59m ago"),
        (3 * 3600 + 3599, "3h ago"),
        (86400, "1d ago"),
        (99 * 86400, "99d ago"),
    ],
)
def test_the_past_is_told_in_its_largest_unit(seconds: int, words: str) -> None:
    assert text.ago(timedelta(seconds=seconds)) == words


@given(st.integers(0, 10**9))
def test_a_duration_grows_with_the_time(seconds: int) -> None:
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    told = sum(int(part[:-1]) * units[part[-1]] for part in text.duration(seconds).split())
    coarsest = 1 if seconds < text.HOUR else 60 if seconds < text.DAY else text.HOUR
    assert told == seconds // coarsest * coarsest


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2030, 1, 2, 3, 4, 5, 999, tzinfo=UTC), "2030-01-02T03:04:05Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
        (datetime(9999, 12, 31, tzinfo=UTC), "9999-12-31T00:00:00Z"),
        (None, None),
    ],
)
def test_a_moment_is_written_in_utc(moment: datetime | None, words: str | None) -> None:
    assert text.utc(moment) == words


@pytest.mark.parametrize(
    ("octets", "words"),
    [(0, "1 kB"), (1500, "1 kB"), (999_999, "999 kB"), (1_000_000, "1 MB"), (52_400_000, "52 MB")],
)
def test_a_size_is_told_as_people_say_it(octets: int, words: str) -> None:
    assert text.size(octets) == words


def test_a_pile_of_combining_marks_is_shown_as_one_and_an_accent_is_not() -> None:
    assert text.sanitize("e" + "\u0301" * 6) == "e" + "\u0301" * 4 + "\ufffd" * 2
    assert text.sanitize("cafe\u0301") == "cafe\u0301"
