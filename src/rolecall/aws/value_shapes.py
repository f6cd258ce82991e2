"""The shapes of values: what AWS accepts as a key, an ARN, a name, and what is wrong with what it does not.

The one table of patterns. Those with a source are from botocore's models of the services, which a test
compares with the installed ones; botocore itself checks only the shortest length of them (``validate.py``),
and the services check the rest. Imports next to nothing: masking is made from the table of settings, which
has its forms from here.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from rolecall.patterns import late
from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """What a service accepts as a value.

    Attributes:
        pattern: the pattern that the whole value must match.
        shortest: the least number of characters.
        longest: the greatest.
        source: the service and the shape of its model, as in ``sts:roleSessionNameType``.
        parameter: its name among the parameters of ``AssumeRole``; empty where it is none.
    """

    pattern: re.Pattern[str]
    shortest: int
    longest: int
    source: str
    parameter: str = ""

    def misfit(self, value: str) -> str | None:
        """Return what is wrong with a value, to follow its name (``has …``); None for one that fits."""
        if len(value) < self.shortest:
            return f"has {len(value)} characters, and at least {self.shortest} are needed"
        if len(value) > self.longest:
            return f"has {len(value)} characters, and at most {self.longest} are allowed"
        if self.pattern.fullmatch(value):
            return None
        wrong = next((sign for sign in value if not self.pattern.fullmatch(sign)), "")
        return f"contains {called(wrong)}, which AWS does not allow there" if wrong else "has another form"


def _of(pattern: str, shortest: int, longest: int, source: str, parameter: str = "") -> Shape:
    return Shape(late(pattern, re.ASCII), shortest, longest, source, parameter)


KEY_ID = _of(r"[\w]*", 16, 128, "sts:accessKeyIdType")
SHAPES = {
    "role_session_name": _of(r"[\w+=,.@-]*", 2, 64, "sts:roleSessionNameType", "RoleSessionName"),
    "external_id": _of(r"[\w+=,.@:\/-]*", 2, 1224, "sts:externalIdType", "ExternalId"),
    "mfa_serial": _of(r"[\w+=/:,.@-]*", 9, 256, "sts:serialNumberType", "SerialNumber"),
    "role_arn": _of(
        r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]+",
        *(20, 2048, "sts:arnType", "RoleArn"),
    ),
    "aws_account_id": _of(r"\d{12}", 0, 12, "iam:accountIdType"),
}
"""By the setting; in the order in which botocore looks at the parameters of a role."""
TRUE_KEY_ID = late(r"A[KS]IA[A-Z2-7]{16}")
"""What AWS has issued since there are key ids: 20 characters of base32."""
TRUE_SECRET = late(r"[A-Za-z0-9/+]{40}")

_NAMES = {
    "\n": "a line break",
    "\r": "a carriage return",
    "\t": "a tab",
    " ": "a blank",
    "\u00a0": "a non-breaking space",
    "\u200b": "a zero-width space",
    "\ufeff": "a byte order mark",
    "\0": "a NUL",
}


def called(sign: str) -> str:
    """Return a character in words: itself in quotes where it can be seen, else its name and code point."""
    if sign.isprintable() and sign != " " and sign.isascii():
        return f"'{sign}'"
    code = f"U+{ord(sign):04X}"
    name = _NAMES.get(sign)
    if name is None:
        name = f"'{sign}'" if sign.isprintable() and not sign.isspace() else "an invisible character"
    return name if sign == " " else f"{name} ({code})"


_UNSEEN = late(
    "[\\x00-\\x20\\x7f-\\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]"
)
_ODD = late(r"[^\x21-\x7e]")
"""All but the printable characters of ASCII."""
_PLAIN_TOKEN = late(r"[A-Za-z0-9/+]{60,}={0,2}")
QUOTES = "\"'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb"
_OPTION = late(r"-[neE]{1,3}\s+")
_NOTHING = frozenset(
    ("null", "none", "undefined", "nil", "nan", "(null)", "n/a", "false", "true", "[]", "{}")
)
"""What programs print where they have found nothing, in small letters."""
_ASSIGNED = late(
    r"(?:(?:export|set|setx)\s+)?(?:\$env:)?[\"']?(?:aws_?)?(?:access_?key(?:_?id)?|secret_?(?:access_?)?key|(?:session|security)_?token)"
    r"[\"']?\s*[:=]\s*[\"']?(?P<value>[^\s\"',;]+)[\"',;\s]*",
    re.IGNORECASE,
)
_FILL_IN = late(
    r"<[^<>]+>"  # <access-Key-for-an-IAM-role>
    r"|^\[[^\[\]]+\]$|^\{\{?[^{}]+\}?\}$|\{\{[^{}]*\}\}|[$#]\{[^{}]*\}"  # [region], {{ x }}, ${X}, #{X}
    r"|^\$[A-Za-z_]\w*$|^\$env:\w+$|^\$\([^()]+\)$|^%\(?[A-Za-z_]\w*[)%]s?$|^@[\w.]+@$|^__\w+__$"  # $X, %X%
    r"|^`[^`]+`$|^!(?:Ref|Sub|GetAtt)\b|^ENC\[|^vault:|^op://|^ssm:|^secretsmanager:"
    r"|(?<![a-z0-9])(?:your[-_ ]|change[-_ ]?(?:me|it)|replace[-_ ]?(?:me|with|this)|insert[-_ ])"
    r"|^(?:my|some|the)[-_ ]?(?:aws[-_ ]?)?(?:access|secret|session)[-_ ]?(?:access[-_ ]?)?(?:key|token)"
    r"(?:[-_ ]?id)?$"
    r"|^(?:aws[-_])?(?:access[-_]key(?:[-_]id)?|secret[-_](?:access[-_])?key|session[-_]token)$"
    r"|(?:^|::)(?:aws[-_]?)?account(?:[-_]?(?:id|number|no))?(?:$|:)"  # arn:aws:iam::ACCOUNT_ID:role/x
    r"|^(?:[x*.#?_-]{3,}|…)$|(?<![a-z0-9])x{4,}(?![a-z0-9])"  # d-xxxxxxxxxx.awsapps.com
    r"|//my-sso-portal\.|^(?:todo|tbd|fixme|none|null|redacted)$"
    r"|^(?:A[KS]IA)?x{6,}$",
    re.IGNORECASE,
)
"""Text that a reader or a template engine should have replaced."""
_DUMMY = late(r"[x*.#?_-]{3,}|change[-_ ]?me|todo|tbd|fixme|redacted", re.IGNORECASE)
_MARKS = (
    *("<", "[", "{", "$", "%", "@", "__", "`", "!", "your", "change", "replace", "insert", "key"),
    *("token", "account", "xx", "**", "..", "##", "??", "--", "…", "my-sso", "todo", "tbd", "fixme", "none"),
    *("null", "redacted", "secret", "vault:", "op://", "ssm:"),
)
"""Whatever the pattern finds contains one of these: looking for them first takes a quarter of the time."""


def is_nothing(value: str) -> bool:
    """Whether a value is a word that programs print where they have found nothing."""
    return value.lower() in _NOTHING


def is_placeholder(value: str) -> bool:
    """Whether a value is one that a reader, or a template engine, should have replaced."""
    lowered = value.lower()
    return any(mark in lowered for mark in _MARKS) and _FILL_IN.search(value) is not None


class Weight(StrEnum):
    """How certain it is that a value does not work."""

    CLIENT = "client"
    """AWS tools cannot even send it, wherever it goes to."""
    REFUSED = "refused"
    """AWS refuses it; another service with the same API may not."""
    LIKELY = "likely"
    """AWS has never issued one of this form."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong with a value.

    Attributes:
        name: the setting.
        words: what is wrong, to follow the name: ``is in quotes``; it quotes nothing that may be secret.
        right: the value that was probably meant, or None; it may be a secret.
        weight: how certain it is.
    """

    name: str
    words: str
    right: str | None = field(default=None, repr=False)
    weight: Weight = Weight.REFUSED


_COMMENT = late(r"(?:^|(?<!\s)\s+)[#;].*", re.DOTALL)


def text_misfit(name: str, value: str) -> Misfit | None:
    """Return what is wrong with any value of one word, whatever it is for; None for one that looks right."""
    if not value.strip():
        return Misfit(name, "is a blank" if value else "is empty")
    assigned = _ASSIGNED.fullmatch(value)
    if assigned is not None:
        return Misfit(name, "has a name in front of the value", assigned["value"])
    words = surplus(value)
    if words is not None:
        return Misfit(name, words, bare(value))
    if is_nothing(value):
        return Misfit(name, f"is the word {value}: a script found nothing, and wrote that")
    if is_placeholder(value):
        # some are written on purpose where another service is called, which asks for none
        weight = Weight.LIKELY if _DUMMY.fullmatch(value) else Weight.REFUSED
        return Misfit(name, "is a placeholder, which nothing has filled in", weight=weight)
    if "****" in value:
        return Misfit(name, "is masked with asterisks: it was copied from where it is not shown")
    odd = _ODD.search(value)
    return None if odd is None else Misfit(name, f"contains {called(odd[0])}")


def surplus(value: str) -> str | None:
    """Return what surrounds a value, or breaks it without being seen; None where there is nothing."""
    option = _OPTION.match(value)
    if option is not None:
        return f"begins with '{option[0].strip()}', which echo printed where it should have obeyed it"
    if "\n" in value.strip():
        return "has another line in it, which is part of the value"
    if _COMMENT.search(value.strip()):
        return "has a comment after it, which is part of the value"
    for sign, where in ((value[-1], "ends with"), (value[0], "begins with")):
        if sign in QUOTES:
            return "has quotes around it, which are part of the value"
        if _UNSEEN.match(sign) or (sign in ",;" and where == "ends with"):
            return f"{where} {called(sign)}, which is part of the value"
    inner = next((found[0] for found in _UNSEEN.finditer(value) if found[0] != " "), None)
    return None if inner is None else f"contains {called(inner)}"


def bare(value: str) -> str:
    """Return a value without all that surrounds or breaks it."""
    first = _COMMENT.sub("", _OPTION.sub("", value, count=1).strip().partition("\n")[0])
    return _UNSEEN.sub("", first).strip(QUOTES).rstrip(",;").strip(QUOTES)


_OTHERS_KEYS = (
    (late(r"gh[oprsu]_\w{8,}|github_pat_"), "a token of GitHub"),
    (late(r"glpat-"), "a token of GitLab"),
    (late(r"AIza[\w-]{10,}|ya29\.|GOCSPX-"), "a key of Google"),
    (late(r"xox[a-z]-|https://hooks\.slack"), "a token of Slack"),
    (late(r"[sr]k_(?:live|test)_"), "a key of Stripe"),
    (late(r"SG\.[\w-]{10,}\."), "a key of SendGrid"),
    (late(r"sk-(?:ant-|proj-)?[\w-]{16,}"), "a key of an AI service"),
    (late(r"npm_\w{20,}"), "a token of npm"),
    (late(r"dop_v1_"), "a token of DigitalOcean"),
    (late(r"hv[sbr]\.\w{10,}"), "a token of Vault"),
    (
        late(r"-----BEGIN |ssh-(?:rsa|ed25519|dss) |ssh-(?:rsa|ed25519)|ecdsa-sha2-"),
        "a key of SSH or TLS",
    ),
    (late(r"DefaultEndpointsProtocol=|AccountKey=|[A-Za-z0-9+/]{86}==$"), "a key of Azure"),
    (late(r"eyJ[\w-]+\.(?:[\w-]+\.)?[\w-]*"), "a JSON web token"),
    (late(r"aoa[A-Za-z0-9+/=:_-]{20,}"), "an access token of IAM Identity Center"),
    (late(r"arn:aws[\w-]*:"), "an ARN"),
    (late(r"https?://|s3://"), "a URL"),
)
"""Credentials of other services, by how they begin."""
_ANY_OTHER = late("|".join(f"(?:{pattern.pattern})" for pattern, _ in _OTHERS_KEYS))
_IDS = {
    "AIDA": "a user",
    "AROA": "a role",
    "AGPA": "a user group",
    "ANPA": "a managed policy",
    "ANVA": "a version of a managed policy",
    "AIPA": "an instance profile",
    "APKA": "a public key",
    "ASCA": "a certificate",
    "ABIA": "a bearer token of STS",
    "ACCA": "a context-specific credential",
}
"""What other ids of IAM begin with (IAM's user guide, "Unique identifiers")."""
_ID = late(rf"(?:{'|'.join(_IDS)})[A-Z0-9]{{12,}}")
_TOKEN_STARTS = ("IQoJ", "FwoG", "FQoG", "FQoD", "AQoD", "AQoE")
"""How session tokens of STS begin."""
_OWN = late(r"A[KS]IA", re.IGNORECASE)
_KEY_WITH_MORE = late(r"(A[KS]IA[A-Z2-7]{16})(?P<rest>\W.*)", re.DOTALL)
_SMTP = late(r"B[A-Za-z0-9+/]{43}")
_ENCODED = late(r"%(?:2[BbFf]|3[DdAa])")
_ID_LENGTH, _SECRET_LENGTH, _LONGEST_SECRET = 20, 40, 99
_SHORTEST_CUT_ID, _SHORTEST_CUT, _WHOLE = 12, 16, 30
"""Characters below which a key id or a secret is made up, and not cut off."""


PUBLISHED = frozenset(
    (
        *("AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE", "ASIAIOSFODNN7EXAMPLE"),
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY",
        "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    )
)
"""Keys and secrets from AWS's documentation."""
_AS_PUBLISHED = "is an example from AWS's documentation: AWS has no such key"


def key_misfits_of(settings: Mapping[str, object]) -> tuple[Misfit, ...]:
    """Return what is wrong with the static keys of a section; nothing where one is a block."""
    token = "aws_security_token" if "aws_security_token" in settings else "aws_session_token"
    names = ("aws_access_key_id", "aws_secret_access_key", token)
    key, secret, third = (settings.get(name) for name in names)
    if not isinstance(key, str) or not isinstance(secret, str) or not isinstance(third, str | None):
        return ()
    return key_misfits(key, secret, third, names)


def key_misfits(key: str, secret: str, token: str | None, names: tuple[str, str, str]) -> tuple[Misfit, ...]:
    """Return what is wrong with a set of keys; () where they look right.

    A key id of another form than AWS's (``minio``, ``test``) is not doubted: other services have AWS's API.

    Args:
        key: the access key id.
        secret: its secret.
        token: the session token, or None where there is none.
        names: what the three are called: settings or variables.
    """
    is_true = TRUE_KEY_ID.fullmatch(key) is not None
    if secret in PUBLISHED:  # the key id alone may be a test's
        given = ((names[0], key), (names[1], secret))
        # people try things out with them, and servers of one's own (MinIO) take them
        weight = Weight.LIKELY
        return tuple(
            Misfit(name, _AS_PUBLISHED, weight=weight) for name, value in given if value in PUBLISHED
        )
    of_token = _token_misfit(names[2], key, secret, token) if token else None
    if is_true and TRUE_SECRET.fullmatch(secret):
        return (of_token,) if of_token is not None else ()
    if _looks_secret(key) and _OWN.match(secret) and len(secret.strip(QUOTES)) >= KEY_ID.shortest:
        return (
            Misfit(names[0], "is the secret: the key id and its secret are swapped", secret),
            Misfit(names[1], "is the key id", key),
        )
    of_key = _key_id_misfit(names[0], key)
    if of_key is not None and of_key.weight is Weight.LIKELY and len(secret) < _WHOLE and _OWN.match(key):
        of_key = None  # made up, both of them
    found = (of_key, _secret_misfit(names[1], key, secret, is_true=is_true), of_token)
    return tuple(each for each in found if each is not None)


def _looks_secret(text: str) -> bool:
    bare = text.strip(QUOTES)
    return TRUE_SECRET.fullmatch(bare) is not None and not bare.isalpha() and not _OWN.match(bare)


def _breaks_header(misfit: Misfit, value: str) -> Misfit:
    """Return it as one that AWS tools cannot send, where a header cannot have the value (http.client)."""
    if re.search(r"\n(?![ \t])|\r(?![ \t\n])", value):
        return Misfit(misfit.name, misfit.words, misfit.right, Weight.CLIENT)
    return misfit


def _key_id_misfit(name: str, key: str) -> Misfit | None:
    found = text_misfit(name, key)
    if found is not None:
        return _breaks_header(found, key)
    other = _of_others(key)
    if other is not None:
        return Misfit(name, f"is {other}, and no access key id")
    if _ID.fullmatch(key):
        return Misfit(name, f"is the id of {_IDS[key[:4]]} ({key[:4]}…): key ids begin with AKIA or ASIA")
    # documentation and tests have ids that cannot be taken for real ones
    is_made_up = len(key) < _SHORTEST_CUT_ID or "EXAMPLE" in key
    return _own_id_misfit(name, key) if _OWN.match(key) and not is_made_up else None


def _own_id_misfit(name: str, key: str) -> Misfit | None:
    """Return what is wrong with a key id that begins as AWS's do."""
    is_short = len(key) <= _ID_LENGTH
    if not key.startswith(("AKIA", "ASIA")) or (is_short and key != key.upper()):
        right = key.upper() if TRUE_KEY_ID.fullmatch(key.upper()) else None
        return Misfit(name, "is in small letters: AWS's key ids are in capitals", right)
    half = key[: len(key) // 2]
    if half * 2 == key and len(half) >= KEY_ID.shortest:
        return Misfit(name, "is there twice, one after the other", half)
    more = _KEY_WITH_MORE.fullmatch(key)
    if more is not None:
        what = "a piece of a signed URL" if more["rest"].startswith(("/", "%2F")) else "more"
        return Misfit(name, f"has {what} after the key id", more[1])
    wrong = KEY_ID.misfit(key)
    if wrong is not None:
        return Misfit(name, wrong)
    if len(key) != _ID_LENGTH:
        return Misfit(
            name, f"has {len(key)} characters, and AWS's have 20{_how(key, _ID_LENGTH)}", weight=Weight.LIKELY
        )
    wrong = next((sign for sign in key[4:] if not ("A" <= sign <= "Z" or "2" <= sign <= "7")), None)
    if wrong is not None:
        return Misfit(name, f"contains {called(wrong)}, which no key id of AWS has", weight=Weight.LIKELY)
    return None


def _secret_misfit(name: str, key: str, secret: str, *, is_true: bool) -> Misfit | None:
    found = text_misfit(name, secret)
    if found is not None:
        return found
    if TRUE_KEY_ID.fullmatch(secret):
        return Misfit(name, "is a key id" if secret != key else "is the key id once more")
    other = _of_others(secret)
    if other is not None:
        return Misfit(name, f"is {other}, and no secret of AWS")
    if not is_true:
        return None
    wrong = _wrong_secret(secret)
    if wrong is not None:
        return Misfit(name, wrong)
    half = secret[: len(secret) // 2]
    if half * 2 == secret and len(half) == _SECRET_LENGTH:
        return Misfit(name, "is there twice, one after the other", half)
    if TRUE_SECRET.fullmatch(secret) or len(secret) < _SHORTEST_CUT:
        return None
    if len(secret) != _SECRET_LENGTH:
        words = f"has {len(secret)} characters, and AWS's have 40{_how(secret, _SECRET_LENGTH)}"
        return Misfit(name, words, weight=Weight.LIKELY)
    odd = next(sign for sign in secret if not re.match(r"[A-Za-z0-9/+]", sign))
    return Misfit(name, f"contains {called(odd)}, which no secret of AWS has", weight=Weight.LIKELY)


def _wrong_secret(secret: str) -> str | None:
    """Say what else a secret is."""
    if secret.startswith(_TOKEN_STARTS) and len(secret) > _LONGEST_SECRET:
        return "is a session token, in the secret's place"
    if _SMTP.fullmatch(secret):
        return "has the form of an SMTP password of SES, and is no secret of an access key"
    if _ENCODED.search(secret):
        return "is encoded as in a URL: % is in no secret of AWS"
    return None


def _token_misfit(name: str, key: str, secret: str, token: str) -> Misfit | None:
    # most tokens are plain, and long: nothing is wrong with the text of those
    found = None if _PLAIN_TOKEN.fullmatch(token) else text_misfit(name, token)
    if found is not None:
        if found.right is not None and token.strip(" \t") == found.right:
            return None  # blanks around a header's value count neither in it nor in the signature
        return _breaks_header(found, token)
    if token == secret and TRUE_SECRET.fullmatch(token):
        return Misfit(name, "is the secret once more")
    if TRUE_KEY_ID.fullmatch(token):
        return Misfit(name, "is the key id once more" if token == key else "is a key id")
    other = _of_others(token)
    if other is not None:
        return Misfit(name, f"is {other}, and no session token of STS")
    if _ENCODED.search(token):
        return Misfit(name, "is encoded as in a URL: % is in no session token")
    half = token[: len(token) // 2]
    if half * 2 == token and len(half) > _LONGEST_SECRET:
        return Misfit(name, "is there twice, one after the other", half)
    return None


def _how(text: str, length: int) -> str:
    return ": it was cut off" if len(text) < length else ": something follows it"


def _of_others(text: str) -> str | None:
    if _ANY_OTHER.match(text) is None:
        return None
    return next((what for pattern, what in _OTHERS_KEYS if pattern.match(text)), None)
