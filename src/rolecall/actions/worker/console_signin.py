"""Gets a sign-in token for the AWS console with a profile's credentials."""

import json
import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from botocore import exceptions
from botocore.awsrequest import AWSRequest

from rolecall.actions import console_addresses as addresses
from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import responses
from rolecall.actions.worker.protocol import Wire
from rolecall.actions.worker.session import OpenSession, open_session
from rolecall.aws import timestamps

FEDERATED_SECONDS, ROOT_SECONDS = 43_200, 3600
"""Seconds for which a federation token is asked for; with the root user's keys an hour is the most."""
_ALL = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)
"""The session policy: without one a federated user may do nothing, with this what the user may do."""
_NOT_IN_NAME = re.compile(r"[^\w+=,.@-]", re.ASCII)
_LONGEST_NAME = 32
_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_HERE = ("localhost", "::1", "localstack", "localhost.localstack.cloud", "host.docker.internal")
_GOOD = 200
_REFUSED = range(400, 500)


def sign_in(arguments: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    """Return the address that opens the console.

    Args:
        arguments: as for ``open_session``; ``service`` and ``region`` (or None), ``seconds`` of the console
            session (or None, for as long as the credentials last).
        wire: asks the user.

    Returns:
        ``url`` (secret, valid for 15 minutes), ``account``, ``arn``, ``expires_at`` (or None),
        ``is_federated`` (whether long-term keys made a federated user).

    Raises:
        BotoCoreError, ClientError: what botocore raises.
        ActionFailed: AWS refuses, or the partition's addresses are not known.
    """
    opened = open_session(arguments, wire)
    sts = _sts(opened)
    _require_aws(sts.meta.endpoint_url)
    who = sts.get_caller_identity()
    account, arn = responses.text(who, "Account"), responses.text(who, "Arn")
    partition = arn.split(":")[1] if arn.startswith("arn:") else ""
    if not addresses.is_known(partition):
        message = f"no console is known for the partition {partition or arn}"
        raise ActionFailed("NotApplicable", message, cure="sign in to its console by hand")
    keys = {"sessionId": opened.access_key, "sessionKey": opened.secret_key, "sessionToken": opened.token}
    end = None if opened.expires_at is None else timestamps.instant(opened.expires_at.isoformat()).isoformat()
    seconds: int | None = arguments["seconds"]
    is_federated = opened.token is None
    if is_federated:
        answer = _federation_token(sts, arn, seconds, wire)
        keys, arn = _keys_of(answer["Credentials"]), responses.text(answer["FederatedUser"], "Arn")
        end, seconds = answer["Credentials"]["Expiration"].isoformat(), None
    endpoint = addresses.federation(partition, os.environ)
    token = _signin_token(sts, endpoint, keys, seconds, wire)
    region = arguments["region"] or opened.session.region_name
    target = addresses.destination(partition, arguments["service"], region)
    return {
        "url": addresses.sign_in(endpoint, token, target),
        "account": account,
        "arn": arn,
        "expires_at": end,
        "is_federated": is_federated,
    }


def _require_aws(endpoint: str) -> None:
    """Refuse an AWS that runs on this machine, such as LocalStack: its keys are nobody's at AWS's sign-in.

    Raises:
        ActionFailed: it is one, and not the demo's.
    """
    host = urlsplit(endpoint).hostname or ""
    is_here = host in _HERE or host.startswith("127.") or host.endswith(".localhost.localstack.cloud")
    if is_here and not addresses.is_stubbed(os.environ):
        message = f"calls of this profile go to {host}, which has no console to sign in to"
        raise ActionFailed("NotApplicable", message, cure="see endpoint_url and AWS_ENDPOINT_URL")


def _sts(opened: OpenSession) -> Any:  # noqa: ANN401 - botocore's
    """Return a client with the credentials; in a region of the partition where the profile has none."""
    region = opened.session.region_name
    return opened.session.client(
        "sts",
        region_name=region or _REGIONS["aws"],
        aws_access_key_id=opened.access_key,
        aws_secret_access_key=opened.secret_key,
        aws_session_token=opened.token,
    )


def _federation_token(sts: Any, arn: str, seconds: int | None, wire: Wire) -> Mapping[str, Any]:  # noqa: ANN401 - botocore's
    """Return the credentials of a federated user, who may do what the user of the keys may do."""
    user = arn.rpartition("/")[2] if "/" in arn else arn.rpartition(":")[2]
    name = _NOT_IN_NAME.sub("-", user)[:_LONGEST_NAME].ljust(2, "-")
    wire.tell(f"getting a federation token for {name}")
    longest = ROOT_SECONDS if arn.endswith(":root") else FEDERATED_SECONDS
    try:
        answer: Mapping[str, Any] = sts.get_federation_token(
            Name=name, Policy=_ALL, DurationSeconds=min(seconds or longest, longest)
        )
    except exceptions.ClientError as error:
        if error.response.get("Error", {}).get("Code") != "AccessDenied":
            raise
        cure = "allow sts:GetFederationToken to this user, or open the console by a profile that has a role"
        raise ActionFailed("AccessDenied", str(error), cure=cure) from error
    return answer


def _keys_of(found: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        "sessionId": responses.text(found, "AccessKeyId"),
        "sessionKey": responses.text(found, "SecretAccessKey"),
        "sessionToken": responses.text(found, "SessionToken"),
    }


def _signin_token(
    sts: Any,  # noqa: ANN401 - botocore's
    endpoint: str,
    keys: Mapping[str, str | None],
    seconds: int | None,
    wire: Wire,
) -> str:
    """Call ``getSigninToken`` by the way that the profile's calls take: its proxy, its certificates.

    The address has the credentials in it: no message may quote it, as botocore's own would.
    """
    where = urlsplit(endpoint).netloc
    wire.tell(f"signing in at {where}")
    lasts = {} if seconds is None else {"SessionDuration": str(seconds)}
    query = urlencode({"Action": "getSigninToken", **lasts, "Session": json.dumps(keys)})
    request = AWSRequest("GET", f"{endpoint}?{query}", stream_output=True).prepare()
    try:
        answer = sts._endpoint.http_session.send(request)  # noqa: SLF001 - there is no other way to take the same way
        body = answer.content
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        raise ActionFailed(type(error).__name__, f"{where} cannot be reached") from None
    if answer.status_code in _REFUSED:
        message = f"{where} refuses these credentials (HTTP {answer.status_code})"
        raise ActionFailed("SigninRefused", message, cure=_cure(seconds))
    if answer.status_code != _GOOD:
        raise responses.not_aws("no sign-in token")
    try:
        content = json.loads(body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise responses.not_aws("no sign-in token")
    return responses.text(content, "SigninToken")


def _cure(seconds: int | None) -> str:
    """Say what AWS refuses: see "Enable custom identity broker access" in the IAM User Guide."""
    if seconds is not None:
        return "leave --duration out: it may be longer than the role allows"
    return "AWS takes those of a role or a federated user, not those of GetSessionToken: use a role"
