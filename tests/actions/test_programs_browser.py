"""The browser is opened where there is one, and an address can do nothing but be opened."""

import os
import sys
from pathlib import Path

import pytest

from rolecall.actions.programs import open_browser
from rolecall.host import Host
from tests.homes import make_home, soon

ADDRESS = "https://device.sso.eu-west-1.amazonaws.com/?user_code=WXYZ-ABCD"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the made-up browsers are shell scripts")


_NOTE = """\
#!{python}
import os, sys
from pathlib import Path

lines = ["arg " + each for each in sys.argv[1:]]
lines += ["term " + os.environ.get("TERM", "none"), f"session {{os.getsid(0)}}"]
Path("{notes}").write_text("\\n".join(lines))
sys.exit({status})
"""


def browser(place: Path, name: str = "browser", *, status: int = 0) -> Path:
    """Write a program that notes its arguments, its TERM and its session, and return its path."""
    path = place / "bin" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_NOTE.format(python=sys.executable, notes=place / f"{name}.notes", status=status))
    path.chmod(0o755)
    return path


def notes(place: Path, name: str = "browser") -> list[str]:
    path = place / f"{name}.notes"
    return path.read_text().splitlines() if path.exists() else []


def desktop(place: Path) -> Path:
    """Write an ``xdg-open``, which nobody waits for, and return the pipe that it writes its arguments to."""
    pipe = place / "pipe"
    os.mkfifo(pipe)
    program = browser(place, "xdg-open")
    program.write_text(f'#!/bin/sh\necho "arg $*" > {pipe}\n')
    browser(place, "xdg-settings")
    return pipe


def host(place: Path, **environ: str) -> Host:
    path = f"{place / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
    return make_home(place, environ={"PATH": path, "TERM": "xterm-256color", **environ})


def test_the_users_own_browser_gets_the_address_as_one_argument(tmp_path: Path) -> None:
    own = browser(tmp_path)

    assert open_browser(host(tmp_path, BROWSER=str(own)), ADDRESS)

    assert f"arg {ADDRESS}" in notes(tmp_path)


def test_the_browser_has_no_terminal_to_draw_on(tmp_path: Path) -> None:
    own = browser(tmp_path)

    open_browser(host(tmp_path, BROWSER=str(own)), ADDRESS)

    term, session = notes(tmp_path)[-2:]
    assert term == "term none"
    assert session != f"session {os.getsid(0)}", "a session of its own has no terminal"


def test_on_a_screen_the_desktops_browser_is_opened(tmp_path: Path) -> None:
    pipe = desktop(tmp_path)

    assert open_browser(host(tmp_path, DISPLAY=":0"), ADDRESS)

    with soon():
        assert pipe.read_text() == f"arg {ADDRESS}\n"


def test_without_a_screen_nothing_is_opened(tmp_path: Path) -> None:
    for name in ("xdg-open", "firefox", "w3m", "www-browser"):
        browser(tmp_path, name)

    assert not open_browser(host(tmp_path), ADDRESS)

    assert not list(tmp_path.glob("*.notes"))


@pytest.mark.parametrize("chosen", ["w3m", "lynx %s", "/usr/bin/links", "elinks:w3m"])
def test_a_text_browser_is_never_started(tmp_path: Path, chosen: str) -> None:
    for name in ("w3m", "lynx", "links", "elinks"):
        browser(tmp_path, name)

    assert not open_browser(host(tmp_path, BROWSER=chosen), ADDRESS)

    assert not list(tmp_path.glob("*.notes"))


def test_the_graphical_one_of_several_choices_is_taken(tmp_path: Path) -> None:
    browser(tmp_path, "w3m")
    own = browser(tmp_path)

    assert open_browser(host(tmp_path, BROWSER=f"w3m:{own}"), ADDRESS)

    assert notes(tmp_path)
    assert not notes(tmp_path, "w3m")


def test_a_browser_that_fails_is_none(tmp_path: Path) -> None:
    own = browser(tmp_path, status=3)

    assert not open_browser(host(tmp_path, BROWSER=f"{own} %s"), ADDRESS)


def test_the_hosts_environment_counts_and_not_this_processs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser(tmp_path)
    monkeypatch.setenv("BROWSER", str(tmp_path / "bin" / "browser"))
    monkeypatch.setenv("DISPLAY", ":0")

    assert not open_browser(host(tmp_path), ADDRESS)

    assert notes(tmp_path) == []


HOSTILE = [
    "",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "ftp://example.com/",
    "-https://example.com/",
    "--new-window https://example.com/",
    " https://example.com/",
    "https://example.com/ --profile x",
    "https://example.com/\n",
    "https://example.com/\x1b]0;x\x07",
    "https://example.com/$(touch PLANTED)",
    "https://example.com/`touch PLANTED`",
    "https://example.com/;touch PLANTED",
    "https://example.com/;touch${IFS}PLANTED",
    "https://example.com/'x",
    'https://example.com/"x',
    "https://example.com/|x",
    "https://example.com/?a=1&touch",
    "https://example.com/\\x",
    "https://aws.amazon.com@example.com/",
    "https://",
    "https:///path",
    "https://[::1/",
    "https://\u0435xample.com/",
    "HTTPS://example.com/",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_not_opened(tmp_path: Path, address: str) -> None:
    # GIVEN the worst of browsers: a command line that hands the address to a shell
    own = browser(tmp_path)
    world = host(tmp_path, BROWSER=f"sh -c '{own} %s'")

    assert not open_browser(world, address)

    assert notes(tmp_path) == []
    assert not (tmp_path / "PLANTED").exists()


def test_an_address_with_several_parameters_is_opened_where_no_command_line_is_set(tmp_path: Path) -> None:
    pipe = desktop(tmp_path)
    address = "https://corp.awsapps.com/start/#/device?user_code=WXYZ-ABCD&x=1"

    assert open_browser(host(tmp_path, WAYLAND_DISPLAY="wayland-0"), address)

    with soon():
        assert pipe.read_text() == f"arg {address}\n"
