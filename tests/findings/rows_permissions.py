"""Rows for ``rolecall.findings.rules.permissions``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
