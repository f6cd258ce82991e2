"""The four cache directories: what each file holds, and what the AWS tools would make of it."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from rolecall.aws import paths, statics, times
from rolecall.aws.providers import Fault, Raised


class CacheKind(StrEnum):
    """What a cache file holds."""

    ROLE = "role"
    SSO_ROLE = "sso-role"
    SSO_TOKEN = "sso-token"  # noqa: S105 - a kind, no secret
    SSO_REGISTRATION = "sso-registration"
    LOGIN = "login"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CacheFile:
    """One cache file as read; nothing of its secrets is kept.

    Attributes:
        path: where it is.
        kind: what it holds.
        stamp: tells whether it has changed since.
        expires_at: the end that it gives, aware, in UTC.
        renewable_until: how long its refresh token can be used; ``datetime.max`` where no end is stored.
        identity: whose it is in its own words: an ARN, a start URL, an account id.
        access_key: the access key id that it holds.
        problem: what is wrong with it, in plain words.
        fault: what the AWS tools raise over it.
    """

    path: Path
    kind: CacheKind
    stamp: paths.Stamp | None = None
    expires_at: datetime | None = None
    renewable_until: datetime | None = None
    identity: str | None = None
    access_key: str | None = None
    problem: str | None = None
    fault: Fault | None = None

    @property
    def written(self) -> datetime | None:
        """When the file was last written."""
        if self.stamp is None:
            return None
        return datetime.fromtimestamp(self.stamp.modified / 1e9, UTC)


def read_all(where: paths.Paths, encoding: str, known: Mapping[Path, CacheFile]) -> dict[Path, CacheFile]:
    """Read the four directories; a file with the stamp it had when it was ``known`` is not read again."""
    readers = (
        (where.cli_cache, _role),
        (where.sso_cache, _sso),
        (where.login_cache, _login),
        (where.boto_cache, _role),
    )
    return {
        file.path: file
        for directory, reader in readers
        for file in _read_directory(directory, reader, encoding, known)
    }


Reader = Callable[[Path, dict[str, object]], CacheFile]


def _read_directory(
    directory: Path, reader: Reader, encoding: str, known: Mapping[Path, CacheFile]
) -> Iterator[CacheFile]:
    try:
        names = sorted(os.listdir(directory))  # noqa: PTH208 - names, for 10,000 files
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        yield CacheFile(
            directory, CacheKind.UNKNOWN, problem=f"the directory cannot be listed: {error.strerror}"
        )
        return
    for name in names:
        path = directory / name
        found = paths.look(path)
        before = known.get(path)
        if before is not None and found.stamp is not None and before.stamp == found.stamp:
            yield before
        elif found.presence is paths.Presence.FILE:
            yield replace(_read(path, reader, encoding), stamp=found.stamp)
        elif found.reason is not None and "directory" not in found.reason:
            yield CacheFile(path, CacheKind.UNKNOWN, problem=found.reason)


def _read(path: Path, reader: Reader, encoding: str) -> CacheFile:
    if path.suffix != ".json":
        return CacheFile(path, CacheKind.UNKNOWN, problem=_foreign(path.name))
    try:
        content = json.loads(paths.read(path).decode(encoding))
    except RecursionError:
        fault = Fault("RecursionError", "maximum recursion depth exceeded")
        return CacheFile(path, CacheKind.UNKNOWN, problem="is nested too deep", fault=fault)
    except (OSError, ValueError) as error:
        # JSONFileCache turns both into a KeyError with the file's stem, and nothing catches that
        fault = Fault("KeyError", repr(path.stem))
        return CacheFile(path, CacheKind.UNKNOWN, problem=_unusable(error), fault=fault)
    if not isinstance(content, dict):
        fault = Fault("TypeError", "list indices must be integers or slices, not str")
        return CacheFile(path, CacheKind.UNKNOWN, problem="is no JSON object", fault=fault)
    return reader(path, content)


def _foreign(name: str) -> str:
    if name.startswith("session.db"):
        return "AWS CLI v2's usage data; holds no credentials"
    if name.endswith(".tmp"):
        return "left behind by an interrupted write"
    return "not one of the AWS tools' files"


def _unusable(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    if isinstance(error, UnicodeDecodeError):
        return "is not text"
    if not isinstance(error, json.JSONDecodeError) or not error.doc.strip():
        return "is empty"
    cut_off = error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg
    return "is cut off: half-written" if cut_off else "is not JSON"


def _role(path: Path, content: dict[str, object]) -> CacheFile:
    """``cli/cache`` and ``boto/cache``: the answer of AssumeRole or of GetRoleCredentials."""
    kind = CacheKind.SSO_ROLE if content.get("ProviderType") == "sso" else CacheKind.ROLE
    credentials = content.get("Credentials")
    if not isinstance(credentials, dict):
        return _damaged(path, kind, "Credentials")
    try:
        end = times.parse(_required(credentials, "Expiration"))
        for key in ("AccessKeyId", "SecretAccessKey", "SessionToken"):
            _required(credentials, key)
    except Raised as raised:
        problem = (
            f"has no {raised.fault.message.strip(chr(39))}"
            if raised.fault.error == "KeyError"
            else "its Expiration is no time"
        )
        return CacheFile(path, kind, problem=problem, fault=raised.fault)
    if end.tzinfo is None:
        fault = Fault("TypeError", statics.NAIVE)
        return CacheFile(path, kind, problem="its Expiration names no time zone", fault=fault)
    user = content.get("AssumedRoleUser")
    arn = user.get("Arn") if isinstance(user, dict) else None
    return CacheFile(
        path,
        kind,
        expires_at=times.to_utc(end),
        identity=_text(arn) or _text(credentials.get("AccountId")),
        access_key=_text(credentials["AccessKeyId"]),
    )


def _required(content: Mapping[str, object], key: str) -> object:
    if key not in content:
        raise Raised("KeyError", repr(key))
    return content[key]


def _damaged(path: Path, kind: CacheKind, key: str) -> CacheFile:
    return CacheFile(path, kind, problem=f"has no {key}", fault=Fault("KeyError", repr(key)))


def _sso(path: Path, content: dict[str, object]) -> CacheFile:
    """``sso/cache``: tokens and client registrations."""
    if "accessToken" not in content and "startUrl" not in content:
        if "clientId" not in content:
            return CacheFile(path, CacheKind.UNKNOWN, problem="is neither a token nor a registration")
        return _with_end(
            CacheFile(path, CacheKind.SSO_REGISTRATION, identity=_legacy_region(path)),
            content.get("expiresAt"),
        )
    start_url = _text(content.get("startUrl"))
    file = CacheFile(path, CacheKind.SSO_TOKEN, identity=start_url)
    if "accessToken" not in content or "expiresAt" not in content:
        missing = "accessToken" if "accessToken" not in content else "expiresAt"
        message = f"Error loading SSO Token: Token for {start_url} is invalid"
        return replace(file, problem=f"has no {missing}", fault=Fault("SSOTokenLoadError", message))
    file = replace(file, renewable_until=_renewable_until(content))
    return _with_end(file, content["expiresAt"])


def _legacy_region(path: Path) -> str | None:
    prefix = "botocore-client-id-"
    return path.stem.removeprefix(prefix) if path.stem.startswith(prefix) else None


def _renewable_until(content: Mapping[str, object]) -> datetime | None:
    """``SSOTokenProvider`` refreshes with these four, until the registration ends."""
    keys = ("refreshToken", "clientId", "clientSecret", "registrationExpiresAt")
    if any(key not in content for key in keys):
        return None
    return times.moment(content["registrationExpiresAt"])


def _login(path: Path, content: dict[str, object]) -> CacheFile:
    """``login/cache``: credentials that renew themselves; how long the login lasts is not stored."""
    file = CacheFile(path, CacheKind.LOGIN)
    required = ("accessToken", "refreshToken", "dpopKey", "clientId")
    missing = [key for key in required if key not in content]
    if missing:
        message = (
            "Error loading login session token: Failed to load access token from token cache, missing "
            f"required fields: {', '.join(missing)}."
        )
        fault = Fault("LoginTokenLoadError", message)
        return replace(file, problem=f"has no {missing[0]}", fault=fault)
    token = content["accessToken"]
    if not isinstance(token, dict):
        fault = Fault("TypeError", "string indices must be integers, not 'str'")
        return replace(file, problem="its accessToken is no JSON object", fault=fault)
    for key in ("accessKeyId", "secretAccessKey", "sessionToken", "expiresAt", "accountId"):
        if key not in token:
            return replace(file, problem=f"has no {key}", fault=Fault("KeyError", repr(key)))
    file = replace(
        file,
        identity=_text(token["accountId"]),
        access_key=_text(token["accessKeyId"]),
        renewable_until=datetime.max.replace(tzinfo=UTC),
    )
    return _with_end(file, token["expiresAt"])


def _with_end(file: CacheFile, end: object) -> CacheFile:
    """Give a token its end. A time without a zone stops botocore as much as one that is no time."""
    try:
        moment = times.parse(end)
    except Raised as raised:
        return replace(file, problem="its expiresAt is no time", fault=raised.fault)
    if moment.tzinfo is None:
        fault = Fault("TypeError", statics.NAIVE)
        return replace(file, problem="its expiresAt names no time zone", fault=fault)
    return replace(file, expires_at=times.to_utc(moment))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
