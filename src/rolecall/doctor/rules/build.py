"""Functions with which rules build their findings: about a setting, a variable, a file, a root cause."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TypedDict

from rolecall.aws import client_checks, identifiers, neighbours
from rolecall.aws.config_file import ConfigFile, Value
from rolecall.aws.expiry import State
from rolecall.aws.line_edits import LineEdit
from rolecall.aws.neighbours import MARKS
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, PredictedError, Tool
from rolecall.aws.settings import Type, setting
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable, VariableStatus
from rolecall.aws.write_access import Obstacle
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, join_words, listed, one_of, said
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind
from rolecall.doctor.fixes import Fix
from rolecall.doctor.root_cause import RootCause
from rolecall.doctor.sections import Passage
from rolecall.host import Host
from rolecall.messages import obstacles
from rolecall.shells import UnspeakableError, set_line
from rolecall.text import inert, is_secret_name, mask
from rolecall.values import dataclass
from rolecall.which_shell import asker


class _Certainty(TypedDict, total=False):
    severity: Severity
    consequence: str


_ODD = "\"'#;[]{}<>$`"
"""What no valid value begins or ends with."""
COMMENT = re.compile(r"(?:^|(?<!\s)\s+)[#;].*", re.DOTALL)
"""What people mean as a comment after a value, with either sign that begins one."""


def setting_occurrence(
    context: RuleContext,
    passage: Passage,
    key: str,
    message: str,
    fix: Fix,
    *,
    evidence: tuple[str, ...] = (),
) -> Occurrence:
    """Return what a rule reports about a setting; its line is the evidence, if no other is given."""
    return Occurrence(
        subject_of(passage),
        message,
        fix,
        place_in(passage.file, passage.line(key)),
        evidence or (passage.quote(context.snapshot.host, key),),
        profiles=passage.profiles,
        **_certainty(context, passage, key),
    )


def _certainty(context: RuleContext, passage: Passage, key: str) -> _Certainty:
    """Return what makes the finding an error where tools that are used refuse the value at every command."""
    value = passage.values.get(key)
    in_force = context.snapshot.merged.by_name.get(passage.name, {}).get(key)
    if passage.is_session or value is None or value != in_force:
        return {}
    refusing = client_checks.refused_by(key, value, context.snapshot.host.environ)
    if not refusing:
        return {}
    resolutions = context.snapshot.profiles[passage.name].resolutions
    if all(resolutions[tool].is_spared for tool in refusing):
        return {"consequence": refused(refusing, passage.of)}
    return {"severity": Severity.ERROR, "consequence": refused(refusing, passage.of)}


def refused(refusing: Mapping[Tool, PredictedError], name: str = "") -> str:
    """Return the consequence of a value over which tools fail at every command."""
    fault = next(iter(refusing.values()))
    of = "" if len(refusing) == len(Tool) else f" of {join_words(tool.label for tool in refusing)}"
    uses = f" with {name}" if name else ""
    return f"every command{of}{uses} fails with {fault.error}: {mask(inert(fault.message))}"


def guess_of(meant: Sequence[str]) -> str:
    """Say which values are probably meant, to follow what is wrong; nothing where there is no guess."""
    if not meant:
        return ""
    return f"; {one_of(meant)} {'is probably' if len(meant) == 1 else 'may be'} meant"


def subject_of(passage: Passage) -> Subject:
    """Return the subject of a finding about a section."""
    return Subject(SubjectKind.SESSION if passage.is_session else SubjectKind.PROFILE, passage.name)


def place_in(file: ConfigFile, line: int | None = None) -> Location | None:
    """Return a place in a file; None where there is no such file."""
    return Location(file.path, line) if file.path is not None else None


def put(passage: Passage, key: str, changes: Mapping[str, str | None], words: str) -> Fix:
    """Return a fix that sets and unsets settings of the profile, in the file that has the key.

    A secret is never put on a command line, and no command edits an sso-session: then it opens the editor.
    """
    is_plain = all(value is None or is_plain_value(name, value) for name, value in changes.items())
    if passage.is_session or not is_plain:
        return in_editor(passage, key, words)
    return fixes.change(words, passage.name, changes, passage.file.role)


def is_plain_value(name: str, value: str) -> bool:
    """Whether a value may be in a line to be run: nothing secret, and nothing that is wrong in itself.

    A value from a file or a variable may contain quotes, a comment or a zone; a fix must not copy those.
    """
    if is_secret_name(name) or mask(value) != value or not value or value != value.strip():
        return False
    about = setting(name)
    if about.type is Type.REGION and not identifiers.is_region(value):
        return identifiers.meant_region(value) is None and value.isalnum()
    is_command = about.type is Type.COMMAND
    return value.isprintable() and (
        is_command or not (value[0] in _ODD or value[-1] in _ODD or COMMENT.search(value))
    )


def in_editor(passage: Passage, key: str, words: str) -> Fix:
    """Return a fix that opens the editor at the line of a setting."""
    return open_file(passage.file, passage.line(key), f"{words} (in the editor)")


def in_form(passage: Passage, key: str, words: str) -> Fix:
    """Return a fix that opens the profile's form, for what only the user knows; a session has no form."""
    if passage.is_session:
        return in_editor(passage, key, words)
    return replace(fixes.edit(words, passage.name, key), role=passage.file.role)


def open_file(file: ConfigFile, line: int | None, words: str) -> Fix:
    """Return a fix that opens the editor at a line of one of the two files."""
    return fixes.open_at(words, file.path, line) if file.path is not None else fixes.manual(words)


def rewrite(file: ConfigFile, edit: LineEdit | None, words: str, line: int | None = None) -> Fix:
    """Return a fix that writes lines anew; where there is no such edit, one that opens the editor."""
    if edit is None or file.path is None:
        return open_file(file, edit.line if edit is not None else line, words)
    return fixes.rewrite(words, file, edit)


def files_in_force(context: RuleContext) -> tuple[ConfigFile, ...]:
    """Return the two files; none if one does not parse, because AWS tools then know no profile."""
    return context.snapshot.files if context.snapshot.merged.broken_file is None else ()


_MANY = 5
"""Profiles that are quoted as evidence for one error, at most."""


@dataclass(frozen=True)
class QuotedCause:
    """A root cause that a rule reports, with the settings in the files.

    Attributes:
        context: what rules look at.
        root: the root cause.
        number: how many of the same kind come before it.
    """

    context: RuleContext
    root: RootCause
    number: int

    @property
    def snapshot(self) -> Snapshot:
        """The Snapshot."""
        return self.context.snapshot

    @property
    def name(self) -> str:
        """The name of the culprit: a profile, a session, a variable or a file."""
        return self.root.culprit

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles that it stops."""
        return self.root.profiles

    @property
    def fault(self) -> PredictedError | None:
        """The error that AWS tools raise offline, or None."""
        return self.root.fault

    @property
    def subjects(self) -> tuple[str, ...]:
        """The settings that are wrong or missing, where a profile is the culprit."""
        return self.fault.subjects if self.fault is not None else ()

    @property
    def subject(self) -> str:
        """The first of them."""
        return self.subjects[0]

    @property
    def profile(self) -> str:
        """The profile with the wrong settings, which may not be the culprit."""
        return str(self.root.hop.profile) if self.root.hop is not None else self.profiles[0]

    @property
    def values(self) -> Mapping[str, Value]:
        """The settings of that profile, as AWS tools use them."""
        return self.root.hop.settings if self.root.hop is not None else {}

    @property
    def problem(self) -> str | None:
        """What is wrong with the cache file, where it is one."""
        return self.root.file.problem if self.root.file is not None else None

    @property
    def expires_at(self) -> datetime | None:
        """When the credentials in the cache file expire."""
        return self.root.file.expires_at if self.root.file is not None else None

    @cached_property
    def quoted(self) -> Quoted:
        """The settings of the profile that is the culprit, with their places."""
        return Quoted(self.snapshot, self.name)

    def shown(self, key: str) -> str:
        """Return one of its settings as it may be shown."""
        return self.quoted.shown(key)

    def sets(self, key: str) -> bool:
        """Whether it has a setting."""
        return key in self.quoted.settings

    def edit(self, words: str, *keys: str) -> Fix:
        """Return a fix that opens the form over the file that has the first of these keys."""
        return edit_fix(self.quoted, words, *keys)

    def occurrence(
        self,
        message: str,
        fix: Fix,
        *keys: str,
        subject: Subject | None = None,
        quotes: Sequence[Quoted] = (),
        more: Iterable[str] = (),
    ) -> Occurrence:
        """Return what a rule reports.

        Args:
            message: what is wrong.
            fix: what repairs it.
            keys: the settings at fault; the place of the first one is the finding's.
            subject: what it is about; None for the profile that is the culprit.
            quotes: the profiles that have these settings; none for the culprit alone.
            more: further evidence.
        """
        sources = quotes or (self.quoted,)
        lines = (line for each in sources[:_MANY] for line in each.lines(*keys))
        return Occurrence(
            subject or Subject(SubjectKind.PROFILE, self.name),
            message,
            fix,
            sources[0].place(*keys),
            (*lines, *more, *said(self.fault)),
            consequence=_where_cached(self.snapshot, self.root),
            profiles=self.profiles,
        )


def _where_cached(snapshot: Snapshot, root: RootCause) -> str:
    """Return the consequence where it differs from the rule's: some profiles fail in boto3 only.

    The AWS CLI caches roles on disk, and does not look at their source while the cached role is valid.
    """
    reports = (snapshot.profiles[name] for name in root.profiles)
    cached = [each.name for each in reports if _is_cached(each)]
    if not cached:
        return ""
    others = (
        "" if len(cached) == len(root.profiles) else "every command with these profiles fails, except for "
    )
    has = "has the role" if len(cached) == 1 else "has the roles"
    return f"{others}{listed(cached)}: the AWS CLI {has} cached until it expires, and only boto3 fails now"


def _is_cached(report: ProfileReport) -> bool:
    fails_in_boto3 = report.resolution.fault is not None
    works_in_cli = report.resolutions[Tool.CLI_V2].fault is None and report.expiry.state is State.VALID
    return fails_in_boto3 and works_in_cli and report.expiry.renewed_early


def edit_fix(quoted: Quoted, words: str, *keys: str) -> Fix:
    """Return a fix that opens the form at the first of these keys, over the file that has it."""
    return replace(fixes.edit(words, quoted.name, next(iter(keys), None)), role=quoted.role(*keys))


def new_keys(snapshot: Snapshot, name: str) -> str:
    """Return in words how a profile gets new temporary keys: by the command of the tool that wrote them."""
    values = snapshot.merged.by_name.get(name, {})
    tools = neighbours.writers(name, values, snapshot.profiles)
    command = neighbours.renewal(tools, shlex.quote(name))
    if command is None:
        return "paste new keys, or run the tool that wrote them"
    if len(tools) == 1:
        return f"run `{command}`, which wrote them, or paste new keys"
    return f"run the tool that wrote them (probably `{command}`), or paste new keys"


def obstacle_fix(host: Host, obstacle: Obstacle) -> Fix:
    """Return a fix that clears what stands in the way of writing; advice where another account has to."""
    found = obstacles.line(host, obstacle)
    return fixes.run(*found) if found is not None else fixes.manual(obstacles.advice(host, obstacle))


KEY_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_SESSION_EXPIRATION",
    "AWSUME_EXPIRATION",
    "AWS_SSO_SESSION_EXPIRATION",
    "AWS_ACCOUNT_ID",
)
"""All that belongs to one set of keys: a part that stays when the keys go would be wrong for new keys."""


def variable(name: str) -> Subject:
    """Return a variable as the subject of a finding."""
    return Subject(SubjectKind.VARIABLE, name)


def variable_value(context: RuleContext, name: str) -> str:
    """Return a variable's value; empty where it is not set."""
    return context.snapshot.host.environ.get(name, "")


def names_set(context: RuleContext, names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the variables that are set, even to an empty string."""
    return tuple(name for name in names if name in context.snapshot.host.environ)


def variable_lines(context: RuleContext, *names: str) -> tuple[str, ...]:
    """Return the variables that are set as evidence: ``AWS_PROFILE=prod``, secrets masked."""
    shown = {each.name: each.shown for each in context.snapshot.variables}
    return tuple(f"{name}={shown[name]}" for name in names if name in shown)


def judged(context: RuleContext, verdict: VariableStatus, *names: str) -> Iterator[Variable]:
    """Yield the variables with this status: of those that are named, or of all."""
    for each in context.snapshot.variables:
        if each.verdict is verdict and (not names or each.name in names):
            yield each


def unset_keys(context: RuleContext, words: str) -> Fix:
    """Return a fix that unsets the keys in this shell with all that belongs to them, prompt variables too."""
    names = dict.fromkeys(names_set(context, (*KEY_VARIABLES, *MARKS)))
    return fixes.unset(context.snapshot.host, *names, words=words)


def keys_again(context: RuleContext) -> str | None:
    """Return the command of the tool that gave this shell its keys, as it is quoted; None for no tool."""
    command = neighbours.in_shell(context.snapshot.host.environ)
    return None if command is None or mask(command) != command else f"`{command}`"


def set_variable(context: RuleContext, words: str, name: str, text: str) -> Fix:
    """Return a fix that sets a variable in this shell; as advice where no line can or may hold the value."""
    shell = asker(context.snapshot.host).shell
    if shell is None or mask(text) != text:  # what looks like a secret is on no line
        return fixes.manual(words)
    try:
        return fixes.run(words, set_line(name, text, shell), {name: text})
    except UnspeakableError:
        return fixes.manual(words)


def stopped(context: RuleContext, *causes: Cause, culprit: str | None = None) -> tuple[str, ...]:
    """Return the profiles that cannot work now because of the environment.

    Keys stop only those of ``credential_source = Environment``: a profile chosen by name ignores them.

    Args:
        context: what rules look at.
        causes: what is wrong with it.
        culprit: the variable; None where the rule has but one finding.
    """
    names = (
        name
        for cause in causes
        for root in context.root_causes.get(cause, ())
        if culprit in (None, root.culprit)
        for name in root.profiles
    )
    return tuple(dict.fromkeys(names))
