"""``rolecall doctor --online``: what goes out, what comes of it, and that nobody is asked."""

import sys

import pytest

from tests.actions.outside import Outside
from tests.cli.program import Program
from tests.cli.sts import Sts
from tests.homes import put
from tests.interop.blackhole import closed_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the made-up aws is a script")


@pytest.fixture
def outside(calling: Program) -> Program:
    """Return the program over roles and a loopback STS, with an ``aws`` of its own on the PATH."""
    put(calling.home / "bin" / "aws", "#!/bin/sh\necho aws-cli/2.33.0\n").chmod(0o755)
    calling.environ["PATH"] = f"{calling.home / 'bin'}:/usr/bin:/bin"
    return calling


def _steps(program: Program, *arguments: str) -> dict[str, dict[str, str]]:
    answer = program("doctor", *arguments, "--online", "--json").json
    return {step["title"]: step for step in answer["steps"]}


def test_a_profile_is_asked_about_at_aws(outside: Program, sts: Sts) -> None:
    steps = _steps(outside, "admin")
    assert steps["Tools"]["words"].startswith("aws-cli/2.33.0 (")
    assert "AWS says that this is" in steps["Identity"]["words"]
    assert steps["Clock"]["verdict"] in ("fine", "unknown")
    assert steps["STS endpoint"]["verdict"] != "culprit"
    assert sorted(sts.calls) == ["Admin", "GetCallerIdentity"]


def test_offline_nobody_is_asked(outside: Program, sts: Sts) -> None:
    for arguments in ((), ("admin",), ("--error", "hello")):
        outside("doctor", *arguments)
    assert sts.calls == []


def test_a_clock_that_is_off_is_the_culprit(outside: Program) -> None:
    with Outside(ahead=1200).listening() as skewed:
        outside.environ["AWS_ENDPOINT_URL"] = skewed.url
        outcome = outside("doctor", "base", "--online")
    assert outcome.code == 1
    assert "behind AWS's, and AWS refuses what is signed more than 5 minutes off" in outcome.lines[0]
    assert "\nculprit  Clock" in outcome.out


@pytest.mark.long
def test_an_endpoint_that_is_dead_is_the_culprit(outside: Program) -> None:
    outside.environ["AWS_ENDPOINT_URL"] = dead = closed_port()
    outcome = outside("doctor", "base", "--online")
    assert outcome.code == 1
    assert outcome.lines[0] == f"{dead}/ cannot be reached: Connection refused."
    # AND quietly that is all
    quiet = outside("doctor", "base", "--online", "-q")
    assert (quiet.code, quiet.lines) == (1, outcome.lines[:1])


def test_no_code_is_asked_for_even_at_a_terminal(outside: Program, sts: Sts) -> None:
    outcome = outside.on_screen("doctor", "guarded", "--online", secret="802641")
    assert "you were not asked" in outcome.out
    assert "MFA code for" not in outcome.err
    assert "Guarded" not in sts.calls


@pytest.mark.long
@pytest.mark.parametrize(("options", "runs"), [((), False), (("--yes",), True)])
def test_a_program_runs_only_with_a_yes(outside: Program, options: tuple[str, ...], runs: bool) -> None:  # noqa: FBT001 - a parameter
    outcome = outside.on_screen("doctor", "helped", "--online", *options)
    assert (outside.home / "helper.ran").exists() is runs
    assert ("was not allowed to run" in outcome.out) is not runs
    assert "hunter2" not in outcome.out + outcome.err


def test_without_a_name_this_shell_is_asked_about_and_all_findings_stay(outside: Program, sts: Sts) -> None:
    outside.environ["AWS_PROFILE"] = "base"
    outcome = outside("doctor", "--online")
    assert "GetCallerIdentity" in sts.calls
    assert "Also found:" in outcome.out
    assert "CANARY" not in outcome.out
