"""The footer: the most wanted keys, those that do not apply greyed."""

from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from rolecall.tui.commands import COMMANDS

ROOMY = 120
"""Columns from which on every key of the footer has its place."""
_GIVING_WAY = {command.label for command in COMMANDS if command.gives_way}


class KeyFooter(Footer):
    """Textual's footer; in a narrow screen some keys give way, for the help has them too."""

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)
        self._was_roomy = True

    def compose(self) -> ComposeResult:
        """Lay the keys out."""
        self._was_roomy = self._is_roomy
        for widget in super().compose():
            is_left_out = isinstance(widget, FooterKey) and widget.description in _GIVING_WAY
            if self._is_roomy or not is_left_out:
                yield widget

    @property
    def _is_roomy(self) -> bool:
        return self.app.size.width >= ROOMY

    async def on_resize(self) -> None:
        """Let keys give way, or come back."""
        if self._was_roomy != self._is_roomy:
            await self.recompose()
