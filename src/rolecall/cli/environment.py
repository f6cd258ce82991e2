"""``rolecall env`` for a person and for a shell: the variables, what they do, and how to be rid of them."""

from collections.abc import Sequence

from rolecall.aws.catalogue import belongs_to_session, is_about_aws
from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable
from rolecall.cli import shown, words
from rolecall.cli.failures import ExitCode, Failure
from rolecall.cli.lookup import as_asked
from rolecall.cli.output_style import Terminal
from rolecall.cli.tables import EMPTY, Cell, Column, Fit, table
from rolecall.messages.states import time_left
from rolecall.shells import is_variable_name, unset_line_for_eval
from rolecall.text import mask, shown_value

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


def chosen(snapshot: Snapshot, names: Sequence[str]) -> list[Variable]:
    """Return the variables that were asked for, all where none was.

    One that is not set is passed over.

    Raises:
        Failure: a name stands for no AWS variable.
    """
    for name in names:
        if not is_about_aws(name):
            message = f"{as_asked(name)} is no AWS variable: see `{snapshot.host.command('env')}`"
            raise Failure("UsageError", message, ExitCode.USAGE)
    return [variable for variable in snapshot.variables if not names or variable.name in names]


def variable_list(snapshot: Snapshot, variables: Sequence[Variable], terminal: Terminal) -> list[str]:
    """Return what goes to stdout."""
    first = (
        table(_VARIABLES, (_variable(variable) for variable in variables), terminal)
        if variables
        else ["No AWS variable is set here."]
    )
    return [*first, "", *table(_TOOL_COLUMNS, (_tool_row(snapshot, tool) for tool in Tool), terminal)]


def to_unset(snapshot: Snapshot, names: Sequence[str]) -> list[str]:
    """Return the names of the variables that are set here and asked for.

    Where none is named they are AWS's own, and what other tools have left about the session that they gave.
    """
    if names:
        return [name for name in dict.fromkeys(names) if name in snapshot.host.environ]
    return [variable.name for variable in snapshot.variables if belongs_to_session(variable.name)]


def unset_lines(names: Sequence[str], shell: str) -> list[str]:
    """Return the lines that clear variables, for those whose name no shell could take for anything else."""
    return [unset_line_for_eval(name, shell) for name in names if is_variable_name(name)]


def unsettable(names: Sequence[str]) -> int:
    """Return how many variables have a name that no shell can be told to unset."""
    return sum(not is_variable_name(name) for name in names)


def _variable(variable: Variable) -> tuple[Cell, ...]:
    return (variable.name, variable.shown or EMPTY, variable.verdict.value, mask(variable.effect))


def _tool_row(snapshot: Snapshot, tool: Tool) -> tuple[Cell, ...]:
    default_session = snapshot.default_session[tool]
    fault = default_session.resolution.fault
    return (
        tool.label,
        default_session.expiry.state,
        shown.profile(default_session.profile, snapshot) if default_session.profile is not None else None,
        words.answer(default_session.resolution),
        shown_value("region", default_session.region or ""),
        time_left(default_session.expiry, snapshot.taken_at),
        f"{fault.error}: {mask(fault.message)}" if fault is not None else None,
    )
