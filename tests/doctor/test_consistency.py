"""Over random homes: who cannot work has an error finding that names the culprit; who can has none."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings

from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.registry import examine
from rolecall.doctor.root_cause import is_helpless, root_causes
from tests.differential.hard_homes import HARD_HOMES
from tests.differential.homes import Home
from tests.differential.oracle import Oracle
from tests.doctor.aged_homes import FEW, Drawn, aged_homes, caches, cannot_work, look

_BESIDE = {
    "env-bad-setting",
    "env-surplus",
    "login-needs-crt",
    "damaged-cache",
    "bad-process",
    "unknown-services",
}
"""What may stop a profile beside its one culprit: each stops one of the tools, or what comes after."""
_WEIGHED = {"no-credentials", "login-needs-crt"}
"""What is an error only where it is certain that somebody meets it."""


def error_findings(snapshot: Snapshot) -> dict[str, list[Finding]]:
    """Return the error findings by the names in their ``profiles``.

    A profile without credentials that nothing chooses, and a login that only CLI v2 can use, are told too,
    though not as errors.
    """
    found: dict[str, list[Finding]] = {name: [] for name in snapshot.profiles}
    for finding in examine(snapshot).all:
        if finding.severity is Severity.ERROR or finding.code in _WEIGHED:
            for name in finding.profiles:
                found[name].append(finding)
    return found


def said(finding: Finding) -> str:
    return "\n".join((finding.subject.name, finding.message, *finding.evidence))


def suspects(snapshot: Snapshot, report: ProfileReport) -> Iterator[str]:
    """Yield all that could be at fault: the chain's profiles, their caches, what they name, the variables."""
    yield report.name
    for hop in report.chain:
        yield from filter(None, (hop.profile,))
        drawn_on = snapshot.profiles.get(hop.profile or "")
        yield from filter(None, (drawn_on.cache_file if drawn_on is not None else None,))
        yield from (
            str(hop.settings[key])
            for key in ("sso_session", "sso_start_url", "login_session")
            if key in hop.settings
        )
    yield from ("AWS_", "boto")


def inconsistencies(snapshot: Snapshot, oracle: Oracle) -> Iterator[str]:
    """Yield what is not as it should be, a line each."""
    causes = root_causes(snapshot)
    yield from (f"unexplained: {culprit}" for culprit in causes.get(Cause.UNKNOWN, ()))
    for name, found in error_findings(snapshot).items():
        report = snapshot.profiles[name]
        codes = sorted({finding.code for finding in found})
        if is_helpless(report) and not cannot_work(report):
            yield f"{name} is taken for helpless: {report.expiry}"
        if cannot_work(report):
            told = {finding.code for finding in found if not finding.explains.isdisjoint(causes)}
            if not codes or len(told - _BESIDE) > 1:
                yield f"{name} cannot work ({report.effective.fault or report.expiry}), found {codes}"
            yield from (
                f"{name}: {finding.code} names nobody: {said(finding)}"
                for finding in found
                if not any(each in said(finding) for each in suspects(snapshot, report))
            )
        elif set(codes) - {"unknown-services", "login-needs-crt"}:
            yield f"{name} works ({report.expiry}), and is said to have {codes}"
        error = oracle.ask("boto3", name).error
        if error is not None and not codes:
            yield f"{name}: botocore raises {error}, and nothing was found"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@settings(max_examples=FEW, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(home=aged_homes(), drawn=caches())
def test_who_cannot_work_is_told_why_and_who_can_is_not(place: Path, home: Home, drawn: Drawn) -> None:
    """GIVEN a random home with random caches WHEN it is examined THEN findings and resolutions agree.

    A profile that cannot work (by its resolution, by what the first call raises, by how it stands, or because
    the real botocore raises) has an error finding which names somebody on its way, and one culprit only; a
    profile that works has none.
    """
    snapshot, oracle = look(place, home, drawn)
    assert list(inconsistencies(snapshot, oracle)) == []
    for codes in ({each.code for each in found} for found in error_findings(snapshot).values()):
        event(", ".join(sorted(codes)) or "works")


@pytest.mark.parametrize("home", HARD_HOMES.values(), ids=HARD_HOMES.keys())
def test_hard_homes_are_told_why(place: Path, home: Home) -> None:
    assert list(inconsistencies(*look(place, home, (None, timedelta(hours=1))))) == []
