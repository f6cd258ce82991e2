"""Jobs side by side: who waits for whom, how many at once, and how they end."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from graphlib import CycleError

import pytest

from rolecall.actions.batch import AT_ONCE, Batch, Ended, Job
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Cancel, Prompts
from tests.actions.people import Somebody
from tests.homes import soon

Work = Callable[[str, Prompts, Cancel], str]
TOGETHER = 5.0
"""Seconds within which jobs that run at the same time have met."""


def job(name: str, after: Iterable[str] = (), claims: Iterable[str] = ()) -> Job:
    return Job(name, frozenset(after), frozenset(claims))


def run(
    jobs: list[Job], work: Work, somebody: Somebody | None = None, cancel: Cancel | None = None
) -> dict[str, Ended[str]]:
    person = somebody or Somebody()
    told: list[str] = []
    batch = Batch(work, lambda _: person, lambda ended: told.append(ended.name))
    with soon(30):
        ends = batch.run(jobs, cancel or Cancel())
    assert Counter(told) == Counter(job.name for job in jobs), "each is told once"
    return ends


def done(name: str, _prompts: Prompts, _cancel: Cancel) -> str:
    return f"{name} done"


def test_all_are_done_and_their_results_come_back() -> None:
    ends = run([job("a"), job("b")], done)
    assert {name: ended.result for name, ended in ends.items()} == {"a": "a done", "b": "b done"}


def test_nothing_to_do_is_done() -> None:
    assert run([], done) == {}


def test_what_others_draw_on_comes_first() -> None:
    order: list[str] = []

    def work(name: str, _prompts: Prompts, _cancel: Cancel) -> str:
        order.append(name)
        return name

    run([job("c", "ab"), job("b", "a"), job("a"), job("d", ["elsewhere"])], work)
    assert order.index("a") < order.index("b") < order.index("c")
    assert "d" in order, "what is no job of this batch is not waited for"


def test_four_run_at_once_and_never_more() -> None:
    # GIVEN jobs of which each goes on only once four are there
    barrier = threading.Barrier(AT_ONCE)
    running, most, lock = 0, 0, threading.Lock()

    def work(name: str, _prompts: Prompts, _cancel: Cancel) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        barrier.wait(TOGETHER)
        with lock:
            running -= 1
        return name

    ends = run([job(str(number)) for number in range(2 * AT_ONCE)], work)

    assert all(ended.is_done for ended in ends.values())
    assert most == AT_ONCE


def test_what_must_come_after_itself_is_refused() -> None:
    with pytest.raises(CycleError):
        run([job("a", "b"), job("b", "a")], done)


def test_two_that_claim_the_same_do_not_run_together() -> None:
    inside: set[str] = set()
    overlaps: list[str] = []

    def work(name: str, _prompts: Prompts, _cancel: Cancel) -> str:
        overlaps.extend(inside)
        inside.add(name)
        threading.Event().wait(0.01)
        inside.remove(name)
        return name

    run([job(name, claims=["file"]) for name in "abcdef"], work)
    assert overlaps == []


def test_what_draws_on_a_failure_is_not_tried_and_told_whose_it_was() -> None:
    tried: list[str] = []

    def work(name: str, _prompts: Prompts, _cancel: Cancel) -> str:
        tried.append(name)
        if name == "a":
            raise ActionFailed("AccessDenied", "no")
        return name

    ends = run([job("c", "ab"), job("b", "a"), job("a"), job("d")], work)

    assert sorted(tried) == ["a", "d"]
    assert ends["d"].is_done
    for name in "bc":
        failure = ends[name].failure
        assert failure is not None
        assert (failure.kind, failure.message) == ("SourceFailed", "its source a failed")


def test_what_draws_on_what_was_cancelled_is_cancelled() -> None:
    def work(name: str, _prompts: Prompts, _cancel: Cancel) -> str:
        if name == "a":
            raise Cancelled
        return name

    ends = run([job("a"), job("b", "a"), job("c")], work)
    assert (ends["a"].failure, ends["b"].failure, ends["b"].is_done) == (None, None, False)
    assert ends["c"].is_done


def test_a_long_row_of_failures_ends() -> None:
    def work(name: str, _prompts: Prompts, _cancel: Cancel) -> str:
        raise ActionFailed("AccessDenied", name)

    jobs = [job(str(number), [str(number - 1)]) for number in range(2000)]
    assert not any(ended.is_done for ended in run(jobs, work).values())


def test_questions_are_answered_on_the_first_thread_one_at_a_time() -> None:
    somebody = Somebody(codes=[str(number) for number in range(10)])

    def work(name: str, prompts: Prompts, _cancel: Cancel) -> str:
        assert threading.current_thread() is not threading.main_thread()
        prompts.tell(name)
        assert prompts.may_run(name, "helper")
        return prompts.code(name, None)

    ends = run([job(name) for name in "abcdefghij"], work, somebody)

    assert somebody.threads == {threading.current_thread()}
    assert sorted(ended.result or "" for ended in ends.values()) == [str(number) for number in range(10)]
    assert len(somebody.told) == 10


def test_who_declines_ends_that_one_alone() -> None:
    def work(name: str, prompts: Prompts, _cancel: Cancel) -> str:
        return prompts.code(name, None) if name == "a" else name

    ends = run([job("a"), job("b")], work, Somebody())
    assert (ends["a"].is_done, ends["b"].is_done) == (False, True)


def test_a_cancel_ends_what_runs_and_what_waits() -> None:
    # GIVEN jobs that wait for their end, and one that waits for an answer that will not come
    cancel = Cancel()
    started = threading.Barrier(AT_ONCE, action=cancel.set)

    def work(_name: str, _prompts: Prompts, inner: Cancel) -> str:
        started.wait(TOGETHER)
        assert inner.wait(TOGETHER)
        raise Cancelled

    ends = run([job(str(number)) for number in range(3 * AT_ONCE)], work, cancel=cancel)
    assert not any(ended.is_done or ended.failure for ended in ends.values())


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_bug_in_a_job_comes_out_once_the_others_are_ended(error: type[BaseException]) -> None:
    ended = threading.Event()

    def work(name: str, _prompts: Prompts, inner: Cancel) -> str:
        if name == "bug":
            raise error
        assert inner.wait(TOGETHER)
        ended.set()
        raise Cancelled

    with pytest.raises(error), soon(30):
        Batch(work, lambda _: Somebody(), lambda _: None).run([job("a"), job("bug")], Cancel())
    assert ended.is_set()


def test_ctrl_c_while_a_question_is_asked_ends_them_all() -> None:
    def interrupt(_step: str) -> None:
        raise KeyboardInterrupt

    ended = threading.Event()

    def work(_name: str, prompts: Prompts, inner: Cancel) -> str:
        try:
            prompts.tell("working")
        finally:
            assert inner.is_set
            ended.set()
        return "this far it does not come"

    person = Somebody(when_told=interrupt)
    with pytest.raises(KeyboardInterrupt), soon(30):
        Batch(work, lambda _: person, lambda _: None).run([job("a")], Cancel())
    assert ended.is_set()
