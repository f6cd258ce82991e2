"""Asks STS whose a profile's credentials are."""

from collections.abc import Mapping
from typing import Any

from rolecall.actions.worker import responses
from rolecall.actions.worker.protocol import Wire
from rolecall.actions.worker.session import open_session


def run(arguments: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    """Do it; return ``account``, ``arn`` and ``user_id``."""
    opened = open_session(arguments, wire)
    sts = opened.session.client(
        "sts",
        aws_access_key_id=opened.access_key,
        aws_secret_access_key=opened.secret_key,
        aws_session_token=opened.token,
    )
    answer = sts.get_caller_identity()
    return {
        "account": responses.text(answer, "Account"),
        "arn": responses.text(answer, "Arn"),
        "user_id": responses.text(answer, "UserId"),
    }
