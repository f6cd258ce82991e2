"""``rolecall doctor NAME``: explains why one profile, one login or this shell does not work."""

from collections.abc import Callable, Sequence

from rolecall.actions.prompts import UnattendedPrompts
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import output, prompts
from rolecall.cli.diagnosis import Diagnosis
from rolecall.doctor import sessions, topics
from rolecall.doctor.error_text import attribute, parse
from rolecall.doctor.error_text.attribute import Match
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.error_text.subjects import but_login
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.registry import Findings
from rolecall.doctor.sessions import LoginTopic
from rolecall.steps import Step

_HERE = (SubjectKind.FILE, SubjectKind.VARIABLE, SubjectKind.SHELL)


def explain_error(
    snapshot: Snapshot,
    findings: Findings,
    name: str | None,
    *,
    message: str | None,
    is_online: bool,
    may_run: bool,
    again: Callable[[Snapshot], Findings],
) -> Diagnosis:
    """Explain why something does not work.

    Args:
        snapshot: what to explain.
        findings: the findings in it.
        name: the profile, or the login, to explain; None for the one that the message is about, else for
            this shell.
        message: an error message of an AWS tool, or None.
        is_online: whether to call AWS as well.
        may_run: whether a ``credential_process`` may be run for that.
        again: returns the findings of a later Snapshot, after AWS was called.
    """
    read = _read(snapshot, message) if message is not None else None
    asked = name if name in snapshot.profiles else None
    match = attribute.match(snapshot, findings, read, asked) if read is not None else None
    about = _about(snapshot, name, match)
    login = sessions.of_name(snapshot, name) if name is not None and about is None else None
    if name is None and match is not None and match.login is not None:
        login, about = match.login, None
    online: tuple[Step, ...] = ()
    if is_online:
        online = _online(snapshot, about, may_run=may_run)
        # that took its time, and may have cached a role
        snapshot = Snapshot.take(snapshot.host, snapshot)
        findings = again(snapshot)
    answer = topics.topic_answer(snapshot, findings, login or about, online, pasted=read)
    shown = _shown(findings, about, answer, read) if login is None else _of_login(findings, login, answer)
    return Diagnosis(snapshot, shown, len(findings.silenced), answer, match)


def _read(snapshot: Snapshot, message: str) -> Pasted | None:
    """Return what a message says or names; a warning says where it is not known."""
    read = attribute.read_message(snapshot, message)
    if read is None or read.code is None:
        if parse.is_cut(message):
            output.complain(parse.CUT)
        known = (
            "; what it names is looked up here" if read is not None else ", and names nothing that is here"
        )
        output.complain(f"this error message is not known{known}")
    return read


def _about(snapshot: Snapshot, name: str | None, match: Match | None) -> str | None:
    """Return the profile to explain: the named one, else the message's."""
    found = name if name is not None or match is None else match.profile
    return found if found in snapshot.profiles else None


def _shown(
    findings: Findings, about: str | None, answer: WhyAnswer, read: Pasted | None
) -> tuple[Finding, ...]:
    """Return the culprit and the other findings of the profile, or all findings if there is no profile."""
    if about is not None:
        found: Sequence[Finding] = findings.by_profile.get(about, ())
    elif read is not None and read.code is not None:
        found = [each for each in findings.all if each.subject.kind in _HERE]
    else:
        found = findings.all
    culprit, found = answer.culprit, but_login(read, found)
    return (
        (culprit, *(each for each in found if each is not culprit)) if culprit is not None else tuple(found)
    )


def _of_login(findings: Findings, login: LoginTopic, answer: WhyAnswer) -> tuple[Finding, ...]:
    """Return the culprit and the other findings of a login."""
    found = [each for each in findings.all if topics.is_of_login(each, login)]
    return (*filter(None, (answer.culprit,)), *(each for each in found if each is not answer.culprit))


def _online(snapshot: Snapshot, profile: str | None, *, may_run: bool) -> tuple[Step, ...]:
    """Ask AWS."""
    from rolecall.actions.online import checks  # noqa: PLC0415 - only --online needs it
    from rolecall.cli.prompts import perform  # noqa: PLC0415

    if prompts.has_person():
        output.say("Calling STS for the identity and the time, and asking `aws` for its version…")
    return perform(
        lambda _, cancel: checks.run_checks(snapshot, profile, lambda _command: may_run, cancel, _let_pass),
        UnattendedPrompts(lambda _command: may_run),
    )


def _let_pass(_step: Step) -> None:
    """Say nothing yet: all is told at the end, in order."""
