"""Over random homes and environments: a command without a profile that fails is told why, and only then."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings

from rolecall.aws.expiry import State
from rolecall.aws.profile_report import DefaultSession
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity, SubjectKind
from rolecall.doctor.registry import RULES, examine
from rolecall.host import Host
from tests.differential import EXAMPLES
from tests.differential.homes import Home, homes
from tests.homes import NOW

STOPS = {
    "env-half-a-pair",
    "env-token-missing",
    "env-expired",
    "env-profile-missing",
    "env-profile-empty",
    "env-web-identity-broken",
}
"""What is certain to stop a command that names no profile."""
SOUND = tuple(rule for rule in RULES if not rule.code.startswith(("readable", "writable", "foreign")))


def fails(default_session: DefaultSession) -> bool:
    return default_session.resolution.fault is not None or default_session.expiry.state in (
        State.BROKEN,
        State.EXPIRED,
    )


def tells_why(finding: Finding, default_session: DefaultSession) -> bool:
    """Whether a finding is about what stops a command: a variable, a file, or the profile that is chosen."""
    if finding.severity is not Severity.ERROR:
        return False
    is_about_the_shell = finding.subject.kind in (SubjectKind.VARIABLE, SubjectKind.FILE)
    is_its_header = f"names {default_session.profile!r}" in finding.consequence
    return is_about_the_shell or is_its_header or default_session.profile in finding.profiles


def inconsistencies(snapshot: Snapshot) -> Iterator[str]:
    """Yield what is not as it should be, a line each."""
    found = examine(snapshot, rules=SOUND).all
    for tool, default_session in snapshot.default_session.items():
        is_told = any(tells_why(finding, default_session) for finding in found)
        if (
            fails(default_session)
            and default_session.resolution.error != "NoCredentialsError"
            and not is_told
        ):
            failed = default_session.resolution.fault or default_session.expiry
            yield f"{tool} fails with {failed}, and nothing was found"
    stopping = sorted({finding.code for finding in found} & STOPS)
    if stopping and not any(fails(default_session) for default_session in snapshot.default_session.values()):
        yield f"every tool works, and {stopping} was found"
    for finding in found:
        event(finding.code)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.mark.long
@settings(
    max_examples=max(EXAMPLES // 10, 100),
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
@given(home=homes())
def test_a_shell_that_cannot_work_is_told_why_and_one_that_can_is_not(place: Path, home: Home) -> None:
    environ = home.write(place)
    snapshot = Snapshot.take(Host.of(place, environ, clock=lambda: NOW, has_crt=home.has_crt))
    assert list(inconsistencies(snapshot)) == []
