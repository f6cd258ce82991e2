"""Rows for ``rolecall.findings.rules.hygiene``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
