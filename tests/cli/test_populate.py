"""``rolecall populate``: the list, the diff, the JSON, and what it leaves unless it is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.login_home import World, login_home
from tests.cli.program import Program


@pytest.fixture
def corp(tmp_path: Path) -> Iterator[tuple[Program, World]]:
    """Return the program over a home that is logged in to corp."""
    with login_home(tmp_path) as world:
        world.keep_token()
        world.stub.answers.accounts["444455556666"] = ("Payments Prod", ("Admin", "ReadOnly"))
        yield Program(world.home, dict(world.host().environ)), world


@pytest.mark.long
def test_it_shows_what_there_is_and_writes_it_once(corp: tuple[Program, World]) -> None:
    program, world = corp
    config = world.home / ".aws" / "config"
    before = config.read_bytes()
    # WHEN it is only to be shown
    shown = program("populate", "corp", "--only", "pay*", "--region", "eu-west-1", "--dry-run")
    assert config.read_bytes() == before
    assert "+[profile payments-prod-Admin]" in shown.lines
    assert "It adds 2 profiles." in shown.err
    # THEN it is written, and a second time there is nothing to do
    written = program("populate", "corp", "--only", "pay*", "--region", "eu-west-1", "--json").json
    assert [each["status"] for each in written["entries"]] == ["new", "new"]
    assert written["written"]
    assert b"[profile payments-prod-ReadOnly]\nsso_session = corp\n" in config.read_bytes()
    again = program("populate", "corp", "--only", "pay*", "--region", "eu-west-1")
    assert again.out == "Populate corp: nothing to change.\n"


@pytest.mark.long
def test_it_says_what_it_leaves_and_by_which_option_it_would_not(corp: tuple[Program, World]) -> None:
    program, _ = corp
    outcome = program("populate", "corp", "--dry-run")
    # AWS does not list Reader, and no profile of the session has a region
    assert "AWS does not list 1 profile for this login (--prune)" in outcome.err
    assert "give --region" in outcome.err
    assert "CANARY" not in outcome.out + outcome.err


def test_to_remove_without_a_terminal_takes_a_yes(corp: tuple[Program, World]) -> None:
    program, world = corp
    assert program("populate", "corp", "--prune").code == 2
    assert world.stub.calls == []
    assert program("populate", "nowhere").code == 1
    assert "is not a region" in program("populate", "corp", "--region", "Ireland").err
