"""``credential_process``: the program that AWS tools start, as far as that is certain without running it.

botocore splits the command (``compat_shell_split``) and starts the program (``subprocess.Popen``) without a
shell: whatever only a shell would read is passed on as it is.
"""

import errno
import os
import re
import shlex
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from itertools import pairwise
from pathlib import Path, PurePosixPath, PureWindowsPath

from rolecall.aws.config_file import Value
from rolecall.aws.providers import Cause, PredictedError
from rolecall.host import Host, read_head, read_limited
from rolecall.masking import commands
from rolecall.patterns import late
from rolecall.values import dataclass

KEY = "credential_process"
_QUOTING = frozenset("'\"\\")
_BLANK_FREE = late(r"[^ \t\r\n]+")
_HEAD = 256
"""Bytes at a program's beginning that Linux looks at."""
_EXCEPTIONS = {
    errno.ENOENT: "FileNotFoundError",
    errno.EACCES: "PermissionError",
    errno.ENOTDIR: "NotADirectoryError",
}
"""Python's exceptions by error number, where they are not plain OSErrors."""


def split(command: str, platform: str) -> list[str]:
    """Return the words of a command, as botocore splits it.

    Raises:
        ValueError: its quotes are not closed.
    """
    if platform == "win32":
        # botocore's own parser: few homes are Windows', and its module takes long to import
        from botocore.compat import compat_shell_split  # noqa: PLC0415

        return list(compat_shell_split(command, platform))
    if _QUOTING.isdisjoint(command):
        return _BLANK_FREE.findall(command)
    words, is_whole = commands.split(command)  # as shlex does, in a tenth of the time
    return [word.text for word in words] if is_whole else shlex.split(command)


def fault(host: Host, command: Value) -> PredictedError | None:
    """Return what AWS tools raise when they start a credential_process, or None where it may run."""
    if host.platform != "win32":
        raised = _refused(command)
        if raised is not None:
            return PredictedError(*raised, Cause.BAD_PROCESS, (KEY,))
    found = Program.of(host, command)
    return found.fault if found is not None else None


def _refused(command: Value) -> tuple[str, str] | None:
    """Return what a POSIX system raises over a text that is no command at all."""
    if not isinstance(command, str):
        return "AttributeError", "'dict' object has no attribute 'read'"
    try:
        words = split(command, "posix")
    except ValueError as error:
        return "ValueError", str(error)
    if not words:
        return "IndexError", "list index out of range"
    if "\0" in command:
        return "ValueError", "embedded null byte"
    return None if words[0] else ("PermissionError", "[Errno 13] Permission denied: ''")


@dataclass(frozen=True, slots=True)
class Program:
    """The program that a command starts.

    Attributes:
        name: its first word, as the system gets it.
        words: all words of the command.
        code: the error number that starting it gives; None where it may start.
        path: the file that was found for it, or None.
        interpreter: the interpreter in its first line that cannot be started, or None.
        platform: as ``sys.platform``.
    """

    name: str
    words: tuple[str, ...]
    code: int | None = None
    path: Path | None = None
    interpreter: str | None = None
    platform: str = "linux"

    @classmethod
    def of(cls, host: Host, command: Value) -> "Program | None":
        """Return the program of a command; None where it has none."""
        try:
            words = split(command, host.platform) if isinstance(command, str) else []
        except ValueError:
            return None
        if not words or not words[0] or "\0" in words[0]:
            return None
        found = cls(words[0], tuple(words), platform=host.platform)
        if host.platform == "win32":
            return found._in_windows(host)
        if is_path(found.name):
            is_literal = found.name.startswith("~") or "$" in found.name
            if not is_literal and not _is_this_machine(host):
                return found
            return found._tried((found.name,))
        if not _is_this_machine(host):
            return found
        directories = host.environ["PATH"].split(os.pathsep)
        return found._tried(os.path.join(each, found.name) for each in directories)  # noqa: PTH118 - see _tried

    def _tried(self, places: Iterable[str]) -> "Program":
        """Try to start it at each place, as ``subprocess`` does: it reports the first error that is odd.

        The places are text: a slash at the end counts, and thousands of profiles may have such a program.
        """
        tried: list[Program] = []
        for place in places:
            code, interpreter = _startable(place)
            if code is None:
                return replace(self, path=Path(place))
            is_there = code not in (errno.ENOENT, errno.ENOTDIR) or interpreter is not None
            tried.append(
                replace(self, code=code, path=Path(place) if is_there else None, interpreter=interpreter)
            )
        return next((each for each in tried if each.path is not None), tried[-1])

    def _in_windows(self, host: Host) -> "Program":
        """``CreateProcess`` adds ``.exe`` to a name without an ending, and nothing else."""
        if not _is_this_machine(host):
            return self
        name = self.name if "." in PureWindowsPath(self.name).name else f"{self.name}.exe"
        if is_path(self.name, "win32"):
            places = [Path(name), Path(self.name)]
        else:
            places = [Path(each) / name for each in host.environ["PATH"].split(";") if each]
        is_there = any(_is_file(place) for place in places)
        # a client's own directory is searched too, and it may have an aws.exe
        return self if is_there or self.runs == "aws" else replace(self, code=errno.ENOENT)

    @property
    def runs(self) -> str:
        """The program's name without its directory and ``.exe``."""
        return base_name(self.name)

    @property
    def fault(self) -> PredictedError | None:
        """What starting it raises, or None where it may start."""
        if self.code is None:
            return None
        about = (Cause.PROCESS_PROGRAM, (self.name,))
        if self.platform == "win32":
            message = "[WinError 2] The system cannot find the file specified"
            return PredictedError("FileNotFoundError", message, *about)
        message = f"[Errno {self.code}] {os.strerror(self.code)}: {self.name!r}"
        return PredictedError(_EXCEPTIONS.get(self.code, "OSError"), message, *about)


def is_path(name: str, platform: str = "linux") -> bool:
    """Whether a program is named by a path, and so is not looked for on the PATH."""
    return "/" in name or (platform == "win32" and "\\" in name)


def base_name(word: str) -> str:
    """Return a program's name without its directory and ``.exe``, in lower case."""
    return PurePosixPath(word.replace("\\", "/")).name.lower().removesuffix(".exe")


def _is_this_machine(host: Host) -> bool:
    """Whether the home is in use here: programs of a home that was copied may be elsewhere."""
    return "PATH" in host.environ and host.own_environ is None


def _is_file(place: Path) -> bool:
    try:
        return stat.S_ISREG(place.stat().st_mode)
    except (OSError, ValueError):
        return False


def _startable(place: str) -> tuple[int | None, str | None]:
    """Return the error number that ``execve`` gives, and the interpreter that causes it, if one does."""
    try:
        status = os.stat(place)  # noqa: PTH116 - as text, for a slash at its end counts
    except OSError as error:
        return error.errno, None
    except ValueError:
        return errno.ENOENT, None
    if not stat.S_ISREG(status.st_mode) or not os.access(place, os.X_OK):
        return errno.EACCES, None
    return _of_head(Path(place), status.st_size)


def _of_head(place: Path, size: int) -> tuple[int | None, str | None]:
    """Look at how a program begins: with an interpreter's path, with text, or with machine code."""
    if not os.access(place, os.R_OK):
        return None, None
    try:
        head = read_head(place, _HEAD)
    except OSError:
        return None, None
    if head.startswith(b"#!"):
        interpreter = head[2:].split(b"\n", 1)[0].strip(b" \t").split(b" ")[0].split(b"\t")[0]
        if not interpreter or len(head) == _HEAD:
            return (errno.ENOEXEC if not interpreter else None), None
        path = os.fsdecode(interpreter)
        if not os.path.exists(path):  # noqa: PTH110 - a name with a CR at its end is one
            return errno.ENOENT, path
        return (None if os.access(path, os.X_OK) else errno.EACCES), path
    is_text = bool(head) and not head.startswith(b"MZ") and b"\0" not in head
    return (errno.ENOEXEC if is_text or size == 0 else None), None


_WORD_OF_SHELL = frozenset(
    ("eval", "source", "export", "alias", "unset", "set", "exec", "if", "for", "while", "function", "declare")
)
_SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "busybox", "nu", "xonsh"))
_JOINS = frozenset(("cmd", "powershell", "pwsh", "ssh", "wsl", "su", "nix-shell", "nix", "mosh"))
"""Programs that give all their words to a shell."""
_RUNS = late(r"-[A-Za-z]*c")
"""The option of a shell that is followed by a command."""
_SIGNS = frozenset("$`|&;<>~%")
_OPERATOR = late(r"\|\|?|&&?|;|[12&]?>>?(?:&[12])?|[12]?>{1,2}\S+|<{1,3}")
_SUBSTITUTED = late(r"\$\(|`")
_VARIABLE = late(r"\$(?:([A-Z_][A-Z0-9_]+)|\{([A-Z_][A-Z0-9_]+)\})")
_LITERAL = late(r"'[^']*'|\\.", re.DOTALL)
"""What a shell takes as it is."""
_TILDE = late(r"(?:^|[=:,])~(?=/|$)")
_PERCENT = late(
    r"%(?:USERPROFILE|APPDATA|LOCALAPPDATA|HOMEPATH|PROGRAMFILES|USERNAME|WINDIR)%", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Unread:
    """What only a shell would read in a command, and none does.

    Attributes:
        paths: the ``~`` and variables that are not expanded, as they are written.
        operators: pipes, lists, redirections and substitutions.
    """

    paths: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()


def unread(command: str, platform: str) -> Unread:
    """Return what only a shell would read in the arguments of a command that starts no shell.

    Nothing in single quotes counts: that is meant to reach the program as it is.
    """
    if _SIGNS.isdisjoint(command):
        return Unread()
    if platform == "win32":
        return Unread(tuple(dict.fromkeys(each[0] for each in _PERCENT.finditer(command))))
    words, is_whole = commands.split(command)
    names = [base_name(word.text) for word in words]
    if not is_whole or not words or not _JOINS.isdisjoint(names):
        return Unread()
    operators: list[str] = []
    expanded: list[str] = []
    runs_shell = _runs_shell(words)
    for word in words[1:]:
        if word.is_bare and _OPERATOR.fullmatch(word.text):
            operators.append(word.text)
        elif not runs_shell:
            spread = _LITERAL.sub("", command[word.start : word.stop])
            operators += ["$(…)" if each[0] == "$(" else "`…`" for each in _SUBSTITUTED.finditer(spread)]
            expanded += ["~"] if word.is_bare and _TILDE.search(word.text) else []
            expanded += [each[0] for each in _VARIABLE.finditer(spread)]
            expanded += [each[0] for each in _PERCENT.finditer(word.text)]
    return Unread(tuple(dict.fromkeys(expanded)), tuple(dict.fromkeys(operators)))


def _runs_shell(words: Sequence[commands.Word]) -> bool:
    return any(
        base_name(word.text) in _SHELLS
        and any(_RUNS.fullmatch(option.text) for option in words[index + 1 : index + 4])
        for index, word in enumerate(words)
    )


def expanded(host: Host, command: str) -> str:
    """Return a command with ``~`` and variables in its words written out, where a shell would do that."""
    words, _ = commands.split(command)
    parts, at = [], 0
    for word in words:
        written = command[word.start : word.stop]
        whole = written
        if "'" not in written and "\\" not in written:
            if word.is_bare:
                whole = _TILDE.sub(lambda each: each[0][:-1] + str(host.home), whole)
            whole = _VARIABLE.sub(lambda each: host.environ.get(each[1] or each[2], each[0]), whole)
        is_word = not whole.split()[1:] or not word.is_bare
        parts += [command[at : word.start], whole if is_word else written]
        at = word.stop
    return "".join((*parts, command[at:]))


def is_word_of_shell(name: str) -> bool:
    """Whether a command begins with what only a shell knows: a keyword, or ``NAME=value``."""
    return name in _WORD_OF_SHELL or re.fullmatch(r"[A-Za-z_]\w*=.*", name, re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class Asks:
    """What a command that is itself an AWS tool asks for credentials.

    Attributes:
        tool: the name of the program.
        profile: the profile that it names; None for what the environment chooses.
        exports: whether it is the ``configure export-credentials`` of AWS CLI v2.
    """

    tool: str
    profile: str | None
    exports: bool = field(default=False, compare=False)

    @property
    def says_of_nothing(self) -> str:
        """What AWS CLI v2 prints where what it uses gives no credentials (``awscli.errorhandler``)."""
        if self.exports:
            said = "(Configuration): Unable to retrieve credentials: no credentials found"
        else:
            said = (
                "(NoCredentials): Unable to locate credentials. You can configure credentials by running "
                '"aws login".'
            )
        return f"\naws: [ERROR]: An error occurred {said}\n"

    @property
    def says_of_missing(self) -> str:
        """What AWS CLI v2 prints where there is no such profile (``awscli.errorhandler``), or rolecall."""
        if self.tool == "rolecall":
            return f"rolecall: there is no profile {self.profile!r}"
        caught = "Unable to retrieve credentials: " if self.exports else ""
        return f"\naws: [ERROR]: {caught}The config profile ({self.profile}) could not be found\n"


_NO_CREDENTIALS = frozenset(("help", "--version", "--no-sign-request"))
_OFFLINE = (("sso",), ("login",), ("logout",), ("configure", "get"), ("configure", "list-profiles"))
_VALUED = frozenset(
    (
        *("--region", "--output", "--query", "--endpoint-url", "--ca-bundle", "--color", "--profile"),
        *("--cli-read-timeout", "--cli-connect-timeout", "--cli-binary-format"),
    )
)
"""Options of the AWS CLI that are followed by a value."""


def asks(host: Host, command: Value) -> Asks | None:
    """Return which profile's credentials a command asks an AWS tool for, also by way of a shell or ``env``.

    None where it asks for none, or where it is no single command of such a tool.
    """
    if not isinstance(command, str) or not ("aws" in command or "rolecall" in command):
        return None
    try:
        return _of_words(host, split(command, host.platform))
    except ValueError:
        return None


def served(host: Host, settings: Mapping[str, Value]) -> str | None:
    """Return the profile whose cached credentials a process prints because it is rolecall's own, or None."""
    found = asks(host, settings.get(KEY, ""))
    return found.profile if found is not None and found.tool == "rolecall" else None


_DEEPEST = 6
"""Programs that start one another, until the AWS tool."""
_PASSING = frozenset(("exec", "command", "nohup", "time", "nice", "timeout", "stdbuf", "ionice"))
"""What starts the program that follows, as it is."""
_ELSEWHERE = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ACCESS_KEY_ID", "HOME")
"""Variables with which a command is given other files or keys."""
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_IN_SCRIPT = re.compile(
    r"\$(?:(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?::?-(?P<other>[^{}$`]*))?\})"
)
_REDIRECTION = re.compile(r"(?<!\S)[012]?>{1,2}\s?(?:&[012]|[\w./-]+)|(?<!\S)<\s?/dev/null")
_SAFE = re.compile(r"[\w@%+=:,./-]*")
"""A value that a shell takes as it is, and leaves in one piece."""


def _of_words(host: Host, words: Sequence[str]) -> Asks | None:
    rest, given, in_shell = list(words), dict[str, str](), False
    for _ in range(_DEEPEST):
        tool = base_name(rest[0]) if rest else ""
        if tool == "env" or (in_shell and rest and _ASSIGNMENT.fullmatch(rest[0])):
            rest = rest[1:] if tool == "env" else rest
            if not _assign(rest, given):
                return None
        elif tool in _PASSING:
            rest = rest[1:]
            while rest and (rest[0].startswith("-") or rest[0][:1].isdigit()):
                del rest[0]
        elif tool in _SHELLS or tool == "cmd":
            script = _script(host, tool, rest, given)
            rest, in_shell = ([] if script is None else split(script, "posix")), True
        else:
            break
    profile = given.get("AWS_PROFILE")
    tool = base_name(rest[0]) if rest else ""
    if tool in ("aws", "aws2"):
        return _of_aws(tool, rest[1:], profile)
    if tool == "rolecall" and rest[1:2] == ["process"] and not {"--home", "--install"} & set(rest):
        at = rest.index("--") + 1 if "--" in rest else None
        named = rest[at:] if at is not None else [word for word in rest[2:] if word[:1] != "-"]
        return Asks(tool, named[0]) if len(named) == 1 else None
    if tool == "rolecall" and rest[1:2] == ["export"] and "--home" not in rest:
        names = [word for before, word in pairwise(rest[1:]) if before != "--shell" and word[:1] != "-"]
        return Asks(tool, names[0]) if len(names) == 1 else None
    return None


def _assign(rest: list[str], given: dict[str, str]) -> bool:
    """Take variables and options of ``env`` off the beginning; False where other files or keys are given."""
    while rest and (rest[0].startswith("-") or "=" in rest[0]):
        name, equals, value = rest[0].partition("=")
        if not equals or name.startswith("-") or name in _ELSEWHERE or (name == "AWS_PROFILE" and not value):
            return False
        given[name] = value
        del rest[0]
    return True


def _script(host: Host, shell: str, words: Sequence[str], given: Mapping[str, str]) -> str | None:
    """Return the one command of a shell's script, as the shell reads it; None for any other script."""
    if shell == "cmd":
        index = next((i for i, word in enumerate(words) if word.lower() == "/c"), None)
        return None if index is None else " ".join(words[index + 1 :]).replace("\\", "/")
    index = next((i for i, word in enumerate(words[:_OPTIONS]) if _RUNS.fullmatch(word)), None)
    if index is None or len(words) <= index + 1:
        return None
    environ = {**host.environ, **given}

    def value(found: re.Match[str]) -> str:
        text = environ.get(found["name"] or found["braced"], "")
        return text or found["other"] or ""

    script = words[index + 1]
    if any(_SAFE.fullmatch(value(found)) is None for found in _IN_SCRIPT.finditer(script)):
        return None
    script = _REDIRECTION.sub(" ", _IN_SCRIPT.sub(value, script)).strip().rstrip(";")
    return script if _SIGNS.isdisjoint(script) else None


_OPTIONS = 4
"""Words of a shell's command among which the option is that is followed by the script."""


def _of_aws(tool: str, words: list[str], profile: str | None) -> Asks | None:
    if not words or not _NO_CREDENTIALS.isdisjoint(words):
        return None
    plain: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        name, equals, value = word.partition("=")
        if name == "--profile":
            profile = value if equals else next(iter(words[index + 1 : index + 2]), "")
            profile = "" if profile.startswith("-") else profile  # a shell has made nothing of a variable
        if not word.startswith("-"):
            plain.append(word)
        index += 2 if name in _VALUED and not equals else 1
    if not plain or any(tuple(plain[: len(each)]) == each for each in _OFFLINE):
        return None
    return Asks(tool, profile, exports=plain[:2] == ["configure", "export-credentials"])


_LONGEST_SCRIPT = 100_000
_RUNS_AWS = late(r"(?:^|[|;&(`{]|\$\(|\b(?:exec|then|do|else))[ \t]*(?P<aws>(?:\S*/)?aws[ \t]+\S.*)")
_CHOOSES = late(r"--profile|AWS_(?:DEFAULT_)?PROFILE|AWS_ACCESS_KEY_ID|AWS_CONFIG_FILE|--no-sign-request")


def line_that_asks(program: Program) -> int | None:
    """Return the line of a shell script that runs the AWS CLI for what the environment chooses, or None.

    Also None where the script chooses credentials or a profile anywhere, in whatever way.
    """
    path = program.path
    if path is None or Path(path).suffix.lower() not in ("", ".sh", ".bash", ".zsh"):
        return None
    try:
        text = read_limited(path, _LONGEST_SCRIPT).decode(errors="replace")
    except OSError:
        return None
    if not text.startswith("#!") or "sh" not in text.partition("\n")[0] or _CHOOSES.search(text):
        return None
    for number, line in enumerate(text.splitlines(), start=1):
        found = _RUNS_AWS.search(line) if "aws" in line and not line.lstrip().startswith("#") else None
        plain = found["aws"].split()[1:3] if found is not None else []
        if plain and not any(tuple(plain[: len(each)]) == each for each in _OFFLINE) and plain[0][0] != "-":
            return number
    return None
