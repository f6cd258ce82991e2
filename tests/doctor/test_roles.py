"""What the rules about settings say in each of their cases, and that AWS tools do as they say."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore.exceptions import InvalidConfigError

from rolecall.aws import credential_process
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import root_cause
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import examine
from rolecall.doctor.root_cause import RootCause
from rolecall.doctor.rules import roles
from tests.doctor.rows_roles import BASE, KEYS, ROLE, SESSION, SSO
from tests.homes import make_home


def found(place: Path, code: str, config: str, **more: object) -> list[Finding]:
    host = make_home(place, config=config, **more)  # type: ignore[arg-type]  # as make_home has them
    return [each for each in examine(Snapshot.take(host)).all if each.code == code]


def the(place: Path, code: str, config: str, **more: object) -> Finding:
    (finding,) = found(place, code, config, **more)
    return finding


def test_the_other_case_of_a_source_is_what_was_meant(tmp_path: Path) -> None:
    config = f"[profile a]\n{ROLE}source_profile = Base\n[profile basement]\n{KEYS}{BASE}"
    assert the(tmp_path, "missing-source", config).fix.changes == {"source_profile": "base"}


def test_quotes_belong_to_headers_only(tmp_path: Path) -> None:
    config = f'[profile a]\n{ROLE}source_profile = "my base"\n[profile "my base"]\n{KEYS}'
    assert the(tmp_path, "missing-source", config).fix.changes == {"source_profile": "my base"}


def test_a_source_like_nothing_is_left_to_the_user(tmp_path: Path) -> None:
    fix = the(tmp_path, "missing-source", f"[profile a]\n{ROLE}source_profile = xyz\n{BASE}").fix
    assert (fix.doing, dict(fix.changes)) == (FixAction.EDIT, {})


def test_of_two_sources_the_one_that_is_there_stays(tmp_path: Path) -> None:
    config = f"[profile a]\n{ROLE}source_profile = gone\ncredential_source = Environment\n"
    assert the(tmp_path, "source-and-credential-source", config).fix.changes == {"source_profile": None}


def test_many_profiles_that_name_a_missing_session_are_one_finding(tmp_path: Path) -> None:
    config = "".join(f"[profile p{n}]\nsso_session = corp\n{SSO}" for n in range(20))
    finding = the(tmp_path, "unknown-sso-session", config)
    assert finding.message.startswith("p0, p1 and 18 more name sso_session 'corp'")
    assert len(finding.profiles) == 20


def test_all_settings_at_odds_with_the_session_go(tmp_path: Path) -> None:
    more = "sso_region = us-east-1\nsso_start_url = https://other\n"
    config = f"{SESSION}[profile dev]\nsso_session = corp\n{more}{SSO}"
    finding = the(tmp_path, "sso-conflict", config)
    assert finding.fix.changes == {"sso_start_url": None, "sso_region": None}


def test_no_secret_is_in_what_is_said_of_a_pair(tmp_path: Path) -> None:
    config = "[profile a]\naws_secret_access_key = CANARY-secret\n"
    finding = the(tmp_path, "half-a-pair", config)
    assert "CANARY" not in "\n".join((finding.message, *finding.evidence, finding.fix.words))


@pytest.mark.parametrize("shape", ["source_profile = base", "credential_source = Environment"])
def test_a_source_without_a_role_gives_no_credentials(tmp_path: Path, shape: str) -> None:
    finding = the(tmp_path, "no-credentials", f"[profile a]\n{shape}\n{BASE}")
    assert "but no role_arn" in finding.message


REGION_ONLY = "[default]\nregion = eu-west-1\n"


@pytest.mark.parametrize(
    ("more", "environ", "severity"),
    [
        ("", {}, Severity.INFO),
        ("", {"AWS_ACCESS_KEY_ID": "AKIAQ3EGRIDENVIRONM2", "AWS_SECRET_ACCESS_KEY": "CANARY"}, Severity.INFO),
        ("", {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x", "AWS_PROFILE": "default"}, None),
        ("", {"AWS_PROFILE": "default"}, Severity.ERROR),
        ("", {"AWS_DEFAULT_PROFILE": "default"}, Severity.ERROR),
        (f"[profile x]\n{ROLE}source_profile = default\n", {}, Severity.ERROR),
        (f"[profile x]\n{ROLE}source_profile = default\n", {"AWS_VAULT": "x"}, Severity.INFO),
        (f"[profile x]\n{ROLE}source_profile = default\ninclude_profile = y\n", {}, Severity.INFO),
    ],
)
def test_defaults_without_credentials_matter_only_where_they_are_used(
    tmp_path: Path, more: str, environ: dict[str, str], severity: Severity | None
) -> None:
    seen = found(tmp_path, "no-credentials", REGION_ONLY + more, environ=environ)
    assert [each.severity for each in seen] == ([severity] if severity else [])


def test_what_looks_as_if_it_gave_credentials_and_does_not_is_an_error(tmp_path: Path) -> None:
    finding = the(tmp_path, "no-credentials", "[profile dev]\nsource_profile = x\n")
    assert finding.severity is Severity.ERROR


def test_a_profile_with_its_own_keys_as_its_source_ignores_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, "source-ignores-role", f"[profile a]\n{ROLE}source_profile = a\n{KEYS}") == []


@pytest.mark.parametrize(
    "environ",
    [{"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}],
    ids=["an endpoint", "none to be looked for"],
)
def test_services_are_not_looked_for_where_a_variable_forbids_it(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    config = f"[profile a]\nservices = gone\n{KEYS}"
    assert found(tmp_path / "a", "unknown-services", config, environ=environ) == []
    assert len(found(tmp_path / "b", "unknown-services", config)) == 1


@pytest.mark.parametrize(
    ("lines", "fails"),
    [
        ("services = gone\n", True),
        ("services = local\n", True),
        ("services = full\n", False),
        ("services = gone\nignore_configured_endpoint_urls = true\n", False),
    ],
    ids=["missing", "empty", "there", "ignored"],
)
def test_botocore_makes_no_client_over_services_that_are_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, *, fails: bool
) -> None:
    # GIVEN
    sections = "[services local]\n[services full]\ns3 =\n  endpoint_url = http://127.0.0.1:1\n"
    config = f"[profile a]\nregion = eu-west-1\n{lines}{KEYS}{sections}"
    for name in ("AWS_ENDPOINT_URL", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    # WHEN
    finding = found(tmp_path, "unknown-services", config)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / ".aws" / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    session = botocore.session.Session(profile="a")
    # THEN
    assert bool(finding) is fails
    if fails:
        with pytest.raises(InvalidConfigError, match="services"):
            session.create_client("sts")
    else:
        session.create_client("sts")


@pytest.mark.parametrize("command", ["", "  ", '"', "a 'b", "a\\"])
def test_botocore_raises_the_same_over_a_command_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    # GIVEN
    host = make_home(tmp_path, config=f"[profile a]\ncredential_process = {command}\n")
    expected = credential_process.fault(host, Snapshot.take(host).profiles["a"].values["credential_process"])
    assert expected is not None
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / ".aws" / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    # WHEN
    with pytest.raises((IndexError, ValueError)) as raised:
        botocore.session.Session(profile="a").get_credentials()
    # THEN
    assert (type(raised.value).__name__, str(raised.value)) == (expected.error, expected.message)


@pytest.mark.parametrize("command", ["helper", 'a "b c" d', "a\\ b", "'helper'"])
def test_a_command_that_can_be_split_is_not_judged(tmp_path: Path, command: str) -> None:
    assert credential_process.fault(make_home(tmp_path), command) is None


def test_what_no_rule_explains_is_told_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN an error that nobody has foreseen
    def unforeseen(_: Snapshot, report: ProfileReport) -> Iterator[RootCause]:
        yield RootCause(Cause.UNKNOWN, report.name, (report.name,), fault=report.effective.fault)

    monkeypatch.setattr(root_cause, "profile_causes", unforeseen)
    # WHEN
    finding = the(tmp_path, "unexplained", f"[profile a]\n{ROLE}")
    # THEN
    assert finding.severity is Severity.ERROR
    assert finding.profiles == ("a",)
    assert "PartialCredentialsError" in finding.message


def test_what_was_meant_is_guessed_for_some_of_thousands_and_all_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []

    def counting(_: str, names: Iterable[str]) -> str | None:
        compared.extend(names)
        return None

    monkeypatch.setattr(roles, "nearest", counting)
    arn = "arn:aws:iam::111122223333:role/x"
    sections = (f"[profile p{n}]\nrole_arn = {arn}\nsource_profile = gone{n}\n" for n in range(200))
    assert len(found(tmp_path, "missing-source", "".join(sections))) == 200
    assert 0 < len(compared) <= 20 * 200
