"""What the first call raises although a provider answered, per tool (aws-facts §4 and §7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from rolecall.aws.providers import Tool
from tests.aws.cases import LEGACY_SSO, SESSION, SSO_ROLE, URL, keys, role
from tests.aws.entries import (
    HOUR,
    MINUTE,
    in_,
    login_file,
    login_token,
    role_entry,
    role_file,
    sso_file,
    sso_role_entry,
    sso_role_file,
    sso_token,
    without,
)
from tests.conftest import Taker
from tests.homes import Content

Outcome = str | None
OVER_BASE = f"[profile x]\n{role('x', 'base')}"
BASE = f"[base]\n{keys('BASE')}"
IN_SESSION = f"{SESSION}[profile x]\nsso_session = corp\n{SSO_ROLE}"
OLD_SSO = f"[profile x]\n{LEGACY_SSO}"
OVER_SSO = f"{SESSION}[profile x]\n{role('x', 's')}[profile s]\nsso_session = corp\n{SSO_ROLE}"
WEB = f"[profile x]\n{role()}web_identity_token_file = {{HOME}}/token\n"
NOT_THERE = "SSOTokenLoadError: Error loading SSO Token: Token for {} does not exist"
INVALID = f"SSOTokenLoadError: Error loading SSO Token: Token for {URL} is invalid"
REFRESH_FAILED = (
    "TokenRetrievalError: Error when retrieving token from sso: Token has expired and refresh failed"
)
UNAUTHORIZED = (
    "UnauthorizedSSOTokenError: The SSO session associated with this profile has expired or is otherwise "
    "invalid. To refresh this SSO session run aws sso login with the corresponding profile."
)
INVALID_PARAMETER = "ParamValidationError: Parameter validation failed:\n"
STEM = role_file().removeprefix("cli/").removesuffix(".json")
DAMAGED = f"KeyError: '{STEM}'"


@dataclass(frozen=True, slots=True)
class Use:
    """A home, and what the first use of its profile ``x`` raises: in boto3, in CLI v1, in CLI v2."""

    config: str
    boto3: Outcome = None
    cli_v1: Outcome = None
    cli_v2: Outcome = None
    caches: Mapping[str, Content] = field(default_factory=dict)
    files: Mapping[str, Content] = field(default_factory=dict)

    @property
    def outcomes(self) -> dict[Tool, Outcome]:
        return {Tool.BOTO3: self.boto3, Tool.CLI_V1: self.cli_v1, Tool.CLI_V2: self.cli_v2}


def everywhere(outcome: str, config: str, caches: Mapping[str, Content] | None = None) -> Use:
    """Return a home on which all three raise the same."""
    return Use(config, outcome, outcome, outcome, caches or {})


def clients(outcome: str, config: str, caches: Mapping[str, Content]) -> Use:
    """Return a home on which the two CLIs raise the same and boto3, which reads no cache, raises nothing."""
    return Use(config, None, outcome, outcome, caches)


ROLES = {
    "a role that nobody has fetched": Use(OVER_BASE),
    "a valid entry": Use(OVER_BASE, caches={role_file(): role_entry()}),
    "a damaged entry": clients(DAMAGED, OVER_BASE, {role_file(): b""}),
    "an entry without Credentials": clients("KeyError: 'Credentials'", OVER_BASE, {role_file(): {}}),
    "a naive entry": clients(
        "TypeError: can't subtract offset-naive and offset-aware datetimes",
        OVER_BASE,
        {role_file(): role_entry("2030-01-01T13:00:00")},
    ),
    "an entry without a part": clients(
        "KeyError: 'SecretAccessKey'",
        OVER_BASE,
        {role_file(): without(role_entry(), "Credentials.SecretAccessKey")},
    ),
    "a past entry without a part": Use(
        OVER_BASE, caches={role_file(): without(role_entry(in_(-HOUR)), "Credentials.SecretAccessKey")}
    ),
    "a damaged entry on the way": clients(
        DAMAGED, f"[profile x]\n{role('y', 'm')}[profile m]\n{role('x', 'base')}", {role_file(): b""}
    ),
    "a damaged entry behind a valid one": Use(
        f"[profile x]\n{role('y', 'm')}[profile m]\n{role('x', 'base')}",
        caches={role_file("y"): role_entry(), role_file(): b""},
    ),
    "a damaged entry behind one that is renewing": clients(
        DAMAGED,
        f"[profile x]\n{role('y', 'm')}[profile m]\n{role('x', 'base')}",
        {role_file("y"): role_entry(in_(14 * MINUTE)), role_file(): b""},
    ),
    "an orphan's damage": Use(OVER_BASE, caches={role_file("other"): b""}),
}
SSO = {
    "a valid token": Use(IN_SESSION, caches={sso_file(): sso_token()}),
    "no token": everywhere(NOT_THERE.format("corp"), IN_SESSION),
    "no token, of the old form": everywhere(NOT_THERE.format(URL), OLD_SSO),
    "a past token": everywhere(REFRESH_FAILED, IN_SESSION, {sso_file(): sso_token(-HOUR)}),
    "a past token, of the old form": everywhere(UNAUTHORIZED, OLD_SSO, {sso_file(URL): sso_token(-HOUR)}),
    "a past token that can be refreshed": Use(IN_SESSION, caches={sso_file(): sso_token(-HOUR, HOUR)}),
    "one of the old form cannot be": everywhere(
        UNAUTHORIZED, OLD_SSO, {sso_file(URL): sso_token(-HOUR, HOUR)}
    ),
    "a past token whose registration is past": everywhere(
        REFRESH_FAILED, IN_SESSION, {sso_file(): sso_token(-HOUR, -MINUTE)}
    ),
    "a damaged token": everywhere(
        f"KeyError: '{sso_file().removeprefix('sso/').removesuffix('.json')}'",
        IN_SESSION,
        {sso_file(): b"{"},
    ),
    "a token without itself": everywhere(
        INVALID, IN_SESSION, {sso_file(): without(sso_token(), "accessToken")}
    ),
    "a registration in its place": everywhere(INVALID, IN_SESSION, {sso_file(): {"expiresAt": in_(HOUR)}}),
    "CLI v2 keeps the role's credentials": Use(
        IN_SESSION,
        NOT_THERE.format("corp"),
        NOT_THERE.format("corp"),
        None,
        {sso_role_file(sessionName="corp"): sso_role_entry()},
    ),
    "but renews them early": everywhere(
        NOT_THERE.format("corp"),
        IN_SESSION,
        {sso_role_file(sessionName="corp"): sso_role_entry(in_(14 * MINUTE))},
    ),
    "and dies of their damage": Use(
        IN_SESSION,
        cli_v2="KeyError: 'Credentials'",
        caches={sso_role_file(sessionName="corp"): {"ProviderType": "sso"}, sso_file(): sso_token()},
    ),
    "a role over SSO without a token": everywhere(NOT_THERE.format("corp"), OVER_SSO),
    "a role over a past token": everywhere(REFRESH_FAILED, OVER_SSO, {sso_file(): sso_token(-HOUR)}),
    "CLI v2's SSO role serves no other role": everywhere(
        NOT_THERE.format("corp"), OVER_SSO, {sso_role_file(sessionName="corp"): sso_role_entry()}
    ),
    "a list in its place": everywhere(INVALID, IN_SESSION, {sso_file(): b"[]"}),
    "a valid role over a past token": Use(
        OVER_SSO,
        REFRESH_FAILED,
        caches={sso_file(): sso_token(-HOUR), role_file(): role_entry()},
    ),
}
PARAMETERS = {
    "an empty role": everywhere(
        f"{INVALID_PARAMETER}Invalid length for parameter RoleArn, value: 0, valid min length: 20",
        "[profile x]\nrole_arn =\nsource_profile = base\n",
    ),
    "an empty external id": everywhere(
        f"{INVALID_PARAMETER}Invalid length for parameter ExternalId, value: 0, valid min length: 2",
        f"{OVER_BASE}external_id =\n",
    ),
    "a session name of one character": everywhere(
        f"{INVALID_PARAMETER}Invalid length for parameter RoleSessionName, value: 1, valid min length: 2",
        f"{OVER_BASE}role_session_name = x\n",
    ),
    "a nested session name": everywhere(
        f"{INVALID_PARAMETER}Invalid type for parameter RoleSessionName, value: {{'a': '1'}}, "
        "type: <class 'dict'>, valid types: <class 'str'>",
        f"{OVER_BASE}role_session_name =\n  a = 1\n",
    ),
    "two complaints": everywhere(
        f"{INVALID_PARAMETER}Invalid length for parameter ExternalId, value: 1, valid min length: 2\n"
        "Invalid length for parameter SerialNumber, value: 1, valid min length: 9",
        f"{OVER_BASE}external_id = x\nmfa_serial = y\n",
    ),
    "an empty session name is not sent": Use(f"{OVER_BASE}role_session_name =\n"),
    "too short a duration": everywhere(
        f"{INVALID_PARAMETER}Invalid value for parameter DurationSeconds, value: 60, valid min value: 900",
        f"{OVER_BASE}duration_seconds = 60\n",
    ),
    "the shortest duration": Use(f"{OVER_BASE}duration_seconds = 900\n"),
    "no duration is too long to be sent": Use(f"{OVER_BASE}duration_seconds = 99999\n"),
    "a cached role is not sent": Use(
        f"{OVER_BASE}duration_seconds = 60\n",
        f"{INVALID_PARAMETER}Invalid value for parameter DurationSeconds, value: 60, valid min value: 900",
        caches={role_file(DurationSeconds=60): role_entry()},
    ),
    "an empty web identity token": Use(
        WEB,
        *(f"{INVALID_PARAMETER}Invalid length for parameter WebIdentityToken, value: 0, valid min length: 4",)
        * 3,
        files={"token": ""},
    ),
}
NOT_SPLIT = "AttributeError: 'dict' object has no attribute 'split'"
OTHERS = {
    "a block for the key id": everywhere(
        "TypeError: sequence item 0: expected str instance, dict found",
        "[profile x]\naws_access_key_id =\n  a = b\naws_secret_access_key = CANARY\n",
    ),
    "a block for the secret": Use(
        "[profile x]\naws_access_key_id = AKIAX\naws_secret_access_key =\n  a = b\n",
        cli_v2='TypeError: can only concatenate str (not "dict") to str',
    ),
    "a block for the token": everywhere(NOT_SPLIT, f"[profile x]\n{keys('X')}aws_session_token =\n  a = b\n"),
    "a block for the token that the old name overrides": Use(
        f"[profile x]\n{keys('X')}aws_session_token =\n  a = b\naws_security_token = c\n"
    ),
    "static keys": Use(f"[profile x]\n{keys('X')}"),
    "a process": Use("[profile x]\ncredential_process = false\n"),
    "a web identity": Use(WEB, files={"token": "CANARY"}),
    "a web identity without its token": Use(
        WEB,
        *("FileNotFoundError: [Errno 2] No such file or directory: '{HOME}/token'",) * 3,
    ),
    "a valid web identity without its token": Use(
        # CLI v1 needs the token for the name of the file
        WEB,
        *("FileNotFoundError: [Errno 2] No such file or directory: '{HOME}/token'",) * 2,
        caches={role_file(): role_entry()},
    ),
    "a web identity whose token is a nested block": everywhere(
        "TypeError: expected str, bytes or os.PathLike object, not dict",
        f"[profile x]\n{role()}web_identity_token_file =\n  a = 1\n",
    ),
    "a web identity whose token is a directory": Use(
        WEB,
        *("IsADirectoryError: [Errno 21] Is a directory: '{HOME}/token'",) * 3,
        files={"token/": ""},
    ),
}
CASES = ROLES | SSO | PARAMETERS | OTHERS


@pytest.mark.parametrize("name", CASES)
def test_what_the_first_use_raises(take: Taker, name: str) -> None:
    case = CASES[name]
    snapshot = take(config=case.config, credentials=BASE, caches=case.caches, files=case.files)
    found = {tool: each.fault for tool, each in snapshot.profiles["x"].resolutions.items()}
    home = str(snapshot.host.home)
    assert {
        tool: fault and f"{fault.error}: {fault.message}".replace(home, "{HOME}")
        for tool, fault in found.items()
    } == case.outcomes


def test_an_error_of_the_resolution_is_not_searched_further(take: Taker) -> None:
    # GIVEN a role without a source, and a damaged entry in its place
    report = take(config=f"[profile x]\n{role()}", caches={role_file(): b""}).profiles["x"]
    for resolution in report.resolutions.values():
        assert resolution.error == "PartialCredentialsError"
        assert resolution.on_use is None


def test_the_environment_has_a_first_use_too(take: Taker) -> None:
    snapshot = take(config=IN_SESSION, environ={"AWS_PROFILE": "x"})
    for default_session in snapshot.default_session.values():
        assert default_session.resolution.provider == "sso"
        assert default_session.resolution.on_use is not None
        assert default_session.resolution.on_use.error == "SSOTokenLoadError"


def test_a_login_that_cannot_be_compared_fails_at_use(take: Taker) -> None:
    token = login_token("2030-01-01T13:00:00")
    snapshot = take(config="[profile x]\nlogin_session = me\n", caches={login_file(): token}, has_crt=True)
    resolution = snapshot.profiles["x"].resolution
    assert (resolution.provider, resolution.error) == ("login", None)
    assert resolution.on_use is not None
    assert resolution.on_use.error == "TypeError"
