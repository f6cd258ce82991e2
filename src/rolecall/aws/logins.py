"""Where a profile logs in: the sso-session, start URL or login session at the root of its chain."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from rolecall.aws import cache_files
from rolecall.aws.config_file import Value
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Provider
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.values import dataclass

_LOGS_IN = (Kind.SSO, Kind.LOGIN)
_OWN_PROVIDERS = (Provider.SSO, Provider.LOGIN, None)
"""The providers at the root of a chain that logs in: None where it is an error, because there is no token."""


class NoLoginError(Exception):
    """There is nowhere to log in. The message is a sentence.

    Attributes:
        error: ``NotApplicable``, or botocore's name for the error.
        path: the file in which something is missing, or None.
        line: the line in it (from 1).
        cure: what to do about it, or None.
    """

    def __init__(
        self,
        error: str,
        message: str,
        path: Path | None = None,
        line: int | None = None,
        cure: str | None = None,
    ) -> None:
        super().__init__(message)
        self.error = error
        self.path = path
        self.line = line
        self.cure = cure


class LoginKind(StrEnum):
    """The three ways of logging in: by the device flow the first two, by ``aws login`` the last."""

    SSO_SESSION = "sso-session"
    SSO_START_URL = "sso-start-url"
    LOGIN_SESSION = "login-session"


@dataclass(frozen=True, slots=True)
class LoginTarget:
    """Where to log in.

    Attributes:
        kind: the way of logging in.
        name: the sso-session's name, the start URL of the old form, or the login session.
        profile: the profile that was asked about, or the first that uses the session; empty where none does.
        holder: the profile with the login settings: the same, or the root of its chain.
        start_url: the start URL; empty for a login session.
        region: the region of SSO; empty for a login session.
        scopes: the scopes to register with, or None where the session names none.
    """

    kind: LoginKind
    name: str
    profile: str
    holder: str
    start_url: str = ""
    region: str = ""
    scopes: tuple[str, ...] | None = None

    @property
    def token_stem(self) -> str:
        """The name of the token's file in ``sso/cache``, without the ending."""
        return cache_files.sso_token(self.name)

    @property
    def registration_stem(self) -> str:
        """The name of the file in ``sso/cache`` with the client's registration, without the ending."""
        session = self.name if self.kind is LoginKind.SSO_SESSION else None
        return cache_files.sso_registration(self.start_url, self.region, self.scopes, session)


def target(snapshot: Snapshot, asked: str) -> LoginTarget:
    """Return where a profile logs in, as ``aws sso login --profile`` reads it from the files.

    Args:
        snapshot: the Snapshot.
        asked: the profile's name; or an sso-session's, where no profile of that name logs in anywhere.

    Raises:
        NoLoginError: neither the profile nor the root of its chain logs in anywhere (``NotApplicable``), or a
            required setting is missing (``InvalidConfigError``, with the place where it belongs).
    """
    report = snapshot.profiles.get(asked)
    holder = _holder(report, snapshot) if report is not None else None
    if holder is None and is_session(snapshot, asked):
        return session_target(snapshot, asked)
    if report is None:
        raise NoLoginError("ProfileNotFound", f"The config profile ({asked}) could not be found")
    if holder is None:
        raise NoLoginError("NotApplicable", _nowhere(report))
    return _of_profile(snapshot, report.name, holder)


def session_target(snapshot: Snapshot, name: str) -> LoginTarget:
    """Return the login of an sso-session that there is, whatever profile has its name.

    Raises:
        NoLoginError: a required setting is missing.
    """
    return _of_session(snapshot, name, *next(_users(snapshot, (LoginKind.SSO_SESSION, name)), ("", None)))


def can_log_in(snapshot: Snapshot, asked: str) -> bool:
    """Whether ``target`` knows where to log in."""
    try:
        target(snapshot, asked)
    except NoLoginError:
        return False
    return True


def is_name_of(snapshot: Snapshot, name: str) -> bool:
    """Whether the name of an sso-session means its login: no profile of that name logs in elsewhere."""
    if not is_session(snapshot, name) or not can_log_in(snapshot, name):
        return False
    found = target(snapshot, name)
    return found.kind is LoginKind.SSO_SESSION and found.name == name


def is_session(snapshot: Snapshot, name: str) -> bool:
    """Whether there is an sso-session of that name."""
    return snapshot.merged.sso_session(name) is not None


def login_of(report: ProfileReport, snapshot: Snapshot) -> tuple[LoginKind, str] | None:
    """Return the kind and the name of the login that a profile uses, or None."""
    holder = _holder(report, snapshot)
    return _place(holder) if holder is not None else None


def _of_profile(snapshot: Snapshot, profile: str, holder: ProfileReport) -> LoginTarget:
    found = _place(holder)
    if found is None:
        raise NoLoginError(
            "InvalidConfigError",
            f"Profile {holder.name} has a nested block instead of the place to log in.",
            cure="write the setting on one line",
        )
    kind, name = found
    if kind is LoginKind.LOGIN_SESSION:
        return LoginTarget(kind, name, profile, holder.name)
    if kind is LoginKind.SSO_SESSION:
        return _of_session(snapshot, name, profile, holder)
    where = _Place(f"Profile {holder.name}", lambda: _own_line(holder))
    start_url, region = (
        _required(holder.values, "sso_start_url", where),
        _required(holder.values, "sso_region", where),
    )
    return LoginTarget(kind, name, profile, holder.name, start_url, region)


def obstacle(report: ProfileReport, snapshot: Snapshot) -> str | None:
    """Return why there is nothing to log in to for a profile, in a sentence, or None."""
    return _nowhere(report) if _holder(report, snapshot) is None else None


def users(snapshot: Snapshot, where: LoginTarget) -> tuple[str, ...]:
    """Return the names of the profiles that use a login, themselves or through the root of their chain."""
    return tuple(name for name, _ in _users(snapshot, (where.kind, where.name)))


def _users(snapshot: Snapshot, where: tuple[LoginKind, str]) -> Iterator[tuple[str, ProfileReport]]:
    """Yield the names of the profiles that use a login, with the profile that has its settings."""
    for report in snapshot.profiles.values():
        holder = _holder(report, snapshot)
        if holder is not None and _place(holder) == where:
            yield report.name, holder


def _nowhere(report: ProfileReport) -> str:
    return f"{report.name} uses no SSO login and no login session: there is nothing to log in to."


def _holder(report: ProfileReport, snapshot: Snapshot) -> ProfileReport | None:
    """Return the profile with the login settings: this one, or the root of its chain."""
    if report.kind in _LOGS_IN or (
        report.kind is Kind.NONE and not report.values.keys().isdisjoint(("sso_session", "sso_start_url"))
    ):
        return report
    root = report.chain[-1]
    if report.kind is not Kind.ROLE or root.profile is None or root.provider not in _OWN_PROVIDERS:
        return None
    source = snapshot.profiles.get(root.profile)
    return source if source is not None and source.kind in _LOGS_IN else None


def _place(holder: ProfileReport) -> tuple[LoginKind, str] | None:
    """Return the kind and the name of a login; ``sso_session`` comes before the old form, as in the CLI."""
    if holder.kind is Kind.LOGIN:
        name, kind = holder.values.get("login_session"), LoginKind.LOGIN_SESSION
    elif "sso_session" in holder.values:
        name, kind = holder.values["sso_session"], LoginKind.SSO_SESSION
    else:
        name, kind = holder.values.get("sso_start_url", ""), LoginKind.SSO_START_URL
    return (kind, name) if isinstance(name, str) else None


def _of_session(snapshot: Snapshot, name: str, profile: str, holder: ProfileReport | None) -> LoginTarget:
    """Return the login in ``[sso-session NAME]``; a profile's own ``sso_region`` is not used with it."""
    session = snapshot.merged.sso_session(name)
    if session is None:
        assert holder is not None  # noqa: S101 - for the type checker: a profile has named it
        origin = holder.settings["sso_session"].origin
        raise NoLoginError(
            "InvalidConfigError",
            f'The specified sso-session does not exist: "{name}"',
            origin.path,
            origin.line,
            f"add [sso-session {name}], or correct sso_session in {holder.name}",
        )
    where = _Place(f"sso-session {name}", lambda: _session_line(snapshot, name))
    return LoginTarget(
        LoginKind.SSO_SESSION,
        name,
        profile,
        holder.name if holder is not None else "",
        _required(session, "sso_start_url", where),
        _required(session, "sso_region", where),
        _scopes(session.get("sso_registration_scopes")),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a setting belongs that may be missing.

    Attributes:
        whose: the profile or session, in words.
        find: returns the file and the line; called only if the setting is missing: it reads the whole file.
    """

    whose: str
    find: Callable[[], tuple[Path | None, int | None]]


def _session_line(snapshot: Snapshot, name: str) -> tuple[Path | None, int | None]:
    """Return the place of a session's header."""
    config = snapshot.merged.config
    section = config.located.sections.get(config.headers.sso_sessions[name][-1])
    return config.path, section.line if section else None


def _own_line(holder: ProfileReport) -> tuple[Path | None, int | None]:
    """Return the place of a profile's first SSO setting."""
    for key, setting in holder.settings.items():
        if key.startswith("sso_"):
            return setting.origin.path, setting.origin.line
    return None, None


def _required(settings: Mapping[str, Value], key: str, where: _Place) -> str:
    value = settings.get(key)
    if isinstance(value, str) and value:
        return value
    fault = "has no" if key not in settings else "has an empty" if value == "" else "has a nested block for"
    path, line = where.find()
    raise NoLoginError(
        "InvalidConfigError",
        f"{where.whose} {fault} {key}: without it you cannot log in.",
        path,
        line,
        f"set {key}",
    )


def _scopes(value: Value | None) -> tuple[str, ...] | None:
    """Split as ``parse_sso_registration_scopes`` of CLI v2 does: at commas, without spaces around them."""
    if not isinstance(value, str):
        return None
    return tuple(scope for part in value.split(",") if (scope := part.strip()))
