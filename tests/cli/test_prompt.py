"""``rolecall prompt``: what it says of each shell, what it remembers, and the snippets in real shells."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.cli import prompt
from rolecall.host import Host
from tests.cli.conftest import CONFIG
from tests.cli.program import NOW, Program

FULL = "{profile}|{state}|{glyph}|{left}|{account}|{region}"
KEY, SECRET = "AKIAIOSFODNN7EXAMPLQ", "CANARYcanaryCANARYcanaryCANARYcanary0123"
KEYS = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}


def _said(rolecall: Program, environ: dict[str, str], form: str = FULL) -> str:
    rolecall.environ = environ
    outcome = rolecall("prompt", "--format", form)
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.out


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"AWS_PROFILE": "admin"}, "admin|valid|●|43m|123456789012|eu-central-1\n"),
        ({"AWS_PROFILE": "deploy"}, "deploy|idle|○||123456789012|\n"),
        ({"AWS_PROFILE": "lost"}, "lost|broken|!||123456789012|\n"),
        ({"AWS_PROFILE": "nobody"}, "nobody|broken|!|||\n"),
        ({"AWS_PROFILE": "admin", **KEYS}, "env|permanent|∞||"),
    ],
)
def test_it_says_what_a_command_here_would_use(rolecall: Program, environ: dict[str, str], told: str) -> None:
    assert _said(rolecall, environ).startswith(told)


def test_without_a_profile_it_says_nothing(bare: Program) -> None:
    assert _said(bare, {}) == ""


def test_it_tells_the_worst_that_is_found(rolecall: Program) -> None:
    assert _said(rolecall, {"AWS_PROFILE": "lost"}, "{severity} {mark}") == "error ▲\n"


def test_a_place_that_there_is_not_is_wrong_usage(rolecall: Program) -> None:
    outcome = rolecall("prompt", "--format", "{nothing}")
    assert (outcome.code, outcome.out) == (2, "")
    assert "profile, state, glyph" in outcome.err


def test_only_what_is_the_users_own_is_remembered_where_it_is_asked_for(rolecall: Program) -> None:
    state = rolecall.home / ".local" / "state"
    rolecall("prompt")
    rolecall("--read-only", "prompt", "--remember")
    assert not state.exists()
    another = Host.of(rolecall.home, {})
    assert prompt._place(replace(another, settings=None, own_environ={})) is None
    rolecall("prompt", "--remember")
    assert [each.stat().st_mode & 0o777 for each in state.rglob("*") if each.is_file()] == [0o600]


def test_what_is_remembered_has_no_secret(rolecall: Program) -> None:
    rolecall.environ |= {**KEYS, "AWS_SESSION_TOKEN": "CANARYtoken"}
    rolecall("prompt", "--remember")
    (found,) = (each for each in (rolecall.home / ".local").rglob("*") if each.is_file())
    assert "CANARY" not in found.read_text()
    assert "AKIA" not in found.read_text()


# The program itself

BARE = "import sys; print(*sorted(sys.modules), sep='\\n')"
LOADED = """
import sys
from rolecall.__main__ import main
sys.argv = ["rolecall", "prompt", "--remember"]
try:
    main()
finally:
    print(*sorted(sys.modules), sep="\\n")
"""


def _python(script: str, environ: dict[str, str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.splitlines()


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a home with profiles, on which the program itself is run."""
    aws = tmp_path / ".aws"
    aws.mkdir()
    (aws / "config").write_text(CONFIG)
    (aws / "credentials").write_text(f"[base]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
    return {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "AWS_PROFILE": "deploy", "LANG": "C.UTF-8"}


@pytest.mark.skipif(sys.platform == "win32", reason="there nothing is remembered")
def test_the_second_time_next_to_nothing_is_imported(environ: dict[str, str]) -> None:
    first, second = _python(LOADED, environ), _python(LOADED, environ)
    assert first[0] == second[0] == "○ deploy △"
    own = {"rolecall", "rolecall.__main__", "rolecall.prompt_line", "zlib"}
    assert set(second[1:]) - set(_python(BARE, environ)) <= own
    # AND a file that changes is seen
    config = Path(environ["HOME"], ".aws", "config")
    config.write_text(config.read_text().replace("[profile deploy]", "[profile other]"))
    assert _python(LOADED, environ)[0] == "! deploy ▲"


def _snippet(shell: str) -> str:
    page = (Path(__file__).parents[2] / "docs" / "prompt.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {shell}\n.*?^```\w+\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


SHOWN = {
    "bash": "x=${PS1@P}; printf '%s' \"$x\"",
    "zsh": "print -P -- $RPROMPT",
    "fish": "fish_right_prompt",
}
HOSTILE = "%F{red}$(touch pwned)`touch pwned`\\h#x"


@pytest.mark.shells
@pytest.mark.parametrize("shell", SHOWN)
@pytest.mark.parametrize("name", ["deploy", HOSTILE])
def test_the_snippet_shows_the_line_in_the_real_shell(
    environ: dict[str, str], tmp_path: Path, shell: str, name: str
) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} here")
    config = Path(environ["HOME"], ".aws", "config")
    config.write_text(f"{CONFIG}\n[profile '{HOSTILE}']\nregion = eu-west-1\n")
    programs = tmp_path / "bin"
    programs.mkdir()
    starter = programs / "rolecall"
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rolecall "$@"\n')
    starter.chmod(0o700)
    done = subprocess.run(
        [program, "-c", f"{_snippet(shell)}\n{SHOWN[shell]}"],
        env={**environ, "PATH": f"{programs}{os.pathsep}{environ['PATH']}", "AWS_PROFILE": name},
        cwd=programs,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert name in done.stdout
    assert [each.name for each in programs.iterdir()] == ["rolecall"]


def test_the_moment_of_the_next_change_is_known(rolecall: Program) -> None:
    # a role in the cache is renewing 15 minutes before its end
    late = NOW + timedelta(minutes=43, seconds=10) - timedelta(minutes=15)
    for now, wanted in ((NOW, NOW + timedelta(minutes=10)), (late - timedelta(minutes=2), late)):
        host = Host.of(rolecall.home, {"AWS_PROFILE": "admin"}, clock=lambda now=now: now)  # type: ignore[misc]
        assert prompt.holds_until(Snapshot.take(host)) == wanted
