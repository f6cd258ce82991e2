"""The tree of profiles: which one is listed under what, and in which order."""

from collections.abc import Iterator
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from rolecall.aws.expiry import Expiry
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Provider
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.messages import SOURCES
from rolecall.messages.accounts import account_text
from rolecall.text import mask_header
from rolecall.tui.render import labels
from rolecall.tui.render.flags import SESSION, STRAY, Flag, Flags, worst
from rolecall.values import dataclass

_SHARED_SOURCES = (
    Provider.ENV,
    Provider.CONTAINER,
    Provider.IAM_ROLE,
    Provider.EC2_FILE,
    Provider.BOTO,
)
"""Sources of credentials that are no profile and serve several."""

BROKEN = "group:broken"
"""The key of the heading over the profiles that no tool can use."""
STRAYS = "group:strays"
"""The key of the heading over sections that are no profiles."""
LOGINS = "group:login"
"""The key of the heading over all that use ``aws login``."""
SESSION_NOTE, PORTAL_NOTE = " (sso-session)", " (SSO)"
"""What the headings of an sso-session and of a start URL end with, where there is room to say so."""


class Grouping(StrEnum):
    """What the tree puts together."""

    SOURCE = "source"
    ACCOUNT = "account"
    FLAT = "flat"

    @property
    def next(self) -> "Grouping":
        """The next grouping; the first comes after the last."""
        everyone = list(Grouping)
        return everyone[(everyone.index(self) + 1) % len(everyone)]


@dataclass(slots=True)
class Node:
    """One node: a profile, or a heading over several.

    Attributes:
        key: what identifies it, also in the next Snapshot.
        title: the profile's name, or the heading.
        report: the profile's report; None for a heading.
        expiry: the expiry of a heading that is an SSO session.
        note: a word about a node that is no profile.
        children: the nodes under it.
    """

    key: str
    title: str
    report: ProfileReport | None = None
    expiry: Expiry | None = None
    note: str = ""
    children: list["Node"] = field(default_factory=list)

    @property
    def profiles(self) -> "Iterator[ProfileReport]":
        """The profiles under it, at any depth."""
        return (node.report for node, _ in walk(self.children) if node.report is not None)


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One line of the flattened tree."""

    node: Node
    depth: int
    is_expanded: bool


def outline(snapshot: Snapshot, grouping: Grouping) -> list[Node]:
    """Return the top-level nodes."""
    match grouping:
        case Grouping.SOURCE:
            return _by_source(snapshot)
        case Grouping.ACCOUNT:
            return _by_account(snapshot)
        case Grouping.FLAT:
            return [_node(report) for report in snapshot.profiles.values()]


def flatten(roots: list[Node], collapsed: set[str]) -> list[TreeLine]:
    """Return the lines that are to be seen, top to bottom. Iterative: a chain may be very long."""
    lines: list[TreeLine] = []
    waiting = [(node, 0) for node in reversed(roots)]
    while waiting:
        node, depth = waiting.pop()
        expanded = node.key not in collapsed
        lines.append(TreeLine(node, depth, expanded))
        if expanded:
            waiting.extend((child, depth + 1) for child in reversed(node.children))
    return lines


WORTH_FOLDING = 4
"""Profiles from which on a group that waits is folded: fewer names are worth their lines."""


def waiting_groups(roots: list[Node], flags: Flags, now: datetime) -> set[str]:
    """Return the keys of the groups, and of the causes, under which all profiles wait for one thing."""
    found: set[str] = set()
    below: dict[str, tuple[int, frozenset[str | None]]] = {}
    # from the last line to the first, what is under a node comes before it
    for line in reversed(flatten(roots, set())):
        node = line.node
        under = [below[child.key] for child in node.children]
        many, words = (
            sum(each[0] for each in under),
            frozenset[str | None]().union(*(each[1] for each in under)),
        )
        own = awaited(node.report, flags, now) if node.report is not None else None
        if many >= WORTH_FOLDING and len(words) == 1 and None not in words and own is None:
            found.add(node.key)
        if node.report is not None or not node.children:
            many, words = many + 1, words | {own}
        below[node.key] = many, words
    return found


def awaited(report: ProfileReport, flags: Flags, now: datetime) -> str | None:
    """Return what a profile waits for, in a word; None where it works, or is a cause itself.

    A login is known without the findings, so that nothing folds later than it is drawn.
    """
    if flags.profiles.get(report.name) is Flag.ERROR:
        return None
    needs_login = labels.needs_login(report.expiry.as_of(now))
    return flags.waits.get(report.name) or (labels.LOGIN if needs_login else None)


def walk(roots: list[Node]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Yield each node with those above it, top to bottom."""
    waiting: list[tuple[Node, tuple[Node, ...]]] = [(node, ()) for node in reversed(roots)]
    while waiting:
        node, path = waiting.pop()
        yield node, path
        waiting.extend((child, (*path, node)) for child in reversed(node.children))


def _node(report: ProfileReport) -> Node:
    return Node(f"profile:{report.name}", report.name, report)


def _by_source(snapshot: Snapshot) -> list[Node]:
    """Return profiles under the source of their credentials; the broken ones together at the end."""
    nodes = {name: _node(report) for name, report in snapshot.profiles.items()}
    roots: list[Node] = []
    headings: dict[str, Node] = {}
    broken = Node(BROKEN, "broken")
    for name, report in snapshot.profiles.items():
        if report.effective.provider is None:
            broken.children.append(nodes[name])
            continue
        above = report.source
        if above is not None and snapshot.profiles[above].effective.provider is not None:
            nodes[above].children.append(nodes[name])
            continue
        heading = _heading(report)
        if heading is None:
            roots.append(nodes[name])
            continue
        if heading.key not in headings:
            headings[heading.key] = heading
            roots.append(heading)
        headings[heading.key].children.append(nodes[name])
    roots += _out_of_reach(roots, nodes, broken)
    roots += [each for each in _sessions(snapshot) if each.key not in headings]
    strays = Node(STRAYS, "not profiles", children=_strays(snapshot))
    return [*roots, *(group for group in (broken, strays) if group.children)]


def _out_of_reach(roots: list[Node], nodes: dict[str, Node], broken: Node) -> list[Node]:
    """Profiles with keys of their own may name each other as sources: the first of a ring is its root."""
    reached = {node.key for node, _ in walk([*roots, broken])}
    found: list[Node] = []
    for node in nodes.values():
        if node.key in reached:
            continue
        ring = [node]
        for each in ring:
            reached.add(each.key)
            each.children = [child for child in each.children if child.key not in reached]
            ring += each.children
        found.append(node)
    return found


def _sessions(snapshot: Snapshot) -> list[Node]:
    """The headings of all sso-sessions: one that no profile uses yet can be edited as well."""
    return [_session_node(name) for name in snapshot.files[0].headers.sso_sessions]


def _session_node(name: str, expiry: Expiry | None = None) -> Node:
    return Node(f"session:{name}", f"{name}{SESSION_NOTE}", expiry=expiry)


def _strays(snapshot: Snapshot) -> list[Node]:
    """The sections of the config file that botocore drops, or does not take for a profile."""
    headers = snapshot.files[0].headers
    return [
        *(Node(f"stray:{header}", mask_header(f"[{header}]"), note="dropped") for header in headers.dropped),
        *(
            Node(f"stray:{header}", mask_header(f"[{header}]"), note="not a profile")
            for header in headers.other
        ),
    ]


def _heading(report: ProfileReport) -> Node | None:
    """Return the heading of a profile without a source profile, or None for the top level."""
    if report.kind is Kind.SSO:
        return _session(report)
    if report.kind is Kind.LOGIN:
        return Node(LOGINS, "aws login")
    last = report.chain[-1]
    if last.provider not in _SHARED_SOURCES:
        return None
    return Node(f"group:{last.provider}", SOURCES[last.provider])


def _session(report: ProfileReport) -> Node:
    name = report.values.get("sso_session")
    if isinstance(name, str):
        return _session_node(name, report.token)
    url = str(report.values.get("sso_start_url", "SSO"))
    return Node(f"session:{url}", f"{host_of(url)}{PORTAL_NOTE}", expiry=report.token)


def host_of(url: str) -> str:
    """Return the host of a URL, without a name and a password before it; a text that is no URL stays."""
    return url.split("//", 1)[-1].split("/", 1)[0].rsplit("@", 1)[-1]


def _by_account(snapshot: Snapshot) -> list[Node]:
    headings: dict[str, Node] = {}
    for report in snapshot.profiles.values():
        account = report.account or ""
        title = account_text(report.account, snapshot.accounts, in_full=True) or "no account known"
        node = headings.setdefault(account, Node(f"account:{account}", title))
        node.children.append(_node(report))
    # by their names, then by their ids; what has no account comes last
    return [
        headings[key]
        for key in sorted(
            headings, key=lambda each: (not each, each not in snapshot.accounts, headings[each].title)
        )
    ]


def node_flag(flags: Flags, node: Node) -> Flag | None:
    """Return the flag of a line of the tree; of the headings only logins have one."""
    if node.report is not None:
        return flags.profiles.get(node.report.name)
    if node.key.startswith(SESSION):
        return flags.sessions.get(node.key.removeprefix(SESSION))
    if node.key == LOGINS:
        return worst(*(flags.sessions.get(name) for name in logins_of(node)))
    is_stray = node.key.startswith(STRAY)
    return flags.sections.get(node.key.removeprefix(STRAY)) if is_stray else None


def logins_of(node: Node) -> frozenset[str]:
    """Return the login sessions of the profiles right under the heading of ``aws login``."""
    found = (each.report.values.get("login_session") for each in node.children if each.report is not None)
    return frozenset(name for name in found if isinstance(name, str))
