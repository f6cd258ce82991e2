"""Assume roles: unless the cached credentials are valid, or in any case, or into the credentials file."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from rolecall.actions import assume, credentials
from rolecall.actions.assume import Assumed, Outcome
from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.aws.expiry import LONGEST_CHAINED
from rolecall.aws.profile_report import ProfileReport
from rolecall.text import duration, sentence, several
from rolecall.tui.actions.runner import ActionContext
from rolecall.tui.actions.target import NO_PROFILE, Target
from rolecall.tui.render.inspector import Details, Fact, title
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.tones import Tone

CHAINED = (
    "A role that is assumed with another role's credentials lasts 1 hour at the most: STS refuses the call. "
    "It can be asked for 1 hour this time; the setting stays."
)


class AssumeAction:
    """Assume the role, unless its cached credentials are valid for a while."""

    command = "assume"
    force = False

    def obstacle(self, target: Target) -> str | None:
        """It needs a profile with a role; of several marked ones, at least one."""
        reports = target.reports
        if not reports:
            return NO_PROFILE
        obstacles = (assume.obstacle(report, anew=self.force) for report in reports)
        first = next(obstacles)
        return first if first is not None and None not in obstacles else None

    def many(self, target: Target) -> int:
        """Those that have a role."""
        return sum(map(assume.has_role, target.marked))

    async def run(self, context: ActionContext) -> None:
        """Assume them all."""
        await assume_these(context, context.target.reports, force=self.force)


async def assume_these(context: ActionContext, reports: Sequence[ProfileReport], *, force: bool) -> None:
    """Assume roles: sources first, the others side by side. Of those without a role it is said why."""
    snapshot = context.target.snapshot
    skipped = {each.name: str(assume.obstacle(each)) for each in reports if not assume.has_role(each)}
    reports = [report for report in reports if report.name not in skipped]
    now = snapshot.host.now()
    calling = [each for each in reports if force or not assume.is_good(each, now)]
    seconds = await _seconds(context, calling)
    names = [report.name for report in reports]
    if len(names) == 1:
        context.about(names[0])
    what = names[0] if len(names) == 1 else several(len(names), "profile")

    def job(prompts: Prompts, cancel: Cancel) -> tuple[Outcome, ...]:
        return assume.assume_all(
            snapshot,
            names,
            prompts,
            cancel,
            lambda outcome: prompts.tell(_step(outcome)),
            force=force,
            seconds=seconds,
        )

    outcomes = await context.run(f"Assume {what}", job, of_many=len(names) > 1)
    await _say_outcomes(context, outcomes, skipped)


class AssumeAnewAction(AssumeAction):
    """Assume the role again, although its cached credentials are valid."""

    command = "assume.anew"
    force = True


class AssumeIntoAction:
    """Write temporary credentials into a profile of the credentials file."""

    command = "assume.into"

    def obstacle(self, target: Target) -> str | None:
        """It needs one profile that gives temporary credentials."""
        return NO_PROFILE if target.current is None else credentials.obstacle_to_put(target.current)

    async def run(self, context: ActionContext) -> None:
        """Fetch them, ask for the profile, show what will be written."""
        from rolecall.tui.screens.dialogs import IntoScreen  # noqa: PLC0415 - few need it

        target = context.target
        if target.current is None:
            return
        name = target.current.name
        into = await context.ask(IntoScreen(target.snapshot, name))
        if into is None:
            return
        fetched = await context.run(
            f"Get credentials of {name}",
            lambda prompts, cancel: credentials.fetch(target.snapshot, name, prompts, cancel),
        )
        credentials.refuse_long_term(target.current, fetched)
        await context.write(edits.put_credentials(context.target.snapshot, into, fetched))


async def _seconds(context: ActionContext, reports: Sequence[ProfileReport]) -> dict[str, int]:
    """Warn of durations that STS would refuse; return the seconds to ask for instead, by profile."""
    too_long = {report.name: asked for report in reports if (asked := assume.too_long(report)) is not None}
    if not too_long:
        return {}
    words = [
        *(
            (f"{name} asks for {duration(asked)} (duration_seconds = {asked}).", Tone.PLAIN)
            for name, asked in too_long.items()
        ),
        ("", Tone.PLAIN),
        (CHAINED, Tone.WARN),
    ]
    if not await context.ask(ConfirmScreen("Too long for a chained role", words, "Assume for 1 hour")):
        raise Cancelled
    return dict.fromkeys(too_long, LONGEST_CHAINED)


def _step(outcome: Outcome) -> str:
    return f"{outcome.profile}: {'done' if outcome.assumed is not None else 'not done'}"


MOST_IN_PASSING = 3
"""Skipped profiles that are told in passing, each with its reason; more have a summary."""


async def _say_outcomes(
    context: ActionContext, outcomes: Sequence[Outcome], skipped: Mapping[str, str]
) -> None:
    """Say how it ended: of one role in passing, or why it failed; of several in a summary.

    Args:
        context: where it is said.
        outcomes: how it ended for each role.
        skipped: why others were left out, a sentence each, by their names.
    """
    if len(outcomes) == 1 and not skipped:
        _say_outcome(context, outcomes[0])
        return
    now = context.target.snapshot.host.now()
    valid = {
        each.profile: f"{each.profile} is still valid for {_left(each.assumed, now)}."
        for each in outcomes
        if each.assumed is not None and each.assumed.was_cached
    }
    left_out = {**valid, **skipped}
    has_failed = any(outcome.assumed is None for outcome in outcomes)
    if has_failed or len(left_out) > MOST_IN_PASSING:
        names = context.target.snapshot.profiles
        await context.ask(DetailsScreen(_summary(outcomes, left_out, names)))
        return
    done = several(len(outcomes) - len(valid), "role")
    reasons = f" Skipped: {' '.join(left_out.values())}" if left_out else ""
    context.say(f"{done} assumed.{reasons}")


def _left(assumed: Assumed, now: datetime) -> str:
    return duration((assumed.expires_at - now).total_seconds())


def _say_outcome(context: ActionContext, outcome: Outcome) -> None:
    if outcome.failure is not None:
        raise outcome.failure
    if outcome.assumed is None:
        raise Cancelled
    left = _left(outcome.assumed, context.target.snapshot.host.now())
    how = "is still valid" if outcome.assumed.was_cached else "assumed"
    context.say(f"{outcome.profile}: {how} for {left}.")


def _summary(outcomes: Sequence[Outcome], skipped: Mapping[str, str], names: Collection[str]) -> Details:
    failed = [each for each in outcomes if each.assumed is None]
    done = [each.profile for each in outcomes if each.assumed is not None and each.profile not in skipped]
    assumed = ", ".join(done) or "none"
    facts = [title("Assumed"), Fact("", assumed, Tone.GOOD if done else Tone.DIM)]
    facts += [title("Not assumed")] if failed else []
    for outcome in failed:
        facts += _reasons(outcome.profile, outcome.failure, names)
    facts += [title("Skipped")] if skipped else []
    facts += [Fact(name, why.removeprefix(f"{name} "), Tone.DIM) for name, why in skipped.items()]
    return Details("Assume: summary", tuple(facts))


def _reasons(profile: str, failure: ActionFailed | None, names: Collection[str]) -> list[Fact]:
    if failure is None:
        return [Fact(profile, "cancelled", Tone.DIM)]
    facts = [Fact(profile, f"{failure.kind}: {sentence(failure.message, names)}", Tone.BAD)]
    return [*facts, Fact("", sentence(failure.cure), Tone.ACCENT)] if failure.cure else facts
