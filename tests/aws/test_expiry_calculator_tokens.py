"""How tokens stand, and what hangs on them: web identity, SSO, logins; and what cannot be known."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from rolecall.aws.expiry import After, Expiry, State
from tests.aws.cases import LEGACY_SSO, SESSION, SSO_ROLE, URL, keys, role
from tests.aws.entries import (
    HOUR,
    MINUTE,
    in_,
    jwt,
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
from tests.aws.test_expiry_calculator import expiry, told
from tests.conftest import Taker
from tests.homes import NOW

IN_SESSION = f"{SESSION}[profile x]\nsso_session = corp\n{SSO_ROLE}"
OLD_SSO = f"[profile x]\n{LEGACY_SSO}"
LOGIN = "[profile x]\nlogin_session = me\n"


# Web identity

WEB = f"[profile x]\n{role()}web_identity_token_file = {{HOME}}/token\n"


@pytest.mark.parametrize(
    ("token", "after", "reason"),
    [
        ("CANARY", After.AUTOMATIC, None),  # any text is a token
        (jwt({"exp": NOW.timestamp() + 3601}), After.AUTOMATIC, None),
        (f"{jwt({'exp': NOW.timestamp() + 3600.5})}\n", After.AUTOMATIC, None),
        (jwt({"exp": NOW.timestamp()}), After.FAILS, "its web identity token expired 0s ago"),
        (jwt({"exp": NOW.timestamp() - 7200}), After.FAILS, "its web identity token expired 2h ago"),
        (None, After.FAILS, "its web identity token cannot be read"),
        (b"\xff", After.FAILS, "its web identity token cannot be read"),
    ],
)
def test_a_web_identity_is_as_good_as_its_token(
    take: Taker, token: str | None, after: After, reason: str | None
) -> None:
    found = expiry(take, config=WEB, files={} if token is None else {"token": token})
    assert (found.state, found.after, found.reason) == (State.IDLE, after, reason)
    # AND a cached role is valid now, and fails then
    caches = {role_file(): role_entry(in_(HOUR))}
    found = expiry(take, config=WEB, files={} if token is None else {"token": token}, caches=caches)
    assert (found.state, found.after, found.reason) == (State.VALID, after, reason)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"exp": None},
        {"exp": "soon"},
        {"exp": []},
        {"exp": 1e300},
        {"exp": -1e300},
        {"exp": 10**30},
        [],
        "x",
        None,
        b"",
        b"{",
        b"\xff",
        b'{"exp": NaN}',
        b'{"exp": Infinity}',
        b'{"exp": ' + b"1" * 5000 + b"}",
        b"[" * 50_000,
    ],
    ids=lambda payload: repr(payload)[:20],
)
def test_a_token_that_tells_no_end_has_none(take: Taker, payload: object) -> None:
    found = expiry(take, config=WEB, files={"token": jwt(payload)})
    assert told(found) == (State.IDLE, After.AUTOMATIC, None)


@pytest.mark.parametrize("token", ["aa.bb", "a.b.c.d", "....", "a.\N{SNOWMAN}.c", "a.b!.c", ".aa."])
def test_what_only_looks_like_a_token_has_no_end(take: Taker, token: str) -> None:
    assert told(expiry(take, config=WEB, files={"token": token})) == (State.IDLE, After.AUTOMATIC, None)


def test_a_token_file_without_end_is_not_read(take: Taker) -> None:
    assert take(config=WEB, files={"token": b"x" * 1_000_000}).profiles["x"].resolution.on_use is None
    found = take(config=WEB, files={"token": b"x" * 1_000_001}).profiles["x"]
    assert found.resolution.on_use is not None
    assert found.resolution.on_use.error == "ParamValidationError"
    assert found.expiry.after is After.FAILS


# SSO


@pytest.mark.parametrize(
    ("end", "registration", "expected"),
    [
        (HOUR, None, (State.VALID, After.LOGIN)),
        (HOUR, 24 * HOUR, (State.VALID, After.AUTOMATIC)),
        (MINUTE, 24 * HOUR, (State.VALID, After.AUTOMATIC)),
        (-HOUR, 24 * HOUR, (State.RENEWABLE, After.AUTOMATIC)),
        (timedelta(0), 24 * HOUR, (State.RENEWABLE, After.AUTOMATIC)),
        (-HOUR, None, (State.EXPIRED, After.LOGIN)),
        (-HOUR, -MINUTE, (State.EXPIRED, After.LOGIN)),
        (-HOUR, timedelta(0), (State.EXPIRED, After.LOGIN)),
        (2 * HOUR, HOUR, (State.VALID, After.LOGIN)),  # the registration ends first
        (HOUR, -HOUR, (State.VALID, After.LOGIN)),
    ],
)
def test_a_session_s_token(
    take: Taker, end: timedelta, registration: timedelta | None, expected: tuple[State, After]
) -> None:
    found = expiry(take, config=IN_SESSION, caches={sso_file(): sso_token(end, registration)})
    assert told(found) == (*expected, end)
    assert found.source == sso_file().replace("sso/", "sso/cache/")


@pytest.mark.parametrize(("end", "state"), [(HOUR, State.VALID), (-HOUR, State.EXPIRED)])
def test_a_token_of_the_old_form_is_never_refreshed(take: Taker, end: timedelta, state: State) -> None:
    snapshot = take(config=OLD_SSO, caches={sso_file(URL): sso_token(end, 24 * HOUR)})
    assert told(snapshot.profiles["x"].expiry) == (state, After.LOGIN, end)
    assert told(snapshot.entries[0].expiry) == (state, After.LOGIN, end)


@pytest.mark.parametrize("config", [IN_SESSION, OLD_SSO])
def test_without_a_token_someone_has_to_log_in(take: Taker, config: str) -> None:
    found = expiry(take, config=config)
    assert (*told(found), found.reason) == (State.IDLE, After.LOGIN, None, "not logged in")


def test_a_start_url_that_is_a_nested_block_leads_to_no_token(take: Taker) -> None:
    found = expiry(take, config=f"[profile x]\n{SSO_ROLE}sso_region = a\nsso_start_url =\n  a = 1\n")
    assert (found.state, found.after) == (State.IDLE, After.LOGIN)


def test_a_damaged_token_is_mended_by_a_login(take: Taker) -> None:
    found = expiry(take, config=IN_SESSION, caches={sso_file(): b"{"})
    assert told(found) == (State.BROKEN, After.LOGIN, None)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (sso_token(8 * HOUR), (State.VALID, After.AUTOMATIC, HOUR)),
        (sso_token(-HOUR, 24 * HOUR), (State.VALID, After.AUTOMATIC, HOUR)),
        (sso_token(-HOUR), (State.VALID, After.LOGIN, HOUR)),  # valid now, and then?
        (sso_token(30 * MINUTE), (State.VALID, After.LOGIN, HOUR)),  # its token ends before it
        (None, (State.VALID, After.LOGIN, HOUR)),
    ],
)
def test_cli_v2_s_credentials_outlive_their_token(
    take: Taker, token: Mapping[str, object] | None, expected: tuple[State, After, timedelta]
) -> None:
    caches: dict[str, object] = {sso_role_file(sessionName="corp"): sso_role_entry(in_(HOUR))}
    if token is not None:
        caches[sso_file()] = token
    assert told(expiry(take, config=IN_SESSION, caches=caches)) == expected


@pytest.mark.parametrize("end", [timedelta(0), -HOUR])
def test_once_they_are_past_the_token_counts(take: Taker, end: timedelta) -> None:
    caches = {
        sso_role_file(sessionName="corp"): sso_role_entry(in_(end)),
        sso_file(): sso_token(8 * HOUR),
    }
    assert told(expiry(take, config=IN_SESSION, caches=caches)) == (State.VALID, After.LOGIN, 8 * HOUR)


def test_a_registration_ends_by_itself(take: Taker) -> None:
    (entry,) = take(
        config=IN_SESSION, caches={"sso/botocore-client-id-eu-west-1.json": registration(-HOUR)}
    ).entries
    assert told(entry.expiry) == (State.EXPIRED, After.LOGIN, -HOUR)


@pytest.mark.parametrize("name", ["cli/session.db", "sso/README"])
def test_a_foreign_file_has_no_end(take: Taker, name: str) -> None:
    (entry,) = take(caches={name: b"x"}).entries
    assert entry.expiry == Expiry(State.UNKNOWN)


# Logins, and what cannot be known


@pytest.mark.parametrize(("end", "state"), [(15 * MINUTE, State.VALID), (-HOUR, State.RENEWABLE)])
def test_a_login_renews_itself(take: Taker, end: timedelta, state: State) -> None:
    found = expiry(take, config=LOGIN, caches={login_file(): login_token(end)}, has_crt=True)
    assert told(found) == (state, After.AUTOMATIC, end)


def test_without_a_login_someone_has_to_log_in(take: Taker) -> None:
    found = take(config=LOGIN, has_crt=True).profiles["x"]
    assert found.resolution.error == "LoginTokenLoadError"
    assert found.expiry.state is State.BROKEN
    assert found.expiry.reason == found.resolution.message


def test_a_login_that_cannot_be_compared_is_mended_by_a_login(take: Taker) -> None:
    token = login_token("2030-01-01T13:00:00")
    found = expiry(take, config=LOGIN, caches={login_file(): token}, has_crt=True)
    assert told(found) == (State.BROKEN, After.LOGIN, None)


def test_a_login_without_crt_stands_as_in_cli_v2(take: Taker) -> None:
    found = expiry(take, config=LOGIN, caches={login_file(): login_token()}, has_crt=False)
    assert found.state is State.VALID


@pytest.mark.parametrize(
    ("config", "environ"),
    [
        ("[profile x]\ncredential_process = false\n", {}),
        ("[profile x]\n", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"}),
    ],
)
def test_what_only_a_call_would_tell_is_unknown(take: Taker, config: str, environ: dict[str, str]) -> None:
    found = expiry(take, config=config, environ=environ)
    assert told(found) == (State.UNKNOWN, After.AUTOMATIC, None)


def test_boto_s_file_holds_long_term_keys(take: Taker) -> None:
    found = expiry(take, config="[profile x]\n", files={".boto": f"[Credentials]\n{keys('BOTO')}"})
    assert found == Expiry(State.PERMANENT)


@pytest.mark.parametrize(
    "config", [f"[profile x]\n{role('x', 'x')}", "[profile x]\n", f"[profile x]\n{role('x', 'gone')}"]
)
def test_an_error_is_broken_and_says_why(take: Taker, config: str) -> None:
    snapshot = take(config=config)
    report = snapshot.profiles["x"]
    assert told(report.expiry) == (State.BROKEN, After.FAILS, None)
    assert report.expiry.reason == report.resolution.message
