"""How the answer to why is drawn: the answer and its fix on top, then the steps that lead to it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import ClassVar

from textual.binding import BindingType

from rolecall.cells import pad, wrap
from rolecall.doctor.fixes import Fix, FixAction
from rolecall.steps import Step, StepStatus
from rolecall.text import inert, several
from rolecall.tui.render.lines import Line, Span, width_of
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.lines_view import SCROLLING, FittedPage
from rolecall.values import dataclass

TONES = {
    StepStatus.FINE: Tone.GOOD,
    StepStatus.NOTE: Tone.PLAIN,
    StepStatus.SUSPECT: Tone.WARN,
    StepStatus.CULPRIT: Tone.BAD,
    StepStatus.UNKNOWN: Tone.DIM,
}
ROOMY = 60
"""Cells from which on verdict, title and words are in columns; with fewer, the words are under the title."""
LONGEST_TITLE = 20
EVIDENCE_OF_CULPRIT, EVIDENCE_OF_SUSPECT = 3, 1
"""Pieces of evidence: of the culprit, and of each suspect where there is no culprit."""
_KEY = "enter"
_BY_HAND = "cure"
_GAP = "  "
_VERDICT = max(len(verdict.value) for verdict in StepStatus)
_INDENT = 2


@dataclass(frozen=True, slots=True)
class Headline:
    """What is shown above the steps.

    Attributes:
        verdict: what the answer amounts to.
        words: the answer, a sentence.
        fix: what mends it, or None.
        before: what the question was, where that is more than the title says: of a pasted message.
        after: what else is worth knowing, a sentence each.
        line: the line for the user's shell, where that mends it.
    """

    verdict: StepStatus
    words: str
    fix: Fix | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    line: str | None = None


def headline_lines(headline: Headline, width: int) -> list[Line]:
    """Lay the answer out to a width: the question, the answer in its tone, the cure, the rest."""
    laid: list[Line] = [
        (Span(line, Tone.DIM),) for text in headline.before for line in wrap(inert(text), width)
    ]
    laid += _hanging(
        Span(f"{headline.verdict.glyph} ", tone := TONES[headline.verdict]), headline.words, tone, width
    )
    if headline.fix is not None:
        laid += _cure(headline.fix, headline.line, width)
    laid += [(Span(line, Tone.DIM),) for text in headline.after for line in wrap(inert(text), width)]
    return laid


def _cure(fix: Fix, line: str | None, width: int) -> Iterator[Line]:
    """Yield the key and what it does, if a key can; a line for a shell is shown whole."""
    has_key = fix.doing is not FixAction.NOTHING
    key = Span(f"{_KEY if has_key else pad(_BY_HAND, len(_KEY))}{_GAP}", Tone.ACCENT if has_key else Tone.DIM)
    yield from _hanging(Span("  " + key.text, key.tone), _begun(fix.words), Tone.STRONG, width)
    if fix.doing is FixAction.SHELL and line and line != fix.words:
        yield from _hanging(Span(" " * (len(_KEY) + 2 * len(_GAP))), line, Tone.ACCENT, width)


def _begun(words: str) -> str:
    """Begin words as a sentence begins."""
    return words[:1].upper() + words[1:]


_FIRST = (StepStatus.CULPRIT, StepStatus.SUSPECT)


def looked_at(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps at which somebody has looked."""
    return tuple(step for step in steps if not step.is_skipped)


def worst_first(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the culprit, then the suspects, then what is worth knowing; what is fine is folded away.

    Where there is neither culprit nor suspect, the steps are as they are: they show what is fine.
    """
    first = [step for verdict in _FIRST for step in steps if step.verdict is verdict]
    if not first:
        return tuple(steps)
    rest = (step for step in steps if step.verdict not in (*_FIRST, StepStatus.FINE))
    return (*first, *rest)


def brief(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps with the evidence that matters most: some of the culprit's, else of each suspect's."""
    has_culprit = any(step.verdict is StepStatus.CULPRIT for step in steps)
    shown = (
        {StepStatus.CULPRIT: EVIDENCE_OF_CULPRIT}
        if has_culprit
        else {StepStatus.SUSPECT: EVIDENCE_OF_SUSPECT}
    )
    return tuple(replace(step, evidence=step.evidence[: shown.get(step.verdict, 0)]) for step in steps)


def step_blocks(steps: Sequence[Step], width: int) -> list[list[Line]]:
    """Lay steps out to a width: verdict (a glyph and a word), title, words, and below them the evidence."""
    title = min(max((width_of((Span(inert(step.title)),)) for step in steps), default=0), LONGEST_TITLE)
    lay = _in_columns if width >= ROOMY else _stacked
    return [[*lay(step, title, width)] for step in steps]


def step_lines(steps: Sequence[Step], width: int) -> list[Line]:
    """Return the same as lines, one step after the other."""
    return [line for block in step_blocks(steps, width) for line in block]


def _in_columns(step: Step, title: int, width: int) -> Iterator[Line]:
    head = (*_verdict(step), Span(pad(inert(step.title), title) + _GAP, _title_tone(step)))
    indent = width_of(head)
    words = wrap(inert(step.words), width - indent)
    yield (*head, Span(words[0], _words_tone(step)))
    for line in words[1:]:
        yield (Span(" " * indent), Span(line, _words_tone(step)))
    yield from _evidence(step, width_of(_verdict(step)), width)


def _stacked(step: Step, _title: int, width: int) -> Iterator[Line]:
    for index, line in enumerate(wrap(inert(step.title), max(width - width_of(_verdict(step)), 1))):
        head = _verdict(step) if index == 0 else (Span(" " * width_of(_verdict(step))),)
        yield (*head, Span(line, _title_tone(step)))
    for line in wrap(inert(step.words), max(width - _INDENT, 1)):
        yield (Span(" " * _INDENT), Span(line, _words_tone(step)))
    yield from _evidence(step, _INDENT, width)


def _verdict(step: Step) -> tuple[Span, ...]:
    return (Span(f"{step.verdict.glyph} {pad(step.verdict.value, _VERDICT)}{_GAP}", TONES[step.verdict]),)


def _title_tone(step: Step) -> Tone:
    return Tone.STRONG if step.verdict in (StepStatus.CULPRIT, StepStatus.SUSPECT) else Tone.PLAIN


def _words_tone(step: Step) -> Tone:
    return Tone.DIM if step.verdict is StepStatus.UNKNOWN else Tone.PLAIN


def _evidence(step: Step, indent: int, width: int) -> Iterator[Line]:
    for text in step.evidence:
        for index, line in enumerate(wrap(inert(text), max(width - indent - _INDENT, 1))):
            gap = " " * (indent + (0 if index == 0 else _INDENT))
            yield (Span(gap), Span(line, Tone.DIM))


def _hanging(mark: Span, text: str, tone: Tone, width: int) -> Iterator[Line]:
    """Yield a text behind a mark, its further lines indented by the width of the mark."""
    indent = width_of((mark,))
    for index, line in enumerate(wrap(inert(text), max(width - indent, 1))):
        yield (mark if index == 0 else Span(" " * indent), Span(line, tone))


class AnswerSheet(FittedPage):
    """The answer, with its fix."""

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


class StepsPage(FittedPage):
    """The steps, scrolling; with all that was found, or with what matters most of it."""

    BINDINGS: ClassVar[list[BindingType]] = SCROLLING
    can_focus = True

    def __init__(self, steps: Sequence[Step]) -> None:
        super().__init__(id="steps")
        self.steps = steps
        self.is_whole = False
        self.looks_at_last = False

    def lines(self, width: int) -> list[Line]:
        """Lay them out, and say how many are folded away."""
        laid = step_lines(self._shown, width)
        folded = len(looked_at(self.steps)) - len(self._shown)
        if folded > 0:
            are = "is" if folded == 1 else "are"
            said = (
                f"{several(folded, 'step')} {are} fine: d shows all, in the order in which AWS tools decide"
            )
            laid += [(), *((Span(line, Tone.DIM),) for line in wrap(said, max(width, 1)))]
        return laid

    @property
    def _shown(self) -> Sequence[Step]:
        steps = looked_at(self.steps)
        if self.is_whole:
            return steps
        # online checks are read as they come in, each where it belongs
        return brief(steps if self.looks_at_last else worst_first(steps))

    def say(self, steps: Sequence[Step]) -> None:
        """Show other steps."""
        if steps != self.steps:
            self.steps = steps
            self.lay_out_all()

    def bring(self) -> None:
        """Scroll the step that matters into view, once the steps are laid out."""
        self.call_after_refresh(self._bring)

    def fold(self) -> None:
        """Show all that was found, or again what matters most."""
        self.is_whole = not self.is_whole
        self.lay_out_all()
        self.call_after_refresh(self._bring)

    def on_resize(self) -> None:
        """Lay the steps out to the new width, and keep the step that matters in view."""
        super().on_resize()
        self.call_after_refresh(self._bring)

    def _bring(self) -> None:
        """Scroll as far as needed to show the last step, after online checks, or else the culprit."""
        if self.looks_at_last:
            self.scroll_end(animate=False, immediate=True)
            return
        at = next((at for at, each in enumerate(self._shown) if each.verdict is StepStatus.CULPRIT), None)
        if at is not None:
            region = self.scrollable_content_region
            blocks = step_blocks(self._shown, region.width)
            starts = [*accumulate((len(block) for block in blocks), initial=0)]
            # the first step from which on the culprit is in view; at the latest itself
            top = next(
                start for start in starts if start >= starts[at + 1] - region.height or start == starts[at]
            )
            self.scroll_to(y=top, animate=False, immediate=True)
