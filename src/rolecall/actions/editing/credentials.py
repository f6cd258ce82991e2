"""Temporary credentials written into a profile of the credentials file, the whole set at once."""

from datetime import UTC
from typing import TYPE_CHECKING

from rolecall.actions.editing.placement import KEYS, TOKENS
from rolecall.actions.editing.transaction import Files, Transaction
from rolecall.actions.editing.validation import check_new_name, check_value, header_of
from rolecall.actions.plan import Plan
from rolecall.aws.config_file import FileKind
from rolecall.aws.notes import END_KEYS
from rolecall.aws.snapshot import Snapshot
from rolecall.text import utc

if TYPE_CHECKING:  # fetching them takes far more modules than writing them
    from rolecall.actions.credentials import Credentials

_END = END_KEYS[0]
_STRONGER = ("role_arn", "web_identity_token_file", "sso_account_id", "sso_role_name")
"""Settings that win over static keys, wherever they stand (see ``resolve``)."""


def put_credentials(snapshot: Snapshot, profile: str, credentials: "Credentials") -> Plan:
    """Plan to write credentials into a profile of the credentials file.

    What another set has left there goes with it: either spelling of the token, any note of an end, an account
    id. The end is noted as ``x_security_token_expires``, as saml2aws and others do, in UTC with a ``Z``.
    """
    files = Files.now(snapshot)
    draft = Transaction(files)
    place = files.profile(FileKind.CREDENTIALS, profile)
    wanted: dict[str, str | None] = dict(
        zip(KEYS, (credentials.access_key, credentials.secret_key), strict=True)
    )
    wanted |= dict.fromkeys((*TOKENS, *END_KEYS, "aws_account_id"))
    wanted[TOKENS[0]] = credentials.token
    if credentials.expires_at is not None:
        wanted[_END] = utc(credentials.expires_at.astimezone(UTC))
    if place is not None and "aws_account_id" in place.values:
        wanted["aws_account_id"] = credentials.account
    for key, value in wanted.items():
        if value is not None:
            check_value(key, value)
    if place is not None:
        draft.credentials.of(place.header).update(wanted)
    else:
        check_new_name(profile)
        added = {key: value for key, value in wanted.items() if value is not None}
        draft.credentials.added[header_of(profile, FileKind.CREDENTIALS)] = added
    draft.remarks += _about_others(files, profile)
    return draft.plan(f"Write credentials into {profile}")


def _about_others(files: Files, profile: str) -> list[str]:
    """Say what else the profile has that decides over the keys."""
    merged = [place.values for role in FileKind if (place := files.profile(role, profile)) is not None]
    remarks = [
        f"{profile} has {key}, which AWS tools use rather than these keys."
        for key in _STRONGER
        if any(key in values for values in merged)
    ]
    config = files.profile(FileKind.CONFIG, profile)
    if config is not None and any(key in config.values for key in (*KEYS, *TOKENS)):
        remarks.append(f"The config file has keys for {profile} too; those in the credentials file win.")
    weaker = [key for key in ("credential_process", "login_session") if any(key in v for v in merged)]
    if weaker:
        remarks.append(f"{profile} has {' and '.join(weaker)}, which the keys now replace.")
    return remarks
