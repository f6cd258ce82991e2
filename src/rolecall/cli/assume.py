"""``rolecall assume`` and ``rolecall whoami``."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

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
from rolecall.cli.output import ExitCode, Failure
from rolecall.cli.prompts import TerminalPrompts, perform, refuse_unattended, with_code, with_yes
from rolecall.cli.text_output import Cell, Column, Fit, table
from rolecall.text import duration, utc
from rolecall.values import dataclass

if TYPE_CHECKING:
    from rolecall.cli.json_types import AssumeAnswer, AssumedJson, ErrorJson, IdentityAnswer, PutAnswer

_LABEL = 15
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
        "rolecall assume prod staging --force        even if the cached credentials are valid",
        "oathtool --totp -b - < seed | rolecall assume prod --mfa-code -",
        "rolecall assume prod --duration 3600",
        "rolecall assume prod --into legacy          writes the keys into [legacy] of the credentials file",
    ),
)
@click.argument("names", metavar="NAME...", nargs=-1, required=True, shell_complete=complete_profile)
@click.option("--force", is_flag=True, help="Fetch new credentials even if the cached ones are still valid.")
@click.option(
    "--duration",
    "seconds",
    metavar="SECONDS",
    type=click.IntRange(SHORTEST_DURATION, LONGEST_DURATION),
    help="Ask for this duration; STS allows at most 3600 for a role assumed with another role.",
)
@click.option(
    "--into",
    metavar="PROFILE",
    shell_complete=complete_profile,
    help="Write the temporary keys into this profile of the credentials file; the change is shown first.",
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
    """Assume roles, and cache the credentials for the AWS CLI.

    The next aws command uses these credentials: they are written to the cache file that the CLI itself would
    write. Each chain is followed from its source; several profiles are assumed at once. You are asked for an
    MFA code at the terminal, and before a credential_process runs (--yes lets it run). If it fails, the
    cached credentials stay. Exit code 1 if any profile failed.
    """
    snapshot = common.look_at(context, *names)
    wanted = tuple(dict.fromkeys(names))
    person = TerminalPrompts(given_code=mfa_code, says_yes=yes)
    how = _How(force, seconds)
    if into is not None:
        if len(wanted) > 1:
            raise click.UsageError("--into takes exactly one profile.", context)
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
    """Ask AWS whose credentials a profile has.

    Calls GetCallerIdentity with the profile's credentials, and says whether the answer matches the role and
    the account in the profile's settings.
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
        "As configured": _PROMISED[found.is_as_promised],
    }
    common.print_words(snapshot.host, *(f"{label:<{_LABEL}}{text}" for label, text in facts.items()))
    if found.remark is not None:
        output.complain(found.remark)


@dataclass(frozen=True, slots=True)
class _How:
    """How to assume a role: anew or from the cache, and for how many seconds, if that was given."""

    force: bool
    seconds: int | None


def _assume(snapshot: Snapshot, names: Sequence[str], how: _How, person: TerminalPrompts) -> list[Outcome]:
    """Assume the roles; a role that STS gives for a shorter time than the profile asks, for that time."""
    seconds = _seconds(snapshot, names, how, person)

    def job(relayed: Prompts, cancel: Cancel) -> list[Outcome]:
        done = actions.assume_all(
            snapshot, names, relayed, cancel, _let_pass, force=how.force, seconds=seconds
        )
        return list(done)

    return perform(job, person)


def _seconds(snapshot: Snapshot, names: Sequence[str], how: _How, person: TerminalPrompts) -> dict[str, int]:
    """Return the duration of each profile for which its own ``duration_seconds`` does not count."""
    shortened = _shortened(snapshot, names, how, person)
    if how.seconds is not None:
        return dict.fromkeys(names, how.seconds)
    return dict.fromkeys(shortened, LONGEST_CHAINED)


def _shortened(snapshot: Snapshot, names: Sequence[str], how: _How, person: TerminalPrompts) -> list[str]:
    """Return the profiles to assume for one hour only, once the user agrees.

    A duration that was given as an option is never shortened silently.

    Raises:
        Failure: the given duration is longer than STS allows.
        ActionFailed: there is no terminal at which the user could agree.
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
            f"{name} asks for {duration(seconds)}; a role assumed with another role lasts one hour at most."
        )
    if not person.says_yes:
        if not prompts.has_person():
            message = "a role assumed with another role lasts one hour at most, and the profile asks for more"
            raise ActionFailed("NotApplicable", message, cure="give --duration 3600")
        prompts.require("Assume it for one hour?")
    return list(too_long)


def _check_duration(snapshot: Snapshot, names: Sequence[str], seconds: int) -> None:
    for name in names:
        longest = snapshot.profiles[name].maximum_duration
        if longest is not None and seconds > longest:
            message = f"{name} is assumed with another role: --duration is {longest} at most"
            raise Failure("UsageError", message, ExitCode.USAGE)


def _let_pass(_outcome: Outcome) -> None:
    """Print nothing yet: the results are printed at the end, in order."""


def _put(
    snapshot: Snapshot, name: str, into: str, how: _How, person: TerminalPrompts, *, as_json: bool
) -> None:
    """Write a profile's temporary keys into another profile of the credentials file.

    Raises:
        ActionFailed: it gives long-term keys, or nothing.
        Cancelled: the user said no.
    """
    credentials.refuse_long_term(snapshot.profiles[name])
    report = snapshot.profiles.get(into)
    if report is not None and "aws_access_key_id" in report.values:
        refuse_unattended(f"this overwrites the keys of {into}", yes=person.says_yes)

    def job(relayed: Prompts, cancel: Cancel) -> Credentials:
        if how.force or how.seconds is not None:
            actions.assume(snapshot, name, relayed, cancel, force=how.force, seconds=how.seconds)
        return credentials.fetch(snapshot, name, relayed, cancel)

    fetched = perform(job, person)
    credentials.refuse_long_term(snapshot.profiles[name], fetched)
    plan = edits.put_credentials(snapshot, into, fetched)
    host = snapshot.host
    written = carry_out(host, plan, dry_run=False, yes=person.says_yes, as_json=as_json)
    if as_json:
        output.write_json(_put_json(name, plan, written=written))
    else:
        conclude(host, plan, written=written)


def _show(snapshot: Snapshot, outcomes: Sequence[Outcome]) -> None:
    if len(outcomes) == 1 and outcomes[0].assumed is None:
        return  # the failure is printed on stderr
    now = snapshot.host.now()
    rows = [_row(outcome, now) for outcome in outcomes]
    common.print_lines(snapshot.host, lambda terminal: table(_COLUMNS, rows, terminal))


def _row(outcome: Outcome, now: datetime) -> tuple[Cell, ...]:
    done = outcome.assumed
    if done is None:
        return (outcome.profile, "cancelled" if outcome.failure is None else "failed", None, None)
    left = duration((done.expires_at - now).total_seconds())
    result = "still valid" if done.was_cached else "assumed"
    return (outcome.profile, result, left, None if done.arn is None else masked(done.arn))


def _complain(snapshot: Snapshot, outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.failure is not None:
            told = output.of_action(outcome.failure, snapshot.host).message
            is_named = told.startswith(f"{outcome.profile} ")
            output.complain(told if is_named else f"{outcome.profile}: {told}")
        elif outcome.assumed is None:
            output.complain(f"{outcome.profile}: cancelled")


def _outcomes_json(outcomes: Iterable[Outcome]) -> "AssumeAnswer":
    """``rolecall assume``: the result of each profile.

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


def _assumed_json(done: Assumed) -> "AssumedJson":
    return {
        "profile": done.profile,
        "arn": json_output.masked_or_none(done.arn),
        "expires_at": utc(done.expires_at),
        "cache_file": str(done.cache_file),
        "was_cached": done.was_cached,
    }


def _error_json(failure: ActionFailed | None) -> "ErrorJson":
    if failure is None:
        return {"type": "Cancelled", "message": "cancelled", "path": None, "line": None, "cure": None}
    return {"type": failure.kind, **output.of_parts(failure)}


def _identity_json(found: Identity) -> "IdentityAnswer":
    """``rolecall whoami``: {profile, account, arn, user_id, as_promised, remark}.

    ``as_promised`` is null if the settings name nothing to compare with.
    """
    return {
        "profile": found.profile,
        "account": json_output.masked_or_none(found.account),
        "arn": json_output.masked_or_none(found.arn),
        "user_id": json_output.masked_or_none(found.user_id),
        "as_promised": found.is_as_promised,
        "remark": json_output.masked_or_none(found.remark),
    }


def _put_json(profile: str, plan: Plan, *, written: bool) -> "PutAnswer":
    """``rolecall assume --into``: as for an edit, and ``profile``, whose credentials these are."""
    return {"profile": profile, **plan_json(plan, written=written)}
