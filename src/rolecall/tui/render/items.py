"""What an item of any pane is about: its findings, its details, its fix, and what Why explains of it."""

import contextlib

from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable
from rolecall.doctor.diagnosis import unread_file
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.fixes import Fix
from rolecall.doctor.registry import Findings
from rolecall.doctor.sessions import LoginTopic, look_at
from rolecall.doctor.topics import FileTopic, HeadingTopic, SectionTopic, Topic
from rolecall.shells import UnspeakableError, is_variable_name, set_line, unset_line
from rolecall.tui.render import inspector
from rolecall.tui.render.expiry import ExpiryItem
from rolecall.tui.render.first_run import LAST_GOOD, trouble
from rolecall.tui.render.flags import KEY_VARIABLES, SESSION, STRAY
from rolecall.tui.render.inspector import Details, Fact
from rolecall.tui.render.tree import LOGINS, Node, TreeLine, logins_of, walk
from rolecall.tui.tones import Tone
from rolecall.which_shell import asker

_OF_SSO = (CacheKind.SSO_TOKEN, CacheKind.SSO_REGISTRATION)
_GONE = "It no longer exists: a file has changed."


def gone(snapshot: Snapshot) -> Details:
    """Say that an item no longer exists, or which file does not parse, so that nothing is known of it."""
    words = trouble(snapshot) if unread_file(snapshot) is not None else ""
    if words:
        return Details("Not known now", (Fact("", f"{words}.", Tone.BROKEN), Fact("", LAST_GOOD)))
    return Details("Gone", (Fact("", _GONE),))


def details_of(snapshot: Snapshot, findings: Findings, item: object) -> Details | None:
    """Return what the Inspector says of an item; None for a heading, and for what no longer exists."""
    found = findings_of(findings, item)
    match item:
        case TreeLine(node=node) if node.report is not None:
            return _of_profile(snapshot, node.report.name, found)
        case TreeLine(node=node) if node.note:
            return inspector.of_stray(snapshot, node.key.removeprefix(STRAY), found)
        case ExpiryItem(key=key) if key.startswith(SESSION):
            state = look_at(snapshot, LoginTopic(key.removeprefix(SESSION)))
            return inspector.login_details(state, snapshot.taken_at, snapshot, found) if state.users else None
        case ExpiryItem(profile=str(name)):
            return _of_profile(snapshot, name, found)
        case ExpiryItem():
            return inspector.variable_details(snapshot, KEY_VARIABLES[0], found)
        case Variable(name=name):
            return inspector.variable_details(snapshot, name, found)
        case CacheEntry(path=path):
            is_there = any(entry.path == path for entry in snapshot.entries)
            return inspector.of_entry(snapshot, path, found) if is_there else None
    return None


def _of_profile(snapshot: Snapshot, name: str, found: tuple[Finding, ...]) -> Details | None:
    return inspector.profile_details(snapshot, name, found) if name in snapshot.profiles else None


def profile_of(item: object) -> str | None:
    """Return the name of the profile that an item is, or None."""
    match item:
        case TreeLine(node=node) if node.report is not None:
            return node.report.name
        case ExpiryItem(key=key, profile=profile) if not key.startswith(SESSION):
            return profile
    return None


def unset_line_of(snapshot: Snapshot, item: object) -> str | None:
    """Return the line that unsets the variable that an item is, in the user's shell, or None."""
    if not isinstance(item, Variable) or not is_variable_name(item.name):
        return None
    shell = asker(snapshot.host).shell
    return unset_line(item.name, shell) if shell is not None else None


def lines_of_variable(snapshot: Snapshot, item: object) -> list[tuple[str, str]]:
    """Return the lines that unset and export a variable in the user's shell, each with what it is.

    A value that is not shown, or that the shell cannot express, is not exported.
    """
    line, shell = unset_line_of(snapshot, item), asker(snapshot.host).shell
    if line is None or shell is None or not isinstance(item, Variable):
        return []
    lines = [("unset line", line)]
    if item.value and item.shown == item.value:
        with contextlib.suppress(UnspeakableError):
            lines.append(("export line", set_line(item.name, item.value, shell)))
    return lines


def fix_of(findings: Findings, item: object) -> Fix | None:
    """Return the fix of the worst finding about an item that a key can fix."""
    return inspector.fix_on_enter(findings_of(findings, item))


def findings_of(findings: Findings, item: object) -> tuple[Finding, ...]:
    """Return the findings about an item, the worst first."""
    match item:
        case TreeLine(node=node) if node.report is not None:
            return findings.by_profile.get(node.report.name, ())
        case TreeLine(node=node) if node.note:
            return _about(findings, SubjectKind.SECTION, node.key.removeprefix(STRAY))
        case TreeLine(node=node) if node.key == LOGINS:
            return _about(findings, SubjectKind.SESSION, *logins_of(node))
        case TreeLine(node=Node(key=key)) | ExpiryItem(key=key) if key.startswith(SESSION):
            return _about(findings, SubjectKind.SESSION, key.removeprefix(SESSION))
        case ExpiryItem(profile=str(name)):
            return findings.by_profile.get(name, ())
        case ExpiryItem():
            return _about(findings, SubjectKind.VARIABLE, *KEY_VARIABLES)
        case Variable(name=name):
            return findings.by_variable.get(name, ())
        case CacheEntry(path=path):
            return findings.by_path.get(path, ())
    return ()


def _about(findings: Findings, kind: SubjectKind, *names: str) -> tuple[Finding, ...]:
    return tuple(each for each in findings.all if each.subject.kind is kind and each.subject.name in names)


def topic_of(item: object) -> Topic:
    """Return what Why explains for an item; for a variable and for nothing, this shell."""
    match item:
        case TreeLine(node=node):
            return topic_of_node(node)
        case ExpiryItem(key=key) if key.startswith(SESSION):
            return LoginTopic(key.removeprefix(SESSION))
        case ExpiryItem(profile=profile):
            return profile
        case CacheEntry(kind=kind, identity=str(name), profiles=(_, *_)) if kind in _OF_SSO:
            return LoginTopic(name)
        case CacheEntry(profiles=(first, *_)):
            return first
        case CacheEntry(path=path):
            return FileTopic(path)
    return None


def topic_of_node(node: Node) -> Topic:
    """Return what Why explains for a line of the tree."""
    if node.report is not None:
        return node.report.name
    if node.note:
        return SectionTopic(node.key.removeprefix(STRAY))
    if node.key.startswith(SESSION):
        return LoginTopic(node.key.removeprefix(SESSION))
    below = [each for each, _ in walk(node.children)]
    reports = [each.report for each in below if each.report is not None]
    sessions = {report.values.get("login_session") for report in reports} if node.key == LOGINS else set()
    session = next(iter(sessions), None)
    if len(sessions) == 1 and isinstance(session, str):
        return LoginTopic(session, is_sso=False)
    headers = tuple(each.key.removeprefix(STRAY) for each in below if each.note)
    return HeadingTopic(node.title, tuple(report.name for report in reports), headers)
