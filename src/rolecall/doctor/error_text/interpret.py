"""What an error message means for a profile: which finding explains it, or else what AWS means by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rolecall.aws.providers import Hop
from rolecall.doctor import fixes
from rolecall.doctor.diagnosis import SHELL, QuestionSubject, about, culprits, faults, of_header
from rolecall.doctor.diagnosis import causes as causes_of
from rolecall.doctor.error_text.clues import able
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.evidence import nearest
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.fixes import Fix, offered
from rolecall.doctor.registry import Findings
from rolecall.messages.errors import Case, Explanation, reason_for
from rolecall.text import mask

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
    "env-stale-token",
    "env-token-missing",
    "token-missing",
    "stale-token-beside-keys",
    "token-in-other-file",
    "env-two-tokens",
    "two-tokens",
    "placeholder",
    "env-keys-override-profile",
)
_SIGNATURE = (
    "quoted-value",
    "inline-comment",
    "two-secrets",
    "swallowed-line",
    "placeholder",
    "env-keys-override-profile",
)
_REGION = ("empty-variable", "region-ignored-by-boto3", "no-region", "no-region-for-sts")
_UNTRUSTED = ("env-ca-bundle",)
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
    "InvalidSignatureException": _SIGNATURE,
    "ValidationError": ("duration-chained", "duration-out-of-range"),
    "NoRegionError": _REGION,
    "SSLError": _UNTRUSTED,
    "UnauthorizedException": ("sso-token-expired",),
    "400": _EXPIRED,  # of a HEAD request, which has no words for it
}
"""Findings that explain an error that rolecall cannot predict; the likeliest first."""
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
    culprit = explaining(asked, findings, pasted)
    if culprit is not None:
        return Meaning(culprit.message, culprit.fix, culprit)
    if pasted.code == "ProfileNotFound" and pasted.profile is not None:
        return _no_profile(asked, pasted.profile)
    told = _told(asked, pasted)
    fix = _fix(asked, told)
    return Meaning(mask(told.message), None if fix is None else offered(asked.snapshot, fix))


def explaining(asked: QuestionSubject, findings: Findings, pasted: Pasted) -> Finding | None:
    """Return the finding that explains a message, or None where no finding does."""
    if pasted.code == "ProfileNotFound" and pasted.profile is not None:
        header = of_header(findings, pasted.profile)
        if header is not None:
            return header
    foretold = _foretold(asked, findings, pasted)
    if foretold is not None:
        return foretold
    return likely(_bearing(asked, findings, pasted), pasted)


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
            if cause.cause in each.rule.explains:
                return each
    return stops[0] if stops else None


def likely(found: Iterable[Finding], pasted: Pasted) -> Finding | None:
    """Return the likeliest of these findings that explains what AWS says."""
    if any(pasted.has_said(words) for words in _CLOCK):
        return None
    there = list(found)
    for code in EXPLAINS.get(pasted.code or "", ()):
        for each in there:
            if each.code == code:
                return each
    return None


def is_foretold(asked: QuestionSubject, pasted: Pasted) -> bool:
    """Whether a tool raises this error offline, in these words or at least by this name."""
    return in_words(asked, pasted) or any(fault.error == pasted.code for _, fault in asked.faults)


def in_words(asked: QuestionSubject, pasted: Pasted) -> bool:
    """Whether some tool raises exactly this, as far as is known offline."""
    return any(pasted.has_said(fault.message) for fault in faults(asked))


def _no_profile(asked: QuestionSubject, name: str) -> Meaning:
    """Return that there is no such profile, and which one may be meant."""
    names = asked.snapshot.profiles
    if name in names:
        return Meaning(f"{name} was not found, but it exists now", None)
    other = nearest(name, names)
    if other is None:
        lists = asked.snapshot.host.command("list")
        return Meaning(f"there is no profile {name!r}", fixes.manual(f"name one that `{lists}` shows"))
    words = f"there is no profile {name!r}; the nearest name is {other!r}"
    return Meaning(words, fixes.manual(f"write {other} instead, if you mean that"))


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
    there = [name for name in _KEYS if name in asked.snapshot.host.environ]
    return fixes.unset(asked.snapshot.host, *there, words=words) if there else fixes.manual(words)
