"""``rolecall console``: the AWS console in the browser, as a profile."""

import sys
from typing import TYPE_CHECKING

import click

from rolecall.actions import console as actions
from rolecall.actions.console import Console, Opening, Wish
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.aws.expiry import SHORTEST_DURATION
from rolecall.aws.identifiers import is_region
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, json_output, output
from rolecall.cli.common import ActingCommand, complete_profile, examples, masked, with_home, with_json
from rolecall.cli.prompts import TerminalPrompts, perform, with_code, with_yes
from rolecall.text import duration, sentence, utc

if TYPE_CHECKING:
    from rolecall.cli.json_types import ConsoleAnswer


def _region(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    if given is not None and not is_region(given):
        message = f"{given!r} is not a region"
        raise click.BadParameter(message)
    return given


@click.command(
    "console",
    cls=ActingCommand,
    epilog=examples(
        "rolecall console prod",
        "rolecall console prod --service s3 --region eu-west-1",
        "rolecall console prod --browser 'firefox -P {account}'",
        "rolecall console prod --browser \"firefox 'ext+container:name={profile}&url={url}'\"",
        "rolecall console prod --url                 only print the address: it is as good as a password",
    ),
)
@click.argument("name", shell_complete=complete_profile)
@click.option("--service", metavar="SERVICE", help="Open the page of this service: s3, lambda, iam.")
@click.option("--region", metavar="REGION", callback=_region, help="The region, instead of the profile's.")
@click.option(
    "--duration",
    "seconds",
    metavar="SECONDS",
    type=click.IntRange(SHORTEST_DURATION, actions.LONGEST_CONSOLE),
    help="How long the session lasts, if longer than the credentials; not for a chained role.",
)
@click.option(
    "--federation", is_flag=True, help="Sign in with the credentials, even where the SSO portal has a link."
)
@click.option("--url", "wants_url", is_flag=True, help="Print the address instead of opening a browser.")
@click.option(
    "--browser",
    metavar="COMMAND",
    help="Open it with this command; {url}, {profile}, {account}, {account_id}, {role}, {region} are known.",
)
@with_code
@with_yes
@with_json
@with_home
@click.pass_context
def console(
    context: click.Context,
    name: str,
    *,
    service: str | None,
    region: str | None,
    seconds: int | None,
    federation: bool,
    wants_url: bool,
    browser: str | None,
    mfa_code: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Open the AWS console as a profile.

    Says first who you will be and until when. A permission set of SSO is opened by the access portal's own
    link, which has no secret in it; anything else by federation with the profile's credentials. The sign-in
    address is as good as a password for 15 minutes. The browser gets it by an address on this machine that
    is answered once, so that it is in no list of processes. [console] in settings.toml names the browser for
    all, for profiles and for accounts.
    """
    snapshot = common.look_at(context, name)
    wish = Wish(service, region, seconds, federation)
    opening = actions.opening(snapshot, name, wish)
    chosen = None if wants_url else actions.browser_for(snapshot, name, browser)
    _announce(opening)
    person = TerminalPrompts(given_code=mfa_code, says_yes=yes)

    def job(relayed: Prompts, cancel: Cancel) -> Console:
        found = actions.sign_in(snapshot, opening, wish, relayed, cancel)
        if chosen is not None:
            actions.open_console(found, chosen, relayed, cancel)
        return found

    found = perform(job, person)
    if not wants_url:
        output.note_deed(f"opened the console as {name}")
    if as_json:
        output.write_json(_console_json(opening, found, with_url=wants_url))
    elif wants_url:
        _print_url(opening, found)
    else:
        common.print_words(snapshot.host, _done(snapshot, opening, found))


def _announce(opening: Opening) -> None:
    """Say on stderr who one will be and until when."""
    output.say(f"You will be {opening.who}, {opening.until}.", *opening.remarks)


def _print_url(opening: Opening, found: Console) -> None:
    is_secret = opening.link is None
    if is_secret and sys.stdout is not None and sys.stdout.isatty():
        output.complain(
            "the following address signs anyone in for the next 15 minutes, and is now on your screen"
        )
    output.write(f"{found.url}\n")


def _done(snapshot: Snapshot, opening: Opening, found: Console) -> str:
    who = masked(found.arn) if found.arn is not None else opening.who
    if found.expires_at is None:
        return sentence(f"the console is open as {who}")
    left = duration((found.expires_at - snapshot.host.now()).total_seconds())
    return f"The console is open as {who} for {left}, until {utc(found.expires_at)}."


def _console_json(opening: Opening, found: Console, *, with_url: bool) -> "ConsoleAnswer":
    """``rolecall console``: what was opened.

    {profile, via (portal|federation), who, account, arn, expires_at, federated_user, remarks[], opened, url};
    ``url`` is null unless ``--url`` asks for it: with ``federation`` it is secret.
    """
    return {
        "profile": opening.profile,
        "via": "federation" if opening.link is None else "portal",
        "who": json_output.masked_or_none(opening.who),
        "account": json_output.masked_or_none(found.account),
        "arn": json_output.masked_or_none(found.arn),
        "expires_at": utc(found.expires_at),
        "federated_user": found.is_federated,
        "remarks": list(opening.remarks),
        "opened": not with_url,
        "url": found.url if with_url else None,
    }
