"""How states, times and errors are said on the screen."""

from datetime import datetime, timedelta

from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.providers import Hop, Provider, Resolution
from rolecall.aws.report import Kind, ProfileReport
from rolecall.text import ago, duration, mask, sanitize
from rolecall.tui.lines import Span, Tone, span

TONES = {
    State.VALID: Tone.GOOD,
    State.RENEWING: Tone.WARN,
    State.EXPIRED: Tone.BAD,
    State.BROKEN: Tone.BROKEN,
}
"""Four states have a colour; the others stay in the text's own."""

THEN = {
    After.AUTOMATIC: "then renewed by itself",
    After.MFA: "then asks for an MFA code",
    After.LOGIN: "then needs a login",
    After.MANUAL: "then new keys must be pasted",
    After.FAILS: "then fails",
    After.NEVER: "",
}
NOW = {
    After.AUTOMATIC: "fetched at the next use",
    After.MFA: "the next use asks for an MFA code",
    After.LOGIN: "needs a login",
    After.MANUAL: "paste new keys",
    After.FAILS: "the next use fails",
    After.NEVER: "",
}
BRIEF_THEN = {
    After.AUTOMATIC: "automatic",
    After.MFA: "MFA",
    After.LOGIN: "login",
    After.MANUAL: "paste keys",
    After.FAILS: "fails",
    After.NEVER: "",
}

KINDS = {
    Kind.KEYS: "keys",
    Kind.ROLE: "role",
    Kind.WEB_IDENTITY: "web identity",
    Kind.SSO: "SSO",
    Kind.LOGIN: "login",
    Kind.PROCESS: "process",
    Kind.NONE: "settings",
}

_BRIEF_ERRORS = {
    "InfiniteLoopConfigError": "loop",
    "NoCredentialsError": "no keys",
    "PartialCredentialsError": "half a pair",
    "CredentialRetrievalError": "no source",
    "MissingDependencyException": "needs CRT",
    "LoginTokenLoadError": "no login",
    "ProfileNotFound": "no profile",
    "ConfigParseError": "parse error",
}


def time_left(expiry: Expiry, now: datetime) -> str:
    """Return the time that is left, or for how long it is over, or a word where there is no end."""
    left = expiry.left(now)
    match expiry.state:
        case State.PERMANENT:
            return ""
        case State.IDLE:
            return "idle"
        case State.UNKNOWN:
            return "unknown"
        case State.BROKEN:
            return "broken"
        case State.RENEWABLE:
            return "renewable"
    if left is None:
        return str(expiry.state)
    return duration(left.total_seconds()) if left > timedelta(0) else ago(-left)


def brief_error(resolution: Resolution) -> str:
    """Return a resolution's error in two or three words."""
    message = resolution.message or ""
    if resolution.error == "InvalidConfigError":
        if message.startswith("The source_profile"):
            return "no source"
        if "SSO" in message or "sso-session" in message:
            return "SSO settings"
        return "empty source" if "must have credentials" in message else "bad settings"
    if resolution.error == "PartialCredentialsError" and "source_profile" in message:
        return "no source"
    return _BRIEF_ERRORS.get(resolution.error or "", resolution.error or "")


def state_of(report: ProfileReport, now: datetime) -> str:
    """Return a profile's state in a word or a time, for the right edge of the tree."""
    expiry = report.expiry.as_of(now)
    if expiry.state is State.BROKEN and report.telling.error is not None:
        return brief_error(report.telling)
    return time_left(expiry, now)


def glyph(expiry: Expiry) -> Span:
    """Return a state's glyph in its tone."""
    return Span(expiry.state.glyph, TONES.get(expiry.state, Tone.PLAIN))


def what_then(expiry: Expiry, now: datetime) -> str:
    """Return in a few words what comes at the end, or at the next use where the end is past."""
    current = expiry.as_of(now)
    if current.state is State.BROKEN:
        return mask(current.reason or "broken")
    words = (THEN if _is_running(current) else NOW)[current.after]
    if current.reason and current.after in (After.FAILS, After.LOGIN):
        return f"{words}: {mask(current.reason)}"
    return words


def _is_running(expiry: Expiry) -> bool:
    return expiry.state in (State.VALID, State.RENEWING)


def where_it_starts(hop: Hop) -> str:
    """Return what a hop draws on, in a word."""
    match hop.provider:
        case Provider.ENV:
            return "environment"
        case Provider.SHARED_CREDENTIALS | Provider.CONFIG_FILE:
            return "keys"
        case Provider.PROCESS:
            return "process"
        case Provider.CONTAINER:
            return "container"
        case Provider.IAM_ROLE:
            return "instance metadata"
        case Provider.WEB_IDENTITY:
            return "web identity"
        case Provider.SSO:
            return "SSO"
        case Provider.LOGIN:
            return "login"
        case Provider.EC2_FILE:
            return "AWS_CREDENTIAL_FILE"
        case Provider.BOTO:
            return "boto config"
        case _:
            return "role" if hop.provider else "nothing"


def times(moment: datetime) -> list[Span]:
    """Return a moment as the Inspector has it: local and UTC."""
    local = moment.astimezone()
    return [
        span(f"{local:%Y-%m-%d %H:%M:%S} {local.tzname() or ''}".rstrip()),
        span(f"  {moment:%Y-%m-%d %H:%M:%S} UTC", Tone.DIM),
    ]


def as_title(text: str) -> str:
    """Return text as a border's title takes it: inert, and no markup even where it looks like some."""
    return sanitize(text).replace("[", "\\[")
