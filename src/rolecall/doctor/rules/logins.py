"""Logins that are missing, over, or damaged: SSO tokens, registrations, `aws login`."""

from collections.abc import Iterator
from datetime import timedelta

from rolecall.aws import names
from rolecall.aws.cache_files import CacheFile, CacheKind
from rolecall.aws.expiry import RENEWAL_WINDOW
from rolecall.aws.providers import Hop, Provider
from rolecall.doctor import fixes
from rolecall.doctor.blame import Blamed
from rolecall.doctor.context import Scene
from rolecall.doctor.evidence import Quoted, listed, said
from rolecall.doctor.finding import About, Place, Seen, Severity, Subject, rule
from rolecall.doctor.rules.telling import reach
from rolecall.text import ago, duration, utc


@rule(
    "sso-token-missing",
    Severity.ERROR,
    "Nobody has logged in",
    cause="There is no token in sso/cache for this sso-session or start URL.",
    consequence="every command with these profiles fails with SSOTokenLoadError",
    cure="Log in; one login serves all profiles of the session.",
)
def sso_token_missing(scene: Scene) -> Iterator[Seen]:
    """Find SSO sessions without a token; one finding for each session."""
    for blamed in scene.blamed.get("sso-token-missing", ()):
        yield _of_session(scene, blamed, f"nobody has logged in to {blamed.culprit}")


@rule(
    "sso-token-expired",
    Severity.ERROR,
    "An SSO login that is over",
    cause="The token has ended, and it cannot be refreshed: it belongs to no sso-session, has no refresh "
    "token, or its registration has ended.",
    consequence="every command with these profiles fails with UnauthorizedSSOTokenError or "
    "TokenRetrievalError",
    cure="Log in again; one login serves all profiles of the session.",
)
def sso_token_expired(scene: Scene) -> Iterator[Seen]:
    """Find SSO tokens that have ended for good; one finding for each session."""
    for blamed in scene.blamed.get("sso-token-expired", ()):
        end = blamed.file.expires_at if blamed.file is not None else None
        when = f" ended {ago(scene.now - end)} ({utc(end)})" if end is not None else " has ended"
        yield _of_session(scene, blamed, f"the login to {blamed.culprit}{when}")


@rule(
    "sso-token-damaged",
    Severity.ERROR,
    "An SSO token that cannot be read",
    cause="The file in sso/cache is half-written, empty, or lacks parts.",
    consequence="every command with these profiles fails, with an error that does not name the file",
    cure="Log in again: that writes the file anew.",
)
def sso_token_damaged(scene: Scene) -> Iterator[Seen]:
    """Find SSO tokens that AWS tools stumble over."""
    for blamed in scene.blamed.get("sso-token-damaged", ()):
        problem = (blamed.file.problem if blamed.file is not None else None) or "is no token"
        yield _of_session(scene, blamed, f"the token of {blamed.culprit} {problem}")


def _of_session(scene: Scene, blamed: Blamed, message: str) -> Seen:
    profile = str(blamed.hop.profile) if blamed.hop is not None else blamed.profiles[0]
    quoted = Quoted(scene.snapshot, profile)
    return Seen(
        Subject(About.SESSION, blamed.culprit),
        message,
        fixes.log_in(profile, f"log in to {blamed.culprit}"),
        Place(blamed.file.path) if blamed.file is not None else quoted.place("sso_session", "sso_start_url"),
        (*quoted.lines("sso_session", "sso_start_url"), *_file(scene, blamed.file), *said(blamed.fault)),
        consequence=reach(scene.snapshot, blamed),
        profiles=blamed.profiles,
        path=blamed.file.path if blamed.file is not None else None,
    )


def _file(scene: Scene, file: CacheFile | None) -> tuple[str, ...]:
    """Return what a cache file says of its ends, as lines of evidence."""
    if file is None:
        return ()
    where = scene.snapshot.host.display(file.path)
    end = f"expiresAt = {utc(file.expires_at)}" if file.expires_at is not None else file.problem
    until = file.renewable_until
    lines = [f"{where}  {end}"]
    if until is not None and until.year < 9999:  # noqa: PLR2004 - the last year stands for no end
        lines.append(f"{where}  registrationExpiresAt = {utc(until)}")
    return tuple(lines)


@rule(
    "sso-token-ending",
    Severity.WARNING,
    "An SSO login that ends soon",
    cause="The token has less than 15 minutes left, and it cannot be refreshed.",
    consequence="from then on every command with these profiles fails until somebody logs in",
    cure="Log in again.",
)
def sso_token_ending(scene: Scene) -> Iterator[Seen]:
    """Find SSO tokens that end within 15 minutes and will not renew themselves."""
    for blamed in _tokens(scene, "sso-token-ending"):
        end = blamed.file.expires_at if blamed.file is not None else None
        left = (end - scene.now) if end is not None else timedelta(0)
        words = f"the login to {blamed.culprit} ends in {duration(left.total_seconds())} and is not refreshed"
        yield _of_session(scene, blamed, words)


@rule(
    "sso-registration-expired",
    Severity.WARNING,
    "An SSO login that cannot be refreshed any more",
    cause="The token has a refresh token, but the client registration that goes with it has ended.",
    consequence="the token works until its end, and then somebody has to log in instead of nobody",
    cure="Log in again when it suits: that registers anew.",
)
def sso_registration_expired(scene: Scene) -> Iterator[Seen]:
    """Find SSO tokens that work still, and whose registration has ended."""
    for blamed in _tokens(scene, "sso-registration-expired"):
        until = blamed.file.renewable_until if blamed.file is not None else None
        when = f"ended {ago(scene.now - until)}" if until is not None else "has ended"
        message = (
            f"the registration behind the login to {blamed.culprit} {when}: it is not refreshed any more"
        )
        yield _of_session(scene, blamed, message)


def _tokens(scene: Scene, code: str) -> Iterator[Blamed]:
    """Yield the tokens that work and end for good, with the profiles that use them."""
    users: dict[str, tuple[Hop, list[str]]] = {}
    for name, report in scene.snapshot.profiles.items():
        hop = report.chain[-1]
        if hop.provider == Provider.SSO:
            session = str(hop.settings.get("sso_session", hop.settings["sso_start_url"]))
            users.setdefault(session, (hop, []))[1].append(name)
    files = {entry.path: entry.file for entry in scene.snapshot.entries} if users else {}
    for session, (hop, profiles) in users.items():
        file = files.get(scene.snapshot.where.sso_cache / f"{names.sso_token(session)}.json")
        if file is not None and _code(scene, file, refreshes="sso_session" in hop.settings) == code:
            yield Blamed(code, session, tuple(profiles), hop, file)


def _code(scene: Scene, file: CacheFile, *, refreshes: bool) -> str | None:
    """Return the rule that has something to say of a token, if one has."""
    end = file.expires_at
    if file.kind is not CacheKind.SSO_TOKEN or file.fault is not None or end is None or end <= scene.now:
        return None
    until = file.renewable_until if refreshes else None
    if until is not None and until > end:
        return None
    if end - scene.now < RENEWAL_WINDOW:
        return "sso-token-ending"
    return "sso-registration-expired" if until is not None and until <= scene.now else None


@rule(
    "login-missing",
    Severity.ERROR,
    "Nobody has logged in with `aws login`",
    cause="There is no file in login/cache for this login_session.",
    consequence="every command with these profiles fails with LoginTokenLoadError",
    cure="Run `aws login` (AWS CLI v2).",
)
def login_missing(scene: Scene) -> Iterator[Seen]:
    """Find login sessions without credentials."""
    for blamed in scene.blamed.get("login-missing", ()):
        yield _of_login(scene, blamed, f"nobody has logged in with `aws login` as {blamed.culprit}")


@rule(
    "login-damaged",
    Severity.ERROR,
    "A login whose file cannot be read",
    cause="The file in login/cache is half-written, empty, or lacks parts.",
    consequence="every command with these profiles fails",
    cure="Run `aws login` again: that writes the file anew.",
)
def login_damaged(scene: Scene) -> Iterator[Seen]:
    """Find logins that AWS tools stumble over."""
    for blamed in scene.blamed.get("login-damaged", ()):
        problem = (blamed.file.problem if blamed.file is not None else None) or "cannot be read"
        yield _of_login(scene, blamed, f"the login of {blamed.culprit} {problem}")


def _of_login(scene: Scene, blamed: Blamed, message: str) -> Seen:
    profile = str(blamed.hop.profile) if blamed.hop is not None else blamed.profiles[0]
    quoted = Quoted(scene.snapshot, profile)
    return Seen(
        Subject(About.SESSION, blamed.culprit),
        message,
        fixes.log_in(profile, "run `aws login`"),
        Place(blamed.file.path) if blamed.file is not None else quoted.place("login_session"),
        (*quoted.lines("login_session"), *_file(scene, blamed.file), *said(blamed.fault)),
        consequence=reach(scene.snapshot, blamed),
        profiles=blamed.profiles,
        path=blamed.file.path if blamed.file is not None else None,
    )


@rule(
    "login-needs-crt",
    Severity.ERROR,
    "A login that boto3 cannot use without the CRT",
    cause="login_session needs the package awscrt beside boto3 or AWS CLI v1; AWS CLI v2 brings it along. "
    "It is looked for where rolecall itself is installed.",
    consequence="boto3 and AWS CLI v1 fail with MissingDependencyException; AWS CLI v2 works",
    cure="Run pip install 'botocore[crt]' where boto3 is installed, or use AWS CLI v2.",
)
def login_needs_crt(scene: Scene) -> Iterator[Seen]:
    """Find logins that only AWS CLI v2 can use here."""
    for blamed in scene.blamed.get("login-needs-crt", ()):
        reports = (scene.snapshot.profiles[name] for name in blamed.profiles)
        users = dict.fromkeys(str(report.resolution.chain[-1].profile) for report in reports)
        quotes = [Quoted(scene.snapshot, each) for each in users]
        yield Seen(
            Subject(About.SHELL, blamed.culprit),
            f"{listed(each.name for each in quotes)} {'uses' if len(quotes) == 1 else 'use'} `aws login`, "
            "which boto3 and AWS CLI v1 cannot do without the package awscrt",
            fixes.by_hand("run pip install 'botocore[crt]' where boto3 is installed, or use AWS CLI v2"),
            quotes[0].place("login_session"),
            (*(line for each in quotes[:5] for line in each.lines("login_session")), *said(blamed.fault)),
            profiles=blamed.profiles,
        )
