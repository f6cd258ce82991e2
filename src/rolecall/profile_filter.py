"""The language in which profiles are filtered, in the app and on the command line.

Every word of ``account:prod* state:valid`` must be found. A word with the name of a field before its colon is
looked for in that alone; ``*`` and ``?`` in it stand for any characters, and then the whole text of the field
has to match.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.values import dataclass

_WILD = ("*", "?")


class Field(StrEnum):
    """What a word may be looked for in alone, as it is written before the colon."""

    STATE = "state"
    ACCOUNT = "account"
    REGION = "region"
    ROLE = "role"
    KIND = "kind"


_FIELDS = frozenset(map(str, Field))
_OF_WORDS = (Field.STATE, Field.KIND)
"""Fields of one word, which begins as it is typed."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed into the filter.

    Attributes:
        words: what is looked for anywhere, in lower case.
        fields: what is looked for in one thing alone.
    """

    words: tuple[str, ...] = ()
    fields: tuple[tuple[Field, str], ...] = ()

    @classmethod
    def of(cls, text: str) -> "Query":
        """Read it; a colon after any other word is part of it (``arn:aws``)."""
        query = cls()
        for word in text.lower().split():
            before, colon, value = word.partition(":")
            if colon and before in _FIELDS:
                query = replace(query, fields=(*query.fields, (Field(before), value)))
            else:
                query = replace(query, words=(*query.words, word))
        return query

    @property
    def is_empty(self) -> bool:
        """Whether it lists everything: nothing is typed, or no more than ``state:``."""
        return not self.words and not any(value for _, value in self.fields)


def is_wild(text: str) -> bool:
    """Whether some of its characters stand for any."""
    return any(sign in text for sign in _WILD)


def fits(where: Field, value: str, text: str) -> bool:
    """Whether what is looked for in a field is in its text; both in lower case."""
    if is_wild(value):
        return fnmatchcase(text, value)
    return text.startswith(value) if where in _OF_WORDS else value in text


def texts(report: ProfileReport, where: Field, accounts: Mapping[str, str], now: datetime) -> Iterable[str]:
    """Return what a field of a profile says, in lower case.

    Args:
        report: the profile.
        where: the field.
        accounts: the names of accounts, by their ids.
        now: the time at which states are looked at.
    """
    match where:
        case Field.STATE:
            shown = report.expiry.as_of(now).shown
            return (shown.value, "live") if shown.is_live else (shown.value,)
        case Field.ACCOUNT:
            account = report.account or ""
            return (account, accounts.get(account, "").lower())
        case Field.REGION:
            return (region.lower() for region in report.regions.values() if region)
        case Field.ROLE:
            arn, name = report.values.get("role_arn"), report.values.get("sso_role_name")
            role = arn.partition(":role/")[2] if isinstance(arn, str) else ""
            return (each.lower() for each in (role, name) if isinstance(each, str) and each)
        case Field.KIND:
            return (report.kind.lower(),)


def is_filter(text: str) -> bool:
    """Whether a text is a filter, and not a profile's name."""
    return is_wild(text) or bool(Query.of(text).fields)


def matching(snapshot: Snapshot, text: str, now: datetime) -> tuple[str, ...]:
    """Return the names of profiles that have all words of a filter; one without a field is in the name."""
    query = Query.of(text)
    return tuple(
        report.name
        for report in snapshot.profiles.values()
        if all(_is_named(report.name.lower(), word) for word in query.words)
        and all(
            any(fits(where, value, each) for each in texts(report, where, snapshot.accounts, now))
            for where, value in query.fields
        )
    )


def _is_named(name: str, word: str) -> bool:
    return fnmatchcase(name, word) if is_wild(word) else word in name
