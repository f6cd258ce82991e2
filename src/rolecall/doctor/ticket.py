"""A report for a ticket: the answer with all that was checked, in Markdown, without secrets."""

import re
from collections.abc import Iterable, Iterator

import botocore

import rolecall
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.registry import Findings
from rolecall.steps import Step
from rolecall.text import inert, sentence, utc

_MARKUP = re.compile(r"([\\`*\[\]<>|]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|^[#+-])")
_TICKS = re.compile(r"`+")
_SHORTEST_FENCE = 3


def markdown(snapshot: Snapshot, answer: WhyAnswer, findings: Findings) -> str:
    """Return the answer as Markdown: what is wrong, how to fix it, each step with its evidence.

    It has ARNs and file names, because without them no one could help. It has no secrets, access key ids show
    their last four characters, and texts from files are escaped.
    """
    return "\n".join(_lines(snapshot, answer, findings)) + "\n"


def _lines(snapshot: Snapshot, answer: WhyAnswer, findings: Findings) -> Iterator[str]:
    yield f"# Why: {_plain(answer.subject)}"
    for words in (answer.sentence, *answer.asks):
        yield ""
        yield _plain(sentence(words, snapshot.profiles))
    if answer.fix is not None:
        yield ""
        yield f"Cure: {_plain(sentence(answer.fix.words, snapshot.profiles))}"
        yield from _fenced([answer.fix.line_for(snapshot.host) or ""])
    yield ""
    yield "## What was checked"
    for number, step in enumerate(answer.steps, start=1):
        yield from _step(number, step)
    yield from _also(answer, findings)
    yield ""
    yield (
        f"rolecall {rolecall.__version__}, botocore {botocore.__version__}, {snapshot.host.platform}, "
        f"{utc(snapshot.taken_at)}"
    )


def _step(number: int, step: Step) -> Iterator[str]:
    yield ""
    yield f"{number}. {step.verdict.glyph} **{_plain(step.title)}** ({step.verdict}): {_plain(step.words)}"
    yield from (f"   {line}" if line else "" for line in _fenced(step.evidence))


def _also(answer: WhyAnswer, findings: Findings) -> Iterator[str]:
    """Yield the other findings about the same profile."""
    others = [each for each in findings.by_profile.get(answer.subject, ()) if each is not answer.culprit]
    if not others:
        return
    yield ""
    yield "## What else was found"
    yield ""
    for each in others:
        yield f"- {each.severity} {each.code}: {_plain(each.message)}"


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines as they are, between fences that are longer than any in them."""
    there = [inert(line) for line in lines if line]
    if not there:
        return
    longest = max((len(run) for line in there for run in _TICKS.findall(line)), default=0)
    fence = "`" * max(_SHORTEST_FENCE, longest + 1)
    yield ""
    yield fence
    yield from there
    yield fence


def _plain(text: str) -> str:
    """Return text of any origin, escaped for Markdown."""
    return _MARKUP.sub(r"\\\1", inert(text))
