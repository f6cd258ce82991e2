"""The commands, their options and their help."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from rolecall import __version__
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable
from rolecall.cli import (
    cachelist,
    completion,
    contract,
    environment,
    launch,
    listing,
    lookup,
    output,
    showing,
)
from rolecall.cli.failures import ExitCode, Failure
from rolecall.cli.terminal import Terminal
from rolecall.cli.wiring import Wiring
from rolecall.host import Host
from rolecall.shells import SHELLS, guess_shell, is_variable_name

_HOME = "rolecall.home"


def run(arguments: Sequence[str], wiring: Wiring) -> int:
    """Run one command, or answer a shell that asks for completions; return the exit code.

    Raises:
        Failure: the arguments or what they lead to is wrong.
    """
    instruction = os.environ.get(completion.VARIABLE)
    if instruction:
        found = completion.answer(rolecall, instruction, wiring)
        output.write(f"{found}\n" if found else "")
        return ExitCode.FAILED if found is None else ExitCode.FINE
    try:
        with rolecall.make_context("rolecall", list(arguments), obj=wiring) as context:
            code: int | None = rolecall.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.UsageError as error:
        raise Failure("UsageError", _with_help(error), ExitCode.USAGE) from None
    return code or ExitCode.FINE


def _with_help(error: click.UsageError) -> str:
    message = " ".join(error.format_message().split())
    path = error.ctx.command_path if error.ctx is not None else "rolecall"
    return f"{message} See `{path} --help`."


def _examples(*lines: str) -> str:
    """Return an epilog that click leaves as it is, line by line."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def _note_home(context: click.Context, _: click.Parameter, home: Path | None) -> None:
    if home is not None:
        context.meta[_HOME] = home


def _with_home(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--home``, which may stand before its name as well as after it."""
    return click.option(
        "--home",
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False, readable=False, path_type=Path),
        expose_value=False,
        callback=_note_home,
        help="Read this home directory in place of yours.",
    )(command)


_with_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def _wiring(context: click.Context) -> Wiring:
    wiring: Wiring = context.obj
    return wiring


def _host(context: click.Context) -> Host:
    return _wiring(context).host(context.meta.get(_HOME))


def _print(host: Host, lines: Callable[[Terminal], list[str]]) -> None:
    output.write_lines(lines(Terminal.of(sys.stdout, host.environ)))


def _complete_profile(
    context: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    return completion.starting_with(incomplete, completion.profile_names(_host(context)))


def _complete_variable(
    context: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    names = [name for name in _host(context).environ if name.startswith("AWS") and is_variable_name(name)]
    return completion.starting_with(incomplete, sorted(names))


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_examples(
        "rolecall                  the app, full screen",
        "rolecall demo             the app over a made-up home, to look around in",
        "rolecall list             every profile: live, expiring or broken",
        "rolecall show prod        one profile, and where each of its settings comes from",
        "rolecall env              the AWS variables here, and what they do",
        "rolecall --home /mnt/old-laptop/home/me list --json",
    ),
)
@click.version_option(__version__, prog_name="rolecall", message="%(prog)s %(version)s")
@_with_home
@click.pass_context
def rolecall(context: click.Context) -> int | None:
    """A roll call for your AWS profiles: what is live, what is expiring, what is broken, and why.

    Without a command it opens the app. Looking calls no network, starts no process and writes nothing.

    Exit codes: 0 fine, 1 it failed, 2 wrong usage.
    """
    if context.invoked_subcommand is not None:
        return None
    return launch.launch(_wiring(context).app, _host(context))


@rolecall.command(epilog=_examples("rolecall demo"))
@click.pass_context
def demo(context: click.Context) -> int:
    """Open the app over a made-up home.

    It shows every kind of profile and every kind of trouble, in a temporary directory that is removed at the
    end. Your own files and variables are not read.
    """
    return launch.launch_demo(_wiring(context).app, os.environ)


@rolecall.command(
    "list",
    epilog=_examples(
        "rolecall list",
        "rolecall list | grep expired",
        "rolecall list --json | jq -r '.profiles[] | select(.expiry.state == \"valid\") | .name'",
    ),
)
@_with_json
@_with_home
@click.pass_context
def list_profiles(context: click.Context, *, as_json: bool) -> None:
    """List every profile and how it stands.

    That is its state, who supplies its credentials, the time that is left, and what happens then.
    """
    snapshot = Snapshot.take(_host(context))
    if as_json:
        output.write_json(contract.listed(snapshot))
        return
    for remark in listing.remarks(snapshot):
        output.complain(remark)
    _print(snapshot.host, lambda terminal: listing.lines(snapshot, terminal))


@rolecall.command(epilog=_examples("rolecall show prod", "rolecall show prod --json | jq .tools"))
@click.argument("name", shell_complete=_complete_profile)
@_with_json
@_with_home
@click.pass_context
def show(context: click.Context, name: str, *, as_json: bool) -> None:
    """Show one profile and where all of it comes from.

    That is its chain, when it ends, and the file and line behind each of its settings. It is what an
    explicit choice of the profile (--profile NAME) gives.
    """
    snapshot = Snapshot.take(_host(context))
    report = lookup.profile(snapshot, name)
    if as_json:
        output.write_json(contract.shown(snapshot, report))
    else:
        _print(snapshot.host, lambda terminal: showing.lines(snapshot, report, terminal))


@rolecall.command(
    epilog=_examples(
        "rolecall env",
        "rolecall env --json | jq .ambient.cli_v2",
        'eval "$(rolecall env --unset)"                           in bash and zsh',
        "rolecall env --unset --shell fish | source               in fish",
        "rolecall env --unset --shell powershell | Invoke-Expression",
        'eval "$(rolecall env --unset AWS_PROFILE AWS_REGION)"    only these',
    )
)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=_complete_variable)
@click.option("--unset", is_flag=True, help="Print the lines that clear them, for this shell to run.")
@click.option(
    "--shell", type=click.Choice(SHELLS), help="The shell that --unset speaks to; else it is guessed."
)
@_with_json
@_with_home
@click.pass_context
def env(
    context: click.Context, names: tuple[str, ...], *, unset: bool, shell: str | None, as_json: bool
) -> None:
    """Show the AWS variables here, and what they do.

    After them stands what each tool would use where no profile is named.

    With NAMEs, only these variables. --unset without NAMEs clears those that begin with AWS.
    """
    if as_json and unset:
        raise click.UsageError("--unset prints lines for a shell, not JSON.", context)
    if shell is not None and not unset:
        raise click.UsageError("--shell goes with --unset.", context)
    snapshot = Snapshot.take(_host(context))
    variables = environment.chosen(snapshot, names)
    if unset:
        chosen = variables if names else environment.aws_only(variables)
        _print_unset(snapshot.host, chosen, shell)
    elif as_json:
        output.write_json(contract.environment(snapshot, variables))
    else:
        _print(snapshot.host, lambda terminal: environment.lines(snapshot, variables, terminal))


def _print_unset(host: Host, variables: Sequence[Variable], shell: str | None) -> None:
    left_out = environment.unsettable(variables)
    if left_out:
        output.complain(f"{left_out} left alone: no shell could take their names for a variable's")
    output.write_lines(environment.unset_lines(variables, shell or guess_shell(host.environ, host.platform)))


@rolecall.group(no_args_is_help=False, epilog=_examples("rolecall cache list", "rolecall cache list --json"))
def cache() -> None:
    """Look at the caches of the AWS tools."""


@cache.command(
    "list",
    epilog=_examples(
        "rolecall cache list",
        "rolecall cache list --json | jq -r '.entries[] | select(.orphan) | .path'",
    ),
)
@_with_json
@_with_home
@click.pass_context
def list_cache(context: click.Context, *, as_json: bool) -> None:
    """List every cache file and whom it serves.

    That is what it holds, the profiles that lead to it, when it ends, and what is wrong with it.
    """
    snapshot = Snapshot.take(_host(context))
    if as_json:
        output.write_json(contract.cached(snapshot))
    else:
        _print(snapshot.host, lambda terminal: cachelist.lines(snapshot, terminal))


@rolecall.command(
    "completion",
    epilog=_examples(
        "rolecall completion bash >> ~/.bashrc",
        "rolecall completion zsh >> ~/.zshrc",
        "rolecall completion fish > ~/.config/fish/completions/rolecall.fish",
        'eval "$(rolecall completion bash)"        only here and now',
    ),
)
@click.argument("shell", type=click.Choice(completion.SHELLS))
def print_completion(shell: str) -> None:
    """Print the script for the tab key.

    It completes commands, options and the names of profiles and variables.
    """
    output.write(completion.script(rolecall, shell))
