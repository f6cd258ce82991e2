"""Lines that AWS tools read differently from how they look: joined, indented, in [DEFAULT]."""

import configparser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.line_edits import A_COMMENT, LineEdit, glued, is_own, is_setting_line, lines_of, outdented
from rolecall.aws.settings import SETTINGS, setting
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.rules.build import files_in_force, open_file, place_in, rewrite, setting_occurrence
from rolecall.doctor.sections import Passage, quote
from rolecall.host import Host
from rolecall.text import mask, mask_header, mask_name, shown_value
from rolecall.values import dataclass


@rule(
    "glued-line",
    Severity.ERROR,
    "A header or a setting that is joined to the line before",
    cause="A line end is missing, usually because text was appended to a file that did not end with one: "
    "`region = eu-west-1[profile dev]`.",
    consequence="the value is wrong, and there is no such section or setting: the lines below such a header "
    "belong to the section before",
    cure="Put it on its own line.",
)
def glued_line(context: RuleContext) -> Iterator[Occurrence]:
    """Find them even in a file that does not parse: the settings below a joined header may be the reason."""
    host = context.snapshot.host
    for file in context.snapshot.files:
        for each in glued(file) if file.status in (FileStatus.OK, FileStatus.UNPARSEABLE) else ():
            name = (
                each.rest.partition("]")[0] + "]" if each.is_header else each.rest.partition("=")[0].strip()
            )
            shown = mask(mask_name(name))
            what = f"the header {shown}" if each.is_header else f"the setting {shown}"
            path = host.display(str(file.path))
            above, begins = f"the value of {mask_name(each.key)}", f"{mask_name(each.key)} = …"
            if each.key == A_COMMENT:
                above, begins = each.key, "# …"
            elif each.key.startswith("["):
                above = begins = mask_header(each.key)
            yield Occurrence(
                Subject(SubjectKind.SECTION, name) if each.is_header else Subject(SubjectKind.FILE, path),
                f"{what} is joined to {above} in {path}, line {each.line}",
                rewrite(file, each.edit, f"put {shown} on its own line, in line {each.line}"),
                place_in(file, each.line),
                (quote(host, file, each.line, f"{begins}{shown}{'' if each.is_header else ' = …'}"),),
                profiles=_above(file, each.line),
                meant=name[1:-1] if each.is_header else "",
                spoils=place_in(file, each.line),
            )


def _above(file: ConfigFile, line: int) -> tuple[str, ...]:
    """Return the profile in whose section a line is; none in a file that does not parse."""
    above = [(found.line, header) for header, found in file.located.sections.items() if found.line <= line]
    header = max(above)[1] if above else None
    return tuple(name for name, headers in file.headers.profiles.items() if header in headers)


_DEFAULT = configparser.DEFAULTSECT
_HEADER = configparser.RawConfigParser.SECTCRE
_FEW = 3
_OF_PLUGINS = {"endpoint_url", "verify_ssl", "ca_bundle"}
"""What the plugin awscli_plugin_endpoint reads in the blocks of services."""


@dataclass(frozen=True, slots=True)
class _Swallowed:
    """A line that has become part of the setting above it."""

    passage: Passage
    key: str
    text: str

    @property
    def line(self) -> int | None:
        """Its line, below the setting that it has become part of."""
        first = self.passage.line(self.key)
        if first is None:
            return None
        for number, line in enumerate(lines_of(self.passage.file.text)[first:], start=first + 1):
            if line.strip() == self.text.strip():
                return number
        return None

    def edit(self, line: int) -> LineEdit | None:
        """Return what makes it a line of its own, where it is a setting or a header."""
        first = self.passage.line(self.key)
        if first is None or not is_own(self.text):
            return None
        is_block = isinstance(self.passage.values[self.key], Mapping)
        return outdented(self.passage.file, first, line, is_block=is_block)

    def seen(self, context: RuleContext, message: str, words: str, shown: str) -> Iterator[Occurrence]:
        """Yield what is reported about it; nothing where only [DEFAULT] has it, or the file has changed."""
        host, file, line = context.snapshot.host, self.passage.file, self.line
        if line is not None:
            above = quote(host, file, self.passage.line(self.key), mask_name(self.key))
            evidence = (above, quote(host, file, line, f"(indented) {shown}"))
            fix = rewrite(file, self.edit(line), f"{words} in line {line}", line)
            told = setting_occurrence(context, self.passage, self.key, message, fix, evidence=evidence)
            spoils = place_in(file, self.passage.line(self.key))
            yield replace(told, place=place_in(file, line), spoils=spoils)


@rule(
    "swallowed-line",
    Severity.WARNING,
    "An indented line that has become part of the setting above",
    cause="A line that is indented deeper than the setting above it continues that setting's value, even if "
    "it looks like a setting.",
    consequence="the setting above has a wrong value, and the indented one is not set at all",
    cure="Write the line without indentation.",
)
def swallowed_line(context: RuleContext) -> Iterator[Occurrence]:
    """Find the settings that are part of another by their indentation."""
    for swallowed in _swallowed(context):
        if not _HEADER.match(swallowed.text):
            yield from _of_line(context, swallowed)


def _of_line(context: RuleContext, swallowed: _Swallowed) -> Iterator[Occurrence]:
    name, delimiter, value = swallowed.text.partition("=")
    key = name.strip().lower()
    above, of = mask_name(swallowed.key), swallowed.passage.of
    if not delimiter:
        message = f"the {above} of {of} continues in the line below, which is indented"
        yield from swallowed.seen(context, message, f"put {above} on one line, or do not indent it", "…")
        return
    message = f"the {mask_name(key)} of {of} is indented, so it is part of {above}"
    shown = f"{mask_name(key)} = {shown_value(key, value.strip())}"
    for told in swallowed.seen(context, message, "remove the indentation", shown):
        yield replace(told, meant=key)


@rule(
    "swallowed-header",
    Severity.WARNING,
    "An indented header that has become part of the setting above",
    cause="A header that is indented deeper than the setting above it continues that setting's value.",
    consequence="there is no such section; the lines below the header belong to the section above it",
    cure="Write the header without indentation.",
)
def swallowed_header(context: RuleContext) -> Iterator[Occurrence]:
    """Find the headers that are part of a setting by their indentation."""
    for swallowed in _swallowed(context):
        if _HEADER.match(swallowed.text):
            header, above = mask_header(swallowed.text.strip()), mask_name(swallowed.key)
            message = f"the header {header} is indented, so it is part of {above} of {swallowed.passage.of}"
            subject = Subject(SubjectKind.SECTION, swallowed.text.strip())
            for told in swallowed.seen(context, message, "remove the indentation", header):
                yield replace(told, subject=subject, meant=subject.name.strip("[]"))


def _swallowed(context: RuleContext) -> Iterator[_Swallowed]:
    for passage, key in context.suspects.odd:
        value = passage.values[key]
        if isinstance(value, Mapping):
            yield from _from_block(passage, key, value)
        elif "\n" in value:
            lines = [line for line in value.split("\n")[1:] if line.strip()]
            told = list(_told(lines))
            for line in told or lines[:1] if key in SETTINGS else told:
                yield _Swallowed(passage, key, line)


def _told(lines: Sequence[str]) -> Iterator[str]:
    """Yield settings and headers; settings below a header belong to it, and are told of with it."""
    has_header = False
    for line in lines:
        if _HEADER.match(line):
            has_header = True
            yield line
        elif is_setting_line(line) and not has_header:
            yield line


def _from_block(passage: Passage, key: str, block: Mapping[str, str]) -> Iterator[_Swallowed]:
    """Yield the lines of a block that were meant as settings of the profile."""
    may = setting(key).holds
    if may:
        text = lines_of(passage.file.text)
        for name in block:
            if name in SETTINGS and name not in _OF_PLUGINS and name not in may:
                line = _line_of(text, passage.line(key), name)
                if line is not None:
                    yield _Swallowed(passage, key, line)


def _line_of(text: list[str], below: int | None, name: str) -> str | None:
    for line in text[below:] if below is not None else ():
        if line.partition("=")[0].strip() == name:
            return line
    return None


@rule(
    "default-section",
    Severity.WARNING,
    "Settings below [DEFAULT]",
    cause="Python's parser, which boto3 and the AWS CLI use, gives the settings below `[DEFAULT]` to every "
    "section of the file. The default profile is `[default]`, in lower case.",
    consequence="every profile of the file has these settings, and they make no default profile",
    cure="Write `[default]`, or move the settings to the profiles that need them.",
)
def default_section(context: RuleContext) -> Iterator[Occurrence]:
    """Find the files with settings below [DEFAULT]."""
    host = context.snapshot.host
    for file in files_in_force(context):
        if f"[{_DEFAULT}]" in file.text and file.located.defaults:
            keys = [mask_name(key) for key in file.located.defaults]
            path = host.display(str(file.path))
            line = file.located.defaults_line
            yield Occurrence(
                Subject(SubjectKind.SECTION, _DEFAULT),
                f"[{_DEFAULT}] gives {_list(keys)} to every section of {path} ({len(file.sections)})",
                open_file(file, line, "write [default], if you mean that profile"),
                place_in(file, line),
                tuple(_quotes(host, file)),
                profiles=tuple(file.headers.profiles),
            )


def _quotes(host: Host, file: ConfigFile) -> Iterator[str]:
    for key, found in list(file.located.defaults.items())[:_FEW]:
        yield quote(host, file, found.line, f"{mask_name(key)} = {shown_value(key, found.value.strip())}")


def _list(names: list[str]) -> str:
    if len(names) > _FEW:
        return f"{', '.join(names[:_FEW])} and {len(names) - _FEW} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
