"""Running an action from the command line: questions on this thread, ctrl+c here, nothing half done."""

import gc
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Authorization, Cancel, Prompts
from rolecall.cli.prompts import perform
from tests.homes import soon

AUTHORIZATION = Authorization("WXYZ-ABCD", "https://a", "https://a?c", datetime(2030, 1, 1, tzinfo=UTC))


@dataclass
class Recorder:
    """A person who notes what was asked, and on which thread."""

    asked: list[tuple[object, ...]] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def code(self, device: str, problem: str | None, step: str = "") -> str:
        self._note("code", device, problem, *([step] if step else []))
        return "123456"

    def may_run(self, profile: str, command: str) -> bool:
        self._note("may_run", profile, command)
        return True

    def authorize(self, authorization: Authorization) -> None:
        self._note("authorize", authorization)

    def tell(self, step: str) -> None:
        self._note("tell", step)

    def _note(self, *what: object) -> None:
        self.asked.append(what)
        self.threads.add(threading.get_ident())


def test_each_question_is_answered_on_the_thread_that_waits() -> None:
    person = Recorder()

    def job(prompts: Prompts, _cancel: Cancel) -> tuple[object, ...]:
        prompts.tell("a step")
        prompts.authorize(AUTHORIZATION)
        return prompts.code("device", None), prompts.may_run("p", "c"), threading.get_ident()

    with soon():
        code, may_run, thread = perform(job, person)

    assert (code, may_run) == ("123456", True)
    assert [what for what, *_ in person.asked] == ["tell", "authorize", "code", "may_run"]
    assert person.threads == {threading.get_ident()}
    assert thread != threading.get_ident()


def test_questions_from_many_threads_come_one_after_another() -> None:
    person = Recorder()

    def job(prompts: Prompts, _cancel: Cancel) -> None:
        threads = [threading.Thread(target=prompts.tell, args=(str(number),)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    with soon():
        perform(job, person)

    assert {what[1] for what in person.asked} == {str(number) for number in range(20)}
    assert person.threads == {threading.get_ident()}


@pytest.mark.parametrize("error", [ActionFailed("Timeout", "no answer"), Cancelled(), RuntimeError("a bug")])
def test_how_an_action_ends_is_how_it_ends_here(error: Exception) -> None:
    def job(_prompts: Prompts, _cancel: Cancel) -> None:
        raise error

    with soon(), pytest.raises(type(error)) as raised:
        perform(job, Recorder())
    assert raised.value is error


@pytest.mark.parametrize("error", [ActionFailed("NoTerminal", "nobody there"), Cancelled()])
def test_a_question_that_cannot_be_answered_is_told_to_the_action(error: Exception) -> None:
    # GIVEN a person who raises instead of answering, WHEN the action asks
    class Nobody(Recorder):
        def code(self, device: str, problem: str | None, step: str = "") -> str:
            del device, problem, step
            raise error

    heard = []

    def job(prompts: Prompts, _cancel: Cancel) -> str:
        try:
            prompts.code("device", None)
        except (ActionFailed, Cancelled) as raised:
            heard.append(raised)
        return "cleaned up"

    # THEN it is the action that hears of it, and decides
    with soon():
        assert perform(job, Nobody()) == "cleaned up"
    assert heard == [error]


@pytest.fixture
def no_garbage_collection() -> Iterator[None]:
    """Let hypothesis, which is told of each collection, not be what a signal interrupts: there it is lost."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_garbage_collection")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
def test_ctrl_c_ends_the_action_and_waits_until_it_has_cleaned_up() -> None:
    cleaned_up = []

    def job(_prompts: Prompts, cancel: Cancel) -> None:
        threading.Timer(0, _interrupt_main).start()
        cancel.wait(10)
        cleaned_up.append(cancel.is_set)
        cancel.check()

    with soon(), pytest.raises(KeyboardInterrupt):
        perform(job, Recorder())
    assert cleaned_up == [True]


def _interrupt_main() -> None:
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def test_ctrl_c_at_a_prompt_ends_the_action_too_and_it_asks_nothing_more() -> None:
    # GIVEN a person who presses ctrl+c when asked, and an action that asks again
    class Leaving(Recorder):
        def code(self, device: str, problem: str | None, step: str = "") -> str:
            super().code(device, problem, step)
            raise KeyboardInterrupt

    person, ends = Leaving(), []

    def job(prompts: Prompts, _cancel: Cancel) -> None:
        for _ in range(2):
            try:
                prompts.code("device", None)
            except Cancelled:
                ends.append("cancelled")

    # THEN each of its questions is answered with the end
    with soon(), pytest.raises(KeyboardInterrupt):
        perform(job, person)
    assert ends == ["cancelled", "cancelled"]
    assert len(person.asked) == 1
