"""The state of one login: of an SSO session, of a start URL without one, or of an `aws login`."""

from collections.abc import Mapping
from datetime import datetime

from rolecall.aws.cache_files import CacheFile, CacheKind
from rolecall.aws.cache_owners import session_claims
from rolecall.aws.config_file import Value
from rolecall.aws.expiry import Expiry, State
from rolecall.aws.providers import Hop, Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.evidence import quote
from rolecall.doctor.root_cause import is_helpless
from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class LoginTopic:
    """Which login is meant.

    Attributes:
        name: the name of the sso-session, or the start URL, or the ``login_session``.
        is_sso: whether it is an SSO login, and not an `aws login`.
    """

    name: str
    is_sso: bool = True

    @property
    def key(self) -> str:
        """The setting by which profiles name it."""
        return "sso_session" if self.is_sso else "login_session"


@dataclass(frozen=True, slots=True)
class LoginState:
    """The state of a login.

    Attributes:
        login: which it is.
        settings: what its section, or the first of its profiles, says of it.
        place: the place of that section, as evidence quotes it; None where there is none.
        expiry: the expiry of its token.
        token: the token's file, or None.
        registration: the file of the client's registration, or None: only SSO has one.
        users: the profiles that use it, in the files' order.
        waiting: those of them that cannot work until the user logs in.
    """

    login: LoginTopic
    settings: Mapping[str, Value]
    place: str | None
    expiry: Expiry
    token: CacheFile | None
    registration: CacheFile | None
    users: tuple[str, ...]
    waiting: tuple[str, ...]

    @property
    def registered_until(self) -> datetime | None:
        """When the client's registration expires, by its own file or by the token; None if unknown."""
        if self.registration is not None:
            return self.registration.expires_at
        return self.token.renewable_until if self.token is not None and self.login.is_sso else None


def look_at(snapshot: Snapshot, login: LoginTopic) -> LoginState:
    """Return the state of a login."""
    expiry_calculator = snapshot.expiry_calculator
    users = users_of(snapshot, login)
    section = snapshot.merged.sso_session(login.name) if login.is_sso else None
    first: Mapping[str, Value] = snapshot.profiles[users[0]].values if users else {}
    is_named = section is not None or any(
        snapshot.profiles[name].values.get("sso_session") == login.name for name in users
    )
    if login.is_sso:
        token = expiry_calculator.token_file({"sso_session" if is_named else "sso_start_url": login.name})
        expiry = expiry_calculator.of_token(token, refreshes=is_named)
    else:
        token = expiry_calculator.login_file(login.name)
        hop = Hop(users[0] if users else None, Provider.LOGIN, settings={"login_session": login.name})
        (expiry,) = expiry_calculator.of_chain((hop,))
    return LoginState(
        login,
        section if section is not None else ({} if is_named else first),
        _place(snapshot, login),
        expiry,
        token,
        _registration(snapshot, login, expiry_calculator.files) if login.is_sso else None,
        users,
        tuple(name for name in users if is_helpless(snapshot.profiles[name]) and not expiry.state.is_live),
    )


def users_of(snapshot: Snapshot, login: LoginTopic) -> tuple[str, ...]:
    """Return the profiles that use a login, in the files' order."""
    found: list[str] = []
    for name, report in snapshot.profiles.items():
        values = report.values
        named = values.get(login.key)
        if named is None and login.is_sso:
            named = values.get("sso_start_url")
        if named == login.name:
            found.append(name)
    return tuple(found)


def of_name(snapshot: Snapshot, name: str) -> LoginTopic | None:
    """Return the login with this name, or None."""
    if snapshot.merged.sso_session(name) is not None or users_of(snapshot, LoginTopic(name)):
        return LoginTopic(name)
    other = LoginTopic(name, is_sso=False)
    return other if users_of(snapshot, other) else None


def _place(snapshot: Snapshot, login: LoginTopic) -> str | None:
    config = snapshot.merged.config
    headers = config.headers.sso_sessions.get(login.name, ()) if login.is_sso else ()
    if not headers or config.path is None:
        return None
    line = config.located.sections.get(headers[-1])
    return quote(snapshot.host, config.path, line.line if line else None, f"[{headers[-1]}]")


def _registration(snapshot: Snapshot, login: LoginTopic, files: Mapping[str, CacheFile]) -> CacheFile | None:
    """Return the registration that the AWS CLI looks for; of two forms, the one that expires later."""
    found = [
        files[claim.path]
        for claim in session_claims(snapshot.where.sso_cache, snapshot.merged)
        if claim.kind is CacheKind.SSO_REGISTRATION and claim.identity == login.name and claim.path in files
    ]
    ends = [file for file in dict.fromkeys(found) if file.expires_at is not None]
    return max(ends, key=lambda file: file.expires_at or snapshot.taken_at, default=None)


def is_logged_in(state: LoginState) -> bool:
    """Whether the user is logged in, as far as the files say."""
    return state.expiry.state.is_live or state.expiry.state is State.UNKNOWN
