"""Where a profile logs in: the sso-session, start URL or login session at the root of its chain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rolecall.actions.failures import ActionFailed
from rolecall.aws import names
from rolecall.aws.config import Value
from rolecall.aws.providers import Provider
from rolecall.aws.report import Kind, ProfileReport
from rolecall.aws.snapshot import Snapshot

_LOGS_IN = (Kind.SSO, Kind.LOGIN)
_OWN_PROVIDERS = (Provider.SSO, Provider.LOGIN, None)
"""What answers at the root of a chain that logs in: None where it is an error, for want of a token."""


class LoginKind(StrEnum):
    """The three ways of logging in: by the device flow the first two, by ``aws login`` the last."""

    SSO_SESSION = "sso-session"
    SSO_START_URL = "sso-start-url"
    LOGIN_SESSION = "login-session"


@dataclass(frozen=True, slots=True)
class LoginTarget:
    """Where to log in.

    Attributes:
        kind: which way.
        name: the sso-session's name, the start URL of the old form, or the login session.
        profile: the profile that was asked about.
        holder: the profile whose settings say where: the same, or the root of its chain.
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
        return names.sso_token(self.name)

    @property
    def registration_stem(self) -> str:
        """The name of the file in ``sso/cache`` that holds the client's registration, without the ending."""
        session = self.name if self.kind is LoginKind.SSO_SESSION else None
        return names.sso_registration(self.start_url, self.region, self.scopes, session)


def target(snapshot: Snapshot, profile: str) -> LoginTarget:
    """Say where a profile logs in, as ``aws sso login --profile`` takes it from the files.

    Raises:
        ActionFailed: neither the profile nor the root of its chain logs in anywhere (``NotApplicable``), or a
            setting that it takes is missing (``InvalidConfigError``, with the place where it belongs).
    """
    report = snapshot.profiles.get(profile)
    if report is None:
        raise ActionFailed("ProfileNotFound", f"The config profile ({profile}) could not be found")
    holder = _holder(report, snapshot)
    if holder is None:
        raise ActionFailed("NotApplicable", _nowhere(report))
    found = _place(holder)
    if found is None:
        raise ActionFailed(
            "InvalidConfigError",
            f"Profile {holder.name} has a nested block where it should name where to log in.",
            cure="write the setting on one line",
            command="edit",
        )
    kind, name = found
    if kind is LoginKind.LOGIN_SESSION:
        return LoginTarget(kind, name, profile, holder.name)
    if kind is LoginKind.SSO_SESSION:
        return _of_session(snapshot, name, profile, holder)
    place = _Place(f"Profile {holder.name}", lambda: _own_line(holder))
    start_url, region = (
        _required(holder.values, "sso_start_url", place),
        _required(holder.values, "sso_region", place),
    )
    return LoginTarget(kind, name, profile, holder.name, start_url, region)


def obstacle(report: ProfileReport, snapshot: Snapshot) -> str | None:
    """Return why there is nothing to log in to for a profile, in a sentence, or None where there is."""
    return _nowhere(report) if _holder(report, snapshot) is None else None


def users(snapshot: Snapshot, where: LoginTarget) -> tuple[str, ...]:
    """Return the names of the profiles that draw on a login, themselves or by the root of their chain."""
    return tuple(
        report.name
        for report in snapshot.profiles.values()
        if (holder := _holder(report, snapshot)) is not None and _place(holder) == (where.kind, where.name)
    )


def _nowhere(report: ProfileReport) -> str:
    return f"{report.name} draws on no SSO login and on no login session: there is nothing to log in to."


def _holder(report: ProfileReport, snapshot: Snapshot) -> ProfileReport | None:
    """Return the profile that says where to log in: this one, or the root that its role starts from."""
    if report.kind in _LOGS_IN or (report.kind is Kind.NONE and "sso_start_url" in report.values):
        return report
    root = report.chain[-1]
    if report.kind is not Kind.ROLE or root.profile is None or root.provider not in _OWN_PROVIDERS:
        return None
    source = snapshot.profiles.get(root.profile)
    return source if source is not None and source.kind in _LOGS_IN else None


def _place(holder: ProfileReport) -> tuple[LoginKind, str] | None:
    """Return the kind and the name of a login; ``sso_session`` goes before the old form, as in the CLI."""
    if holder.kind is Kind.LOGIN:
        name, kind = holder.values.get("login_session"), LoginKind.LOGIN_SESSION
    elif "sso_session" in holder.values:
        name, kind = holder.values["sso_session"], LoginKind.SSO_SESSION
    else:
        name, kind = holder.values.get("sso_start_url", ""), LoginKind.SSO_START_URL
    return (kind, name) if isinstance(name, str) else None


def _of_session(snapshot: Snapshot, name: str, profile: str, holder: ProfileReport) -> LoginTarget:
    """What ``[sso-session NAME]`` says; a profile's own ``sso_region`` does not count beside it."""
    session = snapshot.merged.sso_session(name)
    if session is None:
        origin = holder.settings["sso_session"].origin
        raise ActionFailed(
            "InvalidConfigError",
            f'The specified sso-session does not exist: "{name}"',
            path=origin.path,
            line=origin.line,
            cure=f"add [sso-session {name}], or correct sso_session in {holder.name}",
            command="edit",
        )
    place = _Place(f"sso-session {name}", lambda: _session_line(snapshot, name))
    return LoginTarget(
        LoginKind.SSO_SESSION,
        name,
        profile,
        holder.name,
        _required(session, "sso_start_url", place),
        _required(session, "sso_region", place),
        _scopes(session.get("sso_registration_scopes")),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a setting belongs that may be missing.

    Attributes:
        whose: the profile or session, in words.
        find: gives the file and the line; called only where it is missing, for it reads the whole file.
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


def _required(settings: Mapping[str, Value], key: str, place: _Place) -> str:
    value = settings.get(key)
    if isinstance(value, str) and value:
        return value
    fault = "has no" if key not in settings else "has an empty" if value == "" else "has a nested block for"
    path, line = place.find()
    raise ActionFailed(
        "InvalidConfigError",
        f"{place.whose} {fault} {key}: without it nobody can log in.",
        path=path,
        line=line,
        cure=f"set {key}",
        command="edit",
    )


def _scopes(value: Value | None) -> tuple[str, ...] | None:
    """``parse_sso_registration_scopes`` of CLI v2: by commas, blanks around them dropped."""
    if not isinstance(value, str):
        return None
    return tuple(scope for part in value.split(",") if (scope := part.strip()))
