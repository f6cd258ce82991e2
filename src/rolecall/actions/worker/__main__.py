"""Does the one task that it reads from stdin, and ends."""

import importlib
import os
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import memory
from rolecall.actions.worker import protocol as wires
from rolecall.actions.worker.protocol import Wire
from rolecall.text import elide, mask

Task = Callable[[Mapping[str, Any], Wire], Mapping[str, object]]
"""Does a task with these arguments, and returns the result."""
TASKS = {
    "accounts": ("sso_accounts", "list_accounts"),
    "assume": ("session", "assume_role"),
    "console": ("console_signin", "sign_in"),
    "credentials": ("session", "credentials_of"),
    "identity": ("session", "caller_identity"),
    "login": ("sso_login", "log_in"),
    "logout": ("sso_login", "log_out"),
    "reach": ("reach_endpoint", "reach"),
}
"""The tasks: the module in this package that does it, imported only for it, and its function."""
LONGEST, _LONGEST_KIND = 4000, 100
"""Characters of an error, and of its name, that are sent."""


def main() -> None:
    """Do the task, and send how it ended."""
    wire = wires.take_over_pipes()
    memory.limit()
    request = wire.request()
    try:
        wire.send({"event": "done", "result": _do(request, wire)})
    except Exception as error:  # noqa: BLE001 - told, with nothing in it that could be secret
        wire.send({"event": "failed", **_failure(error)})
    os._exit(0)  # no library may do or print anything at exit


def _do(request: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    name = request["task"]
    if name not in TASKS:
        raise ActionFailed("NotApplicable", f"there is no task {name}")
    module, function = TASKS[name]
    task = cast("Task", getattr(importlib.import_module(f"rolecall.actions.worker.{module}"), function))
    importlib.import_module("rolecall.actions.worker.responses").bound_responses()
    wire.send({"event": "started"})
    settings = {"patience": request["patience"], "scratch": request["scratch"]}
    return task({**request["arguments"], **settings}, wire)


def _failure(error: Exception) -> dict[str, object]:
    """Return what went wrong.

    The messages of AWS, botocore, the system and rolecall are meant to be read. Of any other error only the
    kind and the place are sent: its message may quote anything.
    """
    from botocore.exceptions import (  # noqa: PLC0415 - not before it is wanted
        BotoCoreError,
        ClientError,
        HTTPClientError,
    )

    from rolecall.actions.worker import responses  # noqa: PLC0415 - it imports botocore

    if isinstance(error, HTTPClientError) and isinstance(error.kwargs.get("error"), MemoryError):
        error = MemoryError()
    if isinstance(error, ActionFailed):
        return _told(
            error.kind,
            error.message,
            path=None if error.path is None else str(error.path),
            cure=error.cure,
            command=error.command,
        )
    if isinstance(error, ClientError):
        return _told(str(error.response.get("Error", {}).get("Code", "Unknown")), str(error))
    where = f"{type(error).__name__} at {_place(error)}"
    over_an_answer = responses.over_an_answer(error, where)
    if over_an_answer is not None:
        return _failure(over_an_answer)
    if isinstance(error, (BotoCoreError, OSError)):
        return _told(type(error).__name__, str(error))
    if isinstance(error, MemoryError):
        return _told("MemoryError", "it took more memory than any answer of AWS needs, and was ended")
    return _told(type(error).__name__, where)


def _told(
    kind: str, message: str, *, path: str | None = None, cure: str | None = None, command: str | None = None
) -> dict[str, object]:
    # cut twice: the first cut may have removed the end of a secret
    message = elide(mask(message[: 2 * LONGEST]), LONGEST)
    return {
        "kind": elide(kind, _LONGEST_KIND),
        "message": message,
        "path": path,
        "cure": cure,
        "command": command,
    }


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "an unknown place"
    path = Path(frames[-1].filename)
    return f"{path.parent.name}/{path.name}:{frames[-1].lineno}"


if __name__ == "__main__":
    main()
