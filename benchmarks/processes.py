"""The programs that are compared, the environment they get, and what a process has cost."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from homes import Home, write_names
from measure import BenchmarkError

BARE_APP = Path(__file__).with_name("bare.py")
STDERR_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Cost:
    """What one whole run of a program took, in milliseconds: of the clock, and of the processor."""

    wall: float
    cpu: float


def rolecall_command() -> tuple[str, ...]:
    """Return how rolecall is started: its console script beside this Python, else as a module."""
    script = Path(sys.executable).with_name("rolecall")
    return (str(script),) if script.exists() else (sys.executable, "-m", "rolecall")


def bare_command(home: Home, *options: str) -> tuple[str, ...]:
    """Return how the bare app is started with the names of a home."""
    return (sys.executable, str(BARE_APP), str(write_names(home)), *options)


def environment(home: Home, **variables: str) -> dict[str, str]:
    """Return an environment from scratch: nothing of the caller's slows or helps either side."""
    return {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.defpath)),
        "HOME": str(home.path),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "AWS_EC2_METADATA_DISABLED": "true",
        **variables,
    }


def run(command: Sequence[str], environ: Mapping[str, str]) -> Cost:
    """Run a program to its end, its output thrown away, and return what it took."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    _, complaint = process.communicate()
    if process.returncode != 0:
        said = complaint.decode(errors="replace")[-STDERR_SHOWN:]
        raise BenchmarkError(f"{' '.join(command)} ended with {process.returncode}: {said}")
    return Cost(wall=wall * 1000, cpu=(usage.ru_utime + usage.ru_stime) * 1000)


def output(command: Sequence[str], environ: Mapping[str, str]) -> str:
    """Run a program to its end and return what it printed, to see that it did what is measured."""
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False).stdout


def peak_memory(pid: int) -> float:
    """Return the most memory that a process has had resident so far, in MB (Linux).

    From /proc rather than from the resource usage at its end, which counts the fork before the
    exec as well.
    """
    for line in _proc(pid, "status").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise BenchmarkError(f"no VmHWM in /proc/{pid}/status")


def cpu_seconds(pid: int) -> float:
    """Return the processor time of all threads of a process so far (Linux; steps of 10 ms)."""
    fields = _proc(pid, "stat").rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def _proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BenchmarkError(f"{error.filename} is not there: this row needs Linux") from error
