"""Which profiles use each cache file, which files are shared by mistake, and which no profile uses."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from rolecall.aws import cache_files, paths
from rolecall.aws.cache_files import CacheFile, CacheKind
from rolecall.aws.config_file import Value
from rolecall.aws.expiry import Expiry, State
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import Hop, Provider
from rolecall.values import dataclass

ORPHAN = "orphan: no profile here uses it"


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """One cache file with the profiles that use it.

    Attributes:
        file: what was read.
        kind: what it contains; for a damaged file, what the profile that uses it expects in it.
        expiry: its own expiry, and what its first profile does afterwards.
        identity: its identity in words: an ARN, a role and an account, a session, a start URL.
        profiles: the names of the profiles that use it.
        problem: what is wrong with it, in plain words: damaged, an orphan, a collision.
        is_orphan: whether no profile here uses it.
        is_collision: whether profiles with different sources share it.
    """

    file: CacheFile
    kind: CacheKind
    expiry: Expiry
    identity: str | None
    profiles: tuple[str, ...]
    problem: str | None
    is_orphan: bool = False
    is_collision: bool = False

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.file.path


@dataclass(frozen=True, slots=True)
class Claim:
    """That a profile (or None for the environment) uses a file, and what it expects in it."""

    path: str
    kind: CacheKind
    profile: str | None
    identity: str | None = None
    source: str | None = None


def role_claims(directory: Path, hop: Hop, stems: Iterable[str], profile: str | None) -> Iterable[Claim]:
    """Yield the files in ``cli/cache`` that a profile's own hop uses."""
    kind = CacheKind.SSO_ROLE if hop.provider == Provider.SSO else CacheKind.ROLE
    identity = _sso_identity(hop.settings) if kind is CacheKind.SSO_ROLE else None
    source = hop.settings.get("source_profile") or hop.settings.get("credential_source")
    for stem in stems:
        yield Claim(
            paths.join(directory, f"{stem}.json"), kind, profile, identity, str(source) if source else None
        )


def _sso_identity(settings: Mapping[str, Value]) -> str:
    return f"{settings.get('sso_role_name')} in {settings.get('sso_account_id')}"


def session_claims(directory: Path, profiles: Profiles) -> Iterable[Claim]:
    """Yield the files in ``sso/cache`` that profiles and sso-sessions use."""
    used: set[str] = set()
    for name, settings in profiles.by_name.items():
        reference = settings.get("sso_session")
        if isinstance(reference, str):
            used.add(reference)
            session = profiles.sso_session(reference) or {}
            yield from _session(directory, reference, session, name)
        elif isinstance(settings.get("sso_start_url"), str):
            yield from _legacy(directory, settings, name)
    for reference in profiles.config.headers.sso_sessions:
        if reference not in used:
            session = profiles.sso_session(reference) or {}
            yield from _session(directory, reference, session, None)


def _session(
    directory: Path, reference: str, session: Mapping[str, Value], profile: str | None
) -> Iterable[Claim]:
    yield Claim(
        paths.join(directory, f"{cache_files.sso_token(reference)}.json"),
        CacheKind.SSO_TOKEN,
        profile,
        reference,
    )
    url, region = session.get("sso_start_url"), session.get("sso_region")
    if isinstance(url, str) and isinstance(region, str):
        scopes = session.get("sso_registration_scopes")
        wanted = (
            [scope.strip() for scope in scopes.split(",") if scope.strip()]
            if isinstance(scopes, str)
            else None
        )
        stem = cache_files.sso_registration(url, region, wanted, reference)
        yield Claim(paths.join(directory, f"{stem}.json"), CacheKind.SSO_REGISTRATION, profile, reference)


def _legacy(directory: Path, settings: Mapping[str, Value], profile: str) -> Iterable[Claim]:
    url, region = str(settings["sso_start_url"]), settings.get("sso_region")
    yield Claim(
        paths.join(directory, f"{cache_files.sso_token(url)}.json"), CacheKind.SSO_TOKEN, profile, url
    )
    if isinstance(region, str):
        stem = cache_files.sso_registration(url, region, None, None)
        for file in (f"{stem}.json", f"botocore-client-id-{region}.json"):
            yield Claim(paths.join(directory, file), CacheKind.SSO_REGISTRATION, profile, url)


def login_claims(directory: Path, profiles: Profiles) -> Iterable[Claim]:
    """Yield the files in ``login/cache`` that profiles use."""
    for name, settings in profiles.by_name.items():
        session = settings.get("login_session")
        if isinstance(session, str):
            path = paths.join(directory, f"{cache_files.login(session)}.json")
            yield Claim(path, CacheKind.LOGIN, name, session)


def attribute(
    files: Mapping[str, CacheFile],
    claims: Iterable[Claim],
    ownerless: Collection[Path],
) -> dict[str, CacheEntry]:
    """Match the claims with the files; the caller fills in the expiries.

    In the ``ownerless`` directories no file is an orphan: other programs keep their files there as well, or
    the owners are unknown because a file of profiles cannot be read.
    """
    by_path: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.path in files:
            by_path.setdefault(claim.path, []).append(claim)
    return {
        path: _entry(file, by_path.get(path, []), may_be_orphan=file.path.parent not in ownerless)
        for path, file in files.items()
    }


def _entry(file: CacheFile, claims: list[Claim], *, may_be_orphan: bool) -> CacheEntry:
    kind = claims[0].kind if claims and file.kind is CacheKind.UNKNOWN else file.kind
    users = tuple(dict.fromkeys(claim.profile for claim in claims if claim.profile is not None))
    is_orphan = not claims and may_be_orphan and _belongs_somewhere(file)
    sources = {claim.source for claim in claims if claim.kind is CacheKind.ROLE and claim.profile}
    is_collision = kind is CacheKind.ROLE and len(users) > 1 and len(sources) > 1
    claimed = next((claim.identity for claim in claims if claim.identity), None)
    prefers_claim = kind is not CacheKind.ROLE
    identity = (claimed or file.identity) if prefers_claim else (file.identity or claimed)
    entry = CacheEntry(file, kind, _NOTHING, identity, users, file.problem, is_orphan, is_collision)
    if file.problem is not None:
        return entry
    if is_orphan:
        return replace(entry, problem=ORPHAN)
    if is_collision:
        return replace(entry, problem=_collision(users))
    return entry


def _belongs_somewhere(file: CacheFile) -> bool:
    """Whether a file should have an owner. A registration is kept apart from its token, and outlives it."""
    return file.kind is not CacheKind.UNKNOWN or file.fault is not None


def _collision(users: tuple[str, ...]) -> str:
    named = ", ".join(users[:-1]) + " and " + users[-1]
    return f"collision: {named} share this file, but have different sources"


_NOTHING = Expiry(State.UNKNOWN)
