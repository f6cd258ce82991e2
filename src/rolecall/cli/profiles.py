"""``rolecall list`` and ``rolecall show``: the profiles."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.other_homes import count_elsewhere
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.profiles import Origin, OriginKind, Setting
from rolecall.aws.providers import Hop, Resolution, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import wrap
from rolecall.cli import common, json_output, output
from rolecall.cli.common import (
    LookingCommand,
    complete_profile,
    examples,
    file_name,
    masked_profile,
    print_lines,
    with_home,
    with_json,
)
from rolecall.cli.text_output import EMPTY, Cell, Column, Fit, Terminal, table
from rolecall.messages import SOURCES
from rolecall.messages.accounts import account_text
from rolecall.messages.states import standing, time_left
from rolecall.text import mask, mask_access_key, mask_name, several, shown_value

if TYPE_CHECKING:
    from rolecall.cli.json_types import (
        FileJson,
        HopJson,
        ListAnswer,
        ProfileJson,
        SettingJson,
        ShowAnswer,
    )


@click.command(
    "list",
    cls=LookingCommand,
    epilog=examples(
        "rolecall list",
        "rolecall list | grep expired",
        "rolecall list --json | jq -r '.profiles[] | select(.expiry.state == \"valid\") | .name'",
    ),
)
@with_json
@with_home
@click.pass_context
def list_profiles(context: click.Context, *, as_json: bool) -> None:
    """List every profile and its state.

    Shows the state, the provider of the credentials, the time left, and what happens afterwards.
    """
    snapshot = Snapshot.take(common.host(context))
    if as_json:
        output.write_json(_list_json(snapshot))
        return
    for remark in common.remarks(snapshot):
        output.complain(remark)
    print_lines(snapshot.host, lambda terminal: _list_lines(snapshot, terminal))


@click.command(
    "show", cls=LookingCommand, epilog=examples("rolecall show prod", "rolecall show prod --json | jq .tools")
)
@click.argument("name", shell_complete=complete_profile)
@with_json
@with_home
@click.pass_context
def show(context: click.Context, name: str, *, as_json: bool) -> None:
    """Show one profile and where each setting comes from.

    Shows its chain, when it expires, and the file and line of each of its settings, as they are for an
    explicitly chosen profile (--profile NAME).
    """
    snapshot = Snapshot.take(common.host(context))
    report = common.profile(snapshot, name)
    if as_json:
        output.write_json(_show_json(snapshot, report))
    else:
        print_lines(snapshot.host, lambda terminal: _show_lines(snapshot, report, terminal))


_COLUMNS = (
    Column("STATE", least=11),
    Column("PROFILE", Fit.MIDDLE, least=24),
    Column("KIND", least=7, expendable=3),
    Column("PROVIDER", least=18, expendable=2),
    Column("REGION", least=14, expendable=5),
    Column("LEFT", Fit.RIGHT),
    Column("THEN", least=9, expendable=4),
)


def _list_lines(snapshot: Snapshot, terminal: Terminal) -> list[str]:
    """Return the lines for stdout."""
    if not snapshot.profiles:
        return _nothing(snapshot, terminal)
    reports = snapshot.profiles.values()
    lines = table(_COLUMNS, (_row(report, snapshot) for report in reports), terminal)
    if any(line.endswith(terminal.mark) for line in lines):
        # a reason that is cut says nothing; without it the names have its room
        lines = table(_COLUMNS, (_brief_row(report, snapshot) for report in reports), terminal)
    return lines


def _brief_row(report: ProfileReport, snapshot: Snapshot) -> tuple[Cell, ...]:
    """Return a row without the reason why something fails: `rolecall show` has it."""
    after = report.expiry.after
    return (*_row(report, snapshot)[:-1], None if after is After.NEVER else after.value)


def _row(report: ProfileReport, snapshot: Snapshot) -> tuple[Cell, ...]:
    return (
        report.expiry.shown,
        report.name,
        report.kind.value,
        _answer(report.resolution),
        shown_value("region", report.region or ""),
        time_left(report.expiry, snapshot.taken_at),
        _afterwards(report.expiry),
    )


def _nothing(snapshot: Snapshot, terminal: Terminal) -> list[str]:
    closed = any(file.status is FileStatus.UNREADABLE for file in snapshot.files)
    looked = " and ".join(
        f"{terminal.clean(file_name(file, snapshot))} ({file.status})" for file in snapshot.files
    )
    return [
        f"{'No profiles can be read' if closed else 'No profiles'}. Looked in {looked}.",
        *_elsewhere(snapshot, terminal),
        "`rolecall demo` opens a made-up home, to try rolecall.",
    ]


def _elsewhere(snapshot: Snapshot, terminal: Terminal) -> list[str]:
    """Say where there are profiles, if they are in another home of this user."""
    found = count_elsewhere(snapshot.host)
    if found is None:
        return []
    home, count = found
    return [terminal.clean(f"{several(count, 'profile')} in {home.aws}, but {home.why}: {home.cure}")]


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


def _show_lines(snapshot: Snapshot, report: ProfileReport, terminal: Terminal) -> list[str]:
    """Return the lines for stdout."""
    lines = [line for label, text in _facts(snapshot, report) for line in _fact(label, text, terminal)]
    if _tools_differ(report):
        lines += ["", *table(_TOOLS, (_tool(report, tool) for tool in Tool), terminal)]
    settings = list(_settings(snapshot, report))
    return [*lines, "", *table(_SETTINGS, settings, terminal)] if settings else lines


def _facts(snapshot: Snapshot, report: ProfileReport) -> Iterator[tuple[str, str | None]]:
    """Yield a label and a text for each fact about the profile; None if there is no text."""
    resolution = report.resolution
    yield "Profile", report.name
    yield "Kind", report.kind.value
    yield "Provider", _answer(resolution)
    yield "", mask(resolution.message) if resolution.message else None
    yield "First use", _on_use(resolution)
    yield "Chain", _chain(report.effective, snapshot)
    yield "Expiry", _expiry(report, snapshot)
    yield "Region", shown_value("region", report.region or "")
    yield "Account", mask(account_text(report.account, snapshot.accounts, in_full=True)) or None
    yield "Access key", mask_access_key(resolution.access_key)
    is_there = any(entry.path.name == report.cache_file for entry in snapshot.entries)
    yield "Cache file", report.cache_file and f"{report.cache_file}{'' if is_there else ' (not there yet)'}"


def _expiry(report: ProfileReport, snapshot: Snapshot) -> str:
    """Return the state, and what more there is to say of it; no error that is told above already."""
    expiry = report.expiry
    told = {report.resolution.message, report.resolution.on_use and report.resolution.on_use.message}
    if expiry.state is State.BROKEN and expiry.reason in told:
        return str(expiry.shown)
    words = standing(expiry, snapshot.taken_at)
    return words if words.startswith(str(expiry.shown)) else f"{expiry.shown}: {words}"


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
        _answer(resolution),
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


def _afterwards(expiry: Expiry) -> str | None:
    """Return what happens afterwards, as in the JSON, and why it is not possible; None if nothing happens."""
    if expiry.after is After.NEVER:
        return None
    if expiry.reason and (expiry.after is After.FAILS or expiry.state is State.BROKEN):
        return f"{expiry.after}: {mask(expiry.reason)}"
    return expiry.after.value


def _answer(resolution: Resolution) -> str | None:
    """Return the provider, or the error."""
    return resolution.error or resolution.provider


def _chain(resolution: Resolution, snapshot: Snapshot) -> str:
    """Return a chain in one line, from the profile to the source of its credentials."""
    names = [masked_profile(hop.profile, snapshot) for hop in resolution.chain if hop.profile is not None]
    last = resolution.chain[-1].provider if resolution.chain else None
    if resolution.error is not None and resolution.provider is None:
        return " → ".join([*names, f"! {resolution.error}"])
    return " → ".join([*names, SOURCES[last]] if last in SOURCES else names)


def _list_json(snapshot: Snapshot) -> "ListAnswer":
    """``rolecall list``: the files and the profiles."""
    return {
        "files": [_file_json(file) for file in snapshot.files],
        "profiles": [_profile_json(report, snapshot) for report in snapshot.profiles.values()],
    }


def _file_json(file: ConfigFile) -> "FileJson":
    return {
        "path": None if file.path is None else str(file.path),
        "role": file.role.value,
        "status": file.status.value,
        "error": json_output.masked_or_none(file.error),
        "line": file.line,
    }


def _profile_json(report: ProfileReport, snapshot: Snapshot) -> "ProfileJson":
    resolution = report.resolution
    return {
        "name": report.name,
        "kind": report.kind.value,
        "resolution": {
            "provider": resolution.provider,
            "error": resolution.error,
            "message": json_output.masked_or_none(resolution.message),
        },
        "chain": [_hop_json(hop, snapshot) for hop in report.chain],
        "cache_file": report.cache_file,
        "region": json_output.masked_or_none(report.region),
        "expiry": json_output.expiry(report.expiry),
        "access_key": mask_access_key(resolution.access_key),
        "account": json_output.masked_or_none(report.account),
        "tools": {
            tool.value: {
                **json_output.answer(report.resolutions[tool]),
                **json_output.region(snapshot.host, tool, report.regions[tool]),
            }
            for tool in Tool
        },
    }


def _hop_json(hop: Hop, snapshot: Snapshot) -> "HopJson":
    return {
        "profile": None if hop.profile is None else masked_profile(hop.profile, snapshot),
        "provider": hop.provider,
        "role_arn": json_output.masked_or_none(hop.role_arn),
    }


def _show_json(snapshot: Snapshot, report: ProfileReport) -> "ShowAnswer":
    """``rolecall show``: a profile with its settings, and its resolution by each tool."""
    return {
        **_profile_json(report, snapshot),
        "settings": [
            {**_setting_json(setting), "shadowed": [_setting_json(loser) for loser in setting.shadowed]}
            for setting in report.settings.values()
        ],
        "lost": [_setting_json(setting) for setting in report.lost],
    }


def _setting_json(setting: Setting) -> "SettingJson":
    origin = setting.origin
    return {
        "name": mask_name(setting.name),
        "value": setting.shown,
        "origin": {
            "kind": origin.kind.value,
            "path": str(origin.path),
            "section": origin.section,
            "line": origin.line,
        },
    }
