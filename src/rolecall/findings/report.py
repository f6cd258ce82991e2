"""A report for a ticket, in Markdown, with nothing secret in it."""

from collections.abc import Iterator

import rolecall
from rolecall.aws.snapshot import Snapshot
from rolecall.findings.examine import Findings
from rolecall.findings.why import Answer
from rolecall.steps import Step
from rolecall.text import inert, utc


def markdown(snapshot: Snapshot, answer: Answer, findings: Findings) -> str:
    """Return the answer with its steps, and the findings about it, as Markdown."""
    return "\n".join(_lines(snapshot, answer, findings)) + "\n"


def _lines(snapshot: Snapshot, answer: Answer, findings: Findings) -> Iterator[str]:
    yield f"# Why: {_plain(answer.subject)}"
    yield ""
    yield f"{_plain(answer.sentence)}."
    for words in answer.asks:
        yield ""
        yield _plain(words).rstrip(".") + "."
    if answer.fix is not None:
        yield ""
        yield f"Cure: {_plain(answer.fix.words)}."
        yield from _fenced((answer.fix.run(),))
    yield from _also(answer, findings)
    yield ""
    yield "## Steps"
    for number, step in enumerate(answer.steps, start=1):
        yield from _step(number, step)
    yield ""
    yield f"rolecall {rolecall.__version__}, {utc(snapshot.taken_at)}, {snapshot.host.platform}"


def _also(answer: Answer, findings: Findings) -> Iterator[str]:
    """Yield what else is found about the same profile."""
    others = [each for each in findings.by_profile.get(answer.subject, ()) if each is not answer.culprit]
    if others:
        yield ""
        yield "## Also found"
        yield ""
    for each in others:
        yield f"- {each.severity}, {each.code}: {_plain(each.message)}"


def _heading(step: Step) -> str:
    return f"{step.verdict.glyph} **{_plain(step.title)}** ({step.verdict}): {_plain(step.words)}"


def _step(number: int, step: Step) -> Iterator[str]:
    yield ""
    yield f"{number}. {_heading(step)}"
    yield from _fenced(step.evidence)


def _fenced(lines: tuple[str | None, ...]) -> Iterator[str]:
    there = [inert(line) for line in lines if line]
    if there:
        yield ""
        yield "```"
        yield from there
        yield "```"


def _plain(text: str) -> str:
    return inert(text)
