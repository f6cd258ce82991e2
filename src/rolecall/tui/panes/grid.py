"""The four panes beside the tree, and the tabs that choose one of them where there is room for one only."""

from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from rolecall.aws.snapshot import Snapshot
from rolecall.tui.panes.cache import CachePane
from rolecall.tui.panes.chain import ChainPane
from rolecall.tui.panes.environment import EnvironmentPane
from rolecall.tui.panes.expiry import ExpiryPane
from rolecall.tui.render.flags import Flags
from rolecall.tui.render.lines import Span, fit
from rolecall.tui.render.tree import Node
from rolecall.tui.theme import content
from rolecall.tui.tones import Tone


class PaneTabs(Widget):
    """Which pane is shown beside the tree, in a narrow layout."""

    TITLES = (("expiry", "2 Expiry"), ("chain", "3 Chain"), ("environment", "4 Env"), ("cache", "5 Cache"))
    chosen: reactive[str] = reactive("expiry")

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def render(self) -> Content:
        """Lay the tabs out (called by Textual)."""
        spans: list[Span] = []
        for name, title in self.TITLES:
            spans += [Span(title, Tone.ACCENT if name == self.chosen else Tone.DIM), Span("  ")]
        return content(fit(spans, (), self.content_size.width))

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        x = event.x - self.gutter.left
        for name, title in self.TITLES:
            if x < len(title) + 2:
                self.post_message(self.Chosen(name))
                return
            x -= len(title) + 2


class PaneGrid(Vertical):
    """The panes; they follow the tree's cursor."""

    def __init__(self, now: datetime) -> None:
        super().__init__(id="panes")
        self._tabs = PaneTabs(id="tabs")
        self.expiry = ExpiryPane(now, id="expiry")
        self.chain = ChainPane(now, id="chain")
        self.environment = EnvironmentPane(id="environment")
        self.cache = CachePane(now, id="cache")
        self._columns = (
            Vertical(self.expiry, self.environment, id="middle"),
            Vertical(self.chain, self.cache, id="right"),
        )
        for pane in (self.expiry, self.chain, self.environment, self.cache):
            pane.add_class("pane")

    def compose(self) -> ComposeResult:
        """Two columns under the tabs."""
        yield self._tabs
        yield Horizontal(*self._columns)

    def on_mount(self) -> None:
        """Begin with what ends when."""
        self.choose("expiry")

    def choose(self, name: str) -> None:
        """Bring a pane to the front, for a layout in which one is to be seen."""
        for column in self._columns:
            for pane in column.children:
                pane.set_class(pane.id == name, "chosen")
            column.set_class(any(pane.id == name for pane in column.children), "chosen")
        self._tabs.chosen = name

    def present(self, snapshot: Snapshot, node: Node | None) -> None:
        """Show another Snapshot."""
        self.expiry.present(snapshot)
        self.environment.present(snapshot)
        self.cache.present(snapshot)
        self.follow(snapshot, node)

    def flag(self, flags: Flags) -> None:
        """Flag what is wrong in each pane."""
        for pane in (self.expiry, self.chain, self.environment, self.cache):
            pane.flag(flags)

    def follow(self, snapshot: Snapshot, node: Node | None) -> None:
        """Show what belongs to the node under the tree's cursor."""
        report = node.report if node is not None else None
        self.chain.present(snapshot, node)
        self.expiry.follow(report)
        self.cache.follow(report.name if report is not None else "")

    def set_time(self, now: datetime) -> None:
        """Let the panes know what time it is."""
        for pane in (self.expiry, self.chain, self.cache):
            pane.now = now

    def tick(self, *, has_turned: bool) -> None:
        """Redraw the lines that say something else now."""
        self.expiry.redraw_changed()
        self.chain.redraw()
        self.cache.tick(has_turned=has_turned)
