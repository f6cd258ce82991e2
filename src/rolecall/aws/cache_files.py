"""The cache files of AWS tools: their names, predicted as botocore makes them, and what is in them."""

import base64
import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

from rolecall.aws import paths, timestamps, write_access
from rolecall.aws.config_file import Value
from rolecall.aws.expiry import RENEWAL_WINDOW
from rolecall.aws.providers import Cause, PredictedError, PredictedErrorRaised, Tool
from rolecall.aws.write_access import Obstacle
from rolecall.host import MEBIBYTE, TooLargeError, require_inside
from rolecall.values import dataclass


def role(settings: Mapping[str, Value]) -> str:
    """Return the stem of an assumed role's file in ``cli/cache`` (``AssumeRoleCredentialFetcher``).

    The source profile, the region and the profile's own name are not part of it, so two profiles may share
    one file. A session name that botocore makes up (none or an empty one is set) is left out.
    """
    arguments: dict[str, object] = {"RoleArn": settings["role_arn"]}
    if settings.get("role_session_name"):
        arguments["RoleSessionName"] = settings["role_session_name"]
    if settings.get("external_id") is not None:
        arguments["ExternalId"] = settings["external_id"]
    if settings.get("mfa_serial") is not None:
        arguments["SerialNumber"] = settings["mfa_serial"]
    duration = duration_seconds(settings)
    if duration is not None:
        arguments["DurationSeconds"] = duration
    return _sha1(json.dumps(arguments, sort_keys=True))


def duration_seconds(settings: Mapping[str, Value]) -> int | None:
    """Return the duration that is sent to STS, in seconds; botocore ignores one that is not an integer."""
    value = settings.get("duration_seconds")
    if not isinstance(value, str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def web_identity(settings: Mapping[str, Value], token: str | None) -> tuple[str, ...]:
    """Return the possible stems of a web identity's file in ``cli/cache``, CLI v2's first.

    CLI v1 from 1.46 puts the token's text into the name; botocore and CLI v2 leave it out.
    """
    arguments: dict[str, object] = {"RoleArn": settings["role_arn"]}
    if settings.get("role_session_name"):
        arguments["RoleSessionName"] = settings["role_session_name"]
    plain = _sha1(json.dumps(arguments, sort_keys=True))
    if token is None:
        return (plain,)
    return (plain, _sha1(json.dumps(arguments | {"WebIdentityToken": token}, sort_keys=True)))


def sso_role(settings: Mapping[str, Value]) -> str:
    """Return the stem of an SSO role's file in ``cli/cache``, which only CLI v2 writes."""
    arguments = {"roleName": settings["sso_role_name"], "accountId": settings["sso_account_id"]}
    if settings.get("sso_session"):
        arguments["sessionName"] = settings["sso_session"]
    else:
        arguments["startUrl"] = settings["sso_start_url"]
    return _sha1(json.dumps(arguments, sort_keys=True, separators=(",", ":")))


def sso_token(session_or_start_url: str) -> str:
    """Return the stem of a token's file in ``sso/cache`` (``SSOTokenLoader``)."""
    return _sha1(session_or_start_url)


def sso_registration(
    start_url: str, region: str, scopes: Sequence[str] | None, session_name: str | None
) -> str:
    """Return the stem of a client registration's file in ``sso/cache`` (``SSOTokenFetcher``)."""
    arguments = {
        "tool": "botocore",
        "startUrl": start_url,
        "region": region,
        "scopes": list(scopes) if scopes is not None else None,
        "session_name": session_name,
    }
    return _sha1(json.dumps(arguments, sort_keys=True))


def login(login_session: str) -> str:
    """Return the stem of a login's file in ``login/cache``."""
    return sha256(login_session.encode(errors="surrogatepass")).hexdigest()


def _sha1(text: str) -> str:
    return sha1(text.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()


_CLOSED = "cannot be read: it "
LARGEST = MEBIBYTE
"""Bytes up to which a cache file is read: AWS tools write a few thousand."""


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
        stamp: shows whether it has changed since.
        expires_at: the expiry in it, aware, in UTC.
        renewable_until: how long its refresh token can be used; ``datetime.max`` where no expiry is stored.
        identity: the identity in it: an ARN, a start URL, an account id.
        region: the region of IAM Identity Center that gave a token.
        access_key: the access key id in it.
        problem: what is wrong with it, in plain words.
        fault: what AWS tools raise when they read it.
        renewal_fault: what renewing a login raises over its key, before it asks AWS.
        mode: the permission bits.
        is_link: whether the path is a symlink to a file elsewhere.
        is_foreign: whether no AWS tool writes files of that name there. Editors keep tokens in ``sso/cache``;
            the login cache may be set by a variable to any directory; and each may be a link to one.
        obstacle: what keeps it from being written in place, as CLI v2 does; the others replace it.
    """

    path: Path
    kind: CacheKind
    stamp: paths.Stamp | None = None
    expires_at: datetime | None = None
    renewable_until: datetime | None = None
    identity: str | None = None
    region: str | None = None
    access_key: str | None = field(default=None, repr=False)
    problem: str | None = None
    fault: PredictedError | None = None
    renewal_fault: PredictedError | None = None
    mode: int = 0
    is_link: bool = False
    is_foreign: bool = False
    obstacle: Obstacle | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it may not be read: what is in it is unknown, and may be valid."""
        return self.problem is not None and self.problem.startswith(_CLOSED)

    @property
    def is_damaged(self) -> bool:
        """Whether AWS tools would fail if they read it."""
        return self.fault is not None and not self.is_foreign

    def fault_at(self, now: datetime) -> PredictedError | None:
        """Return what AWS tools raise when they read it at a given time.

        Parts that are missing, or no text, do no harm once it is due for renewal: they are no longer read.
        """
        if self.fault is None or self.expires_at is None or self.expires_at - now >= RENEWAL_WINDOW:
            return self.fault
        return None

    @property
    def written(self) -> datetime | None:
        """When the file was last written; None where that is unknown (in a year that no calendar has)."""
        return timestamps.from_timestamp(self.stamp.modified / 1e9) if self.stamp is not None else None


def read_all(where: paths.Paths, encoding: str, known: Mapping[str, CacheFile]) -> dict[str, CacheFile]:
    """Read the four directories; a file with the stamp it had when it was ``known`` is not read again.

    Both are by path, as text. A directory that cannot be listed is in the result itself, with a problem.
    """
    return {
        str(file.path): file
        for directory in _directories(where)
        for file in _read_directory(directory, encoding, known)
    }


Reader = Callable[[Path, object], CacheFile]


@dataclass(frozen=True, slots=True)
class _Directory:
    """A cache directory: the kind of its files, and the names that AWS tools give them."""

    path: Path
    read: Reader
    names: re.Pattern[str]

    def has_named(self, name: str) -> bool:
        return self.names.fullmatch(name) is not None or paths.OF_AWS_TOOLS.fullmatch(name) is not None


_SHA1 = re.compile(r"[0-9a-f]{40}\.json")
_SHA1_OR_REGION = re.compile(r"([0-9a-f]{40}|botocore-client-id-[a-z0-9-]+)\.json")
_SHA256 = re.compile(r"[0-9a-f]{64}\.json")


def _directories(where: paths.Paths) -> tuple[_Directory, ...]:
    return (
        _Directory(where.cli_cache, _role, _SHA1),
        _Directory(where.sso_cache, _sso, _SHA1_OR_REGION),
        _Directory(where.login_cache, _login, _SHA256),
        _Directory(where.boto_cache, _role, _SHA1),
    )


def _read_directory(
    directory: _Directory, encoding: str, known: Mapping[str, CacheFile]
) -> Iterator[CacheFile]:
    names: dict[str, bool] = {}
    problem = None
    try:
        require_inside(directory.path)
        with os.scandir(directory.path) as listing:
            for each in listing:
                names[each.name] = each.is_symlink()
    except (OSError, ValueError) as error:
        problem = _unlisted(directory.path, error)
    if problem is not None:
        yield CacheFile(directory.path, CacheKind.UNKNOWN, problem=problem)
    for name in sorted(names):
        path = directory.path / name
        file = _look(path, directory, encoding, known.get(str(path)), is_link=names[name])
        if file is not None:
            yield file


def _unlisted(directory: Path, error: OSError | ValueError) -> str | None:
    """Return why a directory cannot be listed; None where there is none."""
    if isinstance(error, ValueError):
        return None
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        if isinstance(error, FileNotFoundError) and not os.path.lexists(directory):
            return None
        found = paths.look(directory)
        if found.presence is paths.Presence.FILE:
            return "is a file, not a directory"
        return found.reason.split(";")[0] if found.reason is not None else None
    return f"the directory cannot be listed: {error.strerror}"


def _look(
    path: Path, directory: _Directory, encoding: str, before: CacheFile | None, *, is_link: bool
) -> CacheFile | None:
    """Return what is at a path; None where it is gone by now, or is a directory."""
    is_foreign = not directory.has_named(path.name)
    found = paths.look(path)
    if found.presence is not paths.Presence.FILE:
        if found.reason is None or (stat.S_ISDIR(found.mode) and is_foreign):
            return None
        return CacheFile(
            path,
            CacheKind.UNKNOWN,
            problem=found.reason,
            is_link=is_link,
            is_foreign=is_foreign,
            obstacle=write_access.of_file(path) if stat.S_ISDIR(found.mode) else None,
        )
    if before is not None and (before.stamp, before.is_link) == (found.stamp, is_link):
        return before
    try:
        file = _read(path, directory, encoding)
    except Exception as error:  # noqa: BLE001 - one odd file never takes the rest down
        fault = PredictedError(type(error).__name__, str(error))
        file = CacheFile(path, CacheKind.UNKNOWN, problem=f"cannot be read ({fault.error})", fault=fault)
    file = replace(
        file,
        stamp=found.stamp,
        mode=found.mode,
        is_link=is_link,
        is_foreign=is_foreign,
        obstacle=write_access.of_file(path),
    )
    return file if file.problem or file.written else replace(file, problem=_NO_TIME)


_NO_TIME = "was written in a year that no calendar has"


def _read(path: Path, directory: _Directory, encoding: str) -> CacheFile:
    if path.suffix != ".json" or (directory.read is _login and not directory.has_named(path.name)):
        return CacheFile(path, CacheKind.UNKNOWN, problem=_foreign(path.name))
    try:
        content = json.loads(paths.read_file(path, LARGEST).decode(encoding))
    except RecursionError:
        fault = PredictedError("RecursionError", "maximum recursion depth exceeded")
        return CacheFile(path, CacheKind.UNKNOWN, problem="is nested too deep", fault=fault)
    except (OSError, ValueError) as error:
        # JSONFileCache turns both into a KeyError with the file's stem, and nothing catches that
        fault = PredictedError("KeyError", repr(path.stem))
        return CacheFile(path, CacheKind.UNKNOWN, problem=_unusable(path, error), fault=fault)
    return directory.read(path, content)


def _foreign(name: str) -> str:
    if name.startswith("session.db"):
        return "AWS CLI v2's usage data; has no credentials"
    if name.endswith(".tmp"):
        return "left behind by an interrupted write"
    return "not one of the AWS tools' files"


def _unusable(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, PermissionError):
        return f"{_CLOSED}{paths.whose(path)}"
    if isinstance(error, TooLargeError):
        return f"is too large: {error.strerror}, and AWS tools write a few kB"
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

    ``CachedCredentialFetcher`` reads the Expiration first, and the rest only if enough time is left.
    """
    is_sso = isinstance(content, dict) and content.get("ProviderType") == "sso"
    kind = CacheKind.SSO_ROLE if is_sso else CacheKind.ROLE
    try:
        end = timestamps.instant(_dig(content, "Credentials", "Expiration"))
    except PredictedErrorRaised as raised:
        kind = kind if isinstance(content, dict) else CacheKind.UNKNOWN
        return CacheFile(path, kind, problem=_missing(raised.fault, "Expiration"), fault=raised.fault)
    identity = _role_identity(content)
    try:
        keys = ("SessionToken", "SecretAccessKey", "AccessKeyId")
        parts = {key: _dig(content, "Credentials", key) for key in keys}
    except PredictedErrorRaised as raised:
        key = raised.fault.subject if raised.fault.subjects else keys[0]
        problem = _missing(raised.fault, key)
        return CacheFile(path, kind, expires_at=end, identity=identity, problem=problem, fault=raised.fault)
    access_key = _text(parts["AccessKeyId"])
    file = CacheFile(path, kind, expires_at=end, identity=identity, access_key=access_key)
    return _with_keys(file, parts)


def _with_keys(file: CacheFile, parts: Mapping[str, object]) -> CacheFile:
    """Give a file what signing raises over its keys, if one is no text (botocore's ``SigV4Auth``).

    Args:
        file: the file.
        parts: its session token, its secret, its access key id. A token that is null or empty is not sent.
    """
    token, secret, access_key = parts
    kinds = {key: type(value).__name__ for key, value in parts.items() if not isinstance(value, str)}
    if token in kinds and parts[token]:
        key, raised = token, ("AttributeError", f"'{kinds[token]}' object has no attribute 'split'")
    elif secret in kinds:
        key, raised = secret, ("TypeError", f'can only concatenate str (not "{kinds[secret]}") to str')
    elif access_key in kinds:
        found = kinds[access_key]
        key, raised = access_key, ("TypeError", f"sequence item 0: expected str instance, {found} found")
    else:
        return file
    problem = f"has {'null' if parts[key] is None else 'no text'} as its {key}"
    return replace(file, problem=problem, fault=PredictedError(*raised, Cause.KEYS_NO_TEXT, (key,)))


def _role_identity(content: object) -> str | None:
    for keys in (("AssumedRoleUser", "Arn"), ("Credentials", "AccountId")):
        try:
            found = _text(_dig(content, *keys))
        except PredictedErrorRaised:
            continue
        if found:
            return found
    return None


def _dig(content: Any, *keys: str) -> object:  # noqa: ANN401 - whatever the JSON holds
    """Follow keys into the JSON; raise what Python raises in botocore, in the same words."""
    try:
        for key in keys:
            content = content[key]
    except (KeyError, TypeError) as error:
        is_missing = isinstance(error, KeyError)
        cause, *subjects = (Cause.KEY_MISSING, key) if is_missing else (Cause.WRONG_SHAPE,)
        raise PredictedErrorRaised(type(error).__name__, str(error), cause, *subjects) from None
    return content


def _missing(fault: PredictedError, key: str) -> str:
    """Return in plain words what an error says about a file's content."""
    match fault.cause:
        case Cause.KEY_MISSING:
            return f"has no {fault.subject}"
        case Cause.WRONG_SHAPE:
            return "is not a JSON object"
        case Cause.TIME_WITHOUT_ZONE:
            return f"its {key} names no time zone"
        case _:
            return f"its {key} is not a time"


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
    file = CacheFile(path, CacheKind.SSO_TOKEN, identity=start_url, region=_text(content.get("region")))
    if "accessToken" not in content or "expiresAt" not in content:
        missing = "accessToken" if "accessToken" not in content else "expiresAt"
        message = f"Error loading SSO Token: Token for {start_url} is invalid"
        return replace(
            file,
            problem=f"has no {missing}",
            fault=PredictedError("SSOTokenLoadError", message, Cause.KEY_MISSING, (missing,)),
        )
    if path.stem != sso_token(start_url or ""):
        # the old form, without an sso-session, is filed under its start URL and never refreshed
        file = replace(file, renewable_until=_renewable_until(content))
    return _with_end(file, content["expiresAt"])


def _legacy_region(path: Path) -> str | None:
    prefix = "botocore-client-id-"
    return path.stem.removeprefix(prefix) if path.stem.startswith(prefix) else None


def _renewable_until(content: Mapping[str, object]) -> datetime | None:
    """``SSOTokenProvider`` refreshes with these four, until the registration expires."""
    keys = ("refreshToken", "clientId", "clientSecret", "registrationExpiresAt")
    if any(key not in content for key in keys):
        return None
    return timestamps.parse_timestamp(content["registrationExpiresAt"])


def _no_object(path: Path, content: object) -> CacheFile:
    """botocore asks whether some key is in what it read, which a list answers and a number does not."""  # noqa: D403
    if isinstance(content, (list, str)):
        fault = PredictedError(
            "SSOTokenLoadError", "Error loading SSO Token: Token is invalid", Cause.WRONG_SHAPE
        )
    else:
        kind = type(content).__name__
        fault = PredictedError("TypeError", f"argument of type '{kind}' is not iterable", Cause.WRONG_SHAPE)
    return CacheFile(path, CacheKind.UNKNOWN, problem="is not a JSON object", fault=fault)


NULL_LOGIN = PredictedError("LoginTokenLoadError", "there is nothing in the file but null", Cause.HOLDS_NULL)
"""The error for a login's file that contains ``null``: to botocore it is no file at all."""


_MISSING_FIELDS = "Failed to load access token from token cache, missing "
_NO_KEY = "Unable to load private key from cached token"


def login_words(fault: PredictedError, tool: Tool | None) -> PredictedError:
    """Return a fault of a login as a tool words it (CLI v2's own ``LoginCredentialFetcher``)."""
    if tool is not Tool.CLI_V2:
        is_of_key = fault.message.startswith(f"{_LOGIN}{_NO_KEY}: ")
        return replace(fault, message=f"{_LOGIN}{_NO_KEY}.") if is_of_key else fault
    message = fault.message.replace(". Please reauthenticate with", ", Please reauthenticate with")
    if message.startswith(f"{_LOGIN}{_MISSING_FIELDS}"):
        message = f"{_LOGIN}{_MISSING_FIELDS}one or more required fields."
    return replace(fault, message=message)


_LOGIN = "Error loading login session token: "
_SEQUENCE = 0x30
_LONG = 0x80


def _key_fault(pem: object) -> PredictedError | None:
    """Return what renewing a login raises over its dpopKey (``_load_private_key``), in CLI v2's words.

    Whether a key that is whole is a good one, only the CRT knows.
    """
    if not isinstance(pem, str):
        return None
    lines = (line for line in pem.splitlines() if not line.startswith(("-----BEGIN", "-----END")))
    try:
        der = base64.b64decode("".join(lines).strip())
    except ValueError as error:
        return PredictedError("LoginTokenLoadError", f"{_LOGIN}{_NO_KEY}: {error}")
    if der[:1] == bytes((_SEQUENCE,)) and (der[1:2] >= bytes((_LONG,)) or len(der) == 2 + sum(der[1:2])):
        return None
    return PredictedError("RuntimeError", _MALFORMED) if der else None


_MALFORMED = (
    "7172 (AWS_ERROR_CAL_MALFORMED_ASN1_ENCOUNTERED): An ASN.1 DER decoding operation failed on malformed "
    "input."
)


def _login(path: Path, content: object) -> CacheFile:
    """``login/cache``: credentials that renew themselves; how long the login lasts is not stored."""
    if content is None:
        return CacheFile(path, CacheKind.UNKNOWN, problem="contains only null", fault=NULL_LOGIN)
    file = CacheFile(path, CacheKind.LOGIN if isinstance(content, dict) else CacheKind.UNKNOWN)
    try:
        file = _login_identity(file, content)
    except PredictedErrorRaised as raised:
        return replace(file, problem=_missing(raised.fault, "accessToken"), fault=raised.fault)
    if file.fault is not None:
        return file
    file = _with_end(file, _dig(content, "accessToken", "expiresAt"))
    keys = ("sessionToken", "secretAccessKey", "accessKeyId")
    parts = {key: _dig(content, "accessToken", key) for key in keys}
    return file if file.fault is not None else _with_keys(file, parts)


def _login_identity(file: CacheFile, content: Any) -> CacheFile:  # noqa: ANN401 - whatever the JSON holds
    required = ("accessToken", "refreshToken", "dpopKey", "clientId")
    try:
        missing = [key for key in required if key not in content]
    except TypeError as error:
        raise PredictedErrorRaised("TypeError", str(error), Cause.WRONG_SHAPE) from None
    if missing:
        message = f"{_LOGIN}{_MISSING_FIELDS}required fields: {', '.join(missing)}."
        fault = PredictedError("LoginTokenLoadError", message, Cause.KEY_MISSING, tuple(missing))
        return replace(file, problem=f"has no {missing[0]}", fault=fault)
    for key in ("accessKeyId", "secretAccessKey", "sessionToken", "expiresAt", "accountId"):
        _dig(content, "accessToken", key)
    return replace(
        file,
        identity=_text(_dig(content, "accessToken", "accountId")),
        access_key=_text(_dig(content, "accessToken", "accessKeyId")),
        renewable_until=datetime.max.replace(tzinfo=UTC),
        renewal_fault=_key_fault(content["dpopKey"]),
    )


def _with_end(file: CacheFile, end: object) -> CacheFile:
    """Give a token its expiry. A time without a zone stops botocore as much as one that is not a time."""
    try:
        return replace(file, expires_at=timestamps.instant(end))
    except PredictedErrorRaised as raised:
        return replace(file, problem=_missing(raised.fault, "expiresAt"), fault=raised.fault)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
