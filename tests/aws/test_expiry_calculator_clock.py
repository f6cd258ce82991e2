"""Over random chains: what is said of the end is what the AWS CLI does then, by a simulated clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from rolecall.aws.expiry import After, State
from rolecall.aws.snapshot import Snapshot
from tests.aws.cases import SESSION, SSO_ROLE, environment_keys, keys, role
from tests.aws.entries import (
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
from tests.homes import NOW, make_home

WINDOW = 15
"""Minutes that must be left of a cached role for it to be used."""
NEVER = 10**6
_TEMPORARY = "aws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = C\naws_session_token = C\n"


@dataclass(frozen=True)
class Root:
    """Where a chain starts, in profile ``root``: good for so many minutes, and what it takes afterwards."""

    lasts: int
    afterwards: After
    config: str = ""
    credentials: str = ""
    caches: Mapping[str, object] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


def roots(ends: st.SearchStrategy[int]) -> st.SearchStrategy[Root]:
    """Draw a source of each kind that knows an end, and those that have none."""
    sso = f"{SESSION}[profile root]\nsso_session = corp\n{SSO_ROLE}"
    web = f"[profile root]\n{role('root')}web_identity_token_file = {{HOME}}/token\n"
    return st.one_of(
        st.just(Root(NEVER, After.AUTOMATIC, credentials=f"[root]\n{keys('ROOT')}")),
        st.just(Root(NEVER, After.AUTOMATIC, config="[profile root]\ncredential_process = false\n")),
        st.just(
            Root(
                NEVER,
                After.AUTOMATIC,
                "[profile root]\nlogin_session = me\n",
                caches={login_file(): login_token()},
            )
        ),
        ends.map(
            lambda end: Root(
                end,
                After.FAILS,
                credentials=f"[root]\n{_TEMPORARY}x_security_token_expires = {in_(end * MINUTE)}\n",
            )
        ),
        ends.map(lambda end: Root(end, After.LOGIN, sso, caches={sso_file(): sso_token(end * MINUTE)})),
        st.tuples(ends, ends).map(
            lambda both: Root(
                max(both),
                After.LOGIN,
                sso,
                caches={sso_file(): sso_token(both[0] * MINUTE, both[1] * MINUTE)},
            )
        ),
        ends.map(
            lambda end: Root(end, After.FAILS, web, files={"token": jwt({"exp": NOW.timestamp() + end * 60})})
        ),
        ends.map(
            lambda end: Root(
                end,
                After.FAILS,
                environ=environment_keys(AWS_SESSION_TOKEN="C", AWS_SESSION_EXPIRATION=in_(end * MINUTE)),
            )
        ),
    )


@dataclass(frozen=True)
class Cached:
    """A role of the chain: how many minutes the cache has it for (None: not at all), and whether it asks."""

    lasts: int | None
    asks: bool


@dataclass(frozen=True)
class Chain:
    """Roles over a root, the outermost first."""

    roles: tuple[Cached, ...]
    root: Root

    def takes(self, minute: float) -> After:
        """Say what the AWS CLI needs at a minute for its first role: that is all there is to its rule."""
        asked = After.AUTOMATIC
        for one in self.roles:
            if one.lasts is not None and one.lasts - minute >= WINDOW:
                return asked
            asked = After.MFA if one.asks else asked
        return asked if self.root.lasts > minute else self.root.afterwards

    def home(self) -> dict[str, object]:
        """Write it down."""
        config, caches = self.root.config, dict(self.root.caches)
        for number, one in enumerate(self.roles):
            is_last = number == len(self.roles) - 1
            source = "root" if is_last else f"r{number + 1}"
            of_shell = is_last and bool(self.root.environ)
            config += f"[profile r{number}]\n{role(f'r{number}', None if of_shell else source)}"
            config += "credential_source = Environment\n" if of_shell else ""
            config += "mfa_serial = GAHT12345678\n" if one.asks else ""
            if one.lasts is not None:
                file = role_file(f"r{number}", **({"SerialNumber": "GAHT12345678"} if one.asks else {}))
                caches[file] = role_entry(in_(one.lasts * MINUTE))
        return {
            "config": config,
            "credentials": self.root.credentials,
            "caches": caches,
            "environ": self.root.environ,
            "files": self.root.files,
            "has_crt": True,
        }


ENDS = st.integers(-60, 120).map(lambda step: step * 5) | st.integers(-20, 80)
CHAINS = st.builds(
    Chain,
    st.lists(st.builds(Cached, st.none() | ENDS, st.booleans()), min_size=1, max_size=4).map(tuple),
    roots(ENDS),
)


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(chain=CHAINS, later=st.integers(0, 90))
def test_what_is_said_of_the_end_comes_true(
    tmp_path_factory: pytest.TempPathFactory, chain: Chain, later: int
) -> None:
    """GIVEN a chain WHEN it is looked at, at any minute THEN "afterwards" is what the next use takes.

    Now, where the next use has to fetch the role; at the end, where it is cached; and what is said to come by
    itself does so at every moment from which the CLI fetches it.
    """
    home = make_home(tmp_path_factory.mktemp("home", numbered=True), **chain.home())  # type: ignore[arg-type]
    report = Snapshot.take(home.at(NOW + timedelta(minutes=later))).profiles["r0"]
    found, end = report.expiry, chain.roles[0].lasts
    event(f"{found.state}, {found.after}")
    if found.state is not State.VALID:
        assert found.after is chain.takes(later)
        return
    assert end is not None
    assert found.after is chain.takes(end + 1e-6)
    if found.after is After.AUTOMATIC:
        moments = [end - WINDOW + 1e-6, *range(max(later, end - WINDOW + 1), end + 1)]
        assert {chain.takes(moment) for moment in moments} == {After.AUTOMATIC}
