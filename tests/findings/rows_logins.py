"""Rows for ``rolecall.findings.rules.logins``."""

from tests.findings.rows import Row

ROWS: tuple[Row, ...] = ()
