"""Profiles for the permission sets of an SSO session: what AWS lists, what the files have, the edit between.

Nothing in the files says that rolecall has made a profile: one is known by its session, account and
permission set, whatever its name is, so that what was edited by hand stays.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from string import Formatter

from rolecall.actions import worker_client
from rolecall.actions.editing import bulk
from rolecall.actions.errors import ActionFailed, require_home
from rolecall.actions.plan import Plan
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.aws import logins
from rolecall.aws.logins import LoginTarget
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.settings import CREDENTIAL_SETTINGS, Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.text import sentence, several
from rolecall.values import dataclass

TEMPLATE = "{account_name}-{role}"
FIELDS = ("account_name", "account_id", "role", "session")
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9_.@+-]+")
_LONGEST = 128


class Status(StrEnum):
    """How a permission set is to the files, or a profile to what AWS lists.

    ``new``: no profile has it. ``clash``: the same, and the name that it would get is taken, so that it gets
    a longer one. ``there``: a profile has it. ``renamed``: a profile has it, under another name than it would
    get. ``different``: its profile has other settings than are wanted. ``gone``: a profile has it, and AWS
    does not list it.
    """

    NEW = "new"
    CLASH = "clash"
    THERE = "there"
    RENAMED = "renamed"
    DIFFERENT = "different"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the access portal lists it, with the permission sets that one may use in it."""

    id: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What profiles are to be like.

    Attributes:
        template: the names, with ``FIELDS`` in braces.
        settings: the settings that each is to have beside those of SSO; None for those that the session's
            profiles have in common, for new ones alone.
        only: a pattern that an account's name or id, the permission set or the profile's name has to match;
            None for all.
    """

    template: str = TEMPLATE
    settings: Mapping[str, str] | None = None
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of what there is to do.

    Attributes:
        account: the account's id.
        account_name: its name; empty where it is not known.
        role: the permission set.
        status: how it is.
        profile: the name of its profile, or that it would get.
        other: the name that it would get where it has another (``renamed``), or that is taken (``clash``).
        settings: what would be written.
    """

    account: str
    account_name: str
    role: str
    status: Status
    profile: str
    other: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_offered(self) -> bool:
        """Whether it is done unless it is left out: only what adds."""
        return self.status in (Status.NEW, Status.CLASH)


def target(snapshot: Snapshot, session: str) -> LoginTarget:
    """Return the login of an sso-session.

    Raises:
        ActionFailed: there is no session of that name, or a setting that it takes is missing.
    """
    if not logins.is_session(snapshot, session):
        message = f"there is no sso-session {session}"
        raise ActionFailed("NotApplicable", message, cure="name one, or add it in the app with +")
    try:
        return logins.session_target(snapshot, session)
    except logins.NoLoginError as error:
        raise ActionFailed(
            error.error, str(error), path=error.path, line=error.line, cure=error.cure, command="edit"
        ) from None


def list_accounts(
    snapshot: Snapshot, where: LoginTarget, prompts: Prompts, cancel: Cancel
) -> tuple[Account, ...]:
    """Ask the access portal for the accounts and permission sets of the user who is logged in.

    Raises:
        ActionFailed: AWS gave no answer, or nobody is logged in.
        Cancelled: the user cancelled.
    """
    require_home(snapshot.host)
    arguments = {"session": where.name, "region": where.region, "profile": where.holder or None}
    found = worker_client.run_task(snapshot.host, "accounts", arguments, prompts, cancel)
    accounts = found["accounts"]
    assert isinstance(accounts, list)  # noqa: S101 - for the type checker: the worker sends it
    return tuple(Account(each["id"], each["name"], tuple(each["roles"])) for each in accounts)


def check_template(template: str) -> None:
    """Refuse a template that would give two permission sets one name, or names a field that there is none of.

    Raises:
        ActionFailed: saying what is wrong with it.
    """
    known = f"it may have {', '.join(f'{{{each}}}' for each in FIELDS)}"
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        raise ActionFailed("UsageError", f"{template!r} has a brace too many", cure=known) from None
    fields = {name for _, name, _, _ in parts if name is not None}
    if any(spec or conversion for _, _, spec, conversion in parts) or not fields <= set(FIELDS):
        raise ActionFailed("UsageError", f"{template!r} has a field that is not known", cure=known)
    if not {"role", "account_id"} <= fields and not {"role", "account_name"} <= fields:
        raise ActionFailed(
            "UsageError", f"{template!r} would give several one name", cure="name {role} and {account_name}"
        )


def settings_like(snapshot: Snapshot, name: str) -> dict[str, str]:
    """Return what a profile says beside where its credentials come from: region, output, a retry mode.

    Blocks (``s3 =``) are left out.
    """
    values = snapshot.profiles[name].values
    return {
        key: value
        for key, value in values.items()
        if isinstance(value, str) and key not in CREDENTIAL_SETTINGS and not key.startswith("aws_")
    }


def compare(
    snapshot: Snapshot, session: str, accounts: Sequence[Account], wanted: Wanted
) -> tuple[Entry, ...]:
    """Return an entry for each permission set, by account, and for each profile that AWS does not list."""
    check_template(wanted.template)
    present = _present(snapshot, session)
    settings = wanted.settings if wanted.settings is not None else _common(snapshot, present.values())
    listed = [(account, role) for account in accounts for role in account.roles]
    names = _Names(snapshot, session, wanted.template, listed)
    found = [
        _entry(snapshot, session, account, role, present.get((account.id, role), ()), names, settings, wanted)
        for account, role in listed
    ]
    pairs = {(account.id, role) for account, role in listed}
    gone = [
        Entry(account, snapshot.accounts.get(account, ""), role, Status.GONE, profile)
        for (account, role), profiles in present.items()
        if (account, role) not in pairs
        for profile in profiles
        if "sso_session" in snapshot.profiles[profile].values  # the old form may be another user's
    ]
    return tuple(each for each in (*found, *gone) if wanted.only is None or _matches(each, wanted.only))


def _matches(entry: Entry, pattern: str) -> bool:
    texts = (entry.account_name, entry.account, entry.role, entry.profile)
    return any(fnmatchcase(text.casefold(), pattern.casefold()) for text in texts)


def _present(snapshot: Snapshot, session: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the profiles of a session by account and permission set; also those in the old form of SSO."""
    own = snapshot.merged.sso_session(session) or {}
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, report in snapshot.profiles.items():
        if report.kind is Kind.SSO and _is_of(report, session, own.get("sso_start_url")):
            pair = str(report.values.get("sso_account_id")), str(report.values.get("sso_role_name"))
            found[pair] = (*found.get(pair, ()), name)
    return found


def _is_of(report: ProfileReport, session: str, start_url: object) -> bool:
    if "sso_session" in report.values:
        return report.values["sso_session"] == session
    return start_url is not None and report.values.get("sso_start_url") == start_url


def _common(snapshot: Snapshot, present: Iterable[Collection[str]]) -> dict[str, str]:
    """Return the settings that all profiles of the session have in common; none where it has no profile."""
    each = [settings_like(snapshot, name) for names in present for name in names]
    return (
        {key: value for key, value in each[0].items() if all(x.get(key) == value for x in each)}
        if each
        else {}
    )


def _entry(  # noqa: PLR0917 - what one line is made of
    snapshot: Snapshot,
    session: str,
    account: Account,
    role: str,
    present: Sequence[str],
    names: "_Names",
    settings: Mapping[str, str],
    wanted: Wanted,
) -> Entry:
    plain, free = names.of(account, role)
    sso = {"sso_session": session, "sso_account_id": account.id, "sso_role_name": role}
    if not present:
        status = Status.NEW if free == plain else Status.CLASH
        other = None if free == plain else plain
        return Entry(account.id, account.name, role, status, free, other, {**sso, **settings})
    profile = present[0]
    values = snapshot.profiles[profile].values
    changes = {key: value for key, value in settings.items() if values.get(key) != value}
    if changes and wanted.settings is not None:
        return Entry(account.id, account.name, role, Status.DIFFERENT, profile, None, changes)
    if names.own(account, role).isdisjoint(present) and free not in snapshot.profiles:
        return Entry(account.id, account.name, role, Status.RENAMED, profile, free)
    return Entry(account.id, account.name, role, Status.THERE, profile)


class _Names:
    """The names that permission sets get: the template's, with the account's id where that is not enough."""

    def __init__(
        self, snapshot: Snapshot, session: str, template: str, listed: Sequence[tuple[Account, str]]
    ) -> None:
        self._session = session
        self._template = template
        self._taken = snapshot.profiles.keys()
        self._many = Counter(self._plain(account, role) for account, role in listed)
        self._given: set[str] = set()

    def of(self, account: Account, role: str) -> tuple[str, str]:
        """Return the template's name, and the one that is free."""
        plain = self._plain(account, role)
        for name in self._possible(account, role):
            if name not in self._taken and name not in self._given:
                self._given.add(name)
                return plain, name
        raise AssertionError  # there are as many as one wants

    def own(self, account: Account, role: str) -> set[str]:
        """Return the names that are as good as the template's."""
        plain = self._plain(account, role)
        return {plain, f"{plain}-{account.id}"}

    def _possible(self, account: Account, role: str) -> Iterator[str]:
        plain = self._plain(account, role)
        if self._many[plain] == 1:
            yield plain
        number = 1
        yield f"{plain}-{account.id}"
        while True:
            number += 1
            yield f"{plain}-{account.id}-{number}"

    def _plain(self, account: Account, role: str) -> str:
        return name_of(self._template, account, role, self._session)


def name_of(template: str, account: Account, role: str, session: str) -> str:
    """Return the name that a template gives, of letters, digits and ``-_.@+`` alone."""
    fields = {
        "account_name": slug(account.name) or account.id,
        "account_id": account.id,
        "role": role,
        "session": session,
    }
    return _NOT_IN_NAME.sub("-", template.format(**fields)).strip("-")[:_LONGEST] or account.id


def slug(text: str) -> str:
    """Return lower-case letters and digits with ``-`` between: payments-prod for "Payments (Prod)"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _SEPARATORS.sub("-", plain).strip("-")


def plan(snapshot: Snapshot, session: str, chosen: Sequence[Entry]) -> Plan:
    """Plan what the chosen entries say, as one edit; what AWS no longer lists is removed.

    Raises:
        ActionFailed: the files have changed, or cannot be written without a loss.
    """
    title = f"Populate {session}"
    by_status = {status: [each for each in chosen if each.status is status] for status in Status}
    added = {
        each.profile: each.settings for status in (Status.NEW, Status.CLASH) for each in by_status[status]
    }
    changed = {each.profile: each.settings for each in by_status[Status.DIFFERENT]}
    removed = [each.profile for each in by_status[Status.GONE]]
    renamed = {each.profile: str(each.other) for each in by_status[Status.RENAMED]}
    done = [
        f"{verb} {several(len(names), 'profile')}"
        for names, verb in (
            (added, "adds"),
            (changed, "changes"),
            (renamed, "renames"),
            (removed, "removes"),
        )
        if names
    ]
    found = bulk.change_many(
        snapshot, title, bulk.Many(added=added, changed=changed, renamed=renamed, removed=removed)
    )
    return replace(found, remarks=(*((sentence(f"it {', '.join(done)}"),) if done else ()), *found.remarks))
