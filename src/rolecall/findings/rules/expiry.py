"""Credentials that have ended, or will soon."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
