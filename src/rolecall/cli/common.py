"""What all commands have in common: their options, and the profile that was asked for."""

import importlib
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from rolecall import which_shell
from rolecall.app_options import Characters, Options
from rolecall.aws import other_homes
from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import completion, output
from rolecall.cli.launch import Wiring, characters_of, options_of, tell_of
from rolecall.cli.output import ExitCode, Failure
from rolecall.host import Host
from rolecall.signals import ending_by_exception
from rolecall.text import elide, mask

if TYPE_CHECKING:
    from rolecall.cli.text_output import Terminal

_HOME = "rolecall.home"
_OPTIONS = "rolecall.options"
_TOLD = "rolecall.told"


class _PrintingHelp(click.Command):
    """Prints its help through ``rolecall.cli.output``."""

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
    """A command that changes nothing."""


class Commands(_PrintingHelp, click.Group):
    """A group of commands, each imported only when it is asked for: none waits for what another needs."""

    command_class = LookingCommand

    def __init__(self, *, later: Mapping[str, str], **attributes: Any) -> None:  # noqa: ANN401 - click's own
        """Make it; ``later`` has the place of each command that is not defined yet: ``module:attribute``."""
        super().__init__(**attributes)
        self._later = later

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*super().list_commands(ctx), *self._later])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, or None."""
        place = self._later.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


class ActingCommand(LookingCommand):
    """A command that changes a file, starts a process or calls the network; refused if read-only."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Run it.

        Raises:
            Failure: rolecall is read-only.
        """
        if options(ctx).read_only:
            message = (
                f"`{ctx.command_path}` is refused: rolecall is read-only (--read-only or ROLECALL_READ_ONLY)"
            )
            raise Failure("ReadOnly", message)
        with ending_by_exception():  # so that a prompt restores the terminal
            return super().invoke(ctx)


def examples(*lines: str) -> str:
    """Return an epilog that click does not wrap."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def _note_home(context: click.Context, _: click.Parameter, home: Path | None) -> None:
    if home is not None:
        context.meta[_HOME] = home


class _Home(click.Path):
    """An existing directory; expands ``~``, which a shell does not in ``--home=~/x``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's own
        """Return its path."""
        path = os.path.expanduser(value) if isinstance(value, str) else value  # noqa: PTH111 - Path's raises
        return super().convert(path, param, ctx)


def with_home(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--home``; the group takes it before the command's name as well."""
    return click.option(
        "--home",
        metavar="DIR",
        type=_Home(exists=True, file_okay=False, readable=False, path_type=Path),
        expose_value=False,
        callback=_note_home,
        help="Read this home directory instead of yours. Variables that name files, such as AWS_CONFIG_FILE, "
        "are then ignored; variables with keys, a profile, a region or a proxy are not.",
    )(command)


with_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def note_options(context: click.Context, given: Options) -> None:
    """Remember the options of the group, for all commands and the app."""
    context.meta[_OPTIONS] = given


def options(context: click.Context) -> Options:
    """Return the options of the app, which also apply to the commands."""
    given: Options = context.meta.get(_OPTIONS) or Options()
    said = options_of(host(context).environ)
    characters = said.characters if given.characters is Characters.ALL else given.characters
    return replace(given, read_only=given.read_only or said.read_only, characters=characters)


def wiring(context: click.Context) -> Wiring:
    """Return the Wiring that the program was started with."""
    given: Wiring = context.obj
    return given


def host(context: click.Context) -> Host:
    """Return the Host; says once on stderr which home it is, if that is not obvious."""
    here = wiring(context).host(context.meta.get(_HOME))
    if not context.resilient_parsing and not context.meta.get(_TOLD):
        context.meta[_TOLD] = True
        given = context.meta.get(_OPTIONS, Options()).characters
        output.print_only(characters_of(here.environ) if given is Characters.ALL else given)
        tell_of(here)
    return here


def print_lines(here: Host, lines: "Callable[[Terminal], list[str]]") -> None:
    """Print lines that fit the terminal, if stdout is one."""
    from rolecall.cli.text_output import Terminal  # noqa: PLC0415 - JSON needs none

    output.write_lines(lines(Terminal.of(sys.stdout, here.environ, output.characters())))


def complete_profile(
    context: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Offer the names of the profiles."""
    return completion.starting_with(incomplete, completion.profile_names(host(context)))


def complete_login(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Offer the names of the profiles and of the sso-sessions."""
    return completion.starting_with(incomplete, completion.login_names(host(context)))


def print_words(here: Host, *lines: str) -> None:
    """Print sentences, with control characters made harmless; secrets must be masked already."""
    print_lines(here, lambda terminal: [terminal.clean(line) for line in lines])


def look_at(context: click.Context, *names: str) -> Snapshot:
    """Take a Snapshot, and check that these profiles exist.

    Raises:
        Failure: a profile does not exist, or a file does not parse.
    """
    snapshot = Snapshot.take(host(context))
    for name in names:
        profile(snapshot, name)
    return snapshot


LONGEST_NAME = 80
"""Characters of a name that a message quotes, and that are compared with other names."""


def as_asked(name: str) -> str:
    """Return a missing name for a message: masked, then cut, because half a secret is still secret."""
    return elide(mask(name), LONGEST_NAME)


_ARN = re.compile(r"arn:[\w-]+:[\w-]*:[\w-]*:\d*:[\w+=,.@/:-]+", re.ASCII)


def masked(text: str) -> str:
    """Return a text with secrets masked; an ARN stays whole."""
    return text if _ARN.fullmatch(text) else mask(text)


def masked_profile(name: str, snapshot: Snapshot) -> str:
    """Return a profile's name, masked if there is no such profile.

    A reference to a missing profile is a value like any other, and may be a secret by mistake.
    """
    return name if name in snapshot.profiles else mask(name)


def profile(snapshot: Snapshot, name: str) -> ProfileReport:
    """Return the report of the profile that was asked for.

    Raises:
        Failure: there is no such profile (wrong usage), or a file does not parse, so that there are no
            profiles at all (failed).
    """
    report = snapshot.profiles.get(name)
    if report is not None:
        return report
    if snapshot.merged.broken_file is not None:
        raise Failure("ConfigParseError", "; ".join(remarks(snapshot)))
    message = f"there is no profile {as_asked(name)!r}; {_hint(snapshot, name)}"
    raise Failure("ProfileNotFound", message, ExitCode.USAGE)


def _hint(snapshot: Snapshot, name: str) -> str:
    headers = snapshot.files[0].headers
    if name in headers.other:
        where = _header(snapshot, name)
        return f"{where} exists, but AWS tools only read [profile {name}] as a profile"
    if f"profile {name}" in headers.dropped:
        return f"{_header(snapshot, f'profile {name}')} exists, but AWS tools ignore it: quote the name"
    elsewhere = other_homes.home_of(snapshot.host, name)
    if elsewhere is not None:
        home, path = elsewhere
        return f"it is in {snapshot.host.display(path)}, but {home.why}: {home.cure}"
    import difflib  # noqa: PLC0415 - only a missing name needs it

    names = [known for known in snapshot.profiles if len(known) <= LONGEST_NAME]
    nearest = difflib.get_close_matches(name[:LONGEST_NAME], names, n=1, cutoff=0.5)
    if nearest:
        return f"did you mean {nearest[0]!r}?"
    return f"`{snapshot.host.command('list')}` lists the profiles"


def _header(snapshot: Snapshot, header: str) -> str:
    config = snapshot.files[0]
    place = config.located.sections.get(header)
    where = file_name(config, snapshot)
    return f"[{header}] in {where}:{place.line}" if place is not None else f"[{header}] in {where}"


def remarks(snapshot: Snapshot) -> list[str]:
    """Return a line for each file that has a problem."""
    return [remark for file in snapshot.files if (remark := file_remark(file, snapshot))]


def file_remark(file: ConfigFile, snapshot: Snapshot) -> str | None:
    """Return what is wrong with a file; None if nothing is, or if it does not exist."""
    if file.error is None:
        return None
    where = file_name(file, snapshot)
    place = where if file.line is None else f"{where}:{file.line}"
    words_for_it = f"{place}: {file.error}"
    if file.status is FileStatus.UNPARSEABLE:
        return f"{words_for_it}; every AWS command fails with ConfigParseError until this is fixed"
    return words_for_it


def file_name(file: ConfigFile, snapshot: Snapshot) -> str:
    """Return a file's path for a person; its role if the environment gives no path."""
    return file.role.value if file.path is None else snapshot.host.display(file.path)


class ShellFormType(click.Choice[str]):
    """A format of lines; a shell's program name is accepted too (``dash``, ``pwsh``)."""

    def __init__(self, forms: Sequence[str]) -> None:
        """Make it; ``forms`` are the names that the help lists."""
        super().__init__(forms)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - click's own
        """Return the format; fail for an unknown shell, and for one that has no such lines."""
        if value in self.choices:
            return str(value)
        try:
            asker = which_shell.shell_named(str(value))
        except ValueError:
            return super().convert(value, param, ctx)
        if asker.shell is None:
            self.fail(f"{asker.doubt}.", param, ctx)
        return asker.shell


def asking_shell(host: Host) -> str:
    """Return the shell that rolecall was started from.

    Raises:
        Failure: it is not known, or has no such lines.
    """
    asker = which_shell.asker(host)
    if asker.doubt is not None or asker.shell is None:
        message = f"{asker.doubt}: name the shell with --shell"
        raise Failure("UnknownShell", message, ExitCode.USAGE)
    return asker.shell
