"""The shape of everything that is printed as JSON (schema ``rolecall/1``); ``docs/schema`` is made from it.

Names are fixed; further names may come; secrets are masked. Nothing imports this as it runs: the functions
that make the objects are checked against it by the type checker, and their output by the tests.
"""

from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from rolecall.actions.clear_cost import Cost
from rolecall.actions.populate import Status
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.config_file import FileKind, FileStatus
from rolecall.aws.expiry import After, State
from rolecall.aws.logins import LoginKind
from rolecall.aws.profiles import OriginKind
from rolecall.aws.providers import Tool
from rolecall.aws.settings import Kind
from rolecall.aws.variables import VariableStatus
from rolecall.doctor.finding import Severity, SubjectKind
from rolecall.steps import StepStatus
from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format of JSON Schema, and the pattern of such texts here."""

    name: str
    pattern: str


Time: TypeAlias = Annotated[str, Format("date-time", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
"""A time in UTC, as in ``2026-03-01T12:00:00Z``."""
ByTool: TypeAlias = Annotated[str, Tool]


class ExpiryJson(TypedDict):
    """When something expires, and what happens afterwards.

    Attributes:
        at: null where no time is known.
        after: what happens at the next use after the expiry.
        source: what says so, a file or a variable; null where nothing does.
        reason: why it is broken, or cannot be fetched again.
    """

    state: Annotated[str, State]
    at: Time | None
    after: Annotated[str, After]
    source: str | None
    reason: str | None


class FaultJson(TypedDict):
    """An error that AWS tools raise.

    Attributes:
        error: botocore's exception class name.
        message: botocore's own message.
    """

    error: str
    message: str | None


class ResolutionJson(TypedDict):
    """Which provider answers, or which error is raised.

    Attributes:
        provider: botocore's METHOD name; null where none answers.
        error: botocore's exception class name; ``NoCredentialsError`` where nothing answers.
    """

    provider: str | None
    error: str | None
    message: str | None


class AnswerJson(ResolutionJson):
    """Which provider answers in one tool, and what is raised afterwards.

    Attributes:
        on_use: what the first call raises although a provider answered.
    """

    on_use: FaultJson | None


class RegionJson(TypedDict):
    """The region of one tool.

    Attributes:
        region_asked: whether the tool asks instance metadata for a region.
    """

    region: str | None
    region_asked: bool


class ToolJson(AnswerJson, RegionJson):
    """How one tool reads a profile."""


class SessionJson(ToolJson):
    """What a command without ``--profile`` would use here.

    Attributes:
        variable: the variable that names the profile.
    """

    profile: str | None
    variable: str | None
    expiry: ExpiryJson


class FileJson(TypedDict):
    """One of the two files.

    Attributes:
        path: null where a variable names no file.
        line: the line of botocore's error.
    """

    path: str | None
    role: Annotated[str, FileKind]
    status: Annotated[str, FileStatus]
    error: str | None
    line: int | None


class HopJson(TypedDict):
    """One hop of a chain, from the profile to where its credentials start."""

    profile: str | None
    provider: str | None
    role_arn: str | None


class ProfileJson(TypedDict):
    """One profile.

    Attributes:
        resolution: what an explicit choice of the profile gives in boto3.
        cache_file: the base name of the AWS CLI's cache file.
        access_key: its last four characters.
        account: the account id, where the settings or the key say it.
    """

    name: str
    kind: Annotated[str, Kind]
    resolution: ResolutionJson
    chain: list[HopJson]
    cache_file: str | None
    region: str | None
    expiry: ExpiryJson
    access_key: str | None
    account: str | None
    tools: dict[ByTool, ToolJson]


class ListAnswer(TypedDict):
    """``rolecall list``: the files and the profiles."""

    files: list[FileJson]
    profiles: list[ProfileJson]


class OriginJson(TypedDict):
    """Where a setting comes from."""

    kind: Annotated[str, OriginKind]
    path: str
    section: str
    line: int | None


class SettingJson(TypedDict):
    """A setting; what may be secret is masked."""

    name: str
    value: str
    origin: OriginJson


class UsedSettingJson(SettingJson):
    """A setting that AWS tools use.

    Attributes:
        shadowed: the same setting in other places, which it overrides.
    """

    shadowed: list[SettingJson]


class ShowAnswer(ProfileJson):
    """``rolecall show``: a profile with its settings.

    Attributes:
        lost: settings that are in a file, and that AWS tools never see.
    """

    settings: list[UsedSettingJson]
    lost: list[SettingJson]


class VariableJson(TypedDict):
    """An AWS variable of this environment."""

    name: str
    value: str
    verdict: Annotated[str, VariableStatus]
    effect: str


class EnvAnswer(TypedDict):
    """``rolecall env``: the variables, and what a command without ``--profile`` would use."""

    variables: list[VariableJson]
    ambient: dict[ByTool, SessionJson]


class EntryJson(TypedDict):
    """A cache file of the AWS tools.

    Attributes:
        orphan: whether no profile uses it.
        collision: whether profiles with different sources share it.
    """

    path: str
    kind: Annotated[str, CacheKind]
    state: Annotated[str, State]
    expires_at: Time | None
    after: Annotated[str, After]
    identity: str | None
    profiles: list[str]
    problem: str | None
    orphan: bool
    collision: bool


class CacheAnswer(TypedDict):
    """``rolecall cache list``: the cache files."""

    entries: list[EntryJson]


class DeletionJson(TypedDict):
    """A deletion that is planned.

    Attributes:
        real_path: differs where the directory is a link.
        cost: what its profiles then need to work again.
    """

    path: str
    real_path: str
    kind: Annotated[str, CacheKind]
    profiles: list[str]
    cost: Annotated[str, Cost]
    words: str


class LeftJson(TypedDict):
    """A file that was left alone, and why."""

    path: str
    reason: str


class ClearAnswer(TypedDict):
    """``rolecall cache clear``: the planned deletions and their results.

    Attributes:
        judged_by: the files that decide which profiles use an entry.
    """

    planned: list[DeletionJson]
    deleted: list[str]
    left: list[LeftJson]
    judged_by: list[str]
    dry_run: bool


class FixJson(TypedDict):
    """What to do.

    Attributes:
        run: the line that does it in a shell; null if no command does.
    """

    words: str
    run: str | None


class FindingJson(TypedDict):
    """Something wrong.

    Attributes:
        code: the stable name of the rule: see docs/findings.md.
        subject: what it is about: a profile's, a variable's or a session's name, a header, a file's name.
        profiles: the profiles that it affects.
    """

    code: str
    severity: Annotated[str, Severity]
    subject: str
    about: Annotated[str, SubjectKind]
    path: str | None
    line: int | None
    message: str
    evidence: list[str]
    consequence: str
    profiles: list[str]
    fix: FixJson


class CountsJson(TypedDict):
    """How many findings there are of each severity."""

    error: int
    warning: int
    info: int


class StepJson(TypedDict):
    """One step of an answer."""

    title: str
    verdict: Annotated[str, StepStatus]
    words: str
    evidence: list[str]


class MatchJson(TypedDict):
    """Which profile an error message is about.

    Attributes:
        certain: whether it can be no other.
        candidates: the profiles that it may be about.
    """

    profile: str | None
    certain: bool
    sentence: str
    candidates: list[str]


class ReportAnswer(TypedDict):
    """``rolecall doctor --config``: what is wrong with files.

    Attributes:
        silenced: how many findings are left out because the user silenced them.
    """

    findings: list[FindingJson]
    counts: CountsJson
    silenced: int


class DoctorAnswer(ReportAnswer):
    """``rolecall doctor``: what is wrong; and why, if that was asked.

    Attributes:
        subject: only if it was asked why.
        culprit: the code of the finding that is the cause.
        asks: what the user has to answer first.
        message: only for an error message that is known, or names something that is here.
    """

    subject: NotRequired[str | None]
    sentence: NotRequired[str]
    culprit: NotRequired[str | None]
    cure: NotRequired[FixJson | None]
    asks: NotRequired[list[str]]
    steps: NotRequired[list[StepJson]]
    message: NotRequired[MatchJson]


class HomeAnswer(ReportAnswer):
    """``rolecall doctor --homes``: one home; each is an object on a line of its own.

    Attributes:
        owner: the name of the user to whom it belongs; the number where the system knows no name.
        problem: why it was not looked at; then there is nothing in it.
        profiles: how many there are.
    """

    home: str
    owner: str | None
    problem: str | None
    profiles: int


class WhyJson(TypedDict):
    """The part of ``DoctorAnswer`` that says why."""

    subject: str | None
    sentence: str
    culprit: str | None
    cure: FixJson | None
    asks: list[str]
    steps: list[StepJson]


class ChangeJson(TypedDict):
    """What an edit changes in one file.

    Attributes:
        diff: lines that begin with ``+``, ``-``, a blank or ``@@``.
    """

    path: str
    role: Annotated[str, FileKind] | Literal["settings"]
    diff: list[str]


class EditAnswer(TypedDict):
    """An edit: what it does, and whether it was done."""

    title: str
    changes: list[ChangeJson]
    remarks: list[str]
    written: bool


class SilenceAnswer(TypedDict):
    """``rolecall doctor --silence``: an edit of rolecall's own settings for each finding."""

    silenced: list[EditAnswer]


class PutAnswer(EditAnswer):
    """``rolecall assume --into``: an edit.

    Attributes:
        profile: whose credentials are written.
    """

    profile: str


class PermissionSetJson(TypedDict):
    """A permission set, or a profile of it that AWS does not list.

    Attributes:
        profile: the name of its profile, or that it would get.
        other: the name that it would get where it has another.
        is_chosen: whether it is part of the edit.
    """

    account: str
    account_name: str | None
    role: str | None
    status: Annotated[str, Status]
    profile: str | None
    other: str | None
    is_chosen: bool


class PopulateAnswer(EditAnswer):
    """``rolecall populate``: an edit, and what there is."""

    session: str
    entries: list[PermissionSetJson]


class PartsJson(TypedDict):
    """What an action says of its failure; path and line of a file, and what to do about it."""

    message: str
    path: str | None
    line: int | None
    cure: str | None


class ErrorJson(TypedDict):
    """Why a command failed.

    Attributes:
        type: botocore's or AWS's name of the error, where it has one.
        line: only of what was done to a file, as path and cure.
    """

    type: str
    message: str
    path: NotRequired[str | None]
    line: NotRequired[int | None]
    cure: NotRequired[str | None]


class ErrorAnswer(TypedDict):
    """A command that failed: the same is on stderr, as one line."""

    error: ErrorJson


class AssumedJson(TypedDict):
    """A role that was assumed.

    Attributes:
        cache_file: its path.
        was_cached: whether the credentials in the cache were still good.
    """

    profile: str
    arn: str | None
    expires_at: Time | None
    cache_file: str
    was_cached: bool


class FailedJson(TypedDict):
    """A role that was not assumed."""

    profile: str
    error: ErrorJson


class AssumeAnswer(TypedDict):
    """``rolecall assume``: the result of each profile."""

    assumed: list[AssumedJson]
    failed: list[FailedJson]


class IdentityAnswer(TypedDict):
    """``rolecall whoami``: whose credentials a profile has.

    Attributes:
        as_promised: whether it is what the settings say; null if they name nothing to compare with.
    """

    profile: str
    account: str | None
    arn: str | None
    user_id: str | None
    as_promised: bool | None
    remark: str | None


class TargetJson(TypedDict):
    """Where a login is made.

    Attributes:
        name: the sso-session, the start URL, or the login session.
    """

    profile: str | None
    kind: Annotated[str, LoginKind]
    name: str | None


class LoginAnswer(TargetJson):
    """``rolecall login``; what ``aws login`` has done is not known, and null or empty."""

    expires_at: Time | None
    token_file: str | None
    renewable: bool | None
    remarks: list[str]


class LogoutAnswer(TargetJson):
    """``rolecall logout``.

    Attributes:
        deleted: paths.
        profiles: those that need a login now.
    """

    deleted: list[str]
    profiles: list[str]
    remarks: list[str]


class ConsoleAnswer(TypedDict):
    """``rolecall console``: what was opened.

    Attributes:
        url: null unless ``--url`` asks for it; by federation it is as good as a password.
    """

    profile: str
    via: Literal["federation", "portal"]
    who: str | None
    account: str | None
    arn: str | None
    expires_at: Time | None
    federated_user: bool
    remarks: list[str]
    opened: bool
    url: str | None


class ExecPlanJson(TypedDict):
    """What a command would be given by a profile.

    Attributes:
        set: masked values; null where one is not fetched yet.
        fetches: whether credentials have to be fetched.
        remarks: what would come before the credentials.
    """

    profile: str
    command: list[str]
    set: dict[str, str | None]
    unset: list[str]
    expiry: ExpiryJson
    fetches: bool
    remarks: list[str]


class ExecAnswer(ExecPlanJson):
    """``rolecall exec --dry-run``: what a command would be given."""


class ExecPlansAnswer(TypedDict):
    """``rolecall exec --dry-run`` for several profiles: what a command would be given by each."""

    profiles: list[ExecPlanJson]


class ExecLineAnswer(TypedDict):
    """``rolecall exec --json``: a line that the command has printed; each is an object on a line of its own.

    Attributes:
        line: without its end, and without the secrets that the command was given.
    """

    profile: str
    stream: Literal["stdout", "stderr"]
    line: str


class ExecResultJson(TypedDict):
    """How the command has ended for a profile.

    Attributes:
        exit_code: 1 where it was not run.
        cause: why it failed, where that is known.
    """

    profile: str
    exit_code: int
    cause: str | None


class ExecResultsAnswer(TypedDict):
    """``rolecall exec --json``: the last line."""

    results: list[ExecResultJson]
