"""Findings as SARIF 2.1.0, the format that code scanners share: rules with help, places, and fixes."""

import difflib
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from rolecall import __version__
from rolecall.actions.editing import combination, edits
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import FileChange, Mark, Plan
from rolecall.aws.snapshot import Snapshot
from rolecall.cli.diagnosis import Diagnosis, path_of, told
from rolecall.cli.output import inert
from rolecall.doctor.finding import Finding, Rule, Severity
from rolecall.doctor.fixes import Fix, FixAction
from rolecall.masking import ELLIPSIS, MASK
from rolecall.text import mask_header, sentence

VERSION = "2.1.0"
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
Json: TypeAlias = dict[str, object]
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


_MOST_FIXES = 50
"""Results that have a fix, at most: each is planned, and proved, over the whole file."""


def sarif(found: Sequence[Diagnosis], working: Path) -> str:
    """Return one log with one run; files below the working directory are named from there."""
    results = [(each, diagnosis.snapshot) for diagnosis in found for each in diagnosis.shown]
    rules = list(dict.fromkeys(each.rule for each, _ in results))
    log = {
        "$schema": _SCHEMA,
        "version": VERSION,
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "rolecall",
                        "semanticVersion": __version__,
                        "rules": [_rule(each) for each in rules],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "results": list(_results(results, rules, working)),
            }
        ],
    }
    return json.dumps(log, indent=2)


def uri(path: Path, working: Path) -> str:
    """Return a file's URI: from the working directory where the file is below it, else in full."""
    whole = path.absolute()
    if ".." not in whole.parts and whole.is_relative_to(working):
        below = whole.relative_to(working).as_posix()
        return PurePosixPath("/", below).as_uri().removeprefix("file:///")
    return whole.as_uri()


def _rule(rule: Rule) -> Json:
    parts = {"Cause": rule.cause, "Consequence": rule.consequence, "Cure": rule.cure}
    return {
        "id": rule.code,
        "shortDescription": {"text": sentence(rule.title)},
        "fullDescription": {"text": sentence(rule.cause)},
        "help": {
            "text": "\n".join(f"{name}: {sentence(words)}" for name, words in parts.items()),
            "markdown": "\n".join(f"- **{name}**: {sentence(words)}" for name, words in parts.items()),
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["aws"], "problem.severity": _PROBLEMS[rule.severity]},
    }


def _results(
    found: Sequence[tuple[Finding, Snapshot]], rules: Sequence[Rule], working: Path
) -> Iterator[Json]:
    left = _MOST_FIXES
    for each, snapshot in found:
        fix = _fix(each.fix, snapshot, working) if left else None
        left -= fix is not None
        result = _result(each, snapshot, rules.index(each.rule), working)
        yield result if fix is None else result | {"fixes": [fix]}


_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
"""As GitHub's code scanning names them."""


def _result(finding: Finding, snapshot: Snapshot, index: int, working: Path) -> Json:
    subject = mask_header(finding.subject.name)
    location: Json = {"logicalLocations": [{"name": subject, "kind": finding.subject.kind.value}]}
    path = path_of(finding)
    where = "" if path is None else uri(path, working)
    if path is not None:
        location["physicalLocation"] = {"artifactLocation": {"uri": where}} | _region(finding)
    same = f"{finding.code}\n{subject}\n{where}"
    mark = hashlib.sha256(same.encode("utf-8", "replace")).hexdigest()
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": inert(told(finding, snapshot))},
        "locations": [location],
        "partialFingerprints": {"subject/v1": mark},
    }


def _region(finding: Finding) -> Json:
    line = finding.place.line if finding.place is not None else None
    return {} if line is None else {"region": {"startLine": line}}


def _fix(fix: Fix, snapshot: Snapshot, working: Path) -> Json | None:
    """Return the change that a fix is, None where it is none of these files, or has a secret in it."""
    try:
        plan = _plan(snapshot, fix)
    except ActionFailed:
        return None
    changes = plan.changes if plan is not None else ()
    if not changes or (plan is not None and plan.lost) or any(map(_has_secret, changes)):
        return None
    return {
        "description": {"text": inert(sentence(fix.words))},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": uri(each.path, working)},
                "replacements": list(_replacements(each, snapshot.host.encoding)),
            }
            for each in changes
        ],
    }


def _plan(snapshot: Snapshot, fix: Fix) -> Plan | None:
    name = str(fix.profile)
    match fix.doing:
        case FixAction.REWRITE if fix.edit is not None and fix.role is not None:
            return edits.rewrite_lines(snapshot, fix.role, fix.edit)
        case FixAction.RENAME if fix.name is not None:
            return edits.rename_profile(snapshot, name, fix.name)
        case FixAction.REMOVE:
            return edits.remove_profile(snapshot, name)
        case FixAction.EDIT if fix.changes and fix.key is None:
            return combination.change_settings(snapshot, name, fix.changes, fix.role)
    return None


def _has_secret(change: FileChange) -> bool:
    """Whether a change cannot be given: a line that it adds is masked, or there is no file to change."""
    added = (line.text for line in change.diff if line.mark is Mark.ADDED)
    return change.before is None or change.after is None or any(MASK in it or ELLIPSIS in it for it in added)


def _replacements(change: FileChange, encoding: str) -> Iterator[Json]:
    """Yield what is replaced, in whole lines."""
    before = (change.before or b"").decode(encoding).splitlines(keepends=True)
    after = (change.after or b"").decode(encoding).splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, begin, end, first, last in matcher.get_opcodes():
        if kind == "equal":
            continue
        region = {"startLine": begin + 1, "startColumn": 1, "endLine": end + 1, "endColumn": 1}
        if begin < end == len(before) and not before[-1].endswith(("\n", "\r")):
            width = len(before[-1].encode("utf-16-le")) // 2
            region |= {"endLine": end, "endColumn": width + 1}
        yield {"deletedRegion": region, "insertedContent": {"text": "".join(after[first:last])}}
