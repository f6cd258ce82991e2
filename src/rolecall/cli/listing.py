"""``rolecall list`` for a person: the profiles in a table, and the files that something is wrong with."""

from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import words
from rolecall.cli.output_style import Terminal
from rolecall.cli.tables import Cell, Column, Fit, table
from rolecall.messages.states import time_left
from rolecall.text import shown_value

_COLUMNS = (
    Column("STATE", least=11),
    Column("PROFILE", Fit.MIDDLE, least=12),
    Column("KIND", least=7, expendable=3),
    Column("PROVIDER", least=16, expendable=2),
    Column("REGION", least=9, expendable=5),
    Column("LEFT", Fit.RIGHT),
    Column("THEN", least=9, expendable=4),
)


def profile_list(snapshot: Snapshot, terminal: Terminal) -> list[str]:
    """Return what goes to stdout."""
    if not snapshot.profiles:
        return _nothing(snapshot, terminal)
    rows = (_row(report, snapshot) for report in snapshot.profiles.values())
    return table(_COLUMNS, rows, terminal)


def remarks(snapshot: Snapshot) -> list[str]:
    """Return what is wrong with the files, or worth knowing of them, a line for each."""
    return [remark for file in snapshot.files if (remark := file_remark(file, snapshot))]


def file_remark(file: ConfigFile, snapshot: Snapshot) -> str | None:
    """Return what is wrong with a file; None for one that is fine, or that just is not there."""
    if file.error is None:
        return None
    where = file_name(file, snapshot)
    place = where if file.line is None else f"{where}:{file.line}"
    words_for_it = f"{place}: {file.error}"
    if file.status is FileStatus.UNPARSEABLE:
        return f"{words_for_it}; every AWS command fails with ConfigParseError until that is mended"
    return words_for_it


def file_name(file: ConfigFile, snapshot: Snapshot) -> str:
    """Return a file as a person writes it; by its role where the environment says that there is none."""
    return file.role.value if file.path is None else snapshot.host.display(file.path)


def _row(report: ProfileReport, snapshot: Snapshot) -> tuple[Cell, ...]:
    return (
        report.expiry.state,
        report.name,
        report.kind.value,
        words.answer(report.resolution),
        shown_value("region", report.region or ""),
        time_left(report.expiry, snapshot.taken_at),
        words.what_then(report.expiry),
    )


def _nothing(snapshot: Snapshot, terminal: Terminal) -> list[str]:
    closed = any(file.status is FileStatus.UNREADABLE for file in snapshot.files)
    looked = " and ".join(
        f"{terminal.clean(file_name(file, snapshot))} ({file.status})" for file in snapshot.files
    )
    return [
        f"{'No profiles can be read' if closed else 'No profiles'}. Looked in {looked}.",
        "`rolecall demo` opens a made-up home to look around in.",
    ]
