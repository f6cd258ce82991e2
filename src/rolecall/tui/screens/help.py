"""The help: what each sign means, then every key that works at the moment, by what one wants to do."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual.binding import ActiveBinding, Binding, BindingType

from rolecall.aws.expiry import State
from rolecall.tui.commands import COMMANDS, UNBOUND, CommandGroup, key_name
from rolecall.tui.render import labels
from rolecall.tui.render.flags import Flag
from rolecall.tui.render.inspector import Details, Fact, title
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.tones import Tone, state_tone

_GROUPS = {command.id: command.group for command in COMMANDS}
_STATES = {
    State.VALID: "valid",
    State.RENEWING: "renewing: under 15 minutes left, the next call renews it",
    State.EXPIRED: "expired",
    State.BROKEN: "broken: AWS tools refuse it",
    State.IDLE: "idle: nothing cached yet, got at the next use",
    State.RENEWABLE: "renewable: expired, but renewed by itself",
    State.PERMANENT: "permanent: long-term keys",
    State.UNKNOWN: "unknown: only the service or the program knows when it expires",
}
_MARKS = (
    (Flag.ERROR.glyph, Flag.ERROR.tone, "an error: what is here fails, and this is its cause"),
    (Flag.WARNING.glyph, Flag.WARNING.tone, "a warning: it works otherwise than it looks, or will fail"),
    ("·", Tone.PLAIN, "a note: it works, and should not stay so"),
    ("✓", Tone.ACCENT, "marked, for a command that is about several; also MFA, where a column is headed so"),
    ("dimmed", Tone.DIM, "waits for something else, which has the mark"),
)
_DRAWN = (
    ("▾ ▸", Tone.DIM, "unfolded, folded"),
    ("━━━━────", Tone.GOOD, "the time that is left: all of the bar is an hour or more"),
    (
        "code due",
        Tone.WARN,
        "the next use asks for an MFA code, although the cached role is still valid",
    ),
    ("STATE ▼", Tone.ACCENT, "sorted by this, the last first; where it points up, the first first"),
    ("base ──▶ prod", Tone.PLAIN, "base gives prod its credentials"),
    ("┄ base ┄", Tone.BROKEN, "there is no profile of this name"),
    ("╭▶ a ──▶ b ─╮", Tone.BROKEN, "a loop: each names the next as its source, the last the first"),
    ("core-…admin", Tone.PLAIN, "cut for want of room; no two names are cut alike"),
    ("…MPLE  ••••", Tone.PLAIN, "the end of an access key id; a secret, which is never shown"),
)


def legend() -> Iterator[Fact]:
    """Yield what each sign on the screen means, in the tone that it has there."""
    yield title("States")
    for state, meaning in _STATES.items():
        yield Fact(state.glyph, meaning, label_tone=state_tone(state))
    then = ", ".join(
        f"{letter} {labels.BRIEF_THEN[after]}"
        for after, letter in labels.THEN_LETTERS.items()
        if letter.strip()
    )
    for heading, signs in (("Marks", _MARKS), ("Lines and bars", _DRAWN)):
        yield title(heading)
        for sign, tone, meaning in signs:
            yield Fact(sign, meaning, label_tone=tone)
    yield Fact("A M L K", f"what happens when it expires: {then}")


def help_details(active: Mapping[str, ActiveBinding], words: str = "") -> Details:
    """Return the help for these live bindings.

    Args:
        active: the bindings that work on the screen below, by their keys.
        words: what the user looks for; only lines that have every word are left.
    """
    wanted = words.lower().split()
    found = _found((*legend(), *_keys(active)), wanted)
    return Details(" ".join(("Help:", *wanted)) if wanted else "Help", tuple(found))


def _keys(active: Mapping[str, ActiveBinding]) -> Iterator[Fact]:
    grouped: dict[CommandGroup, dict[str, list[str]]] = {group: {} for group in CommandGroup}
    for key, live in active.items():
        binding = live.binding
        if binding.system or not binding.tooltip or key == UNBOUND:
            continue
        group = _GROUPS.get(
            binding.id or "", CommandGroup.APP if live.node is live.node.app else CommandGroup.MOVE
        )
        grouped[group].setdefault(binding.tooltip, []).append(key_name(key))
    for group, rows in grouped.items():
        if rows:
            yield title(group)
            for tooltip, keys in rows.items():
                yield Fact("  ".join(keys), tooltip)


def _found(facts: tuple[Fact, ...], words: list[str]) -> Iterator[Fact]:
    """Yield the lines that have every word in them, under their headings."""
    heading: Fact | None = None
    for fact in facts:
        if fact.is_title:
            heading = fact
        elif all(word in f"{fact.label} {fact.text}".lower() for word in words):
            if heading is not None:
                yield heading
                heading = None
            yield fact


class HelpScreen(DetailsScreen):
    """What the signs mean, and every key that works on the screen below; it is filtered by words."""

    CSS_PATH = "details.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Back", tooltip="Go back", key_display="esc", priority=True),
        Binding("question_mark,f1", "dismiss", "Back", show=False, priority=True, tooltip="Go back"),
        Binding("slash", "find", "Filter", key_display="/", priority=True,
                tooltip="List only the lines with these words; enter keeps, esc clears"),
    ]  # fmt: skip

    def __init__(self, active: Mapping[str, ActiveBinding]) -> None:
        super().__init__(help_details(active))
        self._active = active

    def on_input_changed(self) -> None:
        """Filter while it is typed."""
        self.view.tell(help_details(self._active, self.words.value))
        self.view.action_scroll_home()
