"""Who asks: the real shells run the real program, and what it prints is for the one that reads it."""

import sys
from pathlib import Path

import pytest

from tests.real_shells import at_hand, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of processes in /proc")

POSIX = ("bash", "zsh", "dash", "ksh", "mksh", "yash", "busybox")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a home, and a directory of programs in which ``rolecall`` is the real one."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[profile dev]\nregion = eu-west-1\n")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, exec_ in (("rolecall", "exec "), ("wrapped", "")):
        starter = programs / name
        # a wrapper that stays is a shell above the program
        starter.write_text(f'#!/bin/sh\n{exec_}"{sys.executable}" -m rolecall "$@"\n')
        starter.chmod(0o700)
    return tmp_path


def environ(place: Path, login: str) -> dict[str, str]:
    return {
        "PATH": f"{place / 'bin'}:/usr/bin:/bin",
        "SHELL": login,
        "AWS_PROFILE": "old",
        "AWS_VAULT": "old",
    }


STRICT = """
set -e; set -u; set -C
eval "$(PROGRAM env --unset)"
echo "[${AWS_PROFILE-}${AWS_VAULT-}]"
eval "$(PROGRAM export dev --profile-only)"
echo "[$AWS_PROFILE]"
case $- in *x*) echo traces ;; esac
"""
WAYS = ("rolecall", "env A=1 rolecall", "sh -c 'rolecall \"$@\"; true' sh", "wrapped")
"""How it is started: by itself, or by way of something that hands on what it prints."""


@pytest.mark.parametrize("shell", at_hand(*POSIX))
def test_a_posix_shell_gets_its_lines_whatever_the_login_shell_is(shell: str, place: Path) -> None:
    done = run(shell, STRICT.replace("PROGRAM", "rolecall"), place, environ(place, "/usr/bin/fish"))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"[]\n[dev]\n", b"")


@pytest.mark.parametrize("shell", at_hand("bash"))
@pytest.mark.parametrize("way", WAYS)
def test_whatever_hands_the_lines_on_is_passed_over(shell: str, way: str, place: Path) -> None:
    done = run(shell, STRICT.replace("PROGRAM", way), place, environ(place, "/usr/bin/fish"))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"[]\n[dev]\n", b"")


@pytest.mark.parametrize("shell", at_hand("fish"))
@pytest.mark.parametrize("program", WAYS)
def test_fish_gets_its_lines_and_its_status_tells_how_it_went(shell: str, program: str, place: Path) -> None:
    code = f"""
{program} env --unset | source
echo $status "[$AWS_PROFILE$AWS_VAULT]"
{program} export dev --profile-only | source; and echo chained
echo "[$AWS_PROFILE]"
{program} export nobody --shell fish 2>/dev/null | source; or echo failed
"""
    done = run(shell, code, place, environ(place, "/bin/bash"))
    assert (done.stdout, done.stderr) == (b"0 []\nchained\n[dev]\nfailed\n", b"")


@pytest.mark.parametrize("shell", at_hand("bash"))
def test_where_it_is_not_known_who_reads_two_that_disagree_are_refused(shell: str, place: Path) -> None:
    # GIVEN lines for a file, of which nobody knows who will read it
    code = 'rolecall env --unset >file; echo "$? $(cat file)"; rm file'
    refused = run(shell, code, place, environ(place, "/usr/bin/fish"))
    assert refused.stdout == b"2 \n"
    assert b"bash started this, but SHELL is fish: name the shell with --shell" in refused.stderr
    # WHEN it is said
    told = run(shell, code.replace("--unset", "--unset --shell bash"), place, environ(place, "/usr/bin/fish"))
    assert told.stdout == b"0 unset AWS_PROFILE\nunset AWS_VAULT\n"


@pytest.mark.parametrize("shell", at_hand("tcsh"))
def test_tcsh_is_told_that_there_are_no_lines_for_it(shell: str, place: Path) -> None:
    done = run(shell, "eval `rolecall env --unset`; echo $AWS_PROFILE", place, environ(place, "/bin/bash"))
    assert done.stdout == b"old\n"
    assert b"no lines for tcsh" in done.stderr
