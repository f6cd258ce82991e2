"""Rows for ``rolecall.findings.rules.caches``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
