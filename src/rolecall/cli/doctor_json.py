"""The JSON object of ``rolecall doctor``, without the schema that every object carries.

As in ``rolecall.cli.json_output``: names of keys are fixed, further keys may come, nothing secret is in it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rolecall.cli.common import masked
from rolecall.cli.diagnosis import Diagnosis, path_of
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.fixes import Fix
from rolecall.host import Host
from rolecall.steps import Step
from rolecall.text import mask_header

if TYPE_CHECKING:  # a list of all findings needs neither
    from rolecall.cli.json_types import (
        DoctorAnswer,
        FindingJson,
        FixJson,
        MatchJson,
        ReportAnswer,
        StepJson,
        WhyJson,
    )
    from rolecall.doctor.error_text.attribute import Match
    from rolecall.doctor.explain import WhyAnswer


def diagnosis_answer(found: Diagnosis) -> "DoctorAnswer":
    """``rolecall doctor``: ``findings[]``, ``counts`` by severity, ``silenced`` (how many are left out).

    A finding is {code, severity, subject, about, path, line, message, evidence[], consequence, profiles[],
    fix {words, run (null if no command does it)}}. If it was asked why, there are also ``subject``,
    ``sentence``, ``culprit`` (a code, or null), ``cure`` (as a fix, or null), ``asks[]`` and ``steps[]``
    {title, verdict, words, evidence[]}; if an error message was given that is known, or that names
    something that is here, ``message`` {profile (or null), certain, sentence, candidates[]}.
    """
    report = report_answer((found,))
    content: DoctorAnswer = {
        "findings": report["findings"],
        "counts": report["counts"],
        "silenced": report["silenced"],
    }
    if found.answer is not None:
        content = {**content, **_answer(found.answer, found.snapshot.host)}
    if found.match is not None:
        content["message"] = _match(found.match)
    return content


def report_answer(found: Sequence[Diagnosis]) -> "ReportAnswer":
    """``rolecall doctor --config``: the same for several files, without an answer."""
    many = Counter(finding.severity for each in found for finding in each.shown)
    return {
        "findings": [_finding(finding, each.snapshot.host) for each in found for finding in each.shown],
        "counts": {
            "error": many[Severity.ERROR],
            "warning": many[Severity.WARNING],
            "info": many[Severity.INFO],
        },
        "silenced": sum(each.silenced for each in found),
    }


def _finding(finding: Finding, host: Host) -> "FindingJson":
    place, path = finding.place, path_of(finding)
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "subject": mask_header(finding.subject.name),
        "about": finding.subject.kind.value,
        "path": None if path is None else str(path),
        "line": None if place is None else place.line,
        "message": masked(finding.message),
        "evidence": [masked(each) for each in finding.evidence],
        "consequence": masked(finding.consequence),
        "profiles": list(finding.profiles),
        "fix": _fix(finding.fix, host),
    }


def _fix(fix: Fix, host: Host) -> "FixJson":
    return {"words": masked(fix.words), "run": fix.line_for(host)}


def _answer(answer: "WhyAnswer", host: Host) -> "WhyJson":
    return {
        "subject": answer.subject,
        "sentence": masked(answer.sentence),
        "culprit": None if answer.culprit is None else answer.culprit.code,
        "cure": None if answer.fix is None else _fix(answer.fix, host),
        "asks": [masked(each) for each in answer.asks],
        "steps": [_step(each) for each in answer.steps],
    }


def _step(step: Step) -> "StepJson":
    return {
        "title": masked(step.title),
        "verdict": step.verdict.value,
        "words": masked(step.words),
        "evidence": [masked(each) for each in step.evidence],
    }


def _match(match: "Match") -> "MatchJson":
    return {
        "profile": match.profile,
        "certain": match.is_certain,
        "sentence": masked(match.sentence),
        "candidates": list(match.candidates),
    }
