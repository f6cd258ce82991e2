"""Which cache files are meant, and that nothing but the very files that were shown is deleted."""

import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rolecall.actions import clear_cache
from rolecall.actions.clear_cache import Deletion, EntryFilter
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Cancel
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.paths import Stamp
from rolecall.aws.snapshot import Snapshot
from tests.actions.caches import BASE, IN_SESSION, X_OVER_BASE, entry, named, path_of, plan
from tests.aws.entries import (
    HOUR,
    MINUTE,
    in_,
    login_file,
    login_token,
    registration,
    role_entry,
    role_file,
    sso_file,
    sso_role_entry,
    sso_role_file,
    sso_token,
)
from tests.aws.test_cache_owners import registration_file
from tests.conftest import HomeMaker, Taker
from tests.homes import NOW, Content, put

X, Y = role_file("x"), role_file("y")
GOOD = role_entry(in_(HOUR))
ORPHAN, OWN = f"cli/{'0' * 40}.json", f"boto/{'1' * 40}.json"
LEFTOVER = "cli/tmp4k2v9q_x.tmp"
EDITORS_TOKEN = "sso/kiro-auth-token.json"

CONFIG = f"{IN_SESSION}{X_OVER_BASE}[profile me]\nlogin_session = me\n"
CACHES: dict[str, Content] = {
    X: role_entry(in_(-MINUTE)),
    sso_role_file(sessionName="corp"): sso_role_entry(),
    sso_file(): sso_token(-MINUTE, HOUR),
    registration_file(): registration(),
    login_file(): login_token(),
    login_file("gone"): b"{",
    ORPHAN: GOOD,
    OWN: GOOD,
    "cli/session.db": b"SQLite",
    "cli/session.db-wal": b"SQLite",
    LEFTOVER: b"{",
    "cli/README": b"mine",
    "cli/notes.tmp": b"mine",
    EDITORS_TOKEN: {"accessToken": "CANARY", "expiresAt": in_(-MINUTE)},
    "sso/settings.json": {"a": 1},
    "login/package.json": b"{",
}
FOREIGN = {"cli/session.db", "cli/session.db-wal", "cli/README", "cli/notes.tmp", "sso/settings.json",
           "login/package.json"}  # fmt: skip
OURS = set(CACHES) - FOREIGN - {EDITORS_TOKEN}


@pytest.fixture
def full(take: Taker) -> Snapshot:
    """Every kind of file, each as old as an hour."""
    snapshot = take(config=CONFIG, credentials=BASE, caches=CACHES)
    for name in CACHES:
        os.utime(path_of(snapshot, name), (NOW.timestamp() - 3600,) * 2)
    return Snapshot.take(snapshot.host)


def clear(snapshot: Snapshot, *deletions: Deletion) -> clear_cache.Cleared:
    return clear_cache.clear(snapshot, deletions, Cancel(), lambda _: None)


# Which


def test_nothing_said_means_nothing(full: Snapshot) -> None:
    assert clear_cache.select(full) == ()


@pytest.mark.parametrize(
    ("which", "meant"),
    [
        ({EntryFilter.EXPIRED}, {X}),
        ({EntryFilter.ORPHANED}, {ORPHAN, login_file("gone")}),
        ({EntryFilter.CORRUPT}, {login_file("gone")}),
        ({EntryFilter.EXPIRED, EntryFilter.CORRUPT}, {X, login_file("gone")}),
        ({EntryFilter.ALL}, OURS),
    ],
)
def test_some_are_meant_by_what_is_the_matter_with_them(
    full: Snapshot, which: set[EntryFilter], meant: set[str]
) -> None:
    assert named(clear_cache.select(full, which=which)) == meant


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("x", {X}),
        ("sso", {sso_role_file(sessionName="corp"), sso_file(), registration_file()}),
        ("me", {login_file()}),
        ("base", set()),
    ],
)
def test_a_profile_s_are_those_that_serve_it(full: Snapshot, name: str, meant: set[str]) -> None:
    assert named(clear_cache.select(full, names=[name])) == meant


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        (CacheKind.ROLE, {X, ORPHAN, OWN}),
        (CacheKind.SSO_ROLE, {sso_role_file(sessionName="corp")}),
        (CacheKind.SSO_TOKEN, {sso_file()}),
        (CacheKind.SSO_REGISTRATION, {registration_file()}),
        (CacheKind.UNKNOWN, {LEFTOVER, login_file("gone")}),
    ],
)
def test_a_kind_is_meant(full: Snapshot, kind: CacheKind, meant: set[str]) -> None:
    assert named(clear_cache.select(full, kinds=[kind])) == meant


def test_what_is_said_together_narrows(full: Snapshot) -> None:
    assert named(clear_cache.select(full, names=["sso"], kinds=[CacheKind.SSO_TOKEN])) == {sso_file()}
    assert named(clear_cache.select(full, names=["sso"], which=[EntryFilter.EXPIRED])) == set()
    assert named(clear_cache.select(full, which=[EntryFilter.ALL], kinds=[CacheKind.LOGIN])) == {login_file()}


def test_files_are_meant_by_their_path(full: Snapshot) -> None:
    names = {X, EDITORS_TOKEN, LEFTOVER}
    assert named(clear_cache.select(full, paths=[path_of(full, name) for name in names])) == names


def test_what_is_never_deleted_is_not_meant_by_its_path_either(full: Snapshot) -> None:
    assert clear_cache.select(full, paths=[path_of(full, name) for name in FOREIGN]) == ()


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_it_says_why_and_is_never_planned(full: Snapshot, name: str) -> None:
    found = entry(full, name)
    reason = clear_cache.obstacle(found)
    assert reason is not None
    assert reason.endswith(".")
    with pytest.raises(ActionFailed, match="is not deleted") as raised:
        clear_cache.plan(full, [found])
    assert (raised.value.kind, raised.value.path) == ("Refused", found.path)


def test_usage_data_is_called_by_its_name(full: Snapshot) -> None:
    for name in ("cli/session.db", "cli/session.db-wal"):
        assert "usage data" in (clear_cache.obstacle(entry(full, name)) or "")


@pytest.mark.parametrize("name", sorted(OURS | {EDITORS_TOKEN}))
def test_all_else_can_be_planned(full: Snapshot, name: str) -> None:
    assert clear_cache.obstacle(entry(full, name)) is None
    assert plan(full, name)[0].path == path_of(full, name)


@pytest.mark.parametrize(("age", "is_meant"), [(timedelta(seconds=59), False), (MINUTE, True)])
def test_a_file_that_may_be_being_written_is_left_to_its_writer(
    take: Taker, age: timedelta, *, is_meant: bool
) -> None:
    snapshot = take(caches={LEFTOVER: b"{"})
    os.utime(path_of(snapshot, LEFTOVER), ((NOW - age).timestamp(),) * 2)
    snapshot = Snapshot.take(snapshot.host)
    assert bool(clear_cache.select(snapshot, which=[EntryFilter.ALL])) is is_meant


def test_what_has_expired_since_is_expired(make_home: HomeMaker) -> None:
    # GIVEN a Snapshot that is a while old
    host = make_home(config=X_OVER_BASE, credentials=BASE, caches={X: role_entry(in_(MINUTE))})
    moments = iter([NOW, NOW + HOUR])
    snapshot = Snapshot.take(replace(host, clock=lambda: next(moments)))
    assert named(clear_cache.select(snapshot, which=[EntryFilter.EXPIRED])) == {X}


def test_a_directory_that_cannot_be_listed_is_no_file(take: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    unlistable(monkeypatch, "cli")
    snapshot = take(caches={X: GOOD})
    (found,) = snapshot.entries
    assert clear_cache.obstacle(found) is not None
    assert clear_cache.select(snapshot, which=list(EntryFilter), paths=[found.path]) == ()
    assert clear_cache.unseen(snapshot) == (
        (found.path, "the directory cannot be listed: Permission denied"),
    )


# Names that no AWS tool gives

HEX, LONG_HEX = "0a" * 20, "0a" * 32
NAMES = {
    f"cli/{HEX}.json": True,
    f"sso/{HEX}.json": True,
    "sso/botocore-client-id-eu-west-1.json": True,
    f"login/{LONG_HEX}.json": True,
    f"boto/{HEX}.json": True,
    "cli/package.json": False,
    "cli/tsconfig.json": False,
    f"cli/{HEX.upper()}.json": False,
    f"cli/{HEX[1:]}.json": False,
    f"cli/{LONG_HEX}.json": False,
    f"cli/{HEX}.json.json": False,
    f"cli/{HEX}\n.json": False,
    "cli/botocore-client-id-eu-west-1.json": False,
    "sso/aws-toolkit-vscode-client-id-eu-west-1.json": False,
    "sso/botocore-client-id-\n.json": False,
    f"login/{HEX}.json": False,
    f"boto/{LONG_HEX}.json": False,
    "boto/settings.json": False,
}


@pytest.mark.parametrize("content", [b"{", b"", b"[]", b'{"name": "x"}', role_entry(in_(-MINUTE))])
def test_wholesale_means_no_file_with_a_name_that_no_aws_tool_gives(take: Taker, content: Content) -> None:
    snapshot = take(caches=dict.fromkeys(NAMES, content))
    ways: list[dict[str, object]] = [{"which": [each]} for each in EntryFilter]
    ways += [{"kinds": [kind]} for kind in CacheKind]
    foreign = {name for name, is_own in NAMES.items() if not is_own}
    for way in ways:
        assert named(clear_cache.select(snapshot, **way)).isdisjoint(foreign)  # type: ignore[arg-type]
    if content == b"{":
        assert named(clear_cache.select(snapshot, which=[EntryFilter.CORRUPT])) == NAMES.keys() - foreign


def test_who_names_such_a_file_is_told_what_it_may_be(take: Taker) -> None:
    snapshot = take(caches={"cli/package.json": b"{"})
    (deletion,) = plan(snapshot, "cli/package.json")
    assert deletion.words.endswith("No AWS tool gives a file such a name: it may be another program's.")
    assert not entry(snapshot, "cli/package.json").file.is_damaged


# What cannot be deleted


def unlistable(monkeypatch: pytest.MonkeyPatch, directory: str) -> None:
    """Have a cache directory refuse to be listed."""
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).parts[-2:] == (directory, "cache"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)


def test_what_has_an_aws_tool_s_name_and_is_no_file_is_told(make_home: HomeMaker) -> None:
    directories = {f".aws/cli/cache/{'0' * 40}.json/": "", ".aws/cli/cache/a.json/": ""}
    host = make_home(caches={X: GOOD}, files=directories)
    os.mkfifo(host.home / f".aws/cli/cache/{'1' * 40}.json")
    os.mkfifo(host.home / ".aws/cli/cache/b.json")
    snapshot = Snapshot.take(host)
    assert [(path.name[0], reason.split(";")[0]) for path, reason in clear_cache.unseen(snapshot)] == [
        ("0", "is a directory"),
        ("1", "is a FIFO"),
    ]
    assert named(clear_cache.select(snapshot, which=[EntryFilter.ALL])) == {X}


# Deleting


def test_what_was_planned_is_deleted_and_nothing_else(full: Snapshot) -> None:
    deletions = clear_cache.plan(full, clear_cache.select(full, which=[EntryFilter.ALL]))
    cleared = clear(full, *deletions)
    assert set(cleared.deleted) == {path_of(full, name) for name in OURS}
    assert cleared.left == ()
    assert named(Snapshot.take(full.host).entries) == FOREIGN | {EDITORS_TOKEN}
    config = full.host.home / ".aws" / "config"
    assert config.read_text() == CONFIG


@pytest.fixture
def two(take: Taker) -> Snapshot:
    """Two entries, one beside the other."""
    return take(caches={X: GOOD, Y: GOOD})


def test_one_that_changed_since_it_was_shown_is_left_and_told(two: Snapshot) -> None:
    deletions = plan(two, X, Y)
    # WHEN the CLI writes one anew, in the very same words
    put(path_of(two, X), GOOD)
    cleared = clear(two, *deletions)
    assert cleared.left == ((path_of(two, X), "it changed since it was shown"),)
    assert cleared.deleted == (path_of(two, Y),)
    assert path_of(two, X).exists()


def test_one_that_was_replaced_is_left(two: Snapshot) -> None:
    # WHEN a file of the same size and time is put in its place, as os.replace does
    deletions = plan(two, X)
    path, status = path_of(two, X), path_of(two, X).stat()
    other = put(path.with_name("other"), path.read_bytes())
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)
    assert clear(two, *deletions).left == ((path, "it changed since it was shown"),)


def test_one_that_is_gone_already_is_gone(two: Snapshot) -> None:
    deletions = plan(two, X, Y)
    path_of(two, X).unlink()
    assert clear(two, *deletions) == clear_cache.Cleared((path_of(two, X), path_of(two, Y)), ())


def test_so_it_is_where_the_directory_is_gone(two: Snapshot) -> None:
    deletions = plan(two, X)
    directory = path_of(two, X).parent
    directory.rename(directory.with_name("elsewhere"))
    assert clear(two, *deletions).deleted == (path_of(two, X),)


@pytest.fixture
def linked(make_home: HomeMaker) -> Snapshot:
    """An entry that is a link to a file elsewhere."""
    host = make_home(files={"elsewhere.json": GOOD, ".aws/cli/cache/": ""})
    (host.home / f".aws/cli/cache/{'0' * 40}.json").symlink_to(host.home / "elsewhere.json")
    return Snapshot.take(host)


def test_of_an_entry_that_is_a_symlink_the_link_alone_goes_and_that_is_said(linked: Snapshot) -> None:
    (deletion,) = clear_cache.plan(linked, clear_cache.select(linked, which=[EntryFilter.ALL]))
    assert deletion.words.endswith(" It is a link, and goes alone: ~/elsewhere.json stays.")
    assert clear(linked, deletion).deleted == (deletion.path,)
    assert not deletion.path.is_symlink()
    assert (linked.host.home / "elsewhere.json").exists()


def test_a_symlink_that_leads_elsewhere_by_now_is_left(linked: Snapshot) -> None:
    (deletion,) = clear_cache.plan(linked, linked.entries)
    other = put(linked.host.home / "other.json", GOOD)
    deletion.path.unlink()
    deletion.path.symlink_to(other)
    assert clear(linked, deletion).left == ((deletion.path, "it changed since it was shown"),)
    other.unlink()
    assert clear(linked, deletion).left == ((deletion.path, "it changed since it was shown"),)
    assert deletion.path.is_symlink()


def test_one_that_became_a_symlink_is_left(two: Snapshot) -> None:
    # WHEN the file itself moves out, and a link is put in its place
    deletions = plan(two, X)
    path, outside = path_of(two, X), two.host.home / "outside.json"
    path.rename(outside)
    path.symlink_to(outside)
    assert [where for where, _ in clear(two, *deletions).left] == [path]
    assert outside.exists()


def test_a_cache_directory_that_is_a_symlink_is_followed(make_home: HomeMaker) -> None:
    # GIVEN a cache that lies elsewhere, as the AWS tools would find it
    host = make_home(files={"elsewhere/x.json": GOOD, ".aws/cli/": ""})
    (host.home / ".aws" / "cli" / "cache").symlink_to(host.home / "elsewhere")
    snapshot = Snapshot.take(host)
    deletions = clear_cache.plan(snapshot, snapshot.entries)
    cache = host.home / ".aws" / "cli" / "cache"
    assert clear_cache.leads_to(snapshot, deletions) == {cache: (host.home / "elsewhere").resolve()}
    assert clear(snapshot, *deletions).deleted == (cache / "x.json",)
    assert not (host.home / "elsewhere" / "x.json").exists()


def test_a_directory_that_became_a_symlink_leads_to_other_files(two: Snapshot) -> None:
    # WHEN the directory is swapped for a link to one with a file of the same name
    deletions = plan(two, X)
    directory = path_of(two, X).parent
    victim = put(two.host.home / "victim" / path_of(two, X).name, GOOD)
    directory.rename(directory.with_name("before"))
    directory.symlink_to(victim.parent)
    assert clear(two, *deletions).left == ((path_of(two, X), "it changed since it was shown"),)
    assert victim.exists()


@pytest.mark.parametrize("where", [".aws/config", ".aws/cli/cache/../../config", ".aws/cli/other/x.json"])
def test_nothing_outside_the_four_directories_is_deleted(two: Snapshot, where: str) -> None:
    # GIVEN a deletion that was made up, of a file that is what it says
    (good,) = plan(two, X)
    path = put(two.host.home / where, GOOD)
    made_up = Deletion(path, good.entry, good.cost, good.words, Stamp.of(path.stat()))
    assert clear(two, made_up).left == ((path, "it is not in a cache directory"),)
    assert path.exists()


def test_usage_data_is_not_deleted_whoever_asks(full: Snapshot) -> None:
    found = entry(full, "cli/session.db")
    (good,) = plan(full, X)
    assert found.file.stamp is not None
    made_up = Deletion(found.path, found, good.cost, good.words, found.file.stamp)
    assert [path for path, _ in clear(full, made_up).left] == [found.path]
    assert found.path.exists()


def test_what_the_system_refuses_is_told(two: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    deletions = plan(two, X, Y)
    real = os.unlink

    def unlink(path: str, *, dir_fd: int | None = None) -> None:
        if path == path_of(two, X).name:
            raise PermissionError(13, "Permission denied")
        real(path, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", unlink)
    monkeypatch.setattr(os, "supports_dir_fd", {unlink, os.stat})
    cleared = clear(two, *deletions)
    assert cleared.left == ((path_of(two, X), "it cannot be deleted: Permission denied"),)
    assert cleared.deleted == (path_of(two, Y),)


def test_a_directory_that_cannot_be_opened_is_told(two: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    deletions = plan(two, X)

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    cleared = clear(two, *deletions)
    assert cleared.left == ((path_of(two, X), "the directory cannot be opened: Permission denied"),)


def test_without_directory_descriptors_it_is_done_by_path(
    two: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as on Windows
    monkeypatch.setattr(os, "supports_dir_fd", set())
    deletions = plan(two, X, Y)
    put(path_of(two, X), GOOD)
    cleared = clear(two, *deletions)
    assert (cleared.deleted, len(cleared.left)) == ((path_of(two, Y),), 1)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="descriptors are counted in /proc")
def test_no_descriptor_is_left_open(full: Snapshot) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    clear(full, *clear_cache.plan(full, clear_cache.select(full, which=[EntryFilter.ALL])))
    assert len(list(Path("/proc/self/fd").iterdir())) == before


# Many


def many(make_home: HomeMaker, number: int) -> Snapshot:
    profiles = "".join(
        f"[profile p{index}]\nrole_arn = arn:aws:iam::123456789012:role/r{index}\nsource_profile = base\n"
        for index in range(number)
    )
    caches = {role_file(f"r{index}"): GOOD for index in range(number)}
    return Snapshot.take(make_home(config=profiles, credentials=BASE, caches=caches))


def test_it_is_told_how_far_it_has_come(make_home: HomeMaker) -> None:
    snapshot = many(make_home, 250)
    told: list[int] = []
    clear_cache.clear(snapshot, clear_cache.plan(snapshot, snapshot.entries), Cancel(), told.append)
    assert told == [100, 200, 250]


def test_it_can_be_cancelled_on_the_way(make_home: HomeMaker) -> None:
    snapshot, cancel = many(make_home, 250), Cancel()
    cleared = clear_cache.clear(
        snapshot, clear_cache.plan(snapshot, snapshot.entries), cancel, lambda _: cancel.set()
    )
    # THEN what was deleted is told, and so is what was not
    assert (len(cleared.deleted), len(cleared.left)) == (100, 150)
    assert {reason for _, reason in cleared.left} == {"you cancelled"}
    assert len(Snapshot.take(snapshot.host).entries) == 150


def test_before_the_first_it_is_cancelled_as_a_whole(two: Snapshot) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        clear_cache.clear(two, plan(two, X, Y), cancel, lambda _: None)
    assert path_of(two, X).exists()


@pytest.mark.long
def test_ten_thousand_take_no_time_to_speak_of(make_home: HomeMaker) -> None:
    snapshot = many(make_home, 10_000)
    began = time.process_time()
    deletions = clear_cache.plan(snapshot, clear_cache.select(snapshot, which=[EntryFilter.ALL]))
    cleared = clear_cache.clear(snapshot, deletions, Cancel(), lambda _: None)
    assert time.process_time() - began < 2
    assert len(cleared.deleted) == 10_000
