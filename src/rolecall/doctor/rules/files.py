"""Files that AWS tools refuse, or read differently from how they look."""

import configparser
import shlex
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from rolecall.aws import paths
from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.config_lines import locate
from rolecall.aws.line_edits import (
    POWERSHELL,
    LineEdit,
    glued,
    header_meant,
    is_setting_line,
    lines_of,
    powershell_names,
    setting_meant,
    visible,
    with_names,
)
from rolecall.aws.other_homes import Misnamed, misnamed
from rolecall.aws.providers import Tool
from rolecall.aws.settings import SETTINGS
from rolecall.aws.write_access import Obstacle, ObstacleKind
from rolecall.doctor import fixes
from rolecall.doctor.evidence import join_words
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.root_cause import hidden_files
from rolecall.doctor.rules.build import obstacle_fix, open_file, place_in, rewrite
from rolecall.doctor.rules.permissions import change_mode, is_in_own_home, use_another
from rolecall.doctor.sections import meant_setting, quote
from rolecall.host import Host
from rolecall.messages import obstacles
from rolecall.text import mask_header, mask_name

_HEADER = configparser.RawConfigParser.SECTCRE
_BOM = "\ufeff"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_WINDOWS = range(0x80, 0xA0)
"""Control characters in ISO 8859-1, and quotation marks, dashes and the like on Windows."""
_REFUSED = "every AWS command fails, whatever the profile: AWS tools refuse the whole file"
_MANY = 5
_DEFAULTS = ("[default]", "[profile default]")


@rule(
    "parse-error",
    Severity.ERROR,
    "A file that does not parse",
    cause="A line is neither a `[section]` nor `key = value`, comes before the first section, or is "
    "indented and has no `=`.",
    consequence=_REFUSED,
    cure="Correct the line.",
)
def parse_error(context: RuleContext) -> Iterator[Occurrence]:
    """Find the files with a line that does not parse."""
    for file in _unparseable(context):
        error = _error(file)
        if isinstance(error, configparser.MissingSectionHeaderError) and error.line.startswith(_BOM):
            continue
        lost = _lost_header(file, error)
        if lost is not None:
            yield _of_lost(context.snapshot.host, file, lost)
        elif not isinstance(error, (UnicodeDecodeError, *_DUPLICATES)):
            yield _of_line(context.snapshot.host, file, error)


_DUPLICATES = (configparser.DuplicateSectionError, configparser.DuplicateOptionError)


def _of_line(host: Host, file: ConfigFile, error: Exception | None) -> Occurrence:
    path = host.display(str(file.path))
    conflict = _conflict(file)
    if conflict is not None:
        words = f"{path}, line {conflict}: git could not merge two versions, and left both"
        cure = "keep one of them, and delete the lines <<<<<<<, ======= and >>>>>>> (in the editor)"
        evidence = [quote(host, file, conflict, "<<<<<<<")]
        return _seen(file, words, open_file(file, conflict, cure), conflict, tuple(evidence))
    where, what = (f"{path}, line {file.line}", f"line {file.line}") if file.line else (path, "the file")
    bad = error.errors if type(error) is configparser.ParsingError else []
    evidence = [
        quote(host, file, line, f"{word}, and no '=' after it")
        for line, text in bad[:_MANY]
        if (word := _first_word(text)) in SETTINGS
    ]
    if len(bad) > 1:
        lines = ", ".join(str(line) for line, _ in bad[:_MANY])
        evidence.append(f"{len(bad)} such lines: {lines}{'…' if len(bad) > _MANY else ''}")
    fix = open_file(file, file.line, f"correct {what} in the editor")
    edit = _meant(file, bad)
    headless = _headless(file, error)
    if headless is not None:
        fix = rewrite(file, headless, "write [default] above it, if these are the keys of no other profile")
    elif edit is not None:
        fix = rewrite(file, edit, f"write {_shown_line(edit.now[0])} in line {edit.line}")
    return _seen(file, f"{where}: {file.error}", fix, file.line, tuple(evidence))


def _headless(file: ConfigFile, error: Exception | None) -> LineEdit | None:
    """Return what puts settings at the beginning of a file below the header of the default profile."""
    if not isinstance(error, configparser.MissingSectionHeaderError):
        return None
    line, lines = error.lineno, lines_of(file.raw_text or "")
    has_default = any(visible(each).strip() in _DEFAULTS for each in lines)
    if has_default or line > len(lines) or not is_setting_line(lines[line - 1]):
        return None
    return LineEdit(line, (lines[line - 1],), ("[default]", lines[line - 1]))


def _conflict(file: ConfigFile) -> int | None:
    """Return the line at which a merge of git's that failed begins, or None."""
    lines = lines_of(file.raw_text or "")
    begins = next((number for number, line in enumerate(lines, start=1) if line.startswith("<<<<<<< ")), None)
    is_whole = begins is not None and any(line.startswith(">>>>>>> ") for line in lines[begins:])
    return begins if is_whole else None


def _lost_header(file: ConfigFile, error: Exception | None) -> LineEdit | None:
    """Return what makes a header of a line that is none, where the settings below it are twice without it."""
    if not isinstance(error, configparser.DuplicateOptionError) or error.lineno is None:
        return None
    first = _first_line(file, error.lineno, error.section, error.option) or 0
    for number, line in enumerate(lines_of(file.raw_text or "")[first : error.lineno], start=first + 1):
        if not _HEADER.match(line) and (meant := header_meant(line, file.role)) is not None:
            return LineEdit(number, (line,), (meant,))
    return None


def _of_lost(host: Host, file: ConfigFile, edit: LineEdit) -> Occurrence:
    shown = mask_header(edit.now[0])
    message = f"{host.display(str(file.path))}, line {edit.line}: this is not the header {shown}"
    fix = rewrite(file, edit, f"write {shown} in line {edit.line}")
    return _seen(file, message, fix, edit.line, (quote(host, file, edit.line, f"{shown} is meant"),))


def _meant(file: ConfigFile, bad: Sequence[tuple[int, str]]) -> LineEdit | None:
    """Return what was meant by the first line that does not parse, where that is plain."""
    lines = lines_of(file.raw_text or "")
    number = bad[0][0] if bad else file.line
    if number is None or number > len(lines):
        return None
    line = lines[number - 1]
    meant = header_meant(line, file.role) or setting_meant(line)
    if meant is None and visible(line) != line:
        meant = visible(line)
    indent = "" if meant is None or meant.startswith("[") else line[: len(line) - len(line.lstrip())]
    return LineEdit(number, (line,), (indent + meant,)) if meant is not None and meant != line else None


def _shown_line(line: str) -> str:
    """Return a line for a sentence: a header, or a setting without its value."""
    if line.startswith("["):
        return mask_header(line)
    return f"the '=' after {mask_name(line.partition('=')[0].strip())}" if "=" in line else "it"


def _first_word(text: str) -> str:
    """Return the first word of a line as the parser quotes it (``repr``); it may be a secret."""
    words = text.strip("'\"").replace("\\n", " ").split()
    return words[0].lower() if words else ""


@rule(
    "duplicate-section",
    Severity.ERROR,
    "A section that is twice in a file",
    cause="The same header is twice in one file, often because a profile was pasted that was already there.",
    consequence=_REFUSED,
    cure="Make one section of the two.",
)
def duplicate_section(context: RuleContext) -> Iterator[Occurrence]:
    """Find the files that have a header twice."""
    for file in _unparseable(context):
        error = _error(file)
        if isinstance(error, configparser.DuplicateSectionError) and error.lineno is not None:
            header = mask_name(error.section)
            first = _first_line(file, error.lineno, error.section)
            words = _twice(context, file, f"[{header}]", first, error.lineno)
            yield _seen(
                file,
                words,
                open_file(file, error.lineno, f"make one section of the two [{header}] in the editor"),
                error.lineno,
                _both(context.snapshot.host, file, (first, error.lineno), f"[{header}]"),
            )


@rule(
    "duplicate-key",
    Severity.ERROR,
    "A setting that is twice in a section",
    cause="The same key is twice in one section; `Region` and `region` are the same key.",
    consequence=_REFUSED,
    cure="Remove one of the two lines.",
)
def duplicate_key(context: RuleContext) -> Iterator[Occurrence]:
    """Find the files that have a key twice in one section."""
    for file in _unparseable(context):
        error = _error(file)
        if isinstance(error, configparser.DuplicateOptionError) and error.lineno is not None:
            key, header = mask_name(error.option), mask_name(error.section)
            first = _first_line(file, error.lineno, error.section, error.option)
            if _lost_header(file, error) is not None or any(
                (first or 0) <= each.line <= error.lineno for each in glued(file) if each.is_header
            ):
                continue  # it is in another section; its header is reported
            words = _twice(context, file, f"{key} of [{header}]", first, error.lineno)
            fix = open_file(file, error.lineno, f"remove one of the two lines of {key} in the editor")
            if error.option == POWERSHELL:
                fix = _without_powershell(file, error.lineno)
            yield _seen(
                file,
                words,
                fix,
                error.lineno,
                _both(context.snapshot.host, file, (first, error.lineno), key),
            )


def _without_powershell(file: ConfigFile, line: int) -> Fix:
    """Return a fix that writes PowerShell's lines as settings: in them the name ends at the colon."""
    found = powershell_names(file.raw_text or "")
    meant = {number: name if name in SETTINGS else meant_setting(name) for number, name in found.items()}
    names = {number: name for number, name in meant.items() if name is not None}
    words = "write PowerShell's lines as settings, aws_access_key_id = … and so on"
    edit = with_names(file, names) if len(names) == len(meant) else None
    return rewrite(file, edit, words if edit is not None else f"{words} (in the editor)", line)


def _twice(context: RuleContext, file: ConfigFile, what: str, first: int | None, second: int) -> str:
    path = context.snapshot.host.display(str(file.path))
    if first is None:
        return f"{what} is twice in {path}, again in line {second}"
    return f"{what} is twice in {path}, in line {first} and in line {second}"


def _both(host: Host, file: ConfigFile, lines: tuple[int | None, ...], words: str) -> tuple[str, ...]:
    return tuple(quote(host, file, line, words) for line in lines if line is not None)


def _first_line(file: ConfigFile, second: int, section: str, key: str | None = None) -> int | None:
    """Return the line of the first of two equal headers or keys; the text before the second parses."""
    text = file.raw_text
    if text is None:
        return None
    try:
        before = locate("\n".join((*lines_of(text)[: second - 1], "")))
    except configparser.Error:
        return None
    found = before.sections.get(section)
    if key is None:
        return found.line if found is not None else None
    keys = found.keys if found is not None else before.defaults
    return keys[key].line if key in keys else None


@rule(
    "byte-order-mark",
    Severity.ERROR,
    "A byte order mark at the beginning of a file",
    cause="An editor, usually on Windows, has saved the file as “UTF-8 with BOM”.",
    consequence=_REFUSED,
    cure="Save the file as UTF-8 without a BOM.",
)
def byte_order_mark(context: RuleContext) -> Iterator[Occurrence]:
    """Find the files that begin with the byte order mark of UTF-8."""
    for file in _unparseable(context):
        error = _error(file)
        if isinstance(error, configparser.MissingSectionHeaderError) and error.line.startswith(_BOM):
            path = context.snapshot.host.display(str(file.path))
            yield _seen(
                file,
                f"{path} begins with a byte order mark (BOM), which AWS tools do not skip",
                rewrite(file, _without_mark(file), "save the file as UTF-8 without a BOM", 1),
                1,
                (quote(context.snapshot.host, file, 1, "the bytes EF BB BF, which no editor shows"),),
            )


def _without_mark(file: ConfigFile) -> LineEdit | None:
    line = lines_of(file.raw_text or "")[0]
    return LineEdit(1, (line,), (line.lstrip(_BOM),)) if line.startswith(_BOM) else None


@rule(
    "wrong-encoding",
    Severity.ERROR,
    "A file in another encoding",
    cause="The file was saved in another encoding than the one that AWS tools decode it with (UTF-8, unless "
    "the locale says otherwise); in PowerShell 5 `>` writes UTF-16.",
    consequence=_REFUSED,
    cure="Save the file as UTF-8.",
)
def wrong_encoding(context: RuleContext) -> Iterator[Occurrence]:
    """Find the files that cannot be decoded."""
    host = context.snapshot.host
    for file in _unparseable(context):
        error = _error(file)
        if isinstance(error, UnicodeDecodeError):
            yield _seen(
                file,
                f"{host.display(str(file.path))} {file.error}",
                _recode(host, file, error),
                file.line,
                (quote(host, file, file.line, f"byte 0x{error.object[error.start]:02x}"),),
            )


def _encoding(data: bytes) -> str:
    """Return the most likely encoding of a file that is not UTF-8."""
    if data.startswith(_UTF_16):
        return "UTF-16"
    return "WINDOWS-1252" if any(byte in _WINDOWS for byte in data) else "ISO-8859-1"


def _recode(host: Host, file: ConfigFile, error: UnicodeDecodeError) -> Fix:
    """Return the line that converts a file and keeps its mode and its links."""
    wanted = file.encoding.upper()
    if host.platform == "win32":
        return fixes.manual(f"save the file as {wanted}")
    if host.encoding.lower() not in ("utf-8", "utf8"):
        return fixes.run("have Python decode files as UTF-8", "export PYTHONUTF8=1")
    found = _encoding(error.object)
    convert = f'iconv -f {found} -t {wanted} "$0" > "$0.{wanted}"'
    script = f'set -Ce; umask 077; {convert}; cat "$0.{wanted}" >| "$0"; rm "$0.{wanted}"'
    line = shlex.join(("sh", "-c", script, str(file.path)))
    return fixes.run(f"convert the file from {found}, as it seems to be, to {wanted}", line)


@rule(
    "unreadable-file",
    Severity.ERROR,
    "A file that cannot be read",
    cause="The file belongs to another user, its mode forbids reading it (after `sudo aws configure`, for "
    "example), or something other than a file is in its place.",
    consequence="AWS tools silently treat it as empty: “The config profile could not be found”",
    cure="Make it readable for yourself.",
)
def unreadable_file(context: RuleContext) -> Iterator[Occurrence]:
    """Find the files that exist and cannot be read."""
    host = context.snapshot.host
    told: set[Path | None] = set()
    for obstacle, _ in context.obstacles.values():
        hidden = hidden_files(context.snapshot, obstacle)
        told.update(file.path for file in hidden)
        if hidden:
            yield _hidden(host, obstacle, hidden)
    for file in context.snapshot.files:
        if file.status is FileStatus.UNREADABLE and file.path not in told:
            words = f"{host.display(str(file.path))} {file.error}"
            evidence = (quote(host, file, None, f"mode {stat.S_IMODE(file.mode):04o}"),) if file.mode else ()
            yield _seen(file, words, _readable(host, file), None, evidence)


def _hidden(host: Host, obstacle: Obstacle, files: tuple[ConfigFile, ...]) -> Occurrence:
    """Report a directory that hides the files in it."""
    names = join_words(file.path.name for file in files if file.path is not None)
    words = obstacles.in_the_way(host, obstacle)
    if obstacle.kind is ObstacleKind.FORBIDDEN:
        words = f"{host.display(obstacle.where)} {paths.whose(obstacle.where)}"
    return Occurrence(
        Subject(SubjectKind.FILE, host.display(obstacle.where)),
        f"{words}: {names} cannot be read",
        obstacle_fix(host, obstacle),
        Location(obstacle.where),
        (f"{host.display(obstacle.where)}  {obstacles.listing(obstacle.where)}",),
    )


def _readable(host: Host, file: ConfigFile) -> Fix:
    path = host.display(str(file.path))
    if file.path is None or host.platform == "win32":
        return fixes.manual(f"replace {path} by a plain file that you may read")
    if stat.S_ISREG(file.mode):
        line = shlex.join(("chmod", "u+rw", str(file.path)))
        return change_mode(host, file.path, f"make {path} readable", line)
    if not is_in_own_home(host, file.path):
        return use_another(host, file.path)
    if file.mode:
        return fixes.manual(f"move {path} elsewhere: a plain file that you may read belongs there")
    above = host.display(file.path.parent)
    return fixes.manual(f"make {above} a directory that you own and may enter (ls -ld shows the owner)")


@rule(
    "large-file",
    Severity.INFO,
    "A file that is very large",
    cause="Something has added to the file again and again, or a wrong file is in its place.",
    consequence="every AWS command reads the whole file, which takes seconds",
    cure="Remove what is not needed.",
)
def large_file(context: RuleContext) -> Iterator[Occurrence]:
    """Find the files that slow every command down."""
    host = context.snapshot.host
    for file in context.snapshot.files:
        if file.status is FileStatus.OK and file.error is not None:
            path = host.display(str(file.path))
            words = f"{path} {file.error}"
            yield _seen(file, words, fixes.manual(f"remove from {path} what is not needed"), None, ())


def _unparseable(context: RuleContext) -> Iterator[ConfigFile]:
    return (file for file in context.snapshot.files if file.status is FileStatus.UNPARSEABLE)


def _error(file: ConfigFile) -> configparser.Error | UnicodeDecodeError | None:
    """Return the parser's error; None for a block that botocore refuses, and where the file now parses.

    None too where a merge has left its marks: all else follows from them.
    """
    if file.path is None or _conflict(file) is not None:
        return None
    try:
        locate(paths.read_file(file.path).decode(file.encoding))
    except (configparser.Error, UnicodeDecodeError) as error:
        return error
    except OSError:
        return None
    return None


def _seen(
    file: ConfigFile, message: str, fix: Fix, line: int | None, evidence: tuple[str, ...]
) -> Occurrence:
    name = file.path.name if file.path is not None else file.role.value
    return Occurrence(Subject(SubjectKind.FILE, name), message, fix, place_in(file, line), evidence)


@rule(
    "file-with-ending",
    Severity.WARNING,
    "A file that has not the name that AWS tools read",
    cause="An editor (Notepad, whose endings Windows hides) saved it as `credentials.txt`, or it was called "
    "`Credentials`, or `config.ini`; AWS tools read `credentials` and `config`, in small letters.",
    consequence="AWS tools read no such file, and know none of its profiles",
    cure="Rename the file.",
)
def file_with_ending(context: RuleContext) -> Iterator[Occurrence]:
    """Find such a file beside the place of one that does not exist; an error if nothing works without it."""
    host = context.snapshot.host
    for file in reversed(context.snapshot.files):  # the keys before what uses them
        found = misnamed(host, file)
        if found is None:
            continue
        words = f"rename it to {host.display(found.read)}"
        line = shlex.join(("mv", "-n", str(found.path), str(found.read)))
        names = ", ".join(sorted(map(mask_name, found.profiles))[:_MANY])
        more = f", … ({len(found.profiles)} profiles)" if len(found.profiles) > _MANY else ""
        yield Occurrence(
            Subject(SubjectKind.FILE, found.path.name),
            f"{host.display(found.path)} is not read: {found.why}",
            fixes.run(words, line) if host.platform != "win32" else fixes.manual(words),
            place=Location(found.path),
            evidence=(f"{host.display(found.read)} does not exist", f"it has {names}{more}"),
            severity=Severity.ERROR if _is_needed(context, found) else None,
            gives=found.profiles,
        )


def _is_needed(context: RuleContext, found: Misnamed) -> bool:
    """Whether a command that names no profile fails without the file, or every profile does."""
    here = context.snapshot.default_session[Tool.BOTO3]
    if here.resolution.error in ("ProfileNotFound", "NoCredentialsError"):
        variable = here.variable
        chosen = context.snapshot.host.environ[variable] if variable is not None else "default"
        works = any(each.effective.provider is not None for each in context.snapshot.profiles.values())
        return chosen in found.profiles or not works
    return False
