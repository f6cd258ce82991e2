"""v: what the last notice was about is renewed, wherever the cursor is, whatever is marked."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import pytest

from rolecall.actions.errors import Cancelled
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.app_options import Options
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.actions.apply_fix import ACTIONS
from rolecall.tui.actions.login import NOT_YET, RenewAction, RenewAllAction
from rolecall.tui.actions.target import Target
from rolecall.tui.commands import BY_ID
from rolecall.tui.notices import RENEW, Notice
from tests.aws.cases import SESSION, SSO_ROLE, keys, role
from tests.aws.entries import MINUTE, in_, role_entry, role_file
from tests.homes import make_home

if TYPE_CHECKING:
    from rolecall.tui.actions.runner import ActionContext

Result = TypeVar("Result")
CONFIG = (
    f"[profile prod]\n{role('prod', 'base')}[profile test]\n{role('test', 'base')}"
    f"{SESSION}[profile dev]\nsso_session = corp\n{SSO_ROLE}"
)
ENDING = Notice("prod expires in 5 minutes", "assume", "prod")
LOGIN = Notice("corp (SSO) expires in 5 minutes", "login", "dev")


class Bench:
    """What is needed of a ActionContext: it takes down what was to be done, and about whom."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.jobs: list[str] = []

    def about(self, name: str) -> None:
        self.target = self.target.about(name)

    async def run(
        self,
        title: str,
        _job: Callable[[Prompts, Cancel], Result],
        *,
        of_many: bool = False,  # noqa: ARG002 - as ActionContext has it
    ) -> Result:
        self.jobs.append(title)
        raise Cancelled


@pytest.fixture
def target(tmp_path: Path) -> Target:
    """A target with the cursor on another profile, and others marked; prod is good for 40 minutes still."""
    cached = {role_file("prod"): role_entry(in_(40 * MINUTE), name="prod")}
    home = make_home(tmp_path, config=CONFIG, credentials=f"[base]\n{keys('BASE')}", caches=cached)
    snapshot = Snapshot.take(home)
    reports = snapshot.profiles
    return Target(snapshot, Options(), current=reports["base"], marked=(reports["test"], reports["base"]))


def obstacle(target: Target, notice: Notice | None) -> str | None:
    return RenewAction().obstacle(replace(target, notice=notice))


async def carried_out(target: Target, notice: Notice | None) -> tuple[list[str], Target]:
    bench = Bench(replace(target, notice=notice))
    with contextlib.suppress(Cancelled):
        await RenewAction().run(cast("ActionContext", bench))
    return bench.jobs, bench.target


def test_before_any_notice_there_is_nothing_to_renew(target: Target) -> None:
    assert obstacle(target, None) == NOT_YET


def test_what_no_key_can_renew_is_not_tried(target: Target) -> None:
    assert obstacle(target, Notice("base expires in 5 minutes, then new keys must be pasted")) == NOT_YET


@pytest.mark.parametrize("notice", [ENDING, LOGIN])
def test_what_a_notice_offers_can_be_done(target: Target, notice: Notice) -> None:
    assert obstacle(target, notice) is None


def test_a_profile_that_is_gone_meanwhile_is_said_to_be(target: Target) -> None:
    assert obstacle(target, replace(ENDING, profile="gone")) == "There is no profile gone any more."


@pytest.mark.parametrize(
    ("minutes", "said"), [(5, "prod has been renewed since the last notice."), (40, None)]
)
def test_what_another_command_has_renewed_is_not_renewed_again(
    target: Target, minutes: int, said: str | None
) -> None:
    # GIVEN a notice about an expiry, and a role that is good for 40 minutes by now
    at = target.snapshot.taken_at + minutes * MINUTE
    assert obstacle(target, replace(ENDING, key="profile:prod", at=at)) == said


def test_what_is_in_the_way_of_the_deed_is_in_its_way(target: Target) -> None:
    said = obstacle(target, replace(ENDING, profile="base"))
    assert said is not None
    assert said.startswith("base has keys of its own")


async def test_the_role_of_the_notice_is_assumed_and_no_other(target: Target) -> None:
    # GIVEN a cursor elsewhere, others marked, and a role that is good enough not to be touched by `a`
    # WHEN it is renewed all the same
    jobs, after = await carried_out(target, ENDING)
    # THEN that one alone is assumed
    assert jobs == ["Assume prod"]
    assert [report.name for report in after.reports] == ["prod"]


async def test_the_login_of_the_notice_is_renewed(target: Target) -> None:
    jobs, after = await carried_out(target, LOGIN)
    assert jobs == ["Log in to corp"]
    assert [report.name for report in after.reports] == ["dev"]


@pytest.mark.parametrize("notice", [None, Notice("c")])
async def test_without_an_offer_nothing_is_done(target: Target, notice: Notice | None) -> None:
    jobs, after = await carried_out(target, notice)
    assert jobs == []
    assert after.current is target.current


def test_the_key_that_notices_name_is_the_commands_own() -> None:
    assert BY_ID["renew"].keys.split()[0] == RENEW
    assert isinstance(ACTIONS["renew"], RenewAction)


# All that ends soon


def ending(tmp_path: Path, minutes: int) -> Target:
    """Return a target with a cached role that ends in so many minutes, and another that has ended."""
    cached = {
        role_file("prod"): role_entry(in_(minutes * MINUTE), name="prod"),
        role_file("test"): role_entry(in_(-MINUTE), name="test"),
    }
    home = make_home(tmp_path, config=CONFIG, credentials=f"[base]\n{keys('BASE')}", caches=cached)
    return Target(Snapshot.take(home), Options())


async def test_all_roles_that_end_within_15_minutes_are_renewed_and_no_others(tmp_path: Path) -> None:
    target, bench = ending(tmp_path, 14), Bench(ending(tmp_path, 14))
    assert RenewAllAction().obstacle(target) is None
    with contextlib.suppress(Cancelled):
        await RenewAllAction().run(cast("ActionContext", bench))
    assert bench.jobs == ["Assume prod"]


def test_what_is_valid_for_longer_is_left_alone(tmp_path: Path) -> None:
    words = "Nothing that can be renewed ends within 15 minutes."
    assert RenewAllAction().obstacle(ending(tmp_path, 16)) == words
