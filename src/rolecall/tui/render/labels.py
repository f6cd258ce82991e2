"""How states, times and errors are said on the screen."""

from datetime import datetime, timedelta

from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, Hop, Resolution
from rolecall.aws.settings import Kind
from rolecall.messages import NOW, SOURCES, THEN
from rolecall.text import duration, elide, inert, mask, until
from rolecall.tui.render.lines import Span
from rolecall.tui.tones import Tone, state_tone

BRIEF_THEN = {
    After.AUTOMATIC: "automatic",
    After.MFA: "MFA",
    After.LOGIN: "login",
    After.MANUAL: "paste keys",
    After.FAILS: "fails",
    After.NEVER: "",
}

THEN_LETTERS = {
    After.AUTOMATIC: "A",
    After.MFA: "M",
    After.LOGIN: "L",
    After.MANUAL: "K",
    After.FAILS: "!",
    After.NEVER: " ",
}
"""The same in a letter: automatic, MFA, login, keys; and for what fails the sign of what is broken."""
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
    Cause.CHAIN_LOOP: "loop",
    Cause.HALF_A_PAIR: "half a pair",
    Cause.SPLIT_PAIR: "half a pair",
    Cause.ENVIRONMENT_HALF_A_PAIR: "half a pair",
    Cause.NO_SOURCE: "no source",
    Cause.SOURCE_MISSING: "no source",
    Cause.ENVIRONMENT_EMPTY: "no source",
    Cause.CONTAINER_MISSING: "no source",
    Cause.METADATA_DISABLED: "no source",
    Cause.SSO_INCOMPLETE: "SSO settings",
    Cause.SSO_REGION: "SSO region",
    Cause.SSO_CONFLICT: "SSO settings",
    Cause.SSO_SESSION_MISSING: "SSO settings",
    Cause.TWO_SOURCES: "bad settings",
    Cause.BAD_CREDENTIAL_SOURCE: "bad settings",
    Cause.WEB_IDENTITY_NO_ROLE: "bad settings",
    Cause.CRT_MISSING: "needs CRT",
    Cause.LOGIN_MISSING: "no login",
    Cause.LOGIN_DAMAGED: "no login",
    Cause.PROFILE_MISSING: "no profile",
    Cause.FILE_UNPARSEABLE: "parse error",
    Cause.OLD_FILE: "old file",
    Cause.CHAIN_TOO_LONG: "too long",
    Cause.PROCESS_PROGRAM: "no program",
    Cause.PROCESS_LOOP: "loop",
    Cause.PROCESS_PROFILE_MISSING: "no profile",
    Cause.PROCESS_NO_CREDENTIALS: "no creds",
    Cause.BAD_PROCESS: "bad command",
    Cause.REGION_MISSING: "no region",
    Cause.OTHER_PARTITION: "partition",
    Cause.CERTIFICATES: "CA bundle",
    Cause.CERTIFICATES_VARIABLE: "CA bundle",
    Cause.CLIENT_VARIABLE: "bad variable",
    Cause.METADATA_VARIABLE: "bad variable",
    Cause.WEB_IDENTITY_UNREADABLE: "no token",
    Cause.CACHE_DAMAGED: "bad cache",
    Cause.CACHE_UNWRITABLE: "cache closed",
    **dict.fromkeys(
        (
            *(Cause.BAD_PARAMETER, Cause.CLIENT_SETTING, Cause.METADATA_SETTING, Cause.NESTED_VALUE),
            *(Cause.SERVICES_MISSING, Cause.CONTAINER_URI, Cause.CONTAINER_TOKEN),
        ),
        "bad setting",
    ),
}


_NEEDED = {After.LOGIN: "log in", After.MANUAL: "new keys", After.FAILS: "fails"}
"""What is needed before the next use, where nothing is there any more."""
CODE_DUE = "code due"
LOGIN = "login"
"""What a profile waits for whose login is missing, or has ended."""
_TIMED = (State.VALID, State.RENEWING, State.EXPIRED)
"""The states of which it matters how long they last, or for how long they have been."""
TICKING = timedelta(minutes=5)
"""Time left below which seconds are shown everywhere; above it, only in the expiry pane."""


def brief_time_left(expiry: Expiry, now: datetime) -> str:
    """Return the time that is left without its seconds, so that a line changes once a minute at the most."""
    left = expiry.left(now)
    if _is_running(expiry) and left is not None and TICKING < left < timedelta(hours=1):
        return duration(left.total_seconds()).split()[0]
    return time_left(expiry, now)


def says_until(expiry: Expiry, now: datetime) -> datetime | None:
    """Return until when ``brief_time_left`` stays the same, as long as the state does; None for ever."""
    left = expiry.left(now)
    if left is None:
        return None
    return now if abs(left) <= TICKING else now + left % timedelta(minutes=1)


def time_left(expiry: Expiry, now: datetime) -> str:
    """Return the time that is left, or the time since the expiry, or a word where there is none."""
    left = expiry.left(now)
    match expiry.state:
        case State.PERMANENT:
            return ""
        case State.IDLE:
            return _NEEDED.get(expiry.after) or "idle"
        case State.UNKNOWN:
            return "unknown"
        case State.BROKEN:
            return "broken"
    if expiry.shown is State.RENEWABLE:
        return "renewable"
    if left is None:
        return str(expiry.state)
    return until(left)


def needs_login(expiry: Expiry) -> bool:
    """Whether the next use fails until the user has logged in: there is no login, or it has ended."""
    return expiry.state in (State.IDLE, State.EXPIRED) and expiry.after is After.LOGIN


def brief_error(resolution: Resolution) -> str:
    """Return a resolution's error in two or three words."""
    if resolution.cause is Cause.NO_CREDENTIALS:
        return "empty source" if len(resolution.chain) > 1 else "no keys"
    return _BRIEF_ERRORS.get(resolution.cause or Cause.UNKNOWN, resolution.error or "")


def state_of(report: ProfileReport, now: datetime) -> str:
    """Return a profile's state in a word or a time, for the right edge of the tree."""
    expiry = report.expiry.as_of(now)
    if expiry.state is State.BROKEN:
        return _broken(expiry, report)
    if asks_code(expiry):
        return CODE_DUE
    return brief_time_left(expiry, now)


def _broken(expiry: Expiry, report: ProfileReport | None) -> str:
    if report is not None and report.effective.error is not None:
        return brief_error(report.effective)
    if report is None or expiry.source is not None:
        return "bad cache"
    if report.effective.on_use is not None:
        return _BRIEF_ERRORS.get(report.effective.on_use.cause, "fails")
    keys = report.chain[-1].settings
    is_temporary = str(keys.get("aws_access_key_id", "")).startswith("ASIA")
    has_token = any(keys.get(name) for name in ("aws_session_token", "aws_security_token"))
    return "no token" if is_temporary and not has_token else "bad keys"


def state_word(expiry: Expiry, report: ProfileReport | None, _: datetime) -> str:
    """Return the state itself in a word or two, where the time that is left has a column of its own."""
    if expiry.state is State.BROKEN:
        return _broken(expiry, report)
    if expiry.state in (State.EXPIRED, State.IDLE):
        return _NEEDED.get(expiry.after) or str(expiry.shown)
    if asks_code(expiry):
        return CODE_DUE
    return "" if expiry.state is State.PERMANENT else str(expiry.state)


def time_of(expiry: Expiry, now: datetime) -> str:
    """Return the time that is left, or the time since the expiry; nothing where there is none to wait for."""
    return brief_time_left(expiry, now) if expiry.at is not None and expiry.shown in _TIMED else ""


def asks_code(expiry: Expiry) -> bool:
    """Whether the next use asks for an MFA code although what is cached has not expired."""
    return expiry.state is State.RENEWING and expiry.after is After.MFA


def role_of(report: ProfileReport) -> str:
    """Return the role that a profile assumes, or its permission set; nothing where it has neither."""
    arn = report.values.get("role_arn")
    if report.kind in (Kind.ROLE, Kind.WEB_IDENTITY) and isinstance(arn, str):
        return arn.rpartition("/")[2]
    name = report.values.get("sso_role_name")
    return name if report.kind is Kind.SSO and isinstance(name, str) else ""


def glyph(expiry: Expiry) -> Span:
    """Return a state's glyph in its tone."""
    return Span(expiry.shown.glyph, state_tone(expiry.shown))


def state_in_words(expiry: Expiry) -> str:
    """Return a state's glyph and name, as the Inspector has them."""
    is_missing = expiry.state is State.IDLE and needs_login(expiry)
    word = _NEEDED.get(expiry.after, expiry.shown) if expiry.state is State.IDLE else expiry.shown
    return f"{glyph(expiry).text} {'not logged in' if is_missing else word}"


def waiting(expiry: Expiry) -> Span | None:
    """Return the glyph of what waits for something else, dimmed; None where it works all the same."""
    if expiry.state not in (State.IDLE, State.EXPIRED, State.BROKEN):
        return None
    shown = State.EXPIRED if expiry.state is State.IDLE else expiry.state
    return Span(shown.glyph, Tone.DIM)


def what_then(expiry: Expiry, now: datetime) -> str:
    """Return in a few words what happens afterwards, or at the next use where it has expired."""
    current = expiry.as_of(now)
    if current.state is State.BROKEN:
        return mask(current.reason or "broken")
    words = (THEN if _is_running(current) and not asks_code(current) else NOW)[current.after]
    if current.reason and current.after in (After.FAILS, After.LOGIN):
        return f"{words}: {mask(current.reason)}"
    return words


def _is_running(expiry: Expiry) -> bool:
    return expiry.state in (State.VALID, State.RENEWING)


def where_it_starts(hop: Hop) -> str:
    """Return where the credentials of a hop come from, in a word or two."""
    return SOURCES.get(hop.provider, "nothing")


def both_times(moment: datetime) -> str:
    """Return a moment as the Inspector has it: local and, where that is another, UTC."""
    local = moment.astimezone()
    utc = f"{moment:%Y-%m-%d %H:%M:%S} UTC"
    if not local.utcoffset():
        return utc
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname() or ''}  {utc}"


LONGEST = 300
"""Characters of a toast; what is longer has a dialog of its own."""


def in_passing(words: str) -> str:
    """Return words as a toast takes them: inert, and not too many."""
    return elide(inert(mask(words)), LONGEST)
