"""``credential_process``: what ``causes`` reports of it, and what only a shell would read in its command."""

import errno
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from rolecall.aws import credential_process
from rolecall.aws.credential_process import KEY, Program, Unread
from rolecall.aws.providers import Provider, Tool
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed, nearest
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.rules.build import (
    QuotedCause,
    edit_fix,
    in_form,
    is_plain_value,
    put,
    setting_occurrence,
)
from rolecall.doctor.sections import Passage
from rolecall.host import Host
from rolecall.text import elide, inert, mask_name
from rolecall.values import dataclass

_DRIVE = re.compile(r"[\"']?[A-Za-z]:[\\/]")
_WIDEST = 80
"""Characters of a program's name that are shown, at most."""


def bad_process(it: QuotedCause) -> Occurrence:
    """Report a command that AWS tools cannot split into words."""
    command = it.shown(KEY)
    what = f"that cannot be split into words: {command}" if command.strip() else "that is empty"
    fix = it.edit("write a command that prints the credentials", KEY)
    return it.occurrence(f"{it.name} has a credential_process {what}", fix, KEY)


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a program cannot be started.

    Attributes:
        words: the reason, as the end of a sentence.
        cure: what to do, in the imperative.
        right: the command as it should be, where that is known.
        is_of_system: whether the command is right, and the program is to be mended or installed.
    """

    words: str
    cure: str
    right: str | None = None
    is_of_system: bool = False


def program(it: QuotedCause) -> Occurrence:
    """Report a program that cannot be started: once, however many profiles start it."""
    every = it.snapshot.profiles
    names = dict.fromkeys(str(every[name].chain[-1].profile) for name in it.profiles)
    namers = [Quoted(it.snapshot, name) for name in names]
    first = namers[0]
    command = str(every[first.name].values[KEY])
    host, found = it.snapshot.host, Program.of(it.snapshot.host, command)
    assert found is not None  # noqa: S101 - for the type checker: it has been found before
    why = _of_text(host, found, command) or _of_file(host, found) or _of_name(host, found)
    fix = edit_fix(first, why.cure, KEY)
    right = Program.of(host, why.right or "")
    starts = right is not None and right.code is None
    if starts and why.right is not None and is_plain_value(KEY, why.right) and len(namers) == 1:
        fix = fixes.change(why.cure, first.name, {KEY: why.right}, first.role(KEY))
    elif why.is_of_system:
        fix = fixes.manual(why.cure)
    return it.occurrence(
        f"the credential_process of {listed(names)} starts {_shown(found.name)}, {why.words}",
        fix,
        KEY,
        subject=Subject(SubjectKind.PROFILE, first.name),
        quotes=namers,
    )


def _shown(name: str) -> str:
    return elide(inert(mask_name(name)), _WIDEST)


def _of_text(host: Host, found: Program, command: str) -> _Reason | None:
    """Return the reason in how the command is written, or None."""
    name = found.name
    if found.platform != "win32" and _DRIVE.match(command):
        is_eaten = "\\" in command and "\\" not in name
        words = "because outside quotes a backslash only quotes the next character" if is_eaten else ""
        cure = "write the path as this system has it (in WSL: /mnt/c/…, with slashes)"
        return _Reason(words or "a path of Windows, which this system does not know", cure)
    if name.startswith("~") or "$" in name or "`" in name:
        whole = host.expand(name)
        right = command.replace(name, whole, 1) if whole != name and command.startswith(name) else None
        words = "which AWS tools do not expand: they start no shell"
        return _Reason(words, f"write {_shown(name)} in full", right)
    if len(name.split()) > 1 and found.path is None:
        inner = command.strip()[1:-1]
        is_all = len(found.words) == 1 and not set(inner) & set("'\"\\")
        words = "because quotes make it one word"
        return _Reason(words, "write the command without the quotes around it", inner if is_all else None)
    if credential_process.is_word_of_shell(name):
        words = "which only a shell understands, and AWS tools start none"
        before = "write `env` before it, or " if "=" in name else ""
        return _Reason(words, f"{before}let a shell run it: `sh -c '…'`")
    return None


def _of_file(host: Host, found: Program) -> _Reason | None:
    """Return the reason in the file that was found, or None where there is none."""
    if found.path is None:
        return None
    shown = host.display(found.path)
    if found.interpreter is not None:
        plain = found.interpreter.replace("\r", "")
        if plain != found.interpreter:
            words = f"whose first line ends in a carriage return after {plain} ({shown})"
            return _Reason(words, f"save {shown} with the line ends of Linux", is_of_system=True)
        state = "is not there" if found.code == errno.ENOENT else "cannot be started"
        words = f"whose interpreter {plain} {state} ({shown})"
        return _Reason(words, f"correct the first line of {shown}", is_of_system=True)
    if found.code == errno.ENOEXEC:
        words = f"which is no program, and no script that names its interpreter ({shown})"
        return _Reason(words, "name the interpreter in the script's first line", is_of_system=True)
    if found.path.is_dir():
        return _Reason("which is a directory", "name the program in it")
    return _Reason(f"which may not be executed ({shown})", f"make {shown} executable", is_of_system=True)


def _of_name(host: Host, found: Program) -> _Reason:
    """Return the reason for a program that is not there."""
    if not credential_process.is_path(found.name, found.platform):
        words = f"install {_shown(found.name)}, or write its whole path"
        return _Reason("which is not on the PATH of this shell", words, is_of_system=True)
    if found.platform != "win32" and not found.name.startswith("/"):
        where = host.display(Path.cwd())
        words = f"a relative path, which is not there from the current directory, {where}"
        return _Reason(words, "write its whole path")
    state = "below something that is no directory" if found.code == errno.ENOTDIR else "which does not exist"
    return _Reason(state, "correct the path, or install the program")


def loop(it: QuotedCause) -> Occurrence:
    """Report a process that comes back to its own profile by way of the AWS CLI."""
    ring = [Quoted(it.snapshot, name) for name in it.subjects] or [it.quoted]
    first = ring[0]
    command = it.snapshot.profiles[first.name].values[KEY]
    asks = credential_process.asks(it.snapshot.host, command)
    tool = asks.tool if asks is not None else "aws"
    if len(ring) > 1:
        words = f"the credential_process of {' and of '.join(each.name for each in ring)} ask for one another"
    elif asks is not None and asks.profile is not None:
        words = f"the credential_process of {first.name} runs {tool}, which asks for {asks.profile} again"
    else:
        words = (
            f"the credential_process of {first.name} runs {tool} without --profile, which asks for "
            f"{first.name} again"
        )
    fix = edit_fix(first, "name a profile that has other credentials", KEY)
    return it.occurrence(words, fix, KEY, subject=Subject(SubjectKind.PROFILE, first.name), quotes=ring)


def missing_profile(it: QuotedCause) -> Occurrence:
    """Report a process that runs the AWS CLI for a profile that does not exist."""
    command = it.snapshot.profiles[it.name].values[KEY]
    asks = credential_process.asks(it.snapshot.host, command)
    name = str(asks.profile) if asks is not None else ""
    guess = nearest(name, (each for each in it.snapshot.profiles if each != it.name))
    hint = f" ({mask_name(guess)} is probably meant)" if guess is not None else ""
    place = "in it" if asks is not None and asks.tool == "rolecall" else "after --profile"
    fix = it.edit(f"correct the name {place}{hint}", KEY)
    asked = f"profile {mask_name(name)}, which does not exist" if name else "a profile without a name"
    words = f"the credential_process of {it.name} asks for {asked}"
    return it.occurrence(words, fix, KEY)


def no_credentials(it: QuotedCause) -> Occurrence:
    """Report a process that runs the AWS CLI for whatever this shell uses, which gives no credentials."""
    asks = credential_process.asks(it.snapshot.host, it.snapshot.profiles[it.name].values[KEY])
    tool = asks.tool if asks is not None else "aws"
    here = it.snapshot.default_session[Tool.CLI_V2].profile
    uses = f"{mask_name(here)}, which has none" if here is not None else "what this shell has, which is none"
    words = f"the credential_process of {it.name} asks {tool} for credentials without --profile: of {uses}"
    return it.occurrence(words, it.edit("add --profile, and a profile that has credentials", KEY), KEY)


@rule(
    "tilde-in-command",
    Severity.WARNING,
    "An argument of a command that is not expanded",
    cause="AWS tools start a credential_process without a shell: nothing expands `~` or `$HOME` in its "
    "arguments, unless the program does so itself.",
    consequence="the program gets the text as it is written, and most programs then find no such file",
    cure="Write the path in full, or let a shell run it: `sh -c '…'`.",
)
def tilde_in_command(context: RuleContext) -> Iterator[Occurrence]:
    """Find arguments that only a shell would expand."""
    for passage, command, unread in _unread(context):
        if unread.paths:
            shown = listed(unread.paths)
            right = credential_process.expanded(context.snapshot.host, command)
            words = f"write {shown} in full"
            fix = put(passage, KEY, {KEY: right}, words) if right != command else in_form(passage, KEY, words)
            message = f"the credential_process of {passage.of} has {shown} in it, which nothing expands"
            yield setting_occurrence(context, passage, KEY, message, fix)


@rule(
    "shell-in-command",
    Severity.WARNING,
    "A command with a pipe or a substitution that no shell reads",
    cause="AWS tools start a credential_process without a shell: `|`, `&&`, `;`, `>` and `$(…)` are passed "
    "to the program as arguments.",
    consequence="the program gets arguments that it does not expect, and most programs then fail",
    cure="Let a shell run it (`sh -c '…'`), or put the command into a script.",
)
def shell_in_command(context: RuleContext) -> Iterator[Occurrence]:
    """Find what only a shell would read."""
    for passage, _, unread in _unread(context):
        if unread.operators:
            shown = listed(unread.operators)
            fix = in_form(passage, KEY, "let a shell run it (`sh -c '…'`), or put it into a script")
            message = f"the credential_process of {passage.of} has {shown} in it, but no shell runs it"
            yield setting_occurrence(context, passage, KEY, message, fix)


def _unread(context: RuleContext) -> Iterator[tuple[Passage, str, Unread]]:
    for passage, key in context.suspects.odd:
        command = passage.values[key]
        if key == KEY and isinstance(command, str) and passage.line(key) is not None:
            yield passage, command, credential_process.unread(command, context.snapshot.host.platform)


@rule(
    "process-of-another",
    Severity.WARNING,
    "A process of granted that names another profile",
    cause="`granted credential-process --profile NAME` was copied from another profile with its name.",
    consequence="commands with this profile get the other one's credentials; its own granted_ settings are "
    "not used",
    cure="Write the profile's own name after --profile.",
)
def process_of_another(context: RuleContext) -> Iterator[Occurrence]:
    """Told only where the profile has settings of granted itself: else it may be a second name on purpose."""
    for name, values in context.snapshot.merged.by_name.items():
        command = values.get(KEY)
        if not isinstance(command, str) or "granted" not in command:
            continue
        found = _GRANTED.search(command)
        other = found["name"].strip("\"'") if found is not None else name
        if found is not None and other != name and any(key.startswith("granted_") for key in values):
            quoted = Quoted(context.snapshot, name)
            start, end = found.span("name")
            right = f"{command[:start]}{shlex.quote(name)}{command[end:]}"
            words = f"write {mask_name(name)} after --profile"
            fix = edit_fix(quoted, words, KEY)
            if is_plain_value(KEY, right):
                fix = fixes.change(words, name, {KEY: right}, quoted.role(KEY))
            yield Occurrence(
                Subject(SubjectKind.PROFILE, name),
                f"the credential_process of {mask_name(name)} asks granted for {mask_name(other)}",
                fix,
                quoted.place(KEY),
                quoted.lines(KEY),
                profiles=(name,),
            )


_GRANTED = re.compile(
    r"granted(?:\.exe)?[\"']?\s+credential-process\b.*?\s--profile[= ]+(?P<name>\"[^\"]+\"|'[^']+'|\S+)"
)


@rule(
    "script-asks-again",
    Severity.WARNING,
    "A script of a credential_process that runs the AWS CLI without a profile",
    cause="The script calls `aws` without --profile, and this profile is the one that is used then. The AWS "
    "CLI looks for credentials even for calls that need none, such as assume-role-with-web-identity.",
    consequence="the script starts itself again and again, until the system refuses to start another process",
    cure="Name a profile in the script, unset AWS_PROFILE there, or give this process to another profile "
    "than the default one.",
)
def script_asks_again(context: RuleContext) -> Iterator[Occurrence]:
    """Read only where this profile is what a command without --profile uses; what a script does is unsure."""
    snapshot = context.snapshot
    last = snapshot.default_session[Tool.BOTO3].resolution.chain[-1:]
    if not last or last[0].provider != Provider.PROCESS or last[0].profile not in snapshot.profiles:
        return
    name = str(last[0].profile)
    found = Program.of(snapshot.host, last[0].settings[KEY])
    line = credential_process.line_that_asks(found) if found is not None else None
    if found is None or line is None:
        return
    shown = snapshot.host.display(str(found.path))
    quoted = Quoted(snapshot, name)
    yield Occurrence(
        Subject(SubjectKind.PROFILE, name),
        f"the credential_process of {mask_name(name)} runs `aws` without --profile in {shown}, line {line}, "
        f"which asks for {mask_name(name)} again",
        fixes.manual(f"name a profile with other credentials in line {line} of {shown}"),
        quoted.place(KEY),
        quoted.lines(KEY),
        profiles=(name, *_asking_for(context, name)),
    )


def _asking_for(context: RuleContext, name: str) -> Iterator[str]:
    """Yield the profiles whose process asks the AWS CLI for a profile, by name or as what is used here."""
    for report in context.snapshot.profiles.values():
        last = report.chain[-1]
        if report.name == name or last.provider != Provider.PROCESS:
            continue
        asks = credential_process.asks(context.snapshot.host, last.settings[KEY])
        if last.profile == name or (asks is not None and asks.profile in (None, name)):
            yield report.name
