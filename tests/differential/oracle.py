"""The oracle: what the real boto3 says of a home, in this process, with no network and no other process.

Only what would leave the process is replaced: a credential_process counts as answering, a container endpoint
as answering where its variables are set, and instance metadata as silent, except for a role that names it as
its credential_source, which answers unless AWS_EC2_METADATA_DISABLED forbids asking.

AWS CLI v1 and v2 are botocore with six differences each of which is one documented fact: both read the
profile before they do anything else, though v2 makes its providers before; v1 puts the web identity token's
text into its cache key and so reads the token file at once; v2 looks at AWS_PROFILE before
AWS_DEFAULT_PROFILE and at AWS_REGION before AWS_DEFAULT_REGION, and always has CRT, and two other sentences
for a login that cannot be loaded (``LoginCredentialFetcher.load_cached_credentials`` in
awscli/botocore/credentials.py).
"""

import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import boto3.session
import botocore.session
from botocore import credentials, httpsession, tokens, utils

from tests.differential.trace import Botocore, Step, Trace, watched

TOOLS = ("boto3", "cli_v1", "cli_v2")

SESSION_VARIABLES = {
    "boto3": {},
    "cli_v1": {},
    "cli_v2": {
        "profile": (None, ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"], None, None),
        "region": ("region", ["AWS_REGION", "AWS_DEFAULT_REGION"], None, None),
    },
}

NOT_ASKED = "not asked"
"""Stands for the keys that only a process or an endpoint could have told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What botocore gives for one choice of a profile.

    Attributes:
        provider: the METHOD name of the credentials, or None.
        error: the class name of the exception; NoCredentialsError where botocore returns None.
        message: what the exception says.
        access_key: the access key id, where it is known before anything is fetched.
        chain: the hops, the profile itself first.
        region: what the tool's clients would use.
    """

    provider: str | None
    error: str | None
    message: str | None
    access_key: Botocore
    chain: tuple[Step, ...]
    region: Botocore


@dataclass(frozen=True, slots=True)
class Oracle:
    """The real botocore over one home.

    Attributes:
        place: the home directory.
        environ: the whole environment, HOME included.
        has_crt: whether ``awscrt`` is installed.
    """

    place: Path
    environ: Mapping[str, str]
    has_crt: bool = False

    def profiles(self) -> dict[str, dict[str, Botocore]] | None:
        """Return the merged profiles in botocore's order, or None where a file does not parse."""
        with self.world("boto3"):
            try:
                return dict(self._session("boto3", None).full_config["profiles"])
            except botocore.exceptions.ConfigParseError:
                return None

    def ask(self, tool: str = "boto3", profile: str | None = None) -> Answer:
        """Say what a tool would use for a profile that is named, or (None) for the environment's choice."""
        return self.trace(tool, profile)[0]

    def trace(self, tool: str = "boto3", profile: str | None = None) -> tuple[Answer, Trace]:
        """Answer, and say what happened on the way."""
        with self.world(tool):
            return self.trace_inside(tool, profile)

    def trace_inside(self, tool: str, profile: str | None = None) -> tuple[Answer, Trace]:
        """As ``trace``, inside the tool's ``world``: for those who have many questions."""
        with watched(Trace()) as trace:
            session = self._session(tool, profile)
            provider, fault, key = _load(session, tool)
            error, message = fault if tool != "cli_v2" else _in_words_of_v2(fault)
            # a session that has seen ConfigParseError once goes on with half of the settings
            fresh = session if error != "ConfigParseError" else self._session(tool, profile)
            region = _region(fresh)
            chain = _chain(trace, profile, provider)
        return Answer(provider, error, message, key, chain, region), trace

    def ambient_profile(self, tool: str) -> str | None:
        """Return the profile that the environment chooses for a tool, or None."""
        with self.world(tool):
            return self.ambient_profile_inside(tool)

    def ambient_profile_inside(self, tool: str) -> str | None:
        """As ``ambient_profile``, inside the tool's ``world``."""
        return self._session(tool, None).profile  # type: ignore[no-any-return]

    def _session(self, tool: str, profile: str | None) -> Botocore:
        # the built-in handlers are for clients: without them a session costs a tenth
        return botocore.session.Session(
            session_vars=SESSION_VARIABLES[tool], include_builtin_handlers=False, profile=profile
        )

    @contextmanager
    def world(self, tool: str) -> Iterator[None]:
        """Make this process one in which a tool would run, until the end of the block."""
        caches = str(self.place / ".aws")
        has_crt = self.has_crt or tool == "cli_v2"
        with ExitStack() as stack:
            enter = stack.enter_context
            enter(warnings.catch_warnings(action="ignore"))  # dateutil's, over unknown time zones
            enter(mock.patch.dict(os.environ, self.environ, clear=True))
            enter(mock.patch.object(credentials, "EC", object() if has_crt else None))
            for provider in (credentials.SSOProvider, tokens.SSOTokenProvider):
                enter(mock.patch.object(provider, "_SSO_TOKEN_CACHE_DIR", f"{caches}/sso/cache"))
            enter(mock.patch.object(utils.JSONFileCache, "CACHE_DIR", f"{caches}/boto/cache"))
            boto = [f"{self.place}/etc/boto.cfg", "~/.boto"]
            enter(mock.patch.object(credentials.BotoProvider, "DEFAULT_CONFIG_FILENAMES", boto))
            for target, name, replacement in QUIET:
                enter(mock.patch.object(target, name, replacement))
            if tool == "cli_v1":
                web = credentials.AssumeRoleWithWebIdentityCredentialFetcher
                enter(mock.patch.object(web, "_create_cache_key", _v1_web_identity_key))
            yield


Fault = tuple[str | None, str | None]
"""The class name of an exception and what it says; twice None where there is none."""
NONE: Fault = (None, None)


def _load(session: Botocore, tool: str) -> tuple[str | None, Fault, Botocore]:
    """Return provider, fault and access key of a session."""
    try:
        if tool == "boto3":
            session = boto3.session.Session(botocore_session=session)
        elif tool == "cli_v1":
            session.get_scoped_config()
        else:
            # its plugins, then its providers (``session-initialized``), and only then the profile
            assert session.full_config is not None
            session.get_component("credential_provider")
            session.get_scoped_config()
        found = session.get_credentials()
    except Exception as error:  # noqa: BLE001 - whatever botocore raises is the answer
        return None, _fault(error), None
    if found is None:
        return None, _fault(botocore.exceptions.NoCredentialsError()), None
    if isinstance(found, credentials.DeferredRefreshableCredentials):
        return found.method, NONE, None
    key = found._access_key if isinstance(found, credentials.RefreshableCredentials) else found.access_key
    key = None if key == NOT_ASKED else key
    return found.method, _frozen_fault(found), key


def _in_words_of_v2(fault: Fault) -> Fault:
    error, message = fault
    if error != "LoginTokenLoadError" or message is None:
        return fault
    message = message.replace(". Please reauthenticate with", ", Please reauthenticate with")
    return error, re.sub("missing required fields: .*", "missing one or more required fields.", message)


def _fault(error: Exception) -> Fault:
    return type(error).__name__, str(error)


def _frozen_fault(found: Botocore) -> Fault:
    """Say what botocore raises at the first use of keys from the environment that carry an end."""
    if found.method != "env":
        return NONE
    try:
        found.get_frozen_credentials()
    except Exception as error:  # noqa: BLE001 - as above
        return _fault(error)
    return NONE


def _region(session: Botocore) -> Botocore:
    try:
        return session.get_config_variable("region")
    except botocore.exceptions.BotoCoreError:
        return None


def _chain(trace: Trace, profile: str | None, provider: str | None) -> tuple[Step, ...]:
    if trace.steps:
        return tuple(trace.steps)
    role_arn = trace.web_role_arn if provider == "assume-role-with-web-identity" else None
    # a profile with an empty name cannot be had: botocore takes the default one in its place
    return (Step(profile or "default", provider, role_arn),)


def _answers(method: str) -> credentials.Credentials:
    return credentials.Credentials(NOT_ASKED, NOT_ASKED, method=method)


def _process(self: Botocore) -> credentials.Credentials | None:
    return None if self._credential_process is None else _answers(self.METHOD)


def _container(self: Botocore) -> credentials.Credentials:
    return _answers(self.METHOD)


_source_credentials = credentials.CanonicalNameCredentialSourcer.source_credentials


def _source(self: Botocore, name: str) -> Botocore:
    if name != credentials.InstanceMetadataProvider.CANONICAL_NAME:
        return _source_credentials(self, name)
    provider = self._get_provider(name)
    return None if provider._role_fetcher._disabled else _answers(provider.METHOD)


def _v1_web_identity_key(self: Botocore) -> str:
    """Make the cache key as CLI v1's own copy of botocore does: with the token's text, read here and now."""
    with mock.patch.dict(self._assume_kwargs, WebIdentityToken=self._web_identity_token_loader()):
        return str(_role_key(self))


_role_key = credentials.BaseAssumeRoleCredentialFetcher._create_cache_key

QUIET: tuple[tuple[Botocore, str, Botocore], ...] = (
    (credentials.ProcessProvider, "load", _process),
    (credentials.ContainerProvider, "_retrieve_or_fail", _container),
    (utils.InstanceMetadataFetcher, "retrieve_iam_role_credentials", lambda _self: {}),
    (credentials.CanonicalNameCredentialSourcer, "source_credentials", _source),
    # an SSL context costs more than all the rest, and nothing is ever sent
    (httpsession.URLLib3Session, "_get_ssl_context", lambda _self: None),
)
