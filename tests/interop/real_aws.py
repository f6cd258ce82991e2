"""The real ``aws`` (version 1, of the running interpreter), in an environment made from scratch."""

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pexpect

from tests.interop import fork_server

TIMEOUT = 60.0
"""Seconds after which a start of ``aws`` counts as hung."""

_TRACEBACK = "Traceback (most recent call last):"
_LAST_LINE = re.compile(r"^(?:\w+\.)*(?P<error>[A-Z]\w+): (?P<message>.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class AwsRun:
    """How one command went.

    Attributes:
        status: the exit code.
        output: what it printed.
        errors: what it printed on stderr, or on the terminal where it had one.
    """

    status: int
    output: str
    errors: str

    @property
    def identity(self) -> dict[str, str]:
        """What ``get-caller-identity`` answered: UserId, Account, Arn."""
        assert self.status == 0, self.errors
        answer: dict[str, str] = json.loads(self.output)
        return answer

    @property
    def error(self) -> str:
        """The class name of the exception that ended it (needs ``--debug``)."""
        return self._last_exception()["error"]

    @property
    def message(self) -> str:
        """The first line of that exception's message."""
        return self._last_exception()["message"]

    @property
    def words(self) -> str:
        """What it says on stderr without ``--debug``, be it given or not: what comes after the traceback."""
        return self.errors.rpartition("\n\n")[2]

    def _last_exception(self) -> re.Match[str]:
        last = self.errors.rpartition(_TRACEBACK)[2]
        found = _LAST_LINE.search(last)
        assert found is not None, self.errors
        return found


def scratch_environment(home: Path, endpoint: str) -> dict[str, str]:
    """Return all that a child gets: nothing of the developer's, nothing beyond loopback."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "NO_PROXY": "127.0.0.1",  # a proxy of the whole system must not see the calls either
        "BOTO_CONFIG": str(home / ".boto"),  # the machine may have an /etc/boto.cfg
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }


def run_aws(environ: Mapping[str, str], profile: str | None = None, *options: str) -> AwsRun:
    """Run ``aws sts get-caller-identity`` with no terminal; the option ``--debug`` names errors."""
    return AwsRun(*fork_server.run([*_arguments(profile), *options], environ))


def run_aws_with_mfa(environ: Mapping[str, str], profile: str, serial: str, code: str) -> AwsRun:
    """Run the same on a terminal, and type the code when it is asked for."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "awscli", *_arguments(profile)],
        env=dict(environ),
        cwd=environ["HOME"],
        timeout=TIMEOUT,
        encoding="utf-8",
    )
    child.delaybeforesend = None  # getpass has turned the echo off before it prompts
    child.expect_exact(f"Enter MFA code for {serial}: ")
    child.sendline(code)
    child.expect(pexpect.EOF)
    child.close()
    return AwsRun(child.exitstatus, child.before, child.before)


def _arguments(profile: str | None) -> list[str]:
    command = ["sts", "get-caller-identity"]
    return command if profile is None else [*command, "--profile", profile]
