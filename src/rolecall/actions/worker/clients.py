"""boto3's sessions and clients: each call is tried once, within the time given; its answer has a bound."""

from typing import Any

from botocore import UNSIGNED
from botocore.config import Config

from rolecall.actions.worker import responses

_CONNECTING, _READING = 0.4, 0.8
"""Parts of the patience after which a connection, an answer is given up: the error is botocore's own then."""


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
            retries={"total_max_attempts": 1},  # an MFA code serves once, and the user can ask again
        )
    )
    return boto3.session.Session(botocore_session=core), core


def unsigned_client(service: str, region: str | None, profile: str | None, patience: float) -> Any:  # noqa: ANN401 - boto3's
    """Make a client that signs nothing, as CLI v2 does for ``sso-oidc``: it looks for no credentials.

    The profile's own settings count: a CA bundle, an endpoint, dual stack.
    """
    session, _ = new_session(profile, patience)
    return session.client(service, region_name=region, config=Config(signature_version=UNSIGNED))
