"""The device flow, step by step: botocore's own client, a service on loopback, a clock that is the test's."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import clients
from rolecall.actions.worker.sso_login import written
from tests.actions.evenings import SCOPES, Login, one_login
from tests.homes import NOW
from tests.interop.sso_stub import CODE, DENIED, EXPIRED, PENDING, SLOW_DOWN


@pytest.fixture
def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Login]:
    with one_login(tmp_path, monkeypatch) as login:
        yield login


def test_the_token_has_the_keys_and_the_order_of_cli_v2(login: Login) -> None:
    token = login.go()

    assert login.cache["token"] == token
    assert list(token) == [
        "startUrl",
        "region",
        "accessToken",
        "expiresAt",
        "clientId",
        "clientSecret",
        "registrationExpiresAt",
        "refreshToken",
    ]
    assert token["expiresAt"] == "2030-01-01T20:00:00Z"
    assert token["registrationExpiresAt"] == login.cache["registration"]["expiresAt"]
    assert list(login.cache["registration"]) == ["clientId", "clientSecret", "expiresAt", "scopes"]
    assert json.dumps(login.cache), "it is plain text all through"


def test_a_session_without_scopes_registers_with_none_and_gets_no_refresh_token(login: Login) -> None:
    token = login.flow("corp", None).log_in("token", "registration")

    assert "scopes" not in login.cache["registration"]
    assert "refreshToken" not in token
    (call,) = login.stub.of("POST /client/register")
    assert call.said == {"clientName": "botocore-client-corp", "clientType": "public"}


def test_the_old_form_registers_by_the_time(login: Login) -> None:
    login.flow(None, None).log_in("token", "registration")

    (call,) = login.stub.of("POST /client/register")
    assert call.said["clientName"] == f"botocore-client-{int(NOW.timestamp())}"


def test_who_is_known_already_is_shown_no_code(login: Login) -> None:
    login.go()

    assert (login.evening.shown, login.evening.slept) == ([], [])


def test_the_code_is_shown_once_and_asked_for_at_the_interval_told(login: Login) -> None:
    login.stub.answers.interval = 7
    login.stub.answers.before_token = [PENDING] * 4

    login.go()

    (shown,) = login.evening.shown
    assert (shown.code, shown.ends) == (CODE, NOW + timedelta(minutes=10))
    assert CODE in shown.complete_address
    assert login.evening.slept == [7, 7, 7, 7]


def test_no_interval_told_means_five_seconds(login: Login) -> None:
    login.stub.answers.interval = None
    login.stub.answers.before_token = [PENDING] * 2

    login.go()

    assert login.evening.slept == [5, 5]


def test_slow_down_adds_five_seconds_for_good(login: Login) -> None:
    login.stub.answers.interval = 5
    login.stub.answers.before_token = [PENDING, SLOW_DOWN, PENDING, SLOW_DOWN]

    login.go()

    assert login.evening.slept == [5, 10, 10, 15]


def test_a_code_that_ended_is_a_clear_failure(login: Login) -> None:
    login.stub.answers.before_token = [PENDING, EXPIRED]

    with pytest.raises(ActionFailed, match="You did not log in before the code expired") as caught:
        login.go()

    assert caught.value.kind == "PendingAuthorizationExpiredError"
    assert "token" not in login.cache


def test_a_service_that_never_says_that_the_code_ended_is_not_asked_for_ever(login: Login) -> None:
    login.stub.answers.interval, login.stub.answers.code_lasts = 60, 150
    login.stub.answers.before_token = [PENDING] * 100

    with pytest.raises(ActionFailed, match="before the code expired"):
        login.go()

    assert login.evening.slept == [60, 60, 30]


def test_a_refusal_in_the_browser_is_a_clear_failure(login: Login) -> None:
    login.stub.answers.before_token = [PENDING, DENIED]

    with pytest.raises(ActionFailed, match="refused in the browser"):
        login.go()

    assert "token" not in login.cache


def test_a_lost_question_does_not_end_a_login_but_slows_it(login: Login) -> None:
    login.stub.answers.interval = 5
    broken = "InternalServerException"
    login.stub.answers.before_token = [PENDING, broken, broken, PENDING, broken, broken]

    token = login.go()

    assert token["accessToken"] in login.stub.tokens
    assert login.evening.slept == [5, 10, 15, 15, 20, 25]


def test_three_lost_questions_in_a_row_do(login: Login) -> None:
    login.stub.answers.before_token = [PENDING] + ["InternalServerException"] * 3

    with pytest.raises(ClientError, match="InternalServerException"):
        login.go()


def test_no_way_to_the_service_is_told_before_anything_is_shown(login: Login) -> None:
    login.client = clients.unsigned_client("sso-oidc", "eu-west-1", "dev", 5.0)
    login.client.meta.events.register("before-send", _cut_off)

    with pytest.raises(EndpointConnectionError):
        login.go()

    assert (login.evening.shown, login.cache) == ([], {})


def _cut_off(**_: object) -> None:
    raise EndpointConnectionError(endpoint_url="https://oidc.eu-west-1.amazonaws.com/")


# Registrations


def registration(login: Login, **changes: object) -> dict[str, object]:
    """Return one that the service knows."""
    known = login.stub.register({"scopes": SCOPES})
    assert not isinstance(known, str)
    whole = {
        "clientId": known["clientId"],
        "clientSecret": known["clientSecret"],
        "expiresAt": written(NOW + timedelta(days=30)),
        "scopes": SCOPES,
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


@pytest.mark.parametrize("left", [timedelta(minutes=15), timedelta(days=30)])
def test_a_registration_of_the_cli_is_used_again(login: Login, left: timedelta) -> None:
    login.cache["registration"] = before = registration(login, expiresAt=written(NOW + left))

    token = login.go()

    assert login.stub.of("POST /client/register") == []
    assert login.cache["registration"] == before
    assert token["registrationExpiresAt"] == before["expiresAt"]


@pytest.mark.parametrize(
    "changes",
    [
        {"expiresAt": written(NOW + timedelta(minutes=14, seconds=59))},
        {"expiresAt": written(NOW - timedelta(days=1))},
        {"expiresAt": "soon"},
        {"expiresAt": "2031-01-01T00:00:00"},
        {"expiresAt": None},
        {"clientId": None},
        {"clientSecret": 7},
        {"grantTypes": ["authorization_code", "refresh_token"]},
    ],
    ids=["14:59 left", "past", "no time", "naive", "no end", "no id", "no text", "for the browser"],
)
def test_a_registration_that_is_of_no_use_is_made_anew(login: Login, changes: dict[str, object]) -> None:
    login.cache["registration"] = before = registration(login, **changes)

    login.go()

    assert len(login.stub.of("POST /client/register")) == 1
    assert login.cache["registration"] != before


def test_a_registration_that_aws_has_forgotten_is_made_anew(login: Login) -> None:
    login.cache["registration"] = registration(login, clientId="client-of-long-ago")

    token = login.go()

    assert token["clientId"] == login.cache["registration"]["clientId"] == "client-2"


def test_a_new_registration_that_is_refused_is_not_made_for_ever(login: Login) -> None:
    login.stub.answers.refuse["/device_authorization"] = "InvalidClientException"

    with pytest.raises(ClientError):
        login.go()

    assert len(login.stub.of("POST /client/register")) == 1


# Discretion


def test_nothing_that_is_shown_or_told_holds_a_secret(login: Login) -> None:
    login.stub.answers.before_token = [PENDING]
    flow = login.flow("corp", SCOPES)

    flow.log_in("token", "registration")

    seen = f"{flow!r} {login.evening!r} {flow._cached()!r} {flow._register()!r}"
    assert len(login.stub.secrets) >= 4
    assert not [secret for secret in login.stub.secrets if secret in seen]
