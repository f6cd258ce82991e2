"""The help: made from the bindings that are live, so that it cannot be out of date."""

from collections.abc import Mapping

from textual.binding import ActiveBinding

from rolecall.tui.commands import COMMANDS, CommandGroup, key_name
from rolecall.tui.render.inspector import Details, Fact, title
from rolecall.tui.screens.details import DetailsScreen

_GROUPS = {command.id: command.group for command in COMMANDS}
_GLYPHS = (
    ("●", "valid"), ("◐", "renewing: under 15 minutes left, the next call fetches it anew"),
    ("✗", "expired"), ("!", "broken: AWS tools refuse it"), ("○", "idle: nothing cached yet"),
    ("↻", "renewable: past, but renewed by itself"), ("∞", "permanent: long-term keys"), ("?", "unknown"),
)  # fmt: skip


def help_details(active: Mapping[str, ActiveBinding]) -> Details:
    """Return the help for these live bindings."""
    grouped: dict[CommandGroup, dict[str, list[str]]] = {group: {} for group in CommandGroup}
    for key, live in active.items():
        binding = live.binding
        if binding.system or not binding.tooltip:
            continue
        if binding.action == "command_palette" and binding.id not in _GROUPS:
            tooltip = next(command.tooltip for command in COMMANDS if command.id == "palette")
            grouped[CommandGroup.APP].setdefault(tooltip, []).append(key_name(key))
            continue
        group = _GROUPS.get(
            binding.id or "", CommandGroup.APP if live.node is live.node.app else CommandGroup.MOVE
        )
        grouped[group].setdefault(binding.tooltip, []).append(key_name(key))
    facts: list[Fact] = []
    for group, rows in grouped.items():
        facts.append(title(group))
        facts += [Fact("  ".join(keys), tooltip) for tooltip, keys in rows.items()]
    facts += [title("States"), *(Fact(glyph, meaning) for glyph, meaning in _GLYPHS)]
    return Details("Help", tuple(facts))


class HelpScreen(DetailsScreen):
    """Every key that works on the screen below, and what the glyphs mean."""

    def __init__(self, active: Mapping[str, ActiveBinding]) -> None:
        super().__init__(help_details(active))
