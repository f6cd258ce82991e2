"""Variables of this shell that override, contradict or cripple one another."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
