"""Files that AWS tools refuse, or read otherwise than they look."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
