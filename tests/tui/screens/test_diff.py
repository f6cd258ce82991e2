"""The diff: what is worth knowing first, then file by file what differs; written only when that is chosen."""

from pathlib import Path

import pytest

from rolecall.actions.editing import edits
from rolecall.actions.plan import DiffLine, FileChange, Mark, Plan
from rolecall.aws.config_file import FileKind
from rolecall.tui.render.diff import NOTHING, diff_lines
from rolecall.tui.render.lines import width_of
from rolecall.tui.screens.diff import DiffScreen
from rolecall.tui.tones import Tone
from tests.tui.driving import text_of
from tests.tui.form.forms import a_snapshot
from tests.tui.screens.hosting import showing

LINES = (
    DiffLine(Mark.PLACE, "@ -1,3 +1,3 @@"),
    DiffLine(Mark.SAME, "[profile dev]"),
    DiffLine(Mark.REMOVED, "region = eu-west-1"),
    DiffLine(Mark.ADDED, "region = us-east-1"),
)


def plan_of(*lines: DiffLine, remarks: tuple[str, ...] = ()) -> Plan:
    change = FileChange(Path("/home/me/.aws/config"), FileKind.CONFIG, b"", b"", lines)
    return Plan("Set region of dev", (change,), remarks)


PLAN = plan_of(*LINES, remarks=("The credentials file wins.",))


def test_remarks_come_first_and_every_mark_has_its_glyph_and_its_tone() -> None:
    laid = [(text_of(line), line[-1].tone if line else None) for line in diff_lines(PLAN, 60)]
    assert laid == [
        ("! The credentials file wins.", Tone.WARN),
        ("", None),
        ("/home/me/.aws/config", Tone.STRONG),
        ("@@ -1,3 +1,3 @@", Tone.ACCENT),
        ("  [profile dev]", Tone.DIM),
        ("- region = eu-west-1", Tone.BAD),
        ("+ region = us-east-1", Tone.GOOD),
    ]


def test_what_is_too_long_goes_on_below_as_far_in_as_it_began() -> None:
    laid = [text_of(line) for line in diff_lines(plan_of(DiffLine(Mark.ADDED, "    one two three four")), 20)]
    assert laid[1:] == ["+     one two three", "      four"]


@pytest.mark.parametrize("width", [1, 2, 3, 5, 20, 200])
def test_no_line_is_wider_than_the_view(width: int) -> None:
    plan = plan_of(DiffLine(Mark.ADDED, " " * 30 + "日本" * 40), *LINES, remarks=("long " * 40,))
    assert all(width_of(line) <= max(width, 4) for line in diff_lines(plan, width))


def test_a_new_file_and_one_that_goes_are_told_apart() -> None:
    new = FileChange(Path("/a"), FileKind.CONFIG, None, b"x")
    gone = FileChange(Path("/b"), FileKind.CONFIG, b"x", None)
    texts = [text_of(line) for line in diff_lines(Plan("t", (new, gone)), 60, lambda path: f"~{path}")]
    assert texts == ["~/a  (a new file)", "", "~/b  (the file is deleted)"]


async def test_it_shows_the_plan_with_cancel_under_the_cursor() -> None:
    async with showing(DiffScreen(PLAN)) as shown:
        for words in ("Set region of dev", "! The credentials file wins.", "+ region = us-east-1", "Cancel"):
            assert words in shown.text
        await shown.press("enter")
        assert shown.answers == [False]


@pytest.mark.long
@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["right", "enter"], True),
        (["left", "enter"], True),
        (["shift+tab", "enter"], True),
        (["w"], True),
        (["ctrl+s"], True),
        (["escape"], False),
        (["q"], False),
        (["right", "left", "enter"], False),
    ],
)
async def test_it_is_written_only_when_that_is_chosen(keys: list[str], answer: object) -> None:
    async with showing(DiffScreen(PLAN)) as shown:
        await shown.press(*keys)
        assert shown.answers == [answer]


async def test_where_nothing_changes_there_is_nothing_to_write() -> None:
    async with showing(DiffScreen(Plan("Set region of dev", ()))) as shown:
        assert NOTHING in shown.text
        assert "Write" not in shown.text
        await shown.press("w", "ctrl+s")
        assert shown.answers == []
        await shown.press("enter")
        assert shown.answers == [False]


async def test_a_long_diff_scrolls_and_the_choices_stay_in_view() -> None:
    plan = plan_of(*(DiffLine(Mark.ADDED, f"key{index} = value") for index in range(200)))
    async with showing(DiffScreen(plan)) as shown:
        assert "key0 " in shown.text
        await shown.press("G")
        assert "key199 " in shown.text
        await shown.press("g", "pagedown", "j")
        assert "key0 " not in shown.text
        assert "Cancel" in shown.text


@pytest.mark.long
@pytest.mark.parametrize("size", [(20, 8), (5, 3), (2, 24), (200, 2), (200, 60)])
async def test_it_survives_any_size(size: tuple[int, int]) -> None:
    async with showing(DiffScreen(PLAN), size) as shown:
        await shown.press("j", "G", "w")
        assert shown.answers == [True]


async def test_what_stands_in_a_file_is_neither_markup_nor_a_control_sequence() -> None:
    plan = plan_of(DiffLine(Mark.ADDED, "[red]a[/red] \x1b[2J [@click=app.quit]b[/]"))
    async with showing(DiffScreen(plan)) as shown:
        assert "+ [red]a[/red] ␛[2J [@click=app.quit]b[/]" in shown.text


async def test_who_draws_on_a_profile_that_goes_is_listed(tmp_path: Path) -> None:
    snapshot = a_snapshot(tmp_path)
    async with showing(DiffScreen(edits.remove_profile(snapshot, "base"), snapshot.host.display)) as shown:
        assert "! dev, ops use base" in shown.text
        assert "~/.aws/config" in shown.text
        assert "CANARY" not in shown.text


@pytest.mark.parametrize(
    ("title", "verb"),
    [("Remove dev", "Remove"), ("Unset region of dev", "Unset"), ("Undo: x", "Undo"), ("Paint it", "Write")],
)
async def test_the_button_and_the_key_say_what_is_done(title: str, verb: str) -> None:
    change = FileChange(Path("config"), FileKind.CONFIG, b"", b"x", (DiffLine(Mark.ADDED, "x"),))
    async with showing(DiffScreen(Plan(title, (change,)))) as shown:
        assert f" {verb}    Cancel" in shown.text
        assert f"^s {verb}" in shown.text
