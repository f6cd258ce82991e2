"""What rolecall does not know, it does not show: only names on a list have their values shown."""

import pytest

from rolecall import text
from rolecall.aws import neighbours
from rolecall.aws.settings import SETTINGS
from rolecall.aws.variables import CATALOGUE
from rolecall.masking import Show
from rolecall.masking.names import how

CANARY = "zQ7xKvW"
SECRETS = (
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_VAULT_FILE_PASSPHRASE",
    "AWS_MY_PASS",
    "AWS_DB_PWD",
    "AWS_PW",
    "AWS_SEED",
    "AWS_OTP",
    "AWS_AUTH",
    "AWS_CREDENTIALS",
    "AWS_SIGNING_KEY",
    "AWS_PIN",
    "AWS_JWT",
    "aws_pat",
    "my_cookie",
    "AWS_SSO_FILE_PASSWORD",
    "AWS_PASSCODE",
)
FREE_TEXT = {"description"}
"""A note of another tool's in which anything may stand."""
UNKNOWN = ("AWS_FOO", "AWS_STRAY", "foo", "my_setting", "AWS_HMM", "aws-thing", "AWS_PROFILE_BACKUP", "zone")


@pytest.mark.parametrize(
    "name",
    [
        *SETTINGS,
        *sorted(neighbours.SETTINGS.keys() - FREE_TEXT),
        *CATALOGUE,
        *sorted(SETTINGS["s3"].holds),
    ],
)
def test_of_each_known_name_it_is_said_what_may_be_shown(name: str) -> None:
    assert how(name) is not Show.UNKNOWN


@pytest.mark.parametrize("name", SECRETS)
def test_what_is_called_a_secret_is_not_shown(name: str) -> None:
    assert how(name) is Show.SECRET
    assert text.shown_value(name, CANARY) == "••••"


@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize("value", [CANARY, f"{CANARY}\n{CANARY}", "eu-west-1", "https://example.com", "true"])
def test_of_what_is_unknown_only_the_length_is_shown(name: str, value: str) -> None:
    assert text.shown_value(name, value) == f"•••• ({len(value)} characters)"


def test_one_character_is_one() -> None:
    assert text.shown_value("foo", "x") == "•••• (1 character)"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region", "eu-west-1"),
        ("AWS_PROFILE", "team-a/prod.eu"),
        ("role_session_name", "me@example.com"),
        ("duration_seconds", "3600"),
        ("AWS_VAULT", "prod"),
        ("AWS_VAULT_BACKEND", "keychain"),
        ("external_id", "corp-1"),
        ("mfa_serial", "arn:aws:iam::111122223333:mfa/me"),
        ("ca_bundle", "/etc/ca.pem"),
        ("x_security_token_expires", "2030-01-01T13:00:00Z"),
        ("web_identity_token_file", "/var/run/secrets/token"),
        ("NO_PROXY", "localhost,.example.com"),
        ("sso_role_name", "AdministratorAccess"),
        ("credential_source", "Environment"),
    ],
)
def test_what_is_known_is_shown(name: str, value: str) -> None:
    assert text.shown_value(name, value) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f"eu-west-1 # {CANARY}", "eu-west-1 # …"),
        (f"eu-west-1\t; {CANARY}", "eu-west-1\t; …"),
        (f"eu-west-1\n  foo = {CANARY}", "eu-west-1\n  foo = •••• (7 characters)"),
        (f"eu-west-1\n  {CANARY}", "eu-west-1\n••••"),
        (f"eu-west-1\n  aws_secret_access_key = {CANARY}", "eu-west-1\n  aws_secret_access_key = ••••"),
        (
            f"eu-west-1\n  credential_process = helper {CANARY}",
            "eu-west-1\n  credential_process = helper ••••",
        ),
    ],
)
def test_what_a_known_value_has_swallowed_is_shown_by_its_own_name(value: str, shown: str) -> None:
    assert text.shown_value("region", value) == shown


@pytest.mark.parametrize(
    ("like", "name", "value", "shown"),
    [
        ("region", "regoin", "eu-west-1", "eu-west-1"),
        ("region", "regoin", CANARY, "•••• (7 characters)"),
        ("aws_secret_access_key", "aws_secret_acess_kee", CANARY, "••••"),
        ("sso_session", "sso_session_pw", "eu-west-1", "••••"),
        ("duration_seconds", "duration_second", "3600", "3600"),
    ],
)
def test_of_a_slip_only_what_is_harmless_by_its_form_is_shown(
    like: str, name: str, value: str, shown: str
) -> None:
    assert text.shown_as(like, name, value) == shown


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("[profile dev]", "[profile dev]"),
        ('[profile "my dev"]', '[profile "my dev"]'),
        (f"[profile dev] # {CANARY}", "[profile dev] …"),
        (f"[profile password {CANARY}]", "[profile password ••••]"),
        (f"[password: {CANARY}]", "[password: ••••]"),
        (f"[token={CANARY}", "[token=••••"),
        ("[profile vault-token]", "[profile vault-token]"),
    ],
)
def test_a_header_is_a_name_until_it_says_that_it_holds_a_secret(header: str, shown: str) -> None:
    assert text.mask_header(header) == shown
