"""Sends one unsigned request to where botocore would send a profile's calls, through the same proxy."""

import contextlib
import socket
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import boto3.session
from botocore import exceptions
from botocore.awsrequest import AWSRequest
from botocore.httpsession import mask_proxy_url

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import clients
from rolecall.actions.worker.protocol import Wire
from rolecall.aws import identifiers
from rolecall.text import elide

UNRESOLVED = "its name cannot be resolved"
"""The message for a host that the name service does not know."""
HEADERS = ("age", "content-type", "date", "location", "server", "via", "x-amzn-requestid")
"""The headers of the answer that are returned; none is secret."""
LONGEST = 300
"""Characters of a header that are returned."""
_OPERATIONS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "sts": ("get_caller_identity", {}),
    "sso": ("logout", {"accessToken": "none"}),
}
"""A call of each service that needs no arguments; it is never sent."""


class _Asked(Exception):  # noqa: N818 - nothing is wrong
    """Ends a call once its URL is known."""


def reach(arguments: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    """Send the request, and return the answer.

    Args:
        arguments: ``service``, ``profile`` (None for the one that is chosen here), ``region`` (None for the
            profile's), ``patience``.
        wire: the wire.

    Returns:
        ``url``, ``region``, ``proxy`` (without its password; or None), ``bundle`` (None for the usual one).
        With an answer ``status``, ``headers``, ``sent``, ``received`` (seconds of this machine's clock); else
        ``error``, ``cause`` (or None), and if no host is there ``nearest`` (a known region with a name
        similar to this one, which botocore does not know; or None).

    Raises:
        BotoCoreError: the endpoint is unknown.
        ActionFailed: the configured endpoint is not one.
    """
    service = arguments["service"]
    try:
        client = clients.unsigned_client(
            service, arguments["region"], arguments["profile"], arguments["patience"]
        )
    except exceptions.BotoCoreError:  # some of which are ValueErrors too
        raise
    except ValueError as error:  # not one of botocore's classes; what it quotes is masked where it is shown
        raise ActionFailed("ValueError", str(error)) from error
    found: dict[str, object] = {}

    def ask(request: Any, **_: object) -> None:  # noqa: ANN401 - botocore ships no types
        parts = urlsplit(request.url)
        url = request.url if service == "sts" else f"{parts.scheme}://{parts.netloc}/"
        wire.tell(f"asking {parts.netloc}")
        found.update(_asked(client, url, arguments["profile"]))
        raise _Asked

    client.meta.events.register(f"before-send.{service}", ask)
    operation, parameters = _OPERATIONS[service]
    with contextlib.suppress(_Asked):
        getattr(client, operation)(**parameters)
    return found


def _asked(client: Any, url: str, profile: str | None) -> dict[str, object]:  # noqa: ANN401 - botocore ships no types
    """Send the request, and return the result."""
    http = client._endpoint.http_session  # noqa: SLF001 - there is no other way to take the same way
    proxy = http._proxy_config.proxy_url_for(url)  # noqa: SLF001
    bundle = http._verify  # noqa: SLF001
    way = {
        "url": url,
        "region": client.meta.region_name,
        "proxy": None if proxy is None else mask_proxy_url(proxy),
        "bundle": bundle if isinstance(bundle, str) else None,
    }
    request = AWSRequest("GET", url, stream_output=True).prepare()
    sent = time.time()
    try:
        answer = http.send(request)
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        failed = way | {"error": type(error).__name__, "cause": _cause(error)}
        if isinstance(error, exceptions.EndpointConnectionError):  # else there is a host of this name
            failed["nearest"] = _nearest(
                client.meta.service_model.service_name, client.meta.region_name, profile
            )
        return failed
    received = time.time()
    headers = {name.lower(): str(value) for name, value in answer.headers.items()}
    told = {name: elide(headers[name], LONGEST) for name in HEADERS if name in headers}
    return way | {"status": answer.status_code, "headers": told, "sent": sent, "received": received}


def _cause(error: exceptions.BotoCoreError) -> str | None:
    """Return the system's own message below botocore's; None where there is none."""
    words = None
    for each in _below(error.kwargs.get("error")):
        if isinstance(each, socket.gaierror):
            return UNRESOLVED
        if isinstance(each, OSError):
            words = str(getattr(each, "verify_message", "") or each.strerror or "").strip() or words
    return words


def _below(error: object) -> Iterator[BaseException]:
    """Yield an exception and those that it came of."""
    while isinstance(error, BaseException):
        yield error
        error = error.__cause__ or error.__context__


def _nearest(service: str, region: str | None, profile: str | None) -> str | None:
    """Return the region that is probably meant by one that botocore does not know, or None."""
    if region is None:  # with an endpoint of its own a client needs none
        return None
    session = boto3.session.Session(profile_name=profile)
    known = [
        each
        for partition in session.get_available_partitions()
        for each in session.get_available_regions(service, partition)
    ]
    if region in known or region.endswith("-global"):
        return None
    return identifiers.nearest_region(region, known)
