"""The yardstick: an empty Textual app with the same names in its tree, and nothing behind them.

``python bare.py NAMES [--watch DIR]``, where NAMES is a file with one name a line. With
``--watch`` it marks the first node each time a file below that directory changes: what watching
costs by itself.
"""

import sys
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Header, Tree


class Names(Tree[None]):
    """A tree that goes down on j, so that both sides get the same key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("j", "cursor_down", "Down")]


class Bare(App[None]):
    """Header, Tree and Footer."""

    def __init__(self, names: list[str], watched: list[str]) -> None:
        super().__init__()
        self._names = names
        self._watched = watched

    def compose(self) -> ComposeResult:
        """Yield the three widgets, the tree with all its nodes."""
        yield Header()
        tree = Names("Profiles")
        tree.root.expand()
        for name in self._names:
            tree.root.add_leaf(Text(name))
        yield tree
        yield Footer()

    def on_mount(self) -> None:
        """Start watching, where that was asked for."""
        if self._watched:
            self.run_worker(self._watch(), description="watch")

    async def _watch(self) -> None:
        from watchfiles import awatch  # noqa: PLC0415 - only for whoever watches

        first = self.query_one(Names).root.children[0]
        changes = 0
        async for _ in awatch(*self._watched):
            changes += 1
            first.set_label(Text(f"{self._names[0]} changed {changes} times"))


if __name__ == "__main__":
    names_file, *options = sys.argv[1:]
    Bare(Path(names_file).read_text(encoding="utf-8").splitlines(), options[1:]).run()
