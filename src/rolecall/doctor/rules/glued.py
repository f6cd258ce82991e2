"""Lines that have lost their line end: a header, or another setting, is glued to a value."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rolecall.aws.config_file import ConfigFile, FileKind, FileStatus
from rolecall.doctor.context import RuleContext
from rolecall.doctor.finding import Occurrence, Severity, Subject, SubjectKind, rule
from rolecall.doctor.known import BLOCKS, KEYS
from rolecall.doctor.rules.about_setting import open_file, place_in, text_of
from rolecall.doctor.sections import quote
from rolecall.text import mask, mask_name

_FREE = frozenset(("credential_process", "cli_pager", "role_session_name", "external_id", "source_profile"))
"""Settings whose values may hold brackets or an equals sign."""
_PLAIN = KEYS - _FREE - BLOCKS.keys()
_SETTING = re.compile(r"(?P<key>[^\s=:\[\]#;][^=:]*?)\s*[=:]\s*(?P<value>.+)")
_OF_CONFIG = re.compile(r".*?(?P<rest>\[(?:(?:profile|sso-session|services)\s[^\[\]]+|default)\]\s*)")
_GLUED_HEADER = re.compile(r"[^\[\]]*?(?P<rest>\[[^\[\]]+\]\s*)")
_KEY = re.compile(rf".*?(?P<rest>(?<![?&/_-])(?:{'|'.join(sorted(_PLAIN, key=len, reverse=True))})\s*=.*)")


class Glued(NamedTuple):
    """What is glued to a value.

    Attributes:
        line: the line (from 1).
        key: the setting whose value it is glued to.
        rest: what belongs on a line of its own.
    """

    line: int
    key: str
    rest: str

    @property
    def is_header(self) -> bool:
        """Whether it is a header."""
        return self.rest.startswith("[")


def glued(file: ConfigFile) -> Iterator[Glued]:
    """Yield what is glued to values in a file, be it parseable or not."""
    text = text_of(file)
    if text is None or ("]" not in text and text.count("=") <= text.count("\n")):
        return
    for number, line in enumerate(text.splitlines(), start=1):
        found = _in_line(line, file.role) if "]" in line or line.count("=") > 1 else None
        if found is not None:
            yield Glued(number, *found)


def _in_line(line: str, role: FileKind) -> tuple[str, str] | None:
    setting = _SETTING.fullmatch(line)
    key = setting["key"].lower() if setting is not None else ""
    if setting is None or key not in KEYS:
        return None
    patterns = [_OF_CONFIG] if role is FileKind.CONFIG else []
    patterns += [_GLUED_HEADER, _KEY] if key in _PLAIN else []
    for pattern in patterns:
        found = pattern.fullmatch(setting["value"])
        if found is not None and found.start("rest") > 0:
            return key, found["rest"].strip()
    return None


@rule(
    "glued-line",
    Severity.ERROR,
    "A header or a setting that is glued to the line before",
    cause="A line end got lost, mostly as text was appended to a file without one at its end: "
    "`region = eu-west-1[profile dev]`.",
    consequence="the value is wrong, and there is no such section or setting: what stands below a header "
    "belongs to the section before",
    cure="Put it on a line of its own.",
)
def glued_line(context: RuleContext) -> Iterator[Occurrence]:
    """Find them in whatever can be read: over the settings below it the whole file may not parse."""
    host = context.snapshot.host
    for file in context.snapshot.files:
        for each in glued(file) if file.status in (FileStatus.OK, FileStatus.UNPARSEABLE) else ():
            name = each.rest if each.is_header else each.rest.partition("=")[0].strip()
            shown = mask(mask_name(name))
            what = f"the header {shown}" if each.is_header else f"the setting {shown}"
            path = host.display(str(file.path))
            yield Occurrence(
                Subject(SubjectKind.SECTION, name) if each.is_header else Subject(SubjectKind.FILE, path),
                f"{what} is glued to the value of {each.key} in {path}, line {each.line}",
                open_file(file, each.line, f"put {shown} on a line of its own, in line {each.line}"),
                place_in(file, each.line),
                (quote(host, file, each.line, f"{each.key} = …{shown}{'' if each.is_header else ' = …'}"),),
            )
