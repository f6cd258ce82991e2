"""Modes, owners and links: what is told where, and where it is not."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import CHAPTERS, examine
from rolecall.host import Host
from tests.doctor.rows_permissions import CACHED, CONFIG, KEYS, STEM
from tests.homes import make_home


def found(host: Host) -> list[Finding]:
    return list(examine(Snapshot.take(host), rules=CHAPTERS["Permissions"]).all)


def told(host: Host) -> set[tuple[str, str]]:
    return {(finding.code, finding.subject.name) for finding in found(host)}


@pytest.fixture
def closed(tmp_path: Path) -> Callable[..., Host]:
    """Return what makes a home in which nothing is open to anybody else."""

    def make(**parts: object) -> Host:
        host = make_home(tmp_path / "home", **parts)  # type: ignore[arg-type]  # as make_home has them
        for path in (tmp_path / "home").rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        return host

    return make


def test_a_home_as_the_aws_cli_makes_it_is_fine(closed: Callable[..., Host]) -> None:
    host = closed(config=CONFIG, credentials=f"[base]\n{KEYS}", caches={f"cli/{STEM}.json": CACHED})
    for directory in (".aws", ".aws/cli", ".aws/cli/cache"):
        (host.home / directory).chmod(0o755)
    assert told(host) == set()


@pytest.mark.parametrize(
    ("mode", "codes"),
    [
        (0o600, set()),
        (0o400, set()),
        (0o611, set()),  # who may only enter may do nothing with a file
        (0o640, {"readable-secrets"}),
        (0o602, {"writable-file"}),
        (0o666, {"readable-secrets", "writable-file"}),
    ],
)
def test_each_right_that_others_have_is_told(closed: Callable[..., Host], mode: int, codes: set[str]) -> None:
    host = closed(credentials=f"[base]\n{KEYS}")
    (host.home / ".aws" / "credentials").chmod(mode)
    assert told(host) == {(code, "credentials") for code in codes}


def test_a_file_that_does_not_parse_may_hold_secrets_all_the_same(closed: Callable[..., Host]) -> None:
    host = closed(credentials=f"nonsense\n[base]\n{KEYS}")
    (host.home / ".aws" / "credentials").chmod(0o644)
    assert told(host) == {("readable-secrets", "credentials")}


def test_on_windows_modes_mean_nothing(tmp_path: Path) -> None:
    host = make_home(tmp_path, config=CONFIG, credentials=f"[base]\n{KEYS}", platform="win32")
    for name in ("config", "credentials"):
        (tmp_path / ".aws" / name).chmod(0o666)
    (tmp_path / ".aws").chmod(0o777)
    assert told(host) == set()


def test_a_directory_in_which_only_owners_may_replace_files_is_fine(closed: Callable[..., Host]) -> None:
    host = closed(config=CONFIG)
    (host.home / ".aws").chmod(0o1777)
    assert told(host) == set()


def test_a_place_that_a_variable_names_is_not_ours_to_judge(closed: Callable[..., Host]) -> None:
    # GIVEN a login cache in a directory whose parent everybody may write in
    host = closed(files={"tmp/login/": ""}, environ={"AWS_LOGIN_CACHE_DIRECTORY": "{HOME}/tmp/login"})
    (host.home / "tmp").chmod(0o777)
    assert told(host) == set()
    # WHEN the directory itself is open
    (host.home / "tmp" / "login").chmod(0o777)
    # THEN
    assert told(host) == {("writable-directory", "~/tmp/login")}


def test_many_open_cache_files_are_one_finding(closed: Callable[..., Host]) -> None:
    # GIVEN
    host = closed(caches={f"cli/{index:040x}.json": CACHED for index in range(5)})
    cache = host.home / ".aws" / "cli" / "cache"
    cache.chmod(0o755)
    for path in cache.iterdir():
        path.chmod(0o644)
    # WHEN
    (finding,) = found(host)
    # THEN
    assert finding.message.startswith("5 files in ~/.aws/cli/cache")
    assert len(finding.evidence) == 3
    # AND nobody else gets at them in a directory that is closed
    cache.chmod(0o700)
    assert told(host) == set()


def test_a_cache_file_that_is_closed_since_is_read_again(closed: Callable[..., Host]) -> None:
    # GIVEN
    host = closed(caches={f"cli/{STEM}.json": CACHED})
    (host.home / ".aws" / "cli" / "cache").chmod(0o755)
    path = host.home / ".aws" / "cli" / "cache" / f"{STEM}.json"
    path.chmod(0o644)
    before = Snapshot.take(host)
    # WHEN
    path.chmod(0o600)
    # THEN
    assert examine(before, rules=CHAPTERS["Permissions"]).all
    assert not examine(Snapshot.take(host, before), rules=CHAPTERS["Permissions"]).all


def test_a_home_that_is_linked_to_is_the_home(tmp_path: Path) -> None:
    # GIVEN
    real = make_home(tmp_path / "real", config=CONFIG).home
    (real / ".aws" / "config").chmod(0o600)
    (tmp_path / "home").symlink_to(real)
    # THEN
    assert told(Host.of(tmp_path / "home")) == set()


def test_a_whole_directory_may_be_outside(tmp_path: Path) -> None:
    # GIVEN
    (tmp_path / "shared").mkdir(mode=0o755)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".aws").symlink_to("../shared")
    # THEN
    assert told(Host.of(tmp_path / "home")) == {("outside-home", "~/.aws")}


def test_a_link_that_nobody_follows_is_not_told(closed: Callable[..., Host]) -> None:
    # GIVEN a variable that names another file
    host = closed(files={"mine": CONFIG, ".aws/": ""}, environ={"AWS_CONFIG_FILE": "{HOME}/mine"})
    (host.home / ".aws" / "config").symlink_to("/nowhere")
    # THEN
    assert told(host) == set()


def test_on_windows_userprofile_is_the_home(tmp_path: Path) -> None:
    # GIVEN
    make_home(tmp_path / "bash", config=CONFIG)
    host = make_home(tmp_path / "home", environ={"HOME": str(tmp_path / "bash")}, platform="win32")
    # WHEN
    (finding,) = found(host)
    # THEN
    assert (finding.code, finding.subject.name, finding.fix.doing) == ("two-homes", "HOME", FixAction.NOTHING)
    assert str(tmp_path / "home") in finding.fix.words


@pytest.mark.parametrize("value", ["{HOME}", "{HOME}/", "/nowhere", "C:\\Users\\me", ""])
def test_one_home_by_two_names_is_fine(closed: Callable[..., Host], value: str) -> None:
    assert told(closed(config=CONFIG, environ={"USERPROFILE": value})) == set()


def test_the_account_that_looks_at_another_home_is_not_a_stranger_there(tmp_path: Path) -> None:
    # GIVEN a home of somebody else, and their files
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    host = make_home(tmp_path / "home", config=CONFIG)
    for path in (host.home, host.home / ".aws", host.home / ".aws" / "config"):
        os.chown(path, 54321, -1)
        path.chmod(0o700)
    # THEN
    assert told(host) == set()


def test_no_home_at_all_is_no_trouble(tmp_path: Path) -> None:
    assert told(Host.of(tmp_path / "nowhere")) == set()


def test_a_path_of_any_kind_is_quoted_for_the_shell(tmp_path: Path) -> None:
    # GIVEN
    host = make_home(tmp_path / "a b'c", credentials=f"[base]\n{KEYS}")
    (host.home / ".aws" / "credentials").chmod(0o644)
    # WHEN
    (finding,) = found(host)
    # THEN
    assert finding.fix.shell == f"chmod 600 '{tmp_path}/a b'\"'\"'c/.aws/credentials'"
