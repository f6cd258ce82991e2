"""Starts the app, where there is a terminal for it. Imports no click: the app must not wait for it."""

import sys
from collections.abc import Callable, Mapping
from typing import TextIO, TypeAlias

from rolecall.cli.failures import ExitCode, Failure
from rolecall.host import Host

App: TypeAlias = Callable[[Host], int]
"""Runs the full-screen app over a Host until it is left; returns the exit code."""

_INSTEAD = "`rolecall list` prints the same as text"


def launch(app: App, host: Host) -> int:
    """Run the app over a Host; return the exit code.

    Raises:
        Failure: there is no terminal that could show it.
    """
    require_screen(host.environ)
    return app(host)


def launch_demo(app: App, environ: Mapping[str, str]) -> int:
    """Run the app over the made-up home, which is removed at the end; return the exit code.

    ``environ`` is only looked at for the terminal: nothing of it gets into the made-up home.

    Raises:
        Failure: there is no terminal that could show it.
    """
    require_screen(environ)
    from rolecall.demo.home import demo_home  # noqa: PLC0415 - only the demo needs it

    with demo_home() as demo:
        return app(Host.of(demo.home, demo.environ, platform=sys.platform))


def require_screen(environ: Mapping[str, str]) -> None:
    """Make sure that the app can be shown: it reads keys from stdin and draws on the terminal."""
    streams: dict[str, TextIO | None] = {
        "stdin": sys.stdin,
        "stdout": sys.stdout,
        "stderr": sys.stderr,
    }
    for name, stream in streams.items():
        if stream is None or stream.closed or not stream.isatty():
            message = f"the app needs a terminal, and {name} is none; {_INSTEAD}"
            raise Failure("NoTerminal", message, ExitCode.USAGE)
    if environ.get("TERM") == "dumb":
        message = f"the app needs a terminal that can move the cursor, and TERM is dumb; {_INSTEAD}"
        raise Failure("NoTerminal", message, ExitCode.USAGE)
