"""The rows that run whole programs: ``rolecall list`` and ``doctor`` beside ``aws`` and bare imports."""

import sys
from functools import partial

from bench import Bench
from homes import CALM
from measure import AtMostTimes, BenchmarkError, Comparison, Unit, take_turns
from processes import Cost, environment, output, run

PROFILES = 100
TARGET = AtMostTimes(0.25)
AWS_NAME = "aws configure list"
AWS = (sys.executable, "-m", "awscli", "configure", "list")
IMPORTS = ("boto3", "botocore.configloader")
LEAST = "import botocore.configloader"
"""What nobody can do without who reads the files as AWS tools do."""
DOCTOR = {"aws --version": AtMostTimes(1), LEAST: AtMostTimes(5)}
"""What `rolecall doctor` is to be measured by: it is for a prompt, and for a hook before each commit."""


def listing(bench: Bench) -> list[Comparison]:
    """``rolecall list`` of 100 profiles, beside what else starts a Python to look at AWS files."""
    home = bench.home(PROFILES, CALM)
    environ = environment(home, AWS_PROFILE=home.names[0])
    command = (*bench.program, "list")
    listed = output(command, environ)
    if missing := [name for name in home.names if name not in listed]:
        raise BenchmarkError(f"`rolecall list` did not list {len(missing)} of {PROFILES} profiles")
    if "shared-credentials-file" not in output(AWS, environ):
        raise BenchmarkError("`aws configure list` did not find the profile's keys")
    others = {AWS_NAME: AWS} | {
        f"import {module}": (sys.executable, "-c", f"import {module}") for module in IMPORTS
    }
    runs = [partial(run, argv, environ) for argv in (command, *others.values())]
    ours, *beside = take_turns(runs, bench.runs)
    what = "rolecall list, 100 profiles"
    return [
        *(
            _wall(what, ours, costs, name, TARGET if name == AWS_NAME else None)
            for name, costs in zip(others, beside, strict=True)
        ),
        *(_cpu(ours, costs, name) for name, costs in zip(others, beside, strict=True)),
    ]


def doctor(bench: Bench) -> list[Comparison]:
    """``rolecall doctor`` of 100 profiles with which all is well."""
    home = bench.home(PROFILES, CALM)
    environ = environment(home)
    command = (*bench.program, "doctor")
    said = output(command, environ)
    if f"Nothing is wrong: {PROFILES} profiles" not in said:
        raise BenchmarkError(f"`rolecall doctor` has something to say: {said[-200:]}")
    others = ((sys.executable, "-m", "awscli", "--version"), (sys.executable, "-c", LEAST))
    runs = [partial(run, argv, environ) for argv in (command, *others)]
    ours, *beside = take_turns(runs, bench.runs)
    return [
        *(
            _wall("rolecall doctor, 100 profiles", ours, costs, name, target)
            for (name, target), costs in zip(DOCTOR.items(), beside, strict=True)
        ),
        *(_cpu(ours, costs, name) for name, costs in zip(DOCTOR, beside, strict=True)),
    ]


def prompt(bench: Bench) -> list[Comparison]:
    """``rolecall doctor -q`` of 100 profiles, as a prompt would ask."""
    home = bench.home(PROFILES, CALM)
    environ = environment(home)
    runs = [
        partial(run, (*bench.program, "doctor", "-q"), environ),
        partial(run, (sys.executable, "-c", LEAST), environ),
    ]
    ours, beside = take_turns(runs, bench.runs)
    target = AtMostTimes(2.5)
    return [_wall("rolecall doctor -q, 100 profiles", ours, beside, LEAST, target), _cpu(ours, beside, LEAST)]


def _wall(
    what: str, ours: tuple[Cost, ...], beside: tuple[Cost, ...], name: str, target: AtMostTimes | None
) -> Comparison:
    return Comparison(
        what,
        Unit.MILLISECONDS,
        tuple(cost.wall for cost in ours),
        tuple(cost.wall for cost in beside),
        name,
        target,
    )


def _cpu(ours: tuple[Cost, ...], beside: tuple[Cost, ...], name: str) -> Comparison:
    return Comparison(
        "the same, processor time",
        Unit.MILLISECONDS,
        tuple(cost.cpu for cost in ours),
        tuple(cost.cpu for cost in beside),
        name,
    )
