"""Headers of sections that AWS tools ignore, replace, or read as something else."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from rolecall.aws.config_file import ConfigFile, FileKind, Value
from rolecall.aws.line_edits import LineEdit, lines_of, merged, visible
from rolecall.aws.settings import CREDENTIAL_SETTINGS, SESSION_SETTINGS, SETTINGS
from rolecall.doctor import evidence, fixes
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import files_in_force, open_file, place_in, rewrite
from rolecall.doctor.sections import quote, section_lines
from rolecall.text import mask_header, mask_name

PROFILE, SESSION, SERVICES = "profile", "sso-session", "services"
_KINDS = (PROFILE, SESSION, SERVICES)
_SEPARATORS = " \t.:-_/"
_EDGES = "\"' \t"
_LIKENESS = 0.7
_MANY = 5


@rule(
    "not-a-profile",
    Severity.WARNING,
    "A section of config that is not a profile",
    cause="In config a profile's header is `[profile dev]`; only `[default]` has no such word. It "
    "is easily forgotten, or written in another case, because credentials has plain `[dev]`.",
    consequence="AWS tools ignore the section: “The config profile could not be found”, or a profile "
    "without these settings",
    cure="Write the word before the name.",
)
def not_a_profile(context: RuleContext) -> Iterator[Occurrence]:
    """Find the sections with AWS settings that have a header without a meaning."""
    for file in files_in_force(context):
        for header in file.headers.other:
            values = file.sections[header]
            if values.keys() & SETTINGS.keys():
                wanted = _wanted(header, values)
                where = f"[{_shown(header)}] in {_path(context, file)}"
                message = f"AWS tools ignore {where}: it would have to be {wanted}"
                yield _of_header(context, file, header, message, wanted)


def _wanted(header: str, values: Mapping[str, Value]) -> str:
    """Return the header that was probably meant."""
    word, _, name = header.strip().partition(" ")
    if name.strip():
        kind = next(iter(get_close_matches(word.lower().replace("_", "-"), _KINDS, 1, _LIKENESS)), None)
        if kind is not None:
            return _written(kind, name)
    own = values.keys() & SETTINGS.keys()
    kind = SESSION if "sso_start_url" in own and own <= SESSION_SETTINGS.keys() else PROFILE
    return _written(kind, header)


def _written(kind: str, name: str) -> str:
    """Return the header for a name, in quotes where it needs them; ``name`` may have quotes around it."""
    bare = mask_header(_bare(name))
    if kind == PROFILE and bare.lower() == "default":
        return "[default]"
    if not any(sign in bare for sign in " \t'\"\\"):
        return f"[{kind} {bare}]"
    escaped = bare.replace("\\", "\\\\").replace('"', '\\"')
    return f'[{kind} "{escaped}"]'


def _bare(name: str) -> str:
    """Return a name without the spaces and quotes around it, even where a quote is on one side only."""
    bare = name.strip()
    for sign in "\"'":
        if len(bare) > 1 and bare[0] == bare[-1] == sign:
            return bare[1:-1].strip()
        if bare.count(sign) == 1:
            bare = bare.removeprefix(sign).removesuffix(sign)
    return bare.strip()


@rule(
    "dropped-header",
    Severity.WARNING,
    "A header that AWS tools ignore",
    cause="The header begins like a profile's, but is not the word and one name: a name with spaces needs "
    "quotes, quotes must be closed, and only spaces may be between the word and the name.",
    consequence="AWS tools silently ignore the section: “The config profile could not be found”",
    cure="Write the name in quotes.",
)
def dropped_header(context: RuleContext) -> Iterator[Occurrence]:
    """Find the headers that botocore reads and discards."""
    for file in files_in_force(context):
        for header in (each for each in file.headers.dropped if "][" not in each):
            kind = next((kind for kind in _KINDS if header.startswith(kind)), PROFILE)
            name = header.removeprefix(kind).partition("]")[0].lstrip(_SEPARATORS)
            wanted = _written(kind, name) if _bare(name) else f"[{kind} NAME]"
            why = "has no name" if not _bare(name) else f"would have to be {wanted}"
            message = f"AWS tools ignore [{_shown(header)}] in {_path(context, file)}: it {why}"
            yield _of_header(context, file, header, message, wanted)


@rule(
    "odd-header",
    Severity.INFO,
    "A header that is a profile by chance",
    cause="botocore checks only whether a header begins with `profile`, so `[profiles dev]` is a profile.",
    consequence="boto3 and the AWS CLI read the section, but other tools and `aws configure` do not find it",
    cure="Write `[profile dev]`.",
)
def odd_header(context: RuleContext) -> Iterator[Occurrence]:
    """Find the headers with a first word that only begins like the right one."""
    config = context.snapshot.merged.config
    for kind, named in _named(context):
        for name, headers in named.items():
            for header in headers:
                if header != "default" and header.split(None, 1)[0] != kind:
                    wanted = _written(kind, name)
                    message = f"AWS tools read [{_shown(header)}] in {_path(context, config)} as {wanted}"
                    yield _of_header(context, config, header, message, wanted)


@rule(
    "unseen-in-header",
    Severity.WARNING,
    "A header with a character that no editor shows",
    cause="A zero-width space or a byte order mark was pasted with the name, and is part of it.",
    consequence="there is no profile of the name that one sees: “The config profile could not be found”",
    cure="Write the header without it.",
)
def unseen_in_header(context: RuleContext) -> Iterator[Occurrence]:
    """Find the headers that are other than they look."""
    for file in files_in_force(context):
        for header in file.sections:
            if not header.isascii() and visible(header) != header:
                wanted = f"[{mask_header(visible(header))}]"
                message = f"{wanted} in {_path(context, file)} has a character in it that no editor shows"
                yield _of_header(context, file, header, message, wanted)


@rule(
    "repeated-profile",
    Severity.WARNING,
    "A profile that is twice in config",
    cause="Two headers of different spelling have the same name: `[default]` and `[profile default]`, "
    '`[profile dev]` and `[profile "dev"]`. The same spelling twice would not parse.',
    consequence="AWS tools read only the last section; they ignore all settings of the earlier one",
    cure="Make one section of the two.",
)
def repeated_profile(context: RuleContext) -> Iterator[Occurrence]:
    """Find the names that have several headers; AWS tools use the last."""
    config = context.snapshot.merged.config
    for kind, named in _named(context):
        for name, headers in named.items():
            if len(headers) > 1:
                yield _repeated(context, config, kind, name, headers)


def _named(context: RuleContext) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
    """Yield the named sections of config by kind, with the headers of each name."""
    for file in files_in_force(context):
        if file.role is FileKind.CONFIG:
            yield PROFILE, file.headers.profiles
            yield SESSION, file.headers.sso_sessions
            yield SERVICES, file.headers.services


def _repeated(
    context: RuleContext, config: ConfigFile, kind: str, name: str, headers: tuple[str, ...]
) -> Occurrence:
    about = {PROFILE: SubjectKind.PROFILE, SESSION: SubjectKind.SESSION}.get(kind, SubjectKind.SECTION)
    host = context.snapshot.host
    last = config.sections[headers[-1]]
    lost = [key for header in headers[:-1] for key in config.sections[header] if key not in last]
    evidence = [quote(host, config, _line(config, header), f"[{_shown(header)}]") for header in headers]
    evidence += list(section_lines(host, config, headers[:-1]))[:_MANY]
    written = " and ".join(f"[{_shown(header)}]" for header in headers)
    of = _shown(name) if kind == PROFILE else f"the {kind} {_shown(name)}"
    words = f"make one section of {written}"
    edit = merged(config, headers[0], headers[-1])
    if edit is None or not _is_harmless(context, config, headers[-1], set(lost)):
        words, edit = f"{words} in the editor", None
    return Occurrence(
        Subject(about, name),
        f"{of} is in {_path(context, config)} {_times(len(headers))}, as {written}, and only the last "
        "is used",
        rewrite(config, edit, words, _line(config, headers[0])),
        place_in(config, _line(config, headers[0])),
        tuple(evidence),
        consequence=_loss(lost, len(headers) - 1),
        profiles=(name,) if kind == PROFILE else (),
    )


def _loss(lost: list[str], sections: int) -> str:
    keys = list(dict.fromkeys(map(mask_name, lost)))
    if not keys:
        return ""
    return f"AWS tools ignore {', '.join(keys)} of the earlier section{'s' if sections > 1 else ''}"


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"  # noqa: PLR2004 - twice


@rule(
    "config-header-in-credentials",
    Severity.WARNING,
    "A header of config in the credentials file",
    cause="In credentials every header is the name itself: `[dev]`. There, `[profile dev]` is a profile "
    "with the name `profile dev`, and an sso-session is not read at all.",
    consequence="the intended profile does not have these settings",
    cure="Write only the name.",
)
def config_header(context: RuleContext) -> Iterator[Occurrence]:
    """Find the headers in credentials that begin with a word of config."""
    for file, header in _credentials(context):
        if header.startswith(_KINDS):
            kind, _, name = header.partition(" ")
            if kind in _KINDS and _bare(name):
                yield _in_credentials(context, file, header, kind, _bare(name))


def _credentials(context: RuleContext) -> Iterator[tuple[ConfigFile, str]]:
    for file in files_in_force(context):
        if file.role is FileKind.CREDENTIALS:
            yield from ((file, header) for header in file.sections)


def _in_credentials(context: RuleContext, file: ConfigFile, header: str, kind: str, name: str) -> Occurrence:
    path = _path(context, file)
    if kind == PROFILE:
        message = f"[{_shown(header)}] in {path} is a profile named '{_shown(header)}', not {_shown(name)}"
        return _misnamed(context, file, header, name, message)
    message = (
        f"[{_shown(header)}] in {path} is a profile named '{_shown(header)}': no {kind} is read from here"
    )
    fix = _open(file, header, "move the section to config")
    return replace(_about_profile(context, file, header, message, fix), meant=f"{kind} {name}")


@rule(
    "odd-name",
    Severity.WARNING,
    "A name in credentials that is not what it seems",
    cause="In credentials the whole text between the brackets is the name: spaces and quotes are part of it, "
    "and `[Default]` is not the default profile.",
    consequence="the intended profile does not have these settings",
    cure="Write only the name.",
)
def odd_name(context: RuleContext) -> Iterator[Occurrence]:
    """Find names with quotes or spaces around them, and a default in capitals."""
    for file, header in _credentials(context):
        if header[:1] not in _EDGES and header[-1:] not in _EDGES and header.lower() != "default":
            continue
        bare = _bare(header)
        name = "default" if bare.lower() == "default" else bare
        if name not in (header, ""):
            message = f"[{_shown(header)}] in {_path(context, file)} is not the profile {_shown(name)}"
            yield _misnamed(context, file, header, name, message)


def _misnamed(context: RuleContext, file: ConfigFile, header: str, name: str, message: str) -> Occurrence:
    """Return what is reported about a misnamed profile: the fix renames it, where the name is free."""
    if name in context.snapshot.profiles:
        fix = _open(file, header, f"write [{_shown(name)}], or put the settings there, in the editor")
    else:
        fix = fixes.rename(f"rename it to {_shown(name)}", header, name)
    return replace(_about_profile(context, file, header, message, fix), meant=f"{PROFILE} {name}")


def _about_profile(context: RuleContext, file: ConfigFile, header: str, message: str, fix: Fix) -> Occurrence:
    line = _line(file, header)
    return Occurrence(
        Subject(SubjectKind.PROFILE, header),
        message,
        fix,
        place_in(file, line),
        (quote(context.snapshot.host, file, line, f"[{_shown(header)}]"),),
        profiles=(header,),
    )


def _of_header(context: RuleContext, file: ConfigFile, header: str, message: str, wanted: str) -> Occurrence:
    there = _header_of(file, wanted)
    line = _line(file, header)
    fix = (
        _put_below(context, file, header, there)
        if there not in (None, header)
        else _write(file, header, line, wanted)
    )
    return Occurrence(
        Subject(SubjectKind.SECTION, header),
        message,
        fix,
        place_in(file, line),
        (quote(context.snapshot.host, file, line, f"[{_shown(header)}]"),),
        meant=wanted[1:-1],
    )


def _write(file: ConfigFile, header: str, line: int | None, wanted: str) -> Fix:
    """Return a fix that writes the header as wanted."""
    edit = _written_anew(file, header, line, wanted) if line is not None else None
    return rewrite(file, edit, f"write {wanted}{'' if edit is not None else ' in the editor'}", line)


def _put_below(context: RuleContext, file: ConfigFile, header: str, there: str | None) -> Fix:
    """Return a fix that puts the settings of a section below a header that is there already.

    It is done for the user only where it is certain that a profile which works is not made another one.
    """
    assert there is not None  # noqa: S101 - for the type checker
    shown, line = f"[{_shown(there)}]", _line(file, header)
    own, right = file.sections[header], file.sections[there]
    both = sorted(own.keys() & right.keys())
    edit = merged(file, header, there)
    if edit is not None and _is_harmless(context, file, there, own.keys() - right.keys()):
        return rewrite(file, edit, f"put its settings below {shown}")
    words = f"put its settings below {shown} in the editor"
    if both:
        words += f": key by key, for {evidence.join_words(map(mask_name, both))} may be there only once"
    return open_file(file, line, words)


_LEADS_ELSEWHERE = frozenset((*CREDENTIAL_SETTINGS, "endpoint_url", "services", "ca_bundle"))


def _is_harmless(context: RuleContext, file: ConfigFile, header: str, keys: Collection[str]) -> bool:
    """Whether a section may get these settings: none that makes of a profile that works another one."""
    if _LEADS_ELSEWHERE.isdisjoint(keys):
        return True
    users = {name for name, headers in file.headers.profiles.items() if header in headers}
    sessions = {name for name, headers in file.headers.sso_sessions.items() if header in headers}
    reports = (
        report
        for name, report in context.snapshot.profiles.items()
        if name in users or (sessions and report.values.get("sso_session") in sessions)
    )
    return all(each.fault is not None for report in reports for each in report.resolutions.values())


def _header_of(file: ConfigFile, wanted: str) -> str | None:
    """Return the header in use that has the same name as one that is wanted, however it is written."""
    bare = wanted[1:-1]
    kind, _, name = bare.partition(" ")
    named = {
        PROFILE: file.headers.profiles,
        SESSION: file.headers.sso_sessions,
        SERVICES: file.headers.services,
    }
    for each in {_bare(name) if name else bare, name.strip('"').replace('\\"', '"')}:
        headers = named.get(kind if name else PROFILE, {}).get(each)
        if headers:
            return headers[-1]
    return bare if bare in file.sections else None


def _written_anew(file: ConfigFile, header: str, line: int, wanted: str) -> LineEdit | None:
    """Return what writes the header as wanted; a comment that AWS tools read into it goes below."""
    was = lines_of(file.text)[line - 1]
    name, _, comment = f"{header}]".partition("]")
    is_shown = mask_header(name) == name and not wanted.endswith(" NAME]") and "[" not in name
    if not is_shown or f"[{header}]" not in was or (comment and comment.lstrip()[:1] not in ("#", ";")):
        return None
    plain = was.replace(f"[{name}]", wanted, 1) if not comment else wanted + was.partition(f"[{header}]")[0]
    return LineEdit(line, (was,), (plain, *([comment.strip()] if comment else [])))


def _open(file: ConfigFile, header: str, words: str) -> Fix:
    return open_file(file, _line(file, header), words)


def _line(file: ConfigFile, header: str) -> int | None:
    found = file.located.sections.get(header)
    return found.line if found is not None else None


def _path(context: RuleContext, file: ConfigFile) -> str:
    return context.snapshot.host.display(str(file.path))


def _shown(header: str) -> str:
    return mask_header(header)
