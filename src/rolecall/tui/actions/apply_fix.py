"""The registry of what each command does, and how a Fix is applied."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from inspect import isclass
from types import MappingProxyType, ModuleType
from typing import cast

from rolecall.actions.editing import edits
from rolecall.actions.editing.combination import Combination, change_settings
from rolecall.actions.errors import ActionFailed
from rolecall.actions.login import target as login_target
from rolecall.actions.plan import Plan
from rolecall.aws.logins import is_session
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import Fix, FixAction, offered
from rolecall.text import sentence, several
from rolecall.tui.actions import assume, clear, console, credentials, edit, login, populate
from rolecall.tui.actions.clear import delete
from rolecall.tui.actions.edit import open_editor
from rolecall.tui.actions.runner import Action, ActionContext
from rolecall.tui.actions.target import broken_file
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
    {each.command: each for each in _defined_in(assume, clear, console, credentials, edit, login, populate)}
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
        case _ if fix.is_edit:
            await context.write(_plan_of(context.target.snapshot, fix))
        case FixAction.EDIT:
            await _in_the_form(context, fix)
        case FixAction.CLEAR:
            await _clear(context, fix)
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


async def _in_the_form(context: ActionContext, fix: Fix) -> None:
    """Open the form at the Fix's setting, with the value that it proposes."""
    name = fix.profile
    if name is None or name not in context.target.snapshot.profiles:
        await _by_command(context, fix)
        return
    context.about(name)
    texts = {key: value for key, value in fix.changes.items() if value is not None}
    await edit.edit_profile(context, name, fix.key, texts)


_LINES_FIRST = (FixAction.REWRITE, FixAction.EDIT, FixAction.RENAME, FixAction.REMOVE)
"""The order in which edits are combined: the numbers of lines, then the names of profiles hold until then."""


def _plan_of(snapshot: Snapshot, fix: Fix) -> Plan:
    """Plan the edit that a Fix is.

    Raises:
        ActionFailed: it cannot be done, or not any more.
    """
    name = str(fix.profile)
    if fix.edit is not None and fix.role is not None:
        return edits.rewrite_lines(snapshot, fix.role, fix.edit)
    if fix.name is not None:
        return edits.rename_profile(snapshot, name, fix.name)
    if fix.doing is FixAction.REMOVE:
        return edits.remove_profile(snapshot, name)
    return change_settings(snapshot, name, fix.changes, fix.role)


async def apply_together(context: ActionContext, findings: Sequence[Finding]) -> None:
    """Mend several findings in one diff: those whose Fix is an edit; say of the others why they are left out.

    Raises:
        ActionFailed: none of them is an edit.
        Cancelled: the user changed their mind.
    """
    snapshot = context.target.snapshot
    plan = await asyncio.to_thread(_combined, snapshot, findings)
    if not plan.changes:
        words = "None of them can be mended in one diff."
        raise ActionFailed("NotApplicable", " ".join((words, *plan.remarks)), cure="fix them one by one")
    await context.write(plan)


def _combined(snapshot: Snapshot, findings: Sequence[Finding]) -> Plan:
    """Plan all that are edits; each is weighed again over what those before it leave: two may do harm."""
    combined, left_out, mended = Combination(snapshot), [], 0
    for finding in sorted(findings, key=_turn):
        fix = finding.fix
        message = sentence(finding.message, snapshot.profiles).rstrip(".")
        if not fix.is_edit:
            left_out.append(f"Left out, because it is no edit: {message}.")
            continue
        try:
            combined.add(partial(_still_harmless, fix=fix))
            mended += 1
        except ActionFailed as failed:
            left_out.append(f"Left out: {message}. {sentence(failed.message, snapshot.profiles)}")
    of_all = several(len(findings), "finding")
    return combined.plan(f"Fix {f'{mended} of {of_all}' if left_out else of_all}", tuple(left_out))


def _still_harmless(snapshot: Snapshot, fix: Fix) -> Plan:
    """Plan an edit, unless it would do harm now that others come before it."""
    if offered(snapshot, fix) != fix:
        raise ActionFailed("NotApplicable", "it would do harm together with the others")
    return _plan_of(snapshot, fix)


def _turn(finding: Finding) -> tuple[int, int]:
    doing = finding.fix.doing
    # from the last line up: what is written below moves nothing above
    return _LINES_FIRST.index(doing) if doing in _LINES_FIRST else len(_LINES_FIRST), -(finding.fix.line or 0)


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


async def unsilence(context: ActionContext, what: Silence) -> None:
    """Show and write that something is reported again."""
    from rolecall.actions import silence_finding  # noqa: PLC0415 - few need it

    host = context.target.snapshot.host
    await context.write(silence_finding.unsilence(host, what.code, what.subject or ""))
