"""Why: what is wrong with a profile, or with this shell, step by step as AWS decides, and what mends it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rolecall.aws.expiry import After, State
from rolecall.aws.snapshot import Snapshot
from rolecall.findings import fixes
from rolecall.findings.asked import Asked
from rolecall.findings.examine import Findings
from rolecall.findings.finding import Finding, Severity
from rolecall.findings.fixes import Fix
from rolecall.findings.pasting.meaning import Meaning, means
from rolecall.findings.pasting.reading import Pasted
from rolecall.findings.walk import before, credentials
from rolecall.findings.walk.draft import Draft, finished
from rolecall.phrases.ends import standing
from rolecall.steps import Step, Verdict

ONLINE = (
    "AWS itself has not been asked: a deleted key, a missing permission or a wrong clock shows only online"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer.

    Attributes:
        subject: whom it is about: a profile's name, or ``this shell``.
        steps: what was looked at, in the order in which AWS decides, with what was found.
        culprit: the finding that is to blame, or None where no finding is.
        sentence: what is wrong, or that nothing is as far as can be known, without a full stop.
        fix: what mends it, or None.
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
) -> Answer:
    """Say why something does not work, or would not.

    Args:
        snapshot: the world.
        findings: what is found in it.
        profile: whom it is about; None for a command in this shell that names no profile.
        online: what has been heard from outside.
        pasted: the error message that the question comes with.
    """
    asked = Asked(snapshot, profile)
    meaning = means(asked, findings, pasted) if pasted is not None else None
    culprit = meaning.culprit if meaning is not None else asked.culprit(findings)
    about = asked.findings(findings)
    steps = finished(_drafts(asked), about, culprit)
    if pasted is not None and meaning is not None:
        steps = (_message(pasted, meaning), *steps)
    return Answer(
        asked.label,
        _with_online(steps, online),
        culprit,
        *_conclusion(asked, about, culprit, meaning, online),
    )


def _drafts(asked: Asked) -> list[Draft]:
    return [
        before.tools(),
        before.variables(asked),
        before.choice(asked),
        before.files(asked),
        credentials.provider(asked),
        *credentials.hops(asked),
    ]


def _message(pasted: Pasted, meaning: Meaning) -> Step:
    code = pasted.code or "an error"
    said = f"{code} from {pasted.operation}" if pasted.operation else code
    verdict = Verdict.NOTE if meaning.culprit is not None else Verdict.CULPRIT
    words = said if meaning.culprit is not None else f"{said}: {meaning.sentence}"
    return Step("Message", verdict, words, (pasted.message,))


def _with_online(steps: tuple[Step, ...], online: Sequence[Step]) -> tuple[Step, ...]:
    """Lay in what was heard from outside: a step of the same title in its place, the others at the end."""
    heard = {step.title: step for step in online}
    if not heard:
        return (*steps, Step("AWS", Verdict.UNKNOWN, "has not been asked"))
    return (*(heard.pop(step.title, step) for step in steps), *heard.values())


def _conclusion(
    asked: Asked,
    about: Sequence[Finding],
    culprit: Finding | None,
    meaning: Meaning | None,
    online: Sequence[Step],
) -> tuple[str, Fix | None, tuple[str, ...]]:
    others = tuple(
        each.message for each in about if each is not culprit and each.severity is not Severity.INFO
    )
    if culprit is not None:
        return culprit.message, culprit.fix, (culprit.consequence,)
    if meaning is not None:
        return meaning.sentence, meaning.fix, others
    bad = next((step for step in online if step.verdict is Verdict.CULPRIT), None)
    if bad is not None:
        return bad.words, None, others
    if asked.fails:
        return _unexplained(asked), None, others
    remains = (ONLINE,) if not online else ()
    suspect = next((each for each in about if each.severity is Severity.WARNING), None)
    if suspect is not None:
        return (
            f"nothing stops {asked.label} as far as can be seen offline, but {suspect.message}",
            suspect.fix,
            remains,
        )
    return *_fine(asked), remains


def _unexplained(asked: Asked) -> str:
    resolution = asked.resolution
    if resolution is None:
        return f"there is no profile {asked.profile}"
    fault = next((fault for _, fault in asked.faults), None)
    return (
        f"{asked.label} fails: {fault.error}: {fault.message}" if fault else f"{asked.label} cannot work now"
    )


def _fine(asked: Asked) -> tuple[str, Fix | None]:
    expiry = asked.expiry
    if expiry is None:
        return f"nothing is known of {asked.label}", None
    words = f"nothing is wrong with {asked.label} offline: {standing(expiry, asked.snapshot.taken_at)}"
    needs_code = expiry.after is After.MFA and expiry.state in (State.IDLE, State.EXPIRED, State.RENEWING)
    fix = fixes.assume(asked.uses) if needs_code and asked.uses is not None else None
    return words, fix
