"""Logs in and out: SSO by the device flow, one session at a time; ``aws login`` is left to the AWS CLI."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rolecall.actions import clear_cache, timeouts, worker_client
from rolecall.actions.errors import ActionFailed, require_home, require_writable
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.aws import logins, write_access
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.expiry import RENEWAL_WINDOW
from rolecall.aws.logins import LoginKind, LoginTarget, users
from rolecall.aws.providers import Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.values import dataclass

LOGIN_SESSION = LoginKind.LOGIN_SESSION


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The result of a login.

    Attributes:
        expires_at: when the access token expires, aware, in UTC.
        token_file: where it is.
        renewable: whether AWS tools renew it automatically.
        remarks: what is worth knowing, a sentence each.
    """

    expires_at: datetime
    token_file: Path
    renewable: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """The result of a logout.

    Attributes:
        deleted: the files that were deleted.
        profiles: the names of the profiles that need a login now.
        remarks: what is worth knowing, a sentence each: that AWS could not be reached, what was left.
    """

    deleted: tuple[Path, ...]
    profiles: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def target(snapshot: Snapshot, name: str) -> LoginTarget:
    """Say where a profile logs in, or what an sso-session of that name is (``logins.target``).

    Raises:
        ActionFailed: nowhere, or a setting that it takes is missing.
    """
    try:
        return logins.target(snapshot, name)
    except logins.NoLoginError as error:
        command = "edit" if error.cure is not None else None
        raise ActionFailed(
            error.error, str(error), path=error.path, line=error.line, cure=error.cure, command=command
        ) from None


def log_in(snapshot: Snapshot, where: LoginTarget, prompts: Prompts, cancel: Cancel) -> LoggedIn:
    """Log in by the device flow, and write token and registration where the AWS tools look for them.

    Raises:
        ActionFailed: no login in time, or AWS refused or could not be reached; nothing has changed.
        Cancelled: the user cancelled; the token is as it was.
    """
    _require_sso(where)
    require_home(snapshot.host)
    require_writable(snapshot.host, write_access.of_directory(snapshot.host, snapshot.where.sso_cache))
    arguments = {
        **_arguments(snapshot, where),
        "start_url": where.start_url,
        "session": where.name if where.kind is LoginKind.SSO_SESSION else None,
        "scopes": None if where.scopes is None else list(where.scopes),
        "registration": where.registration_stem,
    }
    try:
        done = worker_client.run_task(
            snapshot.host, "login", arguments, prompts, cancel, patience=timeouts.SSO_LOGIN
        )
    except ActionFailed as failure:
        raise _explained(failure, where) from failure
    is_renewed = done["renewable"] is True and where.kind is LoginKind.SSO_SESSION
    expires_at = datetime.fromisoformat(str(done["expires_at"])).astimezone(UTC)
    return LoggedIn(expires_at, _token_file(snapshot, where), is_renewed, _older_roles(snapshot, where))


def log_out(snapshot: Snapshot, where: LoginTarget, prompts: Prompts, cancel: Cancel) -> LoggedOut:
    """Log out of one session: end its token at AWS, delete its file and the role credentials got with it.

    Other sessions stay, and so does the registration: it is no login, and the next login needs it. If AWS
    cannot be reached, that is a remark: the logout is done here all the same.

    Raises:
        ActionFailed: the user is not logged in, or the token cannot be deleted.
        Cancelled: the user cancelled; no file is deleted.
    """
    _require_sso(where)
    before = Snapshot.take(snapshot.host, snapshot)
    if not _entries(before, where):
        raise ActionFailed("NotApplicable", _nobody(where))
    token_file = _token_file(snapshot, where)
    if token_file.is_symlink():
        message = f"{token_file.name} is a symlink: what it leads to is not in the cache."
        raise ActionFailed("Refused", message, path=token_file, cure="delete it by hand")
    remarks = [*_changed(snapshot, before, token_file), *_end(before, where, prompts, cancel)]
    deleted, left = _delete(before, where, cancel)
    if token_file in left:
        raise ActionFailed("Unwritable", f"The token is still there: {left[token_file]}.", path=token_file)
    remarks += [f"{path.name} in cli/cache is left: {reason}." for path, reason in left.items()]
    for remark in remarks:
        prompts.tell(remark)
    return LoggedOut(deleted, users(before, where), tuple(remarks))


def nothing_to_log_out(snapshot: Snapshot, name: str) -> str | None:
    """Return why a profile's login or a session cannot be logged out, in a sentence, or None if it can."""
    try:
        where = target(snapshot, name)
        _require_sso(where)
    except ActionFailed as failure:
        return failure.message
    token_file = _token_file(snapshot, where)
    tokens = (entry.path for entry in snapshot.entries if entry.kind is CacheKind.SSO_TOKEN)
    is_there = token_file in tokens or _entries(snapshot, where)
    return None if is_there else _nobody(where)


def _nobody(where: LoginTarget) -> str:
    return f"There is no login to {where.name} here."


def _require_sso(where: LoginTarget) -> None:
    if where.kind is LoginKind.LOGIN_SESSION:
        raise ActionFailed(
            "NotApplicable",
            f"{where.holder} has a login session, which the AWS CLI alone opens and ends.",
            cure=f"run `aws login` or `aws logout` with --profile {where.holder}",
        )


def _arguments(snapshot: Snapshot, where: LoginTarget) -> dict[str, object]:
    return {
        "profile": where.holder or None,
        "region": where.region,
        "sso_cache": str(snapshot.where.sso_cache),
        "token": where.token_stem,
    }


def _token_file(snapshot: Snapshot, where: LoginTarget) -> Path:
    return snapshot.where.sso_cache / f"{where.token_stem}.json"


def _entries(snapshot: Snapshot, where: LoginTarget) -> list[CacheEntry]:
    """Return a session's token, and the role credentials from it that CLI v2 has cached."""
    own = {
        name for name in users(snapshot, where) if snapshot.profiles[name].own_hop.provider == Provider.SSO
    }
    token_file = _token_file(snapshot, where)
    return [
        entry
        for entry in snapshot.entries
        if entry.path == token_file
        or (entry.file.kind is CacheKind.SSO_ROLE and not own.isdisjoint(entry.profiles))
    ]


def _older_roles(snapshot: Snapshot, where: LoginTarget) -> tuple[str, ...]:
    """Say that CLI v2's cached credentials outlive a login: it uses them until they expire."""
    now = snapshot.host.now()
    names = [
        ", ".join(entry.profiles)
        for entry in _entries(snapshot, where)
        if entry.file.kind is CacheKind.SSO_ROLE
        and entry.file.expires_at is not None
        and entry.file.expires_at - now >= RENEWAL_WINDOW
    ]
    if not names:
        return ()
    whose = ", ".join(names)
    return (f"AWS CLI v2 keeps using the credentials that it has cached for {whose} until they expire.",)


def _changed(shown: Snapshot, now: Snapshot, token_file: Path) -> list[str]:
    """Say that an AWS tool has renewed the token since it was shown."""
    stamps = [
        next((entry.file.stamp for entry in snapshot.entries if entry.path == token_file), None)
        for snapshot in (shown, now)
    ]
    return ["The token was renewed since it was shown."] if stamps[0] != stamps[1] else []


def _end(snapshot: Snapshot, where: LoginTarget, prompts: Prompts, cancel: Cancel) -> list[str]:
    """Revoke the token at AWS; say if that failed."""
    prompts.tell(f"logging out of {where.name}")
    try:
        worker_client.run_task(
            snapshot.host,
            "logout",
            _arguments(snapshot, where),
            prompts,
            cancel,
            patience=timeouts.SSO_LOGOUT,
        )
    except ActionFailed as failure:
        return [f"AWS could not be told, so the token stays good there until its end: {failure.message}"]
    return []


def _delete(
    snapshot: Snapshot, where: LoginTarget, cancel: Cancel
) -> tuple[tuple[Path, ...], Mapping[Path, str]]:
    """Delete a session's files; return those that were deleted, and why the others were not.

    Files that an AWS tool has renewed meanwhile are deleted too, in a second pass.
    """
    deleted: list[Path] = []
    left: dict[Path, str] = {}
    for _ in range(2):
        snapshot = Snapshot.take(snapshot.host, snapshot)
        plan = clear_cache.plan(snapshot, _entries(snapshot, where))
        cleared = clear_cache.clear(snapshot, plan, cancel, lambda _: None)
        deleted += cleared.deleted
        left = dict(cleared.left)
        if not left:
            break
    return tuple(deleted), left


_CURES = {
    "InvalidRequestException": "check sso_start_url (the portal's own address) and sso_region of {place}",
    "InvalidRequestRegionException": "check sso_region of {place}",
    "InvalidScopeException": "check sso_registration_scopes of {place}",
    "InvalidRegionError": "check sso_region of {place}",
    "EndpointConnectionError": "check the network, a proxy, and sso_region of {place}",
    "ConnectTimeoutError": "check the network, a proxy, and sso_region of {place}",
    "ReadTimeoutError": "try again",
    "ProxyConnectionError": "check HTTPS_PROXY",
    "SSLError": "check the CA bundle, and whether a proxy opens the connection",
    "Timeout": "check the network, and try again",
    "PendingAuthorizationExpiredError": "log in again",
    "AccessDeniedException": "log in again, and allow it in the browser",
    "ResponseParserError": "see whether this network wants a login of its own; check a proxy, and {place}",
}
_COMMANDS = {
    "InvalidRequestException": "edit",
    "InvalidRequestRegionException": "edit",
    "InvalidScopeException": "edit",
    "InvalidRegionError": "edit",
    "PendingAuthorizationExpiredError": "login",
    "AccessDeniedException": "login",
}


def _explained(failure: ActionFailed, where: LoginTarget) -> ActionFailed:
    """Add what to do about it."""
    cure = _CURES.get(failure.kind)
    kind = "sso-session " if where.kind is LoginKind.SSO_SESSION else "profile "
    place = kind + (where.name if where.kind is LoginKind.SSO_SESSION else where.holder)
    is_odd = failure.kind == "ResponseParserError"
    return ActionFailed(
        failure.kind,
        f"what answers does not seem to be AWS ({failure.message})" if is_odd else failure.message,
        path=failure.path,
        line=failure.line,
        cure=failure.cure if cure is None else cure.format(place=place),
        command=_COMMANDS.get(failure.kind),
    )
