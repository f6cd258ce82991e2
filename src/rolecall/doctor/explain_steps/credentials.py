"""The steps to the credentials: the provider, each hop of the chain, its cache file and its end."""

from collections.abc import Iterator

from rolecall.aws.cache_files import CacheFile
from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.providers import Hop, PredictedError, Provider
from rolecall.doctor.asked import QuestionSubject
from rolecall.doctor.evidence import Quoted
from rolecall.doctor.explain_steps.draft import DraftStep, Takes
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.quoting import join_words
from rolecall.doctor.registry import CHAPTERS
from rolecall.messages import SOURCES
from rolecall.messages.states import standing
from rolecall.steps import Step, StepStatus
from rolecall.text import mask, mask_access_key, shown_value

PROVIDER = "Provider"


def provider(asked: QuestionSubject) -> DraftStep:
    """Draw up which provider answers."""
    resolution = asked.resolution
    if resolution is None:
        return DraftStep(Step(PROVIDER, StepStatus.UNKNOWN, "nobody is asked: there is no such profile"))
    lines = tuple(_faults(asked))
    if resolution.provider is None:
        words = f"no provider answers: {resolution.error}"
        return DraftStep(Step(PROVIDER, StepStatus.SUSPECT, words, lines))
    words = f"{resolution.provider} answers ({SOURCES.get(resolution.provider, 'credentials')})"
    if asked.faults:
        words += f", and then comes {join_words(dict.fromkeys(fault.error for _, fault in asked.faults))}"
    return DraftStep(Step(PROVIDER, StepStatus.SUSPECT if lines else StepStatus.FINE, words, lines))


def _faults(asked: QuestionSubject) -> Iterator[str]:
    """Yield what the tools raise; those that raise the same are named together."""
    tools: dict[PredictedError, list[str]] = {}
    for tool, fault in asked.faults:
        tools.setdefault(fault, []).append(tool.label)
    for fault, labels in tools.items():
        yield f"{join_words(labels)}: {fault.error}: {mask(' '.join(fault.message.split()))}"


def hops(asked: QuestionSubject) -> Iterator[DraftStep]:
    """Draw up each hop, with its cache file and its end; the profile first, where it all starts last."""
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
            return f"{name} assumes {hop.role_arn} with what {source} gives{code}"
        case Provider.WEB_IDENTITY:
            return f"{name} assumes {hop.role_arn} with a web identity token"
        case Provider.SSO:
            account, role = settings.get("sso_account_id"), settings.get("sso_role_name")
            return f"{name} takes the role {role} in {account} from SSO"
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
    """Take what is found about a hop's settings; its login and its end have steps of their own."""
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
        words = f"{name} {file.problem}: the AWS CLI dies with {fault.message}"
        step = Step(title, StepStatus.SUSPECT, words)
    elif file.expires_at is None:
        step = Step(title, StepStatus.NOTE, f"{name} holds no end")
    else:
        ended = file.expires_at <= now
        words = f"{name} holds credentials that {'have ended' if ended else 'are good'}"
        step = Step(title, StepStatus.NOTE if ended else StepStatus.FINE, words)
    return DraftStep(step, lambda finding: finding.seen.path == file.path)


def _token(asked: QuestionSubject, hop: Hop) -> DraftStep:
    file = asked.expiry_calculator.token_file(hop.settings)
    expiry = asked.expiry_calculator.of_token(file, refreshes="sso_session" in hop.settings)
    return DraftStep(_kept(asked, "SSO token", file, expiry), _of_login(hop))


def _login(asked: QuestionSubject, hop: Hop) -> DraftStep:
    session = hop.settings.get("login_session")
    file = asked.expiry_calculator.login_file(session) if isinstance(session, str) else None
    (expiry,) = asked.expiry_calculator.of_chain((hop,))
    return DraftStep(_kept(asked, "Login", file, expiry), _of_login(hop))


def _kept(asked: QuestionSubject, title: str, file: CacheFile | None, expiry: Expiry) -> Step:
    where = asked.snapshot.host.display(file.path) if file is not None else "there is none"
    return Step(title, verdict_of(expiry), f"{where}: {mask(standing(expiry, asked.snapshot.taken_at))}")


def _end(asked: QuestionSubject, hop: Hop, expiry: Expiry) -> Step:
    words = mask(standing(expiry, asked.snapshot.taken_at))
    name = hop.profile or SOURCES.get(hop.provider, "source")
    return Step("End", verdict_of(expiry), f"{name}: {words}")


def verdict_of(expiry: Expiry) -> StepStatus:
    """Return what an end says of whoever depends on it."""
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
