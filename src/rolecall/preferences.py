"""The user's own settings of rolecall: what is silenced, and which notices come before an end."""

from dataclasses import dataclass, field
from pathlib import Path

from rolecall.host import Host


@dataclass(frozen=True, slots=True)
class Silence:
    """What the user does not want to hear of: a rule, everywhere or of one subject.

    Attributes:
        code: the rule's code.
        subject: the subject's name; None for every subject.
    """

    code: str
    subject: str | None = None

    def covers(self, code: str, subject: str) -> bool:
        """Whether it covers a finding."""
        return self.code == code and self.subject in (None, subject)


@dataclass(frozen=True, slots=True)
class Notices:
    """What is said before an end.

    Attributes:
        minutes: how many minutes before; nothing is said where there are none.
        bell: whether the terminal's bell rings as well.
        desktop: whether the terminal is asked for a desktop notification as well (OSC 9 and 777).
    """

    minutes: tuple[int, ...] = (15, 5, 1)
    bell: bool = False
    desktop: bool = False


@dataclass(frozen=True, slots=True)
class Preferences:
    """The user's own settings.

    Attributes:
        path: the file they are in, be it there or not.
        silences: what is silenced.
        notices: what is said before an end.
        problem: what is wrong with the file, one sentence; the defaults hold then.
    """

    path: Path
    silences: tuple[Silence, ...] = ()
    notices: Notices = field(default_factory=Notices)
    problem: str | None = None


def read(host: Host) -> Preferences:
    """Return the user's settings; what is wrong with them ends up in ``problem``, never in an exception."""
    return Preferences(host.home / ".config" / "rolecall" / "settings.toml")
