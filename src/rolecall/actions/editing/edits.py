"""Every edit of a profile, an sso-session or credentials, as a plan."""

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING

from rolecall.actions.editing.placement import (
    KEYS,
    TOKENS,
    about_commands,
    about_dependants,
    about_losers,
    about_shadows,
    home_of,
    unfolded,
)
from rolecall.actions.editing.transaction import Files, SectionPlace, Transaction
from rolecall.actions.editing.validation import (
    check_key,
    check_new_name,
    check_value,
    header_in_style,
    header_of,
)
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.aws.config_file import FileKind, FileStatus
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.timestamps import END_KEYS
from rolecall.text import mask_name, utc

if TYPE_CHECKING:  # fetching them takes far more modules than writing them
    from rolecall.actions.credentials import Credentials
from rolecall.actions.editing.validation import SSO_SESSION

_CACHED = "What is cached stays as it is: the name is no part of it."


def set_setting(snapshot: Snapshot, profile: str, key: str, value: str, file: FileKind | None = None) -> Plan:
    """Plan to give a key of a profile a value; a profile that is not there yet is added.

    Args:
        snapshot: what is there.
        profile: its name.
        key: the key, in any case; ``s3.max_queue_size`` for one inside a block.
        value: text, or a nested block that begins with a new line.
        file: where to write; None for where the key takes effect: the file in which it stands, else where the
            AWS CLI would put it.
    """
    files = Files.now(snapshot)
    draft = Transaction(files)
    if not files.has_profile(profile):
        check_new_name(profile)
        draft.remarks.append(f"There is no profile {profile} yet: it is added.")
    outer, whole = unfolded(files, profile, key, value, file)
    assert whole is not None  # noqa: S101 - for the type checker: what is set does not go
    _put(draft, profile, profile, check_key(outer), whole, file)
    return draft.plan(f"Set {mask_name(key.lower())} of {profile}")


def unset_setting(snapshot: Snapshot, profile: str, key: str, file: FileKind | None = None) -> Plan:
    """Plan to take a key from a profile.

    Args:
        snapshot: what is there.
        profile: its name.
        key: the key, in any case; ``s3.max_queue_size`` for one inside a block.
        file: where from; None for everywhere, so that no shadowed value comes into force.
    """
    files = Files.now(snapshot)
    _require(files, profile)
    draft = Transaction(files)
    outer, rest = unfolded(files, profile, key, None, file)
    if rest is not None:
        _put(draft, profile, profile, outer, rest, file)
    elif not _take(draft, profile, outer.lower(), file):
        raise _nothing_to_unset(files, profile, outer.lower(), file)
    return draft.plan(f"Unset {mask_name(key.lower())} of {profile}")


def _nothing_to_unset(files: Files, profile: str, name: str, file: FileKind | None) -> ActionFailed:
    for role in _roles(file):
        place = files.profile(role, profile)
        if place is not None and name in place.values:
            return ActionFailed(
                "NotApplicable",
                f"{mask_name(name)} comes from [DEFAULT], which counts for every section of the file.",
                path=place.file.path,
                line=place.file.located.defaults[name].line,
                command="edit",
            )
    where = "" if file is None else f" in the {file} file"
    return ActionFailed("NotApplicable", f"{profile} has no {mask_name(name)}{where}.")


def change_profile(
    snapshot: Snapshot,
    profile: str,
    changes: Mapping[str, str | None],
    name: str | None = None,
    *,
    file: FileKind | None = None,
) -> Plan:
    """Plan to change many keys of a profile at once, and its name.

    Args:
        snapshot: what is there.
        profile: its name.
        changes: key → value, or None where it is to go; nested blocks begin with a new line.
        name: its new name, if it is to have one.
        file: where; None for where each key takes effect, and what goes goes everywhere.
    """
    files = Files.now(snapshot)
    _require(files, profile)
    draft = Transaction(files)
    final = profile if name is None else name
    if final != profile:
        _rename(draft, profile, final)
    for key, value in changes.items():
        if value is None:
            _take(draft, profile, key.lower(), file)
        else:
            _put(draft, profile, final, check_key(key), value, file)
    return draft.plan(f"Change {profile}" if final == profile else f"Change {profile}, now {final}")


def add_profile(snapshot: Snapshot, name: str, settings: Mapping[str, str]) -> Plan:
    """Plan to add a profile; the files are made where they are missing.

    Raises:
        ActionFailed: there is one of that name, or no file can hold it.
    """
    files = Files.now(snapshot)
    _check_free(files, name)
    draft = Transaction(files)
    for key, value in settings.items():
        _put(draft, name, name, check_key(key), value, None)
    if not settings:
        draft.config.added[header_of(name, FileKind.CONFIG)] = {}
    return draft.plan(f"Add {name}")


def duplicate_profile(snapshot: Snapshot, name: str, new: str) -> Plan:
    """Plan to copy a profile's sections, comments inside them included, right below the originals."""
    files = Files.now(snapshot)
    _require(files, name)
    _check_free(files, new)
    draft = Transaction(files)
    for place in _places(files, name):
        role = place.file.role
        draft.of(role).copied[place.header] = header_in_style(place.header, new, role)
    if "role_arn" in snapshot.merged.by_name.get(name, {}):
        draft.remarks.append("Both share one file of the cache, as long as their role settings are the same.")
    return draft.plan(f"Duplicate {name} as {new}")


def rename_profile(snapshot: Snapshot, old: str, new: str) -> Plan:
    """Plan to rename a profile, in both files, with every ``source_profile`` that refers to it."""
    files = Files.now(snapshot)
    _require(files, old)
    draft = Transaction(files)
    _rename(draft, old, new)
    return draft.plan(f"Rename {old} to {new}")


def remove_profile(snapshot: Snapshot, name: str) -> Plan:
    """Plan to remove a profile from both files; the remarks say who draws on it."""
    files = Files.now(snapshot)
    _require(files, name)
    draft = Transaction(files)
    draft.remarks += about_dependants(snapshot, name)
    for role in FileKind:
        draft.of(role).removed.update(files.of(role).headers.profiles.get(name, ()))
    draft.remarks += _about_both(files, name, "goes from both")
    draft.remarks += [
        f"{variable} names {name} here: commands without --profile will fail."
        for variable in _choosing(snapshot, name)
    ]
    draft.remarks.append("What is cached for it stays in the cache.")
    return draft.plan(f"Remove {name}")


def _roles(file: FileKind | None) -> tuple[FileKind, ...]:
    return tuple(FileKind) if file is None else (file,)


def _places(files: Files, name: str) -> list[SectionPlace]:
    return [place for role in FileKind if (place := files.profile(role, name)) is not None]


def _require(files: Files, name: str) -> None:
    if not files.has_profile(name):
        raise ActionFailed("ProfileNotFound", f"There is no profile {name}.")


def _check_free(files: Files, name: str) -> None:
    check_new_name(name)
    if files.has_profile(name):
        raise ActionFailed("NotApplicable", f"There is a profile {name} already.")


def _put(  # noqa: PLR0917
    draft: Transaction, profile: str, final: str, key: str, value: str, file: FileKind | None
) -> None:
    """Ask for one key to have a value, in a section that is there or is to be added under its final name."""
    check_value(key, value)
    role = home_of(draft.files, profile, key) if file is None else file
    place = draft.files.profile(role, profile)
    if place is not None:
        draft.of(role).of(place.header)[key] = value
    else:
        header = header_of(final, role)
        draft.of(role).added.setdefault(header, {})[key] = value
    draft.remarks += about_losers(draft.files, role, profile)
    draft.remarks += about_shadows(draft.files, role, profile, key)


def _take(draft: Transaction, profile: str, key: str, file: FileKind | None) -> bool:
    """Ask for one key to go; return whether it stands in a section of the profile."""
    is_there = False
    for role in _roles(file):
        place = draft.files.profile(role, profile)
        if place is None or key not in place.values:
            continue
        if draft.files.sheet(role).document.entry(place.header, key) is None:
            continue
        is_there = True
        draft.of(role).of(place.header)[key] = None
    if is_there and file is not None:
        draft.remarks += about_shadows(draft.files, file, profile, key)
    return is_there


def _rename(draft: Transaction, old: str, new: str) -> None:
    if old == new:
        return
    files = draft.files
    _check_free(files, new)
    for role in FileKind:
        taken = set(files.of(role).sections)
        for header in reversed(files.of(role).headers.profiles.get(old, ())):
            draft.of(role).renamed[header] = header_in_style(header, new, role, taken=taken)
            taken.add(draft.of(role).renamed[header])
        _redirect(draft, role, old, new)
    draft.remarks += _about_both(files, old, "is renamed in both")
    draft.remarks += [
        f"{variable} says {old} here, and will name nothing." for variable in _choosing(files.snapshot, old)
    ]
    draft.remarks += about_commands(files, old)
    draft.remarks.append(_CACHED)


def _redirect(draft: Transaction, role: FileKind, old: str, new: str) -> None:
    """Ask for every ``source_profile`` that names a profile to name another, in force or not."""
    if draft.files.of(role).status is not FileStatus.OK:
        return
    sheet = draft.files.sheet(role)
    for part in sheet.document.parts:
        values = sheet.parsed.sections.get(part.header, sheet.parsed.defaults)
        if part.entry("source_profile") is not None and values.get("source_profile") == old:
            draft.of(role).of(part.header)["source_profile"] = new


def _about_both(files: Files, name: str, what: str) -> list[str]:
    return [f"{name} stands in both files, and {what}."] if len(_places(files, name)) == len(FileKind) else []


def _choosing(snapshot: Snapshot, name: str) -> list[str]:
    """Return the variables that choose a profile here."""
    environ = snapshot.host.environ
    return [variable for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE") if environ.get(variable) == name]


_END = END_KEYS[0]
_STRONGER = ("role_arn", "web_identity_token_file", "sso_account_id", "sso_role_name")
"""Settings that win over static keys, wherever they stand (see ``resolve``)."""


def put_credentials(snapshot: Snapshot, profile: str, credentials: "Credentials") -> Plan:
    """Plan to write credentials into a profile of the credentials file.

    What another set has left there goes with it: either spelling of the token, any note of an end, an account
    id. The end is noted as ``x_security_token_expires``, as saml2aws and others do, in UTC with a ``Z``.
    """
    files = Files.now(snapshot)
    draft = Transaction(files)
    place = files.profile(FileKind.CREDENTIALS, profile)
    wanted: dict[str, str | None] = dict(
        zip(KEYS, (credentials.access_key, credentials.secret_key), strict=True)
    )
    wanted |= dict.fromkeys((*TOKENS, *END_KEYS, "aws_account_id"))
    wanted[TOKENS[0]] = credentials.token
    if credentials.expires_at is not None:
        wanted[_END] = utc(credentials.expires_at.astimezone(UTC))
    if place is not None and "aws_account_id" in place.values:
        wanted["aws_account_id"] = credentials.account
    for key, value in wanted.items():
        if value is not None:
            check_value(key, value)
    if place is not None:
        draft.credentials.of(place.header).update(wanted)
    else:
        check_new_name(profile)
        added = {key: value for key, value in wanted.items() if value is not None}
        draft.credentials.added[header_of(profile, FileKind.CREDENTIALS)] = added
    draft.remarks += _about_others(files, profile)
    return draft.plan(f"Write credentials into {profile}")


def _about_others(files: Files, profile: str) -> list[str]:
    """Say what else the profile has that decides over the keys."""
    merged = [place.values for role in FileKind if (place := files.profile(role, profile)) is not None]
    remarks = [
        f"{profile} has {key}, which AWS tools use rather than these keys."
        for key in _STRONGER
        if any(key in values for values in merged)
    ]
    config = files.profile(FileKind.CONFIG, profile)
    if config is not None and any(key in config.values for key in (*KEYS, *TOKENS)):
        remarks.append(f"The config file has keys for {profile} too; those in the credentials file win.")
    weaker = [key for key in ("credential_process", "login_session") if any(key in v for v in merged)]
    if weaker:
        remarks.append(f"{profile} has {' and '.join(weaker)}, which the keys now replace.")
    return remarks


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
