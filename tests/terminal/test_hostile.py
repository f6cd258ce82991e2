"""What others wrote is shown and does nothing: no byte of it steers the terminal, no markup is obeyed."""

import base64
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.tui.app import RolecallApp
from rolecall.tui.render import inspector
from tests.homes import make_home
from tests.promises.tour import TINY, WIDE, Tour
from tests.terminal.hostile import ALL, HIDING, KEYS, MARKUP, STEERING, harm, hostile_home
from tests.terminal.pseudo import CLEAR_ESCAPE, rolecall, scratch_environment

TIMEOUT = 60.0
MOST_PAGES = 20
"""Of the tree, in a window that is much too small."""
_OURS = re.compile(
    r"\x1b\[[0-9;]*[Hm]"  # move, and colour
    r"|\x1b\[[?<>=]?[0-9;]*(?:[hlu]|\$p)"  # modes: set, left, asked for
    r"|\x1b\]22;[a-z-]*\x07"  # the shape of the mouse pointer
)
_PLANTED = [payload for payload in STEERING.values() if len(payload) > 1]


def steering(raw: bytes) -> set[str]:
    """Return what steers a terminal and is not Textual's own: planted texts, and stray control characters."""
    text = raw.decode("utf-8")
    planted = {payload for payload in _PLANTED if payload in text}
    return planted | harm(_OURS.sub("", text).replace("\r", ""))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return hostile_home(tmp_path_factory.mktemp("hostile") / "home")


@pytest.fixture(scope="module")
def snapshot(home: dict[str, str]) -> Snapshot:
    return Snapshot.take(Host.of(Path(home["HOME"]), home))


def test_the_home_is_as_hostile_as_it_is_meant_to_be(snapshot: Snapshot) -> None:
    # GIVEN that what does not parse or is not read would make the tests below easy
    assert len(snapshot.profiles) > 3 * len(ALL)
    assert len(snapshot.entries) > 3 * len(ALL)
    assert len(snapshot.variables) > 1.5 * len(ALL)
    assert sum(report.expiry.at is not None for report in snapshot.profiles.values()) >= len(ALL)
    assert len(snapshot.files[0].headers.other) >= len(ALL)
    every = "".join(chain(snapshot.profiles, (variable.name for variable in snapshot.variables)))
    assert [name for name, payload in (STEERING | HIDING).items() if payload not in every] == []


def test_the_check_sees_every_payload() -> None:
    payloads = STEERING | HIDING | {"pile of marks": ALL["pile of marks"]}
    assert [name for name, payload in payloads.items() if not steering(f"x{payload}x".encode())] == []


def inspected(snapshot: Snapshot) -> Iterator[inspector.Details]:
    """Yield all that an Inspector can say."""
    for name in snapshot.profiles:
        yield inspector.profile_details(snapshot, name)
    for variable in snapshot.variables:
        yield inspector.variable_details(snapshot, variable.name)
    for entry in snapshot.entries:
        yield inspector.of_entry(snapshot, entry.path)
    headers = snapshot.files[0].headers
    for header in (*headers.dropped, *headers.other):
        yield inspector.of_stray(snapshot, header)


@pytest.mark.parametrize("width", [20, 108])
def test_every_inspector_is_inert_and_fits(snapshot: Snapshot, width: int) -> None:
    for each in inspected(snapshot):
        for line in inspector.detail_lines(each, width):
            text = "".join(span.text for span in line)
            assert harm(text) == set(), each.title
            assert "\n" not in text


@pytest.mark.parametrize("size", [WIDE, TINY])
async def test_every_pane_is_inert(snapshot: Snapshot, size: tuple[int, int]) -> None:
    async with RolecallApp(snapshot.host).run_test(size=size, notifications=True) as pilot:
        tour = Tour(pilot)
        await tour.arrive()
        stops = [stop async for stop in tour.panes()]
        tree = tour.main.tree_pane
        for top in range(0, len(tree.items), max(tree.size.height, len(tree.items) // MOST_PAGES)):
            tree.scroll_to(y=top, animate=False, immediate=True)
            stops.append(tour.look(f"tree, from {top}"))
    assert {stop.where: harm(stop.text) for stop in stops if harm(stop.text)} == {}


def test_the_app_writes_nothing_of_it_to_the_terminal(home: dict[str, str]) -> None:
    with rolecall(environ=home, columns=80, rows=24) as terminal:
        terminal.wait_for("Cache")
        # WHEN every pane is scrolled through, and in each some lines are inspected
        for key in "12345":
            terminal.type(key)
            for keys in ("g", "j", "jj", " ", "G", "k", "\x02", "\x06"):
                terminal.type(keys)
                if key != "3" and keys != " ":
                    terminal.type("\r")
                    terminal.wait_for(is_open)
                    terminal.type("G", CLEAR_ESCAPE)
                    terminal.wait_for(lambda text: not is_open(text))
        # AND every layer is opened, and the tree is filtered for what is in the names
        for key, layer in (("?", "─ Help ─"), (":", "─ Commands ─"), ("y", "─ Copy ─"), ("/", "/[x")):
            terminal.type("1", "g", key, "[", "x")
            terminal.wait_for(layer)
            terminal.type(CLEAR_ESCAPE)
            terminal.wait_until_gone(layer)
        terminal.type("o", "o", "o", "M", "r")
        terminal.wait_for("Read every file again.")
        # THEN it is still there, and leaves when it is told to
        assert terminal.is_running
        terminal.type("q")
        assert terminal.finish() == 0
    assert steering(bytes(terminal.raw)) == set()


def is_open(text: str) -> bool:
    """Whether an Inspector lies over the screen: then the footer ends with the way back."""
    return text.rstrip().splitlines()[-1].split()[-2:] == ["esc", "Back"]


def test_markup_is_shown_as_it_stands(tmp_path: Path) -> None:
    # GIVEN profiles that are named like markup
    sections = (f"[{payload}]\n{KEYS}" for payload in MARKUP.values())
    host = make_home(tmp_path, credentials="".join(sections))
    with rolecall(environ=host.environ, columns=220) as terminal:
        terminal.wait_for("5 Cache")
        for payload in MARKUP.values():
            # THEN the tree and the chain's title have the name as it is, and a click on it is but a click
            terminal.wait_for(f"3 Chain: {payload} ─")
            terminal.click_on(f"  {payload}")
            terminal.click_on(f"3 Chain: {payload}")
            # AND so have the menu and the Inspector
            terminal.type("1", "y")
            terminal.wait_for(lambda text, payload=payload: re.search(_menu(payload), text) is not None)  # type: ignore[misc]
            terminal.type(CLEAR_ESCAPE, "\r")
            terminal.wait_for(f"─ Profile {payload} ─")
            terminal.click_on(f"Profile {payload}")
            terminal.type(CLEAR_ESCAPE, "j")
        terminal.type("q")
        assert terminal.finish() == 0


def _menu(name: str) -> str:
    return rf"│ name +{re.escape(name)} "


def test_what_is_copied_is_the_name_and_goes_out_encoded(tmp_path: Path) -> None:
    payload = STEERING["clipboard"]
    host = make_home(tmp_path, credentials=f"[{payload}]\n{KEYS}")
    with rolecall(environ=host.environ) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("y")
        terminal.wait_for("─ Copy ─")
        terminal.type("\r")
        terminal.wait_for("clipboard")
        terminal.type("q")
        terminal.finish()
    encoded = base64.b64encode(payload.encode()).decode()
    assert re.findall(r"\x1b\]52;c;([^\x07\x1b]*)", terminal.raw.decode()) == [encoded]


# The command line

COMMANDS = ("list", "env", "cache list")
SHOWN = ("clipboard", "C1 command", "reversed", "tags", "action", "long", "pile of marks")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("form", ["", " --json"], ids=["table", "json"])
def test_a_command_on_a_terminal_writes_nothing_of_it(home: dict[str, str], command: str, form: str) -> None:
    with rolecall(*(command + form).split(), environ=home, columns=80) as terminal:
        assert terminal.finish() == 0
    assert steering(bytes(terminal.raw)) == set()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("form", ["", " --json"], ids=["table", "json"])
def test_a_command_in_a_pipe_writes_nothing_of_it(home: dict[str, str], command: str, form: str) -> None:
    text = piped(home, *(command + form).split())
    assert harm(text) == set()
    assert text.count("\n") > len(ALL)


@pytest.mark.parametrize("name", SHOWN)
def test_showing_one_profile_writes_nothing_of_it(
    home: dict[str, str], snapshot: Snapshot, name: str
) -> None:
    profile = next(each for each in snapshot.profiles if each.startswith(ALL[name]))
    for form in ([], ["--json"]):
        assert harm(piped(home, "show", *form, "--", profile)) == set()
    with rolecall("show", "--", profile, environ=home) as terminal:
        assert terminal.finish() == 0
    assert steering(bytes(terminal.raw)) == set()


@pytest.mark.parametrize("name", ["clipboard", "backspace", "C1 command", "reversed", "tags", "tab", "long"])
def test_an_argument_that_is_wrong_is_quoted_inertly(home: dict[str, str], name: str) -> None:
    text = piped(home, "show", "--", ALL[name], succeeds=False)
    assert harm(text) == set()
    assert text.count("\n") == 1


@pytest.mark.parametrize(
    "usage", ["{}", "--{}", "--home {} list", "env --shell {}", "env {}", "list {} --json", "cache {}"]
)
def test_wrong_usage_is_quoted_inertly(home: dict[str, str], usage: str) -> None:
    payload = STEERING["title"] + STEERING["C1 command"] + HIDING["reversed"]
    text = piped(home, *(word.format(payload) for word in usage.split()), succeeds=False)
    assert harm(text) == set()


def test_the_names_for_the_tab_key_are_inert(home: dict[str, str]) -> None:
    asked = {"_ROLECALL_COMPLETE": "bash_complete", "COMP_WORDS": "rolecall show ", "COMP_CWORD": "2"}
    text = piped({**home, **asked})
    assert harm(text) == set()
    assert "plain,base" in text


def piped(environ: dict[str, str], *arguments: str, succeeds: bool = True) -> str:
    """Run rolecall with its output in pipes, and return all of it."""
    done = subprocess.run(
        [sys.executable, "-m", "rolecall", *arguments],
        env={**scratch_environment(), **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert (done.returncode == 0) is succeeds, done.stderr
    return (done.stdout + done.stderr).decode("utf-8")
