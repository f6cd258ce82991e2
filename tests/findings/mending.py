"""Carries a Fix out as the user would: by the very line that rolecall gives."""

import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from rolecall.findings.fixes import Doing, Fix
from rolecall.host import Host
from tests.cli.program import Program
from tests.findings.rows import Row


def mend(host: Host, fix: Fix, row: Row) -> Host:
    """Carry it out; return the world after it."""
    line = fix.run()
    if fix.doing is Doing.NOTHING or (fix.doing is Doing.EDIT and not fix.changes):
        return _by_the_user(host, fix, row)
    assert line is not None, f"{fix.doing} comes without a line"
    if fix.doing is Doing.EDITOR:
        assert fix.path is not None
        assert row.types is not None, "the row does not say what is typed"
        fix.path.write_text(row.types(fix.path.read_text()))
        return host
    if fix.doing is Doing.SHELL:
        return _in_a_shell(host, line)
    for words in _commands(line):
        outcome = Program(host.home, dict(host.environ), host.clock)(*words[1:])
        assert outcome.code == 0, f"{line}: {outcome.err}"
    return host


def _by_the_user(host: Host, fix: Fix, row: Row) -> Host:
    assert fix.words
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
    """Run it in a shell that has this environment; return the world with what is left of that."""
    path = {"PATH": "/usr/bin:/bin"}
    script = f"set -e\n{line}\nenv -0\n"
    done = subprocess.run(
        ["/bin/sh", "-c", script], env=path | dict(host.environ), capture_output=True, check=True, text=True
    )
    left = dict(each.split("=", 1) for each in done.stdout.split("\0") if "=" in each)
    environ: Mapping[str, str] = {name: left[name] for name in host.environ if name in left}
    return replace(host, environ=MappingProxyType(dict(environ)))
