"""What the Inspector says: of a profile, a variable, a cache file, a section that is no profile.

Each is a title and lines that are laid out to the width when they are drawn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from rolecall.aws.expiry import Expiry
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.profiles import Origin, Setting
from rolecall.aws.providers import Resolution, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import cell_width, cut_middle, pad, wrap
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.fixes import Fix, FixAction
from rolecall.doctor.sessions import LoginState
from rolecall.doctor.topics import label, section_words
from rolecall.messages.accounts import account_text
from rolecall.shells import is_variable_name, unset_line
from rolecall.text import (
    first_of,
    inert,
    mask,
    mask_access_key,
    mask_header,
    mask_name,
    sentence,
    shown_value,
    until,
)
from rolecall.tui.render import labels
from rolecall.tui.render.flags import Flag
from rolecall.tui.render.lines import Line, Span, fit, width_of
from rolecall.tui.tones import Tone
from rolecall.values import dataclass
from rolecall.which_shell import asker

LABEL_WIDTH, SHORT_LABEL = 22, 13
INDENT = 2
ROOM_FOR_LABEL = 30
"""Cells from which on the longest label of one word is not broken."""
SEVERITIES = {
    Severity.ERROR: (Flag.ERROR.glyph, Flag.ERROR.tone),
    Severity.WARNING: (Flag.WARNING.glyph, Flag.WARNING.tone),
    Severity.INFO: ("·", Tone.PLAIN),
}
"""The glyph and the tone of a finding."""
MOST_NAMED = 2
"""Profiles that are named where the others are counted."""
ENTER = "enter"
NO_LINE = "no shell can unset this name: find where it is set, and start a new shell"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: a label, a text that is wrapped, and where it comes from."""

    label: str
    text: str
    tone: Tone = Tone.PLAIN
    aside: str = ""
    is_title: bool = False
    label_tone: Tone = Tone.DIM


@dataclass(frozen=True, slots=True)
class Details:
    """A title and the facts under it."""

    title: str
    facts: tuple[Fact, ...]


def detail_lines(details: Details, width: int) -> list[Line]:
    """Lay details out to a width."""
    laid: list[Line] = []
    label = _label_width(details, width)
    for fact in details.facts:
        if fact.is_title:
            laid += [(), *((Span(line, Tone.ACCENT),) for line in wrap(inert(fact.label), width))]
            continue
        laid += _fact_lines(fact, label, width)
    return laid[1:] if laid and not laid[0] else laid


def natural_width(details: Details) -> int:
    """Return the cells that details take where nothing has to be wrapped."""
    return max(map(_natural, details.facts), default=0)


def _label_width(details: Details, width: int) -> int:
    """Return the cells of the labels: what the longest needs, and no more than a third of the width."""
    longest = max((cell_width(inert(fact.label)) for fact in details.facts if not fact.is_title), default=0)
    least = SHORT_LABEL if width >= ROOM_FOR_LABEL else 8
    return min(max(longest + 1, least), max(width // 3, least), LABEL_WIDTH)


def _natural(fact: Fact) -> int:
    if fact.is_title:
        return cell_width(inert(fact.label))
    aside = cell_width(inert(fact.aside)) + 2 if fact.aside else 0
    return LABEL_WIDTH + 1 + cell_width(inert(fact.text)) + aside


def _fact_lines(fact: Fact, label: int, width: int) -> Iterator[Line]:
    names = wrap(inert(fact.label), label) if fact.label else [""]
    room = max(width - label - 1, 8)
    longest = max(map(cell_width, inert(fact.text).split()), default=0)
    if fact.label and room < longest <= width - INDENT:
        # an address or a name that would be broken beside its label is whole below it
        yield from ((Span(name, fact.label_tone),) for name in names)
        for line in (*wrap(inert(fact.text), width - INDENT), *([fact.aside] if fact.aside else [])):
            tone = Tone.DIM if line == fact.aside else fact.tone
            yield (Span(" " * INDENT), Span(cut_middle(inert(line), width - INDENT), tone))
        return
    texts = _texts(inert(fact.text), room)
    aside = Span(cut_middle(inert(fact.aside), room), Tone.DIM)
    if fact.aside and len(names) == len(texts) == 1 and width_of([Span(texts[0]), aside]) + 2 <= room:
        lead = Span(pad(names[0], label) + " ", fact.label_tone)
        yield fit((lead, Span(texts[0], fact.tone)), (aside,), width)
        return
    for index in range(max(len(names), len(texts))):
        name = names[index] if index < len(names) else ""
        text = texts[index] if index < len(texts) else ""
        yield (Span(pad(name, label) + " ", fact.label_tone), Span(text, fact.tone))
    if fact.aside:
        # what would leave a line half empty, as a path does, is cut in its middle; other words are wrapped
        told = wrap(inert(fact.aside), room)
        if min(map(cell_width, told)) < room // 3 or max(map(cell_width, inert(fact.aside).split())) > room:
            told = [aside.text]
        yield from ((Span(" " * (label + 1)), Span(line, Tone.DIM)) for line in told)


def _texts(text: str, room: int) -> list[str]:
    """Wrap a text; what it has in brackets at its end stays together: ``(14h ago)``."""
    before, bracket, last = text.rpartition("  (")
    if not bracket or cell_width(text) <= room:
        return wrap(text, room)
    return [*wrap(before, room), *wrap(f"({last}", room)]


def _details(title: str, facts: Iterable[Fact]) -> Details:
    """Put details together. Everything is masked here: any value may have swallowed the secret below it."""
    return Details(
        mask(title),
        tuple(
            replace(fact, label=mask(fact.label), text=mask(fact.text), aside=mask(fact.aside))
            for fact in facts
        ),
    )


def title(text: str) -> Fact:
    """Return a heading."""
    return Fact(text, "", is_title=True)


def _found(snapshot: Snapshot, findings: Sequence[Finding]) -> Iterator[Fact]:
    """Yield each finding with its result and its fix."""
    on_enter = fix_on_enter(findings)
    if findings:
        yield title("Findings")
    for index, finding in enumerate(findings):
        if index > 0:
            yield Fact("", "")
        glyph, tone = SEVERITIES[finding.severity]
        yield Fact(f"{glyph} {finding.severity}", sentence(finding.message, snapshot.profiles), tone)
        yield Fact("", sentence(finding.consequence), Tone.DIM)
        key = ENTER if finding.fix is on_enter else ""
        yield Fact(key, sentence(finding.fix.words), Tone.ACCENT, aside=_standing_at(snapshot, finding))


def fix_on_enter(findings: Sequence[Finding]) -> Fix | None:
    """Return what enter does: the fix of the first of these findings that a key can fix."""
    return next((each.fix for each in findings if each.fix.doing is not FixAction.NOTHING), None)


def _standing_at(snapshot: Snapshot, finding: Finding) -> str:
    if finding.place is None:
        return finding.code
    line = f":{finding.place.line}" if finding.place.line is not None else ""
    return f"{finding.code}, {snapshot.host.display(finding.place.path)}{line}"


def profile_details(snapshot: Snapshot, name: str, findings: Sequence[Finding] = ()) -> Details:
    """Describe a profile: its findings, its state, the result in each tool, every setting."""
    report = snapshot.profiles[name]
    return _details(
        f"Profile {name}",
        (
            *_found(snapshot, findings),
            title("Current state"),
            *_standing(report, snapshot),
            title("Result in each tool, when chosen by name"),
            *_tools(report),
            title("Chain"),
            *_chain(report),
            title("Settings"),
            *_settings(snapshot, report),
        ),
    )


def _standing(report: ProfileReport, snapshot: Snapshot) -> Iterable[Fact]:
    expiry = report.expiry.as_of(snapshot.taken_at)
    yield Fact("kind", labels.KINDS[report.kind])
    yield Fact("state", labels.state_in_words(expiry), labels.glyph(expiry).tone)
    yield from _end(expiry, snapshot.taken_at)
    then = labels.what_then(expiry, snapshot.taken_at)
    if then:
        yield Fact("afterwards", then)
    if report.account:
        yield Fact("account", account_text(report.account, snapshot.accounts, in_full=True))
    if report.effective.access_key:
        yield Fact("access key", mask_access_key(report.effective.access_key) or "")
    if report.cache_file:
        is_there = any(entry.path.name == report.cache_file for entry in snapshot.entries)
        yield Fact("cache file", report.cache_file if is_there else f"{report.cache_file} (not there yet)")
    if report.maximum_duration:
        yield Fact("longest session", "1 hour: the AWS limit where one role assumes another")


def _from_now(expiry: Expiry, now: datetime) -> str:
    left = expiry.left(now)
    return _in(left) if left is not None else ""


def _in(left: timedelta) -> str:
    return f"  (in {until(left)})" if left > timedelta(0) else f"  ({until(left)})"


def _end(expiry: Expiry, now: datetime) -> Iterable[Fact]:
    if expiry.at is None:
        return
    yield Fact(
        "expires",
        f"{labels.both_times(expiry.at)}{_from_now(expiry, now)}",
        aside=f"from {expiry.source}" if expiry.source else "",
    )


def _tools(report: ProfileReport) -> Iterable[Fact]:
    yield from _alike(
        {tool: (*_outcome(report.resolutions[tool]), _region(report.regions[tool])) for tool in Tool}
    )


def _alike(said: Mapping[Tool, tuple[str, str, str]]) -> Iterable[Fact]:
    """Yield a row for each result, with all the tools that have it.

    A result is what comes of it, the name of the error (empty where there is none), and what else is said.
    """
    rows: dict[tuple[str, str, str], list[str]] = {}
    for tool, outcome in said.items():
        rows.setdefault(outcome, []).append(tool.label)
    for (words, error, rest), tools in rows.items():
        name = (
            "all three"
            if len(tools) == len(Tool)
            else " and ".join(tools).replace("and AWS CLI v2", "and v2")
        )
        yield Fact(name, words, aside=f"{error}, {rest}" if error else rest)


def _region(region: str | None) -> str:
    return f"region {region}" if region else "no region"


def _outcome(resolution: Resolution) -> tuple[str, str]:
    """Return what comes of it, and the name of the error where there is one."""
    fault = resolution.fault
    if fault is None:
        return resolution.provider or "", ""
    said = " ".join(fault.message.split())
    return f"{resolution.provider}, then: {said}" if resolution.provider else said, fault.error


def _chain(report: ProfileReport) -> Iterable[Fact]:
    hops = list(zip(report.chain, report.hop_expiries, strict=True))
    for hop, expiry in reversed(hops):  # as the pane of the chain has them: from where it starts
        name = hop.profile or labels.where_it_starts(hop)
        state = labels.state_in_words(expiry)
        yield Fact(name, f"{hop.provider or 'ends here'}  {state}", aside=hop.role_arn or "")


def _settings(snapshot: Snapshot, report: ProfileReport) -> Iterable[Fact]:
    for setting in report.settings.values():
        yield _setting(snapshot, setting, mask_name(setting.name))
        for loser in setting.shadowed:
            yield Fact("", f"shadows {loser.shown}", Tone.WARN, aside=_place(snapshot, loser.origin))
    for setting in report.lost:
        yield Fact(
            mask_name(setting.name),
            f"{setting.shown}  (lost: a later section of the same profile replaces this one whole)",
            Tone.WARN,
            aside=_place(snapshot, setting.origin),
        )
    if not report.settings:
        yield Fact("", "none: the section is empty", Tone.DIM)


def _setting(snapshot: Snapshot, setting: Setting, label: str) -> Fact:
    return Fact(label, setting.shown or '""', aside=_place(snapshot, setting.origin))


def _place(snapshot: Snapshot, origin: Origin) -> str:
    line = f":{origin.line}" if origin.line is not None else ""
    return f"{snapshot.host.display(origin.path)}{line}  [{origin.section}]"


def variable_details(snapshot: Snapshot, name: str, findings: Sequence[Finding] = ()) -> Details:
    """Describe a variable: its findings, its effect, and the line that removes it."""
    variable = next(each for each in snapshot.variables if each.name == name)
    return _details(
        f"Variable {name}",
        (
            *_found(snapshot, findings),
            *((title("What it does"),) if findings else ()),
            Fact("value", variable.shown if variable.value else 'set to nothing ("")'),
            Fact("verdict", str(variable.verdict)),
            Fact("effect", variable.effect),
            _removal(snapshot, name),
            title("What a command without a profile uses here"),
            *_ambient(snapshot),
        ),
    )


def _removal(snapshot: Snapshot, name: str) -> Fact:
    asking = asker(snapshot.host)
    if not is_variable_name(name):
        return Fact("to remove it", NO_LINE)
    if asking.shell is None:
        return Fact("to remove it", asking.doubt or NO_LINE)
    return Fact(f"to remove it ({asking.shell})", unset_line(name, asking.shell))


def _ambient(snapshot: Snapshot) -> Iterable[Fact]:
    said: dict[Tool, tuple[str, str, str]] = {}
    for tool in Tool:
        here = snapshot.default_session[tool]
        profile = f"profile {here.profile}" if here.profile else "no profile"
        via = f" via {here.variable}" if here.variable else ""
        said[tool] = (*_outcome(here.resolution), f"{profile}{via}, {_region(here.region)}")
    yield from _alike(said)


def of_entry(snapshot: Snapshot, path: Path, findings: Sequence[Finding] = ()) -> Details:
    """Describe a cache file: its findings, its kind, the profiles that use it."""
    entry = next(each for each in snapshot.entries if each.path == path)
    expiry = entry.expiry.as_of(snapshot.taken_at)
    facts = [
        *_found(snapshot, findings),
        *((title("What it is"),) if findings else ()),
        Fact("file", snapshot.host.display(path)),
        Fact("kind", str(entry.kind)),
        Fact("state", labels.state_in_words(expiry), labels.glyph(expiry).tone),
        *_end(expiry, snapshot.taken_at),
    ]
    if entry.problem:
        facts.append(Fact("problem", entry.problem, Tone.WARN))
    if entry.file.is_damaged and entry.file.fault is not None:
        fault = entry.file.fault
        facts.append(Fact("the AWS CLI says", f"{fault.error}: {fault.message}", Tone.BROKEN))
    if entry.identity:
        facts.append(Fact("identity", entry.identity))
    if entry.file.access_key:
        facts.append(Fact("access key", mask_access_key(entry.file.access_key) or ""))
    facts.append(Fact("used by", ", ".join(entry.profiles) or "no profile"))
    return _details("Cache file", tuple(facts))


def login_details(
    state: LoginState, now: datetime, snapshot: Snapshot | None = None, findings: Sequence[Finding] = ()
) -> Details:
    """Describe a login: its settings, when its token expires, and which profiles use it."""
    expiry = state.expiry.as_of(now)
    left = labels.time_left(expiry, now)
    facts = [
        *(Fact(name, shown_value(key, state.settings[key]))
          for key, name in _OF_LOGIN.items() if key in state.settings),
        Fact("token", f"{labels.glyph(expiry).text} {left}", labels.glyph(expiry).tone),
        *_end(expiry, now),
        Fact("afterwards", labels.what_then(expiry, now) or "nothing"),
    ]  # fmt: skip
    end = state.registered_until
    if end is not None:
        facts.append(Fact("registration", f"{labels.both_times(end)}{_in(end - now)}"))
    elif state.login.is_sso:
        facts.append(Fact("registration", "none"))
    # beside the tree, which lists them all, the first few are enough
    most = MOST_NAMED if snapshot is None else len(state.users)
    facts.append(Fact("used by", first_of(state.users, most) or "no profile"))
    if state.waiting:
        waiting = "all of them" if {*state.waiting} == {*state.users} else first_of(state.waiting, most)
        facts.append(Fact("waiting", waiting, Tone.BAD))
    if snapshot is not None and findings:
        facts = [*_found(snapshot, findings), title("What it is"), *facts]
    return _details(label(state.login), facts)


_OF_LOGIN = {"sso_start_url": "start URL", "sso_region": "region", "sso_registration_scopes": "scopes"}


def of_stray(snapshot: Snapshot, header: str, findings: Sequence[Finding] = ()) -> Details:
    """Say why a section of the config file is not a profile."""
    file = snapshot.files[0]
    located = file.located.sections.get(header)
    place = snapshot.host.display(str(file.path)) + (f":{located.line}" if located else "")
    facts = (
        *_found(snapshot, findings),
        *((title("What it is"),) if findings else ()),
        Fact("place", place),
        Fact("why", sentence(section_words(snapshot, header))),
    )
    return _details(f"Section [{mask_header(header)}]", facts)
