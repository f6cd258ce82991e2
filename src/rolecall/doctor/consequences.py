"""Errors that are only the consequence of another finding: they are told with it, and not by themselves."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.evidence import Quoted
from rolecall.doctor.finding import Finding, Severity, SubjectKind
from rolecall.text import several

_QUOTES = "\"'"
_KEYS = ("aws_access_key_id", "aws_secret_access_key")
_SSO = ("sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name")
_ADDRESS = ("sso_start_url", "sso_region")
_NO_LOGIN, _NO_REGION = "sso-token-missing", "bad-sso-region"
_SURPLUS = "env-surplus"
_WITH_OTHERS = ("env-web-identity-broken", "env-container")
"""What is told of one variable, and may be the fault of another that belongs to it."""
_SOURCES = ("source_profile", "credential_source", "web_identity_token_file")
_LACKS: Mapping[str, frozenset[str]] = {
    "no-credentials": frozenset(
        (*_KEYS, *_SSO, *_SOURCES, "role_arn", "credential_process", "login_session")
    ),
    "no-source": frozenset((*_SOURCES, "mfa_serial")),
    "sso-incomplete": frozenset(_SSO),
    "incomplete-sso-session": frozenset(_ADDRESS),
    "web-identity-no-role": frozenset(("role_arn",)),
    "token-missing": frozenset(("aws_session_token", "aws_security_token")),
}
"""Errors about a setting that is not there: it may be there under a name that is misspelt."""


def folded(snapshot: Snapshot, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings, each consequence within its cause: one that is misspelt stops what it stops."""
    every = list(findings)
    causes = [each for each in every if each.seen.meant or each.seen.spoils or each.seen.gives]
    causes += [each for each in every if each.code == _SURPLUS]
    missing = {name for each in every if each.code in (_NO_LOGIN, _NO_REGION) for name in each.profiles}
    causes += [each for each in every if _is_of_address(snapshot, each, missing)]
    results: dict[int, list[Finding]] = {}
    taken: set[int] = set()
    for each in every if causes else ():
        is_lack = each.code in _LACKS or each.code == _NO_LOGIN or each.seen.lacks
        may_follow = (each.severity is Severity.ERROR and is_lack) or _is_of_variable(each)
        if may_follow or (each.place is not None and not each.seen.spoils):
            cause = next((cause for cause in causes if _leads_to(snapshot, cause, each)), None)
            if cause is not None:
                results.setdefault(id(cause), []).append(each)
                taken.add(id(each))
    for each in every:
        if id(each) not in taken:
            yield _with(each, results[id(each)]) if id(each) in results else each


def _is_of_address(snapshot: Snapshot, cause: Finding, names: Collection[str]) -> bool:
    """Whether a finding is about the line that says where some of these profiles, or all, log in."""
    if cause.severity is Severity.INFO or cause.place is None or cause.code.startswith("sso-"):
        return False
    # a session's own findings list no profiles
    own = names if cause.subject.kind is SubjectKind.SESSION else cause.profiles
    quoted = (Quoted(snapshot, name) for name in own if name in names)
    return any(each.place(key) == cause.place for each in quoted for key in _ADDRESS)


def _leads_to(snapshot: Snapshot, cause: Finding, error: Finding) -> bool:
    """Whether an error would not be there if the cause were written as it is meant."""
    if cause.seen.spoils is not None and cause.seen.spoils == error.place and not error.seen.spoils:
        return error.severity is not Severity.INFO
    if cause.code == _SURPLUS:
        return cause is not error and _is_of_variable(error) and _is_about(cause.subject.name, error)
    if error.code == _NO_REGION:
        return cause is not error and cause.place == error.place
    if error.code == _NO_LOGIN:
        # nobody can log in there, so that comes before the login
        return _is_of_address(snapshot, cause, error.profiles)
    if error.severity is not Severity.ERROR or not (error.code in _LACKS or error.seen.lacks):
        return False
    if cause.seen.gives:
        kind, _, name = error.seen.lacks.partition(" ")
        is_of_profile = kind == "profile" or error.code == "no-credentials"
        return is_of_profile and (name or error.subject.name) in cause.seen.gives
    if error.seen.lacks and _plain(cause.seen.meant) == _plain(error.seen.lacks):
        return True
    if cause.seen.meant not in _LACKS.get(error.code, ()):
        return False
    if cause.subject.kind is SubjectKind.SESSION and error.subject.kind is SubjectKind.PROFILE:
        values = snapshot.merged.by_name.get(error.subject.name, {})
        return values.get("sso_session") == cause.subject.name
    return cause.subject == error.subject


def _is_of_variable(finding: Finding) -> bool:
    return finding.subject.kind is SubjectKind.VARIABLE and finding.severity is not Severity.INFO


def _is_about(variable: str, finding: Finding) -> bool:
    """Whether a finding is about a variable, or about one that is used with it."""
    if finding.subject.name == variable:
        return True
    return finding.code in _WITH_OTHERS and any(line.startswith(f"{variable}=") for line in finding.evidence)


def _plain(header: str) -> str:
    """Return a header in one form: its name may be in quotes, and the default profile's has no word."""
    kind, _, name = header.partition(" ")
    return f"{kind} {name.strip(_QUOTES)}" if name else f"profile {kind}"


def _with(cause: Finding, errors: list[Finding]) -> Finding:
    first = min(errors, key=lambda each: each.severity.rank)
    # a misnamed profile works under its own name
    names = dict.fromkeys(name for each in errors for name in each.profiles)
    more = f", with {several(len(errors) - 1, 'more consequence')}" if len(errors) > 1 else ""
    consequence = (cause.seen.consequence or cause.rule.consequence).rstrip(".")
    seen = replace(
        cause.seen,
        severity=min((cause.severity, first.severity), key=lambda each: each.rank),
        profiles=tuple(names),
        consequence=f"{consequence}: {first.message}{more}",
    )
    return replace(cause, seen=seen, folded=tuple(errors))
