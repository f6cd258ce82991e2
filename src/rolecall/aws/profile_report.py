"""How AWS tools read one profile, and a command that names none."""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from functools import partial

from rolecall.aws import (
    certificates,
    client_checks,
    credential_process,
    first_call,
    profiles,
    provider_checks,
    resolver,
)
from rolecall.aws.client_checks import ClientFaults
from rolecall.aws.config_file import Value
from rolecall.aws.expiry import LONGEST_CHAINED, After, Expiry, State
from rolecall.aws.expiry_calculator import ExpiryCalculator
from rolecall.aws.identifiers import account_of_arn, account_of_key
from rolecall.aws.profiles import Profiles, Setting
from rolecall.aws.providers import Cause, Hop, PredictedError, Provider, Resolution, Tool
from rolecall.aws.resolver import World
from rolecall.aws.settings import Kind
from rolecall.values import dataclass

OF_CLIENT = frozenset(
    (
        *(Cause.CLIENT_SETTING, Cause.CLIENT_VARIABLE, Cause.SERVICES_MISSING),
        *(Cause.SSO_SESSION_MISSING, Cause.SSO_SESSION_INCOMPLETE),
        *(Cause.CERTIFICATES, Cause.CERTIFICATES_VARIABLE),
    )
)
"""Causes that stop a tool whatever the credentials are (``client_checks``)."""


def certain_faults(resolutions: Mapping[Tool, Resolution]) -> dict[Tool, PredictedError]:
    """Return the errors that the tools raise, for those that raise one and are used.

    What only CLI v1 refuses of the settings (`output = yaml`) is written for CLI v2, and is left out.
    """
    found = {
        tool: fault
        for tool, each in resolutions.items()
        if (fault := each.fault) is not None and not each.is_spared
    }
    of_client = [tool for tool, fault in found.items() if fault.cause in OF_CLIENT]
    if of_client == [Tool.CLI_V1] and resolutions[Tool.CLI_V2].fault is None:
        del found[Tool.CLI_V1]
    return found


@dataclass(frozen=True, slots=True)
class ProfileReport:
    """One profile: its settings, how each tool resolves it, and its expiry.

    Attributes:
        name: the profile's name.
        kind: its kind.
        resolutions: for each tool, the resolution when the profile is chosen explicitly.
        own_hop: its own part of the chain by its settings, even where the resolution is an error.
        hop_expiries: the expiry of each hop of ``chain``, in the same order.
        expiry: the expiry of the profile's credentials.
        cache_file: the predicted name of the file with its credentials, or None where there is none.
        regions: for each tool the region that it would use, or None.
        account: the account id in its role, SSO settings or key, or None.
        token: the expiry of the SSO token that it uses; None where it uses none.
        on_signing: what a call of STS with its credentials raises before it is sent, or None.
    """

    name: str
    kind: Kind
    resolutions: Mapping[Tool, Resolution]
    own_hop: Hop
    hop_expiries: tuple[Expiry, ...]
    expiry: Expiry
    cache_file: str | None
    regions: Mapping[Tool, str | None]
    account: str | None
    token: Expiry | None
    on_signing: PredictedError | None
    _own_fault: Callable[[bool], PredictedError | None] = field(repr=False, compare=False)
    _profiles: Profiles = field(repr=False)

    @property
    def resolution(self) -> Resolution:
        """boto3's resolution when the profile is chosen explicitly."""
        return self.resolutions[Tool.BOTO3]

    @property
    def on_fetch(self) -> PredictedError | None:
        """What rolecall's own fetch of its credentials raises for certain; None where it may work."""
        return self._own_fault(False)

    @property
    def on_renewal(self) -> PredictedError | None:
        """The same, without what is cached for it."""
        return self._own_fault(True)

    @property
    def effective(self) -> Resolution:
        """The resolution that decides its state: boto3's, or CLI v2's where boto3 only lacks a package."""
        return _effective(self.resolutions)

    @property
    def chain(self) -> tuple[Hop, ...]:
        """The hops from this profile to where its credentials start."""
        return self.effective.chain

    @property
    def source(self) -> str | None:
        """The profile that this one uses as its source, or None where it is only itself."""
        source = self.chain[1].profile if len(self.chain) > 1 else None
        return source if source != self.name else None

    @property
    def region(self) -> str | None:
        """The region that boto3 would use."""
        return self.regions[Tool.BOTO3]

    @property
    def values(self) -> Mapping[str, Value]:
        """The merged settings, by key."""
        return self._profiles.by_name[self.name]

    @property
    def settings(self) -> Mapping[str, Setting]:
        """The settings with their origins and the settings that they override."""
        return profiles.settings(self._profiles, self.name)

    @property
    def lost(self) -> list[Setting]:
        """The settings that a later section of the same profile replaces."""
        return profiles.lost(self._profiles, self.name)

    @property
    def asks_mfa(self) -> bool:
        """Whether the profile itself names an MFA device."""
        return self.kind is Kind.ROLE and "mfa_serial" in self.values

    @property
    def maximum_duration(self) -> int | None:
        """The role's maximum duration in seconds, where known: one hour for a chained role."""
        is_chained = len(self.chain) > 1 and self.chain[1].provider in (
            Provider.ASSUME_ROLE,
            Provider.WEB_IDENTITY,
            Provider.SSO,
        )
        return LONGEST_CHAINED if self.kind is Kind.ROLE and is_chained else None


@dataclass(frozen=True, slots=True)
class DefaultSession:
    """What a command without ``--profile`` would use, in one tool.

    Attributes:
        profile: the profile that is chosen, or None where the environment's keys need none.
        variable: the variable that chooses it, or None for the default.
        resolution: the resolution.
        region: the region, or None.
        expiry: the expiry of its credentials.
    """

    profile: str | None
    variable: str | None
    resolution: Resolution
    region: str | None
    expiry: Expiry


def profile_report(world: World, expiry_calculator: ExpiryCalculator, name: str) -> ProfileReport:
    """Return the report on one profile."""
    settings = world.profiles.by_name[name]
    calls = {tool: _Call.of(world, name, settings, tool) for tool in Tool}
    resolutions = _resolutions(world, expiry_calculator, name, calls)
    boto3 = resolutions[Tool.BOTO3]
    effective = _effective(resolutions)
    kind = _kind(world.profiles, name)
    own = _own_hop(world.profiles, name, kind, effective)
    expiries = _expiries(world, expiry_calculator, effective)
    history = first_call.history_fault(expiry_calculator, settings, Tool.CLI_V2)
    return ProfileReport(
        name=name,
        kind=kind,
        resolutions=resolutions,
        own_hop=own,
        hop_expiries=tuple(expiries),
        expiry=_agreeing(_expiry(effective, expiries), effective.on_use)
        if history is None
        else Expiry(State.BROKEN, after=After.FAILS, reason=history.message),
        cache_file=_cache_file(expiry_calculator, own, kind, settings),
        regions={tool: call.region for tool, call in calls.items()},
        account=_account(settings, effective),
        token=_token(expiry_calculator, own),
        on_signing=calls[Tool.BOTO3].signing,
        _own_fault=partial(_own_fault, expiry_calculator, boto3, calls[Tool.BOTO3]),
        _profiles=world.profiles,
    )


@dataclass(frozen=True, slots=True)
class _Call:
    """What a tool brings to each of its calls: its region, and what it raises over the settings.

    Attributes:
        region: the region, or None.
        client: what it raises over its settings.
        signing: what keeps it from calling STS with credentials, or None.
    """

    region: str | None
    client: ClientFaults
    signing: PredictedError | None

    @classmethod
    def of(cls, world: World, name: str, settings: Mapping[str, Value], tool: Tool) -> "_Call":
        found = region(world, settings, tool)
        return cls(found, _client(world, name, settings, tool, found), _signing(world, settings, tool, found))


def _own_fault(
    expiry_calculator: ExpiryCalculator,
    boto3: Resolution,
    call: _Call,
    anew: bool,  # noqa: FBT001 - whether to ignore what is cached for the profile itself
) -> PredictedError | None:
    return first_call.own_fault(expiry_calculator, boto3, call.client, call.signing, anew=anew)


def _expiries(world: World, expiry_calculator: ExpiryCalculator, resolution: Resolution) -> list[Expiry]:
    """Return the expiry of each hop; that of a process which is rolecall's own is that of what it serves."""
    chain = resolution.chain
    if len(chain) == 1 and chain[0].provider == Provider.PROCESS and resolution.fault is None:
        served = credential_process.served(world.host, chain[0].settings)
        if served is not None and served in world.profiles.by_name:
            behind = resolver.resolve_explicit(world, served, Tool.BOTO3)
            return expiry_calculator.of_chain(behind.chain)[:1] or [Expiry(State.UNKNOWN)]
    return expiry_calculator.of_chain(chain)


def ambient_report(world: World, expiry_calculator: ExpiryCalculator, tool: Tool) -> DefaultSession:
    """Return what a command without ``--profile`` would use."""
    variable = resolver.profile_variable(world.host.environ, tool)
    chosen = world.host.environ[variable] if variable else None
    resolution = resolver.resolve_ambient(world, tool)
    settings = world.profiles.by_name.get(chosen if chosen is not None else "default")
    call = _Call.of(world, chosen or "default", settings or {}, tool)
    fault = first_call.history_fault(expiry_calculator, settings or {}, tool) or first_call.fault(
        expiry_calculator, resolution, tool, call.client, call.signing
    )
    resolution = replace(resolution, on_use=fault)
    resolution = _weighed(world, tool, resolution) if resolution.fault is not None else resolution
    calculator = expiry_calculator.for_boto3() if tool is Tool.BOTO3 else expiry_calculator
    return DefaultSession(
        profile=chosen if chosen is not None else ("default" if settings is not None else None),
        variable=variable,
        resolution=resolution,
        region=call.region,
        expiry=_agreeing(_expiry(resolution, calculator.of_chain(resolution.chain)), resolution.on_use),
    )


def region(world: World, settings: Mapping[str, Value], tool: Tool) -> str | None:
    """Return the region that a tool uses: a variable's (even an empty one), else the profile's."""
    variables = ("AWS_REGION", "AWS_DEFAULT_REGION") if tool is Tool.CLI_V2 else ("AWS_DEFAULT_REGION",)
    for name in variables:
        if name in world.host.environ:
            return world.host.environ[name]
    value = settings.get("region")
    return value if isinstance(value, str) else None


def asks_metadata(environ: Mapping[str, str], tool: Tool, region_found: str | None) -> bool:
    """Whether a tool asks instance metadata for the region, which only an EC2 instance answers.

    CLI v2 alone does, where nothing gives a region (``CLIDriver._construct_cli_region_chain``).
    """
    return tool is Tool.CLI_V2 and region_found is None and not provider_checks.is_disabled(environ)


def _resolutions(
    world: World, expiry_calculator: ExpiryCalculator, name: str, calls: Mapping[Tool, _Call]
) -> dict[Tool, Resolution]:
    """Resolve for the three tools; they differ in logins, web identities and caches."""
    boto3 = resolver.resolve_explicit(world, name, Tool.BOTO3)
    found = {Tool.BOTO3: boto3}
    reads_token = boto3.chain[-1].provider == Provider.WEB_IDENTITY
    # CLI v2 has the CRT, and its own words for logins
    logs_in = boto3.cause in (Cause.CRT_MISSING, Cause.LOGIN_MISSING, Cause.LOGIN_DAMAGED)
    of_models = boto3.raised is not None and boto3.raised.subject == "data_path"  # of boto3 alone
    for tool, differs in ((Tool.CLI_V1, reads_token or of_models), (Tool.CLI_V2, logs_in or of_models)):
        found[tool] = resolver.resolve_explicit(world, name, tool) if differs else boto3
    settings = world.profiles.by_name[name]
    for tool, resolution in found.items():
        fault = first_call.history_fault(expiry_calculator, settings, tool) or first_call.fault(
            expiry_calculator, resolution, tool, calls[tool].client, calls[tool].signing
        )
        found[tool] = replace(resolution, on_use=fault) if fault else resolution
    if all(each.fault is None for each in found.values()):
        return found
    return {tool: _weighed(world, tool, resolution) for tool, resolution in found.items()}


def _weighed(world: World, tool: Tool, resolution: Resolution) -> Resolution:
    """Return a resolution with whether anybody uses the tool for this.

    `aws login` is of CLI v2, which has the CRT: that the others lack it matters only where v2 is not here.
    """
    is_of_v2 = tool is not Tool.CLI_V2 and resolution.cause is Cause.CRT_MISSING
    is_spared = (tool is Tool.CLI_V2 or is_of_v2) and world.lacks_v2 is not is_of_v2
    return replace(resolution, is_spared=True) if is_spared else resolution


def _effective(resolutions: Mapping[Tool, Resolution]) -> Resolution:
    boto3 = resolutions[Tool.BOTO3]
    is_of_v2 = boto3.cause is Cause.CRT_MISSING and not resolutions[Tool.CLI_V2].is_spared
    return resolutions[Tool.CLI_V2] if is_of_v2 else boto3


def _signing(
    world: World, settings: Mapping[str, Value], tool: Tool, found: str | None
) -> PredictedError | None:
    """Return what keeps a tool from calling STS; without a region CLI v2 asks instance metadata for one."""
    environ = world.host.environ
    may_be_told = tool is Tool.CLI_V2 and environ.get("AWS_EC2_METADATA_DISABLED", "").lower() != "true"
    if found is None and (may_be_told or "region" in settings):
        return None  # another error refuses a nested one
    return provider_checks.signing_fault(
        environ, world.profiles, settings, found
    ) or provider_checks.partition_fault(environ, world.profiles, settings, found)


def _client(
    world: World, name: str, settings: Mapping[str, Value], tool: Tool, region_found: str | None
) -> ClientFaults:
    # a profile without a name is taken for the default one
    found = _checked(world, name, settings, tool)
    sending = certificates.fault(world.host, settings, region_found, world.bundles)
    if sending is None:
        return found
    return replace(found, sending=replace(sending, profile=name) if "ca_bundle" in settings else sending)


def _checked(world: World, name: str, settings: Mapping[str, Value], tool: Tool) -> ClientFaults:
    """Return what the checks of a client find; of profiles that have the same settings, one is checked."""
    key = client_checks.checked(settings)
    if key is not None and (tool, key) in world.faultless:
        return first_call.NO_FAULTS
    environ = world.host.environ
    found = client_checks.client_faults(environ, world.profiles, name or "default", tool, settings)
    if not found.all and key is not None:
        world.faultless.add((tool, key))
    return found if name else found.of(name)


def _kind(merged: Profiles, name: str) -> Kind:
    settings = merged.by_name[name]
    token_file = settings.get("web_identity_token_file")
    if token_file:
        return Kind.WEB_IDENTITY
    # an empty one is ignored, but keeps botocore from taking the profile for a role
    if "role_arn" in settings and token_file is None:
        return Kind.ROLE
    if "sso_role_name" in settings or "sso_account_id" in settings:
        return Kind.SSO
    if "aws_access_key_id" in (merged.static_credentials(name) or {}):
        return Kind.KEYS
    if "login_session" in settings:
        return Kind.LOGIN
    if "credential_process" in settings:
        return Kind.PROCESS
    if "aws_access_key_id" in settings or "aws_secret_access_key" in settings:
        return Kind.KEYS
    if token_file is not None:
        return Kind.WEB_IDENTITY
    return Kind.SSO if "sso_session" in settings else Kind.NONE


def _own_hop(merged: Profiles, name: str, kind: Kind, effective: Resolution) -> Hop:
    first = effective.chain[0]
    # a profile without a name resolves as the default one does
    if first.provider is not None and first.profile == (name or "default"):
        return first
    settings = merged.by_name[name]
    complete = all(key in settings for key in ("sso_role_name", "sso_account_id", "sso_start_url"))
    if kind is Kind.ROLE:
        return Hop(name, Provider.ASSUME_ROLE, settings=settings)
    if kind is Kind.WEB_IDENTITY and settings.get("role_arn"):
        return Hop(name, Provider.WEB_IDENTITY, settings=settings)
    if kind is Kind.SSO and complete:
        return Hop(name, Provider.SSO, settings=settings)
    return Hop(name, None, settings=settings)


_WEIGHED = frozenset((Cause.SSO_TOKEN_EXPIRED, Cause.SSO_TOKEN_MISSING, Cause.LOGIN_MISSING))
"""What the ExpiryCalculator has weighed: a cached source may be used although its login has ended."""
_DUE = (State.IDLE, State.EXPIRED)
"""States in which the next use fetches credentials."""


def _expiry(resolution: Resolution, expiries: list[Expiry]) -> Expiry:
    fault = resolution.fault
    is_of_client = fault is not None and (fault.cause in OF_CLIENT or fault.cause is Cause.SSO_REGION)
    if fault is not None and (is_of_client or (resolution.error is not None and resolution.provider is None)):
        return Expiry(State.BROKEN, after=After.FAILS, reason=fault.message)
    first = expiries[0]
    if (
        fault is not None
        and fault.cause not in _WEIGHED
        and first.state in _DUE
        and first.after in (After.AUTOMATIC, After.MFA)
    ):
        return replace(first, after=After.FAILS, reason=fault.message)
    return first


def _agreeing(expiry: Expiry, fault: PredictedError | None) -> Expiry:
    """Return the expiry of what is still to be fetched, where that is certain to fail."""
    if (
        fault is None
        or fault.cause in _WEIGHED
        or expiry.state is not State.IDLE
        or expiry.after not in (After.AUTOMATIC, After.MFA)
    ):
        return expiry
    return replace(expiry, after=After.FAILS, reason=" ".join(fault.message.split()))


def _cache_file(
    expiry_calculator: ExpiryCalculator, own: Hop, kind: Kind, settings: Mapping[str, Value]
) -> str | None:
    if kind is Kind.LOGIN and isinstance(settings["login_session"], str):
        file = expiry_calculator.login_path(settings["login_session"])
        return file.name
    file_there = expiry_calculator.role_file(own)
    if file_there is not None:
        return file_there.path.name
    stems = expiry_calculator.stems(own)
    return f"{stems[0]}.json" if stems else None


def _token(expiry_calculator: ExpiryCalculator, own: Hop) -> Expiry | None:
    if own.provider != Provider.SSO:
        return None
    refreshes = "sso_session" in own.settings
    return expiry_calculator.of_token(expiry_calculator.token_file(own.settings), refreshes=refreshes)


def _account(settings: Mapping[str, Value], effective: Resolution) -> str | None:
    arn = settings.get("role_arn")
    if isinstance(arn, str):
        return account_of_arn(arn)
    account = settings.get("sso_account_id") or settings.get("aws_account_id")
    if isinstance(account, str) and account.isdigit():
        return account
    return account_of_key(effective.access_key) if effective.access_key else None
