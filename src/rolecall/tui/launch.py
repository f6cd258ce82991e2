"""Starts the app: reads the files while Textual is still being imported.

Most of what passes before the first paint is importing. So this module imports nothing of Textual, and the
first Snapshot is taken on a thread of its own meanwhile.
"""

import contextlib
import gc
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from rolecall.host import Host
from rolecall.options import Ending, Options

if TYPE_CHECKING:
    from rolecall.aws.snapshot import Snapshot


def run(host: Host, options: Options = Options()) -> Ending:  # noqa: B008 - immutable
    """Run the app until the user leaves it; return how that was."""
    # what is made until the first paint stays; looking for garbage in it would only cost time
    gc.disable()
    first: Future[Snapshot] = Future()
    Thread(target=_take, args=(host, first), name="first Snapshot", daemon=True).start()
    from rolecall.tui.app import RolecallApp  # noqa: PLC0415 - after the thread has begun

    app = RolecallApp(host, first, _collect_again, options)
    with contextlib.suppress(KeyboardInterrupt):
        app.run()
    return Ending(app.return_code or 0, app.left_lines)


def _collect_again() -> None:
    gc.freeze()
    gc.enable()


def _take(host: Host, first: "Future[Snapshot]") -> None:
    try:
        from rolecall.aws.snapshot import Snapshot  # noqa: PLC0415 - on this thread

        first.set_result(Snapshot.take(host))
    except Exception as error:  # noqa: BLE001 - told where the Snapshot is waited for
        first.set_exception(error)
