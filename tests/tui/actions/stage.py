"""The app over a home whose AWS is on loopback: what is pressed, what was started for it, what came of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from subprocess import Popen
from typing import TypeVar

from textual.containers import Vertical
from textual.events import Key
from textual.screen import Screen
from textual.widgets._toast import Toast

from rolecall.actions import worker_client
from rolecall.app_options import Options
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host, utc_now
from rolecall.tui.actions.runner import WORKERS
from rolecall.tui.app import RolecallApp
from rolecall.tui.explaining import Explaining
from rolecall.tui.screens.details import DetailsScreen, DetailsView
from rolecall.tui.screens.dialog import ConfirmScreen, Modal, TellScreen
from rolecall.tui.screens.login import CodeScreen
from tests.tui.driving import NARROW, Driver, until
from tests.tui.worlds import Clock, World

Answer = TypeVar("Answer")
PULSE = 0.03
"""Seconds between two looks: what is waited for needs the processor too."""
CODE = "123456"
"""What rowan's device always shows."""
WRONG_CODE = "000000"


_FRAMES = str.maketrans("│╭╮╰╯─▌▐", " " * 8)


def plain(seen: str) -> str:
    """Return what is seen in one line, without frames: where it is wrapped does not matter."""
    return " ".join(seen.translate(_FRAMES).split())


class RealClock(Clock):
    """Says the real moment: botocore, in a process of its own, looks at no other clock."""

    def __call__(self) -> datetime:
        return utc_now()


class Stage(Driver):
    """The running app; leaves other processes time between its looks, and reads the home behind it."""

    async def until(self, condition: Callable[[], bool]) -> None:
        await until(self.pilot, condition, PULSE)

    @property
    def aws(self) -> Path:
        return self.world.aws

    @property
    def host(self) -> Host:
        return self.app.host

    @property
    def is_busy(self) -> bool:
        """Whether a command is under way, be it that it asks."""
        return any(worker.group == WORKERS and not worker.is_finished for worker in self.app.workers)

    @property
    def is_working(self) -> bool:
        """Whether the line above the footer says that something is being done."""
        return bool(self.main.query("#progress"))

    @property
    def explaining(self) -> Explaining:
        """What carries out a Fix, as the screens have it that offer one."""
        assert self.app._runner is not None
        return Explaining(self.main, self.app._runner)

    def report(self, name: str) -> ProfileReport:
        """Return what the files say of a profile now, whatever is on the screen."""
        return Snapshot.take(self.host).profiles[name]

    def cache_file(self, name: str) -> Path:
        """Return where a profile's credentials are cached."""
        found = self.report(name).cache_file
        assert found is not None
        return self.aws / "cli" / "cache" / found

    def on_screen(self, kind: type[Screen[Answer]]) -> bool:
        return isinstance(self.app.screen, kind)

    async def opens(self, kind: type[Screen[Answer]]) -> str:
        """Wait for a screen; return what is to be seen, in one line."""
        await self.until(lambda: self.on_screen(kind))
        await self.settle()
        return self.words

    @property
    def words(self) -> str:
        """What is to be seen of the screen in front, without its frame and in one line: it may be wrapped."""
        front = self.app.screen
        frames = [*front.query(Vertical), *front.query(DetailsView)]
        frame = frames[0] if frames and isinstance(front, (Modal, DetailsScreen)) else None
        seen = self.seen() if frame is None else self.seen_in(frame)
        return plain(seen)

    async def done(self) -> None:
        """Wait until no command is under way."""
        await self.until(lambda: not self.is_busy)
        await self.settle()

    async def says(self, words: str) -> None:
        """Wait until a notification with these words is on the screen."""
        heard: list[str] = []

        def is_said() -> bool:
            heard.append(self.toasts)
            return words in heard[-1]

        try:
            await self.until(is_said)
        except AssertionError as error:
            raise AssertionError(f"{words!r} was not said, but {sorted(set(heard))}\n{error}") from None

    @property
    def toasts(self) -> str:
        """What is said in passing, in one line."""
        screen = self.app.screen
        return " ".join(plain(self.seen_in(toast)) for toast in screen.query(Toast))

    async def confirm(self) -> str:
        """Wait for a question, and say yes; return what was asked."""
        asked = await self.opens(ConfirmScreen)
        await self.press("right", "enter")
        return asked

    async def type_code(self, code: str = CODE) -> str:
        """Wait for the question for a code, and type one; return what was asked."""
        asked = await self.opens(CodeScreen)
        await self.press(*code, "enter")
        return asked

    async def failure(self) -> str:
        """Wait until a failure is told; return what is told."""
        return await self.opens(TellScreen)

    async def press_at_once(self, *keys: str) -> None:
        """Have keys arrive together, before anything can be done for the first of them."""
        for key in keys:
            self.app.post_message(Key(key, key if len(key) == 1 else None))
        await self.settle()

    async def mark(self, *names: str) -> None:
        for name in names:
            await self.choose(name)
            await self.press("space")


@asynccontextmanager
async def acting(
    world: World,
    options: Options = Options(),  # noqa: B008 - immutable
    size: tuple[int, int] = NARROW,
) -> AsyncIterator[Stage]:
    """Run the app over a world until its commands can be given."""
    app = RolecallApp(world.host, options=options)
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(world, pilot)
        await stage.ready()
        await stage.until(lambda: stage.main.is_ready_to_act)
        await stage.settle()
        yield stage


@dataclass
class Children:
    """The processes that were started for jobs."""

    started: list["Popen[bytes]"]

    @property
    def running(self) -> list[int]:
        return [process.pid for process in self.started if process.poll() is None]

    async def are_gone(self, within: float) -> None:
        """Wait until none is left; fail where that takes longer."""
        began = time.monotonic()
        while self.running:
            assert time.monotonic() - began < within, f"{self.running} still running after {within} s"
            await asyncio.sleep(0.01)


@contextmanager
def counting() -> Iterator[Children]:
    """Take down every process that is started for a job."""
    children, start = Children([]), worker_client._start

    def recording(environ: Mapping[str, str]) -> "Popen[bytes]":
        process = start(environ)
        children.started.append(process)
        return process

    worker_client._start = recording
    try:
        yield children
    finally:
        worker_client._start = start
