"""Why an error is raised: its cause, what it is about, and whose settings bring it."""

import pytest

from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, PredictedError, Tool
from rolecall.aws.snapshot import Snapshot
from tests.aws.cases import SESSION, SSO_ROLE, Case, environment_keys, keys, role
from tests.conftest import HomeMaker
from tests.homes import NOW

SSO = f"[profile x]\nsso_session = corp\n{SSO_ROLE}"
IN_BASE = f"[profile x]\n{role('x', 'base')}[profile base]\n"
BASE = f"[profile b]\n{keys('B')}"
OF_ENVIRONMENT = f"[profile x]\n{role('x')}credential_source = Environment\n"

ROWS = {
    Cause.NO_SOURCE: (Case("-", f"[profile x]\n{role('x')}"), ("source_profile",), "x"),
    Cause.TWO_SOURCES: (
        Case("-", f"[profile x]\n{role('x', 'base')}credential_source = Environment\n"),
        ("source_profile", "credential_source"),
        "x",
    ),
    Cause.SOURCE_MISSING: (Case("-", f"[profile x]\n{role('x', 'base')}"), ("base",), "x"),
    Cause.CHAIN_LOOP: (Case("-", f"{IN_BASE}{role('base', 'x')}"), ("x",), "x"),
    Cause.BAD_CREDENTIAL_SOURCE: (
        Case("-", f"[profile x]\n{role('x')}credential_source = environment\n"),
        ("credential_source",),
        "x",
    ),
    Cause.ENVIRONMENT_EMPTY: (Case("-", OF_ENVIRONMENT), ("AWS_ACCESS_KEY_ID",), "x"),
    Cause.ENVIRONMENT_HALF_A_PAIR: (
        Case("-", OF_ENVIRONMENT, environ={"AWS_ACCESS_KEY_ID": "AKIA"}),
        ("AWS_ACCESS_KEY_ID",),
        "x",
    ),
    Cause.ENVIRONMENT_END_UNREADABLE: (
        Case("-", OF_ENVIRONMENT, environ=environment_keys(AWS_CREDENTIAL_EXPIRATION="soon")),
        ("AWS_CREDENTIAL_EXPIRATION",),
        "x",
    ),
    Cause.ENVIRONMENT_EXPIRED: (
        Case("-", OF_ENVIRONMENT, environ=environment_keys(AWS_CREDENTIAL_EXPIRATION="2029-01-01T00:00:00Z")),
        ("AWS_CREDENTIAL_EXPIRATION",),
        None,
    ),
    Cause.ENVIRONMENT_END_NO_DATE: (
        Case("-", OF_ENVIRONMENT, environ=environment_keys(AWS_CREDENTIAL_EXPIRATION="0001-01-01T00:00:00Z")),
        ("AWS_CREDENTIAL_EXPIRATION",),
        None,
    ),
    Cause.CONTAINER_MISSING: (
        Case("-", f"[profile x]\n{role('x')}credential_source = EcsContainer\n"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI",),
        "x",
    ),
    Cause.METADATA_DISABLED: (
        Case(
            "-",
            f"[profile x]\n{role('x')}credential_source = Ec2InstanceMetadata\n",
            environ={"AWS_EC2_METADATA_DISABLED": "true"},
        ),
        ("AWS_EC2_METADATA_DISABLED",),
        "x",
    ),
    Cause.NESTED_VALUE: (
        Case("-", f"[profile x]\n{role('x')}source_profile =\n  a = b\n"),
        ("source_profile",),
        "x",
    ),
    Cause.NO_CREDENTIALS: (Case("-", f"{IN_BASE}region = eu-west-1\n"), (), "base"),
    Cause.HALF_A_PAIR: (Case("-", f"{IN_BASE}aws_secret_access_key = CANARY\n"), (), "base"),
    Cause.SPLIT_PAIR: (
        Case("-", "[profile x]\naws_secret_access_key = CANARY\n", "[x]\naws_access_key_id = AKIA\n"),
        ("aws_access_key_id", "aws_secret_access_key"),
        "x",
    ),
    Cause.BAD_PARAMETER: (
        Case("-", f"[profile x]\n{role('x', 'm')}[profile m]\n{role('m', 'b')}external_id = 1\n{BASE}"),
        ("external_id",),
        "m",
    ),
    Cause.METADATA_SETTING: (
        Case("-", f"[profile x]\nmetadata_service_timeout = 1s\n{keys('X')}"),
        ("metadata_service_timeout",),
        "x",
    ),
    Cause.METADATA_VARIABLE: (
        Case("-", f"[profile x]\n{keys('X')}", environ={"AWS_METADATA_SERVICE_TIMEOUT": "1s"}),
        ("AWS_METADATA_SERVICE_TIMEOUT",),
        "x",
    ),
    Cause.WEB_IDENTITY_NO_ROLE: (
        Case("-", "[profile x]\nweb_identity_token_file = /t\n"),
        ("role_arn",),
        "x",
    ),
    Cause.WEB_IDENTITY_UNREADABLE: (
        Case("-", f"[profile x]\nweb_identity_token_file = /no/such/token\n{role('x')}"),
        ("/no/such/token",),
        "x",
    ),
    Cause.SSO_INCOMPLETE: (Case("-", f"[profile x]\n{SSO_ROLE}"), ("sso_start_url", "sso_region"), "x"),
    Cause.SSO_CONFLICT: (Case("-", f"{SESSION}{SSO}sso_region = us-east-1\n"), ("sso_region",), "x"),
    Cause.SSO_REGION: (
        Case("-", f"{SESSION}{SSO}".replace("eu-west-1", "EU (Ireland)")),
        ("corp", "sso_region"),
        "x",
    ),
    Cause.SSO_SESSION_MISSING: (Case("-", SSO), ("corp",), "x"),
    Cause.SSO_TOKEN_MISSING: (Case("-", f"{SESSION}{SSO}"), ("corp",), "x"),
    Cause.LOGIN_MISSING: (Case("-", "[profile x]\nlogin_session = me\n", has_crt=True), ("me",), "x"),
    Cause.CRT_MISSING: (Case("-", "[profile x]\nlogin_session = me\n"), ("awscrt",), "x"),
    Cause.OLD_FILE: (
        Case("-", "[profile x]\nregion = eu-west-1\n", environ={"AWS_CREDENTIAL_FILE": "/no/such/file"}),
        ("AWS_CREDENTIAL_FILE",),
        "x",
    ),
}
"""What brings an error of each cause, its subjects, and the profile whose settings bring it."""


def fault_of(report: ProfileReport) -> PredictedError:
    fault = report.resolutions[Tool.BOTO3].fault
    assert fault is not None
    return fault


@pytest.mark.parametrize("cause", list(ROWS), ids=str)
def test_an_error_says_why_it_is_raised(make_home: HomeMaker, cause: Cause) -> None:
    case, subjects, profile = ROWS[cause]
    fault = fault_of(Snapshot.take(make_home(**case.home)).profiles["x"])
    assert (fault.cause, fault.subjects, fault.profile) == (cause, subjects, profile)


def test_a_message_that_names_another_error_does_not_mislead(make_home: HomeMaker) -> None:
    # GIVEN a source with a name in which other errors' words are
    home = make_home(config=f"[profile x]\n{role('x', 'SSO must have credentials.')}")
    assert fault_of(Snapshot.take(home).profiles["x"]).cause is Cause.SOURCE_MISSING


def test_the_profile_where_a_chain_ends_is_what_a_chain_too_long_is_about(make_home: HomeMaker) -> None:
    many = "".join(f"[profile p{n}]\n{role(f'p{n}', f'p{n + 1}')}" for n in range(400))
    home = make_home(config=f"{many}[profile p400]\n{keys('P')}")
    fault = fault_of(Snapshot.take(home).profiles["p0"])
    assert (fault.cause, fault.subjects) == (Cause.CHAIN_TOO_LONG, ("p400",))


def test_the_errors_of_one_moment_are_none_of_another(make_home: HomeMaker) -> None:
    # GIVEN what was worked out at a moment
    snapshot = Snapshot.take(make_home(config=f"{SESSION}{SSO}"))
    assert snapshot.expiry_calculator.now == NOW
    # WHEN the same is asked for later
    later = snapshot.as_of(NOW.replace(hour=23))
    # THEN
    assert later.expiry_calculator.now == later.taken_at
    assert later.expiry_calculator.files == snapshot.expiry_calculator.files
