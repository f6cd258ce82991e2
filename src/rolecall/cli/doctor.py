"""``rolecall doctor``: what is wrong, why, and the line that mends it."""

import sys
from dataclasses import dataclass
from typing import BinaryIO

import click

from rolecall import user_settings
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, output
from rolecall.cli.common import complete_profile, examples, with_home, with_json
from rolecall.cli.diagnosis import Diagnosis
from rolecall.cli.output import ExitCode, Failure
from rolecall.doctor.registry import BY_CODE, Findings, examine
from rolecall.host import Host
from rolecall.user_settings import Silence

PIPED = "-"
"""What stands for all that comes from stdin."""
MOST = 64 * 1024 * 1024
"""Bytes after which no more is taken from stdin: what writes there may never end."""
_KEPT, _CHUNK = 256 * 1024, 1024 * 1024
"""Bytes of it that are kept, from the beginning and from the end; and those that are read at once."""


@click.command(
    "doctor",
    cls=common.LookingCommand,
    epilog=examples(
        "rolecall doctor                          all that is wrong here",
        "rolecall doctor prod                     why prod does not work, step by step",
        "rolecall doctor prod --online            the same, and AWS is asked",
        "aws s3 ls 2>&1 | rolecall doctor --error -",
        "rolecall doctor --quiet || echo 'AWS: see rolecall doctor'",
        "rolecall doctor --silence unused-source:base",
        "rolecall doctor --json | jq -r '.findings[] | select(.severity == \"error\") | .fix.run'",
    ),
)
@click.argument("name", required=False, shell_complete=complete_profile)
@click.option(
    "--online", is_flag=True, help="Ask AWS as well: endpoint, clock, identity; and `aws --version`."
)
@click.option(
    "--error",
    metavar="TEXT",
    help="An error message of an AWS tool, or - to read it from stdin: whose it is, and what mends it.",
)
@click.option(
    "--silence",
    "silences",
    metavar="CODE[:SUBJECT]",
    multiple=True,
    help="Write into the settings that this is not to be told any more; may be given more than once.",
)
@click.option("--yes", is_flag=True, help="Do not ask; with --online, let a credential_process run.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only, and nothing where there is none.")
@with_json
@with_home
@click.pass_context
def doctor(
    context: click.Context,
    name: str | None,
    *,
    online: bool,
    error: str | None,
    silences: tuple[str, ...],
    yes: bool,
    quiet: bool,
    as_json: bool,
) -> ExitCode:
    """Say what is wrong, and what mends it.

    With NAME it says why that profile does not work, or would not, in the order in which AWS tools decide;
    of an sso-session or a start URL, how that login stands;
    with --online or --error but no NAME, the same of a command in this shell. Looks at files and variables
    only, unless --online is given.

    Exit code 1 where something is wrong that makes a command fail. docs/findings.md explains each code.
    """
    host = common.host(context)
    if silences:
        if name is not None or online or error is not None:
            raise click.UsageError("--silence goes alone.", context)
        _refuse_read_only(context, "--silence")
        return _silence(host, [_silence_of(text, context) for text in silences], yes=yes, as_json=as_json)
    if online:
        _refuse_read_only(context, "--online")
    asked = _Asked(name, _message(error), is_online=online, may_run=yes)
    diagnosis = _diagnosis(host, asked)
    if as_json:
        from rolecall.cli import doctor_json  # noqa: PLC0415 - text needs none

        output.write_json(doctor_json.diagnosis(diagnosis))
    else:
        from rolecall.cli import doctor_text  # noqa: PLC0415 - JSON needs none

        common.print_lines(host, lambda terminal: doctor_text.lines(diagnosis, terminal, quiet=quiet))
    return ExitCode.FAILED if diagnosis.is_ill else ExitCode.FINE


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked.

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
        message = f"`{option}` acts, and rolecall is read-only (--read-only or ROLECALL_READ_ONLY)"
        raise Failure("ReadOnly", message)


def _message(given: str | None) -> str | None:
    """Return the error message: as given, or all of stdin."""
    if given != PIPED:
        return given
    if sys.stdin is None or sys.stdin.closed:
        return ""
    from rolecall.cli import prompts  # noqa: PLC0415 - a prompt need not wait for it

    if prompts.has_person():
        output.say("Paste the error message, and end it with ctrl+d on a line of its own:")
    from rolecall.doctor.error_text import parse  # noqa: PLC0415 - nor for this

    return parse.decoded(_piped(sys.stdin.buffer))


def _piped(stream: BinaryIO) -> bytes:
    """Return the beginning and the end of what comes, as far as that is read."""
    head, tail, left = stream.read(_KEPT), b"", MOST
    while left > 0 and len(head) == _KEPT and (chunk := stream.read(_CHUNK)):
        tail = (tail + chunk)[-_KEPT:]
        left -= len(chunk)
    return head + tail


def _diagnosis(host: Host, asked: _Asked) -> Diagnosis:
    snapshot = Snapshot.take(host)
    findings = _findings(snapshot)
    name = asked.name
    if name is not None and snapshot.merged.broken_file is not None:
        output.complain(f"nothing can be said of {name} until the file parses")
        name = None
    elif name is not None and (asked.is_online or not _is_login(snapshot, name)):
        common.profile(snapshot, name)
    if name is None and asked.message is None and not asked.is_online:
        return Diagnosis(snapshot, findings.all, len(findings.silenced))
    from rolecall.cli import doctor_why  # noqa: PLC0415 - a look at everything takes none of it

    return doctor_why.diagnosis(
        snapshot,
        findings,
        name,
        message=asked.message,
        is_online=asked.is_online,
        may_run=asked.may_run,
        again=_findings,
    )


def _is_login(snapshot: Snapshot, name: str) -> bool:
    """Whether a name that no profile has is that of a login."""
    if name in snapshot.profiles:
        return False
    from rolecall.doctor import sessions  # noqa: PLC0415 - a prompt need not wait for it

    return sessions.of_name(snapshot, name) is not None


def _findings(snapshot: Snapshot) -> Findings:
    wanted = user_settings.read(snapshot.host, BY_CODE)
    if wanted.problem is not None:
        output.complain(wanted.problem)
    return examine(snapshot, wanted.silences)


def _silence_of(text: str, context: click.Context) -> Silence:
    silence = Silence.parse(text)
    if silence.code in BY_CODE:
        return silence
    import difflib  # noqa: PLC0415 - only a code that is not there needs it

    nearest = difflib.get_close_matches(silence.code[: common.LONGEST_NAME], BY_CODE, n=1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    raise click.UsageError(f"there is no finding {common.as_asked(silence.code)!r}.{hint}", context)


def _silence(host: Host, silences: list[Silence], *, yes: bool, as_json: bool) -> ExitCode:
    """Write what is silenced into the settings, one after the other."""
    from rolecall.actions import silence_finding  # noqa: PLC0415 - only who silences something needs it
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
