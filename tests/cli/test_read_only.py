"""``--read-only``: every command that acts refuses, and none that looks does."""

from pathlib import Path

import click
import pytest

from rolecall.cli.common import ActingCommand, Commands
from rolecall.cli.main import rolecall as root
from tests.cli.program import Program

ACTING = {
    "add": ("new", "region=x"),
    "assume": ("admin",),
    "cache clear": ("--all", "--yes"),
    "console": ("admin",),
    "duplicate": ("admin", "copy"),
    "export": ("base", "--shell", "bash"),
    "login": ("admin",),
    "logout": ("admin",),
    "populate": ("corp",),
    "process": ("admin",),
    "remove": ("admin", "--yes"),
    "rename": ("admin", "boss"),
    "rewrite": ("config", "1"),
    "set": ("admin", "region", "x"),
    "unset": ("admin", "region"),
    "whoami": ("admin",),
}
LOOKING = {
    "cache list": (),
    "completion": ("bash",),
    "doctor": ("base",),
    "env": (),
    "exec": ("--dry-run", "base", "true"),
    "init": ("bash",),
    "list": (),
    "prompt": (),
    "show": ("admin",),
}
IN_THE_APP = {"demo"}


def _commands(group: click.Group, prefix: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, Commands):
            found |= _commands(command, f"{prefix}{name} ")
        else:
            found[prefix + name] = command
    return found


def _contents(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_every_command_is_known_to_act_or_to_look() -> None:
    commands = _commands(root)
    assert set(commands) == set(ACTING) | set(LOOKING) | IN_THE_APP
    assert {name for name, command in commands.items() if isinstance(command, ActingCommand)} == set(ACTING)


@pytest.mark.parametrize("how", ["option", "variable"])
@pytest.mark.parametrize("command", ACTING)
def test_what_acts_refuses_and_nothing_changes(rolecall: Program, command: str, how: str) -> None:
    before = _contents(rolecall.home)
    if how == "variable":
        rolecall.environ["ROLECALL_READ_ONLY"] = "1"
    first = ("--read-only",) if how == "option" else ()
    outcome = rolecall(*first, *command.split(), *ACTING[command])
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith(f"rolecall: `rolecall {command}` is refused: rolecall is read-only")
    assert len(outcome.err.splitlines()) == 1
    assert _contents(rolecall.home) == before


def test_the_json_names_it(rolecall: Program) -> None:
    assert (
        rolecall("--read-only", "set", "admin", "region", "x", "--json").json["error"]["type"] == "ReadOnly"
    )


@pytest.mark.parametrize("command", LOOKING)
def test_what_looks_still_does(rolecall: Program, command: str) -> None:
    rolecall.environ["ROLECALL_READ_ONLY"] = "1"
    outcome = rolecall("--read-only", *command.split(), *LOOKING[command])
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out


@pytest.mark.parametrize("command", ACTING)
def test_help_is_no_act(rolecall: Program, command: str) -> None:
    outcome = rolecall("--read-only", *command.split(), "--help")
    assert outcome.code == 0
    assert "\n  Examples:\n    " in outcome.out


def test_the_help_of_all_names_each_command(rolecall: Program) -> None:
    out = rolecall("--help").out
    for name in {command.split()[0] for command in ACTING | LOOKING}:
        assert f"\n  {name} " in out
