"""Logging out of one SSO session, all the way: what ends at AWS, what is deleted, what stays."""

import json
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from rolecall.actions import login, timeouts
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.worker import clients, sso_login
from rolecall.aws import cache_files
from rolecall.aws.snapshot import Snapshot
from tests.actions.login_home import World, login_home, sso_role
from tests.homes import put, soon


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with login_home(tmp_path) as made:
        yield made


@pytest.mark.long
def test_logging_out_ends_one_session_and_no_other(world: World) -> None:
    # GIVEN three logins, and what CLI v2 keeps of their roles
    for profile in ("dev", "two", "old"):
        world.log_in(profile)
        put(world.role_file(profile), sso_role(hours=1))
    token = json.loads(world.token_file().read_bytes())["accessToken"]
    gone = {world.token_file(), world.role_file("dev")}
    before = world.files()

    done = world.log_out()

    # THEN its token ended at AWS, its two files are gone, and all else stands as it was
    assert [call.token for call in world.stub.of("POST /logout")] == [token]
    assert token not in world.stub.tokens
    assert set(done.deleted) == gone
    assert done.profiles == ("dev", "top")
    assert done.remarks == ()
    assert world.files() == {
        name: content for name, content in before.items() if name not in {path.name for path in gone}
    }
    assert len(world.stub.tokens) == 2


@pytest.mark.long
def test_the_registration_stays_and_serves_the_next_login(world: World) -> None:
    world.log_in()
    world.log_out()

    world.log_in()

    assert len(world.stub.of("POST /client/register")) == 1


def test_roles_that_were_assumed_over_the_session_stay(world: World) -> None:
    world.log_in()
    settings = world.look().profiles["top"].values
    role = put(
        world.home / ".aws" / "cli" / "cache" / f"{cache_files.role(settings)}.json", {"Credentials": {}}
    )

    world.log_out()

    assert role.exists()


def test_without_aws_one_logs_out_here_and_it_is_said(world: World) -> None:
    world.log_in()
    snapshot = Snapshot.take(world.host(AWS_ENDPOINT_URL_SSO="http://127.0.0.1:9"))

    with soon(20):
        done = world.log_out(shown=snapshot)

    assert done.deleted == (world.token_file(),)
    (remark,) = done.remarks
    assert "AWS could not be told" in remark
    assert remark in world.person.told


@pytest.mark.long
def test_a_logout_that_aws_does_not_answer_is_not_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeouts, "SSO_LOGOUT", 0.5)
    world.log_in()
    world.stub.answers.hangs.add("/logout")

    with soon(20):
        done = world.log_out()

    assert (done.deleted, len(done.remarks)) == ((world.token_file(),), 1)


@pytest.mark.parametrize(
    ("written", "asked"), [("us-east-1", "us-east-1"), (None, "eu-west-1"), (7, "eu-west-1")]
)
def test_the_token_ends_in_the_region_that_its_file_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: object, asked: str
) -> None:
    client = MagicMock()
    client.return_value.exceptions.UnauthorizedException = PermissionError
    monkeypatch.setattr(clients, "unsigned_client", client)
    put(tmp_path / "token.json", {"accessToken": "CANARY", "region": written})

    told = sso_login.log_out(
        {
            "sso_cache": str(tmp_path),
            "token": "token",
            "region": "eu-west-1",
            "profile": "dev",
            "patience": 1,
        },
        None,
    )

    client.assert_called_once_with("sso", asked, "dev", 1)
    assert told == {"told": True}


@pytest.mark.long
def test_a_token_that_has_ended_already_needs_no_word(world: World) -> None:
    world.log_in()
    world.stub.tokens.clear()

    done = world.log_out()

    assert (done.deleted, done.remarks) == ((world.token_file(),), ())


@pytest.mark.long
def test_a_token_that_was_renewed_meanwhile_goes_as_well_and_it_is_said(world: World) -> None:
    world.log_in()
    shown = world.look()
    world.log_in()

    done = world.log_out(shown=shown)

    assert done.deleted == (world.token_file(),)
    assert done.remarks == ("The token was renewed since it was shown.",)


def test_a_token_that_is_a_link_is_left_with_what_it_leads_to(world: World) -> None:
    world.log_in()
    elsewhere = world.token_file().rename(world.home / "elsewhere.json")
    world.token_file().symlink_to(elsewhere)

    with pytest.raises(ActionFailed, match="is a symlink") as caught:
        world.log_out()

    assert (caught.value.kind, caught.value.path) == ("Refused", world.token_file())
    assert elsewhere.exists()
    assert world.stub.of("POST /logout") == []


@pytest.mark.long
def test_of_a_role_that_is_a_link_the_link_alone_goes(world: World) -> None:
    world.log_in()
    elsewhere = put(world.home / "elsewhere.json", sso_role(hours=1))
    world.role_file("dev").parent.mkdir(parents=True)
    world.role_file("dev").symlink_to(elsewhere)

    done = world.log_out()

    assert set(done.deleted) == {world.token_file(), world.role_file("dev")}
    assert not world.role_file("dev").is_symlink()
    assert elsewhere.exists()


@pytest.mark.long
@pytest.mark.parametrize("content", [b"{", b"[]", b'{"accessToken": 7, "expiresAt": "2999-01-01T00:00:00Z"}'])
def test_a_damaged_token_is_deleted_with_nothing_to_tell_aws(world: World, content: bytes) -> None:
    put(world.token_file(), content)

    done = world.log_out()

    assert done.deleted == (world.token_file(),)
    assert world.stub.calls == []


def test_where_nobody_is_logged_in_nobody_logs_out(world: World) -> None:
    snapshot = world.look()
    assert login.nothing_to_log_out(snapshot, "dev") == ("There is no login to corp here.")

    with pytest.raises(ActionFailed, match="There is no login to corp here") as caught:
        world.log_out()

    assert caught.value.kind == "NotApplicable"


def test_where_somebody_is_logged_in_nothing_speaks_against_it(world: World) -> None:
    world.log_in()
    snapshot = world.look()

    assert login.nothing_to_log_out(snapshot, "dev") is None
    assert login.nothing_to_log_out(snapshot, "top") is None
    assert login.nothing_to_log_out(snapshot, "two") is not None
    assert login.nothing_to_log_out(snapshot, "console") is not None


def test_a_logout_that_is_cancelled_deletes_nothing(world: World) -> None:
    world.log_in()
    before = world.files()
    world.cancel.set()

    with pytest.raises(Cancelled):
        world.log_out()

    assert world.files() == before
