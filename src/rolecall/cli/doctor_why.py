"""``rolecall doctor NAME``: asks why one profile, or this shell, does not work."""

from collections.abc import Callable, Sequence

from rolecall.actions.prompts import UnattendedPrompts
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import output, prompts
from rolecall.cli.diagnosis import Diagnosis
from rolecall.doctor import sessions, topics
from rolecall.doctor.error_text import attribute, parse
from rolecall.doctor.error_text.attribute import Match
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.registry import Findings
from rolecall.doctor.sessions import LoginTopic
from rolecall.steps import Step

_HERE = (SubjectKind.FILE, SubjectKind.VARIABLE, SubjectKind.SHELL)


def diagnosis(
    snapshot: Snapshot,
    findings: Findings,
    name: str | None,
    *,
    message: str | None,
    is_online: bool,
    may_run: bool,
    again: Callable[[Snapshot], Findings],
) -> Diagnosis:
    """Say why something does not work.

    Args:
        snapshot: the world.
        findings: what is found in it.
        name: the profile, or else the login, that it is about; None for the one that the message is about,
            else for this shell.
        message: an error message of an AWS tool, or None.
        is_online: whether AWS is asked as well.
        may_run: whether a ``credential_process`` may be run for that.
        again: finds what is wrong in a later Snapshot, once AWS was asked.
    """
    read = parse.read(message) if message is not None else None
    if message is not None and read is None:
        output.complain("that is no error message that is known here; this is what can be seen without it")
        if parse.is_cut(message):
            output.complain(parse.CUT)
    match = attribute.match(snapshot, findings, read) if read is not None else None
    about = _about(snapshot, name, match)
    login = sessions.of_name(snapshot, name) if name is not None and about is None else None
    if name is None and match is not None and match.login is not None:
        login, about = match.login, None
    online: tuple[Step, ...] = ()
    if is_online:
        online = _online(snapshot, about, may_run=may_run)
        # that takes its time, and may have cached a role
        snapshot = Snapshot.take(snapshot.host, snapshot)
        findings = again(snapshot)
    answer = topics.answer(snapshot, findings, login or about, online, pasted=read)
    shown = _shown(findings, about, answer, read) if login is None else _of_login(findings, login, answer)
    return Diagnosis(snapshot, shown, len(findings.silenced), answer, match)


def _about(snapshot: Snapshot, name: str | None, match: Match | None) -> str | None:
    """Return the profile that it is about: the one that was named goes before the message's."""
    found = name if name is not None or match is None else match.profile
    return found if found in snapshot.profiles else None


def _shown(
    findings: Findings, about: str | None, answer: WhyAnswer, read: Pasted | None
) -> tuple[Finding, ...]:
    """Return the culprit, and what else is found of the profile, or of all where it is about none."""
    if about is not None:
        found: Sequence[Finding] = findings.by_profile.get(about, ())
    elif read is not None:
        found = [each for each in findings.all if each.subject.kind in _HERE]
    else:
        found = findings.all
    culprit = answer.culprit
    return (
        (culprit, *(each for each in found if each is not culprit)) if culprit is not None else tuple(found)
    )


def _of_login(findings: Findings, login: LoginTopic, answer: WhyAnswer) -> tuple[Finding, ...]:
    """Return the culprit, and what else is found of a login."""
    found = [each for each in findings.all if topics.is_of_login(each, login)]
    return (*filter(None, (answer.culprit,)), *(each for each in found if each is not answer.culprit))


def _online(snapshot: Snapshot, profile: str | None, *, may_run: bool) -> tuple[Step, ...]:
    """Ask AWS."""
    from rolecall.actions.online import checks  # noqa: PLC0415 - only who goes out needs it
    from rolecall.cli.prompts import perform  # noqa: PLC0415

    if prompts.has_person():
        output.say("Asking STS who this is and what time it is there, and `aws` which version it has…")
    return perform(
        lambda _, cancel: checks.look(snapshot, profile, lambda _command: may_run, cancel, _let_pass),
        UnattendedPrompts(lambda _command: may_run),
    )


def _let_pass(_step: Step) -> None:
    """Say nothing yet: all is told at the end, in order."""
