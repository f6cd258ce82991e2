"""Endpoints as they stand in variables: taken apart without the library that could open them."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

_URL = re.compile(
    r"(?P<scheme>https?)://(?:[^/?#\[\]]*@)?"
    r"(?P<host>[^/?#\[\]@:]*|\[[^/?#\[\]@]*\])(?::[^/?#\[\]@]*)?(?=[/?#]|$)",
    re.IGNORECASE,
)
_LABELS = re.compile(r"((?!-)[A-Z\d-]{1,63}(?<!-)\.)*((?!-)[A-Z\d-]{1,63}(?<!-))\.?", re.IGNORECASE)
_LONGEST = 255
_LOCAL = re.compile(r"(.+\.)?localhost(\.localstack\.cloud)?")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a URL says of where calls go.

    Attributes:
        scheme: ``http`` or ``https``.
        host: a name or an address, in small letters, without the brackets of IPv6.
    """

    scheme: str
    host: str

    @property
    def is_valid(self) -> bool:
        """Whether botocore takes the host for one (``is_valid_uri``)."""
        if ":" in self.host:
            return _is_address(self.host)
        return len(self.host) <= _LONGEST and _LABELS.fullmatch(self.host) is not None

    @property
    def is_here(self) -> bool:
        """Whether it is this machine."""
        if _LOCAL.fullmatch(self.host):
            return True
        return _is_address(self.host) and ip_address(self.host).is_loopback


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def endpoint(url: str) -> Endpoint | None:
    """Take a URL apart; None where it is no URL of the web."""
    found = _URL.match(url) if not set(url) & set("\t\r\n") else None
    if found is None:
        return None
    host = found["host"].strip("[]").lower()
    if found["host"].startswith("[") and (":" not in host or not _is_address(host)):
        return None  # Python's own urlsplit, which botocore asks, wants IPv6 between brackets
    return Endpoint(found["scheme"].lower(), host)
