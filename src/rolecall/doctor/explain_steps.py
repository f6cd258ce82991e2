"""The steps from a command to its credentials, each with what was found there."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from rolecall.aws.cache_files import CacheFile
from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.profile_report import DefaultSession
from rolecall.aws.providers import Hop, PredictedError, Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable
from rolecall.aws.variables import VariableStatus as Effect
from rolecall.doctor.diagnosis import CHOOSERS, HEADERS, QuestionSubject, matters, unread_file
from rolecall.doctor.evidence import Quoted, join_words, quote, quote_setting
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.registry import CHAPTERS
from rolecall.messages import SOURCES
from rolecall.messages.states import standing
from rolecall.steps import Step, StepStatus
from rolecall.text import mask, mask_access_key, mask_name, shown_value
from rolecall.values import dataclass

Takes = Callable[[Finding], bool]
MOST = 12
"""Lines of evidence in a step, at most."""
_ORDER = (StepStatus.FINE, StepStatus.UNKNOWN, StepStatus.NOTE, StepStatus.SUSPECT, StepStatus.CULPRIT)


def nothing(_: Finding) -> bool:
    """Take no finding."""
    return False


@dataclass(frozen=True, slots=True)
class DraftStep:
    """A step, and the findings that belong there.

    Attributes:
        step: the step if there are no findings for it.
        takes: whether a finding belongs to it; the first step that takes a finding gets it.
    """

    step: Step
    takes: Takes = nothing


def finished(
    drafts: Iterable[DraftStep], about: Iterable[Finding], culprit: Finding | None
) -> tuple[Step, ...]:
    """Return the steps, each with the findings that belong to it and matter to the question.

    The culprit is always shown: if no step takes it, the first of the worst steps does.
    """
    steps = list(drafts)
    found: list[list[Finding]] = [[] for _ in steps]
    others = [finding for finding in about if finding is not culprit and matters(finding)]
    for finding in others:
        place = next((at for at, draft in enumerate(steps) if draft.takes(finding)), None)
        if place is not None:
            found[place].append(finding)
    if culprit is not None:
        worst = max(range(len(steps)), key=lambda at: _ORDER.index(steps[at].step.verdict))
        place = next((at for at, draft in enumerate(steps) if draft.takes(culprit)), worst)
        found[place].insert(0, culprit)
    done = [_with_all(draft.step, findings, culprit) for draft, findings in zip(steps, found, strict=True)]
    return tuple(_cut(step) for step in done)


def _with_all(step: Step, findings: Iterable[Finding], culprit: Finding | None) -> Step:
    for finding in findings:
        step = _blamed(step, finding) if finding is culprit else _suspected(step, finding)
    return step


def _blamed(step: Step, finding: Finding) -> Step:
    """Replace the step's words by the culprit's; what else is known about the step comes below."""
    known = tuple(line for line in (step.words, *step.evidence) if line not in finding.evidence)
    return replace(
        step, verdict=StepStatus.CULPRIT, words=finding.message, evidence=(*finding.evidence, *known)
    )


def _suspected(step: Step, finding: Finding) -> Step:
    """Add the first finding to the step's words; the other findings come below."""
    is_first = _ORDER.index(step.verdict) < _ORDER.index(StepStatus.SUSPECT)
    words = f"{step.words}; {finding.message}" if is_first else step.words
    lines = finding.evidence if is_first else (finding.message, *finding.evidence)
    new = tuple(line for line in lines if line not in (*step.evidence, step.words))
    verdict = max(step.verdict, StepStatus.SUSPECT, key=_ORDER.index)
    return replace(step, verdict=verdict, words=words, evidence=(*step.evidence, *new))


def _cut(step: Step) -> Step:
    if len(step.evidence) <= MOST:
        return step
    more = len(step.evidence) - (MOST - 1)
    return replace(step, evidence=(*step.evidence[: MOST - 1], f"and {more} lines more"))


TOOLS = "Tools"
VARIABLES = "Variables"
PROFILE = "Profile"
FILES = "Files"
_PLAIN = (Effect.IGNORED,)


def tools() -> DraftStep:
    """Return the step that only an online check can answer."""
    words = "which AWS CLI and boto3 are here is not checked offline"
    return DraftStep(Step(TOOLS, StepStatus.UNKNOWN, words, is_skipped=True))


def _assigned(found: Variable) -> str:
    # after `NAME=` and blanks the next word would be masked as the value
    return f"{found.name}={found.shown}" if found.value else f"{found.name} (empty)"


def variables(asked: QuestionSubject) -> DraftStep:
    """Return the step about the environment, which comes before any file."""
    here = [each for each in asked.snapshot.variables if each.verdict not in _PLAIN]
    evidence = tuple(f"{_assigned(each)}  {_effect(asked, each)}" for each in here)
    if not here:
        words, verdict = "no AWS variable is set here", StepStatus.FINE
    else:
        words, verdict = f"{_many(len(here), 'AWS variable')} set here", StepStatus.NOTE
    return DraftStep(Step(VARIABLES, verdict, words, evidence), _about_variables)


def _many(number: int, what: str) -> str:
    return f"1 {what} is" if number == 1 else f"{number} {what}s are"


def _effect(asked: QuestionSubject, variable: Variable) -> str:
    if asked.profile is not None and variable.name in CHOOSERS:
        return "is ignored where --profile is given"
    return variable.effect


def _about_variables(finding: Finding) -> bool:
    return finding.subject.kind in (SubjectKind.VARIABLE, SubjectKind.SHELL)


def choice(asked: QuestionSubject) -> DraftStep:
    """Return the step about which profile is chosen, and why."""
    return DraftStep(Step(PROFILE, *_choice(asked)))


def _choice(asked: QuestionSubject) -> tuple[StepStatus, str, tuple[str, ...]]:
    if asked.profile is not None:
        return _named(asked)
    chosen = {tool: asked.snapshot.default_session[tool] for tool in Tool}
    lines = tuple(
        f"{tool.label}: {here.profile or 'none'}" + (f" by {here.variable}" if here.variable else "")
        for tool, here in chosen.items()
    )
    differ = len({here.profile for here in chosen.values()}) > 1
    if differ:
        return StepStatus.SUSPECT, "the tools choose different profiles here", lines
    here = asked.default_session
    if here.variable is not None:
        return StepStatus.FINE, f"{here.variable} chooses {here.profile}", ()
    if here.profile is not None:
        return StepStatus.FINE, f"nothing chooses a profile, so {here.profile} is used", ()
    return StepStatus.NOTE, "nothing chooses a profile, and there is no default", ()


def _named(asked: QuestionSubject) -> tuple[StepStatus, str, tuple[str, ...]]:
    name = str(asked.profile)
    unread = unread_file(asked.snapshot)
    if asked.report is None and unread is not None:
        words = f"{name} is not known until {asked.snapshot.host.display(str(unread.path))} can be read"
        return StepStatus.UNKNOWN, words, ()
    if asked.report is None:
        return StepStatus.SUSPECT, f"there is no profile {name}", ()
    others: dict[str, list[str]] = {}
    for tool, session in asked.snapshot.default_session.items():
        others.setdefault(_unnamed(session), []).append(tool.label)
    if len(others) > 1:
        uses = (f"{join_words(labels)} {_use(labels)} {other}" for other, labels in others.items())
        return StepStatus.NOTE, f"{name}, as with --profile {name}; without it {', '.join(uses)}", ()
    here = asked.default_session
    if asked.profile == here.profile and not asked.here_by_keys:
        by = f" by {here.variable}" if here.variable else ""
        return StepStatus.FINE, f"{name}, which a command that names no profile uses here as well{by}", ()
    other = next(iter(others))
    return StepStatus.NOTE, f"{name}, as with --profile {name}; without it this shell uses {other}", ()


def _use(labels: list[str]) -> str:
    return "uses" if len(labels) == 1 else "use"


def _unnamed(session: DefaultSession) -> str:
    """Return what a command that names no profile uses, in words."""
    chain = session.resolution.chain
    if chain and chain[0].provider == Provider.ENV:
        return "the keys in the environment"
    return str(session.profile) if session.profile is not None else "no profile"


def files(asked: QuestionSubject) -> DraftStep:
    """Return the step about the two files, with the profile's lines in them."""
    read = tuple(as_read(asked.snapshot, file) for file in asked.snapshot.files)
    is_bad = any(
        file.status in (FileStatus.UNREADABLE, FileStatus.UNPARSEABLE) for file in asked.snapshot.files
    )
    verdict = StepStatus.SUSPECT if is_bad else StepStatus.FINE
    words = "; ".join(read)
    return DraftStep(Step(FILES, verdict, words, tuple(_lines(asked))), _about_files)


def _about_files(finding: Finding) -> bool:
    return finding.subject.kind in (SubjectKind.FILE, SubjectKind.SECTION) or finding.code in HEADERS


def as_read(snapshot: Snapshot, file: ConfigFile) -> str:
    """Say how a file was read, or where it does not parse."""
    name = snapshot.host.display(file.path) if file.path is not None else f"no {file.role}"
    match file.status:
        case FileStatus.OK:
            return f"{name} is read"
        case FileStatus.MISSING:
            return f"{name} is missing" if file.path is not None else str(file.error)
        case FileStatus.UNREADABLE:
            return f"{name} {file.error}"
        case _:
            line = f", line {file.line}" if file.line is not None else ""
            return f"{name} cannot be parsed{line}: {file.error}"


def _lines(asked: QuestionSubject) -> Iterator[str]:
    """Yield the place of the profile, and its settings that are overridden by others of the same name."""
    if asked.uses is None or asked.report is None:
        return
    host, quoted = asked.snapshot.host, Quoted(asked.snapshot, asked.uses)
    header = quoted.header
    if header is not None:
        yield quote(host, header.path, header.line, f"the section of {mask_name(asked.uses)}")
    for setting in quoted.settings.values():
        for loser in setting.shadowed:
            winner = quote(host, setting.origin.path, setting.origin.line, "").rstrip()
            yield f"{quote_setting(host, loser)}  (overridden by {winner})"


PROVIDER = "Provider"


def provider(asked: QuestionSubject) -> DraftStep:
    """Return the step about which provider answers."""
    resolution = asked.resolution
    if resolution is None:
        words = "no provider is asked: there is no such profile"
        return DraftStep(Step(PROVIDER, StepStatus.UNKNOWN, words, is_skipped=True))
    lines = tuple(_faults(asked))
    if resolution.provider is None:
        words = f"no provider answers: {resolution.error}"
        return DraftStep(Step(PROVIDER, StepStatus.SUSPECT, words, lines))
    words = f"{resolution.provider} answers ({SOURCES.get(resolution.provider, 'credentials')})"
    if asked.faults:
        words += f", and then raises {join_words(dict.fromkeys(fault.error for _, fault in asked.faults))}"
    return DraftStep(Step(PROVIDER, StepStatus.SUSPECT if lines else StepStatus.FINE, words, lines))


def _faults(asked: QuestionSubject) -> Iterator[str]:
    """Yield the errors that the tools raise; tools with the same error share a line."""
    tools: dict[PredictedError, list[str]] = {}
    for tool, fault in asked.faults:
        tools.setdefault(fault, []).append(tool.label)
    for fault, labels in tools.items():
        yield f"{join_words(labels)}: {fault.error}: {mask(' '.join(fault.message.split()))}"


def hops(asked: QuestionSubject) -> Iterator[DraftStep]:
    """Yield the steps of each hop, with cache file and expiry, from the profile to the last source."""
    for index, (hop, expiry) in enumerate(zip(asked.chain, asked.expiries, strict=True)):
        yield _hop(asked, hop, expiry, index)
        file = asked.role_file(index)
        if file is not None:
            yield _cache(asked, file)
        if hop.provider == Provider.SSO:
            yield _token(asked, hop)
        elif hop.provider == Provider.LOGIN:
            yield _login(asked, hop)
        if hop.provider is not None:
            yield DraftStep(_end(asked, hop, expiry), _at_end(hop))


def _hop(asked: QuestionSubject, hop: Hop, expiry: Expiry, index: int) -> DraftStep:
    title = f"Hop {index + 1}" if len(asked.chain) > 1 else "Credentials"
    quoted = Quoted(asked.snapshot, hop.profile) if hop.profile is not None else None
    lines = quoted.lines(*_KEYS.get(hop.provider, ())) if quoted is not None else ()
    verdict = StepStatus.SUSPECT if hop.provider is None or expiry.state is State.BROKEN else StepStatus.FINE
    return DraftStep(Step(title, verdict, _what(asked, hop, index), lines), _about(hop))


_KEYS: dict[str | None, tuple[str, ...]] = {
    Provider.ASSUME_ROLE: (
        "role_arn",
        "source_profile",
        "credential_source",
        "mfa_serial",
        "external_id",
        "duration_seconds",
    ),
    Provider.WEB_IDENTITY: ("role_arn", "web_identity_token_file"),
    Provider.SSO: ("sso_session", "sso_start_url", "sso_account_id", "sso_role_name"),
    Provider.SHARED_CREDENTIALS: ("aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
    Provider.CONFIG_FILE: ("aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
    Provider.LOGIN: ("login_session",),
    Provider.PROCESS: ("credential_process",),
}


def _what(asked: QuestionSubject, hop: Hop, index: int) -> str:
    name = hop.profile if hop.profile is not None else SOURCES.get(hop.provider, "its source")
    settings = hop.settings
    match hop.provider:
        case None:
            return f"{name} gives no credentials"
        case Provider.ASSUME_ROLE:
            after = asked.chain[index + 1] if index + 1 < len(asked.chain) else None
            source = (
                after.profile or SOURCES.get(after.provider, "its source") if after is not None else "nothing"
            )
            code = ", with an MFA code" if "mfa_serial" in settings else ""
            return f"{name} assumes {hop.role_arn} with the credentials of {source}{code}"
        case Provider.WEB_IDENTITY:
            return f"{name} assumes {hop.role_arn} with a web identity token"
        case Provider.SSO:
            account, role = settings.get("sso_account_id"), settings.get("sso_role_name")
            return f"{name} gets the role {role} in {account} from SSO"
        case Provider.SHARED_CREDENTIALS | Provider.CONFIG_FILE:
            key = settings.get("aws_access_key_id")
            return f"{name} has the keys {mask_access_key(key) if isinstance(key, str) else ''}".rstrip()
        case Provider.PROCESS:
            command = shown_value("credential_process", settings.get("credential_process", ""))
            return f"{name} runs {command}"
        case Provider.LOGIN:
            return f"{name} uses the login {settings.get('login_session')}"
        case Provider.ENV:
            here = mask_access_key(asked.snapshot.host.environ.get("AWS_ACCESS_KEY_ID"))
            return f"the keys {here} in the environment"
        case _:
            return f"the credentials of the {SOURCES.get(hop.provider, hop.provider)}"


_ENDS = frozenset((*(rule.code for rule in CHAPTERS["Expiry"]), "expired-keys", "web-identity-expired"))
_LOGINS = frozenset(rule.code for rule in CHAPTERS["Logins"]) - _ENDS


def _about(hop: Hop) -> Takes:
    """Take the findings about a hop's settings; its login and its expiry have their own steps."""
    logs_in = hop.provider in (Provider.SSO, Provider.LOGIN)
    elsewhere = _ENDS | _LOGINS if logs_in else _ENDS
    return lambda finding: finding.code not in elsewhere and _is_of(hop, finding)


def _of_login(hop: Hop) -> Takes:
    return lambda finding: finding.code in _LOGINS and _is_of(hop, finding)


def _at_end(hop: Hop) -> Takes:
    return lambda finding: _is_of(hop, finding)


_SESSION_KEYS = ("sso_session", "sso_start_url", "login_session")


def _is_of(hop: Hop, finding: Finding) -> bool:
    if finding.subject.kind is SubjectKind.SESSION:
        return any(hop.settings.get(key) == finding.subject.name for key in _SESSION_KEYS)
    return finding.subject.kind is SubjectKind.PROFILE and finding.subject.name == hop.profile


def _cache(asked: QuestionSubject, file: CacheFile) -> DraftStep:
    host, now = asked.snapshot.host, asked.snapshot.taken_at
    fault = file.fault_at(now)
    title, name = "Cache file", host.display(file.path)
    if fault is not None:
        words = f"{name} {file.problem}: the AWS CLI crashes with {fault.message}"
        step = Step(title, StepStatus.SUSPECT, words)
    elif file.expires_at is None:
        step = Step(title, StepStatus.NOTE, f"{name} has no expiry")
    else:
        ended = file.expires_at <= now
        words = f"{name} has credentials that {'have expired' if ended else 'are valid'}"
        step = Step(title, StepStatus.NOTE if ended else StepStatus.FINE, words)
    return DraftStep(step, lambda finding: finding.seen.path == file.path)


def _token(asked: QuestionSubject, hop: Hop) -> DraftStep:
    file = asked.snapshot.expiry_calculator.token_file(hop.settings)
    expiry = asked.snapshot.expiry_calculator.of_token(file, refreshes="sso_session" in hop.settings)
    return DraftStep(_kept(asked, "SSO token", file, expiry), _of_login(hop))


def _login(asked: QuestionSubject, hop: Hop) -> DraftStep:
    session = hop.settings.get("login_session")
    file = asked.snapshot.expiry_calculator.login_file(session) if isinstance(session, str) else None
    (expiry,) = asked.snapshot.expiry_calculator.of_chain((hop,))
    return DraftStep(_kept(asked, "Login", file, expiry), _of_login(hop))


def _kept(asked: QuestionSubject, title: str, file: CacheFile | None, expiry: Expiry) -> Step:
    where = asked.snapshot.host.display(file.path) if file is not None else "no token file"
    return Step(title, verdict_of(expiry), f"{where}: {mask(standing(expiry, asked.snapshot.taken_at))}")


def _end(asked: QuestionSubject, hop: Hop, expiry: Expiry) -> Step:
    words = mask(standing(expiry, asked.snapshot.taken_at))
    name = hop.profile or SOURCES.get(hop.provider, "source")
    return Step("Expiry", verdict_of(expiry), f"{name}: {words}")


def verdict_of(expiry: Expiry) -> StepStatus:
    """Return the status of a step by its expiry."""
    helpless = expiry.after in (After.MANUAL, After.LOGIN, After.FAILS)
    match expiry.state:
        case State.PERMANENT | State.VALID | State.RENEWABLE:
            return StepStatus.NOTE if expiry.after is After.FAILS else StepStatus.FINE
        case State.UNKNOWN:
            return StepStatus.UNKNOWN
        case State.BROKEN:
            return StepStatus.SUSPECT
        case _:
            return StepStatus.SUSPECT if helpless else StepStatus.NOTE
