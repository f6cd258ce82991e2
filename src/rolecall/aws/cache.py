"""The four cache directories: what each file holds, and what the AWS tools would make of it."""

import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from rolecall.aws import names, paths, times
from rolecall.aws.expiry import RENEWAL_WINDOW
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
        mode: the permission bits.
    """

    path: Path
    kind: CacheKind
    stamp: paths.Stamp | None = None
    expires_at: datetime | None = None
    renewable_until: datetime | None = None
    identity: str | None = None
    access_key: str | None = field(default=None, repr=False)
    problem: str | None = None
    fault: Fault | None = None
    mode: int = 0

    def fault_at(self, now: datetime) -> Fault | None:
        """Return what the AWS tools raise over it at some moment.

        Parts missing from a role's entry do no harm once it is due for renewal: it is not looked at any more.
        """
        if self.fault is None or self.expires_at is None or self.expires_at - now >= RENEWAL_WINDOW:
            return self.fault
        return None

    @property
    def written(self) -> datetime | None:
        """When the file was last written."""
        if self.stamp is None:
            return None
        return datetime.fromtimestamp(self.stamp.modified / 1e9, UTC)


def read_all(where: paths.Paths, encoding: str, known: Mapping[str, CacheFile]) -> dict[str, CacheFile]:
    """Read the four directories; a file with the stamp it had when it was ``known`` is not read again.

    Both are by path, as text.
    """
    readers = (
        (where.cli_cache, _role),
        (where.sso_cache, _sso),
        (where.login_cache, _login),
        (where.boto_cache, _role),
    )
    return {
        str(file.path): file
        for directory, reader in readers
        for file in _read_directory(directory, reader, encoding, known)
    }


_SSO_NAME = re.compile(r"[0-9a-f]{40}|botocore-client-id-.+")


def is_named_by_aws_tools(path: Path, where: paths.Paths) -> bool:
    """Whether a cache file may be of an AWS tool: in ``sso/cache`` editors and others keep tokens, too."""
    return path.parent != where.sso_cache or _SSO_NAME.fullmatch(path.stem) is not None


_LOGIN_NAME = re.compile(r"[0-9a-f]{64}")
"""The directory may be set by a variable to one in which other programs keep JSON files."""
Reader = Callable[[Path, object], CacheFile]


def _read_directory(
    directory: Path, reader: Reader, encoding: str, known: Mapping[str, CacheFile]
) -> Iterator[CacheFile]:
    try:
        names = sorted(os.listdir(directory))  # noqa: PTH208 - names, for 10,000 files
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return
    except OSError as error:
        yield CacheFile(
            directory, CacheKind.UNKNOWN, problem=f"the directory cannot be listed: {error.strerror}"
        )
        return
    for name in names:
        path = directory / name
        found = paths.look(path)
        before = known.get(str(path))
        if before is not None and found.stamp is not None and before.stamp == found.stamp:
            yield before
        elif found.presence is paths.Presence.FILE:
            yield replace(_read(path, reader, encoding), stamp=found.stamp, mode=found.mode)
        elif found.reason is not None and not stat.S_ISDIR(found.mode):
            yield CacheFile(path, CacheKind.UNKNOWN, problem=found.reason)


def _read(path: Path, reader: Reader, encoding: str) -> CacheFile:
    if path.suffix != ".json" or (reader is _login and not _LOGIN_NAME.fullmatch(path.stem)):
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
    if not isinstance(error, json.JSONDecodeError):
        return "is not JSON"
    if not error.doc.strip():
        return "is empty"
    cut_off = error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg
    return "is cut off: half-written" if cut_off else "is not JSON"


def _role(path: Path, content: object) -> CacheFile:
    """``cli/cache`` and ``boto/cache``: the answer of AssumeRole or of GetRoleCredentials.

    ``CachedCredentialFetcher`` looks at the Expiration first, and at the rest only while it is far enough.
    """
    is_sso = isinstance(content, dict) and content.get("ProviderType") == "sso"
    file = CacheFile(path, CacheKind.SSO_ROLE if is_sso else CacheKind.ROLE)
    try:
        end = times.instant(_dig(content, "Credentials", "Expiration"))
    except Raised as raised:
        if not isinstance(content, dict):
            file = replace(file, kind=CacheKind.UNKNOWN)
        return replace(file, problem=_missing(raised.fault, "Expiration"), fault=raised.fault)
    try:
        for key in ("SessionToken", "SecretAccessKey", "AccessKeyId"):
            found = _dig(content, "Credentials", key)
    except Raised as raised:
        problem, identity = _missing(raised.fault, key), _role_identity(content)
        return replace(file, expires_at=end, identity=identity, problem=problem, fault=raised.fault)
    return replace(file, expires_at=end, identity=_role_identity(content), access_key=_text(found))


def _role_identity(content: object) -> str | None:
    for keys in (("AssumedRoleUser", "Arn"), ("Credentials", "AccountId")):
        try:
            found = _text(_dig(content, *keys))
        except Raised:
            continue
        if found:
            return found
    return None


def _dig(content: Any, *keys: str) -> object:  # noqa: ANN401 - whatever the JSON holds
    """Follow keys into what was read; raise what Python raises for botocore, in the same words."""
    try:
        for key in keys:
            content = content[key]
    except (KeyError, TypeError) as error:
        raise Raised(type(error).__name__, str(error)) from None
    return content


def _missing(fault: Fault, key: str) -> str:
    """Say in plain words what an error says of a file's content."""
    if fault.error == "KeyError":
        return f"has no {fault.message.strip(chr(39))}"
    if fault.message == times.NAIVE:
        return f"its {key} names no time zone"
    is_shape = any(words in fault.message for words in ("subscriptable", "indices", "iterable"))
    return "is no JSON object" if is_shape else f"its {key} is no time"


def _sso(path: Path, content: object) -> CacheFile:
    """``sso/cache``: tokens and client registrations."""
    if not isinstance(content, dict):
        return _no_object(path, content)
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
    if path.stem != names.sso_token(start_url or ""):
        # the old form, without an sso-session, is filed under its start URL and never refreshed
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


def _no_object(path: Path, content: object) -> CacheFile:
    """botocore asks whether some key is in what it read, which a list answers and a number does not."""  # noqa: D403
    if isinstance(content, (list, str)):
        fault = Fault("SSOTokenLoadError", "Error loading SSO Token: Token is invalid")
    else:
        kind = type(content).__name__
        fault = Fault("TypeError", f"argument of type '{kind}' is not iterable")
    return CacheFile(path, CacheKind.UNKNOWN, problem="is no JSON object", fault=fault)


NULL_LOGIN = Fault("LoginTokenLoadError", "there is nothing in the file but null")
"""The fault of a login's file that holds JSON's ``null``: to botocore it is no file at all."""


def _login(path: Path, content: object) -> CacheFile:
    """``login/cache``: credentials that renew themselves; how long the login lasts is not stored."""
    if content is None:
        return CacheFile(path, CacheKind.UNKNOWN, problem="holds null and nothing else", fault=NULL_LOGIN)
    file = CacheFile(path, CacheKind.LOGIN if isinstance(content, dict) else CacheKind.UNKNOWN)
    try:
        file = _login_identity(file, content)
    except Raised as raised:
        return replace(file, problem=_missing(raised.fault, "accessToken"), fault=raised.fault)
    return file if file.fault is not None else _with_end(file, _dig(content, "accessToken", "expiresAt"))


def _login_identity(file: CacheFile, content: Any) -> CacheFile:  # noqa: ANN401 - whatever the JSON holds
    required = ("accessToken", "refreshToken", "dpopKey", "clientId")
    try:
        missing = [key for key in required if key not in content]
    except TypeError as error:
        raise Raised("TypeError", str(error)) from None
    if missing:
        message = (
            "Error loading login session token: Failed to load access token from token cache, missing "
            f"required fields: {', '.join(missing)}."
        )
        fault = Fault("LoginTokenLoadError", message)
        return replace(file, problem=f"has no {missing[0]}", fault=fault)
    for key in ("accessKeyId", "secretAccessKey", "sessionToken", "expiresAt", "accountId"):
        _dig(content, "accessToken", key)
    return replace(
        file,
        identity=_text(_dig(content, "accessToken", "accountId")),
        access_key=_text(_dig(content, "accessToken", "accessKeyId")),
        renewable_until=datetime.max.replace(tzinfo=UTC),
    )


def _with_end(file: CacheFile, end: object) -> CacheFile:
    """Give a token its end. A time without a zone stops botocore as much as one that is no time."""
    try:
        return replace(file, expires_at=times.instant(end))
    except Raised as raised:
        return replace(file, problem=_missing(raised.fault, "expiresAt"), fault=raised.fault)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
