"""What STS and IAM Identity Center refuse of a role's parameters, and what they do not."""

import pytest

from rolecall.aws.config_file import Value
from rolecall.aws.expiry import After, State
from rolecall.aws.providers import Cause, Hop, Provider
from rolecall.aws.role_parameters import misfit_of, refusal
from rolecall.aws.settings import SETTINGS
from tests.conftest import Taker

A, ARN = "210987654321", "arn:aws:iam::210987654321"
REFUSED = (
    ("role_arn", f"{ARN}:administrator", "lacks role/", f"{ARN}:role/administrator"),
    ("role_arn", "arn:aws:iam::2109-8765-4321:role/x", "contains '-'", f"{ARN}:role/x"),
    ("role_arn", f"arn:aws:sts::{A}:assumed-role/x/me", "a session of a role", f"{ARN}:role/x"),
    (
        "role_arn",
        "arn:aws:iam::10987654321:role/x",
        "a leading zero is lost",
        "arn:aws:iam::010987654321:role/x",
    ),
    ("role_arn", f"arn:aws:iam::1{A}:role/x", "has 13 digits", None),
    ("role_arn", "arn:aws:iam::development:role/x", "is not 12 digits", None),
    ("role_arn", f"{ARN}:user/somebody", "has user/ where role/ belongs", None),
    ("role_arn", f"{ARN}:instance-profile/x", "has instance-profile/ where", None),
    ("role_arn", f"{ARN}:role", "no role's name", None),
    ("role_arn", f"{ARN}:role/", "no role's name", None),
    ("role_arn", f"{ARN}:role/a b", "no valid role's name", None),
    ("role_arn", f"aws:iam::{A}:role/admin", "is not an ARN", None),
    ("role_arn", f"arn:aws:iam:{A}:role/admin", "is not an ARN", None),
    ("role_arn", f"arn:aws:s3::{A}:role/admin", "an ARN of s3", None),
    ("role_arn", f'"{ARN}:role/x"', "has quotes around it", f"{ARN}:role/x"),
    ("role_arn", f"{ARN}:role/x # mine", "has a comment after it", f"{ARN}:role/x"),
    ("mfa_serial", f"{ARN}:mfa", "lacks mfa/", None),
    ("mfa_serial", f"{ARN}:mfa/", "lacks mfa/", None),
    ("mfa_serial", f"{ARN}:user/me", "the ARN of a user", f"{ARN}:mfa/me"),
    ("mfa_serial", f"{ARN}:u2f/user/me/key", "is a security key", None),
    ("mfa_serial", "arn:aws:iam::2109-8765-4321:mfa/me", "contains '-'", f"{ARN}:mfa/me"),
    ("mfa_serial", f"{ARN}:mfa/me too", "contains a blank", None),
    ("role_session_name", "me/host", "contains '/'", "me-host"),
    ("role_session_name", "a b", "contains a blank", "a-b"),
    ("role_session_name", "dependabot[bot]", "contains '['", "dependabot-bot-"),
    ("role_session_name", "a" * 65, "has 65 characters, and at most 64", "a" * 64),
    ("role_session_name", "Jos\u00e9", "contains '\u00e9'", "Jos-"),
    ("external_id", "a b", "contains a blank", None),
    ("external_id", "a" * 1225, "at most 1224", None),
    ("sso_account_id", "1111-2222-3333", "contains '-'", "111122223333"),
    ("sso_account_id", "32043643619", "a leading zero is lost", "032043643619"),
    ("sso_account_id", "1110987654321", "has 13 digits", None),
    ("sso_account_id", "production", "is not 12 digits", None),
    ("sso_account_id", "'111122223333'", "has quotes around it", "111122223333"),
    ("sso_role_name", "AWSReservedSSO_Admin_0123456789abcdef", "a permission set", "Admin"),
    ("sso_role_name", f"{ARN}:role/Admin", "is an ARN", None),
)
TAKEN = (
    *(("role_arn", f"{ARN}:role/{name}") for name in ("x", "a/b/c", "svc@team+x,y=z.w-_", "#/x")),
    ("role_arn", f"arn:aws-us-gov:iam::{A}:role/x"),
    ("role_arn", "arn:aws:iam::000000000000:role/localstack"),
    ("mfa_serial", f"{ARN}:mfa/me"),
    ("mfa_serial", f"{ARN}:mfa/path/me"),
    ("mfa_serial", "GAHT12345678"),
    ("role_session_name", "me@example.com"),
    ("role_session_name", "your-name"),
    ("role_session_name", "a" * 64),
    ("external_id", "a/b:c-d=e"),
    ("sso_account_id", "000000000001"),
    ("sso_role_name", "AdministratorAccess"),
    ("region", "not one of these"),
)


@pytest.mark.parametrize(("key", "value", "words", "right"), REFUSED, ids=lambda each: str(each)[:30])
def test_what_is_refused_is_told_with_what_is_meant(
    key: str, value: str, words: str, right: str | None
) -> None:
    found = misfit_of(key, value)
    assert found is not None
    assert words in found.words
    assert found.right == right
    assert right is None or misfit_of(key, right) is None


@pytest.mark.parametrize(("key", "value"), TAKEN)
def test_what_is_taken_is_not(key: str, value: str) -> None:
    assert misfit_of(key, value) is None
    form = SETTINGS[key].form
    assert form is None or form.pattern.fullmatch(value)


def answer(provider: str, **settings: Value) -> str:
    found = refusal(Hop("x", provider, settings=settings))
    assert found is not None
    assert (found.error, found.cause) == ("ClientError", Cause.BAD_PARAMETER)
    return found.message


def test_the_answer_is_in_the_words_of_the_service() -> None:
    role = f"{ARN}:role/x"
    assert answer(Provider.ASSUME_ROLE, role_arn=role, role_session_name="a/b") == (
        "An error occurred (ValidationError) when calling the AssumeRole operation: 1 validation error "
        "detected: Value 'a/b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy "
        r"regular expression pattern: [\w+=,.@-]*"
    )
    both = answer(Provider.ASSUME_ROLE, role_arn=role, role_session_name="a" * 65, external_id="a b")
    assert "2 validation errors detected" in both
    assert "have length less than or equal to 64; Value 'a b' at 'externalId'" in both
    assert answer(Provider.WEB_IDENTITY, role_arn="arn:aws:iam::dev:role/long").endswith(
        "(ValidationError) when calling the AssumeRoleWithWebIdentity operation: Request ARN is invalid"
    )
    of_user = answer(Provider.ASSUME_ROLE, role_arn=f"{ARN}:user/me")
    assert of_user == f"is not authorized to perform: sts:AssumeRole on resource: {ARN}:user/me"
    of_device = answer(Provider.ASSUME_ROLE, role_arn=role, mfa_serial=f"{ARN}:user/me")
    assert "(AccessDenied)" in of_device
    assert "MultiFactorAuthentication failed" in of_device
    assert "GetRoleCredentials" in answer(Provider.SSO, sso_account_id="1", sso_role_name="x")


def test_only_the_parameters_of_the_provider_are_looked_at() -> None:
    settings: dict[str, Value] = {
        "role_arn": f"{ARN}:role/x",
        "external_id": "a b",
        "mfa_serial": f"{ARN}:mfa",
    }
    assert refusal(Hop("x", Provider.WEB_IDENTITY, settings=settings)) is None
    assert refusal(Hop("x", Provider.SHARED_CREDENTIALS, settings=settings)) is None


KEYS = "[base]\naws_access_key_id = AKIAUBNG3R5TQWEXMPLA\naws_secret_access_key = CANARY\n"
ROLE = f"[profile x]\nrole_arn = {ARN}:role/x\nsource_profile = base\nrole_session_name = a b\n"


def test_a_role_that_is_refused_says_so_in_its_state(take: Taker) -> None:
    report = take(config=ROLE, credentials=KEYS).profiles["x"]
    assert (report.expiry.state, report.expiry.after) == (State.IDLE, After.FAILS)
    assert (
        report.expiry.reason == "the role_session_name of x contains a blank, which AWS does not allow there"
    )
    assert {each.on_use.error for each in report.resolutions.values() if each.on_use} == {"ClientError"}


def test_nothing_is_foretold_of_another_service(take: Taker) -> None:
    snapshot = take(
        config=f"{ROLE}endpoint_url = http://localhost:4566\nregion = us-east-1\n", credentials=KEYS
    )
    assert snapshot.profiles["x"].resolution.on_use is None
    assert snapshot.profiles["x"].expiry.after is After.AUTOMATIC
