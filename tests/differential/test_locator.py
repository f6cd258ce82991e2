"""The locator against botocore's own parser, over random files: same keys and values, and the right lines."""

import configparser
import re
from pathlib import Path

import pytest
from botocore.configloader import raw_config_parse
from botocore.exceptions import ConfigParseError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rolecall.aws.config_lines import Located, locate, parse
from tests.differential import EXAMPLES
from tests.differential.ini import COMMENTS, DELIMITERS, Fault, one_in, texts
from tests.differential.profiles import drafts
from tests.differential.sections import config_sections

LINE_END = re.compile(r"\r\n|\r|\n")
SPACES = ("", "", "", " ", "    ", "\t", "\x0b", "\x0c", "\xa0", "\u3000")
KEYS = ("region", "Region", "s3", "a b", "İ", "größe", "ﬁ", "a]", "#a", "=", "", "\x85k", "\u2028k", "\0")
VALUES = ("", "x", " x ", "# c", "; c", "[x]", "=", ":", "a = b", "%(region)s", "\x85", "\u2028", "\0", '"q"')
HEADERS = ("default", "DEFAULT", "profile x", "", "[x", "x]", " x ", "]", "größe", "x]y[z", "\t", "Default")


@st.composite
def written_files(draw: st.DrawFn) -> str:
    """Draw a config file as the homes have it."""
    fault = draw(st.sampled_from(tuple(Fault))) if one_in(draw, 4) else None
    return draw(texts(draw(config_sections(draw(drafts()))), fault))


@st.composite
def line_soups(draw: st.DrawFn) -> str:
    """Draw lines that look like a config file's, in no order, with odd spaces, ends and characters."""
    spaces = st.sampled_from(SPACES)
    header = st.builds(
        "{}[{}]{}".format, spaces, st.sampled_from(HEADERS), st.sampled_from(("", "x", "]", " #"))
    )
    key = st.builds(
        "{}{}{}{}".format, spaces, st.sampled_from(KEYS), st.sampled_from(DELIMITERS), st.sampled_from(VALUES)
    )
    free = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    line = st.one_of(
        header, key, key, key, key, spaces, st.sampled_from(COMMENTS), st.builds("  {}".format, key)
    )
    lines = draw(
        st.lists(st.one_of(line, line, line, line, line, line, line, free) if one_in(draw, 4) else line)
    )
    start = draw(st.sampled_from(("[default]", "[default]", "[profile x]\n[y]", "")))
    ends = st.sampled_from(("\n", "\n", "\n", "\r\n", "\r"))
    return start + "\n" + "".join(line + draw(ends) for line in lines)


def parsed(path: Path) -> dict[str, dict[str, str]] | ConfigParseError:
    """Return what botocore reads in a file, or why it refuses."""
    try:
        return raw_config_parse(str(path), parse_subsections=False)
    except ConfigParseError as refused:
        return refused


def place_of(error: object) -> tuple[object, ...]:
    """Return what a parser's error says of the place."""
    return type(error), getattr(error, "lineno", None), getattr(error, "errors", None)


def values_with_leaks(located: Located) -> dict[str, dict[str, str]]:
    """Return what the sections hold once [DEFAULT] has leaked into them, as configparser lists it."""
    defaults = {name: key.value for name, key in located.defaults.items()}
    return {
        header: defaults | {name: key.value for name, key in section.keys.items()}
        for header, section in located.sections.items()
    }


def assert_stands_on_its_line(lines: list[str], number: int, name: str, value: str) -> None:
    """Check one located key with nothing but the text: key, delimiter, the value's first line."""
    line = lines[number - 1].strip()
    key, delimiter, rest = next(
        (line[:at].rstrip(), line[at], line[at + 1 :].strip()) for at in range(len(line)) if line[at] in "=:"
    )
    assert key.lower() == name
    assert delimiter in "=:"
    assert rest == value.split("\n", 1)[0]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("locator") / "config"


@settings(max_examples=EXAMPLES, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(text=st.one_of(written_files(), line_soups()))
@example(text="[default]\nregion = r\n[DEFAULT]\nregion = d\noutput = json\n")
@example(text="[default]\r\nregion = r\r  output = json\r\n")
@example(text="\ufeff[default]\nregion = r\n")
def test_located_keys_values_and_lines_are_those_that_botocore_parsed(file: Path, text: str) -> None:
    # GIVEN a file's text
    file.write_bytes(text.encode())
    expected = parsed(file)

    # WHEN botocore refuses it
    if isinstance(expected, ConfigParseError):
        # THEN so does the locator, at the same place
        with pytest.raises(configparser.Error) as caught:
            locate(text)
        assert place_of(caught.value) == place_of(expected.kwargs["error"])
        # AND the parser of one pass leaves it to botocore's
        assert parse(text) is None
        return

    # WHEN botocore accepts it
    located = locate(text)

    # THEN the same sections hold the same keys and values, in the same order of sections
    assert list(located.sections) == list(expected)
    assert values_with_leaks(located) == expected

    # AND one pass gives the same, or leaves it to botocore's parser
    at_once = parse(text)
    if at_once is not None:
        assert (at_once.located, at_once.values) == (located, expected)
        assert list(at_once.values) == list(expected)
        assert [list(keys) for keys in at_once.values.values()] == [list(keys) for keys in expected.values()]

    # AND each stands on the line that is said
    lines = LINE_END.split(text)
    taken = [section.line for section in located.sections.values()]
    for header, section in located.sections.items():
        assert lines[section.line - 1].strip().startswith(f"[{header}]")
    for keys in (located.defaults, *(section.keys for section in located.sections.values())):
        for name, key in keys.items():
            assert_stands_on_its_line(lines, key.line, name, key.value)
            taken.append(key.line)
    assert len(taken) == len(set(taken))
