"""Which provider answers for a profile, or which error is raised.

This mirrors ``botocore.credentials`` step by step: the order of the providers, what each looks at, and what
it raises. The differential tests hold it to the real botocore over random homes.
"""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path

from rolecall.aws import cache_files, credential_process, installed, provider_checks
from rolecall.aws.config_file import Value
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import (
    Cause,
    Hop,
    PredictedError,
    PredictedErrorRaised,
    Provider,
    Resolution,
    Tool,
)
from rolecall.host import Host
from rolecall.values import dataclass

CREDENTIAL_SOURCES = {
    "Environment": Provider.ENV,
    "EcsContainer": Provider.CONTAINER,
    "Ec2InstanceMetadata": Provider.IAM_ROLE,
}
_SOURCE_FAILURES = {
    Provider.ENV: (Cause.ENVIRONMENT_EMPTY, "AWS_ACCESS_KEY_ID"),
    Provider.CONTAINER: (Cause.CONTAINER_MISSING, "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    Provider.IAM_ROLE: (Cause.METADATA_DISABLED, "AWS_EC2_METADATA_DISABLED"),
}
"""Why a credential_source gives nothing, and the variable that decides it."""
PAIR = ("aws_access_key_id", "aws_secret_access_key")
_WEB_IDENTITY_VARIABLES = {
    "web_identity_token_file": "AWS_WEB_IDENTITY_TOKEN_FILE",
    "role_session_name": "AWS_ROLE_SESSION_NAME",
    "role_arn": "AWS_ROLE_ARN",
}
_SSO_TRIGGERS = ("sso_role_name", "sso_account_id")
_OF_SESSION = frozenset(("sso_start_url", "sso_region"))
_SSO_REQUIRED = (*_SSO_TRIGGERS, "sso_start_url", "sso_region")
_LOGIN_NEEDS_CRT = (
    "Missing Dependency: Using the login credential provider requires an additional dependency. You will "
    'need to pip install "botocore[crt]" before proceeding.'
)
_FROM_PROCESS = "Error when retrieving credentials from custom-process: "

LONGEST_CHAIN = 327
"""Roles in one chain. botocore follows it by recursion, three calls each; Python allows a thousand."""
TOO_LONG = PredictedError("RecursionError", "maximum recursion depth exceeded", Cause.CHAIN_TOO_LONG)
_SHOWN_OF_TOO_LONG = 3
"""Hops that are kept of a chain that is too long, at most: many profiles may have one."""

Login = Callable[[str], str | None]
"""Looks up a login session: its access key id; raises what LoginProvider would."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer: the hops that lead to it, and its access key id where it is known."""

    chain: tuple[Hop, ...]
    access_key: str | None = None

    @property
    def provider(self) -> str | None:
        """The provider that answered."""
        return self.chain[0].provider


@dataclass(frozen=True, slots=True)
class World:
    """All that a resolution depends on; read once, for all profiles."""

    host: Host
    profiles: Profiles
    fallbacks: provider_checks.Fallbacks
    login: Login
    web_identity_fault: Callable[[Value], PredictedError | None]
    container_fault: Callable[[], PredictedError | None]
    cli_cache: Path
    chains: dict[tuple[Tool, str], tuple[Hop, ...]] = field(default_factory=dict)
    bundles: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    processes: dict[str, PredictedError | None] = field(default_factory=dict)
    faultless: set[tuple[Tool, tuple[tuple[str, Value], ...]]] = field(default_factory=set)
    _reaches: dict[str, tuple[int, str]] = field(default_factory=dict)
    _lacks: dict[Tool, bool] = field(default_factory=dict)

    @property
    def lacks_v2(self) -> bool:
        """Whether it is certain that AWS CLI v2 is not used here; looked up once, where it matters."""
        if Tool.CLI_V2 not in self._lacks:
            self._lacks[Tool.CLI_V2] = installed.lacks_v2(self.host, self.cli_cache)
        return self._lacks[Tool.CLI_V2]

    def reach(self, name: str) -> tuple[int, str]:
        """Return over how many roles a chain leads, a loop once round, and the profile where it ends.

        Each is worked out but once.
        """
        passed: dict[str, int] = {}
        after: str | None = name
        while after is not None and after not in self._reaches and after not in passed:
            passed[after] = len(passed)
            after = self._next_role(after)
        if after in passed:
            ring = list(passed)[passed[after] :]
            self._reaches.update(dict.fromkeys(ring, (len(ring), ring[0])))
        if after is not None:
            length, end = self._reaches[after]
        else:
            length, end = 0, self._source(next(reversed(passed), name)) or next(reversed(passed), name)
        for each in reversed(passed):
            length, end = self._reaches.setdefault(each, (length + 1, end))
        return self._reaches[name]

    def _source(self, name: str) -> str | None:
        """Return the profile that a role names as its source, if there is one of that name."""
        profile = self.profiles.by_name[name]
        source = profile.get("source_profile") if "credential_source" not in profile else None
        return source if isinstance(source, str) and source in self.profiles.by_name else None

    def _next_role(self, name: str) -> str | None:
        source = self._source(name)
        return source if source is not None and _is_role_alone(self.profiles.by_name[source]) else None


def profile_variable(environ: Mapping[str, str], tool: Tool) -> str | None:
    """Return the variable that chooses the profile where none is given, or None.

    boto3 and CLI v1 read AWS_DEFAULT_PROFILE first, CLI v2 AWS_PROFILE. An empty string counts as set.
    """
    names = ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"]
    if tool is Tool.CLI_V2:
        names.reverse()
    return next((name for name in names if name in environ), None)


def resolve_explicit(world: World, name: str, tool: Tool) -> Resolution:
    """Resolve a profile that is chosen by ``--profile`` or ``Session(profile_name=…)``."""
    return _Resolver(world, tool, name, explicit=True).resolve()


def resolve_ambient(world: World, tool: Tool) -> Resolution:
    """Resolve what a command without ``--profile`` would use in this environment."""
    variable = profile_variable(world.host.environ, tool)
    chosen = world.host.environ[variable] if variable else None
    return _Resolver(world, tool, chosen, explicit=False).resolve()


class _Resolver:
    """One walk through botocore's providers; it holds the hops that it has passed."""

    def __init__(
        self,
        world: World,
        tool: Tool,
        chosen: str | None,
        *,
        explicit: bool,
        looks_at_processes: bool = True,
    ) -> None:
        self._world = world
        self._environ = world.host.environ
        self._merged = world.profiles.by_name
        self._tool = tool
        self._chosen = chosen
        self._name = chosen or "default"
        self._explicit = explicit
        self._looks_at_processes = looks_at_processes
        self._hops: list[Hop] = []
        self._visited = {self._name: None}

    def resolve(self) -> Resolution:
        try:
            if self._tool is Tool.CLI_V2:
                # it loads the files for its plugins, and makes its providers before it looks for the profile
                self._refuse_broken_file()
                provider_checks.check_metadata_settings(self._environ, self._scoped)
            if self._tool is not Tool.BOTO3 or "AWS_DATA_PATH" not in self._environ:
                # as they start, the CLIs read the profile, and so does boto3, which wants its data_path
                self._refuse_nested_models(self._scoped())
            provider_checks.check_metadata_settings(self._environ, self._scoped)
            answer = self._first()
        except PredictedErrorRaised as error:
            chain = tuple(self._hops) or (Hop(self._name, None, settings=self._profile(self._name)),)
            # a source that is missing has no settings: the profile that names it is the one to correct
            there = (hop.profile for hop in reversed(chain) if hop.profile in self._merged)
            return Resolution(None, replace(error.fault, profile=next(there, None)), chain=chain)
        raised = None
        if answer.provider == Provider.ENV:
            raised = provider_checks.environment_fault(self._world.host, self._world.host.now())
        return Resolution(answer.provider, raised, answer.access_key, answer.chain)

    def _refuse_nested_models(self, settings: Mapping[str, Value]) -> None:
        """The CLIs set AWS_DATA_PATH for themselves, which comes before the setting."""
        if self._tool is Tool.BOTO3 and isinstance(settings.get("data_path"), Mapping):
            message = "'dict' object has no attribute 'split'"
            raise PredictedErrorRaised("AttributeError", message, Cause.NESTED_VALUE, "data_path")

    def _without_credentials(self, name: str) -> Cause:
        """Say why no provider answers for a profile: a secret without its key id is passed over."""
        return Cause.HALF_A_PAIR if any(key in self._profile(name) for key in PAIR) else Cause.NO_CREDENTIALS

    def _scoped(self) -> Mapping[str, Value]:
        """``Session.get_scoped_config``, which raises for a missing profile and a broken file."""
        self._refuse_broken_file()
        if self._chosen is None:
            return self._profile("default")
        if self._chosen not in self._merged:
            raise PredictedErrorRaised(
                "ProfileNotFound",
                f"The config profile ({self._chosen}) could not be found",
                Cause.PROFILE_MISSING,
                self._chosen,
            )
        return self._merged[self._chosen]

    def _profile(self, name: str) -> Mapping[str, Value]:
        return self._merged.get(name, {})

    def _first(self) -> Answer:
        name = self._name
        if not self._explicit:
            key = provider_checks.environment_key(self._environ)
            if key is not None:
                return Answer((Hop(None, Provider.ENV),), key)
        self._refuse_broken_file()
        if _is_role(self._profile(name)):
            return self._role(name)
        return self._profile_chain(name, with_environment=not self._explicit) or self._fallback()

    def _refuse_broken_file(self) -> None:
        """A file that does not parse stops every provider but ``env``."""
        broken = self._world.profiles.broken_file
        if broken is not None:
            message = f"Unable to parse config file: {broken.path}"
            raise PredictedErrorRaised("ConfigParseError", message, Cause.FILE_UNPARSEABLE, str(broken.path))

    def _profile_chain(self, name: str, *, with_environment: bool) -> Answer | None:
        """The providers that read one profile, in ``ProfileProviderBuilder``'s order."""
        return (
            self._web_identity(name, with_environment=with_environment)
            or self._sso(name)
            or self._static(name, Provider.SHARED_CREDENTIALS)
            or self._login(name)
            or self._process(name)
            or self._static(name, Provider.CONFIG_FILE)
        )

    # The providers, each by its botocore class.

    def _role(self, name: str) -> Answer:
        """AssumeRoleProvider; a source that is a role itself comes next here."""
        length, end = self._world.reach(name)
        is_too_long = length > LONGEST_CHAIN
        passed: list[Hop] = []
        while True:
            profile = self._merged[name]
            hop = Hop(name, Provider.ASSUME_ROLE, _text(profile["role_arn"]), profile)
            self._hops.append(hop)
            passed.append(hop)
            if is_too_long and len(passed) == _SHOWN_OF_TOO_LONG:
                raise PredictedErrorRaised.of(TOO_LONG.because(Cause.CHAIN_TOO_LONG, end))
            source = self._source_of(name, profile)
            if isinstance(source, Hop):
                return self._answer(passed, (source,))
            if not self._is_next_role(name, source):
                return self._answer(passed, self._source_profile(source).chain)
            known = self._world.chains.get((self._tool, source)) if not is_too_long else None
            # a profile with keys may be where the chain ends that it begins itself
            if known is not None and known[-1].profile not in self._visited:
                return self._answer(passed, known)
            name = source

    def _answer(self, passed: list[Hop], rest: tuple[Hop, ...]) -> Answer:
        """Answer with a chain, and keep it: many other chains may lead to it."""
        for hop in reversed(passed):
            rest = (hop, *rest)
            if not self._looks_at_processes:
                continue  # what is kept has the faults of processes too
            self._world.chains[self._tool, str(hop.profile)] = rest
        return Answer(rest)

    def _source_of(self, name: str, profile: Mapping[str, Value]) -> str | Hop:
        """Return a role's source profile, or the hop of a source that is not a profile."""
        self._duration(profile)
        source, credential_source = profile.get("source_profile"), profile.get("credential_source")
        if credential_source is not None and source is not None:
            raise PredictedErrorRaised(
                "InvalidConfigError",
                f'The profile "{name}" contains both source_profile and credential_source.',
                Cause.TWO_SOURCES,
                *("source_profile", "credential_source"),
            )
        if credential_source is not None:
            return self._named_source(name, credential_source)
        if source is None:
            missing = "source_profile or credential_source"
            raise provider_checks.partial(Provider.ASSUME_ROLE, missing, Cause.NO_SOURCE, "source_profile")
        if not isinstance(source, str):
            raise PredictedErrorRaised(
                "TypeError", "unhashable type: 'dict'", Cause.NESTED_VALUE, "source_profile"
            )
        return source

    @staticmethod
    def _duration(profile: Mapping[str, Value]) -> None:
        """A duration that is not an integer is ignored, but a nested block there makes int() raise."""
        duration = profile.get("duration_seconds")
        if duration is not None and not isinstance(duration, str):
            raise PredictedErrorRaised(
                "TypeError",
                "int() argument must be a string, a bytes-like object or a real number, not 'dict'",
                Cause.NESTED_VALUE,
                "duration_seconds",
            )

    def _named_source(self, name: str, credential_source: Value) -> Hop:
        """CanonicalNameCredentialSourcer: the name is case-sensitive."""
        provider = CREDENTIAL_SOURCES.get(credential_source) if isinstance(credential_source, str) else None
        if provider is None:
            raise PredictedErrorRaised(
                "InvalidConfigError",
                f'The credential source "{credential_source}" referenced in profile "{name}" is not valid.',
                Cause.BAD_CREDENTIAL_SOURCE,
                "credential_source",
            )
        self._hops.append(Hop(None, None))
        if not self._source_answers(provider):
            raise PredictedErrorRaised(
                "CredentialRetrievalError",
                f"Error when retrieving credentials from {credential_source}: No credentials found in "
                f"credential_source referenced in profile {name}",
                *_SOURCE_FAILURES[provider],
            )
        fault = self._world.container_fault() if provider is Provider.CONTAINER else None
        return Hop(None, provider, fault=fault)

    def _source_answers(self, provider: Provider) -> bool:
        if provider is Provider.ENV:
            return provider_checks.environment_key(self._environ) is not None
        if provider is Provider.CONTAINER:
            return provider_checks.container_is_set(self._environ)
        return not provider_checks.is_disabled(self._environ)

    def _is_next_role(self, parent: str, source: str) -> bool:
        """Whether a source is a role to assume itself; its own keys come first.

        Raises:
            PredictedErrorRaised: it does not exist, or was visited already.
        """
        if source not in self._merged:
            self._hops.append(Hop(source, None))
            raise PredictedErrorRaised(
                "InvalidConfigError",
                f'The source_profile "{source}" referenced in the profile "{parent}" does not exist.',
                Cause.SOURCE_MISSING,
                source,
            )
        profile = self._merged[source]
        has_keys = any(key in profile for key in PAIR)
        if source in self._visited and (source != parent or not has_keys):
            self._hops.append(Hop(source, None, settings=profile))
            raise PredictedErrorRaised(
                "InfiniteLoopConfigError",
                "Infinite loop in credential configuration detected. Attempting to load from profile "
                f"{source} which has already been visited. Visited profiles: {list(self._visited)}",
                Cause.CHAIN_LOOP,
                source,
            )
        self._visited[source] = None
        return _is_role_alone(profile)

    def _source_profile(self, source: str) -> Answer:
        self._hops.append(Hop(source, None, settings=self._merged[source]))
        answer = self._profile_chain(source, with_environment=False)
        if answer is None:
            message = f'The source profile "{source}" must have credentials.'
            raise PredictedErrorRaised("InvalidConfigError", message, self._without_credentials(source))
        return answer

    def _web_identity(self, name: str, *, with_environment: bool) -> Answer | None:
        """AssumeRoleWithWebIdentityProvider; its variables override the profile's settings."""
        profile = dict(self._profile(name))
        if with_environment:
            for key, variable in _WEB_IDENTITY_VARIABLES.items():
                if variable in self._environ:
                    profile[key] = self._environ[variable]
        if not profile.get("web_identity_token_file"):
            return None
        arn = profile.get("role_arn")
        if not arn:
            raise PredictedErrorRaised(
                "InvalidConfigError",
                "The provided profile or the current environment is configured to assume role with web "
                "identity but has no role ARN configured. Ensure that the profile has the "
                "role_arnconfiguration set or the AWS_ROLE_ARN env var is set.",
                Cause.WEB_IDENTITY_NO_ROLE,
                "role_arn",
            )
        if self._tool is Tool.CLI_V1:
            # from 1.46 on the token's text goes into the cache file's name, so it is read right here
            fault = self._world.web_identity_fault(profile["web_identity_token_file"])
            if fault is not None:
                raise PredictedErrorRaised.of(fault)
        return Answer((Hop(name, Provider.WEB_IDENTITY, _text(arn), profile),))

    def _sso(self, name: str) -> Answer | None:
        """SSOProvider: used where a role name or an account id is set, never for ``sso_session`` alone."""
        profile = self._profile(name)
        if all(key not in profile for key in _SSO_TRIGGERS):
            return None
        resolved = dict(profile)
        required: tuple[str, ...] = _SSO_REQUIRED
        reference = profile.get("sso_session")
        if reference is not None:
            resolved |= self._sso_session(profile, reference)
            required = (*required, "sso_session")
        missing = [key for key in required if key not in resolved]
        if missing:
            # what a session lacks, it lacks for every profile: in the profile it does not count for the token
            is_of_session = isinstance(reference, str) and not set(missing) - _OF_SESSION
            cause = Cause.SSO_SESSION_INCOMPLETE if is_of_session else Cause.SSO_INCOMPLETE
            raise PredictedErrorRaised(
                "InvalidConfigError",
                f'The profile "{name}" is configured to use SSO but is missing required configuration: '
                + ", ".join(missing),
                cause,
                *((str(reference), *missing) if is_of_session else missing),
            )
        return Answer((Hop(name, Provider.SSO, settings=resolved),))

    def _sso_session(self, profile: Mapping[str, Value], reference: Value) -> Mapping[str, Value]:
        if not isinstance(reference, str):
            raise PredictedErrorRaised(
                "TypeError", "unhashable type: 'dict'", Cause.NESTED_VALUE, "sso_session"
            )
        session = self._world.profiles.sso_session(reference)
        if session is None:
            message = f'The specified sso-session does not exist: "{reference}"'
            raise PredictedErrorRaised("InvalidConfigError", message, Cause.SSO_SESSION_MISSING, reference)
        differing = [key for key, value in session.items() if profile.get(key, value) != value]
        if differing:
            first = differing[0]
            raise PredictedErrorRaised(
                "InvalidConfigError",
                f"The value for {first} is inconsistent between profile ({profile[first]}) and "
                f"sso-session ({session[first]}).",
                Cause.SSO_CONFLICT,
                *differing,
            )
        return session

    def _static(self, name: str, provider: Provider) -> Answer | None:
        """SharedCredentialProvider and ConfigProvider: each reads only its own file."""
        profiles = self._world.profiles
        if provider is Provider.SHARED_CREDENTIALS:
            section = profiles.static_credentials(name)
        else:
            section = profiles.static_config(name)
        if section is None or "aws_access_key_id" not in section:
            return None
        if "aws_secret_access_key" not in section:
            is_elsewhere = "aws_secret_access_key" in self._profile(name)
            cause = Cause.SPLIT_PAIR if is_elsewhere else Cause.HALF_A_PAIR
            raise provider_checks.partial(provider, "aws_secret_access_key", cause, *PAIR)
        key = _text(section["aws_access_key_id"])
        return Answer((Hop(name, provider, settings=section),), key)

    def _login(self, name: str) -> Answer | None:
        """LoginProvider: CLI v2 includes the CRT, boto3 and CLI v1 need it installed."""
        profile = self._profile(name)
        if "login_session" not in profile:
            return None
        if self._tool is not Tool.CLI_V2 and not self._world.host.has_crt:
            raise PredictedErrorRaised(
                "MissingDependencyException", _LOGIN_NEEDS_CRT, Cause.CRT_MISSING, "awscrt"
            )
        session = profile["login_session"]
        if not isinstance(session, str):
            message = "'dict' object has no attribute 'encode'"
            raise PredictedErrorRaised("AttributeError", message, Cause.NESTED_VALUE, "login_session")
        try:
            key = self._world.login(session)
        except PredictedErrorRaised as raised:
            raise PredictedErrorRaised.of(cache_files.login_words(raised.fault, self._tool)) from None
        return Answer((Hop(name, Provider.LOGIN, settings=profile),), key)

    def _process(self, name: str) -> Answer | None:
        """ProcessProvider; it is never run here, so it counts as answering."""
        profile = self._profile(name)
        if "credential_process" not in profile:
            return None
        fault = self._process_fault(name) if self._looks_at_processes else None
        return Answer((Hop(name, Provider.PROCESS, settings=profile, fault=fault),))

    def _process_fault(self, name: str) -> PredictedError | None:
        """Return what a process raises for certain; each is worked out but once."""
        known = self._world.processes
        if name not in known:
            command = self._merged[name]["credential_process"]
            fault = credential_process.fault(self._world.host, command) or self._process_asks_in_vain(name)
            known[name] = replace(fault, profile=name) if fault is not None else None
        return known[name]

    def _process_asks_in_vain(self, name: str) -> PredictedError | None:
        """Return what is raised where a process asks the AWS CLI for itself again, or for no profile.

        Asking for itself starts process after process, until the system refuses to start another one.
        """
        passed: list[str] = []
        following: str | None = name
        while following is not None and following not in passed:
            passed.append(following)
            asks = credential_process.asks(self._world.host, self._merged[following]["credential_process"])
            if asks is not None and asks.profile is not None and asks.profile not in self._merged:
                message = f"{_FROM_PROCESS}{asks.says_of_missing}"
                about = (Cause.PROCESS_PROFILE_MISSING, (credential_process.KEY,))
                return PredictedError("CredentialRetrievalError", message, *about) if not passed[1:] else None
            following = self._process_behind(asks) if asks is not None else None
            if asks is not None and following is None and self._process_uses_nothing(asks) and not passed[1:]:
                message = f"{_FROM_PROCESS}{asks.says_of_nothing}"
                about = (Cause.PROCESS_NO_CREDENTIALS, (credential_process.KEY,))
                return PredictedError("CredentialRetrievalError", message, *about)
        if following is None:
            return None
        ring = tuple(passed[passed.index(following) :])
        return PredictedError("CredentialRetrievalError", _FROM_PROCESS, Cause.PROCESS_LOOP, ring)

    def _process_behind(self, asks: credential_process.Asks) -> str | None:
        """Return the profile whose process runs where an AWS tool is asked for credentials, or None."""
        found = self._asked_of(asks)
        last = found.chain[-1] if found is not None else None
        return last.profile if last is not None and last.provider == Provider.PROCESS else None

    def _process_uses_nothing(self, asks: credential_process.Asks) -> bool:
        """Whether an AWS tool that is asked for credentials, and for no profile, finds none here."""
        found = self._asked_of(asks) if asks.profile is None else None
        return found is not None and found.error == "NoCredentialsError"

    def _asked_of(self, asks: credential_process.Asks) -> Resolution | None:
        """Return what the profile that a tool is asked for resolves to; None where that is not certain."""
        asked, is_explicit = asks.profile, asks.profile is not None
        if not is_explicit:
            chosen = {profile_variable(self._environ, tool) for tool in (Tool.CLI_V1, Tool.CLI_V2)}
            names = {self._environ[variable] if variable is not None else None for variable in chosen}
            asked = names.pop()
            if names:  # it depends on the version of the AWS CLI
                return None
        resolver = _Resolver(self._world, self._tool, asked, explicit=is_explicit, looks_at_processes=False)
        return resolver.resolve()

    def _fallback(self) -> Answer:
        """The providers after the profile: two old files, the container, the instance's metadata."""
        fallbacks = self._world.fallbacks
        for provider, lookup in (
            (Provider.EC2_FILE, fallbacks.ec2_credentials_file),
            (Provider.BOTO, fallbacks.boto_config),
        ):
            key = lookup()
            if key is not None:
                return Answer((Hop(self._name, provider),), key)
        if provider_checks.container_is_set(self._environ):
            return Answer((Hop(self._name, Provider.CONTAINER, fault=self._world.container_fault()),))
        cause = self._without_credentials(self._name)
        raise PredictedErrorRaised("NoCredentialsError", "Unable to locate credentials", cause)


def _is_role(profile: Mapping[str, Value]) -> bool:
    return "role_arn" in profile and "web_identity_token_file" not in profile


def _is_role_alone(profile: Mapping[str, Value]) -> bool:
    """Whether a source profile is a role itself: its own keys would come first."""
    return _is_role(profile) and not any(key in profile for key in PAIR)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else str(value)
