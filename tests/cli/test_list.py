"""``rolecall list`` for a person."""

import re
from datetime import timedelta

import pytest

from tests.cli.program import NOW, Program, role_file


def _row(rolecall: Program, name: str) -> list[str]:
    rows = [re.split(r" {2,}", line) for line in rolecall("list").lines]
    return next(row for row in rows if row[1] == name)


def test_each_profile_has_its_state_its_kind_its_provider_its_region_and_its_end(rolecall: Program) -> None:
    assert _row(rolecall, "admin") == [
        "● valid",
        "admin",
        "role",
        "assume-role",
        "eu-central-1",
        "43m 10s",
        "automatic",
    ]


def test_keys_have_no_end(rolecall: Program) -> None:
    row = _row(rolecall, "base")
    assert row == ["∞ permanent", "base", "keys", "shared-credentials-file", "us-east-1", "-", "-"]


def test_a_broken_profile_shows_the_error_in_place_of_a_provider_and_says_why(rolecall: Program) -> None:
    row = _row(rolecall, "lost")
    assert (row[0], row[3]) == ("! broken", "InvalidConfigError")
    assert row[6] == 'fails: The source_profile "nobody" referenced in the profile "lost" does not exist.'


def test_what_is_past_says_for_how_long(rolecall: Program) -> None:
    for path in (rolecall.aws / "cli" / "cache").iterdir():
        path.unlink()
    rolecall.config("[profile a]\nrole_arn = r\nsource_profile = base\n")
    stem = rolecall("list", "--json").json["profiles"][0]["cache_file"]
    rolecall.write(f"cli/cache/{stem}", role_file((NOW - timedelta(hours=3)).isoformat()))
    assert _row(rolecall, "a")[0::5] == ["✗ expired", "3h ago"]


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_it_fits_the_terminal(rolecall: Program, width: int) -> None:
    rolecall.config("[profile 開発環境開発環境開発環境]\n[profile " + "x" * 10_000 + "]\n")
    assert rolecall("list", width=width).widest <= width


def test_at_forty_columns_state_name_and_time_are_still_there(rolecall: Program) -> None:
    lines = rolecall("list", width=40).lines
    assert lines[0].split() == ["STATE", "PROFILE", "LEFT"]
    assert "\x1b[32m● valid\x1b[0m      admin    43m 10s" in lines


@pytest.mark.parametrize("width", [80, 100, 120, 140, 200])
def test_a_name_comes_before_a_region_and_a_reason_is_whole_or_left_out(
    rolecall: Program, width: int
) -> None:
    # GIVEN names of up to 26 characters, a region for each, and reasons of many words
    names = [f"payments-{place}-readonly-{number}" for place in ("dev", "prod") for number in range(3)]
    rolecall.config(
        "".join(
            f"[profile {name}]\nregion = ap-southeast-2\nrole_arn = arn:aws:iam::123456789012:role/Audit\n"
            f"source_profile = nowhere\n"
            for name in names
        )
    )
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in rolecall("list", width=width).lines]
    assert all(any(name in line for line in lines) for name in names)
    assert not [line for line in lines if re.search(r"\bap-\S*…|fails: .*…$", line)]


def test_colour_is_on_states_alone_and_only_on_a_terminal_that_wants_it(rolecall: Program) -> None:
    assert "\x1b[1;31m! broken\x1b[0m" in rolecall("list", width=200).out
    assert "\x1b" not in rolecall("list").out
    rolecall.environ["NO_COLOR"] = "1"
    assert "\x1b" not in rolecall("list", width=200).out
    rolecall.environ |= {"NO_COLOR": "", "TERM": "dumb"}
    assert "\x1b" not in rolecall("list", width=200).out


def test_what_is_piped_is_not_cut(rolecall: Program) -> None:
    rolecall.environ["COLUMNS"] = "40"
    name = "n" * 300
    rolecall.config(f"[profile {name}]\n")
    assert name in rolecall("list").out


def test_a_terminal_without_our_characters_gets_ascii(rolecall: Program) -> None:
    outcome = rolecall("list", encoding="ascii")
    assert outcome.out.isascii()
    assert "* valid" in outcome.out


def test_a_file_that_is_not_ok_is_named_with_its_line_on_stderr(rolecall: Program) -> None:
    rolecall.config("[profile a]\nregion\n")
    outcome = rolecall("list")
    assert outcome.code == 0
    assert outcome.err == (
        "rolecall: ~/.aws/config:2: a line that is neither a [section] nor key = value; "
        "every AWS command fails with ConfigParseError until this is fixed\n"
    )
    assert "~/.aws/config (unparseable)" in outcome.out


def test_a_dangling_symlink_and_a_directory_are_named_on_stderr(rolecall: Program) -> None:
    (rolecall.aws / "credentials").unlink()
    (rolecall.aws / "credentials").symlink_to("/nowhere/at/all")
    (rolecall.aws / "config").unlink()
    (rolecall.aws / "config").mkdir()
    err = rolecall("list").err
    assert "~/.aws/credentials: is a broken symlink to /nowhere/at/all" in err
    assert "~/.aws/config: is a directory" in err


def test_a_file_that_just_is_not_there_is_no_news(rolecall: Program) -> None:
    (rolecall.aws / "credentials").unlink()
    assert not rolecall("list").err


def test_a_first_run_says_where_it_looked_and_offers_the_demo(bare: Program) -> None:
    outcome = bare("list")
    assert outcome.code == 0
    assert outcome.lines == [
        "No profiles. Looked in ~/.aws/config (missing) and ~/.aws/credentials (missing).",
        "`rolecall demo` opens a made-up home, to try rolecall.",
    ]
