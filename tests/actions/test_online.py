"""All looks that go out, together: at once, in order, each with its time, and none left behind."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rolecall.actions import aws_cli
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.online import checks, clock, endpoint
from rolecall.actions.prompts import Cancel
from rolecall.aws.snapshot import Snapshot
from rolecall.steps import Step, StepStatus
from tests.actions.outside import Outside
from tests.actions.stubbed import Place, device, role
from tests.homes import put, soon
from tests.interop.blackhole import BlackHole
from tests.interop.sts import SECRET, TOKEN
from tests.interop.stub import Stub
from tests.interop.texts import SSO, SSO_SESSION

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the made-up programs are scripts")
TOOLS, CLOCK, IDENTITY = aws_cli.TOOLS, clock.TITLE, checks.IDENTITY
STS, SSO_PORTAL = endpoint.TITLES["sts"], endpoint.TITLES["sso"]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return a home beside a stub that gives every role, with an ``aws`` of its own."""
    with Stub() as stub:
        home = Place(tmp_path / "home", stub)
        put(tmp_path / "bin" / "aws", "#!/bin/sh\necho aws-cli/2.33.0\n").chmod(0o755)
        home.environ["PATH"] = f"{tmp_path / 'bin'}:/usr/bin:/bin"
        yield home


def _no_matter(_step: Step) -> None:
    """Wait for all of them."""


def look(
    snapshot: Snapshot,
    profile: str | None,
    *,
    cancel: Cancel | None = None,
    when_done: Callable[[Step], None] = _no_matter,
    **seconds: float,
) -> dict[str, Step]:
    """Return the steps by their titles, in the order in which they are returned."""
    with soon(30):
        steps = checks.run_checks(
            snapshot, profile, lambda _command: True, cancel or Cancel(), when_done, **seconds
        )
    # those that are waited for meanwhile are those that come
    assert tuple(step.title for step in steps) == checks.titles(snapshot, profile)
    return {step.title: step for step in steps}


def _threads() -> list[str]:
    """Return the names of the threads of looks that still run."""
    return [name for each in threading.enumerate() if (name := each.name).startswith(("online", "child"))]


def test_all_is_told_as_it_comes_and_returned_in_order(place: Place) -> None:
    told: list[tuple[Step, threading.Thread]] = []
    steps = look(
        place.snapshot(role("x")), "x", when_done=lambda step: told.append((step, threading.current_thread()))
    )
    assert list(steps) == [TOOLS, STS, CLOCK, IDENTITY]
    assert {step.title: step for step, _ in told} == steps
    assert {thread for _, thread in told} == {threading.current_thread()}
    assert [steps[title].verdict for title in (TOOLS, STS, CLOCK)] == [
        StepStatus.FINE,
        StepStatus.NOTE,
        StepStatus.FINE,
    ]


def test_only_these_calls_go_out(place: Place) -> None:
    look(place.snapshot(role("x")), "x")
    assert sorted(place.stub.calls) == ["AssumeRole", "GET /", "GetCallerIdentity"]


@pytest.mark.long
def test_a_profile_of_sso_has_its_portal_looked_at(place: Place) -> None:
    config = f"{SSO_SESSION}[profile sso]\n{SSO}" + role("x", "sso")
    for profile in ("sso", "x"):
        steps = look(place.snapshot(config), profile)
        assert list(steps) == [TOOLS, STS, CLOCK, SSO_PORTAL, IDENTITY]
        assert "region eu-west-1" in steps[SSO_PORTAL].evidence
        assert steps[IDENTITY].verdict is StepStatus.CULPRIT  # nobody has logged in
    # AND one of keys has none
    assert SSO_PORTAL not in look(place.snapshot(config), "base")


def test_this_shell_is_looked_at_where_no_profile_is_named(place: Place) -> None:
    place.environ["AWS_PROFILE"] = "x"
    steps = look(place.snapshot(role("x")), None)
    assert "AWS says that this is" in steps[IDENTITY].words
    assert place.assumed() == ["x"]


def test_a_skewed_clock_is_the_culprit(place: Place) -> None:
    with Outside(ahead=-1200).listening() as outside:
        place.environ["AWS_ENDPOINT_URL"] = outside.url
        steps = look(place.snapshot(""), "base")
    assert steps[CLOCK].verdict is StepStatus.CULPRIT
    assert "ahead of AWS's, and AWS refuses what is signed more than 5 minutes off" in steps[CLOCK].words


@pytest.mark.long
def test_where_nobody_answers_each_is_given_up_in_time_and_only_the_way_is_to_blame(place: Place) -> None:
    with BlackHole() as hole:
        place.environ["AWS_ENDPOINT_URL"] = hole.url
        steps = look(place.snapshot(""), "base", patience=1)
    verdicts = {title: step.verdict for title, step in steps.items()}
    assert verdicts == {
        TOOLS: StepStatus.FINE,
        STS: StepStatus.CULPRIT,
        CLOCK: StepStatus.UNKNOWN,
        IDENTITY: StepStatus.UNKNOWN,
    }


@pytest.mark.long
def test_a_program_that_hangs_is_ended_and_named(place: Place, tmp_path: Path) -> None:
    script = put(tmp_path / "hang.py", "import time\ntime.sleep(600)\n")
    config = f"[profile x]\ncredential_process = {sys.executable} {script}\n"
    step = look(place.snapshot(config), "x", longest=3)[IDENTITY]
    assert step.verdict is StepStatus.UNKNOWN
    assert step.words == "it has not ended after 3 s (running the credential_process of x)"


@pytest.mark.long
def test_nobody_is_asked_for_a_code(place: Place) -> None:
    steps = look(place.snapshot(role("x", more=device())), "x")
    assert steps[IDENTITY].verdict is StepStatus.UNKNOWN
    assert "you were not asked" in steps[IDENTITY].words
    assert place.stub.calls == ["GET /"]


def test_who_cancels_waits_for_nothing(place: Place) -> None:
    # GIVEN an AWS that does not answer, and someone who does not wait for it
    cancel = Cancel()
    with BlackHole() as hole:
        place.environ["AWS_ENDPOINT_URL"] = hole.url
        snapshot = place.snapshot("")
        # WHEN
        with pytest.raises(Cancelled):
            look(snapshot, "base", cancel=cancel, when_done=lambda _step: cancel.set(), patience=600)
    # THEN no thread is left that still waits
    assert _threads() == []


def test_what_is_cancelled_beforehand_asks_nobody(place: Place) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        look(place.snapshot(role("x")), "x", cancel=cancel)
    assert place.stub.calls == []


def test_a_listener_that_fails_leaves_nothing_behind(place: Place) -> None:
    def fail(_step: Step) -> None:
        raise LookupError

    with BlackHole() as hole:
        place.environ["AWS_ENDPOINT_URL"] = hole.url
        snapshot = place.snapshot("")
        with pytest.raises(LookupError):
            look(snapshot, "base", when_done=fail, patience=600)
    assert _threads() == []


def test_a_profile_that_is_not_there_is_told(place: Place) -> None:
    with pytest.raises(ActionFailed, match="there is no profile nobody"):
        look(place.snapshot(""), "nobody")


def test_files_that_do_not_parse_leave_the_rest_to_be_told(place: Place) -> None:
    steps = look(place.snapshot("nonsense\n"), None)
    assert steps[STS].verdict is StepStatus.UNKNOWN
    assert steps[TOOLS].verdict is StepStatus.FINE


def test_nothing_secret_is_in_any_step(place: Place) -> None:
    place.environ |= {"HTTP_PROXY": "http://me:CANARYproxy@127.0.0.1:9", "AWS_SESSION_TOKEN": TOKEN}
    steps = look(place.snapshot(role("x")), "x")
    for secret in ("CANARY", SECRET, TOKEN):
        assert secret not in repr(steps)
