"""Each AWS variable of this environment, and what it does to whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rolecall.aws import notes
from rolecall.aws.catalogue import CATALOGUE, MARKS, PROFILE_MARKS, Reader, describe
from rolecall.aws.metadata import METADATA_VARIABLES, check, container_is_set
from rolecall.aws.profile_report import DefaultSession
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import PredictedErrorRaised, Provider, Tool
from rolecall.aws.statics import END_VARIABLE, STILL_EXPIRED, environment_fault
from rolecall.host import Host
from rolecall.text import ago, shown_value


class VariableStatus(StrEnum):
    """What becomes of a variable."""

    USED = "used"
    SHADOWS = "shadows"
    SHADOWED = "shadowed"
    IGNORED_BY_BOTO3 = "ignored by boto3"
    IGNORED_BY_CLI = "ignored by the CLI"
    IGNORED = "ignored"
    HALF_A_PAIR = "half a pair"
    STALE = "stale"
    EMPTY = "empty"
    INVALID = "invalid"

    @property
    def is_conflict(self) -> bool:
        """Whether someone should look at it."""
        return self in (
            VariableStatus.SHADOWS,
            VariableStatus.SHADOWED,
            VariableStatus.HALF_A_PAIR,
            VariableStatus.STALE,
            VariableStatus.INVALID,
            VariableStatus.IGNORED_BY_BOTO3,
        )


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable that is set here, be it to an empty string.

    Attributes:
        name: its name.
        value: its value; secrets too, so never shown as it is.
        verdict: what becomes of it.
        effect: what it does, in one sentence.
    """

    name: str
    value: str = field(repr=False)
    verdict: VariableStatus
    effect: str

    @property
    def shown(self) -> str:
        """The value as it may be shown."""
        return shown_value(self.name, self.value)


@dataclass(frozen=True, slots=True)
class VariableContext:
    """What a variable's verdict depends on."""

    host: Host
    profiles: Profiles
    default_session: Mapping[Tool, DefaultSession]
    now: datetime

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment variables."""
        return self.host.environ

    @property
    def has_keys(self) -> bool:
        """Whether the environment's keys are there to be used."""
        return bool(self.environ.get("AWS_ACCESS_KEY_ID"))

    @property
    def provider(self) -> str | None:
        """The provider that answers for boto3 here."""
        return self.default_session[Tool.BOTO3].resolution.provider


Judgement = tuple[VariableStatus, str]


def survey(
    host: Host, profiles: Profiles, default_session: Mapping[Tool, DefaultSession], now: datetime
) -> tuple[Variable, ...]:
    """Return every AWS variable that is set, those that choose credentials first."""
    context = VariableContext(host, profiles, default_session, now)
    known = [name for name in CATALOGUE if name in host.environ]
    others = sorted(
        name for name in host.environ if (name.startswith("AWS_") or name in MARKS) and name not in CATALOGUE
    )
    return tuple(Variable(name, host.environ[name], *_judge(name, context)) for name in (*known, *others))


def _judge(name: str, context: VariableContext) -> Judgement:
    special = _SPECIAL.get(name)
    if special is not None:
        return special(name, context)
    if not context.environ[name]:
        return _plain(name, context)
    return _missing_part(name, context) or _loser(name, context) or _plain(name, context)


def _plain(name: str, context: VariableContext) -> Judgement:
    """A variable that stands alone."""
    reader, effect = describe(name)
    if reader is Reader.NOBODY:
        return VariableStatus.IGNORED, effect
    if not context.environ[name]:
        return VariableStatus.EMPTY, f"set to nothing; {effect[0].lower()}{effect[1:]}"
    if reader is Reader.CLI:
        return VariableStatus.USED, f"{effect} (the AWS CLI only)"
    if reader is Reader.NOT_V2:
        return VariableStatus.USED, f"{effect} (CLI v2 ignores it)"
    return VariableStatus.USED, effect


_WINNERS = {
    "REQUESTS_CA_BUNDLE": "AWS_CA_BUNDLE",
    "HTTPS_PROXY": "https_proxy",
    "HTTP_PROXY": "http_proxy",
    "NO_PROXY": "no_proxy",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
}
"""Variables of which another of the same meaning is asked first."""


def _loser(name: str, context: VariableContext) -> Judgement | None:
    winner = _WINNERS.get(name)
    if winner is not None and context.environ.get(winner):
        return VariableStatus.SHADOWED, f"shadowed by {winner}, which is asked first"
    ignores = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
    if name.startswith("AWS_ENDPOINT_URL") and context.environ.get(ignores, "").lower() == "true":
        return VariableStatus.SHADOWED, f"shadowed by {ignores}"
    return None


def _missing_part(name: str, context: VariableContext) -> Judgement | None:
    """A variable that goes with another one which is not there."""
    if name == "AWS_ACCOUNT_ID" and not context.has_keys:
        return VariableStatus.IGNORED, "ignored: there is no AWS_ACCESS_KEY_ID"
    if name.startswith("AWS_CONTAINER_AUTHORIZATION_TOKEN") and not container_is_set(context.environ):
        return VariableStatus.IGNORED, "ignored: there is no AWS_CONTAINER_CREDENTIALS_FULL_URI"
    return None


def _mark(name: str, context: VariableContext) -> Judgement:
    """What a prompt shows may be another profile than commands use."""
    shown, here = context.environ[name], context.default_session[Tool.BOTO3]
    is_other = here.variable is not None and here.profile not in (shown, f"autoawsume-{shown}")
    if shown and is_other and not context.has_keys:
        return (
            VariableStatus.STALE,
            f"stale: prompts show {shown!r}, but commands use profile {here.profile!r}",
        )
    return _plain(name, context)


def _metadata(name: str, context: VariableContext) -> Judgement:
    """A setting of the metadata service is checked before anything else, for every command."""
    try:
        check({name: context.environ[name]}, dict)
    except PredictedErrorRaised as raised:
        return (
            VariableStatus.INVALID,
            f"every command fails with {raised.fault.error}: {raised.fault.message}",
        )
    return _plain(name, context)


def _file(name: str, context: VariableContext) -> Judgement:
    if not context.environ[name]:
        return VariableStatus.USED, "set to nothing, which counts: no file is read in its place"
    return _plain(name, context)


def _access_key(_: str, context: VariableContext) -> Judgement:
    if not context.has_keys:
        return VariableStatus.EMPTY, "set to nothing, which counts as unset"
    if not context.environ.get("AWS_SECRET_ACCESS_KEY"):
        return VariableStatus.HALF_A_PAIR, (
            "half a pair: without AWS_SECRET_ACCESS_KEY every command that names no profile fails"
        )
    if context.provider != Provider.ENV:
        return VariableStatus.USED, "the keys for every command that names no profile"
    chooser = _choosers(context)
    if chooser:
        return (
            VariableStatus.SHADOWS,
            f"wins over {' and '.join(chooser)}: these keys are used, not the profile's",
        )
    return VariableStatus.USED, "the keys for every command that names no profile"


def _choosers(context: VariableContext) -> list[str]:
    return [name for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE") if context.environ.get(name)]


def _secret_key(_: str, context: VariableContext) -> Judgement:
    if not context.environ["AWS_SECRET_ACCESS_KEY"]:
        return VariableStatus.EMPTY, "set to nothing, which counts as unset"
    if not context.has_keys:
        return VariableStatus.HALF_A_PAIR, "ignored: there is no AWS_ACCESS_KEY_ID"
    return VariableStatus.USED, "signs with AWS_ACCESS_KEY_ID"


def _session_token(name: str, context: VariableContext) -> Judgement:
    if not context.environ[name]:
        return VariableStatus.EMPTY, "set to nothing, which counts as unset"
    if not context.has_keys:
        return VariableStatus.HALF_A_PAIR, "ignored: there is no AWS_ACCESS_KEY_ID"
    both = context.environ.get("AWS_SECURITY_TOKEN") and context.environ.get("AWS_SESSION_TOKEN")
    if name == "AWS_SESSION_TOKEN" and both:
        return VariableStatus.SHADOWED, "shadowed by AWS_SECURITY_TOKEN, which is asked first"
    if context.environ["AWS_ACCESS_KEY_ID"].startswith("AKIA"):
        return (
            VariableStatus.STALE,
            "stale: AWS_ACCESS_KEY_ID is a long-term key, and AWS refuses it with a token",
        )
    if name == "AWS_SECURITY_TOKEN" and both:
        return VariableStatus.SHADOWS, "wins over AWS_SESSION_TOKEN"
    return VariableStatus.USED, "goes with AWS_ACCESS_KEY_ID"


def _expiration(name: str, context: VariableContext) -> Judgement:
    value = context.environ[name]
    if not value:
        return VariableStatus.EMPTY, "set to nothing, which counts as unset"
    moment = notes.of_variable(context.host, name)
    counts = name == END_VARIABLE
    fault = environment_fault(context.environ, context.now) if counts else None
    fails = "every command that names no profile fails"
    if fault is not None and context.has_keys and moment is not None and fault.message != STILL_EXPIRED:
        return VariableStatus.INVALID, f"{fails} with {fault.error}: {fault.message}"
    if moment is None:
        is_read = fault is not None and fault.message == STILL_EXPIRED
        words = "no date of an end" if is_read else "no time that botocore can read"
        return (
            VariableStatus.INVALID,
            f"{words}: {fails}" if counts and context.has_keys else "no date of an end",
        )
    if not context.has_keys:
        return VariableStatus.IGNORED, "ignored: there is no AWS_ACCESS_KEY_ID"
    if moment <= context.now:
        past = f"the keys ended {ago(context.now - moment)}"
        return VariableStatus.STALE, f"{past}: botocore refuses them" if counts else past
    return VariableStatus.USED, "when the keys end" if counts else "when the keys end; botocore ignores it"


def _profile(name: str, context: VariableContext) -> Judgement:
    value = context.environ[name]
    readers = [tool for tool in Tool if context.default_session[tool].variable == name]
    is_everyone = len(readers) == len(Tool)
    if context.profiles.broken_file is None and value not in context.profiles.by_name:
        named = f"there is no profile {value!r}" if value else "set to nothing, which is no profile"
        whose = "every command" if is_everyone else f"every command of {_listed(readers)}"
        return VariableStatus.INVALID, f"{named}: {whose} that names none fails with ProfileNotFound"
    winner = _over_profiles(context)
    if winner is not None:
        words = f"shadowed by {winner}; only the region and other settings of the profile count"
        return VariableStatus.SHADOWED, words
    if not is_everyone:
        return VariableStatus.SHADOWED if readers == [Tool.CLI_V2] else VariableStatus.SHADOWS, (
            f"used by {_listed(readers)} alone: the tools differ in which profile variable they ask first"
        )
    return VariableStatus.USED, "the profile for every command that names none"


def _over_profiles(context: VariableContext) -> str | None:
    """Return the variable that decides on credentials before any profile does, if one does."""
    if context.has_keys:
        return "AWS_ACCESS_KEY_ID"
    token_file = "AWS_WEB_IDENTITY_TOKEN_FILE"  # noqa: S105 - a variable's name
    if context.provider == Provider.WEB_IDENTITY and context.environ.get(token_file):
        return token_file
    return None


def _listed(tools: list[Tool]) -> str:
    return " and ".join(tool.label for tool in tools)


def _region(name: str, context: VariableContext) -> Judgement:
    is_new = name == "AWS_REGION"
    if is_new:
        other = context.environ.get("AWS_DEFAULT_REGION")
        words = "CLI v2 takes it for the region; boto3 and CLI v1 ignore it"
        if other is not None and other != context.environ[name]:
            words += f" and take {other or 'nothing'} from AWS_DEFAULT_REGION"
        return VariableStatus.IGNORED_BY_BOTO3, words
    if not context.environ[name]:
        return VariableStatus.INVALID, "set to nothing, which counts as set: there is no region"
    if "AWS_REGION" in context.environ:
        return VariableStatus.USED, "the region for boto3 and CLI v1; CLI v2 takes AWS_REGION"
    return VariableStatus.USED, "the region for all tools, over the profile's"


def _web_identity(name: str, context: VariableContext) -> Judgement:
    file = context.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE")
    if not file and name != "AWS_WEB_IDENTITY_TOKEN_FILE" and context.provider != Provider.WEB_IDENTITY:
        return VariableStatus.IGNORED, "ignored: there is no AWS_WEB_IDENTITY_TOKEN_FILE"
    if not context.environ[name]:
        return VariableStatus.EMPTY, "set to nothing, which turns off the profile's own value"
    error = context.default_session[Tool.BOTO3].resolution
    if error.error == "InvalidConfigError" and "no role ARN" in (error.message or ""):
        return VariableStatus.HALF_A_PAIR, "there is no role to go with it: AWS_ROLE_ARN is not set"
    if context.provider == Provider.WEB_IDENTITY:
        return VariableStatus.USED, "a role by web identity, for every command that names no profile"
    return VariableStatus.SHADOWED, f"shadowed: {context.provider or 'an error'} comes first"


def _container(name: str, context: VariableContext) -> Judgement:
    if context.provider == Provider.CONTAINER:
        relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
        if name != relative and relative in context.environ:
            return VariableStatus.SHADOWED, f"shadowed by {relative}"
        return VariableStatus.USED, "credentials come from the container's endpoint"
    return VariableStatus.SHADOWED, f"asked last: {context.provider or 'an error'} comes first"


_SPECIAL: Mapping[str, Callable[[str, VariableContext], Judgement]] = {
    "AWS_ACCESS_KEY_ID": _access_key,
    "AWS_SECRET_ACCESS_KEY": _secret_key,
    "AWS_SESSION_TOKEN": _session_token,
    "AWS_SECURITY_TOKEN": _session_token,
    "AWS_CREDENTIAL_EXPIRATION": _expiration,
    "AWS_SESSION_EXPIRATION": _expiration,
    "AWSUME_EXPIRATION": _expiration,
    "AWS_SSO_SESSION_EXPIRATION": _expiration,
    "AWS_PROFILE": _profile,
    "AWS_DEFAULT_PROFILE": _profile,
    "AWS_REGION": _region,
    "AWS_DEFAULT_REGION": _region,
    "AWS_WEB_IDENTITY_TOKEN_FILE": _web_identity,
    "AWS_ROLE_ARN": _web_identity,
    "AWS_ROLE_SESSION_NAME": _web_identity,
    "AWS_CONFIG_FILE": _file,
    "AWS_SHARED_CREDENTIALS_FILE": _file,
    **dict.fromkeys(METADATA_VARIABLES, _metadata),
    **dict.fromkeys(PROFILE_MARKS, _mark),
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": _container,
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": _container,
}
