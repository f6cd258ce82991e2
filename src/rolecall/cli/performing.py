"""Runs an action from the command line: it works on a thread of its own, its questions are asked on this one.

So ctrl+c, or another signal that ends the program, always arrives here: a prompt leaves the terminal as it
was, the action is told to end and is waited for, and nothing is half done.
"""

import contextlib
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from rolecall.actions.dialogue import Cancel, Dialogue
from rolecall.actions.relay import Calls, Relay
from rolecall.signals import ending_by_exception

Result = TypeVar("Result")

_PULSE = 0.2
"""Seconds between looks for ctrl+c: on Windows it does not wake who waits for a queue."""
_GRACE = 10.0
"""Seconds that an action gets to end once ctrl+c was pressed; pressing it again ends the wait."""


def perform(job: Callable[[Dialogue, Cancel], Result], person: Dialogue) -> Result:
    """Run an action to its end, and return what comes of it.

    Args:
        job: the action.
        person: answers its questions, on the thread that called this.

    Raises:
        ActionFailed: it was not done.
        Cancelled: the answer to one of its questions ended it.
        KeyboardInterrupt: ctrl+c ended it.
        SystemExit: another signal did.
    """
    cancel = Cancel()
    questions: Calls = SimpleQueue()
    result: Future[Result] = Future()
    result.add_done_callback(lambda _: questions.put(_nothing))
    relay = Relay(person, cancel, questions)
    thread = Thread(target=_work, args=(lambda: job(relay, cancel), result), name="action", daemon=True)
    try:
        with ending_by_exception():
            thread.start()
            while not result.done():
                with contextlib.suppress(Empty):
                    questions.get(timeout=_PULSE)()
            return result.result()
    except (KeyboardInterrupt, SystemExit):
        cancel.set()
        wait([result], _GRACE)
        raise


def _work(job: Callable[[], Result], result: "Future[Result]") -> None:
    try:
        result.set_result(job())
    except BaseException as error:  # noqa: BLE001 - raised again on the thread that waits for it
        result.set_exception(error)


def _nothing() -> None:
    """Wake who waits for questions."""
