"""What is watched: the directories of all that AWS tools read, and the way to those still missing."""

import asyncio
from pathlib import Path

import pytest

from rolecall.aws.paths import Paths, find
from rolecall.host import Host
from rolecall.tui import watch
from tests.tui.worlds import World


def where(home: Path, **environ: str) -> Paths:
    return find(Host.of(home, environ))


@pytest.fixture
def home(empty: World) -> Path:
    return empty.home


def test_what_changes_waits_for_less_than_a_second() -> None:
    assert watch.DEBOUNCE < 1000


# directories


def test_where_there_is_nothing_the_nearest_directory_above_is_watched(home: Path) -> None:
    assert watch.directories(where(home)) == {home}


def test_a_home_that_is_not_there_is_waited_for_above(home: Path) -> None:
    assert watch.directories(where(home / "not" / "yet")) == {home}


def test_each_directory_that_is_there_is_watched_itself(home: Path) -> None:
    for cache in ("cli", "sso", "login", "boto"):
        (home / ".aws" / cache / "cache").mkdir(parents=True)
    aws = home / ".aws"
    caches = {aws / name / "cache" for name in ("cli", "sso", "login", "boto")}
    assert watch.directories(where(home)) == {aws, *caches}


def test_what_is_half_there_is_watched_from_where_it_ends(home: Path) -> None:
    (home / ".aws" / "cli").mkdir(parents=True)
    assert watch.directories(where(home)) == {home / ".aws", home / ".aws" / "cli"}


def test_files_that_variables_move_are_watched_where_they_are(home: Path) -> None:
    (home / "elsewhere").mkdir()
    (home / ".aws").mkdir()
    moved = where(home, AWS_CONFIG_FILE=str(home / "elsewhere" / "c"), AWS_SHARED_CREDENTIALS_FILE="")
    assert watch.directories(moved) == {home / "elsewhere", home / ".aws"}


def test_the_tokens_of_web_identities_are_watched_wherever_they_are(home: Path) -> None:
    (home / "run").mkdir()
    (home / ".aws").mkdir()
    assert watch.directories(where(home), [str(home / "run" / "token")]) == {home / "run", home / ".aws"}
    assert watch.is_watched(where(home), home / "run" / "token", [str(home / "run" / "token")])
    assert not watch.is_watched(where(home), home / "run" / "other", [str(home / "run" / "token")])


def test_a_token_is_new_where_a_link_on_the_way_to_it_is_another(home: Path) -> None:
    # GIVEN a token as Kubernetes mounts it: token -> ..data/token, and ..data -> ..1
    run = home / "run"
    (run / "..1").mkdir(parents=True)
    (run / "..1" / "token").write_text("one")
    (run / "..data").symlink_to("..1")
    (run / "token").symlink_to("..data/token")
    assert watch.is_watched(where(home), run / "..data", [str(run / "token")])
    assert run in watch.directories(where(home), [str(run / "token")])


def test_the_target_of_a_symlink_is_watched_too(home: Path) -> None:
    (home / ".aws").mkdir()
    (home / "dotfiles").mkdir()
    (home / "dotfiles" / "aws-config").touch()
    (home / ".aws" / "config").symlink_to(home / "dotfiles" / "aws-config")
    assert watch.directories(where(home)) == {home / ".aws", home / "dotfiles"}


def test_a_symlink_that_leads_round_is_no_crash(home: Path) -> None:
    (home / ".aws").mkdir()
    (home / ".aws" / "config").symlink_to(home / ".aws" / "config")
    assert home / ".aws" in watch.directories(where(home))


def test_a_file_where_a_directory_should_be_is_no_crash(home: Path) -> None:
    (home / ".aws").write_text("not a directory")
    assert watch.directories(where(home)) == {home}


# matters


@pytest.mark.parametrize(
    "path",
    [".aws/config", ".aws/credentials", ".aws/cli/cache/abc.json", ".aws/sso/cache/abc.json",
     ".aws/login/cache/abc.json", ".aws/boto/cache/abc.json"],
)  # fmt: skip
def test_what_aws_tools_read_matters(home: Path, path: str) -> None:
    assert watch.is_watched(where(home), home / path)


@pytest.mark.parametrize("path", [".aws", ".aws/cli", ".aws/cli/cache", ".aws/sso"])
def test_a_directory_on_the_way_there_matters(home: Path, path: str) -> None:
    assert watch.is_watched(where(home), home / path)


@pytest.mark.parametrize(
    "path", [".bashrc", ".aws/config.swp", ".aws/.config.tmp", ".aws/cli/history.db", "work/.aws/config"]
)
def test_what_others_write_does_not_matter(home: Path, path: str) -> None:
    assert not watch.is_watched(where(home), home / path)


def test_the_target_of_a_symlink_matters_and_its_neighbours_do_not(home: Path) -> None:
    (home / ".aws").mkdir()
    (home / "dotfiles").mkdir()
    (home / ".aws" / "config").symlink_to(home / "dotfiles" / "aws-config")
    assert watch.is_watched(where(home), home / "dotfiles" / "aws-config")
    assert not watch.is_watched(where(home), home / "dotfiles" / "vimrc")


def test_the_default_file_does_not_matter_where_a_variable_moves_it(home: Path) -> None:
    moved = where(home, AWS_CONFIG_FILE=str(home / "elsewhere"))
    assert watch.is_watched(moved, home / "elsewhere")
    assert not watch.is_watched(moved, home / ".aws" / "config")


# changes, with the real watchfiles


async def first_change(paths: Paths, path: Path, text: str, attempts: int = 60) -> bool:
    """Write a file until the watch, which takes a moment to stand, tells it; False where it never does."""
    changes = watch.changes(paths)
    told = asyncio.ensure_future(anext(changes))
    try:
        for attempt in range(attempts):
            path.write_text(f"{text}{attempt}")  # noqa: ASYNC240 - what is waited for
            done, _ = await asyncio.wait([told], timeout=0.05)
            if done:
                return True
        return False
    finally:
        told.cancel()
        await asyncio.gather(told, return_exceptions=True)
        await changes.aclose()  # type: ignore[attr-defined]


async def test_a_change_is_told(empty: World) -> None:
    empty.write()
    assert await first_change(find(empty.host), empty.aws / "config", "[profile a]\n# ")


async def test_a_change_behind_a_symlink_is_told(empty: World) -> None:
    empty.write()
    (empty.home / "dotfiles").mkdir()
    target = empty.home / "dotfiles" / "aws-config"
    target.write_text("")
    (empty.aws / "config").unlink()
    (empty.aws / "config").symlink_to(target)
    assert await first_change(find(empty.host), target, "[profile a]\n# ")


async def test_a_change_of_a_file_named_from_the_working_directory_is_told(
    empty: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a relative path in the variable, which botocore takes from where it runs
    monkeypatch.chdir(empty.home)
    config = empty.home / "my-config"
    config.write_text("")
    assert await first_change(where(empty.home, AWS_CONFIG_FILE="my-config"), config, "[profile a]\n# ")


async def test_a_foreign_file_is_not_told(empty: World) -> None:
    empty.write()
    assert not await first_change(find(empty.host), empty.aws / "config.swp", "", attempts=12)
