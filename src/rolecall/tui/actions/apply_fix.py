"""Carry a Fix out: by the command that does it, about what the Fix is about, wherever the cursor is."""

from rolecall.actions import login
from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.aws.logins import is_session
from rolecall.doctor.fixes import Doing, Fix
from rolecall.messages.sentences import sentence
from rolecall.tui.actions.base import Desk
from rolecall.tui.actions.clear import delete
from rolecall.tui.actions.edit import broken_file
from rolecall.tui.actions.editor import open_editor
from rolecall.tui.actions.registry import DEEDS
from rolecall.tui.render.lines import Tone
from rolecall.tui.screens.dialog import TellScreen
from rolecall.user_settings import Silence

CHANGES_NOTHING = frozenset((Doing.SHELL, Doing.NOTHING))
"""What only says something: it can be done with --read-only as well."""


async def mend(desk: Desk, fix: Fix) -> None:
    """Do what mends something; what an edit writes and a deletion costs is shown first.

    Raises:
        ActionFailed: it was not done, or cannot be done any more.
        Cancelled: the user changed their mind.
    """
    match fix.doing:
        case Doing.ASSUME | Doing.LOGIN:
            await _by_command(desk, fix)
        case Doing.EDIT if fix.changes:
            await _change(desk, fix)
        case Doing.EDIT:
            await _by_command(desk, fix)
        case Doing.RENAME if fix.name is not None:
            await desk.write(edits.rename_profile(desk.target.snapshot, str(fix.profile), fix.name))
        case Doing.REMOVE:
            await desk.write(edits.remove_profile(desk.target.snapshot, str(fix.profile)))
        case Doing.CLEAR:
            await _clear(desk, fix)
        case Doing.EDITOR if fix.path is not None:
            await open_editor(desk, fix.path, fix.line)
        case Doing.SHELL if (line := fix.line_for(desk.target.snapshot.host)) is not None:
            await _in_the_shell(desk, fix, line)
        case _:
            await desk.ask(TellScreen("What nobody but you can do", [(sentence(fix.words), Tone.PLAIN)]))


async def _by_command(desk: Desk, fix: Fix) -> None:
    """Do what the command of that name does, about the Fix's profile alone.

    Raises:
        ActionFailed: it does not apply, or it was not done.
    """
    deed, snapshot = DEEDS[fix.doing.value], desk.target.snapshot
    if fix.doing is Doing.LOGIN and fix.profile is not None and is_session(snapshot, fix.profile):
        desk.about(login.target(snapshot, fix.profile).profile)
    elif fix.profile is not None:
        if fix.profile not in snapshot.profiles and broken_file(snapshot) is None:
            raise ActionFailed("NotApplicable", f"There is no profile {fix.profile} any more.")
        desk.about(fix.profile)
    obstacle = deed.obstacle(desk.target)
    if obstacle is not None:
        raise ActionFailed("NotApplicable", obstacle)
    await deed.run(desk)


async def _change(desk: Desk, fix: Fix) -> None:
    """Show and write what is set and unset: in one go, where that says the same as one after another."""
    name = str(fix.profile)
    if len(fix.changes) > 1 and not any("." in key for key in fix.changes):
        await desk.write(edits.change_profile(desk.target.snapshot, name, fix.changes, file=fix.role))
        return
    for key, value in fix.changes.items():
        snapshot = desk.target.snapshot
        plan = (
            edits.unset_setting(snapshot, name, key, fix.role)
            if value is None
            else edits.set_setting(snapshot, name, key, value, fix.role)
        )
        if not await desk.write(plan):
            return


async def _clear(desk: Desk, fix: Fix) -> None:
    snapshot = desk.target.snapshot
    entries = tuple(entry for entry in snapshot.entries if entry.path == fix.path)
    if not entries:
        raise ActionFailed("NotApplicable", "it is not in the caches any more", path=fix.path)
    await delete(desk, snapshot, entries)


async def _in_the_shell(desk: Desk, fix: Fix, line: str) -> None:
    """Show the line for the user's shell; copy it or, where the shell below listens, leave with it."""
    from rolecall.tui.screens.shell_line import ShellLineScreen, Way  # noqa: PLC0415 - few need it

    way = await desk.ask(
        ShellLineScreen(sentence(fix.words), line, leaves=desk.target.options.emits is not None)
    )
    if way is Way.LEAVE:
        desk.leave((line,))
    elif way is Way.COPY:
        desk.copy(line)
        desk.say("Sent the line to the terminal's clipboard.")


async def silence(desk: Desk, what: Silence) -> None:
    """Show and write that something is not told any more."""
    from rolecall.actions import silence_finding  # noqa: PLC0415 - few need it

    await desk.write(silence_finding.silence(desk.target.snapshot.host, what.code, what.subject))
