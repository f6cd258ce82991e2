"""Renew what the last notice was about: the role is assumed anew, or somebody logs in again."""

from collections.abc import Mapping
from types import MappingProxyType

from rolecall.tui.acting.assume import AssumeAnew
from rolecall.tui.acting.deed import Deed, Desk
from rolecall.tui.acting.login import LogIn
from rolecall.tui.acting.target import Target

NOT_YET = "No end has been announced that a key could renew."
_DEEDS: Mapping[str, Deed] = MappingProxyType({"assume": AssumeAnew(), "login": LogIn()})
"""By what a notice names. Anew, for what is about to end may be good for long enough not to be touched."""


class Renew:
    """Do what the last notice offers, wherever the cursor is, whatever is marked."""

    def obstacle(self, target: Target) -> str | None:
        """It takes a notice that offers something, and a profile that is still there."""
        notice = target.notice
        if notice is None or notice.profile is None or notice.command not in _DEEDS:
            return NOT_YET
        if notice.profile not in target.snapshot.profiles:
            return f"There is no profile {notice.profile} any more."
        return _DEEDS[notice.command].obstacle(target.about(notice.profile))

    async def run(self, desk: Desk) -> None:
        """Do it, about that profile alone."""
        notice = desk.target.notice
        if notice is None or notice.profile is None or notice.command not in _DEEDS:
            return
        desk.about(notice.profile)
        await _DEEDS[notice.command].run(desk)
