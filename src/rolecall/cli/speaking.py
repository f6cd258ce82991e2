"""For which shell lines are printed: the one that was named, else the one that asks."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from rolecall import shells
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.cli import output
from rolecall.cli.failures import ExitCode, Failure
from rolecall.host import Host


class ShellFormType(click.Choice[str]):
    """A form of lines; a shell may be called by the name of its program as well (``dash``, ``pwsh``)."""

    def __init__(self, forms: Sequence[str]) -> None:
        """Make it; ``forms`` has the names that are listed."""
        super().__init__(forms)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - click's own
        """Return the form; fail where there is none, and say how it is done in a shell without lines."""
        if value in self.choices:
            return str(value)
        try:
            asker = shells.named(str(value))
        except ValueError:
            return super().convert(value, param, ctx)
        if asker.shell is None:
            self.fail(f"{asker.doubt}.", param, ctx)
        return asker.shell


def asking_shell(host: Host) -> str:
    """Return the shell that asks for lines.

    Raises:
        Failure: there is none for which they could be, or it might be another one.
    """
    asker = shells.asker(host)
    if asker.doubt is not None or asker.shell is None:
        message = f"{asker.doubt}: say with --shell which shell the lines are for"
        raise Failure("UnknownShell", message, ExitCode.USAGE)
    return asker.shell


@contextlib.contextmanager
def effective(form: str) -> Iterator[None]:
    """Have a failure reach fish, where ``… | source`` ends with the status of what was sourced.

    Other shells have the exit code, or a pipe to look at.
    """
    try:
        yield
    except (Failure, ActionFailed, Cancelled):
        if form == "fish" and sys.stdout is not None and not sys.stdout.isatty():
            output.write("false\n")
        raise
