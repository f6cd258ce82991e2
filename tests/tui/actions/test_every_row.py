"""No key on any row may end the app: each command, on each kind of row and in each pane, marked or not."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest
from textual.screen import Screen

from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.plan import Plan
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.app_options import Options
from rolecall.aws import cache_files
from rolecall.tui.actions.apply_fix import ACTIONS
from rolecall.tui.actions.target import Target, marked, session_at, user_at
from rolecall.tui.render.tree import Grouping, TreeLine, flatten, outline
from rolecall.tui.screens.main import PANES, MainScreen
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.list_view import Rows
from tests.tui.actions.stage import Stage, acting
from tests.tui.worlds import NO_NOTICES, World, keys, role

if TYPE_CHECKING:
    from rolecall.tui.actions.runner import ActionContext

# ruff: noqa: ARG002 - at a desk where nobody is, what is asked for does not matter
Answer = TypeVar("Answer")
Result = TypeVar("Result")
URL = "https://corp.awsapps.com/start"
SSO_ROLE = "sso_account_id = 111122223333\nsso_role_name = Dev\n"
ARN = "role_arn = arn:aws:iam::111122223333:role/x\n"
CONFIG = f"""\
[profile legacy-sso]
sso_start_url = {URL}
sso_region = us-west-2
{SSO_ROLE}
[profile quoted]
sso_session = my corp
{SSO_ROLE}
[sso-session "my corp"]
sso_start_url = {URL}
sso_region = us-west-2
[sso-session unused]
sso_region = us-west-2
[profile lost-session]
sso_session = nowhere
{SSO_ROLE}
[profile by-login]
login_session = arn:aws:iam::111122223333:user/me
[profile by-process]
credential_process = helper
[profile web]
{ARN}web_identity_token_file = /nowhere
[profile of-env]
{ARN}credential_source = Environment
[profile of-container]
{ARN}credential_source = EcsContainer
[profile of-machine]
{ARN}credential_source = Ec2InstanceMetadata
[profile loop]
{ARN}source_profile = loop
[profile nothing]
region = eu-west-1
[profile a b]
[stray]
{role("over-keys", "keys")}{role("over-role", "over-keys")}{role("over-sso", "legacy-sso")}"""
ENVIRON = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "CANARYcanary",
    "AWS_CREDENTIAL_EXPIRATION": "2026-03-10T12:00:00Z",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/x",
    "AWS_PROFILE": "nobody",
    "EDITOR": "true",
}
STEPS = 20
"""Keys after which one is back on the main screen, wherever one was."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a home with a row of every kind."""
    world = World(tmp_path, ENVIRON).write(CONFIG, keys("keys"))
    for name, text in (("cli", "{}"), ("sso", "not JSON"), ("login", "{}")):
        cache = world.aws / name / "cache"
        cache.mkdir(parents=True)
        (cache / f"{'0' * 40}.json").write_text(text)
    token = {"accessToken": "x", "expiresAt": "2026-03-11T00:00:00Z", "startUrl": URL, "region": "us-west-2"}
    (world.aws / "sso" / "cache" / f"{cache_files.sso_token('my corp')}.json").write_text(json.dumps(token))
    return world.settle(NO_NOTICES)


class Nobody:
    """A desk at which nobody answers, and whatever would leave this process is cancelled."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.is_next_step = False

    def about(self, name: str) -> None:
        self.target = self.target.about(name)

    async def ask(self, screen: Screen[Answer]) -> Answer | None:
        assert isinstance(screen, Screen)
        return None

    async def run(
        self, title: str, job: Callable[[Prompts, Cancel], Result], *, of_many: bool = False
    ) -> Result:
        raise Cancelled

    async def write(self, plan: Plan) -> bool:
        return not plan.changes

    async def take_back(self) -> None:
        raise Cancelled

    async def suspended(self, program: Callable[[], None]) -> None:
        raise Cancelled

    async def explain(self, failure: ActionFailed) -> None:
        raise failure

    def say(self, words: str, tone: Tone = Tone.GOOD) -> None:
        assert words

    def copy(self, text: str, what: str, hint: str = "") -> None:
        assert text
        assert what

    def leave(self, lines: tuple[str, ...]) -> None:
        assert lines


def targets(world: World) -> Iterator[Target]:
    """Yield what there is to act on: at each line of the tree in each grouping, with and without marks."""
    snapshot = world.snapshot()
    here = Target(snapshot, Options(), last_edit="Set region")
    for grouping in Grouping:
        for line in flatten(outline(snapshot, grouping), set()):
            node = line.node
            at = replace(here, current=node.report, session=session_at(snapshot, node), user=user_at(node))
            yield at
            yield replace(at, marked=marked(snapshot, list(snapshot.profiles)[::2]))
            yield replace(at, entries=snapshot.entries)


@pytest.mark.long
async def test_each_command_does_its_work_or_says_why_not_on_each_row(world: World) -> None:
    done = set()
    for target in targets(world):
        for name, deed in ACTIONS.items():
            obstacle = deed.obstacle(target)
            assert obstacle is None or obstacle.strip(), name
            if obstacle is None:
                done.add(name)
                try:
                    await deed.run(cast("ActionContext", Nobody(target)))
                except (Cancelled, ActionFailed):
                    continue
    # these need a notice, and something that ends soon
    assert done == ACTIONS.keys() - {"renew", "renew.all"}


def kind_of(item: object) -> str:
    """Say what a row is: of a kind, each command does the same on all."""
    if not isinstance(item, TreeLine):
        return f"{type(item).__name__} {getattr(item, 'profile', None) is None}"
    report = item.node.report
    if report is None:
        return f"{item.node.key.partition(':')[0]} {bool(item.node.children)} {item.node.note}"
    return f"{report.kind} {report.effective.provider} {report.effective.fault}"


def panes(stage: Stage) -> Iterator[Rows[Any]]:
    for name in PANES:
        pane = stage.main.query_one(f"#{name}")
        if isinstance(pane, Rows):
            yield pane


async def leave(stage: Stage) -> None:
    """Go back to the main screen."""
    for _ in range(STEPS):
        if stage.on_screen(MainScreen) and not stage.is_busy:
            return
        if stage.on_screen(MainScreen):
            await stage.pilot.pause()
        else:
            await stage.press("escape")
    raise AssertionError(f"there is no way back from {stage.app.screen}")


LOOKING = ("inspect", "explain('why')", "copy", "act('edit')")


@pytest.mark.long
async def test_what_opens_opens_on_each_row_of_each_pane(world: World) -> None:
    async with acting(world) as stage:
        done = set()
        for pane in panes(stage):
            for index, item in enumerate(pane.items):
                if (kind := (pane.id, kind_of(item))) in done:
                    continue
                done.add(kind)
                for action in LOOKING if pane is stage.tree else LOOKING[:1]:
                    stage.main.action_pane(str(pane.id))
                    pane.cursor = index
                    await stage.act(action)
                    await leave(stage)
        assert {pane.id for pane in panes(stage)} == {pane for pane, _ in done}


async def test_e_on_the_heading_of_an_old_sso_login_says_that_there_is_no_session(world: World) -> None:
    async with acting(world) as stage:
        assert stage.tree.go_to(f"session:{URL}")
        await stage.settle()
        await stage.press("e")
        await stage.says("There is no sso-session here: legacy-sso logs in by a start URL of its own.")
        assert stage.on_screen(MainScreen)


@pytest.mark.long
async def test_a_session_that_no_profile_uses_can_be_edited(world: World) -> None:
    async with acting(world) as stage:
        assert stage.tree.go_to("session:unused")
        await stage.settle()
        await stage.press("L")
        await stage.says("No profile uses the sso-session unused yet.")
        await stage.press("e")
        await stage.until(lambda: "Edit sso-session unused" in stage.words)
