"""A command is split as Python's shlex and botocore split it, and each word is found where it stands."""

import shlex
from itertools import pairwise

import pytest
from botocore.compat import compat_shell_split
from hypothesis import example, given
from hypothesis import strategies as st

from rolecall.masking.commands import split

COMMANDS = st.text(alphabet="ab \t\n\\'\"|;$=-", max_size=30)


@given(COMMANDS)
@example('"\\$"')
def test_the_words_are_those_of_shlex_and_of_botocore(command: str) -> None:
    words, is_whole = split(command)
    try:
        wanted = shlex.split(command)
    except ValueError:
        assert not is_whole
        return
    # an empty word in quotes holds nothing that could be shown
    assert [word.text for word in words if word.text] == [text for text in wanted if text]
    assert compat_shell_split(command, "linux") == wanted
    assert is_whole


@given(COMMANDS)
def test_each_word_is_found_where_it_stands(command: str) -> None:
    words, _ = split(command)
    assert all(one.stop <= other.start for one, other in pairwise(words))
    for word in words:
        alone, _ = split(command[word.start : word.stop])
        assert [each.text for each in alone] == [word.text]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("a;b", ["a", ";", "b"]),
        ("a|b c&&d", ["a", "|", "b", "c", "&&", "d"]),
        ("a ';' \\;", ["a", ";", ";"]),
        ("(a)>b", ["(", "a", ")>", "b"]),
    ],
)
def test_in_a_script_an_operator_is_a_word_of_its_own(script: str, words: list[str]) -> None:
    found, _ = split(script, is_script=True)
    assert [word.text for word in found] == words
    assert all(not word.is_operator for word in found if "'" in script and word.text == ";")
