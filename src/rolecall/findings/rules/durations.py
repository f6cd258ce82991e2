"""How long roles are asked for, and what AWS makes of that."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
