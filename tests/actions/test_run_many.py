"""One command side by side: at most so many at once, its lines whole, and all of them end together."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from rolecall.actions import run_many
from rolecall.actions.command_environment import CommandEnvironment
from rolecall.actions.run_command import Program, find
from rolecall.actions.run_many import Ended, Line

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="needs sh and process groups"),
]


def _environments(names: Sequence[str]) -> list[CommandEnvironment]:
    own = {"PATH": os.environ["PATH"]}
    return [CommandEnvironment(name, {}, {**own, "NAME": name}, None) for name in names]


def _run(script: str, names: Sequence[str], at_once: int = 8) -> tuple[list[Line], dict[str, Ended]]:
    lines: list[Line] = []
    ended: dict[str, Ended] = {}
    program = find(["sh", "-c", script], {"PATH": os.environ["PATH"]})
    run_many.run(
        program,
        _environments(names),
        at_once,
        lines.append,
        lambda each: ended.update({each.profile: each}),
    )
    return lines, ended


def test_each_has_its_own_environment_output_and_end() -> None:
    lines, ended = _run(
        "echo $NAME; echo no >&2; [ $NAME = a ] && exit 4; [ $NAME = b ] && kill -9 $$", "abc"
    )
    assert {(each.profile, each.text) for each in lines} == {
        *((name, name.encode()) for name in "abc"),
        *((name, b"no") for name in "abc"),
    }
    assert {name: each.code for name, each in ended.items()} == {"a": 4, "b": 137, "c": 1}
    assert all(each.said == b"no\n" for each in ended.values())


def test_at_most_so_many_run_at_once(tmp_path: Path) -> None:
    # each looks how many are there while it is
    script = f"cd {tmp_path}; touch $NAME; ls | grep -c . ; sleep 0.05; ls | grep -c .; rm $NAME"
    lines, ended = _run(script, [f"p{n}" for n in range(7)], at_once=2)
    assert len(ended) == 7
    assert max(int(each.text) for each in lines) == 2


def test_lines_are_whole_whatever_is_in_them() -> None:
    lines, _ = _run("printf 'a\\0b\\r\\n\\n\\377 without end'", "x")
    assert [each.text for each in lines] == [b"a\0b", b"", b"\xff without end"]


def test_it_is_given_nothing_to_read() -> None:
    _, ended = _run("read x || exit 5", "x")
    assert ended["x"].code == 5


def test_a_program_that_has_gone_fails_for_each() -> None:
    ended: dict[str, Ended] = {}
    run_many.run(
        Program("/no/such/program", ("x",)),
        _environments("ab"),
        8,
        lambda _: None,
        lambda each: ended.update({each.profile: each}),
    )
    assert {name: each.code for name, each in ended.items()} == {"a": 127, "b": 127}


def test_ctrl_c_ends_all_and_what_they_have_started() -> None:
    started = threading.Event()
    pids: list[int] = []

    def when_printed(line: Line) -> None:
        pids.append(int(line.text))
        if len(pids) == 4:
            started.set()
            os.kill(os.getpid(), signal.SIGINT)

    program = find(["sh", "-c", "sleep 300 & echo $!; echo $$; wait"], {"PATH": os.environ["PATH"]})
    with pytest.raises(KeyboardInterrupt):
        run_many.run(program, _environments("ab"), 8, when_printed, lambda _: None)
    assert started.is_set()
    deadline = time.monotonic() + 30
    while any(map(_runs, pids)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    """Whether a process runs, and has not only not been waited for."""
    stat = Path(f"/proc/{pid}/stat")
    with contextlib.suppress(OSError):
        return " Z " not in stat.read_text()
    return False
