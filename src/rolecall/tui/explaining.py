"""What is wrong, from the main screen: the next line that is flagged, the list of all, the answer to Why."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from rolecall.doctor.fixes import Fix
from rolecall.doctor.registry import Findings
from rolecall.doctor.topics import Topic
from rolecall.text import sentence
from rolecall.tui.render.items import details_of, findings_of, topic_of
from rolecall.tui.render.labels import in_passing
from rolecall.tui.screens.details import InspectorScreen
from rolecall.tui.screens.findings import FindingRequest, FindingsScreen, Question, Silencing
from rolecall.tui.widgets.list_view import FlaggedRows

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
    world = main.as_it_stands()
    assert world is not None  # noqa: S101 - for the type checker: the lines are flagged with what is found
    first, *more = findings_of(world[1], item)
    main.notify(
        in_passing(sentence(first.message, world[0].profiles)),
        title=f"and {len(more)} more" if more else "",
        severity="error" if first.severity == "error" else "warning",
        timeout=READING,
        markup=False,
    )


async def inspect(main: "MainScreen", item: object) -> bool:
    """Open the Inspector on an item of a pane; False where there is nothing to say of it."""
    if main.snapshot is None:
        return False
    snapshot, findings = main.as_it_stands() or (main.snapshot, Findings())
    details = details_of(snapshot, findings, item)
    if details is None:
        return False
    screen = InspectorScreen(snapshot, findings, item, details)
    await main.app.push_screen(screen, partial(_mend, main))
    return True


async def list_findings(main: "MainScreen", at: Sequence[Hashable] = ()) -> None:
    """List all that is wrong; what the user wishes about one of them is done, and then they are listed again.

    Args:
        main: the main screen.
        at: what the cursor is to stand on: the first of these keys that is still there.
    """
    world = main.as_it_stands()
    if world is not None:
        screen = FindingsScreen(*world, at)
        await main.app.push_screen(screen, partial(_grant, main, screen))


async def _grant(main: "MainScreen", screen: FindingsScreen, wish: FindingRequest | None) -> None:
    """Do what the user wishes about a finding, and come back."""

    def come_back() -> None:
        if main.is_current:
            main.call_later(list_findings, main, screen.going_on)

    match wish:
        case Fix():
            _mend(main, wish, come_back)
        case Question(profile=profile):
            await _ask_why(main, profile, come_back)
        case Silencing(what=what) if main.bench is not None:
            if not main.bench.silence(what, come_back):
                come_back()


async def explain(main: "MainScreen") -> None:
    """Answer why for what the cursor stands on; among the variables, for this shell."""
    await _ask_why(main, topic_of(_pointed_at(main)))


def _pointed_at(main: "MainScreen") -> object:
    """Return the item under the cursor of the pane that has the focus; the chain is that of the tree's."""
    focused = main.focused
    return focused.current if isinstance(focused, FlaggedRows) else main.tree_pane.current


async def _ask_why(main: "MainScreen", topic: Topic, when_done: Callable[[], None] = lambda: None) -> None:
    from rolecall.tui.why.screen import WhyScreen  # noqa: PLC0415 - not every list leads to it

    world = main.as_it_stands()
    if world is not None:
        screen = WhyScreen(*world, topic, is_read_only=main.options.read_only)
        await main.app.push_screen(screen, partial(_mend, main, when_done=when_done))


def _mend(main: "MainScreen", fix: Fix | None, when_done: Callable[[], None] = lambda: None) -> None:
    is_begun = fix is not None and main.bench is not None and main.bench.mend(fix, when_done)
    if not is_begun:
        when_done()


ACTIONS: Mapping[str, Callable[["MainScreen"], Awaitable[None]]] = {
    "why": explain,
    "findings": list_findings,
    "next": partial(go_to_finding, by=1),
    "previous": partial(go_to_finding, by=-1),
}
"""By what the command's action names."""
