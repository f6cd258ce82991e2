"""The Environment pane: every AWS variable, masked, with its verdict."""

from rolecall.demo import callers
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
