"""``rolecall process`` as a ``credential_process``: from the AWS CLI's cache, renewed by one at a time."""

import contextlib
import hashlib
import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from rolecall.actions import credentials, export, timeouts
from rolecall.actions.credentials import Credentials
from rolecall.actions.editing import edits
from rolecall.actions.editing.combination import Combination
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.actions.prompts import Authorization, Cancel, Prompts
from rolecall.aws import logins, paths, timestamps
from rolecall.aws.expiry import State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import PredictedErrorRaised, Provider, Tool
from rolecall.aws.settings import CREDENTIAL_SETTINGS, Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.values import dataclass

if sys.platform != "win32":
    import fcntl

RUNNING = "ROLECALL_PROCESS"
"""The variable that names the profiles that are being asked: one that comes again is a loop."""
ASKED_AGAIN = timedelta(hours=1)
"""When an SDK asks again for credentials with no known end: long-term keys may have been replaced."""
_CACHED = (Kind.ROLE, Kind.SSO)
_PULSE = 0.05
_WORDS = ("AccessKeyId", "SecretAccessKey", "SessionToken")
SOURCE = "-source"
"""What the name of the profile with the role's own settings ends with."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is printed.

    Attributes:
        text: the JSON of a ``credential_process``, version 1, with an ``Expiration`` in any case.
        problem: why the credentials could not be renewed, where those that are still valid are given instead.
    """

    text: str
    problem: ActionFailed | None = None

    def __repr__(self) -> str:
        """Say nothing of the text: it is secret."""
        return f"Served(problem={self.problem!r})"


def serve(take: Callable[[Snapshot | None], Snapshot], name: str, prompts: Prompts, cancel: Cancel) -> Served:
    """Return what a profile's ``credential_process`` prints.

    What is cached and valid for 15 minutes or more is read, without a call and without boto3. Else one
    process at a time renews it, and the others read what that one has cached.

    Args:
        take: takes a Snapshot, given the one before.
        name: the profile.
        prompts: asks, if there is someone who can be asked.
        cancel: ends it.

    Raises:
        ActionFailed: the profile gives no credentials.
        Cancelled: the user cancelled.
    """
    snapshot = _marked(take(None), name)
    held = _cached(snapshot, name)
    if held is not None:
        return Served(_text(held, snapshot.host.now()))
    with _alone(snapshot, name, cancel):
        snapshot = _marked(take(snapshot), name)
        held = _cached(snapshot, name)  # another process has renewed it meanwhile
        if held is not None:
            return Served(_text(held, snapshot.host.now()))
        try:
            found = credentials.fetch(snapshot, name, prompts, cancel)
        except ActionFailed as failed:
            left = _cached(snapshot, name, State.RENEWING)
            if left is None:
                raise
            return Served(_text(left, snapshot.host.now()), failed)
        return Served(_text(found, snapshot.host.now()))


def _marked(snapshot: Snapshot, name: str) -> Snapshot:
    """Note that this profile is asked, for what runs below.

    Raises:
        ActionFailed: it is asked already: its ``credential_process`` is this command.
    """
    environ = snapshot.host.environ
    asked = environ.get(RUNNING, "").split("\n") if RUNNING in environ else []
    if name in asked:
        raise ActionFailed(
            "ProcessLoop",
            f"{name} gets its credentials from a credential_process that asks for those of {name}",
            cure=f"name another profile in it, as `rolecall process --install` does ({name}{SOURCE})",
        )
    host = replace(snapshot.host, environ={**environ, RUNNING: "\n".join((*asked, name))})
    return replace(snapshot, host=host)


def _cached(snapshot: Snapshot, name: str, state: State = State.VALID) -> Credentials | None:
    """Return the credentials of a role from its cache file, if that is in this state; else None."""
    report = snapshot.profiles.get(name)
    if report is None or report.kind not in _CACHED or report.cache_file is None:
        return None
    now = snapshot.host.now()
    if report.effective.error is not None or report.expiry.as_of(now).state is not state:
        return None
    try:
        content = json.loads(paths.read_file(snapshot.where.cli_cache / report.cache_file))["Credentials"]
        key, secret, token = (content[word] for word in _WORDS)
        end = timestamps.instant(content["Expiration"])
    except (OSError, ValueError, RecursionError, KeyError, TypeError, PredictedErrorRaised):
        return None
    is_whole = all(isinstance(each, str) and each for each in (key, secret, token))
    is_same = report.expiry.at is not None and end >= report.expiry.at
    return Credentials(key, secret, token, end, report.account) if is_whole and is_same else None


def _text(found: Credentials, now: datetime) -> str:
    end = found.expires_at if found.expires_at is not None else now + ASKED_AGAIN
    return export.process_json(replace(found, expires_at=end))


@contextlib.contextmanager
def _alone(snapshot: Snapshot, name: str, cancel: Cancel) -> Iterator[None]:
    """Hold back the other processes that would renew the same: those whose credentials start at one place.

    Where there are no locks (Windows, some network file systems, a home that cannot be written to), or
    another process holds one for too long, it goes on without: that costs a call, and nothing else.
    """
    descriptor = _opened(snapshot, name)
    try:
        if descriptor is not None and sys.platform != "win32":
            for _ in range(int(timeouts.PROCESS_LOCK / _PULSE)):
                cancel.check()
                if _is_locked(descriptor):
                    break
                cancel.wait(_PULSE)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)  # and with it goes the lock


def _opened(snapshot: Snapshot, name: str) -> int | None:
    if sys.platform == "win32":
        return None
    state = snapshot.host.state_file
    try:
        if state is None:
            snapshot.where.cli_cache.mkdir(parents=True, exist_ok=True)
            return os.open(snapshot.where.cli_cache, os.O_RDONLY | os.O_DIRECTORY)
        folder = state.parent / "locks"
        folder.mkdir(0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256(_root(snapshot, name).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        return os.open(folder / f"{digest}.lock", flags, 0o600)
    except OSError:
        return None


def _root(snapshot: Snapshot, name: str) -> str:
    """Return what tells where a profile's credentials start: its login, or the last profile of its chain."""
    report = snapshot.profiles.get(name)
    if report is None:
        return f"profile {name}"
    login = logins.login_of(report, snapshot)
    if login is not None:
        return f"login {login[1]}"
    return f"profile {report.chain[-1].profile if report.chain else name}"


if sys.platform != "win32":

    def _is_locked(descriptor: int) -> bool:
        """Try to lock; True also where the file system has no locks."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True


class ProcessPrompts:
    """Asks as other prompts do where there is a person; where there is none, says what to do in a terminal.

    A ``credential_process`` further down the chain runs without a question, as AWS tools run it.
    """

    def __init__(self, person: Prompts, name: str, *, has_person: bool) -> None:
        self._person = person
        self._name = name
        self._has_person = has_person

    def code(self, device: str, problem: str | None, step: str = "") -> str:
        """Return the code of an MFA device.

        Raises:
            ActionFailed: there is nobody to ask.
        """
        if self._has_person:
            return self._person.code(device, problem, step)
        raise ActionFailed(
            "NoTerminal",
            f"{self._name} asks for an MFA code of {device}, and there is no terminal to type it at",
            cure=f"run `rolecall assume {shlex.quote(self._name)}` in one, then try again",
        )

    def may_run(self, profile: str, command: str) -> bool:  # noqa: ARG002 - as Prompts has it
        """Let it run."""
        return True

    def authorize(self, authorization: Authorization) -> None:
        """Show where to log in."""
        self._person.authorize(authorization)

    def tell(self, step: str) -> None:
        """Say it where there is a person."""
        if self._has_person:
            self._person.tell(step)


# making a profile use it


def install(snapshot: Snapshot, name: str) -> Plan:
    """Plan to have a profile get its credentials from this command, for every SDK.

    The role's own settings move to a profile of the same name with ``-source``, with all that is beside them;
    what is cached for the role stays in force, because its file is not named after the profile.

    Raises:
        ActionFailed: it has no role, has keys of its own, or another tool would read it differently.
    """
    report = snapshot.profiles.get(name)
    if report is None:
        raise ActionFailed("ProfileNotFound", f"there is no profile {name}")
    found = obstacle(report, snapshot)
    if found is not None:
        raise ActionFailed("NotApplicable", found, cure="choose a profile with a role, and no keys beside it")
    source = f"{name}{SOURCE}"
    moved = [key for key in report.values if key in CREDENTIAL_SETTINGS]
    changes: dict[str, str | None] = dict.fromkeys(moved)
    changes["credential_process"] = command_line(snapshot.host, source)
    combined = Combination(snapshot)
    combined.add(lambda now: edits.duplicate_profile(now, name, source))
    combined.add(lambda now: edits.change_profile(now, name, changes))
    before, after = report, combined.snapshot.profiles
    for tool in Tool:
        was, own = before.resolutions[tool], after[name].resolutions[tool]
        there = after[source].resolutions[tool]
        if own.provider != Provider.PROCESS or (there.provider, there.error) != (
            was.provider,
            was.error,
        ):
            message = f"{tool.value} would read {name} differently afterwards: nothing is changed"
            raise ActionFailed("Refused", message, cure="edit it by hand")
    return replace(
        combined.plan(f"Have {name} use rolecall process"),
        remarks=(
            f"The settings of the role move to {source}; {name} asks rolecall for its credentials.",
            *_about_users(report, snapshot),
        ),
    )


def obstacle(report: ProfileReport, snapshot: Snapshot) -> str | None:
    """Return why a profile cannot be made to use this command, in a sentence, or None if it may."""
    name = report.name
    if report.kind not in (Kind.ROLE, Kind.SSO, Kind.WEB_IDENTITY):
        return f"{name} has no role and no permission set."
    if report.values.keys() & {"aws_access_key_id", "aws_secret_access_key", "credential_process"}:
        return f"{name} has keys or a credential_process beside its role, which would be used instead."
    return f"There is a profile {name}{SOURCE} already." if f"{name}{SOURCE}" in snapshot.profiles else None


def _about_users(report: ProfileReport, snapshot: Snapshot) -> Iterator[str]:
    """Say what else changes by it."""
    name = report.name
    users = [each for each in snapshot.dependants.get(name, ()) if each != name]
    if users:
        yield f"{', '.join(users)} will get credentials from there too."
    if report.asks_mfa:
        assume = shlex.join(("rolecall", "assume", f"{name}{SOURCE}"))
        yield f"AWS tools no longer ask for the MFA code themselves: run `{assume}` before it expires."


def command_line(host: Host, name: str) -> str:
    """Return the value of ``credential_process``: the program's whole path, because no shell runs it."""
    program = _program(host)
    words = ("process", "--", name) if name.startswith("-") else ("process", name)
    return " ".join(map(_quoted, (*program, *words)))


def _program(host: Host) -> tuple[str, ...]:
    found = shutil.which("rolecall", path=host.environ.get("PATH", os.defpath))
    started = Path(sys.argv[0])
    if PurePath(started).stem == "rolecall" and started.is_file():
        found = str(started.absolute())
    return (found,) if found is not None else (sys.executable, "-m", "rolecall")


def _quoted(word: str) -> str:
    """Quote a word as ``compat_shell_split`` of botocore reads it on this platform."""
    if sys.platform == "win32":
        return f'"{word}"' if " " in word else word
    return shlex.quote(word)
