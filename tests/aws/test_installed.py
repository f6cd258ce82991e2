"""Whether CLI v2 is certain not to be here: by PATH, the package beside `aws`, and what v2 leaves behind."""

from pathlib import Path

import pytest

from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.registry import examine
from tests.doctor.rows_logins import LOGIN, login
from tests.homes import make_home

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLA\naws_secret_access_key = CANARY\nregion = eu-west-1\n"
LEGACY = f"[profile dev]\n{KEYS}retry_mode = legacy\n"
SESSION = {"cli/session.db": "SQLite"}


def path_with(place: Path, package: str | None, libraries: str = "site-packages") -> dict[str, str]:
    """Make a directory of programs with an `aws` of this package; with none for an empty name."""
    programs = place / "env" / "bin"
    programs.mkdir(parents=True)
    if package is not None:
        (programs / "aws").write_text("#!/bin/sh\n")
        (programs / "aws").chmod(0o755)
        (place / "env" / "lib" / "python3.11" / libraries / package).mkdir(parents=True)
    return {"PATH": str(programs)}


def look(place: Path, environ: dict[str, str], **parts: object) -> Snapshot:
    return Snapshot.take(make_home(place / "home", environ=environ, **parts))  # type: ignore[arg-type]


def found(snapshot: Snapshot, code: str) -> Finding:
    (finding,) = [each for each in examine(snapshot).all if each.code == code]
    return finding


@pytest.mark.parametrize(
    ("package", "libraries", "severity"),
    [
        (None, "", Severity.WARNING),  # boto3 alone
        ("awscli-1.46.2.dist-info", "site-packages", Severity.WARNING),
        ("awscli-1.22.34.egg-info", "dist-packages", Severity.WARNING),
        ("awscli-2.36.7.dist-info", "site-packages", Severity.ERROR),
        ("other-1.0.dist-info", "site-packages", Severity.ERROR),  # v2's own build, or a wrapper
    ],
)
def test_what_v2_alone_refuses_is_an_error_unless_v2_is_certain_not_to_be_here(
    tmp_path: Path, package: str | None, libraries: str, severity: Severity
) -> None:
    environ = path_with(tmp_path, package, libraries)
    # in a file, in a variable, and where a variable alone chooses the profile
    in_file = look(tmp_path / "a", environ, config=LEGACY)
    in_variable = look(
        tmp_path / "b",
        environ | {"AWS_RETRY_MODE": "legacy", "AWS_PROFILE": "dev"},
        config=f"[profile dev]\n{KEYS}",
    )
    assert found(in_file, "bad-value").severity is severity
    assert found(in_variable, "env-bad-setting").severity is severity
    # what v2 does is foretold in any case
    assert in_file.profiles["dev"].resolutions[Tool.CLI_V2].on_use is not None


def test_what_v2_leaves_in_its_cache_shows_that_it_is_used(tmp_path: Path) -> None:
    environ = path_with(tmp_path, "awscli-1.46.2.dist-info")
    assert found(look(tmp_path, environ, config=LEGACY, caches=SESSION), "bad-value").severity == "error"


@pytest.mark.parametrize(
    ("package", "severity", "state"),
    [
        (None, Severity.ERROR, "broken"),
        ("awscli-1.46.2.dist-info", Severity.ERROR, "broken"),
        ("awscli-2.36.7.dist-info", Severity.WARNING, "valid"),
        ("other-1.0.dist-info", Severity.WARNING, "valid"),
    ],
)
def test_a_login_that_boto3_cannot_use_is_an_error_only_where_v2_is_not_here(
    tmp_path: Path, package: str | None, severity: Severity, state: str
) -> None:
    snapshot = look(tmp_path, path_with(tmp_path, package), config=LOGIN, caches=login())
    assert found(snapshot, "login-needs-crt").severity is severity
    assert snapshot.profiles["console"].expiry.state == state


def test_nothing_is_certain_of_a_home_without_a_path(tmp_path: Path) -> None:
    assert found(look(tmp_path, {}, config=LEGACY), "bad-value").severity is Severity.ERROR
    snapshot = look(tmp_path, {}, config=LOGIN, caches=login())
    assert found(snapshot, "login-needs-crt").severity is Severity.WARNING
