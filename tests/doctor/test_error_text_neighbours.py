"""The messages of other tools, over a home with the cause and with decoys: no decoy is named."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text import attribute
from rolecall.doctor.registry import examine
from rolecall.doctor.topics import topic_answer
from tests.homes import make_home

KEYS = "aws_access_key_id = AKIAIOSFODNN7OTHER01\naws_secret_access_key = CANARY\n"
DECOYS = (
    f"[profile decoy]\n{KEYS}region = eu-west-1\n"
    "[profile decoy-role]\nrole_arn = arn:aws:iam::999988887777:role/decoy\nsource_profile = nobody\n"
    "[profile decoy-process]\ncredential_process = /opt/decoy/helper --json\n"
)
"""Other profiles, two of them with a fault of their own."""


@dataclass(frozen=True)
class Row:
    """What another tool says, the settings of the profile ``team`` that it is about, and the answer.

    Attributes:
        text: the message.
        settings: the settings of ``team``; empty where there is no such profile.
        profile: whom it is tied to.
        answer: words that the answer has.
    """

    text: str
    settings: str
    profile: str | None
    answer: str


ROLE = "role_arn = arn:aws:iam::111122223333:role/a\n"
LOOP = f"{ROLE}source_profile = team2\n[profile team2]\n{ROLE}source_profile = team\n"
ROWS = (
    Row("Awsume error: Profile tema not found.", "region = x-y-1", None, "nearest name is 'team'"),
    Row(
        "ERROR - Long term credentials session '[team-long-term]' is missing.",
        KEYS,
        None,
        "no profile 'team-long",
    ),
    Row(
        "Unknown profile 'tema'. You must configure it first with --configure.",
        KEYS,
        None,
        "nearest name is 'team'",
    ),
    Row("[!] tema does not match any profiles in your AWS config", KEYS, None, "nearest name is 'team'"),
    Row('Error: AWS profile "team" doesn\'t seem to be configured', "region = eu-west-1", "team", "team"),
    Row("Awsume error: Invalid profile [team] role profiles must contain one of", ROLE, "team", "source"),
    Row("maximum source profile depth exceeded for profile team", LOOP, "team", "team"),
    Row(
        "failed to load a source-profile for profile: team . You should",
        f"{ROLE}source_profile = gone",
        "team",
        "gone",
    ),
    Row("region not set on profile team, could not load a default AWS_REGION", KEYS, "team", "no region"),
    Row(
        "Error when retrieving credentials from custom-process: could not parse PEM data",
        "credential_process = aws_signing_helper credential-process --certificate x",
        "team",
        "the credential_process of team failed",
    ),
    Row(
        "failed to parse trust anchor arn: 'arn: invalid prefix'",
        "credential_process = /opt/aws_signing_helper credential-process --certificate x",
        "team",
        "aws_signing_helper could not sign",
    ),
    Row(
        "FATAL Unable to open SecureStore file=/x error=no",
        "credential_process = /usr/bin/aws-sso -u open process --arn x",
        "team",
        "own store has nothing for team",
    ),
    Row("Profile `team` does not have `sso_account_id` configured.", "sso_session = gone", "team", "gone"),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.text[:50] for row in ROWS])
def test_what_another_tool_says_is_tied_to_its_cause(tmp_path: Path, row: Row) -> None:
    team = f"[profile team]\n{row.settings}\n" if row.settings else ""
    snapshot = Snapshot.take(make_home(tmp_path, config=f"{DECOYS}{team}"))
    findings = examine(snapshot)
    for text in (row.text, f"2024-05-01T10:00:00Z \x1b[31mERROR\x1b[0m {row.text}\nexit status 1"):
        pasted = attribute.read_message(snapshot, text)
        assert pasted is not None
        found = attribute.match(snapshot, findings, pasted)
        answer = topic_answer(snapshot, findings, found.login or found.profile, pasted=pasted)
        assert found.profile == row.profile
        assert row.answer in answer.sentence
        assert "decoy" not in answer.sentence
