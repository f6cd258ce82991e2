"""The real botocore, to say what is in the demo's home."""

from typing import Any, TypeAlias

import botocore.session
from botocore.utils import JSONFileCache

from rolecall.demo.home import DemoHome

Untyped: TypeAlias = Any
"""Something of botocore's, which ships no types."""


class Oracle:
    """A real session with a profile chosen explicitly, its caches where the AWS CLI has them."""

    def __init__(self, demo: DemoHome, profile: str | None) -> None:
        self.session = botocore.session.Session(profile=profile)
        self.cache = JSONFileCache(str(demo.home / ".aws" / "cli" / "cache"))
        resolver = self.session.get_component("credential_provider")
        for method in ("assume-role", "assume-role-with-web-identity", "sso"):
            resolver.get_provider(method).cache = self.cache

    def credentials(self) -> Untyped:
        return self.session.get_credentials()

    def fetcher(self) -> Untyped:
        """Return what fetches the role, and knows the name of its cache file."""
        refresh = self.credentials()._refresh_using
        return getattr(refresh, "_refresh", refresh).__self__  # with MFA it is wrapped

    def access_key(self) -> str:
        """Return the access key that a command would sign with right now."""
        key: str = self.credentials().get_frozen_credentials().access_key
        return key


class Oracles:
    """Makes an Oracle per profile."""

    def __init__(self, demo: DemoHome) -> None:
        self._demo = demo

    def __call__(self, profile: str | None = None) -> Oracle:
        return Oracle(self._demo, profile)
