"""What the deletion of cache files costs: what the profiles that use them then need to work again."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.config_file import FileStatus
from rolecall.aws.expiry import RENEWAL_WINDOW, After, Expiry
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.text import first_of

NAMED = 3
"""Profiles that are named one by one."""


class Cost(StrEnum):
    """What a deletion costs, the cheapest first."""

    NOTHING = "nothing"
    AUTOMATIC = "automatic"
    UNKNOWN = "unknown"
    MFA = "mfa"
    LOGIN = "login"
    MANUAL = "manual"
    FAILS = "fails"

    @property
    def words(self) -> str:
        """What it is, for a heading over several deletions."""
        return _WORDS[self]

    @property
    def is_dear(self) -> bool:
        """Whether the user has to do something because of it."""
        return _RANKS[self] > _RANKS[Cost.AUTOMATIC]


_WORDS = {
    Cost.NOTHING: "costs nothing",
    Cost.AUTOMATIC: "fetched again automatically",
    Cost.UNKNOWN: "what it costs is unknown",
    Cost.MFA: "fetched again with an MFA code",
    Cost.LOGIN: "needs a login in the browser",
    Cost.MANUAL: "needs new keys to be pasted first",
    Cost.FAILS: "cannot be fetched again as things are",
}
_RANKS = {cost: rank for rank, cost in enumerate(Cost)}


class Estimate:
    """What the deletion of some entries costs, all of them being deleted together."""

    def __init__(self, snapshot: Snapshot, entries: Iterable[CacheEntry]) -> None:
        self._snapshot = snapshot
        self._now = snapshot.host.now()
        going = {str(entry.path) for entry in entries}
        before = snapshot.expiry_calculator.as_of(self._now)
        remaining = {path: file for path, file in before.files.items() if path not in going}
        self._ambient = {
            file.path: default_session.resolution
            for default_session in snapshot.default_session.values()
            if default_session.resolution.chain
            and (file := before.role_file(default_session.resolution.chain[0]))
        }
        self._after = before.supposing(files=remaining)

    def of(self, entry: CacheEntry) -> tuple[Cost, str]:
        """Return the cost of one of the entries, and one sentence about it."""
        for rule in (self._of_leftover, self._of_damaged, self._of_orphan, self._of_ended):
            words = rule(entry)
            if words is not None:
                return Cost.NOTHING, f"Costs nothing: {words}."
        match entry.kind:
            case CacheKind.SSO_TOKEN:
                until = entry.file.renewable_until
                is_renewable = until is not None and until > self._now
                why = ": the refresh token that would renew it goes with it" if is_renewable else ""
                return Cost.LOGIN, f"Needs a login in the browser{why}."
            case CacheKind.SSO_REGISTRATION:
                return Cost.AUTOMATIC, "The next login makes a new one."
            case CacheKind.LOGIN:
                return Cost.LOGIN, "Needs `aws login` in the browser: the refresh token goes with it."
            case _:
                return self._of_role(entry)

    def _of_leftover(self, entry: CacheEntry) -> str | None:
        return "it was left behind by an interrupted write" if entry.path.suffix == ".tmp" else None

    def _of_damaged(self, entry: CacheEntry) -> str | None:
        """Over a damaged file every command fails; without it, it is as if there never was one."""
        if entry.file.fault_at(self._now) is None:
            return None
        if not entry.profiles:
            return "it is damaged"
        if entry.kind is CacheKind.LOGIN or entry.kind is CacheKind.SSO_TOKEN:
            return "it is damaged, and a login in the browser is due anyway"
        if entry.kind is CacheKind.SSO_REGISTRATION:
            return "it is damaged, and the next login makes a new one"
        cost, _, _ = self._worst(entry)
        return _AFTER_DAMAGE[cost]

    def _of_orphan(self, entry: CacheEntry) -> str | None:
        if not entry.is_orphan:
            return None
        files = [self._snapshot.host.display(file.path) for file in self._snapshot.files if file.path]
        words = f"no profile in {' or '.join(files)} leads to it" if files else "no profile leads to it"
        others = (CacheKind.SSO_TOKEN, CacheKind.SSO_REGISTRATION)
        return f"{words}, though another program may" if entry.kind in others else words

    def _of_ended(self, entry: CacheEntry) -> str | None:
        """Return why expired credentials cost nothing: the next use fetches new ones in any case."""
        if entry.kind in (CacheKind.ROLE, CacheKind.SSO_ROLE):
            end = entry.file.expires_at
            if end is None or end - self._now >= RENEWAL_WINDOW:
                return None
            return "it has expired" if end <= self._now else "it is due to be fetched again anyway"
        return None if entry.expiry.as_of(self._now).state.is_live else "it has expired"

    def _of_role(self, entry: CacheEntry) -> tuple[Cost, str]:
        cost, whose, reason = self._worst(entry)
        if cost is Cost.UNKNOWN:
            return cost, f"What it costs is unknown: {self._why_unknown(entry)}."
        if cost is Cost.NOTHING:
            return (
                cost,
                f"Costs nothing: {first_of(list(whose), NAMED)} cannot use it as things are ({reason}).",
            )
        words = _SENTENCES[cost]
        if reason and cost in (Cost.MANUAL, Cost.FAILS):
            words = f"{words}: {reason}"
        if 0 < len(whose) < len(entry.profiles):
            words = f"{words} ({first_of(list(whose), NAMED)})"
        staying = self._staying(entry)
        return (
            cost,
            f"{words}; what is cached for {first_of(list(staying), NAMED)} stays good."
            if staying
            else f"{words}.",
        )

    def _worst(self, entry: CacheEntry) -> tuple[Cost, list[str], str | None]:
        """Return the highest cost among the profiles that use the entry, their names, and the reason."""
        if not entry.profiles:
            return self._of_environment(entry)
        found = [(name, *self._of_profile(self._snapshot.profiles[name])) for name in entry.profiles]
        worst = max((cost for _, cost, _ in found), key=_RANKS.__getitem__)
        whose = [name for name, cost, _ in found if cost is worst]
        return worst, whose, next(reason for _, cost, reason in found if cost is worst)

    def _of_profile(self, report: ProfileReport) -> tuple[Cost, str | None]:
        effective = report.effective
        if effective.error is not None and effective.provider is None:
            return Cost.NOTHING, effective.error
        return _cost(self._after.of_chain(effective.chain), effective.provider)

    def _of_environment(self, entry: CacheEntry) -> tuple[Cost, list[str], str | None]:
        """Return the cost of an entry that no profile uses: commands that name no profile may."""
        resolution = self._ambient.get(entry.path)
        if resolution is None:
            return Cost.UNKNOWN, [], None
        cost, reason = _cost(self._after.of_chain(resolution.chain), resolution.provider)
        return cost, [], reason

    def _why_unknown(self, entry: CacheEntry) -> str:
        if entry.path.parent == self._snapshot.where.boto_cache:
            return "one of your own programs keeps it there"
        unread = [
            file for file in self._snapshot.files if file.status not in (FileStatus.OK, FileStatus.MISSING)
        ]
        named = [self._snapshot.host.display(file.path) for file in unread if file.path]
        return f"{' and '.join(named)} cannot be read" if named else "no setting says which profile it serves"

    def _staying(self, entry: CacheEntry) -> list[str]:
        """Return the profiles that use these as a source, but not while their own cache is valid."""
        names = (name for user in entry.profiles for name in self._snapshot.dependants.get(user, ()))
        return [name for name in dict.fromkeys(names) if self._is_good(self._snapshot.profiles[name])]

    def _is_good(self, report: ProfileReport) -> bool:
        file = self._after.role_file(report.own_hop)
        if file is None or file.expires_at is None or file.fault_at(self._now) is not None:
            return False
        return file.expires_at - self._now >= RENEWAL_WINDOW


def _cost(expiries: Sequence[Expiry], provider: str | None) -> tuple[Cost, str | None]:
    """Return what fetching again takes, given the expiries of the hops without the file, and the reason."""
    own, root = expiries[0], expiries[-1]
    if provider == Provider.SSO:
        return (Cost.AUTOMATIC if own.state.is_live else Cost.LOGIN), own.reason
    if own.after is After.FAILS and root.after is After.MANUAL:
        return Cost.MANUAL, own.reason
    return _COSTS[own.after], own.reason


_COSTS = {
    After.AUTOMATIC: Cost.AUTOMATIC,
    After.MFA: Cost.MFA,
    After.LOGIN: Cost.LOGIN,
    After.MANUAL: Cost.MANUAL,
    After.FAILS: Cost.FAILS,
    After.NEVER: Cost.AUTOMATIC,
}
_SENTENCES = {
    Cost.AUTOMATIC: "Fetched again automatically at the next use",
    Cost.MFA: "The next use asks for an MFA code",
    Cost.LOGIN: "The next use needs a login in the browser",
    Cost.MANUAL: "Cannot be fetched again before new keys are pasted",
    Cost.FAILS: "Cannot be fetched again as things are",
}
_FAILS_OVER_IT = "commands fail because of it"
_AFTER_DAMAGE = {
    Cost.NOTHING: "it is damaged",
    Cost.UNKNOWN: "it is damaged",
    Cost.AUTOMATIC: f"{_FAILS_OVER_IT}, and work again without it",
    Cost.MFA: f"{_FAILS_OVER_IT}; without it, the next one asks for an MFA code",
    Cost.LOGIN: f"{_FAILS_OVER_IT}; without it, the next one needs a login in the browser",
    Cost.MANUAL: f"{_FAILS_OVER_IT}; without it, new keys are to be pasted",
    Cost.FAILS: f"{_FAILS_OVER_IT}; without it, the next one fails for another reason",
}
