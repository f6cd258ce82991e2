"""Completion on the tab key: the scripts for the shells, and the answers to what they ask.

click does the work, with two changes: names are escaped for bash, which puts them into the command line
as they are; and names with control characters are not offered.
"""

import json
import os
import re
from collections.abc import Iterable
from typing import ClassVar

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    get_completion_class,
)

from rolecall.aws import config_file, paths, profiles
from rolecall.aws.config_file import FileKind
from rolecall.host import Host
from rolecall.shells import WITH_COMPLETION
from rolecall.text import sanitize

VARIABLE = "_ROLECALL_COMPLETE"
"""What the scripts set to ask rolecall for completions."""

_PROGRAM = "rolecall"
_NEEDS_ESCAPE = re.compile(r"[^\w@%+=:,./-]")


class _Bash(BashComplete):
    def source(self) -> str:
        """Return the script, without starting bash to ask for its version."""
        return ShellComplete.source(self)

    def format_completion(self, item: CompletionItem[str]) -> str:
        escaped = _NEEDS_ESCAPE.sub(r"\\\g<0>", item.value)
        doubled = escaped.replace("\\", r"\\")  # the `read` in click's script takes one of two away
        return f"{item.type},{doubled}"


class _Fish(FishComplete):
    # click's script would cut a name at its first comma
    source_template: ClassVar[str] = FishComplete.source_template.replace(
        'string split ","', 'string split -m 1 ","'
    )


class _PowerShell(ShellComplete):
    # JSON both ways, in ASCII: PowerShell decodes what a program prints by a code page
    name = "powershell"
    source_template: ClassVar[str] = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { if ($null -ne $_.Value) { "$($_.Value)" } else { $_.Extent.Text } })
    $env:%(complete_var)s = 'powershell_complete'
    $env:COMP_WORDS = ConvertTo-Json -Compress -InputObject $words
    $env:COMP_CWORD = "$wordToComplete".Trim("'", '"')
    try {
        & %(prog_name)s | ForEach-Object {
            $found = $_ | ConvertFrom-Json
            $text = $found.value
            if ($text -notmatch '^[\\w@+=:./-]+$') { $text = "'" + $text.Replace("'", "''") + "'" }
            $kind = 'ParameterValue'
            [System.Management.Automation.CompletionResult]::new($text, $found.value, $kind, $found.help)
        }
    } finally {
        Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_CWORD -ErrorAction Ignore
    }
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        words, incomplete = json.loads(os.environ["COMP_WORDS"]), os.environ.get("COMP_CWORD", "")
        if not isinstance(words, list):
            raise ValueError("no list of words")  # noqa: TRY004 - as json has for what is none of its own
        before = [str(each) for each in words[1:]]
        return before[:-1] if incomplete and before and before[-1] == incomplete else before, incomplete

    def format_completion(self, item: CompletionItem[str]) -> str:
        return json.dumps({"value": item.value, "help": item.help or item.value})


def _of(shell: str) -> type[ShellComplete]:
    """Return what click has for a shell, bettered where that does not do."""
    ours: dict[str, type[ShellComplete]] = {"bash": _Bash, "fish": _Fish, "powershell": _PowerShell}
    found = ours.get(shell) or get_completion_class(shell)
    assert found is not None  # noqa: S101 - for the type checker: the table has the shells that click knows
    return found


def script(command: click.Command, shell: str) -> str:
    """Return the script that makes one of ``WITH_COMPLETION`` complete rolecall's arguments."""
    return _of(shell)(command, {}, _PROGRAM, VARIABLE).source()


def answer(command: click.Command, instruction: str, wiring: object) -> str | None:
    """Return the answer to the instruction in ``VARIABLE``; None if the instruction is unknown."""
    shell, _, what = instruction.partition("_")
    if shell not in WITH_COMPLETION:
        return None
    if what == "source":
        return script(command, shell)
    if what != "complete":
        return None
    try:
        return _of(shell)(command, {"obj": wiring}, _PROGRAM, VARIABLE).complete()
    except (KeyError, ValueError):
        return None  # the variables that the script sets beside it are not there


def profile_names(host: Host) -> list[str]:
    """Return the names of the profiles that can be typed."""
    return _typeable(_profiles(host).by_name)


def login_names(host: Host) -> list[str]:
    """Return the names of the profiles and of the sso-sessions that can be typed."""
    found = _profiles(host)
    return _typeable(dict.fromkeys((*found.by_name, *found.config.headers.sso_sessions)))


def session_names(host: Host) -> list[str]:
    """Return the names of the sso-sessions that can be typed."""
    return _typeable(_profiles(host).config.headers.sso_sessions)


def _profiles(host: Host) -> profiles.Profiles:
    where = paths.find(host)
    return profiles.merge(
        config_file.read_file(where.config, FileKind.CONFIG, host.encoding),
        config_file.read_file(where.credentials, FileKind.CREDENTIALS, host.encoding),
    )


def _typeable(names: Iterable[str]) -> list[str]:
    return [name for name in names if name and sanitize(name) == name]


def starting_with(incomplete: str, names: list[str]) -> list[CompletionItem[str]]:
    """Return the names that begin with what is typed."""
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
