"""The lines of the list of findings, grouped by severity, and all about one of them."""

from collections.abc import Iterable, Iterator, Sequence

from rolecall.aws.snapshot import Snapshot
from rolecall.cells import Names, pad, wrap
from rolecall.doctor.finding import Finding, Location, Severity
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import Findings
from rolecall.host import Host
from rolecall.text import inert, mask_header, sentence, several
from rolecall.tui.render.inspector import SEVERITIES
from rolecall.tui.render.lines import Line, Span, fit, names_of, shrinking, span, width_of
from rolecall.tui.tones import Tone
from rolecall.values import dataclass

ROOM_FOR_SUBJECT, ROOM_FOR_CODE = 60, 110
"""Cells from which on the subject, and the code, have a column; in less the message needs the room."""
LONGEST_CODE, LONGEST_SUBJECT = 26, 22
SUBJECT_SHARE = 4
"""The subject's column has one cell in so many of the line, at most."""
MARK = "✓"
MANY_PROFILES = 8
"""Profiles that are named; more are only counted."""
_KEY = "enter"
_HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Notes"}


SILENCED = "Silenced"
"""The heading over the findings that the user has silenced."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading over the findings of one severity, or over those that are silenced."""

    title: str
    many: int


Listed = Heading | Finding


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide the columns of a list are, and the names in one of them."""

    code: int
    subject: int
    subjects: Names

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> "Columns":
        """Return columns as wide as the longest code and subject, within bounds."""
        return cls(
            min(max((len(each.code) for each in findings), default=0), LONGEST_CODE),
            min(max((width_of([span(_subject(each))]) for each in findings), default=0), LONGEST_SUBJECT),
            names_of(map(_subject, findings)),
        )


def listed(findings: Findings, words: str = "") -> list[Listed]:
    """Return the findings under the headings of their severities, the worst first, the silenced ones last.

    Args:
        findings: all of them.
        words: what is listed has all of these in what is said of it.
    """
    shown = [each for each in findings.all if matches(each, words)]
    groups = [(_HEADINGS[severity], [each for each in shown if each.severity is severity])
              for severity in Severity]  # fmt: skip
    groups.append((SILENCED, [each for each in findings.silenced if matches(each, words)]))
    items: list[Listed] = []
    for title, group in groups:
        items += [Heading(title, len(group)), *group] if group else []
    return items


def matches(finding: Finding, words: str) -> bool:
    """Whether what is said of a finding has all of some words in it, in any case."""
    wanted = words.casefold().split()
    if not wanted:
        return True  # each second, of each finding
    said = (finding.severity, finding.code, finding.subject.name, finding.message, *finding.profiles)
    text = " ".join(said).casefold()
    return all(word in text for word in wanted)


def list_line(
    item: Listed, columns: Columns, width: int, *, is_marked: bool = False, is_silenced: bool = False
) -> Line:
    """Lay a line of the list out to a width: what it is about, then its code, then the message."""
    if isinstance(item, Heading):
        return fit((Span(f"{item.title} ", Tone.STRONG), Span(str(item.many), Tone.DIM)), (), width)
    glyph, tone = SEVERITIES[item.severity]
    plain = Tone.DIM if is_silenced else Tone.PLAIN
    lead = [
        Span(f"{MARK if is_marked else ' '} ", Tone.ACCENT),
        Span(f"{glyph} ", Tone.DIM if is_silenced else tone),
    ]
    message = item.message
    if width >= ROOM_FOR_SUBJECT:
        room = min(columns.subject, width // SUBJECT_SHARE)
        lead.append(Span(f"{pad(columns.subjects.cut(_subject(item), room), room)}  ", plain))
        message = message.removeprefix(f"{item.subject.name} ")
    if width >= ROOM_FOR_CODE:
        lead.append(Span(f"{pad(item.code, columns.code)}  ", Tone.DIM))
    return fit((*lead, shrinking(message, plain)), (), width)


def _subject(finding: Finding) -> str:
    return inert(mask_header(finding.subject.name))


def finding_lines(snapshot: Snapshot, finding: Finding, width: int) -> list[Line]:
    """Lay out all about one finding: what is wrong, the result, the fix, the evidence, who is affected."""
    glyph, tone = SEVERITIES[finding.severity]
    laid: list[Line] = [
        (Span(f"{glyph} {finding.code}", tone), *_title(finding, width)),
        *_wrapped(sentence(finding.message, snapshot.profiles), Tone.STRONG, width),
        *_wrapped(sentence(finding.consequence, snapshot.profiles), Tone.PLAIN, width),
        (),
        *_cure(snapshot.host, finding, width),
    ]
    rest = [*_place(snapshot.host, finding), *finding.evidence, *_whom(finding)]
    return [*laid, (), *(line for text in rest for line in _wrapped(text, Tone.DIM, width))]


def _title(finding: Finding, width: int) -> Line:
    title = f"  {finding.rule.title}"
    return (Span(title, Tone.DIM),) if len(title) + len(finding.code) + 2 <= width else ()


def _place(host: Host, finding: Finding) -> Iterator[str]:
    """Yield the file and the line, unless the evidence begins with them."""
    text = place_of(host, finding)
    if text and not any(each.startswith(text) for each in finding.evidence):
        yield text


def place_of(host: Host, finding: Finding) -> str:
    """Return the file and the line, as a person writes them; nothing where no file is concerned."""
    place = finding.place
    if place is None:
        return ""
    return host.display(place.path) + (f":{place.line}" if place.line is not None else "")


def setting_at(snapshot: Snapshot, place: Location | None) -> str | None:
    """Return the setting of a profile that begins at a line, or None."""
    if place is None:
        return None
    return next(
        (
            key
            for file in snapshot.files
            if file.path == place.path
            for section in file.located.sections.values()
            for key, located in section.keys.items()
            if located.line == place.line
        ),
        None,
    )


def guilty_setting(snapshot: Snapshot, name: str, findings: Iterable[Finding]) -> str | None:
    """Return the setting of a profile that the first of some findings is about, or None."""
    for each in findings:
        if each.fix.profile == name and each.fix.key is not None:
            return each.fix.key
        key = setting_at(snapshot, each.place)
        own = snapshot.profiles[name].settings.get(key or "")
        if key is not None and own is not None and each.place is not None:
            origin = own.origin
            if (origin.path, origin.line) == (each.place.path, each.place.line):
                return key
    return None


def _whom(finding: Finding) -> Iterator[str]:
    """Yield the profiles that it affects, unless that is only its own subject."""
    if finding.profiles in ((), (finding.subject.name,)):
        return
    names, more = finding.profiles[:MANY_PROFILES], len(finding.profiles) - MANY_PROFILES
    rest = f" and {several(more, 'other profile')}" if more > 0 else ""
    yield f"Affects {', '.join(names)}{rest}."


def _cure(host: Host, finding: Finding, width: int) -> Iterator[Line]:
    fix = finding.fix
    lead = f"{_KEY if fix.doing is not FixAction.NOTHING else '':<{len(_KEY)}}  "
    words = inert(fix.words[:1].upper() + fix.words[1:])
    for index, line in enumerate(wrap(words, max(width - len(lead), 1))):
        yield (Span(lead if index == 0 else " " * len(lead), Tone.ACCENT), Span(line, Tone.STRONG))
    command = line_of(host, finding)
    if command is not None:
        yield from _wrapped(command, Tone.DIM, width, indent=len(lead))


def line_of(host: Host, finding: Finding) -> str | None:
    """Return the shell command that fixes it."""
    return finding.fix.line_for(host)


def _wrapped(text: str, tone: Tone, width: int, indent: int = 0) -> list[Line]:
    gap = Span(" " * indent)
    return [(gap, Span(line, tone)) for line in wrap(inert(text), max(width - indent, 1))] if text else []
