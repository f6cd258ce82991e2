"""``rolecall exec``: runs a command with a profile's credentials."""

import re
import shlex
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from rolecall import profile_filter
from rolecall.actions import command_environment, run_command, watch_command
from rolecall.actions.command_environment import CommandEnvironment
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.actions.run_command import NotRun, Program
from rolecall.aws.expiry import RENEWAL_WINDOW
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, exec_many, json_output, output
from rolecall.cli.common import LookingCommand, complete_profile, examples, masked, with_home
from rolecall.cli.output import ExitCode, Failure
from rolecall.cli.prompts import TerminalPrompts, perform, with_code, with_dry_run, with_yes
from rolecall.masking.commands import mask_arguments
from rolecall.messages.states import standing
from rolecall.text import mask, shown_value
from rolecall.values import dataclass

if TYPE_CHECKING:
    from rolecall.cli.json_types import ExecPlanJson

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
        formatter.write_usage(ctx.command_path, "[OPTIONS] NAME... [--] COMMAND [ARGUMENT]...")


_REST, _IS_DIVIDED = "rolecall.exec.rest", "rolecall.exec.divided"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be run, and how.

    Attributes:
        names: the profiles.
        is_one: whether one profile was named: the command then has the terminal to itself.
        words: the command.
        at_least: how long the credentials are to be valid.
        is_demand: whether the user has said so: then nothing is run with credentials that expire before.
    """

    names: tuple[str, ...]
    is_one: bool
    words: tuple[str, ...]
    at_least: timedelta
    is_demand: bool

    @property
    def name(self) -> str:
        """The profile, where it is one."""
        return self.names[0]


@click.command(
    "exec",
    cls=CommandLine,
    epilog=examples(
        "rolecall exec prod -- aws s3 ls",
        "rolecall exec prod terraform plan -out=tf.plan      without -- the command begins after the name",
        "rolecall exec --at-least 1h prod -- make deploy     renews what expires within the hour",
        "rolecall exec prod -- bash                          a shell with these credentials",
        "rolecall exec prod --dry-run -- aws s3 ls           only says what it would set and unset",
        "rolecall exec dev staging -- aws s3 ls              for several, side by side",
        "rolecall exec 'account:prod* role:Admin' -- aws s3 ls    for those that the app's filter finds",
    ),
)
@click.argument("words", metavar="NAME... [--] COMMAND...", nargs=-1, shell_complete=complete_profile)
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
@click.option(
    "--all", "is_of_all", is_flag=True, help="Run it for every profile. So do several names and filters."
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="How many run side by side, of several profiles.",
)
@with_dry_run
@with_code
@with_yes
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print each line of the command as a JSON object, then how it ended; with --dry-run one object.",
)
@with_home
@click.pass_context
def exec_command(
    context: click.Context,
    words: tuple[str, ...],
    *,
    at_least: timedelta | None,
    is_of_all: bool,  # noqa: ARG001 - read where the names are
    jobs: int,
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

    For several profiles (names, filters as in the app, or --all, before --) it runs side by side: each line
    has the profile before it, or is a JSON object with --json; a summary follows, and the exit code is the
    highest. It is then given nothing to read, and ctrl+c ends all of them.

    Exit code 127 if there is no such program, 126 if it cannot be run, 1 if the profile gives no
    credentials. --yes lets a credential_process run without asking.
    """
    asked = _asked(context, words, at_least)
    snapshot = common.look_at(context, *asked.names)
    try:
        program = run_command.find(asked.words, command_environment.own_environ(snapshot.host))
        if dry_run:
            return _tell(snapshot, asked, as_json=as_json)
        renews = not common.options(context).read_only
        person = TerminalPrompts(given_code=mfa_code, says_yes=yes)
        if as_json or not asked.is_one:
            how = exec_many.How(asked.at_least, asked.is_demand, renews, jobs, not quiet, as_json)
            return exec_many.run(snapshot, asked.names, program, person, how)
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
        Failure: a profile does not exist.
    """
    is_divided: bool = context.meta[_IS_DIVIDED]
    is_of_all: bool = context.params["is_of_all"]
    own, command = list(words), list(context.meta[_REST])
    if not is_divided:
        own, command = ([], own) if is_of_all else (own[:1], own[1:])
    if is_of_all and own:
        raise click.UsageError(f"--all takes no profiles: {common.as_asked(own[0])!r}.", context)
    if not own and not is_of_all:
        raise click.UsageError("Missing argument 'NAME'.", context)
    if not command:
        raise click.UsageError("Missing argument 'COMMAND'.", context)
    if command[0].startswith("-") and not is_divided:
        given = common.as_asked(command[0])
        message = f"Options of rolecall come before NAME, or before --: {given!r} does not."
        raise click.UsageError(message, context)
    names = _names(context, own, is_of_all=is_of_all)
    is_one = len(own) == 1 and names == tuple(own)
    return _Asked(names, is_one, tuple(command), at_least or RENEWAL_WINDOW, is_demand=at_least is not None)


def _names(context: click.Context, own: Sequence[str], *, is_of_all: bool) -> tuple[str, ...]:
    """Return the profiles that were named, and those that the filters find, in the order of the files."""
    snapshot = common.look_at(context)
    if is_of_all:
        return tuple(snapshot.profiles)
    found: set[str] = set()
    for each in own:
        if each not in snapshot.profiles and profile_filter.is_filter(each):
            matched = profile_filter.matching(snapshot, each, snapshot.host.now())
            if not matched:
                raise click.UsageError(f"No profile matches {common.as_asked(each)!r}.", context)
            found.update(matched)
        else:
            try:
                found.add(common.profile(snapshot, each).name)
            except Failure as failed:
                if len(own) == 1 or failed.code is not ExitCode.USAGE:
                    raise
                hint = f"the command comes after --: exec {own[0]} -- {each} …"
                raise Failure(failed.kind, f"{failed.message}; {hint}", failed.code) from failed
    return tuple(name for name in snapshot.profiles if name in found)


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
    is_watched = explains and watch_command.can_watch(snapshot.host)
    if is_watched and not watch_command.is_interactive(program, given.environ):
        ended = watch_command.watch(program, given.environ)
        if ended.signal is None and ended.code != 0:
            _explain(snapshot, given, ended.said)
        return watch_command.end_like(ended)
    if run_command.can_replace(snapshot.host):
        run_command.replace_process(program, given.environ)
    return run_command.run(program, given.environ)


def _explain(snapshot: Snapshot, given: CommandEnvironment, said: bytes) -> None:
    """Say in one line what a failed command's own words mean for the profile."""
    told = exec_many.Explainer(snapshot).line(given, said)
    if told is not None:
        if not said.endswith(b"\n"):
            output.end_line()
        output.complain(told)


# What it would do


def _tell(snapshot: Snapshot, asked: _Asked, *, as_json: bool) -> ExitCode:
    answers: list[ExecPlanJson] = []
    for name in asked.names:
        given = command_environment.planned(snapshot, name)
        remarks = tuple(command_environment.overriding(snapshot, given, asked.words))
        if as_json:
            answers.append(_plan_json(snapshot, asked, given, remarks))
            continue
        common.print_words(snapshot.host, *_plan_lines(snapshot, asked, given))
        for each in remarks:
            output.complain(each)
    if as_json and asked.is_one:
        output.write_json(answers[0])
    elif as_json:
        output.write_json({"profiles": answers})
    return ExitCode.FINE


def _set(given: CommandEnvironment) -> dict[str, str | None]:
    """Return what is set, as it may be shown; None for what is known only once it has been fetched."""
    return {
        name: None if name in given.unknown else shown_value(name, value)
        for name, value in given.variables.items()
        if value is not None
    }


def _plan_lines(snapshot: Snapshot, asked: _Asked, given: CommandEnvironment) -> list[str]:
    expiry = snapshot.profiles[given.profile].expiry
    there = command_environment.own_environ(snapshot.host)
    unset = [name for name, value in given.variables.items() if value is None and name in there]
    return [
        f"{given.profile}: {mask(standing(expiry, snapshot.host.now()))}",
        *(f"set    {name}={'…' if value is None else value}" for name, value in _set(given).items()),
        *(f"unset  {name}" for name in unset),
        f"run    {shlex.join(mask_arguments(asked.words))}",
    ]


def _plan_json(
    snapshot: Snapshot, asked: _Asked, given: CommandEnvironment, remarks: Sequence[str]
) -> "ExecPlanJson":
    """``rolecall exec --dry-run``: what a command would be given.

    {profile, command[], set {variable: value, masked, or null where it is not fetched yet}, unset[], expiry,
    fetches (whether credentials have to be fetched), remarks[] (what would come before them)}.
    """
    report = snapshot.profiles[given.profile]
    return {
        "profile": given.profile,
        "command": mask_arguments(asked.words),
        "set": _set(given),
        "unset": [name for name, value in given.variables.items() if value is None],
        "expiry": json_output.expiry(report.expiry),
        "fetches": command_environment.needs_call(report, snapshot.host.now()),
        "remarks": list(map(masked, remarks)),
    }
