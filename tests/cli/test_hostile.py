"""Names, values and files that were made to harm a terminal, a script or the program."""

import os
import sys
import unicodedata

import pytest

from tests.cli.program import Program, role_file

NAMES = [
    "a\x1b[31mred",
    "title\x1b]0;pwned\x07",
    "bidi\u202eevil",
    "zero\u200bwidth",
    "[bold]markup[/bold]",
    "[@click=app.quit]here",
    "c1\x9b31m",
    "back\x08space",
    "return\rhome",
    "nul\x00byte",
    "tab\there",
    "開発 環境",
    "👩‍💻",
    "e" + "\u0301" * 300,
    "x" * 10_000,
]
FILED = [name for name in NAMES if "\r" not in name and "=" not in name]
"""Those that a line of a file can hold, as a header and as a key."""
COMMANDS = [
    ("list",),
    ("env",),
    ("cache", "list"),
    ("list", "--json"),
    ("env", "--json"),
    ("cache", "list", "--json"),
]


@pytest.fixture
def hostile(bare: Program) -> Program:
    """Return the program over a home where everything that can be named has a harmful name."""
    # a header ends at its last bracket, so these are names as botocore reads them
    bare.credentials(
        "".join(
            f"[{name}]\nrole_arn = {name}\nsource_profile = {name}\nregion = {name}\nkey-{name} = {name}\n"
            for name in FILED
        )
    )
    bare.write("cli/cache/role.json", role_file("2026-03-01T13:00:00Z", arn=NAMES[0]))
    for name in NAMES[:9]:
        bare.write(f"cli/cache/{name.replace('/', '')}.json", "{")
    bare.environ |= {f"AWS_{name}": name for name in NAMES} | {"AWS_PROFILE": NAMES[0]}
    return bare


def _harmful(text: str) -> set[str]:
    return {
        character
        for character in text
        if character != "\n" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_harmful_gets_out(hostile: Program, command: tuple[str, ...]) -> None:
    outcome = hostile(*command)
    assert outcome.code == 0
    assert not _harmful(outcome.out + outcome.err)


@pytest.mark.parametrize("command", COMMANDS[:3])
@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_on_a_terminal_the_only_escapes_are_our_colours(
    hostile: Program, command: tuple[str, ...], width: int
) -> None:
    outcome = hostile(*command, width=width)
    assert not _harmful(outcome.out.replace("\x1b[1;31m", "").replace("\x1b[0m", "").replace("\x1b[32m", ""))
    assert outcome.widest <= width


@pytest.mark.parametrize("name", FILED)
def test_each_can_be_shown(hostile: Program, name: str) -> None:
    # configparser strips nothing inside the brackets
    plain, json = hostile("show", name), hostile("show", name, "--json")
    assert (plain.code, json.code) == (0, 0)
    assert not _harmful(plain.out)
    assert json.json["name"] == name


@pytest.mark.parametrize("name", [name for name in NAMES if "\x00" not in name])  # no argument has NUL
def test_none_harms_as_an_argument(bare: Program, name: str) -> None:
    for arguments in [
        ("show", name),
        (name,),
        ("env", name),
        ("--home", name, "list"),
        ("list", f"--{name}"),
    ]:
        outcome = bare(*arguments)
        assert outcome.code == 2
        assert len(outcome.err.splitlines()) == 1
        assert not _harmful(outcome.err)


def test_a_row_is_a_line_whatever_a_name_holds(hostile: Program) -> None:
    profiles = hostile("list", "--json").json["profiles"]
    assert len(hostile("list").lines) == len(profiles) + 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_file_name_that_is_no_text(bare: Program) -> None:
    directory = bare.aws / "cli" / "cache"
    directory.mkdir(parents=True)
    (directory / os.fsdecode(b"\xff\xfe.json")).write_text("{")
    assert bare("cache", "list").code == 0
    (entry,) = bare("cache", "list", "--json").json["entries"]
    assert os.fsencode(entry["path"]).endswith(b"\xff\xfe.json")


def test_a_home_that_is_no_text(bare: Program) -> None:
    home = bare.home / os.fsdecode(b"\xff\x1b[31m")
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text("nonsense\n")
    outcome = bare("--home", str(home), "list")
    assert outcome.code == 0
    assert not _harmful(outcome.out + outcome.err)


def test_markup_is_text(bare: Program) -> None:
    bare.credentials("[[bold]x[/bold]]\n")
    assert "[bold]x[/bold]" in bare("list").out
