"""The Environment pane: every AWS variable, masked, with its verdict."""

import pytest

from rolecall.demo import callers
from rolecall.shells import set_line, unset_line
from tests.tui.driving import running
from tests.tui.worlds import World, keys


async def test_every_variable_is_there_with_its_verdict(demo: World) -> None:
    async with running(demo, (280, 40)) as app:
        text = app.seen_in(app.environment)
        for name, value in demo.environ.items():
            if name.startswith("AWS_"):
                assert f"{name}=" in text
                assert value == "" or value in text or value == callers.SESSION_TOKEN
        for verdict in ("shadowed", "shadows", "half a pair", "ignored by boto3", "empty", "used"):
            assert verdict in text


async def test_a_secret_is_masked(demo: World) -> None:
    async with running(demo, (280, 40)) as app:
        assert app.line(app.environment, "AWS_SESSION_TOKEN=").startswith("AWS_SESSION_TOKEN=••••")
        assert callers.SESSION_TOKEN[:8] not in app.seen()


async def test_conflicts_are_counted(demo: World) -> None:
    async with running(demo) as app:
        assert "4 conflicts" in app.seen_in(app.environment).splitlines()[-1]


async def test_other_variables_are_not_there(empty: World) -> None:
    world = World(empty.home, {"PATH": "/bin", "SECRET_THING": "CANARY", "AWS_PAGER": "less"})
    async with running(world.write(credentials=keys("a"))) as app:
        assert [variable.name for variable in app.environment.items] == ["AWS_PAGER"]


async def test_where_there_are_none_it_says_so(empty: World) -> None:
    async with running(empty.write(credentials=keys("a"))) as app:
        assert "No AWS variables" in app.seen_in(app.environment)


@pytest.mark.parametrize("shell", ["bash", "fish"])
async def test_y_copies_the_line_that_unsets_or_exports_the_variable(empty: World, shell: str) -> None:
    world = World(empty.home, {"AWS_REGION": "eu-west-1", "SHELL": f"/bin/{shell}"})
    async with running(world.write(credentials=keys("a"))) as app:
        await app.press("4", "y")
        assert unset_line("AWS_REGION", shell) in app.seen()
        assert set_line("AWS_REGION", "eu-west-1", shell) in app.seen()


async def test_of_a_secret_no_line_exports_it(empty: World) -> None:
    world = World(empty.home, {"AWS_SECRET_ACCESS_KEY": "CANARYcanary", "SHELL": "/bin/bash"})
    async with running(world.write(credentials=keys("a"))) as app:
        await app.press("4", "y")
        assert "unset AWS_SECRET_ACCESS_KEY" in app.seen()
        assert "export" not in app.seen().replace("x Export", "")


async def test_without_a_variable_there_is_nothing_to_copy(empty: World) -> None:
    async with running(empty.write(credentials=keys("a"))) as app:
        await app.press("4", "y")
        assert "no variable under the cursor" in await app.told()
