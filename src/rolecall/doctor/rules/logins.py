"""Logins and credentials that are missing, expired or damaged."""

from collections.abc import Iterator
from datetime import timedelta

from rolecall.aws import cache_files
from rolecall.aws.cache_files import CacheFile, CacheKind
from rolecall.aws.expiry import RENEWAL_WINDOW
from rolecall.aws.providers import Cause, Hop, Provider
from rolecall.aws.timestamps import END_KEYS
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed, said
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.root_cause import RootCause
from rolecall.doctor.rules.build import accused, edit, reach, root_cause_occurrence
from rolecall.text import ago, duration, utc


@rule(
    "sso-token-missing",
    Severity.ERROR,
    "Not logged in to SSO",
    cause="There is no token in sso/cache for this sso-session or start URL.",
    consequence="every command with these profiles fails with SSOTokenLoadError",
    cure="Log in; one login serves all profiles of the session.",
    tells=[Cause.SSO_TOKEN_MISSING],
)
def sso_token_missing(context: RuleContext) -> Iterator[Occurrence]:
    """Find SSO sessions without a token: one finding for each session."""
    for blamed in context.blamed.get(Cause.SSO_TOKEN_MISSING, ()):
        yield _of_session(context, blamed, f"not logged in to {blamed.culprit}")


@rule(
    "sso-token-expired",
    Severity.ERROR,
    "An SSO login that has expired",
    cause="The token has expired, and it cannot be refreshed: it belongs to no sso-session, has no refresh "
    "token, or its registration has expired.",
    consequence="every command with these profiles fails with UnauthorizedSSOTokenError or "
    "TokenRetrievalError",
    cure="Log in again; one login serves all profiles of the session.",
    tells=[Cause.SSO_TOKEN_EXPIRED],
)
def sso_token_expired(context: RuleContext) -> Iterator[Occurrence]:
    """Find SSO tokens that have expired and cannot be refreshed: one finding for each session."""
    for blamed in context.blamed.get(Cause.SSO_TOKEN_EXPIRED, ()):
        end = blamed.file.expires_at if blamed.file is not None else None
        when = f" expired {ago(context.now - end)} ({utc(end)})" if end is not None else " has expired"
        yield _of_session(context, blamed, f"the login to {blamed.culprit}{when}")


@rule(
    "sso-token-damaged",
    Severity.ERROR,
    "An SSO token that cannot be read",
    cause="The file in sso/cache is half-written, empty or incomplete.",
    consequence="every command with these profiles fails, with an error that does not name the file",
    cure="Log in again: that writes a new file.",
    tells=[Cause.SSO_TOKEN_DAMAGED],
)
def sso_token_damaged(context: RuleContext) -> Iterator[Occurrence]:
    """Find SSO tokens that AWS tools cannot read."""
    for blamed in context.blamed.get(Cause.SSO_TOKEN_DAMAGED, ()):
        problem = (blamed.file.problem if blamed.file is not None else None) or "is not a token"
        yield _of_session(context, blamed, f"the token of {blamed.culprit} {problem}")


def _of_session(context: RuleContext, blamed: RootCause, message: str) -> Occurrence:
    profile = str(blamed.hop.profile) if blamed.hop is not None else blamed.profiles[0]
    quoted = Quoted(context.snapshot, profile)
    return Occurrence(
        Subject(SubjectKind.SESSION, blamed.culprit),
        message,
        fixes.log_in(profile, f"log in to {blamed.culprit}"),
        Location(blamed.file.path)
        if blamed.file is not None
        else quoted.place("sso_session", "sso_start_url"),
        (*quoted.lines("sso_session", "sso_start_url"), *_file(context, blamed.file), *said(blamed.fault)),
        consequence=reach(context.snapshot, blamed),
        profiles=blamed.profiles,
        path=blamed.file.path if blamed.file is not None else None,
    )


def _file(context: RuleContext, file: CacheFile | None) -> tuple[str, ...]:
    """Return a cache file's dates of expiry, as lines of evidence."""
    if file is None:
        return ()
    where = context.snapshot.host.display(file.path)
    end = f"expiresAt = {utc(file.expires_at)}" if file.expires_at is not None else file.problem
    until = file.renewable_until
    lines = [f"{where}  {end}"]
    if until is not None and until.year < 9999:  # noqa: PLR2004 - the last year stands for no end
        lines.append(f"{where}  registrationExpiresAt = {utc(until)}")
    return tuple(lines)


@rule(
    "sso-token-ending",
    Severity.WARNING,
    "An SSO login that expires soon",
    cause="The token has less than 15 minutes left, and it cannot be refreshed.",
    consequence="from then on every command with these profiles fails until you log in",
    cure="Log in again.",
)
def sso_token_ending(context: RuleContext) -> Iterator[Occurrence]:
    """Find SSO tokens that expire within 15 minutes and cannot be refreshed."""
    for blamed in _tokens(context, "sso-token-ending"):
        end = blamed.file.expires_at if blamed.file is not None else None
        left = (end - context.now) if end is not None else timedelta(0)
        soon = duration(left.total_seconds())
        words = f"the login to {blamed.culprit} expires in {soon} and is not refreshed"
        yield _of_session(context, blamed, words)


@rule(
    "sso-registration-expired",
    Severity.WARNING,
    "An SSO login that can no longer be refreshed",
    cause="The token has a refresh token, but the client registration that goes with it has expired.",
    consequence="the token is valid until it expires, and then you have to log in",
    cure="Log in again when it suits you: that registers a new client.",
)
def sso_registration_expired(context: RuleContext) -> Iterator[Occurrence]:
    """Find SSO tokens that are still valid, but have an expired registration."""
    for blamed in _tokens(context, "sso-registration-expired"):
        until = blamed.file.renewable_until if blamed.file is not None else None
        when = f"expired {ago(context.now - until)}" if until is not None else "has expired"
        message = f"the registration behind the login to {blamed.culprit} {when}: it is no longer refreshed"
        yield _of_session(context, blamed, message)


def _tokens(context: RuleContext, code: str) -> Iterator[RootCause]:
    """Yield the tokens that are valid but will not be refreshed, with the profiles that use them."""
    users: dict[str, tuple[Hop, list[str]]] = {}
    for name, report in context.snapshot.profiles.items():
        hop = report.chain[-1]
        if hop.provider == Provider.SSO:
            session = str(hop.settings.get("sso_session", hop.settings["sso_start_url"]))
            users.setdefault(session, (hop, []))[1].append(name)
    files = {entry.path: entry.file for entry in context.snapshot.entries} if users else {}
    for session, (hop, profiles) in users.items():
        file = files.get(context.snapshot.where.sso_cache / f"{cache_files.sso_token(session)}.json")
        if file is not None and _code(context, file, refreshes="sso_session" in hop.settings) == code:
            yield RootCause(Cause.SSO_TOKEN_EXPIRED, session, tuple(profiles), hop, file)


def _code(context: RuleContext, file: CacheFile, *, refreshes: bool) -> str | None:
    """Return the code of the rule that reports a token, if one does."""
    end = file.expires_at
    if file.kind is not CacheKind.SSO_TOKEN or file.fault is not None or end is None or end <= context.now:
        return None
    until = file.renewable_until if refreshes else None
    if until is not None and until > end:
        return None
    if end - context.now < RENEWAL_WINDOW:
        return "sso-token-ending"
    return "sso-registration-expired" if until is not None and until <= context.now else None


@rule(
    "login-missing",
    Severity.ERROR,
    "Not logged in with `aws login`",
    cause="There is no file in login/cache for this login_session.",
    consequence="every command with these profiles fails with LoginTokenLoadError",
    cure="Run `aws login` (AWS CLI v2).",
    tells=[Cause.LOGIN_MISSING],
)
def login_missing(context: RuleContext) -> Iterator[Occurrence]:
    """Find login sessions without credentials."""
    for blamed in context.blamed.get(Cause.LOGIN_MISSING, ()):
        yield _of_login(context, blamed, f"not logged in with `aws login` as {blamed.culprit}")


@rule(
    "login-damaged",
    Severity.ERROR,
    "A login with a file that cannot be read",
    cause="The file in login/cache is half-written, empty or incomplete.",
    consequence="every command with these profiles fails",
    cure="Run `aws login` again: that writes a new file.",
    tells=[Cause.LOGIN_DAMAGED],
)
def login_damaged(context: RuleContext) -> Iterator[Occurrence]:
    """Find logins that AWS tools cannot read."""
    for blamed in context.blamed.get(Cause.LOGIN_DAMAGED, ()):
        problem = (blamed.file.problem if blamed.file is not None else None) or "cannot be read"
        yield _of_login(context, blamed, f"the login of {blamed.culprit} {problem}")


def _of_login(context: RuleContext, blamed: RootCause, message: str) -> Occurrence:
    profile = str(blamed.hop.profile) if blamed.hop is not None else blamed.profiles[0]
    quoted = Quoted(context.snapshot, profile)
    return Occurrence(
        Subject(SubjectKind.SESSION, blamed.culprit),
        message,
        fixes.log_in(profile, "run `aws login`"),
        Location(blamed.file.path) if blamed.file is not None else quoted.place("login_session"),
        (*quoted.lines("login_session"), *_file(context, blamed.file), *said(blamed.fault)),
        consequence=reach(context.snapshot, blamed),
        profiles=blamed.profiles,
        path=blamed.file.path if blamed.file is not None else None,
    )


@rule(
    "login-needs-crt",
    Severity.ERROR,
    "A login that boto3 cannot use without the CRT",
    cause="login_session needs the package awscrt with boto3 or AWS CLI v1; AWS CLI v2 includes it. "
    "rolecall looks for it where rolecall itself is installed.",
    consequence="boto3 and AWS CLI v1 fail with MissingDependencyException; AWS CLI v2 works",
    cure="Run pip install 'botocore[crt]' where boto3 is installed, or use AWS CLI v2.",
    tells=[Cause.CRT_MISSING],
)
def login_needs_crt(context: RuleContext) -> Iterator[Occurrence]:
    """Find logins that only AWS CLI v2 can use here."""
    for blamed in context.blamed.get(Cause.CRT_MISSING, ()):
        reports = (context.snapshot.profiles[name] for name in blamed.profiles)
        users = dict.fromkeys(str(report.resolution.chain[-1].profile) for report in reports)
        quotes = [Quoted(context.snapshot, each) for each in users]
        yield Occurrence(
            Subject(SubjectKind.SHELL, blamed.culprit),
            f"{listed(each.name for each in quotes)} {'uses' if len(quotes) == 1 else 'use'} `aws login`, "
            "which boto3 and AWS CLI v1 cannot use without the package awscrt",
            fixes.manual("run pip install 'botocore[crt]' where boto3 is installed, or use AWS CLI v2"),
            quotes[0].place("login_session"),
            (*(line for each in quotes[:5] for line in each.lines("login_session")), *said(blamed.fault)),
            profiles=blamed.profiles,
        )


_KEYS = ("aws_access_key_id", "aws_session_token", "aws_security_token")


@rule(
    "token-missing",
    Severity.ERROR,
    "A temporary key without its session token",
    cause="The access key id begins with ASIA, so AWS issued it with a session token; the token is "
    "missing, or in the other file, where AWS tools do not read it.",
    consequence="AWS refuses every command with these profiles: InvalidClientTokenId",
    cure="Add aws_session_token in the same file, or paste all three again.",
    tells=[Cause.TOKEN_MISSING],
)
def token_missing(context: RuleContext) -> Iterator[Occurrence]:
    """Find temporary keys that lack their token."""
    for blamed, quoted in accused(context, Cause.TOKEN_MISSING):
        message = (
            f"{blamed.culprit} has a temporary key ({quoted.shown('aws_access_key_id')}, of the ASIA kind) "
            "without its session token"
        )
        fix = edit(quoted, "add the aws_session_token", "aws_access_key_id")
        yield root_cause_occurrence(blamed, quoted, message, fix, *_KEYS)


@rule(
    "expired-keys",
    Severity.ERROR,
    "Temporary keys in a file that have expired",
    cause="The tool that wrote the keys noted their expiry beside them, and it is past. AWS tools do not "
    "look at it.",
    consequence="AWS refuses every command with these profiles: ExpiredToken",
    cure="Run the tool that wrote them again, or paste new keys.",
    tells=[Cause.KEYS_EXPIRED],
)
def expired_keys(context: RuleContext) -> Iterator[Occurrence]:
    """Find temporary keys that have expired, by the expiry noted beside them."""
    for blamed, quoted in accused(context, Cause.KEYS_EXPIRED):
        report = context.snapshot.profiles[blamed.profiles[0]]
        end = next((each.at for each in reversed(report.hop_expiries) if each.at is not None), None)
        when = f"expired {ago(context.now - end)} ({utc(end)})" if end is not None else "have expired"
        message = f"the temporary keys of {blamed.culprit} ({quoted.shown('aws_access_key_id')}) {when}"
        fix = edit(quoted, "paste new keys, or run the tool that wrote them", "aws_access_key_id")
        yield root_cause_occurrence(blamed, quoted, message, fix, *END_KEYS, *_KEYS)


@rule(
    "bad-web-identity-token",
    Severity.ERROR,
    "A web identity token that cannot be read",
    cause="web_identity_token_file names no file, a directory, or a file that is not readable. AWS "
    "tools take the path literally: ~ and variables in it are not expanded.",
    consequence="every command with these profiles fails",
    cure="Correct the path, or have the token written.",
    tells=[Cause.WEB_IDENTITY_UNREADABLE],
)
def bad_web_identity_token(context: RuleContext) -> Iterator[Occurrence]:
    """Find web identities with a token file that cannot be read."""
    for blamed, quoted in accused(context, Cause.WEB_IDENTITY_UNREADABLE):
        path = quoted.shown("web_identity_token_file")
        given = blamed.hop.settings.get("web_identity_token_file") if blamed.hop is not None else None
        fix = edit(quoted, "correct the path, or have the token written", "web_identity_token_file")
        if isinstance(given, str) and given.startswith("~"):
            whole = context.snapshot.host.expand_user(given)
            fix = fixes.change(f"write {path} in full", blamed.culprit, {"web_identity_token_file": whole})
        why = f" ({blamed.fault.error})" if blamed.fault is not None else ""
        message = f"the web identity token of {blamed.culprit} cannot be read: {path}{why}"
        yield root_cause_occurrence(blamed, quoted, message, fix, "web_identity_token_file")


@rule(
    "web-identity-expired",
    Severity.ERROR,
    "A web identity token that has expired",
    cause="The token's own exp is past, and the program that writes the file has not written a new token.",
    consequence="AWS refuses to give the role: ExpiredTokenException",
    cure="Have a new token written; AWS tools read the file at each fetch.",
    tells=[Cause.WEB_IDENTITY_EXPIRED],
)
def web_identity_expired(context: RuleContext) -> Iterator[Occurrence]:
    """Find web identity tokens that have expired."""
    for blamed, quoted in accused(context, Cause.WEB_IDENTITY_EXPIRED):
        path = quoted.shown("web_identity_token_file")
        reason = next(
            (
                each.reason
                for name in blamed.profiles
                for each in reversed(context.snapshot.profiles[name].hop_expiries)
                if each.reason
            ),
            "its web identity token has expired",
        )
        message = f"{blamed.culprit} cannot get its role: {reason} ({path})"
        fix = fixes.manual(f"have a new token written to {path}")
        yield root_cause_occurrence(blamed, quoted, message, fix, "web_identity_token_file")


@rule(
    "damaged-cache",
    Severity.ERROR,
    "A damaged cache file that stops the AWS CLI",
    cause="The file with a role's credentials is half-written, empty, unreadable or incomplete: two "
    "commands wrote at once, or one was interrupted.",
    consequence="the AWS CLI crashes with just the file's name in quotes; boto3 does not read the file",
    cure="Delete the file: the next command fetches the role again.",
    tells=[Cause.CACHE_DAMAGED],
)
def damaged_cache(context: RuleContext) -> Iterator[Occurrence]:
    """Find cache files that crash a profile's commands."""
    for blamed in context.blamed.get(Cause.CACHE_DAMAGED, ()):
        file = blamed.file
        if file is None:
            continue
        where = context.snapshot.host.display(file.path)
        yield Occurrence(
            Subject(SubjectKind.CACHE, file.path.name),
            f"the cache file of {listed(blamed.profiles)} {file.problem}: the AWS CLI crashes with "
            f"{blamed.fault.message if blamed.fault is not None else file.path.stem}",
            fixes.clear(file.path),
            Location(file.path),
            (f"{where}  {file.problem}", *said(blamed.fault)),
            profiles=blamed.profiles,
            path=file.path,
        )
