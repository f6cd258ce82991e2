"""Log in and out, and renew what the last notice is about."""

from collections.abc import Mapping
from types import MappingProxyType

from rolecall.actions import aws_cli, login, programs
from rolecall.aws import logins
from rolecall.aws.logins import LoginTarget
from rolecall.aws.profile_report import ProfileReport
from rolecall.doctor.sessions import LoginTopic, look_at
from rolecall.messages.states import standing
from rolecall.text import duration, several
from rolecall.tui.actions.assume import AssumeAnewAction
from rolecall.tui.actions.runner import Action, ActionContext
from rolecall.tui.actions.target import NO_PROFILE, Target
from rolecall.tui.notices import is_renewed
from rolecall.tui.screens.dialog import ChoiceScreen, ConfirmScreen
from rolecall.tui.tones import Tone


def _subject(target: Target) -> ProfileReport | None:
    """The profile under the cursor, or one of those under the heading of a login."""
    return target.current if target.current is not None else target.user


def _no_profile(target: Target) -> str:
    return NO_PROFILE if target.session is None else f"No profile uses the sso-session {target.session} yet."


class LogInAction:
    """Log in where the profile's credentials start."""

    command = "login"

    def obstacle(self, target: Target) -> str | None:
        """It needs a profile that uses a login."""
        report = _subject(target)
        return _no_profile(target) if report is None else logins.obstacle(report, target.snapshot)

    async def run(self, context: ActionContext) -> None:
        """Log in; where the login is still good, ask whether to log in again, or out."""
        snapshot = context.target.snapshot
        report = _subject(context.target)
        if report is None:
            return
        where = login.target(snapshot, report.name)
        topic = LoginTopic(where.name, is_sso=where.kind != login.LOGIN_SESSION)
        expiry = look_at(snapshot, topic).expiry.as_of(snapshot.host.now())
        if context.is_next_step or not expiry.state.is_live:
            await _log_in(context, where)
            return
        words = ((f"{where.name} is logged in: {standing(expiry, snapshot.host.now())}.", Tone.PLAIN),)
        labels = ("Log in again", "Log out") if topic.is_sso else ("Log in again",)
        match await context.ask(ChoiceScreen(f"Log in to {where.name}", words, *labels)):
            case 0:
                await _log_in(context, where)
            case 1:
                await LogOutAction().run(context)


class LogInAgainAction(LogInAction):
    """Log in without asking, although the login may still be good: it ends soon."""

    async def run(self, context: ActionContext) -> None:
        """Log in."""
        report = _subject(context.target)
        if report is not None:
            await _log_in(context, login.target(context.target.snapshot, report.name))


async def _log_in(context: ActionContext, where: LoginTarget) -> None:
    """Log in by the device flow; for ``aws login``, run the AWS CLI in this terminal."""
    snapshot = context.target.snapshot
    if where.kind == login.LOGIN_SESSION:
        command = await context.run(
            "Look for the AWS CLI", lambda *_: aws_cli.aws_login(snapshot.host, where)
        )
        await context.suspended(lambda: programs.run(snapshot.host, command))
        return
    done = await context.run(
        f"Log in to {where.name}",
        lambda prompts, cancel: login.log_in(snapshot, where, prompts, cancel),
    )
    ends = duration((done.expires_at - snapshot.host.now()).total_seconds())
    renewal = ", renewed by itself" if done.renewable else ""
    context.say(" ".join((f"Logged in to {where.name} for {ends}{renewal}.", *done.remarks)))


class LogOutAction:
    """Log out of this one session; the others stay."""

    command = "logout"

    def obstacle(self, target: Target) -> str | None:
        """It needs a profile that uses an SSO login."""
        report = _subject(target)
        if report is None:
            return _no_profile(target)
        return logins.obstacle(report, target.snapshot) or login.nothing_to_log_out(
            target.snapshot, report.name
        )

    async def run(self, context: ActionContext) -> None:
        """Say which profiles it affects, then do it."""
        snapshot = context.target.snapshot
        report = _subject(context.target)
        if report is None:
            return
        where = login.target(snapshot, report.name)
        users = logins.users(snapshot, where)
        words = (
            (f"Logging out of {where.name} ends it for {several(len(users), 'profile')}:", Tone.PLAIN),
            (", ".join(users), Tone.STRONG),
            ("", Tone.PLAIN),
            ("To use them again, log in again in the browser. Other sessions stay.", Tone.PLAIN),
        )
        if not await context.ask(ConfirmScreen("Log out?", words, "Log out")):
            return
        left = await context.run(
            f"Log out of {where.name}",
            lambda prompts, cancel: login.log_out(snapshot, where, prompts, cancel),
        )
        done = f"Logged out of {where.name}: {several(len(left.deleted), 'file')} deleted."
        context.say(" ".join((done, *left.remarks)), Tone.WARN if left.remarks else Tone.GOOD)


NOT_YET = "No notice has offered to renew anything yet."
_ACTIONS: Mapping[str, Action] = MappingProxyType({"assume": AssumeAnewAction(), "login": LogInAgainAction()})
"""By the command that a notice names. In any case: what expires soon may still count as valid."""


class RenewAction:
    """Do what the last notice offers, wherever the cursor is and whatever is marked."""

    command = "renew"

    def obstacle(self, target: Target) -> str | None:
        """It needs a notice that offers something, and a profile that is still there."""
        offer = _offer(target)
        if offer is None:
            return NOT_YET
        action, profile = offer
        if profile not in target.snapshot.profiles:
            return f"There is no profile {profile} any more."
        if target.notice is not None and is_renewed(target.snapshot, target.notice):
            return f"{profile} has been renewed since the last notice."
        return action.obstacle(target.about(profile))

    async def run(self, context: ActionContext) -> None:
        """Do it, about that profile alone."""
        offer = _offer(context.target)
        if offer is not None:
            action, profile = offer
            context.about(profile)
            await action.run(context)


def _offer(target: Target) -> tuple[Action, str] | None:
    """Return what the notice offers to do, and about which profile."""
    notice = target.notice
    action = _ACTIONS.get(notice.command or "") if notice is not None else None
    if notice is None or action is None or notice.profile is None:
        return None
    return action, notice.profile
