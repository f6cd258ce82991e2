"""Whatever stands in the files, however small the terminal: what is wrong and why is told, and is inert."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.registry import Findings, examine
from rolecall.host import Host
from rolecall.masking.names import may_be_shown
from rolecall.tui.app import RolecallApp
from rolecall.tui.render.findings import Columns, finding_lines, list_line, listed
from rolecall.tui.render.lines import Line
from rolecall.tui.why.question import Inquiry, headline
from rolecall.tui.why.view import headline_lines, step_lines
from tests.cli.program import Outcome, Program
from tests.homes import make_home
from tests.promises.broken import BROKEN_FILES
from tests.promises.canaries import Canaries
from tests.promises.explaining import ExplainingTour
from tests.promises.planted import plant
from tests.promises.tour import MEDIUM, TINY
from tests.terminal.hostile import ALL, STEERING, harm, hostile_home
from tests.terminal.pseudo import scratch_environment

pytestmark = pytest.mark.long

WIDTHS = (20, 100)
SIZES = ((1, 1), TINY, (40, 10), MEDIUM)
ASKED = "long"
"""The payload that a profile is named by of which it is asked why on the screen; of the others in words."""
LONGEST_FILE_NAME = 120
CUTS = 3
"""Places in each file at which it is cut off."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class World:
    """A home, and what is found there."""

    def __init__(self, host: Host) -> None:
        self.host = host

    @cached_property
    def snapshot(self) -> Snapshot:
        return Snapshot.take(self.host)

    @cached_property
    def findings(self) -> Findings:
        return examine(self.snapshot)

    def asks(self, profile: str | None) -> Inquiry:
        return Inquiry(self.snapshot, self.findings, profile)

    def run(self, *arguments: str, width: int | None = None) -> Outcome:
        return Program(self.host.home, dict(self.host.environ))(*arguments, width=width)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    environ = hostile_home(tmp_path_factory.mktemp("hostile") / "home")
    return World(Host.of(Path(environ["HOME"]), environ))


def texts(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        text = "".join(span.text for span in line)
        assert "\n" not in text
        yield text


def harms(texts: Iterable[str]) -> set[str]:
    return {each for text in texts for each in harm(text)}


# Hostile names and values


def test_there_is_something_hostile_to_tell_of(world: World) -> None:
    every = "".join(f"{each.message}{each.subject.name}" for each in world.findings.all)
    assert len(world.findings.all) > 5 * len(ALL)
    assert [name for name, payload in STEERING.items() if payload not in every] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_finding_is_inert(world: World, width: int) -> None:
    columns = Columns.of(world.findings.all)
    assert harms(texts(list_line(item, columns, width) for item in listed(world.findings))) == set()
    for each in world.findings.all:
        assert harms(texts(finding_lines(world.snapshot, each, width))) == set(), each.code


def test_no_line_that_mends_something_steers_the_terminal_that_it_is_pasted_into(world: World) -> None:
    lines = [run for each in world.findings.all if (run := each.fix.run()) is not None]

    assert len(lines) > len(ALL)
    assert harms(lines) == set()
    assert [line for line in lines if "\n" in line] == []


def said(inquiry: Inquiry) -> Iterator[str]:
    """Yield all that becomes of an answer."""
    answer = inquiry.answer
    for width in WIDTHS:
        yield from texts(headline_lines(headline(inquiry, answer), width))
        yield from texts(step_lines(answer.steps, width))
    yield inquiry.markdown(answer)
    yield inquiry.file_name


def test_every_answer_and_report_is_inert(world: World) -> None:
    for name in (None, *list(world.snapshot.profiles)[::2]):
        assert harms(said(world.asks(name))) == set(), name
        assert len(world.asks(name).file_name) < LONGEST_FILE_NAME


@pytest.mark.parametrize(
    "message",
    [
        "An error occurred (ExpiredToken) when calling the ListBuckets operation: {0}",
        "The config profile ({0}) could not be found",
        (
            "aws s3 ls --profile '{0}'\n"
            "An error occurred (AccessDenied) when calling the AssumeRole operation: "
            "User: arn:aws:iam::111122223333:user/{0} is not authorized to perform: "
            "sts:AssumeRole on resource: arn:aws:iam::111122223333:role/{0}"
        ),
    ],
)
def test_every_message_that_is_pasted_is_inert(world: World, message: str) -> None:
    known = 0
    for payload in ALL.values():
        inquiry = world.asks(None).about(message.replace("{0}", payload))
        if inquiry is not None:
            known += 1
            assert harms(said(inquiry)) == set(), payload
    assert known > len(ALL) / 2


@pytest.mark.parametrize(
    "arguments",
    [(), ("--json",), ("--error", f"The config profile ({STEERING['title']}) could not be found")],
)
def test_the_doctor_prints_nothing_that_steers_a_terminal(world: World, arguments: tuple[str, ...]) -> None:
    outcome = world.run("doctor", *arguments, width=60)

    assert outcome.code == 1
    assert harm(_COLOUR.sub("", outcome.out + outcome.err)) == set()


# The screens


@pytest.mark.long
async def test_every_screen_is_inert_at_any_size(world: World) -> None:
    name = next(name for name in world.snapshot.profiles if ALL[ASKED] in name)
    async with RolecallApp(world.host).run_test(size=MEDIUM, notifications=True) as pilot:
        tour = ExplainingTour(pilot, (name,), [f"ExpiredToken {STEERING['title']}"], SIZES, step=40)
        stops = [stop async for stop in tour.explanations()]
        pictures = tour.look("at the end")

    text = {stop.where: harm(stop.text) for stop in (*stops, pictures) if not stop.where.startswith("said")}
    assert {where: found for where, found in text.items() if found} == {}
    # THEN there was something to see
    assert sum("placeholder" in stop.text for stop in stops) > 1


async def test_a_home_without_anything_has_nothing_wrong_at_all(tmp_path: Path) -> None:
    async with RolecallApp(make_home(tmp_path)).run_test(size=MEDIUM, notifications=True) as pilot:
        tour = ExplainingTour(pilot, sizes=(TINY, MEDIUM))
        await tour.arrive()
        stops = [stop async for stop in tour.listed()]
    assert any("No findings" in stop.text for stop in stops)


# Files that are torn


@pytest.mark.parametrize("file", ["config", "credentials"])
@pytest.mark.parametrize("broken", BROKEN_FILES)
def test_a_broken_file_is_told_of_and_no_more_is_said_than_can_be_known(
    tmp_path: Path, broken: str, file: str
) -> None:
    fine = "[default]\nregion = eu-west-1\n"
    written: dict[str, str | bytes] = {"config": fine, "credentials": fine}
    written[file] = BROKEN_FILES[broken](Canaries())
    world = World(make_home(tmp_path, config=written["config"], credentials=written["credentials"]))

    for whom in (None, "default"):
        inquiry = world.asks(whom)
        assert f".aws/{file}" in inquiry.markdown(inquiry.answer)
    outcome = world.run("doctor", "default")
    assert outcome.code == 1
    assert f".aws/{file}" in outcome.out
    assert "bug" not in outcome.err


def cut(text: bytes) -> Iterator[bytes]:
    """Yield the beginnings of a text.

    None ends in a secret under a harmless name: a few characters of that look like no secret.
    """
    for number in range(CUTS):
        beginning = text[: len(text) * number // CUTS]
        name = beginning.rpartition(b"\n")[2].decode(errors="replace").partition("=")[0].strip()
        if not may_be_shown(name):
            yield beginning


@pytest.mark.long
def test_files_that_are_cut_off_anywhere_stop_nothing_and_show_no_secret(tmp_path: Path) -> None:
    host, canaries = plant(tmp_path / "home")
    looks = 0
    for path in [path for path in host.home.rglob("*") if path.is_file()]:
        whole = path.read_bytes()
        for beginning in cut(whole):
            path.write_bytes(beginning)
            # WHEN everything is told in words, and why of somebody
            world = World(host)
            told = "".join(
                texts(line for each in world.findings.all for line in finding_lines(world.snapshot, each, 80))
            )
            answers = "".join(text for name in (None, "cached") for text in said(world.asks(name)))
            assert canaries.leaks(told + answers) == set(), path.name
            looks += 1
        path.write_bytes(whole)
    assert looks > CUTS * 15


# No terminal


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_the_doctor_needs_no_streams(world: World) -> None:
    line = '"$0" -m rolecall doctor --error - <&- >&- 2>&-'
    environ = scratch_environment() | {"HOME": str(world.host.home), "PYTHONPATH": ":".join(sys.path)}

    done = subprocess.run(["/bin/sh", "-c", line, sys.executable], env=environ, timeout=60, check=False)

    # without a message it is used wrongly, and says no more than that
    assert done.returncode == 2
