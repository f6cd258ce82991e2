"""What is said before something goes out, and who answers while it does: nobody."""

from collections.abc import Iterable, Sequence

from rolecall.actions.dialogue import Authorization
from rolecall.actions.errors import Cancelled
from rolecall.aws.providers import Hop, Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.render.lines import Tone
from rolecall.tui.screens.dialog import Paragraph

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


class Unattended:
    """Says no to every question, but for the programs that were shown before."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = frozenset(allowed)

    def code(self, device: str, problem: str | None) -> str:  # noqa: ARG002 - as a Dialogue has it
        """Nobody is asked for a code: a look from outside is to take seconds, and to use none up."""
        raise Cancelled

    def may_run(self, profile: str, command: str) -> bool:  # noqa: ARG002 - the command counts
        """Only what was shown before is run."""
        return command in self._allowed

    def authorize(self, authorization: Authorization) -> None:  # noqa: ARG002 - as a Dialogue has it
        """Nobody is asked to log in."""
        raise Cancelled

    def tell(self, step: str) -> None:
        """What is found says itself."""
