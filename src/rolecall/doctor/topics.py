"""Other subjects of Why than a profile or this shell: a login, a section, several profiles, a file."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rolecall.aws.cache_files import CacheFile
from rolecall.aws.expiry import After, ending
from rolecall.aws.logins import is_name_of
from rolecall.aws.settings import SESSION_SETTINGS
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.diagnosis import HEADERS, unread_file
from rolecall.doctor.error_text.parse import CUT, Pasted
from rolecall.doctor.evidence import join_words, quote
from rolecall.doctor.explain import NOT_ASKED, WhyAnswer, why
from rolecall.doctor.explain_steps import DraftStep, Takes, finished, verdict_of
from rolecall.doctor.finding import Finding, Severity, SubjectKind
from rolecall.doctor.fixes import FixAction, offered
from rolecall.doctor.registry import Findings
from rolecall.doctor.sessions import LoginState, LoginTopic, is_logged_in, look_at
from rolecall.messages.states import standing
from rolecall.steps import Step, StepStatus
from rolecall.text import mask, mask_name, sentence, several, shown_value
from rolecall.values import dataclass

NAMED = 8
"""Profiles that are named in one line, at most; the others are counted."""
MOST = 12
"""Causes, and working profiles, that have their own step, at most."""
_TOKEN_CODES = ("token", "login-")


@dataclass(frozen=True, slots=True)
class SectionTopic:
    """A section that is no profile, by its header."""

    header: str


@dataclass(frozen=True, slots=True)
class FileTopic:
    """A file of the caches that serves no profile."""

    path: Path


@dataclass(frozen=True, slots=True)
class HeadingTopic:
    """The profiles and sections under a heading.

    Attributes:
        title: the heading.
        profiles: the names of the profiles.
        headers: the headers of sections that are no profiles.
    """

    title: str
    profiles: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


Topic = str | LoginTopic | SectionTopic | FileTopic | HeadingTopic | None
"""A profile's name, even if it does not exist; None for a command in this shell that names none."""


def label(topic: Topic) -> str:
    """Return the subject in words."""
    match topic:
        case None:
            return "this shell"
        case LoginTopic(name=name, is_sso=is_sso):
            if not is_sso:
                return f"{mask_name(name)} (aws login)"
            return f"{mask_name(name)} ({'SSO' if '://' in name else 'sso-session'})"
        case SectionTopic(header=header):
            return f"[{mask_name(header)}]"
        case FileTopic(path=path):
            return path.name
        case HeadingTopic(title=title):
            return title
        case name:
            return name


def topic_answer(
    snapshot: Snapshot,
    findings: Findings,
    topic: Topic,
    online: Sequence[Step] = (),
    *,
    pasted: Pasted | None = None,
) -> WhyAnswer:
    """Return why something does not work, or would not; ``why`` does this for a profile and this shell."""
    found = _answer(snapshot, findings, topic, online, pasted)
    asks = (sentence(CUT), *found.asks) if pasted is not None and pasted.is_cut else found.asks
    return replace(found, asks=asks, fix=None if found.fix is None else offered(snapshot, found.fix))


def _answer(
    snapshot: Snapshot, findings: Findings, topic: Topic, online: Sequence[Step], pasted: Pasted | None
) -> WhyAnswer:
    if isinstance(topic, LoginTopic | SectionTopic | HeadingTopic) and unread_file(snapshot) is not None:
        # nothing is known of it until the file parses, no more than of a profile
        return why(snapshot, findings, label(topic), online, pasted=pasted)
    match topic:
        case LoginTopic():
            return _of_login(snapshot, findings, topic, pasted)
        case SectionTopic(header=header):
            about = _about(findings, lambda each: _is_of_header(each, header))
            return _of_subject(snapshot, topic, Step("Section", *_section(snapshot, header)), about)
        case FileTopic(path=path):
            about = _about(findings, lambda each: each.seen.path == path)
            return _of_subject(snapshot, topic, _file(snapshot, path), about)
        case HeadingTopic():
            return _of_group(snapshot, findings, topic)
        case name:
            return why(snapshot, findings, name, online, pasted=pasted)


def _about(findings: Findings, takes: Takes) -> tuple[Finding, ...]:
    every = (*findings.all, *findings.silenced)
    return tuple(sorted(filter(takes, every), key=lambda each: each.severity.rank))


# A login.


def _of_login(snapshot: Snapshot, findings: Findings, login: LoginTopic, pasted: Pasted | None) -> WhyAnswer:
    state = look_at(snapshot, login)
    about = _about(findings, lambda each: is_of_login(each, login))
    is_out = not is_logged_in(state)
    errors = [each for each in about if each.severity is Severity.ERROR]
    culprit = next(iter(errors), None)
    fix = culprit.fix if culprit is not None else next((each.fix for each in about), None)
    if fix is None and (is_out or pasted is not None) and state.users:
        fix = fixes.log_in(state.users[0], f"log in to {login.name}")
    if fix is not None and fix.doing is FixAction.LOGIN:
        fix = replace(fix, profile=_name_for_login(snapshot, login) or fix.profile)
    ended = standing(state.expiry, snapshot.taken_at)
    words = f"not logged in to {login.name}" if is_out else f"logged in to {login.name}"
    if pasted is not None and not is_out:
        words, ended = f"the login to {login.name} no longer works", " ".join(pasted.message.split())
    return WhyAnswer(
        label(login),
        finished(_login_steps(snapshot, state), about, culprit),
        culprit,
        culprit.message if culprit is not None else f"{words}: {ended}",
        fix,
        tuple(_asks(snapshot, about, culprit)),
    )


def _name_for_login(snapshot: Snapshot, login: LoginTopic) -> str | None:
    """Return the session's own name where ``rolecall login`` takes it for this session."""
    return login.name if login.is_sso and is_name_of(snapshot, login.name) else None


def is_of_login(finding: Finding, login: LoginTopic) -> bool:
    """Whether a finding is about a login."""
    return finding.subject.kind is SubjectKind.SESSION and finding.subject.name == login.name


def _login_steps(snapshot: Snapshot, state: LoginState) -> Iterator[DraftStep]:
    lines = tuple(
        f"{key} = {shown_value(key, state.settings[key])}"
        for key in SESSION_SETTINGS
        if key in state.settings
    )
    if state.place is not None:
        found = (state.place, *lines)
        yield DraftStep(Step("Section", StepStatus.FINE, "it has a section in config", found), _rest)
    elif state.login.is_sso and "://" not in state.login.name:
        yield DraftStep(
            Step("Section", StepStatus.SUSPECT, f"there is no [sso-session {state.login.name}]"), _rest
        )
    else:
        words = "each profile has its settings" if lines else "each profile names it"
        yield DraftStep(Step("Section", StepStatus.FINE, words, lines), _rest)
    ends = mask(standing(state.expiry, snapshot.taken_at))
    yield DraftStep(
        Step("Token", verdict_of(state.expiry), f"{_path(snapshot, state.token)}: {ends}", _kept(state)),
        lambda finding: any(code in finding.code for code in _TOKEN_CODES),
    )
    if state.login.is_sso:
        yield DraftStep(_registration(snapshot, state), lambda finding: "registration" in finding.code)
    yield DraftStep(_users(state))


def _rest(finding: Finding) -> bool:
    return not any(code in finding.code for code in (*_TOKEN_CODES, "registration"))


def _path(snapshot: Snapshot, file: CacheFile | None) -> str:
    return snapshot.host.display(file.path) if file is not None else "no token file"


def _kept(state: LoginState) -> tuple[str, ...]:
    """Return whether the token is refreshed, in words."""
    if state.token is None:
        return ()
    if state.expiry.renewable_until is not None:
        return ("it is refreshed by itself",)
    if state.login.is_sso and state.token.renewable_until is None:
        return ("it cannot be refreshed: it belongs to no sso-session, or has no refresh token",)
    return ("it is no longer refreshed",) if state.login.is_sso else ()


def _registration(snapshot: Snapshot, state: LoginState) -> Step:
    end, title = state.registered_until, "Registration"
    if end is None:
        return Step(title, StepStatus.NOTE, "no file: the next login registers a new client")
    where = _path(snapshot, state.registration) if state.registration is not None else "as the token says"
    words = standing(ending(end, snapshot.taken_at, after=After.NEVER), snapshot.taken_at)
    is_past = end <= snapshot.taken_at
    return Step(title, StepStatus.NOTE if is_past else StepStatus.FINE, f"{where}: {words}")


def _users(state: LoginState) -> Step:
    if not state.users:
        return Step("Profiles", StepStatus.NOTE, "no profile uses it")
    many = len(state.users)
    used = f"{several(many, 'profile')} use{'s' if many == 1 else ''} it: {_named(state.users)}"
    if not state.waiting:
        return Step("Profiles", StepStatus.FINE, used)
    waits = "waits" if len(state.waiting) == 1 else "wait"
    return Step("Profiles", StepStatus.SUSPECT, f"{_named(state.waiting)} {waits} for a login", (used,))


# A section, a file.


def _of_subject(snapshot: Snapshot, topic: Topic, what: Step, about: Collection[Finding]) -> WhyAnswer:
    culprit = next((each for each in about if each.severity is not Severity.INFO), None)
    first = culprit or next(iter(about), None)
    draft = DraftStep(what, lambda _: True)
    return WhyAnswer(
        label(topic),
        finished([draft], about, culprit),
        culprit,
        first.message if first is not None else f"{label(topic)}: {what.words}",
        first.fix if first is not None else None,
        tuple(_asks(snapshot, about, culprit)),
    )


def _is_of_header(finding: Finding, header: str) -> bool:
    is_of_section = finding.subject.kind is SubjectKind.SECTION or finding.code in HEADERS
    return is_of_section and finding.subject.name.strip("[]") in (header, mask_name(header))


def _section(snapshot: Snapshot, header: str) -> tuple[StepStatus, str, tuple[str, ...]]:
    config = snapshot.files[0]
    located = config.located.sections.get(header)
    values = config.sections.get(header, {})
    lines = [f"{mask_name(key)} = {shown_value(key, value)}" for key, value in values.items()]
    if config.path is not None and located is not None:
        lines.insert(0, quote(snapshot.host, config.path, located.line, f"[{mask_name(header)}]"))
    return StepStatus.NOTE, section_words(snapshot, header), tuple(lines)


def section_words(snapshot: Snapshot, header: str) -> str:
    """Say what AWS tools make of a section of config that is no profile."""
    headers = snapshot.files[0].headers
    if header in headers.dropped:
        return (
            "AWS tools silently ignore this section: after 'profile' they expect exactly one name, and "
            "quotes around a name with spaces"
        )
    if header in headers.other:
        return (
            "AWS tools read this section, but not as a profile: in the config file the header of a profile "
            "begins with 'profile'"
        )
    return "this section no longer exists"


def _file(snapshot: Snapshot, path: Path) -> Step:
    entry = next((entry for entry in snapshot.entries if entry.path == path), None)
    where = snapshot.host.display(path)
    if entry is None:
        return Step("Cache file", StepStatus.NOTE, f"{where} no longer exists")
    said = entry.problem or standing(entry.expiry, snapshot.taken_at)
    return Step(
        "Cache file", StepStatus.NOTE, f"{where}: {said}", (entry.identity,) if entry.identity else ()
    )


# Several profiles.


def _of_group(snapshot: Snapshot, findings: Findings, group: HeadingTopic) -> WhyAnswer:
    """Return which profiles each cause stops, and the expiry of the others."""
    there = [name for name in group.profiles if name in snapshot.profiles]
    stopped: dict[int, tuple[Finding, list[str]]] = {}
    working: list[str] = []
    for name in there:
        errors = [each for each in findings.by_profile.get(name, ()) if each.severity is Severity.ERROR]
        if not errors:
            working.append(name)
            continue
        stopped.setdefault(id(errors[0]), (errors[0], []))[1].append(name)
    about = [
        (each, [label(SectionTopic(header))])
        for header in group.headers
        for each in findings.all
        if _is_of_header(each, header) and each.severity is not Severity.INFO
    ]
    causes = [*stopped.values(), *about]
    steps = [_cause(snapshot, finding, names) for finding, names in causes[:MOST]]
    steps += [_standing(snapshot, name) for name in working[:MOST]]
    more = len(causes[MOST:]) + len(working[MOST:])
    if more:
        steps.append(Step("More", StepStatus.NOTE, f"and {more} more"))
    culprit = causes[0][0] if causes else None
    failing = len(there) - len(working)
    return WhyAnswer(
        label(group),
        tuple(steps),
        culprit,
        _sum(group, failing, len(there), culprit),
        culprit.fix if culprit is not None else None,
        tuple(_asks(snapshot, [finding for finding, _ in causes], culprit)),
    )


def _sum(group: HeadingTopic, failing: int, many: int, culprit: Finding | None) -> str:
    if culprit is None:
        profiles = f"the {several(many, 'profile')} under {group.title}"
        return f"nothing stops {profiles}, as far as can be seen offline"
    if not failing:
        return culprit.message
    profiles = "the only profile" if many == 1 else f"{failing} of the {many} profiles"
    return f"{profiles} under {group.title} cannot work: {culprit.message}"


def _cause(snapshot: Snapshot, finding: Finding, names: Sequence[str]) -> Step:
    place = finding.place
    where = [] if place is None else [quote(snapshot.host, place.path, place.line, finding.code)]
    evidence = (f"concerns {_named(names)}", *where, f"cure: {finding.fix.words}")
    return Step(names[0], StepStatus.CULPRIT, finding.message, evidence)


def _standing(snapshot: Snapshot, name: str) -> Step:
    expiry = snapshot.profiles[name].expiry
    return Step(name, verdict_of(expiry), standing(expiry, snapshot.taken_at))


def _asks(snapshot: Snapshot, about: Collection[Finding], culprit: Finding | None) -> Iterator[str]:
    """Yield the consequence, what else is wrong, and what remains unknown."""
    if culprit is not None:
        yield sentence(culprit.consequence, snapshot.profiles)
    for each in about:
        if each is not culprit and each.severity is not Severity.INFO:
            yield f"Besides: {sentence(each.message, snapshot.profiles)}"
    if culprit is None:
        yield sentence(NOT_ASKED)


def _named(names: Sequence[str]) -> str:
    if not names:
        return "no profile"
    if len(names) <= NAMED:
        return join_words(names)
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
