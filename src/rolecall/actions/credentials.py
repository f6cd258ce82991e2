"""The credentials that a profile gives, and the identity that AWS says they have."""

from dataclasses import field
from datetime import datetime

from rolecall.actions import worker_client
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel, Prompts, SharedAnswers
from rolecall.aws.expiry import State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signs a request.

    Attributes:
        access_key: the access key id.
        secret_key: the secret access key.
        token: the session token, which temporary credentials have.
        expires_at: when they expire, aware, in UTC; None if they do not, or it is not known.
        account: the account id, where it is known.
    """

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str | None = field(repr=False)
    expires_at: datetime | None
    account: str | None


_OF_LOGINS = frozenset(
    (
        *(Cause.SSO_TOKEN_MISSING, Cause.SSO_TOKEN_DAMAGED, Cause.SSO_TOKEN_EXPIRED),
        *(Cause.LOGIN_MISSING, Cause.LOGIN_DAMAGED),
    )
)
"""Causes that a login fixes."""


def obstacle(report: ProfileReport, *, anew: bool = False) -> str | None:
    """Return why a profile certainly gives no credentials now, in a sentence, or None if it may.

    It is what ``fetch`` would raise, as far as that is certain without a call.

    Args:
        report: the profile.
        anew: whether its cached credentials do not count.
    """
    fault = report.on_renewal if anew else report.on_fetch
    if fault is None:
        return None
    if fault.cause in _OF_LOGINS:
        return f"{report.name} gives no credentials until you log in ({fault.error})."
    why = "it needs a region" if fault.cause is Cause.REGION_MISSING else fault.error
    return f"{report.name} gives no credentials: {why}."


_LONG_TERM = "long-term keys: in another profile they would be in plain text again, and never expire."


def obstacle_to_put(report: ProfileReport) -> str | None:
    """Return why a profile's credentials are not written into another one, in a sentence, or None.

    Long-term keys never are.
    """
    if report.expiry.state is State.PERMANENT:
        return f"{report.name} has {_LONG_TERM}"
    return obstacle(report)


def refuse_long_term(report: ProfileReport, fetched: Credentials | None = None) -> None:
    """Refuse to write long-term keys into another profile.

    Args:
        report: the profile that gives them.
        fetched: what it gave, once that is known: a ``credential_process`` may give such keys.

    Raises:
        ActionFailed: they are long-term keys.
    """
    if report.expiry.state is State.PERMANENT or (fetched is not None and fetched.token is None):
        raise ActionFailed("NotApplicable", f"{report.name} gives {_LONG_TERM}")


def fetch(
    snapshot: Snapshot, name: str, prompts: Prompts, cancel: Cancel, *, force: bool = False
) -> Credentials:
    """Return what the AWS CLI would use for a profile, from the cache or fetched and cached.

    Args:
        snapshot: the files, and what is known of the profile.
        name: the profile.
        prompts: asks for MFA codes, and whether a ``credential_process`` may run.
        cancel: ends it.
        force: whether its own role is assumed although its cached credentials are valid.

    Raises:
        ActionFailed: the profile gives none.
        Cancelled: the user cancelled.
    """
    asking = SharedAnswers(prompts).for_profile()
    found = worker_client.call(snapshot, name, "credentials", asking, cancel, force=force)
    report = snapshot.profiles[name]
    return Credentials(
        access_key=str(found["access_key"]),
        secret_key=str(found["secret_key"]),
        token=worker_client.optional(found["token"]),
        expires_at=worker_client.worker_timestamp(found["expires_at"]) or report.expiry.at,
        account=worker_client.optional(found["account"]) or report.account,
    )


_SSO_PREFIX = "AWSReservedSSO_"


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity that AWS says a profile has.

    Attributes:
        profile: the profile's name.
        account: the account id.
        arn: the ARN of the user or of the role's session.
        user_id: the unique id.
        is_as_promised: whether it is the one that its settings name; None if they name none.
        remark: what differs, a sentence, or None.
    """

    profile: str
    account: str
    arn: str
    user_id: str
    is_as_promised: bool | None
    remark: str | None


def identity_obstacle(report: ProfileReport) -> str | None:
    """Return why AWS certainly cannot be asked who a profile is, in a sentence, or None if it may."""
    found = obstacle(report)
    if found is None and report.on_signing is not None:
        return f"{report.name} cannot call STS: it needs a region."
    return found


def who_am_i(snapshot: Snapshot, name: str, prompts: Prompts, cancel: Cancel) -> Identity:
    """Call GetCallerIdentity with a profile's credentials, and compare the answer with its settings.

    Raises:
        ActionFailed: AWS gave no answer.
        Cancelled: the user cancelled.
    """
    found = worker_client.call(snapshot, name, "identity", SharedAnswers(prompts).for_profile(), cancel)
    account, arn = str(found["account"]), str(found["arn"])
    differences = compare(snapshot.profiles[name], account, arn)
    return Identity(
        profile=name,
        account=account,
        arn=arn,
        user_id=str(found["user_id"]),
        is_as_promised=None if differences is None else not differences,
        remark=" ".join(differences) if differences else None,
    )


def compare(report: ProfileReport, account: str, arn: str) -> tuple[str, ...] | None:
    """Return what differs from what the settings name, a sentence each; None if they name nothing."""
    promises = [
        ("account", report.account, account),
        ("partition", _partition(report), _part(arn, 1)),
        ("role", _role(report), _role_of_session(arn)),
    ]
    told = [(what, promised, found) for what, promised, found in promises if promised is not None]
    if not told:
        return None
    return tuple(
        f"The settings say {what} {promised}, AWS says {found or 'that it is no role'}."
        for what, promised, found in told
        if promised != found
    )


def _role(report: ProfileReport) -> str | None:
    """Return the role's name as the settings have it, without its path, which a session's ARN leaves out."""
    arn, sso_role = report.values.get("role_arn"), report.values.get("sso_role_name")
    if report.kind in (Kind.ROLE, Kind.WEB_IDENTITY) and isinstance(arn, str):
        return arn.rpartition("/")[2] or None
    return sso_role if report.kind is Kind.SSO and isinstance(sso_role, str) else None


def _partition(report: ProfileReport) -> str | None:
    arn = report.values.get("role_arn")
    return _part(arn, 1) if _role(report) and isinstance(arn, str) else None


def _role_of_session(arn: str) -> str | None:
    """Return the role of ``arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION``.

    IAM Identity Center makes a role ``AWSReservedSSO_NAME_HASH`` of what it calls NAME.
    """
    kind, _, rest = _part(arn, 5).partition("/")
    if kind != "assumed-role":
        return None
    role = rest.partition("/")[0]
    return role.removeprefix(_SSO_PREFIX).rpartition("_")[0] if role.startswith(_SSO_PREFIX) else role


def _part(arn: str, index: int) -> str:
    parts = arn.split(":", 5)
    return parts[index] if index < len(parts) else ""
