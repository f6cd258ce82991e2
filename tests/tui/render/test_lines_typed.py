"""What is typed is drawn character for character, with nothing hostile and nothing secret in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.text import mask, sanitize
from rolecall.tui.render.lines import BULLET, harmless, veiled

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzCANARY01"


@pytest.mark.parametrize("text", ["", "eu-west-1", "arn:aws:iam::111122223333:role/Dev", "zażółć gęślą 日本"])
def test_plain_text_is_drawn_as_it_is(text: str) -> None:
    assert veiled(text) == text


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        (SECRET, BULLET * 40),
        (f"helper --secret {SECRET} -v", f"helper --secret {BULLET * 40} -v"),
        (f"a --password {SECRET} b --token {SECRET} c", f"a --password {BULLET * 91} c"),
        ("AKIAIOSFODNN7EXAMPLE", BULLET * 16 + "MPLE"),
    ],
)
def test_what_looks_like_a_secret_becomes_bullets(text: str, drawn: str) -> None:
    assert veiled(text) == drawn


def test_controls_become_visible() -> None:
    assert veiled("a\x1b[2Jb\u202e") == "a␛[2Jb\ufffd"


PIECES = st.sampled_from([*"ab=:/ -•…\x1b", SECRET, "token", "secret", "://u:p@", "AKIAIOSFODNN7EXAMPLE"])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_number_of_characters_stays_and_no_secret_is_left(text: str) -> None:
    drawn = veiled(text)
    assert len(drawn) == len(text)
    assert sanitize(drawn) == drawn
    if mask(text) != text:
        assert BULLET in drawn
    if SECRET in text and SECRET not in mask(text):
        assert "CANARY" not in drawn


def test_what_nobody_can_see_is_left_out_of_what_is_pasted() -> None:
    assert harmless("\x1b[31mar\u200bn:aws\x07") == "[31marn:aws"
