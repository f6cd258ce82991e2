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
from rolecall.actions.editing.transaction import Files, SectionPlace, Transaction, rewritten
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
from rolecall.aws.line_edits import LineEdit
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
        file: where to write; None for where the key takes effect: the file that has it, else where the
            AWS CLI would put it.
    """
    files = Files.now(snapshot)
    transaction = Transaction(files)
    if not files.has_profile(profile):
        check_new_name(profile)
        transaction.remarks.append(f"There is no profile {profile} yet: it is added.")
    outer, whole = unfolded(files, profile, key, value, file)
    assert whole is not None  # noqa: S101 - for the type checker: what is set does not go
    _put(transaction, profile, profile, check_key(outer), whole, file)
    return transaction.plan(f"Set {mask_name(key.lower())} of {profile}")


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
    transaction = Transaction(files)
    outer, rest = unfolded(files, profile, key, None, file)
    if rest is not None:
        _put(transaction, profile, profile, outer, rest, file)
    elif not _take(transaction, profile, outer.lower(), file):
        raise _nothing_to_unset(files, profile, outer.lower(), file)
    return transaction.plan(f"Unset {mask_name(key.lower())} of {profile}")


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
        changes: key → value, or None to remove it; nested blocks begin with a new line.
        name: its new name, if it is to have one.
        file: where; None for where each key takes effect; what is removed is removed everywhere.
    """
    files = Files.now(snapshot)
    _require(files, profile)
    transaction = Transaction(files)
    final = profile if name is None else name
    if final != profile:
        rename_in(transaction, {profile: final})
    for key, value in changes.items():
        if value is None:
            _take(transaction, profile, key.lower(), file)
        else:
            _put(transaction, profile, final, check_key(key), value, file)
    return transaction.plan(f"Change {profile}" if final == profile else f"Change {profile}, now {final}")


def rewrite_lines(snapshot: Snapshot, role: FileKind, edit: LineEdit) -> Plan:
    """Plan to write some lines anew: a header on its own line, say. The file may be one that does not parse.

    Raises:
        ActionFailed: these lines are not there any more, or AWS tools could not read the file afterwards,
            although they can now.
    """
    file = next(each for each in snapshot.files if each.role is role)
    change = rewritten(snapshot, file, edit)
    return Plan(f"Correct line {edit.line} of the {role} file", (change,))


def add_profile(snapshot: Snapshot, name: str, settings: Mapping[str, str]) -> Plan:
    """Plan to add a profile; the files are made where they are missing.

    Raises:
        ActionFailed: there is one of that name, or no file can hold it.
    """
    files = Files.now(snapshot)
    _check_free(files, name)
    transaction = Transaction(files)
    for key, value in settings.items():
        _put(transaction, name, name, check_key(key), value, None)
    if not settings:
        transaction.config.added[header_of(name, FileKind.CONFIG)] = {}
    return transaction.plan(f"Add {name}")


def duplicate_profile(snapshot: Snapshot, name: str, new: str) -> Plan:
    """Plan to copy a profile's sections, comments inside them included, right below the originals."""
    files = Files.now(snapshot)
    _require(files, name)
    _check_free(files, new)
    transaction = Transaction(files)
    for place in _places(files, name):
        role = place.file.role
        transaction.of(role).copied[place.header] = header_in_style(place.header, new, role)
    if "role_arn" in snapshot.merged.by_name.get(name, {}):
        transaction.remarks.append(
            "Both use the same cache file as long as their role settings are the same."
        )
    if KEYS[1] in snapshot.merged.by_name.get(name, {}):
        transaction.remarks.append(
            f"Its keys are copied too: in plain text twice, and to be changed in both, {name} and {new}."
        )
    return transaction.plan(f"Duplicate {name} as {new}")


def rename_profile(snapshot: Snapshot, old: str, new: str) -> Plan:
    """Plan to rename a profile, in both files, with every ``source_profile`` that refers to it."""
    files = Files.now(snapshot)
    _require(files, old)
    transaction = Transaction(files)
    if old != new:
        rename_in(transaction, {old: new})
    return transaction.plan(f"Rename {old} to {new}")


def remove_profile(snapshot: Snapshot, name: str) -> Plan:
    """Plan to remove a profile from both files; the remarks say which profiles use it."""
    files = Files.now(snapshot)
    _require(files, name)
    transaction = Transaction(files)
    transaction.remarks += about_dependants(snapshot, name)
    transaction.remarks += about_commands(files, name, "and may fail without it")
    for role in FileKind:
        transaction.of(role).removed.update(files.of(role).headers.profiles.get(name, ()))
    transaction.remarks += _about_both(files, name, "is removed from both")
    transaction.remarks += [
        f"{variable} names {name} here: commands without --profile will fail."
        for variable in _choosing(snapshot, name)
    ]
    transaction.remarks.append("Its cached credentials stay in the cache.")
    return transaction.plan(f"Remove {name}")


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
    transaction: Transaction, profile: str, final: str, key: str, value: str, file: FileKind | None
) -> None:
    """Ask for one key to have a value, in a section that is there or is to be added under its final name."""
    check_value(key, value)
    role = home_of(transaction.files, profile, key) if file is None else file
    place = transaction.files.profile(role, profile)
    if place is not None:
        transaction.of(role).of(place.header)[key] = value
    else:
        header = header_of(final, role)
        transaction.of(role).added.setdefault(header, {})[key] = value
    transaction.remarks += about_losers(transaction.files, role, profile)
    transaction.remarks += about_shadows(transaction.files, role, profile, key)


def _take(transaction: Transaction, profile: str, key: str, file: FileKind | None) -> bool:
    """Ask for one key to be removed; return whether a section of the profile has it."""
    is_there = False
    for role in _roles(file):
        place = transaction.files.profile(role, profile)
        if place is None or key not in place.values:
            continue
        if transaction.files.editable(role).document.entry(place.header, key) is None:
            continue
        is_there = True
        transaction.of(role).of(place.header)[key] = None
    if is_there and file is not None:
        transaction.remarks += about_shadows(transaction.files, file, profile, key)
    return is_there


def rename_in(transaction: Transaction, names: Mapping[str, str]) -> None:
    """Ask for profiles to get new names, by the old, with all that refers to them."""
    for old, new in names.items():
        _rename(transaction, old, new)
    for role in FileKind:
        _redirect(transaction, role, names)


def _rename(transaction: Transaction, old: str, new: str) -> None:
    files = transaction.files
    _check_free(files, new)
    for role in FileKind:
        taken = set(files.of(role).sections)
        for header in reversed(files.of(role).headers.profiles.get(old, ())):
            transaction.of(role).renamed[header] = header_in_style(header, new, role, taken=taken)
            taken.add(transaction.of(role).renamed[header])
    transaction.remarks += _about_both(files, old, "is renamed in both")
    transaction.remarks += [
        f"{variable} is {old} here: no profile will have that name."
        for variable in _choosing(files.snapshot, old)
    ]
    transaction.remarks += about_commands(files, old)
    transaction.remarks.append(_CACHED)


def _redirect(transaction: Transaction, role: FileKind, names: Mapping[str, str]) -> None:
    """Ask for every ``source_profile`` that names a renamed profile to name it anew, in force or not."""
    if transaction.files.of(role).status is not FileStatus.OK:
        return
    editable = transaction.files.editable(role)
    for part in editable.document.parts:
        values = editable.parsed.sections.get(part.header, editable.parsed.defaults)
        source = values.get("source_profile")
        if part.entry("source_profile") is not None and isinstance(source, str) and source in names:
            transaction.of(role).of(part.header)["source_profile"] = names[source]


def _about_both(files: Files, name: str, what: str) -> list[str]:
    return [f"{name} is in both files, and {what}."] if len(_places(files, name)) == len(FileKind) else []


def _choosing(snapshot: Snapshot, name: str) -> list[str]:
    """Return the variables that choose a profile here."""
    environ = snapshot.host.environ
    return [variable for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE") if environ.get(variable) == name]


_END = END_KEYS[0]
_STRONGER = ("role_arn", "web_identity_token_file", "sso_account_id", "sso_role_name")
"""Settings that win over static keys, in whichever file they are (see ``resolver``)."""


def put_credentials(snapshot: Snapshot, profile: str, credentials: "Credentials") -> Plan:
    """Plan to write credentials into a profile of the credentials file.

    What another set has left there is removed: either spelling of the token, any note of an end, an account
    id. The end is noted as ``x_security_token_expires``, as saml2aws and others do, in UTC with a ``Z``.
    """
    files = Files.now(snapshot)
    transaction = Transaction(files)
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
        transaction.credentials.of(place.header).update(wanted)
    else:
        check_new_name(profile)
        added = {key: value for key, value in wanted.items() if value is not None}
        transaction.credentials.added[header_of(profile, FileKind.CREDENTIALS)] = added
    transaction.remarks += _about_others(files, profile)
    return transaction.plan(f"Write credentials into {profile}")


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
        changes: key → value, or None to remove it.
    """
    files = Files.now(snapshot)
    transaction = Transaction(files)
    wanted = {check_key(key): value for key, value in changes.items()}
    for key, value in wanted.items():
        if value is not None:
            check_value(key, value)
    place = files.session(name)
    if place is not None:
        transaction.config.of(place.header).update(wanted)
        return transaction.plan(f"Change sso-session {name}")
    check_new_name(name)
    header = header_of(name, FileKind.CONFIG, SSO_SESSION)
    transaction.config.added[header] = {key: value for key, value in wanted.items() if value is not None}
    return transaction.plan(f"Add sso-session {name}")
