"""How an AWS variable of this environment is drawn: its value, masked, and its verdict."""

from rolecall.aws.variables import Variable, VariableStatus
from rolecall.tui.render.flags import Flags, beside
from rolecall.tui.render.lines import Line, Span, fit, shrinking, span
from rolecall.tui.tones import Tone

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


def variable_line(variable: Variable, width: int, flags: Flags) -> Line:
    """Lay out a name with its value, and its effect."""
    tone = _TONES.get(variable.verdict, Tone.DIM)
    glyph = _GLYPHS.get(variable.verdict)
    verdict = span(f"{glyph} {variable.verdict}" if glyph else str(variable.verdict), tone)
    value = shrinking(variable.shown if variable.value else '""', Tone.DIM)
    flag = beside(flags.variables.get(variable.name))
    return fit((Span(""), span(f"{variable.name}="), value), (*flag, verdict), width)
