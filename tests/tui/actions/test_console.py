"""O: the console, with who one will be before, and what came of it after."""

import sys

import pytest

from rolecall.tui.screens.dialog import ChoiceScreen
from tests.homes import put
from tests.tui.actions.stage import acting
from tests.tui.worlds import World

BROWSER = """\
import sys, urllib.request
from pathlib import Path
page = urllib.request.urlopen(sys.argv[-1]).read().decode()
Path("{heard}").write_text(" ".join(sys.argv) + page)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="the made-up browser is a script")
async def test_it_says_who_one_will_be_and_opens_the_browser(meadow: World) -> None:
    # GIVEN a browser for all consoles
    program, heard = meadow.home / "browser", meadow.home / "heard"
    put(program, f"#!{sys.executable}\n" + BROWSER.format(heard=heard))
    program.chmod(0o755)
    put(meadow.host.settings_file, f"[console]\nbrowser = '{program}'\n")
    async with acting(meadow) as stage:
        await stage.choose("prod-deploy")
        await stage.press("O")
        asked = await stage.opens(ChoiceScreen)
        assert "You will be Deploy in 111122223333" in asked
        assert "within the hour" in asked
        # WHEN
        await stage.press("enter")
        await stage.says("The console is open as assumed-role/Deploy/")
        await stage.until(heard.exists)
    # THEN it came to the demo's console, by an address that says nothing
    assert "You are in the console as" in heard.read_text()
    assert "SigninToken" not in heard.read_text().partition("<")[0]


@pytest.mark.long
async def test_without_a_browser_the_address_is_for_the_clipboard(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("dev")
        await stage.press("O")
        asked = await stage.opens(ChoiceScreen)
        assert "Open in the browser" not in asked
        await stage.press("enter")
        await stage.says("Sent the address of the console as dev")
