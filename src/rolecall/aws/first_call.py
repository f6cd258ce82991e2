"""What the first call raises although a provider answered, where that is certain offline.

Roles, web identities and SSO answer before they fetch anything; whether the fetch can work shows later, in
the caches, the tokens and the parameters.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from rolecall.aws import cache_files, provider_checks
from rolecall.aws.cache_files import CacheFile, CacheKind
from rolecall.aws.client_checks import REGION, ClientFaults
from rolecall.aws.config_file import Value
from rolecall.aws.expiry import RENEWAL_WINDOW, SHORTEST_DURATION, State
from rolecall.aws.expiry_calculator import ExpiryCalculator
from rolecall.aws.identifiers import is_zone
from rolecall.aws.providers import Cause, Hop, PredictedError, Provider, Resolution, Tool
from rolecall.aws.resolver import TOO_LONG
from rolecall.aws.role_parameters import refusal
from rolecall.aws.value_shapes import SHAPES, Misfit, Weight
from rolecall.aws.write_access import Obstacle

_SURE = frozenset((Provider.PROCESS, Provider.BOTO))
"""Providers for which nothing is known offline."""
_STATIC = (Provider.SHARED_CREDENTIALS, Provider.CONFIG_FILE)
_LENGTHS = {key: (each.parameter, each.shortest) for key, each in SHAPES.items() if each.parameter}
"""The shortest values that botocore's model of STS accepts, in characters."""
_BEFORE_ALL = frozenset((Cause.PROFILE_MISSING, Cause.FILE_UNPARSEABLE))
"""Causes of errors that come before any setting is checked: there is no profile to read it from."""
_AT_START = frozenset((Cause.METADATA_SETTING, Cause.METADATA_VARIABLE))
"""Causes of errors that the CLIs raise before they look at the region, and boto3 afterwards."""
NO_FAULTS = ClientFaults()
LONGEST_FETCH = 140
"""Roles that can be fetched one from the other: botocore does that by recursion, seven calls each."""
_SHORTEST_TOKEN = 4


def fault(
    expiry_calculator: ExpiryCalculator,
    resolution: Resolution,
    tool: Tool,
    client: ClientFaults = NO_FAULTS,
    signing: PredictedError | None = None,
) -> PredictedError | None:
    """Return what the first call raises in a tool; None where it may work, or ends in the resolution's error.

    Args:
        expiry_calculator: the expiries of what is cached.
        resolution: which provider answers.
        tool: the tool that makes the call, with its cache.
        client: what the tool raises over its settings.
        signing: what keeps the tool from calling STS with credentials (``provider_checks.signing_fault``).
    """
    if resolution.cause in _BEFORE_ALL:
        # CLI v2 looks at its encoding, and reads a region from a variable, before it misses the profile
        is_late = tool is Tool.CLI_V2 and resolution.cause is Cause.PROFILE_MISSING
        return (client.starting or client.region) if is_late else None
    is_at_start = tool is not Tool.BOTO3 and resolution.cause in _AT_START
    early = client.starting or (None if is_at_start else client.region)
    if early is not None:
        return early
    # keys from the environment that have expired are found, and refused when they sign
    if resolution.provider is None and resolution.error not in (None, "NoCredentialsError"):
        return None
    # a source is asked at once, even where its role is cached
    later = resolution.chain[-1].fault or client.making
    if later is not None or resolution.error is not None:
        return later
    found = None
    if not _SURE.issuperset(hop.provider for hop in resolution.chain):
        found = _of_chain(expiry_calculator, resolution.chain, tool, signing)
    return found or client.sending or client.printing


def own_fault(
    expiry_calculator: ExpiryCalculator,
    resolution: Resolution,
    client: ClientFaults,
    signing: PredictedError | None,
    *,
    anew: bool,
) -> PredictedError | None:
    """Return what rolecall's own fetch raises (``actions.worker``), or None where it may work.

    It is boto3's, with the files in which CLI v2 caches credentials; a damaged one is ignored.

    Args:
        expiry_calculator: the expiries of what is cached.
        resolution: which provider answers in boto3.
        client: what boto3 raises over its settings.
        signing: as in ``fault``.
        anew: whether to ignore what is cached for the profile itself.
    """
    at_once = resolution.raised or client.region or resolution.chain[-1].fault or client.making
    if at_once is not None:
        return at_once
    found = _of_chain(expiry_calculator, resolution.chain, None, signing, anew=anew)
    is_here = resolution.chain[0].provider in _STATIC  # then nothing is sent
    return found or (None if is_here else client.sending)


def _of_chain(
    expiry_calculator: ExpiryCalculator,
    chain: tuple[Hop, ...],
    tool: Tool | None,
    signing: PredictedError | None,
    *,
    anew: bool = False,
) -> PredictedError | None:
    """Follow botocore's order: the cache, the source, the client, the parameters.

    A role's result depends only on its profile, and many chains share it: it is calculated once.
    """
    pending: list[Hop] = []
    # how many have to be fetched one from the other, and the result
    fetched: tuple[int, PredictedError | None] = (0, None)
    for index, hop in enumerate(chain):
        is_first_anew = anew and index == 0
        if tool is None and index == 0 and hop.provider in _STATIC:
            break  # rolecall's own fetch hands them out, and calls nothing
        known = expiry_calculator.fetches.get((tool, signing, hop.profile)) if _is_role(hop) else None
        if known is not None and not is_first_anew:
            fetched = known
            break
        file = _cached(expiry_calculator, hop, tool or Tool.CLI_V2, is_own=index == 0)
        damage = _damage(expiry_calculator, file, tool)
        if file is not None and damage is not None and tool is not None:
            damage = damage.because(Cause.CACHE_DAMAGED, str(file.path))
            fetched = (0, replace(damage, profile=hop.profile))
            break
        if damage is None and _is_good(expiry_calculator, file) and not is_first_anew:
            break
        pending.append(hop)
    is_whole = bool(chain) and not _is_role(chain[-1])
    for index, hop in reversed(tuple(enumerate(pending))):
        many, found = fetched
        by_itself = (signing if _is_role(hop) else None) or _of_hop(expiry_calculator, hop, tool)
        if found is None:
            # what is fetched is written before it is used
            found = by_itself or _unwritten(expiry_calculator, hop, tool, is_own=hop is chain[0])
            found = replace(found, profile=hop.profile) if found is not None else None
        fetched = many + 1, found
        if is_whole and _is_role(hop) and not (anew and index == 0):
            expiry_calculator.fetches[tool, signing, hop.profile] = fetched
    many, found = fetched
    if many <= LONGEST_FETCH:
        return found
    end = next(hop.profile for hop in reversed(chain) if hop.profile is not None)
    return TOO_LONG.because(Cause.CHAIN_TOO_LONG, end)


def _damage(
    expiry_calculator: ExpiryCalculator, file: CacheFile | None, tool: Tool | None
) -> PredictedError | None:
    """Return what a tool raises over a file; boto3 and CLI v1 sign in vain with a secret that is no text."""
    damage = file.fault_at(expiry_calculator.now) if file is not None else None
    is_of_v2 = damage is not None and "concatenate" in damage.message and damage.cause is Cause.KEYS_NO_TEXT
    return None if is_of_v2 and tool in (Tool.BOTO3, Tool.CLI_V1) else damage


def _unwritten(
    expiry_calculator: ExpiryCalculator, hop: Hop, tool: Tool | None, *, is_own: bool
) -> PredictedError | None:
    """Return what a tool raises because it cannot cache what it has fetched; boto3 keeps it in memory."""
    is_kept = tool is not Tool.BOTO3 and (is_own or _is_role(hop))
    if not is_kept or (hop.provider == Provider.SSO and tool is Tool.CLI_V1):
        return None
    stem = expiry_calculator.stem(hop, tool or Tool.CLI_V2)
    if stem is None:
        return None
    file = expiry_calculator.role_file(hop, tool or Tool.CLI_V2)
    directory = expiry_calculator.where.cli_cache
    return _unwritable(expiry_calculator.write_obstacle(tool, directory, stem, file))


def history_fault(
    expiry_calculator: ExpiryCalculator, settings: Mapping[str, Value], tool: Tool
) -> PredictedError | None:
    """Return what both CLIs raise before anything else, because they cannot make the directory of a history.

    A directory that is there and cannot be written to is only warned about (``attach_history_handler``).
    """
    if tool is Tool.BOTO3 or settings.get("cli_history") != "enabled":
        return None
    return _unwritable(expiry_calculator.obstacles.get(expiry_calculator.where.cli_history))


def _unwritable(obstacle: Obstacle | None) -> PredictedError | None:
    if obstacle is None:
        return None
    where = (str(obstacle.where),)
    return PredictedError(obstacle.error, obstacle.message, Cause.CACHE_UNWRITABLE, where)


def _is_role(hop: Hop) -> bool:
    return hop.provider == Provider.ASSUME_ROLE


def _is_good(expiry_calculator: ExpiryCalculator, file: CacheFile | None) -> bool:
    """Whether what is cached is used as it is."""
    ends = file.expires_at if file is not None else None
    return ends is not None and ends - expiry_calculator.now >= RENEWAL_WINDOW


def _cached(expiry_calculator: ExpiryCalculator, hop: Hop, tool: Tool, *, is_own: bool) -> CacheFile | None:
    """Return the file from which a tool would read the hop's credentials.

    boto3 caches in memory only, CLI v1 caches no SSO roles, and a source is cached only if it is a role.
    """
    if tool is Tool.BOTO3 or (hop.provider == Provider.SSO and tool is not Tool.CLI_V2):
        return None
    is_kept = is_own or hop.provider == Provider.ASSUME_ROLE
    return expiry_calculator.role_file(hop, tool) if is_kept else None


def _of_hop(expiry_calculator: ExpiryCalculator, hop: Hop, tool: Tool | None) -> PredictedError | None:
    match hop.provider:
        case Provider.ENV:
            fault = provider_checks.environment_fault(expiry_calculator.host, expiry_calculator.now)
            return fault or _unsendable(expiry_calculator.bad_variables(), Cause.ENVIRONMENT_BAD_KEYS)
        case Provider.SHARED_CREDENTIALS | Provider.CONFIG_FILE:
            return _nested(hop, tool) or _unsendable(expiry_calculator.bad_keys(hop), Cause.BAD_KEYS)
        case Provider.ASSUME_ROLE:
            return _invalid(_role_complaints(hop.settings)) or _refused(expiry_calculator, hop, tool)
        case Provider.WEB_IDENTITY:
            return _web_identity(expiry_calculator, hop) or _refused(expiry_calculator, hop, tool)
        case Provider.SSO:
            found = _of_region(expiry_calculator, hop) or _sso(expiry_calculator, hop, tool)
            return found or _refused(expiry_calculator, hop, tool)
        case Provider.LOGIN:
            session = str(hop.settings["login_session"])
            file = expiry_calculator.login_file(session)
            if file is None:
                return None
            damage = _damage(expiry_calculator, file, tool)
            if damage is not None:
                fault = cache_files.login_words(damage, tool)
                return fault.because(Cause.LOGIN_DAMAGED, session, str(file.path))
            return _unrenewed(expiry_calculator, file, session, tool) or _unrefreshed(
                expiry_calculator, file, tool
            )
        case _:
            return None


_NESTED = {
    "aws_access_key_id": ("TypeError", "sequence item 0: expected str instance, dict found"),
    "aws_secret_access_key": ("TypeError", 'can only concatenate str (not "dict") to str'),
    "aws_security_token": ("AttributeError", "'dict' object has no attribute 'split'"),
    "aws_session_token": ("AttributeError", "'dict' object has no attribute 'split'"),
}
"""What signing raises over a nested block in the place of a key; the old name of the token comes first."""


def _nested(hop: Hop, tool: Tool | None) -> PredictedError | None:
    """Return what is raised over a block among static keys; only CLI v2 does so over the secret."""
    over = "aws_security_token" in hop.settings
    for key, (error, message) in _NESTED.items():
        is_used = not (over and key == "aws_session_token")
        is_used = is_used and (key != "aws_secret_access_key" or tool is Tool.CLI_V2)
        if is_used and isinstance(hop.settings.get(key), Mapping):
            return PredictedError(error, message, Cause.NESTED_VALUE, (key,))
    return None


def _refused(expiry_calculator: ExpiryCalculator, hop: Hop, tool: Tool | None) -> PredictedError | None:
    """Return what the service answers that gives the hop's role; rolecall itself lets it answer."""
    return refusal(hop) if tool is not None and expiry_calculator.refused(hop) else None


def _unsendable(found: tuple[Misfit, ...], cause: Cause) -> PredictedError | None:
    """Return what http.client raises over a key id or a token that no header can have."""
    names = tuple(each.name for each in found if each.weight is Weight.CLIENT)
    message = "An HTTP Client raised an unhandled exception: Invalid header value"
    return PredictedError("HTTPClientError", message, cause, names) if names else None


def _role_complaints(settings: Mapping[str, Value]) -> dict[str, str]:
    complaints = _length_complaints(settings)
    duration = cache_files.duration_seconds(settings)
    if duration is not None and duration < SHORTEST_DURATION:
        of_arn = complaints.pop("role_arn", None)  # botocore's model has it last
        complaints["duration_seconds"] = (
            f"Invalid value for parameter DurationSeconds, value: {duration}, "
            f"valid min value: {SHORTEST_DURATION}"
        )
        complaints |= {"role_arn": of_arn} if of_arn is not None else {}
    return complaints


def _length_complaints(settings: Mapping[str, Value]) -> dict[str, str]:
    """Return what botocore's model of STS has against settings, by their names."""
    complaints = {}
    for key, (parameter, shortest) in _LENGTHS.items():
        value = settings.get(key)
        if value is None or (key == "role_session_name" and not value):
            continue
        if not isinstance(value, str):
            complaints[key] = (
                f"Invalid type for parameter {parameter}, value: {dict(value)}, "
                "type: <class 'dict'>, valid types: <class 'str'>"
            )
        elif len(value) < shortest:
            complaints[key] = (
                f"Invalid length for parameter {parameter}, value: {len(value)}, valid min length: {shortest}"
            )
    return complaints


def _invalid(complaints: Mapping[str, str]) -> PredictedError | None:
    if not complaints:
        return None
    message = "\n".join(("Parameter validation failed:", *complaints.values()))
    return PredictedError("ParamValidationError", message, Cause.BAD_PARAMETER, tuple(complaints))


def _web_identity(expiry_calculator: ExpiryCalculator, hop: Hop) -> PredictedError | None:
    """The token is read from its file at each fetch; its path is not expanded."""
    token = expiry_calculator.web_identity_token(hop.settings)
    if token is None:
        return expiry_calculator.web_identity_fault(hop.settings["web_identity_token_file"])
    wanted = {key: hop.settings[key] for key in ("role_session_name", "role_arn") if key in hop.settings}
    complaints = _length_complaints(wanted)
    if len(token) < _SHORTEST_TOKEN:
        complaints["web_identity_token_file"] = (
            f"Invalid length for parameter WebIdentityToken, value: {len(token)}, "
            f"valid min length: {_SHORTEST_TOKEN}"
        )
    return _invalid(complaints)


def _sso(expiry_calculator: ExpiryCalculator, hop: Hop, tool: Tool | None) -> PredictedError | None:
    fault = _of_token(expiry_calculator, hop)
    directory = expiry_calculator.where.sso_cache
    if fault is not None and fault.cause in (Cause.SSO_TOKEN_MISSING, Cause.SSO_TOKEN_EXPIRED):
        # a login would be lost: the directory is to blame
        obstacle = expiry_calculator.obstacles.get(directory)
        return fault if obstacle is None else fault.because(Cause.CACHE_UNWRITABLE, str(obstacle.where))
    file = expiry_calculator.token_file(hop.settings)
    if fault is not None or file is None:
        return fault
    return _unrefreshed(expiry_calculator, file, tool) or _of_zone(expiry_calculator, hop)


def _unrenewed(
    expiry_calculator: ExpiryCalculator, file: CacheFile, session: str, tool: Tool | None
) -> PredictedError | None:
    """Return what a tool raises over a login that it has to renew now, over its key or its directory.

    Before the last 10 minutes a failure to renew is only a warning (``RefreshableCredentials``).
    """
    left = file.expires_at - expiry_calculator.now if file.expires_at is not None else None
    if left is None or left >= _MANDATORY:
        return None
    if file.renewal_fault is not None:
        fault = cache_files.login_words(file.renewal_fault, tool)
        return fault.because(Cause.LOGIN_DAMAGED, session, str(file.path))
    if left < _LOGIN_RENEWAL and expiry_calculator.host.environ.get(_LOGIN_DIRECTORY) == "":
        message = "[Errno 2] No such file or directory: ''"
        return PredictedError("FileNotFoundError", message, Cause.CLIENT_VARIABLE, (_LOGIN_DIRECTORY,))
    return None


_MANDATORY = timedelta(minutes=10)
_LOGIN_RENEWAL = timedelta(minutes=5)
"""What is left of a login when it is renewed; before that the cached one is read again."""
_LOGIN_DIRECTORY = "AWS_LOGIN_CACHE_DIRECTORY"


def _unrefreshed(
    expiry_calculator: ExpiryCalculator, file: CacheFile, tool: Tool | None
) -> PredictedError | None:
    """Return what a tool raises because it cannot write a token or a login that it has to refresh."""
    if file.expires_at is None or file.expires_at > expiry_calculator.now:
        return None
    return _unwritable(expiry_calculator.write_obstacle(tool, file.path.parent, file.path.stem, file))


def _of_region(expiry_calculator: ExpiryCalculator, hop: Hop) -> PredictedError | None:
    """Return what ``SSOCredentialFetcher`` raises over sso_region, which it needs before the token."""
    region, session = hop.settings.get("sso_region"), hop.settings.get("sso_session", hop.profile)
    if not isinstance(region, str) or (region and REGION.match(region)):
        return None
    about = (Cause.SSO_REGION, (str(session), "sso_region"), hop.profile)
    if region:
        message = f"Provided region_name '{region}' doesn't match a supported format."
        return PredictedError("InvalidRegionError", message, *about)
    if _is_moved(expiry_calculator, hop):
        return None
    return PredictedError("ValueError", "Invalid endpoint: https://portal.sso..amazonaws.com", *about)


def _of_zone(expiry_calculator: ExpiryCalculator, hop: Hop) -> PredictedError | None:
    """Return what asking for the role's credentials raises where sso_region is a zone: it has no portal."""
    region = hop.settings.get("sso_region")
    if not isinstance(region, str) or not is_zone(region) or _is_moved(expiry_calculator, hop):
        return None
    role, account = (_quoted(str(hop.settings.get(key))) for key in ("sso_role_name", "sso_account_id"))
    where = f"https://portal.sso.{region}.amazonaws.com/federation/credentials"
    message = f'Could not connect to the endpoint URL: "{where}?role_name={role}&account_id={account}"'
    about = (Cause.SSO_REGION, (str(hop.settings.get("sso_session", hop.profile)), "sso_region"), hop.profile)
    return PredictedError("EndpointConnectionError", message, *about)


def _quoted(text: str) -> str:
    """Return a text as botocore puts it into a URL (``percent_encode``)."""
    return "".join(chr(code) if chr(code) in _PLAIN else f"%{code:02X}" for code in text.encode())


_PLAIN = frozenset("-_.~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def _is_moved(expiry_calculator: ExpiryCalculator, hop: Hop) -> bool:
    """Whether calls may go to another endpoint."""
    is_moved = any(name.startswith("AWS_ENDPOINT_URL") for name in expiry_calculator.host.environ)
    return is_moved or not {"endpoint_url", "services"}.isdisjoint(hop.settings)


def _of_token(expiry_calculator: ExpiryCalculator, hop: Hop) -> PredictedError | None:
    session, url = hop.settings.get("sso_session"), hop.settings.get("sso_start_url")
    name = str(url if session is None else session)
    file = expiry_calculator.token_file(hop.settings)
    if file is None:
        message = f"Error loading SSO Token: Token for {name} does not exist"
        return PredictedError("SSOTokenLoadError", message, Cause.SSO_TOKEN_MISSING, (name,))
    damaged = (Cause.SSO_TOKEN_DAMAGED, (name, str(file.path)))
    is_incomplete = file.fault is not None and file.fault.error == "SSOTokenLoadError"
    if is_incomplete or (file.fault is None and file.kind is not CacheKind.SSO_TOKEN):
        message = f"Error loading SSO Token: Token for {url} is invalid"
        return PredictedError("SSOTokenLoadError", message, *damaged)
    if file.fault is not None:
        return file.fault.because(Cause.SSO_TOKEN_DAMAGED, name, str(file.path))
    if expiry_calculator.of_token(file, refreshes=session is not None).state is not State.EXPIRED:
        return None
    if session is not None:
        message = "Error when retrieving token from sso: Token has expired and refresh failed"
        return PredictedError("TokenRetrievalError", message, Cause.SSO_TOKEN_EXPIRED, (name,))
    return PredictedError(
        "UnauthorizedSSOTokenError",
        "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this "
        "SSO session run aws sso login with the corresponding profile.",
        Cause.SSO_TOKEN_EXPIRED,
        (name,),
    )
