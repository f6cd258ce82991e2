"""Logins that are missing, over, or damaged: SSO tokens, registrations, `aws login`."""

from rolecall.findings.finding import Rule

RULES: tuple[Rule, ...] = ()
