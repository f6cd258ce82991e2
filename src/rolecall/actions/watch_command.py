r"""Runs a command in the foreground, passes its stderr on, and keeps the end of it.

Nothing else of the command goes through this process: stdin and stdout are its own, and so is the terminal,
with which it is in one group of processes. Ctrl+c, ctrl+\ and ctrl+z reach it from the terminal as they do
without rolecall; other signals are passed on. Where stderr is a terminal, it gets one of its own, of the same
size: programs look there for whether they may use colours, or how wide a line is.
"""

import contextlib
import errno
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from itertools import dropwhile, takewhile
from pathlib import Path, PurePath
from types import FrameType
from typing import Any, Self

from rolecall.actions.run_command import Program, by_shell, refused
from rolecall.host import Host
from rolecall.values import dataclass

KEPT = 64 * 1024
"""Bytes that are kept of the end of stderr."""
_CHUNK = 1 << 16
_STOPPED_WITHIN = 0.05
"""Seconds within which ctrl+z reaches both the command and this process."""
_STDOUT, _STDERR = 1, 2
_FROM_TERMINAL = ("SIGINT", "SIGQUIT")
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")
_NOTED = ("SIGCHLD", "SIGCONT", "SIGWINCH")
_SHELLS = frozenset(
    ("bash", "csh", "dash", "elvish", "fish", "ksh", "nu", "pwsh", "sh", "tcsh", "xonsh", "zsh")
)
_INTERACTIVE = frozenset(
    (
        # they draw on the whole terminal, or take keys from stderr (``more``)
        *("atop", "btop", "htop", "top", "watch"),
        *("emacs", "emacsclient", "helix", "hx", "micro", "nano", "nvim", "pico", "vi", "view", "vim"),
        *("fzf", "k9s", "lazydocker", "lazygit", "mc", "nnn", "ranger", "tig"),
        *("less", "man", "more", "most"),
        *("mosh", "screen", "ssh", "telnet", "tmux", "zellij"),
        # they start a shell: bash has no jobs where its stderr is not the terminal that controls it
        *("distrobox", "doas", "expect", "nix", "nix-shell", "script", "su", "sudo", "toolbox"),
        *("devbox", "hatch", "pipenv", "pixi", "poetry"),
        *("aws-sso", "aws-vault", "granted", "saml2aws"),
    )
)
"""Programs that talk to a person on the terminal: nothing comes between."""
_MORE = re.compile(r"(?<![\w-])more(?![\w-])")
_PAGERS = ("PAGER", "AWS_PAGER", "GIT_PAGER", "MANPAGER", "SYSTEMD_PAGER")
_WRAPPERS = frozenset(("caffeinate", "command", "env", "exec", "ionice", "nice", "nohup", "stdbuf", "time"))
"""Programs that run the one that their first word without ``-`` or ``=`` names."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command has ended.

    Attributes:
        code: its exit code; of one that a signal has ended, 128 and the signal's number.
        signal: the signal that has ended it, or None.
        said: the last of what it wrote to stderr.
    """

    code: int
    signal: int | None
    said: bytes = field(repr=False)


def is_interactive(program: Program, environ: Mapping[str, str]) -> bool:
    """Whether a program talks to a person on the terminal: a shell, an editor, a pager.

    ``more`` takes keys from stderr, which must be the real terminal wherever it may be started.
    """
    words = list(program.words)
    if any(_MORE.search(text) for text in (*words, *(environ.get(name, "") for name in _PAGERS))):
        return True
    while len(words) > 1 and PurePath(words[0]).name in _WRAPPERS:
        rest = list(dropwhile(lambda word: word.startswith("-") or "=" in word, words[1:]))
        if not rest:
            break
        words = rest
    name = PurePath(words[0]).name
    if name in _INTERACTIVE:
        return True
    if name not in _SHELLS:
        return False
    options = list(takewhile(lambda word: word.startswith("-"), words[1:]))
    has_script = len(options) < len(words) - 1
    return not has_script or any("i" in word for word in options if not word.startswith("--"))


def can_watch(host: Host) -> bool:
    """Whether this system can do it, and anybody could read what is said in the end."""
    if host.platform == "win32" or sys.platform == "win32":
        return False
    try:
        return not _is_same(os.fstat(_STDERR), Path(os.devnull).stat())
    except OSError:
        return False


def _is_same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino, one.st_rdev) == (other.st_dev, other.st_ino, other.st_rdev)


def watch(program: Program, environ: Mapping[str, str]) -> Ended:
    """Run a program in the foreground until it ends.

    Raises:
        NotRun: the system refuses to execute it.
    """
    with _Channel() as channel, _listening() as listener:
        process = _start(program, environ, channel)
        channel.close_writer()
        listener.pid = process.pid
        status = _until_end(process.pid, channel, listener)
        process.returncode = os.waitstatus_to_exitcode(status)
        channel.pass_rest_on()
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return Ended(128 + number, number, channel.said)
    return Ended(os.WEXITSTATUS(status), None, channel.said)


def _start(program: Program, environ: Mapping[str, str], channel: "_Channel") -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 - no shell; the user's own command
            program.words,
            executable=program.path,
            env=dict(environ),
            stdout=channel.writer if channel.has_stdout else None,
            stderr=channel.writer,
            close_fds=False,  # what the shell has opened for it (<(…)) is the command's
        )
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOEXEC:
            return _start(by_shell(program), environ, channel)
        raise refused(program, error) from error


def end_like(ended: Ended) -> int:
    """End this process by the signal that has ended the command, as a shell's loop wants to know it.

    Returns:
        The exit code, where no signal has.
    """
    if ended.signal is not None:
        with contextlib.suppress(OSError, ValueError):  # SIGKILL has no handler
            signal.signal(ended.signal, signal.SIG_DFL)
        with contextlib.suppress(ImportError, OSError, ValueError):
            import resource  # noqa: PLC0415 - POSIX only

            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the command's is enough
        os.kill(os.getpid(), ended.signal)
    return ended.code


def _until_end(pid: int, channel: "_Channel", listener: "_Listener") -> int:
    """Pass stderr on until the command has ended; return its status, as the system has it."""
    while True:
        found, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
        if found and os.WIFSTOPPED(status):
            _stop_with(pid, listener)
            channel.copy_size()
            continue
        if found:
            listener.pid = None
            return status
        ready, _, _ = select.select([listener.reader, *channel.readers], [], [])
        if listener.reader in ready and signal.SIGWINCH in listener.heard():
            channel.copy_size()
        if channel.reader in ready:
            channel.pass_on()


def _stop_with(pid: int, listener: "_Listener") -> None:
    """Stop as the command has: the shell waits for this process to stop, and does not see the command.

    Ctrl+z stops both at once, and both are continued together: then there is nothing to do.
    """
    time.sleep(_STOPPED_WITHIN)
    if signal.SIGCONT not in listener.heard():
        os.kill(os.getpid(), signal.SIGSTOP)
    os.kill(pid, signal.SIGCONT)


class _Channel:
    """Where a command writes its errors, and what this process does with them.

    Attributes:
        reader: what is read from.
        writer: the command's stderr.
        is_terminal: whether it is a terminal.
        has_stdout: whether it is the command's stdout as well: one file or pipe holds both, in their order.
        said: the last bytes.
    """

    def __init__(self) -> None:
        self.is_terminal = os.isatty(_STDERR)
        self.has_stdout = not self.is_terminal and _shares_output()
        self.said = b""
        self._is_open = True
        if self.is_terminal:
            self.reader, self.writer = _terminal()
            self.copy_size()
        else:
            self.reader, self.writer = os.pipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close_writer()
        self._close()

    @property
    def readers(self) -> list[int]:
        """The reader, as long as there is something to read."""
        return [self.reader] if self._is_open else []

    def close_writer(self) -> None:
        """Leave the writing to the command alone."""
        if self.writer >= 0:
            os.close(self.writer)
            self.writer = -1

    def _close(self) -> None:
        if self._is_open:
            os.close(self.reader)
            self._is_open = False

    def pass_on(self) -> None:
        """Pass on what has come; the end of it closes the reader."""
        try:
            data = os.read(self.reader, _CHUNK)
        except OSError:  # a terminal that nobody has open any more (Linux)
            data = b""
        self.said = (self.said + data)[-KEPT:]
        if not data or not _write(data):
            self._close()  # the command is told at its next word, as it would be without rolecall

    def pass_rest_on(self) -> None:
        """Pass on what the command has left, without waiting for what it has started."""
        while self._is_open and select.select([self.reader], [], [], 0)[0]:
            self.pass_on()

    def copy_size(self) -> None:
        """Give the command's terminal the size of this one."""
        if not self.is_terminal or not self._is_open:
            return
        import fcntl  # noqa: PLC0415 - POSIX only
        import termios  # noqa: PLC0415

        with contextlib.suppress(OSError):
            size = fcntl.ioctl(_STDERR, termios.TIOCGWINSZ, bytes(8))
            fcntl.ioctl(self.reader, termios.TIOCSWINSZ, size)


def _terminal() -> tuple[int, int]:
    """Open a terminal that changes no byte, and return both its ends."""
    import termios  # noqa: PLC0415 - POSIX only
    import tty  # noqa: PLC0415

    reader, writer = os.openpty()
    tty.setraw(writer, termios.TCSANOW)
    return reader, writer


def _shares_output() -> bool:
    """Whether stdout and stderr are one file or pipe (``2>&1``)."""
    try:
        return _is_same(os.fstat(_STDOUT), os.fstat(_STDERR))
    except OSError:
        return False


def _write(data: bytes) -> bool:
    """Write to this process's stderr; return whether it could be."""
    while data:
        try:
            data = data[os.write(_STDERR, data) :]
        except BlockingIOError:
            select.select([], [_STDERR], [])
        except OSError:
            return False
    return True


class _Listener:
    """Hears signals while a command runs.

    Attributes:
        reader: what can be read from once a signal has come.
        pid: the command's process, to which signals are passed on; None where there is none.
    """

    def __init__(self, reader: int) -> None:
        self.reader = reader
        self.pid: int | None = None

    def pass_on(self, number: int, _frame: FrameType | None) -> None:
        """Pass a signal on to the command."""
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, number)

    def heard(self) -> bytes:
        """Return the numbers of the signals that have come."""
        with contextlib.suppress(BlockingIOError):
            return os.read(self.reader, _CHUNK)
        return b""


def _note(_number: int, _frame: FrameType | None) -> None:
    """Wake the wait, by Python's own pipe."""


@contextlib.contextmanager
def _listening() -> Iterator[_Listener]:
    """Hear signals instead of ending by them: the command decides, and this process ends after it."""
    reader, writer = os.pipe()
    listener = _Listener(reader)
    is_from_terminal = _is_in_foreground()
    wanted: dict[int, Callable[[int, FrameType | None], Any]] = {}
    for name in _FROM_TERMINAL:
        wanted[getattr(signal, name)] = _note if is_from_terminal else listener.pass_on
    wanted |= {getattr(signal, name): listener.pass_on for name in _PASSED_ON}
    wanted |= {getattr(signal, name): _note for name in _NOTED}
    before = {number: signal.getsignal(number) for number in wanted}
    for descriptor in (reader, writer):
        os.set_blocking(descriptor, False)
    woken = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        for number, handler in wanted.items():
            if before[number] is not signal.SIG_IGN or number == signal.SIGCHLD:
                # a handler, which the command does not inherit as it would SIG_IGN
                signal.signal(number, handler)
        yield listener
    finally:
        for number, previous in before.items():
            if previous is not None:
                signal.signal(number, previous)
        signal.set_wakeup_fd(woken)
        os.close(reader)
        os.close(writer)


def _is_in_foreground() -> bool:
    """Whether keys of a terminal send their signals to this process, and so to the command as well."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
