"""Values that contain more than was intended, or that AWS tools do not accept."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from rolecall.aws import client_checks, identifiers
from rolecall.aws.line_edits import with_values
from rolecall.aws.profile_report import certain_faults
from rolecall.aws.providers import Cause, PredictedError, Tool
from rolecall.aws.role_parameters import misfit_of
from rolecall.aws.settings import SETTINGS, Type, of_type, regions, setting
from rolecall.aws.value_shapes import is_nothing, is_placeholder
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed, one_of
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules import file_lines, keys, settings
from rolecall.doctor.rules.build import (
    COMMENT,
    edit_fix,
    guess_of,
    in_form,
    put,
    refused,
    rewrite,
    setting_occurrence,
)
from rolecall.doctor.rules.secrets import reason as placeholder_reason
from rolecall.doctor.sections import Passage
from rolecall.text import mask, shown_value

_PLAIN = SETTINGS.keys() - of_type(Type.COMMAND, Type.BLOCK).keys()
_QUOTES = "\"'"
_PORTAL_ID = re.compile(r"d-[0-9a-f]{10}")
"""The id of an access portal (IAM Identity Center's user guide: ``https://d-xxxxxxxxxx.awsapps.com/start``)."""
_UNSEEN = re.compile("[\u00a0\u00ad\u2007\u200b-\u200f\u2028-\u202f\u2060\ufeff]")
_PRINTED = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"'} | {
    chr(code): "-" for code in range(0x2010, 0x2016)
}
"""Typographic quotation marks and dashes."""
_FEW = 3


@rule(
    "inline-comment",
    Severity.WARNING,
    "A comment after a value",
    cause="A comment needs its own line: `region = eu-west-1 # Dublin` sets all of that as the region.",
    consequence="the comment is part of the value, and AWS tools or AWS itself refuse it",
    cure="Put the comment on its own line.",
)
def inline_comment(context: RuleContext) -> Iterator[Occurrence]:
    """Find values with a comment after them."""
    for passage, key, value in _texts(context):
        if ("#" in value or ";" in value) and COMMENT.search(value):
            bare = COMMENT.sub("", value, count=1)
            fix = put(passage, key, {key: bare or None}, f"write {key} without the comment")
            number = passage.line(key)
            edit = with_values(passage.file, {number: (value, bare)}) if number is not None else None
            if edit is not None:
                fix = rewrite(passage.file, edit, "put the comment on its own line")
            message = f"{passage.of} has a comment after its {key}, which becomes part of the value"
            yield setting_occurrence(context, passage, key, message, fix)


@rule(
    "quoted-value",
    Severity.WARNING,
    "Quotes around a value",
    cause="For AWS tools quotes are part of the value; only headers and commands may be quoted.",
    consequence="the quotes are part of the value: there is no such region, profile, key or file",
    cure="Write the value without quotes.",
)
def quoted_value(context: RuleContext) -> Iterator[Occurrence]:
    """Find values that begin or end with a quote."""
    for passage, key, value in _texts(context):
        if value and (value[0] in _QUOTES or value[-1] in _QUOTES):
            bare = value.strip(_QUOTES)
            fix = put(passage, key, {key: bare or None}, f"write {key} without quotes")
            message = f"{passage.of} has quotes around its {key}, which become part of the value"
            yield setting_occurrence(context, passage, key, message, fix)


@rule(
    "unseen-character",
    Severity.WARNING,
    "A character in a value that looks like another, or is invisible",
    cause="The value was copied from a web page or a text document, which has non-breaking spaces, invisible "
    "characters, or typographic quotation marks and dashes.",
    consequence="the value looks right but is not: AWS tools or AWS itself refuse it",
    cure="Type the value again.",
)
def unseen_character(context: RuleContext) -> Iterator[Occurrence]:
    """Find values of AWS settings with characters that do not belong there."""
    for passage, key, value in _texts(context):
        if not value.isascii():
            found = [sign for sign in dict.fromkeys(value) if _UNSEEN.match(sign) or sign in _PRINTED]
            if found:
                codes = ", ".join(f"U+{ord(sign):04X}" for sign in found[:_FEW])
                fix = put(passage, key, {key: _plain(value) or None}, f"write {key} in plain characters")
                message = f"{passage.of} has characters in its {key} that are not what they seem: {codes}"
                yield setting_occurrence(context, passage, key, message, fix)


def _plain(value: str) -> str:
    typed = "".join(_PRINTED.get(sign, sign) for sign in _UNSEEN.sub("", value))
    return typed.strip(f"{_QUOTES} ")


def _texts(context: RuleContext) -> Iterator[tuple[Passage, str, str]]:
    """Yield the AWS settings that are one line of text and no command; an existing name is not doubted."""
    merged = context.snapshot.merged
    names: Mapping[Type, Collection[str]] = {
        Type.PROFILE: merged.by_name,
        Type.SSO_SESSION: merged.config.headers.sso_sessions,
        Type.SERVICES: merged.config.headers.services,
    }
    told = keys.told(context) if context.suspects.odd else ()
    for passage, key in context.suspects.odd:
        value = passage.values[key]
        if key not in _PLAIN or not isinstance(value, str) or "\n" in value or (passage.name, key) in told:
            continue
        if value in names.get(setting(key).type, ()):
            continue
        if passage.line(key) is not None:
            yield passage, key, value


_OF_METADATA = "ec2_metadata_service_endpoint_mode"
"""A choice that makes the profile itself fail, which another rule reports."""
_CHOICES = of_type(Type.WORD, Type.WORD_IN_ANY_CASE).keys() - {_OF_METADATA}
_TRUTHS = frozenset(("yes", "y", "on", "1", "t", "enabled", "enable"))
_TRUE = of_type(Type.BOOLEAN).keys() - {"proxy_use_forwarding_for_https"}
"""Booleans, but for the one that counts as true unless it says ``false``."""
_NUMBERS = {name: about.limits for name, about in SETTINGS.items() if about.limits is not None}
_REGIONS = of_type(Type.REGION)
_FORMS = {name: about.form for name, about in SETTINGS.items() if about.form is not None}
_LIKENESS, _LIKENESS_OF_REGIONS = 0.6, 0.8
_ASKS = "\"'#;\n[="
"""Characters in a value that another rule reports."""


@rule(
    "bad-value",
    Severity.WARNING,
    "A value that AWS tools do not accept",
    cause="The setting accepts only a few words, most of them in lower case only.",
    consequence="commands that read the setting fail, with an error that names no file",
    cure="Write one of the words, or unset it.",
)
def bad_value(context: RuleContext) -> Iterator[Occurrence]:
    """Find values that are not among a setting's words, or not among those that each tool knows."""
    for passage, key, value in _values(context, _CHOICES, _is_no_choice):
        words = setting(key).words
        if value not in words:
            refuses = f"which is not one of {_either(words)}"
        else:
            tool = next(iter(client_checks.refused_by(key, value)))
            words = client_checks.words(key, tool)
            refuses = f"which {tool.label} refuses: it knows {_either(words)}"
        message = f"{passage.of} sets {key} to '{mask(value)}', {refuses}"
        yield setting_occurrence(context, passage, key, message, _word(passage, key, value, words))


def _is_no_choice(key: str, value: str) -> bool:
    about = setting(key)
    said = value.lower() if about.type is Type.WORD_IN_ANY_CASE else value
    return (bool(value) and said not in about.words) or bool(client_checks.refused_by(key, value))


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


_SAME = {"none": "wire", "legacy": "standard"}
"""Words that one tool refuses, each with the nearest one that all of them know."""


def _word(passage: Passage, key: str, value: str, words: tuple[str, ...]) -> Fix:
    if value in _SAME:
        return put(passage, key, {key: _SAME[value]}, f"write {_SAME[value]}, which every tool knows")
    if value.lower() in words:
        return put(passage, key, {key: value.lower()}, f"write {value.lower()}")
    guess = next(iter(get_close_matches(value.lower(), words, 1, _LIKENESS)), None)
    if guess in _SAME:
        return put(passage, key, {key: _SAME[guess]}, f"write {_SAME[guess]}, which every tool knows")
    if guess is not None:
        return put(passage, key, {key: guess}, f"write {guess}, which is probably meant")
    return put(passage, key, {key: None}, f"unset {key}, or write one of {_either(words)}")


@rule(
    "not-true",
    Severity.WARNING,
    "A value that means yes and is read as no",
    cause="AWS tools read `true`, in any case, as true, and all else as false: even `yes`, `on` and `1`.",
    consequence="the setting is off, although it looks on",
    cure="Write `true`.",
)
def not_true(context: RuleContext) -> Iterator[Occurrence]:
    """Find booleans that say yes in another word than true."""
    for passage, key, value in _values(context, _TRUE, lambda _, value: value.lower() in _TRUTHS):
        message = f"{passage.of} sets {key} to '{value}', which AWS tools read as false"
        yield setting_occurrence(
            context, passage, key, message, put(passage, key, {key: "true"}, "write true")
        )


@rule(
    "bad-number",
    Severity.WARNING,
    "A value that is not a number, or out of range",
    cause="max_attempts is a whole number from 1, request_min_compression_size_bytes one up to 1048576.",
    consequence="every command fails before it calls anything, with an error that names no file",
    cure="Write a number, or unset it.",
)
def bad_number(context: RuleContext) -> Iterator[Occurrence]:
    """Find numbers with which botocore cannot make a client."""
    for passage, key, value in _values(context, _NUMBERS.keys(), _is_no_number):
        least, most = _NUMBERS[key]
        limit = f"from {least}" if most is None else f"from {least} to {most}"
        message = f"{passage.of} sets {key} to '{mask(value)}', which is not a whole number {limit}"
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
    "A region that is misspelt",
    cause="It is a zone (`eu-west-1a`) instead of its region, lacks a hyphen or its number, is in capitals, "
    "or is the name in words (`EU (Ireland)`) or several regions.",
    consequence="there is no such endpoint, or AWS refuses the signature",
    cure="Write the region's own name.",
)
def odd_region(context: RuleContext) -> Iterator[Occurrence]:
    """Find regions that are a zone, or lack a hyphen; what resembles no region may be a private one."""
    stopping = _stopped_over_region(context)
    for passage, key, value in _values(context, _REGIONS, lambda _, value: _is_odd_region(value)):
        if _is_elsewhere(context, passage) and client_checks.REGION.match(value):
            continue
        meant = identifiers.likely_regions(value, regions())
        message = f"{passage.of} sets {key} to '{mask(value)}', not a region{guess_of(meant)}"
        fix = in_form(passage, key, f"write the region, or unset {key}")
        if len(meant) == 1:
            fix = put(passage, key, {key: meant[0]}, f"write {meant[0]}, which is probably meant")
        elif meant:
            fix = in_form(passage, key, f"write one region: {one_of(meant)}")
        seen = setting_occurrence(context, passage, key, message, fix)
        fault = stopping.get(passage.name) if key == "region" and not passage.is_session else None
        if fault is not None and seen.severity is None:
            words = f"a zone has no endpoint: {fault.error}: {fault.message}"
            seen = replace(seen, severity=Severity.ERROR, consequence=words)
        yield seen


def _stopped_over_region(context: RuleContext) -> Mapping[str, PredictedError]:
    """Return what is raised over the region of each profile, also where this shell has other credentials."""
    here = context.snapshot.default_session
    shell = certain_faults({tool: each.resolution for tool, each in here.items()}).values()
    faults = [root.fault for root in context.root_causes.get(Cause.CLIENT_SETTING, ())]
    return {
        fault.profile: fault
        for fault in (*shell, *faults)
        if fault is not None and fault.profile is not None and fault.cause is Cause.CLIENT_SETTING
        if fault.subject == "region"
    }


def _is_elsewhere(context: RuleContext, passage: Passage) -> bool:
    """Whether a profile calls another service than AWS, which has its own regions, and its own keys."""
    if passage.is_session:
        return False
    snapshot = context.snapshot
    key = (snapshot.merged.static_credentials(passage.name) or {}).get("aws_access_key_id")
    is_of_others = isinstance(key, str) and bool(key) and not key.startswith(("AKIA", "ASIA"))
    return passage.name in snapshot.expiry_calculator.elsewhere or is_of_others


def _is_odd_region(value: str) -> bool:
    if identifiers.is_region(value):
        return False
    is_said = is_nothing(value) and not is_placeholder(value)
    return is_said or bool(identifiers.likely_regions(value, regions()))


@rule(
    "unknown-region",
    Severity.WARNING,
    "A region that botocore does not know",
    cause="The name has the form of a region, and is not in botocore's list of them: it is misspelt, or "
    "newer than the installed botocore (then it is only an info).",
    consequence="if there is no such region, no endpoint is found and commands fail with "
    "EndpointConnectionError",
    cure="Correct the name of the region.",
)
def unknown_region(context: RuleContext) -> Iterator[Occurrence]:
    """Find regions that are none; where botocore has no list, none is doubted."""
    known = regions()
    for passage, key, value in _values(
        context,
        _REGIONS,
        lambda _, value: bool(known) and identifiers.is_region(value) and value not in known,
    ):
        if _is_elsewhere(context, passage):
            continue
        is_new = identifiers.may_be_new(value, known)
        guess = None if is_new else identifiers.nearest_region(value, known, _LIKENESS_OF_REGIONS)
        fix = in_form(passage, key, f"correct {key}")
        if guess is not None:
            fix = put(passage, key, {key: guess}, f"write {guess}, which is probably meant")
        elif is_new:
            fix = in_form(passage, key, f"correct {key}, if this is no new region")
        message = f"{passage.of} sets {key} to '{mask(value)}', a region that botocore does not know"
        seen = setting_occurrence(context, passage, key, message, fix)
        yield replace(seen, severity=Severity.INFO) if is_new else seen


@rule(
    "malformed-value",
    Severity.WARNING,
    "A value that does not have the form that AWS gives it",
    cause="An account id has 12 digits, the address of an access portal begins with https://, and role_arn "
    "is the whole ARN of a role.",
    consequence="AWS refuses the value",
    cure="Correct the value.",
)
def malformed_value(context: RuleContext) -> Iterator[Occurrence]:
    """Find values of another form, where no profile fails over them before anything is sent."""
    told = keys.told(context)
    for passage, key, value in _values(context, _FORMS, _is_malformed):
        if (passage.name, key) in told and not passage.is_session:
            continue
        form = _FORMS[key]
        misfit = misfit_of(key, value)
        guesses = (misfit.right if misfit is not None and misfit.right else value, _address(value))
        guess = next((each for each in guesses if "://" not in value and form.pattern.fullmatch(each)), None)
        fix = in_form(passage, key, f"correct {key}")
        if guess is not None:
            fix = put(passage, key, {key: guess}, f"write {guess}, which is probably meant")
        message = f"{passage.of} sets {key} to '{shown_value(key, value)}', which does not {form.words}"
        yield setting_occurrence(context, passage, key, message, fix)


def _address(value: str) -> str:
    """Return the address that was probably meant: of a portal's id alone, or of a host without its scheme."""
    if _PORTAL_ID.fullmatch(value):
        return f"https://{value}.awsapps.com/start"
    return f"https://{value}" if "." in value else value


def _is_malformed(key: str, value: str) -> bool:
    """Whether a value has another form; characters that look like others, and placeholders, have a rule."""
    is_told = not value or not value.isascii() or placeholder_reason(key, value) is not None
    return not is_told and _FORMS[key].pattern.fullmatch(value) is None


def _values(
    context: RuleContext, keys: Collection[str], is_wrong: Callable[[str, str], bool]
) -> Iterator[tuple[Passage, str, str]]:
    """Yield the sections with a wrong value, except those with quotes or a comment, which other rules report.

    Each value is checked once, however many sections have it. Another rule reports the settings in [DEFAULT].
    """
    found = context.suspects
    for key, value in found.words:
        if key in keys and not any(sign in value for sign in _ASKS) and is_wrong(key, value):
            for passage in found.saying(key, value):
                if passage.line(key) is not None:
                    yield passage, key, value


@rule(
    "refused-setting",
    Severity.ERROR,
    "A setting that AWS tools refuse",
    cause="The value is empty, from [DEFAULT], or of another form than the setting has. AWS tools check it "
    "for every client, whether or not the command needs it.",
    consequence="every command with these profiles fails before it calls AWS",
    cure="Remove the setting, or correct it.",
    explains=[Cause.CLIENT_SETTING],
)
def refused_setting(context: RuleContext) -> Iterator[Occurrence]:
    """Find what stops a profile and no other rule of values has told: each line once."""
    causes = context.root_causes.get(Cause.CLIENT_SETTING, ())
    others = (
        *(bad_value, bad_number, odd_region, quoted_value, inline_comment, unseen_character),
        *(settings.text_for_block, settings.block_for_text, file_lines.swallowed_line),
    )
    told = {seen.place for each in others for seen in each.look(context)} if causes else set()
    lines: dict[tuple[object, str, PredictedError], list[str]] = {}
    for root in causes:
        assert root.fault is not None  # noqa: S101 - for the type checker: this cause is an error's
        place = Quoted(context.snapshot, root.culprit).place(root.fault.subject)
        if place not in told:
            lines.setdefault((place, root.fault.subject, root.fault), []).append(root.culprit)
    for (_, key, fault), names in lines.items():
        quoted = Quoted(context.snapshot, names[0])
        values = context.snapshot.merged.by_name.get(names[0], {})
        if key not in values:  # it is of [profile ""], whose name no tool can be given
            words = f"{listed(names)} cannot call AWS: {fault.error}: {mask(' '.join(fault.message.split()))}"
            subject = Subject(SubjectKind.PROFILE, names[0])
            yield Occurrence(subject, words, fixes.manual(f"correct {key}"), profiles=tuple(names))
            continue
        value = values[key]
        refusing = client_checks.refused_by(key, value) or dict.fromkeys(Tool, fault)
        shown = f"to '{quoted.shown(key)}'" if value else "to nothing"
        does = "sets" if len(names) == 1 else "set"
        origin = quoted.settings[key].origin
        fix = (
            fixes.open_at(f"remove {key}, or correct it", origin.path, origin.line)
            if origin.section == "DEFAULT"
            else _without_or_right(quoted, key, value)
        )
        yield Occurrence(
            Subject(SubjectKind.PROFILE, names[0]),
            f"{listed(names)} {does} {key} {shown}, which AWS tools refuse",
            fix,
            quoted.place(key),
            quoted.lines(key),
            refused(refusing, listed(names)),
            tuple(names),
        )


_HOST_AND_PORT = re.compile(r"[\w.-]+:\d{2,5}(?:/[\w./-]*)?", re.ASCII)


def _without_or_right(quoted: Quoted, key: str, value: object) -> Fix:
    """Return a fix that removes a setting; not an endpoint: then commands would go to AWS itself."""
    if key != "endpoint_url":
        return fixes.change(f"remove {key}", quoted.name, {key: None}, quoted.role(key))
    if isinstance(value, str) and _HOST_AND_PORT.fullmatch(value):
        right = f"http://{value}"
        return fixes.change(
            f"write {right}, which is probably meant", quoted.name, {key: right}, quoted.role(key)
        )
    return edit_fix(quoted, "correct endpoint_url: it begins with http:// or https:// and names a host", key)
