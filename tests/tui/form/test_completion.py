"""The form completes what can be known: regions, profiles, sso-sessions, words, and names of settings."""

from pathlib import Path

import pytest

from rolecall.aws.settings import regions
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.form.completions import completions
from rolecall.tui.form.screen import EditScreen
from tests.tui.form.forms import CONFIG, Filling, a_snapshot, filling
from tests.tui.worlds import World


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return a_snapshot(tmp_path)


def listed(form: Filling) -> list[str]:
    return [item.text for item in form.list.items] if form.list.is_open else []


def test_regions_are_those_that_botocore_has() -> None:
    found = regions()
    assert found["eu-central-1"] == "Europe (Frankfurt)"
    assert {"us-gov-west-1", "cn-north-1"} <= found.keys()
    assert not [name for name in found if name.endswith("-global")]


def test_regions_in_use_come_first_the_most_used_of_them_before_the_others(empty: World) -> None:
    used = ("eu-north-1", "ap-southeast-2", "eu-north-1", "not-a-region")
    home = empty.write("".join(f"[profile p{at}]\nregion = {each}\n" for at, each in enumerate(used)))
    offered = [each.text for each in completions(home.snapshot(), "region", None)]
    assert offered[:2] == ["eu-north-1", "ap-southeast-2"]
    # AND the others as before, all of them once
    assert sorted(offered) == sorted(regions())
    assert offered[2:] == [each for each in regions() if each not in used]


@pytest.mark.long
@pytest.mark.parametrize(
    ("key", "there"),
    [
        ("source_profile", ["base", "ops"]),
        ("credential_source", ["Environment", "Ec2InstanceMetadata", "EcsContainer"]),
        ("output", ["json", "text", "table", "yaml", "yaml-stream", "off"]),
    ],
)
async def test_the_list_has_all_there_is(snapshot: Snapshot, key: str, there: list[str]) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        form.screen._go_to(form.row(key).entry)
        await form.press("ctrl+@")
        assert listed(form) == there
        assert there[0] in form.text


async def test_sso_sessions_are_listed(snapshot: Snapshot) -> None:
    async with filling(EditScreen.new_profile(snapshot)) as form:
        await form.press("j", "enter", "tab", "ctrl+@", "enter")
        assert form.row("sso_session").text == "corp"


@pytest.mark.long
async def test_the_cursor_is_on_what_stands_there_and_enter_takes_another(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("tab", "ctrl+@", "down", "enter")
        assert form.row("source_profile").text == "ops"
        assert form.at == "source_profile"
        assert not form.list.is_open


@pytest.mark.long
async def test_typing_narrows_the_open_list_by_name_and_by_meaning(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        form.screen._go_to(form.row("region").entry)
        await form.press("ctrl+d", "ctrl+@", *"frankf")
        assert listed(form) == ["eu-central-1"]
        await form.press("enter")
        assert form.row("region").text == "eu-central-1"


@pytest.mark.long
async def test_esc_closes_the_list_and_nothing_else(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("tab", "ctrl+@", "escape")
        assert not form.list.is_open
        assert form.shown.answers == []
        await form.press("escape")
        assert form.shown.answers == [None]


@pytest.mark.long
async def test_what_begins_as_typed_is_offered_behind_the_cursor(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        form.screen._go_to(form.row("output").entry)
        await form.press(*"yaml-")
        await form.until(lambda: "yaml-stream" in form.text)
        await form.press("right")
        assert form.row("output").text == "yaml-stream"


@pytest.mark.long
async def test_names_of_settings_are_completed_but_those_that_are_there(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("shift+tab", "shift+tab", "ctrl+@")
        assert "ca_bundle" in listed(form)
        assert "region" not in listed(form)
        await form.press(*"retry", "enter", "enter")
        assert form.at == "retry_mode"


async def test_where_nothing_is_known_no_list_opens(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("ctrl+@")
        assert form.at == "role_arn"
        assert not form.list.is_open


@pytest.mark.long
async def test_a_hostile_name_is_listed_inert_and_never_drawn_behind_the_cursor(tmp_path: Path) -> None:
    snapshot = a_snapshot(tmp_path, CONFIG + '\n[profile "b\x1b[2J[red]x"]\nregion = eu-west-1\n')
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("tab", "ctrl+d", *"b", "ctrl+@")
        assert "b␛[2J[red]x" in form.text
        await form.press("backspace", *"b\x1b")
        assert "\x1b" not in form.text
