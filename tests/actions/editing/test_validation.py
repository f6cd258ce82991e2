"""What can be written into a file: it comes back as it went in, or it is refused."""

from pathlib import Path

import pytest
from botocore import configloader

from rolecall.actions.editing import edits
from rolecall.actions.editing.validation import PROFILE, SSO_SESSION, header_in_style, header_of
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import FileKind
from tests.actions.editing.edits_here import after, home, profiles

NAMES = (
    "x",
    "my prof",
    "it's",
    'say "hi"',
    "back\\slash",
    "#hash",
    ";x",
    "größe",
    "a=b",
    "'",
    "DEFAULT",
    "a  b",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_back_from_both_files(tmp_path: Path, name: str) -> None:
    snapshot = home(tmp_path)
    config = after(edits.add_profile(snapshot, name, {"region": "r"}), FileKind.CONFIG)
    assert profiles(tmp_path, config) == {name: {"region": "r"}}
    if name != "DEFAULT":
        credentials = after(
            edits.add_profile(snapshot, name, {"aws_session_token": "t"}), FileKind.CREDENTIALS
        )
        (tmp_path / "read").write_text(credentials)
        assert configloader.raw_config_parse(str(tmp_path / "read")) == {name: {"aws_session_token": "t"}}


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("x", "profile x"),
        ("my prof", 'profile "my prof"'),
        ("it's", 'profile "it\'s"'),
        ('a"b', 'profile "a\\"b"'),
        ("a\\b", 'profile "a\\\\b"'),
        ("default", "default"),
        ("x#y", "profile x#y"),
    ],
)
def test_a_header_is_quoted_where_it_must_be(name: str, header: str) -> None:
    assert header_of(name, FileKind.CONFIG) == header
    assert header_of(name, FileKind.CREDENTIALS) == name


def test_a_session_has_a_header_of_its_own() -> None:
    assert header_of("corp", FileKind.CONFIG, SSO_SESSION) == "sso-session corp"
    assert header_of("default", FileKind.CONFIG, SSO_SESSION) == "sso-session default"


@pytest.mark.parametrize(
    ("old", "name", "header"),
    [
        ("profile x", "y", "profile y"),
        ('profile "x"', "y", 'profile "y"'),
        ("profile\t'x'", "y", "profile\t'y'"),
        ("profile\t'x'", "it's", 'profile "it\'s"'),
        ("profilefoo x", "y", "profilefoo y"),
        ("profile  x ", "y", "profile  y"),
        ("profile x", "a b", 'profile "a b"'),
        ("default", "y", "profile y"),
        ("profile x", "default", "default"),
        ("profile a\\ b", "y", "profile y"),
    ],
)
def test_a_new_name_is_written_like_the_old_one(old: str, name: str, header: str) -> None:
    assert header_in_style(old, name, FileKind.CONFIG, PROFILE) == header


def test_a_name_has_more_headers_than_one() -> None:
    taken = ["profile y", 'profile "y"']
    assert header_in_style("profile x", "y", FileKind.CONFIG, PROFILE, taken) == "profile 'y'"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty"),
        (" x", "blank"),
        ("x ", "blank"),
        ("a\nb", "a line end"),
        ("a\tb", "a tab"),
        ("a\x1b[2J", "control"),
        ("a]b", "brackets"),
        ("[x", "brackets"),
        ("a\ud800", "half a character"),
        ("a\x00b", "a NUL"),
        ("a\x85b", "control"),
    ],
)
def test_a_name_that_nobody_could_use_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    snapshot = home(tmp_path, "[profile x]\n")
    for ask in (
        lambda: edits.add_profile(snapshot, name, {}),
        lambda: edits.rename_profile(snapshot, "x", name),
        lambda: edits.duplicate_profile(snapshot, "x", name),
        lambda: edits.set_setting(snapshot, name, "region", "r"),
        lambda: edits.change_session(snapshot, name, {"sso_region": "r"}),
    ):
        with pytest.raises(ActionFailed, match=reason) as refused:
            ask()
        assert refused.value.kind == "Refused"


def test_no_profile_of_the_credentials_file_can_be_called_default_in_capitals(tmp_path: Path) -> None:
    with pytest.raises(ActionFailed, match="credentials file"):
        edits.add_profile(home(tmp_path), "DEFAULT", {"aws_session_token": "t"})


@pytest.mark.parametrize("key", ["", " a", "a ", "a=b", "a:b", "[a", "a]", "#a", ";a", "a\nb", "a\x00"])
def test_a_key_that_no_line_can_hold_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ActionFailed, match="A key cannot"):
        edits.set_setting(home(tmp_path, "[profile x]\n"), "x", key, "v")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (" v", "blank"),
        ("v\t", "blank"),
        ("a\nb", "several lines"),
        ("a\rb", "several lines"),
        ("\n", "empty"),
        ("\n  # only a comment\n", "empty"),
        ("\n  max: 1", "key = value"),
        ("\n  a = 1\rb = 2", "a line end"),
        ("\n  a = 1\u2028b = 2", "break its lines"),
        ("\n  a = 1\x0bb", "a control character"),
        ("a\udcffb", "bytes that are no text"),
        *((f"a{character}b", "cannot contain") for character in "\x00\x07\x0b\x1b\x1c\x7f\ud800\udcff"),
        *((f"\n  a = 1{character}", "cannot contain") for character in "\x00\x07\x1b\x7f\ud800"),
    ],
)
def test_a_value_that_would_not_come_back_is_refused(tmp_path: Path, value: str, reason: str) -> None:
    snapshot = home(tmp_path, "[profile x]\nregion = r\n")
    for key in ("region", "new"):
        with pytest.raises(ActionFailed, match=reason) as refused:
            edits.set_setting(snapshot, "x", key, value)
        assert refused.value.kind == "Refused"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x # c",
        "# c",
        "; c",
        "[x]",
        "=",
        ": :",
        "a = b",
        "%(region)s",
        '"q"',
        "a\tb",
        "a\x85b",
        "größe",
        "\ufeff",
    ],
)
@pytest.mark.parametrize("line", ["region = r", "region=", "region :r", "a = 1"])
def test_any_other_value_comes_back_as_it_went_in(tmp_path: Path, line: str, value: str) -> None:
    snapshot = home(tmp_path, f"[profile x]\n{line}\nb = 2\n")
    found = after(edits.set_setting(snapshot, "x", "region", value), FileKind.CONFIG, snapshot.files[0].text)
    assert profiles(tmp_path, found)["x"]["region"] == value


def test_a_refused_value_is_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(ActionFailed) as refused:
        edits.set_setting(home(tmp_path), "x", "aws_secret_access_key", " CANARY\n")
    assert "CANARY" not in repr(refused.value)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("s3.", "1", "A key cannot be empty"),
        (".a", "1", "A key cannot be empty"),
        ("s3.a", " 1", "blank"),
        ("s3.a", "\n  b = 1", "one level"),
        ("region.a", "1", "is a text"),
    ],
)
def test_a_key_inside_a_block_that_no_line_can_hold_is_refused(
    tmp_path: Path, key: str, value: str, reason: str
) -> None:
    snapshot = home(tmp_path, "[profile x]\nregion = r\ns3 =\n  b = 1\n")
    with pytest.raises(ActionFailed, match=reason):
        edits.set_setting(snapshot, "x", key, value)


def test_a_key_that_a_block_has_not_cannot_go(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\nregion = r\ns3 =\n  b = 1\n")
    with pytest.raises(ActionFailed, match="no a in the block"):
        edits.unset_setting(snapshot, "x", "s3.a")


def test_a_token_that_was_pasted_for_a_key_is_not_quoted(tmp_path: Path) -> None:
    """A line that holds nothing but a token and an ``=`` is a key, in lower case."""
    token = "canary7jalrxutnfemik7mdengbpxrficyexamplekey"
    default = f"[DEFAULT]\n{token} = 1\n[profile y]\n"
    for text, ask in (
        ("[profile x]\n", lambda snapshot: edits.unset_setting(snapshot, "x", token)),
        (f"{default}[profile x]\n", lambda snapshot: edits.unset_setting(snapshot, "x", token)),
        ("[profile x]\n", lambda snapshot: edits.set_setting(snapshot, "x", token, " ")),
        (f"[profile x]\n{token} = 1\n", lambda snapshot: edits.set_setting(snapshot, "x", f"{token}.a", "1")),
    ):
        with pytest.raises(ActionFailed) as refused:
            ask(home(tmp_path, text))
        assert token not in str(refused.value)
    text = f"{default}[profile x]\n# c\n{token} = 1 # c\n  more\n"
    for plan in (
        edits.set_setting(home(tmp_path, text), "x", token, "2"),
        edits.unset_setting(home(tmp_path, text), "x", token),
        edits.set_setting(home(tmp_path, default, "[x]\n"), "x", "region", "r"),
        edits.set_setting(home(tmp_path, text, f"[x]\n{token} = 3\n"), "x", token, "2", FileKind.CONFIG),
    ):
        words = (plan.title, *plan.remarks, *(line.text for change in plan.changes for line in change.diff))
        assert token not in " ".join(words)
