"""``rolecall cache clear``: deletes cache files, and says first what that will cost."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from rolecall.actions import clear_cache
from rolecall.actions.clear_cache import Cleared, Deletion, EntryFilter
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, completion, output, prompts
from rolecall.cli.common import ActingCommand, complete_profile, examples, file_name, with_home, with_json
from rolecall.cli.output import ExitCode, Failure
from rolecall.cli.prompts import TerminalPrompts, perform, refuse_unattended, with_dry_run, with_yes
from rolecall.cli.text_output import Cell, Column, Fit, Terminal, counted_names, table
from rolecall.text import elide, mask, sanitize

if TYPE_CHECKING:
    from rolecall.cli.json_types import ClearAnswer

LONGEST_PATH = 200
"""Characters of a missing path that a message quotes."""
_COLUMNS = (
    Column("KIND", least=9, expendable=2),
    Column("PROFILES", Fit.MIDDLE, least=9, expendable=1),
    Column("FILE", Fit.MIDDLE, least=13),
    Column("WHAT IT COSTS", Fit.WRAP, least=20),
)


def _complete_file(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    entries = Snapshot.take(common.host(context)).entries
    names = [entry.path.name for entry in entries if clear_cache.obstacle(entry) is None]
    return completion.starting_with(incomplete, [name for name in names if sanitize(name) == name])


@click.command(
    "clear",
    cls=ActingCommand,
    epilog=examples(
        "rolecall cache clear prod                     the entries of this profile",
        "rolecall cache clear prod --expired           those that have expired",
        "rolecall cache clear --expired --corrupt",
        "rolecall cache clear --orphaned --dry-run     only show what would be deleted",
        "rolecall cache clear --kind role --yes",
        "rolecall cache clear --file 77aa2f0c.json     one file, by its name or path",
    ),
)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete_profile)
@click.option(
    "--file",
    "files",
    metavar="NAME|PATH",
    multiple=True,
    shell_complete=_complete_file,
    help="This file, by its name or its path; may be given more than once.",
)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice([kind.value for kind in CacheKind]),
    multiple=True,
    help="Only entries of this kind; may be given more than once.",
)
@click.option("--expired", is_flag=True, help="Entries that have expired.")
@click.option("--orphaned", is_flag=True, help="Entries that no profile here uses.")
@click.option("--corrupt", is_flag=True, help="Entries that the AWS tools cannot read.")
@click.option("--all", "everything", is_flag=True, help="All entries.")
@with_dry_run
@with_yes
@with_json
@with_home
@click.pass_context
def clear(
    context: click.Context,
    names: tuple[str, ...],
    *,
    files: tuple[str, ...],
    kinds: tuple[str, ...],
    expired: bool,
    orphaned: bool,
    corrupt: bool,
    everything: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> ExitCode:
    """Delete cache files, and say what it costs.

    Choose them by profile, by name, by state, or by kind. NAME, --file and --kind narrow down what the other
    options choose. Says what each deletion will cost, and asks; without a terminal it needs --yes. Whether
    a file is an orphan depends on the config file of this environment: a profile in another AWS_CONFIG_FILE
    may use it. Exit code 1 if something was not deleted.
    """
    flags = {
        EntryFilter.EXPIRED: expired,
        EntryFilter.ORPHANED: orphaned,
        EntryFilter.CORRUPT: corrupt,
        EntryFilter.ALL: everything,
    }
    which = [member for member, is_asked in flags.items() if is_asked]
    if not (names or files or kinds or which):
        message = "say which: NAME, --file, --kind, --expired, --orphaned, --corrupt or --all."
        raise click.UsageError(message, context)
    snapshot = common.look_at(context, *names)
    paths = [path for file in files for path in _found(snapshot, file)]
    entries = clear_cache.select(
        snapshot, names=names, which=which, kinds=[CacheKind(kind) for kind in kinds], paths=paths
    )
    deletions = clear_cache.plan(snapshot, entries)
    # with --file, no other file matters
    unseen = clear_cache.unseen(snapshot) if not files else ()
    if not as_json:
        _show(snapshot, deletions, unseen)
        # a file that is named is deleted whoever uses it
        if any(each.entry.is_orphan and each.path not in paths for each in deletions):
            output.complain(_judged_by(snapshot))
    done = None
    if not dry_run:
        done = _clear(snapshot, deletions, yes=yes, as_json=as_json)
    if as_json:
        judged_by = (file.path for file in snapshot.files)
        output.write_json(_json(deletions, done, unseen, judged_by))
    elif done is not None:
        _tell(snapshot, done)
    return ExitCode.FAILED if unseen or (done is not None and done.left) else ExitCode.FINE


def _found(snapshot: Snapshot, given: str) -> list[Path]:
    """Return the cache files of a name or a path; a bare name may be in several directories.

    Raises:
        Failure: there is none (wrong usage), or it is never deleted.
    """
    is_name = Path(given).name == given
    path = Path(os.path.abspath(snapshot.host.expand_user(given)))  # noqa: PTH100 - a symlink is not followed
    found = [
        entry for entry in snapshot.entries if (entry.path.name == given if is_name else entry.path == path)
    ]
    if not found:
        unlisted = [snapshot.host.display(each) for each, _ in clear_cache.unseen(snapshot)]
        but = f"; {', '.join(unlisted)} cannot be listed" if unlisted else ""
        message = f"there is no cache file {elide(given, LONGEST_PATH)}{but}"
        raise Failure("FileNotFound", message, ExitCode.USAGE)
    reason = next((reason for entry in found if (reason := clear_cache.obstacle(entry)) is not None), None)
    if reason is not None:
        raise Failure("Refused", f"{elide(given, LONGEST_PATH)} is not deleted: {reason}")
    return [entry.path for entry in found]


def _show(snapshot: Snapshot, deletions: Sequence[Deletion], unseen: Sequence[tuple[Path, str]]) -> None:
    host = snapshot.host
    _tell_left(snapshot, unseen)
    if not deletions:
        common.print_words(host, "Nothing else to clear." if unseen else "Nothing to clear.")
        return
    common.print_lines(
        host,
        lambda terminal: table(
            _COLUMNS, (_row(deletion, snapshot, terminal) for deletion in deletions), terminal
        ),
    )
    for directory, real in clear_cache.leads_to(snapshot, deletions).items():
        common.print_words(
            host, f"{host.display(directory)} is a link to {host.display(real)}: the files there are deleted."
        )


def _row(deletion: Deletion, snapshot: Snapshot, terminal: Terminal) -> tuple[Cell, ...]:
    entry = deletion.entry
    return (
        entry.kind.value,
        counted_names(entry.profiles, terminal),
        snapshot.host.display(deletion.path),
        mask(deletion.words),
    )


def _judged_by(snapshot: Snapshot) -> str:
    files = " and ".join(f"{file_name(file, snapshot)} ({file.status})" for file in snapshot.files)
    return f"orphans were found with {files}; a profile in another config file may use them"


def _clear(snapshot: Snapshot, deletions: Sequence[Deletion], *, yes: bool, as_json: bool) -> Cleared:
    if not deletions:
        return Cleared((), ())
    refuse_unattended(f"this deletes {_files(len(deletions))}", yes=yes)
    if not yes:
        output.flush()
        if as_json or output.trouble():
            output.say(*(f"{snapshot.host.display(each.path)}: {each.words}" for each in deletions))
        prompts.require(f"Delete {_files(len(deletions))}?")
    done = perform(
        lambda _, cancel: clear_cache.clear(snapshot, deletions, cancel, lambda _count: None),
        TerminalPrompts(),
    )
    if done.deleted:
        output.note_deed(f"{_files(len(done.deleted))} deleted")
    return done


def _tell(snapshot: Snapshot, done: Cleared) -> None:
    if done.deleted:
        common.print_words(snapshot.host, f"Deleted {_files(len(done.deleted))}.")
    _tell_left(snapshot, done.left)


def _tell_left(snapshot: Snapshot, left: Sequence[tuple[Path, str]]) -> None:
    for path, reason in left:
        output.complain(f"left alone: {snapshot.host.display(path)}: {reason}")


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _json(
    deletions: "Sequence[Deletion]",
    done: "Cleared | None",
    unseen: Sequence[tuple[Path, str]],
    judged_by: Iterable[Path | None],
) -> "ClearAnswer":
    """``rolecall cache clear``: the planned deletions and their results.

    ``planned[]`` {path, real_path, kind, profiles[], cost, words}, ``deleted[]`` (paths), ``left[]`` {path,
    reason}, ``judged_by[]`` (the files that decide which profiles use an entry), ``dry_run``. The real path
    differs where the directory is a link.
    """
    left = (*unseen, *(done.left if done is not None else ()))
    return {
        "planned": [
            {
                "path": str(deletion.path),
                "real_path": str(deletion.path.parent.resolve() / deletion.path.name),
                "kind": deletion.entry.kind.value,
                "profiles": list(deletion.entry.profiles),
                "cost": deletion.cost.value,
                "words": mask(deletion.words),
            }
            for deletion in deletions
        ],
        "deleted": [str(path) for path in done.deleted] if done is not None else [],
        "left": [{"path": str(path), "reason": mask(reason)} for path, reason in left],
        "judged_by": [str(path) for path in judged_by if path is not None],
        "dry_run": done is None,
    }
