"""The credentials that a profile gives, as the AWS CLI would use them."""

from dataclasses import dataclass, field
from datetime import datetime

from rolecall.actions import calling
from rolecall.actions.answers import Answers
from rolecall.actions.dialogue import Cancel, Dialogue
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


def fetch(snapshot: Snapshot, name: str, dialogue: Dialogue, cancel: Cancel) -> Credentials:
    """Return what the AWS CLI would use for a profile; what is cached is used, and what is fetched is cached.

    Raises:
        ActionFailed: there are none to be had.
        Cancelled: the user changed their mind.
    """
    found = calling.ask(snapshot, name, "credentials", Answers(dialogue).for_one(), cancel)
    report = snapshot.profiles[name]
    return Credentials(
        access_key=str(found["access_key"]),
        secret_key=str(found["secret_key"]),
        token=calling.optional(found["token"]),
        expires_at=calling.moment(found["expires_at"]) or report.expiry.at,
        account=calling.optional(found["account"]) or report.account,
    )
