"""``rolecall login`` and ``rolecall logout``."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from rolecall.actions import aws_cli, programs
from rolecall.actions import login as actions
from rolecall.actions.login import LoggedIn, LoggedOut
from rolecall.aws.logins import LoginTarget, is_session
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, json_output, output, prompts
from rolecall.cli.common import ActingCommand, complete_login, examples, masked, with_home, with_json
from rolecall.cli.prompts import TerminalPrompts, perform, with_yes
from rolecall.host import Host
from rolecall.text import duration, mask, utc

if TYPE_CHECKING:
    from rolecall.cli.json_types import LoginAnswer, LogoutAnswer, TargetJson


@click.command(
    "login",
    cls=ActingCommand,
    epilog=examples(
        "rolecall login dev",
        "rolecall login corp                    the sso-session of that name",
        "rolecall login dev --no-browser        on a machine without one: open the address elsewhere",
    ),
)
@click.argument("name", shell_complete=complete_login)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@with_json
@with_home
@click.pass_context
def login(context: click.Context, name: str, *, no_browser: bool, as_json: bool) -> None:
    """Log in to SSO, or to a login session.

    NAME is a profile or an sso-session. A profile means the login that it, or the source of its chain of
    roles, gets its credentials from. For SSO it shows an address and a code, opens the browser, and waits.
    It writes the token and the registration where the AWS CLI looks for them, so that every profile of the
    session is logged in. For a profile with a login_session it runs `aws login`, which needs version 2 of the
    AWS CLI.
    """
    snapshot, target = _target(context, name)
    if target.kind is actions.LOGIN_SESSION:
        with output.lent_to_stderr() if as_json else nullcontext():
            programs.run(snapshot.host, aws_cli.aws_login(snapshot.host, target))
        output.note_deed(f"logged in to {_name(target)}")
        if as_json:
            output.write_json(_aws_login_json(target))
        return
    person = TerminalPrompts() if no_browser else TerminalPrompts(open_browser=_browser(snapshot.host))
    done = perform(lambda relayed, cancel: actions.log_in(snapshot, target, relayed, cancel), person)
    output.note_deed(f"logged in to {_name(target)}")
    for remark in done.remarks:
        output.complain(remark)
    if as_json:
        output.write_json(_login_json(target, done))
        return
    left = duration((done.expires_at - snapshot.host.now()).total_seconds())
    renewal = "; afterwards renewed by itself" if done.renewable else ""
    words = f"Logged in to {_name(target)} for {left}, until {utc(done.expires_at)}{renewal}."
    common.print_words(snapshot.host, words)


@click.command(
    "logout", cls=ActingCommand, epilog=examples("rolecall logout dev", "rolecall logout dev --yes")
)
@click.argument("name", shell_complete=complete_login)
@with_yes
@with_json
@with_home
@click.pass_context
def logout(context: click.Context, name: str, *, yes: bool, as_json: bool) -> None:
    """Log out of the session of one profile.

    (`aws sso logout` logs out of all sessions.) Deletes the session's token here, and ends it at AWS if AWS
    can be reached. Asks at a terminal, because a new login takes a browser.
    """
    snapshot, target = _target(context, name)
    is_logged_in = actions.nothing_to_log_out(snapshot, name) is None
    if is_logged_in and not yes and prompts.has_person():
        prompts.require(f"Log out of {_name(target)}? You will need a new login to use it again.")
    done = perform(
        lambda relayed, cancel: actions.log_out(snapshot, target, relayed, cancel), TerminalPrompts()
    )
    output.note_deed(f"logged out of {_name(target)}")
    if not prompts.has_person():  # a person has seen them as steps
        for remark in done.remarks:
            output.complain(remark)
    if as_json:
        output.write_json(_logout_json(target, done))
        return
    lines = [f"Logged out of {_name(target)}."]
    lines += [f"Deleted: {snapshot.host.display(path)}" for path in done.deleted]
    if done.profiles:
        lines.append(f"Needs a login now: {', '.join(done.profiles)}")
    common.print_words(snapshot.host, *lines)


def _target(context: click.Context, name: str) -> tuple[Snapshot, LoginTarget]:
    """Return a Snapshot, and where the profile or the sso-session of that name logs in."""
    snapshot = common.look_at(context)
    if not is_session(snapshot, name):
        common.profile(snapshot, name)
    return snapshot, actions.target(snapshot, name)


def _name(target: LoginTarget) -> str:
    return masked(target.name)


def _browser(host: Host) -> Callable[[str], bool]:
    return lambda address: programs.open_browser(host, address)


def _login_json(target: LoginTarget, done: LoggedIn) -> "LoginAnswer":
    """``rolecall login``: {profile, kind, name, expires_at, token_file, renewable, remarks[]}.

    ``aws login`` tells nothing of what it has done: for a ``login-session`` these are null and empty.
    """
    return {
        **_target_json(target),
        "expires_at": utc(done.expires_at),
        "token_file": str(done.token_file),
        "renewable": done.renewable,
        "remarks": [mask(remark) for remark in done.remarks],
    }


def _aws_login_json(target: LoginTarget) -> "LoginAnswer":
    """``rolecall login`` where ``aws login`` did it."""
    return {**_target_json(target), "expires_at": None, "token_file": None, "renewable": None, "remarks": []}


def _logout_json(target: LoginTarget, done: LoggedOut) -> "LogoutAnswer":
    """``rolecall logout``: {profile, kind, name, deleted[] (paths), profiles[], remarks[]}.

    ``profiles`` are those that need a login now.
    """
    return {
        **_target_json(target),
        "deleted": [str(path) for path in done.deleted],
        "profiles": list(done.profiles),
        "remarks": [mask(remark) for remark in done.remarks],
    }


def _target_json(target: LoginTarget) -> "TargetJson":
    return {
        "profile": target.profile or None,
        "kind": target.kind.value,
        "name": json_output.masked_or_none(target.name),
    }
