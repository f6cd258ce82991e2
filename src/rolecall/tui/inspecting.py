"""What is told of an item of any pane: by the Inspector, and of what is wrong with it."""

from rolecall.aws.attribution import CacheEntry
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable
from rolecall.findings.examine import Findings
from rolecall.findings.finding import About, Finding
from rolecall.tui import details
from rolecall.tui.details import Details
from rolecall.tui.ends import End
from rolecall.tui.flags import KEYS, SESSION, STRAY
from rolecall.tui.outline import OutlineLine


def details_of(snapshot: Snapshot, findings: Findings | None, item: object) -> Details | None:
    """Return what the Inspector says of an item; None of a heading, and of nothing."""
    found = findings_of(findings, item) if findings is not None else ()
    match item:
        case OutlineLine(node=node) if node.report is not None:
            return details.of_profile(snapshot, node.report.name, found)
        case OutlineLine(node=node) if node.note:
            return details.of_stray(snapshot, node.key.removeprefix(STRAY), found)
        case End(profile=str(name)):
            return details.of_profile(snapshot, name, found)
        case End():
            return details.of_variable(snapshot, KEYS[0], found)
        case Variable(name=name):
            return details.of_variable(snapshot, name, found)
        case CacheEntry(path=path):
            return details.of_entry(snapshot, path, found)
    return None


def findings_of(findings: Findings, item: object) -> tuple[Finding, ...]:
    """Return what was found about an item, the worst first."""
    match item:
        case OutlineLine(node=node) if node.report is not None:
            return findings.by_profile.get(node.report.name, ())
        case OutlineLine(node=node) if node.note:
            return _about(findings, About.SECTION, node.key.removeprefix(STRAY))
        case End(key=key) if key.startswith(SESSION):
            return _about(findings, About.SESSION, key.removeprefix(SESSION))
        case End(profile=str(name)):
            return findings.by_profile.get(name, ())
        case End():
            return _about(findings, About.VARIABLE, *KEYS)
        case Variable(name=name):
            return findings.by_variable.get(name, ())
        case CacheEntry(path=path):
            return findings.by_path.get(path, ())
    return ()


def _about(findings: Findings, kind: About, *names: str) -> tuple[Finding, ...]:
    return tuple(each for each in findings.all if each.subject.kind is kind and each.subject.name in names)
