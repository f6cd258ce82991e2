"""Each AWS variable of this environment, and what it does to whom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rolecall.aws import times
from rolecall.aws.catalogue import CATALOGUE, Reader, describe
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import Provider, Tool
from rolecall.aws.report import Ambient
from rolecall.host import Host
from rolecall.text import ago, shown_value


class Verdict(StrEnum):
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
            Verdict.SHADOWS,
            Verdict.SHADOWED,
            Verdict.HALF_A_PAIR,
            Verdict.STALE,
            Verdict.INVALID,
            Verdict.IGNORED_BY_BOTO3,
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
    verdict: Verdict
    effect: str

    @property
    def shown(self) -> str:
        """The value as it may be shown."""
        return shown_value(self.name, self.value)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a variable's verdict depends on."""

    environ: Mapping[str, str]
    profiles: Profiles
    ambient: Mapping[Tool, Ambient]
    now: datetime

    @property
    def has_keys(self) -> bool:
        """Whether the environment's keys are there to be used."""
        return bool(self.environ.get("AWS_ACCESS_KEY_ID"))

    @property
    def provider(self) -> str | None:
        """The provider that answers for boto3 here."""
        return self.ambient[Tool.BOTO3].resolution.provider


Judgement = tuple[Verdict, str]


def survey(
    host: Host, profiles: Profiles, ambient: Mapping[Tool, Ambient], now: datetime
) -> tuple[Variable, ...]:
    """Return every AWS variable that is set, those that choose credentials first."""
    scene = Scene(host.environ, profiles, ambient, now)
    known = [name for name in CATALOGUE if name in host.environ]
    others = sorted(name for name in host.environ if name.startswith("AWS_") and name not in CATALOGUE)
    return tuple(Variable(name, host.environ[name], *_judge(name, scene)) for name in (*known, *others))


def _judge(name: str, scene: Scene) -> Judgement:
    special = _SPECIAL.get(name)
    if special is not None:
        return special(name, scene)
    reader, effect = describe(name)
    if reader is Reader.NOBODY:
        return Verdict.IGNORED, effect
    if not scene.environ[name] and name not in _EMPTY_COUNTS:
        return Verdict.EMPTY, f"set to nothing; {effect[0].lower()}{effect[1:]}"
    if reader is Reader.CLI:
        return Verdict.USED, f"{effect} (the AWS CLI only)"
    if reader is Reader.NOT_V2:
        return Verdict.USED, f"{effect} (CLI v2 ignores it)"
    return Verdict.USED, effect


def _access_key(_: str, scene: Scene) -> Judgement:
    if not scene.has_keys:
        return Verdict.EMPTY, "set to nothing, which counts as unset"
    if not scene.environ.get("AWS_SECRET_ACCESS_KEY"):
        return Verdict.HALF_A_PAIR, (
            "half a pair: without AWS_SECRET_ACCESS_KEY every command that names no profile fails"
        )
    if scene.provider != Provider.ENV:
        return Verdict.USED, "the keys for every command that names no profile"
    chooser = _choosers(scene)
    if chooser:
        return Verdict.SHADOWS, f"wins over {' and '.join(chooser)}: these keys are used, not the profile's"
    return Verdict.USED, "the keys for every command that names no profile"


def _choosers(scene: Scene) -> list[str]:
    return [name for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE") if scene.environ.get(name)]


def _secret_key(_: str, scene: Scene) -> Judgement:
    if not scene.environ["AWS_SECRET_ACCESS_KEY"]:
        return Verdict.EMPTY, "set to nothing, which counts as unset"
    if not scene.has_keys:
        return Verdict.HALF_A_PAIR, "ignored: there is no AWS_ACCESS_KEY_ID"
    return Verdict.USED, "signs with AWS_ACCESS_KEY_ID"


def _session_token(name: str, scene: Scene) -> Judgement:
    if not scene.environ[name]:
        return Verdict.EMPTY, "set to nothing, which counts as unset"
    if not scene.has_keys:
        return Verdict.HALF_A_PAIR, "ignored: there is no AWS_ACCESS_KEY_ID"
    both = scene.environ.get("AWS_SECURITY_TOKEN") and scene.environ.get("AWS_SESSION_TOKEN")
    if name == "AWS_SESSION_TOKEN" and both:
        return Verdict.SHADOWED, "shadowed by AWS_SECURITY_TOKEN, which is asked first"
    if scene.environ["AWS_ACCESS_KEY_ID"].startswith("AKIA"):
        return Verdict.STALE, "stale: AWS_ACCESS_KEY_ID is a long-term key, and AWS refuses it with a token"
    if name == "AWS_SECURITY_TOKEN" and both:
        return Verdict.SHADOWS, "wins over AWS_SESSION_TOKEN"
    return Verdict.USED, "goes with AWS_ACCESS_KEY_ID"


def _expiration(name: str, scene: Scene) -> Judgement:
    value = scene.environ[name]
    if not value:
        return Verdict.EMPTY, "set to nothing, which counts as unset"
    moment = times.moment(value)
    counts = name == "AWS_CREDENTIAL_EXPIRATION"
    if moment is None:
        words = "no time that botocore can read: every command that names no profile fails"
        return Verdict.INVALID, words if counts and scene.has_keys else "no time that can be read"
    if not scene.has_keys:
        return Verdict.IGNORED, "ignored: there is no AWS_ACCESS_KEY_ID"
    if moment <= scene.now:
        past = f"the keys ended {ago(scene.now - moment)}"
        return Verdict.STALE, f"{past}: botocore refuses them" if counts else past
    return Verdict.USED, "when the keys end" if counts else "when the keys end; botocore ignores it"


def _profile(name: str, scene: Scene) -> Judgement:
    value = scene.environ[name]
    others = [other for other in _choosers(scene) if other != name]
    readers = [tool for tool in Tool if scene.ambient[tool].variable == name]
    if not readers:
        return Verdict.SHADOWED, f"shadowed by {others[0] if others else 'the other profile variable'}"
    who = _listed(readers)
    if scene.profiles.broken_file is None and value not in scene.profiles.merged:
        named = f"there is no profile {value!r}" if value else "set to nothing, which is no profile"
        return Verdict.INVALID, f"{named}: every command that names none fails with ProfileNotFound"
    if scene.provider == Provider.ENV:
        return Verdict.SHADOWED, (
            "shadowed by AWS_ACCESS_KEY_ID; only the region and other settings of the profile count"
        )
    if len(readers) < len(Tool):
        return Verdict.SHADOWED if readers == [Tool.CLI_V2] else Verdict.SHADOWS, (
            f"used by {who} alone: the tools differ in which profile variable they ask first"
        )
    return Verdict.USED, "the profile for every command that names none"


def _listed(tools: list[Tool]) -> str:
    return " and ".join(tool.label for tool in tools)


def _region(name: str, scene: Scene) -> Judgement:
    is_new = name == "AWS_REGION"
    if is_new:
        other = scene.environ.get("AWS_DEFAULT_REGION")
        words = "CLI v2 takes it for the region; boto3 and CLI v1 ignore it"
        if other is not None and other != scene.environ[name]:
            words += f" and take {other or 'nothing'} from AWS_DEFAULT_REGION"
        return Verdict.IGNORED_BY_BOTO3, words
    if not scene.environ[name]:
        return Verdict.INVALID, "set to nothing, which counts as set: there is no region"
    if "AWS_REGION" in scene.environ:
        return Verdict.USED, "the region for boto3 and CLI v1; CLI v2 takes AWS_REGION"
    return Verdict.USED, "the region for all tools, over the profile's"


def _web_identity(name: str, scene: Scene) -> Judgement:
    file = scene.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE")
    if not file and name != "AWS_WEB_IDENTITY_TOKEN_FILE" and scene.provider != Provider.WEB_IDENTITY:
        return Verdict.IGNORED, "ignored: there is no AWS_WEB_IDENTITY_TOKEN_FILE"
    if not scene.environ[name]:
        return Verdict.EMPTY, "set to nothing, which turns off the profile's own value"
    if scene.provider == Provider.WEB_IDENTITY:
        return Verdict.USED, "a role by web identity, for every command that names no profile"
    return Verdict.SHADOWED, f"shadowed: {scene.provider or 'an error'} comes first"


def _container(name: str, scene: Scene) -> Judgement:
    if scene.provider == Provider.CONTAINER:
        relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
        if name != relative and relative in scene.environ:
            return Verdict.SHADOWED, f"shadowed by {relative}"
        return Verdict.USED, "credentials come from the container's endpoint"
    return Verdict.SHADOWED, f"asked last: {scene.provider or 'an error'} comes first"


_EMPTY_COUNTS = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
_SPECIAL: Mapping[str, Callable[[str, Scene], Judgement]] = {
    "AWS_ACCESS_KEY_ID": _access_key,
    "AWS_SECRET_ACCESS_KEY": _secret_key,
    "AWS_SESSION_TOKEN": _session_token,
    "AWS_SECURITY_TOKEN": _session_token,
    "AWS_CREDENTIAL_EXPIRATION": _expiration,
    "AWS_SESSION_EXPIRATION": _expiration,
    "AWSUME_EXPIRATION": _expiration,
    "AWS_PROFILE": _profile,
    "AWS_DEFAULT_PROFILE": _profile,
    "AWS_REGION": _region,
    "AWS_DEFAULT_REGION": _region,
    "AWS_WEB_IDENTITY_TOKEN_FILE": _web_identity,
    "AWS_ROLE_ARN": _web_identity,
    "AWS_ROLE_SESSION_NAME": _web_identity,
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": _container,
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": _container,
}
