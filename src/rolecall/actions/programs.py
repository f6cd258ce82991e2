"""Runs other programs: in the foreground, with a limit on their output, and the user's browser."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import IO
from urllib.parse import urlsplit

from rolecall.actions import timeouts
from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker_client import environment
from rolecall.host import Host


def run(host: Host, command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
    """Run a program, and wait for its end; it has the terminal meanwhile.

    Args:
        host: the Host in which it runs.
        command: the program and its arguments.
        environ: its environment, where that is not the Host's.

    Raises:
        ActionFailed: it cannot be started, or it ended with an error (which it has told itself).
    """
    inherited = environment(host) if environ is None else environ
    try:
        code = subprocess.run(command, env=inherited, check=False).returncode  # noqa: S603 - no shell; the user's own program
    except OSError as error:
        raise ActionFailed(
            "NotStarted",
            f"{command[0]} cannot be started: {error.strerror}",
            cure="see whether it is installed",
        ) from error
    if code != 0:
        raise ActionFailed("ProgramFailed", f"{command[0]} ended with exit code {code}")


LONGEST_OUTPUT = 1 << 20
"""Octets of one stream that are read."""
TOO_MUCH = "it prints more than 1 MiB"
_CHUNK = 1 << 16


class TooMuch(Exception):  # noqa: N818 - it says what happened
    """A program has printed more than is read of it, and was ended; what it has started may still run."""


class Program(subprocess.Popen[bytes]):
    """A program whose output ``communicate`` reads up to a limit."""

    _streams: "tuple[_Stream | None, ...] | None" = None

    def communicate(
        self,
        input: bytes | None = None,  # noqa: A002, ARG002 - as Popen has it
        timeout: float | None = None,
    ) -> tuple[bytes, bytes]:
        """Return what it has printed, once it has ended; it is given nothing to read.

        Raises:
            TooMuch: it printed more than is read.
            subprocess.TimeoutExpired: it did not end in time; it still runs, and this can be called again.
        """
        end = None if timeout is None else time.monotonic() + timeout
        if self._streams is None:
            changed = threading.Condition()
            self._streams = tuple(
                None if pipe is None else _Stream(pipe, changed) for pipe in (self.stdout, self.stderr)
            )
        read = [stream for stream in self._streams if stream is not None]
        if read:
            with read[0].changed:
                read[0].changed.wait_for(lambda: _is_settled(read), timeout)
        if any(stream.is_too_much for stream in read):
            self.kill()
            raise TooMuch
        if not all(stream.is_over for stream in read):
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        self.wait(None if end is None else max(end - time.monotonic(), 0))
        out, err = (b"" if stream is None else bytes(stream.data) for stream in self._streams)
        return out, err


def _is_settled(streams: "list[_Stream]") -> bool:
    return any(each.is_too_much for each in streams) or all(each.is_over for each in streams)


class _Stream:
    """One pipe, read to its end or its bound on a thread of its own."""

    def __init__(self, pipe: IO[bytes], changed: threading.Condition) -> None:
        self.data = bytearray()
        self.is_over = False
        self.is_too_much = False
        self.changed = changed
        threading.Thread(target=self._read, args=(pipe,), name="output", daemon=True).start()

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:  # a program that goes on writing is ended by SIGPIPE
            while len(self.data) <= LONGEST_OUTPUT and (chunk := os.read(pipe.fileno(), _CHUNK)):
                self.data += chunk
        with self.changed:
            self.is_too_much = len(self.data) > LONGEST_OUTPUT
            self.is_over = True
            self.changed.notify_all()


_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-_~:/?#\[\]=%+,&]+")
"""What is opened: nothing that a shell, a batch file or AppleScript would take for more than text.

``$BROWSER`` may be any command line of the user's, so the other characters that an address may hold
(quotes, ``;``, ``$``, parentheses, and ``@``, before which a false host may stand) are for opening by hand.
"""
_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open_new_tab(sys.argv[1]))"
_TEXT_BROWSERS = frozenset(
    (
        "w3m",
        "lynx",
        "links",
        "links2",
        "elinks",
        "www-browser",
        "browsh",
        "carbonyl",
        "chawan",
        "cha",
        "emacs",
    )
)


def open_browser(host: Host, address: str) -> bool:
    """Open an address in a new tab; return whether a browser did.

    Python's ``webbrowser`` knows how, but reads its process's environment: so it runs in a process with the
    Host's environment. Text browsers are skipped, and the process has no terminal for one.
    """
    environ = _environment(host)
    if not _is_harmless(address, environ) or not _has_screen(host, environ):
        return False
    try:
        opener = subprocess.Popen(  # noqa: S603 - no shell; the address is one argument
            (sys.executable, "-I", "-c", _OPEN, address),
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return opener.wait(timeouts.BROWSER) == 0
    except subprocess.TimeoutExpired:
        threading.Thread(target=opener.wait, name="browser", daemon=True).start()
        return True


def has_browser(host: Host) -> bool:
    """Whether ``open_browser`` may find one."""
    return _has_screen(host, _environment(host))


def _is_harmless(address: str, environ: dict[str, str]) -> bool:
    """Whether an address, which a server gave, is one of the web and can be nothing else on the way."""
    if not _ADDRESS.fullmatch(address) or ("&" in address and "BROWSER" in environ):
        return False
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


def _environment(host: Host) -> dict[str, str]:
    """Return the opener's environment. Without TERM, ``webbrowser`` looks for no text browser."""
    environ = environment(host)
    environ.pop("TERM", None)
    chosen = [each for each in environ.pop("BROWSER", "").split(os.pathsep) if each and not _is_text(each)]
    if chosen and host.platform != "win32":  # a batch file reads its arguments a second time
        environ["BROWSER"] = os.pathsep.join(chosen)
    return environ


def _is_text(command: str) -> bool:
    words = command.split()
    return not words or PurePath(words[0]).name in _TEXT_BROWSERS


def _has_screen(host: Host, environ: dict[str, str]) -> bool:
    """Whether there is a display for a window, or a browser that the user has chosen."""
    if host.platform in ("win32", "darwin") or "BROWSER" in environ:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
