"""Logins and credentials: what ``errors`` reports of them, and which logins expire soon."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from rolecall.aws import identifiers
from rolecall.aws.cache_files import CacheFile, CacheKind
from rolecall.aws.cache_files import sso_token as token_stem
from rolecall.aws.config_file import FileKind
from rolecall.aws.expiry import RENEWAL_WINDOW
from rolecall.aws.logins import is_name_of
from rolecall.aws.other_homes import file_meant, in_windows, token_elsewhere
from rolecall.aws.providers import Cause, Hop, Provider, Tool
from rolecall.aws.resolver import PAIR
from rolecall.aws.settings import regions
from rolecall.aws.timestamps import END_KEYS
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.root_cause import RootCause
from rolecall.doctor.rules.build import QuotedCause, new_keys, obstacle_fix
from rolecall.doctor.rules.permissions import is_own
from rolecall.doctor.rules.portals import portal
from rolecall.doctor.sections import section_lines
from rolecall.messages import obstacles
from rolecall.surroundings import instead_of_login, surroundings
from rolecall.text import ago, duration, mask, shown_value, utc

KEYS = ("aws_access_key_id", "aws_session_token", "aws_security_token")


def sso_token(it: QuotedCause, message: str) -> Occurrence:
    """Report the login to an sso-session or start URL."""
    words = f"log in to {it.name}"
    name = it.name if is_name_of(it.snapshot, it.name) else it.profile
    closed = _closed(it, f"{words}, which replaces it")
    instead = instead_of_login(it.snapshot.host)
    elsewhere = token_elsewhere(it.snapshot.host, token_stem(it.name)) if it.root.file is None else None
    if elsewhere is not None:
        home, path = elsewhere
        shown = it.snapshot.host.display(path.parent)
        message = f"{message}: AWS tools look in ~/.aws/sso/cache, and a token is in {shown} ({home.why})"
        words += f", or set HOME to {home.aws.parent}" if home.aws.name == ".aws" else ""
    spelt = _spelt_otherwise(it)
    if elsewhere is None and spelt is not None:
        right = shown_value("sso_start_url", spelt)
        message = (
            f"{message}: there is a login to the same portal in another spelling, {right}, and AWS tools "
            "look for one in this very spelling"
        )
        words = f"write sso_start_url as {right} (or log in to {it.name})"
        fix = fixes.change(words, it.profile, {"sso_start_url": spelt})
        if len({str(it.snapshot.profiles[each].chain[-1].profile) for each in it.profiles}) > 1:
            fix = fixes.manual(f"{words}, in {listed(it.profiles)}")
        return _of_token(it, message, fix, "sso_start_url")
    fix = closed or (fixes.manual(instead) if instead else fixes.log_in(name, words))
    return _of_token(it, message, fix, "sso_session", "sso_start_url")


def _spelt_otherwise(it: QuotedCause) -> str | None:
    """Return another spelling of a start URL, with which there is a login; None where there is none."""
    if it.root.file is not None or "sso_session" in it.values:
        return None
    wanted, region = portal(it.name), it.values.get("sso_region")
    for file in it.snapshot.expiry_calculator.files.values():
        if file.kind is CacheKind.SSO_TOKEN and file.fault is None and file.region == region:
            url, end = file.identity or "", file.expires_at
            is_filed = file.path.stem == token_stem(url)
            if is_filed and end is not None and end > it.context.now and portal(url) == wanted:
                return url
    return None


def sso_region(it: QuotedCause) -> Occurrence:
    """Report the region of a login with which no tool can make a client: at the session or the profile."""
    key, config = "sso_region", it.snapshot.merged.config
    text = str(it.values.get(key, ""))
    meant = identifiers.likely_regions(text, regions())
    words = f"write {meant[0]}, which is probably meant" if len(meant) == 1 else "write the region"
    shown = f"'{shown_value(key, text)}', which is no region's name" if text else "nothing"
    headers = config.headers.sso_sessions.get(it.name, ()) if "sso_session" in it.values else ()
    section = config.located.sections.get(headers[-1]) if headers else None
    if section is None or key not in section.keys:
        fix = it.edit(words, key)
        if len(meant) == 1 and it.sets(key):
            fix = fixes.change(words, it.name, {key: meant[0]}, it.quoted.role(key))
        return it.occurrence(f"{it.name} sets {key} to {shown}", fix, key)
    line = section.keys[key].line
    seen = it.occurrence(
        f"the sso-session {it.name} sets {key} to {shown}",
        fixes.open_at(f"{words} (in the editor)", config.path, line)
        if config.path is not None
        else fixes.manual(words),
        subject=Subject(SubjectKind.SESSION, it.name),
        more=section_lines(it.snapshot.host, config, headers[-1:]),
    )
    return seen if config.path is None else replace(seen, place=Location(config.path, line))


def login_token(it: QuotedCause, message: str) -> Occurrence:
    """Report a login by ``aws login``."""
    is_remote = surroundings(it.snapshot.host).is_remote
    words = "run `aws login --remote`: the browser is on another machine" if is_remote else "run `aws login`"
    instead = instead_of_login(it.snapshot.host)
    fix = _closed(it, words) or (fixes.manual(instead) if instead else fixes.log_in(it.profile, words))
    return _of_token(it, message, fix, "login_session")


def _closed(it: QuotedCause, otherwise: str) -> Fix | None:
    """Return advice for a cache file that may not be read; what is in it may still be valid."""
    file = it.root.file
    if file is None or not file.is_closed:
        return None
    directory = it.snapshot.expiry_calculator.obstacles.get(file.path.parent)
    if directory is not None:
        return obstacle_fix(it.snapshot.host, directory)
    if is_own(it.snapshot.host, file.path):
        return fixes.run("make it readable", f"chmod u+rw -- {shlex.quote(str(file.path))}")
    return fixes.manual(f"{obstacles.take_back(file.path)}; or {otherwise}")


def _of_token(it: QuotedCause, message: str, fix: Fix, *keys: str) -> Occurrence:
    file = it.root.file
    seen = it.occurrence(
        message,
        fix,
        *keys,
        subject=Subject(SubjectKind.SESSION, it.name),
        quotes=[Quoted(it.snapshot, it.profile)],
        more=_file(it.context, file),
    )
    return seen if file is None else replace(seen, place=Location(file.path), path=file.path)


def expired(it: QuotedCause, end: datetime | None, has: str) -> str:
    """Say how long ago something expired."""
    return f"expired {ago(it.context.now - end)} ({utc(end)})" if end is not None else f"{has} expired"


def _file(context: RuleContext, file: CacheFile | None) -> tuple[str, ...]:
    """Return a cache file's dates of expiry, as lines of evidence."""
    if file is None:
        return ()
    where = context.snapshot.host.display(file.path)
    end = f"expiresAt = {utc(file.expires_at)}" if file.expires_at is not None else file.problem
    until = file.renewable_until
    lines = [f"{where}  {end}"]
    if until is not None and until.year < 9999:  # noqa: PLR2004 - the last year means no expiry
        lines.append(f"{where}  registrationExpiresAt = {utc(until)}")
    return tuple(lines)


def crt_missing(it: QuotedCause) -> Occurrence:
    """Report the logins that only AWS CLI v2 can use here."""
    reports = [it.snapshot.profiles[name] for name in it.profiles]
    users = dict.fromkeys(str(report.resolution.chain[-1].profile) for report in reports)
    seen = it.occurrence(
        f"{listed(users)} {'uses' if len(users) == 1 else 'use'} `aws login`, "
        "which boto3 and AWS CLI v1 cannot use without the package awscrt",
        fixes.manual("run pip install 'botocore[crt]' where boto3 is installed, or use AWS CLI v2"),
        "login_session",
        subject=Subject(SubjectKind.SHELL, it.name),
        quotes=[Quoted(it.snapshot, each) for each in users],
    )
    is_met = any(not report.resolution.is_spared for report in reports)
    # the rule's own consequence says that AWS CLI v2 works
    return replace(seen, consequence="", severity=Severity.ERROR if is_met else None)


def keys_expired(it: QuotedCause) -> Occurrence:
    """Report temporary keys that have expired, by the expiry noted beside them."""
    report = it.snapshot.profiles[it.profiles[0]]
    end = next((each.at for each in reversed(report.hop_expiries) if each.at is not None), None)
    return it.occurrence(
        f"the temporary keys of {it.name} ({it.shown('aws_access_key_id')}) {expired(it, end, 'have')}",
        _fresh_keys(it),
        *END_KEYS,
        *KEYS,
    )


def _fresh_keys(it: QuotedCause) -> Fix:
    """Return what gives new keys; expired ones that hide a process or a login are only in its way."""
    hidden = next((key for key in ("credential_process", "login_session") if it.sets(key)), None)
    section = it.snapshot.merged.static_credentials(it.name) or {}
    if hidden is None or not str(section.get(KEYS[0], "")).startswith("ASIA"):
        return it.edit(new_keys(it.snapshot, it.name), "aws_access_key_id")
    words = f"remove the expired keys from credentials, so that {hidden} is used"
    keys = (key for key in (*PAIR, *KEYS[1:]) if key in section)
    return fixes.change(words, it.name, dict.fromkeys(keys), FileKind.CREDENTIALS)


def web_identity_unreadable(it: QuotedCause) -> Occurrence:
    """Report a token file that cannot be read; AWS tools expand nothing in its path."""
    key, host = "web_identity_token_file", it.snapshot.host
    path, given = it.shown(key), str(it.values.get(key))
    fix = it.edit("correct the path, or have the token written", key)
    meant, of_windows = file_meant(host, given), in_windows(host, given)
    if given.startswith("~"):
        fix = fixes.change(f"write {path} in full", it.name, {key: host.expand_user(given)})
    elif meant is not None and str(meant) != given:
        fix = fixes.change(f"write {host.display(meant)}, which exists", it.name, {key: str(meant)})
    elif given.startswith(_OF_PODS):
        fix = fixes.manual(_IN_POD if surroundings(host).is_pod else _OUTSIDE)
    why = f" ({it.fault.error})" if it.fault is not None else ""
    why += f"; it is {mask(of_windows)}" if of_windows is not None else ""
    return it.occurrence(f"the web identity token of {it.name} cannot be read: {path}{why}", fix, key)


_OF_PODS = "/var/run/secrets/"
_IN_POD = (
    "have the token mounted: in EKS annotate the pod's service account with eks.amazonaws.com/role-arn, "
    "and start the pod again"
)
_OUTSIDE = (
    "use it in the pod that has the token (in EKS its service account is annotated with "
    "eks.amazonaws.com/role-arn); elsewhere give the profile other credentials"
)


def web_identity_expired(it: QuotedCause) -> Occurrence:
    """Report a web identity token that has expired."""
    path = it.shown("web_identity_token_file")
    expiries = (each for name in it.profiles for each in reversed(it.snapshot.profiles[name].hop_expiries))
    reason = next((each.reason for each in expiries if each.reason), "its web identity token has expired")
    return it.occurrence(
        f"{it.name} cannot get its role: {reason} ({path})",
        fixes.manual(f"have a new token written to {path}"),
        "web_identity_token_file",
    )


def cache_damaged(it: QuotedCause) -> Occurrence:
    """Report a cache file that crashes a profile's commands."""
    file = it.root.file
    assert file is not None  # noqa: S101 - for the type checker: the cause is this file
    seen = it.occurrence(
        f"the cache file of {listed(it.profiles)} {file.problem}: the AWS CLI crashes with "
        f"{it.fault.message if it.fault is not None else file.path.stem}",
        _removal(it, file),
        subject=Subject(SubjectKind.CACHE, file.path.name),
        more=(f"{it.snapshot.host.display(file.path)}  {file.problem}",),
    )
    return replace(seen, place=Location(file.path), path=file.path)


def _removal(it: QuotedCause, file: CacheFile) -> Fix:
    """Return a fix that deletes a cache file; advice where its directory is another user's."""
    directory = it.snapshot.expiry_calculator.obstacles.get(file.path.parent)
    if directory is None:
        return fixes.clear(file.path)
    return obstacle_fix(it.snapshot.host, directory)


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
    for root, expires_at, _ in _tokens(context):
        left = expires_at - context.now
        if left < RENEWAL_WINDOW:
            soon = duration(left.total_seconds())
            words = f"the login to {root.culprit} expires in {soon} and is not refreshed"
            yield sso_token(QuotedCause(context, root, 0), words)


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
    for root, expires_at, until in _tokens(context):
        if expires_at - context.now >= RENEWAL_WINDOW and until is not None and until <= context.now:
            ended = f"expired {ago(context.now - until)}"
            words = f"the registration behind the login to {root.culprit} {ended}: it is no longer refreshed"
            yield sso_token(QuotedCause(context, root, 0), words)


def _tokens(context: RuleContext) -> Iterator[tuple[RootCause, datetime, datetime | None]]:
    """Yield the tokens that are valid but will not be refreshed, as causes of what will come.

    With each: when it expires, and until when its registration would refresh it, if it has one.
    """
    users: dict[str, tuple[Hop, list[str]]] = {}
    for name, report in context.snapshot.profiles.items():
        hop = report.chain[-1]
        if hop.provider == Provider.SSO:
            session = str(hop.settings.get("sso_session", hop.settings["sso_start_url"]))
            users.setdefault(session, (hop, []))[1].append(name)
    for session, (hop, profiles) in users.items():
        file = context.snapshot.expiry_calculator.token_file(hop.settings)
        if file is None or file.kind is not CacheKind.SSO_TOKEN or file.fault is not None:
            continue
        end, until = file.expires_at, file.renewable_until if "sso_session" in hop.settings else None
        if end is not None and end > context.now and (until is None or until <= end):
            yield RootCause(Cause.SSO_TOKEN_EXPIRED, session, tuple(profiles), hop, file), end, until


_JWT = re.compile(r"[\w+/=-]+\.[\w+/=-]+\.[\w+/=-]*", re.ASCII)
_ENDPOINTS = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS")


@rule(
    "web-identity-no-jwt",
    Severity.WARNING,
    "A web identity token that is no JSON web token",
    cause="The file has something else in it: quotes around the token, the whole answer of the issuer as "
    "JSON, `null` of a command that failed, an error page.",
    consequence="AWS refuses to give the role: InvalidIdentityToken",
    cure="Write the bare token into the file: three parts, separated by dots.",
)
def web_identity_no_jwt(context: RuleContext) -> Iterator[Occurrence]:
    """An emulator takes any text, so nothing is said where an endpoint is configured."""
    snapshot = context.snapshot
    if any(snapshot.host.environ.get(name) for name in _ENDPOINTS):
        return
    users: dict[str, list[str]] = {}
    chains = [report.chain for report in snapshot.profiles.values()]
    chains.append(snapshot.default_session[Tool.BOTO3].resolution.chain)
    for hop in (chain[-1] for chain in chains if chain and chain[-1].provider == Provider.WEB_IDENTITY):
        token = snapshot.expiry_calculator.web_identity_token(hop.settings)
        is_odd = token is not None and len(token) >= _SHORTEST and _JWT.fullmatch(token.strip()) is None
        if is_odd and "endpoint_url" not in hop.settings:
            users.setdefault(str(hop.settings["web_identity_token_file"]), []).append(str(hop.profile))
    for path, names in users.items():
        token = snapshot.expiry_calculator.web_identity_token({"web_identity_token_file": path}) or ""
        own = [name for name in dict.fromkeys(names) if name in snapshot.profiles]
        quoted = [Quoted(snapshot, name) for name in own]
        yield Occurrence(
            Subject(SubjectKind.PROFILE, own[0]) if own else Subject(SubjectKind.VARIABLE, _TOKEN_VARIABLE),
            f"the web identity token in {mask(path)} {_instead_of_token(token.strip())}",
            fixes.manual(f"have the bare token written to {mask(path)}"),
            quoted[0].place("web_identity_token_file") if quoted else None,
            tuple(line for each in quoted for line in each.lines("web_identity_token_file"))
            or (f"{_TOKEN_VARIABLE}={mask(path)}",),
            profiles=tuple(own),
        )


_TOKEN_VARIABLE = "AWS_WEB_IDENTITY_TOKEN_FILE"  # noqa: S105 - a variable's name
_SHORTEST = 4
"""Characters; botocore refuses fewer itself."""


def _instead_of_token(text: str) -> str:
    if text[0] in "\"'" and text[-1] in "\"'":
        return "is in quotes, which become part of it"
    if text[0] in "{[":
        return "is JSON, and not the token in it"
    if text.lower() in ("null", "none", "undefined"):
        return f"is {text}: the command that wrote it got no token"
    return "is no JSON web token, which has three parts separated by dots"
