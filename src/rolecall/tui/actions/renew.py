"""Renew what the last notice was about: the role is assumed anew, or somebody logs in again."""

from collections.abc import Mapping
from types import MappingProxyType

from rolecall.tui.actions.assume import AssumeAnew
from rolecall.tui.actions.base import Action, ActionContext
from rolecall.tui.actions.login import LogIn
from rolecall.tui.actions.target import Target

NOT_YET = "No end has been announced that a key could renew."
_DEEDS: Mapping[str, Action] = MappingProxyType({"assume": AssumeAnew(), "login": LogIn()})
"""By what a notice names. Anew, for what is about to end may be good for long enough not to be touched."""


class Renew:
    """Do what the last notice offers, wherever the cursor is, whatever is marked."""

    def obstacle(self, target: Target) -> str | None:
        """It takes a notice that offers something, and a profile that is still there."""
        offer = _offer(target)
        if offer is None:
            return NOT_YET
        deed, profile = offer
        if profile not in target.snapshot.profiles:
            return f"There is no profile {profile} any more."
        return deed.obstacle(target.about(profile))

    async def run(self, context: ActionContext) -> None:
        """Do it, about that profile alone."""
        offer = _offer(context.target)
        if offer is not None:
            deed, profile = offer
            context.about(profile)
            await deed.run(context)


def _offer(target: Target) -> tuple[Action, str] | None:
    """Return what the notice offers to do, and about which profile."""
    notice = target.notice
    deed = _DEEDS.get(notice.command or "") if notice is not None else None
    if notice is None or deed is None or notice.profile is None:
        return None
    return deed, notice.profile
