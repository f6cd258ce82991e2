# ruff: noqa: INP001 - a script, not a package
"""Write the tables of keys, from the bindings themselves: ``docs/make_keys.py [--check]``.

It writes ``docs/keys.md``, and a short form of the main screen's between the two markers of the README. With
``--check`` it writes nothing, and exits with 1 where one of them is out of date.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from textual.binding import Binding, BindingType
from textual.dom import DOMNode

from rolecall.tui.commands import COMMANDS, CommandGroup, key_name
from rolecall.tui.form.screen import EditScreen
from rolecall.tui.keymap import default_keys
from rolecall.tui.panes.tree import ProfileTree
from rolecall.tui.screens.details import DetailsScreen, InspectorScreen
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.screens.diff import DiffScreen
from rolecall.tui.screens.findings import FindingsScreen
from rolecall.tui.screens.help import HelpScreen
from rolecall.tui.screens.login import LoginScreen
from rolecall.tui.screens.palette import ListScreen
from rolecall.tui.screens.paste import PasteScreen
from rolecall.tui.screens.pick import ClearScreen, CopyScreen, ExportScreen
from rolecall.tui.screens.repair import RepairScreen
from rolecall.tui.why.screen import WhyScreen
from rolecall.tui.widgets.choices import Choices
from rolecall.tui.widgets.footer import FilterInput

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "keys.md"
README = ROOT / "README.md"
START, END = "<!-- keys -->", "<!-- /keys -->"

INTRODUCTION = """\
`?` in the app lists those that work where you are. `^a` is ctrl+a; `^q` leaves rolecall from every screen.
What scrolls does so by the keys under Move. The first headings are of the main screen, the others of what
opens over it. Made by `docs/make_keys.py` from the bindings."""
_NOT_ITS_OWN = (HelpScreen, DetailsScreen)
"""The help has no fix, and its words filter: of what other details have it takes only the way back."""
_SAME = ("ctrl+@",)
"""What terminals send for a key that has another name: ctrl+space."""

CHANGING = """\
`[keys]` in `settings.toml` (`~/.config/rolecall/` on Linux) gives a command other keys, by its name. A key is
written as the help shows it, or as `ctrl+k`, `shift+left`, `f5`; several are a list. What had the key before
loses it, and the app says so.

```toml
[keys]
assume = "f5"
"finding.next" = ["n", "ctrl+n"]
```"""

Rows = dict[str, list[str]]
"""What is done, and the keys that do it, in the order in which they are bound."""

_ELSEWHERE: tuple[tuple[str, tuple[type[DOMNode], ...]], ...] = (
    ("In the filter", (FilterInput,)),
    ("In the palette and the list of themes", (ListScreen,)),
    ("In the Inspector", (InspectorScreen,)),
    ("In the help", (HelpScreen,)),
    ("In the copy menu", (CopyScreen,)),
    ("In Why", (WhyScreen,)),
    ("Where an error message is pasted", (PasteScreen,)),
    ("In the list of findings", (FindingsScreen,)),
    ("In dialogs", (ConfirmScreen, Choices)),
    ("Where to log in", (LoginScreen,)),
    ("In a form", (EditScreen,)),
    ("In a diff", (DiffScreen,)),
    ("Where a file does not parse", (RepairScreen,)),
    ("In the export", (ExportScreen,)),
    ("Where caches are cleared", (ClearScreen,)),
)


def bound(bindings: Iterable[BindingType]) -> Rows:
    """Return what bindings do, by their tooltips: the words of the help."""
    return _by(bindings, "tooltip")


def _by(bindings: Iterable[BindingType], attribute: Literal["tooltip", "description"]) -> Rows:
    rows: Rows = {}
    for binding in Binding.make_bindings(bindings):
        words: str = getattr(binding, attribute)
        if words and not binding.system:
            rows.setdefault(words, []).append(key_name(binding.key))
    return rows


def _keys(keys: Iterable[str]) -> str:
    return " ".join(f"`{key}`" for key in keys) or "none"


def own_bindings(widget: type[DOMNode]) -> Iterator[Binding]:
    """Yield what a widget of rolecall's binds itself, each key once, and nothing of Textual's own."""
    bound_by: set[str] = set()
    for each in widget.__mro__:
        if each.__module__.startswith("rolecall.") and (widget, each) != _NOT_ITS_OWN:
            found = [
                one
                for one in Binding.make_bindings(vars(each).get("BINDINGS", ()))
                if one.key not in bound_by and one.key not in _SAME
            ]
            bound_by |= {one.key for one in found}
            yield from found


def main_rows() -> dict[CommandGroup, Rows]:
    """Return what the keys of the main screen do, under the headings of the help."""
    grouped = {
        group: bound(command.binding for command in COMMANDS if command.key and command.group is group)
        for group in CommandGroup
    }
    grouped[CommandGroup.MOVE] = bound(own_bindings(ProfileTree)) | grouped[CommandGroup.MOVE]
    return grouped


def table(rows: Rows) -> str:
    """Return rows as a table in Markdown."""
    lines = ["| key | what it does |", "|---|---|"]
    lines += [f"| {_keys(keys)} | {words} |" for words, keys in rows.items()]
    return "\n".join(lines)


def brief_table() -> str:
    """Return the keys of the main screen in three lines, in the words of the footer: for the README."""
    lines = ["| | |", "|---|---|"]
    for group in CommandGroup:
        commands = [command.binding for command in COMMANDS if command.key and command.group is group]
        bindings = [*own_bindings(ProfileTree), *commands] if group is CommandGroup.MOVE else commands
        said = [f"{_keys(keys)} {words.lower()}" for words, keys in _by(bindings, "description").items()]
        lines.append(f"| {group} | {' · '.join(said)} |")
    return "\n".join(lines)


def page() -> str:
    """Return the whole of ``docs/keys.md``."""
    parts = [
        "# Keys",
        INTRODUCTION,
    ]
    scrolling = bound(own_bindings(ProfileTree))
    for group, rows in main_rows().items():
        parts += [f"## {group}", table(rows)]
    for heading, widgets in _ELSEWHERE:
        bindings = (binding for widget in widgets for binding in own_bindings(widget))
        rows = {words: keys for words, keys in bound(bindings).items() if scrolling.get(words) != keys}
        parts += [f"## {heading}", table(rows)]
    parts += ["## Your own keys", CHANGING, table_of_names()]
    return "\n\n".join(parts) + "\n"


def table_of_names() -> str:
    """Return the names by which keys are changed, with the keys that they have."""
    lines = ["| name | keys |", "|---|---|"]
    for name, keys in default_keys().items():
        lines.append(f"| {name} | {_keys(map(key_name, filter(None, keys.split(','))))} |")
    return "\n".join(lines)


def readme(text: str) -> str:
    """Return the README with the table between its markers; as it is, where it has none."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    return f"{before}{start}\n{brief_table()}\n{end}{after}" if start and end else text


def main() -> int:
    """Bring both files up to date, or say which are not."""
    parser = argparse.ArgumentParser(description="Write the tables of keys.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if out of date")
    is_check = parser.parse_args().check
    wanted = {PAGE: page(), README: readme(README.read_text(encoding="utf-8"))}
    stale = [
        path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        sys.stdout.write(f"{path.relative_to(ROOT)} {'is out of date' if is_check else 'written'}\n")
        if not is_check:
            path.write_text(wanted[path], encoding="utf-8")
    return int(is_check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
