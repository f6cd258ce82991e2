"""The real botocore, to say what is in the demo's home."""

import subprocess
import sys
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


_CLI_V1 = """
import sys
import awscli.botocore.session
from awscli.customizations.assumerole import inject_assume_role_provider_cache
session = awscli.botocore.session.Session(profile=sys.argv[1])
inject_assume_role_provider_cache(session)
credentials = session.get_credentials()
print(credentials._refresh_using.__self__._cache_key)
print(credentials.get_frozen_credentials().access_key)
"""


def ask_cli_v1(demo: DemoHome, profile: str) -> tuple[str, str]:
    """Return the name of the cache file that the real CLI v1 looks for, and its access key.

    In a process of its own: whoever imports awscli gets its botocore for the real one from then on.
    """
    environ = {
        "HOME": str(demo.home),
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",  # nobody there
        "AWS_MAX_ATTEMPTS": "1",
    }
    command = [sys.executable, "-c", _CLI_V1, profile]
    answer = subprocess.run(command, env=environ, check=True, capture_output=True, text=True, timeout=60)
    key, access_key = answer.stdout.split()
    return key, access_key
