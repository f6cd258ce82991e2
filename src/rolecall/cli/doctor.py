"""``rolecall doctor``: what is wrong, why, and the command that fixes it."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import click

from rolecall import user_settings
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, output
from rolecall.cli.common import complete_profile, examples, with_home, with_json
from rolecall.cli.diagnosis import Diagnosis
from rolecall.cli.output import ExitCode, Failure
from rolecall.cli.report_formats import FORMATS, Report
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.registry import BY_CODE, Findings, examine
from rolecall.host import Host
from rolecall.user_settings import Silence
from rolecall.values import dataclass

PIPED = "-"
"""The argument that means all of stdin."""
_FILE = click.Path(exists=True, dir_okay=False, readable=False, path_type=Path)
MOST = 64 * 1024 * 1024
"""Bytes that are read from stdin at most: it may never end."""
_KEPT, _CHUNK = 256 * 1024, 1024 * 1024
"""Bytes that are kept of its beginning and of its end; bytes that are read at once."""


@click.command(
    "doctor",
    cls=common.LookingCommand,
    epilog=examples(
        "rolecall doctor                          everything that is wrong here",
        "rolecall doctor prod                     why prod does not work, step by step",
        "rolecall doctor prod --online            the same, and calls AWS",
        "aws s3 ls 2>&1 | rolecall doctor --error -",
        "rolecall doctor --quiet || echo 'AWS: see rolecall doctor'",
        "rolecall doctor --silence unused-source:base",
        "rolecall doctor --json | jq -r '.findings[] | select(.severity == \"error\") | .fix.run'",
        "rolecall doctor --config team/aws-config --format sarif > aws.sarif",
        "rolecall doctor --config team/*.ini --fail-on warning",
        "sudo rolecall doctor --homes '/home/*' --json > homes.jsonl",
    ),
)
@click.argument("names", nargs=-1, metavar="[NAME]", shell_complete=complete_profile)
@click.option(
    "--online", is_flag=True, help="Also call AWS: endpoint, clock, identity; and run `aws --version`."
)
@click.option(
    "--error",
    metavar="TEXT",
    help="Explain this error message of an AWS tool (- reads it from stdin): its profile, cause and fix.",
)
@click.option(
    "--silence",
    "silences",
    metavar="CODE[:SUBJECT]",
    multiple=True,
    help="Stop reporting this finding (writes rolecall's settings); may be given more than once.",
)
@click.option("--yes", is_flag=True, help="Do not ask; with --online, also let a credential_process run.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only, and nothing if there are none.")
@click.option(
    "--config",
    "configs",
    metavar="FILE...",
    multiple=True,
    type=_FILE,
    help="Look at this config file instead, as it is on any machine: in a repository, for a whole team.",
)
@click.option("--credentials", metavar="FILE", type=_FILE, help="The same for a credentials file.")
@click.option(
    "--this-machine",
    is_flag=True,
    help="With --config: report also what depends on this machine (variables, caches, programs).",
)
@click.option(
    "--homes",
    "homes",
    metavar="PATTERN",
    multiple=True,
    help="Look at many homes ('/home/*'), each as its owner would: a table, or with --json a line for each.",
)
@click.option(
    "--at-once",
    type=click.IntRange(1, 64),
    metavar="N",
    help="With --homes: how many processes look at once; by default as many as there are CPUs.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", *FORMATS)),
    help="Print for a person, or for a program: SARIF, GitHub's annotations, JUnit's XML. --json is the same "
    "as --format json.",
)
@click.option(
    "--fail-on",
    type=click.Choice([each.value for each in Severity]),
    default=Severity.ERROR.value,
    show_default=True,
    help="The mildest severity for which the exit code is 1.",
)
@with_json
@with_home
@click.pass_context
def doctor(
    context: click.Context,
    names: tuple[str, ...],
    *,
    configs: tuple[Path, ...],
    credentials: Path | None,
    this_machine: bool,
    homes: tuple[str, ...],
    at_once: int | None,
    form: str | None,
    fail_on: str,
    online: bool,
    error: str | None,
    silences: tuple[str, ...],
    yes: bool,
    quiet: bool,
    as_json: bool,
) -> ExitCode:
    """Say what is wrong, and how to fix it.

    With NAME it explains step by step, in the order in which AWS tools decide, why that profile does not
    work. NAME may also be an sso-session or a start URL: then it explains that login. With --online or
    --error but no NAME it explains what a command in this shell would do. Without --online it only reads
    files and variables.

    With --config it looks at files that are not yours: at what is wrong with them on every machine, without
    this one's variables, caches, programs and clock. Further FILEs may follow. `[tool.rolecall]` of a
    pyproject.toml beside a file, or above it, says which findings are silenced or have another severity;
    docs/linting.md explains it.

    Exit code 1 if an error was found. docs/findings.md explains each code.
    """
    wanted = _Wanted(_shape(context, form, as_json=as_json), Severity(fail_on), quiet)
    is_asking = online or error is not None or bool(silences)
    if configs or credentials is not None:
        if is_asking or yes:
            words = "--config and --credentials are for the list of what is wrong with these files."
            raise click.UsageError(words, context)
        files = (*configs, *(_FILE.convert(each, None, context) for each in names))
        return _report(context, files, credentials, wanted, is_here=this_machine)
    name = _only(names, context)
    if homes and (name is not None or is_asking or yes or wanted.shape in FORMATS):
        raise click.UsageError("--homes is for the list of all findings, as text or JSON.", context)
    if homes:
        return _of_homes(context, homes, at_once, wanted)
    if this_machine:
        raise click.UsageError("--this-machine is for --config and --credentials.", context)
    if wanted.shape in FORMATS and (name is not None or is_asking):
        raise click.UsageError(f"--format {wanted.shape} is for the list of all findings.", context)
    return _of_home(context, _Asked(name, error, is_online=online, may_run=yes), silences, wanted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How the answer is printed.

    Attributes:
        shape: the format.
        least: the mildest severity that fails.
        is_quiet: whether only errors are printed, as text.
    """

    shape: str
    least: Severity
    is_quiet: bool


def _only(names: tuple[str, ...], context: click.Context) -> str | None:
    if len(names) > 1:
        raise click.UsageError(f"Got unexpected extra argument ({common.as_asked(names[1])})", context)
    return names[0] if names else None


def _of_home(context: click.Context, asked: "_Asked", silences: tuple[str, ...], wanted: _Wanted) -> ExitCode:
    """Say what is wrong in the home, or silence it."""
    host = common.host(context)
    if silences:
        if asked.name is not None or asked.is_online or asked.message is not None:
            raise click.UsageError("--silence cannot be combined with NAME, --online or --error.", context)
        _refuse_read_only(context, "--silence")
        return _silence(host, [_silence_of(text, context) for text in silences], wanted, yes=asked.may_run)
    if asked.is_online:
        _refuse_read_only(context, "--online")
    message = _message(asked.message)
    if message is not None and not message.strip():
        raise click.UsageError("--error was given no error message.", context)
    diagnosis = _diagnosis(host, replace(asked, message=message))
    if wanted.shape in FORMATS:
        _write((diagnosis,), wanted)
    elif wanted.shape == "json":
        from rolecall.cli import doctor_json  # noqa: PLC0415 - text needs none

        output.write_json(doctor_json.diagnosis_answer(diagnosis))
    else:
        from rolecall.cli import doctor_text  # noqa: PLC0415 - JSON needs none

        common.print_lines(
            host, lambda terminal: doctor_text.finding_lines(diagnosis, terminal, quiet=wanted.is_quiet)
        )
    return ExitCode.FAILED if diagnosis.fails(wanted.least) else ExitCode.FINE


def _shape(context: click.Context, form: str | None, *, as_json: bool) -> str:
    """Return the format that is asked for, by either option."""
    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json cannot be combined with --format {form}.", context)
    return "json" if as_json else form or "text"


def _report(
    context: click.Context,
    configs: Sequence[Path],
    credentials: Path | None,
    wanted: _Wanted,
    *,
    is_here: bool,
) -> ExitCode:
    """Report what is wrong with files that are named, and not with those of this user."""
    from rolecall.cli import linting  # noqa: PLC0415 - a shell prompt must not wait for it

    host = common.host(context)
    if is_here:
        found = linting.on_this_machine(host, configs, credentials)
    else:
        found = linting.of_files(configs, credentials)
    if wanted.shape in FORMATS:
        _write(found, wanted)
    elif wanted.shape == "json":
        from rolecall.cli import doctor_json  # noqa: PLC0415 - as above

        output.write_json(doctor_json.report_answer(found))
    else:
        from rolecall.cli import doctor_text  # noqa: PLC0415 - as above

        is_quiet = wanted.is_quiet
        common.print_lines(host, lambda terminal: doctor_text.report_lines(found, terminal, quiet=is_quiet))
    return ExitCode.FAILED if any(each.fails(wanted.least) for each in found) else ExitCode.FINE


def _of_homes(
    context: click.Context, patterns: Sequence[str], at_once: int | None, wanted: _Wanted
) -> ExitCode:
    """Look at many homes, each as its owner would."""
    from rolecall.cli import homes  # noqa: PLC0415 - a shell prompt must not wait for it

    found = homes.homes_of(patterns)
    if not found:
        message = f"there is no directory {common.as_asked(' '.join(patterns))}"
        raise Failure("UsageError", message, ExitCode.USAGE)
    reports = []
    for report in homes.look_at_all(found, at_once or os.cpu_count() or 1):
        reports.append(report)
        if wanted.shape == "json":
            output.write_json_line(report.answer)
    if wanted.shape != "json":
        host, is_quiet = common.host(context), wanted.is_quiet
        common.print_lines(host, lambda terminal: homes.lines(reports, terminal, quiet=is_quiet))
    return ExitCode.FAILED if any(each.fails(wanted.least) for each in reports) else ExitCode.FINE


def _write(found: Sequence[Diagnosis], wanted: _Wanted) -> None:
    written = FORMATS[wanted.shape](Report(found, wanted.least, Path.cwd()))
    output.write(f"{written}\n" if written else "")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the user asks.

    Attributes:
        name: the profile, or None.
        message: an error message, or None.
        is_online: whether AWS is asked as well.
        may_run: whether a ``credential_process`` may be run for that.
    """

    name: str | None
    message: str | None
    is_online: bool
    may_run: bool


def _refuse_read_only(context: click.Context, option: str) -> None:
    if common.options(context).read_only:
        message = f"`{option}` is refused: rolecall is read-only (--read-only or ROLECALL_READ_ONLY)"
        raise Failure("ReadOnly", message)


def _message(given: str | None) -> str | None:
    """Return the error message: as given, or all of stdin."""
    if given != PIPED:
        return given
    if sys.stdin is None or sys.stdin.closed:
        return ""
    from rolecall.cli import prompts  # noqa: PLC0415 - a shell prompt must not wait for it

    if prompts.has_person():
        output.say("Paste the error message, and end it with ctrl+d on a line of its own:")
    from rolecall.doctor.error_text import parse  # noqa: PLC0415 - see above

    return parse.decoded(_piped(sys.stdin.buffer))


def _piped(stream: BinaryIO) -> bytes:
    """Return the beginning and the end of the stream, as far as it is read."""
    head, tail, left = stream.read(_KEPT), b"", MOST
    while left > 0 and len(head) == _KEPT and (chunk := stream.read(_CHUNK)):
        tail = (tail + chunk)[-_KEPT:]
        left -= len(chunk)
    return head + tail


def _diagnosis(host: Host, asked: _Asked) -> Diagnosis:
    snapshot = Snapshot.take(host)
    findings = look_for_findings(snapshot)
    name = asked.name
    if name is not None and snapshot.merged.broken_file is not None:
        output.complain(f"{name} cannot be explained until the file parses")
        name = None
    elif name is not None and (asked.is_online or not _is_login(snapshot, name)):
        hidden = _hidden(snapshot, findings, name)
        if hidden is not None and asked.message is None and not asked.is_online:
            words = f"there is no profile {common.as_asked(name)!r}: AWS tools do not take its header for one"
            output.complain(words)
            return Diagnosis(snapshot, (hidden,), 0)
        common.profile(snapshot, name)
    if name is None and asked.message is None and not asked.is_online:
        return Diagnosis(snapshot, findings.all, len(findings.silenced))
    from rolecall.cli import doctor_why  # noqa: PLC0415 - a list of all findings needs none of it

    return doctor_why.explain_error(
        snapshot,
        findings,
        name,
        message=asked.message,
        is_online=asked.is_online,
        may_run=asked.may_run,
        again=look_for_findings,
    )


def _hidden(snapshot: Snapshot, findings: Findings, name: str) -> Finding | None:
    """Return the finding about a header that looks like that of a profile which is not there, or None."""
    if name in snapshot.profiles:
        return None
    from rolecall.doctor import diagnosis  # noqa: PLC0415 - a shell prompt must not wait for it

    return diagnosis.of_header(findings, name)


def _is_login(snapshot: Snapshot, name: str) -> bool:
    """Whether a name is not a profile's but a login's."""
    if name in snapshot.profiles:
        return False
    from rolecall.doctor import sessions  # noqa: PLC0415 - a shell prompt must not wait for it

    return sessions.of_name(snapshot, name) is not None


def look_for_findings(snapshot: Snapshot) -> Findings:
    """Return the findings in a Snapshot, without those that the user has silenced."""
    wanted = user_settings.read_settings(snapshot.host, BY_CODE)
    if wanted.problem is not None:
        output.complain(wanted.problem)
    return examine(snapshot, wanted.silences, severities=wanted.severities)


def _silence_of(text: str, context: click.Context) -> Silence:
    silence = Silence.parse(text)
    if silence.code in BY_CODE:
        return silence
    import difflib  # noqa: PLC0415 - only an unknown code needs it

    nearest = difflib.get_close_matches(silence.code[: common.LONGEST_NAME], BY_CODE, n=1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    raise click.UsageError(f"there is no finding {common.as_asked(silence.code)!r}.{hint}", context)


def _silence(host: Host, silences: list[Silence], wanted: _Wanted, *, yes: bool) -> ExitCode:
    """Write the silenced findings to the settings, one after the other."""
    as_json = wanted.shape == "json"
    from rolecall.actions import silence_finding  # noqa: PLC0415 - only --silence needs it
    from rolecall.cli import edit  # noqa: PLC0415

    done = []
    for each in silences:
        plan = silence_finding.silence(host, each.code, each.subject)
        written = edit.carry_out(host, plan, dry_run=False, yes=yes, as_json=as_json)
        if as_json:
            done.append(edit.plan_json(plan, written=written))
        else:
            edit.conclude(host, plan, written=written)
    if as_json:
        output.write_json({"silenced": done})
    return ExitCode.FINE
