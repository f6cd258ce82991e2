"""``rolecall cache list`` for a person."""

import hashlib
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


def test_of_many_profiles_one_is_named_and_the_others_are_counted(rolecall: Program) -> None:
    # GIVEN one login that twelve profiles use
    session = "[sso-session corp]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n"
    names = [f"team-{number:02}" for number in range(12)]
    rolecall.config(session + "".join(f"[profile {name}]\nsso_session = corp\n" for name in names))
    token = hashlib.sha1(b"corp").hexdigest()  # noqa: S324 - as botocore names it
    rolecall.write(f"sso/cache/{token}.json", {"accessToken": "x", "expiresAt": "2026-03-01T13:00:00Z"})
    # THEN none is left out without a word; and what is piped has them all
    assert "team-00 and 11 more" in rolecall("cache", "list", width=200).out
    assert ", ".join(names) in rolecall("cache", "list").out
