"""Roles are assumed and kept as the AWS CLI does it, and nothing is lost where that fails."""

import contextlib
import json
import os
import stat
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rolecall.actions import assume
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Cancel
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.actions.people import Somebody
from tests.actions.stubbed import Place, device, role
from tests.homes import put, soon
from tests.interop.blackhole import BlackHole
from tests.interop.sts import (
    INVALID_CODE,
    SECRET,
    TOKEN,
    gives_for_code,
    refuses,
)
from tests.interop.stub import Stub
from tests.interop.texts import SSO, SSO_SESSION, cached_role, sso_token, sso_token_file

DENIED = refuses("AccessDenied", "User: arn:aws:iam::123456789012:user/me is not authorized")
NOT_MINUTES = timedelta(seconds=5)
"""How far two clocks' readings of one test may lie apart."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return a home beside a stub that gives every role."""
    with Stub() as stub:
        yield Place(tmp_path / "home", stub)


def ends_in(**span: float) -> str:
    return f"{datetime.now(UTC) + timedelta(**span):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.long
def test_a_role_is_kept_where_it_was_predicted_for_its_owner_only(place: Place) -> None:
    snapshot = place.snapshot(role("x"))

    done = assume.assume(snapshot, "x", Somebody(), Cancel())

    assert done.cache_file == place.cache / str(snapshot.profiles["x"].cache_file)
    assert list(place.cache.iterdir()) == [done.cache_file]
    assert stat.S_IMODE(done.cache_file.stat().st_mode) == 0o600
    assert (done.profile, done.was_cached) == ("x", False)
    assert done.arn is not None
    assert done.arn.startswith("arn:aws:sts::123456789012:assumed-role/x/botocore-session-")
    assert abs(done.expires_at - datetime.now(UTC) - timedelta(hours=1)) < NOT_MINUTES
    written = json.loads(done.cache_file.read_text())
    assert written["Credentials"]["SecretAccessKey"] == SECRET
    assert datetime.fromisoformat(written["Credentials"]["Expiration"]) == done.expires_at


def test_a_snapshot_shows_what_was_assumed(place: Place) -> None:
    done = assume.assume(place.snapshot(role("x")), "x", Somebody(), Cancel())
    assert place.snapshot().profiles["x"].expiry.at == done.expires_at


@pytest.mark.long
def test_each_role_of_a_chain_is_kept_and_used(place: Place) -> None:
    snapshot = place.snapshot(role("a") + role("b", "a") + role("c", "b"))
    somebody = Somebody()

    assume.assume(snapshot, "c", somebody, Cancel())

    assert place.assumed() == ["a", "b", "c"]
    assert set(place.contents()) == {snapshot.profiles[name].cache_file for name in "abc"}
    assert somebody.told == [f"assuming {name} in 123456789012" for name in "abc"]


def test_what_is_good_for_a_while_is_left_alone(place: Place) -> None:
    snapshot = place.snapshot(role("x"))
    place.keep(snapshot, "x", cached_role(Expiration=ends_in(minutes=16)))
    before = place.contents()

    done = assume.assume(snapshot, "x", Somebody(), Cancel())

    assert done.was_cached
    assert place.stub.calls == []
    assert place.contents() == before


@pytest.mark.long
@pytest.mark.parametrize("left", [timedelta(minutes=14), timedelta(minutes=-1)])
def test_what_is_due_is_renewed(place: Place, left: timedelta) -> None:
    snapshot = place.snapshot(role("x"))
    place.keep(snapshot, "x", cached_role(Expiration=ends_in(seconds=left.total_seconds())))
    assert not assume.assume(snapshot, "x", Somebody(), Cancel()).was_cached
    assert place.assumed() == ["x"]


@pytest.mark.long
def test_with_force_it_is_renewed_although_it_is_good_but_not_what_it_draws_on(place: Place) -> None:
    snapshot = place.snapshot(role("a") + role("b", "a"))
    inner = place.keep(snapshot, "a", cached_role())
    outer = place.keep(snapshot, "b", cached_role())
    before = place.contents()

    done = assume.assume(snapshot, "b", Somebody(), Cancel(), force=True)

    assert not done.was_cached
    assert place.assumed() == ["b"]
    assert place.contents()[inner.name] == before[inner.name]
    assert place.contents()[outer.name] != before[outer.name]


@pytest.mark.long
@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    "damage",
    {
        "empty": "",
        "cut off": '{"Credentials": {"AccessKeyId": "A',
        "no object": "[]",
        "null": "null",
        "no credentials": "{}",
        "no key": cached_role(AccessKeyId=None),
        "a key that is a number": cached_role(SecretAccessKey=7),
        "no end": cached_role(Expiration=None),
        "an end without a zone": cached_role(Expiration="2999-01-01T00:00:00"),
        "an end that is no time": cached_role(Expiration="soon"),
    }.values(),
)
def test_an_entry_that_would_stop_the_cli_is_replaced(place: Place, damage: str, force: bool) -> None:  # noqa: FBT001 - a case
    snapshot = place.snapshot(role("x"))
    path = place.keep(snapshot, "x", damage)

    assert not assume.assume(snapshot, "x", Somebody(), Cancel(), force=force).was_cached

    assert json.loads(path.read_text())["Credentials"]["SecretAccessKey"] == SECRET


def test_a_damaged_entry_on_the_way_is_replaced_too(place: Place) -> None:
    snapshot = place.snapshot(role("a") + role("b", "a"))
    place.keep(snapshot, "a", "{")
    assume.assume(snapshot, "b", Somebody(), Cancel())
    assert place.assumed() == ["a", "b"]
    assert all(json.loads(content) for _, content in place.contents().values())


@pytest.mark.long
def test_through_a_symlink_the_cache_is_where_it_leads(place: Place, tmp_path: Path) -> None:
    snapshot = place.snapshot(role("x"))
    (tmp_path / "elsewhere").mkdir()
    place.cache.parent.mkdir()
    place.cache.symlink_to(tmp_path / "elsewhere")

    assume.assume(snapshot, "x", Somebody(), Cancel())

    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == [snapshot.profiles["x"].cache_file]


def test_a_web_identity_is_kept_under_the_names_of_both_clis(place: Place) -> None:
    token = put(place.home / "token", "CANARY.web.identity\n")
    config = f"[profile x]\nrole_arn = arn:aws:iam::123456789012:role/x\nweb_identity_token_file = {token}\n"
    snapshot = place.snapshot(config)

    assert not assume.assume(snapshot, "x", Somebody(), Cancel()).was_cached
    first, second = place.contents().values()
    assert first[1] == second[1]
    assert assume.assume(snapshot, "x", Somebody(), Cancel()).was_cached
    assert place.stub.calls == ["AssumeRoleWithWebIdentity"]

    # where the token is another, the role is another's: neither name may go on serving the old one
    put(token, "another.web.identity\n")
    assert not assume.assume(place.snapshot(), "x", Somebody(), Cancel()).was_cached
    assert len(place.contents()) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs")
def test_a_token_that_can_be_read_only_once_is_read_for_the_call(place: Place) -> None:
    place.home.mkdir()
    os.mkfifo(place.home / "token")
    arn = "role_arn = arn:aws:iam::123456789012:role/x\n"
    snapshot = place.snapshot(f"[profile x]\n{arn}web_identity_token_file = {place.home / 'token'}\n")
    threading.Thread(target=(place.home / "token").write_text, args=("CANARY.web.identity",)).start()

    with soon(20):
        done = assume.assume(snapshot, "x", Somebody(), Cancel())

    assert place.stub.requests[0]["WebIdentityToken"] == "CANARY.web.identity"
    assert list(place.cache.iterdir()) == [done.cache_file]


def test_an_sso_role_is_kept_as_cli_v2_keeps_it(place: Place) -> None:
    snapshot = place.snapshot(f"{SSO_SESSION}[profile x]\n{SSO}")
    put(place.home / ".aws" / sso_token_file("corp"), sso_token("2999-01-01T00:00:00Z"))

    done = assume.assume(snapshot, "x", Somebody(), Cancel())

    assert done.arn is None
    assert done.cache_file.name == snapshot.profiles["x"].cache_file
    written = json.loads(done.cache_file.read_text())
    assert set(written) == {"ProviderType", "Credentials"}
    assert written["ProviderType"] == "sso"
    assert written["Credentials"]["AccountId"] == "123456789012"
    assert assume.assume(snapshot, "x", Somebody(), Cancel()).was_cached
    assert place.stub.calls == ["GET /federation/credentials"]


def test_a_token_that_can_be_refreshed_is_and_nothing_else_is_written(place: Place) -> None:
    # GIVEN a role over SSO whose token is past, its client registered
    snapshot = place.snapshot(f"{SSO_SESSION}[profile sso]\n{SSO}{role('x', 'sso')}")
    token = sso_token("2020-01-01T00:00:00Z", registration_expires_at="2999-01-01T00:00:00Z")
    path = put(place.home / ".aws" / sso_token_file("corp"), token)

    done = assume.assume(snapshot, "x", Somebody(), Cancel())

    assert place.stub.calls == ["POST /token", "GET /federation/credentials", "AssumeRole"]
    renewed = json.loads(path.read_text())
    assert datetime.fromisoformat(renewed["expiresAt"]) > datetime.now(UTC)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    files = {found for found in (place.home / ".aws").rglob("*") if found.is_file()}
    assert files == {path, done.cache_file, place.home / ".aws" / "config"}


@pytest.mark.parametrize("minutes", [60, 10])
def test_where_sts_refuses_the_old_entry_stays_as_it_was(place: Place, minutes: int) -> None:
    snapshot = place.snapshot(role("x"))
    place.keep(snapshot, "x", cached_role(Expiration=ends_in(minutes=minutes)))
    before = place.contents()
    place.stub.rules["AssumeRole"] = DENIED

    with pytest.raises(ActionFailed) as failed:
        assume.assume(snapshot, "x", Somebody(), Cancel(), force=True)

    assert failed.value.kind == "AccessDenied"
    assert place.contents() == before


@pytest.mark.ordinary_user
def test_a_directory_that_must_not_be_written_is_named(place: Place) -> None:
    snapshot = place.snapshot(role("x"))
    place.cache.mkdir(parents=True)
    place.cache.chmod(0o500)
    try:
        with pytest.raises(ActionFailed) as failed:
            assume.assume(snapshot, "x", Somebody(), Cancel())
    finally:
        place.cache.chmod(0o700)
    assert (failed.value.kind, failed.value.cure is not None) == ("Unwritable", True)


@pytest.mark.long
def test_a_cache_that_cannot_be_written_is_named_and_nothing_is_left(place: Place) -> None:
    snapshot = place.snapshot(role("x"))
    path = place.cache / str(snapshot.profiles["x"].cache_file)
    path.mkdir(parents=True)

    with pytest.raises(ActionFailed) as failed:
        assume.assume(snapshot, "x", Somebody(), Cancel())

    assert (failed.value.kind, failed.value.path) == ("Unwritable", path)
    assert failed.value.cure
    assert list(place.cache.iterdir()) == [path]


@pytest.mark.long
def test_a_cancel_leaves_everything_as_it_was(place: Place) -> None:
    snapshot = place.snapshot(role("x"))
    place.keep(snapshot, "x", cached_role())
    before, cancel = place.contents(), Cancel()
    with BlackHole() as hole:
        place.environ["AWS_ENDPOINT_URL"] = hole.url
        somebody = Somebody(when_told=lambda _: cancel.set())
        with pytest.raises(Cancelled), soon(10):
            assume.assume(place.snapshot(), "x", somebody, cancel, force=True)
    assert place.contents() == before


@pytest.mark.long
def test_killed_at_whatever_moment_it_leaves_the_old_file_or_the_new_one(place: Place) -> None:
    # GIVEN a role that is kept, and how long it takes to assume it anew
    snapshot = place.snapshot(role("x"))
    began = time.monotonic()
    path = assume.assume(snapshot, "x", Somebody(), Cancel()).cache_file
    span = time.monotonic() - began

    # WHEN it is cancelled at moments all over that time
    done = 0
    for moment in range(1, 16):
        cancel = Cancel()
        timer = threading.Timer(span * moment / 12, cancel.set)
        timer.start()
        with contextlib.suppress(Cancelled), soon(20):
            assume.assume(snapshot, "x", Somebody(), cancel, force=True)
            done += 1
        timer.cancel()

        # THEN the file is whole, and alone
        assert list(place.cache.iterdir()) == [path]
        assert json.loads(path.read_text())["Credentials"]["SecretAccessKey"] == SECRET
    assert done < 15, "some were cancelled"


@pytest.mark.long
def test_no_secret_is_in_what_is_told_or_returned_or_raised(place: Place) -> None:
    # GIVEN secrets in keys, in what STS gives, and in a code
    place.stub.rules["AssumeRole"] = gives_for_code("987123")
    snapshot = place.snapshot(role("x", more=device()))
    somebody = Somebody(codes=["987654", "987123"])
    done = assume.assume(snapshot, "x", somebody, Cancel())
    place.stub.rules["AssumeRole"] = refuses("AccessDenied", f"secret_key = {SECRET} token={TOKEN}")
    with pytest.raises(ActionFailed) as failed:
        assume.assume(snapshot, "x", Somebody(codes=["987123"]), Cancel(), force=True)

    told = repr((done, somebody.told, somebody.asked, vars(failed.value), failed.value.args))
    cause = failed.value.__cause__
    assert cause is not None
    told += repr((vars(cause), cause.args))
    for secret in (SECRET, TOKEN, "CANARY", "987654", "987123"):
        assert secret not in told


def test_an_mfa_refusal_reads_like_one(place: Place) -> None:
    # a stub that says so without there being a device: nobody can be asked for another code
    place.stub.rules["AssumeRole"] = refuses("AccessDenied", INVALID_CODE)
    with pytest.raises(ActionFailed) as failed:
        assume.assume(place.snapshot(role("x")), "x", Somebody(), Cancel())
    assert failed.value.command == "assume"


def test_the_hosts_own_files_are_used_wherever_they_are(place: Place, tmp_path: Path) -> None:
    config = role("x").replace("source_profile = base\n", "credential_source = Environment\n")
    put(tmp_path / "settings", config)
    environ = {
        **place.variables,
        "AWS_CONFIG_FILE": str(tmp_path / "settings"),
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "CANARY",
        "AWS_PROFILE": "no such profile",
    }
    snapshot = Snapshot.take(Host.of(place.home, environ))
    done = assume.assume(snapshot, "x", Somebody(), Cancel())
    assert done.cache_file.parent == place.cache
    assert done.cache_file.exists()
