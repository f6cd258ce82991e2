"""After rolecall's login the real ``aws`` gets role credentials, and renews the token when it is time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rolecall.actions import login
from rolecall.actions.prompts import Cancel
from rolecall.aws.expiry import State
from tests.actions.login_home import Person
from tests.interop.real_aws import scratch_environment
from tests.interop.sso_stub import PENDING, SsoStub
from tests.interop.texts import ROLE, SSO_ROLE, digest
from tests.interop.world import World

PORTAL = "https://corp.awsapps.com/start"
SETTINGS = f"sso_start_url = {PORTAL}\nsso_region = eu-west-1\n"
SESSION = f"""\
[sso-session corp]
{SETTINGS}sso_registration_scopes = sso:account:access
[profile dev]
sso_session = corp
{SSO_ROLE}"""
LEGACY = f"[profile dev]\n{SETTINGS}{SSO_ROLE}"
CREDENTIALS = "GET /federation/credentials"


@pytest.fixture
def sso() -> Iterator[SsoStub]:
    with SsoStub() as running:
        running.answers.before_token = [PENDING]
        yield running


@pytest.fixture
def portal(home: Path, sso: SsoStub) -> World:
    return World(home, scratch_environment(home, sso.url))


def log_in(world: World, profile: str = "dev") -> login.LoggedIn:
    snapshot = world.look()
    return login.log_in(snapshot, login.target(snapshot, profile), Person(), Cancel())


def log_out(world: World, profile: str = "dev") -> login.LoggedOut:
    snapshot = world.look()
    return login.log_out(snapshot, login.target(snapshot, profile), Person(), Cancel())


def token(path: Path) -> dict[str, str]:
    content: dict[str, str] = json.loads(path.read_bytes())
    return content


def age(path: Path, **changes: timedelta) -> None:
    """Move times in a token to so much from now."""
    moved = {key: (datetime.now(UTC) + span).strftime("%Y-%m-%dT%H:%M:%SZ") for key, span in changes.items()}
    path.write_text(json.dumps(token(path) | moved))


@pytest.mark.parametrize(("config", "name"), [(SESSION, "corp"), (LEGACY, PORTAL)], ids=["session", "legacy"])
def test_aws_gets_role_credentials_with_our_token(
    portal: World, sso: SsoStub, config: str, name: str
) -> None:
    portal.write("config", config)

    done = log_in(portal)

    assert done.token_file.name == f"{digest(name)}.json"
    sso.calls.clear()
    assert portal.aws("dev").status == 0
    assert sso.names == [CREDENTIALS, "GetCallerIdentity"]
    assert [call.token for call in sso.of(CREDENTIALS)] == [token(done.token_file)["accessToken"]]
    assert sso.calls[0].said == {"role_name": "Reader", "account_id": "123456789012"}


def test_aws_assumes_a_role_over_our_login(portal: World, sso: SsoStub) -> None:
    portal.write("config", f"{SESSION}[profile top]\n{ROLE}source_profile = dev\n")

    log_in(portal, "top")

    sso.calls.clear()
    portal.aws("top")
    assert CREDENTIALS in sso.names, "it gets as far as the credentials that the role is assumed with"


def test_aws_renews_our_token_with_our_registration(portal: World, sso: SsoStub) -> None:
    # GIVEN a login of some time ago
    portal.write("config", SESSION)
    done = log_in(portal)
    age(done.token_file, expiresAt=-timedelta(hours=1))
    old = token(done.token_file)
    report = portal.look().profiles["dev"].token
    assert report is not None
    assert report.state is State.RENEWABLE
    sso.calls.clear()

    # WHEN aws is used
    assert portal.aws("dev").status == 0

    # THEN it has renewed it, and so says rolecall
    (renewal,) = sso.of("POST /token")
    assert renewal.said == {
        "grantType": "refresh_token",
        "clientId": old["clientId"],
        "clientSecret": old["clientSecret"],
        "refreshToken": old["refreshToken"],
    }
    new = token(done.token_file)
    assert new["accessToken"] != old["accessToken"]
    assert list(new) == list(old), "aws writes what we write"
    report = portal.look().profiles["dev"].token
    assert report is not None
    assert report.state is State.VALID


def test_a_token_of_the_old_form_is_not_renewed(portal: World, sso: SsoStub) -> None:
    portal.write("config", LEGACY)
    done = log_in(portal)
    age(done.token_file, expiresAt=-timedelta(hours=1))
    sso.calls.clear()

    assert portal.aws("dev", "--debug").error == "UnauthorizedSSOTokenError"

    assert sso.names == []


def test_after_a_logout_aws_asks_for_a_login_and_the_other_session_works(portal: World, sso: SsoStub) -> None:
    other = f"[sso-session other]\n{SETTINGS}[profile two]\nsso_session = other\n{SSO_ROLE}"
    portal.write("config", SESSION + other)
    log_in(portal)
    log_in(portal, "two")

    log_out(portal)

    assert portal.aws("dev", "--debug").error == "SSOTokenLoadError"
    assert portal.aws("two").status == 0
    assert len(sso.of("POST /logout")) == 1


def test_a_login_takes_the_place_of_a_token_that_stops_aws(portal: World) -> None:
    portal.write("config", SESSION)
    portal.write(f"sso/cache/{digest('corp')}.json", "{")
    assert portal.aws("dev").status != 0

    log_in(portal)

    assert portal.aws("dev").status == 0
