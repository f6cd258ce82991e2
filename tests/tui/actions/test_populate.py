"""P: what an SSO session gives as a checklist, then one diff that u undoes."""

import pytest

from rolecall.actions.populate import Entry, Status
from rolecall.tui.screens.diff import DiffScreen
from rolecall.tui.screens.populate import CheckList, PopulateScreen
from tests.tui.actions.stage import Stage, acting
from tests.tui.worlds import World


def checklist(stage: Stage) -> CheckList:
    assert isinstance(stage.app.screen, PopulateScreen)
    return stage.app.screen.list


@pytest.mark.long
async def test_what_is_chosen_is_one_edit_and_a_second_time_nothing_is_new(meadow: World) -> None:
    before = (meadow.aws / "config").read_bytes()
    async with acting(meadow) as stage:
        await stage.choose("dev")
        await stage.press("P")
        assert "Meadow Billing" in await stage.opens(PopulateScreen)
        # WHEN the whole of one account is left out
        await stage.press("a", "enter")
        assert "It adds 4 profiles." in await stage.opens(DiffScreen)
        await stage.press("ctrl+s")
        await stage.done()
        after = (meadow.aws / "config").read_bytes()
        assert after.startswith(before)
        assert b"[profile meadow-development-ReadOnly]" in after
        assert b"meadow-billing" not in after
        # THEN it alone is still new
        await stage.press("P")
        await stage.opens(PopulateScreen)
        assert {key[2] for key in checklist(stage).chosen} == {"meadow-billing-Billing"}  # type: ignore[index]
        await stage.press("escape")
        await stage.done()


def entry(status: Status, profile: str, account: str = "1") -> Entry:
    return Entry(account, "", profile, status, profile)


@pytest.mark.parametrize(
    ("status", "is_chosen", "can_be"),
    [
        (Status.NEW, True, True),
        (Status.CLASH, True, True),
        (Status.DIFFERENT, False, True),
        (Status.GONE, False, True),
        (Status.THERE, False, False),
        (Status.RENAMED, False, False),
    ],
)
def test_what_adds_is_chosen_and_what_takes_is_not(status: Status, is_chosen: bool, can_be: bool) -> None:  # noqa: FBT001
    one = entry(status, "x")
    found = CheckList([one])
    assert bool(found.chosen) is is_chosen
    found.turn([one], on=True)
    assert bool(found.chosen) is can_be
    found.turn([one], on=False)
    assert not found.chosen


@pytest.mark.parametrize("width", [20, 40, 76, 106, 200])
def test_a_line_fits_any_width_and_says_what_it_is(width: int) -> None:
    found = CheckList([Entry("111122223333", "Payments", "Admin", Status.NEW, "payments-Admin")])
    line = "".join(each.text for each in found.lay_out(found.entries[0], width))
    assert len(line) == width
    assert line.startswith("✓ ")
    assert "new" in line


async def test_there_is_nothing_to_populate_where_no_session_is(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("base")
        assert stage.app._runner is not None
        assert "no sso-session" in str(stage.app._runner.obstacle("populate"))
