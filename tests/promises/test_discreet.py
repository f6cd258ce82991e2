"""A secret is never on screen, in a screenshot, in JSON, in a message or in a repr, wherever it stands."""

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.tui.app import RolecallApp
from tests.cli.program import Outcome, Program
from tests.homes import make_home
from tests.promises.acting import ActingTour
from tests.promises.broken import BROKEN_FILES
from tests.promises.canaries import Canaries
from tests.promises.planted import LAST_FOUR, MISPLACED, plant
from tests.promises.tour import MEDIUM, NARROW, WIDE, Stop, Tour

pytestmark = pytest.mark.long

ACCESS_KEY_ID = re.compile(r"A[KS]IA[A-Z0-9]{5}", re.IGNORECASE)
World = tuple[Host, Canaries]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return plant(tmp_path / "home")


@asynccontextmanager
async def opened(host: Host, size: tuple[int, int] = WIDE) -> AsyncIterator[Tour]:
    """Open the app, and wait until everything is there."""
    async with RolecallApp(host).run_test(size=size, notifications=True) as pilot:
        tour = Tour(pilot)
        await tour.arrive()
        yield tour


def assert_discreet(canaries: Canaries, stops: Iterator[Stop] | list[Stop]) -> None:
    """Fail with every secret that was seen, and where."""
    seen = sorted({(secret, stop.where) for stop in stops for secret in canaries.leaks(stop.text)})
    assert seen == []


# The app


@pytest.mark.long
async def test_no_secret_is_seen_anywhere_in_the_app(world: World) -> None:
    host, canaries = world
    async with opened(host) as tour:
        stops = [stop async for stop in tour.everything()]

    assert_discreet(canaries, stops)
    text = "".join(stop.text for stop in stops)
    # THEN of the access key ids the last four characters are seen, which shows that it looked at all of them
    assert [last for last in LAST_FOUR if last not in text] == []
    assert ACCESS_KEY_ID.findall(text) == []


async def test_no_secret_is_in_a_screenshot(world: World) -> None:
    host, canaries = world
    pictures = []
    async with opened(host, MEDIUM) as tour:
        for key in "1234":
            await tour.pilot.press(key)
            pictures.append(Stop(f"pane {key}", tour.app.export_screenshot()))
            await tour.pilot.press("enter")
            pictures.append(Stop(f"pane {key}, inspected", tour.app.export_screenshot()))
            await tour.pilot.press("escape")

    assert_discreet(canaries, pictures)


VARIABLES: dict[str, Callable[[Canaries], Mapping[str, str]]] = {
    "a key for a profile": lambda canaries: {"AWS_PROFILE": canaries.key("AWS_PROFILE")},
    "two keys for profiles": lambda canaries: {
        "AWS_PROFILE": canaries.key("AWS_PROFILE"),
        "AWS_DEFAULT_PROFILE": canaries.token("AWS_DEFAULT_PROFILE"),
    },
    "a secret for a key id": lambda canaries: {"AWS_ACCESS_KEY_ID": canaries.key("id")[:36] + "ABCD"},
    "the pair, swapped": lambda canaries: {
        "AWS_ACCESS_KEY_ID": canaries.key("id")[:36] + "ABCD",
        "AWS_SECRET_ACCESS_KEY": canaries.access_key("secret", "NONE"),
    },
    "a key for an end": lambda canaries: {
        "AWS_ACCESS_KEY_ID": canaries.access_key("id", "ABCD"),
        "AWS_SECRET_ACCESS_KEY": canaries.key("secret"),
        "AWS_CREDENTIAL_EXPIRATION": canaries.key("end"),
    },
    "a token for its file": lambda canaries: {
        "AWS_WEB_IDENTITY_TOKEN_FILE": canaries.jwt("token"),
        "AWS_ROLE_ARN": canaries.key("role"),
    },
    "a key for a number": lambda canaries: {"AWS_METADATA_SERVICE_TIMEOUT": canaries.key("number")},
    "a key for a region": lambda canaries: {"AWS_DEFAULT_REGION": canaries.key("region")},
    "a password in an endpoint": lambda canaries: {
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://me:{canaries.word('password')}@[bad"
    },
}


DOCTOR = ("doctor", "doctor --error ExpiredToken")


@pytest.mark.parametrize("variables", VARIABLES)
async def test_no_secret_is_seen_of_a_variable_that_is_wrong(tmp_path: Path, variables: str) -> None:
    canaries = Canaries()
    environ = VARIABLES[variables](canaries)
    host = make_home(tmp_path, config="[profile a]\nregion = eu-west-1\n", environ=environ)

    async with opened(host) as tour:
        stops = [tour.look("panes")]
        await tour.pilot.press("4", "enter")
        stops.append(tour.look("inspected"))
    stops += [
        Stop(run, text)
        for run, text in printed(host, "list", "show a", "env", "env --unset", "doctor a", *DOCTOR)
    ]

    assert_discreet(canaries, stops)


# Files that do not parse


@pytest.mark.parametrize("file", [pytest.param("config", marks=pytest.mark.long), "credentials"])
@pytest.mark.parametrize("broken", BROKEN_FILES)
async def test_what_is_said_of_a_broken_file_quotes_nothing_of_it(
    tmp_path: Path, broken: str, file: str
) -> None:
    canaries = Canaries()
    content = BROKEN_FILES[broken](canaries)
    fine = "[default]\nregion = eu-west-1\n"
    host = make_home(tmp_path, **({"config": fine, "credentials": fine} | {file: content}))  # type: ignore[arg-type]  # two texts

    async with RolecallApp(host).run_test(size=MEDIUM, notifications=True) as pilot:
        tour = ActingTour(pilot, sizes=(NARROW,))
        await tour.arrive()
        stops = [tour.look("first run"), *[stop async for stop in tour.repair("to be mended")]]
    runs = dict(printed(host, "list", "show default", "env", "cache list", *DOCTOR))
    stops += [Stop(run, text) for run, text in runs.items()]

    assert_discreet(canaries, stops)
    assert f".aws/{file}" in stops[0].text
    assert "botocore: ConfigParseError" in stops[1].text
    assert "ConfigParseError" in runs["show default"]


# The command line


def printed(host: Host, *commands: str) -> Iterator[tuple[str, str]]:
    """Run commands as tables, on a terminal and through a pipe, and as JSON; yield all that they print."""
    program = Program(host.home, dict(host.environ))
    for command in commands:
        yield command, _all(program(*command.split(" ")))
        yield f"{command}, on a terminal", _all(program(*command.split(" "), width=80))
        if "--" not in command:
            yield f"{command} --json", _all(program(*command.split(" "), "--json"))


def _all(outcome: Outcome) -> str:
    return outcome.out + outcome.err


def test_no_secret_is_printed_by_any_command(world: World) -> None:
    host, canaries = world
    shows = [f"show {name}" for name in Snapshot.take(host).profiles]
    commands = ["list", *shows, "env", "env --unset", "env AWS_SECRET_ACCESS_KEY", "cache list"]

    stops = [Stop(run, text) for run, text in printed(host, *commands)]

    assert len(shows) > 20
    assert_discreet(canaries, stops)


def test_no_secret_is_in_what_is_said_of_a_wrong_name(world: World) -> None:
    host, canaries = world
    secrets = canaries.key("an argument"), canaries.token("an argument")
    commands = [f"{command}{secret}" for secret in secrets for command in ("show ", "env ", "doctor ", "")]

    stops = [Stop(run, text) for run, text in printed(host, *commands)]

    assert_discreet(canaries, stops)


# Python's own view


def test_no_secret_is_in_a_repr(world: World) -> None:
    # GIVEN that any value may end up in a log or a message by way of its repr
    host, canaries = world
    snapshot = Snapshot.take(host)
    parts = {
        "host": host,
        "snapshot": snapshot,
        "files": snapshot.files,
        "merged": snapshot.merged,
        "reports": dict(snapshot.profiles),
        "settings": [report.settings for report in snapshot.profiles.values()],
        "entries": snapshot.entries,
        "variables": snapshot.variables,
        "ambient": dict(snapshot.default_session),
        "located": [file.located for file in snapshot.files],
    }

    seen = {name: canaries.leaks(repr(part)) - MISPLACED for name, part in parts.items()}
    assert {name: secrets for name, secrets in seen.items() if secrets} == {}
