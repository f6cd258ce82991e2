"""What variables do to one another and to profiles: who is told of, and who is not."""

from pathlib import Path

import pytest

from rolecall.aws.providers import Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity, SubjectKind
from rolecall.doctor.registry import CHAPTERS, examine
from rolecall.host import Host
from tests.aws.real import botocore_says
from tests.doctor.rows_environment import FILE, POD, ROWS, TOKEN
from tests.doctor.rows_environment_credentials import FROM_SHELL, PAIR, TEMPORARY
from tests.homes import make_home

EXPORTED = TEMPORARY | {"AWS_CREDENTIAL_EXPIRATION": "2030-01-01T09:00:00Z"}


def found(host: Host) -> dict[str, Finding]:
    """Return what these rules find, by code."""
    findings = examine(Snapshot.take(host), rules=CHAPTERS["Environment"]).all
    return {finding.code: finding for finding in findings}


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"AWS_ACCESS_KEY_ID": PAIR["AWS_ACCESS_KEY_ID"]}, "env-half-a-pair"),
        (EXPORTED, "env-expired"),
        (TEMPORARY | {"AWSUME_EXPIRATION": "2030-01-01T09:00:00Z"}, "env-expired"),
        (TEMPORARY | {"AWS_SESSION_TOKEN": ""}, "env-token-missing"),
        (TEMPORARY | {"AWS_CREDENTIAL_EXPIRATION": "soon"}, "env-bad-setting"),
        (PAIR | {"AWS_METADATA_SERVICE_TIMEOUT": "soon"}, "env-bad-setting"),
    ],
)
def test_a_role_that_draws_on_the_environment_suffers_from_what_is_wrong_there(
    environ: dict[str, str], code: str, tmp_path: Path
) -> None:
    # GIVEN a role over the environment's keys, and one that has nothing to do with them
    host = make_home(tmp_path, config=FROM_SHELL, credentials=FILE, environ=environ)
    # THEN
    finding = found(host)[code]
    assert finding.severity is Severity.ERROR
    assert "ci" in finding.profiles
    assert ("prod" in finding.profiles) == ("AWS_METADATA_SERVICE_TIMEOUT" in environ)


def test_ended_keys_go_with_what_prompts_show_of_their_session(tmp_path: Path) -> None:
    environ = EXPORTED | {"AWS_VAULT": "prod", "AWS_VAULT_BACKEND": "file"}
    line = found(make_home(tmp_path, environ=environ))["env-expired"].fix.run() or ""
    assert "unset AWS_VAULT" in line.split("; ")
    assert "AWS_VAULT_BACKEND" not in line


def test_keys_that_were_exported_from_the_chosen_profile_override_nothing(tmp_path: Path) -> None:
    # GIVEN the cached credentials of a role in the environment, and the role's profile chosen
    config = "[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/Admin\nsource_profile = prod\n"
    name = Snapshot.take(make_home(tmp_path, config=config, credentials=FILE)).profiles["admin"].cache_file
    cached = {
        "AccessKeyId": TEMPORARY["AWS_ACCESS_KEY_ID"],
        "SecretAccessKey": "CANARY",
        "SessionToken": "CANARY",
        "Expiration": "2030-01-01T13:00:00Z",
    }
    environ = TEMPORARY | {"AWS_PROFILE": "admin"}
    with_cache = make_home(tmp_path, caches={f"cli/{name}": {"Credentials": cached}}, environ=environ)
    # THEN
    assert "env-keys-override-profile" not in found(with_cache)
    # WHEN the cache has others
    other = make_home(
        tmp_path,
        caches={f"cli/{name}": {"Credentials": cached | {"AccessKeyId": "ASIAQ3EGRIDOTHERKEYX"}}},
        environ=environ,
    )
    # THEN
    assert found(other)["env-keys-override-profile"].profiles == ("admin",)


@pytest.mark.parametrize("tool", ["boto3", "v1"])
def test_the_real_botocore_uses_the_keys_that_are_said_to_win(tool: str, tmp_path: Path) -> None:
    host = make_home(tmp_path, credentials=FILE, environ=PAIR | {"AWS_PROFILE": "prod"})
    # THEN
    provider, _, key = botocore_says(host, tool="boto3" if tool == "boto3" else "cli_v1")
    assert "env-keys-override-profile" in found(host)
    assert (provider, key) == (Provider.ENV, PAIR["AWS_ACCESS_KEY_ID"])


def test_web_identity_variables_lose_to_a_role_and_its_source(tmp_path: Path) -> None:
    config = "[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/Admin\nsource_profile = prod\n"
    host = make_home(
        tmp_path, config=config, credentials=FILE, files=TOKEN, environ=POD | {"AWS_PROFILE": "admin"}
    )
    assert "env-web-identity" not in found(host)
    assert botocore_says(host)[0] == Provider.ASSUME_ROLE


def test_a_profile_that_is_not_there_wins_over_nothing(tmp_path: Path) -> None:
    # GIVEN all that instance metadata could ask a profile for, so that botocore asks none
    metadata = {
        "AWS_METADATA_SERVICE_TIMEOUT": "1",
        "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1/",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv4",
        "AWS_EC2_METADATA_V1_DISABLED": "true",
        "AWS_IMDS_USE_IPV6": "true",
    }
    # AND two profiles that are chosen, of which the one that counts is not there
    chosen = {"AWS_PROFILE": "prod", "AWS_DEFAULT_PROFILE": "ghost"}
    host = make_home(tmp_path, credentials=FILE, files=TOKEN, environ=POD | metadata | chosen)
    assert "env-web-identity" not in found(host)
    assert found(host)["env-profile-missing"].subject.name == "AWS_DEFAULT_PROFILE"


def test_a_token_file_that_is_gone_stops_the_shell(tmp_path: Path) -> None:
    host = make_home(tmp_path, environ=POD)
    finding = found(host)["env-web-identity-broken"]
    assert "No such file" in finding.message
    assert finding.profiles == ()


def test_the_tools_that_fail_over_a_missing_profile_are_named(tmp_path: Path) -> None:
    # GIVEN a profile for boto3, and one that is not there for AWS CLI v2
    environ = {"AWS_PROFILE": "gone", "AWS_DEFAULT_PROFILE": "prod"}
    finding = found(make_home(tmp_path, credentials=FILE, environ=environ))["env-profile-missing"]
    # THEN
    assert finding.consequence.startswith("every command of AWS CLI v2 that names no profile fails")
    # and no name is guessed that is not near
    assert finding.fix.run() == "unset AWS_PROFILE"


@pytest.mark.parametrize("named", ["PROD", '"prod"', " prod", "prod # the one for customers"])
def test_the_profile_that_was_probably_meant_is_offered(tmp_path: Path, named: str) -> None:
    finding = found(make_home(tmp_path, credentials=FILE, environ={"AWS_PROFILE": named}))
    assert finding["env-profile-missing"].fix.run() == "export AWS_PROFILE='prod'"
    message = finding["env-profile-missing"].message
    assert ", but there is no such profile" in message
    # what does not belong to the name is said, where that is all
    assert message.endswith(("such profile", "which are part of the value", "which is part of the value"))


@pytest.mark.parametrize(
    ("command", "is_told"), [("prod", False), ("-r eu-west-1 prod", False), ("", False), ("dev", True)]
)
def test_granted_names_the_profile_that_its_keys_are_of(
    tmp_path: Path, command: str, *, is_told: bool
) -> None:
    # GIVEN a shell of granted, which exports AWS_PROFILE beside the keys
    environ = TEMPORARY | {"AWS_PROFILE": "prod", "GRANTED_SSO": "false", "GRANTED_COMMAND": command}
    # THEN another profile that was chosen afterwards is told
    codes = found(make_home(tmp_path, credentials=FILE, environ=environ))
    assert ("env-keys-override-profile" in codes) == is_told


def test_what_a_tool_noted_is_unset_once(tmp_path: Path) -> None:
    environ = TEMPORARY | {"AWSUME_PROFILE": "prod", "AWSUME_EXPIRATION": "2020-01-01T09:00:00"}
    line = found(make_home(tmp_path, environ=environ))["env-expired"].fix.run() or ""
    assert line.split("; ").count("unset AWSUME_EXPIRATION") == 1


def test_where_a_file_cannot_be_read_no_profile_is_said_to_be_missing(tmp_path: Path) -> None:
    # GIVEN a directory in the place of the file
    host = make_home(tmp_path, files={".aws/credentials/": ""}, environ={"AWS_PROFILE": "prod"})
    assert "env-profile-missing" not in found(host)


def test_a_region_that_all_tools_come_to_is_no_finding(tmp_path: Path) -> None:
    config = "[default]\nregion = eu-west-1\n"
    same = make_home(tmp_path / "same", config=config, environ={"AWS_REGION": "eu-west-1"})
    assert "region-ignored-by-boto3" not in found(same)
    # WHEN
    other = make_home(tmp_path / "other", config=config, environ={"AWS_REGION": "eu-north-1"})
    # THEN the fix sets what is not set yet
    assert found(other)["region-ignored-by-boto3"].fix.run() == "export AWS_DEFAULT_REGION='eu-north-1'"


@pytest.mark.parametrize(
    ("name", "is_found"),
    [
        ("AWS_REGOIN", True),
        ("aws_profile", True),
        ("AWS_SECRET_KEY", True),
        ("AWS_VAULT", False),
        ("AWS_ACCESS_KEY_ID_PROD", False),
        ("AWS_ENDPOINT_URL_DYNAMODB", False),
        ("AWS_LAMBDA_FUNCTION_NAME", False),
        ("AWS_PROFIL;rm -rf", False),
        ("aws_tools", False),
    ],
)
def test_only_a_slip_of_a_known_name_is_told(name: str, *, is_found: bool, tmp_path: Path) -> None:
    host = make_home(tmp_path, environ={name: "x"})
    assert ("env-unknown-variable" in found(host)) == is_found


def test_a_slip_is_forgiven_where_the_right_name_is_set_too(tmp_path: Path) -> None:
    environ = {"AWS_REGOIN": "eu-west-1", "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
    assert "env-unknown-variable" not in found(make_home(tmp_path, environ=environ))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_nothing_secret_is_in_what_is_told(row: object, tmp_path: Path) -> None:
    host = make_home(tmp_path, **row.here)  # type: ignore[attr-defined]  # as make_home has them
    for finding in examine(Snapshot.take(host), rules=CHAPTERS["Environment"]).all:
        said = (finding.message, *finding.evidence, finding.consequence, finding.fix.words, finding.fix.run())
        assert not [text for text in said if text and ("CANARY" in text or "hunter2" in text)]


def test_a_quiet_environment_has_no_findings(tmp_path: Path) -> None:
    environ = {"AWS_PROFILE": "prod", "AWS_PAGER": "", "AWS_DEFAULT_REGION": "eu-west-1", "LANG": "C"}
    host = make_home(tmp_path, credentials=FILE, environ=environ)
    assert found(host) == {}
    assert Snapshot.take(host).default_session[Tool.BOTO3].profile == "prod"


def test_subjects_are_variables_but_for_an_old_file_that_none_names(tmp_path: Path) -> None:
    # GIVEN half a pair in ~/.boto, and a profile that comes so far
    host = make_home(
        tmp_path,
        config="[profile bare]\nregion = eu-west-1\n",
        files={".boto": "[Credentials]\naws_access_key_id = AKIAQ3EGRIDBOTOKEYXX\n"},
    )
    finding = found(host)["env-old-file"]
    assert (finding.subject.kind, finding.profiles) == (SubjectKind.FILE, ("bare",))


@pytest.mark.parametrize(
    "environ",
    [
        PAIR | {"AWS_CREDENTIAL_EXPIRATION": "wJalrXUtnFEMIaK7MDENGabPxRfiCYEXAMPLEKEY"},
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://me:CANARY@ x/"},
        {"AWS_ENDPOINT_URL": "http://me:CANARY@my_host/"},
        {"AWS_WEB_IDENTITY_TOKEN_FILE": "/wJalrXUtnFEMIaK7MDENGabPxRfiCYEXAMPLEKEY"}
        | {"AWS_ROLE_ARN": "a" * 20},
    ],
)
def test_a_secret_in_the_wrong_variable_is_masked(environ: dict[str, str], tmp_path: Path) -> None:
    findings = examine(Snapshot.take(make_home(tmp_path, environ=environ)), rules=CHAPTERS["Environment"]).all
    assert findings
    for finding in findings:
        said = "\n".join((finding.message, *finding.evidence, finding.fix.words, finding.fix.run() or ""))
        assert "CANARY" not in said
        assert "wJalr" not in said


@pytest.mark.parametrize(
    ("config", "environ"),
    [
        ("[default]\nregion =\n", {}),
        ("[default]\nregion = us_west\n", {}),
        ("[default]\nregion = us-east-2a\n", {}),
        ("[default]\nca_bundle = /nowhere\n", {}),
        ("[default]\nsso_session = gone\n", {}),
        ("[default]\nregion = eu-west-1\nretry_mode = never\n", {}),
        ("", {"AWS_DEFAULT_REGION": "", "AWS_REGION": "eu-west-1"}),
        ("", {"AWS_DEFAULT_REGION": "eu-west-1\n"}),
        ("", {"AWS_CA_BUNDLE": "/nowhere"}),
        ("", {"AWS_MAX_ATTEMPTS": "many"}),
    ],
)
def test_what_stops_any_credentials_is_not_blamed_on_the_web_identity(
    tmp_path: Path, config: str, environ: dict[str, str]
) -> None:
    host = make_home(tmp_path, config=config, files=TOKEN, environ=POD | environ)
    errors = {each.code for each in examine(Snapshot.take(host)).all if each.severity is Severity.ERROR}
    assert errors
    assert "env-web-identity-broken" not in errors
