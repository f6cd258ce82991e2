"""Homes with caches in a few lines, for the tests of what is deleted and what that costs."""

from collections.abc import Iterable
from pathlib import Path

from rolecall.actions import clear_cache
from rolecall.actions.clear_cache import Deletion
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.snapshot import Snapshot
from tests.aws.cases import SESSION, SSO_ROLE, keys, role

MFA = "mfa_serial = arn:aws:iam::123456789012:mfa/me\n"
BASE = f"[base]\n{keys('BASE')}"
TEMPORARY = (
    "[base]\naws_access_key_id = ASIABASEEXAMPLE\naws_secret_access_key = CANARY\n"
    "aws_session_token = CANARY\n"
)
IN_SESSION = f"{SESSION}[profile sso]\nsso_session = corp\n{SSO_ROLE}"
X_OVER_BASE = f"[profile x]\n{role('x', 'base')}"
X_OVER_SSO = f"{IN_SESSION}[profile x]\n{role('x', 'sso')}"
X_OVER_M = f"[profile x]\n{role('x', 'm')}[profile m]\n{role('m', 'base')}"


def path_of(snapshot: Snapshot, name: str) -> Path:
    """Return where a file is that ``make_home`` names ``cli/abc.json``."""
    directory, _, file = name.partition("/")
    return snapshot.host.home / ".aws" / directory / "cache" / file


def entry(snapshot: Snapshot, name: str) -> CacheEntry:
    """Return the entry of a file, named in the same way."""
    path = path_of(snapshot, name)
    return next(found for found in snapshot.entries if found.path == path)


def plan(snapshot: Snapshot, *names: str) -> tuple[Deletion, ...]:
    """Return what deleting some files together costs."""
    return clear_cache.plan(snapshot, [entry(snapshot, name) for name in names])


def named(entries: Iterable[CacheEntry]) -> set[str]:
    """Return the names of entries in the same way."""
    return {f"{found.path.parent.parent.name}/{found.path.name}" for found in entries}
