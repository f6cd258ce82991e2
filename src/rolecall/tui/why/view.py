"""The two parts of an answer to why: what it is, on top, and the steps that lead there."""

from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar

from textual.binding import BindingType

from rolecall.steps import Step, StepStatus
from rolecall.tui.render.lines import Line
from rolecall.tui.why.lines import Headline, brief, headline_lines, step_blocks, step_lines
from rolecall.tui.widgets.lines_view import SCROLLING
from rolecall.tui.widgets.page import FittedPage, TextPage


class AnswerSheet(FittedPage):
    """The answer, with what mends it."""

    def __init__(self, headline: Headline) -> None:
        super().__init__(id="answer")
        self.headline = headline

    def lines(self, width: int) -> list[Line]:
        """Lay it out."""
        return headline_lines(self.headline, width)

    def say(self, headline: Headline) -> None:
        """Show another answer."""
        if headline != self.headline:
            self.headline = headline
            self.lay_out_all()


class StepsPage(TextPage):
    """The steps, scrolling; with all that was found, or with what matters most of it."""

    BINDINGS: ClassVar[list[BindingType]] = SCROLLING
    can_focus = True

    def __init__(self, steps: Sequence[Step]) -> None:
        super().__init__(id="steps")
        self.steps = steps
        self.is_whole = False
        self.looks_at_last = False

    def lines(self, width: int) -> list[Line]:
        """Lay them out."""
        return step_lines(self._shown, width)

    @property
    def _shown(self) -> Sequence[Step]:
        return self.steps if self.is_whole else brief(self.steps)

    def say(self, steps: Sequence[Step]) -> None:
        """Show other steps."""
        if steps != self.steps:
            self.steps = steps
            self.lay_out_all()

    def bring(self) -> None:
        """Have in view what is looked at, once it is laid out."""
        self.call_after_refresh(self._bring)

    def fold(self) -> None:
        """Show all that was found, or again what matters most."""
        self.is_whole = not self.is_whole
        self.lay_out_all()
        self.call_after_refresh(self._bring)

    def on_resize(self) -> None:
        """Lay the steps out to the new width; what matters stays in view where there is less room."""
        super().on_resize()
        self.call_after_refresh(self._bring)

    def _bring(self) -> None:
        """Scroll as far as it takes to have in view what is looked at: what comes last, or the culprit."""
        if self.looks_at_last:
            self.scroll_end(animate=False, immediate=True)
            return
        at = next((at for at, each in enumerate(self.steps) if each.verdict is StepStatus.CULPRIT), None)
        if at is not None:
            region = self.scrollable_content_region
            blocks = step_blocks(self._shown, region.width)
            starts = [*accumulate((len(block) for block in blocks), initial=0)]
            # the first step from which on the culprit is in view; at the latest itself
            top = next(
                start for start in starts if start >= starts[at + 1] - region.height or start == starts[at]
            )
            self.scroll_to(y=top, animate=False, immediate=True)
