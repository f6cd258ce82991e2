"""What an error message mentions is looked up in this home, and what is wrong with it is said first."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text import attribute, parse
from rolecall.doctor.error_text.attribute import Match
from rolecall.doctor.explain import why
from rolecall.doctor.registry import examine
from tests.homes import make_home

KEYS = "aws_access_key_id = AKIAIOSFODNN7OTHER01\naws_secret_access_key = CANARY\n"
DECOYS = (
    "[profile decoy]\nregion = eu-central-1\nrole_arn = arn:aws:iam::999988887777:role/decoy\n"
    "source_profile = keys\nmfa_serial = arn:aws:iam::999988887777:mfa/decoy\n"
    "[profile decoy-process]\ncredential_process = /opt/decoy/helper --json\n"
    "[profile decoy-sso]\nsso_session = decoys\nsso_account_id = 999988887777\nsso_role_name = Decoy\n"
    "[sso-session decoys]\nsso_start_url = https://decoys.awsapps.com/start\nsso_region = eu-west-1\n"
)
"""No message has anything of these."""
CREDENTIALS = f"[keys]\n{KEYS}"


def read(place: Path, text: str, **home: object) -> tuple[Match, str]:
    """Return the match, and the first sentence of the answer."""
    snapshot = Snapshot.take(make_home(place, **home))  # type: ignore[arg-type]  # as make_home has them
    findings = examine(snapshot)
    pasted = parse.parse_error_text(text) or parse.unknown_error_text(text)
    found = attribute.match(snapshot, findings, pasted)
    return found, why(snapshot, findings, found.profile, pasted=pasted).sentence


@dataclass(frozen=True)
class Row:
    """A profile's settings, and a message that quotes one of them."""

    settings: str
    text: str
    is_certain: bool = True
    config: str = field(default="")


NAMED = {
    "a profile after the word": Row("region = eu-west-1", "tool: cannot load profile 'team-a'"),
    "a profile in brackets": Row("region = eu-west-1", "tool: no luck with [team-a]"),
    "a profile whose credentials failed": Row(
        "region = eu-west-1", "aws-vault: error: exec: Failed to get credentials for team-a: no luck"
    ),
    "a profile as a word of its own": Row("region = eu-west-1", "tool team-a went wrong", is_certain=False),
    "a program": Row(
        "credential_process = get-creds.sh --vault my",
        "Error when retrieving credentials from custom-process: /bin/sh: get-creds.sh: command not found",
    ),
    "a program with its directory": Row(
        "credential_process = /opt/team/bin/get-creds --vault my",
        "fork/exec /opt/team/bin/get-creds: no luck",
    ),
    "a program whose backslashes were eaten": Row(
        r"credential_process = C:\team\creds.exe --x",
        "[Errno 2] No such file or directory: 'C:teamcreds.exe'",
    ),
    "a token file": Row(
        "role_arn = arn:aws:iam::111122223333:role/pod\nweb_identity_token_file = /var/run/team/token",
        "open /var/run/team/token: no such file or directory",
    ),
    "a role": Row(
        "role_arn = arn:aws:iam::111122223333:role/pod\nsource_profile = keys",
        "could not assume arn:aws:iam::111122223333:role/pod",
    ),
    "a role's session": Row(
        "role_arn = arn:aws:iam::111122223333:role/path/pod\nsource_profile = keys",
        "arn:aws:sts::111122223333:assumed-role/pod/me cannot do this",
    ),
    "a role of SSO": Row(
        "sso_session = team\nsso_account_id = 111122223333\nsso_role_name = Reader",
        "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Reader_0123456789abcdef/me cannot do this",
    ),
    "an MFA device": Row(
        "role_arn = arn:aws:iam::111122223333:role/pod\nsource_profile = keys\n"
        "mfa_serial = arn:aws:iam::111122223333:mfa/me",
        "Enter MFA code for arn:aws:iam::111122223333:mfa/me: no luck",
    ),
    "an access key": Row(
        "aws_access_key_id = AKIAIOSFODNN7TEAM001\naws_secret_access_key = CANARY",
        "the key AKIAIOSFODNN7TEAM001 is no good",
    ),
    "the end of an access key": Row(
        "aws_access_key_id = AKIAIOSFODNN7TEAM001\naws_secret_access_key = CANARY",
        "access_key     ****************M001 shared-credentials-file",
    ),
    "a start URL": Row(
        "sso_start_url = https://team.awsapps.com/start\nsso_region = eu-west-1\n"
        "sso_account_id = 111122223333\nsso_role_name = Reader",
        "no login at https://team.awsapps.com/start/ yet",
    ),
    "an account": Row(
        "role_arn = arn:aws:iam::111122223333:role/pod\nsource_profile = keys",
        "no credentials for account 111122223333 at all",
        is_certain=False,
    ),
    "a login": Row(
        "login_session = arn:aws:iam::111122223333:user/me", "tool: arn:aws:iam::111122223333:user/me is out"
    ),
    "an endpoint": Row(
        f"endpoint_url = https://minio.team.example:9000\n{KEYS}", "dial minio.team.example: no"
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_what_a_message_names_leads_to_the_profile(tmp_path: Path, name: str) -> None:
    row = NAMED[name]
    team = (
        f"[profile team-a]\n{row.settings}\n[sso-session team]\nsso_start_url = https://t/\nsso_region = x\n"
    )
    found, _ = read(tmp_path, row.text, config=f"{DECOYS}{team}", credentials=CREDENTIALS)
    assert (found.profile, found.is_certain) == ("team-a", row.is_certain), found.sentence
    assert "it names" in found.sentence


@pytest.mark.parametrize("prefix", ["2024-05-01T10:00:00Z ERROR [main] ", "web-1  | ", "│ ", "> "])
def test_what_is_put_before_the_lines_hides_nothing(tmp_path: Path, prefix: str) -> None:
    text = f"{prefix}Failed to load profile\n{prefix}team-a is not\n"
    team = "[profile team-a]\nregion = eu-west-1\n"
    assert read(tmp_path, text, config=f"{DECOYS}{team}", credentials=CREDENTIALS)[0].profile == "team-a"


def test_what_is_wrong_with_the_value_that_is_quoted_comes_first(tmp_path: Path) -> None:
    config = f"{DECOYS}[profile team-a]\nregion = eu-west-1a\n"
    for text in (
        'Could not connect to the endpoint URL: "https://lambda.eu-west-1a.amazonaws.com/"',
        "Invalid endpoint: https://s3.eu-west-1a.amazonaws.com",
    ):
        found, words = read(tmp_path, text, config=config, credentials=f"{CREDENTIALS}[team-a]\n{KEYS}")
        assert found.profile == "team-a"
        assert words.startswith("team-a sets region to 'eu-west-1a'")


def test_of_a_message_that_is_not_known_the_fault_of_this_shell_is_said(tmp_path: Path) -> None:
    ended = f"[default]\n{KEYS.replace('AKIA', 'ASIA')}aws_session_token = CANARY\n"
    ended += "x_security_token_expires = 2029-12-31T00:00:00Z\n"
    _, words = read(tmp_path, "the frobnicator is out of cheese", credentials=ended)
    assert words.startswith("the temporary keys of default")


def test_a_message_that_names_nothing_here_is_told_apart(tmp_path: Path) -> None:
    snapshot = Snapshot.take(make_home(tmp_path, config=DECOYS, credentials=CREDENTIALS))
    assert attribute.read_message(snapshot, "the frobnicator is out of cheese") is None
    named = attribute.read_message(snapshot, "the frobnicator of decoy-sso is out")
    assert named is not None
    assert named.code is None


def test_a_profile_that_has_credentials_was_not_what_the_call_used(tmp_path: Path) -> None:
    # GIVEN
    snapshot = Snapshot.take(make_home(tmp_path, credentials=CREDENTIALS))
    pasted = parse.parse_error_text("Unable to locate credentials")
    assert pasted is not None
    # WHEN the user names the profile
    answer = why(snapshot, examine(snapshot), "keys", pasted=pasted)
    # THEN
    assert "the call that failed did not use it" in answer.sentence
    assert answer.fix is not None
    assert "--profile keys" in answer.fix.words


def test_the_profile_that_is_asked_about_is_the_answers(tmp_path: Path) -> None:
    # GIVEN
    snapshot = Snapshot.take(make_home(tmp_path, config=DECOYS, credentials=CREDENTIALS))
    findings, pasted = examine(snapshot), parse.parse_error_text("An error occurred (ExpiredToken): no")
    other = parse.parse_error_text("$ aws s3 ls --profile decoy\nAn error occurred (ExpiredToken): no")
    assert pasted is not None
    assert other is not None
    # THEN
    assert (
        attribute.match(snapshot, findings, pasted, "keys").sentence == "taken to be about keys, as you ask"
    )
    assert "about decoy, not about keys" in attribute.match(snapshot, findings, other, "keys").sentence
