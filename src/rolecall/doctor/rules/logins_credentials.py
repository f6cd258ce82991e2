"""Credentials that are there and are dead: ended keys, half a temporary key, tokens, a damaged cache file."""

from collections.abc import Iterator

from rolecall.aws.notes import END_KEYS
from rolecall.doctor import fixes
from rolecall.doctor.context import RuleContext
from rolecall.doctor.evidence import listed, said
from rolecall.doctor.finding import Location, Occurrence, Severity, Subject, SubjectKind, rule
from rolecall.doctor.rules.telling import accused, edit, root_cause_occurrence
from rolecall.text import ago, utc

_KEYS = ("aws_access_key_id", "aws_session_token", "aws_security_token")


@rule(
    "token-missing",
    Severity.ERROR,
    "A temporary key without its session token",
    cause="The access key id begins with ASIA, so AWS gave it out with a session token; that stands "
    "nowhere, or in the other file, where it does not count.",
    consequence="AWS refuses every command with these profiles: InvalidClientTokenId",
    cure="Add aws_session_token in the same file, or paste all three anew.",
)
def token_missing(context: RuleContext) -> Iterator[Occurrence]:
    """Find temporary keys that lack their token."""
    for blamed, quoted in accused(context, "token-missing"):
        message = (
            f"{blamed.culprit} has a temporary key ({quoted.shown('aws_access_key_id')}, of the ASIA kind) "
            "without its session token"
        )
        fix = edit(quoted, "add the aws_session_token", "aws_access_key_id")
        yield root_cause_occurrence(blamed, quoted, message, fix, *_KEYS)


@rule(
    "expired-keys",
    Severity.ERROR,
    "Temporary keys in a file that have ended",
    cause="The tool that wrote the keys noted their end beside them, and it is past. AWS tools do not "
    "look at it.",
    consequence="AWS refuses every command with these profiles: ExpiredToken",
    cure="Run the tool that wrote them again, or paste new keys.",
)
def expired_keys(context: RuleContext) -> Iterator[Occurrence]:
    """Find temporary keys whose recorded end is past."""
    for blamed, quoted in accused(context, "expired-keys"):
        report = context.snapshot.profiles[blamed.profiles[0]]
        end = next((each.at for each in reversed(report.hop_expiries) if each.at is not None), None)
        when = f"ended {ago(context.now - end)} ({utc(end)})" if end is not None else "have ended"
        message = f"the temporary keys of {blamed.culprit} ({quoted.shown('aws_access_key_id')}) {when}"
        fix = edit(quoted, "paste new keys, or run the tool that wrote them", "aws_access_key_id")
        yield root_cause_occurrence(blamed, quoted, message, fix, *END_KEYS, *_KEYS)


@rule(
    "bad-web-identity-token",
    Severity.ERROR,
    "A web identity token that cannot be read",
    cause="web_identity_token_file leads to no file, to a directory, or to one that is not readable. AWS "
    "tools take the path as it stands: ~ and variables in it are not expanded.",
    consequence="every command with these profiles fails",
    cure="Correct the path, or have the token written.",
)
def bad_web_identity_token(context: RuleContext) -> Iterator[Occurrence]:
    """Find web identities whose token is not there."""
    for blamed, quoted in accused(context, "bad-web-identity-token"):
        path = quoted.shown("web_identity_token_file")
        given = blamed.hop.settings.get("web_identity_token_file") if blamed.hop is not None else None
        fix = edit(quoted, "correct the path, or have the token written", "web_identity_token_file")
        if isinstance(given, str) and given.startswith("~"):
            whole = context.snapshot.host.expand_user(given)
            fix = fixes.change(f"write {path} in full", blamed.culprit, {"web_identity_token_file": whole})
        why = f" ({blamed.fault.error})" if blamed.fault is not None else ""
        message = f"the web identity token of {blamed.culprit} cannot be read: {path}{why}"
        yield root_cause_occurrence(blamed, quoted, message, fix, "web_identity_token_file")


@rule(
    "web-identity-expired",
    Severity.ERROR,
    "A web identity token that has ended",
    cause="The token's own exp is past, and whoever writes the file has not written a new one.",
    consequence="AWS refuses to give the role: ExpiredTokenException",
    cure="Have the token written anew; AWS tools read the file at each fetch.",
)
def web_identity_expired(context: RuleContext) -> Iterator[Occurrence]:
    """Find web identity tokens past their end."""
    for blamed, quoted in accused(context, "web-identity-expired"):
        path = quoted.shown("web_identity_token_file")
        reason = next(
            (
                each.reason
                for name in blamed.profiles
                for each in reversed(context.snapshot.profiles[name].hop_expiries)
                if each.reason
            ),
            "its web identity token has ended",
        )
        message = f"{blamed.culprit} cannot get its role: {reason} ({path})"
        fix = fixes.manual(f"have the token in {path} written anew")
        yield root_cause_occurrence(blamed, quoted, message, fix, "web_identity_token_file")


@rule(
    "damaged-cache",
    Severity.ERROR,
    "A damaged cache file that stops the AWS CLI",
    cause="The file with a role's credentials is half-written, empty, unreadable, or lacks parts: two "
    "commands wrote at once, or one was interrupted.",
    consequence="the AWS CLI dies with nothing but the file's name in quotes; boto3 does not look at it",
    cure="Delete the file: the next command fetches the role anew.",
)
def damaged_cache(context: RuleContext) -> Iterator[Occurrence]:
    """Find cache files over which a profile's commands die."""
    for blamed in context.blamed.get("damaged-cache", ()):
        file = blamed.file
        if file is None:
            continue
        where = context.snapshot.host.display(file.path)
        yield Occurrence(
            Subject(SubjectKind.CACHE, file.path.name),
            f"the cache file of {listed(blamed.profiles)} {file.problem}: the AWS CLI dies with "
            f"{blamed.fault.message if blamed.fault is not None else file.path.stem}",
            fixes.clear(file.path),
            Location(file.path),
            (f"{where}  {file.problem}", *said(blamed.fault)),
            profiles=blamed.profiles,
            path=file.path,
        )
