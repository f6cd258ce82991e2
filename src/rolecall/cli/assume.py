"""``rolecall assume`` and ``rolecall whoami``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import click

from rolecall.actions import assume as actions
from rolecall.actions import credentials
from rolecall.actions.assume import Assumed, Outcome
from rolecall.actions.credentials import Credentials, Identity
from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.aws.expiry import LONGEST_CHAINED, LONGEST_DURATION, SHORTEST_DURATION
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, json_output, output, prompts
from rolecall.cli.common import ActingCommand, complete_profile, examples, masked, with_home, with_json
from rolecall.cli.edit import carry_out, conclude, plan_json
from rolecall.cli.json_output import Json
from rolecall.cli.output import ExitCode, Failure
from rolecall.cli.prompts import TerminalPrompts, perform, refuse_unattended, with_code, with_yes
from rolecall.cli.text_output import Cell, Column, Fit, table
from rolecall.text import duration, utc

_LABEL = 13
_PROMISED = {True: "yes", False: "no", None: "-"}
_COLUMNS = (
    Column("PROFILE", Fit.MIDDLE, least=12),
    Column("RESULT", least=9),
    Column("LEFT", Fit.RIGHT),
    Column("WHO", Fit.MIDDLE, least=20, expendable=1),
)


@click.command(
    "assume",
    cls=ActingCommand,
    epilog=examples(
        "rolecall assume prod",
        "rolecall assume prod staging --force        anew, although what is cached is still good",
        "oathtool --totp -b - < seed | rolecall assume prod --mfa-code -",
        "rolecall assume prod --duration 3600",
        "rolecall assume prod --into legacy          writes the keys into [legacy] of the credentials file",
    ),
)
@click.argument("names", metavar="NAME...", nargs=-1, required=True, shell_complete=complete_profile)
@click.option("--force", is_flag=True, help="Fetch anew, although what is cached is still good.")
@click.option(
    "--duration",
    "seconds",
    metavar="SECONDS",
    type=click.IntRange(SHORTEST_DURATION, LONGEST_DURATION),
    help="Ask for so long; over a role of another role STS gives 3600 at the most.",
)
@click.option(
    "--into",
    metavar="PROFILE",
    shell_complete=complete_profile,
    help="Write the keys into this profile of the credentials file; the change is shown first.",
)
@with_code
@with_yes
@with_json
@with_home
@click.pass_context
def assume(
    context: click.Context,
    names: tuple[str, ...],
    *,
    force: bool,
    seconds: int | None,
    into: str | None,
    mfa_code: str | None,
    yes: bool,
    as_json: bool,
) -> ExitCode:
    """Assume roles, and keep them for the AWS CLI.

    The next aws command uses what is fetched: it is written where the CLI itself would write it. The whole
    chain is gone through, sources first; several profiles are done at once. An MFA code is asked for at the
    terminal, and a credential_process is confirmed before it runs (--yes lets it run). If it fails, what was
    cached stays. Exit code 1 where any of them failed.
    """
    snapshot = common.look_at(context, *names)
    wanted = tuple(dict.fromkeys(names))
    person = TerminalPrompts(given_code=mfa_code, says_yes=yes)
    how = _How(force, seconds)
    if into is not None:
        if len(wanted) > 1:
            raise click.UsageError("--into takes the keys of one profile.", context)
        _put(snapshot, wanted[0], into, how, person, as_json=as_json)
        return ExitCode.FINE
    outcomes = _assume(snapshot, wanted, how, person)
    assumed = [outcome.profile for outcome in outcomes if outcome.assumed is not None]
    if assumed:
        output.note_deed(f"assumed: {', '.join(assumed)}")
    if as_json:
        output.write_json(_outcomes_json(outcomes))
    else:
        _show(snapshot, outcomes)
    _complain(snapshot, outcomes)
    return ExitCode.FINE if all(outcome.assumed is not None for outcome in outcomes) else ExitCode.FAILED


@click.command(
    "whoami",
    cls=ActingCommand,
    epilog=examples("rolecall whoami prod", "rolecall whoami prod --json | jq -r .arn"),
)
@click.argument("name", shell_complete=complete_profile)
@with_code
@with_yes
@with_json
@with_home
@click.pass_context
def whoami(context: click.Context, name: str, *, mfa_code: str | None, yes: bool, as_json: bool) -> None:
    """Ask AWS who a profile is.

    It is a call of GetCallerIdentity with what the profile gives. Says whether that is what the profile's
    settings promise: the role, and the account.
    """
    snapshot = common.look_at(context, name)
    person = TerminalPrompts(given_code=mfa_code, says_yes=yes)
    found = perform(lambda relayed, cancel: credentials.who_am_i(snapshot, name, relayed, cancel), person)
    if as_json:
        output.write_json(_identity_json(found))
        return
    facts = {
        "Profile": found.profile,
        "Account": masked(found.account),
        "ARN": masked(found.arn),
        "User id": masked(found.user_id),
        "As promised": _PROMISED[found.is_as_promised],
    }
    common.print_words(snapshot.host, *(f"{label:<{_LABEL}}{text}" for label, text in facts.items()))
    if found.remark is not None:
        output.complain(found.remark)


@dataclass(frozen=True, slots=True)
class _How:
    """How a role is to be assumed: anew or from the cache, and for how many seconds, if that was said."""

    force: bool
    seconds: int | None


def _assume(snapshot: Snapshot, names: Sequence[str], how: _How, person: TerminalPrompts) -> list[Outcome]:
    """Assume the roles; those that can only be had for a shorter time than they ask for, for that time."""
    seconds = _seconds(snapshot, names, how, person)

    def job(relayed: Prompts, cancel: Cancel) -> list[Outcome]:
        done = actions.assume_all(
            snapshot, names, relayed, cancel, _let_pass, force=how.force, seconds=seconds
        )
        return list(done)

    return perform(job, person)


def _seconds(snapshot: Snapshot, names: Sequence[str], how: _How, person: TerminalPrompts) -> dict[str, int]:
    """Return for how long each is to be asked for where it is not what its profile says."""
    shortened = _shortened(snapshot, names, how, person)
    if how.seconds is not None:
        return dict.fromkeys(names, how.seconds)
    return dict.fromkeys(shortened, LONGEST_CHAINED)


def _shortened(snapshot: Snapshot, names: Sequence[str], how: _How, person: TerminalPrompts) -> list[str]:
    """Return the profiles that are to be had for one hour only, once that is agreed.

    A time that was given for them is not cut in silence.

    Raises:
        Failure: more was given than there is to be had.
        ActionFailed: nobody can agree to it.
        Cancelled: the answer was no.
    """
    if how.seconds is not None:
        _check_duration(snapshot, names, how.seconds)
        return []
    now = snapshot.host.now()
    reports = [snapshot.profiles[name] for name in names]
    calling = [report for report in reports if how.force or not actions.is_good(report, now)]
    asked = {report.name: actions.too_long(report) for report in calling}
    too_long = {name: seconds for name, seconds in asked.items() if seconds is not None}
    if not too_long:
        return []
    for name, seconds in too_long.items():
        output.say(
            f"{name} asks for {duration(seconds)}; over another role it is given for one hour at most."
        )
    if not person.says_yes:
        if not prompts.has_person():
            message = "over another role a role is given for one hour at most, and the profile asks for more"
            raise ActionFailed("NotApplicable", message, cure="give --duration 3600")
        prompts.require("Assume it for one hour?")
    return list(too_long)


def _check_duration(snapshot: Snapshot, names: Sequence[str], seconds: int) -> None:
    for name in names:
        longest = snapshot.profiles[name].maximum_duration
        if longest is not None and seconds > longest:
            message = f"{name} is a role over another role: --duration is {longest} at most"
            raise Failure("UsageError", message, ExitCode.USAGE)


def _let_pass(_outcome: Outcome) -> None:
    """Say nothing yet: all is told at the end, in order."""


def _put(
    snapshot: Snapshot, name: str, into: str, how: _How, person: TerminalPrompts, *, as_json: bool
) -> None:
    """Write a profile's keys into another profile of the credentials file."""
    report = snapshot.profiles.get(into)
    if report is not None and "aws_access_key_id" in report.values:
        refuse_unattended(f"this overwrites the keys of {into}", yes=person.says_yes)

    def job(relayed: Prompts, cancel: Cancel) -> Credentials:
        if how.force or how.seconds is not None:
            actions.assume(snapshot, name, relayed, cancel, force=how.force, seconds=how.seconds)
        return credentials.fetch(snapshot, name, relayed, cancel)

    plan = edits.put_credentials(snapshot, into, perform(job, person))
    host = snapshot.host
    written = carry_out(host, plan, dry_run=False, yes=person.says_yes, as_json=as_json)
    if as_json:
        output.write_json(_put_json(name, plan, written=written))
    else:
        conclude(host, plan, written=written)


def _show(snapshot: Snapshot, outcomes: Sequence[Outcome]) -> None:
    if len(outcomes) == 1 and outcomes[0].assumed is None:
        return  # what went wrong is told on stderr
    now = snapshot.host.now()
    rows = [_row(outcome, now) for outcome in outcomes]
    common.print_lines(snapshot.host, lambda terminal: table(_COLUMNS, rows, terminal))


def _row(outcome: Outcome, now: datetime) -> tuple[Cell, ...]:
    done = outcome.assumed
    if done is None:
        return (outcome.profile, "cancelled" if outcome.failure is None else "failed", None, None)
    left = duration((done.expires_at - now).total_seconds())
    result = "still good" if done.was_cached else "assumed"
    return (outcome.profile, result, left, None if done.arn is None else masked(done.arn))


def _complain(snapshot: Snapshot, outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.failure is not None:
            told = output.of_action(outcome.failure, snapshot.host).message
            is_named = told.startswith(f"{outcome.profile} ")
            output.complain(told if is_named else f"{outcome.profile}: {told}")
        elif outcome.assumed is None:
            output.complain(f"{outcome.profile}: cancelled")


def _outcomes_json(outcomes: Iterable[Outcome]) -> Json:
    """``rolecall assume``: what came of each profile.

    ``assumed[]`` {profile, arn, expires_at, cache_file (a path), was_cached}, ``failed[]`` {profile, error}.
    """
    done = list(outcomes)
    return {
        "assumed": [_assumed_json(outcome.assumed) for outcome in done if outcome.assumed is not None],
        "failed": [
            {"profile": outcome.profile, "error": _error_json(outcome.failure)}
            for outcome in done
            if outcome.assumed is None
        ],
    }


def _assumed_json(done: Assumed) -> Json:
    return {
        "profile": done.profile,
        "arn": json_output.masked_or_none(done.arn),
        "expires_at": utc(done.expires_at),
        "cache_file": str(done.cache_file),
        "was_cached": done.was_cached,
    }


def _error_json(failure: ActionFailed | None) -> Json:
    if failure is None:
        return {"type": "Cancelled", "message": "cancelled", "path": None, "line": None, "cure": None}
    return {"type": failure.kind, **output.of_parts(failure)}


def _identity_json(found: Identity) -> Json:
    """``rolecall whoami``: {profile, account, arn, user_id, as_promised (null: nothing was), remark}."""
    return {
        "profile": found.profile,
        "account": json_output.masked_or_none(found.account),
        "arn": json_output.masked_or_none(found.arn),
        "user_id": json_output.masked_or_none(found.user_id),
        "as_promised": found.is_as_promised,
        "remark": json_output.masked_or_none(found.remark),
    }


def _put_json(profile: str, plan: Plan, *, written: bool) -> Json:
    """``rolecall assume --into``: as for an edit, and ``profile``, whose credentials these are."""
    return {"profile": profile, **plan_json(plan, written=written)}
