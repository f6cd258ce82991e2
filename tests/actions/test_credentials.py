"""Credentials are handed over as the AWS CLI would use them, and shown by nobody."""

import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rolecall.actions import credentials
from rolecall.actions.credentials import Credentials
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel
from tests.actions.people import Somebody
from tests.actions.stubbed import Place, role
from tests.homes import put
from tests.interop.sts import SECRET, TOKEN, refuses
from tests.interop.stub import Stub
from tests.interop.texts import cached_role


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return a home beside a stub that gives every role."""
    with Stub() as stub:
        yield Place(tmp_path / "home", stub)


def test_of_a_role_they_are_what_sts_gave(place: Place) -> None:
    found = credentials.fetch(place.snapshot(role("x")), "x", Somebody(), Cancel())
    assert (found.access_key, found.secret_key, found.token) == ("ASIASTUB000000000001", SECRET, TOKEN)
    assert found.account == "123456789012"
    assert found.expires_at is not None
    assert found.expires_at.tzinfo is UTC
    assert abs(found.expires_at - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)
    assert len(place.contents()) == 1


def test_what_is_cached_is_used(place: Place) -> None:
    snapshot = place.snapshot(role("x"))
    place.keep(snapshot, "x", cached_role())
    found = credentials.fetch(snapshot, "x", Somebody(), Cancel())
    assert (found.access_key, found.expires_at) == ("ASIAIOSFODNN7EXAMPLE", datetime(2999, 1, 1, tzinfo=UTC))
    assert place.stub.calls == []


def test_permanent_keys_have_no_token_and_no_end(place: Place) -> None:
    found = credentials.fetch(place.snapshot(""), "base", Somebody(), Cancel())
    assert (found.access_key, found.secret_key) == ("AKIAIOSFODNN7EXAMPLE", "CANARY")
    assert (found.token, found.expires_at, found.account) == (None, None, None)
    assert place.stub.calls == []


def test_keys_in_the_file_have_the_end_that_is_noted_there(place: Place) -> None:
    keys = "aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = S\naws_session_token = T\n"
    put(place.home / ".aws/credentials", f"[t]\n{keys}x_security_token_expires = 2999-01-01T01:00:00+01:00\n")
    found = credentials.fetch(place.snapshot(), "t", Somebody(), Cancel())
    assert (found.token, found.expires_at) == ("T", datetime(2999, 1, 1, tzinfo=UTC))


def test_a_profile_without_any_is_told(place: Place) -> None:
    snapshot = place.snapshot("[profile none]\nregion = eu-west-1\n")
    with pytest.raises(ActionFailed) as failed:
        credentials.fetch(snapshot, "none", Somebody(), Cancel())
    assert (failed.value.kind, failed.value.command) == ("NoCredentialsError", "edit")


def test_no_secret_shows_in_their_repr_or_in_a_traceback(place: Place) -> None:
    found = Credentials("AKIAIOSFODNN7EXAMPLE", SECRET, TOKEN, None, None)
    assert SECRET not in repr(found)
    assert TOKEN not in repr(found)
    place.stub.rules["AssumeRole"] = refuses("AccessDenied", f"aws_secret_access_key={SECRET} {TOKEN}")
    with pytest.raises(ActionFailed) as failed:
        credentials.fetch(place.snapshot(role("x")), "x", Somebody(), Cancel())
    told = "".join(traceback.format_exception(failed.value))
    for secret in (SECRET, TOKEN, "CANARY"):
        assert secret not in told
