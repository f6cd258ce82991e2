"""Places where AWS tools cannot write: which tools fail, what is said of it, and where nothing is said."""

import os
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from rolecall.actions.errors import ActionFailed, require_writable
from rolecall.aws.expiry import State
from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.write_access import Obstacle, ObstacleKind, of_directory
from rolecall.doctor.diagnosis import QuestionSubject
from rolecall.doctor.error_text.interpret import means
from rolecall.doctor.error_text.parse import parse_error_text
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import examine
from rolecall.host import Host
from rolecall.messages import obstacles
from tests.aws.cases import LEGACY_SSO, SESSION, SSO_ROLE, keys, role
from tests.aws.entries import (
    HOUR,
    MINUTE,
    in_,
    role_entry,
    role_file,
    sso_file,
    sso_token,
)
from tests.homes import Content, make_home

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
SOMEBODY, ANOTHER = 12345, 54321
CODES = ("cache-unwritable", "cache-unwritable-later")
KEYS = f"[profile base]\n{keys('BASE')}"
ROLE = f"[profile x]\n{role('x', 'base')}region = eu-west-1\n{KEYS}"
OVER = f"[profile y]\n{role('y', 'x')}region = eu-west-1\n{ROLE}"
HISTORY = f"[profile x]\ncli_history = enabled\nregion = eu-west-1\n{keys('X')}"
SSO = f"{SESSION}[profile x]\nsso_session = corp\n{SSO_ROLE}region = eu-west-1\n"
WEB = f"[profile x]\n{role()}web_identity_token_file = {{HOME}}/token\nregion = eu-west-1\n"
REFRESHED = {sso_file(): sso_token(-HOUR, 10 * HOUR)}
GOOD = {sso_file(): sso_token(HOUR)}


def block(home: Path, directory: str) -> None:
    """Put a file where AWS tools need a directory: that stops root as well."""
    path = home / ".aws" / directory
    path.mkdir(parents=True, exist_ok=True)
    for each in path.iterdir():
        each.unlink()
    path.rmdir()
    path.write_text("notes")


def told(host: Host) -> list[Finding]:
    return [each for each in examine(Snapshot.take(host)).all if each.code in CODES]


Fails = Mapping[Tool, str | None]
BOTH: Fails = {Tool.BOTO3: None, Tool.CLI_V1: "FileExistsError", Tool.CLI_V2: "FileExistsError"}
NONE: Fails = dict.fromkeys(Tool)
NOT_A_DIRECTORY: Fails = {tool: error and "NotADirectoryError" for tool, error in BOTH.items()}
V2: Fails = {**NONE, Tool.CLI_V2: "FileExistsError"}
ALL_SSO: Fails = dict.fromkeys(Tool, "SSOTokenLoadError")


@pytest.mark.parametrize(
    ("config", "blocked", "caches", "fails", "code"),
    [
        (ROLE, "cli/cache", {}, BOTH, "cache-unwritable"),
        (OVER, "cli/cache", {}, BOTH, "cache-unwritable"),
        (WEB, "cli/cache", {}, BOTH, "cache-unwritable"),
        (SSO, "cli/cache", GOOD, V2, "cache-unwritable"),
        (ROLE, "sso/cache", {}, NONE, None),
        (KEYS.replace("base", "x"), "cli/cache", {}, NONE, None),
        (SSO, "sso/cache", {}, ALL_SSO, "cache-unwritable"),
        (f"[profile x]\n{LEGACY_SSO}region = eu-west-1\n", "sso/cache", {}, ALL_SSO, "cache-unwritable"),
        (SSO, "login/cache", GOOD, NONE, None),
        (HISTORY, "cli", {}, NOT_A_DIRECTORY, "cache-unwritable"),
        (HISTORY, "cli/history", {}, BOTH, "cache-unwritable"),
        (HISTORY, "cli/cache", {}, NONE, None),
        (HISTORY.replace("enabled", "disabled"), "cli", {}, NONE, None),
        (SSO, "boto/cache", GOOD, NONE, None),
        (ROLE, "somewhere", {}, NONE, None),
    ],
)
def test_what_fails_where_a_file_is_in_the_way(  # noqa: PLR0917 - a row of the table
    tmp_path: Path,
    config: str,
    blocked: str,
    caches: Mapping[str, Content],
    fails: Fails,
    code: str | None,
) -> None:
    host = make_home(tmp_path / "home", config=config, caches=caches, files={"token": "abcdef"})
    block(host.home, blocked)
    report = Snapshot.take(host).profiles["x"]
    found = {tool: report.resolutions[tool].fault for tool in Tool}
    assert {tool: fault.error if fault else None for tool, fault in found.items()} == dict(fails)
    assert [each.code for each in told(host)] == ([code] if code else [])
    assert (report.expiry.state is State.BROKEN) == (code is not None)


def test_one_obstacle_is_told_once_for_all_that_it_stops(tmp_path: Path) -> None:
    many = "".join(f"[profile p{each}]\n{role(f'p{each}', 'base')}region = eu-west-1\n" for each in range(9))
    host = make_home(tmp_path / "home", config=f"{many}{SSO}{KEYS}")
    block(host.home, "cli")
    block(host.home, "sso")
    by_place = {each.subject.name: each for each in told(host)}
    assert set(by_place) == {"~/.aws/cli", "~/.aws/sso"}
    assert by_place["~/.aws/cli"].profiles == tuple(f"p{each}" for each in range(9))
    codes = {each.code for each in examine(Snapshot.take(host)).all}
    assert not codes & {"cache-unlistable", "foreign-owner", "sso-token-missing"}


def test_a_source_that_fails_comes_first(tmp_path: Path) -> None:
    host = make_home(tmp_path / "home", config=f"[profile x]\n{role('x', 'gone')}")
    block(host.home, "cli/cache")
    assert [each.code for each in told(host)] == ["cache-unwritable-later"]


def test_an_obstacle_that_comes_later_is_noticed(tmp_path: Path) -> None:
    host = make_home(tmp_path / "home", config=ROLE)
    before = Snapshot.take(host)
    (host.home / ".aws" / "cli").write_text("notes")
    after = before.reread()
    assert after.profiles["x"].expiry.state is State.BROKEN
    assert not after.is_same_as(before)
    (host.home / ".aws" / "cli").unlink()
    assert after.reread().profiles["x"].expiry.state is State.IDLE


@pytest.mark.parametrize(
    ("content", "line"), [("", "rm -- {}"), ("notes", "mv -- {} {}.aside"), ("taken", None)]
)
def test_a_file_in_the_way_is_moved_and_deleted_only_if_it_is_empty(
    tmp_path: Path, content: str, line: str | None
) -> None:
    host = make_home(tmp_path / "home", config=ROLE, files={".aws/cli/cache": content})
    place = host.home / ".aws" / "cli" / "cache"
    if content == "taken":
        place.with_name("cache.aside").write_text("older")
    (found,) = told(host)
    assert found.fix.run() == (line.format(place, place) if line else None)
    if line is None:
        return
    subprocess.run(["/bin/sh", "-c", str(found.fix.run())], check=True)
    assert told(host) == []
    assert content in {each.read_text() for each in place.parent.glob("cache.*")} | {""}


def test_a_home_that_may_be_written_to_is_fine(tmp_path: Path) -> None:
    assert told(make_home(tmp_path / "home", config=OVER + SSO.replace("profile x", "profile s"))) == []


def test_nothing_is_told_where_no_home_is_known(tmp_path: Path) -> None:
    host = make_home(tmp_path / "home", config=ROLE, environ={"AWS_CONFIG_FILE": "{HOME}/.aws/config"})
    assert told(replace(host, home=Path("~"))) == []


@pytest.fixture
def modes() -> Iterator[Callable[[Path, int], None]]:
    """Return what changes a mode, until the test is over."""
    changed: list[Path] = []

    def change(path: Path, mode: int) -> None:
        changed.append(path)
        path.chmod(mode)

    yield change
    for path in changed:
        path.chmod(0o700)


Modes = Callable[[Path, int], None]


@pytest.mark.ordinary_user
@pytest.mark.parametrize("closed", [".aws", ".aws/cli", ".aws/cli/cache"])
def test_a_place_of_my_own_that_is_write_protected_is_opened(
    tmp_path: Path, modes: Modes, closed: str
) -> None:
    host = make_home(tmp_path / "home", config=ROLE)
    place = host.home / closed
    place.mkdir(parents=True, exist_ok=True)
    modes(place, 0o555)
    (found,) = told(host)
    assert (found.code, found.severity) == ("cache-unwritable", Severity.ERROR)
    assert "[Errno 13] Permission denied" in found.consequence
    assert found.fix.run() == f"chmod u+rwx -- {shlex.quote(str(place))}"
    subprocess.run(["/bin/sh", "-c", str(found.fix.run())], check=True)
    assert told(host) == []


@pytest.mark.ordinary_user
def test_a_cached_role_works_until_it_expires(tmp_path: Path, modes: Modes) -> None:
    for left, code in ((60 * MINUTE, "cache-unwritable-later"), (5 * MINUTE, "cache-unwritable")):
        caches = {role_file(): role_entry(in_(left))}
        host = make_home(tmp_path / str(left), config=ROLE, caches=caches)
        modes(host.home / ".aws" / "cli" / "cache", 0o555)
        assert [each.code for each in told(host)] == [code]


@pytest.mark.ordinary_user
def test_version_2_writes_in_place_and_the_others_beside(tmp_path: Path, modes: Modes) -> None:
    def failing(directory: int, file: int) -> set[Tool]:
        caches = {role_file(): role_entry(in_(-MINUTE))}
        host = make_home(tmp_path / f"{directory}-{file}", config=ROLE, caches=caches)
        modes(host.home / ".aws" / role_file().replace("cli/", "cli/cache/"), file)
        modes(host.home / ".aws" / "cli" / "cache", directory)
        report = Snapshot.take(host).profiles["x"]
        return {tool for tool in Tool if report.resolutions[tool].fault is not None}

    assert failing(0o700, 0o600) == set()
    assert failing(0o500, 0o600) == {Tool.CLI_V1}
    assert failing(0o700, 0o400) == {Tool.CLI_V2}
    assert failing(0o500, 0o400) == {Tool.CLI_V1, Tool.CLI_V2}


@pytest.mark.ordinary_user
@pytest.mark.parametrize(
    ("caches", "mode", "code"),
    [
        (GOOD, 0o500, "cache-unwritable-later"),
        ({sso_file(): sso_token(-HOUR)}, 0o500, "cache-unwritable"),
        ({sso_file(): sso_token(HOUR, 10 * HOUR)}, 0o500, "cache-unwritable-later"),
        (REFRESHED, 0o500, "cache-unwritable"),
        (REFRESHED, 0o700, None),
        (GOOD, 0o000, "cache-unwritable"),
        (GOOD, 0o700, None),
    ],
)
def test_a_login_that_cannot_be_saved(
    tmp_path: Path, modes: Modes, caches: Mapping[str, Content], mode: int, code: str | None
) -> None:
    host = make_home(tmp_path / "home", config=SSO, caches=caches)
    modes(host.home / ".aws" / "sso" / "cache", mode)
    assert [each.code for each in told(host)] == ([code] if code else [])


@pytest.mark.ordinary_user
def test_a_token_that_may_not_be_read_is_made_readable_and_not_replaced(tmp_path: Path, modes: Modes) -> None:
    host = make_home(tmp_path / "home", config=SSO, caches=GOOD)
    modes(host.home / ".aws" / sso_file().replace("sso/", "sso/cache/"), 0)
    (found,) = (each for each in examine(Snapshot.take(host)).all if each.code == "sso-token-damaged")
    assert "the token of corp cannot be read: it belongs to" in found.message
    subprocess.run(["/bin/sh", "-c", str(found.fix.run())], check=True)
    assert Snapshot.take(host).profiles["x"].expiry.state is State.VALID


@pytest.mark.skipif(not ROOT, reason="only root can give a home away, and look at it")
@pytest.mark.parametrize("place", [".aws", ".aws/cli", ".aws/cli/cache"])
def test_what_another_account_took_is_to_be_given_back(tmp_path: Path, place: str) -> None:
    # GIVEN the home of somebody in which another account made a directory, as sudo does; root looks at it
    host = make_home(tmp_path / "home", config=ROLE, files={f"{place}/": ""})
    for path in (host.home, *host.home.rglob("*")):
        os.chown(path, SOMEBODY, SOMEBODY)
    os.chown(host.home / place, ANOTHER, ANOTHER)
    (host.home / place).chmod(0o755)
    (found,) = told(replace(host, own_environ={}))
    # THEN its owner is named, and what it stops
    assert f"user {ANOTHER}" in found.message
    assert (found.code, found.profiles) == ("cache-unwritable", ("x",))
    assert found.fix.doing is FixAction.NOTHING
    # AND to root, in the same home as its own, nothing is forbidden
    assert told(host) == []


def test_an_action_that_could_not_save_its_result_does_not_begin(tmp_path: Path) -> None:
    host = make_home(tmp_path / "home", config=ROLE)
    block(host.home, "cli/cache")
    with pytest.raises(ActionFailed) as failed:
        require_writable(host, of_directory(host, host.home / ".aws" / "cli" / "cache"))
    assert failed.value.kind == "Unwritable"
    assert "is a file, where AWS tools need a directory" in failed.value.message
    assert (failed.value.cure or "").startswith("move the file aside: mv -- ")


@pytest.mark.parametrize(
    "message",
    [
        "[Errno 17] File exists: '{}/.aws/cli/cache'",
        "aws: [ERROR]: [Errno 13] Permission denied: '{}/.aws/cli/cache/0123.json'",
        "PermissionError: [Errno 13] Permission denied: '{}/.aws/cli/cache/tmpabcdefgh.tmp'",
        "[Errno 20] Not a directory: '{}/.aws/cli/cache'",
        "OSError: [Errno 30] Read-only file system: '{}/.aws/cli/cache'",
        "[Errno 28] No space left on device: '{}/.aws/cli/cache/0123.json'",
    ],
)
@pytest.mark.parametrize("config", [ROLE, "", KEYS])
def test_a_message_that_names_the_place_is_tied_to_what_is_in_the_way(
    tmp_path: Path, message: str, config: str
) -> None:
    def answer(host: Host) -> str:
        pasted = parse_error_text(message.format(host.home))
        assert pasted is not None
        snapshot = Snapshot.take(host)
        asked = QuestionSubject(snapshot, None)
        meaning = means(asked, examine(snapshot), pasted)
        return meaning.sentence

    host = make_home(tmp_path / "home", config=config)
    block(host.home, "cli/cache")
    assert "~/.aws/cli/cache is a file, where AWS tools need a directory" in answer(host)
    assert "where AWS tools need a directory" not in answer(make_home(tmp_path / "free", config=config))


def file_as_aws(home: Path) -> None:
    (home / ".aws").rename(home / "old")
    (home / ".aws").write_text("notes")


def broken_aws(home: Path) -> None:
    (home / ".aws").rename(home / "old")
    (home / ".aws").symlink_to("/nowhere/aws")


@pytest.mark.parametrize("hide", [file_as_aws, broken_aws])
def test_what_hides_the_two_files_is_told_once(tmp_path: Path, hide: Callable[[Path], None]) -> None:
    host = make_home(tmp_path / "home", config=ROLE, credentials="")
    hide(host.home)
    found = examine(Snapshot.take(host)).all
    assert [(each.code, each.subject.name) for each in found] == [("unreadable-file", "~/.aws")]
    assert "config and credentials cannot be read" in found[0].message


@pytest.mark.ordinary_user
@pytest.mark.parametrize("mode", [0, 0o600, 0o200])
def test_a_directory_of_my_own_that_hides_them_is_opened(tmp_path: Path, modes: Modes, mode: int) -> None:
    host = make_home(tmp_path / "home", config=ROLE, credentials="")
    before = [each.code for each in examine(Snapshot.take(host)).all]
    modes(host.home / ".aws", mode)
    (found,) = examine(Snapshot.take(host)).all
    subprocess.run(["/bin/sh", "-c", str(found.fix.run())], check=True)
    assert [each.code for each in examine(Snapshot.take(host)).all] == before


@pytest.mark.parametrize(("inside", "line"), [(False, "rmdir -- "), (True, "mv -- ")])
def test_a_directory_in_the_place_of_a_cache_file_is_moved(
    tmp_path: Path, line: str, *, inside: bool
) -> None:
    host = make_home(tmp_path / "home", config=ROLE)
    place = host.home / ".aws" / role_file().replace("cli/", "cli/cache/")
    place.mkdir(parents=True)
    if inside:
        (place / "notes").write_text("notes")
    (found,) = told(host)
    report = Snapshot.take(host).profiles["x"]
    faults = {tool: fault.error for tool in Tool if (fault := report.resolutions[tool].fault) is not None}
    assert faults == dict.fromkeys((Tool.CLI_V1, Tool.CLI_V2), "IsADirectoryError")
    assert (found.fix.run() or "").startswith(line)
    subprocess.run(["/bin/sh", "-c", str(found.fix.run())], check=True)
    assert told(host) == []


@pytest.mark.ordinary_user
def test_a_login_cache_that_a_variable_puts_out_of_reach_is_to_be_named_anew(
    tmp_path: Path, modes: Modes
) -> None:
    (tmp_path / "far").mkdir()
    modes(tmp_path / "far", 0o500)
    config = "[profile x]\nlogin_session = arn:aws:iam::123456789012:user/me\nregion = eu-west-1\n"
    environ = {"AWS_LOGIN_CACHE_DIRECTORY": str(tmp_path / "far" / "cache")}
    (found,) = told(make_home(tmp_path / "home", config=config, environ=environ, has_crt=True))
    assert found.subject.name == str(tmp_path / "far")
    assert found.fix.run() == f"chmod u+rwx -- {tmp_path / 'far'}"


def test_this_shell_s_boto3_works_where_only_the_cli_cannot_cache_its_role(tmp_path: Path) -> None:
    environ = {
        "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    host = make_home(tmp_path / "home", environ=environ, files={"token": "abcdef"})
    block(host.home, "cli/cache")
    here = Snapshot.take(host).default_session
    assert {tool: here[tool].expiry.state for tool in Tool} == {
        Tool.BOTO3: State.IDLE,
        Tool.CLI_V1: State.BROKEN,
        Tool.CLI_V2: State.BROKEN,
    }


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        (
            {"KUBERNETES_SERVICE_HOST": "10.0.0.1"},
            "mount an emptyDir at ~/.aws/cli (and at ~/.aws/sso, for logins), or set HOME",
        ),
        ({"container": "docker"}, "--tmpfs"),
        ({}, "set HOME to a directory that you may write to"),
    ],
)
def test_in_a_container_a_place_is_to_be_mounted(
    tmp_path: Path, environ: Mapping[str, str], words: str
) -> None:
    host = make_home(tmp_path / "home", environ=environ)
    closed = Obstacle(ObstacleKind.READ_ONLY, host.home, 30, host.home / ".aws")
    assert words in obstacles.advice(host, closed)


@pytest.mark.ordinary_user
@pytest.mark.parametrize("name", ["AWS_CA_BUNDLE", "AWS_CONFIG_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE"])
def test_a_file_in_a_directory_that_may_not_be_entered_ends_nothing(
    tmp_path: Path, modes: Modes, name: str
) -> None:
    host = make_home(tmp_path / "home", files={"far/file": ""}, environ={name: "{HOME}/far/file"})
    modes(host.home / "far", 0)
    assert examine(Snapshot.take(host)) is not None
