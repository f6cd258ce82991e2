"""``rolecall doctor --homes '/home/*'``: many homes, each as its owner would see it.

Run by root, each home is looked at with the owner's own rights, so that no file is read which the owner may
not read; and whoever runs it, no link is followed that leads out of a home.
"""

import contextlib
import errno
import glob
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from importlib import resources
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import TYPE_CHECKING

from rolecall.aws import paths
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import doctor_json
from rolecall.cli.diagnosis import Diagnosis
from rolecall.cli.text_output import Column, Fit, Terminal, table
from rolecall.doctor.finding import Severity
from rolecall.doctor.registry import BY_CODE, examine
from rolecall.host import Host, confined_to, leads_out, utc_now
from rolecall.text import mask_header, several
from rolecall.user_settings import read_settings
from rolecall.values import dataclass

if TYPE_CHECKING:
    from rolecall.cli.json_types import HomeAnswer

_IMPORTS = 20
"""Modules that one home may need beside those that are there already."""
_CHUNK = 8
"""Homes that a process is given at a time."""


@dataclass(frozen=True, slots=True)
class HomeReport:
    """What was found in one home.

    Attributes:
        answer: the JSON of it.
        worst: the worst finding in a few words; why it was not looked at, if it was not.
    """

    answer: "HomeAnswer"
    worst: str

    def fails(self, fail_on: Severity) -> bool:
        """Whether it could not be looked at, or has something as bad as this severity."""
        counts = self.answer["counts"]
        many = (counts["error"], counts["warning"], counts["info"])
        is_bad = any(many[: fail_on.rank + 1])  # the worst first
        return self.answer["problem"] is not None or is_bad


def homes_of(patterns: Sequence[str]) -> list[Path]:
    """Return the directories that patterns stand for, each once, in order."""
    found = (Path(each) for pattern in patterns for each in sorted(glob.glob(os.path.expanduser(pattern))))  # noqa: PTH111, PTH207 - a pattern is no path
    return list(dict.fromkeys(each.absolute() for each in found if each.is_dir()))


def look_at_all(homes: Sequence[Path], at_once: int) -> Iterator[HomeReport]:
    """Yield what is found in each home, in order, from at most so many processes at once."""
    many = min(at_once, len(homes))
    if many <= 1:
        _import_all()
        yield from map(look_at, homes)
        return
    _import_all()
    method = "fork" if "fork" in get_all_start_methods() and sys.platform != "darwin" else "spawn"
    with ProcessPoolExecutor(many, mp_context=get_context(method), initializer=_import_all) as pool:
        yield from pool.map(look_at, homes, chunksize=_CHUNK)


@cache
def _import_all() -> None:
    """Import and read whatever a look takes, by one at something like the demo's files.

    Another user may not be allowed to read where this Python has its modules.
    """
    there = resources.files("rolecall.demo")
    files = {
        Path(os.devnull, name): (there / f"{name}.ini").read_bytes() for name in ("config", "credentials")
    }
    config, credentials = files
    examine(Snapshot.take(Host.of_files(config, credentials)).edited(files))
    read_settings(Host.of_files(None, None), BY_CODE)


def look_at(home: Path) -> HomeReport:
    """Look at one home as its owner, and stay in it."""
    try:
        owner = home.stat().st_uid
    except OSError as error:
        return _not_looked_at(home, None, error.strerror or "cannot be looked at")
    try:
        for _ in range(_IMPORTS):
            try:
                with _as_user(owner), confined_to(home):
                    return _look(home, owner)
            except ModuleNotFoundError as error:  # see _import_all: few homes need what it did not
                importlib.invalidate_caches()
                importlib.import_module(str(error.name))
        return _not_looked_at(home, owner, "this Python's modules cannot be read")
    except OSError as error:
        return _not_looked_at(home, owner, error.strerror or type(error).__name__)
    except Exception as error:  # noqa: BLE001 - one home must not end the look at all others
        return _not_looked_at(home, owner, f"this is a bug in rolecall: {type(error).__name__}")


def _look(home: Path, owner: int) -> HomeReport:
    root = Path(home.anchor)
    made = Host.of(home, {}, clock=utc_now, platform=sys.platform, root=root, has_crt=True)
    host = replace(made, own_environ=made.environ)  # another home: what is installed for it is not known
    os.listdir(home)  # noqa: PTH208 - whether it can be read at all
    where = paths.find(host)
    for path in (where.config, where.credentials, *where.caches, host.settings_file):
        if path is not None and leads_out(path, home):
            words = f"{host.display(path)} is behind a link that leads out of the home: not followed"
            return _not_looked_at(home, owner, words)
    linked = next((each for cache in where.caches for each in _links(cache) if leads_out(each, home)), None)
    if linked is not None:
        words = f"{host.display(linked)} is a link that leads out of the home: not followed"
        return _not_looked_at(home, owner, words)
    wanted = read_settings(host, BY_CODE)
    snapshot = Snapshot.take(host)
    found = examine(snapshot, wanted.silences, severities=wanted.severities)
    diagnosis = Diagnosis(snapshot, found.all, len(found.silenced))
    first = next(iter(found.all), None)
    answer: HomeAnswer = {
        "home": str(home),
        "owner": _name_of(owner),
        "problem": None,
        "profiles": len(snapshot.profiles),
        **doctor_json.report_answer((diagnosis,)),
    }
    return HomeReport(answer, "" if first is None else f"{first.code}: {mask_header(first.subject.name)}")


def _not_looked_at(home: Path, owner: int | None, problem: str) -> HomeReport:
    answer: HomeAnswer = {
        "home": str(home),
        "owner": None if owner is None else _name_of(owner),
        "problem": problem,
        "profiles": 0,
        "findings": [],
        "counts": {"error": 0, "warning": 0, "info": 0},
        "silenced": 0,
    }
    return HomeReport(answer, problem)


def _links(directory: Path) -> list[Path]:
    """Return the links in a cache directory."""
    try:
        with os.scandir(directory) as listing:
            return [Path(each.path) for each in listing if each.is_symlink()]
    except OSError:
        return []


def _name_of(user: int) -> str:
    """Return a user's name; the number where the system knows none."""
    try:
        import pwd  # noqa: PLC0415 - not on Windows
    except ImportError:
        return str(user)
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


@contextlib.contextmanager
def _as_user(user: int) -> Iterator[None]:
    """Have another user's rights, if this is root; whoever is not keeps their own.

    Raises:
        OSError: the system refuses it.
    """
    if sys.platform == "win32" or os.geteuid() != 0 or user == 0:
        yield
        return
    import pwd  # noqa: PLC0415 - not on Windows

    groups, group = os.getgroups(), os.getegid()
    try:
        entry = pwd.getpwuid(user)
        own, theirs = entry.pw_gid, os.getgrouplist(entry.pw_name, entry.pw_gid)
    except KeyError:
        raise OSError(errno.ENOENT, f"the system knows no user {user}") from None
    back: list[Callable[[], None]] = [partial(os.setgroups, groups), partial(os.setegid, group)]
    try:
        os.setgroups(theirs)
        os.setegid(own)
        os.seteuid(user)
        back.append(partial(os.seteuid, 0))
        yield
    finally:
        for each in reversed(back):
            each()


_COLUMNS = (
    Column("HOME", Fit.MIDDLE, least=12),
    Column("OWNER", Fit.MIDDLE, least=6, expendable=2),
    Column("PROFILES", Fit.RIGHT, expendable=1),
    Column("ERRORS", Fit.RIGHT),
    Column("WARNINGS", Fit.RIGHT),
    Column("INFO", Fit.RIGHT, expendable=3),
    Column("WORST", Fit.MIDDLE, least=16),
)


def lines(reports: Sequence[HomeReport], terminal: Terminal, *, quiet: bool) -> list[str]:
    """Return a table of homes and their sum; if ``quiet``, only of those with an error or not looked at."""
    shown = [each for each in reports if each.fails(Severity.ERROR) or not quiet]
    rows = [_row(each) for each in shown]
    counted = table(_COLUMNS, rows, terminal) if rows else []
    if quiet:
        return counted
    failing = sum(each.answer["counts"]["error"] > 0 for each in reports)
    left = sum(each.answer["problem"] is not None for each in reports)
    unseen = f"; {several(left, 'home')} could not be looked at" if left else ""
    total = f"{several(len(reports), 'home')}, {failing:,} with an error{unseen}."
    return [*counted, "", total] if counted else [total]


def _row(report: HomeReport) -> tuple[str, ...]:
    answer, counts = report.answer, report.answer["counts"]
    numbers = (answer["profiles"], counts["error"], counts["warning"], counts["info"])
    shown = ("-",) * len(numbers) if answer["problem"] is not None else tuple(map(str, numbers))
    return (answer["home"], answer["owner"] or "", *shown, report.worst)
