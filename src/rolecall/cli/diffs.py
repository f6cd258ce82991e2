"""What an edit would do, as a unified diff; its secrets are masked already."""

from rolecall.actions.plan import DiffLine, FileChange, Mark, Plan
from rolecall.cli.output_style import Terminal
from rolecall.host import Host

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
