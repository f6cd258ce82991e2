"""``rolecall populate``: profiles for the accounts and permission sets of an SSO session."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from rolecall.actions import populate as actions
from rolecall.actions.populate import Account, Entry, Status, Wanted
from rolecall.aws.identifiers import is_region
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, completion, json_output, output
from rolecall.cli.common import ActingCommand, complete_profile, examples, masked, with_home, with_json
from rolecall.cli.edit import carry_out, conclude, plan_json
from rolecall.cli.prompts import TerminalPrompts, perform, refuse_unattended, with_dry_run, with_yes
from rolecall.cli.text_output import Cell, Column, Fit, table
from rolecall.text import several

if TYPE_CHECKING:
    from rolecall.cli.json_types import EditAnswer, PopulateAnswer

_COLUMNS = (
    Column("ACCOUNT", Fit.MIDDLE, least=12),
    Column("ID", least=12),
    Column("ROLE", Fit.MIDDLE, least=12),
    Column("STATUS", least=9),
    Column("PROFILE", Fit.MIDDLE, least=12),
)
_WORDS = {
    Status.NEW: "new",
    Status.CLASH: "new, name taken",
    Status.THERE: "there",
    Status.RENAMED: "other name",
    Status.DIFFERENT: "different",
    Status.GONE: "gone",
}


def _complete_session(
    context: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    return completion.starting_with(incomplete, completion.session_names(common.host(context)))


@click.command(
    "populate",
    cls=ActingCommand,
    epilog=examples(
        "rolecall populate corp --dry-run             what there is, and the diff",
        "rolecall populate corp --region eu-west-1",
        "rolecall populate corp --like payments-prod  region and other settings as that profile has them",
        "rolecall populate corp --only 'prod*' --name '{account_name}.{role}'",
        "rolecall populate corp --prune               also remove what AWS no longer lists",
    ),
)
@click.argument("session", shell_complete=_complete_session)
@click.option(
    "--name",
    "template",
    metavar="TEMPLATE",
    default=actions.TEMPLATE,
    show_default=True,
    help="What new profiles are called; {account_id} and {session} are known as well.",
)
@click.option(
    "--like",
    metavar="PROFILE",
    shell_complete=complete_profile,
    help="Copy this profile's region, output and such.",
)
@click.option("--region", metavar="REGION", help="The region of the profiles.")
@click.option(
    "--only", metavar="PATTERN", help="Only those whose account, permission set or profile name matches."
)
@click.option("--update", is_flag=True, help="Also change what is different from --like and --region.")
@click.option("--rename", is_flag=True, help="Also rename what has another name than TEMPLATE gives.")
@click.option("--prune", is_flag=True, help="Also remove the session's profiles that AWS no longer lists.")
@with_dry_run
@with_yes
@with_json
@with_home
@click.pass_context
def populate(
    context: click.Context,
    session: str,
    *,
    template: str,
    like: str | None,
    region: str | None,
    only: str | None,
    update: bool,
    rename: bool,
    prune: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Add a profile for every account and permission set that an SSO session gives you.

    Asks the access portal which there are, compares them with the profiles of the session, and shows one
    diff. Profiles that are there stay as they are, whatever they are called. A profile is known by its
    account and permission set: a second run changes nothing. New ones get the settings that the session's
    profiles have in common, or those of --like and --region.
    """
    snapshot = common.look_at(context, *([like] if like is not None else []))
    wanted = Wanted(template, _settings(snapshot, like, region), only)
    where = actions.target(snapshot, session)
    actions.check_template(template)
    if prune and not dry_run:
        refuse_unattended("this removes profiles", yes=yes)
    accounts = perform(
        lambda relayed, cancel: actions.list_accounts(snapshot, where, relayed, cancel), TerminalPrompts()
    )
    entries = actions.compare(snapshot, session, accounts, wanted)
    statuses = {Status.NEW, Status.CLASH}
    statuses |= {Status.DIFFERENT} if update else set()
    statuses |= {Status.RENAMED} if rename else set()
    statuses |= {Status.GONE} if prune else set()
    chosen = [each for each in entries if each.status in statuses]
    plan = actions.plan(snapshot, session, chosen)
    if not as_json:
        # what has a name of the user's own is as it should be, unless names are to be changed
        quiet = {Status.THERE} if rename else {Status.THERE, Status.RENAMED}
        _show(snapshot, [each for each in entries if each.status not in quiet])
    for remark in _left(entries, chosen, accounts):
        output.complain(remark)
    written = carry_out(snapshot.host, plan, dry_run=dry_run, yes=yes, as_json=as_json)
    if as_json:
        output.write_json(_populate_json(session, entries, chosen, plan_json(plan, written=written)))
    else:
        conclude(snapshot.host, plan, written=written)


def _settings(snapshot: Snapshot, like: str | None, region: str | None) -> dict[str, str] | None:
    """Return the settings that were asked for; None where none were."""
    if region is not None and not is_region(region):
        message = f"{region!r} is not a region"
        raise click.BadParameter(message, param_hint="--region")
    if like is None and region is None:
        return None
    found = {} if like is None else actions.settings_like(snapshot, like)
    return found if region is None else found | {"region": region}


def _show(snapshot: Snapshot, entries: Sequence[Entry]) -> None:
    if entries:
        rows = [_row(each) for each in entries]
        common.print_lines(snapshot.host, lambda terminal: table(_COLUMNS, rows, terminal))


def _row(entry: Entry) -> tuple[Cell, ...]:
    profile = entry.profile if entry.status is not Status.RENAMED else f"{entry.profile} → {entry.other}"
    return (
        masked(entry.account_name) or None,
        entry.account,
        masked(entry.role),
        _WORDS[entry.status],
        masked(profile),
    )


def _left(entries: Sequence[Entry], chosen: Sequence[Entry], accounts: Sequence[Account]) -> list[str]:
    """Say what is left as it is, and by which option it would not be."""
    wanted = set(map(id, chosen))
    left = Counter(each.status for each in entries if id(each) not in wanted)
    found = []
    if different := left[Status.DIFFERENT]:
        found.append(f"{several(different, 'profile')} with other settings are left (--update)")
    if gone := left[Status.GONE]:
        found.append(f"AWS does not list {several(gone, 'profile')} for this login (--prune)")
    if not accounts:
        found.append("AWS lists no account for this login")
    if any(each.is_offered and "region" not in each.settings for each in chosen):
        found.append("the new profiles have no region: give --region, or --like a profile that has one")
    return found


def _populate_json(
    session: str, entries: Sequence[Entry], chosen: Sequence[Entry], edit: "EditAnswer"
) -> "PopulateAnswer":
    wanted = set(map(id, chosen))
    return {
        "session": session,
        "entries": [
            {
                "account": each.account,
                "account_name": json_output.masked_or_none(each.account_name or None),
                "role": json_output.masked_or_none(each.role),
                "status": each.status.value,
                "profile": json_output.masked_or_none(each.profile),
                "other": json_output.masked_or_none(each.other),
                "is_chosen": id(each) in wanted,
            }
            for each in entries
        ],
        **edit,
    }
