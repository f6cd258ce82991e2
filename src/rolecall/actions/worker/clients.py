"""boto3's sessions and clients: each call is tried once, with a time limit and a limit for its answer."""

from typing import Any

from botocore import UNSIGNED
from botocore.config import Config

from rolecall.actions.worker import responses

_CONNECTING, _READING = 0.4, 0.8
"""Shares of the patience for the connection and the answer: then botocore raises its own error."""


def new_session(profile: str | None, patience: float) -> tuple[Any, Any]:
    """Return a boto3 session, and the botocore session below it, whose providers can be replaced.

    Args:
        profile: its name; None for the one that the environment chooses.
        patience: seconds for each call.

    Raises:
        ProfileNotFound, ConfigParseError: boto3 looks for ``data_path`` in the profile as it makes a session.
    """
    # not before it is wanted: a logout without a token makes no call
    import boto3.session  # noqa: PLC0415
    import botocore.session  # noqa: PLC0415

    core = botocore.session.Session(profile=profile)
    responses.watch(core)
    core.set_default_client_config(
        Config(
            connect_timeout=patience * _CONNECTING,
            read_timeout=patience * _READING,
            retries={"total_max_attempts": 1},  # an MFA code is valid once, and the user can try again
        )
    )
    return boto3.session.Session(botocore_session=core), core


def unsigned_client(service: str, region: str | None, profile: str | None, patience: float) -> Any:  # noqa: ANN401 - boto3's
    """Make a client that signs nothing, as CLI v2 does for ``sso-oidc``: it looks for no credentials.

    It uses the profile's own settings: a CA bundle, an endpoint, dual stack.
    """
    session, _ = new_session(profile, patience)
    return session.client(service, region_name=region, config=Config(signature_version=UNSIGNED))
