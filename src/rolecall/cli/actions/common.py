"""What the commands that act have in common: who answers their questions, and how an edit is carried out."""

import random
import sys
from collections.abc import Callable
from typing import Any

import click

from rolecall.actions.plan import DiffLine, FileChange, Mark, Plan
from rolecall.actions.prompts import NO_CODE, Cancel, mfa_code
from rolecall.actions.writing import saving
from rolecall.cli import common, output, prompts
from rolecall.cli.errors import ExitCode, Failure
from rolecall.cli.output_style import Terminal
from rolecall.cli.prompts import TerminalPrompts, perform
from rolecall.host import Host
from rolecall.text import mask_name

_COLOURS = {Mark.ADDED: "32", Mark.REMOVED: "31", Mark.PLACE: "36"}
_NOWHERE = "/dev/null"


def lines(plan: Plan, host: Host, terminal: Terminal) -> list[str]:
    """Return the diff of every file that would change."""
    return [line for change in plan.changes for line in _file(change, host, terminal)]


def _file(change: FileChange, host: Host, terminal: Terminal) -> list[str]:
    name = terminal.clean(host.display(change.path))
    before = _NOWHERE if change.before is None else name
    return [f"--- {before}", f"+++ {name}", *(line(each, terminal) for each in change.diff)]


def line(shown_line: DiffLine, terminal: Terminal) -> str:
    """Return one line of a diff, in its colour where there is any."""
    shown = f"{shown_line.mark}{terminal.clean(shown_line.text)}"
    colour = _COLOURS.get(shown_line.mark) if terminal.has_colour else None
    return f"\x1b[{colour}m{shown}\x1b[0m" if colour else shown


PIPED = "-"
"""What stands for a line of stdin."""

TRIES, PAUSE = 30, 0.1
"""How often an edit is tried where others change the same file, and the longest pause between (seconds)."""

with_yes = click.option("--yes", is_flag=True, help="Do not ask; go ahead.")
with_dry_run = click.option("--dry-run", is_flag=True, help="Only show what would be done.")


def _read_code(context: click.Context, parameter: click.Parameter, given: str | None) -> str | None:
    if given is None or context.resilient_parsing:
        return None
    code = mfa_code(prompts.piped() if given == PIPED else given)
    if code is None:
        raise click.BadParameter(NO_CODE, context, parameter)
    return code


def with_code(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--mfa-code``."""
    return click.option(
        "--mfa-code",
        metavar="CODE",
        callback=_read_code,
        help="The MFA code, or - to read it from stdin. A terminal asks for it, unseen, which is better: "
        "what stands in a command can be read by others, and stays in the history.",
    )(command)


def refuse_unattended(what: str, *, yes: bool) -> None:
    """Make sure that what deletes is confirmed by someone: at the terminal, or by ``--yes``.

    Raises:
        Failure: there is no terminal, and no ``--yes``.
    """
    if not yes and not prompts.has_person():
        message = f"{what}, and there is no terminal at which that could be confirmed; give --yes"
        raise Failure("NoTerminal", message, ExitCode.USAGE)


def carry_out(
    host: Host,
    plan: Plan,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    again: Callable[[], Plan] | None = None,
) -> bool:
    """Show what an edit would do, ask where there is a terminal, and do it; return whether it was written.

    Without a terminal it is written unasked: a script that says so means it.

    Args:
        host: the world.
        plan: the edit.
        dry_run: whether it is only shown.
        yes: whether nobody is asked.
        as_json: whether stdout is for JSON.
        again: plans it anew where another program has changed the file meanwhile. As long as it takes and
            puts the same lines as what was shown, it is tried again.

    Raises:
        ActionFailed: it was not done.
        Cancelled: the answer was no.
    """
    asks = bool(plan.changes) and not dry_run and not yes and prompts.has_person()
    if not as_json:
        output.write_lines(lines(plan, host, Terminal.of(sys.stdout, host.environ)))
        output.flush()
    if asks and (as_json or output.trouble()):
        output.say(*lines(plan, host, Terminal.of(None, host.environ)))
    for remark in plan.remarks:
        output.complain(remark)
    if asks:
        prompts.require("Write this?")
    if dry_run or not plan.changes:
        return False
    try:
        perform(lambda _dialogue, cancel: _save(plan, again, cancel), TerminalPrompts())
    except saving.Conflict as conflict:
        plain = Terminal.of(None, host.environ)
        output.say("Changed meanwhile:", *(line(changed, plain) for changed in conflict.diff))
        raise
    output.note_deed(f"the edit is done ({_files(host, plan)})")
    return True


def _save(plan: Plan, again: Callable[[], Plan] | None, cancel: Cancel) -> None:
    now = plan
    for left in reversed(range(TRIES)):
        try:
            saving.save(now)
        except saving.Conflict as conflict:
            if again is None or conflict.is_done or not left:
                raise
            cancel.wait(random.uniform(0, PAUSE))  # noqa: S311 - lest all who try come back at one moment
            cancel.check()
            now = again()
            if not now.does_as(plan):
                raise
        else:
            return


def conclude(host: Host, plan: Plan, *, written: bool) -> None:
    """Say on stdout what has become of an edit."""
    if not plan.changes:
        common.print_words(host, f"{mask_name(plan.title)}: everything is as asked already.")
    elif written:
        common.print_words(host, f"Written: {_files(host, plan)}")


def _files(host: Host, plan: Plan) -> str:
    return ", ".join(host.display(change.path) for change in plan.changes)
