"""Rows for ``rolecall.findings.rules.structure``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
