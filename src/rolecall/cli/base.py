"""What the commands have in common: their options, the world they look at, what they offer on the tab key."""

import importlib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from rolecall.app_options import Options
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import completion, lookup, output
from rolecall.cli.failures import Failure
from rolecall.cli.launch import is_read_only, tell_of
from rolecall.cli.output_style import Terminal
from rolecall.cli.wiring import Wiring
from rolecall.host import Host
from rolecall.signals import ending_by_exception

_HOME = "rolecall.home"
_READ_ONLY = "rolecall.read_only"
_EMITS = "rolecall.emits"
_TOLD = "rolecall.told"


class _PrintingHelp(click.Command):
    """Prints its help as everything else is printed."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _print_help
        return option


def _print_help(context: click.Context, _: click.Parameter, is_asked: bool) -> None:  # noqa: FBT001 - click's own
    if is_asked and not context.resilient_parsing:
        output.write(f"{context.get_help()}\n")
        context.exit()


class LookingCommand(_PrintingHelp):
    """A command that looks."""


class Commands(_PrintingHelp, click.Group):
    """A group of commands, of which those that act are imported only when one of them is asked for.

    Looking must not wait for what only acting needs.
    """

    command_class = LookingCommand

    def __init__(self, *, acting: Mapping[str, str], **attributes: Any) -> None:  # noqa: ANN401 - click's own
        """Make it; ``acting`` has the place of each command that acts, by name: ``module:attribute``."""
        super().__init__(**attributes)
        self._acting = acting

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*super().list_commands(ctx), *self._acting])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, or None."""
        place = self._acting.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


class ActingCommand(LookingCommand):
    """A command that changes a file, starts a process or calls the network: not where all is read-only."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Run it.

        Raises:
            Failure: rolecall is read-only.
        """
        if options(ctx).read_only:
            message = (
                f"`{ctx.command_path}` acts, and rolecall is read-only (--read-only or ROLECALL_READ_ONLY)"
            )
            raise Failure("ReadOnly", message)
        with ending_by_exception():  # so that a prompt gives the terminal back as it was
            return super().invoke(ctx)


def examples(*lines: str) -> str:
    """Return an epilog that click leaves as it is, line by line."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def _note_home(context: click.Context, _: click.Parameter, home: Path | None) -> None:
    if home is not None:
        context.meta[_HOME] = home


class _Home(click.Path):
    """A directory that is there; ``~`` is what a shell makes of it, which leaves ``--home=~/x`` as it is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's own
        """Return its path."""
        path = os.path.expanduser(value) if isinstance(value, str) else value  # noqa: PTH111 - Path's raises
        return super().convert(path, param, ctx)


def with_home(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--home``, which may stand before its name as well as after it."""
    return click.option(
        "--home",
        metavar="DIR",
        type=_Home(exists=True, file_okay=False, readable=False, path_type=Path),
        expose_value=False,
        callback=_note_home,
        help="Read this home directory in place of yours. Variables that name files of yours, such as "
        "AWS_CONFIG_FILE, do not count then; those that hold keys, a profile or a region do, and so do those "
        "by which AWS is reached from here.",
    )(command)


with_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def note_options(context: click.Context, *, read_only: bool, emits: str | None) -> None:
    """Keep what was asked of all commands and of the app."""
    context.meta[_READ_ONLY] = read_only
    context.meta[_EMITS] = emits


def options(context: click.Context) -> Options:
    """Return how the app is to be started, which holds for the commands that act as well."""
    read_only = bool(context.meta.get(_READ_ONLY)) or is_read_only(host(context).environ)
    return Options(read_only=read_only, emits=context.meta.get(_EMITS))


def wiring(context: click.Context) -> Wiring:
    """Return the two ends that the command line stands between."""
    given: Wiring = context.obj
    return given


def host(context: click.Context) -> Host:
    """Return the world to look at; which home that is, is told once, where it is not plain."""
    here = wiring(context).host(context.meta.get(_HOME))
    if not context.resilient_parsing and not context.meta.get(_TOLD):
        context.meta[_TOLD] = True
        tell_of(here)
    return here


def print_lines(here: Host, lines: Callable[[Terminal], list[str]]) -> None:
    """Print what fits the terminal that stdout is, if it is one."""
    output.write_lines(lines(Terminal.of(sys.stdout, here.environ)))


def complete_profile(
    context: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Offer the names of the profiles."""
    return completion.starting_with(incomplete, completion.profile_names(host(context)))


def complete_login(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Offer the names of the profiles and of the sso-sessions."""
    return completion.starting_with(incomplete, completion.login_names(host(context)))


def print_words(here: Host, *lines: str) -> None:
    """Print sentences, whatever names stand in them; what could be a secret is masked already."""
    terminal = Terminal.of(sys.stdout, here.environ)
    output.write_lines([terminal.clean(line) for line in lines])


def look_at(context: click.Context, *names: str) -> Snapshot:
    """Look at the world, and make sure that there are profiles of these names.

    Raises:
        Failure: there is none of a name, or a file does not parse.
    """
    snapshot = Snapshot.take(host(context))
    for name in names:
        lookup.profile(snapshot, name)
    return snapshot
