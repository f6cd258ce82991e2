"""Logs in to SSO by the device flow (``SSOTokenFetcher`` of CLI v2, ``--use-device-code``), and logs out."""

import time
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from botocore import exceptions

from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Authorization
from rolecall.actions.worker import clients, responses
from rolecall.actions.worker.cache_writer import TidyCache, check_writable, read_cached
from rolecall.actions.worker.protocol import Wire
from rolecall.aws import timestamps
from rolecall.aws.providers import PredictedErrorRaised
from rolecall.host import utc_now
from rolecall.values import dataclass

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
INTERVAL = 5
"""Seconds between two polls where the service names none (RFC 8628, 3.2)."""
SLOWER = 5
"""Seconds that ``slow_down`` adds to the interval (RFC 8628, 3.5)."""
SLOWEST = 60
"""Seconds between two polls, at most, whatever the service says."""
LONGEST = timedelta(days=1)
"""How long to wait for a login, at most, whatever the service says: AWS's codes are valid for ten minutes."""
MOST_LOST = 2
"""Polls in a row that may fail on the way."""
EXPIRY_WINDOW = timedelta(minutes=15)
"""A registration with less time left is no longer used (``_EXPIRY_WINDOW``)."""
_REJECTED = ("InvalidClientException", "UnauthorizedClientException")
"""AWS's errors for a registration that it no longer knows, whatever its file says."""


class LoginWire(Protocol):
    """The part of a wire that a login needs."""

    def authorize(self, authorization: Authorization) -> None:
        """Show where to log in."""

    def tell(self, step: str) -> None:
        """Say what is being done."""

    def waiting(self) -> AbstractContextManager[None]:
        """Let the time of the body not count."""


def log_in(arguments: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    """Log in; token and registration are written to ``sso/cache``.

    Args:
        arguments: ``start_url``, ``region``, ``session`` (None for the old form), ``scopes`` (or None),
            ``profile``, ``sso_cache`` (the directory), ``token`` and ``registration`` (the names of their
            files, without the ending), ``patience``, ``scratch``.
        wire: asks the user.

    Returns:
        ``expires_at`` (ISO), ``renewable``.
    """
    directory, scratch = arguments["sso_cache"], arguments["scratch"]
    check_writable(Path(directory), scratch)
    flow = DeviceFlow(
        client=clients.unsigned_client(
            "sso-oidc", arguments["region"], arguments["profile"], arguments["patience"]
        ),
        cache=TidyCache(directory, scratch=scratch, wire=wire),
        person=wire,
        start_url=arguments["start_url"],
        region=arguments["region"],
        session=arguments["session"],
        scopes=arguments["scopes"],
        registered=read_cached(Path(directory), arguments["registration"]),
    )
    token = flow.log_in(arguments["token"], arguments["registration"])
    return {"expires_at": token["expiresAt"], "renewable": "refreshToken" in token}


def log_out(arguments: Mapping[str, Any], _wire: object) -> Mapping[str, object]:
    """Call ``sso:Logout`` with the token in a file, in the region that the file names, as CLI v2 does.

    Args:
        arguments: ``sso_cache`` (the directory), ``token`` (the name of its file, without the ending),
            ``region`` (where the file names none), ``profile``, ``patience``.
        _wire: is not used.

    Returns:
        ``told``: whether AWS had a session to end. The parent process deletes the files.
    """
    token = read_cached(Path(arguments["sso_cache"]), arguments["token"])
    access_token, region = token.get("accessToken"), token.get("region")
    if not isinstance(access_token, str) or not access_token:
        return {"told": False}
    client = clients.unsigned_client(
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


@dataclass(frozen=True, slots=True)
class _Registration:
    """This program's client registration.

    Attributes:
        client_id: the client's id.
        client_secret: the client's secret.
        expires_at: its expiry, as written in the files.
        is_new: whether it was made just now.
    """

    client_id: str
    client_secret: str = field(repr=False)
    expires_at: str
    is_new: bool

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters with which each call identifies the client."""
        return {"clientId": self.client_id, "clientSecret": self.client_secret}


@dataclass(frozen=True, slots=True)
class _Started:
    """A login that the user has to confirm in the browser.

    Attributes:
        device: the device code for the polls.
        shown: what the user needs.
        interval: seconds between two polls.
    """

    device: str = field(repr=False)
    shown: Authorization
    interval: float


@dataclass(frozen=True)
class DeviceFlow:
    """One login.

    Attributes:
        client: botocore's client for ``sso-oidc``.
        cache: the cache for token and registration, by the names of their files.
        person: asks the user to log in.
        start_url: the start URL.
        region: the SSO region.
        session: the sso-session's name; None for the old form.
        scopes: the scopes to register with; None where none are named.
        registered: the content of the registration's file; empty where there is none.
        clock: returns the present time, aware.
        sleep: waits for some seconds.
    """

    client: Any = field(repr=False)
    cache: MutableMapping[str, object] = field(repr=False)
    person: LoginWire
    start_url: str
    region: str
    session: str | None
    scopes: list[str] | None
    registered: Mapping[str, object] = field(default_factory=dict, repr=False)
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep

    def log_in(self, token_key: str, registration_key: str) -> Mapping[str, str]:
        """Log in, write the token, and return it.

        Raises:
            ActionFailed: the code expired, the user refused, or a file cannot be written.
            botocore.exceptions.ClientError: AWS refuses for another reason.
        """
        registration = self._cached() or self._register()
        try:
            started = self._start(registration)
        except exceptions.ClientError as error:
            if registration.is_new or _code(error) not in _REJECTED:
                raise
            registration = self._register()
            started = self._start(registration)
        if registration.is_new:
            scopes = {"scopes": self.scopes} if self.scopes else {}
            self.cache[registration_key] = (
                registration.parameters | {"expiresAt": registration.expires_at} | scopes
            )
        answer = self._wait(registration, started)
        token = self._token(registration, answer)
        self.cache[token_key] = token
        return token

    def _cached(self) -> _Registration | None:
        """Return the registration of an earlier login, if it is for the device flow and still valid."""
        match self.registered:
            case {"clientId": str(client_id), "clientSecret": str(secret), "expiresAt": str(end)}:
                grants = self.registered.get("grantTypes")
                is_for_browser = isinstance(grants, list) and "authorization_code" in grants
                if is_for_browser or not self._lasts(end):
                    return None
                return _Registration(client_id, secret, end, is_new=False)
            case _:
                return None

    def _lasts(self, end: str) -> bool:
        try:
            return timestamps.instant(end) - self.clock() >= EXPIRY_WINDOW
        except PredictedErrorRaised:
            return False

    def _register(self) -> _Registration:
        self.person.tell(f"registering with SSO in {self.region}")
        # the old form has no name: CLI v2 uses the time
        called = self.session if self.session is not None else str(int(self.clock().timestamp()))
        scopes = {"scopes": self.scopes} if self.scopes else {}
        answer = self.client.register_client(
            clientName=f"botocore-client-{called}", clientType="public", **scopes
        )
        end = responses.answer_timestamp(answer, "clientSecretExpiresAt", self.clock())
        return _Registration(
            responses.text(answer, "clientId"),
            responses.text(answer, "clientSecret"),
            written(end),
            is_new=True,
        )

    def _start(self, registration: _Registration) -> "_Started":
        self.person.tell("asking for a code")
        answer = self.client.start_device_authorization(**registration.parameters, startUrl=self.start_url)
        lasts = min(timedelta(seconds=responses.seconds(answer, "expiresIn")), LONGEST)
        address = responses.checked_address(answer, "verificationUri")
        complete = answer.get("verificationUriComplete")
        shown = Authorization(
            responses.code(answer, "userCode"),
            address,
            responses.checked_address(answer, "verificationUriComplete") if complete else address,
            self.clock() + lasts,
        )
        interval = responses.seconds(answer, "interval") if answer.get("interval") is not None else INTERVAL
        interval = min(max(interval or INTERVAL, 1), SLOWEST)
        return _Started(responses.text(answer, "deviceCode"), shown, interval)

    def _wait(self, registration: _Registration, started: "_Started") -> Mapping[str, Any]:
        """Poll until the user has logged in.

        The first poll comes before anything is shown: a user whom AWS knows already need not log in.
        """
        ask = _Question(self.client, {"deviceCode": started.device, **registration.parameters})
        interval = started.interval + ask()
        if ask.answer is None:
            self.person.authorize(started.shown)
        while ask.answer is None:
            left = (started.shown.ends - self.clock()).total_seconds()
            if left <= 0:
                raise _too_late()
            with self.person.waiting():
                self.sleep(min(interval, left))
            interval += ask()
        return ask.answer

    def _token(self, registration: _Registration, answer: Mapping[str, Any]) -> Mapping[str, str]:
        lasts = timedelta(seconds=responses.seconds(answer, "expiresIn"))
        token = {
            "startUrl": self.start_url,
            "region": self.region,
            "accessToken": responses.text(answer, "accessToken"),
            "expiresAt": written(self.clock() + lasts),
            "clientId": registration.client_id,
            "clientSecret": registration.client_secret,
            "registrationExpiresAt": registration.expires_at,
        }
        if "refreshToken" in answer:
            token["refreshToken"] = responses.text(answer, "refreshToken")
        return token


class _Question:
    """Polls whether the user has logged in.

    Attributes:
        answer: the token, once there is one.
    """

    def __init__(self, client: Any, parameters: Mapping[str, str]) -> None:  # noqa: ANN401 - botocore's
        self.answer: Mapping[str, Any] | None = None
        self._client = client
        self._parameters = parameters
        self._lost = 0

    def __call__(self) -> int:
        """Poll once; return the seconds to wait longer from now on.

        A poll that fails on the way does not end a login in progress; the next ones come more slowly
        (RFC 8628, 3.5).
        """
        errors = self._client.exceptions
        try:
            self.answer = self._client.create_token(grantType=GRANT, **self._parameters)
        except errors.AuthorizationPendingException:
            self._lost = 0
        except errors.SlowDownException:
            self._lost = 0
            return SLOWER
        except errors.ExpiredTokenException:
            raise _too_late() from None
        except errors.AccessDeniedException:
            raise ActionFailed("AccessDeniedException", "The login was refused in the browser.") from None
        except (exceptions.HTTPClientError, exceptions.ConnectionError, errors.InternalServerException):
            self._lost += 1
            if self._lost > MOST_LOST:
                raise
            return SLOWER
        return 0


def written(moment: datetime) -> str:
    """Return a time as CLI v2 writes it in ``sso/cache`` (``_serialize_utc_timestamp``)."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _code(error: Exception) -> str:
    response: Mapping[str, Mapping[str, str]] = getattr(error, "response", {})
    return response.get("Error", {}).get("Code", "")


def _too_late() -> ActionFailed:
    return ActionFailed("PendingAuthorizationExpiredError", "You did not log in before the code expired.")
