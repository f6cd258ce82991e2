"""The environment of a command: when its credentials are renewed, and what is said where they cannot be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rolecall.actions import credentials
from rolecall.actions.command_environment import needs_call, own_environ, prepare
from rolecall.actions.credentials import Credentials
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel, UnattendedPrompts
from rolecall.aws import cache_files
from rolecall.aws.snapshot import Snapshot
from tests.cli.program import role_file
from tests.homes import NOW, make_home

ROLE = "arn:aws:iam::123456789012:role/Admin"
CONFIG = f"""\
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = x
[profile pasted]
aws_access_key_id = ASIAIOSFODNN7EXAMPLE
aws_secret_access_key = x
aws_session_token = x
[profile admin]
role_arn = {ROLE}
source_profile = base
[profile chained]
role_arn = arn:aws:iam::123456789012:role/Deploy
source_profile = admin
[profile login]
login_session = me
[profile process]
credential_process = /bin/helper
"""
STEM = cache_files.role({"role_arn": ROLE})


def _snapshot(place: Path, cached_for: timedelta | None = None) -> Snapshot:
    cached = role_file(f"{NOW + cached_for:%Y-%m-%dT%H:%M:%SZ}") if cached_for is not None else None
    caches = {f"cli/{STEM}.json": cached} if cached is not None else {}
    return Snapshot.take(make_home(place, config=CONFIG, caches=caches, has_crt=True))


class Fetched:
    """Stands for AWS: gives credentials for these times, one after the other.

    Attributes:
        forced: for each call whether valid ones were to be renewed.
    """

    def __init__(self, *lasting: timedelta | None) -> None:
        self.forced: list[bool] = []
        self._lasting = list(lasting)

    def __call__(self, *_: object, force: bool = False) -> Credentials:
        self.forced.append(force)
        left = self._lasting.pop(0)
        if left is None:
            raise ActionFailed("AccessDenied", "AWS says no")
        return Credentials("ASIANEW", "CANARY", "CANARY", NOW + left, None)


Prepare = Callable[..., tuple[str | None, list[bool]]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepare:
    """Prepare a command for a profile; return why its credentials expire early, and the calls."""

    def prepared(
        name: str, minutes: float, *lasting: float | None, cached: float | None = None, renews: bool = True
    ) -> tuple[str | None, list[bool]]:
        aws = Fetched(*(None if each is None else timedelta(minutes=each) for each in lasting))
        monkeypatch.setattr(credentials, "fetch", aws)
        snapshot = _snapshot(tmp_path, None if cached is None else timedelta(minutes=cached))
        prompts = UnattendedPrompts(lambda _: False)
        found = prepare(snapshot, name, prompts, Cancel(), at_least=timedelta(minutes=minutes), renews=renews)
        return found.shortfall, aws.forced

    return prepared


def test_what_lasts_long_enough_is_fetched_once(ask: Prepare) -> None:
    assert ask("admin", 15, 15, cached=15) == (None, [False])


def test_a_cached_role_that_expires_before_is_renewed_once(ask: Prepare) -> None:
    assert ask("admin", 30, 20, 60, cached=20) == (None, [False, True])


def test_a_role_that_was_fetched_just_now_is_not_fetched_again(ask: Prepare) -> None:
    shortfall, forced = ask("admin", 90, 60)
    assert forced == [False]
    assert shortfall is not None
    assert "`duration_seconds` of admin says for how long" in shortfall


def test_a_renewal_that_fails_leaves_the_old_ones_and_says_why(ask: Prepare) -> None:
    shortfall, forced = ask("admin", 30, 20, None, cached=20)
    assert forced == [False, True]
    assert shortfall == "the credentials of admin expire in 20m 00s; they could not be renewed: AWS says no"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("chained", "lasts one hour at most"),
        ("pasted", "only new ones can be put in their place"),
        ("login", "by themselves, in its last five minutes"),
        ("process", "a source that decides itself how long they last"),
    ],
)
def test_each_kind_says_why_it_is_not_renewed(ask: Prepare, name: str, why: str) -> None:
    shortfall, forced = ask(name, 30, 20)
    assert shortfall is not None
    assert shortfall.startswith(f"the credentials of {name} expire in 20m 00s; ")
    assert why in shortfall
    assert forced == [False]


@pytest.mark.parametrize("name", ["chained", "login", "process"])
def test_read_only_fetches_nothing_that_is_not_there(ask: Prepare, name: str) -> None:
    with pytest.raises(ActionFailed) as failed:
        ask(name, 15, 60, renews=False)
    assert failed.value.kind == "ReadOnly"


def test_read_only_hands_out_what_is_there(ask: Prepare) -> None:
    assert ask("base", 15, 60, renews=False) == (None, [False])
    assert ask("admin", 15, 20, cached=20, renews=False) == (None, [False])
    shortfall, forced = ask("admin", 30, 20, cached=20, renews=False)
    assert forced == [False]
    assert shortfall is not None
    assert "read-only" in shortfall


@pytest.mark.parametrize(("minutes", "needed"), [(20, False), (14, True), (-1, True)])
def test_a_cached_role_needs_a_call_once_the_cli_would_renew_it(
    tmp_path: Path, minutes: float, *, needed: bool
) -> None:
    snapshot = _snapshot(tmp_path, timedelta(minutes=minutes))
    assert needs_call(snapshot.profiles["admin"], NOW) is needed


def test_the_environment_is_the_users_own_whichever_home_is_read(tmp_path: Path) -> None:
    own = {"AWS_PROFILE": "mine", "AWS_VAULT": "mine", "TERM": "xterm"}
    host = make_home(tmp_path, config=CONFIG, environ={"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    assert own_environ(host) == host.environ
    assert own_environ(replace(host, own_environ=own)) == own


def test_a_command_of_the_demo_has_nothing_of_the_users_own_aws(tmp_path: Path) -> None:
    own = {"AWS_PROFILE": "mine", "AWS_VAULT": "mine", "TERM": "xterm", "HOME": "/home/me"}
    host = make_home(tmp_path, environ={"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    found = own_environ(replace(host, is_demo=True, own_environ=own))
    assert found == {"TERM": "xterm", "HOME": str(tmp_path), "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}


def test_no_secret_is_in_the_repr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "fetch", Fetched(timedelta(hours=1)))
    prompts = UnattendedPrompts(lambda _: False)
    assert "CANARY" not in repr(prepare(_snapshot(tmp_path), "admin", prompts, Cancel()))
