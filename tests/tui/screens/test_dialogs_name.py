"""A new name for a profile: one that can be written, that nobody has yet, and who follows to it."""

from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.tui.screens.dialogs import NameScreen, free_name
from tests.tui.form.forms import a_snapshot
from tests.tui.screens.hosting import showing
from tests.tui.worlds import World


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return a_snapshot(tmp_path)


async def test_it_says_how_many_follow_to_the_new_name(snapshot: Snapshot) -> None:
    async with showing(NameScreen.to_rename(snapshot, "base")) as shown:
        assert "2 source_profile settings will follow: dev, ops." in shown.text
        await shown.press("2", "enter")
        assert shown.answers == ["base2"]


async def test_of_a_copy_nobody_follows(snapshot: Snapshot) -> None:
    async with showing(NameScreen.to_duplicate(snapshot, "base")) as shown:
        assert "follow" not in shown.text
        await shown.press("2", "enter")
        assert shown.answers == ["base-copy2"]


async def test_of_a_copy_a_free_name_is_proposed(snapshot: Snapshot) -> None:
    async with showing(NameScreen.to_duplicate(snapshot, "base")) as shown:
        await shown.press("enter")
        assert shown.answers == ["base-copy"]


def test_a_copy_of_a_copy_is_numbered(empty: World) -> None:
    names = ("dev", "dev-copy", "dev-copy-2", "dev-copy-x")
    home = empty.write("".join(f"[profile {name}]\n" for name in names))
    assert [free_name(home.snapshot(), name) for name in names] == [*["dev-copy-3"] * 3, "dev-copy-x-copy"]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["backspace"] * 5, "There is a profile base already."),
        (["ctrl+u"], "A name cannot be empty."),
        (["]"], "A name cannot contain brackets"),
    ],
)
async def test_a_name_that_will_not_do_is_not_taken(snapshot: Snapshot, keys: list[str], words: str) -> None:
    async with showing(NameScreen.to_duplicate(snapshot, "base")) as shown:
        await shown.press(*keys, "enter")
        assert words in shown.text
        assert shown.answers == []
        await shown.press("escape")
        assert shown.answers == [None]


async def test_a_name_is_judged_while_it_is_typed(snapshot: Snapshot) -> None:
    async with showing(NameScreen.to_duplicate(snapshot, "base")) as shown:
        await shown.press("ctrl+u", *"ops")
        assert "There is a profile ops already." in shown.text
        await shown.press("2")
        assert "There is a profile" not in shown.text


@pytest.mark.long
@pytest.mark.parametrize("size", [(20, 8), (5, 3), (200, 60)])
async def test_it_survives_any_size(snapshot: Snapshot, size: tuple[int, int]) -> None:
    async with showing(NameScreen.to_rename(snapshot, "base"), size) as shown:
        await shown.press("2", "enter")
        assert shown.answers == ["base2"]
