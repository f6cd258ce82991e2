"""The demo's sign-in, asked by the real botocore and by a browser."""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from rolecall.demo import callers, device_flow
from rolecall.demo.sso import ROLES
from tests.demo.meadow import Meadow, refused

CORP = "https://meadow.awsapps.com/start"
BY_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
SCOPES = ["sso:account:access"]

Answer = dict[str, Any]


class Login:
    """A device that logs in at a start URL, with the real client."""

    def __init__(self, meadow: Meadow, start_url: str = CORP, scopes: list[str] | None = None) -> None:
        self._oidc = meadow.client("sso-oidc")
        asked = {"scopes": scopes} if scopes is not None else {}
        self.registration = self._oidc.register_client(clientName="test", clientType="public", **asked)
        self._who = {name: self.registration[name] for name in ("clientId", "clientSecret")}
        self.device: Answer = self._oidc.start_device_authorization(startUrl=start_url, **self._who)

    def token(self) -> Answer:
        code = self.device["deviceCode"]
        answer: Answer = self._oidc.create_token(grantType=BY_DEVICE, deviceCode=code, **self._who)
        return answer

    def refreshed(self, token: str) -> Answer:
        answer: Answer = self._oidc.create_token(grantType="refresh_token", refreshToken=token, **self._who)
        return answer

    def refusal(self) -> str:
        with pytest.raises(ClientError) as raised:
            self.token()
        return refused(raised.value)[0]


def role_credentials(meadow: Meadow, token: str, account: str, role: str) -> Answer:
    answer: Answer = meadow.client("sso").get_role_credentials(
        accountId=account, roleName=role, accessToken=token
    )["roleCredentials"]
    return answer


def refusal_of_the_portal(meadow: Meadow, token: str, account: str, role: str) -> str:
    with pytest.raises(ClientError) as raised:
        role_credentials(meadow, token, account, role)
    return refused(raised.value)[0]


# The device flow


def test_a_client_is_registered_for_three_months(meadow: Meadow) -> None:
    registration = Login(meadow).registration
    lasts = registration["clientSecretExpiresAt"] - registration["clientIdIssuedAt"]
    assert lasts == timedelta(days=90).total_seconds()


def test_the_address_of_the_page_is_the_services_own(meadow: Meadow) -> None:
    device = Login(meadow).device
    assert device["verificationUri"] == f"{meadow.url}/device"
    assert device["verificationUriComplete"] == f"{meadow.url}/device?user_code={device['userCode']}"
    assert re.fullmatch(r"[A-Z]{4}-[A-Z]{4}", device["userCode"])
    assert (device["interval"], device["expiresIn"]) == (1, 600)


def test_without_a_browser_the_device_is_approved_by_itself(meadow: Meadow) -> None:
    login = Login(meadow)
    assert login.refusal() == "AuthorizationPendingException"
    meadow.clock.advance(seconds=5)
    assert login.refusal() == "AuthorizationPendingException"
    meadow.clock.advance(seconds=1)
    assert login.token()["tokenType"] == "Bearer"


def test_the_button_on_the_page_approves_the_device(meadow: Meadow) -> None:
    # GIVEN the page that the address leads to
    login = Login(meadow)
    address = urlsplit(login.device["verificationUriComplete"])
    page = meadow.browse("GET", f"{address.path}?{address.query}")
    assert page.status == 200
    assert "Approve</button>" in page.text
    # WHEN its form is sent
    fields = dict(re.findall(r'name="(\w+)" value="([\w-]+)"', page.text))
    assert fields == {"user_code": login.device["userCode"]}
    answer = meadow.browse(
        "POST",
        "/device",
        f"user_code={fields['user_code']}",
        Content_Type="application/x-www-form-urlencoded",
    )
    # THEN the device is in, at once
    assert "Approved" in answer.text
    assert login.token()["accessToken"]


def test_whoever_opens_the_page_has_time_to_press_the_button(meadow: Meadow) -> None:
    login = Login(meadow)
    meadow.browse("GET", f"/device?user_code={login.device['userCode'].lower()}")
    meadow.clock.advance(seconds=59)
    assert login.refusal() == "AuthorizationPendingException"
    meadow.clock.advance(seconds=1)
    assert login.token()


def test_opening_the_page_again_takes_nothing_back(meadow: Meadow) -> None:
    login = Login(meadow)
    meadow.clock.advance(seconds=device_flow.ALLOWED_AFTER.total_seconds())
    meadow.browse("GET", f"/device?user_code={login.device['userCode']}")
    assert login.token()


def test_the_page_asks_for_the_code_where_the_address_has_none(meadow: Meadow) -> None:
    assert 'name="user_code"' in meadow.browse("GET", "/device").text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_code_that_no_device_shows_is_not_said_back(meadow: Meadow, method: str) -> None:
    fields = "user_code=%3Cscript%3Ealert(1)%3C/script%3E"
    page = meadow.browse(method, f"/device?{fields}", fields if method == "POST" else None)
    assert "No device shows that code" in page.text
    assert "script" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_device_code_works_once(meadow: Meadow) -> None:
    login = Login(meadow)
    meadow.clock.advance(seconds=6)
    login.token()
    assert login.refusal() == "InvalidGrantException"


def test_a_device_code_ends(meadow: Meadow) -> None:
    login = Login(meadow)
    meadow.clock.advance(minutes=10)
    assert login.refusal() == "ExpiredTokenException"


def test_the_page_knows_no_code_that_has_ended(meadow: Meadow) -> None:
    login = Login(meadow)
    meadow.clock.advance(minutes=10)
    page = meadow.browse("GET", f"/device?user_code={login.device['userCode']}")
    assert "No device shows that code" in page.text


def test_no_other_start_url_is_known(meadow: Meadow) -> None:
    with pytest.raises(ClientError) as raised:
        Login(meadow, "https://elsewhere.awsapps.com/start")
    assert refused(raised.value)[0] == "InvalidRequestException"


@pytest.mark.parametrize("client", [("EXAMPLE-nobody", callers.CLIENT_SECRET), ("EXAMPLE-corp", "wrong")])
def test_a_client_must_be_registered(meadow: Meadow, client: tuple[str, str]) -> None:
    with pytest.raises(ClientError) as raised:
        meadow.client("sso-oidc").start_device_authorization(
            clientId=client[0], clientSecret=client[1], startUrl=CORP
        )
    assert refused(raised.value)[0] == "InvalidClientException"
    assert raised.value.response["error"] == "invalid_client"


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"clientId": ['])
def test_what_is_no_json_object_is_an_invalid_request(meadow: Meadow, body: bytes) -> None:
    page = meadow.browse("POST", "/client/register", body)
    assert (page.status, page.headers["x-amzn-ErrorType"]) == (400, "InvalidRequestException")


def test_a_start_url_that_is_no_text_is_an_invalid_request(meadow: Meadow) -> None:
    client = {"clientId": "EXAMPLE-corp", "clientSecret": callers.CLIENT_SECRET}
    page = meadow.browse("POST", "/device_authorization", json.dumps({**client, "startUrl": [CORP]}))
    assert (page.status, page.headers["x-amzn-ErrorType"]) == (400, "InvalidRequestException")


# Tokens


def test_a_token_is_good_for_eight_hours(meadow: Meadow) -> None:
    login = Login(meadow)
    meadow.clock.advance(seconds=6)
    token = login.token()
    assert token["expiresIn"] == timedelta(hours=8).total_seconds()
    assert role_credentials(meadow, token["accessToken"], "777788889999", "Developer")
    meadow.clock.advance(hours=8)
    refusal = refusal_of_the_portal(meadow, token["accessToken"], "777788889999", "Developer")
    assert refusal == "UnauthorizedException"


def test_only_a_client_with_scopes_gets_what_refreshes_its_token(meadow: Meadow) -> None:
    modern, legacy = Login(meadow, scopes=SCOPES), Login(meadow)
    meadow.clock.advance(seconds=6)
    first = modern.token()
    second = modern.refreshed(first["refreshToken"])
    assert second["accessToken"] != first["accessToken"]
    assert role_credentials(meadow, second["accessToken"], "777788889999", "Developer")
    assert "refreshToken" not in legacy.token()


@pytest.mark.parametrize(("name", "role"), [("corp", "Developer"), ("data", "DataScientist")])
def test_the_logins_of_the_home_can_be_refreshed(meadow: Meadow, name: str, role: str) -> None:
    token = meadow.client("sso-oidc").create_token(
        clientId=f"EXAMPLE-{name}",
        clientSecret=callers.CLIENT_SECRET,
        grantType="refresh_token",
        refreshToken=callers.sso_refresh_token(name),
    )["accessToken"]
    assert role_credentials(meadow, token, "777788889999", role)


@pytest.mark.parametrize(
    ("client", "grant", "code"),
    [
        ("acme", "refresh_token", "InvalidClientException"),  # its registration has ended
        ("corp", "refresh_token", "InvalidGrantException"),
        ("corp", "authorization_code", "UnsupportedGrantTypeException"),
    ],
)
def test_no_other_grant_works(meadow: Meadow, client: str, grant: str, code: str) -> None:
    with pytest.raises(ClientError) as raised:
        meadow.client("sso-oidc").create_token(
            clientId=f"EXAMPLE-{client}",
            clientSecret=callers.CLIENT_SECRET,
            grantType=grant,
            refreshToken=callers.sso_refresh_token("acme"),
        )
    assert refused(raised.value)[0] == code


# The portal


def test_role_credentials_are_somebodys(meadow: Meadow) -> None:
    credentials = role_credentials(meadow, callers.sso_access_token("hr"), "222233334444", "PeopleRead")
    ends = meadow.clock() + timedelta(hours=1)
    assert credentials["expiration"] == ends.timestamp() * 1000
    arn = meadow.sts(credentials["accessKeyId"]).get_caller_identity()["Arn"]
    assert re.fullmatch(
        r"arn:aws:sts::222233334444:assumed-role/AWSReservedSSO_PeopleRead_[0-9a-f]{16}/rowan", arn
    )


@pytest.mark.long
@pytest.mark.parametrize("name", ["data", "acme", "nobody"])
def test_a_token_that_is_past_or_nobodys_is_unauthorized(meadow: Meadow, name: str) -> None:
    token = callers.sso_access_token(name)
    page = meadow.browse(
        "GET",
        "/federation/credentials?account_id=777788889999&role_name=Developer",
        X_Amz_Sso_Bearer_Token=token,
    )
    assert (page.status, page.headers["x-amzn-ErrorType"]) == (401, "UnauthorizedException")
    refusal = refusal_of_the_portal(meadow, token, "777788889999", "DataScientist")
    assert refusal == "UnauthorizedException"


def test_a_login_is_for_its_own_roles(meadow: Meadow) -> None:
    refusal = refusal_of_the_portal(meadow, callers.sso_access_token("corp"), "222233334444", "PeopleRead")
    assert refusal == "ForbiddenException"


def test_a_login_that_is_left_is_worth_nothing_and_takes_no_other_along(meadow: Meadow) -> None:
    # GIVEN credentials that were got with it
    key = role_credentials(meadow, callers.sso_access_token("corp"), "777788889999", "Developer")[
        "accessKeyId"
    ]
    # WHEN someone logs out
    meadow.client("sso").logout(accessToken=callers.sso_access_token("corp"))
    # THEN the token is worth nothing, what was got lives on, and so do the other logins
    refusal = refusal_of_the_portal(meadow, callers.sso_access_token("corp"), "777788889999", "Developer")
    assert refusal == "UnauthorizedException"
    assert meadow.sts(key).get_caller_identity()
    assert role_credentials(meadow, callers.sso_access_token("hr"), "222233334444", "PeopleRead")


def test_the_portal_and_the_config_tell_one_story(meadow: Meadow) -> None:
    found = set()
    for section in meadow.profiles.config.sections.values():
        if "sso_role_name" not in section:
            continue
        session = meadow.profiles.sso_session(section.get("sso_session", ""))
        start_url = str((session or section)["sso_start_url"])
        role = (str(section["sso_account_id"]), str(section["sso_role_name"]))
        assert role in ROLES[start_url], section
        found.add((start_url, role))
    assert len(found) == sum(map(len, ROLES.values()))
