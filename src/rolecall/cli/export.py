"""``rolecall export`` and ``rolecall init``: lines for a shell to run."""

import contextlib
import sys
from collections.abc import Iterator, Mapping

import click

from rolecall import shells
from rolecall.actions import credentials
from rolecall.actions import export as actions
from rolecall.actions.credentials import Credentials
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.cli import common, output
from rolecall.cli.common import ActingCommand, LookingCommand, complete_profile, examples, with_home
from rolecall.cli.output import Failure
from rolecall.cli.prompts import TerminalPrompts, perform, with_code, with_yes

_JSON = "json"


@click.command(
    "export",
    cls=ActingCommand,
    epilog=examples(
        'eval "$(rolecall export prod)"                             in bash and zsh',
        "rolecall export prod --shell fish | source",
        "rolecall export prod --shell powershell | Out-String | Invoke-Expression",
        "rolecall export prod --shell dotenv > .env                 mind who can read it",
        'eval "$(rolecall export prod --profile-only)"              AWS_PROFILE alone',
        "credential_process = rolecall export prod --shell json     in another profile",
    ),
)
@click.argument("name", shell_complete=complete_profile)
@click.option(
    "--shell",
    type=common.ShellFormType(tuple(shells.FORMS)),
    help="The format; by default that of the shell that rolecall was started from.",
)
@click.option("--profile-only", is_flag=True, help="Only set AWS_PROFILE: prints no secrets, calls nothing.")
@with_code
@with_yes
@with_home
@click.pass_context
def export(
    context: click.Context,
    name: str,
    *,
    shell: str | None,
    profile_only: bool,
    mfa_code: str | None,
    yes: bool,
) -> None:
    """Print credentials for a shell or a file.

    Prints lines for a shell to run, a .env file, or the JSON of a credential_process. The credentials are
    those that the AWS CLI would use, renewed if necessary. Variables that would override them in the shell
    are unset. No other command prints secrets; --yes lets a credential_process run without asking.
    """
    form = shell or common.asking_shell(common.host(context))
    if profile_only and form == _JSON:
        raise click.UsageError("--profile-only is for a shell: JSON holds credentials.", context)
    with _failure_reaches(form):
        snapshot = common.look_at(context, name)
        host = snapshot.host
        region = actions.own_region(snapshot.profiles[name])
        if profile_only:
            output.write_lines(actions.shell_lines(form, actions.variables_of(name, host.environ, region)))
            return
        person = TerminalPrompts(given_code=mfa_code, says_yes=yes)
        found = perform(lambda prompts, cancel: credentials.fetch(snapshot, name, prompts, cancel), person)
        lines = _lines(form, found, region, host.environ)
    if sys.stdout is not None and sys.stdout.isatty():
        output.complain(
            "the following lines are secret and now on your screen; --help shows how to pass them on"
        )
    output.write_lines(lines)


def _lines(form: str, found: Credentials, region: str | None, environ: Mapping[str, str]) -> list[str]:
    if form == _JSON:
        return actions.process_json(found).splitlines()
    return actions.shell_lines(form, actions.of_credentials(found, region, environ))


@click.command(
    "init",
    cls=LookingCommand,
    epilog=examples(
        'eval "$(rolecall init bash)"                             in ~/.bashrc; zsh likewise',
        "rolecall init fish | source                              in ~/.config/fish/config.fish",
        "rolecall init powershell | Out-String | Invoke-Expression",
    ),
)
@click.argument("shell", type=click.Choice(shells.WITH_FUNCTION))
def init(shell: str) -> None:
    """Print a shell function that opens the app.

    The function is called rc. If you press U (use this profile) or export credentials in the app, it sets
    AWS_PROFILE or the credentials in the shell that called it.
    """
    output.write(shells.function(shell))


@contextlib.contextmanager
def _failure_reaches(form: str) -> Iterator[None]:
    """Make a failure known to fish: ``… | source`` ends with the status of the sourced lines.

    Other shells see the exit code, or the status of the pipe.
    """
    try:
        yield
    except (Failure, ActionFailed, Cancelled):
        if form == "fish" and sys.stdout is not None and not sys.stdout.isatty():
            output.write("false\n")
        raise
