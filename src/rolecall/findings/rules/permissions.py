"""Files that others can read, or that belong to others."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
