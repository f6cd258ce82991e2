"""What the AWS tools would have left in their caches at Meadow by now, whole and damaged.

The names of the files come from ``rolecall.aws.cache_files``, so that each entry belongs to the profile
that it is meant for.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from rolecall.aws import cache_files
from rolecall.aws.config_file import Value
from rolecall.aws.profiles import Profiles
from rolecall.aws.timestamps import parse_timestamp
from rolecall.demo import callers
from rolecall.demo.callers import Caller, access_key, assumed
from rolecall.values import dataclass

Settings = Mapping[str, Value]

_ROLE_LASTS = timedelta(hours=1)
_SSO_LASTS = timedelta(hours=8)
_ORPHAN: Settings = {"role_arn": "arn:aws:iam::444455556666:role/LoadTest"}
_ORPHAN_LEFT = timedelta(minutes=24, seconds=30)
_POD_LEFT = timedelta(minutes=31, seconds=15)
_DEV_LEFT = timedelta(minutes=51, seconds=5)
_HR_LEFT = timedelta(hours=1, minutes=20)
_HR_REGISTRATION_LEFT = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class HomeFile:
    """A file of the home: its path in it, its content, and when it was last written."""

    path: str
    content: bytes
    written: datetime


def _by_v1(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _by_v2(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _by_boto3(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SUTC")


@dataclass(frozen=True, slots=True)
class _Role:
    """The cache entry of a role: its profile, the tag of its access key, the time left, the format."""

    profile: str
    tag: str
    left: timedelta
    form: Callable[[datetime], str]


_ROLES = (
    _Role("prod-admin", "ADM", timedelta(minutes=11, seconds=2), _by_v1),
    _Role("prod-deploy", "DEP", timedelta(minutes=43, seconds=10), _by_v2),
    _Role("staging", "STG", -timedelta(hours=3, minutes=4), _by_v2),
    _Role("release", "REL", timedelta(minutes=27, seconds=40), _by_boto3),  # and release-ci's
    _Role("partner-audit", "AUD", timedelta(minutes=38, seconds=20), _by_v2),
)


@dataclass(frozen=True, slots=True)
class _Token:
    """An sso-session's token: the time left of it, and of its client's registration."""

    session: str
    left: timedelta
    registration_left: timedelta


_TOKENS = (
    _Token("corp", timedelta(hours=6, minutes=2), timedelta(days=61)),
    _Token("data", -timedelta(minutes=35), timedelta(days=20)),  # renewable
    _Token("acme", -timedelta(hours=9), -timedelta(days=2)),  # dead
)


def known_callers(profiles: Profiles, now: datetime) -> dict[str, Caller]:
    """Return the callers by the access keys that are in the home when it is built.

    The old keys of ``vault`` are not among them (someone deleted them in March), nor those of ``scratch``.
    """
    known = {
        "AKIAMEADOWBASEXAMPLE": Caller(callers.ROWAN, "AIDAMEADOWRWNEXAMPLE"),
        "AKIAMEADOWCIXEXAMPLE": Caller(callers.CI, "AIDAMEADOWCIXEXAMPLE"),
        access_key("LEG"): _pasted(profiles, "legacy", "210987654321", "Contractor"),
        access_key("OKT"): _pasted(profiles, "okta", "444455556666", "OktaDeveloper"),
        access_key("LOG"): Caller("arn:aws:iam::777788889999:user/rowan", "AIDAMEADOWDEVEXAMPLE"),
        access_key("TLS"): assumed("777788889999", "Tools", "rowan", None),
        access_key("VAU"): assumed("777788889999", "Vault", "rowan", None),
    }
    roles = [(role.tag, profiles.by_name[role.profile], role.left) for role in _ROLES]
    roles += [("OLD", _ORPHAN, _ORPHAN_LEFT), ("POD", profiles.by_name["eks"], _POD_LEFT)]
    for tag, settings, left in roles:
        known[access_key(tag)] = assumed(*_assumed_role(settings), now + left)
    dev = profiles.by_name["dev"]
    role = reserved_role(str(dev["sso_role_name"]))
    known[access_key("DEV")] = assumed(str(dev["sso_account_id"]), role, "rowan", now + _DEV_LEFT)
    return known


def _pasted(profiles: Profiles, profile: str, account: str, role: str) -> Caller:
    ends = parse_timestamp(profiles.by_name[profile]["x_security_token_expires"])
    return assumed(account, role, "rowan@meadow.example", ends)


@dataclass(frozen=True, slots=True)
class CachedLogin:
    """An SSO login in the cache: its name and start URL, and when its parts expire."""

    name: str
    start_url: str
    ends: datetime
    registration_ends: datetime
    is_refreshable: bool


def logged_in(profiles: Profiles, now: datetime) -> Iterator[CachedLogin]:
    """Yield the SSO logins of the cache, as the made-up AWS has to know them."""
    for token in _TOKENS:
        session = _session(profiles, token.session)
        ends, registration_ends = now + token.left, now + token.registration_left
        yield CachedLogin(
            token.session, str(session["sso_start_url"]), ends, registration_ends, is_refreshable=True
        )
    start_url = str(profiles.by_name["hr"]["sso_start_url"])
    yield CachedLogin("hr", start_url, now + _HR_LEFT, now + _HR_REGISTRATION_LEFT, is_refreshable=False)


def reserved_role(name: str) -> str:
    """Return the role that IAM Identity Center makes of a permission set: its name, and 16 hex digits."""
    return f"AWSReservedSSO_{name}_{'5a1e' * 4}"


def cached_files(profiles: Profiles, now: datetime) -> Iterator[HomeFile]:
    """Yield every file of the caches that goes with these profiles at that moment."""
    yield from _cli_cache(profiles.by_name, now)
    yield from _damaged(profiles.by_name, now)
    yield from _sso_cache(profiles, now)
    yield _login(profiles.by_name["console"], now)


def _cli_cache(merged: Mapping[str, Settings], now: datetime) -> Iterator[HomeFile]:
    for role in _ROLES:
        settings = merged[role.profile]
        content = _assumed(settings, role.tag, role.form(now + role.left))
        yield _in_cli_cache(cache_files.role(settings), content, now + role.left)
    ends = now + _ORPHAN_LEFT
    yield _in_cli_cache(cache_files.role(_ORPHAN), _assumed(_ORPHAN, "OLD", _by_v2(ends)), ends)
    eks, ends = merged["eks"], now + _POD_LEFT
    stem, *_ = cache_files.web_identity(eks, None)  # CLI v2's form of the name
    yield _in_cli_cache(stem, _assumed(eks, "POD", _by_v2(ends)), ends)
    dev, ends = merged["dev"], now + _DEV_LEFT
    yield _in_cli_cache(cache_files.sso_role(dev), _sso_role(dev, "DEV", _by_v1(ends)), ends)


def _in_cli_cache(stem: str, content: Mapping[str, object], ends: datetime) -> HomeFile:
    return _json(f".aws/cli/cache/{stem}.json", content, ends - _ROLE_LASTS)


def _assumed(settings: Settings, tag: str, expiration: str) -> dict[str, object]:
    """What AssumeRole answers, as botocore's fetcher keeps it."""
    account, name, who = _assumed_role(settings)
    return {
        "Credentials": _credentials(tag, expiration, account),
        "AssumedRoleUser": {
            "AssumedRoleId": f"AROAMEADOW{tag}EXAMPLE:{who}",
            "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/{who}",
        },
        "ResponseMetadata": {"HTTPStatusCode": 200, "RetryAttempts": 0},
    }


def _assumed_role(settings: Settings) -> tuple[str, str, str]:
    """Return the account, the name of the role and the session of a role profile."""
    _, _, _, _, account, role = str(settings["role_arn"]).split(":")
    session = settings.get("role_session_name", "botocore-session-1700000000")
    return account, role.removeprefix("role/"), str(session)


def _sso_role(settings: Settings, tag: str, expiration: str) -> dict[str, object]:
    """What CLI v2 keeps of GetRoleCredentials."""
    account = str(settings["sso_account_id"])
    return {"ProviderType": "sso", "Credentials": _credentials(tag, expiration, account)}


def _credentials(tag: str, expiration: str, account: str) -> dict[str, str]:
    return {
        "AccessKeyId": access_key(tag),
        "SecretAccessKey": callers.SECRET_KEY,
        "SessionToken": callers.SESSION_TOKEN,
        "Expiration": expiration,
        "AccountId": account,
    }


def _damaged(merged: Mapping[str, Settings], now: datetime) -> Iterator[HomeFile]:
    """Yield what two commands at once, or a killed one, leave behind; and files of other programs."""
    ends = _by_v2(now + timedelta(minutes=20))
    written = now - timedelta(minutes=40)
    two_writers = json.dumps(_assumed(merged["prod-read"], "RDO", ends))
    # CLI v2 writes in place: of a longer answer, the tail stays behind a shorter one
    two_writers += two_writers[-58:]
    killed = json.dumps(_assumed(merged["bastion"], "BAS", ends))[:150]
    for name, content in (
        (f"{cache_files.role(merged['prod-read'])}.json", two_writers.encode()),
        (f"{cache_files.role(merged['bastion'])}.json", killed.encode()),
        ("tmp4k2v9q_x.tmp", killed[:90].encode()),
        ("session.db", b"SQLite format 3\0".ljust(4096, b"\0")),
    ):
        yield HomeFile(f".aws/cli/cache/{name}", content, written)


def _sso_cache(profiles: Profiles, now: datetime) -> Iterator[HomeFile]:
    for token in _TOKENS:
        session = _session(profiles, token.session)
        ends, registration_ends = now + token.left, now + token.registration_left
        content = _sso_token(session, token.session, _by_v1(ends)) | {
            "clientId": f"EXAMPLE-{token.session}",
            "clientSecret": callers.CLIENT_SECRET,
            "registrationExpiresAt": _by_v1(registration_ends),
            "refreshToken": callers.sso_refresh_token(token.session),
        }
        path = f".aws/sso/cache/{cache_files.sso_token(token.session)}.json"
        yield _json(path, content, ends - _SSO_LASTS)
    yield _registration(profiles, now)
    yield from _old_sso(profiles.by_name["hr"], now)


def _session(profiles: Profiles, name: str) -> Settings:
    session = profiles.sso_session(name)
    assert session is not None, name  # noqa: S101 - config.ini has it
    return session


def _sso_token(where: Settings, name: str, expires_at: str) -> dict[str, object]:
    return {
        "startUrl": where["sso_start_url"],
        "region": where["sso_region"],
        "accessToken": callers.sso_access_token(name),
        "expiresAt": expires_at,
    }


def _registration(profiles: Profiles, now: datetime) -> HomeFile:
    session = _session(profiles, "corp")
    scopes = [str(session["sso_registration_scopes"])]
    stem = cache_files.sso_registration(
        str(session["sso_start_url"]), str(session["sso_region"]), scopes, "corp"
    )
    content = {
        "clientId": "EXAMPLE-corp",
        "clientSecret": callers.CLIENT_SECRET,
        "expiresAt": _by_v1(now + timedelta(days=61)),
        "scopes": scopes,
    }
    return _json(f".aws/sso/cache/{stem}.json", content, now - timedelta(days=29))


def _old_sso(settings: Settings, now: datetime) -> Iterator[HomeFile]:
    """The form without an sso-session: a token that nothing can refresh, its registration apart."""
    ends = now + _HR_LEFT
    start_url, region = str(settings["sso_start_url"]), settings["sso_region"]
    token = _sso_token(settings, "hr", _by_boto3(ends))
    yield _json(f".aws/sso/cache/{cache_files.sso_token(start_url)}.json", token, ends - _SSO_LASTS)
    registration = {
        "clientId": "EXAMPLE-hr",
        "clientSecret": callers.CLIENT_SECRET,
        "expiresAt": _by_boto3(now + _HR_REGISTRATION_LEFT),
    }
    path = f".aws/sso/cache/botocore-client-id-{region}.json"
    yield _json(path, registration, now - timedelta(days=50))


def _login(settings: Settings, now: datetime) -> HomeFile:
    session = str(settings["login_session"])
    ends = now + timedelta(minutes=9, seconds=30)
    content = {
        "accessToken": {
            "accessKeyId": access_key("LOG"),
            "secretAccessKey": callers.SECRET_KEY,
            "sessionToken": callers.SESSION_TOKEN,
            "accountId": "777788889999",
            "expiresAt": _by_v1(ends),
        },
        "tokenType": "aws_sigv4",
        "clientId": "arn:aws:signin:::devtools/same-device",
        "refreshToken": callers.SSO_REFRESH_TOKEN,
        "idToken": callers.web_identity_token(ends),
        "dpopKey": callers.DPOP_KEY,
    }
    return _json(f".aws/login/cache/{cache_files.login(session)}.json", content, ends - timedelta(minutes=15))


def _json(path: str, content: Mapping[str, object], written: datetime) -> HomeFile:
    return HomeFile(path, json.dumps(content).encode(), written)
