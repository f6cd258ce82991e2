"""Rows for ``rolecall.findings.rules.files``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
