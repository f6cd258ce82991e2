"""Why: what is wrong with a profile or this shell, step by step as AWS tools decide, and how to fix it.

The answer can be had as a report for a ticket, too: in Markdown, without secrets.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import botocore

import rolecall
from rolecall import surroundings
from rolecall.aws.expiry import After, State
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import diagnosis, explain_steps, fixes
from rolecall.doctor.diagnosis import QuestionSubject
from rolecall.doctor.error_text.interpret import Meaning, explaining, is_in_cli_cache, means, unread
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.error_text.subjects import but_login
from rolecall.doctor.explain_steps import DraftStep, finished
from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import Fix
from rolecall.doctor.registry import Findings
from rolecall.messages.states import standing
from rolecall.steps import Step, StepStatus
from rolecall.text import ago, inert, sentence, utc
from rolecall.values import dataclass

NOT_ASKED = (
    "AWS itself has not been asked: only AWS knows of a deleted key, a missing permission or a wrong clock"
)
NOT_CONFIRMED = (
    "AWS has not confirmed these credentials: only AWS knows of a deleted key or a missing permission"
)
CLOCK, IDENTITY = "Clock", "Identity"
"""Titles of online steps that lead to a meaning of their own."""
CURE = "cure: "
"""The beginning of the line in such a step's evidence that says how to fix it."""


@dataclass(frozen=True, slots=True)
class WhyAnswer:
    """The answer.

    Attributes:
        subject: what it is about: a profile's name, or ``this shell``.
        steps: what was checked, in the order in which AWS tools decide, with what was found.
        culprit: the finding that explains it, or None.
        sentence: what is wrong, or that nothing is as far as is known, without a full stop.
        fix: how to fix it, or None.
        asks: what else is worth knowing or remains possible, a sentence each.
    """

    subject: str
    steps: tuple[Step, ...]
    culprit: Finding | None
    sentence: str
    fix: Fix | None
    asks: tuple[str, ...] = ()


def why(
    snapshot: Snapshot,
    findings: Findings,
    profile: str | None,
    online: Sequence[Step] = (),
    *,
    pasted: Pasted | None = None,
) -> WhyAnswer:
    """Return why something does not work, or would not.

    Args:
        snapshot: the Snapshot to look in.
        findings: the findings in it.
        profile: the profile in question; None for a command in this shell that names no profile.
        online: the steps that were checked online.
        pasted: the error message that was pasted, if any; its explanation comes first.
    """
    asked = QuestionSubject(snapshot, profile)
    question = _Question(asked, findings, tuple(online), pasted)
    verdict = question.verdict()
    steps = finished(_drafts(asked), diagnosis.about(asked, findings), verdict.culprit)
    if pasted is not None:
        steps = (_message(pasted, verdict), *steps)
    return WhyAnswer(
        asked.label,
        _with_online(steps, online),
        verdict.culprit,
        verdict.sentence,
        verdict.fix,
        tuple(question.asks(verdict)),
    )


def _drafts(asked: QuestionSubject) -> list[DraftStep]:
    return [
        explain_steps.tools(),
        explain_steps.variables(asked),
        explain_steps.choice(asked),
        explain_steps.files(asked),
        explain_steps.provider(asked),
        *explain_steps.hops(asked),
    ]


def _message(pasted: Pasted, verdict: Meaning) -> Step:
    """Return the step for a pasted message."""
    if pasted.code is None:
        return Step("Message", StepStatus.UNKNOWN, "rolecall does not know this message", (pasted.message,))
    code = pasted.code if pasted.tool is None else f"{pasted.code}, as {pasted.tool} says it"
    said = f"{code} from {pasted.operation}" if pasted.operation else code
    if verdict.culprit is not None:
        return Step("Message", StepStatus.NOTE, said, (pasted.message,))
    return Step("Message", StepStatus.CULPRIT, f"{said}: {verdict.sentence}", (pasted.message,))


def _with_online(steps: tuple[Step, ...], online: Sequence[Step]) -> tuple[Step, ...]:
    """Add the online steps: a step replaces the one of the same title, the others come at the end."""
    heard = {step.title: step for step in online}
    if not heard:
        return (*steps, Step("AWS", StepStatus.UNKNOWN, "has not been asked", is_skipped=True))
    return (*(heard.pop(step.title, step) for step in steps), *heard.values())


@dataclass(frozen=True)
class _Question:
    asked: QuestionSubject
    findings: Findings
    online: tuple[Step, ...]
    pasted: Pasted | None

    def verdict(self) -> Meaning:
        """Return what explains the pasted message, a certain failure or an online step, or a likely cause."""
        if self.pasted is not None and (known := self._said(self.pasted)) is not None:
            return known
        culprit = diagnosis.culprit(self.asked, self.findings)
        if culprit is not None:
            return Meaning(culprit.message, culprit.fix, culprit)
        return self._heard() or self._unexplained() or self._suspect() or self._fine()

    def _said(self, pasted: Pasted) -> Meaning | None:
        """Return what the message means; of one that is not known, only what is wrong with what it names."""
        if pasted.profile is not None and diagnosis.unread_file(self.asked.snapshot) is not None:
            culprit = diagnosis.culprit(self.asked, self.findings)
            if culprit is not None:  # the file is why it is not known
                return Meaning(culprit.message, culprit.fix, culprit)
        if pasted.code is not None:
            return means(self.asked, self.findings, pasted)
        culprit = explaining(self.asked, self.findings, pasted)
        return Meaning(culprit.message, culprit.fix, culprit) if culprit is not None else None

    def _heard(self) -> Meaning | None:
        """Return what was found online; a wrong clock explains a refusal by AWS as well."""
        bad = [step for step in self.online if step.verdict is StepStatus.CULPRIT]
        for step in sorted(bad, key=lambda step: step.title == IDENTITY):
            if step.title == CLOCK:
                return Meaning(step.words, fixes.manual(surroundings.set_clock(self.asked.snapshot.host)))
            if step.title == IDENTITY and step.evidence:
                pasted = Pasted(step.words, step.evidence[0], text=diagnosis.squeezed(step.words))
                culprit = explaining(self.asked, self.findings, pasted)
                if culprit is not None:
                    return Meaning(culprit.message, culprit.fix, culprit)
                return Meaning(step.words, _by_words(step.evidence[1:]))
            return Meaning(step.words, None)
        return None

    def _unexplained(self) -> Meaning | None:
        if not self.asked.fails:
            return None
        if self.asked.resolution is None:
            missing = Meaning(f"there is no profile {self.asked.profile}", None)
            return unread(self.asked.snapshot) or missing
        fault = next((fault for _, fault in self.asked.faults), None)
        if fault is None:
            return Meaning(f"{self.asked.label} cannot work now", None)
        words = " ".join(fault.message.split())
        return Meaning(f"{self.asked.label} fails with {fault.error}: {words}", None)

    def _suspect(self) -> Meaning | None:
        """Return what does not stop it, but may be why it does not do what it should."""
        suspect = next(filter(diagnosis.matters, diagnosis.about(self.asked, self.findings)), None)
        if suspect is None:
            return None
        seen = "as far as can be seen offline" if not self.online else "here"
        return Meaning(f"nothing stops {self.asked.label} {seen}, but {suspect.message}", suspect.fix)

    def _fine(self) -> Meaning:
        expiry, name = self.asked.expiry, self.asked.uses
        assert expiry is not None  # noqa: S101 - for the type checker: a failure was reported before
        words = self._cached() or standing(expiry, self.asked.snapshot.taken_at)
        asks_code = expiry.after is After.MFA and expiry.state in (State.IDLE, State.EXPIRED, State.RENEWING)
        fix = fixes.assume(name, "assume the role now") if asks_code and name is not None else None
        seen = "offline" if not self.online else "here"
        found = "nothing is wrong with" if words != self._cached() else "nothing is certain to stop"
        return Meaning(f"{found} {self.asked.label} as far as can be seen {seen}: {words}", fix)

    def _cached(self) -> str | None:
        """Say that AWS CLI v2 has the role in its cache, while boto3 needs the login, which has expired."""
        report = self.asked.report
        if report is None or report.token is None or not is_in_cli_cache(report):
            return None
        end = report.token.at
        if report.token.state is not State.RENEWABLE or end is None:
            return None
        return (
            f"AWS CLI v2 has its role cached until {utc(report.expiry.at)}; boto3 reads no such cache, and "
            f"first refreshes the login, which expired {ago(self.asked.snapshot.taken_at - end)}: if it says "
            f"that this fails, log in ({self.asked.snapshot.host.command('login', report.name)})"
        )

    def asks(self, verdict: Meaning) -> Iterator[str]:
        """Yield the consequence, what else stops it, and what remains unknown."""
        names = self.asked.snapshot.profiles
        if verdict.culprit is not None:
            yield sentence(verdict.culprit.consequence, names)
        for each in but_login(self.pasted, diagnosis.culprits(self.asked, self.findings)):
            if each is not verdict.culprit:
                yield f"Besides: {sentence(each.message, names)}"
        if verdict.culprit is None and self.pasted is None and not self._is_confirmed:
            yield sentence(NOT_CONFIRMED if self.online else NOT_ASKED)

    @property
    def _is_confirmed(self) -> bool:
        """Whether AWS has said whose the credentials are, or that it refuses them."""
        identity = next((step for step in self.online if step.title == IDENTITY), None)
        return identity is not None and identity.verdict is not StepStatus.UNKNOWN


def _by_words(cure: tuple[str, ...]) -> Fix | None:
    return fixes.manual(cure[0].removeprefix(CURE)) if cure else None


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
