"""The names of cache files (aws-facts §4): the texts that are hashed, written out."""

from hashlib import sha1, sha256

import pytest
from botocore import credentials

from rolecall.aws import cache_files
from rolecall.aws.config_file import Value

ARN = "arn:aws:iam::123456789012:role/deploy"
ROLE = {"role_arn": ARN}


def hashed(text: str) -> str:
    return sha1(text.encode()).hexdigest()  # noqa: S324 - AWS's choice of a name, no security


ROLES: dict[str, tuple[dict[str, Value], str]] = {
    "the role alone": ({}, "{{{arn}}}"),
    "a session name": ({"role_session_name": "me"}, '{{{arn}, "RoleSessionName": "me"}}'),
    "an empty session name": ({"role_session_name": ""}, "{{{arn}}}"),
    "an external id": ({"external_id": "42"}, '{{"ExternalId": "42", {arn}}}'),
    "an empty external id": ({"external_id": ""}, '{{"ExternalId": "", {arn}}}'),
    "an MFA device": ({"mfa_serial": "GAHT"}, '{{{arn}, "SerialNumber": "GAHT"}}'),
    "an empty MFA device": ({"mfa_serial": ""}, '{{{arn}, "SerialNumber": ""}}'),
    "a duration": ({"duration_seconds": "3600"}, '{{"DurationSeconds": 3600, {arn}}}'),
    "a duration that int() takes": ({"duration_seconds": "+3_600"}, '{{"DurationSeconds": 3600, {arn}}}'),
    "a duration that is none": ({"duration_seconds": "1h"}, "{{{arn}}}"),
    "an empty duration": ({"duration_seconds": ""}, "{{{arn}}}"),
    "all of them": (
        {
            "role_session_name": "me",
            "external_id": "42",
            "mfa_serial": "GAHT",
            "duration_seconds": "900",
        },
        (
            '{{"DurationSeconds": 900, "ExternalId": "42", {arn}, '
            '"RoleSessionName": "me", "SerialNumber": "GAHT"}}'
        ),
    ),
    "not ASCII": ({"external_id": "größe"}, '{{"ExternalId": "gr\\u00f6\\u00dfe", {arn}}}'),
    "a nested block": ({"external_id": {"a": "1"}}, '{{"ExternalId": {{"a": "1"}}, {arn}}}'),
}


@pytest.mark.parametrize("case", ROLES)
def test_a_role_s_file(case: str) -> None:
    settings, text = ROLES[case]
    assert cache_files.role(ROLE | settings) == hashed(text.format(arn=f'"RoleArn": "{ARN}"'))


@pytest.mark.parametrize("more", ["source_profile", "credential_source", "region", "sts_regional_endpoints"])
def test_what_the_role_is_assumed_with_is_not_in_the_name(more: str) -> None:
    # so two profiles with other sources share one file
    assert cache_files.role(ROLE | {more: "x"}) == cache_files.role(ROLE)


def test_botocore_makes_the_same_of_a_role() -> None:
    arguments = {"RoleSessionName": "me", "ExternalId": "42", "SerialNumber": "GAHT", "DurationSeconds": 900}
    fetcher = credentials.AssumeRoleCredentialFetcher(None, None, ARN, extra_args=arguments)
    settings, _ = ROLES["all of them"]
    assert cache_files.role(ROLE | settings) == fetcher._cache_key


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({}, '"RoleArn": "{arn}"'),
        ({"role_session_name": "me"}, '"RoleArn": "{arn}", "RoleSessionName": "me"'),
        ({"role_session_name": ""}, '"RoleArn": "{arn}"'),
        ({"external_id": "42", "duration_seconds": "900", "mfa_serial": "GAHT"}, '"RoleArn": "{arn}"'),
    ],
)
def test_a_web_identity_s_file_has_two_names(settings: dict[str, Value], text: str) -> None:
    # CLI v1 puts the token's text into the name, botocore and CLI v2 do not
    plain = text.format(arn=ARN)
    assert cache_files.web_identity(ROLE | settings, None) == (hashed(f"{{{plain}}}"),)
    assert cache_files.web_identity(ROLE | settings, "CANARY\n") == (
        hashed(f"{{{plain}}}"),
        hashed(f'{{{plain}, "WebIdentityToken": "CANARY\\n"}}'),
    )


SSO = {"sso_role_name": "admin", "sso_account_id": "123456789012", "sso_start_url": "https://corp.example"}


@pytest.mark.parametrize(
    ("session", "last"),
    [
        ({"sso_session": "corp"}, '"sessionName":"corp"'),
        ({"sso_session": ""}, '"startUrl":"https://corp.example"'),
        ({}, '"startUrl":"https://corp.example"'),
    ],
)
def test_an_sso_role_s_file(session: dict[str, str], last: str) -> None:
    # this one is compact JSON, with its keys in order
    text = f'{{"accountId":"123456789012","roleName":"admin",{last}}}'
    assert cache_files.sso_role(SSO | session) == hashed(text)
    fetcher = credentials.SSOCredentialFetcher(
        start_url="https://corp.example",
        sso_region="eu-west-1",
        role_name="admin",
        account_id="123456789012",
        client_creator=None,
        sso_session_name=session.get("sso_session"),
    )
    assert cache_files.sso_role(SSO | session) == fetcher._cache_key


@pytest.mark.parametrize("name", ["corp", "https://corp.example/start", "größe", ""])
def test_a_token_s_file(name: str) -> None:
    assert cache_files.sso_token(name) == hashed(name)


@pytest.mark.parametrize(
    ("scopes", "session", "text"),
    [
        (["sso:account:access"], "corp", '"scopes": ["sso:account:access"], "session_name": "corp"'),
        (None, "corp", '"scopes": null, "session_name": "corp"'),
        (None, None, '"scopes": null, "session_name": null'),
        (["a", "b"], "corp", '"scopes": ["a", "b"], "session_name": "corp"'),
    ],
)
def test_a_registration_s_file(scopes: list[str] | None, session: str | None, text: str) -> None:
    hashed_text = f'{{"region": "eu-west-1", {text}, "startUrl": "https://corp.example", "tool": "botocore"}}'
    made = cache_files.sso_registration("https://corp.example", "eu-west-1", scopes, session)
    assert made == hashed(hashed_text)


def test_a_login_s_file_has_the_longer_hash() -> None:
    session = "arn:aws:iam::123456789012:user/me"
    assert cache_files.login(session) == sha256(session.encode()).hexdigest()


@pytest.mark.parametrize("hostile", ["\ud800", "\0", "a" * 100_000], ids=["surrogate", "NUL", "long"])
def test_no_setting_is_too_odd_for_a_name(hostile: str) -> None:
    settings = dict.fromkeys(("role_arn", "role_session_name", "external_id", "duration_seconds"), hostile)
    assert len(cache_files.role(settings)) == 40
    assert len(cache_files.sso_token(hostile)) == 40
    assert len(cache_files.login(hostile)) == 64
