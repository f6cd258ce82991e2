"""Logins to one portal of IAM Identity Center that contradict each other: in two regions, or spelt twice."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from rolecall.aws.cache_files import CacheKind
from rolecall.aws.providers import Hop, Provider
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import open_file
from rolecall.text import mask, shown_value

_URL = re.compile(r"(?:https?://)?(?P<host>[^/?#]+)(?P<path>/[^?#]*)?(?:[?#].*)?", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class _Login:
    """One login: an sso-session, or a start URL without one, in one region.

    Attributes:
        name: the session's name, or the start URL: by it the token is filed.
        url: the start URL.
        region: the region in which AWS tools look for the portal.
        hop: the hop of the first profile that uses it.
        profiles: the names of all of them.
    """

    name: str
    url: str
    region: str
    hop: Hop
    profiles: list[str] = field(default_factory=list)

    @property
    def is_session(self) -> bool:
        """Whether it belongs to an sso-session."""
        return "sso_session" in self.hop.settings

    @property
    def words(self) -> str:
        """The login in a sentence: of a session, or else of its profiles."""
        return f"the sso-session {mask(self.name)}" if self.is_session else listed(self.profiles)


def portal(url: str) -> str:
    """Return a start URL in one spelling: ``/start``, ``/start/`` and ``/start/#/`` are one portal."""
    found = _URL.fullmatch(url.strip())
    if found is None:
        return url
    return f"{found['host'].lower()}{(found['path'] or '').rstrip('/')}"


def _logins(context: RuleContext) -> list[_Login]:
    found: dict[tuple[str, str, str], _Login] = {}
    for name, report in context.snapshot.profiles.items():
        hop = report.chain[-1]
        if hop.provider != Provider.SSO:
            continue
        url, region = hop.settings.get("sso_start_url"), hop.settings.get("sso_region")
        session = hop.settings.get("sso_session", url)
        if isinstance(url, str) and isinstance(region, str) and isinstance(session, str) and url and region:
            login = found.setdefault((session, url, region), _Login(session, url, region, hop))
            login.profiles.append(name)
    return list(found.values())


def _portals(context: RuleContext) -> dict[str, list[_Login]]:
    found: defaultdict[str, list[_Login]] = defaultdict(list)
    for login in _logins(context):
        found[portal(login.url)].append(login)
    return found


def _proven(context: RuleContext, logins: list[_Login]) -> str | None:
    """Return the region in which a login to a portal was made; None where none was, or in several."""
    calculator = context.snapshot.expiry_calculator
    files = (calculator.token_file(login.hop.settings) for login in logins)
    regions = {
        file.region
        for file in files
        if file is not None
        and file.kind is CacheKind.SSO_TOKEN
        and file.region
        and portal(file.identity or "") == portal(logins[0].url)
    }
    return regions.pop() if len(regions) == 1 else None


@rule(
    "sso-token-region",
    Severity.WARNING,
    "An SSO login in another region than the profile's",
    cause="A token of the portal was issued in another region than sso_region says, so the setting is wrong. "
    "AWS tools file a token of a start URL without its region: profiles with two regions share it.",
    consequence="AWS probably refuses the token there (UnauthorizedException), and a login there fails",
    cure="Set sso_region to the portal's region.",
)
def sso_token_region(context: RuleContext) -> Iterator[Occurrence]:
    """A token proves the region in which its portal is."""
    for logins in _portals(context).values():
        proven = _proven(context, logins)
        for login in logins if proven is not None else ():
            if proven is not None and login.region != proven:
                has = "has" if login.is_session or len(login.profiles) == 1 else "have"
                region = shown_value("sso_region", login.region)
                yield _seen(
                    context,
                    login,
                    f"{login.words} {has} sso_region {region}, but the login was made in {mask(proven)}",
                    _set_region(context, login, proven),
                )


def _set_region(context: RuleContext, login: _Login, region: str) -> Fix:
    words = f"set sso_region to {mask(region)}"
    if not login.is_session:
        return _change(login, words, "sso_region", region)
    config = context.snapshot.merged.config
    section = config.located.sections.get(config.headers.sso_sessions[login.name][-1])
    line = section.keys["sso_region"].line if section is not None and "sso_region" in section.keys else None
    return open_file(config, line, f"{words} (in the editor)")


def _change(login: _Login, words: str, key: str, value: str) -> Fix:
    """Return a fix that changes the one profile of a login; as advice where several have the setting."""
    if len(login.profiles) > 1 or login.hop.profile is None:
        return fixes.manual(f"{words} in {listed(login.profiles)}")
    return fixes.change(words, login.hop.profile, {key: value})


@rule(
    "sso-regions-differ",
    Severity.WARNING,
    "One portal in two regions",
    cause="Two profiles or sso-sessions have the same start URL and different regions: one was copied.",
    consequence="a portal is in one region: a login to the other fails with InvalidRequestException",
    cure="Give all of them the portal's region, which IAM Identity Center's settings show.",
)
def sso_regions_differ(context: RuleContext) -> Iterator[Occurrence]:
    """Where a token proves the region, the rule about tokens says which one is wrong."""
    for logins in _portals(context).values():
        is_one = len({login.region for login in logins}) == 1
        if is_one or _proven(context, logins) is not None:
            continue
        by_region: defaultdict[str, list[str]] = defaultdict(list)
        for login in logins:
            by_region[login.region].append(login.words)
        told = " and ".join(
            f"{shown_value('sso_region', region)} ({listed(who)})" for region, who in by_region.items()
        )
        yield _seen(
            context,
            logins[-1],
            f"one portal is said to be in {told}",
            fixes.manual("give all of them the portal's region, which IAM Identity Center's settings show"),
            *(line for login in logins[:-1] for line in _lines(context, login)),
        )


@rule(
    "sso-url-spellings",
    Severity.INFO,
    "One portal under two spellings of its start URL",
    cause="AWS tools file a login without an sso-session under its start URL, letter by letter: `/start`, "
    "`/start/` and `/start/#/` are three logins.",
    consequence="each of them needs a login of its own",
    cure="Spell it the same way everywhere, or use one sso-session.",
)
def sso_url_spellings(context: RuleContext) -> Iterator[Occurrence]:
    """Logins of sso-sessions are filed under the session's name: there a spelling does not matter."""
    calculator = context.snapshot.expiry_calculator
    for logins in _portals(context).values():
        by_url: dict[str, _Login] = {}
        for login in logins:
            if not login.is_session and login.url.lower().startswith("https://"):
                by_url.setdefault(login.url, login)
        # the one that somebody has logged in to is kept
        spelt = sorted(by_url.values(), key=lambda each: calculator.token_file(each.hop.settings) is None)
        if not spelt:
            continue
        first, *others = spelt
        for login in others:
            words = f"write {shown_value('sso_start_url', first.url)} as {first.profiles[0]} has it"
            yield _seen(
                context,
                login,
                f"{login.words} and {first.words} spell the start URL of one portal differently",
                _change(login, words, "sso_start_url", first.url),
                *_lines(context, first),
            )


def _lines(context: RuleContext, login: _Login) -> tuple[str, ...]:
    return tuple(Quoted(context.snapshot, login.profiles[0]).lines("sso_start_url", "sso_region"))


def _seen(context: RuleContext, login: _Login, message: str, fix: Fix, *evidence: str) -> Occurrence:
    place: Location | None = Quoted(context.snapshot, login.profiles[0]).place("sso_region", "sso_session")
    return Occurrence(
        Subject(SubjectKind.SESSION, login.name),
        message,
        fix,
        place,
        (*_lines(context, login), *evidence),
        profiles=tuple(login.profiles),
    )
