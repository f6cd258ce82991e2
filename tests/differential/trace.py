"""What botocore does on its way to an answer: the roles it walks through, the cache keys it makes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from unittest import mock

from botocore import credentials
from botocore.exceptions import BotoCoreError

Botocore: TypeAlias = Any
"""An object of botocore's, or a value from its parser: neither has types to check."""


@dataclass(frozen=True, slots=True)
class Step:
    """One hop of a chain, as botocore walked it; provider is None where it got no further."""

    profile: str | None
    provider: str | None
    role_arn: Botocore = None


@dataclass(slots=True)
class Fetcher:
    """A cached fetcher that botocore made for a profile: its class and the key of its cache entry."""

    kind: str
    cache_key: str
    arguments: Mapping[str, Botocore]


@dataclass(slots=True)
class Trace:
    """What botocore did on its way to an answer."""

    steps: list[Step] = field(default_factory=list)
    fetchers: list[Fetcher] = field(default_factory=list)
    web_role_arn: Botocore = None


@contextmanager
def watched(trace: Trace) -> Iterator[Trace]:
    """Note in a Trace the roles that botocore walks through, and the cache keys that it makes."""
    provider = credentials.AssumeRoleProvider
    role = provider._load_creds_via_assume_role
    validate = provider._validate_source_profile
    from_profile = provider._resolve_credentials_from_profile
    from_source = provider._resolve_credentials_from_source

    def via_role(self: Botocore, name: str) -> Botocore:
        settings = self._loaded_config["profiles"][name]
        trace.steps.append(Step(name, provider.METHOD, settings["role_arn"]))
        return role(self, name)

    def validated(self: Botocore, parent: str, source: Botocore) -> None:
        try:
            validate(self, parent, source)
        except BotoCoreError:
            trace.steps.append(Step(source, None))
            raise

    def via_profile(self: Botocore, name: str) -> Botocore:
        before = len(trace.steps)
        found = None
        trace.web_role_arn = None
        try:
            found = from_profile(self, name)
        finally:
            if len(trace.steps) == before:
                step = Step(name, found.method, trace.web_role_arn) if found else Step(name, None)
                trace.steps.append(step)
        return found

    def via_source(self: Botocore, source: str, name: str) -> Botocore:
        found = None
        try:
            found = from_source(self, source, name)
        finally:
            trace.steps.append(Step(None, found.method if found else None))
        return found

    with (
        mock.patch.object(provider, "_load_creds_via_assume_role", via_role),
        mock.patch.object(provider, "_validate_source_profile", validated),
        mock.patch.object(provider, "_resolve_credentials_from_profile", via_profile),
        mock.patch.object(provider, "_resolve_credentials_from_source", via_source),
        mock.patch.object(credentials.CachedCredentialFetcher, "__init__", _noting(trace)),
    ):
        yield trace


_fetcher_init = credentials.CachedCredentialFetcher.__init__


def _noting(trace: Trace) -> Callable[..., None]:
    def init(self: Botocore, *args: Botocore, **kwargs: Botocore) -> None:
        if hasattr(self, "_web_identity_token_loader"):
            trace.web_role_arn = self._role_arn
        _fetcher_init(self, *args, **kwargs)
        trace.fetchers.append(Fetcher(type(self).__name__, self._cache_key, vars(self)))

    return init
