"""What runs in a guarded child process: ``python -B -m tests.promises.guarded SCENARIO``.

The environment is the world that is looked at. The last line on stdout is a report, as JSON.
"""

import asyncio
import contextlib
import io
import json
import os
import runpy
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.promises.guard import ForbiddenError, Guard

COMMANDS = (
    "list",
    "show base",
    "show prod-deploy",
    "show tools",
    "env",
    "env --unset",
    "cache list",
    "completion bash",
    "init bash",
    "init fish",
    "cache clear --all --dry-run",
    "set base region eu-west-3 --dry-run",
    "unset base region --dry-run",
    "rename base elsewhere --dry-run",
    "remove base --dry-run",
    "duplicate base second --dry-run",
    "doctor prod-deploy",
    "doctor tools",
    "--help",
    "--version",
)
"""Every command that looks, or only says what it would do; those with a table have it as JSON too."""
FINDING = ("doctor", "doctor --quiet", "doctor legacy", "doctor tools", "doctor --error ExpiredToken")
"""As COMMANDS; these say by their exit code that something is wrong with the demo's home."""


def walk(guard: Guard) -> object:
    """Go through the whole app."""
    from rolecall.host import Host  # noqa: PLC0415 - imported under guard
    from rolecall.tui.app import RolecallApp  # noqa: PLC0415 - as above
    from tests.promises.tour import WIDE, Tour  # noqa: PLC0415 - as above

    async def go() -> list[str]:
        app = RolecallApp(Host.real())
        async with app.run_test(size=WIDE, notifications=True) as pilot:
            return [stop.where async for stop in Tour(pilot).everything()]

    del guard
    return asyncio.run(go())


def arrive(guard: Guard) -> object:
    """Open the app, and leave it."""
    from rolecall.host import Host  # noqa: PLC0415 - imported under guard
    from rolecall.tui.app import RolecallApp  # noqa: PLC0415 - as above
    from tests.promises.tour import WIDE, Tour  # noqa: PLC0415 - as above

    async def go() -> str:
        app = RolecallApp(Host.real())
        async with app.run_test(size=WIDE) as pilot:
            tour = Tour(pilot)
            await tour.arrive()
            return tour.look("first").text

    del guard
    return asyncio.run(go())


def open_all(guard: Guard) -> object:
    """Open what the acting commands show first, and what says what is wrong and why; go back from it."""
    from rolecall.host import Host  # noqa: PLC0415 - imported under guard
    from rolecall.tui.app import RolecallApp  # noqa: PLC0415 - as above
    from tests.promises.acting import ActingTour  # noqa: PLC0415 - as above
    from tests.promises.explaining import ExplainingTour  # noqa: PLC0415 - as above
    from tests.promises.tour import NARROW  # noqa: PLC0415 - as above

    async def go() -> list[str]:
        app = RolecallApp(Host.real())
        async with app.run_test(size=NARROW, notifications=True) as pilot:
            tour = ActingTour(pilot, ("prod-deploy",), sizes=(NARROW,))
            stops = [stop.where async for stop in tour.everything()]
            stops += [stop.where async for stop in tour.questions()]
            explaining = ExplainingTour(pilot, ("legacy", None), ["ExpiredToken"])
            for part in (explaining.answers, explaining.pasted, explaining.asides):
                stops += [stop.where async for stop in part()]
            return stops

    del guard
    return asyncio.run(go())


def press_all(guard: Guard) -> object:
    """Press every acting key in a read-only app; return what is said, and how many screens there are."""
    from rolecall.app_options import Options  # noqa: PLC0415 - as above
    from rolecall.host import Host  # noqa: PLC0415 - imported under guard
    from rolecall.tui.app import RolecallApp  # noqa: PLC0415 - as above
    from tests.promises.acting import ACTING, ActingTour  # noqa: PLC0415 - as above
    from tests.promises.tour import NARROW  # noqa: PLC0415 - as above

    async def go() -> list[tuple[str, str, int]]:
        app = RolecallApp(Host.real(), options=Options(read_only=True))
        async with app.run_test(size=NARROW, notifications=True) as pilot:
            tour = ActingTour(pilot)
            await tour.arrive()
            tour.choose("prod-deploy")
            pressed = []
            for command in ACTING:
                tour.said.clear()
                await pilot.press(command.key)
                await pilot.pause()
                pressed.append((command.id, " ".join(tour.said), len(app.screen_stack)))
            return pressed

    del guard
    return asyncio.run(go())


def commands(guard: Guard) -> object:
    """Run every command that looks, as a table and as JSON; say how each ended."""
    del guard
    codes: dict[str, object] = {}
    for command in (*COMMANDS, *FINDING):
        has_json = " -" not in f" {command}" and not command.startswith(("completion", "init"))
        for line in (command, f"{command} --json") if has_json else (command,):
            codes[line] = _run(line.split())
    return codes


def _run(arguments: list[str]) -> object:
    with contextlib.redirect_stdout(io.StringIO()):
        return _rolecall(arguments)


def _rolecall(arguments: list[str]) -> object:
    """Run the real program in this process; return its exit code."""
    sys.argv = ["rolecall", *arguments]
    try:
        runpy.run_module("rolecall", run_name="__main__")
    except SystemExit as ended:
        return ended.code
    raise AssertionError("it ends with its exit code")


def program(guard: Guard) -> object:
    """Run the real program, on the terminal that this process has."""
    del guard
    return _rolecall([])


def offend(guard: Guard) -> object:
    """Try each thing that is forbidden; return those that got through."""
    here = Path.cwd()
    offences: dict[str, Callable[[], object]] = {
        "connect": lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
        "resolve": lambda: socket.getaddrinfo("localhost", 80),
        "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "popen": lambda: subprocess.run(["true"], check=False),  # noqa: S607 - it does not get as far
        "system": lambda: os.system("true"),  # noqa: S605, S607 - as above
        "fork": os.fork,
        "exec": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),  # noqa: S606 - as above
        "posix_spawn": lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}),
        "write": lambda: (here / "new").write_text("x"),
        "append": lambda: (here / "old").open("a"),
        "create": lambda: os.open(here / "new", os.O_CREAT | os.O_RDONLY),
        "touch": (here / "new").touch,
        "remove": (here / "old").unlink,
        "rename": lambda: (here / "old").rename(here / "new"),
        "replace": lambda: (here / "old").replace(here / "new"),
        "mkdir": (here / "directory").mkdir,
        "chmod": lambda: (here / "old").chmod(0o600),
        "utime": lambda: os.utime(here / "old"),
        "symlink": lambda: (here / "new").symlink_to("old"),
        "copy": lambda: shutil.copyfile(here / "old", here / "new"),
        "temporary": tempfile.mkdtemp,
    }
    through = []
    for name, offence in offences.items():
        known = len(guard.tries)
        with contextlib.suppress(ForbiddenError):
            offence()
        if len(guard.tries) == known:
            through.append(name)
    return through


SCENARIOS: dict[str, Callable[[Guard], object]] = {
    "walk": walk,
    "arrive": arrive,
    "commands": commands,
    "program": program,
    "offend": offend,
    "open": open_all,
    "press": press_all,
}
TOURS = ("walk", "open", "press")
"""The scenarios that look at a screen where they stop; of the others every frame is drawn."""


def draw_when_somebody_looks() -> None:
    """Draw a screen only at the stops of a tour."""
    from textual._compositor import Compositor  # noqa: PLC0415 - imported under guard

    from tests.drawing import draw_on_demand  # noqa: PLC0415 - as above

    setattr(Compositor, "render_update", draw_on_demand)  # noqa: B010 - which has another type


def main() -> None:
    """Run a scenario under guard, and report."""
    # the program remembers how it was left; nothing else writes anything
    guard = Guard(os.environ["XDG_STATE_HOME"] if sys.argv[1] == "program" else None)
    guard.install()
    if sys.argv[1] in TOURS:
        draw_when_somebody_looks()
    outcome = SCENARIOS[sys.argv[1]](guard)
    report = json.dumps({"tries": guard.tries, "outcome": outcome})
    print(f"\n{report}", file=sys.__stdout__)


if __name__ == "__main__":
    main()
