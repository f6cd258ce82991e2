"""Rows for ``rolecall.findings.rules.keys``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
