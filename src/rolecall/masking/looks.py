"""What looks like a secret wherever it stands: access keys, session tokens, other services' tokens."""

import re

from rolecall.masking import ELLIPSIS, MASK

_SECRET_KEY = re.compile(
    r"(?<![A-Za-z0-9/+])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[0-9])"
    r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])"
    r"|(?<=/)(?=[A-Za-z0-9+]*[A-Z])(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*[0-9])[A-Za-z0-9+]{40}(?![A-Za-z0-9/+])"
)
"""Forty characters as a secret access key has them, alone or as one whole part of a path or an ARN."""
_LONG_TOKEN = re.compile(r"[A-Za-z0-9/+_=.-]{120,}")
_LEAST_VARIETY, _PATH_PART = 20, 15
"""A long run is no token if it has fewer kinds of characters, or a slash more often: then it is a path."""
_ISSUED = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"eyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?"  # RFC 7519: a JSON object in base64url, twice
    r"|gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hv[sbr]\.[\w-]{20,}|xox[a-z]-[\w-]{10,}"
    r"|s\.[A-Za-z0-9]{24}(?![A-Za-z0-9])"
    r")"
)
"""Tokens that say by their beginning who has issued them: GitHub, GitLab, Vault, Slack."""
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?P<key>[^-]*)")
_ACCESS_KEY_ID = re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b")


def mask_looks(text: str) -> str:
    """Return text with what looks like a secret masked; access key ids keep their last four characters."""
    text = _PRIVATE_KEY.sub(lambda match: match[0][: match.start("key") - match.start()] + MASK, text)
    text = _ISSUED.sub(MASK, text)
    text = _LONG_TOKEN.sub(_mask_long, text)
    text = _SECRET_KEY.sub(MASK, text)
    return _ACCESS_KEY_ID.sub(lambda match: ELLIPSIS + match[0][-4:], text)


def _mask_long(match: re.Match[str]) -> str:
    run = match[0]
    is_plain = len(set(run)) < _LEAST_VARIETY or run.count("/") * _PATH_PART > len(run)
    is_mixed = run.lower() != run and run.upper() != run
    return MASK if is_mixed and not is_plain else run
