"""The command palette and the choice of a theme: a list of which words that are typed leave what has them."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.fuzzy import FuzzySearch

from rolecall.cells import cell_width
from rolecall.text import inert
from rolecall.tui.render.lines import Line, Span, fit, shrinking
from rolecall.tui.screens.dialog import Modal
from rolecall.tui.theme import as_title
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.footer import SteadyFooter, WordsInput
from rolecall.tui.widgets.list_view import Rows
from rolecall.values import dataclass

NOT_NOW = "does not apply now"
"""What stands beside a command for whose reason there is no room; the border says why, and choosing it."""
GAP = 2
MOST_PROFILES = 50
"""Profiles that are listed for what is typed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that can be chosen.

    Attributes:
        key: identifies it.
        title: what it is called.
        aside: what stands at the right: its keys, or what is said of it.
        obstacle: why it cannot be had now; None where it can.
    """

    key: str
    title: str
    aside: str = ""
    obstacle: str | None = None


def matching(entries: Iterable[Entry], words: str) -> list[Entry]:
    """Return what matches what is typed: what has every word, else what has its letters in their order."""
    wanted = words.casefold().split()
    everything = list(entries)
    if not wanted:
        return everything
    found = [entry for entry in everything if all(word in entry.title.casefold() for word in wanted)]
    found.sort(key=lambda entry: not entry.title.casefold().startswith(wanted[0]))
    if found:
        return found
    search = FuzzySearch()
    scored = [(search.match(words, entry.title)[0], entry) for entry in everything]
    return [entry for score, entry in sorted(scored, key=lambda each: -each[0]) if score > 0]


class Entries(Rows[Entry]):
    """The lines; the focus is in the input above them."""

    can_focus = False

    def key_of(self, item: Entry) -> Hashable:
        """Return what identifies it."""
        return item.key

    def lay_out(self, item: Entry, width: int) -> Line:
        """Lay out its name, and its key at the right; where it does not apply, why."""
        if item.obstacle is not None:
            name, why = inert(item.title), inert(item.obstacle)
            if cell_width(name) + GAP + cell_width(why) > width:
                why = NOT_NOW
            return fit((shrinking(name, Tone.DIM),), (Span(why, Tone.DIM),), width)
        aside = (Span(inert(item.aside), Tone.ACCENT),) if item.aside else ()
        return fit((shrinking(item.title),), aside, width)

    def when_empty(self) -> str:
        """Say that nothing is called so."""
        return "Nothing here is called so."


class ListScreen(Modal[str]):
    """A list with an input above it, in rolecall's frame; it answers with the key of what is chosen."""

    CSS_PATH = "palette.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+k", "move(-1)", "Up", show=False, priority=True, tooltip="To the line above"),
        Binding("down,ctrl+j", "move(1)", "Down", show=False, priority=True, tooltip="To the line below"),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True, tooltip="A page up"),
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True, tooltip="A page down"),
        Binding("enter", "choose", "Choose", key_display="enter", priority=True, tooltip="Choose this one"),
        Binding("escape", "back", "Back", key_display="esc", priority=True, tooltip="Go back without it"),
    ]

    def __init__(self, title: str, hint: str, find: Callable[[str], Sequence[Entry]], at: str = "") -> None:
        """Make the screen.

        Args:
            title: the frame's title.
            hint: what is said in the input before anything is typed.
            find: returns what matches what is typed.
            at: the key of the line that the cursor is on at first.
        """
        super().__init__()
        self._title, self._find, self._at = title, find, at
        self.input = WordsInput(hint, id="words")
        self.list = Entries(id="entries")

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(id="frame") as frame:
            frame.border_title = as_title(self._title)
            yield self.input
            yield self.list
        yield SteadyFooter()

    def on_mount(self) -> None:
        """List everything."""
        self.list.points_at_something = True
        found = self._find("")
        self.list.styles.height = max(len(found), 1)
        self.list.show(found)
        self.list.move_to(self._at)
        self.set_focus(self.input)

    def on_input_changed(self) -> None:
        """List what matches, with the cursor on the best."""
        self.list.show(self._find(self.input.value))
        self.list.cursor = 0
        self._tell_obstacle()

    def on_rows_highlighted(self) -> None:
        """Say in the border why what is under the cursor does not apply, for which its line has no room."""
        self._tell_obstacle()

    def _tell_obstacle(self) -> None:
        why = self.list.current.obstacle if self.list.current is not None else None
        self.query_one("#frame").border_subtitle = as_title(inert(why or ""))

    def on_rows_selected(self) -> None:
        """Choose the line that was clicked twice."""
        self.action_choose()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.list.action_move(by)

    def action_page(self, by: int) -> None:
        """Move the cursor by a page."""
        self.list.action_page(by)

    def action_choose(self) -> None:
        """Answer with the line under the cursor."""
        if self.list.current is not None:
            self.dismiss(self.list.current.key)

    def action_back(self) -> None:
        """Go back without anything."""
        self.dismiss(None)


PROFILE = "profile:"
"""What the key of an entry that is a profile begins with."""


def palette_entries(commands: Sequence[Entry], profiles: Iterable[str], words: str) -> list[Entry]:
    """Return the commands that match what is typed, and the profiles that are called so."""
    return [*matching(commands, words), *_profiles(profiles, words.casefold().strip())]


def _profiles(names: Iterable[str], wanted: str) -> Iterator[Entry]:
    if not wanted:
        return
    found = [name for name in names if wanted in name.casefold()]
    found.sort(key=lambda name: (name.casefold() != wanted, not name.casefold().startswith(wanted)))
    for name in found[:MOST_PROFILES]:
        yield Entry(f"{PROFILE}{name}", f"go to {name}", "profile")


class ThemeScreen(ListScreen):
    """Choose a theme: the one under the cursor is shown at once; esc goes back to the one before."""

    def __init__(self, themes: Sequence[str], current: str) -> None:
        entries = [Entry(name, name, "now" if name == current else "") for name in themes]
        super().__init__("Theme", "name of a theme", lambda words: matching(entries, words), current)
        self._before = current

    def on_rows_highlighted(self) -> None:
        """Show how everything looks in it."""
        if self.list.current is not None:
            self.app.theme = self.list.current.key

    def action_back(self) -> None:
        """Show everything as it was before."""
        self.app.theme = self._before
        super().action_back()
