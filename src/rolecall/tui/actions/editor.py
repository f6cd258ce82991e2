"""Open the user's own editor at a line."""

from pathlib import Path

from rolecall.actions import editor
from rolecall.aws.config_file import FileKind
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.actions.base import ActionContext
from rolecall.tui.actions.target import Target

EditorPlace = tuple[Path, int | None]


async def open_editor(context: ActionContext, path: Path, line: int | None) -> None:
    """Lend the terminal to the user's editor."""
    host = context.target.snapshot.host
    await context.suspended(lambda: editor.edit(host, path, line))


class OpenEditor:
    """Open the editor where the thing under the cursor stands."""

    def obstacle(self, target: Target) -> str | None:
        """It takes a file to open; the line is looked up when it is opened, for that takes a while."""
        where = target.snapshot.where
        return None if where.config or where.credentials else "There is no file to open."

    async def run(self, context: ActionContext) -> None:
        """Lend it the terminal, then read the files again."""
        where = place(context.target)
        if where is not None:
            await open_editor(context, *where)


def place(target: Target) -> EditorPlace | None:
    """Return the file and the line (from 1) of what the cursor stands on; else the config file itself."""
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
    """Where the section stands that is in force: config's, else the credentials file's."""
    config = snapshot.files[0]
    headers = config.headers.profiles.get(report.name)
    if headers:
        return _of_header(snapshot, headers[-1])
    return _of_header(snapshot, report.name, FileKind.CREDENTIALS)


def _of_header(snapshot: Snapshot, header: str, role: FileKind = FileKind.CONFIG) -> EditorPlace | None:
    file = next(file for file in snapshot.files if file.role is role)
    section = file.located.sections.get(header)
    return (file.path, section.line) if section is not None and file.path is not None else None
