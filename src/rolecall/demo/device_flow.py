"""The device flow: the devices that ask to log in, and the page on which they are approved."""

import html
import itertools
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from rolecall.demo.callers import Denied
from rolecall.values import dataclass

ALLOWED_AFTER = timedelta(seconds=6)
"""After this time a device is approved without the page, for terminals without a browser."""
READING = timedelta(minutes=1)
"""The same once the page is open, so that there is time to press its button."""

_CODE_LASTS = timedelta(minutes=10)
_INTERVAL = 1  # seconds between two polls
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, no words

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Meadow: log in</title>
<style>body {{ font: 1.1rem/1.6 sans-serif; margin: 15vh auto; max-width: 34rem; padding: 0 1rem }}
code, button {{ font-size: 1.3rem }}</style></head>
<body><h1>Meadow</h1>{body}<p>This page is part of rolecall's demo: nothing here is real.</p></body></html>
"""
_ASK = """<p>A device asks to be let in, and shows this code:</p><p><code>{code}</code></p>
<form method="post" action="/device"><input type="hidden" name="user_code" value="{code}">
<button>Approve</button></form>"""
_TYPE = """<p>Which code does the device show?</p>
<form method="get" action="/device"><input name="user_code" autofocus> <button>Continue</button></form>"""
_APPROVED = "<p>Approved. Go back to where you came from; this page has done its duty.</p>"
_UNKNOWN = "<p>No device shows that code now.</p>" + _TYPE


@dataclass(frozen=True, slots=True)
class _Device:
    """A device: its start URL, the code that it shows, when that expires, and when it is approved."""

    start_url: str
    user_code: str
    ends: datetime
    approved_from: datetime


class Devices:
    """The devices that ask to log in.

    Args:
        page: the address of the page: ``http://127.0.0.1:PORT/device``.
        clock: gives the present moment, aware.
    """

    def __init__(self, page: str, clock: Callable[[], datetime]) -> None:
        self._page = page
        self._clock = clock
        self._by_code: dict[str, _Device] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def start(self, start_url: str) -> Mapping[str, object]:
        """Add a device, and return the answer of StartDeviceAuthorization."""
        now = self._clock()
        user_code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
        with self._lock:
            device_code = f"EXAMPLE-device-{next(self._numbers)}"
            self._by_code[device_code] = _Device(start_url, user_code, now + _CODE_LASTS, now + ALLOWED_AFTER)
        return {
            "deviceCode": device_code,
            "userCode": user_code,
            "verificationUri": self._page,
            "verificationUriComplete": f"{self._page}?user_code={user_code}",
            "expiresIn": int(_CODE_LASTS.total_seconds()),
            "interval": _INTERVAL,
        }

    def redeem(self, device_code: str) -> str:
        """Return the start URL of an approved device; works once.

        Raises:
            Denied: the device is not yet approved, its code has expired, or it is unknown.
        """
        now = self._clock()
        with self._lock:
            device = self._by_code.get(device_code)
            if device is None:
                raise Denied("InvalidGrantException", "Invalid device code provided")
            if device.ends <= now:
                raise Denied("ExpiredTokenException", "Device code has expired")
            if device.approved_from > now:
                raise Denied("AuthorizationPendingException", "Authorization is pending")
            del self._by_code[device_code]
        return device.start_url

    def ask(self, user_code: str | None) -> str:
        """Return the page that asks for a code, or for the approval of the device that shows this code."""
        if user_code is None:
            return _page(_TYPE)
        if not self._set(user_code, lambda now, approved: approved if approved <= now else now + READING):
            return _page(_UNKNOWN)
        return _page(_ASK.format(code=html.escape(_normal(user_code))))

    def approve(self, user_code: str) -> str:
        """Approve the device that shows this code, and return the page that says so."""
        return _page(_APPROVED if self._set(user_code, lambda now, _: now) else _UNKNOWN)

    def _set(self, user_code: str, moment: Callable[[datetime, datetime], datetime]) -> bool:
        """Change when the device with this code is approved; return whether there is one."""
        now = self._clock()
        with self._lock:
            for device_code, device in self._by_code.items():
                if device.user_code == _normal(user_code) and device.ends > now:
                    approved_from = moment(now, device.approved_from)
                    self._by_code[device_code] = replace(device, approved_from=approved_from)
                    return True
        return False


def _normal(user_code: str) -> str:
    return user_code.strip().upper()


def _page(body: str) -> str:
    return _PAGE.format(body=body)
