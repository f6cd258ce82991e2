"""Has the questions of an action answered on another thread than its own."""

from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import TypeAlias, TypeVar

from rolecall.actions.dialogue import Authorization, Cancel, Dialogue
from rolecall.actions.errors import Cancelled

Answer = TypeVar("Answer")
Calls: TypeAlias = "SimpleQueue[Callable[[], None]]"
"""What the other thread is to call, one after the other."""


class Relay:
    """A Dialogue for the thread of an action, behind which another one is asked on the thread that waits."""

    def __init__(self, dialogue: Dialogue, cancel: Cancel, calls: Calls) -> None:
        """Make it.

        Args:
            dialogue: answers, on the thread that takes the calls.
            cancel: ends every question.
            calls: where the questions are put.
        """
        self._dialogue = dialogue
        self._cancel = cancel
        self._calls = calls

    def code(self, device: str, problem: str | None) -> str:
        """Have a code asked for."""
        return self._have(lambda: self._dialogue.code(device, problem))

    def may_run(self, profile: str, command: str) -> bool:
        """Have it asked whether a program may run."""
        return self._have(lambda: self._dialogue.may_run(profile, command))

    def authorize(self, authorization: Authorization) -> None:
        """Have it shown where to log in."""
        self._have(lambda: self._dialogue.authorize(authorization))

    def tell(self, step: str) -> None:
        """Have it said what is being done."""
        self._have(lambda: self._dialogue.tell(step))

    def _have(self, ask: Callable[[], Answer]) -> Answer:
        self._cancel.check()
        answer: Future[Answer] = Future()
        self._cancel.when_set(lambda: _settle(partial(answer.set_exception, Cancelled())))
        self._calls.put(lambda: _answer(ask, answer))
        return answer.result()


def _answer(ask: Callable[[], Answer], answer: "Future[Answer]") -> None:
    if answer.done():
        return  # nobody waits for it any more
    try:
        given = ask()
    except Exception as error:  # noqa: BLE001 - raised again on the thread that asks
        _settle(partial(answer.set_exception, error))
    else:
        _settle(partial(answer.set_result, given))


def _settle(settle: Callable[[], None]) -> None:
    """Settle an answer, unless the end of the action was quicker."""
    with suppress(InvalidStateError):
        settle()
