"""The sections of the two files that AWS tools go by, and quotes from them.

Where a line stands is worked out only when asked: a rule asks for what it has found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rolecall.aws.config import ConfigFile, Value
from rolecall.aws.profiles import Profiles
from rolecall.findings.finding import About, Place, Subject
from rolecall.host import Host
from rolecall.text import mask_name, shown_value


@dataclass(frozen=True, slots=True)
class Passage:
    """One section that is in force.

    Attributes:
        file: the file in which it stands.
        kind: a profile, or an sso-session.
        name: whose section it is.
        header: the header.
        values: its settings, those that ``[DEFAULT]`` leaks into it included.
    """

    file: ConfigFile
    kind: About
    name: str
    header: str
    values: Mapping[str, Value] = field(repr=False)

    @property
    def subject(self) -> Subject:
        """Whom a finding is about."""
        return Subject(self.kind, self.name)

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profile whose section it is; none for an sso-session."""
        return (self.name,) if self.kind is About.PROFILE else ()

    @property
    def of(self) -> str:
        """The section in a sentence: ``dev``, ``the sso-session corp``."""
        return self.name if self.kind is About.PROFILE else f"the sso-session {self.name}"

    def line(self, key: str) -> int | None:
        """Return the line of one of its own keys; None where ``[DEFAULT]`` has leaked it."""
        section = self.file.located.sections.get(self.header)
        found = section.keys.get(key) if section is not None else None
        return found.line if found is not None else None

    def place(self, key: str) -> Place | None:
        """Return where one of its keys stands."""
        return place_in(self.file, self.line(key))

    def quote(self, host: Host, key: str, *, like: str | None = None) -> str:
        """Return the line of a key as evidence; ``like`` names the setting that it is, for masking it."""
        shown = shown_value(like or key, self.values[key])
        return quote(host, self.file, self.line(key), f"{mask_name(key)} = {shown}")


def passages(merged: Profiles) -> Iterator[Passage]:
    """Yield the profiles of both files, then the sso-sessions; of several of a name the last counts."""
    for file in (merged.config, merged.credentials):
        for name, headers in file.headers.profiles.items():
            yield Passage(file, About.PROFILE, name, headers[-1], file.sections[headers[-1]])
    for name, headers in merged.config.headers.sso_sessions.items():
        yield Passage(merged.config, About.SESSION, name, headers[-1], merged.config.sections[headers[-1]])


def place_in(file: ConfigFile, line: int | None = None) -> Place | None:
    """Return a place in a file; None where there is no such file."""
    return Place(file.path, line) if file.path is not None else None


def quote(host: Host, file: ConfigFile, line: int | None, words: str) -> str:
    """Return words with their place: ``~/.aws/config:12  region = eu-west-1``; secrets are masked already."""
    where = host.display(file.path) if file.path is not None else file.role.value
    return f"{where}:{line}  {words}" if line is not None else f"{where}  {words}"


def file_name(file: ConfigFile) -> str:
    """Return a file's base name; a file that no path names goes by its role."""
    return file.path.name if file.path is not None else file.role.value
