"""What the Why screen asks, and what it has heard from AWS so far."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rolecall.aws.providers import Hop, Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import ticket
from rolecall.doctor.error_text import attribute, parse
from rolecall.doctor.error_text.attribute import Match
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.registry import Findings
from rolecall.doctor.topics import Topic, answer, label
from rolecall.steps import Step, StepStatus
from rolecall.text import inert, sentence
from rolecall.tui.screens.dialog import Paragraph
from rolecall.tui.tones import Tone
from rolecall.tui.why.view import Headline

ASSUMES = "A role that is not cached is assumed and cached, as by any command."


def programs(snapshot: Snapshot, profile: str | None) -> tuple[str, ...]:
    """Return the command lines of each ``credential_process`` that asking AWS runs."""
    hops = (hop for hop in _chain(snapshot, profile) if hop.provider == Provider.PROCESS)
    found = (hop.settings.get("credential_process") for hop in hops)
    return tuple(dict.fromkeys(command for command in found if isinstance(command, str)))


def _chain(snapshot: Snapshot, profile: str | None) -> Sequence[Hop]:
    if profile is None:
        return snapshot.default_session[Tool.BOTO3].resolution.chain
    report = snapshot.profiles.get(profile)
    return report.chain if report is not None else ()


def paragraphs(snapshot: Snapshot, profile: str | None) -> list[Paragraph]:
    """Say what goes out and which programs are run."""
    whose = profile if profile is not None else "this shell"
    said: list[Paragraph] = [
        ("All at once, for some seconds each:", Tone.PLAIN),
        ("", Tone.PLAIN),
        ("· an unsigned request to STS: does it answer, what does its clock say", Tone.PLAIN),
        (f"· GetCallerIdentity with what {whose} gives, unless that takes a code", Tone.PLAIN),
        ("· aws --version", Tone.PLAIN),
    ]
    if any(hop.provider == Provider.SSO for hop in _chain(snapshot, profile)):
        said.insert(3, ("· an unsigned request to the SSO portal", Tone.PLAIN))
    for command in programs(snapshot, profile):
        said += [("· this program, for the credentials:", Tone.PLAIN), (f"  {command}", Tone.STRONG)]
    if any(hop.role_arn is not None for hop in _chain(snapshot, profile)):
        said += [("", Tone.PLAIN), (ASSUMES, Tone.DIM)]
    return said


LONGEST_NAME = 80
"""Characters of a profile's name that a file is called by."""
MOST = 3
"""What else is worth knowing that is said on top; the steps say all of it."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question.

    Attributes:
        snapshot: what is there.
        findings: what is wrong with it.
        topic: what it is about; None for a command in this shell that names no profile.
        online: what was heard from outside, in the order in which it came.
        message: the error message that was pasted, or None.
        match: whom that message is about, as far as can be told.
    """

    snapshot: Snapshot
    findings: Findings
    topic: Topic
    online: tuple[Step, ...] = ()
    message: Pasted | None = None
    match: Match | None = None

    @property
    def subject(self) -> str:
        """Whom it is about, in words."""
        return label(self.topic)

    @property
    def is_of_credentials(self) -> bool:
        """Whether AWS can be asked: with the credentials of a profile or of this shell."""
        return self.topic is None or isinstance(self.topic, str)

    @property
    def profile(self) -> str | None:
        """The profile that it is about, where it is about one."""
        return self.topic if isinstance(self.topic, str) else None

    @property
    def answer(self) -> WhyAnswer:
        """What comes of it."""
        return answer(self.snapshot, self.findings, self.topic, self.online, pasted=self.message)

    def about(self, text: str) -> "Inquiry | None":
        """Return the question that an error message asks; None where it is no message that is known."""
        message = parse.read(text)
        if message is None:
            return None
        match = attribute.match(self.snapshot, self.findings, message)
        topic = self._meant(message, match)
        online = self.online if topic == self.topic else ()
        return replace(self, topic=topic, online=online, message=message, match=match)

    def _meant(self, message: Pasted, match: Match) -> Topic:
        """Return whom a message is about; where that cannot be told, whom the question was about before."""
        if match.login is not None:
            return match.login
        if match.profile is not None:
            return match.profile
        if match.is_certain and message.profile is not None:
            return message.profile  # which is not there
        return None if match.culprit is not None else self.profile

    def hearing(self, step: Step) -> "Inquiry":
        """Return the same with one step from outside more; one of the same title gives way."""
        others = tuple(each for each in self.online if each.title != step.title)
        return replace(self, online=(*others, step))

    def over(self, snapshot: Snapshot, findings: Findings) -> "Inquiry":
        """Return the same question of another world, or of the same at another moment."""
        match = self.match
        if self.message is not None and not snapshot.is_same_as(self.snapshot):
            match = attribute.match(snapshot, findings, self.message)
        return replace(self, snapshot=snapshot, findings=findings, match=match)

    def anew(self) -> "Inquiry":
        """Return the same as if nothing had been heard from outside."""
        return replace(self, online=())

    def markdown(self, answer: WhyAnswer) -> str:
        """Return a report that is fit for a ticket; there is nothing secret in it."""
        return ticket.markdown(self.snapshot, answer, self.findings)

    @property
    def file_name(self) -> str:
        """How a file with the report is called, whatever is in the profile's name."""
        name = inert(self.subject)[:LONGEST_NAME]
        plain = "".join(each if each.isalnum() or each in "-_." else "-" for each in name)
        return f"rolecall-{plain.strip('.') or 'profile'}.md"


def headline(inquiry: Inquiry, answer: WhyAnswer) -> Headline:
    """Return what stands on top of an answer."""
    names = inquiry.snapshot.profiles
    after = [sentence(words, names) for words in answer.asks[:MOST] if words]
    more = len(answer.asks) - MOST
    return Headline(
        verdict=_amounts_to(answer),
        words=sentence(answer.sentence, names),
        fix=answer.fix,
        line=answer.fix.line_for(inquiry.snapshot.host) if answer.fix is not None else None,
        before=tuple(_about_message(inquiry)),
        after=(*after, f"And {more} more: ! lists them.") if more > 0 else tuple(after),
    )


def _amounts_to(answer: WhyAnswer) -> StepStatus:
    verdicts = {step.verdict for step in answer.steps}
    if answer.culprit is not None or StepStatus.CULPRIT in verdicts:
        return StepStatus.CULPRIT
    return StepStatus.SUSPECT if StepStatus.SUSPECT in verdicts else StepStatus.FINE


def _about_message(inquiry: Inquiry) -> list[str]:
    """Say what was pasted, and whom it is about: honestly, where that cannot be told."""
    message, match = inquiry.message, inquiry.match
    if message is None or match is None:
        return []
    return [f"{recognised(message)}. {sentence(match.sentence, inquiry.snapshot.profiles)}"]


def recognised(message: Pasted) -> str:
    """Say in a few words what an error message is."""
    code = message.code or "A message of the AWS tools"
    return f"{code} from {message.operation}" if message.operation else code
