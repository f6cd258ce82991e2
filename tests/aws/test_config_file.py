"""The two files: missing, unreadable, unparseable, fine; each with its own plain words."""

import os
import socket
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest
from botocore import configloader
from botocore.exceptions import ConfigParseError

from rolecall.aws import config_file, paths
from rolecall.aws.config_file import ConfigFile, FileKind, FileStatus
from rolecall.aws.config_lines import KeyLine, Located, SectionLines
from tests.homes import soon

BOM = b"\xef\xbb\xbf"


def read(path: Path | None, role: FileKind = FileKind.CONFIG) -> ConfigFile:
    with soon():
        return config_file.read_file(path, role, "utf-8")


def read_bytes(place: Path, data: bytes, role: FileKind = FileKind.CONFIG) -> ConfigFile:
    (place / "file").write_bytes(data)
    return read(place / "file", role)


def test_roles_and_statuses_have_the_names_of_the_contract() -> None:
    assert [str(role) for role in FileKind] == ["config", "credentials"]
    assert [str(status) for status in FileStatus] == ["ok", "missing", "unreadable", "unparseable"]


# Not there


def test_a_missing_file_needs_no_words(tmp_path: Path) -> None:
    file = read(tmp_path / "config")
    assert (file.status, file.error, file.line, file.sections) == (FileStatus.MISSING, None, None, {})


@pytest.mark.parametrize(
    ("role", "variable"),
    [(FileKind.CONFIG, "AWS_CONFIG_FILE"), (FileKind.CREDENTIALS, "AWS_SHARED_CREDENTIALS_FILE")],
)
def test_an_empty_variable_is_named(role: FileKind, variable: str) -> None:
    file = read(None, role)
    assert (file.status, file.error) == (
        FileStatus.MISSING,
        f"{variable} names no file, so none is read",
    )


def link(path: Path) -> None:
    path.symlink_to("gone")


def bind(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, chdir(path.parent):
        server.bind(path.name)


@pytest.mark.parametrize(
    ("make", "status", "words"),
    [
        (link, FileStatus.MISSING, "is a broken symlink to gone; AWS tools treat it as missing"),
        (Path.mkdir, FileStatus.UNREADABLE, "is a directory; AWS tools treat it as missing"),
        (os.mkfifo, FileStatus.UNREADABLE, "is a FIFO; AWS tools treat it as missing"),
        (bind, FileStatus.UNREADABLE, "is a socket; AWS tools treat it as missing"),
    ],
)
def test_what_is_no_file_has_its_own_words(
    tmp_path: Path, make: Callable[[Path], None], status: FileStatus, words: str
) -> None:
    make(tmp_path / "config")
    file = read(tmp_path / "config")
    assert (file.status, file.error, file.sections) == (status, words, {})


def test_an_impossible_name_has_its_own_words() -> None:
    file = read(Path("con\0fig"))
    assert (file.status, file.error) == (FileStatus.MISSING, "is not a possible file name")


# Unreadable


def test_a_file_that_may_not_be_read_counts_as_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(paths, "read_file", refuse)
    file = read_bytes(tmp_path, b"[default]\nregion = eu-west-1\n")
    assert (file.status, file.sections) == (FileStatus.UNREADABLE, {})
    owner = f"it belongs to {tmp_path.owner()}, mode 644"
    assert file.error == f"cannot be read (Permission denied): {owner}; AWS tools treat it as empty"


@pytest.mark.ordinary_user
def test_mode_000_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[default]\n")
    (tmp_path / "config").chmod(0)
    assert read(tmp_path / "config").status is FileStatus.UNREADABLE
    assert configloader.raw_config_parse(str(tmp_path / "config")) == {}


def test_a_file_that_goes_while_it_is_read_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(path: Path) -> bytes:
        raise FileNotFoundError(2, "No such file or directory", str(path))

    monkeypatch.setattr(paths, "read_file", gone)
    file = read_bytes(tmp_path, b"[default]\n")
    assert (file.status, file.error) == (FileStatus.MISSING, None)


# Unparseable, with the line

UNPARSEABLE = {
    "section twice": (b"[a]\nx=1\n[b]\n[a]\n", "[a] is there twice", 4),
    "key twice": (b"[a]\nx=1\ny=2\nx=3\n", "x is twice in [a]", 4),
    "key twice in two cases": (b"[a]\nRegion=1\nregion=2\n", "region is twice in [a]", 3),
    "key before any header": (b"\n# c\nregion=1\n[a]\n", "a line before the first [section]", 3),
    "empty header first": (b"[]\nx=1\n", "a line before the first [section]", 1),
    "empty header": (b"[a]\n[]\n", "a line that is neither a [section] nor key = value", 2),
    "bare key": (b"[a]\nx=1\nregion\n", "a line that is neither a [section] nor key = value", 3),
    "no key": (b"[a]\n= v\n", "a line that is neither a [section] nor key = value", 2),
    "two bad lines": (b"[a]\n= v\nregion\n", "a line that is neither a [section] nor key = value", 2),
    "nested colon": (b"[a]\nx=1\ns3 =\n  max: 1\n", "a nested block has a line without '='", 3),
    "nested bare": (b"[a]\ns3 =\n  a=1\n  max\n", "a nested block has a line without '='", 2),
    "nested in DEFAULT": (b"[DEFAULT]\ns3 =\n  max\n[a]\n", "a nested block has a line without '='", 2),
    "BOM": (BOM + b"[a]\nx=1\n", "begins with a byte order mark (BOM)", 1),
    "latin-1": (b"[a]\nx=1\ny=caf\xe9\n", "is not UTF-8: byte 0xe9", 3),
    "latin-1, CRLF": (b"[a]\r\nx=1\r\ny=caf\xe9\r\n", "is not UTF-8: byte 0xe9", 3),
    "UTF-16": ("[a]\n".encode("utf-16"), "is not UTF-8: byte 0xff", 1),
    "lone CR": (b"[a]\rx=1\rx=2\r", "x is twice in [a]", 3),
}


@pytest.mark.parametrize("case", UNPARSEABLE)
@pytest.mark.parametrize("role", FileKind)
def test_each_cause_has_its_words_and_its_line(tmp_path: Path, case: str, role: FileKind) -> None:
    data, words, line = UNPARSEABLE[case]
    file = read_bytes(tmp_path, data, role)
    assert (file.status, file.error, file.line) == (FileStatus.UNPARSEABLE, words, line)
    assert (file.sections, file.headers) == ({}, config_file.Headers())
    with pytest.raises(ConfigParseError):
        configloader.raw_config_parse(str(tmp_path / "file"))


@pytest.mark.parametrize(
    "data",
    [
        b"SECRET-CANARY\n[a]\n",
        b"SECRET-CANARY = 1\n",
        b"[a]\nSECRET-CANARY\n",
        b"[a]\n= SECRET-CANARY\n",
        b"[a]\ns3 =\n  SECRET-CANARY\n",
        b"[a]\nx = SECRET-CANARY \xe9\n",
        BOM + b"SECRET-CANARY\n",
        b"[a]\nx=1\nx = SECRET-CANARY\n",
    ],
)
def test_the_words_never_quote_the_line(tmp_path: Path, data: bytes) -> None:
    file = read_bytes(tmp_path, data)
    assert file.status is FileStatus.UNPARSEABLE
    assert "canary" not in str(file.error).lower()


def test_a_pasted_token_is_no_section_name_to_be_quoted(tmp_path: Path) -> None:
    token = "IQoJb3JpZ2luX2VjEXAMPLE" * 20
    file = read_bytes(tmp_path, f"[{token}]\n[{token}]\n".encode())
    assert file.line == 2
    assert token[:24] not in str(file.error)


def test_a_hostile_name_is_quoted_inertly(tmp_path: Path) -> None:
    file = read_bytes(tmp_path, b"[a\x1b[31m]\n[a\x1b[31m]\n")
    assert file.error == "[a␛[31m] is there twice"


# Fine, however odd

FINE = {
    "empty": (b"", {}),
    "CRLF": (b"[a]\r\nx = 1\r\n", {"a": {"x": "1"}}),
    "mixed line ends": (b"[a]\r\nx = 1\ny = 2\r", {"a": {"x": "1", "y": "2"}}),
    "lone CR": (b"[a]\rx = 1\r", {"a": {"x": "1"}}),
    "no final newline": (b"[a]\nx = 1", {"a": {"x": "1"}}),
    "NUL": (b"[a]\nx = a\0b\n", {"a": {"x": "a\0b"}}),
    "indented comment first": (b"  # c\n[a]\nx = 1\n", {"a": {"x": "1"}}),
    "only comments": (b"# [a]\n; x = 1\n", {}),
}


@pytest.mark.parametrize("case", FINE)
def test_what_botocore_reads_is_fine(tmp_path: Path, case: str) -> None:
    data, sections = FINE[case]
    file = read_bytes(tmp_path, data)
    assert (file.status, file.error, file.line) == (FileStatus.OK, None, None)
    assert file.sections == sections


def test_a_symlink_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("[default]\n")
    (tmp_path / "config").symlink_to("real")
    assert read(tmp_path / "config").status is FileStatus.OK


def test_50_megabytes_are_read_with_a_word_of_warning(tmp_path: Path) -> None:
    line = b"# " + b"x" * 99_997 + b"\n"
    file = read_bytes(tmp_path, b"[a]\nx = 1\n" + line * 500)
    assert (file.status, file.sections) == (FileStatus.OK, {"a": {"x": "1"}})
    assert file.error == "is large (50 MB): every AWS command reads it whole"


def test_a_home_with_a_dollar_in_its_name_is_read(tmp_path: Path) -> None:
    # GIVEN a path that has been expanded already: no tool expands it a second time
    (tmp_path / "$HOME").mkdir()
    (tmp_path / "$HOME" / "config").write_text("[default]\n")
    assert read(tmp_path / "$HOME" / "config").status is FileStatus.OK


def test_the_text_of_a_file_that_has_gone_is_empty(tmp_path: Path) -> None:
    file = read_bytes(tmp_path, b"[a]\nx=1\n")
    (tmp_path / "file").unlink()
    assert file.text == ""


def test_the_lines_of_a_file_are_those_that_were_read(tmp_path: Path) -> None:
    file = read_bytes(tmp_path, b"[a]\nx=1\n")
    (tmp_path / "file").write_bytes(b"# new\n[a]\nx=1\n")
    assert file.located == Located({"a": SectionLines(1, {"x": KeyLine(2, "1")})})


@pytest.mark.parametrize("data", [b"caf\xe9", b"x=1"])
def test_what_botocore_had_to_be_asked_for_has_no_lines_once_it_is_garbage(
    tmp_path: Path, data: bytes
) -> None:
    file = read_bytes(tmp_path, b"[DEFAULT]\ny=2\n[a]\nx=1\n")
    (tmp_path / "file").write_bytes(data)
    assert file.located == Located()
