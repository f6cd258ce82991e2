"""On which line everything in a file stands: the parsing table of aws-facts §2, row by row."""

import configparser
from pathlib import Path

import pytest
from botocore import configloader
from hypothesis import given
from hypothesis import strategies as st

from rolecall.aws.config_lines import KeyLine, Located, bad_nested_line, locate


def keys(text: str, header: str = "x") -> dict[str, tuple[int, str]]:
    """Return key → (line, raw value) of one section."""
    return {name: (key.line, key.value) for name, key in locate(text).sections[header].keys.items()}


CASES = {
    "flush": ("[x]\na = 1\nb = 2\n", {"a": (2, "1"), "b": (3, "2")}),
    "blank lines and comments": ("\n# c\n[x]\n\n; c\na = 1\n\nb = 2\n", {"a": (6, "1"), "b": (8, "2")}),
    "key case": ("[x]\nRegion = R\n", {"region": (2, "R")}),
    "colon": ("[x]\nrole_arn arn:aws:iam\n", {"role_arn arn": (2, "aws:iam")}),
    "no value": ("[x]\na =\nb = 2\n", {"a": (2, ""), "b": (3, "2")}),
    "inline comments stay": ("[x]\na = 1 # c\nb = 2 ; c\n", {"a": (2, "1 # c"), "b": (3, "2 ; c")}),
    "literal quotes and percents": ('[x]\na = "1"\nb = %(c)s\n', {"a": (2, '"1"'), "b": (3, "%(c)s")}),
    "all indented": ("[x]\n  a = 1\n  b = 2\n", {"a": (2, "1"), "b": (3, "2")}),
    "second key indented": ("[x]\na = 1\n  b = 2\nc = 3\n", {"a": (2, "1\nb = 2"), "c": (4, "3")}),
    "indented header after a key": ("[x]\na = 1\n  [y]\nb = 2\n", {"a": (2, "1\n[y]"), "b": (4, "2")}),
    "indented comment after a key": ("[x]\na = 1\n  # c\nb = 2\n", {"a": (2, "1"), "b": (4, "2")}),
    "nested block": ("[x]\ns3 =\n  a = 1\n  b = 2\nc = 3\n", {"s3": (2, "\na = 1\nb = 2"), "c": (5, "3")}),
    "comment in a nested block": ("[x]\ns3 =\n  a = 1\n  # c\n  b = 2\n", {"s3": (2, "\na = 1\nb = 2")}),
    "blank line in a value": ("[x]\na = 1\n\n  b\nc = 3\n", {"a": (2, "1\n\nb"), "c": (5, "3")}),
    "CRLF": ("[x]\r\na = 1\r\nb = 2\r\n", {"a": (2, "1"), "b": (3, "2")}),
    "lone CR": ("[x]\ra = 1\rb = 2\r", {"a": (2, "1"), "b": (3, "2")}),
    "mixed line ends": ("[x]\r\na = 1\nb = 2\rc = 3", {"a": (2, "1"), "b": (3, "2"), "c": (4, "3")}),
    "other separators": ("[x]\na = 1\x0b2\u20283\nb = 2\n", {"a": (2, "1\x0b2\u20283"), "b": (3, "2")}),
    "text after the header": ("[x] # c\na = 1\n", {"a": (2, "1")}),
    "DEFAULT elsewhere": ("[DEFAULT]\na = 0\nb = 0\n[x]\na = 1\n", {"a": (5, "1")}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_key_has_its_first_line_and_its_whole_value(tmp_path: Path, case: str) -> None:
    text, expected = CASES[case]
    assert keys(text) == expected
    # AND the values are those that botocore nests or takes as they are
    (tmp_path / "file").write_bytes(text.encode())
    parsed = configloader.raw_config_parse(str(tmp_path / "file"), parse_subsections=False)["x"]
    defaults = locate(text).defaults
    assert parsed == {n: k.value for n, k in defaults.items()} | {
        n: value for n, (_, value) in expected.items()
    }


def test_each_section_has_the_line_of_its_header() -> None:
    located = locate("# c\n[a]\nx = 1\n\n[b c]junk\n\n[ d ]\n")
    assert {header: section.line for header, section in located.sections.items()} == {
        "a": 2,
        "b c": 5,
        " d ": 7,
    }


def test_the_greedy_bracket_is_part_of_the_header() -> None:
    assert list(locate("[profile x] # see [y]\n").sections) == ["profile x] # see [y"]


def test_default_is_kept_apart_and_may_stand_twice() -> None:
    located = locate("[DEFAULT]\na = 1\n[x]\nb = 2\n[DEFAULT]\nc = 3\n")
    assert located.defaults == {"a": KeyLine(2, "1"), "c": KeyLine(6, "3")}
    assert located.defaults_line == 1
    assert set(located.sections) == {"x"}
    assert set(located.sections["x"].keys) == {"b"}


def test_an_empty_file_has_nothing() -> None:
    assert locate("") == Located()


@pytest.mark.parametrize(
    "text",
    [
        "[x]\n[x]\n",
        "[x]\na=1\nA=2\n",
        "[DEFAULT]\na=1\n[DEFAULT]\na=2\n",
        "a=1\n",
        "[x]\na\n",
        "[x]\n= 1\n",
        "[]\n",
    ],
)
def test_what_botocore_refuses_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "file").write_text(text)
    with pytest.raises(configloader.botocore.exceptions.ConfigParseError):
        configloader.raw_config_parse(str(tmp_path / "file"))
    with pytest.raises(configparser.Error):
        locate(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[x]\na = 1\ns3 =\n  b = 1\n", None),
        ("[x]\na = 1\ns3 =\n  b = 1\n  max\n", 3),
        ("[x]\na = 1\n  no equals\n", None),  # a value that begins on the key's line is never nested
        ("[x]\ns3 =\n  one\n[y]\ns3 =\n  two\n", 2),
        ("[y]\ns3 =\n  a = 1\n[DEFAULT]\nb =\n  two\n", 5),
        ("[x]\ns3 =\n\n  a = 1\n", None),
    ],
)
def test_a_nested_block_that_botocore_refuses_is_found(text: str, line: int | None) -> None:
    assert bad_nested_line(locate(text)) == line


LINES = st.sampled_from(
    [
        "[x]",
        "[y]",
        "[DEFAULT]",
        "a = 1",
        "A = 2",
        "b=3",
        "  a = 4",
        "\tc = 5",
        "d =",
        "# c",
        "  # c",
        "",
        "  ",
        "e : 6",
    ]
)


@given(lines=st.lists(LINES, max_size=12), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_line_that_is_named_holds_its_header_or_key(lines: list[str], end: str) -> None:
    try:
        located = locate(end.join(lines))
    except configparser.Error:
        return
    for header, section in located.sections.items():
        assert lines[section.line - 1] == f"[{header}]"
        for name, key in section.keys.items():
            first = lines[key.line - 1].strip().lower()
            assert first.startswith(name)
            assert first.endswith(key.value.split("\n")[0].lower())
