"""The filter of the tree: what is typed, which profiles match it and how well, and where a line has the hits.

Every word must be found: in the name, else in what a profile has besides (its kind, state, account, region,
role, session and other settings). A word such as ``state:expired`` is looked for in that alone. Where nothing
is found so, names are matched as an editor's list of files does: ``pdadm`` finds ``prod-admin``.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import IntEnum, auto
from math import prod

from rolecall import profile_filter
from rolecall.aws.expiry import State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.masking import Show, names
from rolecall.profile_filter import Field, Query, fits
from rolecall.text import shown_value
from rolecall.tui.render import labels
from rolecall.tui.render.flags import Flags
from rolecall.tui.render.lines import Line, Span, veiled
from rolecall.tui.render.tree import Node, awaited, flatten, walk
from rolecall.tui.tones import Tone
from rolecall.values import dataclass

_PREFIXES = "state: account: region: role: kind:"
HINT = f"name or value, {_PREFIXES}"
"""What can be typed, in the empty field."""
LONGEST_FUZZY, MOST_WAYS = 64, 2_000
"""Characters of a name, and ways to find some letters in it, up to which the best way is looked for."""


class FilterMatch(IntEnum):
    """How well a profile matches a filter, best first."""

    NAME = auto()
    """It is called so."""
    START = auto()
    """Its name begins so."""
    PART = auto()
    """Its name has all the words in it."""
    ELSEWHERE = auto()
    """Something else that it has contains some of them."""
    LOOSE = auto()
    """Its name has the letters, in this order."""


Best = Callable[[str, str], tuple[float, Collection[int]]]
"""Finds the best way in which a name has the letters of a word: its score, and where they are."""
Rank = tuple[FilterMatch, float]
"""How well a profile matches, best first."""


@dataclass(slots=True)
class Haystack:
    """What the filter looks through, of one Snapshot; a profile's settings are put together once.

    Attributes:
        snapshot: the profiles, and the names of accounts.
        flags: what profiles wait for.
        now: the time at which states are looked at.
        best: finds letters in a name.
    """

    snapshot: Snapshot
    flags: Flags
    now: datetime
    best: Best
    _values: dict[str, str] = field(default_factory=dict, repr=False)

    def values(self, report: ProfileReport) -> str:
        """Return a profile's settings as far as they may be shown, in lower case."""
        if report.name not in self._values:
            self._values[report.name] = "\n".join(_shown(report, self.snapshot)).lower()
        return self._values[report.name]

    def of(self, report: ProfileReport, where: Field) -> Iterable[str]:
        """Return the texts of one field, in lower case."""
        if where is Field.STATE:
            return map(str.lower, _states(report, self.flags, self.now))
        found = profile_filter.texts(report, where, self.snapshot.accounts, self.now)
        return (*found, labels.KINDS[report.kind].lower()) if where is Field.KIND else found

    def anything(self, report: ProfileReport) -> str:
        """Return all that a word may be found in, apart from the name."""
        own = (text for where in Field for text in self.of(report, where))
        return "\n".join((*own, self.values(report)))


def _states(report: ProfileReport, flags: Flags, now: datetime) -> Iterator[str]:
    """Yield the words for a profile's state, as the tree and the line at the top have them."""
    expiry = report.expiry.as_of(now)
    yield expiry.shown
    if expiry.shown.is_live:
        yield "live"
    elif expiry.state is State.BROKEN:
        yield labels.state_of(report, now)
    if labels.asks_code(expiry):
        yield labels.CODE_DUE
    yield awaited(report, flags, now) or ""


def _shown(report: ProfileReport, snapshot: Snapshot) -> Iterator[str]:
    """Yield the values of a profile that are no secret: of the first line alone, below it may be anything.

    A source that exists is left out: it has a line of its own, to which its name leads.
    """
    for key, value in report.values.items():
        how = names.how(key)
        if not isinstance(value, str) or how in (Show.SECRET, Show.UNKNOWN):
            continue
        if key == "source_profile" and value in snapshot.profiles:
            continue
        yield value.partition("\n")[0] if how is Show.PLAIN else shown_value(key, value)


def search(roots: list[Node], query: Query, haystack: Haystack) -> dict[str, Rank]:
    """Return how well each profile matches, by the key of its node; what does not match is missing."""
    nodes = (line.node for line in flatten(roots, set()))
    within = {
        node.key: node.report
        for node in nodes
        if node.report is not None and _has_fields(node.report, query, haystack)
    }
    found = _ranked(within, lambda report: _rank(report, query, haystack))
    return found or _ranked(within, lambda report: _loosely(report, query, haystack.best))


def unmatched(roots: list[Node], text: str, haystack: Haystack) -> str:
    """Say which words of a filter that finds nothing match no profile, or that none has all of them."""
    words = [word for word in text.split() if not Query.of(word).is_empty]
    alone = [word for word in words if not search(roots, Query.of(word), haystack)]
    said = f"Nothing matches {' or '.join(map(veiled, alone))}."
    if not alone:
        said = f"No profile has all of {' '.join(map(veiled, words))}."
    odd = (word.partition(":")[0] for word in alone if ":" in word.strip(":") and not Query.of(word).fields)
    before = next(odd, None)
    told = f" {veiled(before)}: is none of the prefixes, {_PREFIXES}." if before is not None else ""
    return f"{said}{told}"


def _ranked(
    reports: Mapping[str, ProfileReport], rank: Callable[[ProfileReport], Rank | None]
) -> dict[str, Rank]:
    return {key: how for key, each in reports.items() if (how := rank(each)) is not None}


def _has_fields(report: ProfileReport, query: Query, haystack: Haystack) -> bool:
    """Whether a profile has all that is looked for in one thing: a word of its state or kind begins so."""
    for where, value in query.fields:
        texts = haystack.of(report, where)
        if not any(fits(where, value, text) for text in texts):
            return False
    return True


def _rank(report: ProfileReport, query: Query, haystack: Haystack) -> Rank | None:
    name, whole = report.name.lower(), " ".join(query.words)
    if name == whole:
        return FilterMatch.NAME, 0
    if name.startswith(whole):
        return FilterMatch.START, 0
    missing = [word for word in query.words if word not in name]
    if not missing:
        return FilterMatch.PART, 0
    anything = haystack.anything(report)
    return (FilterMatch.ELSEWHERE, 0) if all(word in anything for word in missing) else None


def _loosely(report: ProfileReport, query: Query, best: Best) -> Rank | None:
    scores = [loose(word, report.name, best)[0] for word in query.words]
    return (FilterMatch.LOOSE, -sum(scores)) if scores and all(scores) else None


def loose(word: str, name: str, best: Best) -> tuple[float, Collection[int]]:
    """Return how well the letters of a word are found in a name in this order, and where; 0 if they are not.

    ``best`` tries every way to find them, which grows without limit: it is asked where there are few.
    """
    lower, at, offsets = name.lower(), -1, []
    for letter in word:
        at = lower.find(letter, at + 1)
        if at < 0:
            return 0, ()
        offsets.append(at)
    letters = Counter(lower)
    if len(name) > LONGEST_FUZZY or prod(letters[letter] for letter in word) > MOST_WAYS:
        return 1 / len(name), offsets
    return best(word, lower)


def filtered(roots: list[Node], found: Collection[str]) -> list[Node]:
    """Return the tree without the nodes that are not among these keys; the way down to each stays."""
    kept: list[Node] = []
    copies: dict[str, Node] = {}
    for node, path in walk(roots):
        if node.key not in found:
            continue
        siblings = kept
        for step in (*path, node):
            copy = copies.get(step.key)
            if copy is None:
                copy = copies[step.key] = replace(step, children=[])
                siblings.append(copy)
            siblings = copy.children
    return kept


# Where the hits are


def highlighted(line: Line, query: Query, name: int, best: Best) -> Line:
    """Return a line with its hits in their own tone: of a word in the name, if it is there.

    Args:
        line: the line as it is drawn, the name cut.
        query: what is looked for.
        name: which of its spans is the name.
        best: finds letters in a name.
    """
    if query.is_empty or name >= len(line):
        return line
    shown = line[name].text.lower()
    inside = [word for word in query.words if word in shown]
    others = [word for word in query.words if word not in shown]
    others += [value for _, value in query.fields if value]
    laid: list[Span] = []
    has_hit = bool(inside)
    for index, each in enumerate(line):
        wanted = inside if index == name else others
        offsets = {at for word in wanted for at in _offsets(each.text.lower(), word)}
        has_hit = has_hit or bool(offsets)
        laid += _split(each, offsets)
    if has_hit:
        return tuple(laid)
    found = {at for word in query.words for at in loose(word, line[name].text, best)[1]}
    return (*line[:name], *_split(line[name], found), *line[name + 1 :])


def _offsets(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield from range(at, at + len(word))
        at = text.find(word, at + len(word))


def _split(each: Span, offsets: Collection[int]) -> Iterator[Span]:
    """Yield a span in pieces: those characters in the tone of a hit, the others in its own."""
    if not offsets:
        yield each
        return
    start = 0
    for end in range(1, len(each.text) + 1):
        is_hit = start in offsets
        if end == len(each.text) or (end in offsets) != is_hit:
            yield Span(each.text[start:end], Tone.HIT if is_hit else each.tone)
            start = end
