"""A line that is shown acts on the home that is looked at: wherever it is shown, whatever shows it."""

import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import rolecall
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.explain import markdown, why
from rolecall.doctor.registry import examine
from rolecall.host import Host
from rolecall.tui.screens.findings import FindingsScreen
from rolecall.tui.why.question import Inquiry, headline
from tests.cli.program import Program
from tests.homes import make_home
from tests.tui.screens.hosting import showing

CONFIG = "[profile base]\nregion = eu-west-1\n[profile x]\nrole_arn = a\nsource_profile = bse\n"
NOT_THERE = "The config profile (nobody) could not be found"


@pytest.fixture
def other(tmp_path: Path) -> Host:
    """A home that was named with --home, with a blank in its name; the user's own is another."""
    (tmp_path / "own").mkdir()
    return make_home(tmp_path / "my old home", config=CONFIG)


def doctor(other: Host, *arguments: str) -> str:
    own = Program(other.home.parent / "own")
    return own("doctor", "--home", str(other.home), *arguments).out


def report(other: Host) -> str:
    snapshot = Snapshot.take(other)
    findings = examine(snapshot)
    return markdown(snapshot, why(snapshot, findings, "x"), findings)


def answer_to_a_message(other: Host) -> str:
    snapshot = Snapshot.take(other)
    asked = Inquiry(snapshot, examine(snapshot), None).about(NOT_THERE)
    assert asked is not None
    return str(asked.answer.fix)


def hint(other: Host) -> str:
    return Program(other.home.parent / "own")("show", "--home", str(other.home), "zzzzzz").err


def variables(other: Host) -> str:
    return Program(other.home.parent / "own")("env", "--home", str(other.home), "NO_SUCH").err


SHOWERS: dict[str, Callable[[Host], str]] = {
    "all that is wrong": doctor,
    "why": lambda other: doctor(other, "x"),
    "as JSON": lambda other: doctor(other, "--json"),
    "why, as JSON": lambda other: doctor(other, "x", "--json"),
    "the report": report,
    "an error message": answer_to_a_message,
    "a name that is not there": hint,
    "a variable that is not there": variables,
}


@pytest.mark.parametrize("shower", SHOWERS.values(), ids=SHOWERS.keys())
def test_every_line_of_rolecall_names_the_home(other: Host, shower: Callable[[Host], str]) -> None:
    said = shower(other)
    assert f"rolecall --home {shlex.quote(str(other.home))} " in said
    assert not any(f"rolecall {command} " in said for command in ("set", "list", "env", "login"))


async def test_the_list_copies_it_so(other: Host) -> None:
    snapshot = Snapshot.take(other)
    findings = examine(snapshot)
    async with showing(FindingsScreen(snapshot, findings)) as shown:
        await shown.press("y")
        assert shlex.split(shown.copied)[:3] == ["rolecall", "--home", str(other.home)]


def test_the_users_own_home_needs_no_name(other: Host) -> None:
    own = replace(other, settings=None)
    assert fixes.log_in("dev").line_for(own) == "rolecall login dev"
    assert own.command("list") == "rolecall list"


def test_a_line_for_the_demos_shell_does_nothing_in_the_users(other: Host) -> None:
    demo = replace(other, is_demo=True)
    unset = fixes.unset(demo, "AWS_REGION")
    assert unset.line_for(demo) == "# in the demo: unset AWS_REGION"
    assert unset.line_for(other) == "unset AWS_REGION"
    # AND so Why says it
    snapshot = Snapshot.take(demo)
    inquiry = Inquiry(snapshot, examine(snapshot), None)
    line = headline(inquiry, replace(inquiry.answer, fix=unset)).line
    assert line is not None
    assert line.startswith("#")


def test_nobody_shows_a_line_that_was_made_without_a_home() -> None:
    made = re.compile(r"fix\.(run\b|shell\b)")
    for path in Path(rolecall.__file__).parent.rglob("*.py"):
        shown = [line for line in path.read_text(encoding="utf-8").splitlines() if ".fix.run'" not in line]
        assert not made.search("\n".join(shown)), path
