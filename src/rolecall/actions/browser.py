"""Opens an address in the user's browser, which runs beside the terminal and never in it."""

import os
import re
import subprocess
import sys
import threading
from pathlib import PurePath
from urllib.parse import urlsplit

from rolecall.actions import timeouts
from rolecall.actions.worker_client import environment
from rolecall.host import Host

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
    """Open an address in a new tab; return whether there is a browser that took it.

    Python's ``webbrowser`` knows how, and reads the process's environment: so it runs in a process that has
    the Host's. Text browsers are passed over, and the process has no terminal that one could draw on.
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
    """Whether there is a screen to open a window on, or a browser of the user's own choice."""
    if host.platform in ("win32", "darwin") or "BROWSER" in environ:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
