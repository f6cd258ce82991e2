"""Two profiles never look the same, however little room there is for their names."""

from itertools import product

import pytest

from tests.tui.driving import Driver, running
from tests.tui.worlds import World, role

NAMES = [
    f"shared-services-{stage}-{region}-{access}"
    for stage, region, access in product(("prod", "test"), ("eu", "us"), ("readonly", "administrator"))
]
PAIR = (
    "aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARYcanary\naws_session_token = t\n"
)


@pytest.fixture
def alike(empty: World) -> World:
    ends = "x_security_token_expires = 2026-03-10T15:00:00Z\n"
    roles = "".join(role(f"{name}-role", NAMES[0]) for name in NAMES)
    return empty.write(roles, "".join(f"[{name}]\n{PAIR}{ends}" for name in NAMES))


def shown_names(app: Driver, pane: str) -> list[str]:
    """Return what a pane's lines begin with: the name, as it is shown, without lead or mark."""
    lines = app.seen_in(app.main.query_one(f"#{pane}")).splitlines()
    words = [line.strip("│├└─▶▾▸╭╮╰╯ ").split(" ")[0] for line in lines]
    return [word for word in words if word.startswith("s")]


@pytest.mark.long
@pytest.mark.parametrize("width", [64, 80, 120, 140])
async def test_in_the_panes(alike: World, width: int) -> None:
    async with running(alike, (width, 50)) as app:
        await app.choose(NAMES[0])
        for pane, least in (("tree", 8), ("expiry", 8), ("chain", 8)):
            await app.act(f"pane('{pane}')")
            await app.settle()
            names = shown_names(app, pane)
            assert len(names) >= least, (pane, app.seen())
            assert sorted(set(names)) == sorted(names), pane


@pytest.mark.long
async def test_in_the_title_of_the_chain(alike: World) -> None:
    async with running(alike, (120, 30)) as app:
        titles = set()
        for name in NAMES:
            await app.choose(name)
            title = app.seen_in(app.chain).splitlines()[0]
            assert "…" in title
            assert title.endswith("─╮")
            titles.add(title)
        assert len(titles) == len(NAMES)
