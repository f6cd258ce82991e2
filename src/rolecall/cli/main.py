"""The program: finds the command that is asked for, and runs it."""

import contextlib
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from rolecall import __version__
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.app_options import Characters, Options
from rolecall.cli import common, completion, launch, output
from rolecall.cli.common import (
    Commands,
    examples,
    with_home,
)
from rolecall.cli.launch import Wiring
from rolecall.cli.output import ExitCode, Failure
from rolecall.shells import WITH_COMPLETION, WITH_FUNCTION

_COMMANDS = {
    "add": "rolecall.cli.edit:add",
    "assume": "rolecall.cli.assume:assume",
    "cache": "rolecall.cli.cache:cache",
    "console": "rolecall.cli.console:console",
    "doctor": "rolecall.cli.doctor:doctor",
    "duplicate": "rolecall.cli.edit:duplicate",
    "env": "rolecall.cli.env:env",
    "exec": "rolecall.cli.exec:exec_command",
    "export": "rolecall.cli.export:export",
    "init": "rolecall.cli.export:init",
    "list": "rolecall.cli.profiles:list_profiles",
    "login": "rolecall.cli.login:login",
    "logout": "rolecall.cli.login:logout",
    "populate": "rolecall.cli.populate:populate",
    "process": "rolecall.cli.process:process",
    "prompt": "rolecall.cli.prompt:prompt",
    "remove": "rolecall.cli.edit:remove",
    "rename": "rolecall.cli.edit:rename",
    "rewrite": "rolecall.cli.edit:rewrite",
    "set": "rolecall.cli.edit:set_key",
    "show": "rolecall.cli.profiles:show",
    "unset": "rolecall.cli.edit:unset_key",
    "whoami": "rolecall.cli.assume:whoami",
}
"""Where each command is: its module is imported only when the command is asked for."""


def run(arguments: Sequence[str], wiring: Wiring) -> int:
    """Run one command, or answer a shell that asks for completions; return the exit code.

    Raises:
        Failure: the arguments or what they lead to is wrong, an action was not done, or was cancelled.
    """
    with _uncollected():
        return _run(arguments, wiring)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Switch garbage collection off: a command ends before it would pay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _run(arguments: Sequence[str], wiring: Wiring) -> int:
    instruction = os.environ.get(completion.VARIABLE)
    if instruction:
        found = completion.answer(rolecall, instruction, wiring)
        output.write(f"{found}\n" if found else "")
        return ExitCode.FAILED if found is None else ExitCode.FINE
    try:
        with rolecall.make_context("rolecall", list(arguments), obj=wiring) as context:
            return _invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.UsageError as error:
        raise Failure("UsageError", _with_help(error), ExitCode.USAGE) from None


def _invoke(context: click.Context) -> int:
    try:
        code: int | None = rolecall.invoke(context)
    except ActionFailed as failed:
        raise output.of_action(failed, common.host(context)) from failed
    except Cancelled as cancelled:
        raise output.of_cancelled() from cancelled
    return code or ExitCode.FINE


def _with_help(error: click.UsageError) -> str:
    message = " ".join(error.format_message().split())
    path = error.ctx.command_path if error.ctx is not None else "rolecall"
    return f"{message} See `{path} --help`."


def _print_version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:  # noqa: FBT001 - click's own
    if is_asked and not context.resilient_parsing:
        output.write(f"rolecall {__version__}\n")
        context.exit()


def _start_log(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    if path is None or context.resilient_parsing:
        return
    from rolecall.cli import log  # noqa: PLC0415 - nothing waits for it that does not ask for it
    from rolecall.masking.commands import mask_arguments  # noqa: PLC0415 - as above

    words = mask_arguments(["rolecall", *sys.argv[1:]])
    known = {*_COMMANDS, *rolecall.commands, "clear"}
    told = (word if word in known else shown for word, shown in zip(sys.argv[1:], words[1:], strict=True))
    log.start(path, " ".join(told))


@click.group(
    cls=Commands,
    later=_COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "rolecall                  the full-screen app",
        "rolecall demo             the app over a made-up home, to try it",
        "rolecall list             every profile: live, expiring or broken",
        "rolecall show prod        one profile, and where each of its settings comes from",
        "rolecall env              the AWS variables here, and what they do",
        "rolecall doctor           what is wrong, and the command that fixes it",
        "rolecall assume prod      get a role's credentials",
        "rolecall exec prod -- aws s3 ls",
        "rolecall login corp       log in in the browser",
        "rolecall console prod     the AWS console in the browser",
        "rolecall populate corp    a profile for every account of an SSO session",
        "rolecall set prod region eu-west-1",
        "rolecall init zsh         a shell function that applies what you choose in the app",
        "rolecall --home /mnt/old-laptop/home/me list --json",
        "rolecall --log /tmp/rolecall.log doctor     and note what it reads, and that it calls nobody",
    ),
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version.",
)
@with_home
@click.option(
    "--read-only", is_flag=True, help="Refuse every command that changes something, in the app too."
)
@click.option("--ascii", "is_ascii", is_flag=True, help="Draw and print in ASCII: no glyphs, lines or bars.")
@click.option(
    "--fresh", "is_fresh", is_flag=True, help="Ignore the theme, grouping, folds and cursor of the last time."
)
@click.option(
    "--log",
    "log_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_start_log,
    help="Append to this file what rolecall reads, writes, starts and calls; secrets are masked.",
)
@click.option(
    "--emit",
    "emits",
    metavar="SHELL",
    type=click.Choice(WITH_FUNCTION),
    hidden=True,
    help="Print what you chose in the app, for this shell to evaluate; see `rolecall init`.",
)
@click.pass_context
def rolecall(
    context: click.Context, *, read_only: bool, is_ascii: bool, is_fresh: bool, emits: str | None
) -> int | None:
    """A roll call for your AWS profiles: what is live, what is expiring, what is broken, and why.

    Without a command it opens the app. list, show, env, cache list and doctor (without --online and
    --silence) call no network, start no process and write nothing. Commands that do ask first, at a terminal,
    where something is deleted or overwritten; with --read-only, or ROLECALL_READ_ONLY=1 in the environment,
    they are refused.

    Exit codes: 0 success, 1 failed or cancelled, 2 wrong usage, 130 ctrl+c. If the command succeeded but its
    output could not be written, the exit code is 1 and stderr says so; a closed pipe is no failure.
    """
    characters = Characters.LETTERS if is_ascii else Characters.ALL
    common.note_options(context, Options(read_only, emits, characters, is_fresh))
    if context.invoked_subcommand is not None:
        return None
    gc.enable()  # the app runs long
    return launch.launch(common.wiring(context).app, common.host(context), common.options(context))


@rolecall.command(epilog=examples("rolecall demo"))
@click.pass_context
def demo(context: click.Context) -> int:
    """Open the app over a made-up home.

    It shows every kind of profile and of problem, in a temporary directory that is removed at the end. Your
    own files and variables are not read.
    """
    gc.enable()  # the app runs long
    return launch.launch_demo(common.wiring(context).app, os.environ, common.options(context))


@rolecall.command(
    "completion",
    epilog=examples(
        "rolecall completion bash >> ~/.bashrc",
        "rolecall completion zsh >> ~/.zshrc",
        "rolecall completion fish > ~/.config/fish/completions/rolecall.fish",
        "rolecall completion powershell >> $PROFILE",
        'eval "$(rolecall completion bash)"        only here and now',
    ),
)
@click.argument("shell", type=click.Choice(WITH_COMPLETION))
def print_completion(shell: str) -> None:
    """Print the script for the tab key.

    It completes commands, options and the names of profiles and variables.
    """
    output.write(completion.script(rolecall, shell))
