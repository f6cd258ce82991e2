"""What the rules about culprits have in common: how one is told of."""

from collections.abc import Iterator
from dataclasses import replace

from rolecall.aws.expiry import State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.blame import RootCause
from rolecall.doctor.context import RuleContext
from rolecall.doctor.evidence import Quoted, listed, said
from rolecall.doctor.finding import Occurrence, Subject, SubjectKind
from rolecall.doctor.fixes import Fix


def accused(context: RuleContext, code: str) -> Iterator[tuple[RootCause, Quoted]]:
    """Yield those blamed under a code whose culprits are profiles, with what stands in the files of them."""
    for blamed in context.blamed.get(code, ()):
        yield blamed, Quoted(context.snapshot, blamed.culprit)


def root_cause_occurrence(
    blamed: RootCause, quoted: Quoted, message: str, fix: Fix, *keys: str
) -> Occurrence:
    """Return what is told of a profile; the keys are those at fault, the first one's place is its place."""
    evidence = (*quoted.lines(*keys), *said(blamed.fault))
    subject = Subject(SubjectKind.PROFILE, blamed.culprit)
    return Occurrence(
        subject,
        message,
        fix,
        quoted.place(*keys),
        evidence,
        consequence=reach(quoted.snapshot, blamed),
        profiles=blamed.profiles,
    )


def reach(snapshot: Snapshot, blamed: RootCause) -> str:
    """Return the consequence where it is not the rule's: some profiles fail in boto3 only.

    The AWS CLI keeps roles on disk, and does not look at what they draw on while they are good.
    """
    reports = (snapshot.profiles[name] for name in blamed.profiles)
    cached = [each.name for each in reports if _is_cached(each)]
    if not cached:
        return ""
    others = (
        "" if len(cached) == len(blamed.profiles) else "every command with these profiles fails, but for "
    )
    has = "has the role" if len(cached) == 1 else "has the roles"
    return f"{others}{listed(cached)}: the AWS CLI {has} cached until its end, and only boto3 fails now"


def _is_cached(report: ProfileReport) -> bool:
    fails_in_boto3 = report.resolution.fault is not None
    works_in_cli = report.resolutions[Tool.CLI_V2].fault is None and report.expiry.state is State.VALID
    return fails_in_boto3 and works_in_cli and report.expiry.renewed_early


def edit(quoted: Quoted, words: str, *keys: str) -> Fix:
    """Return: the form, over the file in which the first of these keys stands."""
    return replace(fixes.edit(words, quoted.name), role=quoted.role(*keys))
