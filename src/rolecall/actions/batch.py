"""Several jobs side by side: what others depend on first, four at once, one question at a time."""

import queue
import threading
from collections.abc import Callable, Sequence
from graphlib import TopologicalSorter
from typing import Generic, TypeVar

from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Calls, Cancel, Prompts, RelayedPrompts
from rolecall.values import dataclass

AT_ONCE = 4
"""Children that run at the same time."""
_SOURCE_FAILED = "SourceFailed"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to be done.

    Attributes:
        name: its name.
        after: the names of the jobs that must be done before it.
        claims: what it may write: two jobs that claim the same do not run at the same time.
    """

    name: str
    after: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ended(Generic[Result]):
    """How a job ended: with a result, with a failure, or with neither if it was cancelled."""

    name: str
    result: Result | None = None
    failure: ActionFailed | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was done."""
        return self.result is not None


class Batch(Generic[Result]):
    """Runs jobs. Everything but the work itself happens on the thread that calls ``run``."""

    def __init__(
        self,
        work: Callable[[str, Prompts, Cancel], Result],
        prompts_for: Callable[[str], Prompts],
        when_ended: Callable[[Ended[Result]], None],
        at_once: int = AT_ONCE,
    ) -> None:
        """Make it.

        Args:
            work: does the job of that name, on a thread of its own; its questions are answered on the first.
            prompts_for: answers the questions of the job of that name.
            when_ended: called for each job as it ends.
            at_once: how many run at the same time, at most.
        """
        self._work = work
        self._prompts_for = prompts_for
        self._when_ended = when_ended
        self._at_once = at_once
        self._calls: Calls = queue.SimpleQueue()
        self._cancel = Cancel()
        self._jobs: dict[str, Job] = {}
        self._order: TopologicalSorter[str] = TopologicalSorter()
        self._ready: list[Job] = []
        self._running: dict[str, Job] = {}
        self._threads: list[threading.Thread] = []
        self._ended: dict[str, Ended[Result]] = {}

    def run(self, jobs: Sequence[Job], cancel: Cancel) -> dict[str, Ended[Result]]:
        """Do them all, and return how each ended, by its name.

        Args:
            jobs: what to do; what must come after a job that is not among them does not wait for it.
            cancel: ends them all.

        Raises:
            graphlib.CycleError: a job must come after itself.
        """
        cancel.when_set(self._cancel.set)
        self._cancel.when_set(lambda: self._calls.put(_nothing))
        self._jobs = {job.name: job for job in jobs}
        for job in jobs:
            self._order.add(job.name, *sorted(job.after & self._jobs.keys()))
        self._order.prepare()
        try:
            self._start_some()
            while self._running:
                self._calls.get()()
                self._start_some()
        except BaseException:
            self._cancel.set()
            for thread in self._threads:
                thread.join()
            raise
        return self._ended

    def _start_some(self) -> None:
        """Start what can be started, and end what need not be tried: the end of one makes others ready."""
        before = None
        while before != len(self._ready):
            self._ready += (self._jobs[name] for name in self._order.get_ready())
            before = len(self._ready)
            for job in tuple(self._ready):
                self._look_at(job)

    def _look_at(self, job: Job) -> None:
        lost = [self._ended[name] for name in sorted(job.after) if self._has_failed(name)]
        if self._cancel.is_set or (lost and lost[0].failure is None):
            self._end(job, Ended(job.name))
        elif lost:
            self._end(job, Ended(job.name, failure=_without_source(_first(lost))))
        elif self._can_start(job):
            self._start(job)

    def _has_failed(self, name: str) -> bool:
        return name in self._ended and not self._ended[name].is_done

    def _can_start(self, job: Job) -> bool:
        claimed = {claim for other in self._running.values() for claim in other.claims}
        return len(self._running) < self._at_once and not job.claims & claimed

    def _start(self, job: Job) -> None:
        self._ready.remove(job)
        self._running[job.name] = job
        relay = RelayedPrompts(self._prompts_for(job.name), self._cancel, self._calls)
        thread = threading.Thread(target=self._do, args=(job, relay), name=job.name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _do(self, job: Job, relay: Prompts) -> None:
        """Do the work; on its own thread."""
        try:
            ended = Ended(job.name, self._work(job.name, relay, self._cancel))
        except ActionFailed as failure:
            ended = Ended(job.name, failure=failure)
        except Cancelled:
            ended = Ended(job.name)
        except BaseException as error:  # noqa: BLE001 - raised again on the first thread
            bug = error
            self._calls.put(lambda: _raise(bug))
            return
        self._calls.put(lambda: self._end(job, ended))

    def _end(self, job: Job, ended: Ended[Result]) -> None:
        self._running.pop(job.name, None)
        if job in self._ready:
            self._ready.remove(job)
        self._ended[job.name] = ended
        self._order.done(job.name)
        self._when_ended(ended)


def _first(lost: Sequence[Ended[Result]]) -> str:
    """Return the one that failed by itself, not because its own source failed."""
    for ended in lost:
        if ended.failure is not None and ended.failure.kind != _SOURCE_FAILED:
            return ended.name
    return lost[0].name


def _without_source(source: str) -> ActionFailed:
    return ActionFailed(_SOURCE_FAILED, f"its source {source} failed", cure=f"see to {source} first")


def _raise(error: BaseException) -> None:
    raise error


def _nothing() -> None:
    """Wake who waits for calls."""
