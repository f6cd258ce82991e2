"""What stands in the way of writing a cache file: the error that botocore's own cache raises."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.utils import JSONFileCache

from rolecall.aws import write_access
from rolecall.aws.write_access import Obstacle, ObstacleKind
from rolecall.host import Host

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
SOMEBODY = 54321


def cli_cache(home: Path) -> Path:
    return home / ".aws" / "cli" / "cache"


def nothing(home: Path) -> None:
    """Leave an empty home."""


def no_home(home: Path) -> None:
    home.rmdir()


def all_there(home: Path) -> None:
    cli_cache(home).mkdir(parents=True)


def linked(home: Path) -> None:
    (home / "elsewhere").mkdir()
    (home / ".aws" / "cli").mkdir(parents=True)
    cli_cache(home).symlink_to(home / "elsewhere")


def file_as_cache(home: Path) -> None:
    (home / ".aws" / "cli").mkdir(parents=True)
    cli_cache(home).write_text("x")


def file_as_cli(home: Path) -> None:
    (home / ".aws").mkdir()
    (home / ".aws" / "cli").write_text("x")


def file_as_aws(home: Path) -> None:
    (home / ".aws").write_text("x")


def file_as_home(home: Path) -> None:
    home.rmdir()
    home.write_text("x")


def broken_cache(home: Path) -> None:
    (home / ".aws" / "cli").mkdir(parents=True)
    cli_cache(home).symlink_to("/nowhere/cache")


def broken_cli(home: Path) -> None:
    (home / ".aws").mkdir()
    (home / ".aws" / "cli").symlink_to("/nowhere/cli")


def broken_aws(home: Path) -> None:
    (home / ".aws").symlink_to("/nowhere/aws")


def loop(home: Path) -> None:
    (home / ".aws" / "cli").mkdir(parents=True)
    cli_cache(home).symlink_to(cli_cache(home))


def closed_cache(home: Path) -> None:
    all_there(home)
    cli_cache(home).chmod(0o555)


def closed_cli(home: Path) -> None:
    (home / ".aws" / "cli").mkdir(parents=True)
    (home / ".aws" / "cli").chmod(0o555)


def closed_aws(home: Path) -> None:
    (home / ".aws").mkdir()
    (home / ".aws").chmod(0o500)


def unsearchable_aws(home: Path) -> None:
    all_there(home)
    (home / ".aws").chmod(0)


def closed_home(home: Path) -> None:
    home.chmod(0o555)


FOR_EVERYBODY: tuple[tuple[Callable[[Path], None], ObstacleKind | None, str], ...] = (
    (nothing, None, ""),
    (no_home, None, ""),
    (all_there, None, ""),
    (linked, None, ""),
    (file_as_cache, ObstacleKind.FILE, ".aws/cli/cache"),
    (file_as_cli, ObstacleKind.FILE, ".aws/cli"),
    (file_as_aws, ObstacleKind.FILE, ".aws"),
    (file_as_home, ObstacleKind.FILE, ""),
    (broken_cache, ObstacleKind.LINK, ".aws/cli/cache"),
    (broken_cli, ObstacleKind.LINK, ".aws/cli"),
    (broken_aws, ObstacleKind.LINK, ".aws"),
    (loop, ObstacleKind.LINK, ".aws/cli/cache"),
)
FORBIDDEN: tuple[tuple[Callable[[Path], None], str], ...] = (
    (closed_cache, ".aws/cli/cache"),
    (closed_cli, ".aws/cli"),
    (closed_aws, ".aws"),
    (unsearchable_aws, ".aws"),
    (closed_home, ""),
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "home"
    place.mkdir()
    yield place
    for path in (place, place / ".aws"):
        if path.is_dir():
            path.chmod(0o700)


def raised_by_botocore(home: Path) -> OSError | None:
    try:
        JSONFileCache(str(cli_cache(home)))["stem"] = {"a": 1}
    except OSError as error:
        return error
    return None


def check(home: Path, found: Obstacle | None, where: str | None) -> None:
    """Compare what was found with what botocore's cache does."""
    error = raised_by_botocore(home)
    assert (found is None) == (error is None)
    if found is None or error is None:
        return
    assert found.where == (home / where if where else home)
    assert (found.error, found.number) == (type(error).__name__, error.errno)
    named = Path(str(error.filename))
    if named.name.endswith(".tmp"):  # a name that is made up as it is written
        assert found.at == named.parent
    else:
        assert found.message == str(error)


@pytest.mark.parametrize(("prepare", "kind", "where"), FOR_EVERYBODY)
def test_what_is_in_the_way_is_what_stops_botocore(
    home: Path, prepare: Callable[[Path], None], kind: ObstacleKind | None, where: str
) -> None:
    prepare(home)
    found = write_access.of_directory(Host.of(home), cli_cache(home))
    assert (found.kind if found is not None else None) == kind
    check(home, found, where)


@pytest.mark.ordinary_user
@pytest.mark.parametrize(("prepare", "where"), FORBIDDEN)
def test_what_may_not_be_written_to_is_what_stops_botocore(
    home: Path, prepare: Callable[[Path], None], where: str
) -> None:
    prepare(home)
    found = write_access.of_directory(Host.of(home), cli_cache(home))
    assert found is not None
    assert found.kind is ObstacleKind.FORBIDDEN
    check(home, found, where)


@pytest.mark.ordinary_user
def test_a_home_that_only_root_could_make_is_in_the_way() -> None:
    found = write_access.of_directory(Host.of(Path("/nobodys-home")), Path("/nobodys-home/.aws/cli/cache"))
    assert found is not None
    assert (found.where, found.message) == (Path("/"), "[Errno 13] Permission denied: '/nobodys-home'")


@pytest.mark.ordinary_user
@pytest.mark.parametrize(("mode", "is_free"), [(0o600, True), (0o200, True), (0o400, False), (0, False)])
def test_a_file_is_written_in_place_where_its_mode_allows_it(
    tmp_path: Path, mode: int, *, is_free: bool
) -> None:
    path = tmp_path / "entry.json"
    path.write_text("{}")
    path.chmod(mode)
    assert (write_access.of_file(path) is None) == is_free


@pytest.mark.skipif(not ROOT, reason="only root can give a home away, and look at it")
@pytest.mark.parametrize(
    ("owner", "mode", "is_free"),
    [(SOMEBODY, 0o700, True), (SOMEBODY, 0o500, False), (0, 0o755, False), (0, 0o777, True)],
)
def test_root_sees_what_is_in_the_way_of_the_owner_of_another_home(
    home: Path, owner: int, mode: int, *, is_free: bool
) -> None:
    all_there(home)
    os.chown(home, SOMEBODY, SOMEBODY)
    os.chown(cli_cache(home), owner, owner)
    cli_cache(home).chmod(mode)
    there = replace(Host.of(home), own_environ={})
    assert (write_access.of_directory(there, cli_cache(home)) is None) == is_free
    # root itself, in that home as its own, may do it all
    assert write_access.of_directory(Host.of(home), cli_cache(home)) is None


def test_on_windows_modes_are_not_looked_at(home: Path) -> None:
    closed_cache(home)
    assert write_access.of_directory(Host.of(home, platform="win32"), cli_cache(home)) is None
    cli_cache(home).chmod(0o700)


def test_a_file_that_is_known_is_named_in_the_error() -> None:
    directory, entry = Path("/h/.aws/cli/cache"), Path("/h/.aws/cli/cache/stem.json")
    closed = Obstacle(ObstacleKind.FORBIDDEN, directory, 13, directory, is_of_new_file=True)
    assert closed.naming(entry).message == f"[Errno 13] Permission denied: '{entry}'"
    above = Obstacle(ObstacleKind.FORBIDDEN, Path("/h/.aws"), 13, Path("/h/.aws/cli"))
    assert above.naming(entry) == above


def test_a_read_only_file_system_is_one_obstacle_for_all_that_is_on_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN all that is below ~/.aws on a file system of its own, which is mounted read-only
    all_there(home)
    (home / ".aws" / "sso").mkdir()
    monkeypatch.setattr(write_access, "_may_write", lambda _, path: path == home)
    monkeypatch.setattr(write_access, "_is_read_only", lambda path: path != home)
    # WHEN / THEN
    cached = write_access.of_directory(Host.of(home), cli_cache(home))
    saved = write_access.of_directory(Host.of(home), home / ".aws" / "sso" / "cache")
    assert cached is not None
    assert saved is not None
    assert (cached.kind, cached.where) == (ObstacleKind.READ_ONLY, home / ".aws")
    assert saved.where == cached.where
    assert saved.message == f"[Errno 30] Read-only file system: '{home}/.aws/sso/cache'"
