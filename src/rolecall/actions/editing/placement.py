"""Which file a key belongs into, and what stands in the way of an edit's effect: shadows, leaks, losers."""

import re

from rolecall.actions.editing.transaction import Files
from rolecall.aws.config_file import FileKind
from rolecall.aws.notes import END_KEYS
from rolecall.aws.snapshot import Snapshot
from rolecall.text import mask_name, shown_value

KEYS = ("aws_access_key_id", "aws_secret_access_key")
TOKENS = ("aws_session_token", "aws_security_token")
"""Both are the session token for botocore, the second one first."""
_GROUP = frozenset((*KEYS, *TOKENS, *END_KEYS, "aws_account_id"))
_CREDENTIALS = _GROUP - {"aws_account_id"}


def home_of(files: Files, profile: str, key: str) -> FileKind:
    """Return the file in which a key of a profile takes effect.

    A key that stands somewhere is changed where it is in force; credentials win. A part of static keys goes
    to the others, because botocore's providers look for all of them in one file. Any other goes where the
    AWS CLI puts it.
    """
    for wanted in ((key,), KEYS if key in _GROUP else ()):
        for role in (FileKind.CREDENTIALS, FileKind.CONFIG):
            place = files.profile(role, profile)
            if place is not None and any(name in place.values for name in wanted):
                return role
    return FileKind.CREDENTIALS if key in _CREDENTIALS else FileKind.CONFIG


def about_shadows(files: Files, role: FileKind, profile: str, key: str) -> list[str]:
    """Say what the other file makes of a key that is written (or taken from) here."""
    other = FileKind.CONFIG if role is FileKind.CREDENTIALS else FileKind.CREDENTIALS
    place = files.profile(other, profile)
    if place is None or key not in place.values:
        return []
    said = f"The {other} file has {mask_name(key)} = {shown_value(key, place.values[key])} for {profile}"
    if other is FileKind.CREDENTIALS:
        return [f"{said}, which wins over the config file."]
    return [f"{said}, which counts only without one in credentials."]


def about_losers(files: Files, role: FileKind, profile: str) -> list[str]:
    """Say that a profile has several sections, of which the last alone is in force."""
    headers = files.of(role).headers.profiles.get(profile, ())
    if len(headers) < 2:  # noqa: PLR2004
        return []
    *losers, winner = headers
    names = ", ".join(f"[{header}]" for header in losers)
    return [f"[{winner}] is changed: it stands below {names} and replaces what stands there."]


def about_dependants(snapshot: Snapshot, name: str) -> list[str]:
    """Say which profiles draw on one, and so fail without it."""
    names = [other for other in snapshot.dependants.get(name, ()) if other != name]
    if not names:
        return []
    verb = "draws" if len(names) == 1 else "draw"
    return [f"{', '.join(names)} {verb} on {name} and will fail without it."]


def about_commands(files: Files, name: str) -> list[str]:
    """Say which profiles run a command that may mean a profile by its name; no one but its author knows."""
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")
    users = {
        profile: None
        for role in FileKind
        for profile, headers in files.of(role).headers.profiles.items()
        if word.search(str(files.of(role).sections[headers[-1]].get("credential_process", "")))
    }
    if not users:
        return []
    return [f"The credential_process of {', '.join(users)} has the word {name} in it, and is left as it is."]
