"""The values that an edit is given: plain ones as arguments, secrets never so."""

from collections.abc import Sequence

import click

from rolecall.cli import prompts
from rolecall.cli.actions.common import PIPED
from rolecall.cli.failures import ExitCode, Failure
from rolecall.text import is_secret_name, mask_name


def of_argument(key: str, given: str | None) -> str:
    """Return the value that a key is to have: as given, from stdin for ``-``, else typed unseen for a secret.

    Raises:
        ActionFailed: nothing comes from stdin, or the terminal would show a secret.
        Cancelled: nothing was typed.
        Failure: a secret is given as an argument, or nothing is given at all.
    """
    if is_secret_name(key):
        return _secret(key, given)
    if given is None:
        raise Failure("UsageError", f"{mask_name(key)} needs a VALUE", ExitCode.USAGE)
    return prompts.piped() if given == PIPED else given


def of_assignments(given: Sequence[str], context: click.Context) -> dict[str, str]:
    """Return the settings that ``KEY=VALUE`` arguments stand for; what is missing is asked for in turn.

    Raises:
        ActionFailed: as for ``of_argument``.
        Cancelled: as for ``of_argument``.
        Failure: as for ``of_argument``.
        click.UsageError: one is no ``KEY=VALUE``, or a key comes twice.
    """
    settings: dict[str, str] = {}
    for number, assignment in enumerate(given, start=1):
        key, is_assignment, value = assignment.partition("=")
        if not is_assignment or not key:
            raise click.UsageError(f"setting {number} is no KEY=VALUE.", context)
        if key.lower() in (known.lower() for known in settings):
            raise click.UsageError(f"{mask_name(key)} is given twice.", context)
        settings[key] = of_argument(key, (value or None) if is_secret_name(key) else value)
    return settings


def _secret(key: str, given: str | None) -> str:
    if given == PIPED and not prompts.has_person():
        return prompts.piped().strip()
    if given not in (None, PIPED):
        message = (
            f"{mask_name(key)} is a secret, and a secret in a command stays in the shell's history and can "
            "be seen by other users; leave it out to type it, or give - and pipe it in"
        )
        raise Failure("SecretArgument", message, ExitCode.USAGE)
    if not prompts.has_person():
        message = f"there is no terminal to type {mask_name(key)} at; give - and pipe it in"
        raise Failure("NoTerminal", message, ExitCode.USAGE)
    return prompts.hidden(mask_name(key)).strip()
