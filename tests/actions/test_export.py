"""What is exported is what every tool then uses, whatever stood in the shell before."""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from botocore.credentials import ProcessProvider
from hypothesis import given
from hypothesis import strategies as st

from rolecall.actions import export
from rolecall.actions.credentials import Credentials
from rolecall.actions.errors import ActionFailed
from rolecall.aws.expiry import State
from rolecall.aws.providers import Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.shells import FOR_VARIABLES
from tests.homes import make_home
from tests.real_shells import at_hand, environment_after, run

IN_AN_HOUR = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
ROLE = "arn:aws:iam::123456789012:role/x"
TEMPORARY = Credentials("ASIANEWEXAMPLE", "NEW/secret+", "NEW/token==", IN_AN_HOUR, "123456789012")
PERMANENT = Credentials("AKIANEWEXAMPLE", "NEW/secret+", None, None, None)

CONFIG = f"""
[profile keys]
region = eu-west-1
[profile role]
role_arn = {ROLE}
source_profile = keys
[profile web]
role_arn = {ROLE}
web_identity_token_file = {{HOME}}/token
region = eu-west-1
[profile it's "odd" $HOME]
[profile other]
region = us-east-1
"""
CREDENTIALS = """
[keys]
aws_access_key_id = AKIAKEYSEXAMPLE
aws_secret_access_key = KEYS
[other]
aws_access_key_id = AKIAOTHEREXAMPLE
aws_secret_access_key = OTHER
"""
CONFLICTS = {
    "AWS_PROFILE": "gone",
    "AWS_DEFAULT_PROFILE": "other",
    "AWS_ACCESS_KEY_ID": "AKIAOLDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "OLD",
    "AWS_SESSION_TOKEN": "OLD",
    "AWS_SECURITY_TOKEN": "OLDER",
    "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
    "AWS_SESSION_EXPIRATION": "2020-01-01T00:00:00Z",
    "AWSUME_EXPIRATION": "2020-01-01 00:00:00",
    "AWS_ACCOUNT_ID": "000000000000",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_ROLE_ARN": "arn:aws:iam::000000000000:role/old",
    "AWS_ROLE_SESSION_NAME": "old",
    "AWS_REGION": "ap-south-1",
    "AWS_DEFAULT_REGION": "ap-south-2",
    "AWS_BEARER_TOKEN_BEDROCK": "OLD",
}
REGIONS = {"AWS_REGION", "AWS_DEFAULT_REGION"}
SHELLS = ("bash", "zsh", "fish")

LOOK = """
import json, boto3
session = boto3.Session()
found = session.get_credentials()
frozen = found.get_frozen_credentials()
print(json.dumps([session.profile_name, found.method, frozen.access_key, frozen.secret_key, frozen.token,
                  getattr(found, "account_id", None), session.region_name]))
"""


def after(environ: Mapping[str, str], variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return the environment that a shell has after the variables were set and unset."""
    kept = {name: value for name, value in environ.items() if name not in variables}
    return kept | {name: value for name, value in variables.items() if value is not None}


def home(place: Path, environ: Mapping[str, str] | None = None) -> Host:
    """A home with profiles to choose from, looked at now."""
    host = make_home(
        place, config=CONFIG, credentials=CREDENTIALS, files={"token": "CANARY"}, environ=environ,
        now=datetime.now(UTC),
    )  # fmt: skip
    return replace(host, environ={"AWS_EC2_METADATA_DISABLED": "true", **host.environ})


def look_in(shell: str, lines: list[str], place: Path) -> list[str | None]:
    """Return what the real boto3 makes of a shell full of conflicts that has evaluated lines."""
    host = home(place, CONFLICTS)
    environ = environment_after(shell, lines, place, host.environ)
    done = run("bash", f'exec "{sys.executable}" -c "$LOOK"', place, {**environ, "LOOK": LOOK})
    assert done.returncode == 0, done.stderr
    found: list[str | None] = json.loads(done.stdout)
    return found


# Credentials


@pytest.mark.parametrize("shell", at_hand(*SHELLS))
@pytest.mark.parametrize("credentials", [TEMPORARY, PERMANENT], ids=["temporary", "permanent"])
def test_exported_credentials_are_those_of_boto3(
    shell: str, credentials: Credentials, tmp_path: Path
) -> None:
    lines = export.shell_lines(shell, export.of_credentials(credentials, "eu-west-3", CONFLICTS))
    assert look_in(shell, lines, tmp_path) == [
        "default", "env", credentials.access_key, credentials.secret_key, credentials.token,
        credentials.account, "eu-west-3",
    ]  # fmt: skip


@pytest.mark.interop
def test_and_those_of_the_real_aws(tmp_path: Path) -> None:
    lines = export.shell_lines("bash", export.of_credentials(TEMPORARY, "eu-west-3", CONFLICTS))
    said = configure_list(lines, tmp_path)
    assert said["profile"] == ["None", "None"]
    assert said["access_key"] == ["****************MPLE", "env"]
    assert said["region"][:2] == ["eu-west-3", "env"]


def configure_list(lines: list[str], place: Path) -> dict[str, list[str]]:
    """Return what ``aws configure list`` says after a bash full of conflicts has evaluated lines."""
    environ = environment_after("bash", lines, place, home(place, CONFLICTS).environ)
    done = run("bash", f'exec "{sys.executable}" -m awscli configure list', place, environ)
    assert done.returncode == 0, done.stderr
    rows = (line.replace(" : ", " ").split() for line in done.stdout.decode().splitlines()[1:])
    return {row[0]: [word for word in row[1:] if word not in (":", "<not", "set>")] for row in rows if row}


@given(conflicts=st.sets(st.sampled_from(sorted(CONFLICTS))))
def test_nothing_shadows_exported_credentials(
    conflicts: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    # GIVEN any of the variables that could stand in their way
    environ = {name: CONFLICTS[name] for name in conflicts}
    host = home(tmp_path_factory.mktemp("home"), environ)
    # WHEN credentials are exported
    left = after(host.environ, export.of_credentials(TEMPORARY, "eu-west-3", environ))
    snapshot = Snapshot.take(replace(host, environ=left))
    # THEN every tool uses them, and nothing else
    for tool in Tool:
        default_session = snapshot.default_session[tool]
        resolution = default_session.resolution
        assert (resolution.provider, resolution.error) == (Provider.ENV, None)
        assert (resolution.access_key, default_session.region) == (TEMPORARY.access_key, "eu-west-3")
        assert default_session.expiry.at == IN_AN_HOUR
    assert left["AWS_SESSION_TOKEN"] == TEMPORARY.token
    assert not [name for name in left if "OLD" in left[name]]


def test_the_end_of_other_keys_is_not_theirs(tmp_path: Path) -> None:
    # GIVEN temporary credentials of which no end is known, where notes of an older end are left
    endless = replace(TEMPORARY, expires_at=None)
    host = home(tmp_path, CONFLICTS)
    left = after(host.environ, export.of_credentials(endless, None, CONFLICTS))
    snapshot = Snapshot.take(replace(host, environ=left))
    assert [snapshot.default_session[tool].expiry.state for tool in Tool] == [State.UNKNOWN] * 3


def test_without_a_region_the_shell_s_own_stays() -> None:
    for region in (None, ""):
        variables = export.of_credentials(TEMPORARY, region, CONFLICTS)
        assert not REGIONS & set(variables)


def test_what_they_lack_is_unset() -> None:
    variables = export.of_credentials(PERMANENT, None, {})
    lacking = ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_ACCOUNT_ID")
    assert [variables[name] for name in lacking] == [None] * 4


def test_only_bearer_tokens_that_are_here_are_unset() -> None:
    for variables in (export.of_credentials(PERMANENT, None, CONFLICTS), export.variables_of("x", CONFLICTS)):
        bearing = [name for name in variables if "BEARER" in name]
        assert bearing == ["AWS_BEARER_TOKEN_BEDROCK"]


def test_a_name_that_is_more_than_a_name_is_let_be() -> None:
    # GIVEN a variable that no shell can name, but any program can hand on
    environ = {"AWS_BEARER_TOKEN_X;touch ran": "x"}
    assert export.shell_lines("bash", export.variables_of("x", environ))


def test_the_end_is_written_in_utc() -> None:
    there = IN_AN_HOUR.astimezone(timezone(timedelta(hours=5)))
    variables = export.of_credentials(replace(TEMPORARY, expires_at=there), None, {})
    assert variables["AWS_CREDENTIAL_EXPIRATION"] == IN_AN_HOUR.strftime("%Y-%m-%dT%H:%M:%SZ")


# A profile


@pytest.mark.parametrize("shell", at_hand(*SHELLS))
def test_a_profile_that_is_used_is_that_of_boto3(shell: str, tmp_path: Path) -> None:
    lines = export.shell_lines(shell, export.variables_of("keys", CONFLICTS, "eu-west-1"))
    assert look_in(shell, lines, tmp_path) == [
        "keys", "shared-credentials-file", "AKIAKEYSEXAMPLE", "KEYS", None, None, "eu-west-1",
    ]  # fmt: skip


@pytest.mark.interop
def test_and_that_of_the_real_aws(tmp_path: Path) -> None:
    said = configure_list(
        export.shell_lines("bash", export.variables_of("keys", CONFLICTS, "eu-west-1")), tmp_path
    )
    assert said["profile"][0] == "keys"
    assert said["access_key"] == ["****************MPLE", "shared-credentials-file"]
    assert said["region"][:2] == ["eu-west-1", "config-file"]


@pytest.mark.long
@pytest.mark.parametrize("name", ["keys", "role", "web", "other"])
@given(conflicts=st.sets(st.sampled_from(sorted(CONFLICTS))))
def test_nothing_shadows_a_profile_that_is_used(
    name: str, conflicts: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    environ = {name: CONFLICTS[name] for name in conflicts}
    host = home(tmp_path_factory.mktemp("home"), environ)
    region = {"keys": "eu-west-1", "web": "eu-west-1", "other": "us-east-1"}.get(name)
    left = after(host.environ, export.variables_of(name, environ, region))
    snapshot = Snapshot.take(replace(host, environ=left))
    # THEN every tool makes of it what it makes of an explicit choice
    for tool in Tool:
        default_session, explicit = snapshot.default_session[tool], snapshot.profiles[name]
        assert (default_session.profile, default_session.variable) == (name, "AWS_PROFILE")
        assert default_session.resolution == explicit.resolutions[tool]
        assert region is None or default_session.region == region
    # AND nothing is left that was there before, but for a region
    assert set(CONFLICTS) & set(left) <= {"AWS_PROFILE"} | (REGIONS if region is None else set())


def test_a_profile_without_a_region_leaves_the_shell_s_own() -> None:
    assert not REGIONS & set(export.variables_of("role", CONFLICTS))


# Lines


def test_what_is_unset_comes_first() -> None:
    variables = {"B": "x", "A": None, "C": "y", "D": None}
    assert export.shell_lines("bash", variables) == ["unset A", "unset D", "export B='x'", "export C='y'"]


@pytest.mark.parametrize("form", FOR_VARIABLES)
def test_each_form_takes_real_credentials(form: str) -> None:
    lines = export.shell_lines(form, export.of_credentials(TEMPORARY, "eu-west-1", {}))
    assert sum(TEMPORARY.secret_key in line for line in lines) == 1


def test_a_dotenv_file_says_what_it_cannot_unset() -> None:
    lines = export.shell_lines("dotenv", {"A": None, "B": "x", "C": None})
    assert lines == ["# must not be set beside these: A, C", "B=x"]
    assert export.shell_lines("dotenv", {"B": "x"}) == ["B=x"]


def test_a_long_token_is_not_cut_off_by_setx() -> None:
    # GIVEN a token longer than what setx keeps
    with pytest.raises(ActionFailed, match="AWS_SESSION_TOKEN cannot be written for setx") as raised:
        export.shell_lines("setx", export.of_credentials(replace(TEMPORARY, token="x" * 1200), None, {}))
    assert raised.value.cure


@pytest.mark.parametrize("form", ["powershell", "cmd", "setx"])
def test_a_profile_without_a_name_cannot_be_chosen_there(form: str) -> None:
    with pytest.raises(ActionFailed, match="empty"):
        export.shell_lines(form, export.variables_of("", {}))


def test_a_failure_says_nothing_of_the_value() -> None:
    with pytest.raises(ActionFailed) as raised:
        export.shell_lines("cmd", {"AWS_SECRET_ACCESS_KEY": "CANARY%"})
    shown = [raised.value.message, raised.value.cure or "", repr(raised.value), repr(raised.value.__cause__)]
    assert not [text for text in shown if "CANARY" in text]


@pytest.mark.parametrize("form", ["json", "tcsh"])
def test_what_is_no_form_for_variables_is_refused(form: str) -> None:
    with pytest.raises(ActionFailed, match="no form"):
        export.shell_lines(form, {})


@pytest.mark.parametrize("form", ["bash", "dotenv"])
@pytest.mark.parametrize("value", ["x", None])
def test_a_name_for_eval_is_nothing_but_a_name(form: str, value: str | None) -> None:
    with pytest.raises(ActionFailed, match="name"):
        export.shell_lines(form, {"A;touch ran": value})


# credential_process


@pytest.mark.parametrize("credentials", [TEMPORARY, PERMANENT], ids=["temporary", "permanent"])
def test_botocore_takes_the_json_from_a_process(credentials: Credentials, tmp_path: Path) -> None:
    (tmp_path / "printed").write_text(export.process_json(credentials))
    profile = {"profiles": {"x": {"credential_process": f"cat {tmp_path / 'printed'}"}}}
    found = ProcessProvider("x", lambda: profile).load()
    frozen = found.get_frozen_credentials()
    assert (frozen.access_key, frozen.secret_key) == (credentials.access_key, credentials.secret_key)
    assert (frozen.token, frozen.account_id) == (credentials.token, credentials.account)
    assert getattr(found, "_expiry_time", None) == credentials.expires_at


def test_the_json_has_no_empty_parts() -> None:
    assert json.loads(export.process_json(PERMANENT)) == {
        "Version": 1,
        "AccessKeyId": "AKIANEWEXAMPLE",
        "SecretAccessKey": "NEW/secret+",
    }
