"""Setting variables, in the words of each shell: whatever the value is, it stays a value."""

import json
import re
import shutil
import subprocess
import tempfile
from io import StringIO
from pathlib import Path

import dotenv
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rolecall.shells import (
    UnspeakableError,
    cleaning_line,
    is_variable_name,
    set_line,
    swapping_line,
    unset_line_for_eval,
)
from tests.real_shells import at_hand, environment, environment_after, program_of, run

HOSTILE = (
    "'",
    '"',
    "`touch ran`",
    "$(touch ran)",
    "${PATH}",
    "$HOME",
    ";touch ran;",
    "\ntouch ran\n",
    "\r\n",
    "' ; touch ran ; '",
    "'\\'' ; touch ran",
    "$'",
    "\\",
    "\\'",
    "%PATH%",
    "%%",
    "^",
    "!!",
    "!touch",
    "&touch ran&",
    "|touch ran",
    "(touch ran)",
    "#",
    "~",
    "*",
    "{a,b}",
    "-x",
    " ",
    "\t",
    "\x03",
    "\x1b[200~",
    "\x7f",
    "\x85",
    "\u2018",
    "\u2019;touch ran;\u2019",
    "\u201a\u201b",
    "\u2028",
    "\uff02",
    "é",
    "日本",
    "😀",
    "\xa0",
    "1",
    "a",
    "/",
    "=",
    "\\n",
    "\\x41",
    "\\101",
)
"""What has a meaning to one shell or another."""
AT_HAND = at_hand("bash", "zsh", "fish", "powershell")

any_text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=8)
hostile = st.lists(st.sampled_from(HOSTILE) | any_text, min_size=1, max_size=6).map("".join)
some_values = st.lists(hostile, min_size=1, max_size=20)


def printable(text: str) -> str:
    return "".join(filter(str.isprintable, text))


def read_back(shell: str, values: list[str], options: tuple[str, ...] | None = None) -> list[str]:
    """Return what variables hold after the lines that set them have been evaluated in a shell."""
    lines = [set_line(f"V{index}", value, shell) for index, value in enumerate(values)]
    assert all(line.isprintable() for line in lines)
    with tempfile.TemporaryDirectory() as directory:
        after = environment_after(shell, lines, Path(directory), options=options)
    return [after[f"V{index}"] for index in range(len(values))]


@pytest.mark.parametrize("shell", AT_HAND)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(values=some_values)
@example(values=list(HOSTILE))
@example(values=["".join(HOSTILE), "".join(reversed(HOSTILE))])
def test_a_real_shell_reads_every_value_back(shell: str, values: list[str]) -> None:
    assert read_back(shell, values) == values


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "fish"))
def test_an_empty_value_is_one(shell: str) -> None:
    assert read_back(shell, [""]) == [""]


@pytest.mark.parametrize("shell", at_hand("dash"))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(values=st.lists(hostile.map(printable), min_size=1, max_size=20))
def test_any_posix_shell_reads_what_is_printable(shell: str, values: list[str]) -> None:
    lines = [set_line(f"V{index}", value, "bash") for index, value in enumerate(values)]
    with tempfile.TemporaryDirectory() as directory:
        after = environment_after(shell, lines, Path(directory))
    assert [after[f"V{index}"] for index in range(len(values))] == values


@pytest.mark.parametrize("shell", at_hand("dash"))
@given(value=hostile)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_a_shell_that_does_not_know_ansi_quotes_runs_nothing(shell: str, value: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        environment_after(shell, [set_line("V", value, "bash")], Path(directory))


ZSH_OPTIONS = ("rcquotes", "cshjunkiequotes", "shwordsplit", "globsubst", "ksharrays", "extendedglob")


@pytest.mark.shells
@pytest.mark.parametrize("option", ZSH_OPTIONS)
def test_zsh_reads_them_back_with_odd_options(option: str) -> None:
    assert read_back("zsh", list(HOSTILE), ("-f", "-o", option)) == list(HOSTILE)


@pytest.mark.parametrize("shell", at_hand("bash", "zsh"))
def test_history_is_not_expanded_at_the_prompt(shell: str, tmp_path: Path) -> None:
    # GIVEN a prompt that takes what is pasted, and a history to be expanded
    lines = [set_line(f"V{index}", value, shell) for index, value in enumerate(HOSTILE)]
    expansion = "set -H" if shell == "bash" else "setopt banghist"
    typed = "\n".join([expansion, "true touch ran", *lines, "env -0 > ../out", "exit", ""])
    place = tmp_path / "here"
    place.mkdir()
    no_startup = ["--norc", "--noprofile"] if shell == "bash" else ["-f"]
    subprocess.run(
        [program_of(shell), *no_startup, "-i"],
        input=typed.encode(),
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        cwd=place,
        capture_output=True,
        start_new_session=True,
        timeout=60,
        check=False,
    )
    # THEN nothing of them was
    assert [path.name for path in place.iterdir() if not path.name.startswith(".")] == []
    after = environment((tmp_path / "out").read_bytes())
    assert [after[f"V{index}"] for index in range(len(HOSTILE))] == list(HOSTILE)


@pytest.mark.shells
def test_fish_keeps_it_after_the_function_that_set_it(tmp_path: Path) -> None:
    code = f"function f; {set_line('V', 'x', 'fish')}; end; f; env -0"
    assert environment(run("fish", code, tmp_path).stdout)["V"] == "x"


_POWERSHELL_STRING = r"'(?:[^']|'')*'"
_POWERSHELL_LINE = re.compile(
    rf"\$env:V = ({_POWERSHELL_STRING}(?: \+ (?:\[char\]0x[0-9A-F]{{4}}|{_POWERSHELL_STRING}))*)"
)


@given(value=hostile)
@example(value="".join(HOSTILE))
def test_powershell_gets_ascii_strings_and_units_alone(value: str) -> None:
    line = set_line("V", value, "powershell")
    found = _POWERSHELL_LINE.fullmatch(line)
    assert found is not None
    assert line.isascii()
    parts = re.findall(rf"\[char\]0x([0-9A-F]{{4}})|({_POWERSHELL_STRING})", found[1])
    data = b"".join(
        bytes.fromhex(unit) if unit else text[1:-1].replace("''", "'").encode("utf-16-be")
        for unit, text in parts
    )
    assert data.decode("utf-16-be") == value


@pytest.mark.parametrize("shell", ["cmd", "setx"])
@given(value=hostile)
def test_cmd_gets_what_cannot_end_its_quotes_or_nothing(shell: str, value: str) -> None:
    try:
        line = set_line("V", value, shell)
    except UnspeakableError:
        return
    assert not set(line) & set("%!\r\n\t")
    assert line.count('"') == 2
    assert value in line


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("abc/+=", 'set "V=abc/+="'),
        ("a & b | c < d > e ^ f", 'set "V=a & b | c < d > e ^ f"'),
        ("büro", 'set "V=büro"'),
        ("a\\", 'set "V=a\\"'),
    ],
)
def test_cmd_has_its_line(value: str, line: str) -> None:
    assert set_line("V", value, "cmd") == line


@pytest.mark.parametrize(
    "value", ["", "%A%", "a!b", 'a"b', "a\nb", "a\rb", "a\tb", "\x1a", "\uff02", "\u2028"]
)
@pytest.mark.parametrize("shell", ["cmd", "setx"])
def test_cmd_is_not_given_what_it_cannot_quote(shell: str, value: str) -> None:
    with pytest.raises(UnspeakableError):
        set_line("V", value, shell)


def test_setx_has_its_line() -> None:
    assert set_line("V", "abc", "setx") == 'setx V "abc" >nul'


def test_setx_gets_a_backslash_at_the_end_twice() -> None:
    assert set_line("V", "a\\b\\", "setx") == 'setx V "a\\b\\\\" >nul'


@pytest.mark.parametrize("value", ["/m", "-x", "x" * 1025])
def test_setx_is_not_given_what_it_would_take_for_something_else(value: str) -> None:
    with pytest.raises(UnspeakableError):
        set_line("V", value, "setx")


def test_setx_takes_as_much_as_it_can_keep() -> None:
    assert "x" * 1024 in set_line("V", "x" * 1024, "setx")


# A dotenv file


def dotenv_line(value: str) -> str | None:
    try:
        return set_line("V", value, "dotenv")
    except UnspeakableError:
        return None


@given(value=hostile)
@example(value="a b")
@example(value='say "hi" # not a comment')
@example(value=" x ")
@example(value="")
def test_python_reads_a_dotenv_value_back(value: str) -> None:
    line = dotenv_line(value)
    if line is not None:
        assert dotenv.dotenv_values(stream=StringIO(f"A=1\n{line}\nB=2\n")) == {
            "A": "1",
            "V": value,
            "B": "2",
        }


DOTENV_VALUES = [
    "",
    "abc/+=",
    "a b",
    " x ",
    'say "hi"',
    "# a",
    "a#b",
    "é",
    "*",
    "~",
    "!",
    "&touch ran&",
    "-x",
    "{a,b}",
]


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "dash"))
def test_a_shell_reads_dotenv_values_back(shell: str, tmp_path: Path) -> None:
    lines = [set_line(f"V{index}", value, "dotenv") for index, value in enumerate(DOTENV_VALUES)]
    after = environment_after(shell, ["set -a", *lines], tmp_path)
    assert [after[f"V{index}"] for index in range(len(DOTENV_VALUES))] == DOTENV_VALUES


def test_node_reads_dotenv_values_back(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not at hand")
    lines = [set_line(f"V{index}", value, "dotenv") for index, value in enumerate(DOTENV_VALUES)]
    (tmp_path / ".env").write_text("\n".join([*lines, ""]))
    script = "process.stdout.write(JSON.stringify(process.env))"
    done = subprocess.run(
        [node, "--env-file=.env", "-e", script], cwd=tmp_path, env={}, capture_output=True, check=False
    )
    if b"bad option" in done.stderr:
        pytest.skip("this node reads no .env file")
    found = json.loads(done.stdout)
    assert [found[f"V{index}"] for index in range(len(DOTENV_VALUES))] == DOTENV_VALUES


@pytest.mark.parametrize("value", ["a'b", "a\\", "$HOME x", "${A}", "`x`", "a\nb", "\x1b", "\xa0"])
def test_what_its_readers_take_for_different_things_is_refused(value: str) -> None:
    assert dotenv_line(value) is None


# What is refused everywhere

ALL = ("bash", "zsh", "fish", "powershell", "cmd", "setx", "dotenv")


@pytest.mark.parametrize("shell", ALL)
@pytest.mark.parametrize("value", ["a\0b", "\udc80"])
def test_what_no_variable_can_hold_is_refused(shell: str, value: str) -> None:
    with pytest.raises(UnspeakableError, match="no variable"):
        set_line("V", value, shell)


@pytest.mark.parametrize("shell", ALL)
@pytest.mark.parametrize("name", ["", "A B", "A;rm", "$(rm)", "A\n", "É", "A=B"])
def test_what_is_more_than_a_name_is_refused(shell: str, name: str) -> None:
    assert not is_variable_name(name)
    with pytest.raises(ValueError, match="not a name"):
        set_line(name, "x", shell)


def test_an_unknown_shell_is_refused() -> None:
    for line in (lambda: set_line("V", "x", "tcsh"), lambda: unset_line_for_eval("V", "tcsh")):
        with pytest.raises(ValueError, match="unknown shell"):
            line()


# Unsetting without a word


@pytest.mark.parametrize("shell", AT_HAND)
def test_what_is_not_set_is_unset_without_a_word(shell: str, tmp_path: Path) -> None:
    lines = [unset_line_for_eval(name, shell) for name in ("SET", "UNSET")]
    after = environment_after(shell, lines, tmp_path, {"SET": "x"})
    assert not {"SET", "UNSET"} & set(after)


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("powershell", "Remove-Item Env:V -ErrorAction Ignore"),
        ("cmd", "set V="),
        ("setx", r"reg delete HKCU\Environment /v V /f >nul 2>&1"),
    ],
)
def test_windows_has_its_lines(shell: str, line: str) -> None:
    assert unset_line_for_eval("V", shell) == line


@pytest.mark.shells
def test_fish_keeps_a_variable_that_is_all_sessions(tmp_path: Path) -> None:
    code = f"set -Ux V universal; {unset_line_for_eval('V', 'fish')}; env -0"
    done = run("fish", code, tmp_path, options=[])
    assert environment(done.stdout)["V"] == "universal"
    assert done.stderr == b"V is a universal variable, and stays: set -eU V erases it\n"


KEY = "AKIAUBNG3R5TQWEXMPLA"


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "powershell"))
@pytest.mark.parametrize("value", [f"-n {KEY}\n", f'"{KEY}"', f"'{KEY}'\r\n", f"\t{KEY} ", f"-n '{KEY}'"])
def test_what_surrounds_a_key_is_taken_out_without_the_key_on_the_line(
    shell: str, value: str, tmp_path: Path
) -> None:
    line = cleaning_line("AWS_ACCESS_KEY_ID", value, KEY, shell)
    assert line is not None
    assert KEY not in line
    after = environment_after(shell, [line], tmp_path, {"AWS_ACCESS_KEY_ID": value})
    assert after["AWS_ACCESS_KEY_ID"] == KEY


def test_no_line_takes_out_what_it_would_not() -> None:
    assert cleaning_line("A", f"{KEY}\ufeff", KEY, "bash") is None
    assert cleaning_line("A", f"{KEY}\n", None, "bash") is None
    assert cleaning_line("A", f"{KEY}\n", KEY, "fish") is None
    assert cleaning_line("A", f"{KEY}\n", KEY, None) is None
    assert swapping_line("A", "B", "cmd") is None


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "powershell"))
def test_two_variables_are_swapped(shell: str, tmp_path: Path) -> None:
    line = swapping_line("ONE", "OTHER", shell)
    assert line is not None
    after = environment_after(shell, [line], tmp_path, {"ONE": "a $(b) 'c'", "OTHER": 'd "e"\nf'})
    assert (after["ONE"], after["OTHER"]) == ('d "e"\nf', "a $(b) 'c'")
