"""The credentials that a profile gives, as the AWS CLI would use them."""

from dataclasses import dataclass, field
from datetime import datetime

from rolecall.actions import worker_client
from rolecall.actions.prompts import Cancel, Prompts, SharedAnswers
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause
from rolecall.aws.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signs a request.

    Attributes:
        access_key: the access key id.
        secret_key: the secret access key.
        token: the session token, which temporary credentials have.
        expires_at: when they end, aware, in UTC; None where there is no end or none is known.
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
"""Causes that a login mends."""


def obstacle(report: ProfileReport, *, anew: bool = False) -> str | None:
    """Return why a profile surely gives no credentials now, in a sentence, or None where it may.

    It is what ``fetch`` would raise, as far as that is certain without asking anybody.

    Args:
        report: the profile.
        anew: whether what is cached of it does not count.
    """
    fault = report.on_renewal if anew else report.on_fetch
    if fault is None:
        return None
    if fault.cause in _OF_LOGINS:
        return f"{report.name} gives no credentials until somebody logs in ({fault.error})."
    why = "it needs a region" if fault.cause is Cause.REGION_MISSING else fault.error
    return f"{report.name} gives no credentials: {why}."


def fetch(snapshot: Snapshot, name: str, prompts: Prompts, cancel: Cancel) -> Credentials:
    """Return what the AWS CLI would use for a profile; what is cached is used, and what is fetched is cached.

    Raises:
        ActionFailed: there are none to be had.
        Cancelled: the user changed their mind.
    """
    found = worker_client.call(snapshot, name, "credentials", SharedAnswers(prompts).for_profile(), cancel)
    report = snapshot.profiles[name]
    return Credentials(
        access_key=str(found["access_key"]),
        secret_key=str(found["secret_key"]),
        token=worker_client.optional(found["token"]),
        expires_at=worker_client.moment(found["expires_at"]) or report.expiry.at,
        account=worker_client.optional(found["account"]) or report.account,
    )
