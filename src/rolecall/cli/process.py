"""``rolecall process``: a ``credential_process`` for every SDK, from the AWS CLI's cache."""

import click

from rolecall.actions import process as actions
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, output
from rolecall.cli.common import ActingCommand, complete_profile, examples, with_home, with_json
from rolecall.cli.edit import carry_out, conclude, plan_json
from rolecall.cli.prompts import TerminalPrompts, has_person, perform, with_dry_run, with_yes


@click.command(
    "process",
    cls=ActingCommand,
    epilog=examples(
        "credential_process = rolecall process deploy-source     in the config file",
        "rolecall process --install deploy                       writes that; the diff is shown first",
        "rolecall process deploy | jq -r .Expiration",
    ),
)
@click.argument("name", shell_complete=complete_profile)
@click.option("--install", is_flag=True, help="Have the profile get its credentials from this command.")
@with_dry_run
@with_yes
@with_json
@with_home
@click.pass_context
def process(
    context: click.Context, name: str, *, install: bool, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Print a profile's credentials as a credential_process does.

    Reads the AWS CLI's cache, and renews it when less than 15 minutes are left: one process at a time, so
    that a hundred that start at once make one call. Without a terminal nobody is waited for: where an MFA
    code or a login is needed it fails, and says on stderr what to run. Expiration is always there; an SDK
    asks again for long-term keys after an hour.

    --install moves the role's own settings to NAME-source, and has NAME use this command: then every SDK, and
    every process of it, shares the cache that `rolecall assume` and the AWS CLI fill.
    """
    host = common.host(context)
    common.look_at(context, name)
    if install:
        plan = actions.install(Snapshot.take(host), name)
        written = carry_out(host, plan, dry_run=dry_run, yes=yes, as_json=as_json)
        if as_json:
            output.write_json(plan_json(plan, written=written))
        else:
            conclude(host, plan, written=written)
        return
    person = actions.ProcessPrompts(TerminalPrompts(), name, has_person=has_person())

    def take(previous: Snapshot | None) -> Snapshot:
        return Snapshot.take(host) if previous is None else Snapshot.take(host, previous)

    served = perform(lambda relayed, cancel: actions.serve(take, name, relayed, cancel), person)
    if served.problem is not None:
        output.complain(f"still valid, but not renewed: {output.of_action(served.problem, host).message}")
    output.write(f"{served.text}\n")
