"""``duration_seconds``: how long roles are requested for, and what AWS does with it."""

import re
from collections.abc import Iterator

from rolecall.aws import cache_files
from rolecall.aws.expiry import LONGEST_CHAINED, LONGEST_DURATION, SHORTEST_DURATION
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Hop, Provider
from rolecall.aws.settings import Kind
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.text import duration

KEY = "duration_seconds"
_STATICS = frozenset((Provider.SHARED_CREDENTIALS, Provider.CONFIG_FILE))
_GUESS = re.compile(r"\s*(\d{1,5})\s*(s|m|h|)[a-z]*\b", re.IGNORECASE)
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def _asked(context: RuleContext, kind: Kind) -> Iterator[ProfileReport]:
    """Yield the profiles of a kind that set a duration."""
    for name, values in context.snapshot.merged.by_name.items():
        if KEY in values and context.snapshot.profiles[name].kind is kind:
            yield context.snapshot.profiles[name]


def _seen(context: RuleContext, report: ProfileReport, message: str, fix: Fix, *keys: str) -> Occurrence:
    quoted = Quoted(context.snapshot, report.name)
    return Occurrence(
        Subject(SubjectKind.PROFILE, report.name),
        message,
        fix,
        quoted.place(KEY),
        quoted.lines(KEY, *keys),
        profiles=(report.name,),
    )


def _ask_for(report: ProfileReport, seconds: int, words: str = "") -> Fix:
    return fixes.change(words or f"ask for {_said(seconds)}", report.name, {KEY: str(seconds)})


def _said(seconds: int) -> str:
    """Return a duration in words; in hours where it is whole hours."""
    hours, rest = divmod(seconds, 3600)
    if rest or not hours:
        return duration(seconds)
    return "1 hour" if hours == 1 else f"{hours} hours"


@rule(
    "duration-uncached",
    Severity.WARNING,
    "A role with a duration too short to be cached",
    cause="duration_seconds is 900, and the AWS CLI uses a cached role while 900 seconds or more are left.",
    consequence="every command fetches the role from AWS again",
    cure="Set a longer duration.",
)
def uncached(context: RuleContext) -> Iterator[Occurrence]:
    """A shorter duration is refused before it is sent: that is another rule's."""
    for report in _asked(context, Kind.ROLE):
        if cache_files.duration_seconds(report.values) == SHORTEST_DURATION:
            cost = "asks for an MFA code" if report.asks_mfa else "calls AWS for it"
            message = f"{report.name} is valid for 15 minutes, which is never cached: every command {cost}"
            yield _seen(context, report, message, _ask_for(report, LONGEST_CHAINED), "mfa_serial")


@rule(
    "duration-chained",
    Severity.WARNING,
    "More than one hour requested for a role that is assumed by a role",
    cause="A role that is assumed with temporary credentials is valid for one hour at most.",
    consequence="AWS refuses to give the role: ValidationError, the 1 hour session limit for role chaining",
    cure="Request one hour, or assume the role with long-term keys.",
)
def chained(context: RuleContext) -> Iterator[Occurrence]:
    """AWS enforces the limit, so the error comes only when the role is fetched."""
    for report in _asked(context, Kind.ROLE):
        seconds = cache_files.duration_seconds(report.values)
        why = _chain(context, report) if seconds is not None and seconds > LONGEST_CHAINED else None
        if seconds is not None and why is not None:
            message = f"{report.name} asks for {_said(seconds)}, and AWS allows 1 hour: {why}"
            yield _seen(context, report, message, _ask_for(report, LONGEST_CHAINED), "source_profile")


def _chain(context: RuleContext, report: ProfileReport) -> str | None:
    """Say why a role counts as chained; None where it does not.

    Temporary keys count too, whether of a role or of GetSessionToken; an instance's role does not.
    """
    if len(report.chain) == 1:
        return None
    source = report.chain[1]
    if report.maximum_duration is not None:
        kind = "logs in to one" if source.provider == Provider.SSO else "is one"
        return f"it is assumed by a role, because its source {source.profile} {kind}"
    key = _access_key(context, source)
    return "its source has temporary keys" if key.startswith("ASIA") else None


def _access_key(context: RuleContext, hop: Hop) -> str:
    if hop.provider == Provider.ENV:
        return context.snapshot.host.environ.get("AWS_ACCESS_KEY_ID", "")
    key = hop.settings.get("aws_access_key_id") if hop.provider in _STATICS else None
    return key if isinstance(key, str) else ""


@rule(
    "duration-out-of-range",
    Severity.WARNING,
    "A duration longer than AWS allows for any role",
    cause="duration_seconds is above 43200, which is 12 hours.",
    consequence="AWS refuses to give the role: ValidationError",
    cure="Request 12 hours at most, and no more than the role's own maximum.",
)
def out_of_range(context: RuleContext) -> Iterator[Occurrence]:
    """A chained role is reported with its own, lower limit."""
    for report in _asked(context, Kind.ROLE):
        seconds = cache_files.duration_seconds(report.values)
        if seconds is not None and seconds > LONGEST_DURATION and _chain(context, report) is None:
            message = f"{report.name} asks for {_said(seconds)}, and AWS gives no role for more than 12 hours"
            yield _seen(context, report, message, _ask_for(report, LONGEST_DURATION))


@rule(
    "duration-not-a-number",
    Severity.WARNING,
    "A duration that is not a number",
    cause="duration_seconds has a unit, a comment or words in it; AWS tools accept whole seconds only.",
    consequence="AWS tools ignore it silently: the role is valid for 1 hour",
    cure="Write whole seconds.",
)
def not_a_number(context: RuleContext) -> Iterator[Occurrence]:
    """Where it begins with a number, the fix guesses what was meant, and says that it is a guess."""
    for report in _asked(context, Kind.ROLE):
        text = report.values[KEY]
        if isinstance(text, str) and cache_files.duration_seconds(report.values) is None:
            quoted = Quoted(context.snapshot, report.name)
            message = f"{report.name} asks for '{quoted.shown(KEY)}', which is not a number of seconds"
            yield _seen(context, report, message, _guess(report, text))


def _guess(report: ProfileReport, text: str) -> Fix:
    found = _GUESS.match(text)
    seconds = int(found[1]) * _UNITS[found[2].lower()] if found is not None else 0
    if SHORTEST_DURATION < seconds <= LONGEST_DURATION:
        return _ask_for(report, seconds, f"ask for {seconds} seconds, if {_said(seconds)} is what was meant")
    return fixes.change("remove it, because it has no effect", report.name, {KEY: None})


@rule(
    "duration-unused",
    Severity.INFO,
    "A duration beside a web identity",
    cause="AWS tools send duration_seconds only for a role with a source, never for a web identity.",
    consequence="the role is valid for 1 hour, whatever the setting says",
    cure="Remove it.",
)
def unused(context: RuleContext) -> Iterator[Occurrence]:
    """A profile without any role is reported by the rule about role settings."""
    for report in _asked(context, Kind.WEB_IDENTITY):
        message = f"{report.name} sets a duration, which is not sent for a web identity"
        fix = fixes.change("remove it, because it has no effect", report.name, {KEY: None})
        yield _seen(context, report, message, fix, "web_identity_token_file")
