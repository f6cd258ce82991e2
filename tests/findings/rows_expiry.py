"""Rows for ``rolecall.findings.rules.expiry``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
