"""What is found about the one who is asked about, and which of it is to blame."""

from collections.abc import Iterator

from rolecall.aws.providers import PredictedError
from rolecall.doctor.asked import CHOOSERS, QuestionSubject
from rolecall.doctor.blame import is_helpless
from rolecall.doctor.finding import Finding, Severity, SubjectKind
from rolecall.doctor.registry import CHAPTERS, Findings
from rolecall.doctor.root_cause import FoundCause, RootCauseFinder

_HERE = (SubjectKind.VARIABLE, SubjectKind.SHELL)
HEADERS = frozenset(
    ("not-a-profile", "dropped-header", "odd-header", "config-header-in-credentials", "odd-name")
)
"""What is wrong with a header, so that the profile that is meant is none."""
_TIDINESS = frozenset(rule.code for name in ("Permissions", "Hygiene") for rule in CHAPTERS[name])
"""What is wrong, and does not keep anything from working."""


def about(asked: QuestionSubject, findings: Findings) -> tuple[Finding, ...]:
    """Return what is found that bears on it, the worst first. What is silenced is to be told if asked for."""
    every = sorted((*findings.all, *findings.silenced), key=lambda each: each.severity.rank)
    names = {asked.uses, *(hop.profile for hop in asked.chain)} - {None}
    files = {file.path for index in range(len(asked.chain)) if (file := asked.role_file(index)) is not None}
    return tuple(
        each
        for each in every
        if (asked.uses is not None and asked.uses in each.profiles)
        or (each.subject.kind is SubjectKind.PROFILE and each.subject.name in names)
        or (each.subject.kind is SubjectKind.CACHE and each.seen.path in files)
        or (each.subject.kind in _HERE and _reaches(asked, each))
        or each.subject.kind is SubjectKind.FILE
    )


def _reaches(asked: QuestionSubject, finding: Finding) -> bool:
    """Whether what is wrong in this shell bears on the one who is asked about.

    Who names a profile goes past the variables that choose credentials; what has its victims has no others.
    """
    if asked.profile is None and (
        finding.subject.kind is SubjectKind.VARIABLE or asked.uses in finding.profiles
    ):
        return True
    return not finding.profiles and finding.subject.name not in CHOOSERS


def matters(finding: Finding) -> bool:
    """Whether a finding may be why something does not work, or not as it looks."""
    return finding.severity is not Severity.INFO and finding.code not in _TIDINESS


def culprit(asked: QuestionSubject, findings: Findings) -> Finding | None:
    """Return what is to blame where it fails for certain: the first thing in AWS's own order."""
    return next(iter(culprits(asked, findings)), None)


def culprits(asked: QuestionSubject, findings: Findings) -> tuple[Finding, ...]:
    """Return the errors that stop it, each once, that first which stops it first."""
    return tuple({id(each): each for each in _in_order(asked, findings)}.values())


def _in_order(asked: QuestionSubject, findings: Findings) -> Iterator[Finding]:
    header = _of_missing(asked, findings)
    if header is not None:
        yield header
    errors = [each for each in about(asked, findings) if _stops(asked, each)]
    for cause in causes(asked):
        yield from (each for each in errors if each.code == cause.code)
    yield from errors


def causes(asked: QuestionSubject) -> tuple[FoundCause, ...]:
    """Return what stops the profile whose settings count, with what AWS tools say of it."""
    if asked.report is None or (asked.profile is None and asked.here_by_keys):
        return ()
    inquest = RootCauseFinder(asked.snapshot)
    return tuple(inquest.causes(asked.report) if is_helpless(asked.report) else inquest.hidden(asked.report))


def _stops(asked: QuestionSubject, finding: Finding) -> bool:
    """Whether an error stops this one, and not only somebody else."""
    if finding.severity is not Severity.ERROR:
        return False
    by_keys = asked.profile is None and asked.here_by_keys
    if asked.uses is not None and asked.uses in finding.profiles and not by_keys:
        return True
    if finding.subject.kind is SubjectKind.FILE:
        return asked.snapshot.merged.broken_file is not None or (asked.report is None and asked.fails)
    return asked.profile is None and finding.subject.kind in _HERE


def _of_missing(asked: QuestionSubject, findings: Findings) -> Finding | None:
    """Return why a profile that is asked for is none, where a header in the files tells it."""
    is_missing = any(fault.error == "ProfileNotFound" for _, fault in asked.faults)
    if asked.uses is not None and asked.report is None and (is_missing or asked.profile is not None):
        return of_header(findings, asked.uses)
    return None


def of_header(findings: Findings, name: str) -> Finding | None:
    """Return what is found about a header that looks like a profile's and is none."""
    wanted = squeezed(name)
    for each in (*findings.all, *findings.silenced):
        if each.code in HEADERS and squeezed(each.subject.name).strip("[]").removeprefix("profile") == wanted:
            return each
    return None


def squeezed(text: str) -> str:
    """Return a text without its white space: a terminal breaks lines in the middle of words too."""
    return "".join(text.split())


def faults(asked: QuestionSubject) -> Iterator[PredictedError]:
    """Yield what AWS tools raise, as far as that is known offline."""
    yield from (fault for _, fault in asked.faults)
    yield from (cause.fault for cause in causes(asked) if cause.fault is not None)
