"""What stdout is, by what it says and what the environment says."""

import io
import os
import re
import struct
import subprocess
import sys

import pytest
from rich.cells import cell_len

from rolecall.aws.expiry import State
from rolecall.cli.text_output import USUAL_WIDTH, Terminal
from tests.cli.program import Program, Stream


def _terminal(*, encoding: str = "utf-8", is_terminal: bool = True, **environ: str) -> Terminal:
    return Terminal.of(Stream(encoding, is_terminal=is_terminal), environ)


def test_what_is_piped_has_no_width_and_no_colour() -> None:
    terminal = _terminal(is_terminal=False, COLUMNS="40", TERM="xterm-256color")
    assert (terminal.width, terminal.has_colour) == (None, False)


def test_columns_tells_the_width_where_it_is_a_number() -> None:
    assert _terminal(COLUMNS="132").width == 132


@pytest.mark.parametrize("columns", ["", "0", "-3", "wide", "9" * 5000])
def test_a_width_that_is_none_is_passed_over(columns: str) -> None:
    assert _terminal(COLUMNS=columns).width == USUAL_WIDTH


def test_colour_is_for_terminals_that_nobody_asked_to_go_without() -> None:
    assert _terminal(TERM="xterm").has_colour
    assert _terminal(TERM="xterm", NO_COLOR="").has_colour
    assert not _terminal(TERM="xterm", NO_COLOR="1").has_colour
    assert not _terminal(TERM="xterm", NO_COLOR="0").has_colour
    # AND what is forced is forced, but where both are said
    assert _terminal(TERM="dumb", FORCE_COLOR="1").has_colour
    assert not _terminal(TERM="xterm", FORCE_COLOR="1", NO_COLOR="1").has_colour
    assert Terminal.of(io.StringIO(), {"FORCE_COLOR": "1"}).has_colour
    assert not Terminal.of(io.StringIO(), {"FORCE_COLOR": ""}).has_colour
    assert not _terminal(TERM="dumb").has_colour


def test_glyphs_fall_back_to_ascii_where_the_encoding_has_none() -> None:
    assert _terminal(encoding="utf-8").state(State.VALID) == "● valid"
    assert _terminal(encoding="ascii").state(State.VALID) == "* valid"
    assert _terminal(encoding="cp1252").state(State.VALID) == "* valid"


LOOKING = (
    ("list",),
    ("show", "admin"),
    ("doctor",),
    ("doctor", "lost"),
    ("cache", "list"),
    ("env",),
    ("set", "base", "region", "eu-west-2", "--dry-run"),
    ("show", "nobody"),
)


@pytest.mark.parametrize("arguments", LOOKING, ids=" ".join)
@pytest.mark.parametrize(
    ("options", "environ"),
    [(("--ascii",), {}), ((), {"TERM": "linux"}), ((), {"LANG": "C"}), ((), {"LC_ALL": "en_US.ISO-8859-1"})],
)
def test_where_the_app_would_draw_no_glyphs_none_are_printed(
    rolecall: Program,
    arguments: tuple[str, ...],
    options: tuple[str, ...],
    environ: dict[str, str],
) -> None:
    rolecall.environ |= environ | {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}
    found = rolecall(*options, *arguments, width=80)
    assert found.out.isascii()
    assert found.err.isascii()
    assert found.out or found.err


def test_letters_are_printed_on_a_terminal_without_glyphs_and_always_into_a_pipe(rolecall: Program) -> None:
    rolecall.config("[profile büro]\nregion = eu-west-1\n")
    assert "büro" in rolecall("--ascii", "list", width=80).out
    rolecall.environ["LANG"] = "C"
    assert "b?ro" in rolecall("list", width=80).out
    assert "büro" in rolecall("list").out


def test_each_state_keeps_a_glyph_of_its_own_in_ascii() -> None:
    plain = _terminal(encoding="ascii")
    assert len({plain.state(state)[0] for state in State}) == len(State)


def test_what_the_encoding_cannot_take_becomes_a_question_mark() -> None:
    assert _terminal(encoding="latin-1").clean("é 開 …MPLE •••• → \x1b") == "é ? ...MPLE **** -> ?"


def test_controls_bidi_and_lone_surrogates_are_made_visible() -> None:
    assert _terminal().clean("a\x1b[31m\n\u202e\ud800") == "a␛[31m␊\ufffd\ufffd"


def test_no_stream_at_all_is_no_terminal() -> None:
    assert Terminal.of(None, {}).width is None


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_real_terminal_the_table_has_its_width_and_our_colours(rolecall: Program) -> None:
    # GIVEN a terminal of 50 columns, and a name that would steer it
    import fcntl  # noqa: PLC0415 - not there on Windows
    import termios  # noqa: PLC0415 - as above

    rolecall.credentials("[a\x1b[31mred]\n[" + "x" * 300 + "]\n")
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    environ = {"HOME": str(rolecall.home), "TERM": "xterm-256color", "PATH": os.environ["PATH"]}
    # WHEN the real program prints to it
    with subprocess.Popen([sys.executable, "-m", "rolecall", "list"], env=environ, stdout=theirs) as process:
        process.wait(timeout=60)
    os.close(theirs)
    out = os.read(ours, 65536).decode()
    os.close(ours)
    # THEN nothing is wider, and the only escapes are our colours
    found = re.sub(r"\x1b\[(0|31|32|33|1;31)m", "", out)
    assert "\x1b[1;31m! broken\x1b[0m" in out
    assert "\x1b" not in found
    assert "a␛[31mred" in found
    assert max(map(cell_len, found.splitlines())) == 50
