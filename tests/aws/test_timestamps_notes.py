"""The ends that other tools note: each in the form, and in the time, in which its tool writes it."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rolecall.aws import timestamps
from rolecall.aws.expiry import After, State
from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import VariableStatus
from rolecall.host import Host
from tests.homes import NOW, make_home

NEW_YORK, TOKYO, KATHMANDU = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Kathmandu")
END = NOW + timedelta(minutes=50)
KEYS = (
    "aws_access_key_id = ASIATEMPORARYEXAMPLE\naws_secret_access_key = CANARY\naws_session_token = CANARY\n"
)
AWSUME = (
    "autoawsume = true\n",
    "manager = awsume\n",
    "awsumepy_command = prod -a\n",
    "source_expiration = 2030-01-01 20:00:00\n",
)
each_zone = pytest.mark.parametrize("zone", [UTC, NEW_YORK, TOKYO, KATHMANDU], ids=str)


def end_of(place: Path, section: str, zone: tzinfo = UTC, name: str = "x") -> datetime | None:
    host = replace(make_home(place / "home", credentials=f"[{name}]\n{KEYS}{section}"), zone=zone)
    return Snapshot.take(host).profiles[name].expiry.at


def here(moment: datetime, zone: tzinfo) -> str:
    """Write a moment as awsume does in a file."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


# By whom a time without a zone was written.


@each_zone
@pytest.mark.parametrize("mark", AWSUME, ids=lambda line: line.split(" ")[0])
def test_awsume_notes_local_time(tmp_path: Path, zone: tzinfo, mark: str) -> None:
    assert end_of(tmp_path, f"expiration = {here(END, zone)}\n{mark}", zone) == END


@each_zone
def test_the_name_that_awsume_gives_tells_as_well(tmp_path: Path, zone: tzinfo) -> None:
    assert end_of(tmp_path, f"expiration = {here(END, zone)}\n", zone, "autoawsume-prod") == END


@each_zone
@pytest.mark.parametrize("mark", ["", "assumed_role = True\n", "assumed_role_arn = arn:aws:iam::1:role/x\n"])
def test_aws_mfa_notes_utc(tmp_path: Path, zone: tzinfo, mark: str) -> None:
    assert end_of(tmp_path, f"expiration = {here(END, UTC)}\n{mark}", zone) == END


@each_zone
@pytest.mark.parametrize(
    "line",
    [
        "x_security_token_expires = 2030-01-01T13:50:00+01:00",  # saml2aws
        "aws_session_expiration = 2030-01-01T12:50:00.000Z",  # gsts
        "aws_session_expiration = 2030-01-01T12:50:00+0000",  # yawsso
        "aws_credential_expiration = 2030-01-01 12:50:00+00:00",  # gimme-aws-creds
        "aws_expiration = 2030-01-01T12:50:00Z",  # clisso
        "aws_expiration = 2030-01-01T12:50:00.123Z",  # aws-azure-login
        "expiration = 2030-01-01T12:50:00Z",  # leapp
        "expires = 2030-01-01 04:50:00 -0800 PST",  # Go prints it so
        "token_expiration = 2030-01-01 12:50:00.5 +0000 UTC m=+3600.1",
        "expires_at = 1893502200",
        "aws_token_expiry = 1893502200000",
    ],
)
def test_a_zone_that_is_written_counts_whoever_wrote_it(tmp_path: Path, zone: tzinfo, line: str) -> None:
    for mark in ("", AWSUME[0]):
        found = end_of(tmp_path, f"{line}\n{mark}", zone)
        assert found is not None
        assert found.replace(microsecond=0) == END


@pytest.mark.parametrize("zone", [NEW_YORK, ZoneInfo("Europe/Berlin")], ids=str)
def test_of_an_hour_that_comes_twice_it_is_the_later(tmp_path: Path, zone: tzinfo) -> None:
    # GIVEN half past the hour that the clock goes through twice in autumn
    day = datetime(2029, 11, 4, 1, 30) if zone is NEW_YORK else datetime(2029, 10, 28, 2, 30)  # noqa: DTZ001
    late = day.replace(tzinfo=zone, fold=1).astimezone(UTC)
    assert late > day.replace(tzinfo=zone, fold=0).astimezone(UTC)
    # THEN live keys are never said to have ended
    assert end_of(tmp_path, f"expiration = {day:%Y-%m-%d %H:%M:%S}\n{AWSUME[0]}", zone) == late


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has no TZ")
@pytest.mark.parametrize(("zone", "hours"), [("Asia/Tokyo", 9), ("EST5EDT", -5), ("UTC", 0)])
def test_the_machine_s_own_zone_is_that_of_tz(monkeypatch: pytest.MonkeyPatch, zone: str, hours: int) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert Host.real().local(datetime(2030, 1, 1, 12)) == NOW - timedelta(hours=hours)  # noqa: DTZ001
    finally:
        monkeypatch.undo()
        time.tzset()


# The same in variables.

ASIA = {
    "AWS_ACCESS_KEY_ID": "ASIAENVEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "CANARY",
    "AWS_SESSION_TOKEN": "CANARY",
}


@each_zone
@pytest.mark.parametrize(
    ("name", "is_local"),
    [("AWSUME_EXPIRATION", True), ("AWS_SESSION_EXPIRATION", False), ("AWS_SSO_SESSION_EXPIRATION", False)],
)
def test_of_the_variables_awsume_s_is_local(
    tmp_path: Path, zone: tzinfo, name: str, *, is_local: bool
) -> None:
    text = f"{END.astimezone(zone if is_local else UTC):%Y-%m-%dT%H:%M:%S}"
    host = replace(make_home(tmp_path, environ=ASIA | {name: text}), zone=zone)
    snapshot = Snapshot.take(host)
    found = snapshot.default_session[Tool.BOTO3].expiry
    assert (found.state, found.at, found.source) == (State.VALID, END, name)
    assert next(each for each in snapshot.variables if each.name == name).verdict is VariableStatus.USED


# What is no date.

NO_DATES = [
    "0001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "0000000000",
    "0",
    "0000-00-00",
    "never",
    "N/A",
    "3600",
]


@pytest.mark.parametrize("text", [*NO_DATES, "2030-01-01 13:00:00 XYZ"])
def test_what_is_no_date_is_no_end(tmp_path: Path, text: str) -> None:
    host = make_home(tmp_path, credentials=f"[x]\n{KEYS}expiration = {text}\n")
    found = Snapshot.take(host).profiles["x"].expiry
    assert (found.state, found.after, found.at) == (State.UNKNOWN, After.MANUAL, None)
    assert timestamps.noted_moment(host, text) is None


def test_the_first_note_that_is_a_date_counts(tmp_path: Path) -> None:
    section = (
        "x_security_token_expires = 0001-01-01T00:00:00Z\naws_session_expiration = 2030-01-01T12:50:00Z\n"
    )
    assert end_of(tmp_path, section) == END


@pytest.mark.parametrize("text", NO_DATES[:2])
def test_no_date_in_the_variable_that_botocore_minds_stops_the_shell(tmp_path: Path, text: str) -> None:
    snapshot = Snapshot.take(make_home(tmp_path, environ=ASIA | {"AWS_CREDENTIAL_EXPIRATION": text}))
    found = snapshot.default_session[Tool.BOTO3].expiry
    assert (found.state, found.reason) == (
        State.BROKEN,
        "the expiry in AWS_CREDENTIAL_EXPIRATION is not a date",
    )
