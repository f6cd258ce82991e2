"""The AWS variables of this environment, and what each does."""

from collections.abc import Hashable

from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable, VariableStatus
from rolecall.text import several
from rolecall.tui.render.flags import Flag, beside
from rolecall.tui.render.lines import Line, Span, fit, shrinking, span
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.list_view import FlaggedRows

_TONES = {
    VariableStatus.INVALID: Tone.BROKEN,
    VariableStatus.STALE: Tone.BAD,
    VariableStatus.HALF_A_PAIR: Tone.BROKEN,
    VariableStatus.SHADOWS: Tone.WARN,
    VariableStatus.SHADOWED: Tone.WARN,
    VariableStatus.IGNORED_BY_BOTO3: Tone.WARN,
}
_GLYPHS = {
    VariableStatus.INVALID: "!",
    VariableStatus.STALE: "✗",
    VariableStatus.HALF_A_PAIR: "!",
}


class EnvironmentPane(FlaggedRows[Variable]):
    """Each variable, masked, with its verdict."""

    BORDER_TITLE = "4 Environment"

    def key_of(self, item: Variable) -> Hashable:
        """A variable's name."""
        return item.name

    def present(self, snapshot: Snapshot) -> None:
        """Show another Snapshot."""
        self.show(snapshot.variables)
        conflicts = sum(variable.verdict.is_conflict for variable in snapshot.variables)
        self.entitle(subtitle=several(conflicts, "conflict") if conflicts else "")

    def flag_of(self, item: Variable) -> Flag | None:
        """What is wrong with it."""
        return self.flags.variables.get(item.name)

    def lay_out(self, item: Variable, width: int) -> Line:
        """A name with its value, and what becomes of it."""
        tone = _TONES.get(item.verdict, Tone.DIM)
        glyph = _GLYPHS.get(item.verdict)
        verdict = span(f"{glyph} {item.verdict}" if glyph else str(item.verdict), tone)
        value = shrinking(item.shown if item.value else '""', Tone.DIM)
        return fit(
            (Span(""), span(f"{item.name}="), value),
            (*beside(self.flag_of(item)), verdict),
            width,
        )

    def when_empty(self) -> str:
        """Say that nothing here interferes."""
        return "No AWS variables are set here."
