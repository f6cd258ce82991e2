"""Secrets that can be told from everything else, and from each other, by the ends of them."""

import base64
import json
import random
from dataclasses import dataclass, field

_MIDDLE = 24
_LONG_MIDDLE = 140


@dataclass
class Canaries:
    """Makes secrets, each in the form that its place asks for, and knows where each was planted.

    Each begins and ends with a core that stands nowhere else, so that a part of it is found as well.
    """

    planted: dict[str, str] = field(default_factory=dict)

    def key(self, where: str) -> str:
        """A secret access key: 40 characters of base64."""
        core = self._core(where)
        return core + self._noise(_MIDDLE) + core

    def token(self, where: str) -> str:
        """A session token: some 300 characters of base64."""
        core = self._core(where)
        return core + self._noise(_LONG_MIDDLE) + core + self._noise(_LONG_MIDDLE) + core

    def jwt(self, where: str) -> str:
        """A web identity token, with an expiry in it."""
        core = self._core(where)
        header = base64.urlsafe_b64encode(b'{"alg": "RS256"}').decode().rstrip("=")
        claims = base64.urlsafe_b64encode(json.dumps({"exp": 1893499200}).encode()).decode().rstrip("=")
        return f"{header}.{claims}.{core}{self._noise(_LONG_MIDDLE)}{core}"

    def word(self, where: str) -> str:
        """A password or an API key: a word that nothing but its place tells for a secret."""
        core = self._core(where)
        return f"{core}-{core}"

    def access_key(self, where: str, last: str) -> str:
        """An access key id, of which the last four characters may be shown, and no more."""
        return f"AKIA{self._core(where).upper()}XX{'QQ'}{last}"

    def leaks(self, text: str) -> set[str]:
        """Return the places whose secrets are in a text, whole or in part, in any case."""
        lowered = text.lower()
        return {where for core, where in self.planted.items() if core.lower() in lowered}

    def _core(self, where: str) -> str:
        core = f"qZ{len(self.planted):03d}Kx7"
        self.planted[core] = where
        return core

    def _noise(self, length: int) -> str:
        drawn = random.Random(len(self.planted)).randbytes(length)  # noqa: S311 - to look like a secret
        return base64.b64encode(drawn, b"Aa").decode()[:length]
