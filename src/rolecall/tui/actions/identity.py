"""Ask AWS who a profile is."""

from rolecall.actions import caller_identity
from rolecall.actions.caller_identity import Identity
from rolecall.tui.actions.runner import ActionContext
from rolecall.tui.actions.target import NO_PROFILE, Target
from rolecall.tui.render.inspector import Details, Fact
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.tones import Tone

_VERDICTS = {
    True: ("yes: this is whom the profile's settings promise", Tone.GOOD),
    False: ("no", Tone.BAD),
    None: ("the settings name nobody to compare with", Tone.DIM),
}


class WhoAmI:
    """Call GetCallerIdentity with the credentials of the profile."""

    def obstacle(self, target: Target) -> str | None:
        """It takes one profile that has credentials to show."""
        return NO_PROFILE if target.current is None else caller_identity.obstacle(target.current)

    async def run(self, context: ActionContext) -> None:
        """Ask, and show the answer."""
        target = context.target
        if target.current is None:
            return
        name = target.current.name
        identity = await context.run(
            f"Ask AWS who {name} is",
            lambda prompts, cancel: caller_identity.who_am_i(target.snapshot, name, prompts, cancel),
        )
        await context.ask(DetailsScreen(_details(identity)))


def _details(identity: Identity) -> Details:
    words, tone = _VERDICTS[identity.is_as_promised]
    facts = [
        Fact("account", identity.account),
        Fact("ARN", identity.arn),
        Fact("user id", identity.user_id),
        Fact("as promised", words, tone),
    ]
    if identity.remark:
        facts.append(Fact("", identity.remark, tone))
    return Details(f"Who is {identity.profile}", tuple(facts))
