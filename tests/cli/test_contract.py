"""``docs/schema``: the schemas of what ``--json`` prints; every test's output is held to them as it runs."""

import json

import click
import jsonschema
import pytest

from rolecall.cli.main import rolecall as root
from tests.cli import contract
from tests.cli.program import Program

VARIANTS = frozenset(("doctor-homes", "exec-lines"))
"""Schemas of what a command prints with an option."""


def commands(group: click.Group, prefix: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= commands(command, f"{name}-")
        else:
            found[prefix + name] = command
    return found


def test_each_command_that_prints_json_has_a_schema() -> None:
    every = commands(root).items()
    takes = {name for name, each in every if any("--json" in option.opts for option in each.params)}
    assert takes == contract.COMMANDS - VARIANTS


@pytest.mark.parametrize("command", sorted(contract.COMMANDS))
def test_a_schema_is_one(command: str) -> None:
    found = json.loads((contract.FOLDER / f"{command}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(found)
    # AND what it says of objects is of objects that have names
    assert all(each["properties"] for each in found["$defs"].values())


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"files": []},
        {"files": [], "profiles": [], "more": 1},
        {"schema": "rolecall/2", "files": [], "profiles": []},
        {"schema": "rolecall/1", "error": {"type": "X"}},
        {"schema": "rolecall/1", "files": [{"path": 1}], "profiles": []},
    ],
    ids=repr,
)
def test_what_breaks_the_contract_is_seen(broken: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        contract.check(("list", "--json"), json.dumps(broken))


def test_consumers_may_be_given_more(rolecall: Program) -> None:
    found = rolecall("list", "--json").json
    schema = json.loads((contract.FOLDER / "list.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(found | {"more": 1})


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (("list", "--json"), "list"),
        (("--home", "list", "cache", "clear", "--json"), "cache-clear"),
        (("--read-only", "cache", "list", "--json"), "cache-list"),
        (("set", "list", "region", "x", "--json"), "set"),
        (("export", "list", "--json"), None),
        (("--json",), None),
    ],
)
def test_the_command_is_found_among_the_arguments(arguments: tuple[str, ...], command: str | None) -> None:
    assert contract.command_of(arguments) == command
