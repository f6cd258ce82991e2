"""i: whom AWS takes a profile for, and whether that is whom its settings promise."""

import pytest

from rolecall.tui.screens.details import DetailsScreen
from tests.tui.actions.stage import acting
from tests.tui.worlds import World


@pytest.mark.long
async def test_it_is_whom_the_settings_promise(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("prod-deploy")
        await stage.press("i")
        said = await stage.opens(DetailsScreen)
        assert "Who is prod-deploy" in said
        assert "111122223333" in said
        assert "assumed-role/Deploy/" in said.replace(" ", "")  # wrapped
        assert "yes: this is the identity that the profile's settings name" in said


@pytest.mark.long
async def test_it_is_somebody_else_and_what_differs_is_said(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN another role's credentials in the cache file of a profile
        stage.cache_file("staging").write_bytes(stage.cache_file("prod-deploy").read_bytes())
        await stage.choose("staging")
        await stage.press("i")
        said = await stage.opens(DetailsScreen)
        assert "as configured no" in said
        assert "The settings say account 444455556666, AWS says 111122223333." in said
        assert "The settings say role Developer, AWS says Deploy." in said


@pytest.mark.long
async def test_keys_that_promise_nobody_are_not_called_wrong(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("base")
        await stage.press("i")
        said = await stage.opens(DetailsScreen)
        assert "user/rowan" in said
        assert "the settings name no role to compare with" in said


@pytest.mark.long
async def test_credentials_that_have_ended_are_told_with_what_mends_them(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("legacy")
        await stage.press("i")
        told = await stage.failure()
        assert "ExpiredToken" in told
        assert "The credentials of legacy have expired." in told
        assert "Edit (e)" in told
        await stage.press("right", "enter")
        await stage.done()
