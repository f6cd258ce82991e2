"""Lists the accounts of an SSO session, and the permission sets that one may use in each."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from itertools import islice
from typing import Any

from botocore import UNSIGNED, exceptions, tokens
from botocore.config import Config

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import clients, responses
from rolecall.actions.worker.cache_writer import TidyCache
from rolecall.actions.worker.protocol import Wire

MOST_ACCOUNTS, MOST_ROLES = 20_000, 1000
"""Accounts, and permission sets of one account, that are taken: AWS's own limits are lower."""
AT_ONCE = 4
"""Accounts that are asked for at once: the portal allows some twenty calls a second."""
_TRIES = 8
"""Tries of a call that is throttled, later and later (botocore's adaptive mode)."""
_HOLDER = "rolecall: the login"
"""The name of a made-up profile with the session: botocore's token provider starts from a profile."""
_PAGE = {"PageSize": 100}
_CHOOSING = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
_NOT_LOGGED_IN = (exceptions.SSOError, exceptions.TokenRetrievalError, exceptions.InvalidConfigError)


def list_accounts(arguments: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    """Return what the user of a login may use; a token that has ended is refreshed first, as AWS tools do.

    Args:
        arguments: ``session``, ``region``, ``profile`` (one with the login's settings, or None),
            ``patience``, ``scratch``.
        wire: is told how far it is.

    Returns:
        ``accounts``: for each {``id``, ``name``, ``roles``}, in the order of the names.

    Raises:
        ActionFailed: there is no login that is still good.
        BotoCoreError, ClientError: what botocore raises.
    """
    if arguments["profile"] is None:  # a login that no profile uses: none of another shell's matters
        for name in _CHOOSING:
            os.environ.pop(name, None)
    session, core = clients.new_session(arguments["profile"], arguments["patience"])
    token = _access_token(core, arguments, wire)
    client = session.client(
        "sso",
        region_name=arguments["region"],
        config=Config(
            signature_version=UNSIGNED,
            retries={"mode": "adaptive", "total_max_attempts": _TRIES},
            max_pool_connections=AT_ONCE,
        ),
    )
    try:
        with wire.waiting():  # each call has its own time limit, and what is throttled waits on purpose
            return {"accounts": _all(client, token, wire)}
    except client.exceptions.UnauthorizedException as error:
        raise _log_in(arguments["session"], str(error)) from error


def _access_token(core: Any, arguments: Mapping[str, Any], wire: Wire) -> str:  # noqa: ANN401 - botocore's
    """Return the session's access token, refreshed where it must be."""
    tokens.SSOTokenProvider.DEFAULT_CACHE_CLS = staticmethod(
        partial(TidyCache, scratch=arguments["scratch"], wire=wire)
    )
    core.full_config["profiles"][_HOLDER] = {"sso_session": arguments["session"]}
    try:
        token = tokens.SSOTokenProvider(core, profile_name=_HOLDER).load_token()
        found = None if token is None else token.get_frozen_token().token
    except _NOT_LOGGED_IN as error:
        raise _log_in(arguments["session"], str(error)) from error
    if not isinstance(found, str) or not found:
        raise _log_in(arguments["session"], "there is no token")
    return found


def _log_in(session: str, words: str) -> ActionFailed:
    return ActionFailed(
        "UnauthorizedSSOTokenError",
        f"you are not logged in to {session}: {words}",
        cure=f"log in: rolecall login {session}",
        command="login",
    )


def _all(client: Any, token: str, wire: Wire) -> list[dict[str, object]]:  # noqa: ANN401 - botocore's
    wire.tell("listing the accounts")
    pages = client.get_paginator("list_accounts").paginate(accessToken=token, PaginationConfig=_PAGE)
    found = islice((each for page in pages for each in page["accountList"]), MOST_ACCOUNTS)
    accounts = {responses.text(each, "accountId"): str(each.get("accountName") or "") for each in found}
    roles: dict[str, list[str]] = {}
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        jobs = {pool.submit(_roles, client, token, account): account for account in accounts}
        for number, job in enumerate(as_completed(jobs), start=1):
            roles[jobs[job]] = job.result()
            wire.tell(f"listing the permission sets: {number} of {len(accounts)} accounts")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [
        {"id": account, "name": accounts[account], "roles": sorted(roles[account])}
        for account in sorted(accounts, key=lambda each: (accounts[each].casefold(), each))
    ]


def _roles(client: Any, token: str, account: str) -> list[str]:  # noqa: ANN401 - botocore's
    pages = client.get_paginator("list_account_roles").paginate(
        accessToken=token, accountId=account, PaginationConfig=_PAGE
    )
    found = islice((each for page in pages for each in page["roleList"]), MOST_ROLES)
    return [responses.text(each, "roleName") for each in found]
