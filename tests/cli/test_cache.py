"""``rolecall cache list`` for a person."""

import re

import pytest

from tests.cli.program import Program, role_file


def test_each_file_is_a_row(rolecall: Program) -> None:
    row = re.split(r" {2,}", rolecall("cache", "list").lines[1])
    assert row[:5] == ["● valid", "role", "admin", "43m 10s", "arn:aws:sts::123456789012:assumed-role/Dev/me"]
    assert re.fullmatch(r"~/\.aws/cli/cache/[0-9a-f]{40}\.json", row[5])


def test_a_problem_is_said_in_words(rolecall: Program) -> None:
    rolecall.write("cli/cache/ffff.json", role_file("2026-03-01T13:00:00Z"))
    assert "orphan: no profile here uses it" in rolecall("cache", "list").out


def test_an_empty_cache_says_where_it_looked(bare: Program) -> None:
    assert bare("cache", "list").out == (
        "No cache entries. Looked in "
        "~/.aws/cli/cache, ~/.aws/sso/cache, ~/.aws/login/cache, ~/.aws/boto/cache.\n"
    )


@pytest.mark.parametrize("width", [40, 80, 200])
def test_it_fits_the_terminal(rolecall: Program, width: int) -> None:
    rolecall.write(
        "cli/cache/ffff.json", role_file("2026-03-01T13:00:00Z", arn="arn:aws:sts::1:" + "開" * 200)
    )
    assert rolecall("cache", "list", width=width).widest <= width
