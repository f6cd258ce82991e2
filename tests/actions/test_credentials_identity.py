"""Who AWS says one is, and whether that is what the settings promise."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from rolecall.actions import credentials
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel
from tests.actions.people import Somebody
from tests.actions.stubbed import DEVICE, Place, device, role
from tests.conftest import Taker
from tests.interop.sts import gives_for_code, refuses, says_who
from tests.interop.stub import Stub
from tests.interop.texts import SSO, SSO_SESSION

STS = "arn:aws:sts::123456789012:assumed-role"
ROLE = "role_arn = arn:aws:iam::123456789012:role/{}\nsource_profile = base\n"
KEYS = "aws_access_key_id = {}\naws_secret_access_key = CANARY\n"
QRST = "ASIAQRSTUVWXYZ234567"
"""A key of the account 035485714397, which stands in its characters."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return a home beside a stub that gives every role."""
    with Stub() as stub:
        yield Place(tmp_path / "home", stub)


@pytest.mark.parametrize(
    ("section", "account", "arn", "differences"),
    {
        "the role": (ROLE.format("deploy"), "123456789012", f"{STS}/deploy/me", 0),
        "a role with a path": (ROLE.format("team/a/deploy"), "123456789012", f"{STS}/deploy/me", 0),
        "another role": (ROLE.format("deploy"), "123456789012", f"{STS}/read/me", 1),
        "another account": (
            ROLE.format("deploy"),
            "210987654321",
            "arn:aws:sts::210987654321:assumed-role/deploy/me",
            1,
        ),
        "another partition": (
            ROLE.format("deploy"),
            "123456789012",
            "arn:aws-cn:sts::123456789012:assumed-role/deploy/me",
            1,
        ),
        "no role at all": (ROLE.format("deploy"), "123456789012", "arn:aws:iam::123456789012:user/me", 1),
        "all of it": (ROLE.format("deploy"), "1", "arn:aws-cn:iam::1:user/me", 3),
        "an SSO role": (SSO, "123456789012", f"{STS}/AWSReservedSSO_Reader_0123456789abcdef/me", 0),
        "an SSO role with a line in it": (
            SSO.replace("Reader", "Read_Only"),
            "123456789012",
            f"{STS}/AWSReservedSSO_Read_Only_0123456789abcdef/me",
            0,
        ),
        "another SSO role": (SSO, "123456789012", f"{STS}/AWSReservedSSO_Admin_0123456789abcdef/me", 1),
        "a role that is not SSO's": (SSO, "123456789012", f"{STS}/Admin/me", 1),
    }.values(),
)
def test_what_differs_from_the_settings_is_named(
    take: Taker, section: str, account: str, arn: str, differences: int
) -> None:
    config = f"{SSO_SESSION}[profile base]\n{KEYS.format('A')}[profile x]\n{section}"
    found = credentials.compare(take(config=config).profiles["x"], account, arn)
    assert found is not None
    assert len(found) == differences, found


def test_keys_that_tell_no_account_promise_nothing(take: Taker) -> None:
    config = f"[profile x]\n{KEYS.format('AKIAIOSFODNN7EXAMPLE')}"
    report = take(config=config).profiles["x"]
    assert report.account is None
    assert credentials.compare(report, "123456789012", "arn:aws:iam::123456789012:user/me") is None


def test_keys_promise_the_account_that_stands_in_them(take: Taker) -> None:
    report = take(config=f"[profile x]\n{KEYS.format(QRST)}").profiles["x"]
    assert report.account is not None
    assert credentials.compare(report, report.account, f"arn:aws:iam::{report.account}:user/me") == ()
    (difference,) = credentials.compare(report, "1", "arn:aws:iam::1:user/me") or ()
    assert report.account in difference


def test_the_answer_is_compared_and_told(place: Place) -> None:
    place.stub.rules["GetCallerIdentity"] = says_who("210987654321", f"{STS}/x/me")
    somebody = Somebody()

    who = credentials.who_am_i(place.snapshot(role("x")), "x", somebody, Cancel())

    assert (who.profile, who.account, who.arn, who.user_id) == ("x", "210987654321", f"{STS}/x/me", "STUB")
    assert who.is_as_promised is False
    assert who.remark == "The settings say account 123456789012, AWS says 210987654321."
    assert somebody.told[-1] == "asking AWS who this is"


def test_the_installed_boto3_makes_each_call(place: Place) -> None:
    credentials.who_am_i(place.snapshot(role("x")), "x", Somebody(), Cancel())
    assert place.stub.calls == ["AssumeRole", "GetCallerIdentity"]
    assert {agent.split()[0] for agent in place.stub.agents} == {f"Boto3/{boto3.__version__}"}


def test_a_role_is_kept_for_the_next_command(place: Place) -> None:
    snapshot = place.snapshot(role("x"))
    place.stub.rules["GetCallerIdentity"] = says_who("123456789012", f"{STS}/x/me")
    for _ in range(2):
        assert credentials.who_am_i(snapshot, "x", Somebody(), Cancel()).is_as_promised
    assert place.stub.calls == ["AssumeRole", "GetCallerIdentity", "GetCallerIdentity"]
    assert list(place.contents()) == [snapshot.profiles["x"].cache_file]


def test_a_code_is_asked_for_where_one_is_needed(place: Place) -> None:
    place.stub.rules["AssumeRole"] = gives_for_code("123456")
    somebody = Somebody(codes=["000000", "123456"])
    credentials.who_am_i(place.snapshot(role("x", more=device())), "x", somebody, Cancel())
    assert [asked for asked, _ in somebody.asked] == [DEVICE, DEVICE]


def test_keys_that_aws_does_not_know_are_told(place: Place) -> None:
    place.stub.rules["GetCallerIdentity"] = refuses(
        "InvalidClientTokenId", "The security token included in the request is invalid."
    )
    with pytest.raises(ActionFailed, match=r"access key of base \(…MPLE\)") as failed:
        credentials.who_am_i(place.snapshot(""), "base", Somebody(), Cancel())
    assert (failed.value.kind, failed.value.command) == ("InvalidClientTokenId", "edit")
