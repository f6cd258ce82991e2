"""Edit profiles and sso-sessions: in the form, or in the user's own editor."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rolecall.actions import editor, process
from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import FileKind
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.actions.runner import ActionContext
from rolecall.tui.actions.target import NO_PROFILE, Target, broken_file, refusal

if TYPE_CHECKING:
    from rolecall.tui.form.screen import EditScreen


EditorPlace = tuple[Path, int | None]


async def open_editor(context: ActionContext, path: Path, line: int | None) -> None:
    """Run the user's editor in this terminal."""
    host = context.target.snapshot.host
    await context.suspended(lambda: editor.edit(host, path, line))


class OpenEditorAction:
    """Open the editor at the line of what is under the cursor."""

    command = "editor"

    def obstacle(self, target: Target) -> str | None:
        """It needs a file to open; the line is looked up when it is opened, because that takes a while."""
        where = target.snapshot.where
        return None if where.config or where.credentials else "There is no file to open."

    async def run(self, context: ActionContext) -> None:
        """Run it, then read the files again."""
        where = editor_position(context.target)
        if where is not None:
            await open_editor(context, *where)


def editor_position(target: Target) -> EditorPlace | None:
    """Return the file and the line (from 1) of what is under the cursor, or else the config file."""
    snapshot = target.snapshot
    broken = snapshot.merged.broken_file
    if broken is not None and broken.path is not None:
        return broken.path, broken.line
    report = target.current if target.current is not None or target.session is not None else target.user
    if report is not None:
        found = _of_profile(snapshot, report)
        if found is not None:
            return found
    if target.session is not None:
        found = _of_header(snapshot, snapshot.files[0].headers.sso_sessions[target.session][-1])
        if found is not None:
            return found
    path = snapshot.where.config or snapshot.where.credentials
    return (path, None) if path is not None else None


def _of_profile(snapshot: Snapshot, report: ProfileReport) -> EditorPlace | None:
    """Return the place of the section that is in force: the config file's, else the credentials file's."""
    config = snapshot.files[0]
    headers = config.headers.profiles.get(report.name)
    if headers:
        return _of_header(snapshot, headers[-1])
    return _of_header(snapshot, report.name, FileKind.CREDENTIALS)


def _of_header(snapshot: Snapshot, header: str, role: FileKind = FileKind.CONFIG) -> EditorPlace | None:
    file = next(file for file in snapshot.files if file.role is role)
    section = file.located.sections.get(header)
    return (file.path, section.line) if section is not None and file.path is not None else None


class EditAction:
    """Edit the profile or the sso-session; where a file does not parse, show where."""

    command = "edit"

    def obstacle(self, target: Target) -> str | None:
        """It needs a profile, an sso-session, or a file that must be repaired."""
        if target.current is not None or target.session is not None:
            return None
        if broken_file(target.snapshot) is not None:
            return None
        return NO_PROFILE if target.user is None else _no_session(target.user)

    async def run(self, context: ActionContext) -> None:
        """Show the form, then the diff."""
        from rolecall.tui.form.screen import EditScreen  # noqa: PLC0415 - a form is much to import
        from rolecall.tui.screens.repair import RepairScreen  # noqa: PLC0415 - few files need it

        target = context.target
        broken = broken_file(target.snapshot)
        if broken is not None:
            if await context.ask(RepairScreen(target.snapshot, broken)) and broken.path is not None:
                await open_editor(context, broken.path, broken.line)
        elif target.current is not None:
            await edit_profile(context, target.current.name)
        elif target.session is not None:
            await _fill_in(context, EditScreen.of_session(target.snapshot, target.session))


async def edit_profile(
    context: ActionContext, name: str, key: str | None = None, texts: Mapping[str, str] | None = None
) -> None:
    """Show the form of a profile, then the diff.

    Args:
        context: what it works with.
        name: the profile.
        key: the setting to begin with, if it is not the first.
        texts: what is typed into it already, by the setting.
    """
    from rolecall.tui.form.screen import EditScreen  # noqa: PLC0415 - a form is much to import

    await _fill_in(context, EditScreen.of_profile(context.target.snapshot, name, key, texts or {}))


def _no_session(user: ProfileReport) -> str:
    """Say that a heading has no section to edit: its profiles set the start URL themselves."""
    return (
        f"There is no sso-session here: {user.name} logs in by a start URL of its own. "
        "Edit the profile below, or add an sso-session with +."
    )


async def _fill_in(context: ActionContext, form: "EditScreen") -> None:
    """Show a form and its diff, until that is written or given up; what was typed stays."""
    while (plan := await context.ask(form)) is not None:
        try:
            if await context.write(plan):
                return
        except ActionFailed as failure:
            await context.explain(failure)
        form = form.again(context.target.snapshot)


class _Adding:
    """An action that needs files that parse, and no profile."""

    def obstacle(self, target: Target) -> str | None:
        """It needs files that can be read."""
        return refusal(target.snapshot)


class AddAction(_Adding):
    """Add a profile."""

    command = "add"

    async def run(self, context: ActionContext) -> None:
        """Show an empty form, then the diff."""
        from rolecall.tui.form.screen import EditScreen  # noqa: PLC0415 - a form is much to import

        await _fill_in(context, EditScreen.new_profile(context.target.snapshot))


class AddSessionAction(_Adding):
    """Add an sso-session."""

    command = "add.session"

    async def run(self, context: ActionContext) -> None:
        """Show an empty form, then the diff."""
        from rolecall.tui.form.screen import EditScreen  # noqa: PLC0415 - a form is much to import

        await _fill_in(context, EditScreen.new_session(context.target.snapshot))


class _Named:
    """An action that needs one profile, and files that parse."""

    def obstacle(self, target: Target) -> str | None:
        """It needs a profile."""
        return refusal(target.snapshot) or (NO_PROFILE if target.current is None else None)

    def name(self, context: ActionContext) -> str:
        """Return the profile's name."""
        current = context.target.current
        if current is None:
            raise ActionFailed("NotApplicable", NO_PROFILE)
        return current.name


class DuplicateAction(_Named):
    """Add a profile with the same settings."""

    command = "duplicate"

    async def run(self, context: ActionContext) -> None:
        """Ask for its name, show the diff."""
        from rolecall.tui.screens.dialogs import NameScreen  # noqa: PLC0415 - its field is much to import

        name, snapshot = self.name(context), context.target.snapshot
        new = await context.ask(NameScreen.to_duplicate(snapshot, name))
        if new is not None:
            await context.write(edits.duplicate_profile(snapshot, name, new))


class RenameAction(_Named):
    """Rename the profile, with every ``source_profile`` that names it."""

    command = "rename"

    async def run(self, context: ActionContext) -> None:
        """Ask for the new name, show the diff."""
        from rolecall.tui.screens.dialogs import NameScreen  # noqa: PLC0415 - its field is much to import

        name, snapshot = self.name(context), context.target.snapshot
        new = await context.ask(NameScreen.to_rename(snapshot, name))
        if new is not None:
            await context.write(edits.rename_profile(snapshot, name, new))


class RemoveAction(_Named):
    """Remove the profile from the files."""

    command = "remove"

    async def run(self, context: ActionContext) -> None:
        """Show the diff, and which profiles use it."""
        await context.write(edits.remove_profile(context.target.snapshot, self.name(context)))


class InstallProcessAction(_Named):
    """Have the profile get its credentials from ``rolecall process``."""

    command = "process.install"

    def obstacle(self, target: Target) -> str | None:
        """It needs a profile with a role, and no keys beside it."""
        found = super().obstacle(target)
        return process.obstacle(target.current, target.snapshot) if target.current and not found else found

    async def run(self, context: ActionContext) -> None:
        """Show the diff."""
        await context.write(process.install(context.target.snapshot, self.name(context)))


class UndoAction:
    """Take the last edit back."""

    command = "undo"

    def obstacle(self, target: Target) -> str | None:
        """It needs an edit of this session."""
        return None if target.last_edit is not None else "Nothing has been edited since rolecall was started."

    async def run(self, context: ActionContext) -> None:
        """Show the diff of the undo."""
        await context.take_back()
