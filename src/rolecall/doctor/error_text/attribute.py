"""Finds which profile an error message is about: by the names in it, else by which profile would raise it."""

from collections.abc import Iterable
from dataclasses import replace

from rolecall.aws import logins
from rolecall.aws.expiry import State
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.diagnosis import QuestionSubject, matters
from rolecall.doctor.error_text.clues import EXPIRED, Clue, able, alike, clues, profile_named, worded
from rolecall.doctor.error_text.ended import sources, told
from rolecall.doctor.error_text.interpret import (
    EXPLAINS,
    explaining,
    in_words,
    is_foretold,
    is_of_clock,
    likely,
    means,
)
from rolecall.doctor.error_text.mentions import at_setting, mentions
from rolecall.doctor.error_text.parse import Pasted, parse_error_text, unknown_error_text
from rolecall.doctor.error_text.subjects import set_by, value_source
from rolecall.doctor.evidence import listed
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.registry import Findings
from rolecall.doctor.sessions import LoginTopic
from rolecall.values import dataclass

_LOGINS = {
    "TokenRetrievalError": True,
    "SSOTokenLoadError": True,
    "UnauthorizedSSOTokenError": True,
    "UnauthorizedException": True,
    "LoginRefreshRequired": False,
    "LoginRefreshTokenExpired": False,
    "LoginTokenLoadError": False,
}
"""Errors that a login fixes, and whether it is an SSO login."""
_SSO_ENDED = ("sso-token-expired", "sso-token-missing", "sso-token-damaged", "live-over-dead")
_LOGIN_ENDED = ("login-missing", "login-damaged", "login-expired")
_EXPLAINED = "has a fault that leads to this error"


@dataclass(frozen=True, slots=True)
class Match:
    """Which profile a message is about.

    Attributes:
        profile: the profile, or None where it is about this shell, or about no profile in particular.
        is_certain: whether the message itself leaves no doubt.
        sentence: how that is known, or that it is not, without a full stop.
        candidates: the profiles that it may be about, where that is not certain.
        culprit: the finding that explains it, or None.
        login: the login that it is about, where all candidates use that login.
        sources: a line for each source of the candidates' credentials, the likeliest first; empty where it
            does not matter when they end.
    """

    profile: str | None
    is_certain: bool
    sentence: str
    candidates: tuple[str, ...] = ()
    culprit: Finding | None = None
    login: LoginTopic | None = None
    sources: tuple[str, ...] = ()


def match(snapshot: Snapshot, findings: Findings, pasted: Pasted, asked: str | None = None) -> Match:
    """Return which profile a message is about; the sentence says if that is only likely, or unknown.

    Args:
        snapshot: the Snapshot to look in.
        findings: the findings in it.
        pasted: the message.
        asked: the profile that the user asks about, or None.
    """
    matching = _Matching(snapshot, findings, pasted)
    return matching.match() if asked is None else matching.match_of(asked)


def read_message(snapshot: Snapshot, text: str) -> Pasted | None:
    """Return what a message says, or only what it names, if it is not known; None if that is not here."""
    known = parse_error_text(text)
    if known is not None:
        return known
    unknown = unknown_error_text(text)
    names = unknown.profile is not None or any(
        each.profiles or each.variables for each in mentions(snapshot, unknown)
    )
    return unknown if names else None


@dataclass(frozen=True)
class _Matching:
    snapshot: Snapshot
    findings: Findings
    pasted: Pasted

    @property
    def _shell(self) -> QuestionSubject:
        return QuestionSubject(self.snapshot, None)

    def match(self) -> Match:
        found = self._match()
        if self.pasted.code not in EXPIRED or len(found.candidates) <= 1:
            return found
        by_end = sources(self.snapshot, found.candidates)
        names = tuple(name for each in by_end for name in each.users)
        return replace(found, candidates=names, sources=tuple(told(self.snapshot, by_end)))

    def _match(self) -> Match:
        of_all = self._of_everybody()
        if of_all is not None:
            return of_all
        found = list(clues(self.snapshot, self.pasted))
        names, used = _narrowed(found)
        if names and all(clue.is_mention for clue in used):
            saying = worded(self.snapshot, self.pasted)
            if saying and {*saying}.isdisjoint(names):
                # a value may be a profile's name by chance
                found, names = [], ()
        source = value_source(self.snapshot, self.pasted)
        if source is not None and source.is_elsewhere and not any(not clue.is_mention for clue in used):
            return self._about(None, "no profile here has the value that it quotes")
        login = self._of_login(names)
        if login is not None:
            return login
        if names:
            return self._tied(names, used)
        if found:
            return self._stranger(found[0])
        return self._likely() or self._nobody()

    def match_of(self, asked: str) -> Match:
        """Return what a message is about where the user has named the profile; the message may object."""
        named = self.pasted.profile
        if named is not None and profile_named(self.snapshot, named) is None:
            return self._about(asked, f"the message names {named!r}, which is no profile here")
        names, used = _narrowed(list(clues(self.snapshot, self.pasted)))
        if names and asked not in names and any(clue.is_proof for clue in used):
            words = f"the message is about {listed(names)}, not about {asked}: {used[0].words}"
            return self._about(asked, words, names)
        return self._about(asked, f"taken to be about {asked}, as you ask", is_certain=True)

    def _of_everybody(self) -> Match | None:
        """A name that no profile has, or a file that every command reads."""
        pasted = self.pasted
        broken = self.snapshot.merged.broken_file
        if pasted.profile is not None and profile_named(self.snapshot, pasted.profile) is None:
            if broken is not None:
                where = self.snapshot.host.display(str(broken.path))
                words = f"no profile is known until {where} parses, nor is {pasted.profile!r}"
                return self._about(None, words, is_certain=True)
            return self._about(None, f"there is no profile {pasted.profile!r}", is_certain=True)
        if pasted.code == "ConfigParseError" and broken is not None and broken.path is not None:
            where = self.snapshot.host.display(broken.path)
            return self._about(None, f"every command reads {where} first", is_certain=True)
        return None

    def _tied(self, names: tuple[str, ...], used: list[Clue]) -> Match:
        how = used[0].words
        if len(names) == 1:
            certain = any(clue.is_proof for clue in used)
            words = f"this is {'' if certain else 'probably '}about {names[0]}: {how}"
            return self._about(names[0], words, names, is_certain=certain)
        here = self._here()
        if here in names:
            return self._about(here, f"{how}, and {here} is what this shell uses", names)
        nearest = self._where_they_meet(names)
        if nearest is not None:
            return self._about(nearest, f"{how}, and all of them use {nearest}", names)
        return self._about(None, f"the message cannot be tied to one profile: {how}", names)

    def _of_login(self, names: tuple[str, ...]) -> Match | None:
        """Return the login that explains the message for all candidates; if several do, list the profiles.

        Args:
            names: the profiles that fit the names in the message; empty where it has none.
        """
        is_sso = _LOGINS.get(self.pasted.code or "")
        if is_sso is None or len(names) == 1 or (self.pasted.session is not None and not names):
            return None
        ended = [
            each
            for each in (*self.findings.all, *self.findings.silenced)
            if each.subject.kind is SubjectKind.SESSION
            and each.code in (_SSO_ENDED if is_sso else _LOGIN_ENDED)
            and (not names or not {*names}.isdisjoint(each.profiles))
        ]
        users = tuple(dict.fromkeys(name for each in ended for name in each.profiles))
        where = dict.fromkeys(each.subject.name for each in ended)
        if not where or (names and not {*names} <= {*users}):
            return None
        if len(where) > 1:
            words = f"it names no profile, and the logins to {listed(where)} have expired"
            return self._about(None, words, users)
        (name,) = where
        if len(users) == 1:
            words = f"it names no profile, but only {users[0]} uses a login that has expired"
            return self._likely() or self._about(users[0], words, users)
        stops = f"{len(users)} profile{'' if len(users) == 1 else 's'}"
        words = f"all profiles that it may be about use one login, {name}, which stops {stops}"
        return Match(
            None,
            is_certain=False,
            sentence=words,
            candidates=users,
            culprit=ended[0],
            login=LoginTopic(name, is_sso=is_sso),
        )

    def _here(self) -> str | None:
        """Return the profile that a command in this shell would use, or None."""
        shell = self._shell
        return shell.uses if shell.report is not None and not shell.here_by_keys else None

    def _where_they_meet(self, names: tuple[str, ...]) -> str | None:
        """Return the one of these profiles that all the others use."""
        chains = [{hop.profile for hop in self.snapshot.profiles[name].chain} for name in names]
        return next((name for name in names if all(name in chain for chain in chains)), None)

    def _likely(self) -> Match | None:
        """Return what the message is likely about, though it names no profile: this shell before profiles."""
        shell, pasted = self._shell, self.pasted
        is_explained = explaining(shell, self.findings, pasted) is not None
        if is_explained and pasted.code == "NoRegionError":
            # any call needs a region: roles that cannot be fetched without one are no better evidence
            return self._shell_or(True, worded(self.snapshot, pasted), _EXPLAINED)
        return (
            self._shell_or(
                in_words(shell, pasted), worded(self.snapshot, pasted), "fails in just these words"
            )
            or (
                # another value is another fault
                self._shell_or(
                    is_foretold(shell, pasted), alike(self.snapshot, pasted), f"fails with {pasted.code}"
                )
                if pasted.value is None
                else None
            )
            or (self._ended() if not is_explained else None)
            or self._shell_or(is_explained, self._explained(), _EXPLAINED)
        )

    def _ended(self) -> Match | None:
        """Return which credentials have ended, where a message says that some have; None where none have."""
        if self.pasted.code not in EXPIRED:
            return None
        every = self.snapshot.profiles
        names = [name for name, each in every.items() if able(self.snapshot, each, self.pasted)]
        ended = [each for each in sources(self.snapshot, names) if each.has_ended]
        users = tuple(name for each in ended for name in each.users)
        here = self._here()
        if here in users:
            words = f"it names no profile; {here}, which this shell uses, has ended"
            return self._about(here, words, users)
        if len(ended) != 1:
            words = f"it names no profile; {len(ended)} sources of credentials have ended here"
            return self._about(None, words, users) if ended else None
        (only,) = ended
        words = f"it names no profile; of all that is here only {only.name} is known to have ended"
        if isinstance(only.about, str):
            return self._about(only.about, words, users)
        return Match(None, is_certain=False, sentence=words, candidates=users, login=only.about)

    def _shell_or(self, is_shell: bool, others: tuple[str, ...], verb: str) -> Match | None:  # noqa: FBT001
        if is_shell:
            words = f"it names no profile, but a command in this shell without a profile {verb}"
            return self._about(self._here(), words, others)
        if not others:
            return None
        words = f"it {verb}" if len(others) == 1 else f"each of {listed(others)} {verb}"
        return self._tied(others, [Clue(words, others, is_proof=False)])

    def _explained(self) -> tuple[str, ...]:
        """Return the profiles with a finding that explains the message; only the worst of the findings."""
        codes = EXPLAINS.get(self.pasted.code or "", ())
        found = {
            name: finding
            for name, about in self.findings.by_profile.items()
            if name in self.snapshot.profiles
            and (finding := likely((each for each in about if each.code in codes), self.pasted)) is not None
        }
        if not found and not is_of_clock(self.pasted):
            keys = set_by(self.pasted)
            found = {
                name: finding
                for finding in reversed(self.findings.all)
                if matters(finding)
                for name in (finding.profiles or (finding.subject.name,))
                if name in self.snapshot.profiles
                and able(self.snapshot, self.snapshot.profiles[name], self.pasted)
                and at_setting(self.snapshot, (finding,), ((name, key) for key in keys if key.islower()), ())
            }
        worst = min((finding.severity.rank for finding in found.values()), default=0)
        return tuple(name for name, finding in found.items() if finding.severity.rank == worst)

    def _stranger(self, clue: Clue) -> Match:
        """The message names a caller that is no profile here; the environment's keys may be the caller's."""
        may_be = "; it may be the keys in this shell's environment" if self._shell.here_by_keys else ""
        return self._about(None, f"{clue.words}, but no profile here matches{may_be}")

    def _nobody(self) -> Match:
        shell = self._shell
        words = "the message names no profile, so it cannot be tied to one"
        of_variable = self._of_variable()
        if of_variable is not None:
            return of_variable
        here = self._here()
        every = self.snapshot.profiles
        names = tuple(name for name, each in every.items() if able(self.snapshot, each, self.pasted))
        if names and (len(names) < len(every) or (self.pasted.code in _LOGINS and here not in names)):
            some = self._of_some(names)
            if some is not None:
                return some
        if shell.fails or (here is not None and here not in names):
            return self._about(None, words)
        uses = here if here is not None else "the keys in the environment"
        return self._about(here, f"{words}; a command in this shell would use {uses}")

    def _of_variable(self) -> Match | None:
        """Return that it is about this shell, where it quotes the value of a variable."""
        for each in mentions(self.snapshot, self.pasted):
            if each.variables and each.is_clue:
                words = f"it names {each.words}, which {each.variables[0]} sets in this shell"
                return self._about(self._here(), words)
        return None

    def _of_some(self, names: tuple[str, ...]) -> Match | None:
        """Return what it is about where not every profile can raise it, because only some have a login."""
        login = self._one_login(names)
        if login is not None:
            words = f"it names no profile, but all that can fail like this use one login, {login.name}"
            return Match(None, is_certain=False, sentence=words, candidates=names, login=login)
        if self._here() in names:
            return None
        one = "it names no profile, but no other profile here can fail like this"
        several = f"it names no profile; {len(names)} profiles here can fail like this"
        return self._tied(names, [Clue(one if len(names) == 1 else several, names, is_proof=False)])

    def _one_login(self, names: tuple[str, ...]) -> LoginTopic | None:
        """Return the login that all of these use, if logging in fixes the error."""
        reports = [self.snapshot.profiles[name] for name in names]
        is_over = all(each.token is not None and each.token.state is State.EXPIRED for each in reports)
        places = {logins.login_of(each, self.snapshot) for each in reports}
        is_mended = self.pasted.code in _LOGINS or (is_over and self.pasted.code in EXPIRED)
        place = places.pop() if is_mended else None
        if place is None or places:
            return None
        return LoginTopic(place[1], is_sso=place[0] is not logins.LoginKind.LOGIN_SESSION)

    def _about(
        self, profile: str | None, words: str, names: Iterable[str] = (), *, is_certain: bool = False
    ) -> Match:
        meaning = means(QuestionSubject(self.snapshot, profile), self.findings, self.pasted)
        candidates = () if is_certain else tuple(names)
        return Match(profile, is_certain, words, candidates, meaning.culprit)


def _narrowed(found: list[Clue]) -> tuple[tuple[str, ...], list[Clue]]:
    """Apply the clues in their order, each as long as it leaves a profile."""
    names: tuple[str, ...] = ()
    used: list[Clue] = []
    for clue in found:
        left = tuple(name for name in clue.names if not used or name in names)
        if left and (not used or len(left) < len(names)):
            names = left
            used.append(clue)
    return names, used
