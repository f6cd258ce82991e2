"""The demo's IAM Identity Center: its clients and logins (``sso-oidc``), and its portal (``sso``)."""

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from types import MappingProxyType

from rolecall.aws.profiles import Profiles
from rolecall.demo import caches, callers
from rolecall.demo.callers import Callers, Denied, assumed
from rolecall.demo.device_flow import Devices
from rolecall.values import dataclass

_Fields = Mapping[str, object]

_TOKEN_LASTS = timedelta(hours=8)
_REGISTRATION_LASTS = timedelta(days=90)
_ROLE_LASTS = timedelta(hours=1)
_BY_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_BY_REFRESH = "refresh_token"

ROLES: Mapping[str, frozenset[tuple[str, str]]] = MappingProxyType(
    {
        "https://meadow.awsapps.com/start": frozenset({("777788889999", "Developer")}),
        "https://meadow-data.awsapps.com/start": frozenset(
            {("777788889999", "DataScientist"), ("777788889999", "Notebook")}
        ),
        "https://meadow-hr.awsapps.com/start": frozenset({("222233334444", "PeopleRead")}),
        "https://acme-partners.awsapps.com/start": frozenset({("210987654321", "Contractor")}),
    }
)
"""The accounts and permission sets that rowan may use at each start URL."""

MORE_ROLES: Mapping[str, frozenset[tuple[str, str]]] = MappingProxyType(
    {
        "https://meadow.awsapps.com/start": frozenset(
            {
                *(("777788889999", "ReadOnly"), ("444455556666", "Developer"), ("444455556666", "ReadOnly")),
                *(("333344445555", "Billing"), ("555566667777", "ReadOnly")),
            }
        )
    }
)
"""What rowan may use as well, and has no profile for."""
NAMES = MappingProxyType(
    {
        "111122223333": "Meadow Production",
        "210987654321": "Acme Partners",
        "222233334444": "Meadow People",
        "333344445555": "Meadow Billing",
        "444455556666": "Meadow Staging",
        "555566667777": "Meadow Staging",
        "777788889999": "Meadow Development",
    }
)
"""The names of accounts, as the portal lists them; two have the same."""


@dataclass(frozen=True, slots=True)
class AccessGrant:
    """The start URL of an access token, and when it expires (aware)."""

    start_url: str
    ends: datetime


@dataclass(frozen=True, slots=True)
class KnownLogins:
    """The logins in the caches of the home when it is built.

    Attributes:
        clients: the ids of the registered clients, and whether each may refresh its tokens.
        logins: by access token.
        refreshable: the start URL by refresh token.
    """

    clients: Mapping[str, bool]
    logins: Mapping[str, AccessGrant] = field(repr=False)
    refreshable: Mapping[str, str] = field(repr=False)


class IdentityCenter:
    """``sso-oidc`` and ``sso``; each start URL is an instance of its own, all behind one address."""

    def __init__(
        self, known: KnownLogins, callers: Callers, devices: Devices, clock: Callable[[], datetime]
    ) -> None:
        self._clients = dict(known.clients)
        self._logins = dict(known.logins)
        self._refreshable = dict(known.refreshable)
        self._callers = callers
        self._devices = devices
        self._clock = clock
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def register(self, content: _Fields) -> _Fields:
        """``RegisterClient``: a client that asks for scopes gets refresh tokens, as with AWS."""
        with self._lock:
            client = f"EXAMPLE-client-{next(self._numbers)}"
            self._clients[client] = bool(content.get("scopes"))
        now = self._clock()
        return {
            "clientId": client,
            "clientSecret": callers.CLIENT_SECRET,
            "clientIdIssuedAt": int(now.timestamp()),
            "clientSecretExpiresAt": int((now + _REGISTRATION_LASTS).timestamp()),
        }

    def authorize_device(self, content: _Fields) -> _Fields:
        """``StartDeviceAuthorization``."""
        self._client(content)
        start_url = str(content.get("startUrl"))
        if start_url not in ROLES:
            raise Denied("InvalidRequestException", "Invalid start url provided")
        return self._devices.start(start_url)

    def token(self, content: _Fields) -> _Fields:
        """``CreateToken``, for a device that was approved or with a refresh token."""
        client = self._client(content)
        match content.get("grantType"):
            case grant if grant == _BY_DEVICE:
                start_url = self._devices.redeem(str(content.get("deviceCode")))
            case grant if grant == _BY_REFRESH:
                with self._lock:
                    start_url = self._refreshable.get(str(content.get("refreshToken")), "")
                if not start_url:
                    raise Denied("InvalidGrantException", "Invalid refresh token provided")
            case _:
                raise Denied("UnsupportedGrantTypeException", "Grant type not supported")
        return self._log_in(start_url, client)

    def role_credentials(self, query: _Fields, access_token: str) -> _Fields:
        """``GetRoleCredentials``."""
        login = self._login(access_token)
        account, role = str(query.get("account_id", "")), str(query.get("role_name", ""))
        if (account, role) not in _roles(login):
            raise Denied("ForbiddenException", "No access", 403)
        ends = self._clock() + _ROLE_LASTS
        credentials = {
            "accessKeyId": self._callers.issue(assumed(account, caches.reserved_role(role), "rowan", ends)),
            "secretAccessKey": callers.SECRET_KEY,
            "sessionToken": callers.SESSION_TOKEN,
            "expiration": int(ends.timestamp() * 1000),
        }
        return {"roleCredentials": credentials}

    def accounts(self, _query: _Fields, access_token: str) -> _Fields:
        """``ListAccounts``, all on one page."""
        found = sorted({account for account, _ in _roles(self._login(access_token))})
        email = "aws@meadow.example"
        return {
            "accountList": [
                {"accountId": each, "accountName": NAMES.get(each, each), "emailAddress": email}
                for each in found
            ]
        }

    def account_roles(self, query: _Fields, access_token: str) -> _Fields:
        """``ListAccountRoles``, all on one page."""
        wanted = str(query.get("account_id", ""))
        found = sorted(role for account, role in _roles(self._login(access_token)) if account == wanted)
        if not found:
            raise Denied("ForbiddenException", "No access", 403)
        return {"roleList": [{"roleName": each, "accountId": wanted} for each in found]}

    def log_out(self, _query: _Fields, access_token: str) -> _Fields:
        """``Logout``: ends the token; credentials that were issued with it stay valid."""
        self._login(access_token)
        with self._lock:
            self._logins.pop(access_token, None)
        return {}

    def _client(self, content: _Fields) -> str:
        client = str(content.get("clientId"))
        with self._lock:
            is_known = client in self._clients
        if not is_known or content.get("clientSecret") != callers.CLIENT_SECRET:
            raise Denied(
                "InvalidClientException", "Client is not registered, or its registration has ended", 401
            )
        return client

    def _log_in(self, start_url: str, client: str) -> _Fields:
        with self._lock:
            name = f"login-{next(self._numbers)}"
            token = callers.sso_access_token(name)
            self._logins[token] = AccessGrant(start_url, self._clock() + _TOKEN_LASTS)
            content: dict[str, object] = {
                "accessToken": token,
                "tokenType": "Bearer",
                "expiresIn": int(_TOKEN_LASTS.total_seconds()),
            }
            if self._clients[client]:
                content["refreshToken"] = callers.sso_refresh_token(name)
                self._refreshable[callers.sso_refresh_token(name)] = start_url
        return content

    def _login(self, access_token: str) -> AccessGrant:
        with self._lock:
            login = self._logins.get(access_token)
        if login is None or login.ends <= self._clock():
            raise Denied("UnauthorizedException", "Session token not found or invalid", 401)
        return login


def _roles(login: AccessGrant) -> frozenset[tuple[str, str]]:
    return ROLES[login.start_url] | MORE_ROLES.get(login.start_url, frozenset())


def known_logins(profiles: Profiles, now: datetime) -> KnownLogins:
    """Return the logins in the caches of the home when it is built."""
    logins, clients, refreshable = {}, {}, {}
    for login in caches.logged_in(profiles, now):
        logins[callers.sso_access_token(login.name)] = AccessGrant(login.start_url, login.ends)
        if login.registration_ends > now:
            clients[f"EXAMPLE-{login.name}"] = login.is_refreshable
            if login.is_refreshable:
                refreshable[callers.sso_refresh_token(login.name)] = login.start_url
    return KnownLogins(clients, logins, refreshable)
