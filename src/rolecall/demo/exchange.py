"""What is asked of the made-up AWS and what it answers, whatever carries the two."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    Attributes:
        method: ``GET``, ``POST``, ``PUT``.
        path: without the query.
        query: the query's fields, the first value of each.
        headers: by lower-cased name.
        body: as it came.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer: its status, the type of what it holds, that, and more headers."""

    status: int
    kind: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


class Denied(Exception):  # noqa: N818 - it says what happened
    """The made-up AWS says no.

    Attributes:
        code: AWS's name for it: ``AccessDenied``.
        message: AWS's words.
        status: the HTTP status that goes with it.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def in_json(content: Mapping[str, object]) -> Response:
    """Return the answer of a service that speaks JSON."""
    return Response(200, "application/json", json.dumps(content).encode())
