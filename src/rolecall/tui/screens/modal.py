"""A screen over another that is answered once."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Modal(ModalScreen[Answer]):
    """A screen over another: answered once, however many keys say so; it takes nothing but itself away.

    Textual's own, dismissed a second time by a key that was typed ahead, ends the app; dismissed from below
    another screen, it takes that one away.
    """

    _is_answered = False

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Answer, and go away with all that is over it; after the first answer nothing happens any more."""
        if self._is_answered:
            return AwaitComplete()
        self._is_answered = True
        while self.app.screen is not self:
            self.app.screen.dismiss()
        return super().dismiss(result)
