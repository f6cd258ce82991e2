"""The signals that end a program, handled so that it cleans up first; a terminal that goes without one."""

import os
import select
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_ENDINGS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows has no SIGHUP
_Handler = Callable[[int, FrameType | None], Any] | int | signal.Handlers | None


@contextmanager
def ending_by_exception(*more: int) -> Iterator[None]:
    """Raise an exception for the signals that end a program, and others, so that the screen is restored."""
    heard = [number for number in (*_ENDINGS, *more) if signal.getsignal(number) is not signal.SIG_IGN]
    with _handling(heard, _leave):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignore a second signal, or an impatient ctrl+c, during the clean-up."""
    with _handling([signal.SIGINT, *_ENDINGS], signal.SIG_IGN):
        yield


@contextmanager
def _handling(numbers: list[int], handler: _Handler) -> Iterator[None]:
    """Handle the signals in this way for a while.

    Python allows it in the main thread only; elsewhere this does nothing.
    """
    before: dict[int, _Handler] = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.getsignal(number) for number in numbers}
    try:
        for number in before:
            signal.signal(number, handler)
        yield
    finally:
        for number, previous in before.items():
            if previous is not None:  # else it was not set by Python, which cannot restore it
                signal.signal(number, previous)


def _leave(number: int, _frame: FrameType | None) -> None:
    # what a shell reports of a program that the signal ended
    raise SystemExit(128 + number)


PATIENCE = 5.0
"""Seconds after which a program ends that does not clean up."""


@contextmanager
def ending_by_call(leave: Callable[[int], bool], *more: int) -> Iterator[None]:
    """Call a function for the signals that end a program, and others, until it says that it has begun to end.

    An exception would be raised wherever the program is, and an event loop does not survive that everywhere.
    A signal more changes nothing: a terminal that is closed sends one itself, and the system another. A
    block that has not ended ``PATIENCE`` seconds later is ended with the whole program.

    Args:
        leave: is given the signal's number; returns whether the program now ends.
        more: other signals that are to end it.
    """
    last: threading.Timer | None = None

    def handle(number: int, _frame: FrameType | None) -> None:
        nonlocal last
        if last is None and leave(number):
            last = threading.Timer(PATIENCE, os._exit, (128 + number,))
            last.daemon = True
            last.start()

    heard = [number for number in (*_ENDINGS, *more) if signal.getsignal(number) is not signal.SIG_IGN]
    try:
        with _handling(heard, handle):
            yield
    finally:
        if last is not None:
            last.cancel()


def has_hung_up(terminal: int) -> bool:
    """Whether a terminal, by its file descriptor, has gone: what ``nohup`` has started gets no signal."""
    if not hasattr(select, "poll"):  # Windows
        return False
    poll = select.poll()
    poll.register(terminal, 0)
    return any(found & (select.POLLHUP | select.POLLNVAL) for _, found in poll.poll(0))
