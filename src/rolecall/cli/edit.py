"""``rolecall set`` and the other edits of a profile; and how any edit is shown and saved."""

import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from rolecall.actions.editing import edits
from rolecall.actions.editing.transaction import FileChangingError
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import DiffLine, FileChange, Mark, Plan
from rolecall.actions.prompts import Cancel
from rolecall.actions.writing import replace, saving
from rolecall.aws.config_file import FileKind
from rolecall.aws.settings import SETTINGS
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, completion, output, prompts
from rolecall.cli.common import ActingCommand, complete_profile, examples, with_home, with_json
from rolecall.cli.output import ExitCode, Failure
from rolecall.cli.prompts import PIPED, TerminalPrompts, perform, refuse_unattended, with_dry_run, with_yes
from rolecall.cli.text_output import Terminal
from rolecall.host import Host
from rolecall.text import is_secret_name, mask, mask_name

if TYPE_CHECKING:
    from rolecall.cli.json_types import ChangeJson, EditAnswer


def of_argument(key: str, given: str | None) -> str:
    """Return the new value of a key: as given, from stdin for ``-``, or typed unseen for a secret.

    Raises:
        ActionFailed: nothing comes from stdin, or the terminal would show a secret.
        Cancelled: nothing was typed.
        Failure: a secret is given as an argument, or nothing is given at all.
    """
    if len(key.split()) != 1:
        message = f"{mask_name(key)!r} is no setting: a name has no blanks in it, and is not empty"
        raise Failure("UsageError", message, ExitCode.USAGE)
    if is_secret_name(key):
        return _secret(key, given)
    if given is None:
        raise Failure("UsageError", f"{mask_name(key)} needs a VALUE", ExitCode.USAGE)
    return prompts.piped() if given == PIPED else given


def of_assignments(given: Sequence[str], context: click.Context) -> dict[str, str]:
    """Return the settings in ``KEY=VALUE`` arguments; asks for each secret that has no value.

    Raises:
        ActionFailed: as for ``of_argument``.
        Cancelled: as for ``of_argument``.
        Failure: as for ``of_argument``.
        click.UsageError: one is no ``KEY=VALUE``, or a key comes twice.
    """
    settings: dict[str, str] = {}
    for number, assignment in enumerate(given, start=1):
        key, is_assignment, value = assignment.partition("=")
        if not is_assignment or not key:
            raise click.UsageError(f"setting {number} is not KEY=VALUE.", context)
        if key.lower() in (known.lower() for known in settings):
            raise click.UsageError(f"{mask_name(key)} is given twice.", context)
        settings[key] = of_argument(key, (value or None) if is_secret_name(key) else value)
    return settings


def _secret(key: str, given: str | None) -> str:
    if given == PIPED and not prompts.has_person():
        return prompts.piped().strip()
    if given not in (None, PIPED):
        message = (
            f"{mask_name(key)} is a secret; in a command it would stay in the shell's history and be seen "
            "by other users: leave it out to type it, or give - and pipe it in"
        )
        raise Failure("SecretArgument", message, ExitCode.USAGE)
    if not prompts.has_person():
        message = f"there is no terminal to type {mask_name(key)} at; give - and pipe it in"
        raise Failure("NoTerminal", message, ExitCode.USAGE)
    return prompts.hidden(mask_name(key)).strip()


_with_file = click.option(
    "--file",
    "role",
    type=click.Choice([role.value for role in FileKind]),
    help="The file to change; by default the one in which the key takes effect.",
)


_with_only_copy = click.option(
    "--even-the-only-copy",
    "may_lose",
    is_flag=True,
    help="Also remove or overwrite the only copy of a long-term secret, which AWS never shows again.",
)


def _editing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of all edits."""
    for option in (click.pass_context, with_home, with_json, with_yes, with_dry_run):
        command = option(command)
    return command


def _complete_key(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    return completion.starting_with(incomplete, list(SETTINGS))


def _complete_own_key(
    context: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    name = context.params.get("name")
    report = Snapshot.take(common.host(context)).profiles.get(name) if isinstance(name, str) else None
    return completion.starting_with(incomplete, list(report.values) if report is not None else [])


def _complete_assignment(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    return completion.starting_with(incomplete, [f"{key}=" for key in SETTINGS])


@click.command(
    "set",
    cls=ActingCommand,
    epilog=examples(
        "rolecall set prod region eu-west-1",
        "rolecall set prod duration_seconds 3600 --dry-run",
        "rolecall set base aws_secret_access_key            asks for it, unseen",
        "pass aws/base | rolecall set base aws_secret_access_key -",
    ),
)
@click.argument("name", shell_complete=complete_profile)
@click.argument("key", shell_complete=_complete_key)
@click.argument("value", required=False)
@_with_file
@_with_only_copy
@_editing
def set_key(
    context: click.Context, name: str, key: str, value: str | None, role: str | None, **options: bool
) -> None:
    """Set one KEY of a profile.

    Shows the change as a diff, asks at a terminal, and writes it; no other byte of the file changes. Without
    a terminal it does not ask.

    VALUE may be - to read a line of stdin. A secret is not accepted as an argument: leave VALUE out and type
    it, or pipe it in.
    """
    snapshot = common.look_at(context, name)
    new = of_argument(key, value)
    _edit(context, snapshot, lambda now: edits.set_setting(now, name, key, new, _role(role)), **options)


@click.command(
    "unset",
    cls=ActingCommand,
    epilog=examples(
        "rolecall unset prod duration_seconds",
        "rolecall unset base aws_session_token --file credentials",
    ),
)
@click.argument("name", shell_complete=complete_profile)
@click.argument("key", shell_complete=_complete_own_key)
@_with_file
@_with_only_copy
@_editing
def unset_key(context: click.Context, name: str, key: str, role: str | None, **options: bool) -> None:
    """Remove one KEY from a profile.

    Shows the change as a diff, and asks at a terminal.
    """
    snapshot = common.look_at(context, name)
    _edit(context, snapshot, lambda now: edits.unset_setting(now, name, key, _role(role)), **options)


@click.command(
    "rename",
    cls=ActingCommand,
    epilog=examples("rolecall rename prod production", "rolecall rename a b --yes"),
)
@click.argument("old", shell_complete=complete_profile)
@click.argument("new")
@_editing
def rename(context: click.Context, old: str, new: str, **options: bool) -> None:
    """Rename a profile, and every source_profile that names it.

    Changes both files. Shows the change as a diff, and asks at a terminal.
    """
    snapshot = common.look_at(context, old)
    _edit(context, snapshot, lambda now: edits.rename_profile(now, old, new), **options)


@click.command(
    "remove",
    cls=ActingCommand,
    epilog=examples(
        "rolecall remove legacy", "rolecall remove legacy --dry-run", "rolecall remove legacy --yes"
    ),
)
@click.argument("name", shell_complete=complete_profile)
@_with_only_copy
@_editing
def remove(
    context: click.Context, name: str, *, dry_run: bool, yes: bool, as_json: bool, may_lose: bool
) -> None:
    """Remove a profile from both files.

    Says which profiles use it, shows the change as a diff, and asks; without a terminal it needs --yes.
    """
    snapshot = common.look_at(context, name)
    if not dry_run:
        refuse_unattended("this removes a profile and its keys", yes=yes)
    _edit(
        context,
        snapshot,
        lambda now: edits.remove_profile(now, name),
        dry_run=dry_run,
        yes=yes,
        as_json=as_json,
        may_lose=may_lose,
    )


@click.command(
    "add",
    cls=ActingCommand,
    epilog=examples(
        "rolecall add admin role_arn=arn:aws:iam::123456789012:role/Admin source_profile=base",
        "rolecall add base aws_access_key_id=AKIA... aws_secret_access_key=     asks for the secret",
    ),
)
@click.argument("name")
@click.argument("settings", metavar="[KEY=VALUE]...", nargs=-1, shell_complete=_complete_assignment)
@_editing
def add(context: click.Context, name: str, settings: tuple[str, ...], **options: bool) -> None:
    """Add a profile; creates the files if needed.

    VALUE may be - to read a line of stdin. A secret is not accepted as an argument: leave VALUE out and type
    it, or pipe it in.
    """
    snapshot = Snapshot.take(common.host(context))
    wanted = of_assignments(settings, context)
    _edit(context, snapshot, lambda now: edits.add_profile(now, name, wanted), **options)


@click.command("duplicate", cls=ActingCommand, epilog=examples("rolecall duplicate staging production"))
@click.argument("name", shell_complete=complete_profile)
@click.argument("new")
@_editing
def duplicate(context: click.Context, name: str, new: str, **options: bool) -> None:
    """Add a profile with the settings of another.

    Shows the change as a diff, and asks at a terminal.
    """
    snapshot = common.look_at(context, name)
    _edit(context, snapshot, lambda now: edits.duplicate_profile(now, name, new), **options)


@click.command(
    "rewrite",
    cls=ActingCommand,
    epilog=examples("rolecall rewrite config 12", "rolecall rewrite credentials 3"),
)
@click.argument("file", type=click.Choice([role.value for role in FileKind]))
@click.argument("line", type=click.IntRange(min=1))
@_editing
def rewrite(context: click.Context, file: str, line: int, **options: bool) -> None:
    """Correct one LINE of a FILE, as `rolecall doctor` says: put a joined header on its own line, say.

    No other line is changed. Shows the change as a diff, and asks at a terminal.
    """
    role = FileKind(file)
    _edit(context, Snapshot.take(common.host(context)), lambda now: _correction(now, role, line), **options)


def _correction(snapshot: Snapshot, role: FileKind, line: int) -> Plan:
    from rolecall.doctor.registry import examine  # noqa: PLC0415 - no other edit needs the rules

    for found in examine(snapshot).all:
        if found.fix.edit is not None and (found.fix.role, found.fix.line) == (role, line):
            return edits.rewrite_lines(snapshot, role, found.fix.edit)
    message = f"there is nothing to correct in line {line} of the {role} file"
    raise ActionFailed("NotApplicable", message, line=line)


def _role(name: str | None) -> FileKind | None:
    return None if name is None else FileKind(name)


def _edit(
    context: click.Context,
    snapshot: Snapshot,
    planned: Callable[[Snapshot], Plan],
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    may_lose: bool = False,
) -> None:
    host = common.host(context)
    plan = _planned(host, planned, snapshot)
    is_asked = prompts.has_person() and not yes
    if plan.lost and not (may_lose or dry_run or is_asked):
        keys = " and ".join(plan.lost)
        message = (
            f"this would remove the only copy of the secret of the long-term key {keys}, and AWS never "
            "shows it again: copy it elsewhere first, or give --even-the-only-copy"
        )
        raise Failure("OnlyCopy", message)

    def again() -> Plan:
        return _planned(host, planned, Snapshot.take(host))

    written = carry_out(host, plan, dry_run=dry_run, yes=yes, as_json=as_json, again=again)
    if as_json:
        output.write_json(plan_json(plan, written=written))
    else:
        conclude(host, plan, written=written)


def _planned(host: Host, planned: Callable[[Snapshot], Plan], snapshot: Snapshot) -> Plan:
    """Plan an edit; look again while another program is just changing the file."""
    for left in reversed(range(TRIES)):
        try:
            return planned(snapshot)
        except FileChangingError:
            if not left:
                raise
            time.sleep(random.uniform(0, PAUSE))  # noqa: S311 - spreads the tries of several programs
            snapshot = Snapshot.take(host)
    raise AssertionError  # the last try returns or raises


TRIES, PAUSE = 30, 0.1
"""How often an edit is tried while others change the file, and the longest pause in between (seconds)."""


def carry_out(
    host: Host,
    plan: Plan,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    again: Callable[[], Plan] | None = None,
) -> bool:
    """Show an edit as a diff, ask at a terminal, and save it; return whether it was saved.

    Without a terminal it does not ask: a script cannot answer.

    Args:
        host: where the files are.
        plan: the edit.
        dry_run: whether to only show it.
        yes: whether not to ask.
        as_json: whether stdout is for JSON.
        again: plans the edit anew if another program has changed the file meanwhile. It is tried again as
            long as it removes and adds the same lines as shown.

    Raises:
        ActionFailed: it was not done.
        Cancelled: the answer was no.
    """
    asks = bool(plan.changes) and not dry_run and not yes and prompts.has_person()
    if not as_json:
        output.write_lines(_diffs(plan, host, Terminal.of(sys.stdout, host.environ, output.characters())))
        output.flush()
    if asks and (as_json or output.trouble()):
        output.say(*_diffs(plan, host, Terminal.of(None, host.environ, output.characters())))
    for remark in plan.remarks:
        output.complain(remark)
    if asks:
        prompts.require("Write this, and lose that secret for good?" if plan.lost else "Write this?")
    if dry_run or not plan.changes:
        return False
    try:
        perform(lambda _prompts, cancel: _save(plan, again, cancel), TerminalPrompts())
    except replace.Conflict as conflict:
        plain = Terminal.of(None, host.environ, output.characters())
        output.say("Changed meanwhile:", *(_diff_line(changed, plain) for changed in conflict.diff))
        raise
    output.note_deed(f"the edit is done ({_files(host, plan)})")
    return True


def _save(plan: Plan, again: Callable[[], Plan] | None, cancel: Cancel) -> None:
    now = plan
    for left in reversed(range(TRIES)):
        try:
            saving.save(now)
        except replace.Conflict as conflict:
            if again is None or conflict.is_done or not left:
                raise
            cancel.wait(random.uniform(0, PAUSE))  # noqa: S311 - spreads the tries of several programs
            cancel.check()
            now = again()
            if not now.does_as(plan):
                raise
        else:
            return


def conclude(host: Host, plan: Plan, *, written: bool) -> None:
    """Print the result of an edit on stdout."""
    if not plan.changes:
        common.print_words(host, f"{mask_name(plan.title)}: nothing to change.")
    elif written:
        common.print_words(host, f"Written: {_files(host, plan)}")


def _files(host: Host, plan: Plan) -> str:
    return ", ".join(host.display(change.path) for change in plan.changes)


_COLOURS = {Mark.ADDED: "32", Mark.REMOVED: "31", Mark.PLACE: "36"}
_NOWHERE = "/dev/null"


def _diffs(plan: Plan, host: Host, terminal: Terminal) -> list[str]:
    """Return the diff of every file that would change."""
    return [line for change in plan.changes for line in _file(change, host, terminal)]


def _file(change: FileChange, host: Host, terminal: Terminal) -> list[str]:
    name = terminal.clean(host.display(change.path))
    before = _NOWHERE if change.before is None else name
    return [f"--- {before}", f"+++ {name}", *(_diff_line(each, terminal) for each in change.diff)]


def _diff_line(shown_line: DiffLine, terminal: Terminal) -> str:
    """Return one line of a diff, in colour if the terminal has it."""
    shown = f"{shown_line.mark}{terminal.clean(shown_line.text)}"
    colour = _COLOURS.get(shown_line.mark) if terminal.has_colour else None
    return f"\x1b[{colour}m{shown}\x1b[0m" if colour else shown


def plan_json(plan: Plan, *, written: bool) -> "EditAnswer":
    """Return {title, changes[] {path, role, diff[]}, remarks[], written}.

    The lines of a diff begin with ``+``, ``-``, a blank, or ``@@``; secrets in them are masked.
    """
    return {
        "title": mask_name(plan.title),
        "changes": [_change_json(change) for change in plan.changes],
        "remarks": [mask(remark) for remark in plan.remarks],
        "written": written,
    }


def _change_json(change: FileChange) -> "ChangeJson":
    return {
        "path": str(change.path),
        "role": change.role.value if change.role is not None else "settings",
        "diff": [f"{line.mark}{line.text}" for line in change.diff],
    }
