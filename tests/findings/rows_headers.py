"""Rows for ``rolecall.findings.rules.headers``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
