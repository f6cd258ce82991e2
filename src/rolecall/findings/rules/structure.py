"""Profiles whose settings cannot work: what is to blame, said once however many suffer from it."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
