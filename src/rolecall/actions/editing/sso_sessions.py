"""Edits of ``[sso-session NAME]`` sections, which only the config file has."""

from collections.abc import Mapping

from rolecall.actions.editing.transaction import Files, Transaction
from rolecall.actions.editing.validation import SSO_SESSION, check_key, check_new_name, check_value, header_of
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot


def change_session(snapshot: Snapshot, name: str, changes: Mapping[str, str | None]) -> Plan:
    """Plan to change keys of an sso-session; one that is not there yet is added.

    Args:
        snapshot: what is there.
        name: its name.
        changes: key → value, or None where it is to go.
    """
    files = Files.now(snapshot)
    draft = Transaction(files)
    wanted = {check_key(key): value for key, value in changes.items()}
    for key, value in wanted.items():
        if value is not None:
            check_value(key, value)
    place = files.session(name)
    if place is not None:
        draft.config.of(place.header).update(wanted)
        return draft.plan(f"Change sso-session {name}")
    check_new_name(name)
    header = header_of(name, FileKind.CONFIG, SSO_SESSION)
    draft.config.added[header] = {key: value for key, value in wanted.items() if value is not None}
    return draft.plan(f"Add sso-session {name}")


def remove_session(snapshot: Snapshot, name: str) -> Plan:
    """Plan to remove an sso-session; the remarks say who uses it."""
    files = Files.now(snapshot)
    headers = files.config.headers.sso_sessions.get(name)
    if not headers:
        raise ActionFailed("NotApplicable", f"There is no sso-session {name}.")
    draft = Transaction(files)
    draft.config.removed.update(headers)
    users = [
        profile for profile, values in snapshot.merged.by_name.items() if values.get("sso_session") == name
    ]
    if users:
        verb = "uses" if len(users) == 1 else "use"
        draft.remarks.append(f"{', '.join(users)} {verb} it and will fail without it.")
    draft.remarks.append("Its token stays in the cache; log out first to end it.")
    return draft.plan(f"Remove sso-session {name}")
