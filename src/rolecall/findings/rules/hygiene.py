"""What works, but should not stay so."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
