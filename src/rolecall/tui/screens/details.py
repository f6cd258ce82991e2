"""The Inspector, with everything about one thing; and what any page of details is shown on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.fixes import Fix, edit
from rolecall.doctor.registry import Findings
from rolecall.text import several
from rolecall.tui.commands import BY_ID, CommandRequest, keys_of
from rolecall.tui.findings_state import Following
from rolecall.tui.render.findings import guilty_setting
from rolecall.tui.render.inspector import Details, detail_lines, natural_width
from rolecall.tui.render.items import details_of, findings_of, fix_of, gone, profile_of, unset_line_of
from rolecall.tui.render.lines import Line
from rolecall.tui.screens.dialog import Modal, copy
from rolecall.tui.theme import as_title
from rolecall.tui.widgets.footer import FilterInput, SteadyFooter
from rolecall.tui.widgets.lines_view import SCROLLING, TextPage

DetailsRequest = Fix | CommandRequest
"""What the user wants to have done about what is inspected."""
NO_PROFILE = "This is not a profile."
LEAST_WIDTH, MOST_WIDTH = 50, 110
"""Cells that the frame takes."""
_FRAME = 2
_PADDING = 2


class DetailsView(TextPage):
    """The lines of some details, scrolling; as high and as wide as they are, up to what there is room for."""

    BINDINGS: ClassVar[list[BindingType]] = SCROLLING
    can_focus = True

    def __init__(self, details: Details) -> None:
        super().__init__()
        self._details = details
        self._words = ""
        self._hits: list[int] = []
        self._width = 0
        self.border_title = as_title(details.title)

    def lines(self, width: int) -> Sequence[Line]:
        """Lay the details out."""
        return detail_lines(self._details, width)

    def when_empty(self) -> str:
        """Say so where a filter has left nothing."""
        return "Nothing here has these words."

    def tell(self, details: Details) -> None:
        """Show new details of the same thing, where they have changed."""
        if details != self._details:
            self._details = details
            self.entitle(title=as_title(details.title))
            self.lay_out_all()

    def lay_out_all(self) -> None:
        """Lay them out; what counts down may make the frame wider, but never narrower."""
        self._width = max(self._width, min(natural_width(self._details), MOST_WIDTH))
        self.styles.width = max(self._width, LEAST_WIDTH) + _FRAME + _PADDING
        super().lay_out_all()
        self.styles.height = max(len(self.items), 1) + _FRAME
        self._look()

    # What is looked for.

    def look_for(self, words: str) -> None:
        """Mark the lines with some words in them, and go to the first."""
        self._words = words.casefold().strip()
        self._look()
        self.go_to_hit(0)
        self.refresh()

    def _look(self) -> None:
        self._hits = [at for at, line in enumerate(self.items) if self._words and self._words in _text(line)]
        said = several(len(self._hits), "line") if self._hits else "nothing"
        self.entitle(subtitle=as_title(f"{self._words}: {said}") if self._words else "")

    def go_to_hit(self, by: int) -> None:
        """Scroll to the first line that was found, or from the top line on to the next or the one before."""
        top = self.scroll_offset.y
        if by == 0:
            wanted = self._hits[:1]
        elif by > 0:
            wanted = [at for at in self._hits if at > top][:1] or self._hits[:1]
        else:
            wanted = [at for at in self._hits if at < top][-1:] or self._hits[-1:]
        for at in wanted:
            self.scroll_to(y=at, animate=False, immediate=True)

    def line_style(self, index: int) -> Style | None:
        """Give what was found a background."""
        if index not in self._hits:
            return None
        return self.get_component_rich_style("lines--cursor-blurred", partial=True)


def _text(line: Line) -> str:
    return "".join(each.text for each in line).casefold()


class DetailsScreen(Modal[DetailsRequest]):
    """Details, to be read.

    Attributes:
        fix: what enter has done, of what a key can do; None where it only goes back.
    """

    CSS_PATH = "details.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "mend", "Fix it", key_display="enter", priority=True, tooltip="Carry out the fix"),
        Binding("slash", "find", "Search", key_display="/", priority=True,
                tooltip="Look for words here; enter keeps, esc clears"),
        Binding("n", "find_next(1)", "Next", show=False, priority=True, tooltip="To what is found next"),
        Binding("N", "find_next(-1)", "Previous", show=False, priority=True,
                tooltip="To what is found before"),
        Binding("escape,q", "dismiss", "Back", tooltip="Go back", key_display="esc", priority=True),
    ]  # fmt: skip

    def __init__(self, details: Details) -> None:
        super().__init__()
        self.view = DetailsView(details)
        self.fix: Fix | None = None
        self.words = FilterInput("words to look for", id="filter")

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield self.view
        yield self.words
        yield SteadyFooter()

    def on_mount(self) -> None:
        """Give the focus to what scrolls."""
        self.set_focus(self.view)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Show enter as a command only where there is something to fix; none while words are typed."""
        if self.focused is self.words and action not in ("close_filter", "help"):
            return False
        return action != "mend" or self.fix is not None

    def on_key(self, event: events.Key) -> None:
        """Go back by enter where it does nothing else."""
        if event.key == "enter":
            self.dismiss(None)

    def action_mend(self) -> None:
        """Close with the fix, which is then carried out."""
        self.dismiss(self.fix)

    async def action_dismiss(self, result: DetailsRequest | None = None) -> None:
        """Look for nothing any more, or go back."""
        if self.words.value:
            self.action_close_filter("clear")
        else:
            self.dismiss(result)

    # The search.

    def action_find(self) -> None:
        """Open the line in which the words are typed."""
        self.set_focus(self.words.add_class("open"))

    def on_input_changed(self) -> None:
        """Look for the words while they are typed."""
        self.view.look_for(self.words.value)

    def action_find_next(self, by: int) -> None:
        """Go to what is found next, or before."""
        self.view.go_to_hit(by)

    def action_close_filter(self, how: str) -> None:
        """Go back to the lines; ``clear`` looks for nothing any more, ``keep`` does."""
        self.words.remove_class("open")
        self.set_focus(self.view)
        if how == "clear":
            self.words.clear()
            self.view.look_for("")


_OF_PROFILES = ("assume", "edit", "why", "copy", "editor", "login", "undo")
"""The commands that the Inspector has for its profile, by their ids."""
_IN_FOOTER = ("assume", "edit", "why", "copy", "editor")


def _bound(command_id: str) -> Binding:
    """Return a command's own key, for the profile that is inspected."""
    return replace(BY_ID[command_id].binding, action=f"ask('{command_id}')", show=command_id in _IN_FOOTER)


class InspectorScreen(Following, DetailsScreen):
    """The Inspector; it answers with the first fix that a key can carry out, or with a command for it."""

    CSS_PATH = "details.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [_bound(each) for each in _OF_PROFILES]

    def __init__(
        self,
        snapshot: Snapshot,
        findings: Findings,
        item: object,
        details: Details,
        obstacle_to: Callable[[str, str], str | None] = lambda _command, _profile: None,
    ) -> None:
        """Make the screen.

        Args:
            snapshot: what is there.
            findings: what is wrong with it.
            item: the item of a pane that is inspected.
            details: what is said of it now.
            obstacle_to: says why a command, by its id, does not apply to a profile, or None.
        """
        super().__init__(details)
        self.snapshot, self.findings = snapshot, findings
        self._item = item
        self._obstacle_to = obstacle_to
        self.fix = fix_of(findings, item)

    def retell(self) -> None:
        """Say how it is now."""
        self.view.tell(details_of(self.snapshot, self.findings, self._item) or gone(self.snapshot))
        before, self.fix = self.fix, fix_of(self.findings, self._item)
        if before != self.fix:
            self.refresh_bindings()

    @property
    def _profile(self) -> str | None:
        name = profile_of(self._item)
        return name if name in self.snapshot.profiles else None

    def _obstacle(self, command: str) -> str | None:
        """Return why a command does not apply here, in a sentence, or None where it does."""
        if command == "why" or (command == "copy" and self._line is not None):
            return None
        if self._profile is None:
            return NO_PROFILE
        return None if command == "copy" else self._obstacle_to(command, self._profile)

    @property
    def _line(self) -> str | None:
        return unset_line_of(self.snapshot, self._item)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey the commands that do not apply."""
        if action == "ask" and self.focused is not self.words:
            return None if self._obstacle(str(parameters[0])) is not None else True
        return super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """Say why a greyed command does not apply: its key has found no other use."""
        super().on_key(event)
        for command in _OF_PROFILES:
            keys = keys_of(self.app, BY_ID[command]).split(",")
            obstacle = self._obstacle(command) if event.key in keys else None
            if obstacle is not None:
                self.app.clear_notifications()
                self.notify(obstacle, severity="warning", markup=False)

    async def action_ask(self, command: str) -> None:
        """Copy something, or close with another command for the profile."""
        line, name = self._line, self._profile
        if command == "edit" and name is not None:
            guilty = guilty_setting(self.snapshot, name, findings_of(self.findings, self._item))
            self.dismiss(edit("edit it", name, guilty))
        elif command != "copy":
            self.dismiss(CommandRequest(command, name))
        elif line is not None:
            copy(self, line, "the line")
        elif name is not None:
            from rolecall.tui.screens.pick import CopyScreen, copyable  # noqa: PLC0415 - few need it

            await self.app.push_screen(CopyScreen(copyable(self.snapshot.profiles[name])))
