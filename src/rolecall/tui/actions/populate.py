"""Add a profile for every account and permission set of an SSO session."""

import asyncio

from rolecall.actions import populate
from rolecall.actions.populate import Entry, Wanted
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.aws import logins
from rolecall.aws.logins import LoginKind
from rolecall.tui.actions.runner import ActionContext
from rolecall.tui.actions.target import Target, refusal
from rolecall.tui.tones import Tone

NO_SESSION = "There is no sso-session under the cursor, and no profile that uses one."


class PopulateAction:
    """List what the session gives, have the user choose, show the diff."""

    command = "populate"

    def obstacle(self, target: Target) -> str | None:
        """It needs an sso-session, or a profile that uses one, and files that parse."""
        return refusal(target.snapshot) or (NO_SESSION if _session(target) is None else None)

    async def run(self, context: ActionContext) -> None:
        """Ask the access portal, then the user."""
        from rolecall.tui.screens.populate import PopulateScreen  # noqa: PLC0415 - few sessions need it

        session = _session(context.target)
        if session is None:
            return
        snapshot = context.target.snapshot
        where = populate.target(snapshot, session)

        def job(prompts: Prompts, cancel: Cancel) -> tuple[Entry, ...]:
            accounts = populate.list_accounts(snapshot, where, prompts, cancel)
            return populate.compare(snapshot, session, accounts, Wanted())

        entries = await context.run(f"List the accounts of {session}", job)
        if not entries:
            context.say(f"AWS lists no account for this login to {session}.", Tone.WARN)
            return
        chosen = await context.ask(PopulateScreen(session, entries))
        if chosen is None:
            return
        now = context.target.snapshot
        await context.write(await asyncio.to_thread(populate.plan, now, session, chosen))


def _session(target: Target) -> str | None:
    """Return the session under the cursor, or that which the profile there uses."""
    if target.session is not None:
        return target.session
    report = target.current if target.current is not None else target.user
    found = logins.login_of(report, target.snapshot) if report is not None else None
    if found is None or found[0] is not LoginKind.SSO_SESSION:
        return None
    return found[1] if logins.is_session(target.snapshot, found[1]) else None
