"""The guard: it reads as botocore reads, and lets nothing through but what was asked for."""

import configparser
from pathlib import Path

import pytest
from botocore import configloader
from botocore.exceptions import ConfigParseError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rolecall.actions.editing import verify
from rolecall.actions.editing.document import Line, Splice, split
from rolecall.actions.editing.verify import Changes, Parsed
from rolecall.actions.errors import ActionFailed
from tests.actions.editing.files_at_random import pairs
from tests.differential import EXAMPLES
from tests.differential.test_locator import line_soups, written_files


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guard") / "config"


@settings(max_examples=EXAMPLES // 3, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(text=st.one_of(written_files(), line_soups(), pairs().map(lambda pair: (pair.config or b"").decode())))
@example(text="[a]\ns3 =\n  max\n")
@example(text="[a]\ns3 =\n  a = 1\u2028b\n")
@example(text="[a]\r\ns3 =\r\n  a = 1\r  b = 2\n\n  # c\n  c = 3")
@example(text="[DEFAULT]\ns3 =\n  a = 1\n[a]\n")
def test_a_text_means_to_the_guard_what_the_file_means_to_botocore(file: Path, text: str) -> None:
    # GIVEN a text, and a file that holds it
    file.write_bytes(text.encode())

    # WHEN botocore reads the file
    try:
        wanted = configloader.raw_config_parse(str(file))
    except ConfigParseError:
        # THEN what it refuses, the guard refuses
        with pytest.raises((configparser.Error, ValueError)):
            verify.parse(text)
        return

    # THEN what it reads, the guard reads: sections and keys in the same order, and the same values
    found = verify.parse(text).sections
    assert found == wanted
    assert [(header, list(section)) for header, section in found.items()] == [
        (header, list(section)) for header, section in wanted.items()
    ]


def test_a_block_of_default_that_no_section_gets_is_nobody_s_fault(file: Path) -> None:
    text = "[DEFAULT]\nregion =\n  no delimiter\n"
    file.write_text(text)
    assert verify.parse(text).sections == configloader.raw_config_parse(str(file)) == {}
    with pytest.raises(ValueError, match="unpack"):
        verify.parse(f"{text}[profile x]\n")


BEFORE = "[DEFAULT]\nleak = 1\n[a]\nx = 1\ny = 2\n[b]\nx = 3\n"
OWN = {"a": frozenset({"x", "y"}), "b": frozenset({"x"}), "DEFAULT": frozenset({"leak"})}


@pytest.mark.parametrize(
    ("wish", "after"),
    [
        (Changes(changes={"a": {"x": "9"}}), "[DEFAULT]\nleak = 1\n[a]\nx = 9\ny = 2\n[b]\nx = 3\n"),
        (Changes(changes={"a": {"x": None}}), "[DEFAULT]\nleak = 1\n[a]\ny = 2\n[b]\nx = 3\n"),
        (Changes(changes={"a": {"leak": "2"}}), "[DEFAULT]\nleak=1\n[a]\nleak=2\nx=1\ny=2\n[b]\nx=3\n"),
        (Changes(changes={"DEFAULT": {"leak": "2"}}), BEFORE.replace("leak = 1", "leak = 2")),
        (Changes(changes={"a": {"s3": "\n  k = v\n  # c"}}), BEFORE.replace("y = 2", "y = 2\ns3 =\n  k = v")),
        (Changes(added={"c": {"x": "4"}}), BEFORE + "[c]\nx = 4\n"),
        (Changes(renamed={"a": "z"}), BEFORE.replace("[a]", "[z]")),
        (Changes(removed={"a"}), "[DEFAULT]\nleak = 1\n[b]\nx = 3\n"),
        (Changes(copied={"a": "c"}), BEFORE.replace("[b]", "[c]\nx = 1\ny = 2\n[b]")),
    ],
)
def test_what_was_asked_for_is_let_through(wish: Changes, after: str) -> None:
    verify.verify_text(after, verify.expected(verify.parse(BEFORE), wish, OWN))


SET = Changes(changes={"a": {"x": "9"}})


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(BEFORE, id="nothing changed"),
        pytest.param(BEFORE.replace("x = 1", "x = 8"), id="another value"),
        pytest.param(BEFORE.replace("x = 1", "x = 9").replace("y = 2", "y = 3"), id="another key as well"),
        pytest.param(BEFORE.replace("x = 1\ny", "x = 9\n y"), id="the next key swallowed"),
        pytest.param(BEFORE.replace("x = 1\n", "x = 9\nz = 0\n"), id="one key more"),
        pytest.param(BEFORE.replace("x = 1\ny = 2\n", "x = 9\n"), id="one key less"),
        pytest.param(
            BEFORE.replace("x = 1", "x = 9").replace("x = 3", "x = 9"), id="another section as well"
        ),
        pytest.param(BEFORE.replace("x = 1", "x = 9") + "[c]\n", id="one section more"),
        pytest.param(BEFORE.replace("x = 1", "x = 9").partition("[b]")[0], id="one section less"),
        pytest.param("[b]\nx = 3\nleak=1\n[a]\nx = 9\ny = 2\nleak=1\n", id="another order"),
        pytest.param(BEFORE.replace("x = 1", "x = 9").replace("leak = 1", "leak = 2"), id="another leak"),
        pytest.param(BEFORE.replace("x = 1", "x = 9\nX = 9"), id="a file that botocore refuses"),
        pytest.param(BEFORE.replace("x = 1", "x = 9") + "s3 =\n  max\n", id="a block that botocore refuses"),
    ],
)
def test_anything_else_is_refused(after: str) -> None:
    with pytest.raises(ActionFailed) as refused:
        verify.verify_text(after, verify.expected(verify.parse(BEFORE), SET, OWN))
    assert refused.value.kind == "Refused"
    assert "Nothing is written" in refused.value.message


def test_a_leak_that_changes_where_no_section_has_it_is_refused_too() -> None:
    wanted = Parsed({}, {"leak": "1"})
    verify.verify_text("[DEFAULT]\nleak = 1\n", wanted)
    with pytest.raises(ActionFailed, match="DEFAULT"):
        verify.verify_text("[DEFAULT]\nleak = 2\n", wanted)


def test_a_refusal_names_sections_and_keys_but_never_a_value() -> None:
    before = verify.parse("[a]\naws_secret_access_key = CANARY\n")
    with pytest.raises(ActionFailed) as refused:
        verify.verify_text("[a]\naws_secret_access_key = CANARY2\n", before)
    assert "aws_secret_access_key" in refused.value.message
    assert "CANARY" not in str(refused.value)


LINES = split("a\nb\r\nc\nd")


@pytest.mark.parametrize(
    ("after", "splices"),
    [
        ("a\nb\r\nc\nd", []),
        ("a\nX\nc\nd", [Splice(1, 2, (Line("X", "\n"),))]),
        ("b\r\nd", [Splice(0, 1), Splice(2, 3)]),
        ("a\nb\r\nc\nd\nX", [Splice(4, 4, (Line("X", "\n"),))]),
        ("a\nb\r\nc", [Splice(3, 4)]),  # a file without a final newline has none afterwards
        ("a\nb", [Splice(2, 4)]),
        ("a\nX", [Splice(1, 3), Splice(3, 4, (Line("X", ""),))]),
        ("X\nb\r\nY\nd", [Splice(2, 3, (Line("Y", "\n"),)), Splice(0, 1, (Line("X", "\n"),))]),
    ],
)
def test_lines_that_no_splice_is_about_stand_as_they_stood(after: str, splices: list[Splice]) -> None:
    verify.check_untouched(LINES, after, splices)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("X\nb\nc\nd", id="a line end"),
        pytest.param("X\nb\r\nd", id="a line lost"),
        pytest.param("X\nb\r\nc \nd", id="a blank"),
        pytest.param("X\nb\r\nc\nd\n", id="a final newline"),
        pytest.param("X\nb\r\nc\nd\ne", id="a line more"),
        pytest.param("X\nc\nb\r\nd", id="another order"),
    ],
)
def test_a_byte_that_no_splice_is_about_is_refused(after: str) -> None:
    with pytest.raises(ActionFailed, match="Nothing is written"):
        verify.check_untouched(LINES, after, [Splice(0, 1, (Line("X", "\n"),))])
