"""Holds every JSON that a test has the program print to the published schema of its command, strictly."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rolecall.cli.output import asks_for_json

FOLDER = Path(__file__).parents[2] / "docs" / "schema"
COMMANDS = frozenset(path.stem for path in FOLDER.glob("*.json"))


def check(arguments: Sequence[str], out: str) -> None:
    """Fail where what was printed is not what the schema says: no name may be missing, none be unknown."""
    if not asks_for_json(arguments) or not out:
        return
    command = command_of(arguments)
    lines = None
    if command == "doctor" and "--homes" in arguments:
        lines = "doctor-homes"
    elif command == "exec" and "--dry-run" not in arguments:
        lines = "exec-lines"
    for each in out.splitlines() if lines is not None and not out.startswith("{\n") else (out,):
        _validator(lines or command).validate(json.loads(each))


def command_of(arguments: Sequence[str]) -> str | None:
    """Return the name of a command's schema; None for a command that prints no JSON but an error."""
    words = [each for before, each in zip(("", *arguments), arguments, strict=False) if before != "--home"]
    names = [each for each in words if not each.startswith("-")]
    for many in (2, 1):
        name = "-".join(names[:many])
        if name in COMMANDS:
            return name
    return None


@cache
def _validator(command: str | None) -> Any:  # noqa: ANN401 - jsonschema ships no types
    import jsonschema  # noqa: PLC0415 - most tests print no JSON

    found = json.loads((FOLDER / f"{command or 'list'}.json").read_text(encoding="utf-8"))
    if command is None:
        found["anyOf"] = [{"$ref": "#/$defs/ErrorAnswer"}]
    for each in found["$defs"].values():
        each["additionalProperties"] = False
    return jsonschema.Draft202012Validator(found)
