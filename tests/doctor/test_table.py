"""Every rule: a home that has it, a near miss that has not, and the fix that makes it go away."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.registry import RULES, examine
from rolecall.host import Host
from tests.doctor import (
    rows_caches,
    rows_durations,
    rows_environment,
    rows_expiry,
    rows_files,
    rows_headers,
    rows_hygiene,
    rows_keys,
    rows_logins,
    rows_permissions,
    rows_portals,
    rows_precedence,
    rows_roles,
    rows_settings,
)
from tests.doctor.mending import mend
from tests.doctor.rows import Row
from tests.homes import make_home

ROWS: tuple[Row, ...] = (
    *rows_files.ROWS,
    *rows_headers.ROWS,
    *rows_settings.ROWS,
    *rows_roles.ROWS,
    *rows_logins.ROWS,
    *rows_portals.ROWS,
    *rows_keys.ROWS,
    *rows_expiry.ROWS,
    *rows_durations.ROWS,
    *rows_environment.ROWS,
    *rows_precedence.ROWS,
    *rows_caches.ROWS,
    *rows_permissions.ROWS,
    *rows_hygiene.ROWS,
)
OUT_OF_REACH = {"unexplained", "no-home"}
"""The rules for errors that no other rule knows, and for no home: other tests prove them."""
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def look(host: Host) -> tuple[Finding, ...]:
    return examine(Snapshot.take(host)).all


def find(findings: Iterable[Finding], row: Row) -> list[Finding]:
    return [each for each in findings if (each.code, each.subject.name) == (row.code, row.subject)]


def errors(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    return {(each.code, each.subject.name) for each in findings if each.severity is Severity.ERROR}


@pytest.fixture
def world(row: Row, tmp_path: Path) -> Host:
    host = make_home(tmp_path / "home", **row.here)  # type: ignore[arg-type]  # as make_home has them
    row.prepare(host.home)
    return host


def test_every_rule_has_a_row_and_every_row_a_rule() -> None:
    assert {row.code for row in ROWS} == {rule.code for rule in RULES} - OUT_OF_REACH


@each_row
def test_a_home_that_has_it_is_told_so(row: Row, world: Host) -> None:
    # WHEN
    found = find(look(world), row)
    # THEN
    assert len(found) == 1
    said = "\n".join((found[0].message, found[0].consequence, *found[0].evidence))
    assert [words for words in row.says if words not in said] == []
    if row.profiles is not None:
        assert found[0].profiles == row.profiles


@each_row
def test_a_near_miss_is_not(row: Row, tmp_path: Path) -> None:
    # GIVEN
    host = make_home(tmp_path / "home", **row.near)  # type: ignore[arg-type]  # as make_home has them
    row.prepare_near(host.home)
    # THEN
    assert find(look(host), row) == []


@each_row
def test_its_fix_makes_it_go_away_and_breaks_nothing_else(row: Row, world: Host) -> None:
    # GIVEN
    before = look(world)
    # WHEN
    mended = mend(world, find(before, row)[0].fix, row)
    after = look(mended)
    # THEN
    text = "".join(file.text for file in Snapshot.take(mended).files)
    assert [what for what in row.keeps if what not in mended.environ and what not in text] == []
    assert find(after, row) == []
    assert errors(after) - errors(before) == set()
