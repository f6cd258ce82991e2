"""An error message is tied to whom it is about; where it cannot be, that is said."""

import hashlib
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text import attribute, parse
from rolecall.doctor.error_text.attribute import Match
from rolecall.doctor.error_text.interpret import EXPLAINS
from rolecall.doctor.explain import why
from rolecall.doctor.registry import BY_CODE, examine
from rolecall.doctor.sessions import LoginTopic
from tests.homes import make_home

KEYS = "aws_access_key_id = AKIAIOSFODNN7OTHER01\naws_secret_access_key = CANARY\n"
TEMPORARY = (
    "aws_access_key_id = ASIAIOSFODNN7OTHER02\naws_secret_access_key = CANARY\naws_session_token = CANARY\n"
)
ENDED = "x_security_token_expires = 2029-12-31T00:00:00Z\n"
ROLE = "arn:aws:iam::111122223333:role/deploy"
OVER_BASE = f"[profile base]\n{KEYS}[profile x]\nrole_arn = {ROLE}\nsource_profile = base\n"
SESSION = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
SSO = "sso_session = corp\nsso_account_id = 444455556666\nsso_role_name = Reader\n"
HERE = {
    "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7HERE002",
    "AWS_SECRET_ACCESS_KEY": "CANARY",
    "AWS_SESSION_TOKEN": "CANARY",
}


def said(code: str, words: str, operation: str = "GetCallerIdentity") -> str:
    return f"An error occurred ({code}) when calling the {operation} operation: {words}"


EXPIRED = said("ExpiredToken", "The security token included in the request is expired")


def tied(place: Path, text: str, **home: object) -> Match:
    snapshot = Snapshot.take(make_home(place, **home))  # type: ignore[arg-type]  # as make_home has them
    message = parse.parse_error_text(text)
    assert message is not None
    return attribute.match(snapshot, examine(snapshot), message)


def test_the_findings_that_explain_errors_are_real() -> None:
    assert {code for codes in EXPLAINS.values() for code in codes} - set(BY_CODE) == set()


@pytest.mark.parametrize(
    "text",
    [
        'The source_profile "gone" referenced in the profile "x" does not exist.',
        f"$ aws s3 ls --profile x\n\n{EXPIRED}",
        said(
            "AccessDenied", f"User: arn:aws:iam::1:user/a is not authorized on resource: {ROLE}", "AssumeRole"
        ),
        said(
            "AccessDenied",
            "User: arn:aws:sts::111122223333:assumed-role/deploy/me is not authorized to do it",
        ),
    ],
)
def test_whom_a_message_names_is_certain(tmp_path: Path, text: str) -> None:
    found = tied(tmp_path, text, config=OVER_BASE)
    assert (found.profile, found.is_certain, found.candidates) == ("x", True, ())
    assert "x" in found.sentence


def test_a_role_of_sso_is_known_by_its_name_at_aws(tmp_path: Path) -> None:
    caller = "arn:aws:sts::444455556666:assumed-role/AWSReservedSSO_Reader_0123456789abcdef/me"
    config = f"{SESSION}[profile sso]\n{SSO}[profile other]\n{SSO.replace('Reader', 'Admin')}"
    found = tied(
        tmp_path, said("AccessDenied", f"User: {caller} is not authorized to perform: s3:X"), config=config
    )
    assert (found.profile, found.is_certain) == ("sso", True)


def test_an_account_alone_is_no_proof(tmp_path: Path) -> None:
    caller = "arn:aws:iam::111122223333:user/somebody"
    found = tied(tmp_path, said("AccessDenied", f"User: {caller} is not authorized to X"), config=OVER_BASE)
    assert (found.profile, found.is_certain) == ("x", False)
    assert "probably" in found.sentence


def test_an_arn_that_is_nobodys_is_said_to_be(tmp_path: Path) -> None:
    caller = "arn:aws:sts::999999999999:assumed-role/other/me"
    found = tied(tmp_path, said("AccessDenied", f"User: {caller} is not authorized to X"), config=OVER_BASE)
    assert (found.profile, found.is_certain) == (None, False)
    assert "no profile here matches" in found.sentence


def test_a_cache_file_leads_to_its_profile_and_to_what_is_wrong_with_it(tmp_path: Path) -> None:
    # GIVEN
    snapshot = Snapshot.take(make_home(tmp_path / "before", config=OVER_BASE))
    name = str(snapshot.profiles["x"].cache_file)
    # WHEN
    text = f"\n'{name.removesuffix('.json')}'\n"
    found = tied(tmp_path / "after", text, config=OVER_BASE, caches={f"cli/{name}": "{"})
    # THEN
    assert (found.profile, found.is_certain) == ("x", True)
    assert found.culprit is not None
    assert found.culprit.code == "damaged-cache"


def test_a_cache_file_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    found = tied(tmp_path, f"'{'77aa' * 10}'", config=OVER_BASE)
    assert (found.profile, found.is_certain) == (None, False)
    assert "no longer exists" in found.sentence


TOKEN_MESSAGES = (
    "Error loading SSO Token: Token for corp does not exist",
    "Error when retrieving token from sso: Token has expired and refresh failed",
    (
        "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this "
        "SSO session run aws sso login with the corresponding profile."
    ),
    (
        "An error occurred (UnauthorizedException) when calling the GetRoleCredentials operation: Session "
        "token not found or invalid"
    ),
)
OTHER_SESSION = SESSION.replace("[sso-session corp]", "[sso-session other]")


@pytest.mark.parametrize("text", TOKEN_MESSAGES)
@pytest.mark.parametrize("environ", [{}, {"AWS_PROFILE": "b"}])
def test_where_all_hang_on_one_login_that_is_the_answer(
    tmp_path: Path, text: str, environ: dict[str, str]
) -> None:
    over = f"[profile x]\nrole_arn = {ROLE}\nsource_profile = a\n"
    config = f"[default]\nregion = eu-west-1\n{SESSION}[profile a]\n{SSO}[profile b]\n{SSO}{over}"
    found = tied(tmp_path, text, config=config, environ=environ)
    assert (found.login, found.profile, found.candidates) == (LoginTopic("corp"), None, ("a", "b", "x"))
    assert "corp" in found.sentence
    assert "stops 3 profiles" in found.sentence


@pytest.mark.parametrize("text", TOKEN_MESSAGES[1:])
def test_of_two_logins_that_have_ended_none_is_guessed(tmp_path: Path, text: str) -> None:
    two = SSO.replace("= corp", "= other")
    found = tied(tmp_path, text, config=f"{SESSION}{OTHER_SESSION}[profile a]\n{SSO}[profile b]\n{two}")
    assert (found.login, found.profile, found.candidates) == (None, None, ("a", "b"))
    assert "the logins to corp and other have expired" in found.sentence


def test_a_message_that_names_nobody_goes_to_who_explains_it(tmp_path: Path) -> None:
    credentials = f"[x]\n{TEMPORARY}{ENDED}[y]\n{KEYS}"
    found = tied(tmp_path, EXPIRED, credentials=credentials)
    assert (found.profile, found.is_certain) == ("x", False)
    assert found.culprit is not None
    assert found.culprit.code == "expired-keys"


def test_this_shell_comes_before_others_that_would_fail_as_well(tmp_path: Path) -> None:
    environ = HERE | {"AWS_SESSION_EXPIRATION": "2029-12-31T00:00:00Z"}
    found = tied(tmp_path, EXPIRED, credentials=f"[x]\n{TEMPORARY}{ENDED}", environ=environ)
    assert (found.profile, found.is_certain, found.candidates) == (None, False, ("x",))
    assert found.culprit is not None
    assert found.culprit.code == "env-expired"


def test_who_fails_otherwise_is_not_suspected(tmp_path: Path) -> None:
    found = tied(tmp_path, EXPIRED, config=f"[profile x]\nrole_arn = {ROLE}\nsource_profile = gone\n")
    assert (found.profile, found.candidates, found.culprit) == (None, (), None)
    assert "cannot be tied to one" in found.sentence


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The config profile (dev) could not be found", "not-a-profile"),
        ("The config profile (my prod) could not be found", "dropped-header"),
        ("The config profile (my\nprod) could not be found", "dropped-header"),
        ("The config profile (nope) could not be found", None),
    ],
)
def test_a_name_that_is_no_profiles_leads_to_its_header(tmp_path: Path, text: str, code: str | None) -> None:
    config = f"{OVER_BASE}[dev]\nregion = eu-west-1\n[profile my prod]\nregion = eu-west-1\n"
    found = tied(tmp_path, text, config=config)
    assert (found.profile, found.is_certain) == (None, True)
    assert "there is no profile" in found.sentence
    assert (found.culprit.code if found.culprit else None) == code


def test_a_file_that_does_not_parse_concerns_everybody(tmp_path: Path) -> None:
    found = tied(
        tmp_path, f"Unable to parse config file: {tmp_path}/.aws/config", config=f"{OVER_BASE}junk\n"
    )
    assert (found.profile, found.is_certain) == (None, True)
    assert found.culprit is not None
    assert found.culprit.place is not None
    assert found.culprit.place.line == OVER_BASE.count("\n") + 1


def test_a_session_that_is_not_here_is_said_to_be_a_strangers(tmp_path: Path) -> None:
    config = f"{SESSION}[profile a]\n{SSO}"
    found = tied(tmp_path, "Error loading SSO Token: Token for other does not exist", config=config)
    assert (found.profile, found.is_certain, found.candidates) == (None, False, ())
    assert "no profile here matches" in found.sentence


def test_an_account_that_is_no_profiles_may_be_that_of_the_environments_keys(tmp_path: Path) -> None:
    text = said("AccessDenied", "User: arn:aws:iam::999999999999:user/other is not authorized to X")
    assert "keys in this shell's environment" in tied(tmp_path, text, config=OVER_BASE, environ=HERE).sentence


def test_where_the_command_named_the_profile_the_variables_are_not_to_blame(tmp_path: Path) -> None:
    # GIVEN
    environ = HERE | {"AWS_SESSION_EXPIRATION": "2029-12-31T00:00:00Z"}
    home = {"credentials": f"[x]\n{KEYS}[y]\n{TEMPORARY}{ENDED}", "environ": environ}
    # THEN
    assert tied(tmp_path / "x", f"$ aws s3 ls --profile x\n{EXPIRED}", **home).culprit is None
    found = tied(tmp_path / "y", f"$ aws s3 ls --profile y\n{EXPIRED}", **home).culprit
    assert found is not None
    assert found.code == "expired-keys"


@pytest.mark.parametrize(
    ("status", "words"), [("400", "token of x"), ("403", "AWS refuses"), ("404", "Not Found")]
)
def test_an_answer_without_words_is_told_for_what_it_is(tmp_path: Path, status: str, words: str) -> None:
    reason = "Not Found" if status == "404" else "Bad"
    message = parse.parse_error_text(f"fatal error: {said(status, reason, 'HeadObject')}")
    assert message is not None
    snapshot = Snapshot.take(make_home(tmp_path, credentials=f"[x]\n{KEYS}"))
    assert words in why(snapshot, examine(snapshot), "x", pasted=message).sentence


def test_a_clock_is_nobodys_fault_here(tmp_path: Path) -> None:
    text = said(
        "SignatureDoesNotMatch", "Signature expired: 20300101T113000Z is now earlier than 20300101T114500Z"
    )
    found = tied(tmp_path, text, credentials='[x]\naws_access_key_id = A\naws_secret_access_key = "B"\n')
    assert found.culprit is None


def test_of_two_cache_files_of_one_name_the_one_that_a_profile_uses_is_meant(tmp_path: Path) -> None:
    # GIVEN a damaged login, and a file of the same name among the cached roles, which no profile uses
    session = "arn:aws:iam::123456789012:user/me"
    stem = hashlib.sha256(session.encode()).hexdigest()
    files = {f".aws/login/cache/{stem}.json": "", f".aws/cli/cache/{stem}.json": ""}
    # WHEN botocore's words for it are pasted
    found = tied(
        tmp_path, f"KeyError: '{stem}'", config=f"[profile x]\nlogin_session = {session}\n", files=files
    )
    # THEN they are about the profile with that login
    assert (found.profile, found.is_certain) == ("x", True)
    assert "login/cache" in found.sentence


@pytest.mark.parametrize(
    "words",
    [
        "MultiFactorAuthentication failed with invalid MFA one time pass code.",
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial",
    ],
)
def test_a_refused_mfa_code_is_of_the_profile_with_a_device(tmp_path: Path, words: str) -> None:
    other = f"[profile y]\nrole_arn = {ROLE}2\nsource_profile = base\nmfa_serial = arn:aws:iam::1:mfa/me\n"
    found = tied(tmp_path, said("AccessDenied", words, "AssumeRole"), config=f"{OVER_BASE}{other}")
    assert (found.profile, found.is_certain) == ("y", False)


def test_a_name_that_is_no_profile_is_not_taken_for_the_one_that_is_asked_about(tmp_path: Path) -> None:
    snapshot = Snapshot.take(make_home(tmp_path, config=OVER_BASE))
    message = parse.parse_error_text("The config profile (y) could not be found")
    assert message is not None
    found = attribute.match(snapshot, examine(snapshot), message, "x")
    assert found.sentence == "the message names 'y', which is no profile here"


@pytest.mark.parametrize("name", ["<your-profile>", "${PROFILE}", "$AWS_PROFILE", "{name}"])
def test_a_name_that_is_to_be_filled_in_is_none(tmp_path: Path, name: str) -> None:
    found = tied(tmp_path, f"{EXPIRED}\nTry: aws sso login --profile {name}", config=OVER_BASE)
    assert "no profile" in found.sentence
    assert name not in found.sentence


@pytest.mark.parametrize(
    ("key", "variable", "value", "text"),
    [
        (
            "region",
            "AWS_DEFAULT_REGION",
            "eu-west-1 # near",
            "Provided region_name 'eu-west-1 # near' doesn't match a supported format.",
        ),
        (
            "endpoint_url",
            "AWS_ENDPOINT_URL",
            "http://minio.example:9000",
            'Could not connect to the endpoint URL: "http://minio.example:9000/"',
        ),
        (
            "ca_bundle",
            "AWS_CA_BUNDLE",
            "/gone.pem",
            "SSL validation failed for https://sts.amazonaws.com/ [Errno 2] No such file: /gone.pem",
        ),
    ],
)
def test_what_a_variable_sets_for_all_is_not_of_the_one_profile_that_sets_the_same(
    tmp_path: Path, key: str, variable: str, value: str, text: str
) -> None:
    config = f"[profile a]\n{key} = {value}\n{KEYS}[profile b]\n{KEYS}"
    alone = tied(tmp_path / "file", text, config=config)
    assert alone.profile == "a"
    found = tied(tmp_path / "both", text, config=config, environ={variable: value})
    assert found.profile is None
    assert not found.candidates or {*found.candidates} == {"a", "b"}


def test_a_start_url_that_is_a_nested_block_is_found_by_what_python_makes_of_it(tmp_path: Path) -> None:
    sso = "sso_account_id = 444455556666\nsso_role_name = Reader\nsso_region = eu-west-1\n"
    config = f"[default]\n{KEYS}[profile x]\n{sso}sso_start_url =\n  a = b\n"
    found = tied(tmp_path, "Error loading SSO Token: Token for {'a': 'b'} does not exist", config=config)
    assert (found.profile, found.is_certain) == ("x", True)


def test_a_region_that_this_shell_lacks_may_be_lacking_in_others_too(tmp_path: Path) -> None:
    role = f"role_arn = {ROLE}\nsource_profile = base\n"
    config = f"[profile base]\n{KEYS}[profile x]\n{role}[default]\n{role}"
    environ = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    found = tied(tmp_path, "You must specify a region.", config=config, environ=environ)
    assert (found.profile, {*found.candidates}) == ("default", {"x", "default"})
