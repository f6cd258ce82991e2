"""``rolecall env``: the AWS variables of this shell, what they do, and the lines that unset them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from rolecall.aws.expiry import Expiry, State
from rolecall.aws.providers import PredictedError, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable, belongs_to_session, is_about_aws
from rolecall.cli import common, completion, json_output, output
from rolecall.cli.common import (
    LookingCommand,
    as_asked,
    examples,
    masked_profile,
    print_lines,
    with_home,
    with_json,
)
from rolecall.cli.output import ExitCode, Failure
from rolecall.cli.text_output import EMPTY, Cell, Column, Fit, Terminal, table
from rolecall.host import Host
from rolecall.messages.states import time_left
from rolecall.shells import SHELLS, is_variable_name, unset_line_for_eval
from rolecall.text import mask, shown_value

if TYPE_CHECKING:
    from rolecall.cli.json_types import EnvAnswer, SessionJson


def _complete_variable(
    context: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    names = [
        name for name in common.host(context).environ if name.startswith("AWS") and is_variable_name(name)
    ]
    return completion.starting_with(incomplete, sorted(names))


@click.command(
    "env",
    cls=LookingCommand,
    epilog=examples(
        "rolecall env",
        "rolecall env --json | jq .ambient.cli_v2",
        'eval "$(rolecall env --unset)"                           in bash and zsh',
        "rolecall env --unset --shell fish | source               in fish",
        "rolecall env --unset --shell powershell | Invoke-Expression",
        'eval "$(rolecall env --unset AWS_PROFILE AWS_REGION)"    only these',
    ),
)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=_complete_variable)
@click.option("--unset", is_flag=True, help="Print the lines that unset them, for the shell to run.")
@click.option(
    "--shell",
    type=common.ShellFormType(SHELLS),
    help="The shell that runs the lines of --unset; by default the one that rolecall was started from.",
)
@with_json
@with_home
@click.pass_context
def env(
    context: click.Context, names: tuple[str, ...], *, unset: bool, shell: str | None, as_json: bool
) -> None:
    """Show the AWS variables here, and what they do.

    Then shows what each tool would use if no profile is named.

    With NAMEs, shows only these variables. --unset without NAMEs unsets AWS's own variables, and those that
    other tools set about a session (AWS_VAULT, AWSUME_PROFILE); settings of these tools (AWS_VAULT_BACKEND)
    and proxies stay.
    """
    if as_json and unset:
        raise click.UsageError("--unset prints lines for a shell, not JSON.", context)
    if shell is not None and not unset:
        raise click.UsageError("--shell goes with --unset.", context)
    snapshot = Snapshot.take(common.host(context))
    variables = _chosen(snapshot, names)
    if unset:
        _print_unset(snapshot.host, _to_unset(snapshot, names), shell)
    elif as_json:
        output.write_json(_json(snapshot, variables))
    else:
        print_lines(snapshot.host, lambda terminal: _lines(snapshot, variables, terminal))


def _print_unset(host: Host, names: Sequence[str], shell: str | None) -> None:
    form = shell or common.asking_shell(host)
    left_out = _unsettable(names)
    if left_out:
        output.complain(f"{left_out} not unset: no shell accepts their names as variable names")
    output.write_lines(_unset_lines(names, form))


def _chosen(snapshot: Snapshot, names: Sequence[str]) -> list[Variable]:
    """Return the named variables, or all if none is named.

    One that is not set is passed over.

    Raises:
        Failure: a name stands for no AWS variable.
    """
    for name in names:
        if not is_about_aws(name):
            message = f"{as_asked(name)} is not an AWS variable: see `{snapshot.host.command('env')}`"
            raise Failure("UsageError", message, ExitCode.USAGE)
    return [variable for variable in snapshot.variables if not names or variable.name in names]


def _to_unset(snapshot: Snapshot, names: Sequence[str]) -> list[str]:
    """Return the names of the variables to unset: the named ones that are set.

    Where none is named they are AWS's own, and what other tools have left about the session that they gave.
    """
    if names:
        return [name for name in dict.fromkeys(names) if name in snapshot.host.environ]
    return [variable.name for variable in snapshot.variables if belongs_to_session(variable.name)]


def _unset_lines(names: Sequence[str], shell: str) -> list[str]:
    """Return the lines that unset variables, except those whose name no shell can unset."""
    return [unset_line_for_eval(name, shell) for name in names if is_variable_name(name)]


def _unsettable(names: Sequence[str]) -> int:
    """Return how many names no shell can unset."""
    return sum(not is_variable_name(name) for name in names)


_VARIABLES = (
    Column("VARIABLE", Fit.MIDDLE, least=12),
    Column("VALUE", Fit.MIDDLE, least=10, expendable=2),
    Column("VERDICT", least=8, expendable=1),
    Column("EFFECT", Fit.WRAP, least=20),
)


_TOOL_COLUMNS = (
    Column("TOOL", least=10),
    Column("STATE", least=11),
    Column("PROFILE", Fit.MIDDLE, least=8),
    Column("PROVIDER", least=14, expendable=1),
    Column("REGION", least=9, expendable=3),
    Column("LEFT", Fit.RIGHT, expendable=2),
    Column("WHY", Fit.WRAP, least=20, expendable=4),
)


def _lines(snapshot: Snapshot, variables: Sequence[Variable], terminal: Terminal) -> list[str]:
    """Return the lines for stdout."""
    first = (
        table(_VARIABLES, (_variable(variable) for variable in variables), terminal)
        if variables
        else ["No AWS variable is set here."]
    )
    return [*first, "", *table(_TOOL_COLUMNS, (_tool_row(snapshot, tool) for tool in Tool), terminal)]


def _variable(variable: Variable) -> tuple[Cell, ...]:
    return (variable.name, variable.shown or EMPTY, variable.verdict.value, mask(variable.effect))


def _tool_row(snapshot: Snapshot, tool: Tool) -> tuple[Cell, ...]:
    default_session = snapshot.default_session[tool]
    fault = default_session.resolution.fault
    return (
        tool.label,
        default_session.expiry.shown,
        masked_profile(default_session.profile, snapshot) if default_session.profile is not None else None,
        default_session.resolution.error or default_session.resolution.provider,
        shown_value("region", default_session.region or ""),
        time_left(default_session.expiry, snapshot.taken_at),
        _why(fault, default_session.expiry),
    )


def _why(fault: PredictedError | None, expiry: Expiry) -> str | None:
    """Return what keeps commands from working: what AWS tools raise, or what AWS refuses."""
    if fault is None:
        return mask(expiry.reason) if expiry.state is State.BROKEN and expiry.reason else None
    return f"{fault.error}: {mask(fault.message)}"


def _json(snapshot: Snapshot, variables: Iterable[Variable]) -> "EnvAnswer":
    """``rolecall env``: the variables, and what a command without ``--profile`` would use."""
    return {
        "variables": [
            {
                "name": variable.name,
                "value": variable.shown,
                "verdict": variable.verdict.value,
                "effect": mask(variable.effect),
            }
            for variable in variables
        ],
        "ambient": {tool.value: _session_json(tool, snapshot) for tool in Tool},
    }


def _session_json(tool: Tool, snapshot: Snapshot) -> "SessionJson":
    default_session = snapshot.default_session[tool]
    name = default_session.profile
    return {
        "profile": None if name is None else masked_profile(name, snapshot),
        "variable": default_session.variable,
        **json_output.answer(default_session.resolution),
        **json_output.region(snapshot.host, tool, default_session.region),
        "expiry": json_output.expiry(default_session.expiry),
    }
