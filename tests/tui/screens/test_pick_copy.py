"""The copy menu offers names and ids, never a secret."""

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.demo import callers
from rolecall.tui.screens.pick import CopyScreen, PickList, copyable
from tests.tui.driving import SMALL_SIZES, Driver, running
from tests.tui.worlds import World, keys

SECRET = "CANARYcanaryCANARYcanaryCANARYcanary0aB/"


async def opened(app: Driver, name: str) -> PickList:
    await app.choose(name)
    await app.act("copy")
    assert isinstance(app.app.screen, CopyScreen)
    return app.app.screen.query_one(PickList)


def test_of_a_role_its_name_arn_and_account_can_be_copied(demo_snapshot: Snapshot) -> None:
    offered = dict(copyable(demo_snapshot.profiles["prod-deploy"]))
    assert offered["name"] == "prod-deploy"
    assert offered["role ARN"] == "arn:aws:iam::111122223333:role/Deploy"
    assert offered["account id"] == "111122223333"


def test_of_a_profile_without_more_its_name_can_be_copied(demo_snapshot: Snapshot) -> None:
    assert dict(copyable(demo_snapshot.profiles["default"])) == {"name": "default"}


def test_no_profile_offers_a_secret(demo_snapshot: Snapshot) -> None:
    for report in demo_snapshot.profiles.values():
        offered = " ".join(text for _, text in copyable(report))
        for secret in (*callers.SECRETS, "AKIA", "ASIA"):
            assert secret not in offered, report.name


@pytest.mark.long
@pytest.mark.parametrize(
    "above", ["role_arn = arn:aws:iam::111122223333:role/A", "sso_account_id = 111122223333"]
)
async def test_a_secret_that_was_indented_by_mistake_is_not_offered(empty: World, above: str) -> None:
    # GIVEN a secret that configparser takes for the continuation of a value that can be copied
    swallowed = f"{above}\n    aws_secret_access_key = {SECRET}"
    config = f"[profile a]\n{swallowed}\nsso_role_name = R\nsource_profile = base\n"
    async with running(empty.write(config, keys("base"))) as app:
        await opened(app, "a")
        assert "CANARY" not in app.seen()
        offered = " ".join(text for _, text in copyable(app.main.snapshot.profiles["a"]))  # type: ignore[union-attr]
        assert "CANARY" not in offered


async def test_what_is_chosen_goes_to_the_clipboard(demo: World) -> None:
    async with running(demo) as app:
        await opened(app, "prod-deploy")
        await app.press("j", "enter")
        assert app.app.clipboard == "arn:aws:iam::111122223333:role/Deploy"
        assert app.app.screen is app.main
        # no terminal answers whether it has taken it
        assert "Sent the role ARN to the terminal's clipboard" in await app.told()


async def test_esc_copies_nothing(demo: World) -> None:
    async with running(demo) as app:
        await opened(app, "prod-deploy")
        await app.press("escape")
        assert app.app.clipboard == ""
        assert app.app.screen is app.main


@pytest.mark.long
async def test_the_keys_of_vi_move_in_it(demo: World) -> None:
    async with running(demo) as app:
        menu = await opened(app, "prod-deploy")
        for key, at in (("j", 1), ("j", 2), ("k", 1)):
            await app.press(key)
            assert menu.cursor == at


async def test_a_name_that_looks_like_markup_is_offered_as_it_is(empty: World) -> None:
    name = "[@click=app.quit]x[/]"
    async with running(empty.write(f"[profile '{name}']\n", keys(name))) as app:
        await opened(app, app.profiles()[0])
        assert name in app.seen()
        await app.press("enter")
        assert app.app.clipboard == name


async def test_on_a_heading_it_says_that_there_is_nothing_to_copy(demo: World) -> None:
    async with running(demo) as app:
        app.tree.cursor = app.names().index("broken")
        await app.act("copy")
        assert app.app.screen is app.main
        assert "to copy" in await app.told()


@pytest.mark.long
@pytest.mark.parametrize("size", SMALL_SIZES, ids=str)
async def test_no_size_is_a_crash(demo: World, size: tuple[int, int]) -> None:
    async with running(demo, size) as app:
        await app.press("y", "pagedown", "pageup", "escape")
        assert app.app._exception is None
