"""What botocore takes the headers of a file for (aws-facts §2), and what it silently passes over."""

from pathlib import Path

import pytest
from botocore import configloader

from rolecall.aws.config_file import FileKind, Headers, read_file


def headers(place: Path, text: str, role: FileKind = FileKind.CONFIG) -> Headers:
    (place / "file").write_text(text)
    return read_file(place / "file", role, "utf-8").headers


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("default", "default"),
        ("profile default", "default"),
        ("profile x", "x"),
        ('profile "x"', "x"),
        ("profile 'x'", "x"),
        ('profile "a b"', "a b"),
        ("profile 'a b'", "a b"),
        ("profile\tx", "x"),
        ("profile  x", "x"),
        ("profilefoo bar", "bar"),
        ("profile a\\ b", "a b"),
        ('profile ""', ""),
        ("profile x ", "x"),
    ],
)
def test_this_header_is_a_profile(tmp_path: Path, header: str, name: str) -> None:
    text = f"[{header}]\nx = 1\n"
    assert headers(tmp_path, text) == Headers(profiles={name: (header,)})
    assert configloader.load_config(str(tmp_path / "file"))["profiles"] == {name: {"x": "1"}}


@pytest.mark.parametrize("after", ["# c", "junk", " ; c"])
def test_what_follows_the_bracket_does_not_count(tmp_path: Path, after: str) -> None:
    assert headers(tmp_path, f"[profile x]{after}\n").profiles == {"x": ("profile x",)}


@pytest.mark.parametrize(
    "header",
    [
        "profile a b",
        "profile",
        "profile bob's",
        'profile "x',
        "profile x] # see [y",
        "sso-session",
        "services a b",
    ],
)
def test_this_header_is_silently_dropped(tmp_path: Path, header: str) -> None:
    text = f"[{header}]\nx = 1\n"
    assert headers(tmp_path, text) == Headers(dropped=(header,))
    loaded = configloader.load_config(str(tmp_path / "file"))
    assert [loaded[kind] for kind in ("profiles", "sso_sessions", "services")] == [{}, {}, {}]


@pytest.mark.parametrize("header", ["dev", " profile x ", "Profile x", "plugins", "PROFILE x", " default"])
def test_this_header_is_kept_but_no_profile(tmp_path: Path, header: str) -> None:
    assert headers(tmp_path, f"[{header}]\nx = 1\n") == Headers(other=(header,))
    assert configloader.load_config(str(tmp_path / "file"))["profiles"] == {}


def test_default_is_no_section_at_all(tmp_path: Path) -> None:
    assert headers(tmp_path, "[DEFAULT]\nx = 1\n") == Headers()


@pytest.mark.parametrize("header", ["sso-session corp", 'sso-session "corp"', "sso-sessions corp"])
def test_this_header_is_an_sso_session(tmp_path: Path, header: str) -> None:
    assert headers(tmp_path, f"[{header}]\n") == Headers(sso_sessions={"corp": (header,)})


def test_services_are_kept_apart(tmp_path: Path) -> None:
    assert headers(tmp_path, "[services local]\n") == Headers(services={"local": ("services local",)})


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("profile default", "default", "default"),
        ("default", "profile default", "default"),
        ("profile x", 'profile "x"', "x"),
        ('profile "x"', "profile 'x'", "x"),
    ],
)
def test_the_later_header_replaces_the_earlier(tmp_path: Path, first: str, second: str, name: str) -> None:
    text = f"[{first}]\na = 1\n[{second}]\nb = 2\n"
    assert headers(tmp_path, text) == Headers(profiles={name: (first, second)})
    assert configloader.load_config(str(tmp_path / "file"))["profiles"] == {name: {"b": "2"}}


def test_a_later_session_replaces_the_earlier(tmp_path: Path) -> None:
    found = headers(tmp_path, '[sso-session corp]\n[sso-session "corp"]\n')
    assert found.sso_sessions == {"corp": ("sso-session corp", 'sso-session "corp"')}


def test_all_the_kinds_keep_the_order_of_the_file(tmp_path: Path) -> None:
    found = headers(tmp_path, "[profile b]\n[x]\n[default]\n[profile a a]\n[profile a]\n[y]\n[profile]\n")
    assert list(found.profiles) == ["b", "default", "a"]
    assert found.other == ("x", "y")
    assert found.dropped == ("profile a a", "profile")


@pytest.mark.parametrize(
    "header", ["dev", "profile dev", "default", " x ", "bob's", "sso-session corp", "[x"]
)
def test_every_header_of_the_credentials_file_is_a_profile(tmp_path: Path, header: str) -> None:
    assert headers(tmp_path, f"[{header}]\n", FileKind.CREDENTIALS) == Headers(profiles={header: (header,)})
