"""How a variable is set and unset in each shell and in other forms, and what else each shell can do.

The lines are meant for ``eval``, so a name that a shell could read as more than a name is refused, and a
value is quoted so that it stays a value, whatever is in it. A value that a shell cannot express is refused
too. Lines are printable text: a control character that is pasted into a terminal is a key press.

The shell function ``rc`` runs the app, and then runs what was chosen there in the calling shell.
``rolecall --emit SHELL`` draws the app on stderr and, when it ends, prints the lines for that shell on
stdout; none if nothing was chosen. The function evaluates only the output of the app; ``rc`` with a
subcommand is plain ``rolecall``, which keeps its own stdout. A trace (``set -x``) is turned off meanwhile:
the lines may contain secrets.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType

from rolecall.values import dataclass

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_FOR_SETX = 1024
"""Characters after which ``setx`` cuts a value off, with only a warning."""
_PLAIN_IN_DOTENV = re.compile(r"[\w./+=:@%,-]*", re.ASCII)


class UnspeakableError(ValueError):
    """A shell cannot express this value safely. The message contains no part of it."""


def is_variable_name(name: str) -> bool:
    """Whether every shell reads this as a variable's name and nothing else."""
    return _NAME.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class ShellForm:
    """A form of an export: for a shell, the registry, a file or a tool.

    Attributes:
        help: the form in a few words.
        set: makes the line that sets a variable; None where it is not a form for variables.
        programs: the programs that read such lines; none where it is not a shell.
        unset: the line that removes a variable from a shell's environment.
        unset_for_eval: the line that removes it from this session only, and succeeds if it is not set.
        rename: the line that gives its value to another variable; empty where the shell would parse the value
            again, and read its characters as commands.
        swap: the line that gives two variables each other's value.
        clean: the line that takes blanks and quotes out of a variable, its value not being on it.
        function: makes the definition of ``rc``; None where the shell has no functions that could do it.
        completes: whether there is a script for its tab key.
    """

    help: str
    set: Callable[[str, str], str] | None = None
    programs: tuple[str, ...] = ()
    unset: str = ""
    unset_for_eval: str = ""
    rename: str = ""
    clean: str = ""
    swap: str = ""
    function: Callable[[], str] | None = None
    completes: bool = False


def unset_line(name: str, shell: str) -> str:
    """Return the line that removes a variable from a shell's environment.

    Raises:
        ValueError: the shell is not one of ``SHELLS``, or the name is not ``is_variable_name``.
    """
    return _form(shell, SHELLS).unset.format(name=_checked(name, "unset"))


def unset_line_of_all(names: Iterable[str], shell: str) -> str:
    """Return the one line that removes several variables from a shell's environment.

    Raises:
        ValueError: as ``unset_line``.
    """
    # in cmd a blank before the & would be the variable's new value
    return ("&" if shell == "cmd" else "; ").join(unset_line(name, shell) for name in names)


def unset_line_for_eval(name: str, shell: str) -> str:
    """Return the line that removes a variable from this session only, and succeeds if it is not set.

    ``setx`` means the variables in the user's registry, which it can set but not remove.

    Raises:
        ValueError: as ``unset_line``.
    """
    return _form(shell, _UNSETTING).unset_for_eval.format(name=_checked(name, "unset"))


def rename_line(old: str, new: str, shell: str) -> str | None:
    """Return the line that renames a variable, without its value in it; None where a shell cannot do that.

    Raises:
        ValueError: as ``unset_line``.
    """
    unset = unset_line(old, shell)
    take_over = FORMS[shell].rename.format(old=old, new=_checked(new, "set"))
    return f"{take_over}; {unset}" if take_over else None


def cleaning_line(name: str, value: str, right: str | None, shell: str | None) -> str | None:
    """Return the line that takes blanks, line breaks and quotes out of a variable, and an option of echo.

    Neither value is on the line. None where the shell cannot do it, or where it would not give the right one.
    """
    template = FORMS[shell].clean if shell is not None else ""
    cleaned = _SURPLUS.sub("", _ECHOED.sub("", value, count=1))
    return template.format(name=_checked(name, "set")) if template and cleaned == right else None


def swapping_line(one: str, other: str, shell: str | None) -> str | None:
    """Return the line that gives two variables each other's value; None where a shell cannot do that."""
    template = FORMS[shell].swap if shell is not None else ""
    return template.format(one=_checked(one, "set"), other=_checked(other, "set")) if template else None


def set_line(name: str, value: str, shell: str) -> str:
    """Return the line that sets and exports a variable.

    Args:
        name: the variable's name.
        value: its value, exactly.
        shell: one of ``SHELLS``, or ``setx`` (the variables in the user's registry, from cmd) or
            ``dotenv`` (a file that python-dotenv, node, docker compose and a POSIX shell read alike).

    Raises:
        UnspeakableError: the shell cannot express the value.
        ValueError: the shell is unknown, or the name is not ``is_variable_name``.
    """
    set_variable = _form(shell, FOR_VARIABLES).set
    assert set_variable is not None  # noqa: S101 - for the type checker: that is what the forms are chosen by
    _checked(name, "set")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise UnspeakableError("it is not text: no variable can contain it")
    return set_variable(name, value)


def function(shell: str) -> str:
    """Return the definition of ``rc``, to be evaluated as a shell starts.

    Raises:
        ValueError: the shell is not one of ``WITH_FUNCTION``.
    """
    define = _form(shell, WITH_FUNCTION).function
    assert define is not None  # noqa: S101 - for the type checker: that is what the shells are chosen by
    return define()


def _form(name: str, known: tuple[str, ...]) -> ShellForm:
    if name not in known:
        raise ValueError(f"unknown shell; known are {', '.join(known)}")
    return FORMS[name]


def _checked(name: str, doing: str) -> str:
    if not is_variable_name(name):
        raise ValueError(f"not a name that a shell can {doing}")
    return name


def _posix(name: str, value: str) -> str:
    """Every POSIX shell."""
    if not value.isprintable():
        raise UnspeakableError("it has a control character, which not every POSIX shell can quote")
    return f"export {name}='" + value.replace("'", r"'\''") + "'"


def _bash(name: str, value: str) -> str:
    """POSIX shells that have ``$'…'``."""
    if value.isprintable():
        return _posix(name, value)
    return f"export {name}=$'" + "".join(map(_ansi_c, value)) + "'"


def _ansi_c(character: str) -> str:
    r"""A character within ``$'…'``: as octal bytes (always three digits) if it could have a special meaning.

    A quote is octal too, so that a shell without ``$'…'`` still reads one quoted string.
    """
    if character.isprintable() and character not in "'\\!":
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode())


def _fish(name: str, value: str) -> str:
    r"""Within single quotes only ``\`` and ``'`` are special; without ``-g`` it is local to a function."""
    quoted = "".join(map(_fish_character, value))
    return f"set -gx {name} '{quoted}'"


def _fish_character(character: str) -> str:
    if character in "'\\":
        return "\\" + character
    if character.isprintable():
        return character
    # an escape is outside the quotes
    return "'" + "".join(f"\\X{byte:02x}" for byte in character.encode()) + "'"


def _powershell(name: str, value: str) -> str:
    """Only printable ASCII, everything else as UTF-16 units.

    PowerShell reads four curly quotes as straight ones, and decodes a program's output by a code page.
    Before 7.5 an empty string removes the variable.
    """
    if not value:
        raise UnspeakableError("it is empty: PowerShell removes a variable that it is told to set to nothing")
    quoted = "".join(map(_powershell_character, value))
    return f"$env:{name} = '{quoted}'"


def _powershell_character(character: str) -> str:
    if character == "'":
        return "''"
    if character.isascii() and character.isprintable():
        return character
    data = character.encode("utf-16-be")
    units = (data[index : index + 2].hex().upper() for index in range(0, len(data), 2))
    return "'" + "".join(f" + [char]0x{unit}" for unit in units) + " + '"


def _cmd(name: str, value: str) -> str:
    return f'set "{name}={_within_cmd(value)}"'


def _within_cmd(value: str) -> str:
    """Return a value that cmd keeps unchanged between quotes, at the prompt and in a batch file.

    ``%`` and, if delayed expansion is on, ``!`` are expanded there; a ``"`` ends the quotes; a line end ends
    the command. Outside ASCII only letters and digits pass: a code page may turn other things into quotes.
    """
    if not value:
        raise UnspeakableError("it is empty: cmd removes a variable that it is told to set to nothing")
    for character in value:
        is_plain = character.isalnum() or (character.isascii() and character.isprintable())
        if not is_plain or character in '%!"':
            raise UnspeakableError('it has a character that cmd cannot quote: one of % ! ", or no plain one')
    return value


def _setx(name: str, value: str) -> str:
    """The C runtime of ``setx`` reads a backslash before a quote as an escape, and ``/`` as an option."""
    quoted = _within_cmd(value)
    if len(value) > _LONGEST_FOR_SETX:
        raise UnspeakableError(f"it is longer than {_LONGEST_FOR_SETX} characters: setx would cut it off")
    if value.startswith(("/", "-")):
        raise UnspeakableError("it begins like an option: setx would read it as one")
    tail = "\\" * (len(value) - len(value.rstrip("\\")))
    return f'setx {name} "{quoted}{tail}" >nul'


def _dotenv(name: str, value: str) -> str:
    """Without quotes where all readers agree, including ``docker run --env-file`` (which keeps quotes).

    In single quotes a backslash, a quote or a ``$`` is special for some readers.
    """
    if _PLAIN_IN_DOTENV.fullmatch(value):
        return f"{name}={value}"
    if not value.isprintable() or any(character in "'\\$`" for character in value):
        raise UnspeakableError(
            r"the readers of such files do not agree on it: it has one of ' \ $ ` or a control character"
        )
    return f"{name}='{value}'"


APP_FLAGS = ("--read-only", "--ascii", "--fresh")
APP_OPTIONS = ("--home", "--log")
"""What a command line that starts the app may have: flags, and options that take a value."""

_POSIX = """\
unalias rc 2>/dev/null || :
function rc {
    local rolecall_skips= rolecall_word rolecall_lines rolecall_traces= rolecall_status=0
    for rolecall_word in "$@"; do
        if [ -n "$rolecall_skips" ]; then
            rolecall_skips=
            continue
        fi
        case "$rolecall_word" in
            {FLAGS}) ;;
            {OPTIONS}) rolecall_skips=1 ;;
            *)
                command rolecall "$@"
                return
                ;;
        esac
    done
    case "$-" in
        *x*)
            rolecall_traces=1
            { set +x; } 2>/dev/null
            ;;
    esac
    rolecall_lines="$(command rolecall --emit {SHELL} "$@")" || rolecall_status=$?
    if [ "$rolecall_status" -eq 0 ]; then
        eval "$rolecall_lines" || rolecall_status=$?
    fi
    if [ -n "$rolecall_traces" ]; then
        set -x
    fi
    return "$rolecall_status"
}
"""

_FISH = """\
function rc --description 'rolecall; what is chosen there is carried out in this shell'
    set -l fish_trace
    set -l rest $argv
    while set -q rest[1]
        switch $rest[1]
            case {FLAGS}
                set -e rest[1]
            case {OPTIONS}
                set -e rest[1]
                set -q rest[1]; and set -e rest[1]
            case '*'
                command rolecall $argv
                return
        end
    end
    set -l lines (command rolecall --emit fish $argv)
    or return
    set -q lines[1]; or return 0
    string join \\n -- $lines | source
end
"""

_POWERSHELL = """\
function rc {
    $program = (Get-Command -Name rolecall -CommandType Application -TotalCount 1 -ErrorAction Stop).Path
    $skips = $false
    $opens = $true
    foreach ($word in $args) {
        if ($skips) { $skips = $false; continue }
        if (@({FLAGS}) -ccontains $word) { continue }
        if (@({OPTIONS}) -ccontains $word) { $skips = $true; continue }
        if ("$word" -cmatch '{PATTERN}') { continue }
        $opens = $false
        break
    }
    if (-not $opens) {
        & $program @args
        return
    }
    $lines = & $program --emit powershell @args | Out-String
    if ($LASTEXITCODE -eq 0 -and -not [string]::IsNullOrWhiteSpace($lines)) {
        Invoke-Expression $lines
    }
}
"""


def _posix_function(shell: str) -> str:
    flags = "|".join((*APP_FLAGS, *_with_values("{}=*")))
    return _filled(_POSIX, SHELL=shell, FLAGS=flags, OPTIONS="|".join(APP_OPTIONS))


def _fish_function() -> str:
    options = " ".join(f"'{option}'" for option in APP_OPTIONS)
    return _filled(_FISH, FLAGS=" ".join((*APP_FLAGS, *_with_values("'{}=*'"))), OPTIONS=options)


def _powershell_function() -> str:
    return _filled(
        _POWERSHELL,
        FLAGS=", ".join(f"'{flag}'" for flag in APP_FLAGS),
        OPTIONS=", ".join(f"'{option}'" for option in APP_OPTIONS),
        PATTERN="|".join(_with_values("^{}=")),
    )


def _with_values(form: str) -> list[str]:
    """Return the forms of options that have their value in the same word."""
    return [form.format(option) for option in APP_OPTIONS]


def _filled(text: str, **parts: str) -> str:
    """Fill in the named braces; other braces are the shell's."""
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


_SURPLUS = re.compile(r"[ \t\n\r\v\f\"']")
_ECHOED = re.compile(r"\A-n ")
"""What ``cleaning_line`` takes out: no key, secret or token has any of it."""
_SWAP_POSIX = 'export {one}="${other}" {other}="${one}"'
"""Both values are expanded before either variable is set."""
_UNSET = "unset {name}"
_CLEAN_POSIX = 'export {name}="$(printf %s "${{{name}#-n }}" | tr -d "[:space:]\\"\'")"'
_TAKE_OVER = 'export {new}="${old}"'
FORMS: Mapping[str, ShellForm] = MappingProxyType(
    {
        "bash": ShellForm(
            "export lines for bash",
            _bash,
            programs=("bash", "rbash"),
            unset=_UNSET,
            unset_for_eval=_UNSET,
            rename=_TAKE_OVER,
            clean=_CLEAN_POSIX,
            swap=_SWAP_POSIX,
            function=partial(_posix_function, "bash"),
            completes=True,
        ),
        "zsh": ShellForm(
            "export lines for zsh",
            _bash,
            programs=("zsh",),
            unset=_UNSET,
            unset_for_eval=_UNSET,
            rename=_TAKE_OVER,
            clean=_CLEAN_POSIX,
            swap=_SWAP_POSIX,
            function=partial(_posix_function, "zsh"),
            completes=True,
        ),
        "sh": ShellForm(
            "export lines for any POSIX shell",
            _posix,
            programs=(
                *("sh", "ash", "brush", "dash", "hush", "ksh"),
                *("lksh", "mksh", "oksh", "osh", "posh", "yash"),
            ),
            unset=_UNSET,
            unset_for_eval=_UNSET,
        ),
        "fish": ShellForm(
            "set lines for fish",
            _fish,
            programs=("fish",),
            unset="set --erase {name}",
            # a universal variable belongs to all sessions: that is not for one of them to erase. The `if`
            # leaves the status at 0, and to a shell that is not fish the line is a syntax error, so that it
            # runs nothing of it
            unset_for_eval="set -eg {name}; if set -qU {name}; "
            "echo '{name} is a universal variable, and stays: set -eU {name} erases it' >&2; end",
            rename='set -gx {new} "${old}"',
            function=_fish_function,
            completes=True,
        ),
        "powershell": ShellForm(
            "$Env: lines for PowerShell",
            _powershell,
            programs=("pwsh", "powershell"),
            unset="Remove-Item Env:{name}",
            unset_for_eval="Remove-Item Env:{name} -ErrorAction Ignore",
            rename="$env:{new} = $env:{old}",
            clean="$env:{name} = $env:{name} -creplace '^-n ', '' -replace '[\\s\"'']', ''",
            swap="$env:{one}, $env:{other} = $env:{other}, $env:{one}",
            function=_powershell_function,
            completes=True,
        ),
        "cmd": ShellForm(
            "set lines for cmd, this window",
            _cmd,
            programs=("cmd",),
            unset="set {name}=",
            unset_for_eval="set {name}=",
        ),
        "setx": ShellForm(
            "setx lines for Windows, every window from now on",
            _setx,
            unset_for_eval=r"reg delete HKCU\Environment /v {name} /f >nul 2>&1",
        ),
        "dotenv": ShellForm("a .env file", _dotenv),
        "json": ShellForm("what a credential_process prints"),
    }
)
"""The one table: export, ``init``, completion and the dialog are made from it."""


def _those(has: Callable[[ShellForm], object]) -> tuple[str, ...]:
    return tuple(name for name, form in FORMS.items() if has(form))


SHELLS = _those(lambda form: form.programs)
"""The supported shells; ``sh`` is any POSIX shell, such as dash, ksh and busybox."""
FOR_VARIABLES = _those(lambda form: form.set)
"""The forms in which variables can be written."""
WITH_FUNCTION = _those(lambda form: form.function)
"""The shells that can run the lines that the app prints at its end."""
WITH_COMPLETION = _those(lambda form: form.completes)
"""The shells in which the tab key completes."""
_UNSETTING = _those(lambda form: form.unset_for_eval)
