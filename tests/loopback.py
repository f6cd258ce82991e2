"""A guard over this process: nothing in the tests may reach beyond this machine.

It hears of each address before the system does (``sys.addaudithook``). What is refused may be swallowed by
the program, which expects that networks fail: so it is noted as well, and fails the test. Names that cannot
exist and the address of a machine's own metadata, which botocore asks by itself, are refused without a note.
Processes that tests start are not heard: they are given addresses on loopback only.
"""

import ipaddress
import socket
import sys
from typing import NoReturn

NAMES = ("localhost", "localhost.localdomain")
METADATA = "169.254.169.254"
refused: list[str] = []
"""What was refused since the last test."""


def install() -> None:
    """Guard this process from now on; it cannot be undone."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not is_here(address[0]):
            _refuse(f"{event} {address[0]}")
    elif event == "socket.getaddrinfo" and not is_here(arguments[0]):
        if is_nowhere(arguments[0]):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        _refuse(f"{event} {arguments[0]!r}")


def _refuse(what: str) -> NoReturn:
    if METADATA not in what:
        refused.append(what)
    message = f"a test reaches beyond this machine: {what}"
    raise ConnectionRefusedError(message)


def is_here(host: object) -> bool:
    """Whether a host is this machine, as far as its name or address says."""
    if host is None or host == "":
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    name = text.lower().rstrip(".")
    if name in NAMES or name.endswith(".localhost"):
        return True
    try:
        found = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified


def is_nowhere(host: object) -> bool:
    """Whether a host is a name that no network has: without a dot, or below the domain reserved for that."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    return text.endswith(".invalid") or not set(text) & {".", ":"}
