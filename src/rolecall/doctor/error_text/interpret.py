"""What an error message means for a profile: which finding explains it, or else what AWS means by it."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath

from rolecall.aws.expiry import State
from rolecall.aws.other_homes import home_of
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Hop, Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.diagnosis import (
    SHELL,
    QuestionSubject,
    about,
    culprits,
    faults,
    matters,
    of_header,
    unread_file,
)
from rolecall.doctor.diagnosis import causes as causes_of
from rolecall.doctor.error_text.clues import able, profile_named
from rolecall.doctor.error_text.mentions import at_setting, mentions
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.error_text.subjects import ValueSource, but_login, is_of_scope, set_by, value_source
from rolecall.doctor.evidence import listed, nearest
from rolecall.doctor.explain_steps import as_read
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.fixes import Fix, offered
from rolecall.doctor.registry import Findings
from rolecall.messages.error_case import Case, Explanation
from rolecall.messages.errors import VAGUE, reason_for
from rolecall.text import inert, mask, utc
from rolecall.values import dataclass

SOMEBODY = "the profile that made the call"
"""The words for the profile where none is known."""

_EXPIRED = (
    "env-expired",
    "expired-keys",
    "web-identity-expired",
    "live-over-dead",
    "env-keys-override-profile",
    "env-web-identity",
    "env-stale-token",
    "stale-token-beside-keys",
    "keys-ending",
    "env-ending",
    "no-recorded-end",
)
_UNKNOWN_KEY = (
    *("env-bad-keys", "bad-keys", "env-odd-keys", "odd-keys"),
    "env-stale-token",
    "env-token-missing",
    "token-missing",
    "stale-token-beside-keys",
    "token-in-other-file",
    "env-two-tokens",
    "two-tokens",
    "placeholder",
    "env-keys-override-profile",
    "env-expired",
    "expired-keys",
)
_SIGNATURE = (
    *("env-bad-keys", "bad-keys", "env-odd-keys", "odd-keys", "env-stale-token"),
    "quoted-value",
    "inline-comment",
    "two-secrets",
    "swallowed-line",
    "placeholder",
    "env-keys-override-profile",
)
_DAMAGED = (
    "sso-token-damaged",
    "login-damaged",
    "damaged-cache",
    "bad-web-identity-token",
)
_REGION = ("empty-variable", "region-ignored-by-boto3", "no-region", "no-region-for-sts")
_UNTRUSTED = ("env-ca-bundle", "bad-ca-bundle", "env-bad-proxy")
EXPLAINS: Mapping[str, tuple[str, ...]] = {
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "UnrecognizedClientException": _UNKNOWN_KEY,
    "InvalidAccessKeyId": _UNKNOWN_KEY,
    "InvalidToken": _UNKNOWN_KEY,
    "AuthFailure": _UNKNOWN_KEY,
    "SignatureDoesNotMatch": _SIGNATURE,
    "IncompleteSignature": _SIGNATURE,
    "InvalidSignatureException": _SIGNATURE,
    "IncompleteSignatureException": _SIGNATURE,
    "AuthorizationHeaderMalformed": _SIGNATURE,
    "HTTPClientError": ("env-bad-keys", "bad-keys"),
    "ValidationError": ("duration-chained", "duration-out-of-range"),
    "NoRegionError": _REGION,
    **dict.fromkeys(("JSONDecodeError", "KeyError", "TypeError", "AttributeError", "ParserError"), _DAMAGED),
    "SSLError": _UNTRUSTED,
    "ModuleNotFoundError": ("plugin-not-found",),
    "UnauthorizedException": ("sso-token-expired",),
    "400": _EXPIRED,  # of a HEAD request, which has no words for it
}
"""Findings that explain an error that rolecall cannot predict; the likeliest first."""
_REFUSALS = frozenset(
    (
        *("ExpiredToken", "ExpiredTokenException", "HTTPClientError", "InvalidHeader"),
        *("InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "InvalidToken"),
        *("AuthFailure", "SignatureDoesNotMatch", "IncompleteSignature", "InvalidSignatureException"),
    )
)
"""Errors that only a call with credentials can have."""
_VAGUE = frozenset(
    (
        *("NoCredentialsError", "CredentialRetrievalError", "MetadataRetrievalError", "JSONDecodeError"),
        *("KeyError", "SSOError", "TokenRetrievalError", "SSOTokenLoadError", "UnauthorizedSSOTokenError"),
        *("UnauthorizedException", "LoginTokenLoadError", "LoginRefreshRequired", "LoginRefreshTokenExpired"),
        *VAGUE,
        *_REFUSALS,
    )
)
"""Errors that many faults lead to: what is certain to stop the profile is the likeliest of them."""
_VAGUE_OF_TOOLS = ("InvalidConfigError", "InfiniteLoopConfigError", "SigningHelper")
"""Errors that other tools have for settings that AWS's own tools refuse in other words."""
_CLOCK = ("Signature expired", "Signature not yet current")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message means.

    Attributes:
        sentence: what is wrong, without a full stop.
        fix: how to fix it, or None.
        culprit: the finding that explains it, or None.
    """

    sentence: str
    fix: Fix | None
    culprit: Finding | None = None


def means(asked: QuestionSubject, findings: Findings, pasted: Pasted) -> Meaning:
    """Return what a message means for a profile, or for a command in this shell."""
    source = value_source(asked.snapshot, pasted)
    if source is not None and source.is_elsewhere:
        return Meaning(source.words, fixes.manual(source.cure))
    culprit = explaining(asked, findings, pasted)
    if culprit is not None:
        return Meaning(culprit.message, culprit.fix, culprit)
    if pasted.profile is not None and (
        pasted.code == "ProfileNotFound" or pasted.profile not in asked.snapshot.profiles
    ):
        return _no_profile(asked, pasted.profile)
    told = _unnamed(asked, pasted) or _of_others(asked, source) or _told(asked, pasted)
    fix = _fix(asked, told)
    words = mask(told.message) + _where_cached(asked, pasted)
    return Meaning(words, None if fix is None else offered(asked.snapshot, fix))


def _of_others(asked: QuestionSubject, source: ValueSource | None) -> Explanation | None:
    """Return which profiles have the value that a message quotes, where the one asked about has it not."""
    names = dict.fromkeys(name for name, _ in source.settings) if source is not None else {}
    used = {asked.uses, *(hop.profile for hop in asked.chain)}
    if source is None or source.variables or not names or not used.isdisjoint(names):
        return None
    name, key = source.settings[0]
    words = f"it is not {asked.label} that sets {key} to '{inert(source.value)}', but {listed(names)}"
    return Explanation(words, f"correct {key} of {name}, or name another profile in the call")


_OF_TOKENS = ("TokenRetrievalError", "UnauthorizedSSOTokenError", "SSOTokenLoadError", "SSOError")


def _where_cached(asked: QuestionSubject, pasted: Pasted) -> str:
    """Say why AWS CLI v2 still works where the token is refused: it has the role in its cache."""
    report = asked.report
    if report is None or pasted.code not in _OF_TOKENS or not is_in_cli_cache(report):
        return ""
    return f"; AWS CLI v2 has its role cached until {utc(report.expiry.at)}, and boto3 reads no such cache"


def is_in_cli_cache(report: ProfileReport) -> bool:
    """Whether AWS CLI v2 has the role of an SSO profile in its cache, which boto3 does not read."""
    is_cached = report.expiry.state is State.VALID and report.expiry.renewed_early
    return is_cached and report.resolution.provider == Provider.SSO


def explaining(asked: QuestionSubject, findings: Findings, pasted: Pasted) -> Finding | None:
    """Return the finding that explains a message, or None where no finding does."""
    if pasted.profile is not None and profile_named(asked.snapshot, pasted.profile) is None:
        unread = next((each for each in findings.all if pasted.profile in each.seen.gives), None)
        return of_header(findings, pasted.profile) or unread or _foretold(asked, findings, pasted)
    foretold = _foretold(asked, findings, pasted)
    if foretold is not None:
        return foretold
    if is_of_clock(pasted):
        return None
    found = _bearing(asked, findings, pasted)
    return likely(found, pasted) or _at_settings(asked, found, pasted) or _stopping(asked, findings, pasted)


def _at_settings(asked: QuestionSubject, found: Iterable[Finding], pasted: Pasted) -> Finding | None:
    """Return what is wrong with a value that the message quotes, or with a setting that it is about."""
    there = but_login(pasted, (each for each in found if matters(each)))
    if not there:
        return None
    of_path = _of_path(there, pasted)
    if of_path is not None:
        return of_path
    chain = [name for name in dict.fromkeys((asked.uses, *(hop.profile for hop in asked.chain))) if name]
    for each in mentions(asked.snapshot, pasted):
        settings = [(profile, key) for profile, key in each.settings if profile in chain]
        at = at_setting(asked.snapshot, there, settings, each.variables)
        if at is not None:
            return at
    source = value_source(asked.snapshot, pasted)
    if source is not None:
        settings = [each for each in source.settings if each[0] in chain]
        return at_setting(asked.snapshot, there, settings, source.variables)
    keys = set_by(pasted)
    settings = [(profile, key) for profile in chain for key in keys if key.islower()]
    return at_setting(asked.snapshot, there, settings, keys)


def _of_path(found: Iterable[Finding], pasted: Pasted) -> Finding | None:
    """Return what is wrong with the file that the message names, or with a directory that it is in."""
    if pasted.path is None:
        return None
    where = PurePath(pasted.path)
    for each in found:
        path = each.seen.path or (each.place.path if each.place is not None else None)
        if path is not None and (path == where or path in where.parents):
            return each
    return None


def _stopping(asked: QuestionSubject, findings: Findings, pasted: Pasted) -> Finding | None:
    """Return what is certain to stop the profile, where the message does not exclude it."""
    is_vague = pasted.code in _VAGUE or (pasted.tool is not None and pasted.code in _VAGUE_OF_TOOLS)
    # a cache file that is not there: nobody has logged in
    is_vague = is_vague or (pasted.code == "FileNotFoundError" and (pasted.path or "").endswith(".json"))
    if pasted.code is not None and not is_vague:
        return None
    if asked.report is not None and not able(asked.snapshot, asked.report, pasted):
        return None
    if pasted.code in _REFUSALS and (asked.resolution is None or asked.resolution.provider is None):
        return None
    return next(iter(culprits(asked, findings)), None)


def _bearing(asked: QuestionSubject, findings: Findings, pasted: Pasted) -> list[Finding]:
    """Return what may explain it: a profile's own findings, then variables that the call may have used."""
    found = about(asked, findings)
    if asked.profile is None:
        return list(found)
    own = [each for each in found if each.subject.kind is not SubjectKind.VARIABLE]
    if pasted.profile is not None or likely(own, pasted) is not None:
        return own
    return list(found)


def _foretold(asked: QuestionSubject, findings: Findings, pasted: Pasted) -> Finding | None:
    """Return the finding of which rolecall predicts exactly this error."""
    if not is_foretold(asked, pasted):
        return None
    stops = culprits(asked, findings)
    said = [
        cause
        for cause in causes_of(asked)
        if cause.fault is not None and pasted.has_said(cause.fault.message)
    ]
    for cause in said:
        for each in stops:
            if cause.cause in each.explains:
                return each
    return stops[0] if stops else None


def likely(found: Iterable[Finding], pasted: Pasted) -> Finding | None:
    """Return the likeliest of these findings that explains what AWS says."""
    if is_of_clock(pasted) or is_of_scope(pasted):
        return None
    there = list(found)
    for code in EXPLAINS.get(pasted.code or "", ()):
        for each in there:
            if each.code == code:
                return each
    return None


def is_of_clock(pasted: Pasted) -> bool:
    """Whether a refusal is about the time, and not about the keys."""
    return any(pasted.has_said(words) for words in _CLOCK)


def is_foretold(asked: QuestionSubject, pasted: Pasted) -> bool:
    """Whether a tool raises this error offline, in these words or at least by this name."""
    if in_words(asked, pasted):
        return True
    # one that quotes another value is of another fault
    return pasted.value is None and any(fault.error == pasted.code for _, fault in asked.faults)


def in_words(asked: QuestionSubject, pasted: Pasted) -> bool:
    """Whether some tool raises exactly this, as far as is known offline."""
    return any(pasted.has_said(fault.message) for fault in faults(asked))


def unread(snapshot: Snapshot) -> Meaning | None:
    """Return which file keeps a profile from being known, and where it does not parse; None where all do."""
    file = unread_file(snapshot)
    if file is None or file.path is None:
        return None
    fix = fixes.open_at("correct it in the editor", file.path, file.line)
    return Meaning(as_read(snapshot, file), fix)


def _no_profile(asked: QuestionSubject, name: str) -> Meaning:
    """Return that there is no such profile, and which one may be meant."""
    names = asked.snapshot.profiles
    if name in names:
        return Meaning(f"{name} was not found, but it exists now", None)
    not_known = unread(asked.snapshot)
    if not_known is not None:
        return not_known
    elsewhere = home_of(asked.snapshot.host, name)
    if elsewhere is not None:
        home, path = elsewhere
        where = asked.snapshot.host.display(path)
        return Meaning(f"{name!r} is in {where}, but {home.why}", fixes.manual(home.cure))
    other = nearest(name, names)
    if other is None:
        lists = asked.snapshot.host.command("list")
        return Meaning(f"there is no profile {name!r}", fixes.manual(f"name one that `{lists}` shows"))
    words = f"there is no profile {name!r}; the nearest name is {other!r}"
    return Meaning(words, fixes.manual(f"write {other} instead, if you mean that"))


def _unnamed(asked: QuestionSubject, pasted: Pasted) -> Explanation | None:
    """Return that the call named no profile, where a profile would have given it credentials."""
    if pasted.code != "NoCredentialsError" or pasted.profile is not None:
        return None
    if asked.profile is not None and asked.report is not None and _works(asked.report):
        words = f"{asked.label} has credentials, so the call that failed did not use it: it named no profile"
        return Explanation(words, _naming(asked.label))
    profiles = asked.snapshot.profiles
    able = [name for name, report in profiles.items() if _works(report)] if asked.profile is None else []
    if not able:
        return None
    words = f"{asked.uses or SHELL} gives no credentials"
    return Explanation(
        f"{words}; {listed(able)} {'has' if len(able) == 1 else 'have'} some", _naming(able[0])
    )


def _naming(name: str) -> str:
    return f"name the profile in the call: --profile {name}, or AWS_PROFILE={name} in its environment"


def _works(report: ProfileReport) -> bool:
    """Whether a profile has credentials now, or gets some by itself."""
    is_dead = report.expiry.state in (State.EXPIRED, State.BROKEN, State.UNKNOWN)
    return report.effective.provider is not None and report.effective.fault is None and not is_dead


def _told(asked: QuestionSubject, pasted: Pasted) -> Explanation:
    """Return the explanation in the table of errors, for the profile that would make the call."""
    message = pasted.message
    if pasted.operation and not message.startswith("An error occurred"):
        message = (
            f"An error occurred ({pasted.code}) when calling the {pasted.operation} operation: {message}"
        )
    name, chain = _caller(asked, pasted)
    case = Case(pasted.code or "", message, asked.snapshot, name, chain)
    return reason_for(case.kind)(case)


def _caller(asked: QuestionSubject, pasted: Pasted) -> tuple[str, tuple[Hop, ...]]:
    """Return the caller and its chain; an unknown caller, if this shell could not have made the call."""
    if asked.profile is not None or asked.here_by_keys:
        return asked.label, asked.chain
    if is_foretold(asked, pasted):
        return (
            (asked.uses, asked.chain) if asked.uses is not None and asked.report is not None else (SHELL, ())
        )
    report = asked.report
    if asked.fails or asked.uses is None or report is None or not able(asked.snapshot, report, pasted):
        return SOMEBODY, ()
    return asked.uses, asked.chain


def _fix(asked: QuestionSubject, told: Explanation) -> Fix | None:
    """Return the cure as one of rolecall's commands, where it is one."""
    if told.cure is None:
        return None
    name = asked.uses if asked.report is not None else None
    match told.command:
        case "login" if name is not None:
            return fixes.log_in(name, told.cure)
        case "assume" if name is not None:
            return fixes.assume(name, told.cure)
        case "edit" if told.path is not None:
            return fixes.open_at(told.cure, told.path, told.line)
        case "edit" if name is not None:
            return fixes.edit(told.cure, name)
        case "env":
            return _unset(asked, told.cure)
        case _:
            return fixes.manual(told.cure)


_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")


def _unset(asked: QuestionSubject, words: str) -> Fix:
    names = (*_KEYS, *(name for name in ("AWS_VAULT",) if name in words))
    there = [name for name in names if name in asked.snapshot.host.environ]
    return fixes.unset(asked.snapshot.host, *there, words=words) if there else fixes.manual(words)
