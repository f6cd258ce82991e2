"""The demo's directory is gone afterwards, however the program ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import rolecall
from rolecall.demo.home import demo_home

SIGHUP = getattr(signal, "SIGHUP", signal.SIGTERM)  # Windows has none
ENDINGS = [signal.SIGTERM, SIGHUP]

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends programs otherwise")


@pytest.fixture
def handlers() -> Iterator[None]:
    """Put this process's handlers back, whatever a test does to them."""
    before = {number: signal.getsignal(number) for number in ENDINGS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_it_is_removed_at_the_normal_end() -> None:
    with demo_home() as demo:
        assert (demo.home / ".aws" / "config").is_file()
    assert not demo.home.exists()


@pytest.mark.parametrize("end", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_it_is_removed_at_an_exception(end: type[BaseException]) -> None:
    with pytest.raises(end), demo_home() as demo:
        raise end
    assert not demo.home.exists()


def test_it_is_removed_with_whatever_was_put_in() -> None:
    with demo_home() as demo:
        locked = demo.home / "locked"
        locked.mkdir()
        (locked / "file").touch()
        locked.chmod(0o500)
    assert not demo.home.exists()


def test_it_works_outside_the_main_thread() -> None:
    def visit() -> Path:
        with demo_home() as demo:
            assert demo.home.is_dir()
            return demo.home

    with ThreadPoolExecutor(1) as pool:
        assert not pool.submit(visit).result().exists()


@on_posix
@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", ENDINGS)
def test_the_handlers_are_put_back(number: signal.Signals) -> None:
    def mine(*_arguments: object) -> None:
        raise AssertionError

    signal.signal(number, mine)
    with demo_home():
        assert signal.getsignal(number) is not mine
    assert signal.getsignal(number) is mine


@on_posix
@pytest.mark.usefixtures("handlers")
def test_a_signal_that_was_ignored_stays_ignored() -> None:
    signal.signal(SIGHUP, signal.SIG_IGN)  # as nohup does
    with demo_home() as demo:
        signal.raise_signal(SIGHUP)
        assert demo.home.is_dir()
    assert signal.getsignal(SIGHUP) is signal.SIG_IGN


@on_posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_during_the_removal_does_not_stop_it(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleanup = TemporaryDirectory.cleanup

    def disturbed(directory: "TemporaryDirectory[str]") -> None:
        signal.raise_signal(number)
        cleanup(directory)

    monkeypatch.setattr(TemporaryDirectory, "cleanup", disturbed)
    with demo_home() as demo:
        pass
    assert not demo.home.exists()


WAITING = """
import signal, sys
number = signal.Signals(int(sys.argv[1]))
how = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
signal.signal(number, how)  # whatever the tests were started with
from rolecall.demo.home import demo_home
with demo_home() as demo:
    print(demo.home, flush=True)
    signal.pause()
"""
CRASHING = """
from rolecall.demo.home import demo_home
with demo_home() as demo:
    print(demo.home, flush=True)
    1 / 0
"""
NEVER_LEFT = """
import sys
from rolecall.demo.home import demo_home
sys.demo = demo_home()
print(sys.demo.__enter__().home, flush=True)
"""


def child(code: str, temporary: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start a Python whose temporary directories land in a place of our own."""
    source = str(Path(rolecall.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": source, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.terminal
@on_posix
@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (SIGHUP, 129), (signal.SIGINT, -signal.SIGINT)],
)
def test_a_signal_ends_a_real_program_with_nothing_left(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    # GIVEN a program in the midst of its demo
    with child(WAITING, tmp_path, str(int(number))) as process:
        assert process.stdout is not None
        home = Path(process.stdout.readline().strip())
        assert home.parent == tmp_path
        assert (home / ".aws" / "config").is_file()
        # WHEN it is told to end
        process.send_signal(number)
        process.communicate(timeout=30)
    # THEN it says so, and its home is gone
    assert process.returncode == status
    assert list(tmp_path.iterdir()) == []


@pytest.mark.terminal
@pytest.mark.parametrize("code", [CRASHING, NEVER_LEFT], ids=["crashes", "forgets"])
def test_a_real_program_that_crashes_or_forgets_leaves_nothing(tmp_path: Path, code: str) -> None:
    with child(code, tmp_path) as process:
        out, _ = process.communicate(timeout=30)
    assert Path(out.strip()).parent == tmp_path
    assert list(tmp_path.iterdir()) == []
