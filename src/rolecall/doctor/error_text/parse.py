"""Parses an error message that a user pastes."""

import codecs
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from itertools import islice

from rolecall.aws.identifiers import account_of_arn
from rolecall.doctor.diagnosis import squeezed
from rolecall.doctor.error_text import patterns, tools
from rolecall.messages.errors import TABLE
from rolecall.text import mask
from rolecall.values import dataclass

HEAD, TAIL = 16 * 1024, 48 * 1024
"""Characters that are read of a long text: the command is at its beginning, and the error at its end."""
CUT = f"the message is long: only its beginning and its end were read, {(HEAD + TAIL) // 1024} KiB in all"
_NEAR = 4096
"""Characters within which a word is expected to end."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before the one that it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*+[ -/]*+[@-~]|\][^\x07\x1b]*+(?:\x07|\x1b\\)|[ -/]++[0-~]|[@-_])|\x9b[0-?]*+[ -/]*+[@-~]"
)
"""Colours, titles and character sets (ECMA-48, and xterm's OSC)."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
"""Characters that are neither text nor white space, which terminals and web pages add."""
_WHITE = re.compile(r"\s+")
_TYPOGRAPHIC = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\uff07", "'"),
    }
)
"""Quotes as mail programs, chats and other languages set them: to the ones that the tools print."""


def decoded(data: bytes) -> str:
    """Return a program's output as text, in any encoding: Windows PowerShell redirects in UTF-16."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for encoding, nulls in (("utf-16-le", data[1::2]), ("utf-16-be", data[0::2])):
        # plain English has a NUL beside each letter there
        if nulls and nulls.count(0) * 2 > len(nulls):
            return data.decode(encoding, "replace")
    return data.decode("utf-8", "replace")


def is_cut(text: str) -> bool:
    """Whether a text is longer than what is read of it."""
    return len(text) > HEAD + TAIL


def ends(text: str, head: int = HEAD, tail: int = TAIL) -> str:
    """Return this many characters of a text's beginning and end, or all of a shorter text.

    A word that would be cut in two is left out: half a secret does not look like one.
    """
    if len(text) <= head + tail:
        return text
    first, last = text[:head], text[-tail:]
    stop, start = first.rfind(" ", max(head - _NEAR, 0)), last.find(" ", 0, _NEAR)
    return f"{first[: stop if stop >= 0 else head]}\n{last[start + 1 :]}"


def plain(text: str) -> str:
    """Return what is read of a text, with its lines, without colours and other invisible characters."""
    text = _ESCAPES.sub("", ends(text)).replace("\r\n", "\n").replace("\r", "\n")
    if any(sign in text for sign in ("&quot;", "&#", "&gt;", "&amp;")):
        text = html.unescape(text)
    return _UNSEEN.sub("", text).translate(_TYPOGRAPHIC)


def collapsed(text: str) -> str:
    """Return a text with any white space replaced by one space or one line end."""
    return _WHITE.sub(lambda white: "\n" if "\n" in white[0] else " ", text).strip()


def location_of(text: str, count: int) -> int:
    """Return the index of the visible character with that number (from 0)."""
    for word in re.finditer(r"\S+", text):
        if count < len(word[0]):
            return word.start() + count
        count -= len(word[0])
    return len(text)


_MOST_OBJECTS = 20
"""Places in a text at which JSON may begin."""
_LED_UP = 200
"""Characters before what is known of a line that are shown as well."""
SHOWN = 600
"""Characters of a message that are shown."""

_FRAMES = re.compile(r"[│┃║|]")
_ARN = re.compile(r"arn:aws[\w-]*:[\w-]*:[\w-]*:(?:\d{12})?:[\w+=,.@:/*-]+")
_CALLER = re.compile(r"User:\s?(?P<arn>arn:aws\S{1,400}?)\s?is\s?not\s?authori[sz]ed")
_TARGET = re.compile(r"on\s?resource:\s?(?P<arn>arn:aws\S{1,400}?)(?=\s?(?:because|with\san?)|\s|$)")
_PERFORM = re.compile(r"authorized\s?to\s?perform:\s?[a-z0-9-]{1,40}:(?P<operation>[A-Za-z]{1,80})")
_PROFILE = r"(?P<profile>\"[^\"]{1,300}\"|'[^']{1,300}'|[^\s'\"]{1,300})"
_OPTION = re.compile(rf"(?:--|[\u2013\u2014])profile[=\s]{_PROFILE}")
_VARIABLE = re.compile(rf"\bAWS_(?:DEFAULT_)?PROFILE={_PROFILE}\s\S")
_WORDS = {
    "NoCredentials": "NoCredentialsError",
    "NoRegion": "NoRegionError",
    "ParamValidation": "ParamValidationError",
    "Configuration": "InvalidConfigError",
}
"""What AWS CLI v2 calls botocore's errors."""
_WRAPPING = ("Configuration",)
"""What it puts around errors that have words of their own."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A parsed error message.

    Attributes:
        message: the message, on one line, secrets masked, at most ``SHOWN`` characters.
        code: AWS's error code, or the class of botocore's exception.
        operation: the operation that failed, where it is named.
        profile: the profile that the message, or the command above it, names.
        source: the source profile that the message names.
        caller: the ARN of the caller that AWS refused.
        arn: the ARN that it was about: the role to assume, another resource, or the caller.
        account: the account of the caller, else of the ARN.
        stem: the name of a cache file without its ending.
        provider: the provider of the credentials or the token, by botocore's name for it.
        session: the sso-session, the start URL or the login session that it names.
        path: the file that it names.
        value: the value that it refuses, where it quotes one.
        text: all of it, without white space, for comparing.
        raw: all of it, with its lines, for looking up what it names; a terminal's breaks are joined too.
        tool: the tool or SDK that words it so, where it is another than the AWS CLI or boto3.
        is_cut: whether it was too long for all of it to be read (``CUT``).
    """

    message: str
    code: str | None = None
    operation: str | None = None
    profile: str | None = None
    source: str | None = None
    caller: str | None = None
    arn: str | None = None
    account: str | None = None
    stem: str | None = None
    provider: str | None = None
    session: str | None = None
    path: str | None = None
    value: str | None = None
    text: str = field(default="", repr=False)
    raw: str = field(default="", repr=False)
    tool: str | None = None
    is_cut: bool = False

    def has_said(self, words: str) -> bool:
        """Whether it has these words, even across line breaks."""
        return bool(words) and squeezed(words) in self.text


def parse_error_text(text: str) -> Pasted | None:
    """Return what an error message says; None where it is not a known one."""
    was_cut, text = is_cut(text), plain(text)
    found = _structured(text) or _worded(text)
    if found is None:
        loose = unwrapped(text)
        found = _worded(loose) if loose != text else None
    return replace(_with_names(found, text), is_cut=was_cut) if found is not None else None


def unknown_error_text(text: str) -> Pasted:
    """Return a message that is not known: what it names may be here all the same."""
    was_cut, text = is_cut(text), plain(text)
    return replace(_with_names(Pasted(_shown(text), text=squeezed(text)), text), is_cut=was_cut)


_PREFIX = re.compile(r"^[ \t]*(?:[\w.-]{1,60}[ \t]*)?(?:[|│┃║>]|[╷╵])[ \t]?", re.MULTILINE)
"""What stands before each line: a service of docker-compose, Terraform's frame, a quotation."""


_CODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_NESTED = 3
"""Times that JSON's escapes are taken off: JSON in JSON doubles the backslashes."""


def unwrapped(text: str) -> str:
    """Return a text without what others have put around it: JSON's escapes, prefixes of lines."""
    if "\\u" in text:
        text = _CODE.sub(lambda match: chr(int(match[1], 16)), text).translate(_TYPOGRAPHIC)
    for _ in range(_NESTED):
        if '\\"' in text or "\\n" in text:
            text = text.replace('\\"', '"').replace("\\n", "\n").replace("\\t", " ").replace("\\\n", "\n")
            text = _UNSEEN.sub("", _ESCAPES.sub("", text))
    return _PREFIX.sub("", text)


def _structured(text: str) -> Pasted | None:
    """Read JSON: AWS CLI v2 with ``AWS_CLI_ERROR_FORMAT=json``, AWS's own answers, rolecall's."""
    decoder = json.JSONDecoder()
    for start in islice((match.start() for match in re.finditer(r"\{", text)), _MOST_OBJECTS):
        try:
            content, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        found = _of_object(content)
        if found is not None:
            return found
    return None


def _of_object(content: object) -> Pasted | None:
    if not isinstance(content, Mapping):
        return None
    for key in ("Error", "error"):
        inner = content.get(key)
        if isinstance(inner, Mapping):
            return _of_object(inner)
    keys = {key.lower(): value for key, value in content.items() if isinstance(key, str)}
    code = next((keys[key] for key in ("code", "__type", "kind") if isinstance(keys.get(key), str)), None)
    message = keys.get("message")
    if code is None or not isinstance(message, str):
        return None
    code = code.rpartition("#")[2]
    worded = _worded(message)
    told = worded if worded is not None else Pasted(_shown(message), text=squeezed(message))
    is_ours = code in _WORDS or (told.code is not None and code not in TABLE)
    return replace(told, code=told.code if is_ours else code)


def _worded(text: str) -> Pasted | None:
    """Find the last error in a text; first with its lines as they are, then with all lines joined."""
    lines = collapsed(text)
    for looked_at in (lines, squeezed(text)):
        is_squeezed = looked_at is not lines
        found = _last(looked_at, is_squeezed=is_squeezed) or _first(
            patterns.WORDED, looked_at, is_squeezed=is_squeezed
        )
        code = found[1].groupdict().get("code") if found is not None else None
        if code is not None and (code in _WRAPPING or (code not in TABLE and code not in _WORDS)):
            found = _first(patterns.WORDED, looked_at, is_squeezed=is_squeezed) or found
        if found is not None:
            return _of_match(*found, looked_at, text)
    return (
        _tabled(text)
        or _of_stem(text, lines)
        or _of_tool(text, lines)
        or _bare(text, lines)
        or _of_class(text, lines)
        or _coded(text)
    )


def _of_tool(text: str, lines: str) -> Pasted | None:
    """Find what another tool says; AWS's own code beside it says more, but for the profile."""
    found = next(tools.found(text), None)
    if found is None:
        return None
    form, start = found
    profile = form.profile(lines) or next(
        (name for each, _ in tools.found(text) if (name := each.profile(lines)) is not None), None
    )
    coded = _coded(text) if form.is_vague else None
    where = location_of(text, start)
    line = text.rfind("\n", 0, where) + 1
    return Pasted(
        _shown(text, line if where - line <= _LED_UP else where),
        code=coded.code if coded is not None else form.code,
        profile=profile,
        tool=form.tool,
        text=squeezed(text),
    )


def _bare(text: str, lines: str) -> Pasted | None:
    found = _first(patterns.BARE, lines, is_squeezed=False)
    return _of_match(*found, lines, text) if found is not None else None


Found = tuple[patterns.MessagePattern, re.Match[str]]


def _last(text: str, *, is_squeezed: bool) -> Found | None:
    found = [(form, match) for form in patterns.CODED for match in form.found(text, is_squeezed=is_squeezed)]
    return max(found, key=lambda each: (each[1].end(), -each[1].start()), default=None)


def _first(of: tuple[patterns.MessagePattern, ...], text: str, *, is_squeezed: bool) -> Found | None:
    for form in of:
        *_, last = (None, *form.found(text, is_squeezed=is_squeezed))
        if last is not None:
            return form, last
    return None


def _of_match(form: patterns.MessagePattern, match: re.Match[str], looked_at: str, text: str) -> Pasted:
    groups = match.groupdict()
    code = groups.get("code") or form.code
    path = groups.get("path") or groups.get("bare")
    start = _start(text, looked_at, match)
    if form.is_last:
        start = text.rfind("\n", 0, start) + 1
    return Pasted(
        message=_shown(text, start),
        code=_WORDS.get(code, code) if code else None,
        operation=groups.get("operation"),
        profile=groups.get("profile"),
        source=groups.get("source"),
        provider=groups.get("provider"),
        session=groups.get("session"),
        path=path.strip() if path else None,
        value=groups.get("value"),
        text=squeezed(text),
    )


def _start(text: str, looked_at: str, match: re.Match[str]) -> int:
    """Return the index in a text of a match that was found in the text without white space."""
    return location_of(text, len(squeezed(looked_at[: match.start()])))


_ROW = re.compile(r"\W*+(?P<name>[Cc]ode|[Mm]essage)(?P<gap>\W++)(?P<words>.*)")


def _tabled(text: str) -> Pasted | None:
    """Read a table or YAML (``AWS_CLI_ERROR_FORMAT``)."""
    code, lines = None, text.split("\n")
    for number, row in enumerate(map(_ROW.match, lines)):
        if row is None or not set(row["gap"]) & set(":|\t "):
            continue
        if row["name"].lower() == "code":
            word = re.match(r"[A-Z]\w+", row["words"])
            code = word[0] if word is not None and code is None else code
        elif code is not None:
            words = _FRAMES.sub(" ", "\n".join((row["words"], *lines[number + 1 :])))
            return Pasted(_shown(words), code=_WORDS.get(code, code), text=squeezed(text))
    return None


def _of_stem(text: str, lines: str) -> Pasted | None:
    found = patterns.STEM.search(lines)
    if found is None:
        return None
    return Pasted(_shown(text), code="KeyError", stem=found["stem"], text=squeezed(text))


def _of_class(text: str, lines: str) -> Pasted | None:
    found = [
        match
        for match in patterns.RAISED.finditer(lines)
        if match["code"] in TABLE or match["module"].startswith(("botocore.", "boto3.", "awscli."))
    ]
    if not found:
        return None
    start = _start(text, lines, found[-1])
    return Pasted(_shown(text, start), code=found[-1]["code"], text=squeezed(text))


_VAGUE = frozenset(
    (
        *("KeyError", "TypeError", "RuntimeError", "ConnectionError"),
        *("FileNotFoundError", "PermissionError", "IsADirectoryError", "NotADirectoryError"),
        *("Timeout", "Refused", "Unwritable", "CodeCommit", "IdentityProvider", "InvalidEndpoint"),
        *("ToolConfig", "SigningHelper", "VariableConflict", "MfaSerialMissing", "MfaCode", "ExecVersion"),
    )
)
"""Names in the table of errors that say nothing by themselves."""
_KNOWN = re.compile(
    rf"(?<!nio\.file\.)\b(?P<code>{'|'.join(code for code in TABLE if code not in _VAGUE)})\b"
)


def _coded(text: str) -> Pasted | None:
    found = _KNOWN.findall(text)
    return Pasted(_shown(text), code=found[-1], text=squeezed(text)) if found else None


def _with_names(found: Pasted, text: str) -> Pasted:
    """Add the names that may be anywhere in a message, or in the command above it."""
    lines, whole = collapsed(text), collapsed(_rejoined(text))
    caller = _first_arn(_CALLER, whole, lines)
    arn = _first_arn(_TARGET, whole, lines) or next((each for each in _arns(whole) if each != caller), caller)
    stem = found.stem or (
        match["stem"] if found.code == "KeyError" and (match := patterns.STEM.search(lines)) else None
    )
    operation = found.operation
    if operation is None and (refused := _PERFORM.search(lines)) is not None:
        operation = refused["operation"]
    return replace(
        found,
        operation=operation,
        profile=found.profile if found.profile is not None else _named(lines),
        caller=caller,
        arn=arn,
        account=account_of_arn(caller or arn or ""),
        stem=stem,
        raw="\n".join(dict.fromkeys((text, unwrapped(text), _rejoined(text)))),
    )


def _arns(text: str) -> Iterator[str]:
    return (match[0].rstrip(".,;:") for match in _ARN.finditer(text))


def _first_arn(pattern: re.Pattern[str], *texts: str) -> str | None:
    found = (pattern.search(text) for text in texts)
    return next((match["arn"].rstrip(".,;:") for match in found if match is not None), None)


def _rejoined(text: str, start: int = 0) -> str:
    """Return a text from an index on, with lines joined that a terminal has broken at its width."""
    width = max(map(len, text.split("\n")))
    first, *others = text[start:].split("\n")
    is_full = start - (text.rfind("\n", 0, start) + 1) + len(first) == width
    lines = [first if is_full else f"{first}\n"]
    lines += [line if len(line) == width else f"{line}\n" for line in others]
    return "".join(lines)


def _named(text: str) -> str | None:
    """Return the profile that the command names, where it was pasted with the message."""
    for pattern in (_OPTION, _VARIABLE):
        *_, last = (None, *pattern.finditer(text))
        name = last["profile"].strip("\"'`.,") if last is not None else ""
        if name and not set(name) & set("<>${}"):  # what is to be filled in there
            return name
    return None


def _shown(text: str, start: int = 0) -> str:
    """Return a text from an index on, with secrets masked, even those that a terminal has broken."""
    joined = " ".join(_rejoined(text, start).split())
    masked = mask(joined)
    words = masked if masked != joined else mask(" ".join(text[start:].split()))
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
