"""How the outcome of a command is said."""

from collections.abc import Collection, Iterator

from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Mark
from rolecall.actions.writing.saving import Conflict
from rolecall.messages.sentences import sentence
from rolecall.text import elide, inert, mask
from rolecall.tui.render.lines import Tone
from rolecall.tui.screens.dialog import Paragraph

SHOWN = 20
"""Lines of a diff that are told."""
_TONES = {Mark.ADDED: Tone.GOOD, Mark.REMOVED: Tone.BAD}
LONGEST = 300
"""Characters of a toast; what is longer has a dialog of its own."""


def heading(failure: ActionFailed) -> str:
    """Return the title under which a failure is told: the error's own name, to be searched for."""
    return mask(failure.kind)


def told(failure: ActionFailed, names: Collection[str] = ()) -> list[Paragraph]:
    """Say what happened, where, and what to do about it; ``names`` are of profiles."""
    return [*_told(failure, names)]


def _told(failure: ActionFailed, names: Collection[str]) -> Iterator[Paragraph]:
    yield mask(sentence(failure.message, names)), Tone.PLAIN
    if failure.path is not None:
        line = f":{failure.line}" if failure.line is not None else ""
        yield "", Tone.PLAIN
        yield f"{failure.path}{line}", Tone.DIM
    if isinstance(failure, Conflict):
        yield "", Tone.PLAIN
        yield from _meanwhile(failure)
    if failure.cure:
        yield "", Tone.PLAIN
        yield mask(sentence(failure.cure)), Tone.ACCENT


def _meanwhile(conflict: Conflict) -> Iterator[Paragraph]:
    """Show what changed meanwhile, as far as there is room."""
    for line in conflict.diff[:SHOWN]:
        yield f"{line.mark} {line.text}", _TONES.get(line.mark, Tone.DIM)
    if len(conflict.diff) > SHOWN:
        yield f"and {several(len(conflict.diff) - SHOWN, 'more line')}", Tone.DIM


def in_passing(words: str) -> str:
    """Return words as a toast takes them: inert, and not too many."""
    return elide(inert(mask(words)), LONGEST)


def several(many: int, what: str) -> str:
    """Say how many: ``1 file``, ``3 files``, ``2 entries``."""
    if many == 1:
        return f"1 {what}"
    return f"{many} {what[:-1]}ies" if what.endswith("y") else f"{many} {what}s"
