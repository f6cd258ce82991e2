"""Settings that no AWS tool knows, and those that have another form than AWS tools expect."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rolecall.aws.line_edits import POWERSHELL, LineEdit, lines_of, visible, with_names
from rolecall.aws.providers import Cause
from rolecall.aws.settings import SESSION_SETTINGS, SETTINGS, Type, setting
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, rule
from rolecall.doctor.rules.build import in_editor, put, rewrite, setting_occurrence
from rolecall.doctor.sections import KEYS, Passage, meant_by, meant_setting, misnamed_keys, quote
from rolecall.text import mask, mask_name, may_be_shown, shown_as, shown_value

_OF_SESSION = frozenset(SESSION_SETTINGS)
_OF_S3 = SETTINGS["s3"].holds


@rule(
    "misspelt-key",
    Severity.WARNING,
    "A setting with a misspelt name",
    cause="AWS tools look settings up by name and ignore all others, so a typing error, a hyphen "
    "or a variable's name goes unnoticed.",
    consequence="AWS tools silently ignore the line",
    cure="Write the name that AWS tools know.",
)
def misspelt_key(context: RuleContext) -> Iterator[Occurrence]:
    """Find unknown settings with a name close to a known one."""
    told = {
        root.culprit
        for cause in (Cause.NO_CREDENTIALS, Cause.HALF_A_PAIR)
        for root in context.root_causes.get(cause, ())
    }
    for passage, key in context.suspects.unknown:
        right = _meant(passage, key)
        if passage.name in told and key in misnamed_keys(passage.values):
            continue  # all of them are told with what they cause
        if right is not None and _first_word(key) not in SETTINGS and passage.line(key) is not None:
            yield _misspelt(context, passage, key, right)
    for passage, key in context.suspects.odd:
        block = passage.values[key]
        if key == "s3" and isinstance(block, Mapping) and passage.line(key) is not None:
            yield from _misspelt_in_block(context, passage, block)


def _meant(passage: Passage, key: str) -> str | None:
    value = passage.values[key]
    near = meant_by(key, value, _OF_SESSION) if passage.is_session else None
    return near if near is not None else meant_by(key, value)


def _misspelt(context: RuleContext, passage: Passage, key: str, right: str) -> Occurrence:
    message = f"{passage.of} sets {mask_name(key)}, which is not an AWS setting; {right} is probably meant"
    value = passage.values[key]
    if visible(key) == right and right not in passage.values:
        words = f"write {right} without the character that no editor shows"
        fix = rewrite(passage.file, _without_unseen(passage, key), words, passage.line(key))
    elif right in passage.values and right in KEYS and not _is_same(passage, key, right):
        fix = in_editor(passage, key, f"keep one of the two: {right} is set as well, to another value")
    elif right in passage.values:
        fix = put(passage, key, {key: None}, f"unset {mask_name(key)}, because {right} is set as well")
    elif key != POWERSHELL and isinstance(value, str) and _may_be_told(context, key, right, value):
        fix = put(passage, key, {right: value, key: None}, f"write {right}, which is probably meant")
    else:
        number, words = passage.line(key), f"write {right}, which is probably meant"
        edit = with_names(passage.file, {number: right}) if number is not None else None
        fix = in_editor(passage, key, words) if edit is None else rewrite(passage.file, edit, words)
    shown = passage.quote(context.snapshot.host, key, like=right)
    seen = setting_occurrence(context, passage, key, message, fix, evidence=(shown,))
    return replace(seen, meant=right)


def _is_same(passage: Passage, key: str, right: str) -> bool:
    """Whether a line has the value that is set already: what is lost with it can be got nowhere else."""
    value, found = passage.values[key], passage.values[right]
    if not isinstance(value, str) or not isinstance(found, str):
        return False
    bare = value.partition("=")[2] if key == POWERSHELL else value
    return bare.strip("\"',; ") == found.strip("\"',; ")


def _without_unseen(passage: Passage, key: str) -> LineEdit | None:
    number = passage.line(key)
    lines = lines_of(passage.file.text)
    if number is None or number > len(lines):
        return None
    name, delimiter, value = lines[number - 1].partition("=")
    return LineEdit(number, (lines[number - 1],), (visible(name) + delimiter + value,))


def _may_be_told(context: RuleContext, key: str, right: str, value: str) -> bool:
    """Whether a line that sets the right name to a value may be shown: unknown values are not shown."""
    return (
        value in context.snapshot.profiles or not may_be_shown(right) or shown_as(right, key, value) == value
    )


def _misspelt_in_block(
    context: RuleContext, passage: Passage, block: Mapping[str, str]
) -> Iterator[Occurrence]:
    for key in block:
        right = meant_setting(key, _OF_S3) if key not in SETTINGS else None
        if right is not None:
            shown = mask_name(key)
            message = f"{passage.of} sets s3.{shown}, which is not an AWS setting; {right} is probably meant"
            words = f"write {right}, which is probably meant"
            changes: dict[str, str | None] = {f"s3.{right}": block[key], f"s3.{key}": None}
            if right in block:
                words, changes = f"unset s3.{shown}, because {right} is set as well", {f"s3.{key}": None}
            yield setting_occurrence(context, passage, "s3", message, put(passage, "s3", changes, words))


@rule(
    "missing-equals",
    Severity.WARNING,
    "A setting without an equals sign",
    cause="A colon ends a name as well as an equals sign does: `role_arn arn:aws:…` is a setting "
    "`role_arn arn` with the value `aws:…`.",
    consequence="the intended setting is not set",
    cure="Write the equals sign.",
)
def missing_equals(context: RuleContext) -> Iterator[Occurrence]:
    """Find the settings with the beginning of the value in their name."""
    for passage, key in context.suspects.unknown:
        right, line = _first_word(key), passage.line(key)
        if right in SETTINGS and right != key and line is not None:
            value = _rest(passage, line)
            message = f"{passage.of} has no '=' after {right}: AWS tools read a setting '{mask_name(key)}'"
            words = f"write the '=' after {right}"
            fix = in_editor(passage, key, words)
            if value and right not in passage.values:
                fix = put(passage, key, {right: value, key: None}, words)
            shown = quote(context.snapshot.host, passage.file, line, f"{right} {shown_value(right, value)}")
            yield setting_occurrence(context, passage, key, message, fix, evidence=(shown,))


def _first_word(key: str) -> str:
    return key.split(None, 1)[0] if key else ""


def _rest(passage: Passage, line: int) -> str:
    """Return what follows the first word of a line."""
    lines = passage.file.text.splitlines()
    words = lines[line - 1].split(None, 1) if line <= len(lines) else []
    return words[1].strip() if len(words) > 1 else ""


@rule(
    "block-for-text",
    Severity.WARNING,
    "A nested block where AWS tools expect text",
    cause="Nothing follows the equals sign, and the next line is indented: botocore reads a block.",
    consequence="a command that uses the setting crashes with a Python error that names no file",
    cure="Write the value after the equals sign, and the next setting without indentation.",
)
def block_for_text(context: RuleContext) -> Iterator[Occurrence]:
    """Find blocks where text is expected, as far as no profile is known to fail because of them."""
    told = {root.culprit for root in context.root_causes.get(Cause.NESTED_VALUE, ())}
    for passage, key in context.suspects.odd:
        value = passage.values[key]
        if isinstance(value, str) or key not in SETTINGS or passage.name in told:
            continue
        if setting(key).type is not Type.BLOCK and passage.line(key) is not None:
            message = f"{passage.of} has a nested block as its {key}: {shown_value(key, value)}"
            yield setting_occurrence(
                context, passage, key, message, in_editor(passage, key, f"write the {key} on one line")
            )


@rule(
    "text-for-block",
    Severity.WARNING,
    "Text where AWS tools expect a nested block",
    cause="`s3` and `api_versions` take indented lines `key = value` below them; without indentation those "
    "lines are settings of the profile that no tool knows.",
    consequence="commands crash with “'str' object has no attribute 'get'”: of S3, or all for api_versions",
    cure="Indent the lines of the block, or remove the setting.",
)
def text_for_block(context: RuleContext) -> Iterator[Occurrence]:
    """Find text where a block is expected."""
    found = context.suspects
    for key, value in found.words:
        for passage in found.saying(key, value) if setting(key).is_needed_block else ():
            if passage.line(key) is not None:
                shown = f"the text '{mask(value)}'" if value else "nothing"
                message = f"{passage.of} has {shown} as its {key}, where AWS tools expect indented lines"
                flush = sorted(passage.values.keys() & (_OF_S3 - SETTINGS.keys())) if key == "s3" else []
                words = f"indent {', '.join(flush)} below it" if flush else f"unset {key}"
                fix = in_editor(passage, key, words) if flush else put(passage, key, {key: None}, words)
                yield setting_occurrence(context, passage, key, message, fix)
