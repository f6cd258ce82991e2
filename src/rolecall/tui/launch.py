"""Starts the app: reads the files while Textual is still being imported.

Most of the time before the first paint is spent importing. So this module imports nothing of Textual, and a
thread of its own takes the first Snapshot meanwhile.
"""

import gc
import os
import signal
import sys
from collections.abc import MutableMapping
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from rolecall.app_options import Ending, Options
from rolecall.host import Host
from rolecall.signals import ending_by_call, ending_by_exception
from rolecall.tui import memory
from rolecall.tui.early_terminal import EarlyTerminal

if TYPE_CHECKING:
    from textual.driver import Driver

    from rolecall.aws.snapshot import Snapshot

SOON = 0.6
"""Seconds for which the first frame waits for the first Snapshot, before Textual is imported beside it."""
_LOGGING = ("devtools", "debug")


def run(host: Host, options: Options = Options()) -> Ending:  # noqa: B008 - immutable
    """Run the app until the user quits; return how it ended.

    Raises:
        SystemExit: a signal ended it, SIGINT too (ctrl+c is a key here); the terminal is as it was.
    """
    # all objects made before the first paint stay; collecting garbage would only cost time
    gc.disable()
    first: Future[Snapshot] = Future()
    Thread(target=_take, args=(host, first), name="first Snapshot", daemon=True).start()
    _keep_no_log(os.environ)
    before = memory.Memory() if options.is_fresh else memory.recall(host)
    terminal = EarlyTerminal()
    try:
        with ending_by_exception():
            _show_first_frame(terminal, host, first, before, options)
            from rolecall.tui.app import RolecallApp  # noqa: PLC0415 - once there is something to look at

            driver = _driver(options, terminal)
            app = RolecallApp(host, first, _collect_again, options, driver, memory=before)
        # asyncio would take SIGINT for the end of a task, which is no failure
        with ending_by_call(app.leave_for_signal, signal.SIGINT):
            app.run()
            if app.ending_signal is not None:
                raise SystemExit(128 + app.ending_signal)
    finally:
        terminal.give_back()
    if not (app.return_code or options.read_only or options.is_fresh):
        memory.remember(host, before, app.remembered)
    return Ending(app.return_code or 0, app.left_lines, app.goes_to_demo)


def _show_first_frame(
    terminal: EarlyTerminal, host: Host, first: "Future[Snapshot]", before: memory.Memory, options: Options
) -> None:
    """Show the first frame, where it is certain and the Snapshot is soon there; else Textual draws it."""
    from rolecall.tui import first_frame  # noqa: PLC0415 - while the thread reads

    size = first_frame.room(os.environ, options)
    if size is None or before.problem is not None:
        return
    try:
        snapshot = first.result(timeout=SOON)
    except Exception:  # noqa: BLE001 - not there yet; or told where the Snapshot is waited for
        return
    frame = first_frame.frame(snapshot, host.now(), before.values, size)
    if frame is not None:
        terminal.show(frame)


def _keep_no_log(environ: MutableMapping[str, str]) -> None:
    """Have Textual log nothing, which would be every key: the codes and keys that are typed among them."""
    environ.pop("TEXTUAL_LOG", None)
    features = environ.get("TEXTUAL", "").split(",")
    environ["TEXTUAL"] = ",".join(feature for feature in features if feature.strip() not in _LOGGING)


def _driver(options: Options, terminal: EarlyTerminal) -> "type[Driver] | None":
    """Return a driver for stderr's terminal where stdout leads to a shell, or for one that shows something.

    None stands for Textual's own choice.
    """
    if sys.platform == "win32" or (options.emits is None and not terminal.is_shown):
        return None
    from textual.drivers.linux_driver import LinuxDriver  # noqa: PLC0415 - imported by now

    from rolecall.tui.app import StderrDriver  # noqa: PLC0415 - as above

    base = LinuxDriver if options.emits is None else StderrDriver
    return terminal.driver(base) if terminal.is_shown else base


def _collect_again() -> None:
    gc.freeze()
    gc.enable()


def _take(host: Host, first: "Future[Snapshot]") -> None:
    try:
        from rolecall.aws.snapshot import Snapshot  # noqa: PLC0415 - on this thread

        first.set_result(Snapshot.take(host))
    except Exception as error:  # noqa: BLE001 - told where the Snapshot is waited for
        first.set_exception(error)
