"""What the dialogs of the commands that change something look like: accepted by eye, as the others."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Authorization
from rolecall.host import utc_now
from rolecall.tui.actions.runner import failure_paragraphs, failure_title
from rolecall.tui.form.screen import EditScreen
from rolecall.tui.screens.dialog import ConfirmScreen, TellScreen
from rolecall.tui.screens.login import CodeScreen, LoginScreen
from rolecall.tui.tones import Tone
from tests.screens.pictures import MEDIUM, Compare, Lead, at_both_sizes, in_both_themes, is_as_before
from tests.tui.driving import Driver
from tests.tui.worlds import World


def keys(profile: str, *pressed: str) -> Lead:
    """Press keys on a profile, and wait for what they open."""

    async def lead(app: Driver) -> None:
        await app.choose(profile)
        await app.press(*pressed)
        await app.until(lambda: app.app.screen is not app.main)
        await quieten(app)

    return lead


def shown(screen: Screen[str] | Screen[bool]) -> Lead:
    """Show a screen over the main one."""

    async def lead(app: Driver) -> None:
        await app.app.push_screen(screen)
        await quieten(app)

    return lead


async def quieten(app: Driver) -> None:
    """Let no cursor blink, and all that is worked out come to its end."""
    for line in app.app.screen.query(Input):
        line.cursor_blink = False
    screen = app.app.screen
    if isinstance(screen, EditScreen):
        await app.until(lambda: screen.has_class("choosing") or 0 < screen._edits == screen._looked_at)
    before: Sequence[object] = ()
    while before != (now := [each.region for each in screen.walk_children(Widget)]):
        before = now
        await app.settle()


@pytest.mark.long
@in_both_themes
@at_both_sizes
def test_the_form(snap_compare: Compare, demo: World, size: tuple[int, int], theme: str) -> None:
    assert is_as_before(snap_compare, demo, size, keys("prod-deploy", "e"), theme)


@pytest.mark.long
def test_the_form_of_keys_hides_them(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, keys("okta", "e"))


@pytest.mark.long
def test_the_kinds_of_a_new_profile(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, keys("base", "plus"))


@pytest.mark.long
@in_both_themes
@at_both_sizes
def test_the_diff_of_a_removal(snap_compare: Compare, demo: World, size: tuple[int, int], theme: str) -> None:
    assert is_as_before(snap_compare, demo, size, keys("prod-admin", "delete"), theme)


def test_the_diff_of_keys_hides_them(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, keys("legacy", "delete"))


@pytest.mark.long
def test_a_new_name(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, keys("prod-admin", "R"))


@pytest.mark.long
@in_both_themes
@at_both_sizes
def test_what_can_be_cleared(snap_compare: Compare, demo: World, size: tuple[int, int], theme: str) -> None:
    assert is_as_before(snap_compare, demo, size, keys("prod-deploy", "c"), theme)


def test_the_forms_of_an_export(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, keys("prod-deploy", "x"))


@pytest.mark.long
def test_into_which_profile(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, keys("prod-deploy", "I"))


@pytest.mark.long
def test_too_long_for_a_chained_role(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, keys("logs", "a"))


@pytest.mark.long
@at_both_sizes
def test_the_code_of_a_device(snap_compare: Compare, demo: World, size: tuple[int, int]) -> None:
    device = "arn:aws:iam::123456789012:mfa/rowan"
    problem = "That code was not accepted (each is valid once): enter the next one."
    assert is_as_before(snap_compare, demo, size, shown(CodeScreen(device, problem)))


@pytest.mark.long
@at_both_sizes
def test_where_to_log_in(snap_compare: Compare, demo: World, size: tuple[int, int]) -> None:
    address = "https://device.sso.eu-west-1.amazonaws.com/"
    # so long that no picture is a minute late
    ends = utc_now() + timedelta(days=2, minutes=30)
    authorization = Authorization("WXYZ-ABCD", address, f"{address}?user_code=WXYZ-ABCD", ends)
    screen = LoginScreen(authorization, has_browser=False)
    assert is_as_before(snap_compare, demo, size, shown(screen))


def test_before_a_program_runs(snap_compare: Compare, demo: World) -> None:
    words = (
        ("To get credentials for tools, this program is run:", Tone.PLAIN),
        ("", Tone.PLAIN),
        ("/usr/local/bin/meadow-credentials --account tools", Tone.STRONG),
    )
    screen = ConfirmScreen("Run this credential_process?", words, "Run it")
    assert is_as_before(snap_compare, demo, MEDIUM, shown(screen))


@pytest.mark.long
@in_both_themes
def test_a_failure_and_its_cure(snap_compare: Compare, demo: World, theme: str) -> None:
    failure = ActionFailed(
        "UnauthorizedSSOTokenError",
        "the SSO session acme has expired, and nothing here can renew it",
        cure="log in again",
        command="login",
    )
    screen = TellScreen(failure_title("Log in", failure), failure_paragraphs(failure), "Log in (l)")
    assert is_as_before(snap_compare, demo, MEDIUM, shown(screen), theme)


@at_both_sizes
def test_where_a_file_does_not_parse(snap_compare: Compare, demo: World, size: tuple[int, int]) -> None:
    config = demo.aws / "config"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("source_profile = green", "source_profile green"), encoding="utf-8")

    async def lead(app: Driver) -> None:
        await app.press("e")
        await app.until(lambda: app.app.screen is not app.main)
        await quieten(app)

    assert is_as_before(snap_compare, demo, size, lead)
