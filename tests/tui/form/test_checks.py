"""What is said beside a field: what AWS tools make of it, in words; little is forbidden."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.tui.form import form
from rolecall.tui.form.checks import Note, notes
from rolecall.tui.form.form import NAME, FilledForm, FormKind
from rolecall.tui.tones import Tone
from tests.homes import make_home

ARN = "arn:aws:iam::111122223333:role/Dev"
CONFIG = f"""\
[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = CANARYcanary
[profile role]
role_arn = {ARN}
source_profile = keys
[profile ring]
role_arn = {ARN}
source_profile = round
[profile round]
role_arn = {ARN}
source_profile = ring
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
"""
REGIONS = {"us-east-1": "", "eu-west-1": ""}


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return Snapshot.take(make_home(tmp_path, config=CONFIG))


def said(snapshot: Snapshot, kind: FormKind, typed: Mapping[str, str]) -> dict[str, Note]:
    """Return what is said of a new profile, and of its name only where one was typed."""
    found = notes(FilledForm(form.new(snapshot, kind), {NAME: "new", **typed}), REGIONS)
    assert all(note.words.endswith(".") for note in found.values())
    return found


@pytest.mark.parametrize(
    ("kind", "typed", "key", "words"),
    [
        (
            FormKind.ROLE,
            {"role_arn": "role/x", "source_profile": "keys"},
            "role_arn",
            "no ARN",
        ),
        (FormKind.ROLE, {"role_arn": ARN}, "source_profile", "needs a source_profile"),
        (FormKind.ROLE, {"source_profile": "nobody"}, "source_profile", "InvalidConfigError"),
        (
            FormKind.ROLE,
            {"role_arn": ARN, "source_profile": "new"},
            "source_profile",
            "InfiniteLoop",
        ),
        (
            FormKind.ROLE,
            {"role_arn": ARN, "source_profile": "ring"},
            "source_profile",
            "InfiniteLoop",
        ),
        (
            FormKind.ROLE,
            {"source_profile": "keys", "credential_source": "Environment"},
            "source_profile",
            "refuse",
        ),
        (
            FormKind.ROLE,
            {"source_profile": "keys", "credential_source": "Environment"},
            "credential_source",
            "refuse",
        ),
        (FormKind.ROLE, {"credential_source": "environment"}, "credential_source", "written exactly so"),
        (FormKind.ROLE, {"duration_seconds": "1h"}, "duration_seconds", "ignore"),
        (FormKind.ROLE, {"duration_seconds": "899"}, "duration_seconds", "900 to 43200"),
        (FormKind.ROLE, {"duration_seconds": "43201"}, "duration_seconds", "900 to 43200"),
        (FormKind.ROLE, {"duration_seconds": "3601", "source_profile": "role"}, "duration_seconds", "3600"),
        (FormKind.ROLE, {"region": "eu-wst-1"}, "region", "No region"),
        (FormKind.ROLE, {"external_id": '"quoted"'}, "external_id", "quotes"),
        (FormKind.ROLE, {"external_id": "id # of theirs"}, "external_id", "#"),
        (FormKind.SSO, {"sso_session": "nothing"}, "sso_session", "InvalidConfigError"),
        (FormKind.SSO, {"sso_account_id": "11112222333"}, "sso_account_id", "12 digits"),
        (FormKind.SESSION, {"sso_start_url": "corp.awsapps.com"}, "sso_start_url", "https://"),
        (
            FormKind.KEYS,
            {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE"},
            "aws_secret_access_key",
            "half a",
        ),
        (FormKind.KEYS, {"aws_secret_access_key": "x"}, "aws_access_key_id", "half a"),
        (
            FormKind.KEYS,
            {"aws_access_key_id": "ASIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x"},
            "aws_access_key_id",
            "session token only",
        ),
        (
            FormKind.KEYS,
            {
                "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
                "aws_secret_access_key": "x",
                "aws_session_token": "t",
            },
            "aws_access_key_id",
            "no session token",
        ),
    ],
)
def test_what_aws_tools_would_stumble_over_is_said_but_not_forbidden(
    snapshot: Snapshot, kind: FormKind, typed: Mapping[str, str], key: str, words: str
) -> None:
    note = said(snapshot, kind, typed)[key]
    assert words in note.words
    assert (note.tone, note.forbids) == (Tone.WARN, False)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (FormKind.ROLE, {}),
        (FormKind.ROLE, {"role_arn": ARN, "source_profile": "keys", "duration_seconds": "43200"}),
        (FormKind.ROLE, {"role_arn": ARN, "source_profile": "role", "duration_seconds": "3600"}),
        (FormKind.ROLE, {"role_arn": ARN, "credential_source": "EcsContainer"}),
        (FormKind.ROLE, {"role_arn": "arn:aws-cn:iam::111122223333:role/path/Dev", "source_profile": "keys"}),
        (FormKind.SSO, {"sso_session": "corp", "sso_account_id": "012345678901", "sso_role_name": "R"}),
        (FormKind.KEYS, {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x"}),
        (FormKind.PROCESS, {"credential_process": '"/opt/a b" --x "y" # z"'}),
        (FormKind.WEB_IDENTITY, {"role_arn": ARN, "web_identity_token_file": "/t"}),
        (FormKind.SESSION, {"sso_start_url": "https://x.awsapps.com/start", "sso_region": "us-east-1"}),
    ],
)
def test_nothing_is_said_of_what_is_fine(
    snapshot: Snapshot, kind: FormKind, typed: Mapping[str, str]
) -> None:
    assert said(snapshot, kind, typed) == {}


def test_where_no_region_is_known_none_is_doubted(snapshot: Snapshot) -> None:
    filled = FilledForm(form.new(snapshot, FormKind.FREE), {NAME: "new", "region": "eu-wst-1"})
    assert notes(filled, {}) == {}


def test_a_profile_with_keys_of_its_own_may_name_itself(snapshot: Snapshot) -> None:
    opened = form.of_profile(snapshot, "keys").with_field("role_arn").with_field("source_profile")
    assert notes(FilledForm(opened, {"role_arn": ARN, "source_profile": "keys"}), REGIONS) == {}


def test_a_session_that_says_otherwise_is_pointed_out(snapshot: Snapshot) -> None:
    opened = form.new(snapshot, FormKind.SSO).with_field("sso_start_url")
    typed = {NAME: "new", "sso_session": "corp", "sso_start_url": "https://other.awsapps.com/start"}
    assert "InvalidConfigError" in notes(FilledForm(opened, typed), REGIONS)["sso_start_url"].words


@pytest.mark.parametrize(
    ("kind", "typed", "key"),
    [
        (FormKind.ROLE, {NAME: ""}, NAME),
        (FormKind.ROLE, {NAME: "keys"}, NAME),
        (FormKind.ROLE, {NAME: "a]b"}, NAME),
        (FormKind.SESSION, {NAME: "corp"}, NAME),
        (FormKind.FREE, {"s3": "no delimiter here"}, "s3"),
        (FormKind.FREE, {"region": "eu\ud800west"}, "region"),
    ],
)
def test_what_cannot_be_written_has_to_be_mended(
    snapshot: Snapshot, kind: FormKind, typed: Mapping[str, str], key: str
) -> None:
    opened = form.new(snapshot, kind).with_field("s3")
    note = notes(FilledForm(opened, {NAME: "new", **typed}), REGIONS)[key]
    assert (note.tone, note.forbids) == (Tone.BAD, True)


def test_a_profile_and_a_session_may_have_the_same_name(snapshot: Snapshot) -> None:
    assert said(snapshot, FormKind.SESSION, {NAME: "keys"}) == {}
    assert said(snapshot, FormKind.FREE, {NAME: "corp"}) == {}


def test_another_name_says_who_follows(snapshot: Snapshot) -> None:
    note = notes(FilledForm(form.of_profile(snapshot, "keys"), {NAME: "keys2"}), REGIONS)[NAME]
    assert note.words == "The source_profile of role follows."
    assert not note.forbids


def test_what_goes_and_what_is_replaced_is_said(snapshot: Snapshot) -> None:
    opened = form.of_profile(snapshot, "keys")
    gone = notes(FilledForm(opened, {}, frozenset({"aws_secret_access_key"})), REGIONS)
    assert "goes" in gone["aws_secret_access_key"].words
    replaced = notes(FilledForm(opened, {"aws_secret_access_key": "new"}), REGIONS)
    assert "takes the place" in replaced["aws_secret_access_key"].words
