"""The demo's STS, asked by the real botocore."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rolecall.aws.profiles import Profiles
from rolecall.demo import callers, sts
from tests.demo.meadow import BASE, CI, Meadow, refused

PROD = "arn:aws:iam::111122223333:role"
ADMIN, DEPLOY, LOGS = f"{PROD}/Admin", f"{PROD}/Deploy", f"{PROD}/LogArchive"
DEVELOPER = "arn:aws:iam::444455556666:role/Developer"
RELEASE = "arn:aws:iam::444455556666:role/Release"
MFA = {"SerialNumber": sts.DEVICE, "TokenCode": sts.CODE}

Answer = dict[str, Any]


def assume(meadow: Meadow, role: str, access_key: str = BASE, **more: object) -> Answer:
    answer: Answer = meadow.sts(access_key).assume_role(RoleArn=role, RoleSessionName="rowan", **more)
    return answer


def denied(meadow: Meadow, role: str, access_key: str = BASE, **more: object) -> tuple[str, str]:
    with pytest.raises(ClientError) as raised:
        assume(meadow, role, access_key, **more)
    return refused(raised.value)


def who(meadow: Meadow, access_key: str, token: str | None = None) -> str:
    arn: str = meadow.sts(access_key, token).get_caller_identity()["Arn"]
    return arn


def unknown(meadow: Meadow, access_key: str, token: str | None = None) -> str:
    with pytest.raises(ClientError) as raised:
        who(meadow, access_key, token)
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return refused(raised.value)[0]


# Who one is


@pytest.mark.long
@pytest.mark.parametrize(
    ("key", "arn"),
    [
        (BASE, "arn:aws:iam::123456789012:user/rowan"),
        (CI, "arn:aws:iam::123456789012:user/ci"),
        (callers.access_key("ADM"), "arn:aws:sts::111122223333:assumed-role/Admin/rowan"),
        (callers.access_key("POD"), "arn:aws:sts::777788889999:assumed-role/PodReader/rowan-pod"),
        (
            callers.access_key("OKT"),
            "arn:aws:sts::444455556666:assumed-role/OktaDeveloper/rowan@meadow.example",
        ),
    ],
)
def test_the_keys_that_lie_in_the_home_are_known(meadow: Meadow, key: str, arn: str) -> None:
    identity = meadow.sts(key).get_caller_identity()
    assert identity["Arn"] == arn
    assert identity["Account"] == arn.split(":")[4]
    assert identity["UserId"].startswith("AIDA" if ":user/" in arn else "AROA")


@pytest.mark.parametrize("tag", ["STG", "LEG"])
def test_keys_that_have_ended_are_expired(meadow: Meadow, tag: str) -> None:
    assert unknown(meadow, callers.access_key(tag)) == "ExpiredToken"


@pytest.mark.parametrize("key", ["AKIAMEADOWVLTEXAMPLE", "AKIAIOSFODNN7EXAMPLE", callers.access_key("SCR")])
def test_other_keys_are_nobodys(meadow: Meadow, key: str) -> None:
    assert unknown(meadow, key) == "InvalidClientTokenId"


def test_a_key_goes_with_its_token_or_with_none(meadow: Meadow) -> None:
    assert unknown(meadow, BASE, "a stale token") == "InvalidClientTokenId"
    assert unknown(meadow, callers.access_key("OKT"), "another token") == "InvalidClientTokenId"


def test_a_call_that_nobody_signed_is_refused(meadow: Meadow) -> None:
    with pytest.raises(ClientError) as raised:
        meadow.sts(None).get_caller_identity()
    assert refused(raised.value)[0] == "MissingAuthenticationToken"


# Roles


def test_a_role_gives_fresh_keys_for_an_hour(meadow: Meadow) -> None:
    first, second = assume(meadow, DEVELOPER), assume(meadow, DEVELOPER)
    keys = [answer["Credentials"]["AccessKeyId"] for answer in (first, second)]
    assert keys[0] != keys[1]
    assert all(len(key) == 20 and key.startswith("ASIAMEADOW") for key in keys)
    assert first["Credentials"]["Expiration"] == meadow.clock() + timedelta(hours=1)
    assert first["Credentials"]["SessionToken"] == callers.SESSION_TOKEN
    assert first["AssumedRoleUser"]["Arn"] == "arn:aws:sts::444455556666:assumed-role/Developer/rowan"
    assert who(meadow, keys[0]) == first["AssumedRoleUser"]["Arn"]


def test_the_keys_end_when_they_said(meadow: Meadow) -> None:
    key = assume(meadow, DEVELOPER, DurationSeconds=900)["Credentials"]["AccessKeyId"]
    meadow.clock.advance(minutes=14)
    assert who(meadow, key)
    meadow.clock.advance(minutes=1)
    assert unknown(meadow, key) == "ExpiredToken"


def test_the_chain_of_the_story_holds_hop_by_hop(meadow: Meadow) -> None:
    key = BASE
    for role, more in ((ADMIN, MFA), (DEPLOY, {}), (LOGS, {})):
        key = assume(meadow, role, key, **more)["Credentials"]["AccessKeyId"]
    assert who(meadow, key) == "arn:aws:sts::111122223333:assumed-role/LogArchive/rowan"


def test_a_chained_role_lasts_an_hour_at_the_most(meadow: Meadow) -> None:
    deploy = callers.access_key("DEP")
    assert denied(meadow, LOGS, deploy, DurationSeconds=7200) == (
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    )
    assert assume(meadow, LOGS, deploy, DurationSeconds=3600)
    assert assume(meadow, DEVELOPER, DurationSeconds=7200)


@pytest.mark.parametrize(("seconds", "bound"), [(899, "900"), (43_201, "43200"), (-1, "900")])
def test_a_duration_out_of_bounds_is_refused(meadow: Meadow, seconds: int, bound: str) -> None:
    client = meadow.sts()
    client.meta.events.register(  # past botocore's own check
        "before-call.sts.AssumeRole",
        lambda params, **_: params["body"].update(DurationSeconds=seconds),
    )
    with pytest.raises(ClientError) as raised:
        client.assume_role(RoleArn=DEVELOPER, RoleSessionName="rowan")
    code, message = refused(raised.value)
    assert code == "ValidationError"
    assert message.endswith(f"equal to {bound}")


def test_a_role_that_trusts_another_is_denied_in_the_usual_words(meadow: Meadow) -> None:
    who = "User: arn:aws:iam::123456789012:user/rowan"
    words = f"{who} is not authorized to perform: sts:AssumeRole on resource: {RELEASE}"
    assert denied(meadow, RELEASE) == ("AccessDenied", words)
    assert assume(meadow, RELEASE, CI)


@pytest.mark.parametrize("role", [f"{PROD}/Nothing", "no <arn> at all \x01 & 20 long", DEPLOY])
def test_a_role_that_does_not_exist_trusts_nobody(meadow: Meadow, role: str) -> None:
    assert denied(meadow, role)[0] == "AccessDenied"


def test_the_partners_role_wants_its_external_id(meadow: Meadow) -> None:
    arn = "arn:aws:iam::210987654321:role/Audit"
    center = meadow.client("sso-oidc")
    meadow_login = _login(center, "https://acme-partners.awsapps.com/start", meadow)
    contractor = meadow.client("sso").get_role_credentials(
        accountId="210987654321", roleName="Contractor", accessToken=meadow_login
    )["roleCredentials"]["accessKeyId"]
    assert denied(meadow, arn, contractor)[0] == "AccessDenied"
    assert denied(meadow, arn, contractor, ExternalId="meadow")[0] == "AccessDenied"
    assert assume(meadow, arn, contractor, ExternalId="meadow-2214")
    assert denied(meadow, arn, BASE, ExternalId="meadow-2214")[0] == "AccessDenied"


def _login(oidc: Any, start_url: str, meadow: Meadow) -> str:  # noqa: ANN401 - botocore ships no types
    client = oidc.register_client(clientName="test", clientType="public")
    who = {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}
    device = oidc.start_device_authorization(startUrl=start_url, **who)["deviceCode"]
    meadow.clock.advance(seconds=6)
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    token: str = oidc.create_token(grantType=grant, deviceCode=device, **who)["accessToken"]
    return token


# Codes


def test_admin_wants_a_code(meadow: Meadow) -> None:
    assert denied(meadow, ADMIN)[0] == "AccessDenied"
    assert assume(meadow, ADMIN, **MFA)


def test_a_wrong_code_is_told_from_a_wrong_device(meadow: Meadow) -> None:
    code, message = denied(meadow, ADMIN, SerialNumber=sts.DEVICE, TokenCode="654321")
    assert code == "AccessDenied"
    assert message.startswith("MultiFactorAuthentication failed with invalid MFA one time pass code.")
    code, message = denied(
        meadow, ADMIN, SerialNumber="arn:aws:iam::123456789012:mfa/sam", TokenCode=sts.CODE
    )
    assert code == "AccessDenied"
    assert "unable to validate MFA code" in message


def test_a_code_shown_for_a_session_counts_for_the_roles(meadow: Meadow) -> None:
    with_code = meadow.sts().get_session_token(**MFA)["Credentials"]
    without = meadow.sts().get_session_token()["Credentials"]
    assert who(meadow, with_code["AccessKeyId"]) == "arn:aws:iam::123456789012:user/rowan"
    assert assume(meadow, ADMIN, with_code["AccessKeyId"])
    assert denied(meadow, ADMIN, without["AccessKeyId"])[0] == "AccessDenied"
    assert without["Expiration"] == meadow.clock() + timedelta(hours=12)


def test_a_session_cannot_have_a_session(meadow: Meadow) -> None:
    with pytest.raises(ClientError) as raised:
        meadow.sts(callers.access_key("ADM")).get_session_token()
    assert refused(raised.value) == (
        "AccessDenied",
        "Cannot call GetSessionToken with session credentials",
    )


# Web identity


def exchange(meadow: Meadow, token: str, role: str = "arn:aws:iam::777788889999:role/PodReader") -> Answer:
    answer: Answer = meadow.sts(None).assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="rowan-pod", WebIdentityToken=token
    )
    return answer


def test_the_pod_gets_its_role(meadow: Meadow) -> None:
    answer = exchange(meadow, callers.web_identity_token(meadow.clock() + timedelta(hours=1)))
    assert answer["SubjectFromWebIdentityToken"] == sts.POD
    assert who(meadow, answer["Credentials"]["AccessKeyId"]).endswith("assumed-role/PodReader/rowan-pod")


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("past", "ExpiredTokenException"),
        ("no token", "InvalidIdentityToken"),
        ("a.W10.c", "InvalidIdentityToken"),  # a list
        ("a.eyJzdWIiOiJhIiwiaXNzIjoiYiIsImV4cCI6MWU5OX0.c", "InvalidIdentityToken"),  # ends in 1e99
    ],
)
def test_another_token_is_refused(meadow: Meadow, token: str, code: str) -> None:
    if token == "past":
        token = callers.web_identity_token(meadow.clock())
    with pytest.raises(ClientError) as raised:
        exchange(meadow, token)
    assert refused(raised.value)[0] == code


def test_the_pod_gets_no_other_role(meadow: Meadow) -> None:
    token = callers.web_identity_token(meadow.clock() + timedelta(hours=1))
    with pytest.raises(ClientError) as raised:
        exchange(meadow, token, DEVELOPER)
    assert refused(raised.value) == (
        "AccessDenied",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    )


# What it does not do


def test_an_action_that_it_does_not_have_is_invalid(meadow: Meadow) -> None:
    with pytest.raises(ClientError) as raised:
        meadow.sts().get_access_key_info(AccessKeyId="AKIAIOSFODNN7EXAMPLE")
    assert refused(raised.value)[0] == "InvalidAction"


# The policies and the config tell one story


def roles(profiles: Profiles) -> dict[str, dict[str, str]]:
    """Return the role profiles, and the one whose header is wrong, by ARN."""
    sections = [*profiles.by_name.values(), *profiles.config.sections.values()]
    return {
        str(section["role_arn"]): {k: str(v) for k, v in section.items()}
        for section in sections
        if "role_arn" in section
    }


def test_every_role_of_the_config_exists(meadow: Meadow) -> None:
    configured = roles(meadow.profiles)
    assert len(configured) > 10
    assert set(configured) <= set(sts.ROLES)


def test_codes_and_external_ids_are_wanted_where_the_config_has_them(meadow: Meadow) -> None:
    for arn, settings in roles(meadow.profiles).items():
        assert sts.ROLES[arn].external_id == settings.get("external_id"), arn
        assert sts.ROLES[arn].wants_mfa == ("mfa_serial" in settings), arn
        assert settings.get("mfa_serial", sts.DEVICE) == sts.DEVICE
