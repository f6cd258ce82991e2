"""Which class carries out which command."""

from collections.abc import Mapping
from types import MappingProxyType

from rolecall.tui.actions.assume import Assume, AssumeAnew, AssumeInto
from rolecall.tui.actions.base import Action
from rolecall.tui.actions.clear import Clear
from rolecall.tui.actions.edit import Add, AddSession, Duplicate, Edit, Remove, Rename, Undo
from rolecall.tui.actions.editor import OpenEditor
from rolecall.tui.actions.export import Export, Use
from rolecall.tui.actions.identity import WhoAmI
from rolecall.tui.actions.login import LogIn, LogOut
from rolecall.tui.actions.renew import Renew

DEEDS: Mapping[str, Action] = MappingProxyType(
    {
        "assume": Assume(),
        "assume.anew": AssumeAnew(),
        "assume.into": AssumeInto(),
        "login": LogIn(),
        "logout": LogOut(),
        "whoami": WhoAmI(),
        "edit": Edit(),
        "add": Add(),
        "add.session": AddSession(),
        "duplicate": Duplicate(),
        "rename": Rename(),
        "remove": Remove(),
        "undo": Undo(),
        "editor": OpenEditor(),
        "clear": Clear(),
        "renew": Renew(),
        "export": Export(),
        "use": Use(),
    }
)
"""By the command's id."""
