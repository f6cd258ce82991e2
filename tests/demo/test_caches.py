"""The caches of the demo as the real botocore finds them: names, states, damage."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dateutil.parser
import pytest
from botocore import exceptions
from botocore.tokens import SSOTokenProvider
from botocore.utils import JSONFileCache, SSOTokenLoader

from rolecall.demo import callers
from rolecall.demo.home import DemoHome
from tests.demo.oracle import Oracles, Untyped

EARLY = timedelta(minutes=15)
ASSUMED = ("prod-admin", "prod-deploy", "prod-read", "logs", "staging", "release", "release-ci")


def cli_cache(demo: DemoHome) -> Path:
    return demo.home / ".aws" / "cli" / "cache"


def expiration(demo: DemoHome, key: str) -> datetime:
    entry = json.loads((cli_cache(demo) / f"{key}.json").read_text())
    return _parsed(entry["Credentials"]["Expiration"])


def _parsed(text: str) -> datetime:
    moment: datetime = dateutil.parser.parse(text)
    assert moment.tzinfo is not None
    return moment


@pytest.mark.parametrize(
    ("profile", "tag"),
    [("prod-deploy", "DEP"), ("release", "REL"), ("partner-audit", "AUD"), ("dev", "DEV")],
)
def test_this_role_is_live_from_the_cache(oracle: Oracles, profile: str, tag: str) -> None:
    assert oracle(profile).access_key() == callers.access_key(tag)


def test_the_web_identity_is_live_under_the_name_that_botocore_and_cli_v2_give_it(
    demo: DemoHome, oracle: Oracles
) -> None:
    key = oracle("eks").fetcher()._cache_key
    cached = json.loads((cli_cache(demo) / f"{key}.json").read_bytes())
    assert cached["Credentials"]["AccessKeyId"] == callers.access_key("POD")


def test_a_role_with_a_few_minutes_left_is_fetched_anew(
    demo: DemoHome, oracle: Oracles, now: datetime
) -> None:
    fetcher = oracle("prod-admin").fetcher()
    assert timedelta(0) < expiration(demo, fetcher._cache_key) - now < EARLY
    assert fetcher._load_from_cache() is None


def test_an_expired_role_has_a_live_source(demo: DemoHome, oracle: Oracles, now: datetime) -> None:
    fetcher = oracle("staging").fetcher()
    assert expiration(demo, fetcher._cache_key) < now
    assert fetcher._source_credentials.access_key == "AKIAMEADOWBASEXAMPLE"


def test_two_profiles_with_different_sources_share_one_file(oracle: Oracles) -> None:
    release, release_ci = oracle("release").fetcher(), oracle("release-ci").fetcher()
    assert release._cache_key == release_ci._cache_key
    sources = [fetcher._source_credentials.access_key for fetcher in (release, release_ci)]
    assert sources == ["AKIAMEADOWBASEXAMPLE", "AKIAMEADOWCIXEXAMPLE"]
    assert oracle("release-ci").access_key() == callers.access_key("REL")


def test_nothing_is_cached_for_the_end_of_the_long_chain(oracle: Oracles) -> None:
    logs = oracle("logs")
    assert logs.fetcher()._cache_key not in logs.cache


def test_the_corrupt_entry_kills_the_command(demo: DemoHome, oracle: Oracles) -> None:
    fetcher = oracle("prod-read").fetcher()
    with pytest.raises(KeyError, match=fetcher._cache_key):
        fetcher.fetch_credentials()
    with pytest.raises(json.JSONDecodeError, match="Extra data"):
        json.loads((cli_cache(demo) / f"{fetcher._cache_key}.json").read_text())


def test_the_half_written_entry_is_the_bastions(
    demo: DemoHome, oracle: Oracles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "botocore.credentials.CanonicalNameCredentialSourcer.source_credentials",
        lambda _self, _name: object(),
    )
    monkeypatch.setattr("botocore.credentials.CanonicalNameCredentialSourcer.is_supported", lambda *_: True)
    key = oracle("bastion").fetcher()._cache_key
    with pytest.raises(json.JSONDecodeError, match="Unterminated"):
        json.loads((cli_cache(demo) / f"{key}.json").read_text())


def test_one_entry_belongs_to_nobody(demo: DemoHome, oracle: Oracles) -> None:
    owned = {oracle(name).fetcher()._cache_key for name in (*ASSUMED, "partner-audit", "dev")}
    roles = {
        path.stem: _identity(path.read_text())
        for path in cli_cache(demo).glob("*.json")
        if path.stem not in owned
    }
    # THEN bastion's is left (cut off), the one of eks (CLI v1's), and the orphan
    assert sorted(map(str, roles.values())) == ["LoadTest", "None", "PodReader"]


def _identity(text: str) -> str | None:
    try:
        arn: str = json.loads(text)["AssumedRoleUser"]["Arn"]
    except json.JSONDecodeError:
        return None
    return arn.split("/")[1]


def test_expirations_stand_in_the_three_forms_of_their_writers(demo: DemoHome) -> None:
    text = "".join(path.read_text() for path in cli_cache(demo).glob("*.json"))
    for form in ("Z", "+00:00", "UTC"):
        assert f'{form}", "AccountId"' in text


def test_what_is_no_credentials_lies_there_too(demo: DemoHome) -> None:
    assert (cli_cache(demo) / "session.db").read_bytes().startswith(b"SQLite format 3\0")
    assert len(list(cli_cache(demo).glob("*.tmp"))) == 1


# The sso-sessions


def sso_cache(demo: DemoHome) -> JSONFileCache:
    return JSONFileCache(str(demo.home / ".aws" / "sso" / "cache"))


def token_of(demo: DemoHome, oracle: Oracles, profile: str) -> Untyped:
    """Return the token that the real provider has for a profile's sso-session."""
    provider = SSOTokenProvider(oracle(profile).session, cache=sso_cache(demo))
    return provider.load_token().get_frozen_token()


def test_corp_is_alive(demo: DemoHome, oracle: Oracles, now: datetime) -> None:
    token = token_of(demo, oracle, "dev")
    assert token.token == callers.sso_access_token("corp")
    assert token.expiration - now > timedelta(hours=6)


def test_data_is_past_and_renewable(
    demo: DemoHome, oracle: Oracles, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a service that grants a refresh
    asked = []

    def grant(_provider: object, token: dict[str, str]) -> dict[str, object]:
        asked.append(_parsed(token["expiresAt"]))
        return {"accessToken": "fresh", "expiresAt": now.astimezone(UTC) + timedelta(hours=8)}

    monkeypatch.setattr(SSOTokenProvider, "_attempt_create_token", grant)
    monkeypatch.setattr(SSOTokenLoader, "save_token", lambda *_arguments, **_options: None)
    # WHEN the token is wanted, THEN botocore refreshes it: it was past, but all it takes was there
    assert token_of(demo, oracle, "lake").token == "fresh"
    assert asked[0] < now


def test_acme_is_dead(demo: DemoHome, oracle: Oracles) -> None:
    with pytest.raises(exceptions.TokenRetrievalError, match="refresh failed"):
        token_of(demo, oracle, "partner")


def test_the_old_form_of_sso_is_alive_and_cannot_be_refreshed(
    demo: DemoHome, oracle: Oracles, now: datetime
) -> None:
    start_url = oracle("hr").session.get_scoped_config()["sso_start_url"]
    token = SSOTokenLoader(sso_cache(demo))(start_url)
    assert _parsed(token["expiresAt"]) > now
    assert "refreshToken" not in token


def test_each_client_has_its_registration(demo: DemoHome) -> None:
    files = [json.loads(path.read_text()) for path in demo.home.glob(".aws/sso/cache/*.json")]
    registrations = [file for file in files if "accessToken" not in file]
    assert {file["clientId"] for file in registrations} == {"EXAMPLE-corp", "EXAMPLE-hr"}
    assert (demo.home / ".aws/sso/cache/botocore-client-id-eu-west-1.json").exists()
