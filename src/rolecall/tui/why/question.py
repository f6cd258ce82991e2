"""The question that the Why screen asks, with what AWS has said so far."""

from collections.abc import Sequence
from dataclasses import replace

from rolecall.aws.providers import Hop, Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import explain
from rolecall.doctor.diagnosis import unread_file
from rolecall.doctor.error_text import attribute
from rolecall.doctor.error_text.attribute import Match
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.registry import Findings
from rolecall.doctor.topics import Topic, label, topic_answer
from rolecall.steps import Step, StepStatus
from rolecall.text import inert, sentence
from rolecall.tui.render.first_run import LAST_GOOD
from rolecall.tui.screens.dialog import Paragraph
from rolecall.tui.tones import Tone
from rolecall.tui.why.view import Headline
from rolecall.values import dataclass

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
    """List the requests that are sent and the programs that are run."""
    subject = profile if profile is not None else "this shell"
    said: list[Paragraph] = [
        ("All at once, for some seconds each:", Tone.PLAIN),
        ("", Tone.PLAIN),
        ("· an unsigned request to STS: does it answer, what does its clock say", Tone.PLAIN),
        (f"· GetCallerIdentity with the credentials of {subject}, unless they need an MFA code", Tone.PLAIN),
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
"""Characters of a profile's name in the name of a file."""
MOST_SENTENCES = 3
"""Further sentences above the steps; the steps themselves have them all."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question, and what is known for its answer.

    Attributes:
        snapshot: what is there.
        findings: what is wrong with it.
        topic: what it is about; None for a command in this shell that names no profile.
        online: the results of online checks, in the order in which they came.
        message: the error message that was pasted, or None.
        match: what that message is about, as far as can be told.
        shows_last_good: whether the profiles on the screen are from before a file broke.
    """

    snapshot: Snapshot
    findings: Findings
    topic: Topic
    online: tuple[Step, ...] = ()
    message: Pasted | None = None
    match: Match | None = None
    shows_last_good: bool = False

    @property
    def subject(self) -> str:
        """What it is about, in words."""
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
        """The answer."""
        return topic_answer(self.snapshot, self.findings, self.topic, self.online, pasted=self.message)

    def about(self, text: str) -> "Inquiry | None":
        """Return the question that a message asks; None if it is unknown, and names nothing that is here."""
        message = attribute.read_message(self.snapshot, text)
        if message is None:
            return None
        match = attribute.match(self.snapshot, self.findings, message)
        topic = self._meant(message, match)
        online = self.online if topic == self.topic else ()
        return replace(self, topic=topic, online=online, message=message, match=match)

    def _meant(self, message: Pasted, match: Match) -> Topic:
        """Return what a message is about, or else what the question was about before."""
        if match.login is not None:
            return match.login
        if match.profile is not None:
            return match.profile
        if match.is_certain and message.profile is not None:
            return message.profile  # which is not there
        return None if match.culprit is not None else self.profile

    def with_check(self, step: Step) -> "Inquiry":
        """Return the same with the result of one more online check, which replaces one of the same title."""
        others = tuple(each for each in self.online if each.title != step.title)
        return replace(self, online=(*others, step))

    def over(self, snapshot: Snapshot, findings: Findings) -> "Inquiry":
        """Return the same question about other files, or about the same ones at another moment."""
        match = self.match
        if self.message is not None and not snapshot.is_same_as(self.snapshot):
            match = attribute.match(snapshot, findings, self.message)
        shows_last_good = not snapshot.profiles and (self.shows_last_good or bool(self.snapshot.profiles))
        return replace(
            self, snapshot=snapshot, findings=findings, match=match, shows_last_good=shows_last_good
        )

    def offline(self) -> "Inquiry":
        """Return the same without the results of online checks."""
        return replace(self, online=())

    def markdown(self, answer: WhyAnswer) -> str:
        """Return a report for a ticket, with nothing secret in it."""
        return explain.markdown(self.snapshot, answer, self.findings)

    @property
    def file_name(self) -> str:
        """The name of a file for the report, whatever is in the profile's name."""
        name = inert(self.subject)[:LONGEST_NAME]
        plain = "".join(each if each.isalnum() or each in "-_." else "-" for each in name)
        return f"rolecall-{plain.strip('.') or 'profile'}.md"


def headline(inquiry: Inquiry, answer: WhyAnswer) -> Headline:
    """Return what is shown above the steps of an answer."""
    names = inquiry.snapshot.profiles
    after = [sentence(words, names) for words in answer.asks[:MOST_SENTENCES] if words]
    more = len(answer.asks) - MOST_SENTENCES
    if more > 0:
        after.append(f"And {more} more: ! lists them.")
    if inquiry.shows_last_good and unread_file(inquiry.snapshot) is not None:
        after.append(LAST_GOOD)
    return Headline(
        verdict=_amounts_to(answer),
        words=sentence(answer.sentence, names),
        fix=answer.fix,
        line=answer.fix.line_for(inquiry.snapshot.host) if answer.fix is not None else None,
        before=tuple(_about_message(inquiry)),
        after=tuple(after),
    )


def _amounts_to(answer: WhyAnswer) -> StepStatus:
    verdicts = {step.verdict for step in answer.steps}
    if answer.culprit is not None or StepStatus.CULPRIT in verdicts:
        return StepStatus.CULPRIT
    return StepStatus.SUSPECT if StepStatus.SUSPECT in verdicts else StepStatus.FINE


def _about_message(inquiry: Inquiry) -> list[str]:
    """Say what was pasted, and what it is about, or that this cannot be told."""
    message, match = inquiry.message, inquiry.match
    if message is None or match is None:
        return []
    said = f"{recognised(message)}. {sentence(match.sentence, inquiry.snapshot.profiles)}"
    return [said, *(f"· {line}" for line in match.sources)]


def recognised(message: Pasted) -> str:
    """Say in a few words what an error message is."""
    if message.code is None:
        return "No error that rolecall knows, but it names something that is here"
    code = message.code if message.tool is None else f"{message.code}, as {message.tool} says it"
    return f"{code} from {message.operation}" if message.operation else code
