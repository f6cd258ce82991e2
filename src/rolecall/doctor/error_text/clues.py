"""Clues in an error message to the profile that it is about."""

from collections.abc import Callable, Iterator

from rolecall.aws import credential_process, logins
from rolecall.aws.expiry import State
from rolecall.aws.identifiers import account_of_arn
from rolecall.aws.logins import LoginKind
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import PredictedError, Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.diagnosis import squeezed
from rolecall.doctor.error_text import tools
from rolecall.doctor.error_text.mentions import mentions
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.finding import RuleContext
from rolecall.values import dataclass

_SESSIONS = ("sso_session", "sso_start_url", "login_session")
_ASSUMING = ("AssumeRole", "AssumeRoleWithWebIdentity")
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired")
_OF_SSO = ("SSOTokenLoadError", "UnauthorizedSSOTokenError", "TokenRetrievalError")
_OF_LOGIN = (
    *("LoginTokenLoadError", "LoginRefreshRequired", "LoginRefreshTokenExpired"),
    "LoginInsufficientPermissions",
)


@dataclass(frozen=True, slots=True)
class Clue:
    """A clue in a message to the profile that it is about.

    Attributes:
        words: the clue, without a full stop.
        names: the profiles that it fits.
        is_proof: whether it leaves no doubt where it fits only one profile.
        is_mention: whether the message only has a value that is here too: its own words may say more.
    """

    words: str
    names: tuple[str, ...]
    is_proof: bool = True
    is_mention: bool = False


def clues(snapshot: Snapshot, pasted: Pasted) -> Iterator[Clue]:
    """Yield the clues in a message, the strongest first."""
    for look in (_by_name, _by_stem, _by_session, _by_role, _by_mention, _by_tool, _by_caller):
        yield from look(snapshot, pasted)


def profile_named(snapshot: Snapshot, name: str) -> str | None:
    """Return the profile of that name, even if a terminal broke the name, or None."""
    if name in snapshot.profiles:
        return name
    return next((each for each in snapshot.profiles if squeezed(each) == squeezed(name)), None)


def worded(snapshot: Snapshot, pasted: Pasted) -> tuple[str, ...]:
    """Return the profiles that are known offline to fail with exactly these words."""
    found = dict.fromkeys(_those(snapshot, lambda report: _would_say(report, pasted)))
    for root in (one for group in RuleContext(snapshot).root_causes.values() for one in group):
        if root.fault is not None and pasted.has_said(root.fault.message):
            # unless they are known to raise something else: a process counts as answering
            found |= dict.fromkeys(name for name in root.profiles if not _faults(snapshot.profiles[name]))
    return tuple(found)


def alike(snapshot: Snapshot, pasted: Pasted) -> tuple[str, ...]:
    """Return the profiles that are known offline to fail with an error of this name."""
    return _those(snapshot, lambda report: any(fault.error == pasted.code for fault in _faults(report)))


def able(snapshot: Snapshot, report: ProfileReport, pasted: Pasted) -> bool:
    """Whether a profile can raise this at all, by the source of its credentials."""
    chain = report.chain
    if pasted.code in EXPIRED:
        return report.effective.provider is not None and report.expiry.state is not State.PERMANENT
    if pasted.code in _OF_SSO or pasted.operation == "GetRoleCredentials" or pasted.provider == Provider.SSO:
        kind, _ = logins.login_of(report, snapshot) or (None, "")
        return kind in (LoginKind.SSO_SESSION, LoginKind.SSO_START_URL)
    if pasted.code in _OF_LOGIN:
        kind, _ = logins.login_of(report, snapshot) or (None, "")
        return kind is LoginKind.LOGIN_SESSION
    if pasted.code == "RefreshWithMFAUnsupportedError" or pasted.has_said("MultiFactorAuthentication failed"):
        return any("mfa_serial" in hop.settings for hop in chain)
    if pasted.operation in _ASSUMING:
        return any(hop.role_arn is not None for hop in chain)
    return pasted.provider != Provider.PROCESS or any(hop.provider == Provider.PROCESS for hop in chain)


def _would_say(report: ProfileReport, pasted: Pasted) -> bool:
    return any(pasted.has_said(fault.message) for fault in _faults(report))


def _faults(report: ProfileReport) -> tuple[PredictedError, ...]:
    found = (resolution.fault for resolution in report.resolutions.values())
    return tuple(fault for fault in found if fault is not None)


def _by_name(snapshot: Snapshot, pasted: Pasted) -> Iterator[Clue]:
    name = profile_named(snapshot, pasted.profile) if pasted.profile is not None else None
    if name is not None:
        yield Clue("it names it", (name,))


def _by_stem(snapshot: Snapshot, pasted: Pasted) -> Iterator[Clue]:
    if pasted.stem is None:
        return
    entries = [entry for entry in snapshot.entries if entry.path.stem == pasted.stem]
    if not entries:
        yield Clue("it is the name of a cache file that no longer exists", ())
        return
    # files of two directories may have the same name: the one that a profile uses is meant
    used = {entry: entry.profiles or _stopped_by(snapshot, str(entry.path)) for entry in entries}
    entry = max(entries, key=lambda each: bool(used[each]))
    yield Clue(f"it is the name of {snapshot.host.display(entry.path)}", used[entry])


def _stopped_by(snapshot: Snapshot, path: str) -> tuple[str, ...]:
    return _those(snapshot, lambda report: any(path in fault.subjects for fault in _faults(report)))


def _by_session(snapshot: Snapshot, pasted: Pasted) -> Iterator[Clue]:
    if pasted.session is None:
        return
    wanted = squeezed(pasted.session)

    def draws(report: ProfileReport) -> bool:
        values = (hop.settings.get(key) for hop in report.chain for key in _SESSIONS)
        # of a nested block botocore says what Python makes of it
        return any(value is not None and squeezed(str(value)) == wanted for value in values)

    yield Clue(f"it names {pasted.session}", _those(snapshot, draws))


def _by_role(snapshot: Snapshot, pasted: Pasted) -> Iterator[Clue]:
    """The role that the call should have assumed."""
    wanted = pasted.arn
    if wanted is not None and pasted.operation in _ASSUMING and wanted != pasted.caller:
        found = _those(snapshot, lambda report: report.own_hop.role_arn == wanted)
        yield Clue(f"it names the role {wanted}", found)


def _by_mention(snapshot: Snapshot, pasted: Pasted) -> Iterator[Clue]:
    """What else of this home is in the message; what the stronger clues have is left to them."""
    named = pasted.session or ""
    for each in mentions(snapshot, pasted):
        # the account in an ARN tells nothing of those who have just that ARN
        if each.is_clue and each.profiles and each.words.split()[-1] not in named:
            named += f" {each.words}"
            yield Clue(f"it names {each.words}", each.profiles, each.is_proof, is_mention=True)


_COMMANDS = {"aws-sso-cli": "aws-sso"}
"""The commands of the tools whose command has another name."""


def _by_tool(snapshot: Snapshot, pasted: Pasted) -> Iterator[Clue]:
    """The tool in whose words it is, where that is the program of a credential_process."""
    having = {
        name: str(report.values["credential_process"])
        for name, report in snapshot.profiles.items()
        if "credential_process" in report.values
    }
    said = {form.tool for form, _ in tools.found(pasted.raw)} if having else set()
    for tool in sorted(said):
        command = _COMMANDS.get(tool, tool)
        names = tuple(name for name, line in having.items() if _runs(snapshot, line, command))
        if names:
            yield Clue(f"it is in the words of {tool}", names, is_proof=False)


def _runs(snapshot: Snapshot, line: str, command: str) -> bool:
    if command not in line:
        return False
    program = credential_process.Program.of(snapshot.host, line)
    return program is not None and program.runs == command


def _by_caller(snapshot: Snapshot, pasted: Pasted) -> Iterator[Clue]:
    """The caller in AWS's words: a role's session, or at least an account."""
    if pasted.caller is None:
        return
    is_source = pasted.operation in _ASSUMING
    role = _role_of(pasted.caller)
    if role is not None and not is_source:
        found = _those(snapshot, lambda report: _is_role(report, *role))
        yield Clue(f"AWS names the role {role[1]} of account {role[0]}", found)
    if not is_source:
        account = account_of_arn(pasted.caller)
        found = _those(snapshot, lambda report: report.account == account)
        yield Clue(f"AWS names the account {account}", found, is_proof=False)


def _role_of(arn: str) -> tuple[str, str] | None:
    account, resource = account_of_arn(arn), arn.split(":", 5)[-1]
    parts = resource.split("/")
    return (account, parts[1]) if account is not None and parts[0] == "assumed-role" and parts[1:] else None


def _is_role(report: ProfileReport, account: str, name: str) -> bool:
    """Whether a profile's credentials are of a role; SSO's roles have their own prefix and suffix."""
    if report.account != account:
        return False
    arn = report.own_hop.role_arn
    if arn is not None:
        return arn.rpartition("/")[2] == name
    of_sso = report.own_hop.settings.get("sso_role_name")
    return of_sso is not None and name.startswith(f"AWSReservedSSO_{of_sso}_")


def _those(snapshot: Snapshot, is_one: Callable[[ProfileReport], bool]) -> tuple[str, ...]:
    return tuple(name for name, report in snapshot.profiles.items() if is_one(report))
