"""What the table of rules is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One rule in one home.

    Attributes:
        code: the rule.
        subject: the name of what is found.
        here: a home that has it, as ``tests.homes.make_home`` takes it.
        near: a home that is as like it as can be, and has it not (of this subject).
        says: words that the finding's message, evidence or consequence has, the planted values among them.
        profiles: the profiles that suffer from it; not looked at where None.
        prepare: what else makes the home, after the files are written (modes, links).
        prepare_near: the same for the near miss.
        types: for a Fix that opens the editor or the form: what the user makes of the file's text.
        does: for a Fix that nobody but the user can carry out: what they do to the home.
        exports: for a Fix that nobody but the user can carry out: the variables that they set.
        keeps: variables and lines of the two files that the fix must leave as they are.
    """

    code: str
    subject: str
    here: Mapping[str, object]
    near: Mapping[str, object]
    says: tuple[str, ...] = ()
    profiles: tuple[str, ...] | None = None
    prepare: Callable[[Path], None] = field(default=lambda _: None)
    prepare_near: Callable[[Path], None] = field(default=lambda _: None)
    types: Callable[[str], str] | None = None
    does: Callable[[Path], None] | None = None
    exports: Mapping[str, str] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The row's name among the tests."""
        return f"{self.code}-{self.subject}"
