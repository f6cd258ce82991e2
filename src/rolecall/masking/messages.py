"""Masks secrets in free text: values of names that mean a secret, and command lines that a message quotes."""

import re
from collections.abc import Iterator

from rolecall.masking import ELLIPSIS, MASK, Show, harmless
from rolecall.masking.commands import mask_arguments, mask_command
from rolecall.masking.names import how, is_clearly_secret, is_secret_name
from rolecall.patterns import late

_NAMED = late(
    r"(?<![\w.-])(?P<dashes>-{0,2})(?P<name>[A-Za-z_][\w.-]*+)(?P<quote>\\?[\"']?)"
    r"(?:\s*+(?P<sign>[=:])\s*+|(?P<comma>\s*+,\s*+)|\s++)"
)
"""A name with the separator before its value: ``name = value``, ``"name": "value"``, ``--name value``."""
_HINT = late(r"[=:]|(?<!\S)[\"']?-")
_VALUE = late(r"(?:[^\s\"'\\]++|\\[\s\S]|\"(?:[^\"\\]|\\[\s\S])*+\"|'[^']*+'|[\"'][^\n]*+|\\)++")
"""A word as a shell reads it; an unclosed quote continues to the end of the line."""
_VARIABLE = late(r"[A-Z][A-Z0-9]*+(?:_[A-Z0-9]++)*+")
_LEAST_VARIABLE = 3
_LOOK = 200
"""Characters of a value that are examined."""
_LEAST_SECRET = 16
"""Characters from which a value after a colon is more than a word of a sentence."""
_OWN = frozenset(("aws_secret_access_key", "aws_session_token", "aws_security_token"))
_HEADER = late(
    r"\b(?P<name>(?:proxy-)?authorization[\"']?\s*+[:=]\s*+|bearer\s++(?!tokens?\b))(?P<quote>[\"']?)",
    re.IGNORECASE,
)
_USER = late(
    r"(?<!\S)(?P<user>(?:-u|--user|--username|--proxy-user|--login)(?:\s++|=)?+[\"']?[^\s:\"'/]{1,80}:)(?!//)"
)
_CONFIGURE = late(r"\bconfigure\s++set\s++(?P<name>[\w.-]++)\s++")

_COMMENT = late(r"(?<=[^\s])(?P<mark>[ \t]++(?:;|\#(?!\d)))(?! ?\u2026)[^\n]++")
"""A blank and ``;`` or ``#``, as in no sentence: for AWS tools this is part of the value before it."""
_SETTING = late(
    r"(?P<line>^[ \t]*+)?(?<![\w-])(?:aws_pager|awsumepy_command|cli_pager|credential_process|mfa_process)"
    r"(?P<quote>\\?[\"']?)[ \t]*+(?P<sign>[=:])[ \t]*+(?P<command>[^\n]++)",
    re.IGNORECASE | re.MULTILINE,
)
_RAN = late(r"\bCommand\s++(?P<command>['\"\[][^\n]*+)")
_ENDED = late(r",? (?:returned non-zero|timed out|died with|failed with|exited with)")
_PROMPT = late(
    r"^[ \t]*+(?:[$%\u276f\u279c]|\+{1,4}|PS [^>\n]{0,80}>|[\w.-]{1,40}@[^\s$#%]{1,80} ?[$#%])[ \t]++"
    r"(?![\[#;]|[\w.-]++[ \t]*+[=:])(?P<command>[^\n]++)",
    re.MULTILINE,
)
_PROGRAM = late(
    r"(?<![\w.-])(?P<command>(?:curl|docker|htpasswd|ldapsearch|mariadb|mysql|mysqldump|openssl|psql|smbclient|sshpass"
    r"|vault|wget)(?:\.exe)?[ \t]++(?:-|(?:auth|kv|login|unseal|write)\b)[^\n]*+)"
)
"""Programs that often get secrets in their arguments."""
_ITEM = late(r"'(?P<one>(?:[^'\\]|\\[\s\S])*+)'|\"(?P<two>(?:[^\"\\]|\\[\s\S])*+)\"")


def mask_commands(text: str) -> str:
    """Return text with the command lines masked that can be recognised."""
    if "rocess" in text or "ROCESS" in text or "ager" in text or "AGER" in text or "awsumepy" in text:
        text = _SETTING.sub(_shown_setting, text)
    if "Command" in text:
        text = _RAN.sub(_shown_run, text)
    text = _PROMPT.sub(_shown_command, text)
    return _PROGRAM.sub(_shown_command, text)


def _shown_command(match: re.Match[str]) -> str:
    return match[0][: match.start("command") - match.start()] + mask_command(match["command"])


def _shown_setting(match: re.Match[str]) -> str:
    command = match["command"]
    if not match["quote"]:
        is_prose = match["sign"] == ":" and match["line"] is None
        return match[0] if is_prose else _shown_command(match)
    head = match[0][: match.start("command") - match.start()]
    quoted = _ITEM.match(command)
    if quoted is None or "\\" in match["quote"]:
        return head + MASK
    inner = quoted["one"] if quoted["one"] is not None else quoted["two"]
    shown = mask_command(inner.replace('\\"', '"'))
    return head + command[0] + shown.replace('"', '\\"') + command[0] + command[quoted.end() :]


def _shown_run(match: re.Match[str]) -> str:
    command = match["command"]
    ended = _ENDED.search(command)
    at = ended.start() if ended is not None else len(command)
    command, after = command[:at], command[at:]
    head = match[0][: match.start("command") - match.start()]
    listed = command.lstrip("\"'")
    if listed.startswith("["):
        items = [item["one"] if item["one"] is not None else item["two"] for item in _ITEM.finditer(listed)]
        return f"{head}[{', '.join(repr(each) for each in mask_arguments(items))}]{after}"
    quote = command[0]
    inner = command[1:-1] if command.endswith(quote) and len(command) > 1 else command[1:]
    return head + quote + mask_command(inner) + quote + after


def mask_comments(text: str) -> str:
    """Return text without comments after values that a message quotes."""
    return _COMMENT.sub(rf"\g<mark> {ELLIPSIS}", text)


def mask_assigned(text: str) -> str:
    """Return text with the values masked that are assigned to a secret's name."""
    if not _HINT.search(text) and "earer" not in text and "EARER" not in text and "configure" not in text:
        return text
    text = _replaced(text, _headers(text))
    text = _replaced(text, _users(text))
    return _replaced(text, _assigned(text))


def _replaced(text: str, spans: Iterator[tuple[int, int]]) -> str:
    """Return text with a mask for each span; spans come in order, those within others are skipped."""
    shown, at = [], 0
    for start, stop in spans:
        if start >= at and stop > start:
            shown += [text[at:start], MASK]
            at = stop
    return "".join((*shown, text[at:]))


def _headers(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while (match := _HEADER.search(text, at)) is not None:
        quote = match["quote"] or _quote_before(text, match.start())
        at = _quoted_end(text, match.end(), quote)
        yield match.end(), at


def _users(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while (match := _USER.search(text, at)) is not None:
        inner = match["user"]
        quote = next((each for each in "\"'" if each in inner), "")
        at = _quoted_end(text, match.end(), quote) if quote else _word_end(text, match.end())
        yield match.end(), at
    at = 0
    while (match := _CONFIGURE.search(text, at)) is not None:
        at = _word_end(text, match.end())
        if is_secret_name(match["name"].rpartition(".")[2]):
            yield match.end(), at


def _assigned(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while (match := _NAMED.search(text, at)) is not None:
        at = match.end("name")
        if not _may_hold(match):
            continue
        start = match.end()
        quote = _quote_before(text, match.start()) if not match["quote"] else ""
        if text.startswith(MASK, start):
            continue
        stop = _quoted_end(text, start, quote) if quote else _word_end(text, start)
        if _is_secret(match, text[start:stop]):
            at = stop
            yield start, stop


def _quote_before(text: str, start: int) -> str:
    return text[start - 1] if start and text[start - 1] in "\"'`" else ""


def _word_end(text: str, start: int) -> int:
    value = _VALUE.match(text, start)
    return value.end() if value is not None else start


def _quoted_end(text: str, start: int, quote: str) -> int:
    """Return where a quoted text ends: at the quote, or at the end of the line if it is not closed."""
    line_end = text.find("\n", start)
    end = line_end if line_end >= 0 else len(text)
    at = start
    while quote and (at := text.find(quote, at, end)) >= 0:
        if text[at - 1] != "\\":
            return at
        at += 1
    return end


def _may_hold(match: re.Match[str]) -> bool:
    """Whether a name means that the value after it is a secret."""
    name, sign = match["name"], match["sign"]
    if match["comma"] is not None:
        return bool(match["dashes"] and match["quote"]) and is_secret_name(name)
    if sign is None:
        return bool(match["dashes"]) and not match["quote"] and is_secret_name(name)
    if name.lower() == "key":
        return bool(match["dashes"])  # a word of any sentence
    if sign == "=":
        return is_secret_name(name) or (not match["dashes"] and _is_stray(name))
    return is_clearly_secret(name) or (bool(match["quote"]) and is_secret_name(name))


def _is_stray(name: str) -> bool:
    """Whether this is an unknown variable."""
    return (
        len(name) >= _LEAST_VARIABLE and _VARIABLE.fullmatch(name) is not None and how(name) is Show.UNKNOWN
    )


def _is_secret(match: re.Match[str], value: str) -> bool:
    """Whether the value after such a name is a secret, and not a word of a sentence or a file."""
    if match["name"].lower().replace("_", "-") in harmless.FILE_OPTIONS and harmless.is_path(value):
        return False
    if match["sign"] != ":" or match["quote"] or value[:1] in ("'", '"'):
        return True
    looked = value[:_LOOK]
    is_own = match["name"].lower() in _OWN
    return is_own or len(looked) >= _LEAST_SECRET or any(map(str.isdigit, looked))
