"""What calls AWS: boto3's sessions and clients, which try once and read bounded answers; ``sso/cache``."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3.session
import botocore.session
from botocore import UNSIGNED
from botocore.config import Config

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import responses
from rolecall.aws import paths

_CONNECTING, _READING = 0.4, 0.8
"""Parts of the patience after which a connection, an answer is given up: the error is botocore's own then."""


def session(profile: str | None, patience: float) -> tuple[Any, Any]:
    """Return a boto3 session, and the botocore session below it, whose providers can be replaced.

    Args:
        profile: its name; None for the one that the environment chooses.
        patience: seconds for each call.

    Raises:
        ProfileNotFound, ConfigParseError: boto3 looks for ``data_path`` in the profile as it makes a session.
    """
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


def client(service: str, region: str | None, profile: str | None, patience: float) -> Any:  # noqa: ANN401 - boto3's
    """Make a client that signs nothing, as CLI v2 does for ``sso-oidc``: it looks for no credentials.

    The profile's own settings count: a CA bundle, an endpoint, dual stack.
    """
    made, _ = session(profile, patience)
    return made.client(service, region_name=region, config=Config(signature_version=UNSIGNED))


def read(directory: Path, stem: str) -> Mapping[str, object]:
    """Return what a file of ``sso/cache`` holds; nothing where it is missing or no JSON object."""
    try:
        content = json.loads(paths.read(directory / f"{stem}.json"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def check_writable(directory: Path, scratch: str) -> None:
    """See that a file can be written, before somebody logs in for nothing.

    Args:
        directory: in which; made where it is missing, as the CLI does.
        scratch: the name of the temporary file, which whoever started this process removes if it is killed.

    Raises:
        ActionFailed: none can.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / scratch).touch(0o600)
        (directory / scratch).unlink()
    except OSError as error:
        message = f"the directory cannot be written to: {error.strerror}"
        raise ActionFailed("Unwritable", message, path=directory) from error
