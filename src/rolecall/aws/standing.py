"""How each profile and each cache entry stands: when it ends, and what happens then."""

import base64
import binascii
import errno
import io
import json
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from rolecall.aws import names, paths, statics, times
from rolecall.aws.cache import CacheFile, CacheKind
from rolecall.aws.config import Value
from rolecall.aws.expiry import RENEWAL_WINDOW, After, Expiry, State, ending
from rolecall.aws.providers import Fault, Hop, Provider
from rolecall.host import Host
from rolecall.text import ago

RECORDED_END_KEYS = (
    "x_security_token_expires",
    "expiration",
    "aws_expiration",
    "aws_session_token_expiration",
)
"""Where tools that paste temporary keys into the credentials file note their end; botocore ignores them."""
RECORDED_END_VARIABLES = (
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_SESSION_EXPIRATION",
    "AWSUME_EXPIRATION",
)
LARGEST_TOKEN = 1_000_000
"""Bytes up to which a web identity token file is read."""


@dataclass(frozen=True, slots=True)
class Standings:
    """Works out expiries from the caches and the clock."""

    host: Host
    where: paths.Paths
    files: Mapping[str, CacheFile]
    now: datetime
    _role_stems: dict[str | None, str] = field(default_factory=dict)
    _roles: dict[str | None, Expiry] = field(default_factory=dict)

    def role_file(self, hop: Hop) -> CacheFile | None:
        """Return the file in ``cli/cache`` that serves this hop, if it is there."""
        stems = self.stems(hop)
        for stem in stems:
            file = self.files.get(paths.place(self.where.cli_cache, f"{stem}.json"))
            if file is not None:
                return file
        return None

    def stems(self, hop: Hop) -> tuple[str, ...]:
        """Return the stems that this hop's file in ``cli/cache`` may have."""
        settings = hop.settings
        if hop.provider == Provider.ASSUME_ROLE:
            return (self._role_stem(hop),)
        if hop.provider == Provider.WEB_IDENTITY:
            return names.web_identity(settings, self.web_identity_token(settings))
        if hop.provider == Provider.SSO:
            return (names.sso_role(settings),)
        return ()

    def _role_stem(self, hop: Hop) -> str:
        # a role's arguments come from its profile alone, and a profile is a hop in many chains
        stem = self._role_stems.get(hop.profile)
        if stem is None:
            stem = self._role_stems[hop.profile] = names.role(hop.settings)
        return stem

    def token_file(self, settings: Mapping[str, Value]) -> CacheFile | None:
        """Return the SSO token's file that these settings lead to, if it is there."""
        # here an empty name counts, in a role's file name it does not: so botocore has it
        name = settings.get("sso_session", settings.get("sso_start_url"))
        if not isinstance(name, str):
            return None
        return self.files.get(paths.place(self.where.sso_cache, f"{names.sso_token(name)}.json"))

    def login_file(self, login_session: str) -> CacheFile | None:
        """Return the login's file, if it is there."""
        return self.files.get(str(self.login_path(login_session)))

    def login_path(self, login_session: str) -> Path:
        """Return where a login's file is or would be."""
        return self.where.login_cache / f"{names.login(login_session)}.json"

    def web_identity_token(self, settings: Mapping[str, Value]) -> str | None:
        """Return the text of a web identity's token, or None where it cannot be read."""
        path = settings.get("web_identity_token_file")
        if not isinstance(path, str) or self.web_identity_fault(path) is not None:
            return None
        if paths.look(Path(path)).stamp is None:
            return None  # a FIFO (process substitution): nobody knows what will come out of it
        # botocore opens it in text mode, which turns every line end into LF
        text = paths.read(Path(path)).decode(self.host.encoding)
        return io.StringIO(text, newline=None).read()

    def web_identity_fault(self, path: Value) -> Fault | None:
        """Return what opening a web identity's token raises, or None where it can be read."""
        if not isinstance(path, str):
            return Fault("TypeError", "expected str, bytes or os.PathLike object, not dict")
        try:
            os.stat(path)  # noqa: PTH116 - as text, for a slash at its end counts
        except (OSError, ValueError) as error:
            return Fault(type(error).__name__, str(error))
        found = paths.look(Path(path))
        if stat.S_ISDIR(found.mode):
            return Fault("IsADirectoryError", f"[Errno {errno.EISDIR}] Is a directory: {path!r}")
        if found.stamp is None:
            return None
        if found.stamp.size > LARGEST_TOKEN:
            return Fault("ParamValidationError", "Parameter validation failed")
        try:
            paths.read(Path(path)).decode(self.host.encoding)
        except (OSError, UnicodeDecodeError) as error:
            return Fault(type(error).__name__, str(error))
        return None

    def of_chain(self, chain: tuple[Hop, ...]) -> list[Expiry]:
        """Return the expiry of each hop, in the chain's order; each knows what it hangs on."""
        expiries: list[Expiry] = []
        for hop in reversed(chain):
            # a role hangs on its profile alone, so a hop that many chains share is worked out once
            known = self._roles.get(hop.profile) if hop.provider == Provider.ASSUME_ROLE else None
            if known is None:
                known = self._of_hop(hop, expiries[-1] if expiries else None, is_own=hop is chain[0])
                if hop.provider == Provider.ASSUME_ROLE and chain[-1].provider is not None:
                    self._roles[hop.profile] = known
            expiries.append(known)
        return expiries[::-1]

    def _of_hop(self, hop: Hop, source: Expiry | None, *, is_own: bool) -> Expiry:
        match hop.provider:
            case None:
                return Expiry(State.BROKEN, after=After.FAILS)
            case Provider.ENV:
                return self.of_environment()
            case Provider.ASSUME_ROLE:
                return self._of_role(hop, source)
            case Provider.WEB_IDENTITY:
                return self._of_web_identity(hop, is_own=is_own)
            case Provider.SSO:
                return self._of_sso(hop, is_own=is_own)
            case Provider.LOGIN:
                return self._of_login(hop)
            case Provider.SHARED_CREDENTIALS | Provider.CONFIG_FILE:
                return self._of_keys(hop.settings)
            case Provider.EC2_FILE | Provider.BOTO:
                return Expiry(State.PERMANENT)
            case _:
                return Expiry(State.UNKNOWN, after=After.AUTOMATIC)

    def of_environment(self) -> Expiry:
        """Return the expiry of the keys in the environment.

        AWS_CREDENTIAL_EXPIRATION binds botocore, with or without a session token; the other variables are
        only notes of the tools that set them.
        """
        environ = self.host.environ
        fault = statics.environment_fault(environ, self.now)
        if fault is not None and fault.message != statics.STILL_EXPIRED:
            return Expiry(State.BROKEN, after=After.MANUAL, reason=fault.message)
        end = _first_end(environ, RECORDED_END_VARIABLES)
        if end is not None and end[0] == RECORDED_END_VARIABLES[0]:
            return ending(end[1], self.now, after=After.MANUAL, source=end[0])
        token = environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN")
        return self._temporary(environ.get("AWS_ACCESS_KEY_ID", ""), token, end)

    def _of_keys(self, settings: Mapping[str, Value]) -> Expiry:
        token = settings.get("aws_security_token", settings.get("aws_session_token"))
        end = _first_end(settings, RECORDED_END_KEYS)
        return self._temporary(settings.get("aws_access_key_id", ""), token, end)

    def _temporary(self, key: Value, token: Value | None, end: tuple[str, datetime] | None) -> Expiry:
        if isinstance(key, str) and key.startswith("ASIA") and not token:
            reason = "a temporary key (ASIA…) without its session token: AWS refuses it"
            return Expiry(State.BROKEN, after=After.MANUAL, reason=reason)
        if not token:
            return Expiry(State.PERMANENT)
        if end is None:
            return Expiry(State.UNKNOWN, after=After.MANUAL)
        return ending(end[1], self.now, after=After.MANUAL, source=end[0])

    def _of_role(self, hop: Hop, source: Expiry | None) -> Expiry:
        asks_mfa = "mfa_serial" in hop.settings
        file = self.role_file(hop)
        if file is None:
            after, reason = _renewal(source, self.now, self.now, asks_mfa=asks_mfa)
            return Expiry(State.IDLE, after=after, reason=reason)
        if file.fault_at(self.now) or file.expires_at is None:
            return _unusable(file)
        is_due = file.expires_at - self.now <= RENEWAL_WINDOW
        due = self.now if is_due else file.expires_at - RENEWAL_WINDOW
        until = self.now if is_due else file.expires_at
        after, reason = _renewal(source, due, until, asks_mfa=asks_mfa)
        return self._cached(file, after, reason)

    def _of_web_identity(self, hop: Hop, *, is_own: bool) -> Expiry:
        token = self.web_identity_token(hop.settings)
        end = _jwt_end(token) if token is not None else None
        after, reason = After.AUTOMATIC, None
        if self.web_identity_fault(hop.settings.get("web_identity_token_file", "")) is not None:
            after, reason = After.FAILS, "its web identity token cannot be read"
        elif end is not None and end <= self.now:
            after, reason = After.FAILS, f"its web identity token ended {ago(self.now - end)}"
        # what a role draws on is kept in memory only
        file = self.role_file(hop) if is_own else None
        if file is None:
            return Expiry(State.IDLE, after=after, reason=reason)
        return _unusable(file) if file.fault_at(self.now) else self._cached(file, after, reason)

    def _of_sso(self, hop: Hop, *, is_own: bool) -> Expiry:
        token = self.of_token(self.token_file(hop.settings), refreshes="sso_session" in hop.settings)
        file = self.role_file(hop) if is_own else None
        if file is None or file.expires_at is None or file.expires_at <= self.now:
            return token
        # CLI v2 keeps the role's credentials, and they outlive their token
        outlives = token.at is None or token.at <= file.expires_at
        ends_first = token.after is After.LOGIN and (not token.state.is_live or outlives)
        return self._cached(file, After.LOGIN if ends_first else After.AUTOMATIC, token.reason)

    def of_token(self, file: CacheFile | None, *, refreshes: bool) -> Expiry:
        """Return the expiry of an SSO token.

        Only a token that belongs to an sso-session is refreshed; the legacy form ends for good.
        """
        if file is None:
            return Expiry(State.IDLE, after=After.LOGIN, reason="nobody has logged in")
        if file.expires_at is None:
            return replace(_unusable(file), after=After.LOGIN)
        source = _name(file)
        until = file.renewable_until if refreshes else None
        if until is not None and until > max(self.now, file.expires_at):
            return self._renewing_itself(file, until)
        reason = None if file.expires_at > self.now else "the SSO token has expired"
        return ending(
            file.expires_at,
            self.now,
            after=After.LOGIN,
            reason=reason,
            source=source,
            began=file.written,
        )

    def _of_login(self, hop: Hop) -> Expiry:
        session = hop.settings.get("login_session")
        file = self.login_file(session) if isinstance(session, str) else None
        if file is None:
            return Expiry(State.IDLE, after=After.LOGIN, reason="nobody has logged in")
        if file.expires_at is None:
            return replace(_unusable(file), after=After.LOGIN)
        return self._renewing_itself(file, file.renewable_until)

    def _renewing_itself(self, file: CacheFile, until: datetime | None) -> Expiry:
        assert file.expires_at is not None  # noqa: S101 - for the type checker: the callers looked
        return ending(
            file.expires_at,
            self.now,
            after=After.AUTOMATIC,
            source=_name(file),
            began=file.written,
            renewable_until=until,
        )

    def _cached(self, file: CacheFile, after: After, reason: str | None) -> Expiry:
        assert file.expires_at is not None  # noqa: S101 - for the type checker: the callers looked
        return ending(
            file.expires_at,
            self.now,
            after=after,
            reason=reason,
            source=_name(file),
            began=file.written,
            renewed_early=True,
        )

    def of_file(self, file: CacheFile, users: tuple[Expiry, ...]) -> Expiry:
        """Return a cache entry's own expiry; what comes after is what its first user says."""
        if file.fault_at(self.now) is not None:
            return _unusable(file)
        if file.expires_at is None:
            return Expiry(State.UNKNOWN)
        after = users[0].after if users else After.NEVER
        reason = users[0].reason if users else None
        if file.kind in (CacheKind.ROLE, CacheKind.SSO_ROLE):
            return self._cached(file, after, reason)
        if file.kind in (CacheKind.SSO_TOKEN, CacheKind.LOGIN):
            return self.of_token(file, refreshes=True)
        return ending(file.expires_at, self.now, after=After.LOGIN, began=file.written)


def _renewal(
    source: Expiry | None, due: datetime, until: datetime, *, asks_mfa: bool
) -> tuple[After, str | None]:
    """Say what fetching a role anew takes, given how its source stands.

    Args:
        source: the source's expiry.
        due: when it is fetched: now, or 15 minutes before the end of the role's cached credentials.
        until: when the source must still be good: now, or at that end.
        asks_mfa: whether the role itself names an MFA device.
    """
    if source is None:
        return After.FAILS, None
    if source.state is State.BROKEN:
        return After.FAILS, source.reason or "its source is broken"
    lasts = _lasts(source, due, until)
    if not lasts and source.after in (After.MANUAL, After.FAILS, After.NEVER):
        return After.FAILS, source.reason or _source_ends(source)
    if not lasts and source.after is After.LOGIN:
        return After.LOGIN, source.reason or "its SSO token will have ended"
    is_asked = asks_mfa or (not lasts and source.after is After.MFA)
    return (After.MFA if is_asked else After.AUTOMATIC), None


def _lasts(source: Expiry, due: datetime, until: datetime) -> bool:
    """Whether a source can be used as it is; a cached role with less than 15 minutes left cannot."""
    if source.state is State.IDLE:
        return False
    if source.at is None:
        return True
    return source.at - due >= RENEWAL_WINDOW if source.renewed_early else source.at > until


def _source_ends(source: Expiry) -> str:
    return "its source has expired" if source.state is State.EXPIRED else "its source ends first"


def _first_end(values: Mapping[str, Value], keys: Iterable[str]) -> tuple[str, datetime] | None:
    """Return the first key that notes an end that can be read, with the end."""
    for key in keys:
        moment = times.moment(values.get(key))
        if moment is not None:
            return key, moment
    return None


def _unusable(file: CacheFile) -> Expiry:
    reason = f"{file.path.name} {file.problem}" if file.problem else None
    return Expiry(State.BROKEN, after=After.FAILS, reason=reason, source=_name(file))


def _name(file: CacheFile) -> str:
    return "/".join(file.path.parts[-3:])


def _jwt_end(token: str) -> datetime | None:
    """Return the ``exp`` of a JSON web token, unverified; None where there is none to read."""
    parts = token.strip().split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        return None
    try:
        payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(payload["exp"], tz=UTC)
    except (binascii.Error, ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError):
        return None
