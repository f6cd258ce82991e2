"""Runs an action from the command line: it works on a thread of its own, its questions are asked on this one.

So ctrl+c always arrives here: a prompt leaves the terminal as it was, the action is told to end and is waited
for, and nothing is half done.
"""

import contextlib
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, wait
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from rolecall.actions.dialogue import Authorization, Cancel, Dialogue
from rolecall.actions.failures import Cancelled

Result = TypeVar("Result")
Answer = TypeVar("Answer")

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
    """
    cancel = Cancel()
    questions: SimpleQueue[Callable[[], None]] = SimpleQueue()
    result: Future[Result] = Future()
    result.add_done_callback(lambda _: questions.put(_nothing))
    relay = _Relay(person, cancel, questions)
    thread = Thread(target=_work, args=(lambda: job(relay, cancel), result), name="action", daemon=True)
    try:
        thread.start()
        while not result.done():
            with contextlib.suppress(Empty):
                questions.get(timeout=_PULSE)()
        return result.result()
    except KeyboardInterrupt:
        cancel.set()
        wait([result], _GRACE)
        raise


def _work(job: Callable[[], Result], result: "Future[Result]") -> None:
    try:
        result.set_result(job())
    except BaseException as error:  # noqa: BLE001 - raised again on the thread that waits for it
        result.set_exception(error)


class _Relay:
    """Has the questions of an action answered on another thread."""

    def __init__(
        self, person: Dialogue, cancel: Cancel, questions: "SimpleQueue[Callable[[], None]]"
    ) -> None:
        self._person = person
        self._cancel = cancel
        self._questions = questions

    def code(self, device: str, problem: str | None) -> str:
        """Have a code asked for."""
        return self._have(lambda: self._person.code(device, problem))

    def may_run(self, profile: str, command: str) -> bool:
        """Have it asked whether a program may run."""
        return self._have(lambda: self._person.may_run(profile, command))

    def authorize(self, authorization: Authorization) -> None:
        """Have it shown where to log in."""
        self._have(lambda: self._person.authorize(authorization))

    def tell(self, step: str) -> None:
        """Have it said what is being done."""
        self._have(lambda: self._person.tell(step))

    def _have(self, ask: Callable[[], Answer]) -> Answer:
        self._cancel.check()
        answer: Future[Answer] = Future()
        self._cancel.when_set(lambda: _give_up(answer))
        self._questions.put(lambda: _answer(ask, answer))
        return answer.result()


def _answer(ask: Callable[[], Answer], answer: "Future[Answer]") -> None:
    try:
        given = ask()
    except Exception as error:  # noqa: BLE001 - raised again on the thread that asks
        _settle(partial(answer.set_exception, error))
    else:
        _settle(partial(answer.set_result, given))


def _give_up(answer: "Future[Answer]") -> None:
    _settle(partial(answer.set_exception, Cancelled()))


def _settle(settle: Callable[[], None]) -> None:
    """Settle an answer, unless the end of the action was quicker."""
    with contextlib.suppress(InvalidStateError):
        settle()


def _nothing() -> None:
    """Wake who waits for questions."""
