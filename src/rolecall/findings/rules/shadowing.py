"""Settings in one place that make AWS tools ignore those in another."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
