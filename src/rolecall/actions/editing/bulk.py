"""Many profiles added, changed, renamed and removed as one plan, with one diff."""

from collections.abc import Collection, Mapping

from rolecall.actions.editing.edits import rename_in
from rolecall.actions.editing.placement import about_dependants, home_of
from rolecall.actions.editing.transaction import Files, Transaction
from rolecall.actions.editing.validation import check_key, check_new_name, check_value, header_of
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot
from rolecall.values import dataclass

Settings = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Many:
    """What is to be done.

    Attributes:
        added: the settings of new profiles, for the config file, by name.
        changed: the settings that profiles get, each where it takes effect.
        renamed: the new names of profiles, by the old.
        removed: the names of profiles that are taken from both files.
    """

    added: Mapping[str, Settings]
    changed: Mapping[str, Settings]
    renamed: Mapping[str, str]
    removed: Collection[str]


def change_many(snapshot: Snapshot, title: str, many: Many) -> Plan:
    """Plan all of it, in one diff.

    Raises:
        ActionFailed: a name is taken or cannot be written, or a profile is not there any more.
    """
    files = Files.now(snapshot)
    transaction = Transaction(files)
    for name, settings in many.added.items():
        check_new_name(name)
        if files.has_profile(name):
            raise ActionFailed("NotApplicable", f"There is a profile {name} already.")
        transaction.config.added[header_of(name, FileKind.CONFIG)] = _checked(settings)
    for name, settings in many.changed.items():
        for key, value in _checked(settings).items():
            role = home_of(files, name, key)
            place = files.profile(role, name)
            if place is None:
                raise ActionFailed("ProfileNotFound", f"There is no profile {name} in the {role} file.")
            transaction.of(role).of(place.header)[key] = value
    if many.renamed:
        rename_in(transaction, many.renamed)
    for name in many.removed:
        transaction.remarks += about_dependants(snapshot, name)
        for role in FileKind:
            transaction.of(role).removed.update(files.of(role).headers.profiles.get(name, ()))
    return transaction.plan(title)


def _checked(settings: Settings) -> dict[str, str]:
    for key, value in settings.items():
        check_value(check_key(key), value)
    return dict(settings)
