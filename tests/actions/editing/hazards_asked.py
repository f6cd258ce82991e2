"""What is asked of an oddity, in short."""

from collections.abc import Callable

from rolecall.actions.editing import edits
from rolecall.actions.plan import Plan
from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot

Asked = Callable[[Snapshot], Plan]


def put(profile: str, key: str, value: str) -> Asked:
    return lambda snapshot: edits.set_setting(snapshot, profile, key, value, FileKind.CONFIG)


def take(profile: str, key: str) -> Asked:
    return lambda snapshot: edits.unset_setting(snapshot, profile, key)


def rename(old: str, new: str) -> Asked:
    return lambda snapshot: edits.rename_profile(snapshot, old, new)


def remove(name: str) -> Asked:
    return lambda snapshot: edits.remove_profile(snapshot, name)


def copy(name: str, new: str) -> Asked:
    return lambda snapshot: edits.duplicate_profile(snapshot, name, new)
