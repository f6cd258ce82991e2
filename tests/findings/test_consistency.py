"""Over random homes: who cannot work has an error finding that names the culprit; who can has none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from rolecall.aws import names
from rolecall.aws.expiry import After, State
from rolecall.aws.providers import Provider, Tool
from rolecall.aws.report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.findings.blame import blamed, is_helpless
from rolecall.findings.examine import examine
from rolecall.findings.finding import Finding, Severity
from rolecall.findings.inquest import process_fault
from rolecall.host import Host
from rolecall.text import utc
from tests.differential import EXAMPLES
from tests.differential.hard_homes import HARD_HOMES
from tests.differential.homes import Home, homes
from tests.differential.oracle import Oracle
from tests.differential.profiles import SESSIONS, SSO
from tests.homes import NOW, put

_BESIDE = {"login-needs-crt", "damaged-cache", "bad-process", "unknown-services"}
"""What may stop a profile beside its one culprit: each stops one of the tools, or what comes after."""
_ENDS = (None, None, timedelta(hours=-1), timedelta(minutes=5), timedelta(hours=1))
"""None: there is no file. A login or a role that has ended, ends soon, ends later."""
_DAMAGED = (b"", b"{", b"[]", b"{}", b'{"Credentials": {}}', b'{"accessToken": "CANARY"}')
Drawn = Sequence[timedelta | bytes | None]
_FEW = max(EXAMPLES // 5, 1)
_AGEING = {
    "as they are": (),
    "temporary keys": ((b"= AKIA", b"= ASIA"),),
    "ended keys": ((b"\naws_session_token", b"\nexpiration = 2030-01-01 11:00:00\naws_session_token"),),
    "an ended web identity": ((b"CANARY-web-identity", b"e30.eyJleHAiOiAxfQ.CANARY"),),
}
"""What else may have become of a home: each text that is replaced by another in all of its files."""


def caches() -> st.SearchStrategy[Drawn]:
    """Draw what is in the cache files, to be dealt out to those that the profiles lead to."""
    usual = st.sampled_from(_ENDS)
    return st.lists(st.one_of(usual, usual, usual, st.sampled_from(_DAMAGED)), min_size=5, max_size=12)


@st.composite
def aged_homes(draw: st.DrawFn) -> Home:
    """Draw a home, some of whose credentials have ended."""
    home = draw(homes())
    files = dict(home.files)
    for old, new in _AGEING[draw(st.sampled_from(tuple(_AGEING)))]:
        files = {name: content.replace(old, new) for name, content in files.items()}
    return replace(home, files=files)


def fill(host: Host, drawn: Drawn) -> None:
    """Write the caches."""
    snapshot = Snapshot.take(host)
    deal = cycle(drawn)
    for name in (*SESSIONS, *SSO["sso_start_url"]):
        _write(snapshot.where.sso_cache / f"{names.sso_token(name)}.json", next(deal), _token)
    for report in snapshot.profiles.values():
        if report.cache_file is not None and report.own_hop.provider != Provider.LOGIN:
            _write(snapshot.where.cli_cache / report.cache_file, next(deal), _role)


def _token(end: str | None) -> Mapping[str, object]:
    return {"startUrl": "https://example.awsapps.com/start", "accessToken": "CANARY", "expiresAt": end}


def _role(end: str | None) -> Mapping[str, object]:
    keys = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    return {"Credentials": dict.fromkeys(keys, "ASIACANARY") | {"Expiration": end}}


def _write(
    path: Path, drawn: timedelta | bytes | None, content: Callable[[str | None], Mapping[str, object]]
) -> None:
    if isinstance(drawn, bytes):
        put(path, drawn)
    elif drawn is not None:
        put(path, content(utc(NOW + drawn)))


def cannot_work(report: ProfileReport) -> bool:
    """Say it by the report alone, in the words of the rule."""
    if report.resolution.fault is not None or report.telling.fault is not None:
        return True
    if any(report.resolutions[tool].fault is not None for tool in Tool):
        return True
    last = report.chain[-1]
    if last.provider == Provider.PROCESS and process_fault(last.settings["credential_process"]) is not None:
        return True
    expiry = report.expiry
    if expiry.state is State.BROKEN:
        return True
    is_due = expiry.state in (State.EXPIRED, State.IDLE, State.RENEWING)
    return is_due and expiry.after in (After.MANUAL, After.LOGIN, After.FAILS)


def error_findings(snapshot: Snapshot) -> dict[str, list[Finding]]:
    """Return the error findings by the names in their ``profiles``."""
    found: dict[str, list[Finding]] = {name: [] for name in snapshot.profiles}
    for finding in examine(snapshot).all:
        if finding.severity is Severity.ERROR:
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


def look(place: Path, home: Home, drawn: Drawn) -> tuple[Snapshot, Oracle]:
    """Write the home with its caches; return what rolecall sees there, and the real botocore over it."""
    environ = home.write(place)
    host = Host.of(place, environ, clock=lambda: NOW, has_crt=home.has_crt)
    fill(host, drawn)
    return Snapshot.take(host), Oracle(place, environ, home.has_crt)


def inconsistencies(snapshot: Snapshot, oracle: Oracle) -> Iterator[str]:
    """Yield what is not as it should be, a line each."""
    causes = blamed(snapshot)
    yield from (f"unexplained: {culprit}" for culprit in causes.get("unexplained", ()))
    for name, found in error_findings(snapshot).items():
        report = snapshot.profiles[name]
        codes = sorted({finding.code for finding in found})
        if is_helpless(report) and not cannot_work(report):
            yield f"{name} is taken for helpless: {report.expiry}"
        if cannot_work(report):
            if not codes or len({code for code in codes if code in causes} - _BESIDE) > 1:
                yield f"{name} cannot work ({report.telling.fault or report.expiry}), found {codes}"
            yield from (
                f"{name}: {finding.code} names nobody: {said(finding)}"
                for finding in found
                if not any(each in said(finding) for each in suspects(snapshot, report))
            )
        elif set(codes) - {"unknown-services"}:
            yield f"{name} works ({report.expiry}), and is said to have {codes}"
        error = oracle.ask("boto3", name).error
        if error is not None and not codes:
            yield f"{name}: botocore raises {error}, and nothing was found"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@settings(max_examples=_FEW, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
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
