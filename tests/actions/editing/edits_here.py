"""One file before and after an edit, for tests that read as tables."""

from collections.abc import Callable
from pathlib import Path

from botocore import configloader

from rolecall.actions.plan import Plan
from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot
from tests.homes import make_home

Asked = Callable[[Snapshot], Plan]


def home(place: Path, config: str | None = None, credentials: str | None = None) -> Snapshot:
    """Write two files and look at them; texts are written as they are, line ends and all."""
    texts = [text.encode() if text is not None else None for text in (config, credentials)]
    return Snapshot.take(make_home(place, config=texts[0], credentials=texts[1]))


def edited(place: Path, before: str, asked: Asked, role: FileKind = FileKind.CONFIG) -> str:
    """Return what an edit makes of one file; the other is missing and must stay so."""
    snapshot = home(place, **{role.value: before})
    plan = asked(snapshot)
    assert {change.role for change in plan.changes} <= {role}
    return after(plan, role, before)


def after(plan: Plan, role: FileKind, before: str = "") -> str:
    """Return the text of one file after a plan, line ends as they are."""
    found = [change.after for change in plan.changes if change.role is role]
    return found[0].decode() if found and found[0] is not None else before


def profiles(place: Path, text: str) -> dict[str, dict[str, object]]:
    """Return what botocore makes of a config file's text."""
    path = place / "read"
    path.write_bytes(text.encode())
    found: dict[str, dict[str, object]] = configloader.load_config(str(path))["profiles"]
    return found
