"""Log in and out, and renew what the last notice is about."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, TypeVar

from rolecall.actions import assume, aws_cli, login, programs
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.aws import logins
from rolecall.aws.expiry import RENEWAL_WINDOW, After, Expiry, State
from rolecall.aws.logins import LoginTarget
from rolecall.aws.profile_report import ProfileReport
from rolecall.doctor.sessions import LoginTopic, look_at
from rolecall.messages.states import standing
from rolecall.text import duration, sentence, several
from rolecall.tui.actions.assume import AssumeAnewAction, assume_these
from rolecall.tui.actions.runner import Action, ActionContext
from rolecall.tui.actions.target import NO_PROFILE, Target
from rolecall.tui.notices import is_renewed
from rolecall.tui.render.inspector import Details, Fact
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.dialog import ChoiceScreen, ConfirmScreen
from rolecall.tui.tones import Tone

if TYPE_CHECKING:
    from rolecall.aws.snapshot import Snapshot

Found = TypeVar("Found")


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


_NO_LOGIN = frozenset((State.IDLE, State.EXPIRED, State.BROKEN))


def _logins(target: Target, is_due: Callable[[Expiry], bool]) -> dict[str, ProfileReport]:
    """Return the logins that are due, by their names, each with a profile that uses it."""
    snapshot = target.snapshot
    found: dict[str, ProfileReport] = {}
    for report in snapshot.profiles.values():
        login_of = logins.login_of(report, snapshot)
        expiry = report.token or report.expiry
        if login_of is not None and expiry.after is After.LOGIN and is_due(expiry.as_of(snapshot.taken_at)):
            found.setdefault(login_of[1], report)
    return {name: report for name, report in found.items() if logins.can_log_in(snapshot, report.name)}


async def _log_in_to_all(context: ActionContext, due: Mapping[str, ProfileReport]) -> None:
    """Log in to one after the other; where one fails, go on with the next, and tell at the end."""
    failed: dict[str, ActionFailed] = {}
    for name, report in due.items():
        try:
            await _log_in(context, login.target(context.target.snapshot, report.name))
        except ActionFailed as failure:
            failed[name] = failure
    if len(due) == len(failed) == 1:
        raise next(iter(failed.values()))
    if failed:
        facts = [
            Fact(name, f"{each.kind}: {sentence(each.message, (name,))}", Tone.BAD)
            for name, each in failed.items()
        ]
        await context.ask(DetailsScreen(Details("Not logged in", tuple(facts))))


class LogInToAllAction:
    """Log in wherever a login is missing, or has ended."""

    command = "login.all"

    def __init__(self) -> None:
        self._due = _Once(lambda target: _logins(target, lambda expiry: expiry.state in _NO_LOGIN))

    def obstacle(self, target: Target) -> str | None:
        """It needs a profile whose login is missing, or has ended."""
        return None if self._due.of(target) else "No login is missing, and none has ended."

    async def run(self, context: ActionContext) -> None:
        """Say which, and log in to one after the other."""
        due = self._due.of(context.target)
        if len(due) > 1:
            words = (
                ("Each opens in the browser, one after the other:", Tone.PLAIN),
                (", ".join(due), Tone.STRONG),
            )
            label = f"Log in to {len(due)}"
            if await context.ask(ChoiceScreen(f"Log in to {len(due)} sessions?", words, label)) is None:
                raise Cancelled
        await _log_in_to_all(context, due)


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


class RenewAllAction:
    """Renew every login, and every cached role, that ends within 15 minutes."""

    command = "renew.all"

    def __init__(self) -> None:
        self._due = _Once(lambda target: _logins(target, lambda expiry: _ends_soon(expiry, target)))
        self._roles = _Once(_roles_that_end)

    def obstacle(self, target: Target) -> str | None:
        """It needs something that ends so soon."""
        is_any = self._due.of(target) or self._roles.of(target)
        return None if is_any else "Nothing that can be renewed ends within 15 minutes."

    async def run(self, context: ActionContext) -> None:
        """Log in first: roles may need it."""
        logins_due, roles = self._due.of(context.target), self._roles.of(context.target)
        await _log_in_to_all(context, logins_due)
        if roles:
            profiles = context.target.snapshot.profiles
            await assume_these(context, [profiles[name] for name in roles if name in profiles], force=True)


def _ends_soon(expiry: Expiry, target: Target) -> bool:
    left = expiry.left(target.snapshot.taken_at)
    return left is not None and timedelta(0) < left <= RENEWAL_WINDOW


def _roles_that_end(target: Target) -> tuple[str, ...]:
    return tuple(
        name
        for name, report in target.snapshot.profiles.items()
        if _ends_soon(report.expiry, target)
        and assume.has_role(report)
        and assume.obstacle(report, anew=True) is None
    )


class _Once(Generic[Found]):
    """Looks once at each Snapshot: whether a command applies is asked at each move of the cursor."""

    def __init__(self, look: Callable[[Target], Found]) -> None:
        self._look = look
        self._seen: tuple[Snapshot, Found] | None = None

    def of(self, target: Target) -> Found:
        """Return what there is in the Snapshot of a target."""
        if self._seen is None or self._seen[0] is not target.snapshot:
            self._seen = target.snapshot, self._look(target)
        return self._seen[1]
