"""The list of findings: the cursor, what each key asks for, and what is greyed."""

from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.finding import Location, Severity, SubjectKind
from rolecall.doctor.fixes import Fix, FixAction
from rolecall.doctor.registry import Findings
from rolecall.tui.screens.findings import (
    NONE_MATCHES,
    NOTHING,
    RULE,
    FindingDetails,
    FindingList,
    FindingsScreen,
    Question,
    Silencing,
    Together,
    identity,
)
from rolecall.user_settings import Silence
from tests.tui.actions.stage import plain
from tests.tui.driving import SMALL_SIZES
from tests.tui.screens.hosting import showing
from tests.tui.wrong import finding, found

LOGIN = fixes.log_in("partner")


@pytest.fixture
def findings(demo_snapshot: Snapshot) -> Findings:
    config = demo_snapshot.files[0].path
    assert config is not None
    return found(
        finding("one", subject="acme", kind=SubjectKind.SESSION, fix=LOGIN, profiles=("partner", "legacy")),
        finding("two", subject="intern", place=Location(config, 187)),
        finding(
            "three", Severity.WARNING, "AWS_REGION", kind=SubjectKind.VARIABLE, fix=fixes.run("go", "unset X")
        ),
        finding("four", Severity.INFO, "base"),
    )


def cursor(screen: FindingsScreen) -> str:
    current = screen.query_one(FindingList).finding
    assert current is not None
    return current.code


@pytest.mark.long
async def test_the_cursor_passes_over_the_headings(demo_snapshot: Snapshot, findings: Findings) -> None:
    screen = FindingsScreen(demo_snapshot, findings)
    async with showing(screen) as shown:
        seen = [cursor(screen)]
        for key in ("j", "j", "j", "j", "k", "k", "g", "G", "pageup", "k"):
            await shown.press(key)
            seen.append(cursor(screen))
        assert seen == [
            "one", "two", "three", "four", "four", "three", "two", "one", "four", "one", "one",
        ]  # fmt: skip


async def test_the_one_under_the_cursor_is_told_whole(demo_snapshot: Snapshot, findings: Findings) -> None:
    async with showing(FindingsScreen(demo_snapshot, findings), (120, 40)) as shown:
        assert "title of one" in shown.text
        assert "enter  Log in" in shown.text
        await shown.press("j")
        assert "title of one" not in shown.text
        assert "title of two" in shown.text
        assert "~/.aws/config:187" in shown.text


async def test_enter_asks_for_the_cure(demo_snapshot: Snapshot, findings: Findings) -> None:
    async with showing(FindingsScreen(demo_snapshot, findings)) as shown:
        await shown.press("enter")
    assert shown.answers == [LOGIN]


async def test_shift_e_asks_for_the_editor_at_the_place(demo_snapshot: Snapshot, findings: Findings) -> None:
    async with showing(FindingsScreen(demo_snapshot, findings)) as shown:
        await shown.press("j", "E")
    (answer,) = shown.answers
    assert isinstance(answer, Fix)
    assert (answer.doing, answer.line) == (FixAction.EDITOR, 187)


@pytest.mark.long
async def test_w_asks_why_of_the_profile_or_of_the_first_that_suffers_or_of_this_shell(
    demo_snapshot: Snapshot, findings: Findings
) -> None:
    asked = []
    for downs in (0, 1, 2):
        async with showing(FindingsScreen(demo_snapshot, findings)) as shown:
            await shown.press(*["j"] * downs, "w")
        asked += shown.answers
    assert asked == [Question("partner"), Question("intern"), Question(None)]


async def test_s_asks_for_silence_about_this_subject(demo_snapshot: Snapshot, findings: Findings) -> None:
    async with showing(FindingsScreen(demo_snapshot, findings)) as shown:
        await shown.press("j", "j", "s")
    assert shown.answers == [Silencing(Silence("three", "AWS_REGION"))]


@pytest.mark.long
async def test_y_copies_the_line_and_stays(demo_snapshot: Snapshot, findings: Findings) -> None:
    async with showing(FindingsScreen(demo_snapshot, findings)) as shown:
        await shown.press("y")
        assert shown.copied == f"rolecall --home {demo_snapshot.host.home} login partner"
        await shown.press("j", "j", "y")
        assert shown.copied == "unset X"
    assert shown.answers == []


@pytest.mark.long
async def test_what_does_not_apply_does_nothing(demo_snapshot: Snapshot, findings: Findings) -> None:
    async with showing(FindingsScreen(demo_snapshot, findings)) as shown:
        # GIVEN one that stands in no file, and one that no line mends
        await shown.press("E", "j", "y")
        assert shown.answers == []
        assert shown.copied == ""


async def test_esc_asks_for_nothing(demo_snapshot: Snapshot, findings: Findings) -> None:
    async with showing(FindingsScreen(demo_snapshot, findings)) as shown:
        await shown.press("escape")
    assert shown.answers == [None]


@pytest.mark.long
async def test_where_nothing_is_wrong_that_is_said_and_no_key_asks_for_anything(
    demo_snapshot: Snapshot,
) -> None:
    async with showing(FindingsScreen(demo_snapshot, found())) as shown:
        assert NOTHING in shown.text
        await shown.press("enter", "E", "w", "s", "y", "j", "tab")
        assert shown.answers == []


async def test_what_is_silenced_can_be_seen_and_reported_again(
    demo_snapshot: Snapshot, findings: Findings
) -> None:
    silenced = Findings(findings.all[1:], findings.all[:1])
    async with showing(FindingsScreen(demo_snapshot, silenced)) as shown:
        assert "s Silence" in shown.text
        assert "Silenced 1" in shown.text
        await shown.press("G")
        assert "title of one" in shown.text
        assert "s Unsilence" in shown.text
        await shown.press("s")
    assert shown.answers == [Silencing(Silence("one", "acme"), is_again=True)]


def edits() -> Findings:
    """Return three findings whose fix is an edit."""
    every = (("one", "dev"), ("two", "intern"), ("three", "base"))
    return found(
        *(
            finding(code, subject=name, fix=fixes.change("set it", name, {"output": "json"}))
            for code, name in every
        )
    )


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (140, 45)])
async def test_below_the_details_no_row_is_left_empty_at_first(
    demo_snapshot: Snapshot, findings: Findings, size: tuple[int, int]
) -> None:
    screen = FindingsScreen(demo_snapshot, findings)
    async with showing(screen, size):
        whole = screen.query_one(FindingDetails)
        assert whole.outer_size.height <= len(whole.items) + RULE


async def test_space_marks_several_and_enter_asks_for_them_together(demo_snapshot: Snapshot) -> None:
    async with showing(FindingsScreen(demo_snapshot, edits())) as shown:
        await shown.press("space", "space", "k", "space", "space")
        # each goes on to the next, and a second mark takes the first away
        assert [line.count("✓") for line in shown.text.splitlines() if "✓" in line] == [1, 1]
        assert "enter Fix 2" in shown.text
        await shown.press("enter")
    (answer,) = shown.answers
    assert isinstance(answer, Together)
    assert len(answer.findings) == 2


@pytest.mark.parametrize(
    ("fix", "why"),
    [
        (LOGIN, "it logs in"),
        (fixes.run("go", "unset X"), "it is a line for your shell"),
        (fixes.edit("fill it in", "intern", "region"), "it opens a form"),
        (fixes.propose("take it", "intern", "region", "eu-west-1"), "it opens a form"),
        (fixes.clear(Path("x")), "it deletes a cache file"),
        (fixes.open_at("look", Path("x"), 1), "it opens your editor"),
        (fixes.manual("ask"), "only you can do it"),
    ],
)
async def test_what_is_no_edit_cannot_be_marked_and_says_why(
    demo_snapshot: Snapshot, fix: Fix, why: str
) -> None:
    marked = {identity(each) for each in found(finding("one", fix=fix)).all}
    async with showing(FindingsScreen(demo_snapshot, found(finding("one", fix=fix)), marks=marked)) as shown:
        await shown.press("space")
        assert why in " ".join(each.message for each in shown.pilot.app._notifications)
        # AND what was marked before, and is no edit now, is not counted
        assert "✓" not in shown.text
        assert "Fix 1" not in shown.text


@pytest.mark.long
async def test_a_filter_lists_what_matches_and_its_letters_are_no_commands(
    demo_snapshot: Snapshot, findings: Findings
) -> None:
    screen = FindingsScreen(demo_snapshot, findings)
    async with showing(screen) as shown:
        await shown.press("slash", *"two es", *["backspace"] * 3)
        assert shown.answers == []
        assert "Errors 1" in shown.text
        assert cursor(screen) == "two"
        await shown.press("enter")
        assert "filter: two" in shown.text
        # esc lists everything again, then goes back
        await shown.press("escape")
        assert "filter:" not in shown.text
        assert "Warnings 1" in shown.text
        assert shown.answers == []
        await shown.press("slash", *"nothing like it")
        assert NONE_MATCHES in shown.text
        await shown.press("escape", "escape")
    assert shown.answers == [None]


async def test_e_asks_for_the_form_at_what_is_wrong(demo_snapshot: Snapshot) -> None:
    config = demo_snapshot.merged.by_name["intern"]
    assert "source_profile" in config
    place = demo_snapshot.profiles["intern"].settings["source_profile"].origin
    guilty = finding("two", subject="intern", place=Location(place.path, place.line))
    known = finding("three", subject="intern", fix=fixes.edit("fill it in", "intern", "region"))
    nobodys = finding("four", subject="AWS_REGION", kind=SubjectKind.VARIABLE)
    asked = []
    for each in (guilty, known, nobodys):
        async with showing(FindingsScreen(demo_snapshot, found(each))) as shown:
            await shown.press("e")
        asked += [(fix.profile, fix.key) for fix in shown.answers if isinstance(fix, Fix)]
    assert asked == [("intern", "source_profile"), ("intern", "region")]


async def test_a_later_list_keeps_the_filter_and_the_marks(demo_snapshot: Snapshot) -> None:
    findings = edits()
    before = FindingsScreen(demo_snapshot, findings)
    async with showing(before) as shown:
        await shown.press("space", "slash", *"two", "enter")
    after = FindingsScreen(demo_snapshot, findings, before.going_on, marks=before.marks, words=before.words)
    async with showing(after) as shown:
        assert "Fix 1" in shown.text
        assert "filter: two" in shown.text
        assert cursor(after) == "two"


async def test_the_cursor_stays_where_it_was_when_others_are_found(
    demo_snapshot: Snapshot, findings: Findings
) -> None:
    screen = FindingsScreen(demo_snapshot, findings)
    async with showing(screen, (100, 30)) as shown:
        await shown.press("j", "j")
        # WHEN the first is mended meanwhile
        screen.follow(demo_snapshot, found(*findings.all[1:]))
        await shown.pilot.pause()
        assert cursor(screen) == "three"
        assert "title of three" in shown.text
        # AND WHEN the one under the cursor is, too, THEN it goes on, and never stands on a heading
        screen.follow(demo_snapshot, found(findings.all[1], findings.all[3]))
        await shown.pilot.pause()
        assert cursor(screen) in ("two", "four")
        screen.follow(demo_snapshot, found())
        await shown.pilot.pause()
        assert NOTHING in shown.text


@pytest.mark.long
async def test_it_begins_where_the_user_was(demo_snapshot: Snapshot, findings: Findings) -> None:
    # GIVEN a list in which the user was at the third, and then the third is mended
    before = FindingsScreen(demo_snapshot, findings)
    async with showing(before) as shown:
        await shown.press("j", "j")
        at = before.going_on
    one, two, three, four = findings.all
    for left, code in (
        ((one, two, three, four), "three"),
        ((one, two, four), "four"),
        ((one, two), "two"),
        ((four,), "four"),
    ):
        # THEN the next list begins there, at the next one, or at the one before
        screen = FindingsScreen(demo_snapshot, found(*left), at)
        async with showing(screen):
            assert cursor(screen) == code


async def test_what_is_longer_than_there_is_room_can_be_scrolled(demo_snapshot: Snapshot) -> None:
    one = finding("one", evidence=tuple(f"line {index}" for index in range(40)))
    async with showing(FindingsScreen(demo_snapshot, found(one))) as shown:
        assert "line 39" not in plain(shown.text)
        await shown.press("tab", "G")
        assert "line 39" in plain(shown.text)
        await shown.press("tab", "enter")
    assert shown.answers == [one.fix]


@pytest.mark.long
@pytest.mark.parametrize("size", SMALL_SIZES, ids=str)
async def test_no_size_is_too_small(
    demo_snapshot: Snapshot, findings: Findings, size: tuple[int, int]
) -> None:
    async with showing(FindingsScreen(demo_snapshot, findings), size) as shown:
        await shown.press("j", "tab", "j", "tab", "escape")
    assert shown.answers == [None]
