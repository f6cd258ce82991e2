"""``rolecall doctor`` as text: what is wrong, its consequence, and the command that fixes it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rolecall.aws.expiry import State
from rolecall.cells import wrap
from rolecall.cli.diagnosis import Diagnosis
from rolecall.cli.text_output import Terminal
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.fixes import Fix
from rolecall.host import Host
from rolecall.steps import Step, StepStatus
from rolecall.text import mask, mask_header

if TYPE_CHECKING:  # a list of all findings needs neither
    from rolecall.doctor.error_text.attribute import Match
    from rolecall.doctor.explain import WhyAnswer

_INDENT = "  "
MOST = 6
"""Profiles that one sentence names at most."""
_COLOURS = {Severity.ERROR: State.EXPIRED, Severity.WARNING: State.RENEWING}
_VERDICT_COLOURS = {
    StepStatus.FINE: State.VALID,
    StepStatus.SUSPECT: State.RENEWING,
    StepStatus.CULPRIT: State.EXPIRED,
}
_ROOMY = 40
"""Cells that the words of a step need beside its title; in fewer they go below it."""
_VERDICT = max(len(verdict.value) for verdict in StepStatus)


def finding_lines(found: Diagnosis, terminal: Terminal, *, quiet: bool) -> list[str]:
    """Return the lines for stdout; if ``quiet``, errors only."""
    if quiet:
        worst = [each for each in found.shown if each.severity is Severity.ERROR]
        if not worst and found.answer is not None and found.is_ill:
            return _paragraph(_stopped(found.answer.sentence), "", terminal)
        return list(_all(worst, found.snapshot.host, terminal))
    host = found.snapshot.host
    shown = list(_answer(found, terminal)) if found.answer is not None else []
    if shown and found.others:
        shown += ["", "Also found:", ""]
    shown += _all(found.others, host, terminal)
    if found.answer is None:
        shown += ["", _sum((found,))] if shown else [_sum((found,))]
    return shown


def report_lines(found: Sequence[Diagnosis], terminal: Terminal, *, quiet: bool) -> list[str]:
    """Return the lines for stdout about several files; if ``quiet``, errors only."""
    shown: list[str] = []
    for diagnosis in found:
        wanted = [each for each in diagnosis.shown if each.severity is Severity.ERROR or not quiet]
        lines = list(_all(wanted, diagnosis.snapshot.host, terminal))
        shown += ["", *lines] if shown and lines else lines
    if quiet:
        return shown
    return [*shown, "", _sum(found)] if shown else [_sum(found)]


def _all(findings: Iterable[Finding], host: Host, terminal: Terminal) -> Iterator[str]:
    for number, finding in enumerate(findings):
        if number:
            yield ""
        yield _head(finding, host, terminal)
        words = f"{_stopped(finding.message)} {_begun(_stopped(finding.consequence))}"
        yield from _paragraph(words, _INDENT, terminal)
        yield from _fix(finding.fix, host, terminal)


def _head(finding: Finding, host: Host, terminal: Terminal) -> str:
    """Return severity, code and place in one line, so that grep finds them."""
    severity = terminal.paint(finding.severity.value, _COLOURS.get(finding.severity))
    return f"{severity}: {finding.code}: {terminal.clean(_where(finding, host))}"


def _where(finding: Finding, host: Host) -> str:
    place = finding.place
    if place is None:
        path = finding.seen.path
        return mask_header(finding.subject.name) if path is None else host.display(path)
    return host.display(place.path) if place.line is None else f"{host.display(place.path)}:{place.line}"


def _fix(fix: Fix, host: Host, terminal: Terminal) -> Iterator[str]:
    """Yield the fix; a command line is never wrapped, so that it can be copied."""
    run = fix.line_for(host)
    yield from _paragraph(f"Cure: {fix.words}", _INDENT, terminal)
    if run is not None:
        yield f"{_INDENT * 2}{terminal.clean(run)}"


def _sum(found: Sequence[Diagnosis]) -> str:
    many = Counter(finding.severity for each in found for finding in each.shown)
    hints = many[Severity.INFO]
    counted = [_count(many[Severity.ERROR], "error"), _count(many[Severity.WARNING], "warning")]
    told = [each for each in (*counted, f"{hints:,} info" if hints else "") if each]
    unheard = sum(each.silenced for each in found)
    silenced = f"; {unheard:,} silenced" if unheard else ""
    if told:
        return f"{', '.join(told)}{silenced}."
    snapshots = [each.snapshot for each in found]
    looked = [
        _count(sum(len(each.profiles) for each in snapshots), "profile") or "no profile",
        _count(sum(len(each.entries) for each in snapshots), "cache file"),
        _count(sum(len(each.variables) for each in snapshots), "variable"),
    ]
    return f"Nothing is wrong: {', '.join(each for each in looked if each)}{silenced}."


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}" if number else ""


def _answer(found: Diagnosis, terminal: Terminal) -> Iterator[str]:
    answer = found.answer
    assert answer is not None  # noqa: S101 - for the type checker: it was asked for
    if found.match is not None:
        yield from _paragraph(_whose(found.match), "", terminal)
        for line in found.match.sources:
            yield from _paragraph(line, _INDENT, terminal)
    yield from _paragraph(_stopped(answer.sentence), "", terminal)
    if answer.fix is not None:
        yield from _fix(answer.fix, found.snapshot.host, terminal)
    for words in answer.asks:
        yield from _paragraph(_begun(_stopped(words)), "", terminal)
    yield ""
    yield from _steps(answer, terminal)


def _whose(match: "Match") -> str:
    """Return which profile a message is about, or those it may be about."""
    names = ", ".join(match.candidates[:MOST])
    more = f" or {len(match.candidates) - MOST:,} more" if len(match.candidates) > MOST else ""
    is_open = names != match.profile and not match.is_certain
    may_be = f" It may be {names}{more}." if names and is_open and not match.sources else ""
    return f"{_stopped(match.sentence)}{may_be}"


def _steps(answer: "WhyAnswer", terminal: Terminal) -> Iterator[str]:
    title = max((len(step.title) for step in answer.steps), default=0)
    for step in answer.steps:
        yield from _step(step, title, terminal)


def _step(step: Step, title: int, terminal: Terminal) -> Iterator[str]:
    """Yield a step: in columns if they fit, else its words below its title."""
    verdict = terminal.paint(step.verdict.value, _VERDICT_COLOURS.get(step.verdict))
    name = terminal.clean(mask(step.title))
    head = f"{verdict}{' ' * (_VERDICT - len(step.verdict.value) + 2)}{name}"
    indent = " " * (_VERDICT + 2 + title + 2)
    if terminal.width is not None and terminal.width - len(indent) < _ROOMY:
        yield head
        indent = _INDENT
        yield from _paragraph(step.words, indent, terminal)
    else:
        first, *rest = _paragraph(step.words, indent, terminal)
        yield f"{head}{' ' * (title - len(name) + 2)}{first.strip()}"
        yield from rest
    for proof in step.evidence:
        yield from _paragraph(proof, indent + _INDENT, terminal)


def _paragraph(text: str, indent: str, terminal: Terminal) -> list[str]:
    """Return a text in indented lines that fit the terminal."""
    clean = terminal.clean(mask(text).strip())
    if terminal.width is None:
        return [indent + clean]
    return [indent + piece for piece in wrap(clean, max(terminal.width - len(indent), 1))]


def _begun(text: str) -> str:
    """Capitalise the first word, unless it may be a name."""
    first = text.partition(" ")[0].rstrip(",;:")
    return text[:1].upper() + text[1:] if first.isalpha() and first.islower() else text


def _stopped(text: str) -> str:
    """Add a full stop if there is none."""
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
