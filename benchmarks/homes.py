"""Made-up homes with any number of AWS profiles.

Ten profiles make a block: three with keys, five roles (one over another role, one with MFA, one
with an external id) and two over SSO. Each role and each SSO profile has its entry in
``cli/cache``, under the name that the AWS CLI would give it.
"""

import hashlib
import json
import os
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

SECRET = "CANARY-secret"  # noqa: S105 - not a secret, and easy to find where it must not be
TOKEN = "CANARY-token" * 80  # as long as a real one, for it has to be read and parsed
BLOCK = 10
LONE_SLOT = 2
CHAINED_SLOT = 7
FIRST_SSO_SLOT = 8
SOURCE_SLOT = {3: 0, 4: 0, 5: 0, 6: 1, CHAINED_SLOT: 3}
EXTRAS: Mapping[int, Mapping[str, str]] = {
    4: {"mfa_serial": "arn:aws:iam::111122223333:mfa/ada"},
    5: {"external_id": "example", "duration_seconds": "3600"},
}
PROFILES_PER_SSO_SESSION = 100
START_URL = "https://example.awsapps.com/start"
GOLDEN_RATIO = 0.618034  # its multiples, modulo 1, scatter evenly


@dataclass(frozen=True, slots=True)
class Span:
    """When cached credentials end, from the making of the home on: anywhere between the two."""

    soonest: timedelta
    latest: timedelta

    def end(self, index: int) -> datetime:
        """Return the end of the entry with this index, whole seconds, UTC."""
        share = index * GOLDEN_RATIO % 1
        moment = datetime.now(UTC) + self.soonest + (self.latest - self.soonest) * share
        return moment.replace(microsecond=0)


CALM = Span(timedelta(days=3), timedelta(days=9))  # no countdown moves within a minute
TICKING = Span(timedelta(minutes=20), timedelta(minutes=55))  # every countdown moves each second


@dataclass(frozen=True, slots=True)
class Home:
    """A home directory that was made here.

    Attributes:
        path: the directory, to be HOME.
        names: the profiles' names, in the order of the config file.
        entries: the cache entry of each role profile, by the profile's name.
        lone: a profile with keys on which no role draws.
    """

    path: Path
    names: tuple[str, ...]
    entries: Mapping[str, Path]
    lone: str

    @property
    def credentials(self) -> Path:
        """The credentials file."""
        return self.path / ".aws" / "credentials"


@dataclass(frozen=True, slots=True)
class _Profile:
    name: str
    config: Mapping[str, str]
    credentials: Mapping[str, str] = field(default_factory=dict)
    cache_key: str | None = None


def make_home(path: Path, profiles: int, span: Span, *, at_least_entries: int = 0) -> Home:
    """Write a home of so many profiles, with orphaned cache entries up to the wanted number."""
    made = [_profile(index) for index in range(profiles)]
    sessions = [_session_name(index) for index in range(0, profiles, PROFILES_PER_SSO_SESSION)]
    cli_cache = path / ".aws" / "cli" / "cache"
    sso_cache = path / ".aws" / "sso" / "cache"
    for directory in (cli_cache, sso_cache):
        directory.mkdir(parents=True)
    _write_files(path / ".aws", made, sessions)
    for index, session in enumerate(sessions):
        _write_json(sso_cache / f"{_sha1(session)}.json", _token(span.end(index)))
    keys = [profile.cache_key for profile in made if profile.cache_key]
    orphans = range(at_least_entries - len(keys) - len(sessions))
    for index, key in enumerate([*keys, *(_sha1(f"orphan {number}") for number in orphans)]):
        _write_json(cli_cache / f"{key}.json", _entry(span.end(index), index))
    return Home(
        path=path,
        names=tuple(profile.name for profile in made),
        entries={
            profile.name: cli_cache / f"{profile.cache_key}.json"
            for profile in made
            if "role_arn" in profile.config
        },
        lone=_name(LONE_SLOT),
    )


def write_names(home: Home) -> Path:
    """Write the names one a line, for the bare app, and return the file."""
    path = home.path / "names.txt"
    path.write_text("\n".join(home.names) + "\n", encoding="utf-8")
    return path


def stamp(moment: datetime) -> str:
    """Return a moment as the AWS CLI writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _profile(index: int) -> _Profile:
    slot = index % BLOCK
    if slot in SOURCE_SLOT:
        return _role(index, slot)
    return _sso(index) if slot >= FIRST_SSO_SLOT else _keys(index)


def _keys(index: int) -> _Profile:
    keys = {"aws_access_key_id": _access_key(index), "aws_secret_access_key": SECRET}
    return _Profile(_name(index), {"region": "eu-west-1", "output": "json"}, keys)


def _access_key(index: int) -> str:
    """Return an access key id that is nobody else's: two profiles with the same one are a finding."""
    return f"AKIAZ{b32encode(hashlib.sha256(str(index).encode()).digest()).decode()[:15]}"


def _role(index: int, slot: int) -> _Profile:
    extras = EXTRAS.get(slot, {})
    arn = f"arn:aws:iam::{_account(index)}:role/role-{index:05d}"
    source = _name(index - slot + SOURCE_SLOT[slot])
    return _Profile(
        _name(index),
        {"role_arn": arn, "source_profile": source, "region": "eu-west-1", **extras},
        cache_key=_role_key(arn, extras),
    )


def _role_key(arn: str, extras: Mapping[str, str]) -> str:
    """Return the entry's name, as botocore's ``AssumeRoleCredentialFetcher`` makes it."""
    arguments: dict[str, str | int] = {"RoleArn": arn}
    if "mfa_serial" in extras:
        arguments["SerialNumber"] = extras["mfa_serial"]
    if "external_id" in extras:
        arguments["ExternalId"] = extras["external_id"]
    if "duration_seconds" in extras:
        arguments["DurationSeconds"] = int(extras["duration_seconds"])
    return _sha1(json.dumps(arguments, sort_keys=True))


def _sso(index: int) -> _Profile:
    session = _session_name(index)
    config = {
        "sso_session": session,
        "sso_account_id": _account(index),
        "sso_role_name": f"role-{index:05d}",
        "region": "eu-west-1",
    }
    return _Profile(_name(index), config, cache_key=_sso_key(config))


def _sso_key(config: Mapping[str, str]) -> str:
    """Return the entry's name, as botocore's ``SSOCredentialFetcher`` makes it."""
    arguments = {
        "roleName": config["sso_role_name"],
        "accountId": config["sso_account_id"],
        "sessionName": config["sso_session"],
    }
    return _sha1(json.dumps(arguments, sort_keys=True, separators=(",", ":")))


def _name(index: int) -> str:
    return f"acme-{index:05d}"


def _session_name(index: int) -> str:
    return f"corp-{index // PROFILES_PER_SSO_SESSION}"


def _account(index: int) -> str:
    return f"1111{index:08d}"


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _write_files(directory: Path, profiles: Sequence[_Profile], sessions: Iterable[str]) -> None:
    session_settings = {"sso_start_url": START_URL, "sso_region": "eu-west-1"}
    config = [
        *((f"sso-session {session}", session_settings) for session in sessions),
        *((f"profile {profile.name}", profile.config) for profile in profiles),
    ]
    credentials = [(each.name, each.credentials) for each in profiles if each.credentials]
    _write(directory / "config", _sections(config))
    _write(directory / "credentials", _sections(credentials))


def _sections(sections: Iterable[tuple[str, Mapping[str, str]]]) -> str:
    return "\n".join(line for name, settings in sections for line in _section(name, settings))


def _section(name: str, settings: Mapping[str, str]) -> Iterator[str]:
    yield f"[{name}]"
    yield from (f"{key} = {value}" for key, value in settings.items())
    yield ""


def _entry(end: datetime, index: int) -> dict[str, object]:
    return {
        "Credentials": {
            "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
            "SecretAccessKey": SECRET,
            "SessionToken": TOKEN,
            "Expiration": stamp(end),
        },
        "AssumedRoleUser": {
            "AssumedRoleId": "AROAIOSFODNN7EXAMPLE:botocore",
            "Arn": f"arn:aws:sts::{_account(index)}:assumed-role/role-{index:05d}/botocore",
        },
    }


def _token(end: datetime) -> dict[str, object]:
    return {
        "startUrl": START_URL,
        "region": "eu-west-1",
        "accessToken": TOKEN,
        "expiresAt": stamp(end),
        "clientId": "example",
        "clientSecret": SECRET,
        "registrationExpiresAt": stamp(end + timedelta(days=60)),
        "refreshToken": TOKEN,
    }


def _write_json(path: Path, content: object) -> None:
    _write(path, json.dumps(content))


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor, for the mode
        file.write(text)
