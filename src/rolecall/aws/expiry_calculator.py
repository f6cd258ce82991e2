"""The expiry of each profile and each cache entry, and what happens afterwards."""

import base64
import binascii
import errno
import io
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path

from rolecall.aws import cache_files, paths, provider_checks, timestamps
from rolecall.aws.cache_files import CacheFile, CacheKind
from rolecall.aws.config_file import Value
from rolecall.aws.expiry import RENEWAL_WINDOW, After, Expiry, State, ending
from rolecall.aws.providers import Cause, Hop, PredictedError, Provider, Tool
from rolecall.aws.role_parameters import misfits
from rolecall.aws.value_shapes import Misfit, Weight, key_misfits, key_misfits_of
from rolecall.aws.write_access import Obstacle, ObstacleKind
from rolecall.host import Host
from rolecall.text import ago
from rolecall.values import dataclass

LARGEST_TOKEN = 1_000_000
"""Bytes up to which a web identity token file is read."""


KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")
"""The keys in the environment; of two tokens, botocore takes the first that is not empty."""


def _is_directory(file: CacheFile) -> bool:
    """Whether a directory is in the place of a cache file."""
    return file.obstacle is not None and file.obstacle.kind is ObstacleKind.DIRECTORY


@dataclass(frozen=True, slots=True)
class ExpiryCalculator:
    """Works out expiries from the caches and the clock.

    Attributes:
        host: the Host.
        where: its paths.
        files: the cache files, by path.
        now: the time.
        obstacles: what keeps new files from being written, by cache directory.
        elsewhere: the profiles with calls to another service than AWS (``provider_checks.elsewhere``).
        fetches: what ``use`` has worked out of a role, by tool, what keeps it from signing, and profile.
    """

    host: Host
    where: paths.Paths
    files: Mapping[str, CacheFile]
    now: datetime
    obstacles: Mapping[Path, Obstacle] = field(default_factory=dict)
    elsewhere: frozenset[str | None] = frozenset()
    _role_stems: dict[str | None, str] = field(default_factory=dict)
    _roles: dict[str | None, Expiry] = field(default_factory=dict)
    _tokens: dict[str, "_TokenRead"] = field(default_factory=dict, repr=False)
    _bad_keys: dict[tuple[str | None, str | None], tuple[Misfit, ...]] = field(
        default_factory=dict, repr=False
    )
    fetches: dict[tuple[str | None, PredictedError | None, str | None], tuple[int, PredictedError | None]] = (
        field(default_factory=dict)
    )

    def as_of(self, now: datetime) -> "ExpiryCalculator":
        """Return the same at another moment."""
        return ExpiryCalculator(
            self.host,
            self.where,
            self.files,
            now,
            self.obstacles,
            self.elsewhere,
            self._role_stems,
            _tokens=self._tokens,
        )

    def supposing(
        self,
        *,
        host: Host | None = None,
        files: Mapping[str, CacheFile] | None = None,
        elsewhere: frozenset[str | None] | None = None,
    ) -> "ExpiryCalculator":
        """Return the same in another environment, over other cache files, or with other calls elsewhere."""
        there = self.files if files is None else files
        return ExpiryCalculator(
            host or self.host,
            self.where,
            there,
            self.now,
            self.obstacles,
            self.elsewhere if elsewhere is None else elsewhere,
            _tokens=self._tokens,
        )

    def for_boto3(self) -> "ExpiryCalculator":
        """Return the same for boto3, which caches no role in a file."""
        if self.where.cli_cache not in self.obstacles:
            return self
        left = {path: each for path, each in self.obstacles.items() if path != self.where.cli_cache}
        return ExpiryCalculator(self.host, self.where, self.files, self.now, left, _tokens=self._tokens)

    def write_obstacle(
        self, tool: Tool | None, directory: Path, stem: str, file: CacheFile | None
    ) -> Obstacle | None:
        """Return what keeps a tool from writing a cache file, or None.

        CLI v2 writes a file that exists in place. The others, and rolecall itself, put a new one there
        (botocore from 1.42.11).

        Args:
            tool: the tool; None for rolecall.
            directory: the cache directory.
            stem: the file's name, without the ending.
            file: the file, if it exists.
        """
        if file is not None and (tool is Tool.CLI_V2 or _is_directory(file)):
            return file.obstacle
        obstacle = self.obstacles.get(directory)
        is_named = obstacle is not None and tool is Tool.CLI_V2
        return obstacle.naming(directory / f"{stem}.json") if obstacle is not None and is_named else obstacle

    def _keeping(self, hop: Hop, file: CacheFile | None) -> Obstacle | None:
        """Return what keeps one of the CLIs from caching a role that it has fetched."""
        of_directory = self.obstacles.get(self.where.cli_cache)
        is_for_both = hop.provider != Provider.SSO or file is None  # v1 caches no SSO roles
        return of_directory if of_directory is not None and is_for_both else file.obstacle if file else None

    def role_file(self, hop: Hop, tool: Tool = Tool.CLI_V2) -> CacheFile | None:
        """Return the file in ``cli/cache`` that a tool opens for this hop, if there is one."""
        stem = self.stem(hop, tool)
        return self.files.get(paths.join(self.where.cli_cache, f"{stem}.json")) if stem is not None else None

    def stem(self, hop: Hop, tool: Tool) -> str | None:
        """Return the stem of that file; of a web identity CLI v1 opens another one than CLI v2."""
        stems = self.stems(hop)
        return (stems[-1] if tool is Tool.CLI_V1 else stems[0]) if stems else None

    def stems(self, hop: Hop) -> tuple[str, ...]:
        """Return the stems that this hop's file in ``cli/cache`` may have."""
        settings = hop.settings
        if hop.provider == Provider.ASSUME_ROLE:
            return (self._role_stem(hop),)
        if hop.provider == Provider.WEB_IDENTITY:
            return cache_files.web_identity(settings, self.web_identity_token(settings))
        if hop.provider == Provider.SSO:
            return (cache_files.sso_role(settings),)
        return ()

    def _role_stem(self, hop: Hop) -> str:
        # a role's arguments come from its profile alone, and a profile is a hop in many chains
        stem = self._role_stems.get(hop.profile)
        if stem is None:
            stem = self._role_stems[hop.profile] = cache_files.role(hop.settings)
        return stem

    def token_file(self, settings: Mapping[str, Value]) -> CacheFile | None:
        """Return the SSO token's file for these settings, if there is one."""
        # here botocore uses an empty name, in a role's file name it does not
        name = settings.get("sso_session", settings.get("sso_start_url"))
        if not isinstance(name, str):
            return None
        return self.files.get(paths.join(self.where.sso_cache, f"{cache_files.sso_token(name)}.json"))

    def login_file(self, login_session: str) -> CacheFile | None:
        """Return the login's file, if there is one."""
        return self.files.get(str(self.login_path(login_session)))

    def login_path(self, login_session: str) -> Path:
        """Return where a login's file is or would be."""
        return self.where.login_cache / f"{cache_files.login(login_session)}.json"

    def web_identity_token(self, settings: Mapping[str, Value]) -> str | None:
        """Return the text of a web identity's token, or None where it cannot be read, or only once."""
        path = settings.get("web_identity_token_file")
        return self._web_identity(path).text if path is not None else None

    def web_identity_end(self, settings: Mapping[str, Value]) -> datetime | None:
        """Return when a web identity's token expires, by its own claim; None where that is unknown."""
        token = self.web_identity_token(settings)
        return _jwt_end(token) if token is not None else None

    def web_identity_fault(self, path: Value) -> PredictedError | None:
        """Return what opening a web identity's token raises, or None where it can be read."""
        return self._web_identity(path).fault

    def container_fault(self) -> PredictedError | None:
        """Return what asking for a container's credentials raises before anything is sent, or None."""
        environ = self.host.environ
        name = provider_checks.CONTAINER_TOKEN_FILE
        if name in environ:
            read = self._web_identity(environ[name])
            if read.fault is not None:
                return read.fault.because(Cause.CONTAINER_TOKEN, name)
            token = read.text or ""
        else:
            name = provider_checks.CONTAINER_TOKEN
            token = environ.get(name, "")
        fault = provider_checks.container_token_fault(name, token)
        return fault or provider_checks.container_uri_fault(environ)

    def _web_identity(self, path: Value) -> "_TokenRead":
        """Read a web identity's token once: it may have changed by the next time, or be gone."""
        if not isinstance(path, str):
            message = "expected str, bytes or os.PathLike object, not dict"
            key = "web_identity_token_file"
            return _TokenRead(PredictedError("TypeError", message, Cause.NESTED_VALUE, (key,)))
        known = self._tokens.get(path)
        if known is None:
            known = self._tokens[path] = _read_token(path, self.host.encoding)
        return known

    def of_chain(self, chain: tuple[Hop, ...]) -> list[Expiry]:
        """Return the expiry of each hop, in the chain's order; each depends on the hops after it."""
        fault = chain[-1].fault if chain else None
        if fault is not None:  # raised before anything that is cached is looked at
            return [Expiry(State.BROKEN, after=After.FAILS, reason=fault.message) for _ in chain]
        expiries: list[Expiry] = []
        # a chain without end is kept in part only
        is_whole = bool(chain) and chain[-1].provider not in (None, Provider.ASSUME_ROLE)
        for index, hop in reversed(tuple(enumerate(chain))):
            # a role depends only on its profile, so a hop that many chains share is calculated once
            known = self._roles.get(hop.profile) if hop.provider == Provider.ASSUME_ROLE else None
            if known is None:
                known = self._of_hop(chain[index:], expiries, is_own=index == 0)
                if hop.provider == Provider.ASSUME_ROLE and is_whole:
                    self._roles[hop.profile] = known
            expiries.append(known)
        return expiries[::-1]

    def _of_hop(self, chain: tuple[Hop, ...], sources: list[Expiry], *, is_own: bool) -> Expiry:
        """Return the expiry of the first hop of the rest of a chain.

        Args:
            chain: the hop, and all that it uses.
            sources: their expiries, beginning with the last, where the credentials start.
            is_own: whether the hop is the profile itself, and not a source.
        """
        hop = chain[0]
        match hop.provider:
            case None:
                return Expiry(State.BROKEN, after=After.FAILS)
            case Provider.ENV:
                return self.of_environment()
            case Provider.ASSUME_ROLE:
                return self._of_role(chain, sources)
            case Provider.WEB_IDENTITY:
                return self._of_web_identity(hop, is_own=is_own)
            case Provider.SSO:
                return self._of_sso(hop, is_own=is_own)
            case Provider.LOGIN:
                return self._of_login(hop)
            case Provider.SHARED_CREDENTIALS | Provider.CONFIG_FILE:
                return self._of_keys(hop)
            case Provider.EC2_FILE | Provider.BOTO:
                return Expiry(State.PERMANENT)
            case _:
                return Expiry(State.UNKNOWN, after=After.AUTOMATIC)

    def of_environment(self) -> Expiry:
        """Return the expiry of the keys in the environment.

        botocore obeys AWS_CREDENTIAL_EXPIRATION, with or without a session token; the other variables are
        only notes of the tools that set them.
        """
        environ = self.host.environ
        misfit = next(iter(self.bad_variables()), None)
        if misfit is not None:
            return Expiry(State.BROKEN, after=After.MANUAL, reason=f"{misfit.name} {misfit.words}")
        fault = provider_checks.environment_fault(self.host, self.now)
        if fault is not None and fault.cause is Cause.ENVIRONMENT_END_UNREADABLE:
            return Expiry(State.BROKEN, after=After.MANUAL, reason=fault.message)
        if fault is not None and fault.cause is Cause.ENVIRONMENT_END_NO_DATE:
            reason = f"the expiry in {provider_checks.END_VARIABLE} is not a date"
            return Expiry(State.BROKEN, after=After.MANUAL, reason=reason)
        ends = ((name, timestamps.variable_expiry(self.host, name)) for name in timestamps.END_VARIABLES)
        end = next(((name, moment) for name, moment in ends if moment is not None), None)
        token = environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN")
        found = self._temporary(environ.get("AWS_ACCESS_KEY_ID", ""), token, end, None)
        if found.state is not State.BROKEN and end is not None and end[0] == provider_checks.END_VARIABLE:
            return ending(end[1], self.now, after=After.MANUAL, source=end[0])
        return found

    def bad_variables(self) -> tuple[Misfit, ...]:
        """Return what is certainly wrong with the keys in the environment."""
        values = {name: self.host.environ.get(name) for name in KEY_VARIABLES}
        token = next((name for name in KEY_VARIABLES[2:] if values[name]), KEY_VARIABLES[3])
        key, secret = (values[name] for name in KEY_VARIABLES[:2])
        names = (*KEY_VARIABLES[:2], token)
        return self._certain(key_misfits(key, secret, values[token], names), None) if key and secret else ()

    def bad_keys(self, hop: Hop) -> tuple[Misfit, ...]:
        """Return what is certainly wrong with the static keys of a hop; the tools all have the same ones."""
        which = hop.profile, hop.provider
        if which not in self._bad_keys:
            found = key_misfits_of(hop.settings)
            self._bad_keys[which] = self._certain(found, hop.profile) if found else ()
        return self._bad_keys[which]

    def refused(self, hop: Hop) -> tuple[Misfit, ...]:
        """Return what AWS refuses of the parameters of a hop's role."""
        return () if hop.profile in self.elsewhere else misfits(hop)

    def _refusing(self, hop: Hop, after: After, reason: str | None) -> tuple[After, str | None]:
        """Return what fetching a hop's role takes, where AWS refuses its parameters."""
        found = self.refused(hop) if after in (After.AUTOMATIC, After.MFA) else ()
        return (
            (After.FAILS, f"the {found[0].name} of {hop.profile} {found[0].words}")
            if found
            else (after, reason)
        )

    def _certain(self, found: tuple[Misfit, ...], profile: str | None) -> tuple[Misfit, ...]:
        least = (Weight.CLIENT,) if profile in self.elsewhere else (Weight.CLIENT, Weight.REFUSED)
        return tuple(each for each in found if each.weight in least)

    def _of_keys(self, hop: Hop) -> Expiry:
        misfit = next(iter(self.bad_keys(hop)), None)
        if misfit is not None:
            return Expiry(
                State.BROKEN, after=After.MANUAL, reason=f"the {misfit.name} of {hop.profile} {misfit.words}"
            )
        settings = hop.settings
        token = settings.get("aws_security_token", settings.get("aws_session_token"))
        end = timestamps.noted_expiry(self.host, hop.profile, settings)
        return self._temporary(settings.get("aws_access_key_id", ""), token, end, hop.profile)

    def _temporary(
        self, key: Value, token: Value | None, end: tuple[str, datetime] | None, profile: str | None
    ) -> Expiry:
        start = key[:4] if isinstance(key, str) and profile not in self.elsewhere else ""
        if start == "ASIA" and not token:
            reason = "a temporary key (ASIA…) without its session token: AWS refuses it"
            return Expiry(State.BROKEN, after=After.MANUAL, reason=reason)
        if start == "AKIA" and token:
            reason = "a long-term key (AKIA…) beside a session token: AWS refuses it"
            return Expiry(State.BROKEN, after=After.MANUAL, reason=reason)
        if not token:
            return Expiry(State.PERMANENT)
        if end is None:
            return Expiry(State.UNKNOWN, after=After.MANUAL)
        return ending(end[1], self.now, after=After.MANUAL, source=end[0])

    def _of_role(self, chain: tuple[Hop, ...], sources: list[Expiry]) -> Expiry:
        file = self.role_file(chain[0])
        obstacle = self._keeping(chain[0], file)
        if file is None:
            after, reason = self._assuming(chain, sources, self.now)
            # what stops the source stops the role, which has nothing cached
            is_stopped = bool(sources) and sources[-1].state is State.BROKEN
            state = State.BROKEN if is_stopped and after is After.FAILS else State.IDLE
            return self._kept(Expiry(state, after=after, reason=reason), obstacle)
        if file.fault_at(self.now) or file.expires_at is None:
            return _unusable(file)
        return self._kept(
            self._cached(file, *self._assuming(chain, sources, self._due(file.expires_at))), obstacle
        )

    def _kept(self, expiry: Expiry, obstacle: Obstacle | None) -> Expiry:
        """Return the expiry of a role that the AWS CLI cannot cache: it fails once it has fetched it."""
        if obstacle is None or expiry.after not in (After.AUTOMATIC, After.MFA):
            return expiry
        if expiry.state is State.VALID:
            return replace(expiry, after=After.FAILS, reason=self._why(obstacle))
        return self._stopped(expiry, obstacle)

    def _due(self, end: datetime) -> datetime:
        """Return the time for which rolecall says what fetching a role again takes.

        A cached role is no longer used once less than 15 minutes are left, so the next use fetches it at any
        time from then on: what is said must hold at all times until it expires.
        """
        return self.now if end - self.now < RENEWAL_WINDOW else end

    def _assuming(
        self, chain: tuple[Hop, ...], sources: list[Expiry], moment: datetime
    ) -> tuple[After, str | None]:
        """Return what assuming the first role of a chain takes at a time, with the reason where it fails.

        A cached role further down is used if at least 15 minutes are left then; if not, it is assumed again
        as well.
        """
        asks_mfa = False
        for role, source, expiry in zip(chain, chain[1:], reversed(sources), strict=False):
            asks_mfa = asks_mfa or "mfa_serial" in role.settings
            if source.provider != Provider.ASSUME_ROLE or expiry.state is State.BROKEN:
                after, reason = self._using(expiry, moment)
            elif expiry.at is not None and self._is_used(expiry.at, moment):
                after, reason = After.AUTOMATIC, None
            elif moment == self.now:  # that has been calculated for the source already
                after, reason = expiry.after, expiry.reason
            else:
                continue
            asked = After.MFA if asks_mfa and after is After.AUTOMATIC else after
            return self._refusing(chain[0], asked, reason)
        return After.FAILS, None

    def _is_used(self, end: datetime, moment: datetime) -> bool:
        """Whether a cached role is used at a time; for a future time, also just after it."""
        left = end - moment
        return left > RENEWAL_WINDOW or (left == RENEWAL_WINDOW and moment == self.now)

    def _using(self, first: Expiry, moment: datetime) -> tuple[After, str | None]:
        """Return what using the first credentials of a chain takes, now or at a later time."""
        if first.state is State.BROKEN:
            return After.FAILS, first.reason or "its source is broken"
        if first.at is not None and first.at > moment:
            return After.AUTOMATIC, None
        if first.after is After.AUTOMATIC or (first.at is None and first.state is not State.IDLE):
            lasts = first.renewable_until is None or first.renewable_until > moment
            return (After.AUTOMATIC, None) if lasts else _cannot_be_renewed(first)
        if first.after is After.LOGIN:
            return After.LOGIN, first.reason or "its SSO token will have expired"
        is_over = first.state is State.EXPIRED
        ends = "its source has expired" if is_over else "its source expires first"
        return After.FAILS, first.reason or ends

    def _of_web_identity(self, hop: Hop, *, is_own: bool) -> Expiry:
        end = self.web_identity_end(hop.settings)
        if self.web_identity_fault(hop.settings.get("web_identity_token_file", "")) is not None:
            asked = Expiry(State.IDLE, after=After.FAILS, reason="its web identity token cannot be read")
        elif end is not None and end <= self.now:
            reason = f"its web identity token expired {ago(self.now - end)}"
            asked = Expiry(State.IDLE, after=After.FAILS, reason=reason)
        else:
            after, refusal = self._refusing(hop, After.AUTOMATIC, None)
            until = end if after is After.AUTOMATIC else None
            asked = Expiry(State.IDLE, after=after, reason=refusal, renewable_until=until)
        # a source's role is kept in memory only
        if not is_own:
            return asked
        file = self.role_file(hop)
        obstacle = self._keeping(hop, file)
        if file is None:
            return self._kept(asked, obstacle)
        if file.fault_at(self.now) or file.expires_at is None:
            return _unusable(file)
        return self._kept(self._cached(file, *self._using(asked, self._due(file.expires_at))), obstacle)

    def _of_sso(self, hop: Hop, *, is_own: bool) -> Expiry:
        token = self._of_sso_token(hop)
        found = self.refused(hop) if token.state.is_live else ()
        if found:  # a login does not cure it
            reason = f"the {found[0].name} of {hop.profile} {found[0].words}"
            return Expiry(State.BROKEN, after=After.MANUAL, reason=reason)
        if not is_own:
            return token
        file = self.role_file(hop)
        obstacle = self._keeping(hop, file)
        if file is None or file.expires_at is None or file.expires_at <= self.now:
            return self._stopped(token, obstacle) if token.state.is_live and obstacle is not None else token
        # CLI v2 keeps the role's credentials, and they outlive their token
        return self._kept(self._cached(file, *self._using(token, self._due(file.expires_at))), obstacle)

    def _of_sso_token(self, hop: Hop) -> Expiry:
        """Return the expiry of an SSO token; broken where a new one is needed and cannot be written."""
        file, refreshes = self.token_file(hop.settings), "sso_session" in hop.settings
        token = self.of_token(file, refreshes=refreshes)
        obstacle = self.obstacles.get(self.where.sso_cache)
        if obstacle is None and file is not None and token.state is State.RENEWABLE:
            obstacle = file.obstacle
        is_due = token.state in (State.IDLE, State.EXPIRED, State.RENEWABLE)
        return self._stopped(token, obstacle) if is_due and obstacle is not None else token

    def _stopped(self, expiry: Expiry, obstacle: Obstacle) -> Expiry:
        """Return the expiry of what fails because its cache file cannot be written."""
        return Expiry(State.BROKEN, after=After.FAILS, reason=self._why(obstacle), source=expiry.source)

    def _why(self, obstacle: Obstacle) -> str:
        return f"the AWS CLI cannot write to {self.host.display(obstacle.where)}"

    def of_token(self, file: CacheFile | None, *, refreshes: bool) -> Expiry:
        """Return the expiry of an SSO token.

        Only a token that belongs to an sso-session is refreshed; the legacy form expires for good.
        """
        if file is None:
            return Expiry(State.IDLE, after=After.LOGIN, reason="not logged in")
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
        )

    def _of_login(self, hop: Hop) -> Expiry:
        session = hop.settings.get("login_session")
        file = self.login_file(session) if isinstance(session, str) else None
        obstacle = self.obstacles.get(self.where.login_cache)
        if file is None:
            nobody = Expiry(State.IDLE, after=After.LOGIN, reason="not logged in")
            return self._stopped(nobody, obstacle) if obstacle is not None else nobody
        if file.expires_at is None or file.fault_at(self.now) is not None:
            return replace(_unusable(file), after=After.LOGIN)
        if file.renewal_fault is not None:
            reason, source = "its key cannot be read", _name(file)
            return ending(file.expires_at, self.now, after=After.LOGIN, reason=reason, source=source)
        found = self._renewing_itself(file, file.renewable_until)
        obstacle = obstacle or file.obstacle
        is_due = found.state is State.RENEWABLE
        return self._stopped(found, obstacle) if is_due and obstacle is not None else found

    def _renewing_itself(self, file: CacheFile, until: datetime | None) -> Expiry:
        assert file.expires_at is not None  # noqa: S101 - for the type checker: the callers looked
        return ending(
            file.expires_at,
            self.now,
            after=After.AUTOMATIC,
            source=_name(file),
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
            renewed_early=True,
        )

    def of_file(self, file: CacheFile, users: tuple[Expiry, ...]) -> Expiry:
        """Return a cache entry's own expiry; what happens afterwards comes from its first profile."""
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
        return ending(file.expires_at, self.now, after=After.LOGIN)


@dataclass(frozen=True, slots=True)
class _TokenRead:
    """The result of reading a web identity's token: an error, a text, or neither for a FIFO."""

    fault: PredictedError | None = None
    text: str | None = field(default=None, repr=False)


def _read_token(path: str, encoding: str) -> _TokenRead:
    try:
        os.stat(path)  # noqa: PTH116 - as text, for a slash at its end counts
    except (OSError, ValueError) as error:
        return _unreadable(type(error).__name__, str(error), path)
    found = paths.look(Path(path))
    if stat.S_ISDIR(found.mode):
        return _unreadable("IsADirectoryError", f"[Errno {errno.EISDIR}] Is a directory: {path!r}", path)
    if found.presence is paths.Presence.UNREADABLE and found.mode:
        return _TokenRead()  # a FIFO (process substitution): its content is unknown until it is read
    if found.stamp is not None and found.stamp.size > LARGEST_TOKEN:
        return _unreadable("ParamValidationError", "Parameter validation failed", path)
    try:
        text = paths.read_file(Path(path)).decode(encoding)
    except (OSError, UnicodeDecodeError) as error:
        return _unreadable(type(error).__name__, str(error), path)
    # botocore opens it in text mode, which turns every line end into LF
    return _TokenRead(text=io.StringIO(text, newline=None).read())


def _unreadable(error: str, message: str, path: str) -> _TokenRead:
    return _TokenRead(PredictedError(error, message, Cause.WEB_IDENTITY_UNREADABLE, (path,)))


def _cannot_be_renewed(first: Expiry) -> tuple[After, str]:
    if first.state is State.IDLE:
        return After.FAILS, "its web identity token expires first, unless a new one is written"
    return After.LOGIN, "its SSO token can no longer be refreshed then"


def _unusable(file: CacheFile) -> Expiry:
    reason = f"{file.path.name} {file.problem}" if file.problem else None
    return Expiry(State.BROKEN, after=After.FAILS, reason=reason, source=_name(file))


def _name(file: CacheFile) -> str:
    # Path.parts takes the path apart anew for each of thousands of files
    return "/".join(str(file.path).rsplit(os.sep, 3)[-3:])


def _jwt_end(token: str) -> datetime | None:
    """Return the ``exp`` of a JSON web token, unverified; None where there is none to read."""
    parts = token.strip().split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        return None
    try:
        payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return timestamps.from_timestamp(payload["exp"])
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError):
        return None
