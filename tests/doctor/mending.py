"""Carries a Fix out as the user would: by the very line that rolecall gives."""

import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from rolecall.doctor.fixes import Fix, FixAction
from rolecall.host import Host
from tests.cli.program import Program
from tests.doctor.rows import Row
from tests.interop.sso_stub import SsoStub
from tests.interop.sts import gives
from tests.interop.stub import Stub

_YEARS = timedelta(days=3650)
"""How long the stubs' credentials last: they go by the real clock, and the homes by one that is ahead."""


def mend(host: Host, fix: Fix, row: Row) -> Host:
    """Carry it out; return the world after it."""
    line = fix.run()
    if (
        row.does is not None
        or fix.doing is FixAction.NOTHING
        or (fix.doing is FixAction.EDIT and not fix.changes)
    ):
        return _by_the_user(host, fix, row)
    assert line is not None, f"{fix.doing} comes without a line"
    if fix.doing is FixAction.EDITOR:
        assert fix.path is not None
        assert row.types is not None, "the row does not say what is typed"
        fix.path.write_text(row.types(fix.path.read_text()))
        return host
    if fix.doing is FixAction.SHELL:
        return _in_a_shell(host, line)
    with _service(fix.doing) as variables:
        for words in _commands(line):
            program = Program(host.home, dict(host.environ) | variables, host.clock)
            outcome = program(*words[1:])
            assert outcome.code == 0, f"{line}: {outcome.err}"
    return host


@contextmanager
def _service(doing: FixAction) -> Iterator[dict[str, str]]:
    """Run the service on loopback that a fix needs; yield the variables that lead there."""
    common = {"NO_PROXY": "127.0.0.1", "AWS_MAX_ATTEMPTS": "1"}
    if doing is FixAction.LOGIN:
        with SsoStub() as sso:
            sso.answers.interval = 0
            sso.answers.token_lasts = int(_YEARS.total_seconds())
            sso.answers.registered_for = _YEARS
            yield common | {"AWS_ENDPOINT_URL": sso.url}
    elif doing is FixAction.ASSUME:
        with Stub() as sts:
            sts.rules["AssumeRole"] = sts.rules["AssumeRoleWithWebIdentity"] = gives(_YEARS)
            yield common | {"AWS_ENDPOINT_URL": sts.url, "AWS_DEFAULT_REGION": "eu-west-1"}
    else:
        yield {}


def _by_the_user(host: Host, fix: Fix, row: Row) -> Host:
    assert fix.words
    if row.exports:
        exports = {name: value.replace("{HOME}", str(host.home)) for name, value in row.exports.items()}
        return replace(host, environ=MappingProxyType(dict(host.environ) | exports))
    if row.types is not None:
        file = host.home / ".aws" / (fix.role.value if fix.role is not None else "config")
        file.write_text(row.types(file.read_text()))
    else:
        assert row.does is not None, "the row does not say what the user does"
        row.does(host.home)
    return host


def _commands(line: str) -> list[list[str]]:
    commands: list[list[str]] = [[]]
    for word in shlex.split(line):
        if word == "&&":
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def _in_a_shell(host: Host, line: str) -> Host:
    """Run it in a shell that has this environment; return the world with what is left of that.

    What the line sets anew is kept only if it is one of AWS's: the shell has variables of its own.
    """
    path = {"PATH": "/usr/bin:/bin"}
    script = f"set -e\n{line}\nenv -0\n"
    done = subprocess.run(
        ["/bin/sh", "-c", script], env=dict(host.environ) | path, capture_output=True, check=True, text=True
    )
    left = dict(each.split("=", 1) for each in done.stdout.split("\0") if "=" in each)
    left |= {name: host.environ[name] for name in path if name in host.environ}
    environ: Mapping[str, str] = {
        name: value for name, value in left.items() if name in host.environ or name.startswith("AWS_")
    }
    return replace(host, environ=MappingProxyType(dict(environ)))
