"""Finds out whom an error message is about: by what is named in it, and by who would raise just this."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rolecall.aws.accounts import account_of_arn
from rolecall.aws.providers import Fault
from rolecall.aws.report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.findings.asked import Asked
from rolecall.findings.examine import Findings
from rolecall.findings.finding import Finding
from rolecall.findings.pasting.meaning import EXPLAINS, is_foretold, means
from rolecall.findings.pasting.reading import Pasted, squeezed
from rolecall.findings.quoted import listed


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a message is about.

    Attributes:
        profile: the profile, or None where it is about this shell, or about nobody in particular.
        is_certain: whether the message itself leaves no doubt.
        sentence: how that is known, or that it is not, without a full stop.
        candidates: the profiles that it may be about, where that is not certain.
        culprit: the finding that explains it, or None.
    """

    profile: str | None
    is_certain: bool
    sentence: str
    candidates: tuple[str, ...] = ()
    culprit: Finding | None = None


@dataclass(frozen=True, slots=True)
class _Clue:
    """Something in a message that tells whom it is about."""

    words: str
    names: tuple[str, ...]
    is_proof: bool = True


def match(snapshot: Snapshot, findings: Findings, pasted: Pasted) -> Match:
    """Return whom a message is about."""
    clues = [clue for look in _CLUES for clue in look(snapshot, pasted)]
    names, used = _narrowed(clues)
    if not names:
        return _nobody(snapshot, findings, pasted, clues)
    profile = names[0] if len(names) == 1 else _ambient_among(snapshot, names)
    certain = len(names) == 1 and any(clue.is_proof for clue in used)
    culprit = means(Asked(snapshot, profile), findings, pasted).culprit if profile is not None else None
    return Match(
        profile, certain, _sentence(profile, certain, names, used), () if certain else names, culprit
    )


def _narrowed(clues: list[_Clue]) -> tuple[tuple[str, ...], list[_Clue]]:
    """Take the clues in their order, each for as long as it leaves somebody."""
    names: tuple[str, ...] = ()
    used: list[_Clue] = []
    for clue in clues:
        left = tuple(name for name in clue.names if not used or name in names)
        if left and (not used or len(left) < len(names)):
            names = left
            used.append(clue)
    return names, used


def _ambient_among(snapshot: Snapshot, names: tuple[str, ...]) -> str | None:
    chosen = Asked(snapshot, None)
    if chosen.uses_environment(chosen.ambient.resolution):
        return None
    return chosen.uses if chosen.uses in names else None


def _sentence(profile: str | None, certain: bool, names: tuple[str, ...], used: list[_Clue]) -> str:  # noqa: FBT001
    how = used[0].words
    if certain:
        return f"this is about {profile}: {how}"
    if profile is not None and len(names) == 1:
        return f"this is probably about {profile}: {how}"
    if profile is not None:
        return f"{how}, and {profile} is the one that this shell uses"
    return f"the message cannot be tied to one profile: {how}"


def _nobody(snapshot: Snapshot, findings: Findings, pasted: Pasted, clues: list[_Clue]) -> Match:
    shell = Asked(snapshot, None)
    meaning = means(shell, findings, pasted)
    if pasted.profile is not None and _named(snapshot, pasted.profile) is None:
        words = f"there is no profile {pasted.profile!r}"
        return Match(None, True, words, (), meaning.culprit or _about_name(findings, pasted.profile))
    if clues:
        return Match(None, False, f"{clues[0].words}, and no profile here is that", (), meaning.culprit)
    if is_foretold(shell, pasted) or meaning.culprit is not None:
        return Match(
            None, False, "a command in this shell that names no profile would fail so", (), meaning.culprit
        )
    return Match(None, False, "the message names nobody, so it cannot be tied to one profile", (), None)


def _about_name(findings: Findings, name: str) -> Finding | None:
    """Return what is found about a name that is no profile's: its header is dropped, say."""
    wanted = squeezed(name)
    for each in (*findings.all, *findings.silenced):
        if squeezed(each.subject.name) in (wanted, f"profile{wanted}", f"[{wanted}]"):
            return each
    return None


# The clues, the strongest first.


def _by_name(snapshot: Snapshot, pasted: Pasted) -> Iterator[_Clue]:
    if pasted.profile is None:
        return
    name = _named(snapshot, pasted.profile)
    if name is not None:
        yield _Clue("the message names it", (name,))


def _named(snapshot: Snapshot, name: str) -> str | None:
    if name in snapshot.profiles:
        return name
    return next((each for each in snapshot.profiles if squeezed(each) == squeezed(name)), None)


def _by_stem(snapshot: Snapshot, pasted: Pasted) -> Iterator[_Clue]:
    if pasted.stem is None:
        return
    entry = next((entry for entry in snapshot.entries if entry.path.stem == pasted.stem), None)
    if entry is None:
        yield _Clue("it is the name of a cache file that is not there any more", ())
        return
    message = repr(pasted.stem)
    drawing = _those(snapshot, lambda report: any(fault.message == message for fault in _faults(report)))
    yield _Clue(f"{snapshot.host.display(entry.path)} is its cache file", entry.profiles or drawing)


def _by_session(snapshot: Snapshot, pasted: Pasted) -> Iterator[_Clue]:
    if pasted.session is None:
        return
    keys = ("sso_session", "sso_start_url", "login_session")
    wanted = squeezed(pasted.session)
    found = _those(
        snapshot,
        lambda report: any(
            squeezed(str(hop.settings.get(key, ""))) == wanted for hop in report.chain for key in keys
        ),
    )
    yield _Clue(f"its credentials come from {pasted.session}", found)


def _by_message(snapshot: Snapshot, pasted: Pasted) -> Iterator[_Clue]:
    found = _those(
        snapshot,
        lambda report: any(fault.message and pasted.has_said(fault.message) for fault in _faults(report)),
    )
    if found:
        words = (
            "it would fail in just these words"
            if len(found) == 1
            else f"{listed(found)} would fail in just these words"
        )
        yield _Clue(words, found)


def _by_arn(snapshot: Snapshot, pasted: Pasted) -> Iterator[_Clue]:
    if pasted.operation in ("AssumeRole", "AssumeRoleWithWebIdentity") and pasted.arn is not None:
        wanted = pasted.arn
        found = _those(snapshot, lambda report: report.own_hop.role_arn == wanted)
        yield _Clue(f"the role {wanted} is its own", found)
    if pasted.caller is not None:
        role = _role_of(pasted.caller)
        if role is not None:
            account, name = role
            found = _those(snapshot, lambda report: _is_role(report, account, name))
            yield _Clue(f"AWS speaks of the role {name} in {account}", found)
        account_id = account_of_arn(pasted.caller)
        found = _those(snapshot, lambda report: report.account == account_id)
        yield _Clue(f"AWS speaks of the account {account_id}", found, is_proof=False)


def _role_of(arn: str) -> tuple[str, str] | None:
    account, resource = account_of_arn(arn), arn.split(":", 5)[-1]
    if account is None or not resource.startswith("assumed-role/"):
        return None
    return account, resource.split("/")[1]


def _is_role(report: ProfileReport, account: str, name: str) -> bool:
    arn = report.own_hop.role_arn
    if arn is not None:
        return account_of_arn(arn) == account and arn.rpartition("/")[2] == name
    sso_role = report.own_hop.settings.get("sso_role_name")
    return report.account == account and sso_role is not None and f"_{sso_role}_" in name


def _by_state(snapshot: Snapshot, pasted: Pasted) -> Iterator[_Clue]:
    """Who would fail with this error, whatever the words."""
    if pasted.code is None:
        return
    found = _those(snapshot, lambda report: any(fault.error == pasted.code for fault in _faults(report)))
    if not found and pasted.code in EXPLAINS:
        found = _those(snapshot, lambda report: Asked(snapshot, report.name).fails)
    if found:
        yield _Clue(f"{listed(found)} cannot work now", found, is_proof=False)


_CLUES: tuple[Callable[[Snapshot, Pasted], Iterator[_Clue]], ...] = (
    _by_name,
    _by_stem,
    _by_message,
    _by_session,
    _by_arn,
    _by_state,
)


def _those(snapshot: Snapshot, is_one: Callable[[ProfileReport], bool]) -> tuple[str, ...]:
    return tuple(name for name, report in snapshot.profiles.items() if is_one(report))


def _faults(report: ProfileReport) -> tuple[Fault, ...]:
    found = (resolution.fault for resolution in report.resolutions.values())
    return tuple(fault for fault in found if fault is not None)
