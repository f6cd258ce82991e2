"""Random homes some of whose credentials have ended, with random caches, and who cannot work in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path

from hypothesis import strategies as st

from rolecall.aws import cache_files
from rolecall.aws.expiry import After, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.text import utc
from tests.differential import EXAMPLES
from tests.differential.homes import Home, homes
from tests.differential.oracle import Oracle
from tests.differential.profiles import SESSIONS, SSO
from tests.homes import NOW, put

_ENDS = (None, None, timedelta(hours=-1), timedelta(minutes=5), timedelta(hours=1))
"""None: there is no file. A login or a role that has ended, ends soon, ends later."""
_DAMAGED = (b"", b"{", b"[]", b"{}", b'{"Credentials": {}}', b'{"accessToken": "CANARY"}')
Drawn = Sequence[timedelta | bytes | None]
FEW = max(EXAMPLES // 5, 1)
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
        _write(snapshot.where.sso_cache / f"{cache_files.sso_token(name)}.json", next(deal), _token)
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


def look(place: Path, home: Home, drawn: Drawn) -> tuple[Snapshot, Oracle]:
    """Write the home with its caches; return what rolecall sees there, and the real botocore over it."""
    environ = home.write(place)
    host = Host.of(place, environ, clock=lambda: NOW, has_crt=home.has_crt)
    fill(host, drawn)
    return Snapshot.take(host), Oracle(place, environ, home.has_crt)


def cannot_work(report: ProfileReport) -> bool:
    """Say it by the report alone, in the words of the rule."""
    if report.effective.fault is not None:
        return True
    resolutions = [report.resolutions[tool] for tool in Tool]
    if any(each.fault is not None and not each.is_spared for each in resolutions):
        return True
    expiry = report.expiry
    if expiry.state is State.BROKEN:
        return True
    is_due = expiry.state in (State.EXPIRED, State.IDLE, State.RENEWING)
    return is_due and expiry.after in (After.MANUAL, After.LOGIN, After.FAILS)
