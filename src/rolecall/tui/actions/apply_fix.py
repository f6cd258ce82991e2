"""The registry of what each command does, and how a Fix is applied."""

from collections.abc import Iterator, Mapping
from inspect import isclass
from types import MappingProxyType, ModuleType
from typing import cast

from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.actions.login import target as login_target
from rolecall.aws.logins import is_session
from rolecall.doctor.fixes import Fix, FixAction
from rolecall.text import sentence
from rolecall.tui.actions import assume, clear, credentials, edit, login
from rolecall.tui.actions.clear import delete
from rolecall.tui.actions.edit import broken_file, open_editor
from rolecall.tui.actions.runner import Action, ActionContext
from rolecall.tui.screens.dialog import TellScreen
from rolecall.tui.tones import Tone
from rolecall.user_settings import Silence


def _defined_in(*modules: ModuleType) -> Iterator[Action]:
    """Yield one action of each class that has a command of its own."""
    for module in modules:
        for each in filter(isclass, vars(module).values()):
            if each.__module__ == module.__name__ and "command" in vars(each):
                yield cast("Action", each())


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {each.command: each for each in _defined_in(assume, clear, credentials, edit, login)}
)
"""What each command does, by the command's id."""


CHANGES_NOTHING = frozenset((FixAction.SHELL, FixAction.NOTHING))
"""What only shows something: it works with --read-only as well."""


async def apply_fix(context: ActionContext, fix: Fix) -> None:
    """Apply a Fix; what an edit writes and what a deletion costs is shown first.

    Raises:
        ActionFailed: it was not done, or cannot be done any more.
        Cancelled: the user changed their mind.
    """
    match fix.doing:
        case FixAction.ASSUME | FixAction.LOGIN:
            await _by_command(context, fix)
        case FixAction.EDIT if fix.changes:
            await _change(context, fix)
        case FixAction.EDIT:
            await _by_command(context, fix)
        case FixAction.RENAME if fix.name is not None:
            await context.write(edits.rename_profile(context.target.snapshot, str(fix.profile), fix.name))
        case FixAction.REMOVE:
            await context.write(edits.remove_profile(context.target.snapshot, str(fix.profile)))
        case FixAction.CLEAR:
            await _clear(context, fix)
        case FixAction.REWRITE if fix.edit is not None and fix.role is not None:
            await context.write(edits.rewrite_lines(context.target.snapshot, fix.role, fix.edit))
        case FixAction.EDITOR if fix.path is not None:
            await open_editor(context, fix.path, fix.line)
        case FixAction.SHELL if (line := fix.line_for(context.target.snapshot.host)) is not None:
            await _in_the_shell(context, fix, line)
        case _:
            await context.ask(TellScreen("Only you can do this", [(sentence(fix.words), Tone.PLAIN)]))


async def _by_command(context: ActionContext, fix: Fix) -> None:
    """Run the command of that name, for the Fix's profile alone.

    Raises:
        ActionFailed: it does not apply, or it was not done.
    """
    snapshot = context.target.snapshot
    action = login.LogInAgainAction() if fix.doing is FixAction.LOGIN else ACTIONS[fix.doing.value]
    if fix.doing is FixAction.LOGIN and fix.profile is not None and is_session(snapshot, fix.profile):
        context.about(login_target(snapshot, fix.profile).profile)
    elif fix.profile is not None:
        if fix.profile not in snapshot.profiles and broken_file(snapshot) is None:
            raise ActionFailed("NotApplicable", f"There is no profile {fix.profile} any more.")
        context.about(fix.profile)
    obstacle = action.obstacle(context.target)
    if obstacle is not None:
        raise ActionFailed("NotApplicable", obstacle)
    await action.run(context)


async def _change(context: ActionContext, fix: Fix) -> None:
    """Show and write what is set and unset: in one edit where the result is the same as one by one."""
    name = str(fix.profile)
    if len(fix.changes) > 1 and not any("." in key for key in fix.changes):
        await context.write(edits.change_profile(context.target.snapshot, name, fix.changes, file=fix.role))
        return
    for key, value in fix.changes.items():
        snapshot = context.target.snapshot
        plan = (
            edits.unset_setting(snapshot, name, key, fix.role)
            if value is None
            else edits.set_setting(snapshot, name, key, value, fix.role)
        )
        if not await context.write(plan):
            return


async def _clear(context: ActionContext, fix: Fix) -> None:
    snapshot = context.target.snapshot
    entries = tuple(entry for entry in snapshot.entries if entry.path == fix.path)
    if not entries:
        raise ActionFailed("NotApplicable", "it is not in the caches any more", path=fix.path)
    await delete(context, snapshot, entries)


async def _in_the_shell(context: ActionContext, fix: Fix, line: str) -> None:
    """Show the line for the user's shell; copy it or, where the shell below listens, leave with it."""
    from rolecall.tui.screens.dialogs import LineUse, ShellLineScreen  # noqa: PLC0415 - few need it

    way = await context.ask(
        ShellLineScreen(sentence(fix.words), line, leaves=context.target.options.emits is not None)
    )
    if way is LineUse.LEAVE:
        context.leave((line,))
    elif way is LineUse.COPY:
        context.copy(line, "the line")


async def silence(context: ActionContext, what: Silence) -> None:
    """Show and write that something is not reported any more."""
    from rolecall.actions import silence_finding  # noqa: PLC0415 - few need it

    await context.write(silence_finding.silence(context.target.snapshot.host, what.code, what.subject))
