"""Predicted cache file names against those that botocore's own fetchers make, over random profiles."""

from collections.abc import Iterator
from hashlib import sha1
from pathlib import Path

import pytest
from botocore.utils import SSOTokenLoader, generate_login_cache_key
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from rolecall.aws import cache_files
from rolecall.aws.cache_files import CacheFile, CacheKind
from rolecall.aws.expiry_calculator import ExpiryCalculator
from rolecall.aws.providers import Hop, Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.differential import EXAMPLES
from tests.differential.homes import Home, homes
from tests.differential.oracle import Oracle
from tests.differential.trace import Fetcher

CACHED = (Provider.ASSUME_ROLE, Provider.WEB_IDENTITY, Provider.SSO)


def expiry_calculator(snapshot: Snapshot, *files: CacheFile) -> ExpiryCalculator:
    """Return what knows rolecall's cache files, over the given ones."""
    return ExpiryCalculator(
        snapshot.host, snapshot.where, {str(file.path): file for file in files}, snapshot.taken_at
    )


def chosen(snapshot: Snapshot) -> Iterator[tuple[str | None, tuple[Hop, ...]]]:
    """Yield each explicit choice of a profile that resolves, and the ambient one (None), with its chain."""
    for name, report in snapshot.profiles.items():
        if report.resolution.error is None:
            yield name, report.resolution.chain
    default_session = snapshot.default_session[Tool.BOTO3].resolution
    if default_session.error is None:
        yield None, default_session.chain


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@settings(max_examples=EXAMPLES, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(home=homes())
def test_each_hop_has_the_file_name_that_botocore_gives_it(place: Path, home: Home) -> None:
    # GIVEN a random home, and what rolecall makes of it
    environ = home.write(place)
    oracle = Oracle(place, environ, home.has_crt)
    snapshot = Snapshot.take(Host.of(place, environ, has_crt=home.has_crt))
    caches = expiry_calculator(snapshot)

    for name, chain in chosen(snapshot):
        # WHEN botocore builds its fetchers for the same profile, the source's before those that draw on it
        fetchers = oracle.trace("boto3", name)[1].fetchers[::-1]

        # THEN each hop that is cached has the key that rolecall predicts
        hops = [hop for hop in chain if hop.provider in CACHED]
        assert [caches.stems(hop)[0] for hop in hops] == [fetcher.cache_key for fetcher in fetchers]
        for hop, fetcher in zip(hops, fetchers, strict=True):
            event(fetcher.kind)
            assert_token_is_found(snapshot, hop, fetcher)

        # AND the profile itself shows the file of its first hop
        if name is not None and hops[:1] == list(chain[:1]):
            assert snapshot.profiles[name].cache_file == f"{fetchers[0].cache_key}.json"


def assert_token_is_found(snapshot: Snapshot, hop: Hop, fetcher: Fetcher) -> None:
    """An SSO hop leads to the token that botocore would look for: the session's, else the start URL's."""
    if hop.provider == Provider.SSO and isinstance(fetcher.arguments["_start_url"], str):
        key = SSOTokenLoader()._generate_cache_key(
            fetcher.arguments["_start_url"], fetcher.arguments["_sso_session_name"]
        )
        token = CacheFile(snapshot.where.sso_cache / f"{key}.json", CacheKind.SSO_TOKEN)
        assert expiry_calculator(snapshot, token).token_file(hop.settings) is token


@settings(max_examples=EXAMPLES // 2, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(home=homes())
def test_cli_v1_puts_the_web_identity_token_into_the_name(place: Path, home: Home) -> None:
    environ = home.write(place)
    oracle = Oracle(place, environ, home.has_crt)
    snapshot = Snapshot.take(Host.of(place, environ, has_crt=home.has_crt))
    for name, chain in chosen(snapshot):
        if chain[0].provider != Provider.WEB_IDENTITY:
            continue
        answer, trace = oracle.trace("cli_v1", name)
        if answer.error is None:
            stems = expiry_calculator(snapshot).stems(chain[0])
            event("with a token")
            assert stems[1] == trace.fetchers[0].cache_key
            assert stems[0] != stems[1]


@given(session=st.text(st.characters(exclude_categories=["Cs"])))
def test_login_file_name_is_that_of_the_session(session: str) -> None:
    assert cache_files.login(session) == generate_login_cache_key(session)


@given(
    start_url=st.text(st.characters(exclude_categories=["Cs"])),
    session=st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_token_file_name_is_that_of_the_session_else_of_the_start_url(
    start_url: str, session: str | None
) -> None:
    expected = SSOTokenLoader()._generate_cache_key(start_url, session)
    assert cache_files.sso_token(session or start_url) == expected


def test_registration_file_name_is_that_of_its_arguments() -> None:
    # no library here makes registrations: the text that CLI v2 hashes is written out instead
    hashed = (
        b'{"region": "eu-west-1", "scopes": ["sso:account:access"], "session_name": "corp", '
        b'"startUrl": "https://example.awsapps.com/start", "tool": "botocore"}'
    )
    made = cache_files.sso_registration(
        "https://example.awsapps.com/start", "eu-west-1", ["sso:account:access"], "corp"
    )
    assert made == sha1(hashed).hexdigest()  # noqa: S324 - AWS's choice of a name, no security
