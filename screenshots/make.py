"""Write the pictures of the main views, and an animated one of a repair: ``screenshots/make.py [--check]``.

They are of the demo at a fixed moment. With ``--check`` nothing is written, and the exit code is 1 where a
picture is out of date. They are the same on every machine: the clock, the time zone and the made-up home are
fixed, and no font is fetched.
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Input, TextArea
from textual.worker import Worker

from rolecall.aws.expiry import State
from rolecall.demo.home import build, demo_home
from rolecall.host import Host, utc_now
from rolecall.tui.app import RolecallApp
from rolecall.tui.screens.login import LoginScreen
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.screens.paste import PasteScreen
from rolecall.tui.theme import DARK, LIGHT
from rolecall.tui.why.screen import WhyScreen

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 2, 9, 26, 53, tzinfo=UTC)
ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"
"""The local time of the pictures, spelt out so that no zone database is needed."""
PATIENCE = 30.0
"""Seconds after which a view that does not come counts as broken."""
FONTS = '"Fira Code", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace'

TOUR_SIZE = (120, 32)
TOURS = 5
"""How often it is taken at most: how far a list behind a dialog is scrolled by then is by chance."""
TOUR_PROFILE = "partner"
TOUR_ERROR = "Error when retrieving token from sso: Token has expired and refresh failed"

_WINDOW, _TITLE = "#292929", "#c5c8c6"
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_REMARK = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_FAMILY = re.compile(r"font-family: (Fira Code, monospace|arial)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_CHANCE = (
    (re.compile(r"127\.0\.0\.1:\d{5}"), "127.0.0.1:49152"),
    (re.compile(r"\b[B-Z]{4}-[B-Z]{4}\b"), "MDWR-LCLL"),
    (re.compile(r"[B-Z](?:&#160;&#160;[B-Z-]){8}"), "&#160;&#160;".join("MDWR-LCLL")),
    (re.compile(r"9m&#160;5\ds"), "9m&#160;58s"),
    (re.compile(r">\ds&#160;&#160;</text>"), ">2s&#160;&#160;</text>"),
)
"""What is by chance in a picture of the made-up AWS, and what is shown instead."""
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class View:
    """One picture.

    Attributes:
        name: of its file.
        size: columns and rows.
        profile: the profile under the tree's cursor.
        keys: what is typed then.
        theme: the name of the theme.
        is_empty: whether the home is an empty one, not the demo's.
    """

    name: str
    size: tuple[int, int] = (120, 40)
    profile: str | None = "prod-deploy"
    keys: tuple[str, ...] = ()
    theme: str = DARK.name
    is_empty: bool = False


VIEWS = (
    View("main"),
    View("main-light", theme=LIGHT.name),
    View("wide", (200, 60)),
    View("narrow", (80, 24), keys=("3",)),
    View("loop", profile="blue", keys=("3", "z")),
    View("why", profile="partner", keys=("w",)),
    View("findings", profile=None, keys=("exclamation_mark",)),
    View("inspector", profile="partner-audit", keys=("enter",)),
    View("variable", profile=None, keys=("4", "enter")),
    View("edit", keys=("e",)),
    View("diff", profile="prod-admin", keys=("delete",)),
    View("clear", keys=("c", "down", "down", "down")),
    View("help", keys=("question_mark",)),
    View("first-run", (80, 24), profile=None, is_empty=True),
)


async def picture(view: View) -> str:
    """Return a view as SVG."""
    with tempfile.TemporaryDirectory() as directory:
        app = RolecallApp(_host(Path(directory), is_empty=view.is_empty))
        app.animation_level = "none"
        async with app.run_test(size=view.size) as pilot:
            app.theme = view.theme
            await _until(pilot, lambda: isinstance(app.screen, MainScreen) and _is_whole(app.screen))
            await pilot.pause()
            if view.profile is not None:
                await _go_to(pilot, view.profile)
            await pilot.press(*view.keys)
            await _until(pilot, lambda: not any(_is_of(worker, app.screen) for worker in app.workers))
            for line in app.screen.query(Input):
                line.cursor_blink = False
            await pilot.pause()
            await pilot.pause()
            return plain(app.export_screenshot(title="rolecall"), app.current_theme)


def _host(home: Path, *, is_empty: bool) -> Host:
    environ = {} if is_empty else build(home, NOW).environ
    host = Host.of(home, environ, clock=lambda: NOW)
    _silence_notices(host)
    return host


def _silence_notices(host: Host) -> None:
    """A word before an end comes with the clock's next tick, and pictures are taken before or after it."""
    host.settings_file.parent.mkdir(parents=True)
    host.settings_file.write_text("[notices]\nminutes = []\n", encoding="utf-8")


def _is_whole(main: MainScreen) -> bool:
    """Whether all is there: what changes something comes after the panes, what is wrong last."""
    return main.is_ready_to_act and main.findings is not None


async def _until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await pilot.pause()


def _is_of(worker: Worker[object], screen: Screen[object]) -> bool:
    """Whether a screen is still at work."""
    return worker.node is screen and worker.is_running


async def _go_to(pilot: Pilot[None], profile: str) -> None:
    """Move the tree's cursor to a profile, and let the panes follow."""
    screen = pilot.app.screen
    assert isinstance(screen, MainScreen)  # noqa: S101 - for the type checker
    if not screen.tree_pane.move_to(f"profile:{profile}"):
        raise LookupError(f"{profile} is not in the tree")
    await pilot.pause()


def plain(svg: str, theme: Theme) -> str:
    """Return an SVG that fetches nothing and names no host, in a window of the theme's own colours.

    It is shown with the fonts that are there. Rich gives every picture the same dark window.
    """
    svg = svg.replace(_WINDOW, theme.panel or _WINDOW).replace(_TITLE, theme.foreground or _TITLE)
    svg = _REMARK.sub("", _FONT_FACE.sub("", svg))
    svg = _FAMILY.sub(lambda match: f"font-family: {FONTS if 'Fira' in match[1] else 'sans-serif'}", svg)
    return _TRAILING.sub("", svg)


async def tour() -> str:
    """Return an animated SVG: an error is pasted, its cause is shown, enter logs in, and it works again.

    The login is a real one, to the made-up AWS of the demo. It takes as long as it takes: so the home is of
    this moment, and what differs from one time to the next is put right afterwards.
    """
    built = utc_now().replace(microsecond=0)
    frames: list[tuple[float, str]] = []
    with demo_home(built) as demo:
        host = Host.of(demo.home, demo.environ, clock=lambda: built)
        _silence_notices(host)
        app = RolecallApp(host)
        app.animation_level = "none"
        async with app.run_test(size=TOUR_SIZE) as pilot:

            async def show(seconds: float) -> None:
                for line in app.screen.query(Input):
                    line.cursor_blink = False
                for area in app.screen.query(TextArea):
                    area.cursor_blink = False
                await pilot.pause()
                await pilot.pause()
                svg = plain(app.export_screenshot(title="rolecall"), app.current_theme)
                frames.append((seconds, _steady(svg, NOW - built)))

            main = app.screen
            assert isinstance(main, MainScreen)  # noqa: S101 - for the type checker
            await _until(pilot, lambda: _is_whole(main))
            await pilot.pause()
            await _go_to(pilot, TOUR_PROFILE)
            await show(2.0)
            await pilot.press("p")
            await _until(pilot, lambda: isinstance(app.screen, PasteScreen))
            await show(1.0)
            app.post_message(events.Paste(TOUR_ERROR))
            await _until(pilot, lambda: not any(_is_of(worker, app.screen) for worker in app.workers))
            await show(2.5)
            await pilot.press("ctrl+s")
            await _until(pilot, lambda: isinstance(app.screen, WhyScreen))
            await show(4.0)
            await pilot.press("enter")
            await _until(pilot, lambda: isinstance(app.screen, LoginScreen))
            await show(2.5)
            await _until(pilot, lambda: app.screen is main and _is_live(main))
            await show(4.0)
    return _animated(frames)


def _is_live(main: MainScreen) -> bool:
    return (
        main.snapshot is not None and main.snapshot.profiles[TOUR_PROFILE].expiry.state is not State.EXPIRED
    )


def _steady(svg: str, shift: timedelta) -> str:
    """Return a picture of the made-up AWS with the same times, port and code each time."""

    def moved(match: re.Match[str]) -> str:
        return f"{datetime.fromisoformat(match[0]) + shift:%Y-%m-%dT%H:%M:%SZ}"

    svg = _MOMENT.sub(moved, svg)
    for pattern, words in _CHANCE:
        svg = pattern.sub(words, svg)
    return svg


def _animated(frames: list[tuple[float, str]]) -> str:
    """Return one picture that shows others, each for some seconds, again and again."""
    whole = sum(seconds for seconds, _ in frames)
    opening = re.match(r"<svg[^>]*>", frames[0][1])
    assert opening is not None  # noqa: S101 - for the type checker
    styles, groups, begin = [".frame { visibility: hidden }"], [], 0.0
    for number, (seconds, svg) in enumerate(frames):
        end = begin + seconds
        first, last = (f"{100 * moment / whole:.2f}%" for moment in (begin, end))
        shown = f"{first} {{ visibility: visible }} {last} {{ visibility: hidden }}"
        styles.append(f"@keyframes frame-{number} {{ 0% {{ visibility: hidden }} {shown} }}")
        styles.append(f".frame-{number} {{ animation: frame-{number} {whole:g}s step-end infinite }}")
        # it begins each name with a hash of what it was before chance was put right
        body = re.sub(r"\bterminal-\d+", f"terminal-{number}", svg).strip()
        body = body.removeprefix(opening[0]).removesuffix("</svg>")
        groups.append(f'<g class="frame frame-{number}">{body}</g>')
        begin = end
    # for those to whom nothing is to move: the answer stands still
    still = "@media (prefers-reduced-motion) { .frame { animation: none } .frame-3 { visibility: visible } }"
    return "\n".join((opening[0], "<style>", *styles, still, "</style>", *groups, "</svg>\n"))


async def pictures() -> dict[Path, str]:
    """Return every picture by its file."""
    found = {HERE / f"{view.name}.svg": await picture(view) for view in VIEWS}
    path = HERE / "tour.svg"
    before = path.read_text(encoding="utf-8") if path.exists() else None
    for _ in range(TOURS):
        found[path] = await tour()
        if found[path] == before:
            break
    return found


def out_of_date(wanted: dict[Path, str]) -> Iterable[Path]:
    """Yield the files that are missing, other than they should be, or of a view that is no more."""
    for path in sorted({*wanted, *HERE.glob("*.svg")}):
        if path not in wanted or not path.exists() or path.read_text(encoding="utf-8") != wanted[path]:
            yield path


def main() -> int:
    """Bring the pictures up to date, or say which are not."""
    parser = argparse.ArgumentParser(description="Write the pictures of the main views.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if out of date")
    is_check = parser.parse_args().check
    os.environ["TZ"] = ZONE
    time.tzset()
    wanted = asyncio.run(pictures())
    stale = list(out_of_date(wanted))
    for path in stale:
        print(f"{path.name} is out of date" if is_check else f"{path.name} written")
        if is_check:
            continue
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return int(is_check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
