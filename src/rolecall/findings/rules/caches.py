"""Cache files that are damaged, nobody's, or shared by mistake."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
