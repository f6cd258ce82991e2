"""``rolecall show`` for a person: one profile, with where everything in it comes from."""

from collections.abc import Iterator

from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.profiles import Origin, OriginKind, Setting
from rolecall.aws.providers import Resolution, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import cells, words
from rolecall.cli.output_style import Terminal
from rolecall.cli.tables import EMPTY, Cell, Column, Fit, table
from rolecall.messages.states import standing
from rolecall.text import mask, mask_access_key, mask_name, shown_value

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
    shown = [line for label, text in _facts(snapshot, report) for line in _fact(label, text, terminal)]
    if _tools_differ(report):
        shown += ["", *table(_TOOLS, (_tool(report, tool) for tool in Tool), terminal)]
    settings = list(_settings(snapshot, report))
    return [*shown, "", *table(_SETTINGS, settings, terminal)] if settings else shown


def _facts(snapshot: Snapshot, report: ProfileReport) -> Iterator[tuple[str, str | None]]:
    """Yield what is known of the profile, a label and a text each; None where there is nothing to say."""
    expiry, resolution = report.expiry, report.resolution
    yield "Profile", report.name
    yield "Kind", report.kind.value
    yield "Provider", words.answer(resolution)
    yield "", mask(resolution.message) if resolution.message else None
    yield "First use", _on_use(resolution)
    yield "Chain", words.chain(report.effective, snapshot)
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
    pieces = [clean] if room is None else cells.wrap(clean, room)
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
        words.answer(resolution),
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
