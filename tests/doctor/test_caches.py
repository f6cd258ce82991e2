"""Cache files: whose they are, what is damaged, and what is shared by mistake, by the real tools' measure."""

import os
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from botocore.utils import JSONFileCache

from rolecall.actions.writing import atomic
from rolecall.aws import paths
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.registry import CHAPTERS, examine
from rolecall.host import Host
from tests.doctor.rows_caches import LIVE, OTHER, ROWS, TWIN
from tests.doctor.rows_expiry import ADMIN, ADMIN_FILE, KEYS, SSO, TOKEN_FILE
from tests.homes import NOW, Content, make_home


def found(host: Host) -> dict[str, Finding]:
    """Return what these rules find, by code."""
    findings = examine(Snapshot.take(host), rules=CHAPTERS["Caches"]).all
    return {finding.code: finding for finding in findings}


@pytest.mark.parametrize("content", ["{", "[]", {}, {"Credentials": {"Expiration": "2030-01-01T13:00:00Z"}}])
def test_of_a_damaged_file_that_stops_a_profile_another_rule_tells(
    content: str | Mapping[str, object], tmp_path: Path
) -> None:
    # GIVEN
    host = make_home(tmp_path, config=ADMIN, credentials=KEYS, caches={ADMIN_FILE: content})
    # THEN
    assert found(host) == {}
    everything = examine(Snapshot.take(host)).all
    about = [each.code for each in everything if each.subject.name == ADMIN_FILE.removeprefix("cli/")]
    assert about == ["damaged-cache"]


def test_a_damaged_token_is_told_of_once(tmp_path: Path) -> None:
    # GIVEN a token that profiles need
    host = make_home(tmp_path / "used", config=SSO, caches={TOKEN_FILE: "{"})
    assert found(host) == {}
    # and one whose session no profile uses
    session = SSO.partition("[profile")[0]
    host = make_home(tmp_path / "unused", config=session, caches={TOKEN_FILE: "{"})
    assert found(host)["damaged-leftover"].message.endswith("is cut off: half-written; nothing here reads it")


def test_parts_that_are_missing_from_what_is_due_anyway_do_no_harm(tmp_path: Path) -> None:
    # GIVEN an entry that is due to be fetched anew: nothing but its end is looked at
    entry = {"Credentials": {"Expiration": "2030-01-01T12:05:00Z"}}
    host = make_home(tmp_path, config=ADMIN, credentials=KEYS, caches={ADMIN_FILE: entry})
    # THEN
    assert found(host)["damaged-leftover"].profiles == ("admin",)


def test_orphans_are_told_of_one_by_one_and_only_where_all_files_can_be_read(tmp_path: Path) -> None:
    entries = {f"cli/{index:040x}.json": LIVE for index in range(3)}
    host = make_home(tmp_path / "read", config=ADMIN, caches=entries)
    orphans = [each for each in examine(Snapshot.take(host)).all if each.code == "orphan"]
    assert {each.subject.name for each in orphans} == {name.removeprefix("cli/") for name in entries}
    # WHEN a file does not parse, nobody can tell whose they are
    host = make_home(tmp_path / "unread", config="nonsense", caches=entries)
    assert found(host) == {}


def test_other_programs_files_and_the_telemetry_of_the_cli_are_nobodys_business(tmp_path: Path) -> None:
    entries: dict[str, Content] = {
        "cli/session.db": b"SQLite",
        "sso/notes.txt": "x",
        "boto/77aa.json": LIVE,
        "cli/a.tmp": "x",
    }
    assert found(make_home(tmp_path, config=ADMIN, caches=entries)) == {}


def test_tokens_of_other_programs_in_the_sso_cache_are_no_orphans(tmp_path: Path) -> None:
    # GIVEN what an editor keeps there
    entries: dict[str, Content] = {
        "sso/kiro-auth-token.json": {"accessToken": "CANARY", "expiresAt": "2030-01-01T13:00:00Z"},
        "sso/broken.json": "{",
    }
    assert found(make_home(tmp_path, config=ADMIN, caches=entries)) == {}


def test_profiles_collide_before_the_file_is_there(tmp_path: Path) -> None:
    host = make_home(tmp_path, config=ADMIN + TWIN, credentials=KEYS + OTHER)
    assert found(host)["collision"].fix.changes == {"role_session_name": "twin"}


@pytest.mark.parametrize(
    "difference",
    [
        "external_id = 12",
        "role_session_name = me",
        "mfa_serial = arn:aws:iam::1:mfa/me",
        "duration_seconds = 7200",
    ],
)
def test_profiles_do_not_collide_where_anything_in_the_name_differs(difference: str, tmp_path: Path) -> None:
    host = make_home(tmp_path, config=f"{ADMIN}{TWIN}{difference}\n", credentials=KEYS + OTHER)
    assert found(host) == {}


def test_a_profile_that_cannot_work_collides_with_nobody(tmp_path: Path) -> None:
    assert found(make_home(tmp_path, config=ADMIN + TWIN, credentials=KEYS)) == {}


@pytest.mark.parametrize(
    ("name", "present", "wanted"),
    [
        ("twin", "", "twin"),
        ("my twin!", "", "my-twin-"),
        ("t", "", "t-own"),
        ("zwölf", "", "zw-lf"),
        ("twin", "role_session_name = twin\n", "twin-own"),
        ("x" * 80, "", "x" * 60),
    ],
)
def test_the_session_name_that_is_given_is_one_that_aws_takes(
    name: str, present: str, wanted: str, tmp_path: Path
) -> None:
    twin = TWIN.replace("[profile twin]", f'[profile "{name}"]')
    config = f"{ADMIN}{present}{twin}{present}"
    host = make_home(tmp_path, config=config, credentials=KEYS + OTHER)
    assert found(host)["collision"].fix.changes == {"role_session_name": wanted}


def test_what_is_being_written_is_not_left_behind(tmp_path: Path) -> None:
    # GIVEN botocore's own draft, as it is when the program is killed
    host = make_home(tmp_path, config=ADMIN)
    cache = JSONFileCache(str(tmp_path / ".aws/cli/cache"))
    with mock.patch("os.replace", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        cache["77aa"] = dict(LIVE)
    (draft,) = (tmp_path / ".aws/cli/cache").iterdir()
    # THEN
    for age, is_told in ((5, False), (90, True)):
        written = (NOW - timedelta(seconds=age)).timestamp()
        os.utime(draft, (written, written))
        assert ("interrupted-write" in found(host)) == is_told


def test_rolecalls_own_leftovers_are_known_by_the_name_that_it_gives() -> None:
    assert paths.OF_ROLECALL.fullmatch(atomic.spare_name(Path("/home/me/.aws/config")).name)


def test_botocores_leftovers_are_known_by_the_name_that_python_gives(tmp_path: Path) -> None:
    descriptor, name = tempfile.mkstemp(dir=tmp_path, suffix=".tmp")
    os.close(descriptor)
    assert paths.OF_AWS_TOOLS.fullmatch(Path(name).name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_nothing_secret_is_in_what_is_told(row: object, tmp_path: Path) -> None:
    host = make_home(tmp_path, **row.here)  # type: ignore[attr-defined]  # as make_home has them
    for finding in examine(Snapshot.take(host), rules=CHAPTERS["Caches"]).all:
        said = (finding.message, *finding.evidence, finding.consequence, finding.fix.words, finding.fix.run())
        assert not [text for text in said if text and "CANARY" in text]


@pytest.mark.parametrize("is_renewable", [True, False])
def test_a_login_that_nobody_uses_is_deleted_by_a_line_only_if_it_is_over(
    tmp_path: Path, *, is_renewable: bool
) -> None:
    end = "2031-01-01T00:00:00Z" if is_renewable else "2029-01-01T00:00:00Z"
    token = {
        "accessToken": "CANARY",
        "expiresAt": "2029-01-01T00:00:00Z",
        "refreshToken": "CANARY",
        "clientId": "x",
        "clientSecret": "CANARY",
        "registrationExpiresAt": end,
    }
    finding = found(make_home(tmp_path, config=ADMIN, credentials=KEYS, caches={TOKEN_FILE: token}))["orphan"]
    assert (finding.fix.run() is None) is is_renewable
