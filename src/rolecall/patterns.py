"""Regular expressions that are compiled when they are first used: most starts use few of them."""

import re
from typing import cast


class _Late:
    """Looks like a pattern; becomes one with the first thing that is asked of it."""

    def __init__(self, text: str, flags: re.RegexFlag) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        """Compile it, and keep what was asked for, which is found without this the next time."""
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found


def late(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Return a pattern that is compiled when it is first used; it has a pattern's methods, and is none."""
    return cast("re.Pattern[str]", _Late(text, flags))
