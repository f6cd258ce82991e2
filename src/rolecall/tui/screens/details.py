"""The Inspector, with everything about one thing; the help, made from the keys that work at the moment."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.fixes import Fix
from rolecall.doctor.registry import Findings
from rolecall.tui.commands import COMMANDS, UNBOUND, CommandGroup, key_name
from rolecall.tui.findings_state import Following
from rolecall.tui.render.inspector import Details, Fact, detail_lines, title
from rolecall.tui.render.items import GONE, details_of, fix_of
from rolecall.tui.render.lines import Line
from rolecall.tui.screens.dialog import Modal
from rolecall.tui.theme import as_title
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.lines_view import SCROLLING, TextPage


class DetailsView(TextPage):
    """The lines of some details, scrolling."""

    BINDINGS: ClassVar[list[BindingType]] = SCROLLING
    can_focus = True

    def __init__(self, details: Details) -> None:
        super().__init__()
        self._details = details
        self.border_title = as_title(details.title)

    def lines(self, width: int) -> Sequence[Line]:
        """Lay the details out."""
        return detail_lines(self._details, width)

    def tell(self, details: Details) -> None:
        """Show new details of the same thing, where they have changed."""
        if details != self._details:
            self._details = details
            self.lay_out_all()


class DetailsScreen(Modal[Fix]):
    """Details, to be read.

    Attributes:
        fix: what enter has done, of what a key can do; None where it only goes back.
    """

    CSS_PATH = "details.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "mend", "Fix it", key_display="enter", priority=True, tooltip="Carry out the fix"),
        Binding("escape,q", "dismiss", "Back", tooltip="Go back", key_display="esc", priority=True),
    ]

    def __init__(self, details: Details) -> None:
        super().__init__()
        self.view = DetailsView(details)
        self.fix: Fix | None = None

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield self.view
        yield SteadyFooter()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Show enter as a command only where there is something to fix."""
        return action != "mend" or self.fix is not None

    def on_key(self, event: events.Key) -> None:
        """Go back by enter where it does nothing else."""
        if event.key == "enter":
            self.dismiss(None)

    def action_mend(self) -> None:
        """Close with the fix, which is then carried out."""
        self.dismiss(self.fix)

    async def action_dismiss(self, result: Fix | None = None) -> None:
        """Go back."""
        self.dismiss(result)


class InspectorScreen(Following, DetailsScreen):
    """The Inspector; it answers with the fix of the first finding that a key can fix."""

    CSS_PATH = "details.tcss"

    def __init__(self, snapshot: Snapshot, findings: Findings, item: object, details: Details) -> None:
        """Make the screen.

        Args:
            snapshot: what is there.
            findings: what is wrong with it.
            item: the item of a pane that is inspected.
            details: what is said of it now.
        """
        super().__init__(details)
        self.snapshot, self.findings = snapshot, findings
        self._item = item
        self.fix = fix_of(findings, item)

    def retell(self) -> None:
        """Say how it is now."""
        self.view.tell(details_of(self.snapshot, self.findings, self._item) or GONE)
        before, self.fix = self.fix, fix_of(self.findings, self._item)
        if before != self.fix:
            self.refresh_bindings()


_GROUPS = {command.id: command.group for command in COMMANDS}
_GLYPHS = (
    ("●", "valid"), ("◐", "renewing: under 15 minutes left, the next call renews it"),
    ("✗", "expired"), ("!", "broken: AWS tools refuse it"), ("○", "idle: nothing cached yet"),
    ("↻", "renewable: expired, but renewed by itself"), ("∞", "permanent: long-term keys"), ("?", "unknown"),
)  # fmt: skip


def help_details(active: Mapping[str, ActiveBinding]) -> Details:
    """Return the help for these live bindings."""
    grouped: dict[CommandGroup, dict[str, list[str]]] = {group: {} for group in CommandGroup}
    for key, live in active.items():
        binding = live.binding
        if binding.system or not binding.tooltip or key == UNBOUND:
            continue
        if binding.action == "command_palette" and binding.id not in _GROUPS:
            tooltip = next(command.tooltip for command in COMMANDS if command.id == "palette")
            grouped[CommandGroup.APP].setdefault(tooltip, []).append(key_name(key))
            continue
        group = _GROUPS.get(
            binding.id or "", CommandGroup.APP if live.node is live.node.app else CommandGroup.MOVE
        )
        grouped[group].setdefault(binding.tooltip, []).append(key_name(key))
    facts: list[Fact] = []
    for group, rows in grouped.items():
        facts.append(title(group))
        facts += [Fact("  ".join(keys), tooltip) for tooltip, keys in rows.items()]
    facts += [title("States"), *(Fact(glyph, meaning) for glyph, meaning in _GLYPHS)]
    return Details("Help", tuple(facts))


class HelpScreen(DetailsScreen):
    """Every key that works on the screen below, and what the glyphs mean."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "dismiss", "Back", show=False, priority=True, tooltip="Go back"),
    ]

    def __init__(self, active: Mapping[str, ActiveBinding]) -> None:
        super().__init__(help_details(active))
