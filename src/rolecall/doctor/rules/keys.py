"""Keys that AWS refuses for their form alone: quotes, line breaks, placeholders, another service's keys."""

import re
from collections.abc import Iterable, Iterator

from rolecall.aws.expiry_calculator import KEY_VARIABLES
from rolecall.aws.line_edits import LineEdit, with_values
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, Provider
from rolecall.aws.value_shapes import SHAPES, Misfit, Weight, key_misfits, key_misfits_of
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, join_words
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import (
    QuotedCause,
    edit_fix,
    rewrite,
    stopped,
    unset_keys,
    variable,
    variable_lines,
    variable_value,
)
from rolecall.shells import cleaning_line, swapping_line
from rolecall.which_shell import asker

_STATIC = (Provider.SHARED_CREDENTIALS, Provider.CONFIG_FILE)
_FILLED_BY = re.compile(r"populated[_ -]by[_ -]([\w-]+)", re.IGNORECASE)
_ACCOUNT = "AWS_ACCOUNT_ID"
_AGAIN = "enter the keys again, or run the tool that wrote them"


def bad_keys(it: QuotedCause) -> Occurrence:
    """Report the static keys of a profile that AWS refuses, all that is wrong with them at once."""
    hop = it.root.hop
    found = it.snapshot.expiry_calculator.bad_keys(hop) if hop is not None else ()
    names = tuple(each.name for each in found)
    return it.occurrence(_said(found, f" of {it.name}"), _in_file(it.quoted, found), *names)


def told(context: RuleContext) -> frozenset[tuple[str, str]]:
    """Return the profiles and their settings that errors tell of for their values: no other rule has to."""
    found = {
        (root.culprit, each.name)
        for root in context.root_causes.get(Cause.BAD_KEYS, ())
        if root.hop is not None
        for each in context.snapshot.expiry_calculator.bad_keys(root.hop)
    }
    for root in context.root_causes.get(Cause.BAD_PARAMETER, ()):
        found |= {(root.culprit, key) for key in (root.fault.subjects if root.fault is not None else ())}
    return frozenset(found)


def _in_file(quoted: Quoted, found: tuple[Misfit, ...]) -> Fix:
    """Return the editor at the line, where the right value is in it, else the form."""
    names = [each.name for each in found]
    place = quoted.place(*names)
    if place is not None and all(each.right is not None for each in found):
        verb = "swap" if _is_swapped(found) else "correct"
        edit = _with_right_values(quoted, found)
        if edit is not None:
            file = next(each for each in quoted.snapshot.files if each.role is quoted.role(*names))
            return rewrite(file, edit, f"{verb} {join_words(names)}")
        return fixes.open_at(f"{verb} {join_words(names)} (in the editor)", place.path, place.line)
    value = quoted.settings[names[0]].value if names[0] in quoted.settings else ""
    tool = _FILLED_BY.search(value) if isinstance(value, str) else None
    return edit_fix(quoted, f"run {tool[1].lower()}, which fills them in" if tool else _AGAIN, *names)


def _with_right_values(quoted: Quoted, found: tuple[Misfit, ...]) -> LineEdit | None:
    """Return what writes the values that were meant, where each is the value of one line."""
    role, changes = quoted.role(*(each.name for each in found)), {}
    for each in found:
        setting = quoted.settings.get(each.name)
        if setting is None or setting.origin.line is None or quoted.role(each.name) is not role:
            return None
        if not isinstance(setting.value, str) or not each.right:
            return None
        changes[setting.origin.line] = (setting.value, each.right)
    file = next(each for each in quoted.snapshot.files if each.role is role)
    return with_values(file, changes)


def _is_swapped(found: Iterable[Misfit]) -> bool:
    return any("swapped" in each.words for each in found)


def _said(found: Iterable[Misfit], of: str = "") -> str:
    """Say what is wrong with keys: ``the aws_access_key_id of dev is empty; so is its …``."""
    first, *others = found
    words = f"the {first.name}{of} {first.words}" if of else f"{first.name} {first.words}"
    same = [each.name for each in others if each.words == first.words]
    its = "its " if of else ""
    if same:
        words += f"; the same goes for {its}{join_words(same)}"
    return "; ".join((words, *(f"{its}{each.name} {each.words}" for each in others if each.name not in same)))


@rule(
    "odd-keys",
    Severity.WARNING,
    "Keys of a form that AWS does not give",
    cause="A part of the key id or the secret was lost when it was copied, or something follows it. Key "
    "ids of AWS have 20 characters, their secrets 40.",
    consequence="AWS probably refuses every command with these profiles: InvalidClientTokenId or "
    "SignatureDoesNotMatch",
    cure="Enter both again; a secret that is lost cannot be looked up: create a new key.",
)
def odd_keys(context: RuleContext) -> Iterator[Occurrence]:
    """Find static keys that are probably cut off, where no other service than AWS is called with them."""
    for name, report in context.snapshot.profiles.items():
        found = doubted(context, report)
        if found:
            quoted = Quoted(context.snapshot, name)
            names = tuple(each.name for each in found)
            yield Occurrence(
                Subject(SubjectKind.PROFILE, name),
                _said(found, f" of {name}"),
                edit_fix(quoted, _AGAIN, *names),
                quoted.place(*names),
                quoted.lines(*names),
                profiles=(name, *context.snapshot.dependants.get(name, ())),
            )


def doubted(context: RuleContext, report: ProfileReport) -> tuple[Misfit, ...]:
    """Return what is likely wrong with the static keys of a profile, where nothing is certain."""
    hop = report.chain[0]
    if hop.provider not in _STATIC or hop.profile in context.snapshot.expiry_calculator.elsewhere:
        return ()
    return _likely(key_misfits_of(hop.settings))


def _likely(found: tuple[Misfit, ...]) -> tuple[Misfit, ...]:
    """Return what is likely wrong; nothing where something is certain, which another rule tells."""
    return found if all(each.weight is Weight.LIKELY for each in found) else ()


@rule(
    "env-bad-keys",
    Severity.ERROR,
    "Keys in the environment that AWS refuses",
    cause="The value has more in it than the key: a line break of a file or a secret store, `-n ` of echo, "
    "quotes that docker's --env-file keeps, the word null that jq printed, a placeholder, the key of another "
    "service; or the two are swapped.",
    consequence="AWS refuses every command that names no profile",
    cure="Export them again without it; `printf %s` writes a text and nothing after it.",
    explains=[Cause.ENVIRONMENT_BAD_KEYS],
)
def bad_variables(context: RuleContext) -> Iterator[Occurrence]:
    """All that is wrong with one set of keys is one finding."""
    found = context.snapshot.expiry_calculator.bad_variables()
    if found:
        names = [each.name for each in found]
        can_be_sent = all(each.weight is not Weight.CLIENT for each in found)
        yield Occurrence(
            variable(names[0]),
            _said(found),
            _cleaned(context, found),
            evidence=variable_lines(context, *names),
            consequence=""
            if can_be_sent
            else "every command that names no profile fails before it is sent: Invalid header value",
            profiles=stopped(context, Cause.ENVIRONMENT_BAD_KEYS),
        )


@rule(
    "env-odd-keys",
    Severity.WARNING,
    "Keys in the environment of a form that AWS does not give",
    cause="A part of the key id or the secret was lost when it was copied, or something follows it.",
    consequence="AWS probably refuses every command that names no profile: InvalidClientTokenId or "
    "SignatureDoesNotMatch",
    cure="Export both again, whole.",
)
def odd_variables(context: RuleContext) -> Iterator[Occurrence]:
    """Find keys in the environment that are probably cut off."""
    key, secret = (variable_value(context, name) for name in KEY_VARIABLES[:2])
    if not key or not secret or None in context.snapshot.expiry_calculator.elsewhere:
        return
    found = _likely(key_misfits(key, secret, None, (*KEY_VARIABLES[:2], KEY_VARIABLES[3])))
    account = SHAPES["aws_account_id"].misfit(variable_value(context, _ACCOUNT))
    if account is not None and variable_value(context, _ACCOUNT):
        found = (*found, Misfit(_ACCOUNT, "is not an account id, which has 12 digits"))
    if found:
        names = [each.name for each in found]
        yield Occurrence(
            variable(names[0]),
            _said(found),
            fixes.manual("export the keys again, whole"),
            evidence=variable_lines(context, *names),
        )


def _cleaned(context: RuleContext, found: tuple[Misfit, ...]) -> Fix:
    """Return a fix that takes out what is too much, without a key on the line, or unsets the keys."""
    shell = asker(context.snapshot.host).shell
    names = join_words([each.name for each in found])
    lines: list[str] = []
    changes: dict[str, str | None] = {}
    for each in found:
        line = cleaning_line(each.name, variable_value(context, each.name), each.right, shell)
        if line is None:
            break
        lines.append(line)
        changes[each.name] = each.right
    else:
        return fixes.run(f"export {names} again without it", "; ".join(lines), changes)
    if _is_swapped(found):
        line = swapping_line(found[0].name, found[1].name, shell)
        words = f"swap {names}"
        changes.update({each.name: each.right for each in found})
        return fixes.run(words, line, changes) if line is not None else fixes.manual(words)
    if all(each.right is not None for each in found):
        return fixes.manual(f"export {names} again, corrected")
    return unset_keys(context, "unset the keys in this shell, or export them again")
