"""Everything that a key does, once: key, footer, tooltip, palette, help and docs are made from it."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.keys import format_key
from textual.screen import Screen

from rolecall.values import dataclass


class CommandGroup(StrEnum):
    """What one wants to do with a command: its heading in the help."""

    WRONG = "See what is wrong"
    GET = "Get credentials"
    REPAIR = "Change the files"
    LOOK = "Find and arrange"
    MOVE = "Move"
    APP = "rolecall"


UNBOUND = "unbound"
"""The key of a command that has none until the user gives it one: no terminal sends it."""
_KEY_NAMES = {"enter": "enter", "pageup": "page up", "pagedown": "page down"}
"""Where what Textual writes for a key is harder to read than its name."""


def key_name(key: str) -> str:
    """Return one key, given by Textual's name for it, as a person reads it: "!" for "exclamation_mark"."""
    return _KEY_NAMES.get(key) or format_key(key).replace("ctrl+", "^").replace("shift+", "shift ")


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the user can do.

    Attributes:
        id: its name in keymaps.
        key: the keys that do it, comma-separated, as Textual names them; empty where only the palette has it.
        action: the action of the main screen.
        label: the words in the footer.
        tooltip: one sentence saying what it does.
        group: its heading in the help.
        palette: its name in the command palette, or None where it makes no sense there.
        footer: whether it is shown in the footer.
        gives_way: whether it is left out of the footer of a narrow screen.
    """

    id: str
    key: str
    action: str
    label: str
    tooltip: str
    group: CommandGroup
    palette: str | None = None
    footer: bool = False
    gives_way: bool = False

    @property
    def binding(self) -> Binding:
        """The command as Textual binds it."""
        return Binding(
            self.key or UNBOUND,
            self.action,
            self.label,
            show=self.footer,
            # done before the next key is handled: `/q` typed in one go filters, it does not quit
            priority=True,
            key_display=key_name(self.key.split(",")[0]),
            tooltip=self.tooltip,
            id=self.id,
        )

    @property
    def keys(self) -> str:
        """The keys as a person reads them."""
        return " ".join(map(key_name, filter(None, self.key.split(","))))


def name_keys(screen: Screen[Any], names: Mapping[str, str]) -> None:
    """Have the footer and the help say what keys do on a screen at the moment, by their actions."""
    bound = screen._bindings.key_to_bindings  # noqa: SLF001 - Textual has no other way
    for key, bindings in bound.items():
        # a new list: that of before belongs to all screens of this kind
        bound[key] = [
            replace(each, description=names.get(each.action, each.description)) for each in bindings
        ]


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """What a screen over the main one is left for: a command, about a profile.

    Attributes:
        command: the command's id.
        profile: the profile's name; None for what is under the cursor of the main screen.
    """

    command: str
    profile: str | None = None


# one line or two for each reads better than ten
# ruff: noqa: E501
COMMANDS = (
    Command("inspect", "enter", "inspect", "Inspect", "Show every setting, its origin and its result",
            CommandGroup.WRONG, "profile: inspect", footer=True),
    Command("why", "w", "explain('why')", "Why", "Explain why the profile works or fails; on a variable, explain this shell", CommandGroup.WRONG,
            "profile: why", footer=True),
    Command("findings", "exclamation_mark", "explain('findings')", "Findings", "List all findings, each with its fix",
            CommandGroup.WRONG, "findings: list all", footer=True, gives_way=True),
    Command("paste", "p", "explain('paste')", "Error", "Paste an error message, and see what it is about and what to do",
            CommandGroup.WRONG, "error: paste a message", footer=True),
    Command("finding.next", "n", "explain('next')", "Next finding", "Go to the next line with an error or a warning",
            CommandGroup.WRONG, "findings: next"),
    Command("finding.previous", "N", "explain('previous')", "Previous finding",
            "Go to the previous line with an error or a warning", CommandGroup.WRONG, "findings: previous"),
    Command("assume", "a", "act('assume')", "Assume", "Assume the role, unless its cached credentials are still valid; where some are marked, theirs",
            CommandGroup.GET, "profile: assume the role", footer=True),
    Command("assume.anew", "A", "act('assume.anew')", "Assume again", "Assume the role again, even where valid credentials are cached",
            CommandGroup.GET, "profile: assume the role again"),
    Command("assume.into", "I", "act('assume.into')", "Put into", "Write its temporary credentials into a profile of the credentials file",
            CommandGroup.GET, "profile: write credentials into another profile"),
    Command("login", "L", "act('login')", "Log in", "Log in to the session that its credentials come from; where it is still good, log in again or out", CommandGroup.GET,
            "session: log in", footer=True),
    Command("login.all", "", "act('login.all')", "Log in to all", "Log in to every session that needs it, one after the other",
            CommandGroup.GET, "session: log in to all that need it"),
    Command("logout", "", "act('logout')", "Log out", "Log out of this SSO session only", CommandGroup.GET,
            "session: log out"),
    Command("whoami", "i", "act('whoami')", "Who am I", "Ask AWS which identity these credentials have", CommandGroup.GET,
            "profile: ask AWS who this is"),
    Command("process.install", "", "act('process.install')", "Share credentials", "Have every SDK get its credentials from rolecall, which asks for an MFA code once; you will see the diff first",
            CommandGroup.REPAIR, "profile: share its credentials with every SDK"),
    Command("populate", "P", "act('populate')", "Populate", "Add a profile for every account and permission set of the SSO session; you will see the diff first",
            CommandGroup.REPAIR, "session: add profiles for all accounts"),
    Command("console", "O", "act('console')", "Console", "Open the AWS console in the browser; you will see first who you will be and until when",
            CommandGroup.GET, "profile: open the AWS console"),
    Command("edit", "e", "act('edit')", "Edit", "Edit the settings in a form; you will see the diff first",
            CommandGroup.REPAIR, "profile: edit", footer=True),
    Command("add", "plus", "act('add')", "Add", "Add a profile, or an sso-session", CommandGroup.REPAIR, "profile: add"),
    Command("duplicate", "D", "act('duplicate')", "Duplicate", "Add a profile with the same settings", CommandGroup.REPAIR,
            "profile: duplicate"),
    Command("rename", "R", "act('rename')", "Rename", "Rename the profile, and every source_profile that names it",
            CommandGroup.REPAIR, "profile: rename"),
    Command("remove", "delete", "act('remove')", "Remove", "Remove the profile from the files", CommandGroup.REPAIR,
            "profile: remove"),
    Command("add.session", "", "act('add.session')", "Add session", "Add an sso-session", CommandGroup.REPAIR,
            "session: add"),
    Command("editor", "E", "act('editor')", "Open editor", "Open the file in your own editor, at the line", CommandGroup.REPAIR,
            "files: open in the editor"),
    Command("undo", "u", "act('undo')", "Undo", "Undo the last edit", CommandGroup.REPAIR, "files: undo the last edit"),
    Command("clear", "c", "act('clear')", "Clear", "Delete cache files; you will see first what each costs", CommandGroup.REPAIR,
            "cache: clear", footer=True, gives_way=True),
    Command("renew", "v", "act('renew')", "Renew", "Renew what expires next of all that there was a notice of",
            CommandGroup.GET, "profile: renew what expires next"),
    Command("renew.all", "", "act('renew.all')", "Renew all", "Renew every login and role that ends within 15 minutes",
            CommandGroup.GET, "profile: renew all that end within 15 minutes"),
    Command("export", "x", "act('export')", "Export", "Export its credentials for a shell", CommandGroup.GET,
            "profile: export credentials", footer=True),
    Command("use", "U", "act('use')", "Use", "Use this profile in your shell", CommandGroup.GET,
            "profile: use in the shell"),
    Command("shell", "X", "act('shell')", "Shell", "Run a shell in this terminal with its credentials; exit leads back",
            CommandGroup.GET, "profile: run a shell with its credentials"),
    Command("mark", "space", "mark", "Mark", "Mark or unmark the profile or the cache file", CommandGroup.LOOK,
            "profile: mark", footer=True, gives_way=True),
    Command("filter", "slash", "filter", "Filter", "List only the profiles that match; enter keeps, esc clears",
            CommandGroup.LOOK, "profiles: filter", footer=True),
    Command("group", "o", "regroup", "Group", "Group the profiles by source, by account, or not at all",
            CommandGroup.LOOK, "profiles: group by source, account or not at all"),
    Command("sort", "s", "sort('next')", "Sort", "Sort the profiles by name, state, end or account, or list them as in the files",
            CommandGroup.LOOK, "profiles: sort by name, state, end or account"),
    Command("sort.reverse", "S", "sort('back')", "Sort back", "Sort the profiles the other way", CommandGroup.LOOK,
            "profiles: sort the other way"),
    Command("copy", "y", "copy", "Copy", "Copy the name, the role's ARN or the account id; of a variable the line that unsets or exports it", CommandGroup.LOOK,
            "profile: copy name, ARN or account id"),
    Command("maximise", "z", "maximise", "Maximise", "Maximise the focused pane, or restore it",
            CommandGroup.LOOK, "view: maximise the focused pane"),
    Command("reread", "r", "reread", "Reread", "Read every file again", CommandGroup.LOOK, "files: reread"),
    Command("mark.all", "ctrl+a", "mark_shown('all')", "Mark all", "Mark all that the list shows: profiles, or cache files",
            CommandGroup.LOOK, "profiles: mark all that are shown"),
    Command("mark.invert", "asterisk", "mark_shown('invert')", "Invert marks", "Mark what is not marked of what the list shows, and unmark the others",
            CommandGroup.LOOK, "profiles: invert the marks"),
    Command("unmark", "M", "unmark", "Unmark all", "Remove all marks", CommandGroup.LOOK, "profiles: remove all marks"),
    Command("pane.1", "1", "pane('tree')", "Profiles", "Go to the profiles", CommandGroup.MOVE, "view: profiles"),
    Command("pane.2", "2", "pane('expiry')", "Expiry", "Go to what expires when", CommandGroup.MOVE, "view: expiry"),
    Command("pane.3", "3", "pane('chain')", "Chain", "Go to the chain", CommandGroup.MOVE, "view: chain"),
    Command("pane.4", "4", "pane('environment')", "Environment", "Go to the variables", CommandGroup.MOVE,
            "view: environment"),
    Command("pane.5", "5", "pane('cache')", "Cache", "Go to the cache files", CommandGroup.MOVE, "view: cache"),
    Command("pane.next", "tab", "next_pane(1)", "Next pane", "Go to the next pane", CommandGroup.MOVE),
    Command("pane.previous", "shift+tab", "next_pane(-1)", "Previous pane", "Go to the previous pane", CommandGroup.MOVE),
    Command("back", "escape", "back", "Back", "Cancel what is under way, or go back one step; never quits", CommandGroup.MOVE),
    Command("palette", "colon,ctrl+p", "command_palette", "Commands", "Find a command by its name", CommandGroup.APP,
            footer=True, gives_way=True),
    Command("log", "H", "log", "Log", "Read again what was done and said in this session", CommandGroup.APP,
            "app: log of this session"),
    Command("help", "question_mark,f1", "help", "Help", "List every key that works here", CommandGroup.APP, "app: help",
            footer=True),
    Command("theme", "t", "change_theme", "Theme", "Choose another theme", CommandGroup.APP, "app: theme"),
    Command("demo", "d", "demo", "Demo", "Leave, and look around in a made-up home; only where there are no profiles",
            CommandGroup.APP),
    Command("quit", "q,ctrl+q", "quit", "Quit", "Leave rolecall; while something is under way it asks", CommandGroup.APP, "app: quit"),
)  # fmt: skip


def keys_of(app: App[Any], command: Command) -> str:
    """Return the keys of a command, comma-separated, as the user has them."""
    return app._keymap.get(command.id, command.key)  # noqa: SLF001 - Textual sets it, and gives it nowhere


def key_of(app: App[Any], command_id: str) -> str:
    """Return the first key of a command as a person reads it, as the user has it."""
    return key_name(keys_of(app, BY_ID[command_id]).split(",")[0])


def shown_keys(app: App[Any], command: Command) -> str:
    """Return the keys of a command as a person reads them, as the user has them."""
    return " ".join(map(key_name, filter(None, keys_of(app, command).split(","))))


BINDINGS = [command.binding for command in COMMANDS]
BY_ID = {command.id: command for command in COMMANDS}
