"""Rows for ``rolecall.findings.rules.durations``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
