"""Starts the app, if there is a terminal for it. Does not import click: the app must not wait for it."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TextIO, TypeAlias

from rolecall.app_options import Characters, Ending, Options
from rolecall.cli import output
from rolecall.cli.output import ExitCode, Failure
from rolecall.host import Host
from rolecall.values import dataclass

App: TypeAlias = Callable[[Host, Options], Ending]
"""Runs the full-screen app over a Host until it is left."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the commands are given, so that they import neither: the Host, and the app.

    Attributes:
        host: makes the Host, with another home where ``--home`` names one.
        app: runs the full-screen app.
    """

    host: Callable[[Path | None], Host]
    app: App


READ_ONLY = "ROLECALL_READ_ONLY"
"""The variable that makes rolecall read-only, unless its value means no."""

_INSTEAD = "`rolecall list` prints the same as text"
_NO = ("", "0", "false", "no", "off")
_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
_UTF_8 = re.compile(r"utf-?8", re.IGNORECASE)


def launch(app: App, host: Host, options: Options) -> int:
    """Run the app over a Host, print what it leaves behind, and return the exit code.

    Raises:
        Failure: there is no terminal that could show it.
    """
    require_screen(host.environ, options)
    ending = _show(app, host, options)
    return launch_demo(app, host.environ, options) if ending.goes_to_demo else ending.code


def _show(app: App, host: Host, options: Options) -> Ending:
    ending = app(host, options)
    output.write_lines(list(ending.lines))
    return ending


def tell_of(host: Host) -> None:
    """Say on stderr which home is read, if that is not obvious."""
    if host.set_aside:
        names = " and ".join((", ".join(host.set_aside[:-1]), host.set_aside[-1])).removeprefix(" and ")
        verb = "is" if len(host.set_aside) == 1 else "are"
        output.complain(f"{names} {verb} ignored: --home reads the files in {host.home}")
    if host.homeless is not None:
        output.complain(
            f"the home directory is unknown ({host.homeless}): only files that variables name are read"
        )


def is_read_only(environ: Mapping[str, str]) -> bool:
    """Whether the environment makes rolecall read-only: any value does, except one that means no."""
    return environ.get(READ_ONLY, "").strip().lower() not in _NO


def options_of(environ: Mapping[str, str]) -> Options:
    """Return the options that the environment gives."""
    return Options(read_only=is_read_only(environ), characters=characters_of(environ))


def characters_of(environ: Mapping[str, str]) -> Characters:
    """Return which characters the terminal can show, as the locale and TERM say.

    Python itself sets LC_CTYPE to a UTF-8 locale where the locale is C (PEP 538), which says nothing of the
    terminal; and where no variable says anything, terminals of today have UTF-8.
    """
    named = [environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if named[1] in _COERCED:
        del named[1]
    locale = next(filter(None, named), "")
    if locale and not _UTF_8.search(locale):
        return Characters.ASCII
    return Characters.LETTERS if environ.get("TERM") == "linux" else Characters.ALL


def launch_demo(app: App, environ: Mapping[str, str], options: Options) -> int:
    """Run the app over the made-up home, which is removed at the end; return the exit code.

    ``environ`` is the user's own: it says what the terminal can do and which editor they want. Nothing of it
    gets into the made-up home.

    Raises:
        Failure: there is no terminal that could show it.
    """
    require_screen(environ, options)
    from rolecall.demo.home import demo_home  # noqa: PLC0415 - only the demo needs it

    with demo_home() as demo:
        made_up = Host.of(demo.home, demo.environ, platform=sys.platform)
        host = replace(made_up, is_demo=True, own_environ=environ)
        return _show(app, host, options).code


def require_screen(environ: Mapping[str, str], options: Options) -> None:
    """Make sure that the app can be shown: it reads keys from stdin and draws on the terminal.

    Where a shell evaluates what the app leaves behind, stdout leads to that shell, and the screen is on
    stderr (where Textual draws; but on Windows that is stdout).
    """
    streams: dict[str, TextIO | None] = {"stdin": sys.stdin, "stdout": sys.stdout, "stderr": sys.stderr}
    if options.emits is not None and sys.platform != "win32":
        del streams["stdout"]
    for name, stream in streams.items():
        if stream is None or stream.closed or not stream.isatty():
            message = f"the app needs a terminal, and {name} is not one; {_INSTEAD}"
            raise Failure("NoTerminal", message, ExitCode.USAGE)
    if environ.get("TERM") == "dumb":
        message = f"the app needs a terminal that can move the cursor, and TERM is dumb; {_INSTEAD}"
        raise Failure("NoTerminal", message, ExitCode.USAGE)
