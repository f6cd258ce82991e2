"""When nobody answers, and for how long a role is asked for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rolecall.actions import assume
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel
from tests.actions.people import Somebody
from tests.actions.stubbed import Place, role
from tests.conftest import Taker
from tests.homes import soon
from tests.interop.blackhole import BlackHole, closed_port
from tests.interop.sts import (
    CHAINED,
    refuses,
)
from tests.interop.stub import Stub
from tests.interop.texts import SSO, SSO_SESSION

NOT_MINUTES = timedelta(seconds=5)
"""How far two clocks' readings of one test may lie apart."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return a home beside a stub that gives every role."""
    with Stub() as stub:
        yield Place(tmp_path / "home", stub)


def test_an_address_at_which_nobody_listens_is_told_at_once(place: Place) -> None:
    place.environ["AWS_ENDPOINT_URL"] = closed_port()
    with pytest.raises(ActionFailed) as failed, soon(10):
        assume.assume(place.snapshot(role("x")), "x", Somebody(), Cancel())
    assert failed.value.kind == "EndpointConnectionError"
    assert failed.value.cure == "check that AWS_ENDPOINT_URL names an address that answers"


@pytest.mark.parametrize("status", [200, 302, 403, 502])
def test_a_login_page_is_not_taken_for_aws(place: Place, status: int) -> None:
    page = "<html><head><title>Welcome</title><meta charset=utf-8></head><p>Log in, CANARY</html>"
    place.stub.rules["AssumeRole"] = lambda _: (status, page)
    with pytest.raises(ActionFailed, match="does not seem to be AWS") as failed, soon(10):
        assume.assume(place.snapshot(role("x")), "x", Somebody(), Cancel())
    assert failed.value.cure
    assert "CANARY" not in failed.value.message


@pytest.mark.long
@pytest.mark.parametrize("retries", [{}, {"AWS_MAX_ATTEMPTS": "10", "AWS_RETRY_MODE": "adaptive"}])
def test_a_server_that_never_answers_is_given_up_within_the_patience(
    place: Place, retries: dict[str, str]
) -> None:
    with BlackHole() as hole:
        place.environ |= {"AWS_ENDPOINT_URL": hole.url, **retries}
        snapshot = place.snapshot(role("x"))
        with pytest.raises(ActionFailed) as failed, soon(10):
            assume.assume(snapshot, "x", Somebody(), Cancel(), patience=1)
    assert failed.value.kind in ("ReadTimeoutError", "Timeout")
    assert failed.value.cure
    assert not place.cache.exists()


@pytest.mark.long
def test_instance_metadata_that_does_not_answer_is_given_up(place: Place) -> None:
    with BlackHole() as hole:
        place.environ |= {
            "AWS_EC2_METADATA_DISABLED": "false",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": hole.url,
            "AWS_METADATA_SERVICE_TIMEOUT": "60",
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "60",
        }
        arn = "role_arn = arn:aws:iam::123456789012:role/x\n"
        snapshot = place.snapshot(f"[profile x]\n{arn}credential_source = Ec2InstanceMetadata\n")
        with pytest.raises(ActionFailed) as failed, soon(10):
            assume.assume(snapshot, "x", Somebody(), Cancel(), patience=1)
    assert failed.value.kind == "Timeout"


def test_it_is_asked_for_shorter_and_kept_where_the_cli_looks_for_it(place: Place) -> None:
    snapshot = place.snapshot(role("a") + role("b", "a", "duration_seconds = 7200\n"))

    done = assume.assume(snapshot, "b", Somebody(), Cancel(), seconds=3600)

    assert [request.get("DurationSeconds") for request in place.stub.requests] == [None, "3600"]
    assert done.cache_file.name == snapshot.profiles["b"].cache_file
    assert abs(done.expires_at - datetime.now(UTC) - timedelta(hours=1)) < NOT_MINUTES


def test_a_role_on_the_way_is_asked_for_no_longer_than_it_can_be_had(place: Place) -> None:
    long = "duration_seconds = 7200\n"
    snapshot = place.snapshot(role("a", more=long) + role("b", "a", long) + role("c", "b"))
    assert assume.too_long(snapshot.profiles["c"]) == 7200

    assume.assume(snapshot, "c", Somebody(), Cancel(), seconds=1800)

    assert [request.get("DurationSeconds") for request in place.stub.requests] == ["7200", "3600", "1800"]


def test_what_sts_says_of_too_long_a_time_is_explained(place: Place) -> None:
    place.stub.rules["AssumeRole"] = refuses("ValidationError", CHAINED, 400)
    with pytest.raises(ActionFailed, match="one hour at most") as failed:
        assume.assume(place.snapshot(role("x")), "x", Somebody(), Cancel())
    assert failed.value.cure is not None
    assert "3600" in failed.value.cure


@pytest.mark.parametrize(
    ("config", "found"),
    {
        "over keys": (role("x", more="duration_seconds = 43200\n"), None),
        "over a role": (role("a") + role("x", "a", "duration_seconds = 43200\n"), 43200),
        "over a role, an hour": (role("a") + role("x", "a", "duration_seconds = 3600\n"), None),
        "over a role, none": (role("a") + role("x", "a"), None),
        "over SSO": (
            f"{SSO_SESSION}[profile a]\n{SSO}{role('x', 'a', 'duration_seconds = 3601')}",
            3601,
        ),
    }.values(),
)
def test_a_time_that_sts_would_refuse_is_known_beforehand(
    take: Taker, config: str, found: int | None
) -> None:
    snapshot = take(config=f"[profile base]\naws_access_key_id = A\naws_secret_access_key = C\n{config}")
    assert assume.too_long(snapshot.profiles["x"]) == found


@pytest.mark.parametrize(
    ("section", "words"),
    {
        "keys": ("aws_access_key_id = A\naws_secret_access_key = CANARY\n", "has keys of its own"),
        "a process": ("credential_process = true\n", "from a process"),
        "a login": ("login_session = me\n", "aws login"),
        "nothing": ("region = eu-west-1\n", "has no role"),
        "a loop": (
            "role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = x\n",
            "InfiniteLoopConfigError",
        ),
    }.values(),
)
def test_where_there_is_nothing_to_assume_it_is_said_why(take: Taker, section: str, words: str) -> None:
    report = take(config=f"[profile x]\n{section}").profiles["x"]
    obstacle = assume.obstacle(report)
    assert obstacle is not None
    assert words in obstacle


def test_roles_can_be_assumed_and_sso_roles_once_somebody_has_logged_in(place: Place) -> None:
    assert assume.obstacle(place.snapshot(role("x")).profiles["x"]) is None
    obstacle = assume.obstacle(place.snapshot(f"{SSO_SESSION}[profile x]\n{SSO}").profiles["x"])
    assert obstacle == "x gives no credentials until you log in (SSOTokenLoadError)."


def test_what_has_no_role_is_not_even_tried(place: Place) -> None:
    with pytest.raises(ActionFailed) as failed:
        assume.assume(place.snapshot(""), "base", Somebody(), Cancel())
    assert failed.value.kind == "NotApplicable"


def test_a_profile_that_is_not_there_any_more_is_told(place: Place) -> None:
    with pytest.raises(ActionFailed) as failed:
        assume.assume(place.snapshot(""), "gone", Somebody(), Cancel())
    assert (failed.value.kind, failed.value.command) == ("ProfileNotFound", "reread")
