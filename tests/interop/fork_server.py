"""Runs the real ``aws`` in forks of a process that has imported what it needs of other projects.

That is half of the time of a start.

``python -m tests.interop.fork_server`` reads requests as lines of JSON, and answers each with the exit code.
Nothing of ``awscli`` itself is imported before the fork: some of its modules look at HOME when they are.
"""

import atexit
import json
import os
import runpy
import select
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

TIMEOUT = 60.0
"""Seconds after which a run counts as hung."""
ROOT = Path(__file__).parents[2]
_COMMON = (
    *(
        "argparse",
        "bisect",
        "concurrent.futures",
        "configparser",
        "csv",
        "difflib",
        "email.parser",
        "getpass",
    ),
    *("html.parser", "http.client", "json", "logging.config", "queue", "shlex", "socket", "ssl", "tempfile"),
    *(
        "uuid",
        "xml.etree.ElementTree",
        "zipfile",
        "colorama",
        "dateutil.parser",
        "dateutil.tz",
        "docutils.core",
    ),
    *("docutils.writers.manpage", "jmespath", "rsa", "six", "urllib3", "urllib3.connectionpool", "yaml"),
)
"""What ``aws`` imports at each start, beside its own."""


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> tuple[int, str, str]:
    """Run ``aws`` with nothing on stdin; return its exit code, and what it printed on stdout and stderr."""
    with tempfile.TemporaryDirectory() as place:
        streams = [Path(place) / name for name in ("out", "err")]
        code = _server().ask([list(arguments), dict(environ), *map(str, streams)])
        out, err = (stream.read_text(errors="replace") for stream in streams)
        return code, out, err


class _Server:
    """The process, which ends with this one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.interop.fork_server"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        atexit.register(self._process.kill)

    def ask(self, request: list[Any]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            is_there, _, _ = select.select([self._process.stdout], [], [], TIMEOUT)
            assert is_there, "aws hangs"
            return int(self._process.stdout.readline())


@cache
def _server() -> _Server:
    return _Server()


def _serve() -> None:
    for name in _COMMON:
        __import__(name)
    for line in sys.stdin.buffer:
        arguments, environ, out, err = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os._exit(_aws(arguments, environ, out, err))
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _aws(arguments: list[str], environ: dict[str, str], out: str, err: str) -> int:
    """Become ``python -m awscli``; return the exit code."""
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, out, os.O_WRONLY | os.O_CREAT),
        (2, err, os.O_WRONLY | os.O_CREAT),
    ):
        descriptor = os.open(path, flags, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    os.chdir(environ["HOME"])
    sys.path[0] = environ["HOME"]
    sys.argv[1:] = arguments
    code: object = 0
    try:
        runpy.run_module("awscli", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - as Python does it
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    _serve()
