"""The lines of the list of findings, grouped by severity, and all about one of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rolecall.aws.snapshot import Snapshot
from rolecall.cells import Names, pad, wrap
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import Findings
from rolecall.host import Host
from rolecall.text import inert, mask_header, sentence, several
from rolecall.tui.render.inspector import SEVERITIES
from rolecall.tui.render.lines import Line, Span, fit, names_of, shrinking, span, width_of
from rolecall.tui.tones import Tone

ROOM_FOR_CODE, ROOM_FOR_SUBJECT = 90, 130
"""Cells from which on the code, and the subject, have a column; in less the message needs the room."""
LONGEST_CODE, LONGEST_SUBJECT = 26, 22
MANY_PROFILES = 8
"""Profiles that are named; more are only counted."""
_KEY = "enter"
_HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Notes"}


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading over the findings of one severity."""

    severity: Severity
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
            min(max((width_of([span(each.subject.name)]) for each in findings), default=0), LONGEST_SUBJECT),
            names_of(each.subject.name for each in findings),
        )


def listed(findings: Findings) -> list[Listed]:
    """Return the findings under the headings of their severities, the worst first."""
    items: list[Listed] = []
    for severity in Severity:
        group = [each for each in findings.all if each.severity is severity]
        if group:
            items += [Heading(severity, len(group)), *group]
    return items


def list_line(item: Listed, columns: Columns, width: int) -> Line:
    """Lay a line of the list out to a width."""
    if isinstance(item, Heading):
        return fit(
            (Span(f"{_HEADINGS[item.severity]} ", Tone.STRONG), Span(str(item.many), Tone.DIM)), (), width
        )
    glyph, tone = SEVERITIES[item.severity]
    lead = [Span(f"{glyph} ", tone)]
    if width >= ROOM_FOR_CODE:
        lead.append(Span(f"{pad(item.code, columns.code)}  ", Tone.DIM))
    if width >= ROOM_FOR_SUBJECT:
        subject = columns.subjects.cut(inert(mask_header(item.subject.name)), columns.subject)
        lead.append(Span(f"{pad(subject, columns.subject)}  "))
    return fit((*lead, shrinking(item.message)), (), width)


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
