"""Cache files that serve nobody, that serve too many, and damaged ones; and when nobody can tell."""

import errno
from pathlib import Path

import pytest

from rolecall.aws import paths
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import ORPHAN
from tests.aws.cases import SESSION, SSO_ROLE, keys, role
from tests.aws.entries import (
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
from tests.aws.test_cache_owners import entry
from tests.conftest import Taker
from tests.homes import Content

BASE = f"[base]\n{keys('BASE')}[other]\n{keys('OTHER')}"
IN_SESSION = f"{SESSION}[profile x]\nsso_session = corp\n{SSO_ROLE}"

FILES = {
    "cli/orphan.json": role_entry(),
    "cli/orphan-sso.json": sso_role_entry(),
    "sso/orphan.json": sso_token(),
    "sso/orphan-registration.json": registration(),
    login_file("gone"): login_token(),
}


@pytest.mark.parametrize("name", FILES)
def test_what_no_profile_leads_to_is_an_orphan(take: Taker, name: str) -> None:
    found = entry(take(config=IN_SESSION, caches={name: FILES[name]}), name)
    assert (found.profiles, found.is_orphan, found.problem) == ((), True, ORPHAN)


def test_other_programs_may_keep_roles_in_boto_cache(take: Taker) -> None:
    found = entry(take(caches={"boto/x.json": role_entry()}), "boto/x.json")
    assert (found.kind, found.is_orphan, found.problem) == (CacheKind.ROLE, False, None)


@pytest.mark.parametrize("name", ["cli/session.db", "cli/x.tmp", "sso/README"])
def test_a_foreign_file_is_no_orphan(take: Taker, name: str) -> None:
    found = entry(take(caches={name: b"x"}), name)
    assert (found.is_orphan, found.problem) != (True, ORPHAN)


@pytest.mark.parametrize("content", [{}, b"{", b"[]", {"name": "x"}])
def test_other_people_s_json_is_never_ours(take: Taker, content: Content) -> None:
    # GIVEN a login cache that a variable has moved to where other files are: nobody may take them for damaged
    snapshot = take(
        environ={"AWS_LOGIN_CACHE_DIRECTORY": "{HOME}/project"}, files={"project/package.json": content}
    )
    (found,) = snapshot.entries
    assert (found.kind, found.is_orphan, found.file.fault) == (CacheKind.UNKNOWN, False, None)


def test_profiles_with_other_sources_collide(take: Taker) -> None:
    config = f"[profile x]\n{role('x', 'base')}[profile y]\n{role('x', 'other')}"
    found = entry(take(config=config, credentials=BASE, caches={role_file(): role_entry()}), role_file())
    assert (found.profiles, found.is_collision) == (("x", "y"), True)
    assert found.problem == "collision: x and y share this file, but have different sources"


def test_three_of_them_are_named(take: Taker) -> None:
    config = (
        f"[profile x]\n{role('x', 'base')}[profile y]\n{role('x', 'other')}[profile z]\n{role('x', 'base')}"
    )
    found = entry(take(config=config, credentials=BASE, caches={role_file(): role_entry()}), role_file())
    assert found.problem == "collision: x, y and z share this file, but have different sources"


def test_a_profile_and_a_named_source_collide(take: Taker) -> None:
    config = f"[profile x]\n{role('x', 'base')}[profile y]\n{role('x')}credential_source = Environment\n"
    found = entry(take(config=config, credentials=BASE, caches={role_file(): role_entry()}), role_file())
    assert found.is_collision


def test_profiles_with_one_source_share_in_peace(take: Taker) -> None:
    config = f"[profile x]\n{role('x', 'base')}[profile y]\n{role('x', 'base')}region = eu-west-1\n"
    found = entry(take(config=config, credentials=BASE, caches={role_file(): role_entry()}), role_file())
    assert (found.profiles, found.is_collision, found.problem) == (("x", "y"), False, None)


def test_profiles_share_a_token_in_peace(take: Taker) -> None:
    config = f"{IN_SESSION}[profile y]\nsso_session = corp\n{SSO_ROLE}"
    found = entry(take(config=config, caches={sso_file(): sso_token()}), sso_file())
    assert (found.profiles, found.is_collision) == (("x", "y"), False)


# Damage


@pytest.mark.parametrize(
    ("config", "name", "kind"),
    [
        (f"[profile x]\n{role('x', 'base')}", role_file(), CacheKind.ROLE),
        (IN_SESSION, sso_role_file(sessionName="corp"), CacheKind.SSO_ROLE),
        (IN_SESSION, sso_file(), CacheKind.SSO_TOKEN),
        ("[profile x]\nlogin_session = me\n", login_file(), CacheKind.LOGIN),
    ],
)
def test_a_damaged_file_is_what_its_profile_expects_there(
    take: Taker, config: str, name: str, kind: CacheKind
) -> None:
    found = entry(take(config=config, credentials=BASE, caches={name: b"{"}), name)
    assert (found.kind, found.profiles, found.problem) == (kind, ("x",), "is cut off: half-written")


def test_the_damage_is_told_before_the_collision(take: Taker) -> None:
    config = f"[profile x]\n{role('x', 'base')}[profile y]\n{role('x', 'other')}"
    found = entry(take(config=config, credentials=BASE, caches={role_file(): b""}), role_file())
    assert (found.is_collision, found.problem) == (True, "is empty")


def test_a_damaged_orphan_is_both(take: Taker) -> None:
    found = entry(take(caches={"cli/orphan.json": b""}), "cli/orphan.json")
    assert (found.kind, found.is_orphan, found.problem) == (CacheKind.UNKNOWN, True, "is empty")


@pytest.mark.parametrize(
    ("config", "credentials"), [("[profile x\n", ""), ("", "[x\n"), ("[profile x\n", "[x\n")]
)
def test_nothing_is_an_orphan_while_a_file_does_not_parse(take: Taker, config: str, credentials: str) -> None:
    # GIVEN files of which nobody knows what they say: to clear "orphans" now would clear everything
    snapshot = take(
        config=f"{config}{role('x', 'base')}",
        credentials=credentials,
        caches={role_file(): role_entry(), "sso/x.json": sso_token()},
    )
    assert [(each.is_orphan, each.problem) for each in snapshot.entries] == [(False, None)] * 2


@pytest.mark.parametrize("unreadable", ["config", "credentials"])
def test_nor_while_one_may_not_be_read(take: Taker, monkeypatch: pytest.MonkeyPatch, unreadable: str) -> None:
    read = paths.read_file

    def refuse(path: Path) -> bytes:
        if path.name == unreadable:
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(path)

    monkeypatch.setattr(paths, "read_file", refuse)
    snapshot = take(config="", credentials="", caches={role_file(): role_entry()})
    assert [each.is_orphan for each in snapshot.entries] == [False]
