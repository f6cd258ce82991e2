"""What is to be said of what stands in a form, beside the field: in words, and with what comes of it.

Little is forbidden: a setting may be meant for a tool that this app does not know. Only what cannot be
written, and a name that is taken, has to be mended first.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

from rolecall.actions.editing.validation import check_new_name, check_value
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import Value
from rolecall.aws.profile_report import CHAINED_MAXIMUM
from rolecall.aws.resolver import CREDENTIAL_SOURCES
from rolecall.tui.form.form import NAME, FilledForm, FormKind, as_block, referring
from rolecall.tui.tones import Tone

SHORTEST, LONGEST = 900, 43200
"""Seconds for which STS assumes a role."""
_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d{12}:role/\S+")
_ACCOUNT = re.compile(r"\d{12}")
_STATIC = ("aws_access_key_id", "aws_secret_access_key")


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of a field; ``forbids`` where it has to be mended before anything can be written."""

    words: str
    tone: Tone = Tone.WARN
    forbids: bool = False


_Rule = Callable[[FilledForm, str], str | None]


def notes(filled: FilledForm, regions: Container[str]) -> dict[str, Note]:
    """Return what is to be said of each field, by key.

    Args:
        filled: the form as it is now.
        regions: those that are known; an empty container where nobody knows.
    """
    found: dict[str, Note] = {}
    for each in filled.form.fields:
        note = _of_name(filled) if each.key == NAME else _of_setting(filled, each.key, regions)
        if note is not None:
            found[each.key] = note
    return found


def _of_name(filled: FilledForm) -> Note | None:
    name, before = filled.name, filled.form.name
    if name == before:
        return None
    try:
        check_new_name(name)
    except ActionFailed as failed:
        return Note(failed.message, Tone.BAD, forbids=True)
    if name in taken(filled):
        what = "an sso-session" if filled.form.kind is FormKind.SESSION else "a profile"
        return Note(f"There is {what} of this name already.", Tone.BAD, forbids=True)
    return Note(following(filled), Tone.DIM) if before is not None else None


def taken(filled: FilledForm) -> Container[str]:
    """Return the names that are in use."""
    merged = filled.form.snapshot.merged
    if filled.form.kind is FormKind.SESSION:
        return merged.config.headers.sso_sessions
    return merged.by_name


def following(filled: FilledForm) -> str:
    """Say which settings of others follow a profile to its new name."""
    names = referring(filled.form.snapshot, filled.form.name or "")
    if not names:
        return "No source_profile refers to it."
    return f"The source_profile of {_listed(names)} follows."


def _listed(names: Iterable[str], most: int = 3) -> str:
    every = list(names)
    shown = ", ".join(every[:most])
    return shown if len(every) <= most else f"{shown} and {len(every) - most} more"


def _of_setting(filled: FilledForm, key: str, regions: Container[str]) -> Note | None:
    standing = next(each for each in filled.form.fields if each.key == key)
    text = filled.text(key)
    if key in filled.removed or (standing.text and not text):
        return Note("The setting goes; ^d puts it back.", Tone.DIM)
    if text:
        try:
            check_value(key, as_block(text) if standing.is_block else text)
        except ActionFailed as failed:
            return Note(failed.message, Tone.BAD, forbids=True)
    words = _fault(filled, key, regions)
    if words is not None:
        return Note(words)
    return Note("It takes the place of what stands there.", Tone.DIM) if text and standing.is_hidden else None


def _fault(filled: FilledForm, key: str, regions: Container[str]) -> str | None:
    if key in ("region", "sso_region"):
        text = filled.text(key)
        is_known = not text or text in regions or not _knows_any(regions)
        return None if is_known else "No region that botocore knows."
    rule = _RULES.get(key)
    found = rule(filled, key) if rule is not None else None
    return found if found is not None else _literal(filled, key)


def _knows_any(regions: Container[str]) -> bool:
    return "us-east-1" in regions


def _literal(filled: FilledForm, key: str) -> str | None:
    """Say what people mean otherwise than AWS tools read it."""
    text = filled.text(key)
    if key == "credential_process" or "\n" in text:
        return None
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return "AWS tools take the quotes for a part of the value."
    return "AWS tools take the # for a part of the value." if " #" in text or " ;" in text else None


def _role_arn(filled: FilledForm, key: str) -> str | None:
    text = filled.text(key)
    if text and not _ROLE_ARN.fullmatch(text):
        return "This is no ARN of a role: arn:aws:iam::123456789012:role/NAME."
    return None


def _source_profile(filled: FilledForm, key: str) -> str | None:
    if not filled.has(key):
        is_lacking = filled.has("role_arn") and not filled.has("credential_source")
        if is_lacking and not filled.has("web_identity_token_file"):
            return "A role needs a source_profile or a credential_source."
        return None
    if filled.has("credential_source"):
        return "Beside a credential_source AWS tools refuse it: InvalidConfigError."
    source, profiles = filled.text(key), filled.form.snapshot.merged.by_name
    if source and source not in profiles and source != filled.name:
        return "There is no profile of this name: AWS tools refuse it, InvalidConfigError."
    if source and filled.has("role_arn") and _leads_back(filled, source, profiles):
        return "It leads back to this profile: InfiniteLoopConfigError."
    return None


def _leads_back(filled: FilledForm, source: str, profiles: Mapping[str, Mapping[str, Value]]) -> bool:
    """Whether a chain of sources comes round to this profile, or never ends (aws-facts: the role's rules)."""
    own = {filled.form.name, filled.name}
    seen: set[Value] = set()
    at: Value = source
    while isinstance(at, str) and at not in seen:
        seen.add(at)
        if at in own:
            return not any(filled.has(key) for key in _STATIC)
        values = profiles.get(at, {})
        if not _goes_on(values):
            return False
        at = values.get("source_profile", "")
    return at in seen


def _goes_on(values: Mapping[str, Value]) -> bool:
    """Whether a source is itself a role that draws on another profile."""
    is_role = "role_arn" in values and "web_identity_token_file" not in values
    return is_role and not any(key in values for key in _STATIC) and "source_profile" in values


def _credential_source(filled: FilledForm, key: str) -> str | None:
    text = filled.text(key)
    if text and text not in CREDENTIAL_SOURCES:
        return f"AWS tools know {', '.join(CREDENTIAL_SOURCES)}, written exactly so."
    if text and filled.has("source_profile"):
        return "Beside a source_profile AWS tools refuse it: InvalidConfigError."
    return None


def _duration(filled: FilledForm, key: str) -> str | None:
    text = filled.text(key)
    if not text:
        return None
    try:
        seconds = int(text)
    except ValueError:
        return "This is no whole number: AWS tools ignore it without a word."
    if not SHORTEST <= seconds <= LONGEST:
        return f"STS takes {SHORTEST} to {LONGEST} seconds."
    if seconds > CHAINED_MAXIMUM and _draws_on_a_role(filled):
        return f"Assumed with another role's credentials it gets {CHAINED_MAXIMUM} at the most."
    return None


def _draws_on_a_role(filled: FilledForm) -> bool:
    values = filled.form.snapshot.merged.by_name.get(filled.text("source_profile"), {})
    return "role_arn" in values and not any(key in values for key in _STATIC)


def _account(filled: FilledForm, key: str) -> str | None:
    text = filled.text(key)
    return "An account id has 12 digits." if text and not _ACCOUNT.fullmatch(text) else None


def _sso_session(filled: FilledForm, key: str) -> str | None:
    text = filled.text(key)
    if text and filled.form.snapshot.merged.sso_session(text) is None:
        return "There is no sso-session of this name: AWS tools refuse it, InvalidConfigError."
    return None


def _start_url(filled: FilledForm, key: str) -> str | None:
    text = filled.text(key)
    if text and not text.startswith("https://"):
        return "The address of an access portal begins with https://."
    session = filled.form.snapshot.merged.sso_session(filled.text("sso_session"))
    if session is not None and text and session.get(key, text) != text:
        return "The sso-session says otherwise: AWS tools refuse that, InvalidConfigError."
    return None


def _key_id(filled: FilledForm, key: str) -> str | None:
    text = filled.text(key)
    has_token = filled.has("aws_session_token") or filled.has("aws_security_token")
    if filled.has("aws_secret_access_key") and not filled.has(key):
        return "The secret is half a pair: it needs its id."
    if text.startswith("ASIA") and not has_token:
        return "A key that begins with ASIA works with its session token only."
    if text.startswith("AKIA") and has_token:
        return "A key that begins with AKIA takes no session token: AWS refuses the two together."
    return None


def _secret(filled: FilledForm, key: str) -> str | None:
    if filled.has("aws_access_key_id") and not filled.has(key):
        return "The id is half a pair: it needs its secret."
    return None


_RULES: Mapping[str, _Rule] = {
    "role_arn": _role_arn,
    "source_profile": _source_profile,
    "credential_source": _credential_source,
    "duration_seconds": _duration,
    "sso_account_id": _account,
    "aws_account_id": _account,
    "sso_session": _sso_session,
    "sso_start_url": _start_url,
    "aws_access_key_id": _key_id,
    "aws_secret_access_key": _secret,
}
