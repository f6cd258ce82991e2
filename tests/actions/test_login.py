"""Logging in to one SSO session, all the way: a child process, the files, a service on loopback."""

import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.actions import login, timeouts
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.worker import cache_writer
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.expiry import State
from rolecall.aws.snapshot import Snapshot
from tests.actions.login_home import CONFIG, PORTAL, World, login_home, sso_role
from tests.homes import put, soon
from tests.interop.sso_stub import CODE, DENIED, EXPIRED, PENDING


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with login_home(tmp_path) as made:
        yield made


@pytest.mark.long
def test_after_a_login_the_token_is_valid_and_the_profile_lives(world: World) -> None:
    world.stub.answers.before_token = [PENDING]

    done = world.log_in()

    (shown,) = world.person.shown
    assert shown.code == CODE
    after = world.look()
    token = after.profiles["dev"].token
    assert token is not None
    assert (token.state, token.at) == (State.VALID, done.expires_at)
    assert token.renewable_until is not None
    assert (done.token_file, done.renewable, done.remarks) == (world.token_file(), True, ())
    kinds = {entry.kind: entry.is_orphan for entry in after.entries}
    assert kinds == {CacheKind.SSO_TOKEN: False, CacheKind.SSO_REGISTRATION: False}


def test_a_role_logs_in_the_session_of_its_root(world: World) -> None:
    assert world.log_in("top").token_file == world.token_file()


@pytest.mark.long
def test_the_old_form_is_filed_under_its_start_url_and_not_renewed(world: World) -> None:
    done = world.log_in("old")

    assert (done.token_file, done.renewable) == (world.token_file(PORTAL), False)
    assert "refreshToken" not in json.loads(done.token_file.read_bytes())
    token = world.look().profiles["old"].token
    assert token is not None
    assert token.state is State.VALID


def test_the_old_form_is_not_renewed_even_with_a_refresh_token(world: World) -> None:
    world.stub.answers.refreshes_all = True

    done = world.log_in("old")

    assert "refreshToken" in json.loads(done.token_file.read_bytes())
    assert not done.renewable


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_files_are_for_their_owner_alone(world: World) -> None:
    world.log_in()

    modes = {stat.S_IMODE(path.stat().st_mode) for path in world.cache.iterdir()}
    assert modes == {0o600}


def test_a_file_is_replaced_and_a_link_in_its_place_is_not_followed(world: World) -> None:
    world.cache.mkdir(parents=True)
    elsewhere = put(world.home / "elsewhere", "mine")
    world.token_file().symlink_to(elsewhere)

    world.log_in()

    assert elsewhere.read_text() == "mine"
    assert not world.token_file().is_symlink()


def test_credentials_that_cli_v2_has_cached_stay_and_are_told(world: World) -> None:
    live = put(world.role_file("dev"), sso_role(hours=1))
    put(world.role_file("two"), sso_role(hours=1))
    before = live.read_bytes()

    done = world.log_in()

    assert done.remarks == (
        "AWS CLI v2 keeps using the credentials that it has cached for dev until they expire.",
    )
    assert live.read_bytes() == before


def test_credentials_that_have_ended_are_not_worth_a_word(world: World) -> None:
    put(world.role_file("dev"), sso_role(hours=-1))

    assert world.log_in().remarks == ()


@pytest.mark.long
def test_giving_up_ends_it_at_once_and_leaves_no_token(world: World) -> None:
    world.stub.answers.interval = 600
    world.stub.answers.before_token = [PENDING] * 9
    world.person.cancel = world.cancel

    with soon(), pytest.raises(Cancelled):
        world.log_in()

    assert [entry.kind for entry in world.look().entries] == [CacheKind.SSO_REGISTRATION]


@pytest.mark.long
@pytest.mark.parametrize(
    ("error", "kind", "command"),
    [
        (EXPIRED, "PendingAuthorizationExpiredError", "login"),
        (DENIED, "AccessDeniedException", "login"),
    ],
)
def test_a_login_that_fails_leaves_the_token_before_it(
    world: World, error: str, kind: str, command: str
) -> None:
    old = put(world.token_file(), {"accessToken": "CANARY", "expiresAt": "2020-01-01T00:00:00Z"})
    before = old.read_bytes()
    world.stub.answers.before_token = [PENDING, error]

    with pytest.raises(ActionFailed) as caught:
        world.log_in()

    assert (caught.value.kind, caught.value.command) == (kind, command)
    assert caught.value.cure is not None
    assert old.read_bytes() == before


def test_a_start_url_that_aws_does_not_know_leads_to_the_settings(world: World) -> None:
    world.stub.answers.refuse["/device_authorization"] = "InvalidRequestException"

    with pytest.raises(ActionFailed) as caught:
        world.log_in()

    assert caught.value.kind == "InvalidRequestException"
    assert caught.value.cure is not None
    assert "sso_start_url" in caught.value.cure
    assert "sso-session corp" in caught.value.cure
    assert caught.value.command == "edit"


def test_no_way_to_aws_is_a_clear_word(world: World) -> None:
    snapshot = Snapshot.take(world.host(AWS_ENDPOINT_URL_SSO_OIDC="http://127.0.0.1:9"))

    with soon(15), pytest.raises(ActionFailed) as caught:
        login.log_in(snapshot, login.target(snapshot, "dev"), world.person, world.cancel)

    assert caught.value.kind == "EndpointConnectionError"
    assert caught.value.cure is not None
    assert "network" in caught.value.cure


@pytest.mark.long
def test_a_service_that_does_not_answer_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "SSO_LOGIN", 1.0)
    world.stub.answers.hangs.add("/device_authorization")

    with soon(20), pytest.raises(ActionFailed) as caught:
        world.log_in()

    assert caught.value.kind in ("ReadTimeoutError", "Timeout")


@pytest.mark.long
def test_a_region_that_is_no_name_of_a_host_goes_nowhere(world: World) -> None:
    put(world.home / ".aws" / "config", CONFIG.replace("eu-west-1", "evil.example/#"))

    with pytest.raises(ActionFailed) as caught:
        world.log_in()

    assert (caught.value.kind, caught.value.command) == ("InvalidRegionError", "edit")
    assert world.stub.calls == []


def test_a_directory_that_cannot_be_written_is_told_before_anybody_logs_in(world: World) -> None:
    put(world.home / ".aws" / "sso" / "cache", "a file where the directory should be")

    with pytest.raises(ActionFailed) as caught:
        world.log_in()

    assert (caught.value.kind, caught.value.path) == ("Unwritable", world.cache)
    assert world.stub.calls == []


@pytest.mark.skipif(sys.platform != "linux", reason="a directory that nobody can write to, root neither")
def test_a_directory_is_tried_with_a_file() -> None:
    with pytest.raises(ActionFailed, match="cannot be written to") as caught:
        cache_writer.check_writable(Path("/proc"), "scratch.tmp")

    assert caught.value.kind == "Unwritable"


def test_a_login_session_is_none_of_this(world: World) -> None:
    for job in (world.log_in, world.log_out):
        with pytest.raises(ActionFailed, match="AWS CLI alone") as caught:
            job("console")
        assert caught.value.kind == "NotApplicable"


@pytest.mark.long
def test_no_secret_is_shown_told_returned_or_raised(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    world.stub.answers.before_token = [PENDING]
    seen: list[object] = [world.log_in()]
    broken = "InternalServerException"
    world.stub.answers.refuse = {"/device_authorization": broken, "/logout": broken}
    with pytest.raises(ActionFailed) as caught:
        world.log_in()
    seen += [caught.value.__dict__, str(caught.value), world.log_out(), world.person, *capfd.readouterr()]

    shown = repr(seen)
    assert shown.count(broken) >= 2, "the failures are among what was looked at"
    assert len(world.stub.secrets) >= 4
    assert not [secret for secret in world.stub.secrets if secret in shown]
