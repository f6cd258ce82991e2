"""A profile's session, with the AWS CLI's providers and cache, and the tasks done with it."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from botocore import credentials, tokens
from botocore.exceptions import ClientError, NoCredentialsError
from botocore.utils import FileWebIdentityTokenLoader

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import clients, responses
from rolecall.actions.worker.cache_writer import RoleCache, TidyCache
from rolecall.actions.worker.credential_process import process_provider
from rolecall.actions.worker.protocol import Wire
from rolecall.aws import cache_files, timestamps
from rolecall.aws.identifiers import account_of_arn
from rolecall.values import dataclass

WRONG_CODE = "That code was not accepted (each is valid once): enter the next one."
_REFUSED = "invalid mfa one time pass code"
_PROMPT = re.compile(r"Enter MFA code for (?P<device>.*): ", re.DOTALL)
_ANY_CODE = "000000"
"""A placeholder for the code in a call that is not sent."""
CACHED = ("assume-role", "assume-role-with-web-identity", "sso")
"""The providers with credentials that the CLIs cache; v1 caches those of the first two."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session with its profile's credentials.

    Attributes:
        session: boto3's session.
        cache: the CLI's cache that it used.
        method: the provider that answered.
        access_key, secret_key, token, account: the credentials.
        expires_at: when they expire, aware, or None where that is unknown.
    """

    session: Any
    cache: RoleCache
    method: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str | None = field(repr=False)
    account: str | None
    expires_at: datetime | None


def open_session(arguments: Mapping[str, Any], wire: Wire) -> OpenSession:
    """Return a session with credentials; the user is asked as often as needed.

    Args:
        arguments: ``profile``; ``cli_cache``, the directory; ``force``, whether its own entry is renewed;
            ``durations``, seconds by role ARN, to ask for instead of the profile's; ``patience``,
            ``scratch``.
        wire: asks the user.

    Raises:
        BotoCoreError, ClientError: what botocore raises.
        ActionFailed: the cache cannot be written, or a process was not allowed to run.
    """
    credentials.JSONFileCache = tidy = partial(TidyCache, scratch=arguments["scratch"], wire=wire)
    tokens.SSOTokenProvider.DEFAULT_CACHE_CLS = staticmethod(tidy)
    credentials.ProcessProvider = process_provider(wire)
    credentials.AssumeRoleCredentialFetcher = _LateAsking
    problems: dict[str, str] = {}
    while True:
        codes = _Codes(wire, problems)
        try:
            return _open(arguments, wire, codes)
        except ClientError as error:
            # a session asks for one code only, so each try has its own
            if codes.last is None or _REFUSED not in str(error).lower():
                raise
            problems = {codes.last: WRONG_CODE}


class _Rehearsed(Exception):  # noqa: N818 - no error: the call would be sent now
    """Raised where a request that is only rehearsed would be sent."""


def _stop(**_: object) -> None:
    raise _Rehearsed


class _LateAsking(credentials.AssumeRoleCredentialFetcher):  # type: ignore[misc]  # botocore ships no types
    """Asks for a code once everything else that the call needs is there: botocore asks first.

    A code is valid once. Without a source's credentials, a region or valid parameters it would be lost; so
    the call is rehearsed up to the moment when it would be sent.
    """

    def _assume_role_kwargs(self) -> Any:  # noqa: ANN401 - botocore's
        if "SerialNumber" in self._assume_kwargs:
            client = self._create_client()
            client.meta.events.register("before-send.sts.AssumeRole", _stop)
            with contextlib.suppress(_Rehearsed):
                client.assume_role(**self._assume_kwargs, TokenCode=_ANY_CODE)
        return super()._assume_role_kwargs()


class _Codes:
    """Asks for MFA codes where botocore would use a terminal."""

    def __init__(self, wire: Wire, problems: dict[str, str]) -> None:
        self._wire = wire
        self._problems = problems
        self.last: str | None = None

    def __call__(self, prompt: str) -> str:
        found = _PROMPT.fullmatch(prompt)
        self.last = device = found["device"] if found else prompt
        return self._wire.code(device, self._problems.pop(device, None))


def _open(arguments: Mapping[str, Any], wire: Wire, codes: _Codes) -> OpenSession:
    session, core = clients.new_session(arguments["profile"], arguments["patience"])
    _listen(session.events, arguments["durations"], wire)
    cache = RoleCache(
        arguments["cli_cache"],
        _own_names(core.full_config, arguments["profile"]),
        is_renewed=arguments["force"],
        scratch=arguments["scratch"],
        wire=wire,
    )
    resolver = core.get_component("credential_provider")
    for method in CACHED:
        resolver.get_provider(method).cache = cache
    resolver.get_provider("assume-role")._prompter = codes  # noqa: SLF001 - there is no other way in
    found = session.get_credentials()
    if found is None:
        raise NoCredentialsError
    frozen = found.get_frozen_credentials()
    return OpenSession(
        session=session,
        cache=cache,
        method=found.method,
        access_key=frozen.access_key,
        secret_key=frozen.secret_key,
        token=frozen.token,
        account=frozen.account_id if isinstance(frozen.account_id, str) else None,
        expires_at=getattr(found, "_expiry_time", None),
    )


def _listen(events: Any, durations: Mapping[str, int], wire: Wire) -> None:  # noqa: ANN401 - botocore ships no types
    """Announce each call before it is made."""
    tell = partial(_tell, wire, durations)
    for operation in ("AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity"):
        events.register(f"before-parameter-build.sts.{operation}", tell)
    events.register("before-parameter-build.sso.GetRoleCredentials", tell)
    events.register("before-parameter-build.sso-oidc.CreateToken", tell)


def _tell(wire: Wire, durations: Mapping[str, int], params: dict[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's
    """Announce a call, and ask for a shorter duration where the user agreed; the file's name stays."""
    match model.name:
        case "AssumeRole" | "AssumeRoleWithWebIdentity":
            arn = str(params.get("RoleArn"))
            wire.tell(f"assuming {arn.rpartition('/')[2]} in {account_of_arn(arn) or 'its account'}")
            if arn in durations and model.name == "AssumeRole":
                params["DurationSeconds"] = durations[arn]
        case "GetRoleCredentials":
            wire.tell(
                f"getting {params.get('roleName')} in {params.get('accountId')} from IAM Identity Center"
            )
        case "CreateToken":
            wire.tell("renewing the SSO token")
        case _:
            wire.tell("asking AWS who this is")


def _own_names(config: Mapping[str, Any], profile: str) -> tuple[str, ...]:
    """Return the names by which the CLIs look up the profile's own entry."""
    settings = config["profiles"].get(profile, {})
    token_file = settings.get("web_identity_token_file")
    if "role_arn" in settings:
        if not token_file:
            return (cache_files.role(settings),)
        # a FIFO can be read only once, and the call has to read it
        token = FileWebIdentityTokenLoader(token_file)() if Path(token_file).is_file() else None
        return cache_files.web_identity(settings, token)
    if {"sso_role_name", "sso_account_id"} <= settings.keys():
        merged = {**settings, **config.get("sso_sessions", {}).get(settings.get("sso_session"), {})}
        return (cache_files.sso_role(merged),) if "sso_start_url" in merged else ()
    return ()


def assume_role(arguments: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    """Assume a profile's role, and leave its credentials in the AWS CLI's cache.

    Returns:
        ``stem`` of the entry's file, ``arn``, ``expires_at``, ``was_cached``.
    """
    opened = open_session(arguments, wire)
    entry = opened.cache.read() if opened.method in CACHED else None
    if entry is None:
        message = f"its credentials come from {opened.method}, which does not cache them in a file"
        raise ActionFailed("NotApplicable", message)
    return {
        "stem": opened.cache.own[0],
        "arn": entry.get("AssumedRoleUser", {}).get("Arn"),
        "expires_at": entry["Credentials"]["Expiration"],
        "was_cached": not opened.cache.is_fresh,
    }


def credentials_of(arguments: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    """Return a profile's ``access_key``, ``secret_key``, ``token``, ``account``, ``expires_at``, or nulls."""
    opened = open_session(arguments, wire)
    end = opened.expires_at
    return {
        "access_key": opened.access_key,
        "secret_key": opened.secret_key,
        "token": opened.token,
        "account": opened.account,
        "expires_at": None if end is None else timestamps.instant(end.isoformat()).isoformat(),
    }


def caller_identity(arguments: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    """Ask STS for the ``account``, ``arn`` and ``user_id`` of a profile's credentials."""
    opened = open_session(arguments, wire)
    sts = opened.session.client(
        "sts",
        aws_access_key_id=opened.access_key,
        aws_secret_access_key=opened.secret_key,
        aws_session_token=opened.token,
    )
    answer = sts.get_caller_identity()
    return {
        "account": responses.text(answer, "Account"),
        "arn": responses.text(answer, "Arn"),
        "user_id": responses.text(answer, "UserId"),
    }
