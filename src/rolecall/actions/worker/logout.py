"""Ends one SSO token at AWS; its files are deleted by whoever asked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rolecall.actions.worker import clients


def run(arguments: Mapping[str, Any], _wire: object) -> Mapping[str, object]:
    """Call ``sso:Logout`` with the token in a file, in the region that the file names, as CLI v2 does.

    Args:
        arguments: ``sso_cache`` (the directory), ``token`` (the name of its file, without the ending),
            ``region`` (where the file names none), ``profile``, ``patience``.
        _wire: is not used.

    Returns:
        ``told``: whether AWS had anything to end.
    """
    token = clients.read(Path(arguments["sso_cache"]), arguments["token"])
    access_token, region = token.get("accessToken"), token.get("region")
    if not isinstance(access_token, str) or not access_token:
        return {"told": False}
    client = clients.client(
        "sso",
        region if isinstance(region, str) and region else arguments["region"],
        arguments["profile"],
        arguments["patience"],
    )
    try:
        client.logout(accessToken=access_token)
    except client.exceptions.UnauthorizedException:
        return {"told": False}
    return {"told": True}
