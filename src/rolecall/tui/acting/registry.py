"""Which class carries out which command."""

from collections.abc import Mapping
from types import MappingProxyType

from rolecall.tui.acting.assume import Assume, AssumeAnew, AssumeInto
from rolecall.tui.acting.clear import Clear
from rolecall.tui.acting.deed import Deed
from rolecall.tui.acting.edit import Add, AddSession, Duplicate, Edit, Remove, Rename, Undo
from rolecall.tui.acting.editor import OpenEditor
from rolecall.tui.acting.export import Export, Use
from rolecall.tui.acting.identity import WhoAmI
from rolecall.tui.acting.login import LogIn, LogOut
from rolecall.tui.acting.renew import Renew

DEEDS: Mapping[str, Deed] = MappingProxyType(
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
