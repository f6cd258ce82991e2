"""What looks like a secret anywhere, and the words of a command line that are known to be harmless."""

import re

from rolecall.masking import ELLIPSIS, MASK
from rolecall.masking.addresses import mask_address
from rolecall.patterns import late

_SECRET_KEY = late(
    r"(?<![A-Za-z0-9/+])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[0-9])"
    r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])"
    r"|(?<=/)(?=[A-Za-z0-9+]*[A-Z])(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*[0-9])[A-Za-z0-9+]{40}(?![A-Za-z0-9/+])"
)
"""Forty characters like a secret access key's, alone or as one whole part of a path or an ARN."""
_LONG_TOKEN = late(r"[A-Za-z0-9/+_=.-]{120,}")
_LEAST_VARIETY, _PATH_PART = 20, 15
"""A long run is not a token if it has fewer kinds of characters, or more slashes: then it is a path."""
_ISSUED = late(
    r"(?<![A-Za-z0-9_-])(?:"
    r"eyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?"  # RFC 7519: a JSON object in base64url, twice
    r"|gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|hv[sbr]\.[\w-]{20,}|xox[a-z]-[\w-]{10,}"
    r"|s\.[A-Za-z0-9]{24}(?![A-Za-z0-9])"
    r")"
)
"""Tokens with the issuer in their beginning: GitHub, GitLab, Vault, Slack."""
_PRIVATE_KEY = late(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?P<key>[^-]*)")
_ACCESS_KEY_ID = late(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b")


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


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SUBCOMMANDS = _words("""
    access-keys access-token accesskeys account assume assume-role assumerole auth authenticate aws
    aws-cli aws-credentials caller-identity cli configure config console cred-process credential
    credential-helper credential-process credential-provider credential_process creds credentials device
    exec export export-credentials fetch generate get get-caller-identity get-credentials
    get-role-credentials get-secret get-secret-value get-session-token get-value helper iam identity
    item kv list list-accounts login logout login-profile mfa oidc print print-credentials process read
    refresh rotate role run saml script secretsmanager serve server session show sso sts switch
    temporary-credentials token update use user view web whoami env json text table yaml raw true false
    yes no on off .
""")
"""Names of subcommands, formats and switches."""
FLAGS = _words("""
    allow-missing debug force force-refresh help insecure json no-browser no-cli-pager no-color
    no-keychain no-prompt no-session no-sign-request no-verify-ssl non-interactive password-stdin
    pretty print quiet
    raw rotate-credentials silent skip-verify stdout verbose version yes
""")
"""Options that take no value: the next word is not theirs."""
PLAIN_OPTIONS = _words("""
    account account-id accounts app app-name application aws-account aws-profile aws-region
    aws-role-name browser cache-dir certificate-file color config-file default-region duration
    duration-seconds environment env-file field file format idp-arn idp-account log-level
    log-file max-attempts mfa-serial mfa-serial-number no-proxy output output-format partition profile
    profile-name principal-arn provider region region-name role role-arn role-name role-session-name
    role-to-assume service session-duration session-name source-profile sso sso-account sso-account-id
    sso-region sso-role sso-role-name sso-session ttl timeout vault
""")
"""Options that name a profile, a region, a role, a file, a format or a time."""
FILE_OPTIONS = _words(
    "ca-bundle ca-cert cacert cert certificate client-cert client-key identity-file key private-key"
)
"""Options that take the file of a key or of a certificate; the value may also be the key itself."""
PROFILE_AFTER = {
    "assume": (),
    "aws-okta": ("exec", "cred-process"),
    "aws-vault": ("exec", "export", "login", "rotate"),
    "awsume": (),
    "rolecall": ("export", "process"),
}
"""Programs that take a profile's name as a positional argument, and after which subcommand."""
WRAPPERS = _words("builtin command doas env exec nice nohup setsid sudo time winpty")
"""Programs that run the program after them."""
SHELLS = _words("ash bash cmd dash fish ksh powershell pwsh sh zsh")
TOOLS = _words("""
    aws awk base64 cat curl cut echo grep head jq op pass printf python python3 sed tail tr vault
""")
"""Programs with a name that is shown even where only a shell would start one: after a ``|``."""

_SAFE = late(r"[\w.@+/, \\~-]{1,120}")
_NAME = late(r"[\w.@+/ -]{1,64}")
_WORD = late(r"[a-z0-9]{1,24}(?:-[a-z0-9]{1,24}){0,6}")
_ARN = late(r"arn:[\w-]+:[\w-]*:[\w-]*:\d*:[\w+=,.@/:-]+", re.ASCII)
_REGION = late(r"[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}")
_ACCOUNT = late(r"\d{12}")
_TIME = late(r"\d{1,4}[smhd]")
_ADDRESS = late(r"[A-Za-z][A-Za-z0-9+.-]+://\S+")
_ENDING = r"\.(?:bat|cer|cfg|cmd|conf|crt|exe|ini|js|json|key|pem|pl|ps1|py|rb|sh|toml|ya?ml)"
_OF_ECR = late(r"AWS|(?:\d{12}|ACCOUNT)\.dkr\.ecr\.[\w-]{1,30}\.amazonaws\.com(?:\.cn)?`?")
"""The user and the host of `docker login` at ECR; a backtick that ends a quotation is left on it."""
_PATH = late(
    r"(?:\.{1,2}[/\\]|~[/\\]|\$HOME/|\$\{HOME\}/|/[\w.+@-]{1,60}/"
    r"|[A-Za-z]:[/\\](?:Program Files(?: \(x86\))?[/\\])?)[\w.+@,~%/\\-]{0,300}"
    rf"|(?:[A-Za-z]:|/)?[\w.+@/\\-]{{1,200}}(?<=[\w+@-]){_ENDING}",
)
_PART = late(r"[^/\\]+")
_LONGEST_PART = 12
"""Characters from which a part of a path with capitals, lower case and digits may be a secret."""
_KINDS = (str.islower, str.isupper, str.isdigit)


def is_name(text: str) -> bool:
    """Whether this can be shown in the place of a profile's name."""
    return bool(_NAME.fullmatch(text)) and mask_looks(text) == text


def is_plain(text: str) -> bool:
    """Whether this can be shown as the value of a harmless option."""
    return bool(_SAFE.fullmatch(text)) and mask_looks(text) == text


def is_word(text: str) -> bool:
    """Whether this looks like a service or an operation of the AWS CLI."""
    return bool(_WORD.fullmatch(text))


def is_path(text: str) -> bool:
    """Whether this is the path of a file: it begins like one, or has a usual file extension."""
    found = _PATH.fullmatch(text)
    return found is not None and not any(map(_is_odd, _PART.findall(text))) and mask_looks(text) == text


def _is_odd(part: str) -> bool:
    return len(part) >= _LONGEST_PART and all(any(map(is_one, part)) for is_one in _KINDS)


def shown_by_form(text: str) -> str | None:
    """Return a word that may be shown anywhere because of its form: an ARN, a region; else None."""
    if text in SUBCOMMANDS or is_path(text) or _OF_ECR.fullmatch(text):
        return text
    if _ADDRESS.fullmatch(text):
        shown = mask_address(text)
        return shown if mask_looks(shown) == shown else None
    forms = (_ARN, _REGION, _ACCOUNT, _TIME)
    return text if any(form.fullmatch(text) for form in forms) and mask_looks(text) == text else None
