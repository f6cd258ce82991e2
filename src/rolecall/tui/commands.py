"""Everything that a key does, once: key, footer, tooltip, palette, help and docs are made from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider


class Group(StrEnum):
    """Under which heading a command stands in the help."""

    LOOK = "Look"
    MOVE = "Move"
    APP = "App"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the user can do.

    Attributes:
        id: its name in keymaps.
        key: the keys that do it, comma-separated, as Textual names them.
        action: the action of the main screen.
        label: the words in the footer.
        tooltip: one sentence saying what it does.
        group: its heading in the help.
        palette: its name in the command palette, or None where it makes no sense there.
        footer: whether it is shown in the footer.
        shown_key: the key as it is written, where Textual's own word for it is not clear.
    """

    id: str
    key: str
    action: str
    label: str
    tooltip: str
    group: Group
    palette: str | None = None
    footer: bool = False
    shown_key: str | None = None

    @property
    def binding(self) -> Binding:
        """The command as Textual binds it."""
        return Binding(
            self.key,
            self.action,
            self.label,
            show=self.footer,
            # done before the next key is looked at: `/q` typed in one go filters, it does not quit
            priority=True,
            key_display=self.shown_key,
            tooltip=self.tooltip,
            id=self.id,
        )

    @property
    def keys(self) -> str:
        """The keys as a person reads them."""
        return self.shown_key or self.key.replace(",", " ").replace("ctrl+", "^")


# one line or two for each reads better than ten
# ruff: noqa: E501
COMMANDS = (
    Command("inspect", "enter", "inspect", "Inspect", "Show every setting, its origin and what comes of it",
            Group.LOOK, "profile: inspect", footer=True, shown_key="enter"),
    Command("mark", "space", "mark", "Mark", "Mark the profile, or take its mark away", Group.LOOK,
            "profile: mark", footer=True, shown_key="space"),
    Command("filter", "slash", "filter", "Filter", "List only the profiles that match; enter keeps, esc clears",
            Group.LOOK, "profiles: filter", footer=True, shown_key="/"),
    Command("group", "o", "regroup", "Group", "Put profiles together by source, by account, or not at all",
            Group.LOOK, "profiles: group by source, account or not at all", footer=True),
    Command("copy", "y", "copy", "Copy", "Copy the name, the role's ARN or the account id", Group.LOOK,
            "profile: copy name, ARN or account id", footer=True),
    Command("maximise", "z", "maximise", "Maximise", "Give the focused pane the whole screen, or put it back",
            Group.LOOK, "view: maximise the focused pane"),
    Command("reread", "r", "reread", "Reread", "Read every file again", Group.LOOK, "files: reread"),
    Command("unmark", "M", "unmark", "Unmark all", "Take all marks away", Group.LOOK, "profiles: take all marks away"),
    Command("pane.1", "1", "pane('tree')", "Profiles", "Go to the profiles", Group.MOVE, "view: profiles"),
    Command("pane.2", "2", "pane('expiry')", "Expiry", "Go to what ends when", Group.MOVE, "view: expiry"),
    Command("pane.3", "3", "pane('chain')", "Chain", "Go to the chain", Group.MOVE, "view: chain"),
    Command("pane.4", "4", "pane('environment')", "Environment", "Go to the variables", Group.MOVE,
            "view: environment"),
    Command("pane.5", "5", "pane('cache')", "Cache", "Go to the cache files", Group.MOVE, "view: cache"),
    Command("pane.next", "tab", "next_pane(1)", "Next pane", "Go to the next pane", Group.MOVE),
    Command("pane.previous", "shift+tab", "next_pane(-1)", "Previous pane", "Go to the pane before", Group.MOVE),
    Command("back", "escape", "back", "Back", "Go back one step; never quits", Group.MOVE, shown_key="esc"),
    Command("palette", "colon,ctrl+p", "command_palette", "Commands", "Find a command by its name", Group.APP,
            footer=True, shown_key=":"),
    Command("help", "question_mark,f1", "help", "Help", "List every key that works here", Group.APP, "app: help",
            footer=True, shown_key="?"),
    Command("theme", "t", "change_theme", "Theme", "Choose another theme", Group.APP, "app: theme"),
    Command("quit", "q", "quit", "Quit", "Leave rolecall", Group.APP, "app: quit", footer=True),
)  # fmt: skip
BINDINGS = [command.binding for command in COMMANDS]


class RolecallCommands(Provider):
    """The commands in the palette."""

    async def discover(self) -> Hits:
        """List them all before anything is typed."""
        for command in COMMANDS:
            if command.palette is not None:
                yield DiscoveryHit(command.palette, self._run(command), help=_help(command))

    async def search(self, query: str) -> Hits:
        """List those that match what is typed."""
        matcher = self.matcher(query)
        for command in COMMANDS:
            if command.palette is not None and (score := matcher.match(command.palette)) > 0:
                yield Hit(score, matcher.highlight(command.palette), self._run(command), help=_help(command))

    def _run(self, command: Command) -> Callable[[], Awaitable[None]]:
        return partial(self.screen.run_action, command.action)


def _help(command: Command) -> str:
    return f"{command.tooltip} ({command.keys})"
