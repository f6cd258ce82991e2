"""Everything at one instant: taken from a Host, immutable."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from rolecall import user_settings
from rolecall.aws import (
    cache_files,
    config_file,
    paths,
    profiles,
    provider_checks,
    resolver,
    timestamps,
    variables,
    write_access,
)
from rolecall.aws.cache_files import CacheFile
from rolecall.aws.cache_owners import (
    CacheEntry,
    Claim,
    attribute,
    login_claims,
    role_claims,
    session_claims,
)
from rolecall.aws.config_file import ConfigFile, FileKind, FileStatus
from rolecall.aws.expiry_calculator import ExpiryCalculator
from rolecall.aws.profile_report import DefaultSession, ProfileReport, ambient_report, profile_report
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import Cause, PredictedErrorRaised, Tool
from rolecall.aws.variables import Variable
from rolecall.aws.write_access import Obstacle
from rolecall.host import Host
from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that rolecall knows at one instant.

    Attributes:
        host: the Host that it was taken from.
        taken_at: the time, aware, in UTC.
        where: the paths of the files and caches.
        files: config, then credentials.
        merged: the profiles as botocore merges them, with the files' lines.
        profiles: the reports by name, in botocore's order; empty where a file does not parse.
        entries: the cache entries, by directory and name.
        variables: the AWS variables of this environment.
        default_session: what a command without ``--profile`` would use, by tool.
        dependants: the names of the profiles that use a profile directly as their source, by its name.
        tokens: what is at the paths of tokens and certificates, by path as it is set.
        accounts: the names that the user has given to accounts, by their ids.
        expiry_calculator: what worked out the expiries, as of ``taken_at``.
    """

    host: Host
    taken_at: datetime
    where: paths.Paths
    files: tuple[ConfigFile, ConfigFile]
    merged: Profiles
    profiles: Mapping[str, ProfileReport]
    entries: tuple[CacheEntry, ...]
    variables: tuple[Variable, ...]
    default_session: Mapping[Tool, DefaultSession]
    dependants: Mapping[str, tuple[str, ...]]
    tokens: Mapping[str, paths.Found]
    accounts: Mapping[str, str]
    expiry_calculator: ExpiryCalculator = field(repr=False, compare=False)

    @classmethod
    def take(cls, host: Host, previous: "Snapshot | None" = None) -> "Snapshot":
        """Read the files and variables; files that have not changed since ``previous`` are not read again.

        Calls no network, starts no process, writes nothing, and raises nothing for what it finds: the result
        has all that is wrong.
        """
        return cls._judge(host, _read(host, previous), host.now())

    def reread(self) -> "Snapshot":
        """Return a later Snapshot of the same Host, or this one where no file has changed."""
        reading = _read(self.host, self)
        is_same = reading == self._reading
        return self if is_same else self._judge(self.host, reading, self.host.now())

    def edited(self, contents: Mapping[Path, bytes]) -> "Snapshot":
        """Return the Snapshot at the same time as if files at these paths had other bytes."""
        encoding = self.host.encoding
        config, credentials = (
            config_file.with_contents(file, contents[file.path], encoding)
            if file.path is not None and file.path in contents
            else file
            for file in self.files
        )
        files = (config, credentials)
        reading = replace(self._reading, files=files, tokens=_tokens(self.host, files))
        return self._judge(self.host, reading, self.taken_at)

    def in_environment(self, environ: Mapping[str, str]) -> "Snapshot":
        """Return the Snapshot at the same time as if a shell had these variables; the files are the same."""
        host = replace(self.host, environ=MappingProxyType(dict(environ)))
        return self._judge(host, replace(self._reading, tokens=_tokens(host, self.files)), self.taken_at)

    @property
    def _reading(self) -> "_Reading":
        found = self.expiry_calculator
        return _Reading(self.where, self.files, found.files, self.tokens, found.obstacles, self.accounts)

    def as_of(self, now: datetime) -> "Snapshot":
        """Return the Snapshot at another time; no state may change between the two times."""
        return replace(self, taken_at=now, expiry_calculator=self.expiry_calculator.as_of(now))

    @classmethod
    def _judge(cls, host: Host, reading: "_Reading", now: datetime) -> "Snapshot":
        """Return the Snapshot that follows from what was read."""
        where, files, cached = reading.where, reading.files, reading.cached
        merged = profiles.merge(*files)
        # the demo's own AWS refuses what AWS refuses
        elsewhere = frozenset() if host.is_demo else provider_checks.elsewhere(host.environ, merged)
        expiry_calculator = ExpiryCalculator(host, where, cached, now, reading.obstacles, elsewhere)
        world = world_of(host, merged, expiry_calculator)
        reports = {name: profile_report(world, expiry_calculator, name) for name in merged.by_name}
        default_session = {tool: ambient_report(world, expiry_calculator, tool) for tool in Tool}
        claims = _claims(where, merged, expiry_calculator, reports, default_session)
        return cls(
            host=host,
            taken_at=now,
            where=where,
            files=files,
            merged=merged,
            profiles=MappingProxyType(reports),
            entries=_entries(
                expiry_calculator, cached, claims, reports, is_all_read=all(map(_is_read, files))
            ),
            variables=variables.survey(host, merged, default_session, now),
            default_session=MappingProxyType(default_session),
            dependants=_dependants(reports.values()),
            tokens=reading.tokens,
            accounts=reading.accounts,
            expiry_calculator=expiry_calculator,
        )

    def is_same_as(self, other: "Snapshot") -> bool:
        """Whether another Snapshot was taken of the same files and environment."""
        return (
            self.files[0] is other.files[0]
            and self.files[1] is other.files[1]
            and self.host.environ == other.host.environ
            and self.tokens == other.tokens
            and self.expiry_calculator.obstacles == other.expiry_calculator.obstacles
            and [entry.file for entry in self.entries] == [entry.file for entry in other.entries]
        )


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read: the two files, the others by path, where nothing can be written, names of accounts."""

    where: paths.Paths
    files: tuple[ConfigFile, ConfigFile]
    cached: Mapping[str, CacheFile]
    tokens: Mapping[str, paths.Found]
    obstacles: Mapping[Path, Obstacle]
    accounts: Mapping[str, str]


def _read(host: Host, previous: Snapshot | None) -> _Reading:
    where = paths.find(host)
    files = _config_files(host, where, previous)
    known = previous.expiry_calculator.files if previous is not None else {}
    cached = {} if host.only_files else cache_files.read_all(where, host.encoding, known)
    names = user_settings.read_settings(host).accounts
    return _Reading(where, files, cached, _tokens(host, files), _obstacles(host, where), names)


def _obstacles(host: Host, where: paths.Paths) -> Mapping[Path, Obstacle]:
    """Return what keeps AWS tools from writing, by cache directory; nothing is told of an unknown home."""
    if host.homeless is not None or host.only_files is not None:
        return {}
    written = (where.cli_cache, where.sso_cache, where.login_cache)
    found = (
        (directory, write_access.of_directory(host, directory))
        for directory in written
        if directory.is_absolute()
    )
    obstacles = {directory: obstacle for directory, obstacle in found if obstacle is not None}
    history = write_access.of_making(host, where.cli_history) if where.cli_history.is_absolute() else None
    return obstacles if history is None else obstacles | {where.cli_history: history}


def _tokens(host: Host, files: tuple[ConfigFile, ConfigFile]) -> Mapping[str, paths.Found]:
    """Look at tokens and certificates, to notice when there are new ones.

    They are looked at before they are read: a file that is written meanwhile differs the next time.
    """
    named = {host.environ.get(variable) for variable in _TOKEN_VARIABLES}
    named.update(host.expand_user(host.environ.get(variable, "")) for variable in _BUNDLE_VARIABLES)
    named.update(
        _text(section.get("web_identity_token_file")) for file in files for section in file.sections.values()
    )
    return {name: paths.look(Path(name)) for name in named if name}


_TOKEN_VARIABLES = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
_BUNDLE_VARIABLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


def _text(value: config_file.Value | None) -> str | None:
    return value if isinstance(value, str) else None


def _config_files(host: Host, where: paths.Paths, previous: Snapshot | None) -> tuple[ConfigFile, ConfigFile]:
    before = previous.files if previous else (None, None)
    return (
        _config_file(host, where.config, FileKind.CONFIG, before[0]),
        _config_file(host, where.credentials, FileKind.CREDENTIALS, before[1]),
    )


def _config_file(host: Host, path: Path | None, role: FileKind, before: ConfigFile | None) -> ConfigFile:
    if before is not None and before.path == path and before.stamp is not None and path is not None:
        found = paths.look(path)
        if found.stamp == before.stamp and found.mode == before.mode:
            return before
    file = config_file.read_file(path, role, host.encoding)
    # a missing file has no stamp, and is unchanged as long as it is missing
    return before if before is not None and file == before else file


def _is_read(file: ConfigFile) -> bool:
    return file.status in (FileStatus.OK, FileStatus.MISSING)


def world_of(host: Host, merged: Profiles, expiry_calculator: ExpiryCalculator) -> resolver.World:
    """Return what resolutions depend on."""
    return resolver.World(
        host,
        merged,
        provider_checks.fallbacks(host),
        _login(expiry_calculator),
        expiry_calculator.web_identity_fault,
        expiry_calculator.container_fault,
        expiry_calculator.where.cli_cache,
    )


def _login(expiry_calculator: ExpiryCalculator) -> resolver.Login:
    """What LoginProvider finds for a session in ``login/cache``: its access key id, or an error."""

    def look_up(session: str) -> str | None:
        file = expiry_calculator.login_file(session)
        fault = file.fault if file is not None else None
        if file is None or (fault is not None and fault.cause is Cause.HOLDS_NULL):
            obstacle = expiry_calculator.obstacles.get(expiry_calculator.where.login_cache)
            cause, subject = (Cause.LOGIN_MISSING if file is None else Cause.LOGIN_DAMAGED), session
            if file is None and obstacle is not None:
                cause, subject = Cause.CACHE_UNWRITABLE, str(obstacle.where)
            raise PredictedErrorRaised(
                "LoginTokenLoadError",
                "Error loading login session token: Unable to load a existing login session for session "
                f"{session}. Please reauthenticate with 'aws login'.",
                cause,
                subject,
            )
        is_late = fault is not None and (timestamps.comes_late(fault) or fault.cause is Cause.KEYS_NO_TEXT)
        if fault is not None and not is_late:
            raise PredictedErrorRaised.of(fault.because(Cause.LOGIN_DAMAGED, session, str(file.path)))
        return file.access_key

    return look_up


def _dependants(reports: Iterable[ProfileReport]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for report in reports:
        source = report.source
        if source is not None:
            found.setdefault(source, []).append(report.name)
    return {name: tuple(names) for name, names in found.items()}


def _claims(
    where: paths.Paths,
    merged: Profiles,
    expiry_calculator: ExpiryCalculator,
    reports: Mapping[str, ProfileReport],
    default_session: Mapping[Tool, DefaultSession],
) -> Iterable[Claim]:
    for report in reports.values():
        hop = report.own_hop
        yield from role_claims(where.cli_cache, hop, expiry_calculator.stems(hop), report.name)
    for here in default_session.values():
        if here.resolution.chain:
            hop = here.resolution.chain[0]
            yield from role_claims(where.cli_cache, hop, expiry_calculator.stems(hop), None)
    yield from session_claims(where.sso_cache, merged)
    yield from login_claims(where.login_cache, merged)


def _entries(
    expiry_calculator: ExpiryCalculator,
    cached: Mapping[str, CacheFile],
    claims: Iterable[Claim],
    reports: Mapping[str, ProfileReport],
    *,
    is_all_read: bool,
) -> tuple[CacheEntry, ...]:
    where = expiry_calculator.where
    found = attribute(cached, claims, (where.boto_cache,) if is_all_read else where.caches)
    return tuple(
        replace(
            entry,
            expiry=expiry_calculator.of_file(
                entry.file, tuple(reports[name].expiry for name in entry.profiles)
            ),
        )
        for entry in found.values()
    )
