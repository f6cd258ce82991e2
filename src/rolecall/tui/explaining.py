"""What is wrong, from the main screen: the next line that is flagged, the list of all, the answer to Why."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from rolecall.findings.fixes import Fix
from rolecall.phrases.sentences import sentence
from rolecall.tui.acting.words import in_passing
from rolecall.tui.ends import End
from rolecall.tui.inspecting import findings_of
from rolecall.tui.panes.environment import EnvironmentPane
from rolecall.tui.screens.findings import FindingsScreen, Question, Silencing, Wish
from rolecall.tui.widgets.flagged import FlaggedRows

if TYPE_CHECKING:
    from rolecall.tui.screens.main import MainScreen

NONE_HERE = "No line here has an error or a warning."
READING = 8.0
"""Seconds for which it is to be read what is wrong with a line."""


async def go_to_finding(main: "MainScreen", by: int) -> None:
    """Move the focused pane's cursor to the next flagged line, and say what is wrong there."""
    pane = main.focused if isinstance(main.focused, FlaggedRows) else main.tree_pane
    item = pane.go_to_flagged(by)
    main.app.clear_notifications()
    if item is None:
        main.notify(f"{NONE_HERE} ! lists all findings.", markup=False)
        return
    assert main.findings is not None  # noqa: S101 - for the type checker: the lines are flagged with them
    first, *more = findings_of(main.findings, item)
    main.notify(
        in_passing(sentence(first.message, main.snapshot.profiles if main.snapshot else ())),
        title=f"and {len(more)} more" if more else "",
        severity="error" if first.severity == "error" else "warning",
        timeout=READING,
        markup=False,
    )


async def list_findings(main: "MainScreen", at: int = 0) -> None:
    """List all that is wrong; what the user wishes about one of them is done."""
    if main.snapshot is not None and main.findings is not None:
        await main.app.push_screen(FindingsScreen(main.snapshot, main.findings, at), partial(_grant, main))


async def _grant(main: "MainScreen", wish: Wish | None) -> None:
    """Do what the user wishes about a finding."""
    match wish:
        case Fix():
            _mend(main, wish)
        case Question(profile=profile):
            await _ask_why(main, profile)
        case Silencing(what=what, at=at) if main.bench is not None:
            main.bench.silence(what, lambda: _list_again(main, at))


def _list_again(main: "MainScreen", at: int) -> None:
    main.call_later(list_findings, main, at)


async def explain(main: "MainScreen") -> None:
    """Answer why for the profile under the cursor; on a variable and without a profile, for this shell."""
    await _ask_why(main, _subject(main))


def _subject(main: "MainScreen") -> str | None:
    focused = main.focused
    if isinstance(focused, EnvironmentPane):
        return None
    item = focused.current if isinstance(focused, FlaggedRows) else None
    if isinstance(item, End):
        return item.profile
    return main.tree_pane.profile.name if main.tree_pane.profile is not None else None


async def _ask_why(main: "MainScreen", profile: str | None) -> None:
    from rolecall.tui.screens.why import WhyScreen  # noqa: PLC0415 - not every list leads to it

    if main.snapshot is not None and main.findings is not None:
        screen = WhyScreen(main.snapshot, main.findings, profile, is_read_only=main.options.read_only)
        await main.app.push_screen(screen, partial(_mend, main))


def _mend(main: "MainScreen", fix: Fix | None) -> None:
    if fix is not None and main.bench is not None:
        main.bench.mend(fix)


ACTIONS: Mapping[str, Callable[["MainScreen"], Awaitable[None]]] = {
    "why": explain,
    "findings": list_findings,
    "next": partial(go_to_finding, by=1),
    "previous": partial(go_to_finding, by=-1),
}
"""By what the command's action names."""
