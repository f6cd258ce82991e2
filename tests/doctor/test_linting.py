"""Findings of files alone: as on any machine, and none where the other file may have what is missing."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from rolecall.aws import paths
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.linting import RULES_OF_FILES, lint, project_files
from rolecall.doctor.registry import CHAPTERS
from rolecall.host import Host
from tests.doctor.healthy_homes import HealthyHome, healthy_homes
from tests.doctor.test_table import ROWS, find
from tests.homes import make_home

CODES = frozenset(rule.code for rule in RULES_OF_FILES)
OF_ROLE = "role_arn = arn:aws:iam::210987654321:role/Admin\n"
FILES = {
    "a source that everybody has": f"[profile dev]\n{OF_ROLE}source_profile = mine\n",
    "a source with a region only": (
        f"[profile mine]\nregion = eu-west-1\n[profile dev]\n{OF_ROLE}source_profile = mine\n"
    ),
    "a source of a source": (
        f"[profile a]\n{OF_ROLE}source_profile = b\n[profile b]\n{OF_ROLE}source_profile = mine\n"
    ),
    "regions for keys": "[default]\nregion = eu-west-1\n[profile dev]\nregion = eu-central-1\n",
    "a process of another profile": (
        "[profile dev]\ncredential_process = aws configure export-credentials --profile mine\n"
    ),
    "a program that is not here": "[profile dev]\ncredential_process = /opt/nobody/has --this\n",
    "a role of a machine": f"[profile dev]\n{OF_ROLE}credential_source = Ec2InstanceMetadata\n",
    "a role of a container": f"[profile dev]\n{OF_ROLE}credential_source = EcsContainer\n",
    "a role of a pipeline": f"[profile dev]\n{OF_ROLE}credential_source = Environment\n",
    "a role of a pod": f"[profile dev]\n{OF_ROLE}web_identity_token_file = /var/run/secrets/token\n",
    "a bundle of a company": "[profile dev]\nca_bundle = /etc/ssl/certs/nobody.pem\n",
    "a login": "[profile dev]\nlogin_session = arn:aws:iam::210987654321:user/me\n",
    "an old SSO": (
        "[profile dev]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
        "sso_account_id = 210987654321\nsso_role_name = Admin\n"
    ),
}
"""What is well in a repository, with nobody's credentials file beside it."""


def files_of(host: Host) -> tuple[Path | None, Path | None]:
    where = paths.find(host)
    config, credentials = (
        each if each is not None and each.exists() else None for each in (where.config, where.credentials)
    )
    return config, credentials


def alarms(config: Path | None, credentials: Path | None) -> list[str]:
    found = lint(Host.of_files(config, credentials))[1].all
    return [f"{each.code}: {each.message}" for each in found if each.severity is not Severity.INFO]


def written(place: Path, config: str) -> tuple[Finding, ...]:
    path = place / "config"
    path.write_text(config)
    return lint(Host.of_files(path, None))[1].all


@pytest.mark.parametrize("home", healthy_homes(), ids=lambda home: home.name)
def test_nothing_is_wrong_with_the_files_of_a_healthy_team(tmp_path: Path, home: HealthyHome) -> None:
    config, credentials = files_of(home.make(tmp_path / "home"))
    for pair in {(config, credentials), (config, None), (None, credentials)} - {(None, None)}:
        assert alarms(*pair) == []


@pytest.mark.parametrize("config", FILES.values(), ids=FILES)
def test_what_the_machine_or_the_other_file_has_is_not_missed(tmp_path: Path, config: str) -> None:
    path = tmp_path / "config"
    path.write_text(config)
    assert alarms(path, None) == []


def _of_files() -> Iterator[object]:
    """Yield the rows whose findings depend on nothing but the files, with both of them written out."""
    for row in ROWS:
        if row.code in CODES and {"config", "credentials"} <= row.here.keys():
            yield pytest.param(row.here, row, id=row.name)


@pytest.mark.parametrize(("here", "row"), _of_files())
def test_a_rule_of_the_files_finds_the_same_in_them_alone(
    tmp_path: Path, here: Mapping[str, object], row: object
) -> None:
    host = make_home(tmp_path, **here)  # type: ignore[arg-type]  # as that function has them
    row.prepare(tmp_path)  # type: ignore[attr-defined]
    assert find(lint(Host.of_files(*files_of(host)))[1].all, row)  # type: ignore[arg-type]


def test_what_this_machine_has_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a file with something to say about
    text = (
        f"[profile dev]\n{OF_ROLE}source_profile = base\nregoin = eu-west-1\n[profile base]\nregion = x y\n"
    )
    before = [(each.code, each.severity, each.message) for each in written(tmp_path, text)]
    assert before
    # WHEN the environment, the home and the directory are others
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text("[base]\naws_access_key_id = x\n")
    for name in ("HOME", "AWS_PROFILE", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_CONFIG_FILE", "TZ", "PATH"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(os.sep)
    # THEN
    assert [(each.code, each.severity, each.message) for each in written(tmp_path, text)] == before


def test_a_source_that_is_nearly_a_profile_is_a_warning(tmp_path: Path) -> None:
    config = f"[profile deploy]\n{OF_ROLE}source_profile = basse\n[profile basse2]\nregion = x\n"
    config += "[profile base]\naws_access_key_id = AKIAQ3EGVM6SZUUJ7K4N\naws_secret_access_key = " + "k" * 40
    found = {each.code: each for each in written(tmp_path, config)}["missing-source"]
    assert found.severity is Severity.WARNING
    assert "unless everybody has that profile themselves" in found.consequence
    # AND the project may have it otherwise
    host = Host.of_files(tmp_path / "config", None)
    again = {each.code: each for each in lint(host, (), {"missing-source": "error"})[1].all}
    assert again["missing-source"].severity is Severity.ERROR


def test_with_the_credentials_file_what_is_missing_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(FILES["a source that everybody has"])
    (tmp_path / "credentials").write_text("[other]\naws_access_key_id = x\naws_secret_access_key = y\n")
    found = lint(Host.of_files(path, tmp_path / "credentials"))[1].all
    assert ("missing-source", Severity.ERROR) in [(each.code, each.severity) for each in found]


def test_the_line_of_a_fix_works_on_the_file_that_was_looked_at(tmp_path: Path) -> None:
    config = tmp_path / "a file"
    config.write_text("[profile dev]\nregoin = eu-west-1\n")
    snapshot, findings = lint(Host.of_files(config, None))
    line = next(each for each in findings.all if each.code == "misspelt-key").fix.line_for(snapshot.host)
    assert line is not None
    first = f"env 'AWS_CONFIG_FILE={config}' AWS_SHARED_CREDENTIALS_FILE={os.devnull} rolecall set"
    assert line.startswith(first)


def test_a_chapter_about_the_machine_has_no_rule_about_files_but_for_keys() -> None:
    there = {rule.code for name in ("Environment", "Caches", "Permissions") for rule in CHAPTERS[name]}
    assert there & CODES == {"odd-keys"}


def test_a_project_is_looked_for_beside_the_file_and_above_it_in_the_working_directory(
    tmp_path: Path,
) -> None:
    file = tmp_path / "repository" / "team" / "config"
    here = [path.parent for path in project_files(file, tmp_path / "repository")]
    assert here == [tmp_path / "repository" / "team", tmp_path / "repository"]
    assert [path.parent for path in project_files(file, tmp_path / "elsewhere")] == [file.parent]
