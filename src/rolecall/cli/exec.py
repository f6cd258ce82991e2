"""``rolecall exec``: runs a command with a profile's credentials."""

import re
import shlex
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from rolecall.actions import command_environment, export, run_command, watch_command
from rolecall.actions.command_environment import CommandEnvironment
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.actions.run_command import NotRun, Program
from rolecall.aws.expiry import RENEWAL_WINDOW
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, json_output, output
from rolecall.cli.common import LookingCommand, complete_profile, examples, masked, with_home, with_json
from rolecall.cli.output import ExitCode, Failure
from rolecall.cli.prompts import TerminalPrompts, perform, with_code, with_dry_run, with_yes
from rolecall.masking.commands import mask_arguments
from rolecall.messages.states import standing
from rolecall.text import mask, shown_value
from rolecall.values import dataclass

if TYPE_CHECKING:
    from rolecall.cli.json_types import ExecAnswer

_DIVIDER = "--"
_UNITS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:\d{1,6}[dhms])+", re.IGNORECASE)
_PART = re.compile(r"(\d+)([dhms])", re.IGNORECASE)


class Duration(click.ParamType[timedelta]):
    """A duration as people write it: ``15m``, ``1h30m``, or a number of seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:  # noqa: ANN401 - click's own
        """Return it, or fail."""
        text = str(value).strip()
        if text.isascii() and text.isdigit() and len(text) <= len("999999"):
            return timedelta(seconds=int(text))
        if _DURATION.fullmatch(text) is None:
            self.fail("it is no duration: write 15m, 1h30m or a number of seconds", param, ctx)
        parts = _PART.findall(text)
        return timedelta(seconds=sum(int(number) * _UNITS[unit.lower()] for number, unit in parts))


class CommandLine(LookingCommand):
    """A command whose last arguments are another command: its options are not rolecall's.

    What is before the first ``--`` is rolecall's. Without one, the other command begins after the name.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what is rolecall's own; keep the rest as it is."""
        own, words = args, []
        ctx.allow_interspersed_args = _DIVIDER in args
        if _DIVIDER in args:
            at = args.index(_DIVIDER)
            own, words = args[:at], args[at + 1 :]
        ctx.meta[_REST] = words
        ctx.meta[_IS_DIVIDED] = _DIVIDER in args
        return super().parse_args(ctx, own)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line with the divider in it."""
        formatter.write_usage(ctx.command_path, "[OPTIONS] NAME [--] COMMAND [ARGUMENT]...")


_REST, _IS_DIVIDED = "rolecall.exec.rest", "rolecall.exec.divided"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be run, and how.

    Attributes:
        name: the profile.
        words: the command.
        at_least: how long the credentials are to be valid.
        is_demand: whether the user has said so: then nothing is run with credentials that expire before.
    """

    name: str
    words: tuple[str, ...]
    at_least: timedelta
    is_demand: bool


@click.command(
    "exec",
    cls=CommandLine,
    epilog=examples(
        "rolecall exec prod -- aws s3 ls",
        "rolecall exec prod terraform plan -out=tf.plan      without -- the command begins after the name",
        "rolecall exec --at-least 1h prod -- make deploy     renews what expires within the hour",
        "rolecall exec prod -- bash                          a shell with these credentials",
        "rolecall exec prod --dry-run -- aws s3 ls           only says what it would set and unset",
    ),
)
@click.argument("words", metavar="NAME [--] COMMAND...", nargs=-1, shell_complete=complete_profile)
@click.option(
    "--at-least",
    "at_least",
    metavar="DURATION",
    type=Duration(),
    help="Renew credentials that expire before this (15m, 1h30m); do not start if that is not possible. "
    "Without it, 15m, and the command starts in any case.",
)
@click.option(
    "-q",
    "--quiet",
    is_flag=True,
    help="Do not explain an error of AWS when the command fails: the command takes rolecall's place at once.",
)
@with_dry_run
@with_code
@with_yes
@with_json
@with_home
@click.pass_context
def exec_command(
    context: click.Context,
    words: tuple[str, ...],
    *,
    at_least: timedelta | None,
    quiet: bool,
    dry_run: bool,
    mfa_code: str | None,
    yes: bool,
    as_json: bool,
) -> int:
    """Run a command with a profile's credentials.

    The command gets exactly what `rolecall export` sets and unsets: the credentials and when they expire,
    the profile's region, and nothing of another profile, tool or session. The terminal, signals and the exit
    code are its own. If it fails with an error of AWS, a last line on stderr says why, and what to do.

    Exit code 127 if there is no such program, 126 if it cannot be run, 1 if the profile gives no
    credentials. --yes lets a credential_process run without asking.
    """
    asked = _asked(context, words, at_least)
    if as_json and not dry_run:
        raise click.UsageError("--json needs --dry-run: the output is the command's own.", context)
    snapshot = common.look_at(context, asked.name)
    try:
        program = run_command.find(asked.words, command_environment.own_environ(snapshot.host))
        if dry_run:
            return _tell(snapshot, asked, as_json=as_json)
        renews = not common.options(context).read_only
        person = TerminalPrompts(given_code=mfa_code, says_yes=yes)
        given = _given(snapshot, asked, person, renews=renews)
        for words_for_it in command_environment.overriding(snapshot, given, asked.words):
            output.complain(words_for_it)
        return _run(snapshot, program, given, explains=not quiet)
    except NotRun as failed:
        told = output.of_action(failed, snapshot.host)
        raise Failure(told.kind, told.message, ExitCode(failed.code), told.details) from failed


def _asked(context: click.Context, words: Sequence[str], at_least: timedelta | None) -> _Asked:
    """Return what is to be run.

    Raises:
        UsageError: there is no name or no command.
    """
    rest: list[str] = context.meta[_REST]
    if not words:
        raise click.UsageError("Missing argument 'NAME'.", context)
    name, *more = words
    if context.meta[_IS_DIVIDED]:
        if more:
            message = f"One profile comes before --, and not {common.as_asked(more[0])!r} as well."
            raise click.UsageError(f"{message} Write: exec {name} -- {more[0]} …", context)
        more = rest
    elif more and more[0].startswith("-"):
        message = (
            f"Options of rolecall come before NAME, or before --: {common.as_asked(more[0])!r} does not."
        )
        raise click.UsageError(message, context)
    if not more:
        raise click.UsageError("Missing argument 'COMMAND'.", context)
    return _Asked(name, tuple(more), at_least or RENEWAL_WINDOW, is_demand=at_least is not None)


def _given(snapshot: Snapshot, asked: _Asked, person: TerminalPrompts, *, renews: bool) -> CommandEnvironment:
    """Return the command's environment, and say why its credentials expire early.

    Raises:
        ActionFailed: there are none, or they do not last as long as was demanded.
    """

    def job(prompts: Prompts, cancel: Cancel) -> CommandEnvironment:
        return command_environment.prepare(
            snapshot, asked.name, prompts, cancel, at_least=asked.at_least, renews=renews
        )

    given = perform(job, person)
    if given.shortfall is not None and asked.is_demand:
        raise ActionFailed("TooShort", f"{given.shortfall}; nothing was run")
    if given.shortfall is not None:
        output.complain(given.shortfall)
    return given


def _run(snapshot: Snapshot, program: Program, given: CommandEnvironment, *, explains: bool) -> int:
    """Run the command; say why it failed, where it is one of AWS's errors and anybody wants to know."""
    if explains and watch_command.can_watch(snapshot.host) and not watch_command.is_interactive(program):
        ended = watch_command.watch(program, given.environ)
        if ended.signal is None and ended.code != 0:
            _explain(snapshot, given, ended.said)
        return watch_command.end_like(ended)
    if run_command.can_replace(snapshot.host):
        run_command.replace_process(program, given.environ)
    return run_command.run(program, given.environ)


def _explain(snapshot: Snapshot, given: CommandEnvironment, said: bytes) -> None:
    """Say in one line what a failed command's own words mean for the profile."""
    from rolecall.cli.doctor import look_for_findings  # noqa: PLC0415 - only a failure needs the rules
    from rolecall.doctor import after_failure  # noqa: PLC0415

    name = given.profile
    region = export.own_region(snapshot.profiles[name])
    environ = export.applied(export.variables_of(name, given.environ, region), given.environ)
    later = Snapshot.take(snapshot.host, snapshot).in_environment(environ)
    if name not in later.profiles:
        return
    told = after_failure.cause_and_cure(later, look_for_findings(later), name, said, given.expires_at)
    if told is not None:
        if not said.endswith(b"\n"):
            output.end_line()
        output.complain(told)


# What it would do


def _tell(snapshot: Snapshot, asked: _Asked, *, as_json: bool) -> ExitCode:
    given = command_environment.planned(snapshot, asked.name)
    remarks = tuple(command_environment.overriding(snapshot, given, asked.words))
    if as_json:
        output.write_json(_plan_json(snapshot, asked, given, remarks))
    else:
        common.print_words(snapshot.host, *_plan_lines(snapshot, asked, given))
        for each in remarks:
            output.complain(each)
    return ExitCode.FINE


def _set(given: CommandEnvironment) -> dict[str, str | None]:
    """Return what is set, as it may be shown; None for what is known only once it has been fetched."""
    return {
        name: None if name in given.unknown else shown_value(name, value)
        for name, value in given.variables.items()
        if value is not None
    }


def _plan_lines(snapshot: Snapshot, asked: _Asked, given: CommandEnvironment) -> list[str]:
    expiry = snapshot.profiles[asked.name].expiry
    there = command_environment.own_environ(snapshot.host)
    unset = [name for name, value in given.variables.items() if value is None and name in there]
    return [
        f"{asked.name}: {mask(standing(expiry, snapshot.host.now()))}",
        *(f"set    {name}={'…' if value is None else value}" for name, value in _set(given).items()),
        *(f"unset  {name}" for name in unset),
        f"run    {shlex.join(mask_arguments(asked.words))}",
    ]


def _plan_json(
    snapshot: Snapshot, asked: _Asked, given: CommandEnvironment, remarks: Sequence[str]
) -> "ExecAnswer":
    """``rolecall exec --dry-run``: what a command would be given.

    {profile, command[], set {variable: value, masked, or null where it is not fetched yet}, unset[], expiry,
    fetches (whether credentials have to be fetched), remarks[] (what would come before them)}.
    """
    report = snapshot.profiles[asked.name]
    return {
        "profile": asked.name,
        "command": mask_arguments(asked.words),
        "set": _set(given),
        "unset": [name for name, value in given.variables.items() if value is None],
        "expiry": json_output.expiry(report.expiry),
        "fetches": command_environment.needs_call(report, snapshot.host.now()),
        "remarks": list(map(masked, remarks)),
    }
