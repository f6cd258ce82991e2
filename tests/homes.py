"""Small made-up homes: the two files, the caches and the variables as text, at a stopped clock.

``{HOME}`` in any text stands for the home's directory.
"""

import json
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TypeAlias

from rolecall.host import Host

NOW = datetime(2030, 1, 1, 12, 0, tzinfo=UTC)
"""The moment at which a made-up home is looked at."""

Content: TypeAlias = str | bytes | Mapping[str, object]
"""A file's content: text, bytes as they are, or something to be written as JSON."""


def make_home(
    place: Path,
    *,
    config: Content | None = None,
    credentials: Content | None = None,
    caches: Mapping[str, Content] | None = None,
    files: Mapping[str, Content] | None = None,
    environ: Mapping[str, str] | None = None,
    now: datetime = NOW,
    has_crt: bool = False,
    platform: str = "linux",
) -> Host:
    """Write a home into a directory and return the world that has it.

    Args:
        place: the home's directory; made where it is missing.
        config: what ``~/.aws/config`` holds; None for no file.
        credentials: what ``~/.aws/credentials`` holds; None for no file.
        caches: content by directory and name: ``cli/abc.json`` is ``~/.aws/cli/cache/abc.json``.
        files: more content by path below the home; a path that ends in a slash is a directory.
        environ: the environment variables beside HOME.
        now: what the clock says.
        has_crt: whether ``awscrt`` is installed.
        platform: as ``sys.platform`` has it.
    """
    wanted: dict[str, Content | None] = {".aws/config": config, ".aws/credentials": credentials}
    for name, content in (caches or {}).items():
        directory, _, file = name.partition("/")
        wanted[f".aws/{directory}/cache/{file}"] = content
    place.mkdir(parents=True, exist_ok=True)
    for name, wanted_content in (wanted | dict(files or {})).items():
        if name.endswith("/"):
            (place / name).mkdir(parents=True, exist_ok=True)
        elif wanted_content is not None:
            put(place / name, wanted_content, home=place)
    variables = {name: value.replace("{HOME}", str(place)) for name, value in (environ or {}).items()}
    return Host.of(place, variables, clock=lambda: now, has_crt=has_crt, platform=platform)


def put(path: Path, content: Content, *, home: Path | None = None) -> Path:
    """Write one file of a home, its directories included, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Mapping):
        content = json.dumps(content)
    data = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(data.replace(b"{HOME}", bytes(home)) if home else data)
    return path


_BUSY = 6
"""How many times as long something may take on a machine that does much else."""


@contextmanager
def soon(seconds: float = 10) -> Iterator[None]:
    """Fail where the body takes longer, instead of hanging with it.

    Args:
        seconds: of the processor; by the clock it may take several times as long.
    """

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"it took longer than {seconds} s")  # no OSError: that may be caught

    timers = {
        signal.SIGALRM: (signal.ITIMER_REAL, seconds * _BUSY),
        signal.SIGPROF: (signal.ITIMER_PROF, seconds),
    }
    before = {number: signal.signal(number, interrupt) for number in timers}
    for timer, after in timers.values():
        signal.setitimer(timer, after)
    try:
        yield
    finally:
        for number, (timer, _) in timers.items():
            signal.setitimer(timer, 0)
            signal.signal(number, before[number])
