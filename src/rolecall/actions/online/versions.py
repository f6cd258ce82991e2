"""Which AWS tools are here, and which versions they have."""

import contextlib
import importlib.metadata
import os
import shutil
from pathlib import Path

from rolecall.actions.aws_cli import FIRST_WITH_LOGIN, VERSION, said_of_version
from rolecall.actions.prompts import Cancel
from rolecall.actions.worker_client import environment
from rolecall.aws import logins
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.steps import Step, StepStatus
from rolecall.text import mask

TITLE = "Tools"
LIBRARIES = ("botocore", "boto3")
LONGEST = 300
"""Characters of what a program says of itself that are shown."""


def look(snapshot: Snapshot, profile: str | None, cancel: Cancel, patience: float) -> Step:
    """Run ``aws --version``, and say what it says; the libraries are rolecall's own.

    Args:
        snapshot: the world.
        profile: whom it is about; None for a command that names no profile.
        cancel: ends it.
        patience: seconds for the answer.

    Raises:
        Cancelled: the user changed their mind.
    """
    programs = _programs(snapshot.host)
    own = f"rolecall itself has {_libraries()}"
    if not programs:
        return Step(TITLE, StepStatus.NOTE, "there is no `aws` on the PATH", (own,))
    first, *others = programs
    evidence = [f"{first} comes first on the PATH, before {other}" for other in others]
    said = _said(snapshot.host, first, cancel, patience)
    if said is None:
        words = f"{first} does not say its version within {patience:g} s"
        return Step(TITLE, StepStatus.SUSPECT, words, (*evidence, own))
    found = VERSION.search(said)
    if found is None:
        words = f"{first} is not the AWS CLI, or does not start"
        return Step(TITLE, StepStatus.SUSPECT, words, (_beginning(said) or "it says nothing", *evidence, own))
    version = (int(found["major"]), int(found["minor"]))
    if profile is not None and version < FIRST_WITH_LOGIN and _logs_in(snapshot, profile):
        first_good = ".".join(map(str, FIRST_WITH_LOGIN))
        words = f"{found[0]} is too old for the login_session of {profile}: that takes {first_good}"
        return Step(TITLE, StepStatus.CULPRIT, words, (first, *evidence, own))
    return Step(TITLE, StepStatus.FINE, f"{found[0]} ({first})", (_beginning(said), *evidence, own))


def _beginning(said: str) -> str:
    """Return as much of what a program says as is shown; masked first, for half a secret is one too."""
    return mask(said.strip())[:LONGEST]


def _logs_in(snapshot: Snapshot, profile: str) -> bool:
    """Whether a profile takes an ``aws login``."""
    report = snapshot.profiles.get(profile)
    place = logins.place(report, snapshot) if report is not None else None
    return place is not None and place[0] is logins.LoginKind.LOGIN_SESSION


def _libraries() -> str:
    found = []
    for name in LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(f"{name} {importlib.metadata.version(name)}")
    return " and ".join(found)


def _programs(host: Host) -> list[str]:
    """Return every ``aws`` of the PATH once, the one that a shell takes first."""
    path = environment(host).get("PATH", os.defpath)
    found = (shutil.which("aws", path=directory) for directory in path.split(os.pathsep) if directory)
    by_target: dict[Path, str] = {}
    for program in found:
        if program is not None:
            by_target.setdefault(Path(program).resolve(), program)
    return list(by_target.values())


def _said(host: Host, program: str, cancel: Cancel, patience: float) -> str | None:
    try:
        return said_of_version(host, program, cancel, patience)
    except OSError as error:
        return f"it cannot be started: {error.strerror}"
