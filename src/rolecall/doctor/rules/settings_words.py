"""Values that are none of the words, numbers or regions that AWS tools take there."""

from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches

from rolecall.aws import regions
from rolecall.doctor.context import RuleContext
from rolecall.doctor.finding import Occurrence, Severity, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.known import BOOLEANS, CHOICES, LOOSE_CHOICES, REGIONS
from rolecall.doctor.rules.about_setting import put, setting_occurrence
from rolecall.doctor.sections import Passage
from rolecall.text import mask

_OF_METADATA = "ec2_metadata_service_endpoint_mode"
"""A choice over which the profile itself fails, which is told elsewhere."""
_CHOICES = {key: words for key, words in (dict(CHOICES) | dict(LOOSE_CHOICES)).items() if key != _OF_METADATA}
_TRUTHS = frozenset(("yes", "y", "on", "1", "t", "enabled", "enable"))
_TRUE = BOOLEANS - {"proxy_use_forwarding_for_https"}  # which counts as true whatever it says but `false`
_NUMBERS: Mapping[str, tuple[int, int | None]] = {
    "max_attempts": (1, None),
    "request_min_compression_size_bytes": (1, 1_048_576),
}
_LIKENESS = 0.6
_ASKS = "\"'#;\n[="
"""What has a rule of its own where it stands in a value."""


@rule(
    "bad-value",
    Severity.WARNING,
    "A value that is none of those that AWS tools take",
    cause="The setting takes a few words alone, most of them in small letters only.",
    consequence="commands that come to the setting fail, with an error that names no file",
    cure="Write one of the words, or unset it.",
)
def bad_value(context: RuleContext) -> Iterator[Occurrence]:
    """Find values that are none of a setting's words."""
    for passage, key, value in _values(context, _CHOICES.keys(), _is_no_choice):
        words = _CHOICES[key]
        message = f"{key} of {passage.of} is '{mask(value)}', which is none of {_either(words)}"
        yield setting_occurrence(context, passage, key, message, _word(passage, key, value, words))


def _is_no_choice(key: str, value: str) -> bool:
    said = value.lower() if key in LOOSE_CHOICES else value
    return bool(value) and said not in _CHOICES[key]


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _word(passage: Passage, key: str, value: str, words: tuple[str, ...]) -> Fix:
    if value.lower() in words:
        return put(passage, key, {key: value.lower()}, f"write {value.lower()}")
    guess = next(iter(get_close_matches(value.lower(), words, 1, _LIKENESS)), None)
    if guess is not None:
        return put(passage, key, {key: guess}, f"write {guess}, which is probably meant")
    return put(passage, key, {key: None}, f"unset {key}, or write one of {_either(words)}")


@rule(
    "not-true",
    Severity.WARNING,
    "A value that means yes and counts as no",
    cause="AWS tools take `true` for true, in any case, and all else for false: `yes`, `on` and `1` too.",
    consequence="the setting is off, though it looks as if it were on",
    cure="Write `true`.",
)
def not_true(context: RuleContext) -> Iterator[Occurrence]:
    """Find booleans that say yes in another word than true."""
    for passage, key, value in _values(context, _TRUE, lambda _, value: value.lower() in _TRUTHS):
        message = f"{key} of {passage.of} is '{value}', which AWS tools take for false"
        yield setting_occurrence(
            context, passage, key, message, put(passage, key, {key: "true"}, "write true")
        )


@rule(
    "bad-number",
    Severity.WARNING,
    "A value that is no number, or out of range",
    cause="max_attempts is a whole number from 1 on, request_min_compression_size_bytes one up to 1048576.",
    consequence="every command fails before it calls anything, with an error that names no file",
    cure="Write a number, or unset it.",
)
def bad_number(context: RuleContext) -> Iterator[Occurrence]:
    """Find numbers over which botocore makes no client."""
    for passage, key, value in _values(context, _NUMBERS.keys(), _is_no_number):
        least, most = _NUMBERS[key]
        limit = f"from {least} on" if most is None else f"from {least} to {most}"
        message = f"{key} of {passage.of} is '{mask(value)}', which is no whole number {limit}"
        fix = put(passage, key, {key: None}, f"unset {key}, or write a whole number {limit}")
        yield setting_occurrence(context, passage, key, message, fix)


def _is_no_number(key: str, value: str) -> bool:
    least, most = _NUMBERS[key]
    try:
        number = int(value)
    except ValueError:
        return True
    return number < least or (most is not None and number > most)


@rule(
    "odd-region",
    Severity.WARNING,
    "A region that is spelt in another way",
    cause="A zone (`eu-west-1a`) stands for its region, a hyphen is missing, or the name is in capitals.",
    consequence="there is no such endpoint, or AWS refuses the signature",
    cure="Write the region's own name.",
)
def odd_region(context: RuleContext) -> Iterator[Occurrence]:
    """Find regions that are a zone, or lack a hyphen; what is like no region at all may be somebody's own."""
    for passage, key, value in _values(context, REGIONS, lambda _, value: regions.meant(value) is not None):
        right = str(regions.meant(value))
        message = f"{key} of {passage.of} is '{mask(value)}', which is no region; {right} is probably meant"
        fix = put(passage, key, {key: right}, f"write {right}, which is probably meant")
        yield setting_occurrence(context, passage, key, message, fix)


def _values(
    context: RuleContext, keys: Collection[str], is_wrong: Callable[[str, str], bool]
) -> Iterator[tuple[Passage, str, str]]:
    """Yield the sections with a wrong value; one that holds quotes or a comment has a rule of its own.

    Asked once for each value, however many sections have it. What [DEFAULT] leaks has a rule of its own too.
    """
    found = context.suspects
    for key, value in found.words:
        if key in keys and not any(sign in value for sign in _ASKS) and is_wrong(key, value):
            for passage in found.saying(key, value):
                if passage.line(key) is not None:
                    yield passage, key, value
