"""The demo's AWS console: its sign-in tokens, and the page that says who is signed in."""

import html
import itertools
import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

from rolecall.demo.callers import Caller, Callers, Denied

_TOKEN_LASTS = timedelta(minutes=15)
TOKEN = "EXAMPLEmadeUpSigninTokenForTheDemo"  # noqa: S105 - as it says

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Meadow: console</title>
<style>body {{ font: 1.1rem/1.6 sans-serif; margin: 15vh auto; max-width: 44rem; padding: 0 1rem }}</style>
</head><body><h1>Meadow</h1>{body}<p>This page is part of rolecall's demo: nothing here is real.</p>
</body></html>
"""


class Console:
    """The federation endpoint, and what its links lead to."""

    def __init__(self, callers: Callers, clock: Callable[[], datetime]) -> None:
        self._callers = callers
        self._clock = clock
        self._numbers = itertools.count(1)
        self._by_token: dict[str, tuple[Caller, datetime]] = {}
        self._lock = threading.Lock()

    def signin_token(self, query: Mapping[str, str]) -> Mapping[str, object]:
        """``getSigninToken``: a token for the holder of temporary credentials.

        Raises:
            Denied: the credentials are none, have expired, or cannot get a session that long.
        """
        keys = _keys(query.get("Session", ""))
        caller = self._callers.identify(keys["sessionId"], keys["sessionToken"])
        if ":user/" in caller.arn or ("SessionDuration" in query and ":federated-user/" in caller.arn):
            raise Denied("InvalidRequest", "This session cannot sign in", HTTPStatus.BAD_REQUEST)
        with self._lock:
            token = f"{TOKEN}-{next(self._numbers)}"
            self._by_token[token] = caller, self._clock() + _TOKEN_LASTS
        return {"SigninToken": token}

    def page(self, query: Mapping[str, str]) -> str:
        """``login``: the page of the console, for a token that is still good."""
        with self._lock:
            caller, ends = self._by_token.get(query.get("SigninToken", ""), (None, self._clock()))
        if caller is None or ends <= self._clock():
            return _PAGE.format(body="<p>This sign-in link has ended: open the console again.</p>")
        where, who = html.escape(query.get("Destination", "")), html.escape(caller.arn)
        return _PAGE.format(
            body=f"<p>You are in the console as <b>{who}</b>.</p><p>It would open {where}.</p>"
        )

    def portal(self) -> str:
        """Return the page of the SSO portal, to which its links lead."""
        return _PAGE.format(
            body="<p>The SSO portal would open the console as the permission set of the link.</p>"
        )


def _keys(session: str) -> Mapping[str, str]:
    try:
        found = json.loads(session)
        return {name: str(found[name]) for name in ("sessionId", "sessionKey", "sessionToken")}
    except (ValueError, KeyError, TypeError):
        raise Denied("InvalidRequest", "No session", HTTPStatus.BAD_REQUEST) from None
