"""Headers of sections that AWS tools drop, replace, or take for something else."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
