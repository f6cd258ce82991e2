"""What the rules about logins say in each of their cases."""

from pathlib import Path

import pytest

from rolecall.aws import cache_files
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.registry import examine
from tests.doctor.rows_logins import CONFIG, LEGACY, LOGIN, PORTAL, ROLE, WITH_TOKEN, login, role, token
from tests.homes import make_home

CODES = ("sso-token-", "sso-registration-", "login-")
REGISTERED = {"refreshToken": "CANARY", "clientId": "CANARY", "clientSecret": "CANARY"}


def look(place: Path, **home: object) -> list[Finding]:
    host = make_home(place, **home)  # type: ignore[arg-type]  # as make_home has them
    return list(examine(Snapshot.take(host)).all)


def codes(place: Path, **home: object) -> list[str]:
    return [each.code for each in look(place, **home) if each.code.startswith(CODES)]


@pytest.mark.parametrize(
    ("end", "until", "expected"),
    [
        ("2030-01-01T20:00:00Z", "2030-02-01T00:00:00Z", []),
        ("2030-01-01T12:05:00Z", "2030-02-01T00:00:00Z", []),
        ("2030-01-01T11:00:00Z", "2030-02-01T00:00:00Z", []),
        ("2030-01-01T20:00:00Z", None, []),
        ("2030-01-01T12:05:00Z", None, ["sso-token-ending"]),
        ("2030-01-01T12:05:00Z", "2030-01-01T12:04:00Z", ["sso-token-ending"]),
        ("2030-01-01T20:00:00Z", "2030-01-01T11:00:00Z", ["sso-registration-expired"]),
        ("2030-01-01T12:00:00Z", None, ["sso-token-expired"]),
        ("2030-01-01T11:00:00Z", "2030-01-01T12:00:00Z", ["sso-token-expired"]),
    ],
)
def test_a_token_is_told_of_once_and_only_where_it_does_not_renew_itself(
    tmp_path: Path, end: str, until: str | None, expected: list[str]
) -> None:
    more = REGISTERED | {"registrationExpiresAt": until} if until is not None else {}
    assert codes(tmp_path, config=CONFIG, caches=token("corp", end, **more)) == expected


def test_a_token_without_a_session_is_never_refreshed(tmp_path: Path) -> None:
    more = REGISTERED | {"registrationExpiresAt": "2030-02-01T00:00:00Z"}
    found = codes(tmp_path, config=LEGACY, caches=token(PORTAL, "2030-01-01T12:05:00Z", **more))
    assert found == ["sso-token-ending"]


def test_a_session_that_nobody_uses_is_not_told_of(tmp_path: Path) -> None:
    session = CONFIG.partition("[profile")[0]
    assert codes(tmp_path, config=session, caches=token("corp", "2030-01-01T12:05:00Z")) == []


def test_a_login_is_asked_for_where_the_session_is(tmp_path: Path) -> None:
    found = [each for each in look(tmp_path, config=CONFIG) if each.code == "sso-token-missing"]
    assert [each.fix.run() for each in found] == ["rolecall login corp"]


def test_a_role_that_the_cli_has_cached_is_said_to_fail_in_boto3_only(tmp_path: Path) -> None:
    # GIVEN a role over a login that nobody has made, fetched while there was one
    stem = cache_files.role({"role_arn": "arn:aws:iam::123456789012:role/read"})
    found = look(tmp_path, config=CONFIG, caches={f"cli/{stem}.json": role()})
    # THEN
    (finding,) = [each for each in found if each.code == "sso-token-missing"]
    assert finding.profiles == ("dev", "top")
    assert "except for top: the AWS CLI has the role cached" in finding.consequence


def test_no_secret_of_a_cache_file_is_told(tmp_path: Path) -> None:
    # GIVEN files with secrets in them, each damaged in its own way
    sso = token("corp", "soon", refreshToken="CANARY-refresh")
    findings = look(
        tmp_path,
        config=CONFIG + LOGIN.replace("top", "higher"),
        credentials=f"[keys]\n{WITH_TOKEN}expiration = 2030-01-01 11:00:00\n",
        caches={**sso, **login(dpopKey=None)},
        has_crt=True,
    )
    # THEN
    assert {"sso-token-damaged", "login-damaged", "expired-keys"} <= {each.code for each in findings}
    assert "CANARY" not in "\n".join(
        "\n".join((each.message, each.consequence, *each.evidence, str(each.fix))) for each in findings
    )


def test_keys_that_have_ended_are_told_by_the_end_that_is_written_beside_them(tmp_path: Path) -> None:
    keys = f"{WITH_TOKEN}x_security_token_expires = 2030-01-01T10:00:00Z\n"
    found = look(
        tmp_path, credentials=f"[keys]\n{keys}", config=f"[profile top]\n{ROLE}source_profile = keys\n"
    )
    (finding,) = [each for each in found if each.code == "expired-keys"]
    assert "expired 2h ago" in finding.message
    assert finding.profiles == ("top", "keys")
