"""``rolecall prompt``: works out the line for a shell's prompt, and remembers it for the next time."""

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click

from rolecall import prompt_line
from rolecall.aws import paths
from rolecall.aws.expiry import Expiry
from rolecall.aws.profile_report import DefaultSession
from rolecall.aws.providers import Cause, Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, output
from rolecall.cli.common import LookingCommand, examples, with_home
from rolecall.doctor import diagnosis
from rolecall.doctor.diagnosis import QuestionSubject
from rolecall.doctor.finding import Severity
from rolecall.host import Host
from rolecall.text import elide, inert, mask_name

_AT_MOST = timedelta(minutes=10)
"""Until when an answer holds if no file changes and nothing expires: findings look at more than files."""
_LONGEST_NAME = 60
_KEPT = 40
"""Answers that are remembered at most: each environment has one."""
_MARKS = {Severity.ERROR: "▲", Severity.WARNING: "△"}


@click.command(
    "prompt",
    cls=LookingCommand,
    epilog=examples(
        "rolecall prompt                                   ● prod 43m",
        "rolecall prompt --format '{profile} {state} {left} {severity}'",
        "PS1='$(rolecall prompt --remember --shell bash) \\w \\$ '   docs/prompt.md has zsh, tmux …",
    ),
)
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    default=prompt_line.DEFAULT,
    help=f"What the line says: text, and in braces {', '.join(prompt_line.PLACES)}.",
)
@click.option(
    "--shell",
    type=click.Choice(prompt_line.SHELLS),
    default=None,
    help="What reads the line: its own characters (% in zsh, # in tmux) are kept from meaning anything.",
)
@click.option("--color", is_flag=True, help="Colour the symbols.")
@click.option(
    prompt_line.REMEMBER,
    "remembers",
    is_flag=True,
    help="Keep the answer in the directory of rolecall's state until a file changes or something expires: "
    "the next prompt waits about as long as for Python alone.",
)
@with_home
@click.pass_context
def prompt(context: click.Context, *, form: str, shell: str | None, color: bool, remembers: bool) -> None:
    """Print one line for a shell's prompt: profile, state, time left, and the worst finding.

    It is about what a command without --profile would use here; nothing is printed if there is no profile.
    It calls no network, and writes nothing but what --remember keeps (not with --read-only or --home).
    """
    unknown = prompt_line.unknown_place(form)
    if unknown is not None:
        message = f"--format knows no {{{common.as_asked(unknown)}}}: there is"
        raise click.UsageError(f"{message} {', '.join(prompt_line.PLACES)}.", context)
    host = common.host(context)
    stamps = [_stamped(each) for each in _files(host)]  # before they are read
    snapshot = Snapshot.take(host)
    stamps += [_stamped(Path(each)) for each in snapshot.tokens]
    values = work_out(snapshot)
    if remembers and not common.options(context).read_only:
        _remember(host, snapshot, values, stamps)
    text = prompt_line.line(values, host.now().timestamp(), form, shell or "", color)
    if text:
        output.write(f"{text}\n")


def work_out(snapshot: Snapshot) -> dict[str, str]:
    """Return the values of the places in a format, as text; no profile where none is used."""
    here = snapshot.default_session[Tool.CLI_V2]
    resolution, expiry = here.resolution, here.expiry.as_of(snapshot.taken_at)
    is_of_keys = resolution.provider == Provider.ENV
    if here.profile is None and not is_of_keys and resolution.cause in (Cause.NO_CREDENTIALS, None):
        return {}
    name = "env" if is_of_keys else here.profile or "default"
    report = snapshot.profiles.get(name) if not is_of_keys else None
    account = report.account if report is not None else snapshot.host.environ.get("AWS_ACCOUNT_ID")
    severity = _severity(snapshot)
    return {
        "profile": elide(inert(mask_name(name)), _LONGEST_NAME),
        "state": expiry.shown.value,
        "glyph": expiry.shown.glyph,
        "end": str(expiry.at.timestamp()) if expiry.at is not None else "",
        "severity": severity.value if severity is not None else "",
        "mark": _MARKS[severity] if severity is not None else "",
        "account": inert(snapshot.accounts.get(account or "", account or "")),
        "region": inert(here.region or ""),
    }


def _severity(snapshot: Snapshot) -> Severity | None:
    """Return the worst of what is found about a command in this shell: an error, a warning or nothing."""
    from rolecall.cli.doctor import look_for_findings  # noqa: PLC0415 - it imports this package's others

    findings = look_for_findings(snapshot)
    silenced = {id(each) for each in findings.silenced}
    about = diagnosis.about(QuestionSubject(snapshot, None), findings)
    found = [each.severity for each in about if id(each) not in silenced and each.severity in _MARKS]
    return min(found, key=lambda each: each.rank, default=None)


def _files(host: Host) -> Iterator[Path]:
    """Yield the files and directories that an answer depends on."""
    where = paths.find(host)
    yield from filter(None, (where.config, where.credentials, host.settings_file))
    for directory in where.caches:
        yield directory
        with contextlib.suppress(OSError):
            yield from directory.iterdir()


def _stamped(path: Path) -> tuple[str, str]:
    return prompt_line.stamp(str(path)), str(path)


def holds_until(snapshot: Snapshot) -> datetime:
    """Return when the answer may change although no file does."""
    here = snapshot.default_session[Tool.CLI_V2]
    expiries = [here.expiry, *_beside(snapshot, here)]
    turns = (turn for each in expiries for turn in each.turns if turn > snapshot.taken_at)
    return min((*turns, snapshot.taken_at + _AT_MOST))


def _beside(snapshot: Snapshot, here: DefaultSession) -> Iterator[Expiry]:
    report = snapshot.profiles.get(here.profile or "")
    if report is not None:
        yield from report.hop_expiries
        if report.token is not None:
            yield report.token


def _remember(host: Host, snapshot: Snapshot, values: dict[str, str], stamps: list[tuple[str, str]]) -> None:
    """Write the answer for the next prompt, if there is a place for it; without it, that one waits."""
    path = _place(host)
    if path is None:
        return
    until = holds_until(snapshot).timestamp()
    text = prompt_line.memory(values, snapshot.taken_at.timestamp(), until, stamps)
    if text is None or len(text) > prompt_line.LARGEST:
        return
    with contextlib.suppress(OSError, ValueError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f".{os.getpid()}.tmp")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        beside.replace(path)
        _forget(path.parent)


def _place(host: Host) -> Path | None:
    """Return the file of this environment; None where rolecall keeps no state (``Host.state_file``)."""
    state = host.state_file
    found = prompt_line.memory_path(dict(host.environ), host.platform)
    if state is None or found is None or Path(found).parent.parent != state.parent:
        return None
    return Path(found)


def _forget(directory: Path) -> None:
    """Delete the oldest answers: environments come and go."""
    there = sorted(directory.iterdir(), key=lambda each: each.stat().st_mtime_ns, reverse=True)
    for each in there[_KEPT:]:
        each.unlink()
