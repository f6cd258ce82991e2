"""What ``list``, ``show``, ``cache list`` and ``env`` print for a person."""

from collections.abc import Iterator, Sequence

from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.config_file import FileStatus
from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.profiles import Origin, OriginKind, Setting
from rolecall.aws.providers import Resolution, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable, belongs_to_session, is_about_aws
from rolecall.cells import wrap
from rolecall.cli import json_output
from rolecall.cli.common import as_asked, file_name
from rolecall.cli.errors import ExitCode, Failure
from rolecall.cli.output_style import Terminal
from rolecall.cli.tables import EMPTY, Cell, Column, Fit, table
from rolecall.messages import SOURCES
from rolecall.messages.states import standing, time_left
from rolecall.shells import is_variable_name, unset_line_for_eval
from rolecall.text import mask, mask_access_key, mask_name, shown_value


def what_then(expiry: Expiry) -> str | None:
    """Return in the contract's word what happens then, and why it cannot be had; None where nothing does."""
    if expiry.after is After.NEVER:
        return None
    if expiry.reason and (expiry.after is After.FAILS or expiry.state is State.BROKEN):
        return f"{expiry.after}: {mask(expiry.reason)}"
    return expiry.after.value


def answer(resolution: Resolution) -> str | None:
    """Return the provider that answers, or the error that comes."""
    return resolution.error or resolution.provider


def chain(resolution: Resolution, snapshot: Snapshot) -> str:
    """Return a chain in one line, from the profile to where its credentials start."""
    names = [
        json_output.profile(hop.profile, snapshot) for hop in resolution.chain if hop.profile is not None
    ]
    last = resolution.chain[-1].provider if resolution.chain else None
    if resolution.error is not None and resolution.provider is None:
        return " → ".join([*names, f"! {resolution.error}"])
    return " → ".join([*names, SOURCES[last]] if last in SOURCES else names)


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


def _row(report: ProfileReport, snapshot: Snapshot) -> tuple[Cell, ...]:
    return (
        report.expiry.state,
        report.name,
        report.kind.value,
        answer(report.resolution),
        shown_value("region", report.region or ""),
        time_left(report.expiry, snapshot.taken_at),
        what_then(report.expiry),
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


_LABEL = 12
_SETTINGS = (
    Column("SETTING", Fit.MIDDLE, least=12),
    Column("VALUE", Fit.MIDDLE, least=12),
    Column("FROM", Fit.MIDDLE, least=12),
)
_TOOLS = (
    Column("TOOL", least=10),
    Column("PROVIDER", least=12),
    Column("REGION", least=9),
    Column("AT FIRST USE", least=12, expendable=1),
)


def profile_details(snapshot: Snapshot, report: ProfileReport, terminal: Terminal) -> list[str]:
    """Return what goes to stdout."""
    json_output = [line for label, text in _facts(snapshot, report) for line in _fact(label, text, terminal)]
    if _tools_differ(report):
        json_output += ["", *table(_TOOLS, (_tool(report, tool) for tool in Tool), terminal)]
    settings = list(_settings(snapshot, report))
    return [*json_output, "", *table(_SETTINGS, settings, terminal)] if settings else json_output


def _facts(snapshot: Snapshot, report: ProfileReport) -> Iterator[tuple[str, str | None]]:
    """Yield what is known of the profile, a label and a text each; None where there is nothing to say."""
    expiry, resolution = report.expiry, report.resolution
    yield "Profile", report.name
    yield "Kind", report.kind.value
    yield "Provider", answer(resolution)
    yield "", mask(resolution.message) if resolution.message else None
    yield "First use", _on_use(resolution)
    yield "Chain", chain(report.effective, snapshot)
    yield "Expiry", f"{expiry.state}: {standing(expiry, snapshot.taken_at)}"
    yield "Region", shown_value("region", report.region or "")
    yield "Account", mask(report.account) if report.account else None
    yield "Access key", mask_access_key(resolution.access_key)
    yield "Cache file", report.cache_file


def _fact(label: str, text: str | None, terminal: Terminal) -> list[str]:
    if not text:
        return []
    clean = terminal.clean(text)
    room = None if terminal.width is None else max(terminal.width - _LABEL, 1)
    pieces = [clean] if room is None else wrap(clean, room)
    return [f"{label if not number else '':<{_LABEL}}{piece}" for number, piece in enumerate(pieces)]


def _on_use(resolution: Resolution) -> str | None:
    fault = resolution.on_use
    return f"{fault.error}: {mask(fault.message)}" if fault is not None else None


def _tools_differ(report: ProfileReport) -> bool:
    return len({_tool(report, tool)[1:] for tool in Tool}) > 1


def _tool(report: ProfileReport, tool: Tool) -> tuple[Cell, ...]:
    resolution = report.resolutions[tool]
    return (
        tool.label,
        answer(resolution),
        shown_value("region", report.regions[tool] or ""),
        resolution.on_use.error if resolution.on_use is not None else None,
    )


def _settings(snapshot: Snapshot, report: ProfileReport) -> Iterator[tuple[Cell, ...]]:
    for setting in report.settings.values():
        yield _setting(snapshot, setting, mask_name(setting.name))
        for loser in setting.shadowed:
            yield _setting(snapshot, loser, "  shadowed")
    for setting in report.lost:
        yield _setting(snapshot, setting, f"  lost: {mask_name(setting.name)}")


def _setting(snapshot: Snapshot, setting: Setting, label: str) -> tuple[Cell, ...]:
    return (label, setting.shown or EMPTY, _origin(snapshot, setting.origin))


def _origin(snapshot: Snapshot, origin: Origin) -> str:
    place = snapshot.host.display(origin.path)
    if origin.line is not None:
        place += f":{origin.line}"
    is_elsewhere = origin.section == "DEFAULT" or origin.kind is OriginKind.SSO_SESSION
    return f"{place} [{mask_name(origin.section)}]" if is_elsewhere else place


_CACHE_COLUMNS = (
    Column("STATE", least=11),
    Column("KIND", least=9, expendable=2),
    Column("PROFILES", Fit.MIDDLE, least=9, expendable=1),
    Column("LEFT", Fit.RIGHT),
    Column("IDENTITY", Fit.MIDDLE, least=16, expendable=4),
    Column("FILE", Fit.MIDDLE, least=13),
    Column("PROBLEM", Fit.WRAP, least=20, expendable=3),
)


def cache_list(snapshot: Snapshot, terminal: Terminal) -> list[str]:
    """Return what goes to stdout."""
    if snapshot.entries:
        return table(_CACHE_COLUMNS, (_cache_row(entry, snapshot) for entry in snapshot.entries), terminal)
    looked = ", ".join(snapshot.host.display(directory) for directory in snapshot.where.caches)
    return [terminal.clean(f"No cache entries. Looked in {looked}.")]


def _cache_row(entry: CacheEntry, snapshot: Snapshot) -> tuple[Cell, ...]:
    return (
        entry.expiry.state,
        entry.kind.value,
        ", ".join(entry.profiles),
        time_left(entry.expiry, snapshot.taken_at),
        json_output.words(entry.identity) if entry.identity else None,
        snapshot.host.display(entry.path),
        json_output.words(entry.problem) if entry.problem else None,
    )


_VARIABLES = (
    Column("VARIABLE", Fit.MIDDLE, least=12),
    Column("VALUE", Fit.MIDDLE, least=10, expendable=2),
    Column("VERDICT", least=8, expendable=1),
    Column("EFFECT", Fit.WRAP, least=20),
)
_TOOL_COLUMNS = (
    Column("TOOL", least=10),
    Column("STATE", least=11),
    Column("PROFILE", Fit.MIDDLE, least=8),
    Column("PROVIDER", least=14, expendable=1),
    Column("REGION", least=9, expendable=3),
    Column("LEFT", Fit.RIGHT, expendable=2),
    Column("WHY", Fit.WRAP, least=20, expendable=4),
)


def chosen(snapshot: Snapshot, names: Sequence[str]) -> list[Variable]:
    """Return the variables that were asked for, all where none was.

    One that is not set is passed over.

    Raises:
        Failure: a name stands for no AWS variable.
    """
    for name in names:
        if not is_about_aws(name):
            message = f"{as_asked(name)} is no AWS variable: see `{snapshot.host.command('env')}`"
            raise Failure("UsageError", message, ExitCode.USAGE)
    return [variable for variable in snapshot.variables if not names or variable.name in names]


def variable_list(snapshot: Snapshot, variables: Sequence[Variable], terminal: Terminal) -> list[str]:
    """Return what goes to stdout."""
    first = (
        table(_VARIABLES, (_variable(variable) for variable in variables), terminal)
        if variables
        else ["No AWS variable is set here."]
    )
    return [*first, "", *table(_TOOL_COLUMNS, (_tool_row(snapshot, tool) for tool in Tool), terminal)]


def to_unset(snapshot: Snapshot, names: Sequence[str]) -> list[str]:
    """Return the names of the variables that are set here and asked for.

    Where none is named they are AWS's own, and what other tools have left about the session that they gave.
    """
    if names:
        return [name for name in dict.fromkeys(names) if name in snapshot.host.environ]
    return [variable.name for variable in snapshot.variables if belongs_to_session(variable.name)]


def unset_lines(names: Sequence[str], shell: str) -> list[str]:
    """Return the lines that clear variables, for those whose name no shell could take for anything else."""
    return [unset_line_for_eval(name, shell) for name in names if is_variable_name(name)]


def unsettable(names: Sequence[str]) -> int:
    """Return how many variables have a name that no shell can be told to unset."""
    return sum(not is_variable_name(name) for name in names)


def _variable(variable: Variable) -> tuple[Cell, ...]:
    return (variable.name, variable.shown or EMPTY, variable.verdict.value, mask(variable.effect))


def _tool_row(snapshot: Snapshot, tool: Tool) -> tuple[Cell, ...]:
    default_session = snapshot.default_session[tool]
    fault = default_session.resolution.fault
    return (
        tool.label,
        default_session.expiry.state,
        json_output.profile(default_session.profile, snapshot)
        if default_session.profile is not None
        else None,
        answer(default_session.resolution),
        shown_value("region", default_session.region or ""),
        time_left(default_session.expiry, snapshot.taken_at),
        f"{fault.error}: {mask(fault.message)}" if fault is not None else None,
    )
