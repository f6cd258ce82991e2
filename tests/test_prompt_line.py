"""The line of a prompt: its places, its escapes, and when what was remembered still holds."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rolecall import prompt_line
from rolecall.host import Host
from rolecall.prompt_line import DEFAULT, PLACES, SHELLS, line, memory, memory_path, options, recall, stamp
from rolecall.text import until

NOW = 1_800_000_000.5
VALUES = {
    "profile": "prod",
    "state": "valid",
    "glyph": "●",
    "end": str(NOW + 2600),
    "severity": "",
    "mark": "",
}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (DEFAULT, "● prod 43m"),
        ("{profile}", "prod"),
        ("aws:{profile}/{state}", "aws:prod/valid"),
        ("{mark} {profile}", "prod"),
        ("[{profile} {account} {region}]", "[prod]"),
        ("no place", "no place"),
    ],
)
def test_a_format_is_filled_in_and_what_is_empty_leaves_no_gap(form: str, told: str) -> None:
    assert line(VALUES, NOW, form, "", False) == told


def test_where_there_is_no_profile_there_is_nothing() -> None:
    assert line({}, NOW, "aws: {profile}", "", True) == ""


SIGNS = "%F{red}#[fg=red]$(touch x)`x`\\w"


@pytest.mark.parametrize(
    ("shell", "told"),
    [
        ("", SIGNS),
        ("bash", SIGNS),
        ("fish", SIGNS),
        ("zsh", SIGNS.replace("%", "%%")),
        ("powerlevel10k", SIGNS.replace("%", "%%")),
        ("tmux", SIGNS.replace("#", "##")),
    ],
)
def test_what_means_something_to_a_shell_is_kept_from_it(shell: str, told: str) -> None:
    assert line({**VALUES, "profile": SIGNS}, NOW, "{profile}", shell, True) == told


@pytest.mark.parametrize(
    ("shell", "told"),
    [
        ("", "\x1b[32m●\x1b[0m prod"),
        ("bash", "\x01\x1b[32m\x02●\x01\x1b[0m\x02 prod"),
        ("zsh", "%{\x1b[32m%}●%{\x1b[0m%} prod"),
        ("tmux", "#[fg=green]●#[default] prod"),
    ],
)
def test_colours_are_those_of_the_shell_and_only_if_asked_for(shell: str, told: str) -> None:
    assert line(VALUES, NOW, "{glyph} {profile}", shell, True) == told
    assert "\x1b" not in line(VALUES, NOW, "{glyph} {profile}", shell, False)


@pytest.mark.parametrize(
    "seconds", [1, 59, 60, 3599, 3600, 7260, 86_399, 86_400, 200_000, -1, -61, -4000, -90_000]
)
def test_the_time_is_as_everywhere_without_seconds_beside_minutes(seconds: int) -> None:
    known = until(timedelta(seconds=seconds))
    whole = known.split(" ")[0] if 60 <= seconds < 3600 else known
    assert prompt_line.time_left(seconds) == whole


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], (DEFAULT, "", False)),
        (["--format", "{left}", "--shell=zsh", "--color"], ("{left}", "zsh", True)),
        (["--format"], None),
        (["--format={nothing}"], None),
        (["--format={"], None),
        (["--shell", "tcsh"], None),
        (["--help"], None),
        (["--home", "/x"], None),
        (["x"], None),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_whole_program(
    arguments: list[str], wanted: tuple[str, str, bool] | None
) -> None:
    assert options(arguments) == wanted


def _remembered(path: Path, *stamps: tuple[str, str]) -> Path:
    text = memory(VALUES, NOW, NOW + 60, list(stamps))
    assert text is not None
    path.write_text(text)
    return path


def test_what_was_remembered_holds_for_its_time(tmp_path: Path) -> None:
    path = str(_remembered(tmp_path / "x"))
    assert recall(path, NOW) == VALUES
    assert recall(path, NOW + 59) == VALUES
    assert recall(path, NOW + 60) is None
    assert recall(path, NOW - 1) is None  # the clock was set


def test_it_holds_until_a_file_changes(tmp_path: Path) -> None:
    file, missing = tmp_path / "config", str(tmp_path / "none")
    file.write_text("a")
    path = str(_remembered(tmp_path / "x", (stamp(str(file)), str(file)), ("-", missing)))
    assert recall(path, NOW) == VALUES
    file.write_text("ab")
    assert recall(path, NOW) is None
    path = str(_remembered(tmp_path / "x", ("-", missing)))
    Path(missing).touch()
    assert recall(path, NOW) is None


def test_a_file_in_a_directory_changes_the_directory(tmp_path: Path) -> None:
    directory = tmp_path / "cache"
    directory.mkdir()
    os.utime(directory, (1, 1))
    before = stamp(str(directory))
    (directory / "new").touch()
    assert stamp(str(directory)) != before


@pytest.mark.parametrize(
    "text", ["", "x", "rolecall prompt 0 x\n0 9\n0", "\0\n\n\n", "rolecall prompt 1\nx\ny"]
)
def test_a_damaged_memory_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x"
    path.write_text(text)
    assert recall(str(path), NOW) is None
    assert recall(str(tmp_path), NOW) is None
    assert recall(str(tmp_path / "none"), NOW) is None


def test_a_name_that_would_be_two_lines_is_not_remembered() -> None:
    assert memory({"profile": "a\nb"}, NOW, NOW, []) is None
    assert memory(VALUES, NOW, NOW, [("-", "/a\nb")]) is None


def test_it_is_where_the_state_of_rolecall_is(tmp_path: Path) -> None:
    for environ in ({}, {"XDG_STATE_HOME": str(tmp_path / "state")}, {"XDG_STATE_HOME": " "}):
        host = Host.of(tmp_path, environ)
        path = memory_path(dict(host.environ), "linux")
        assert path is not None
        state = replace(host, settings=None).state_file
        assert state is not None
        assert Path(path).parent == state.parent / "prompt"
    assert memory_path({"HOME": "nowhere"}, "linux") is None
    assert memory_path({"HOME": str(tmp_path)}, "win32") is None


def test_each_environment_has_its_own_and_no_secret_is_counted() -> None:
    home = {"HOME": "/home/me"}
    paths = {
        memory_path({**home, **more}, "linux")
        for more in ({}, {"AWS_PROFILE": "a"}, {"AWS_PROFILE": "b"}, {"AWS_SECRET_ACCESS_KEY": "x"})
    }
    assert len(paths) == 4
    one, other = ({**home, "AWS_SECRET_ACCESS_KEY": secret, "PWD": secret} for secret in ("x", "y"))
    assert memory_path(one, "linux") == memory_path(other, "linux")


def test_the_page_names_every_place_and_every_shell() -> None:
    page = (Path(__file__).parents[1] / "docs" / "prompt.md").read_text(encoding="utf-8")
    for place in PLACES:
        assert f"`{{{place}}}`" in page
    for shell in SHELLS:
        assert f"\n## {shell}\n" in page
        assert f"--shell {shell}" in page
