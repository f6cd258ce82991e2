"""Roles over every kind of source: what becomes of them when it ends, is dead, asks for a code, or lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from rolecall.aws.expiry import After, State
from tests.aws.cases import SESSION, SSO_ROLE, environment_keys, keys, role
from tests.aws.entries import (
    HOUR,
    MINUTE,
    in_,
    jwt,
    login_file,
    login_token,
    role_entry,
    role_file,
    sso_file,
    sso_token,
)
from tests.homes import NOW

X = f"[profile x]\n{role('x', 'm')}"
PERMANENT = f"[m]\n{keys('M')}"
OVER_SSO = f"{SESSION}{X}[profile m]\nsso_session = corp\n{SSO_ROLE}"
OVER_ROLE = f"{X}[profile m]\n{role('m', 'base')}"
OVER_MFA_ROLE = f"{OVER_ROLE}mfa_serial = GAHT12345678\n"
MFA_FILE = role_file("m", SerialNumber="GAHT12345678")
OVER_ROLE_OVER_SSO = f"{SESSION}{OVER_ROLE}[profile base]\nsso_session = corp\n{SSO_ROLE}"
BASE = f"[base]\n{keys('BASE')}"


def temporary(left: timedelta | None, name: str = "m") -> str:
    """Return a section with temporary keys, and their end if it is noted."""
    section = f"[{name}]\naws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = C\naws_session_token = C\n"
    return section if left is None else f"{section}expiration = {in_(left)}\n"


@dataclass(frozen=True, slots=True)
class Link:
    """A role ``x``, cached with so much left (None: not cached), over a source; and how it stands."""

    left: timedelta | None
    state: State
    after: After
    reason: str | None = None
    config: str = X
    credentials: str = ""
    caches: Mapping[str, object] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> dict[str, object]:
        """The parts that ``make_home`` takes."""
        own = {} if self.left is None else {role_file(): role_entry(in_(self.left))}
        return {
            "config": self.config,
            "credentials": self.credentials,
            "caches": own | dict(self.caches),
            "environ": self.environ,
            "files": self.files,
            "has_crt": True,
        }


VALID, IDLE, EXPIRED, RENEWING = State.VALID, State.IDLE, State.EXPIRED, State.RENEWING
AUTOMATIC, FAILS, LOGIN, MFA = After.AUTOMATIC, After.FAILS, After.LOGIN, After.MFA
DEAD = "the SSO token has expired"
NOBODY = "not logged in"
ENDS_FIRST, HAS_EXPIRED = "its source expires first", "its source has expired"
TOKEN_ENDS_FIRST = "its web identity token expires first, unless a new one is written"
OVER_WEB_IDENTITY = f"{X}[profile m]\n{role('m')}web_identity_token_file = {{HOME}}/token\n"

OVER_KEYS = {
    "long-term keys": Link(HOUR, VALID, AUTOMATIC, credentials=PERMANENT),
    "long-term keys, past": Link(-HOUR, EXPIRED, AUTOMATIC, credentials=PERMANENT),
    "keys that outlast it": Link(HOUR, VALID, AUTOMATIC, credentials=temporary(2 * HOUR)),
    "keys that end first": Link(HOUR, VALID, FAILS, ENDS_FIRST, credentials=temporary(30 * MINUTE)),
    "past keys: valid now, fails then": Link(HOUR, VALID, FAILS, HAS_EXPIRED, credentials=temporary(-HOUR)),
    "past keys, renewing": Link(MINUTE, RENEWING, FAILS, HAS_EXPIRED, credentials=temporary(-HOUR)),
    "past keys, past too": Link(-HOUR, EXPIRED, FAILS, HAS_EXPIRED, credentials=temporary(-HOUR)),
    "past keys, not fetched": Link(None, IDLE, FAILS, HAS_EXPIRED, credentials=temporary(-HOUR)),
    "living keys, past": Link(-HOUR, EXPIRED, AUTOMATIC, credentials=temporary(MINUTE)),
    "living keys, not fetched": Link(None, IDLE, AUTOMATIC, credentials=temporary(MINUTE)),
    "keys without a known end": Link(HOUR, VALID, AUTOMATIC, credentials=temporary(None)),
    "keys without their token": Link(
        HOUR,
        VALID,
        FAILS,
        "a temporary key (ASIA…) without its session token: AWS refuses it",
        credentials="[m]\naws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = C\n",
    ),
    "past keys in the environment": Link(
        HOUR,
        VALID,
        FAILS,
        config=f"[profile x]\n{role()}credential_source = Environment\n",
        environ=environment_keys(AWS_SESSION_TOKEN="C", AWS_SESSION_EXPIRATION=in_(-HOUR)),
        reason=HAS_EXPIRED,
    ),
    "a container": Link(
        HOUR,
        VALID,
        AUTOMATIC,
        config=f"[profile x]\n{role()}credential_source = EcsContainer\n",
        environ={"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"},
    ),
    "metadata": Link(
        None, IDLE, AUTOMATIC, config=f"[profile x]\n{role()}credential_source = Ec2InstanceMetadata\n"
    ),
    "a process": Link(HOUR, VALID, AUTOMATIC, config=f"{X}[profile m]\ncredential_process = false\n"),
    "its own MFA": Link(None, IDLE, MFA, config=f"{X}mfa_serial = GAHT12345678\n", credentials=PERMANENT),
    "its own MFA over past keys": Link(
        None, IDLE, FAILS, HAS_EXPIRED, config=f"{X}mfa_serial = GAHT12345678\n", credentials=temporary(-HOUR)
    ),
}
OVER_TOKENS = {
    "SSO that outlasts it": Link(
        HOUR, VALID, AUTOMATIC, config=OVER_SSO, caches={sso_file(): sso_token(8 * HOUR)}
    ),
    "SSO that ends first": Link(
        HOUR,
        VALID,
        LOGIN,
        "its SSO token will have expired",
        config=OVER_SSO,
        caches={sso_file(): sso_token(MINUTE)},
    ),
    "SSO that ends first and renews itself": Link(
        HOUR, VALID, AUTOMATIC, config=OVER_SSO, caches={sso_file(): sso_token(MINUTE, 24 * HOUR)}
    ),
    "SSO that is past and renews itself": Link(
        None, IDLE, AUTOMATIC, config=OVER_SSO, caches={sso_file(): sso_token(-HOUR, 24 * HOUR)}
    ),
    "dead SSO: valid now, login then": Link(
        HOUR, VALID, LOGIN, DEAD, config=OVER_SSO, caches={sso_file(): sso_token(-HOUR)}
    ),
    "dead SSO, past": Link(
        -HOUR, EXPIRED, LOGIN, DEAD, config=OVER_SSO, caches={sso_file(): sso_token(-HOUR)}
    ),
    "dead SSO, not fetched": Link(
        None, IDLE, LOGIN, DEAD, config=OVER_SSO, caches={sso_file(): sso_token(-HOUR)}
    ),
    "SSO without a login": Link(None, IDLE, LOGIN, NOBODY, config=OVER_SSO),
    "SSO without a login, valid": Link(HOUR, VALID, LOGIN, NOBODY, config=OVER_SSO),
    "a login": Link(
        HOUR,
        VALID,
        AUTOMATIC,
        config=f"{X}[profile m]\nlogin_session = me\n",
        caches={login_file(): login_token(-HOUR)},
    ),
    "SSO that ends with it": Link(
        HOUR,
        VALID,
        LOGIN,
        "its SSO token will have expired",
        config=OVER_SSO,
        caches={sso_file(): sso_token(HOUR)},
    ),
    "SSO that can be refreshed no longer then": Link(
        HOUR,
        VALID,
        LOGIN,
        "its SSO token can no longer be refreshed then",
        config=OVER_SSO,
        caches={sso_file(): sso_token(MINUTE, 30 * MINUTE)},
    ),
    "a web identity": Link(
        HOUR,
        VALID,
        AUTOMATIC,
        config=OVER_WEB_IDENTITY,
        files={"token": jwt({"exp": NOW.timestamp() + 3601})},
    ),
    "a web identity that ends first": Link(
        HOUR,
        VALID,
        FAILS,
        TOKEN_ENDS_FIRST,
        config=OVER_WEB_IDENTITY,
        files={"token": jwt({"exp": NOW.timestamp() + 60})},
    ),
    "a web identity that ends first, not fetched": Link(
        None,
        IDLE,
        AUTOMATIC,
        config=OVER_WEB_IDENTITY,
        files={"token": jwt({"exp": NOW.timestamp() + 60})},
    ),
    "a past web identity": Link(
        HOUR,
        VALID,
        FAILS,
        "its web identity token expired 1h ago",
        config=OVER_WEB_IDENTITY,
        files={"token": jwt({"exp": NOW.timestamp() - 3600})},
    ),
}
OVER_ROLES = {
    "a role that can be had": Link(None, IDLE, AUTOMATIC, config=OVER_ROLE, credentials=BASE),
    "a role over past keys": Link(
        None, IDLE, FAILS, HAS_EXPIRED, config=OVER_ROLE, credentials=temporary(-HOUR, "base")
    ),
    "a role that lasts over past keys": Link(
        HOUR,
        VALID,
        AUTOMATIC,
        config=OVER_ROLE,
        credentials=temporary(-HOUR, "base"),
        caches={role_file("m"): role_entry(in_(2 * HOUR))},
    ),
    "a role that ends first over past keys": Link(
        HOUR,
        VALID,
        FAILS,
        HAS_EXPIRED,
        config=OVER_ROLE,
        credentials=temporary(-HOUR, "base"),
        caches={role_file("m"): role_entry(in_(30 * MINUTE))},
    ),
    "a role that is renewing over past keys": Link(
        # under 15 minutes it is assumed anew, which its source cannot do any more
        None,
        IDLE,
        FAILS,
        HAS_EXPIRED,
        config=OVER_ROLE,
        credentials=temporary(-HOUR, "base"),
        caches={role_file("m"): role_entry(in_(14 * MINUTE))},
    ),
    "a role with 15 minutes left over past keys": Link(
        None,
        IDLE,
        AUTOMATIC,
        config=OVER_ROLE,
        credentials=temporary(-HOUR, "base"),
        caches={role_file("m"): role_entry(in_(15 * MINUTE))},
    ),
    "a damaged role": Link(
        HOUR,
        VALID,
        FAILS,
        f"{role_file('m').removeprefix('cli/')} is empty",
        config=OVER_ROLE,
        credentials=BASE,
        caches={role_file("m"): b""},
    ),
    "a role with MFA": Link(None, IDLE, MFA, config=OVER_MFA_ROLE, credentials=BASE),
    "a role with MFA, past": Link(
        None,
        IDLE,
        MFA,
        config=OVER_MFA_ROLE,
        credentials=BASE,
        caches={MFA_FILE: role_entry(in_(-HOUR))},
    ),
    "a role with MFA, renewing": Link(
        None,
        IDLE,
        MFA,
        config=OVER_MFA_ROLE,
        credentials=BASE,
        caches={MFA_FILE: role_entry(in_(14 * MINUTE))},
    ),
    "a role with MFA that ends first": Link(
        HOUR,
        VALID,
        MFA,
        config=OVER_MFA_ROLE,
        credentials=BASE,
        caches={MFA_FILE: role_entry(in_(30 * MINUTE))},
    ),
    "a role with MFA that ends with it": Link(
        HOUR,
        VALID,
        MFA,
        config=OVER_MFA_ROLE,
        credentials=BASE,
        caches={MFA_FILE: role_entry(in_(HOUR))},
    ),
    "a role with MFA that is in its last 15 minutes then": Link(
        HOUR,
        VALID,
        MFA,
        config=OVER_MFA_ROLE,
        credentials=BASE,
        caches={MFA_FILE: role_entry(in_(HOUR + 15 * MINUTE))},
    ),
    "a role with MFA, both in their last 15 minutes": Link(
        14 * MINUTE,
        RENEWING,
        MFA,
        config=OVER_MFA_ROLE,
        credentials=BASE,
        caches={MFA_FILE: role_entry(in_(14 * MINUTE))},
    ),
    "a role with MFA that is still used now": Link(
        14 * MINUTE,
        RENEWING,
        AUTOMATIC,
        config=OVER_MFA_ROLE,
        credentials=BASE,
        caches={MFA_FILE: role_entry(in_(15 * MINUTE))},
    ),
    "a role that is fetched anew over keys that will have ended by then": Link(
        HOUR,
        VALID,
        FAILS,
        ENDS_FIRST,
        config=OVER_ROLE,
        credentials=temporary(45 * MINUTE, "base"),
        caches={role_file("m"): role_entry(in_(30 * MINUTE))},
    ),
    "a role with MFA that lasts": Link(
        # the code was given for the source, which is still good then
        HOUR,
        VALID,
        AUTOMATIC,
        config=OVER_MFA_ROLE,
        credentials=BASE,
        caches={MFA_FILE: role_entry(in_(8 * HOUR))},
    ),
    "a role with MFA that is there": Link(
        None,
        IDLE,
        AUTOMATIC,
        config=OVER_MFA_ROLE,
        credentials=BASE,
        caches={MFA_FILE: role_entry(in_(8 * HOUR))},
    ),
    "a role over SSO without a login": Link(None, IDLE, LOGIN, NOBODY, config=OVER_ROLE_OVER_SSO),
    "a role that lasts over dead SSO": Link(
        HOUR,
        VALID,
        AUTOMATIC,
        config=OVER_ROLE_OVER_SSO,
        caches={role_file("m"): role_entry(in_(2 * HOUR)), sso_file(): sso_token(-HOUR)},
    ),
    "a role that ends first over dead SSO": Link(
        HOUR,
        VALID,
        LOGIN,
        DEAD,
        config=OVER_ROLE_OVER_SSO,
        caches={role_file("m"): role_entry(in_(30 * MINUTE)), sso_file(): sso_token(-HOUR)},
    ),
}
LINKS = OVER_KEYS | OVER_TOKENS | OVER_ROLES
