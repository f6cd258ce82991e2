"""Rows for ``rolecall.findings.rules.environment``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
