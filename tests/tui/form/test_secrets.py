"""Secrets can be typed and replaced; none is ever to be seen, whether it stands in a file or was typed."""

from pathlib import Path

import pytest
from textual import events

from rolecall.aws.snapshot import Snapshot
from rolecall.tui.form.screen import EditScreen
from rolecall.tui.screens.diff import DiffScreen
from tests.tui.form.forms import SECRET, TYPED_SECRET, Filling, a_snapshot, filling
from tests.tui.screens.hosting import showing

CANARY = "CANARY"
HIDDEN = f"""\
[profile p]
credential_process = /opt/helper --secret {SECRET}
ca_bundle = https://user:{SECRET}@host/
region = eu-west-1
    aws_secret_access_key = {SECRET}
s3 =
  secret_thing = {SECRET}
{SECRET} = {SECRET}
my_token = {SECRET}
"""


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return a_snapshot(tmp_path)


def seen(form: Filling) -> str:
    return (form.text + form.pilot.app.export_screenshot() + form.help).lower()


@pytest.mark.long
async def test_a_secret_of_a_file_is_not_shown(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base")) as form:
        assert "••••  type to replace it" in form.text
        assert "…MPLE" in form.text
        for _ in form.keys:
            await form.press("tab")
            assert CANARY.lower() not in seen(form)
            assert "akiaios" not in seen(form)


@pytest.mark.long
async def test_a_typed_secret_is_not_shown_and_takes_the_place_of_the_other(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base")) as form:
        await form.press("tab", *TYPED_SECRET[:3])
        assert form.at == "aws_secret_access_key"
        assert form.row("aws_secret_access_key").entry.render_line(0).text.strip() == "•••"
        await form.type_into("aws_secret_access_key", TYPED_SECRET)
        assert "canary" not in seen(form)
        assert "•" * len(TYPED_SECRET) in form.text
        plan = await form.plan()
    assert f"aws_secret_access_key = {TYPED_SECRET}".encode() in (plan.changes[0].after or b"")
    assert "canary" not in repr(plan).lower()
    async with showing(DiffScreen(plan)) as shown:
        assert "canary" not in (shown.text + shown.pilot.app.export_screenshot()).lower()
        assert "+ aws_secret_access_key = ••••" in shown.text


async def test_a_secret_can_be_taken_away_and_put_back(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base")) as form:
        await form.press("tab", "ctrl+d")
        assert "removed" in form.note("aws_secret_access_key")
        await form.press("ctrl+d")
        assert form.note("aws_secret_access_key") == ""
        await form.press("ctrl+s")
        assert form.shown.answers == []


@pytest.mark.long
async def test_who_comes_back_from_the_diff_finds_a_secret_that_goes_still_going(snapshot: Snapshot) -> None:
    screen = EditScreen.of_profile(snapshot, "base")
    async with filling(screen) as form:
        await form.press("tab", "ctrl+d")
        plan = await form.plan()
    async with filling(screen.again(snapshot)) as form:
        assert "removed" in form.note("aws_secret_access_key")
        assert await form.plan() == plan


async def test_the_clipboard_gets_no_secret_that_was_typed(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base")) as form:
        await form.press("tab", *"abc", "shift+home", "ctrl+c", "ctrl+x")
        assert form.shown.copied == ""
        assert form.row("aws_secret_access_key").text == ""


@pytest.mark.long
async def test_a_secret_that_is_pasted_into_the_wrong_field_is_not_shown(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        form.screen._go_to(form.row("external_id").entry)
        form.pilot.app.post_message(events.Paste(TYPED_SECRET))
        await form.until(lambda: form.row("external_id").text == TYPED_SECRET)
        assert "canary" not in seen(form)
        await form.press("shift+home", "ctrl+c")
        assert form.shown.copied == ""


async def test_a_secret_in_the_line_of_a_block_is_not_shown(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into("s3", f"my_secret = {TYPED_SECRET}\nmax_queue_size = 1")
        assert "canary" not in seen(form)
        assert "max_queue_size = 1" in form.text


@pytest.mark.long
async def test_a_setting_that_is_added_by_a_secret_name_is_typed_masked(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("shift+tab", "shift+tab", *"my_api_key", "enter", *"hunter2canary")
        assert form.at == "my_api_key"
        assert "canary" not in seen(form)


@pytest.mark.long
async def test_whatever_swallowed_a_secret_is_not_shown(tmp_path: Path) -> None:
    snapshot = a_snapshot(tmp_path, HIDDEN, "")
    async with filling(EditScreen.of_profile(snapshot, "p"), (120, 40)) as form:
        for _ in range(len(form.keys) + 1):
            await form.press("tab")
            assert CANARY.lower() not in seen(form)
        assert "/opt/helper --secret ••••" in form.text


@pytest.mark.long
async def test_a_form_that_is_left_open_keeps_secrets_out_of_its_refusals(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base")) as form:
        await form.type_into("aws_secret_access_key", TYPED_SECRET + "\ud800")
        await form.press("ctrl+s")
        assert "canary" not in seen(form)
        assert form.at == "aws_secret_access_key"


@pytest.mark.long
async def test_what_could_steer_the_terminal_is_neither_pasted_nor_drawn(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        form.screen._go_to(form.row("external_id").entry)
        form.pilot.app.post_message(events.Paste("a\x1b[2J\u202eb"))
        await form.until(lambda: form.row("external_id").text == "a[2Jb")
        await form.type_into("s3", "a = \x1b[2J")
        assert "\x1b" not in form.text
        assert "a = ␛[2J" in form.text
