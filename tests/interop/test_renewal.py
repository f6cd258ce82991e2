"""What rolecall's states of roles and tokens mean at the next call of the real ``aws``."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest

from rolecall.aws.expiry import After, State
from rolecall.aws.providers import Tool
from tests.interop.stub import DENIED, Stub
from tests.interop.texts import (
    DEPLOY_FILE,
    LEGACY_SSO,
    OVER_BASE,
    ROLE,
    SSO,
    SSO_SESSION,
    START_URL,
    cached_role,
    sso_token,
    sso_token_file,
)
from tests.interop.world import World

INDIA = timezone(timedelta(hours=5, minutes=30))
WRITERS = {
    "CLI v1": lambda end: f"{end:%Y-%m-%dT%H:%M:%S}Z",
    "CLI v2": lambda end: f"{end:%Y-%m-%dT%H:%M:%S}+00:00",
    "boto3": lambda end: f"{end:%Y-%m-%dT%H:%M:%S}UTC",
    "another zone": lambda end: end.astimezone(INDIA).isoformat(),
}


def ends_in(**span: float) -> datetime:
    return (datetime.now(UTC) + timedelta(**span)).replace(microsecond=0)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_valid_entry_serves_whoever_wrote_it(stubbed: World, stub: Stub, writer: str) -> None:
    end = ends_in(minutes=17)
    stubbed.write("config", OVER_BASE)
    stubbed.write(DEPLOY_FILE, cached_role(Expiration=WRITERS[writer](end)))

    (entry,) = stubbed.look().entries
    assert (entry.expiry.state, entry.expiry.at) == (State.VALID, end)

    assert stubbed.aws("x").status == 0
    assert stub.calls == ["GetCallerIdentity"], "the role is not assumed anew"


@pytest.mark.parametrize(
    ("minutes_left", "state"),
    [(14, State.RENEWING), (-1, State.EXPIRED)],
    ids=["last 15 minutes", "past"],
)
def test_what_is_no_longer_valid_is_fetched_anew_and_fails_if_sts_refuses(
    stubbed: World, stub: Stub, minutes_left: float, state: State
) -> None:
    stubbed.write("config", OVER_BASE)
    end = ends_in(minutes=minutes_left)
    path = stubbed.write(DEPLOY_FILE, cached_role(Expiration=end.isoformat()))
    old = path.read_bytes()

    (entry,) = stubbed.look().entries
    assert (entry.expiry.state, entry.expiry.after) == (state, After.AUTOMATIC)
    run = stubbed.aws("x")

    assert run.status != 0
    assert DENIED in run.errors
    assert stub.calls == ["AssumeRole"]
    assert path.read_bytes() == old


def test_a_valid_entry_serves_though_its_source_is_dead(stubbed: World, stub: Stub) -> None:
    # GIVEN a live role over SSO in which nobody is logged in
    sso = f"{SSO_SESSION}[profile sso]\n{SSO}"
    stubbed.write("config", f"{sso}[profile x]\n{ROLE}source_profile = sso\n")
    stubbed.write(DEPLOY_FILE, cached_role())

    # THEN it is valid now, and needs a login then
    profile = stubbed.look().profiles["x"]
    assert (profile.expiry.state, profile.expiry.after) == (State.VALID, After.LOGIN)
    assert profile.resolutions[Tool.CLI_V1].fault is None
    assert stubbed.aws("x").status == 0
    assert stub.calls == ["GetCallerIdentity"]


def test_a_valid_entry_serves_though_its_sources_entry_is_damaged(stubbed: World, stub: Stub) -> None:
    outer = f"[profile outer]\n{ROLE}role_session_name = outer\nsource_profile = x\n"
    stubbed.write("config", OVER_BASE + outer)
    stubbed.write(DEPLOY_FILE, "{")
    stubbed.write(f"cli/cache/{stubbed.look().profiles['outer'].cache_file}", cached_role())

    profile = stubbed.look().profiles["outer"]
    assert profile.expiry.state is State.VALID
    assert profile.resolutions[Tool.CLI_V1].fault is None
    assert stubbed.aws("outer").status == 0
    assert stub.calls == ["GetCallerIdentity"]


def test_a_past_entry_with_parts_missing_is_replaced_and_does_no_harm(world: World) -> None:
    world.write("config", OVER_BASE)
    world.write(DEPLOY_FILE, cached_role(SecretAccessKey=None, Expiration="2020-01-01T00:00:00Z"))

    fault = world.look().profiles["x"].resolutions[Tool.CLI_V1].fault

    assert world.aws("x").identity
    assert fault is None


@dataclass(frozen=True, slots=True)
class Token:
    """A token's minutes left, its client's, how it is shown, and what the next use calls."""

    left: int
    registered: int | None
    state: State
    calls: tuple[str, ...]

    def written(self) -> str:
        until = None if self.registered is None else ends_in(minutes=self.registered).isoformat()
        return sso_token(ends_in(minutes=self.left).isoformat(), registration_expires_at=until)


USE = ("GET /federation/credentials", "GetCallerIdentity")
TOKENS = {
    "past, its client registered": Token(-60, 60, State.RENEWABLE, ("POST /token", *USE)),
    "long, its client registered": Token(60, 90, State.VALID, USE),
    "short, with no way to refresh it": Token(5, None, State.VALID, USE),
}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_an_sso_token_is_refreshed_only_once_it_has_to_be(stubbed: World, stub: Stub, token: Token) -> None:
    stubbed.write("config", f"{SSO_SESSION}[profile x]\n{SSO}")
    stubbed.write(sso_token_file("corp"), token.written())

    profile = stubbed.look().profiles["x"]
    assert profile.expiry.state is token.state
    assert profile.resolutions[Tool.CLI_V1].fault is None

    assert stubbed.aws("x").status == 0
    assert tuple(stub.calls) == token.calls


def test_an_sso_token_of_the_old_form_is_never_refreshed(stubbed: World, stub: Stub) -> None:
    # GIVEN a past token that has all it takes to be refreshed, in a profile without an sso-session
    stubbed.write("config", f"[profile x]\n{LEGACY_SSO}")
    past, good = ends_in(minutes=-60).isoformat(), ends_in(minutes=60).isoformat()
    token = sso_token(past, registration_expires_at=good)
    stubbed.write(sso_token_file(START_URL), token)

    snapshot = stubbed.look()
    assert snapshot.profiles["x"].expiry.state is State.EXPIRED
    assert [entry.expiry.state for entry in snapshot.entries] == [State.EXPIRED]

    assert stubbed.aws("x", "--debug").error == "UnauthorizedSSOTokenError"
    assert stub.calls == []
