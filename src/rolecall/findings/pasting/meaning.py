"""What an error message means for a profile: which finding explains it, or else what AWS means by it."""

from collections.abc import Mapping
from dataclasses import dataclass

from rolecall.findings import fixes
from rolecall.findings.asked import Asked
from rolecall.findings.examine import Findings
from rolecall.findings.finding import Finding
from rolecall.findings.fixes import Fix
from rolecall.findings.pasting.reading import Pasted
from rolecall.phrases.cases import Case, Told
from rolecall.phrases.reasons import reason_for
from rolecall.text import mask

SOMEBODY = "whoever made the call"
"""What stands for the profile where none is known."""

_EXPIRED = (
    "env-expired",
    "expired-keys",
    "sso-token-expired",
    "login-expired",
    "live-over-dead",
    "env-keys-override-profile",
    "stale-token-beside-keys",
    "env-stale-token",
    "no-recorded-end",
    "keys-ending",
    "env-ending",
    "role-ending",
)
_UNKNOWN_KEY = (
    "env-stale-token",
    "env-token-missing",
    "token-missing",
    "stale-token-beside-keys",
    "env-two-tokens",
    "two-tokens",
    "placeholder",
    "env-keys-override-profile",
)
_SIGNATURE = ("quoted-value", "inline-comment", "placeholder", "continuation", "env-keys-override-profile")
EXPLAINS: Mapping[str, tuple[str, ...]] = {
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "UnrecognizedClientException": _UNKNOWN_KEY,
    "InvalidAccessKeyId": _UNKNOWN_KEY,
    "InvalidToken": _UNKNOWN_KEY,
    "SignatureDoesNotMatch": _SIGNATURE,
    "InvalidSignatureException": _SIGNATURE,
    "ValidationError": ("duration-chained", "duration-out-of-range"),
}
"""Findings that explain an error of AWS's, which cannot be known offline; the likeliest first."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message means.

    Attributes:
        sentence: what is wrong, without a full stop.
        fix: what mends it, or None.
        culprit: the finding that explains it, or None.
    """

    sentence: str
    fix: Fix | None
    culprit: Finding | None = None


def means(asked: Asked, findings: Findings, pasted: Pasted) -> Meaning:
    """Return what a message means for a profile, or for a command in this shell."""
    culprit = explaining(asked, findings, pasted)
    if culprit is not None:
        return Meaning(culprit.message, culprit.fix, culprit)
    told = _told(asked, pasted)
    return Meaning(mask(told.message), _fix(asked, told))


def explaining(asked: Asked, findings: Findings, pasted: Pasted) -> Finding | None:
    """Return the finding that explains a message, or None where no finding does."""
    own = asked.culprit(findings)
    if own is not None and is_foretold(asked, pasted):
        return own
    about = asked.findings(findings)
    for code in EXPLAINS.get(pasted.code or "", ()):
        for each in about:
            if each.code == code:
                return each
    return own if pasted.code in EXPLAINS else None


def is_foretold(asked: Asked, pasted: Pasted) -> bool:
    """Whether some tool raises exactly this, as far as can be known offline."""
    return any(pasted.has_said(fault.message) for _, fault in asked.faults if fault.message) or any(
        fault.error == pasted.code for _, fault in asked.faults
    )


def _told(asked: Asked, pasted: Pasted) -> Told:
    name = asked.profile if asked.profile is not None else asked.uses or SOMEBODY
    message = pasted.message
    if pasted.operation and not message.startswith("An error occurred"):
        message = (
            f"An error occurred ({pasted.code}) when calling the {pasted.operation} operation: {message}"
        )
    case = Case(pasted.code or "", message, asked.snapshot, name, asked.chain)
    return reason_for(case.kind)(case)


def _fix(asked: Asked, told: Told) -> Fix | None:
    """Return what the cure's words mean as one of rolecall's commands."""
    if told.cure is None:
        return None
    name = asked.uses
    match told.command:
        case "login" if name is not None and asked.report is not None:
            return fixes.log_in(name, told.cure)
        case "assume" if name is not None and asked.report is not None:
            return fixes.assume(name, told.cure)
        case "edit" if told.path is not None:
            return fixes.open_at(told.cure, told.path, told.line)
        case "edit" if name is not None and asked.report is not None:
            return fixes.edit(told.cure, name)
        case "env":
            return _unset(asked, told.cure)
        case _:
            return fixes.by_hand(told.cure)


_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")


def _unset(asked: Asked, words: str) -> Fix:
    there = [name for name in _KEYS if name in asked.snapshot.host.environ]
    return fixes.unset(asked.snapshot.host, *there, words=words) if there else fixes.by_hand(words)
