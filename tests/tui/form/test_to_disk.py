"""From the form by way of the diff to the file, and back again by an undo: with the real functions."""

from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from rolecall.actions.writing import saving
from rolecall.actions.writing.saving import History
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.form.fields import FieldRow
from rolecall.tui.form.form import NAME
from rolecall.tui.form.screen import EditScreen
from rolecall.tui.screens.diff import DiffScreen
from tests.homes import make_home
from tests.tui.driving import until
from tests.tui.form.forms import CONFIG, CREDENTIALS, TYPED_SECRET, a_snapshot


class Editing(App[None]):
    """Edits until it is written or given up, as the app does."""

    def __init__(self, snapshot: Snapshot, form: EditScreen) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.form = form
        self.history = History()
        self.is_over = False

    def on_mount(self) -> None:
        self.run_worker(self._edit(), description="edit")

    async def _edit(self) -> None:
        while (plan := await self.push_screen_wait(self.form)) is not None:
            if await self.push_screen_wait(DiffScreen(plan, self.snapshot.host.display)):
                saving.save(plan)
                self.history.saved(plan)
                break
            self.form = self.form.again(self.snapshot)
        self.is_over = True

    async def until_form(self, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: self.screen is self.form and bool(self.form.query(FieldRow)))

    async def until_diff(self, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: isinstance(self.screen, DiffScreen))

    def put(self, key: str, text: str) -> None:
        next(row for row in self.form.query(FieldRow).results() if row.field.key == key).text = text

    def undo(self) -> None:
        saving.save(self.history.undo())
        self.history.undone()


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return a_snapshot(tmp_path)


async def test_what_is_typed_is_written_after_the_diff_and_can_be_taken_back(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    app = Editing(snapshot, EditScreen.of_profile(snapshot, "base"))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until_form(pilot)
        app.put(NAME, "hub")
        app.put("aws_secret_access_key", TYPED_SECRET)
        await pilot.press("ctrl+s")
        await app.until_diff(pilot)
        assert (tmp_path / ".aws/config").read_text() == CONFIG
        await pilot.press("w")
        await until(pilot, lambda: app.is_over)
        written = Snapshot.take(snapshot.host)
        assert "hub" in written.profiles
        assert written.profiles["dev"].source == "hub"
        assert TYPED_SECRET in (tmp_path / ".aws/credentials").read_text()
        app.undo()
    assert (tmp_path / ".aws/config").read_text() == CONFIG
    assert (tmp_path / ".aws/credentials").read_text() == CREDENTIALS


async def test_who_says_no_to_the_diff_is_back_in_the_form_and_nothing_is_written(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    app = Editing(snapshot, EditScreen.of_profile(snapshot, "dev"))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until_form(pilot)
        app.put("region", "us-east-1")
        await pilot.press("ctrl+s")
        await app.until_diff(pilot)
        before = app.form
        await pilot.press("escape")
        await until(pilot, lambda: app.form is not before)
        await app.until_form(pilot)
        assert "us-east-1" in [row.text for row in app.form.query(FieldRow).results()]
        assert (tmp_path / ".aws/config").read_text() == CONFIG
        await pilot.press("escape", "escape")
        await until(pilot, lambda: app.is_over)
    assert (tmp_path / ".aws/config").read_text() == CONFIG


async def test_the_first_file_is_made(tmp_path: Path) -> None:
    snapshot = Snapshot.take(make_home(tmp_path))
    app = Editing(snapshot, EditScreen.new_session(snapshot))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.until_form(pilot)
        app.put(NAME, "corp")
        app.put("sso_region", "eu-west-1")
        await pilot.press("ctrl+s")
        await app.until_diff(pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.is_over)
    file = tmp_path / ".aws/config"
    assert file.read_text() == "[sso-session corp]\nsso_region = eu-west-1\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
