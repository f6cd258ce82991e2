"""The lines of a file: sorted as botocore reads them, and put together again to the byte."""

import configparser

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rolecall.actions.editing.document import Document, Line, Splice, split
from rolecall.aws.config_lines import locate
from tests.differential import EXAMPLES
from tests.differential.test_locator import line_soups, written_files

ANY = settings(
    max_examples=EXAMPLES // 3, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
)


def located(document: Document) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Return what the document says stands where: header, its line, the keys with theirs (from 1)."""
    return [
        (part.header, part.start + 1, [(entry.name, entry.start + 1) for entry in part.entries])
        for part in document.parts
        if part.header != "DEFAULT"
    ]


@ANY
@given(text=st.one_of(written_files(), line_soups()))
@example(text="   # indented, before the first header\n[default]\nregion = r\n")
@example(text="[DEFAULT]\na = 1\n[default]\nregion = r\n[DEFAULT]\nb = 2\n")
@example(text="[default]\rregion = r\r")
@example(text="[default]\nregion = r\n# c\n\n# d\n  continued\n")
def test_sections_and_keys_stand_where_botocore_read_them(text: str) -> None:
    # GIVEN a file's text that botocore accepts
    try:
        wanted = locate(text)
    except configparser.Error:
        return

    # WHEN its lines are sorted
    document = Document.read(text)

    # THEN every header and key stands on botocore's line, in the same order
    assert located(document) == [
        (header, section.line, [(name, key.line) for name, key in section.keys.items()])
        for header, section in wanted.sections.items()
    ]

    # AND the lines of a value are the value: its words, comments and blank lines, nothing more
    for part in document.parts:
        keys = wanted.defaults if part.header == "DEFAULT" else wanted.sections[part.header].keys
        for entry in part.entries:
            lines = document.lines[entry.start + 1 : entry.stop]
            words = [line.text.strip() for line in lines if not line.is_blank and not line.is_comment]
            assert words == [line for line in keys[entry.name].value.split("\n")[1:] if line]
            assert not lines or (not lines[-1].is_blank and not lines[-1].is_comment)


@ANY
@given(text=st.one_of(written_files(), line_soups()))
def test_a_file_in_which_nothing_is_replaced_is_the_same(text: str) -> None:
    lines = split(text)
    assert "".join(line.text + line.end for line in lines) == text
    assert Document(lines, ()).spliced(()) == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("a", (Line("a", ""),)),
        ("a\n", (Line("a", "\n"),)),
        ("a\r\nb\rc\n\r", (Line("a", "\r\n"), Line("b", "\r"), Line("c", "\n"), Line("", "\r"))),
        ("a\u2028b\x85c\x0bd\n", (Line("a\u2028b\x85c\x0bd", "\n"),)),
    ],
)
def test_lines_end_where_a_file_in_text_mode_has_them_end(text: str, lines: tuple[Line, ...]) -> None:
    assert split(text) == lines


@pytest.mark.parametrize(
    ("text", "splice", "after"),
    [
        ("a\nb\n", Splice(0, 1, (Line("x", "\n"),)), "x\nb\n"),
        ("a\nb\n", Splice(1, 1, (Line("x", "\n"),)), "a\nx\nb\n"),
        ("a\nb\n", Splice(0, 2), ""),
        # a file without a final newline gets none
        ("a\nb", Splice(1, 2), "a"),
        ("a\nb", Splice(2, 2, (Line("x", "\n"),)), "a\nb\nx"),
        ("a\r\nb", Splice(2, 2, (Line("x", "\r\n"),)), "a\r\nb\r\nx"),
        ("a", Splice(0, 1, (Line("x", "\n"), Line("y", "\n"))), "x\ny"),
        ("", Splice(0, 0, (Line("x", "\n"),)), "x\n"),
    ],
)
def test_lines_are_replaced_and_the_last_line_ends_as_it_did(text: str, splice: Splice, after: str) -> None:
    assert Document(split(text), ()).spliced([splice]) == after


def test_two_edits_of_one_line_are_a_mistake() -> None:
    document = Document(split("a\nb\n"), ())
    with pytest.raises(AssertionError, match="same line"):
        document.spliced([Splice(0, 2), Splice(1, 2)])


@pytest.mark.parametrize(
    ("text", "end"),
    [("", "\n"), ("a", "\n"), ("a\r\nb\r\nc\n", "\r\n"), ("a\nb\nc\r\n", "\n"), ("a\rb\r", "\r")],
)
def test_the_line_end_of_a_file_is_the_one_that_most_lines_have(text: str, end: str) -> None:
    assert Document(split(text), ()).default_line_end == end


def test_a_new_line_ends_as_the_line_above_does() -> None:
    document = Document(split("a\r\nb\nc"), ())
    assert [document.end_at(index) for index in range(3)] == ["\r\n", "\n", "\n"]


def test_no_line_of_a_file_is_in_a_repr() -> None:
    document = Document.read("[x]\naws_secret_access_key = CANARY\n")
    assert "CANARY" not in repr((document, document.lines, Splice(0, 1, document.lines)))
