"""Rows for ``rolecall.findings.rules.shadowing``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
