"""What can be typed into a field: as a list below it, and as a suggestion after the cursor."""

from collections import Counter
from collections.abc import Container, Hashable, Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.suggester import Suggester
from textual.widget import Widget

from rolecall.aws.settings import SETTINGS, Type, regions, setting
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import pad
from rolecall.text import inert
from rolecall.tui.render import labels
from rolecall.tui.render.lines import Line, Span, fit, shrinking
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.list_view import Rows
from rolecall.values import dataclass

MOST = 8
"""Lines that are in view at once."""
WIDEST = 56
NAMES = 28
"""The most cells that the texts take, before their meanings."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that can be typed, and what it is."""

    text: str
    meaning: str = ""


def completions(snapshot: Snapshot, key: str, editing: str | None) -> list[Completion]:
    """Return what can be typed for a setting.

    Args:
        snapshot: what is there.
        key: the setting.
        editing: the profile that is edited, which is no source for itself.
    """
    about = setting(key)
    match about.type:
        case Type.REGION:
            return _regions(snapshot)
        case Type.PROFILE:
            others = (report for name, report in snapshot.profiles.items() if name != editing)
            return [Completion(report.name, labels.KINDS[report.kind]) for report in others]
        case Type.SSO_SESSION:
            return [Completion(name) for name in snapshot.merged.config.headers.sso_sessions]
        case Type.SERVICES:
            return [Completion(name) for name in snapshot.merged.config.headers.services]
        case _:
            return [Completion(word) for word in about.words]


def _regions(snapshot: Snapshot) -> list[Completion]:
    """Return the regions, those in use first, the most used of them before the others."""
    used = Counter(
        region for each in snapshot.profiles.values() if isinstance(region := each.values.get("region"), str)
    )
    ordered = sorted(regions().items(), key=lambda region: -used[region[0]])
    return [Completion(name, words) for name, words in ordered]


def settings_to_add(present: Container[str]) -> list[Completion]:
    """Return the settings for which a form has no line yet."""
    return [Completion(key, about.help) for key, about in SETTINGS.items() if key not in present]


class Completer(Suggester):
    """Suggests the first completion that begins with what is typed, dimmed after the cursor."""

    def __init__(self, completions: Sequence[Completion]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.completions = completions

    async def get_suggestion(self, value: str) -> str | None:
        """Return it (called by Textual, which draws it as it is: what is not inert is not offered)."""
        return next(
            (
                each.text
                for each in self.completions
                if each.text.casefold().startswith(value.casefold()) and inert(each.text) == each.text
            ),
            None,
        )

    def matching(self, text: str) -> list[Completion]:
        """Return what the list shows: everything with the typed words in it; all of it for one of its own."""
        if any(each.text == text for each in self.completions):
            return list(self.completions)
        words = text.casefold().split()
        return [
            each
            for each in self.completions
            if all(word in f"{each.text} {each.meaning}".casefold() for word in words)
        ]


class CompletionList(Rows[Completion]):
    """The list, drawn over the form next to its field; the field keeps the focus."""

    DEFAULT_CSS = """
    CompletionList {
        display: none;
        position: absolute;
        overlay: screen;
        background: $panel;
        border-left: outer $accent;
        padding: 0 1 0 0;
        &.open { display: block; }
    }
    """
    can_focus = False

    def __init__(self) -> None:
        super().__init__()
        self._widest = 0

    def key_of(self, item: Completion) -> Hashable:
        """Its text."""
        return item.text

    def line_style(self, index: int) -> Style | None:
        """Draw the line that enter takes as the cursor's, although the field has the focus."""
        if index != self.cursor or not self.items:
            return None
        return self.get_component_rich_style("lines--cursor")

    def lay_out(self, item: Completion, width: int) -> Line:
        """Its text, and its meaning."""
        meaning = (shrinking(item.meaning, Tone.DIM),) if item.meaning else ()
        return fit((Span(pad(inert(item.text), self._widest) + "  "), *meaning), (), width)

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("open")

    def open_at(self, field: Widget, completions: Sequence[Completion], current: str) -> None:
        """Show completions below a field, or above it where there is more room."""
        area, room = field.region, self.screen.size
        below, above = room.height - area.bottom - 1, area.y
        height = min(len(completions), MOST, max(below, above, 1))
        y = area.bottom if height <= below else max(area.y - height, 0)
        width = min(WIDEST, max(area.width, 10))
        self._widest = min(max(cell_len(inert(each.text)) for each in completions), NAMES)
        self.styles.width, self.styles.height = width, height
        self.styles.offset = (max(min(area.x, room.width - width), 0), y)
        self.add_class("open")
        self.show(completions)
        self.move_to(current)

    def close(self) -> None:
        """Hide it."""
        self.remove_class("open")
