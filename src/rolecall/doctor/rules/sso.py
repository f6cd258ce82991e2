"""SSO settings that cannot work: incomplete, in conflict with the sso-session, or without an sso-session."""

from collections.abc import Iterator

from rolecall.aws.providers import Cause
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed, nearest, said
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import accused, edit, root_cause_occurrence
from rolecall.text import mask

_SSO_KEYS = ("sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name")


@rule(
    "sso-incomplete",
    Severity.ERROR,
    "Incomplete SSO settings",
    cause="sso_account_id or sso_role_name switches SSO on; then both are required, and a start URL and "
    "region, from the profile or from its sso-session.",
    consequence="every command with these profiles fails with InvalidConfigError, even if they have keys",
    cure="Add what is missing, usually with sso_session.",
    tells=[Cause.SSO_INCOMPLETE],
)
def sso_incomplete(context: RuleContext) -> Iterator[Occurrence]:
    """Find profiles with incomplete SSO settings."""
    sessions = context.snapshot.merged.config.headers.sso_sessions
    for blamed, quoted in accused(context, Cause.SSO_INCOMPLETE):
        missing = ", ".join(blamed.subjects)
        fix = edit(quoted, f"add {missing}", *_SSO_KEYS)
        session = next(iter(sessions), None)
        if len(sessions) == 1 and session and set(blamed.subjects) == {"sso_start_url", "sso_region"}:
            words = f"name the sso-session {session}, which is probably meant"
            fix = fixes.change(words, blamed.culprit, {"sso_session": session})
        yield root_cause_occurrence(
            blamed, quoted, f"{blamed.culprit} uses SSO, but has no {missing}", fix, *_SSO_KEYS
        )


@rule(
    "sso-conflict",
    Severity.ERROR,
    "A profile in conflict with its sso-session",
    cause="The same setting is in the profile and in its sso-session, with different values.",
    consequence="every command with these profiles fails with InvalidConfigError",
    cure="Remove it from the profile.",
    tells=[Cause.SSO_CONFLICT],
)
def sso_conflict(context: RuleContext) -> Iterator[Occurrence]:
    """Find settings with different values in the profile and in its sso-session."""
    for blamed, quoted in accused(context, Cause.SSO_CONFLICT):
        values = blamed.hop.settings if blamed.hop is not None else {}
        name = values.get("sso_session")
        session = (context.snapshot.merged.sso_session(name) if name is not None else None) or {}
        keys = blamed.subjects
        yield root_cause_occurrence(
            blamed,
            quoted,
            f"{blamed.culprit} has another {listed(keys)} ({quoted.shown(keys[0])}) than its sso-session "
            f"{name} ({mask(str(session[keys[0]]))})",
            fixes.change("remove it, to use the sso-session's value", blamed.culprit, dict.fromkeys(keys)),
            *keys,
            "sso_session",
        )


@rule(
    "unknown-sso-session",
    Severity.ERROR,
    "An sso-session that does not exist",
    cause="sso_session names a session that no [sso-session …] header in config has: a typo, a header that "
    "AWS tools ignore, or one in credentials, where AWS tools do not read it.",
    consequence="every command with these profiles fails with InvalidConfigError",
    cure="Correct the name, or write the sso-session in config.",
    tells=[Cause.SSO_SESSION_MISSING],
)
def unknown_sso_session(context: RuleContext) -> Iterator[Occurrence]:
    """Find names of missing sessions: one finding for each name."""
    for blamed in context.blamed.get(Cause.SSO_SESSION_MISSING, ()):
        name = blamed.culprit
        merged = context.snapshot.merged.by_name
        direct = [each for each in blamed.profiles if merged[each].get("sso_session") == name]
        source = str(blamed.hop.profile) if blamed.hop is not None else ""
        namers = [Quoted(context.snapshot, each) for each in direct or [source]]
        guess = nearest(name, context.snapshot.merged.config.headers.sso_sessions)
        yield Occurrence(
            Subject(SubjectKind.SESSION, name),
            f"{listed(each.name for each in namers)} {'names' if len(namers) == 1 else 'name'} "
            f"sso_session '{name}', but config has no such section",
            _session_fix(namers, guess),
            namers[0].place("sso_session"),
            (*(line for each in namers[:5] for line in each.lines("sso_session")), *said(blamed.fault)),
            profiles=blamed.profiles,
        )


def _session_fix(namers: list[Quoted], guess: str | None) -> Fix:
    if guess is not None and len(namers) == 1:
        return fixes.change(f"write {guess}, which is probably meant", namers[0].name, {"sso_session": guess})
    hint = f" ({guess} is probably meant)" if guess is not None else ""
    return edit(namers[0], f"correct the name{hint}, or write the sso-session", "sso_session")
