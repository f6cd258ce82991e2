"""The commands that look, and the program that all commands belong to."""

import contextlib
import gc
import os
from collections.abc import Iterator, Sequence

import click
from click.shell_completion import CompletionItem

from rolecall import __version__
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, completion, errors, json_output, launch, output, views
from rolecall.cli.common import (
    Commands,
    complete_profile,
    examples,
    print_lines,
    with_home,
    with_json,
)
from rolecall.cli.errors import ExitCode, Failure
from rolecall.cli.wiring import Wiring
from rolecall.host import Host
from rolecall.shells import INTEGRATED, SHELLS, is_variable_name

_ACTING = {
    "add": "rolecall.cli.actions.edit:add",
    "assume": "rolecall.cli.actions.assume:assume",
    "duplicate": "rolecall.cli.actions.edit:duplicate",
    "export": "rolecall.cli.actions.export:export",
    "init": "rolecall.cli.actions.export:init",
    "login": "rolecall.cli.actions.login:login",
    "logout": "rolecall.cli.actions.login:logout",
    "remove": "rolecall.cli.actions.edit:remove",
    "rename": "rolecall.cli.actions.edit:rename",
    "set": "rolecall.cli.actions.edit:set_key",
    "unset": "rolecall.cli.actions.edit:unset_key",
    "whoami": "rolecall.cli.actions.assume:whoami",
}


_LATER = _ACTING | {"doctor": "rolecall.cli.doctor:doctor"}
"""The commands that are imported only when one of them is asked for."""


def run(arguments: Sequence[str], wiring: Wiring) -> int:
    """Run one command, or answer a shell that asks for completions; return the exit code.

    Raises:
        Failure: the arguments or what they lead to is wrong, an action was not done, or was cancelled.
    """
    with _uncollected():
        return _run(arguments, wiring)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Let the body make garbage: a command is over before there is enough of it to be looked for."""
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
        raise errors.of_action(failed, common.host(context)) from failed
    except Cancelled as cancelled:
        raise errors.of_cancelled() from cancelled
    return code or ExitCode.FINE


def _with_help(error: click.UsageError) -> str:
    message = " ".join(error.format_message().split())
    path = error.ctx.command_path if error.ctx is not None else "rolecall"
    return f"{message} See `{path} --help`."


def _complete_variable(
    context: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    names = [
        name for name in common.host(context).environ if name.startswith("AWS") and is_variable_name(name)
    ]
    return completion.starting_with(incomplete, sorted(names))


def _print_version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:  # noqa: FBT001 - click's own
    if is_asked and not context.resilient_parsing:
        output.write(f"rolecall {__version__}\n")
        context.exit()


@click.group(
    cls=Commands,
    acting=_LATER,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "rolecall                  the app, full screen",
        "rolecall demo             the app over a made-up home, to look around in",
        "rolecall list             every profile: live, expiring or broken",
        "rolecall show prod        one profile, and where each of its settings comes from",
        "rolecall env              the AWS variables here, and what they do",
        "rolecall doctor           what is wrong, and the line that mends it",
        "rolecall assume prod      fetch a role's credentials anew",
        "rolecall login corp       log in in the browser",
        "rolecall set prod region eu-west-1",
        "rolecall init zsh         a shell function that takes over what is chosen in the app",
        "rolecall --home /mnt/old-laptop/home/me list --json",
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
@click.option("--read-only", is_flag=True, help="Refuse every command that acts, in the app too.")
@click.option(
    "--emit",
    "emits",
    metavar="SHELL",
    type=click.Choice(INTEGRATED),
    hidden=True,
    help="Print what the app leaves behind for this shell to evaluate; see `rolecall init`.",
)
@click.pass_context
def rolecall(context: click.Context, *, read_only: bool, emits: str | None) -> int | None:
    """A roll call for your AWS profiles: what is live, what is expiring, what is broken, and why.

    Without a command it opens the app. Looking calls no network, starts no process and writes nothing; what
    acts says so, and asks first where something is deleted or overwritten. With --read-only, or
    ROLECALL_READ_ONLY=1 in the environment, nothing acts.

    Exit codes: 0 fine, 1 it failed or was cancelled, 2 wrong usage, 130 ctrl+c. Where it was done, and only
    what there is to print of it could not be written, it is 1, and stderr says so; a pipe that nobody reads
    is no failure.
    """
    common.note_options(context, read_only=read_only, emits=emits)
    if context.invoked_subcommand is not None:
        return None
    gc.enable()  # the app stays
    return launch.launch(common.wiring(context).app, common.host(context), common.options(context))


@rolecall.command(epilog=examples("rolecall demo"))
@click.pass_context
def demo(context: click.Context) -> int:
    """Open the app over a made-up home.

    It shows every kind of profile and every kind of trouble, in a temporary directory that is removed at the
    end. Your own files and variables are not read.
    """
    gc.enable()  # the app stays
    return launch.launch_demo(common.wiring(context).app, os.environ, common.options(context))


@rolecall.command(
    "list",
    epilog=examples(
        "rolecall list",
        "rolecall list | grep expired",
        "rolecall list --json | jq -r '.profiles[] | select(.expiry.state == \"valid\") | .name'",
    ),
)
@with_json
@with_home
@click.pass_context
def list_profiles(context: click.Context, *, as_json: bool) -> None:
    """List every profile and how it stands.

    That is its state, who supplies its credentials, the time that is left, and what happens then.
    """
    snapshot = Snapshot.take(common.host(context))
    if as_json:
        output.write_json(json_output.listed(snapshot))
        return
    for remark in common.remarks(snapshot):
        output.complain(remark)
    print_lines(snapshot.host, lambda terminal: views.profile_list(snapshot, terminal))


@rolecall.command(epilog=examples("rolecall show prod", "rolecall show prod --json | jq .tools"))
@click.argument("name", shell_complete=complete_profile)
@with_json
@with_home
@click.pass_context
def show(context: click.Context, name: str, *, as_json: bool) -> None:
    """Show one profile and where all of it comes from.

    That is its chain, when it ends, and the file and line behind each of its settings. It is what an
    explicit choice of the profile (--profile NAME) gives.
    """
    snapshot = Snapshot.take(common.host(context))
    report = common.profile(snapshot, name)
    if as_json:
        output.write_json(json_output.shown(snapshot, report))
    else:
        print_lines(snapshot.host, lambda terminal: views.profile_details(snapshot, report, terminal))


@rolecall.command(
    epilog=examples(
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
    "--shell",
    type=common.ShellFormType(SHELLS),
    help="The shell that --unset speaks to; else the one that this was started from.",
)
@with_json
@with_home
@click.pass_context
def env(
    context: click.Context, names: tuple[str, ...], *, unset: bool, shell: str | None, as_json: bool
) -> None:
    """Show the AWS variables here, and what they do.

    After them stands what each tool would use where no profile is named.

    With NAMEs, only these variables. --unset without NAMEs clears AWS's own, and what other tools have left
    about the session that they gave (AWS_VAULT, AWSUME_PROFILE); their settings stay (AWS_VAULT_BACKEND), and
    so do proxies.
    """
    if as_json and unset:
        raise click.UsageError("--unset prints lines for a shell, not JSON.", context)
    if shell is not None and not unset:
        raise click.UsageError("--shell goes with --unset.", context)
    snapshot = Snapshot.take(common.host(context))
    variables = views.chosen(snapshot, names)
    if unset:
        _print_unset(snapshot.host, views.to_unset(snapshot, names), shell)
    elif as_json:
        output.write_json(json_output.environment(snapshot, variables))
    else:
        print_lines(snapshot.host, lambda terminal: views.variable_list(snapshot, variables, terminal))


def _print_unset(host: Host, names: Sequence[str], shell: str | None) -> None:
    form = shell or common.asking_shell(host)
    left_out = views.unsettable(names)
    if left_out:
        output.complain(f"{left_out} left alone: no shell could take their names for a variable's")
    output.write_lines(views.unset_lines(names, form))


@rolecall.group(
    cls=Commands,
    acting={"clear": "rolecall.cli.actions.clear:clear"},
    no_args_is_help=False,
    epilog=examples("rolecall cache list", "rolecall cache clear --expired --dry-run"),
)
def cache() -> None:
    """Look at the caches of the AWS tools, and clear them."""


@cache.command(
    "list",
    epilog=examples(
        "rolecall cache list",
        "rolecall cache list --json | jq -r '.entries[] | select(.orphan) | .path'",
    ),
)
@with_json
@with_home
@click.pass_context
def list_cache(context: click.Context, *, as_json: bool) -> None:
    """List every cache file and whom it serves.

    That is what it holds, the profiles that lead to it, when it ends, and what is wrong with it.
    """
    snapshot = Snapshot.take(common.host(context))
    if as_json:
        output.write_json(json_output.cached(snapshot))
    else:
        print_lines(snapshot.host, lambda terminal: views.cache_list(snapshot, terminal))


@rolecall.command(
    "completion",
    epilog=examples(
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
