"""The user's own editor: which one, how it is told the line, and what becomes of it."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rolecall.actions import editor
from rolecall.host import Host
from tests.actions.writing.saves import failure

FILE = Path("/home/me/.aws/config")


def host(tmp_path: Path, *programs: str, platform: str = "linux", **environ: str) -> Host:
    """Return a world in which some programs are installed."""
    bin_directory = tmp_path / "bin"
    bin_directory.mkdir(exist_ok=True)
    for name in programs:
        program = bin_directory / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    return Host.of(tmp_path, {"PATH": str(bin_directory)} | environ, platform=platform)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("vi", "vi +7 FILE"),
        ("vim", "vim +7 FILE"),
        ("/usr/bin/vim.tiny -u NONE", "/usr/bin/vim.tiny -u NONE +7 FILE"),
        ("nvim", "nvim +7 FILE"),
        ("nano -w", "nano -w +7 FILE"),
        ("emacs", "emacs +7 FILE"),
        ("emacs-29.1 -nw", "emacs-29.1 -nw +7 FILE"),
        ("emacsclient -t", "emacsclient -t +7 FILE"),
        ("micro", "micro +7 FILE"),
        ("kak", "kak +7 FILE"),
        ("hx", "hx FILE:7"),
        ("helix", "helix FILE:7"),
        ("subl", "subl --wait FILE:7"),
        ("subl -n -w", "subl -n -w FILE:7"),
        ("code", "code --wait --goto FILE:7"),
        ("code --wait", "code --wait --goto FILE:7"),
        ("code-insiders", "code-insiders --wait --goto FILE:7"),
        ("codium", "codium --wait --goto FILE:7"),
        ("gvim", "gvim --nofork +7 FILE"),
        ("kate", "kate --block --line 7 FILE"),
        ("ed", "ed FILE"),
        ("my-own-script --fast", "my-own-script --fast FILE"),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_way(tmp_path: Path, wanted: str, words: str) -> None:
    expected = words.replace("FILE", str(FILE)).split()
    assert editor.command(host(tmp_path, EDITOR=wanted), FILE, 7) == expected


@pytest.mark.parametrize("wanted", ["vim", "hx", "kate", "ed"])
def test_without_a_line_only_the_file_is_given(tmp_path: Path, wanted: str) -> None:
    assert editor.command(host(tmp_path, EDITOR=wanted), FILE, None)[-1] == str(FILE)
    assert "7" not in "".join(editor.command(host(tmp_path, EDITOR=wanted), FILE, None))


def test_visual_comes_before_editor_and_an_empty_one_is_none(tmp_path: Path) -> None:
    assert editor.command(host(tmp_path, VISUAL="nvim", EDITOR="nano"), FILE, None)[0] == "nvim"
    assert editor.command(host(tmp_path, VISUAL=" ", EDITOR="nano"), FILE, None)[0] == "nano"


def test_quotes_and_spaces_are_understood_and_nothing_is_expanded(tmp_path: Path) -> None:
    found = editor.command(host(tmp_path, EDITOR="'/opt/my editor/run' --name 'a b' $HOME `x`"), FILE, None)
    assert found == ["/opt/my editor/run", "--name", "a b", "$HOME", "`x`", str(FILE)]


def test_a_variable_that_cannot_be_understood_is_named(tmp_path: Path) -> None:
    failed = failure(lambda: editor.command(host(tmp_path, EDITOR="vim 'half"), FILE, None))
    assert failed.kind == "NotStarted"
    assert "$EDITOR" in failed.message


@pytest.mark.parametrize(
    ("programs", "chosen"), [(["vi", "nano"], "nano"), (["vi", "emacs"], "vi"), (["emacs"], "emacs")]
)
def test_without_a_wish_it_is_one_that_is_there(tmp_path: Path, programs: list[str], chosen: str) -> None:
    assert editor.command(host(tmp_path, *programs), FILE, 7) == [chosen, "+7", str(FILE)]


def test_where_there_is_none_it_is_said_what_to_set(tmp_path: Path) -> None:
    failed = failure(lambda: editor.command(host(tmp_path), FILE, None))
    assert failed.kind == "NotStarted"
    assert "$EDITOR" in (failed.cure or "")


def test_a_name_that_says_nothing_is_followed_to_one_that_does(tmp_path: Path) -> None:
    world = host(tmp_path, "nano", EDITOR="editor")
    (tmp_path / "bin" / "editor").symlink_to("nano")
    assert editor.command(world, FILE, 7) == ["editor", "+7", str(FILE)]


def test_a_path_is_never_taken_for_an_option(tmp_path: Path) -> None:
    assert Path(editor.command(host(tmp_path, EDITOR="vim"), Path("-c!reboot"), None)[-1]).is_absolute()


def test_on_windows_it_is_notepad_or_what_stands_in_quotes(tmp_path: Path) -> None:
    assert editor.command(host(tmp_path, platform="win32"), FILE, 7) == ["notepad", str(FILE)]
    wanted = r'"C:\Program Files\Microsoft VS Code\bin\code.cmd" -n'
    found = editor.command(host(tmp_path, platform="win32", EDITOR=wanted), FILE, 7)
    assert found == [
        r"C:\Program Files\Microsoft VS Code\bin\code.cmd",
        "-n",
        "--wait",
        "--goto",
        f"{FILE}:7",
    ]


# running it


def scripted(tmp_path: Path, script: str) -> Host:
    """Return a world whose editor is a Python script."""
    path = tmp_path / "editor.py"
    path.write_text(script)
    return Host.of(tmp_path, {"EDITOR": f"{sys.executable} {path}", "MARK": "of this world"})


def test_it_works_on_the_very_file_with_the_worlds_variables(tmp_path: Path) -> None:
    # GIVEN an editor that adds a line from its environment
    config = tmp_path / "config"
    config.write_text("[default]\n")
    inode = config.stat().st_ino
    world = scripted(
        tmp_path, "import os, sys\nopen(sys.argv[1], 'a').write(os.environ['MARK'] + str(sorted(os.environ)))"
    )
    # WHEN the file is opened in it
    editor.edit(world, config, 1)
    # THEN it was given the file itself, and nobody's variables but the world's
    text = config.read_text()
    assert text.startswith("[default]\nof this world")
    assert "PYTEST_CURRENT_TEST" not in text
    assert config.stat().st_ino == inode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config", "editor.py"]


def test_an_editor_that_ends_with_an_error_is_told(tmp_path: Path) -> None:
    failed = failure(lambda: editor.edit(scripted(tmp_path, "raise SystemExit(3)"), tmp_path / "config", 1))
    assert "exit code 3" in failed.message


def test_an_editor_that_is_not_there_is_named(tmp_path: Path) -> None:
    failed = failure(lambda: editor.edit(host(tmp_path, EDITOR="no-such-editor"), FILE, 1))
    assert failed.kind == "NotStarted"
    assert "no-such-editor" in failed.message


def test_in_another_home_it_is_the_users_own_editor_with_their_own_environment(tmp_path: Path) -> None:
    """That is the demo's, and that of ``--home``."""
    seen = tmp_path / "seen"
    script = tmp_path / "my-editor"
    script.write_text(f'#!/bin/sh\necho "$1 $HOME $TERM" > {seen}\n')
    script.chmod(0o755)
    own = {
        "VISUAL": "",
        "EDITOR": "my-editor",
        "PATH": f"{tmp_path}:/bin",
        "HOME": "/home/me",
        "TERM": "xterm",
    }
    made_up = replace(Host.of(tmp_path / "demo", {"EDITOR": "ed"}), own_environ=own)

    editor.edit(made_up, FILE, None)

    assert seen.read_text() == f"{FILE} /home/me xterm\n"


def test_another_real_home_is_looked_at_with_the_users_own_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    host = Host.real(tmp_path)
    assert host.environ["HOME"] == str(tmp_path)
    assert host.own_environ is not None
    assert host.own_environ["HOME"] == "/home/me"
    assert Host.real().own_environ is None
