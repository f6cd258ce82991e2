"""The one root cause of each profile that cannot work."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rolecall.aws import first_call, provider_checks, timestamps
from rolecall.aws.cache_files import CacheFile, CacheKind
from rolecall.aws.config_file import Value
from rolecall.aws.expiry import After, State
from rolecall.aws.expiry_calculator import ExpiryCalculator
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Hop, PredictedError, PredictedErrorRaised, Provider, Resolution, Tool
from rolecall.aws.resolver import CREDENTIAL_SOURCES, TOO_LONG
from rolecall.aws.snapshot import Snapshot

_DEAD = frozenset((State.EXPIRED, State.BROKEN, State.IDLE, State.RENEWING))
"""States in which the next use has to fetch something, or cannot."""
_HELPLESS = frozenset((After.MANUAL, After.LOGIN, After.FAILS, After.NEVER))


@dataclass(frozen=True, slots=True)
class RootCause:
    """One culprit and those who suffer from it.

    Attributes:
        code: the rule that tells of it.
        culprit: the name of what is at fault: a profile; for a missing profile or sso-session its name; for a
            login its session or start URL; a variable; a cache file's path.
        profiles: the profiles that cannot work because of it, in the files' order; the culprit only if it
            cannot work itself.
        hop: where in a chain it went wrong, in that of the first of the profiles.
        file: the cache file at fault, where it is one.
        fault: what AWS tools raise, where they raise anything offline.
    """

    code: str
    culprit: str
    profiles: tuple[str, ...]
    hop: Hop | None = field(default=None, repr=False)
    file: CacheFile | None = None
    fault: PredictedError | None = None


def has_ended(report: ProfileReport) -> bool:
    """Whether a profile has no credentials now, or none for long, and no tool gets new ones by itself.

    A role with less than 15 minutes left counts where it cannot be fetched anew: the AWS CLI does not wait.
    """
    expiry = report.expiry
    return expiry.state in _DEAD and (expiry.after in _HELPLESS or expiry.state is State.BROKEN)


def is_helpless(report: ProfileReport) -> bool:
    """Whether a profile cannot work now in one of the tools, as far as that is certain offline."""
    return has_ended(report) or any(report.resolutions[tool].fault is not None for tool in Tool)


def blamed(snapshot: Snapshot) -> Mapping[str, tuple[RootCause, ...]]:
    """Return the culprits by code; each profile that cannot work now stands under one of them at least."""
    inquest = RootCauseFinder(snapshot)
    found: dict[tuple[str, str], tuple[FoundCause, dict[str, None]]] = {}
    for name, report in snapshot.profiles.items():
        causes = inquest.causes(report) if is_helpless(report) else inquest.hidden(report)
        for cause in causes:
            found.setdefault((cause.code, cause.culprit), (cause, {}))[1][name] = None
    by_code: dict[str, list[RootCause]] = {}
    for cause, names in found.values():
        one = RootCause(cause.code, cause.culprit, tuple(names), cause.hop, cause.file, cause.fault)
        by_code.setdefault(cause.code, []).append(one)
    return {code: tuple(culprits) for code, culprits in by_code.items()}


SSO_TRIGGERS = ("sso_role_name", "sso_account_id")
PAIR = ("aws_access_key_id", "aws_secret_access_key")
_SOURCE_CODES = {
    "Environment": ("environment-source-empty", "AWS_ACCESS_KEY_ID"),
    "EcsContainer": ("container-source-missing", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    "Ec2InstanceMetadata": ("metadata-disabled", "AWS_EC2_METADATA_DISABLED"),
}
_FALLBACK_ERRORS = frozenset(
    ("ConfigNotFound", "UnicodeDecodeError", "KeyError", "ConfigParseError", "PartialCredentialsError")
)


@dataclass(frozen=True, slots=True)
class FoundCause:
    """Why one profile cannot work: see ``Blamed``."""

    code: str
    culprit: str
    hop: Hop | None = field(default=None, repr=False)
    file: CacheFile | None = None
    fault: PredictedError | None = None


def process_fault(command: Value) -> PredictedError | None:
    """Return what botocore raises over a credential_process that it cannot even split, or None.

    It splits as a POSIX shell does (on Windows it does so otherwise, and is not second-guessed here).
    """
    if not isinstance(command, str):
        return PredictedError("AttributeError", "'dict' object has no attribute 'read'")
    try:
        words = shlex.split(command) if any(sign in command for sign in "'\"\\") else command.split()
    except ValueError as error:
        return PredictedError("ValueError", str(error))
    if not words:
        return PredictedError("IndexError", "list index out of range")
    return None if words[0] else PredictedError("PermissionError", "[Errno 13] Permission denied: ''")


class RootCauseFinder:
    """Holds what the questions need beside the report: the caches, the clock, the old files."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._merged = snapshot.merged.by_name
        self._environ = snapshot.host.environ
        files = {str(entry.path): entry.file for entry in snapshot.entries}
        self._standings = ExpiryCalculator(snapshot.host, snapshot.where, files, snapshot.taken_at)
        self._ends: dict[str, str] = {}

    def causes(self, report: ProfileReport) -> Iterator[FoundCause]:
        """Yield the cause that counts most, then those that stop only some of the tools."""
        effective = report.effective
        damage = self._damage(report)
        if effective.error is not None and effective.provider is None:
            yield self._of_error(report, PredictedError(effective.error, effective.message or ""))
        elif effective.on_use is not None and (damage is None or damage.fault != effective.on_use):
            yield self._of_use(report, effective.on_use)
        if damage is not None:
            yield damage
        elif effective.fault is None and report.resolution.fault is None:
            yield self._of_state(report)
        if report.resolution.error == "MissingDependencyException":
            yield FoundCause("login-needs-crt", "awscrt", report.chain[-1], fault=report.resolution.fault)
        yield from self.hidden(report)

    def hidden(self, report: ProfileReport) -> Iterator[FoundCause]:
        """Yield what the resolution does not tell: a process counts as answering, whatever its command."""
        last = report.chain[-1]
        if last.provider == Provider.PROCESS:
            fault = self._process_fault(last)
            if fault is not None:
                yield FoundCause("bad-process", str(last.profile), last, fault=fault)

    def _process_fault(self, hop: Hop) -> PredictedError | None:
        if self._snapshot.host.platform == "win32":
            return None
        return process_fault(hop.settings["credential_process"])

    # A resolution that is an error: the last hop tells how far botocore came.

    def _of_error(self, report: ProfileReport, fault: PredictedError) -> FoundCause:
        chain = report.chain
        last = chain[-1]
        if fault.error == "RecursionError":
            return FoundCause("chain-too-long", self._end(report.name), last, fault=fault)
        of_metadata = self._of_metadata(report, fault)
        if of_metadata is not None:
            return of_metadata
        if last.provider == Provider.ASSUME_ROLE:
            return _of_role(last, fault)
        if last.profile is None:
            return self._of_named_source(chain[-2], fault)
        if len(chain) > 1 and last.profile not in self._merged:
            return FoundCause("missing-source", last.profile, chain[-2], fault=fault)
        if fault.error == "InfiniteLoopConfigError":
            return FoundCause("loop", self._first_of_loop(chain), last, fault=fault)
        return self._of_profile(report, last, fault)

    def _of_metadata(self, report: ProfileReport, fault: PredictedError) -> FoundCause | None:
        if _complaint(self._environ, {}) == fault:
            for name in provider_checks.METADATA_VARIABLES:
                if name in self._environ and _complaint({name: self._environ[name]}, {}) == fault:
                    return FoundCause("env-bad-setting", name, fault=fault)
        if _complaint(self._environ, report.values) == fault:
            return FoundCause("bad-metadata-setting", report.name, report.chain[0], fault=fault)
        return None

    def _of_named_source(self, role: Hop, fault: PredictedError) -> FoundCause:
        source = str(role.settings["credential_source"])
        code, variable = _SOURCE_CODES[source]
        if source == "Environment" and fault.error == "PartialCredentialsError":
            return FoundCause("env-half-a-pair", variable, role, fault=fault)
        if source == "Environment" and fault.error != "CredentialRetrievalError":
            return FoundCause("env-bad-setting", "AWS_CREDENTIAL_EXPIRATION", role, fault=fault)
        return FoundCause(code, variable, role, fault=fault)

    def _first_of_loop(self, chain: tuple[Hop, ...]) -> str:
        """Return the profile that stands for a loop: the first in the files of those that fail by it."""
        names = [hop.profile for hop in chain]
        members = set(names[names.index(names[-1]) :])
        for name, report in self._snapshot.profiles.items():
            if name in members and report.effective.error == "InfiniteLoopConfigError":
                return name
        return str(names[0])

    def _end(self, name: str) -> str:
        """Return where a chain ends that is too long for botocore to follow."""
        passed: dict[str, None] = {}
        while name not in self._ends and name not in passed:
            passed[name] = None
            source = self._merged[name].get("source_profile")
            if not isinstance(source, str) or source not in self._merged:
                break
            name = source
        end = self._ends.get(name, name)
        self._ends.update(dict.fromkeys(passed, end))
        return end

    def _of_profile(self, report: ProfileReport, hop: Hop, fault: PredictedError) -> FoundCause:
        """Ask the providers that read one profile, in their order."""
        name = hop.profile if hop.profile in self._merged else report.name
        profile = str(name)
        settings = hop.settings
        if settings.get("web_identity_token_file"):
            code = "web-identity-no-role" if fault.error == "InvalidConfigError" else "bad-web-identity-token"
            return FoundCause(code, profile, hop, fault=fault)
        if any(key in settings for key in SSO_TRIGGERS):
            return self._of_sso_settings(profile, hop, fault)
        if "aws_access_key_id" in (self._snapshot.merged.static_credentials(profile) or {}):
            return self._of_pair(profile, hop, fault)
        if "login_session" in settings:
            return self._of_login(profile, hop, fault)
        if "aws_access_key_id" in settings or "aws_secret_access_key" in settings:
            return self._of_pair(profile, hop, fault)
        if len(report.chain) == 1 and fault.error in _FALLBACK_ERRORS:
            return self._of_old_file(hop, fault)
        if fault.error == "NoCredentialsError" or fault.message.endswith("must have credentials."):
            return FoundCause("no-credentials", profile, hop, fault=fault)
        return FoundCause("unexplained", profile, hop, fault=fault)

    def _of_sso_settings(self, profile: str, hop: Hop, fault: PredictedError) -> FoundCause:
        session = hop.settings.get("sso_session")
        if fault.error == "TypeError":
            return FoundCause("nested-value", profile, hop, fault=fault)
        if session is not None and self._snapshot.merged.sso_session(session) is None:
            return FoundCause("unknown-sso-session", str(session), hop, fault=fault)
        code = "sso-incomplete" if "missing required configuration" in fault.message else "sso-conflict"
        return FoundCause(code, profile, hop, fault=fault)

    def _of_pair(self, profile: str, hop: Hop, fault: PredictedError) -> FoundCause:
        code = "split-pair" if all(key in hop.settings for key in PAIR) else "half-a-pair"
        return FoundCause(code, profile, hop, fault=fault)

    def _of_login(self, profile: str, hop: Hop, fault: PredictedError) -> FoundCause:
        session = hop.settings["login_session"]
        if not isinstance(session, str):
            return FoundCause("nested-value", profile, hop, fault=fault)
        file = self._standings.login_file(session)
        return FoundCause("login-missing" if file is None else "login-damaged", session, hop, file, fault)

    def _of_old_file(self, hop: Hop, fault: PredictedError) -> FoundCause:
        try:
            provider_checks.fallbacks(self._snapshot.host).ec2_credentials_file()
        except PredictedErrorRaised as raised:
            if raised.fault == fault:
                return FoundCause("env-old-file", "AWS_CREDENTIAL_FILE", hop, fault=fault)
        return FoundCause("env-old-file", "BOTO_CONFIG", hop, fault=fault)

    # A provider answers, and the first call fails.

    def _of_use(self, report: ProfileReport, fault: PredictedError) -> FoundCause:
        if fault == report.on_signing:
            return FoundCause("no-region-for-sts", report.name, report.chain[0], fault=fault)
        if fault == TOO_LONG:
            return FoundCause("chain-too-long", self._end(report.name), report.chain[0], fault=fault)
        for hop in reversed(report.chain):
            alone = Resolution(hop.provider, chain=(hop,))
            found = first_call.fault(self._standings, alone, Tool.BOTO3)
            if found is not None:
                return self._of_hop(hop, found)
        return FoundCause("unexplained", report.name, report.chain[0], fault=fault)

    def _of_hop(self, hop: Hop, fault: PredictedError) -> FoundCause:
        match hop.provider:
            case Provider.ENV if fault.message == provider_checks.STILL_EXPIRED and self._notes_an_end():
                return FoundCause("env-expired", "AWS_CREDENTIAL_EXPIRATION", hop, fault=fault)
            case Provider.ENV:
                return FoundCause("env-bad-setting", "AWS_CREDENTIAL_EXPIRATION", hop, fault=fault)
            case Provider.SSO:
                return self._of_token(hop, fault)
            case Provider.LOGIN:
                return self._of_login(str(hop.profile), hop, fault)
            case Provider.WEB_IDENTITY if self._standings.web_identity_token(hop.settings) is None:
                is_text = isinstance(hop.settings["web_identity_token_file"], str)
                code = "bad-web-identity-token" if is_text else "nested-value"
                return FoundCause(code, str(hop.profile), hop, fault=fault)
            case _:
                return FoundCause("bad-parameter", str(hop.profile), hop, fault=fault)

    def _notes_an_end(self) -> bool:
        return timestamps.of_variable(self._snapshot.host, provider_checks.END_VARIABLE) is not None

    def _of_token(self, hop: Hop, fault: PredictedError | None) -> FoundCause:
        session = hop.settings.get("sso_session", hop.settings.get("sso_start_url"))
        file = self._standings.token_file(hop.settings)
        if file is None:
            code = "sso-token-missing"
        elif file.fault is not None or file.kind is not CacheKind.SSO_TOKEN:
            code = "sso-token-damaged"
        else:
            code = "sso-token-expired"
        return FoundCause(code, str(session), hop, file, fault)

    # Nothing is raised offline, and yet it cannot work.

    def _damage(self, report: ProfileReport) -> FoundCause | None:
        """Find the cache file over which the AWS CLI dies; boto3 does not look at it."""
        faults = {report.resolutions[tool].on_use for tool in (Tool.CLI_V1, Tool.CLI_V2)}
        for hop in report.chain if faults != {None} else ():
            file = self._standings.role_file(hop)
            fault = file.fault_at(self._standings.now) if file is not None else None
            if file is not None and fault in faults and fault is not None:
                return FoundCause("damaged-cache", str(file.path), hop, file, fault)
        return None

    def _of_state(self, report: ProfileReport) -> FoundCause:
        """Go down the chain to the hop whose credentials have ended: those above it only draw on them."""
        for hop, expiry in zip(report.chain, report.hop_expiries, strict=True):
            match hop.provider:
                case Provider.SHARED_CREDENTIALS | Provider.CONFIG_FILE:
                    code = "token-missing" if expiry.state is State.BROKEN else "expired-keys"
                    return FoundCause(code, str(hop.profile), hop)
                case Provider.ENV if expiry.state is State.BROKEN:
                    return FoundCause("env-token-missing", "AWS_ACCESS_KEY_ID", hop)
                case Provider.ENV:
                    return FoundCause("env-expired", str(expiry.source), hop)
                case Provider.WEB_IDENTITY:
                    return FoundCause("web-identity-expired", str(hop.profile), hop)
                case Provider.SSO:
                    return self._of_token(hop, None)
        return FoundCause("unexplained", report.name, report.chain[0])


def _complaint(environ: Mapping[str, str], scoped: Mapping[str, Value]) -> PredictedError | None:
    try:
        provider_checks.check(environ, lambda: scoped)
    except PredictedErrorRaised as raised:
        return raised.fault
    return None


def _of_role(role: Hop, fault: PredictedError) -> FoundCause:
    """What a role's own settings have against it, before its source is looked at."""
    settings, profile = role.settings, str(role.profile)
    source, named = settings.get("source_profile"), settings.get("credential_source")
    if isinstance(settings.get("duration_seconds", ""), Mapping):
        code = "nested-value"
    elif named is not None and source is not None:
        code = "source-and-credential-source"
    elif named is not None and str(named) not in CREDENTIAL_SOURCES:
        code = "bad-credential-source"
    elif source is None:
        code = "no-source"
    else:
        code = "nested-value"
    return FoundCause(code, profile, role, fault=fault)
