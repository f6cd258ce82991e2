"""Which profiles each cache file serves."""

import json
from hashlib import sha1

import pytest

from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import ORPHAN, CacheEntry
from rolecall.aws.expiry import State
from rolecall.aws.snapshot import Snapshot
from tests.aws.cases import LEGACY_SSO, SESSION, SSO_ROLE, URL, keys, role
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
from tests.conftest import Taker

BASE = f"[base]\n{keys('BASE')}[other]\n{keys('OTHER')}"
IN_SESSION = f"{SESSION}[profile x]\nsso_session = corp\n{SSO_ROLE}"
OLD_SSO = f"[profile x]\n{LEGACY_SSO}"


def entry(snapshot: Snapshot, name: str) -> CacheEntry:
    """Return the entry of a file, named as ``make_home`` names it."""
    directory, _, file = name.partition("/")
    path = snapshot.host.home / ".aws" / directory / "cache" / file
    return next(entry for entry in snapshot.entries if entry.path == path)


def registration_file(**changes: object) -> str:
    arguments: dict[str, object] = {
        "tool": "botocore",
        "startUrl": URL,
        "region": "eu-west-1",
        "scopes": None,
        "session_name": "corp",
    }
    text = json.dumps(arguments | changes, sort_keys=True)
    return f"sso/{sha1(text.encode()).hexdigest()}.json"  # noqa: S324 - AWS's choice of a name, no security


# Whose it is


def test_a_role_s_file_is_its_profiles(take: Taker) -> None:
    snapshot = take(
        config=f"[profile x]\n{role('x', 'base')}", credentials=BASE, caches={role_file(): role_entry()}
    )
    found = entry(snapshot, role_file())
    assert (found.kind, found.profiles, found.problem) == (CacheKind.ROLE, ("x",), None)
    assert (found.is_orphan, found.is_collision) == (False, False)
    assert found.identity == "arn:aws:sts::123456789012:assumed-role/x/me"
    assert snapshot.profiles["x"].cache_file == found.path.name


@pytest.mark.parametrize(
    "setting", ["role_session_name = a", "external_id = b", "mfa_serial = c", "duration_seconds = 900"]
)
def test_other_arguments_make_another_file(take: Taker, setting: str) -> None:
    snapshot = take(
        config=f"[profile x]\n{role('x', 'base')}{setting}\n",
        credentials=BASE,
        caches={role_file(): role_entry()},
    )
    assert entry(snapshot, role_file()).problem == ORPHAN
    assert snapshot.profiles["x"].cache_file != role_file().removeprefix("cli/")


def test_a_role_on_the_way_has_a_file_too(take: Taker) -> None:
    snapshot = take(
        config=f"[profile x]\n{role('x', 'm')}[profile m]\n{role('m', 'base')}",
        credentials=BASE,
        caches={role_file("x"): role_entry(), role_file("m"): role_entry(name="m")},
    )
    assert entry(snapshot, role_file("x")).profiles == ("x",)
    assert entry(snapshot, role_file("m")).profiles == ("m",)


def test_a_broken_role_keeps_its_file(take: Taker) -> None:
    # GIVEN a role whose source has gone since: its file is no orphan
    snapshot = take(config=f"[profile x]\n{role('x', 'gone')}", caches={role_file(): role_entry()})
    assert entry(snapshot, role_file()).profiles == ("x",)


def test_so_does_a_broken_web_identity(take: Taker) -> None:
    snapshot = take(
        config=f"[profile x]\n{role()}web_identity_token_file = /nowhere\nmetadata_service_timeout = soon\n",
        caches={role_file(): role_entry()},
    )
    assert snapshot.profiles["x"].resolution.error == "ValueError"
    assert entry(snapshot, role_file()).profiles == ("x",)


def test_and_broken_sso(take: Taker) -> None:
    name = sso_role_file(sessionName="corp")
    snapshot = take(config=f"{IN_SESSION}metadata_service_timeout = soon\n", caches={name: sso_role_entry()})
    assert snapshot.profiles["x"].resolution.error == "ValueError"
    assert snapshot.profiles["x"].expiry.state is State.BROKEN


def test_a_source_with_keys_leads_to_no_file_by_its_own_role(take: Taker) -> None:
    snapshot = take(
        config=f"[profile x]\n{role('x', 'm')}[profile m]\n{role('m', 'base')}{keys('M')}",
        credentials=BASE,
        caches={role_file("m"): role_entry()},
    )
    # chosen itself, it does assume its role
    assert entry(snapshot, role_file("m")).profiles == ("m",)


@pytest.mark.parametrize("with_token", [False, True])
def test_a_web_identity_s_file_is_found_by_either_name(take: Taker, *, with_token: bool) -> None:
    name = role_file(**({"WebIdentityToken": "CANARY\n"} if with_token else {}))
    snapshot = take(
        config=f"[profile x]\n{role()}web_identity_token_file = {{HOME}}/token\n",
        files={"token": "CANARY\r\n"},
        caches={name: role_entry()},
    )
    assert entry(snapshot, name).profiles == ("x",)
    # what CLI v1 has cached under its own name, CLI v2 does not open
    assert (snapshot.profiles["x"].cache_file == name.removeprefix("cli/")) is not with_token


def test_the_environments_web_identity_has_a_file_too(take: Taker) -> None:
    snapshot = take(
        environ={
            "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token",
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x",
        },
        files={"token": "CANARY"},
        caches={role_file(): role_entry()},
    )
    found = entry(snapshot, role_file())
    assert (found.profiles, found.is_orphan) == ((), False)


def test_the_environments_session_name_is_part_of_it(take: Taker) -> None:
    name = role_file(RoleSessionName="me")
    snapshot = take(
        environ={
            "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token",
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x",
            "AWS_ROLE_SESSION_NAME": "me",
        },
        files={"token": "CANARY"},
        caches={name: role_entry()},
    )
    assert not entry(snapshot, name).is_orphan


def test_an_sso_role_s_file_is_its_profiles(take: Taker) -> None:
    for config, name in (
        (IN_SESSION, sso_role_file(sessionName="corp")),
        (OLD_SSO, sso_role_file(startUrl=URL)),
    ):
        snapshot = take(config=config, caches={name: sso_role_entry()})
        found = entry(snapshot, name)
        assert (found.kind, found.profiles) == (CacheKind.SSO_ROLE, ("x",))
        assert found.identity == "admin in 123456789012"


def test_a_token_belongs_to_all_profiles_of_its_session(take: Taker) -> None:
    config = f"{IN_SESSION}[profile y]\nsso_session = corp\n[profile z]\n{LEGACY_SSO}"
    snapshot = take(config=config, caches={sso_file("corp"): sso_token(), sso_file(URL): sso_token()})
    assert entry(snapshot, sso_file("corp")).profiles == ("x", "y")
    assert entry(snapshot, sso_file("corp")).identity == "corp"
    assert entry(snapshot, sso_file(URL)).profiles == ("z",)
    assert entry(snapshot, sso_file(URL)).identity == URL


def test_a_session_that_no_profile_uses_still_has_its_token(take: Taker) -> None:
    snapshot = take(config=SESSION, caches={sso_file(): sso_token(), registration_file(): registration()})
    for name in (sso_file(), registration_file()):
        assert (entry(snapshot, name).profiles, entry(snapshot, name).is_orphan) == ((), False)


@pytest.mark.parametrize(
    ("config", "name"),
    [
        (IN_SESSION, registration_file()),
        (
            IN_SESSION.replace("[profile x]", "sso_registration_scopes = a, b,\n[profile x]"),
            registration_file(scopes=["a", "b"]),
        ),
        (OLD_SSO, registration_file(session_name=None)),
        (OLD_SSO, "sso/botocore-client-id-eu-west-1.json"),
    ],
)
def test_a_registration_belongs_to_its_session(take: Taker, config: str, name: str) -> None:
    found = entry(take(config=config, caches={name: registration()}), name)
    assert (found.kind, found.profiles, found.problem) == (CacheKind.SSO_REGISTRATION, ("x",), None)


def test_a_login_s_file_is_its_profiles(take: Taker) -> None:
    snapshot = take(config="[profile x]\nlogin_session = me\n", caches={login_file(): login_token()})
    found = entry(snapshot, login_file())
    assert (found.kind, found.profiles, found.identity) == (CacheKind.LOGIN, ("x",), "me")
    assert snapshot.profiles["x"].cache_file == found.path.name
