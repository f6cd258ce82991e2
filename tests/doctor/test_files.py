"""Files that AWS tools refuse: what is told of the cases that the table of rules has no room for."""

import dataclasses
import shlex
import stat
from pathlib import Path

import pytest

from rolecall.aws.config_file import FileStatus
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import CHAPTERS, examine
from tests.homes import Content, make_home


def _found(place: Path, **home: Content) -> list[Finding]:
    return list(examine(Snapshot.take(make_home(place, **home)), rules=CHAPTERS["Files"]).all)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("config", "code", "line"),
    [
        ("[a]\nregion\n", "parse-error", 2),
        ("[a]\n= v\n", "parse-error", 2),
        ("x = 1\n[a]\n", "parse-error", 1),
        ("[]\n", "parse-error", 1),
        ("[a]\nx = 1\ns3 =\n  max\n", "parse-error", 3),
        ("[a]\nx = 1\n\n[a]\n", "duplicate-section", 4),
        ("[a]\nx = 1\nX = 2\n", "duplicate-key", 3),
        ("[DEFAULT]\nx = 1\n[DEFAULT]\nx = 2\n", "duplicate-key", 4),
        (b"\xef\xbb\xbf[a]\n", "byte-order-mark", 1),
        (b"[a]\n# \xe9\n", "wrong-encoding", 2),
        ("[a]\n".encode("utf-16"), "wrong-encoding", 1),
    ],
)
def test_a_file_that_does_not_parse_is_one_error_with_its_line(
    tmp_path: Path, config: Content, code: str, line: int
) -> None:
    # WHEN
    found = _found(tmp_path, config=config)
    # THEN
    assert [(each.code, each.severity) for each in found] == [(code, Severity.ERROR)]
    assert found[0].place is not None
    assert (found[0].place.path.name, found[0].place.line) == ("config", line)


def test_both_lines_of_a_duplicate_are_named_where_a_default_section_holds_it(tmp_path: Path) -> None:
    [found] = _found(tmp_path, config="[DEFAULT]\nx = 1\n[DEFAULT]\nx = 2\n")
    assert "in line 2 and in line 4" in found.message


@pytest.mark.parametrize("theirs", ["output = text\n", "[profile b]\n", "region\n"])
def test_a_merge_that_failed_is_the_one_error(tmp_path: Path, theirs: str) -> None:
    mine = "[profile b]\nregion = eu-west-1\noutput = json\n"
    config = f"[profile a]\nregion = eu-west-1\n<<<<<<< HEAD\n{mine}=======\n{theirs}>>>>>>> main\n"
    (finding,) = _found(tmp_path, config=config)
    assert (finding.code, finding.place and finding.place.line) == ("parse-error", 3)
    assert "git could not merge two versions" in finding.message
    assert finding.fix.words.startswith("keep one of them")


def test_lines_of_powershell_are_no_setting_to_remove(tmp_path: Path) -> None:
    lines = '[a]\n$Env:AWS_ACCESS_KEY_ID="CANARY"\n$Env:AWS_SECRET_ACCESS_KEY="CANARY"\n'
    (finding,) = [each for each in _found(tmp_path, credentials=lines) if each.code == "duplicate-key"]
    assert finding.fix.words.startswith("write PowerShell's lines as settings, aws_access_key_id = …")


def test_a_pasted_secret_that_does_not_parse_is_not_quoted(tmp_path: Path) -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYPLANTEDKEY"
    [found] = _found(tmp_path, credentials=f"[a]\n{secret}\naws_secret_access_key {secret}\n")
    said = "\n".join((found.message, *found.evidence, found.fix.words, str(found.fix.run())))
    assert secret not in said
    assert secret.lower() not in said
    assert "2 such lines: 2, 3" in said


def test_a_file_that_may_not_be_read_is_made_readable(tmp_path: Path) -> None:
    # GIVEN a file of which the core says so; whoever runs this may be allowed to read everything
    snapshot = Snapshot.take(make_home(tmp_path, config="[default]\n"))
    config = dataclasses.replace(
        snapshot.files[0],
        status=FileStatus.UNREADABLE,
        error="cannot be read (Permission denied); AWS tools treat it as empty",
        mode=stat.S_IFREG,
    )
    # WHEN
    [found] = examine(
        dataclasses.replace(snapshot, files=(config, snapshot.files[1])), rules=CHAPTERS["Files"]
    ).all
    # THEN
    assert found.code == "unreadable-file"
    assert "mode 0000" in "".join(found.evidence)
    assert found.fix.run() == f"chmod u+rw {tmp_path}/.aws/config"


def test_a_file_of_windows_is_converted_from_its_encoding(tmp_path: Path) -> None:
    [found] = _found(tmp_path, config="# “mine”\n[a]\n".encode("cp1252"))
    assert "WINDOWS-1252" in str(found.fix.run())


def test_converting_a_file_overwrites_nothing_beside_it(tmp_path: Path) -> None:
    [found] = _found(tmp_path, config=b"# \xe9\n[a]\n")
    words = shlex.split(str(found.fix.run()))
    assert words[:2] == ["sh", "-c"]
    assert words[2].startswith("set -Ce; umask 077; iconv ")


def test_on_windows_a_file_is_converted_by_hand(tmp_path: Path) -> None:
    host = make_home(tmp_path, config=b"# \xe9\n[a]\n", platform="win32")
    [found] = examine(Snapshot.take(host), rules=CHAPTERS["Files"]).all
    assert found.fix.doing is FixAction.NOTHING


def test_files_that_are_not_there_are_nothing_to_tell_of(tmp_path: Path) -> None:
    assert _found(tmp_path) == []
