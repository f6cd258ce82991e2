"""Settings that no AWS tool knows, or whose values are not what they look like."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
