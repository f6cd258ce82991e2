"""Values that hold more than was meant: a comment, quotes, characters that nobody sees, a tilde."""

import re
from collections.abc import Collection, Iterator, Mapping

from rolecall.doctor.context import RuleContext
from rolecall.doctor.finding import Occurrence, Severity, rule
from rolecall.doctor.known import BLOCKS, KEYS
from rolecall.doctor.rules.about_setting import put, setting_occurrence
from rolecall.doctor.sections import Passage
from rolecall.text import mask_name

COMMANDS = frozenset(("credential_process", "cli_pager"))
"""Settings that are split as a shell does, where a quote or a ``#`` may be meant."""
_PLAIN = KEYS - COMMANDS - BLOCKS.keys()
_COMMENT = re.compile(r"(?:^|(?<!\s)\s+)[#;].*", re.DOTALL)
_QUOTES = "\"'"
_UNSEEN = re.compile("[\u00a0\u00ad\u2007\u200b-\u200f\u2028-\u202f\u2060\ufeff]")
_PRINTED = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"'} | {
    chr(code): "-" for code in range(0x2010, 0x2016)
}
"""Quotation marks and dashes as text processors set them."""
_FEW = 3


@rule(
    "inline-comment",
    Severity.WARNING,
    "A comment behind a value",
    cause="Only a line of its own is a comment: `region = eu-west-1 # Dublin` sets all of it.",
    consequence="the value holds the comment, and AWS tools or AWS itself refuse it",
    cure="Put the comment on a line of its own.",
)
def inline_comment(context: RuleContext) -> Iterator[Occurrence]:
    """Find values with a comment behind them."""
    for passage, key, value in _texts(context):
        if ("#" in value or ";" in value) and _COMMENT.search(value):
            bare = _COMMENT.sub("", value, count=1)
            fix = put(passage, key, {key: bare or None}, f"write {key} without the comment")
            message = f"{key} of {passage.of} has a comment behind its value, which counts as a part of it"
            yield setting_occurrence(context, passage, key, message, fix)


@rule(
    "quoted-value",
    Severity.WARNING,
    "Quotes around a value",
    cause="AWS tools take quotes for a part of the value; only headers, and commands, know quotes.",
    consequence="the value holds the quotes: there is no such region, profile, key or file",
    cure="Write the value without quotes.",
)
def quoted_value(context: RuleContext) -> Iterator[Occurrence]:
    """Find values that begin or end with a quote."""
    for passage, key, value in _texts(context):
        if value and (value[0] in _QUOTES or value[-1] in _QUOTES):
            bare = value.strip(_QUOTES)
            fix = put(passage, key, {key: bare or None}, f"write {key} without quotes")
            message = f"{key} of {passage.of} has quotes around its value, which count as a part of it"
            yield setting_occurrence(context, passage, key, message, fix)


@rule(
    "unseen-character",
    Severity.WARNING,
    "A character in a value that looks like another, or like none",
    cause="The value was copied out of a web page or a text document, which has hard blanks, invisible "
    "characters, or quotation marks and dashes of its own.",
    consequence="the value looks right and is another one: AWS tools or AWS itself refuse it",
    cure="Type the value anew.",
)
def unseen_character(context: RuleContext) -> Iterator[Occurrence]:
    """Find values of AWS's settings with characters that do not belong there."""
    for passage, key, value in _texts(context):
        if not value.isascii():
            found = [sign for sign in dict.fromkeys(value) if _UNSEEN.match(sign) or sign in _PRINTED]
            if found:
                codes = ", ".join(f"U+{ord(sign):04X}" for sign in found[:_FEW])
                fix = put(passage, key, {key: _plain(value) or None}, f"write {key} in plain characters")
                message = f"{key} of {passage.of} holds characters that are not what they seem: {codes}"
                yield setting_occurrence(context, passage, key, message, fix)


def _plain(value: str) -> str:
    typed = "".join(_PRINTED.get(sign, sign) for sign in _UNSEEN.sub("", value))
    return typed.strip(f"{_QUOTES} ")


@rule(
    "tilde-in-command",
    Severity.WARNING,
    "A command with a path that nobody expands",
    cause="AWS tools start a credential_process without a shell: nothing expands `~` or `$HOME` in it.",
    consequence="the program is not found: “[Errno 2] No such file or directory”",
    cure="Write the path in full.",
)
def tilde_in_command(context: RuleContext) -> Iterator[Occurrence]:
    """Find programs whose path begins with a tilde, or has a variable in it."""
    for passage, key in context.suspects.odd:
        command = passage.values[key]
        if key == "credential_process" and isinstance(command, str) and passage.line(key) is not None:
            program = _program(command)
            whole = context.snapshot.host.expand(program)
            if whole != program:
                changes = {key: command.replace(program, whole, 1)}
                fix = put(passage, key, changes, f"write {mask_name(program)} in full")
                starts = f"credential_process of {passage.of} starts {mask_name(program)}"
                yield setting_occurrence(
                    context, passage, key, f"{starts}, which AWS tools do not expand", fix
                )


def _program(command: str) -> str:
    words = command.split(None, 1)
    return words[0].strip(_QUOTES) if words else ""


def _texts(context: RuleContext) -> Iterator[tuple[Passage, str, str]]:
    """Yield AWS's settings that are one line of text, and no command; a name that is there is a right one."""
    merged = context.snapshot.merged
    names: Mapping[str, Collection[str]] = {
        "source_profile": merged.by_name,
        "sso_session": merged.config.headers.sso_sessions,
        "services": merged.config.headers.services,
    }
    for passage, key in context.suspects.odd:
        value = passage.values[key]
        if key not in _PLAIN or not isinstance(value, str) or "\n" in value or value in names.get(key, ()):
            continue
        if passage.line(key) is not None:
            yield passage, key, value
