"""Hands credentials, or the choice of a profile, to a shell: what is set, and what must be unset beside."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from rolecall import shells
from rolecall.actions.credentials import Credentials
from rolecall.actions.errors import ActionFailed
from rolecall.aws.neighbours import MARKS
from rolecall.aws.profile_report import ProfileReport
from rolecall.shells import UnspeakableError

_TOKEN = "AWS_SESSION_TOKEN"  # noqa: S105 - a variable's name
_EXPIRATION = "AWS_CREDENTIAL_EXPIRATION"
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", _TOKEN, "AWS_SECURITY_TOKEN")
_NOTES = (_EXPIRATION, "AWS_SESSION_EXPIRATION", "AWSUME_EXPIRATION", "AWS_ACCOUNT_ID")
_PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
_WEB_IDENTITY = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME")
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_BEARER = "AWS_BEARER_TOKEN_"
_OLD_KEYS = ("AWS_ACCESS_KEY", "AWS_SECRET_KEY")
"""What the SDK for Java reads beside the keys."""


def shell_lines(shell: str, variables: Mapping[str, str | None]) -> list[str]:
    """Return the lines that give variables to a shell: first what is unset (None), then what is set.

    No value can run anything or be anything but that value. A dotenv file cannot unset: a comment says what
    must not be set beside it. ``json`` is no form for variables: see ``process_json``.

    Raises:
        ActionFailed: there is no such shell, or it has no way to say one of the values.
    """
    if shell not in shells.FOR_VARIABLES:
        raise ActionFailed("NotApplicable", f"{shell} is no form in which variables can be written")
    unset = [name for name, value in variables.items() if value is None]
    return [
        *(_remark(unset) if shell == "dotenv" else (_unset_line(name, shell) for name in unset)),
        *(_set_line(name, value, shell) for name, value in variables.items() if value is not None),
    ]


def _remark(unset: list[str]) -> list[str]:
    if not all(map(shells.is_variable_name, unset)):
        raise ActionFailed("Refused", "the name of a variable is more than a name to a shell")
    return [f"# must not be set beside these: {', '.join(unset)}"] if unset else []


def _unset_line(name: str, shell: str) -> str:
    try:
        return shells.unset_line_for_eval(name, shell)
    except ValueError as error:
        raise ActionFailed("Refused", str(error)) from error


def _set_line(name: str, value: str, shell: str) -> str:
    try:
        return shells.set_line(name, value, shell)
    except UnspeakableError as error:
        message = f"{name} cannot be written for {shell}: {error}"
        raise ActionFailed("Refused", message, cure="choose another form") from None
    except ValueError as error:
        raise ActionFailed("Refused", str(error)) from None


def own_region(report: ProfileReport) -> str | None:
    """Return the profile's own region: what a variable of this shell says is not exported again."""
    region = report.values.get("region")
    return region if isinstance(region, str) else None


def of_credentials(
    credentials: Credentials, region: str | None, environ: Mapping[str, str]
) -> dict[str, str | None]:
    """Return the variables that make these credentials those of every command; None: to be unset.

    Keys in the environment come before all else. What could still override them is AWS_SECURITY_TOKEN,
    which is asked before AWS_SESSION_TOKEN, a token or an end left from other keys, and a profile variable,
    which brings its own settings, and stops every command where its profile is gone. All of that is unset
    whether it is set here or not, for the lines may be pasted elsewhere. Where they are set, so are bearer
    tokens, which services ask before keys, and what another tool has left about the session that ends here
    (AWS_VAULT): prompts would go on to show it.

    Args:
        credentials: what is exported.
        region: the profile's region; None or empty leaves the region as it is. boto3 and CLI v1 read
            AWS_DEFAULT_REGION, CLI v2 AWS_REGION first, so both are set.
        environ: the environment of the calling shell.
    """
    variables: dict[str, str | None] = dict.fromkeys((*_PROFILES, *_KEYS, *_NOTES, *_set_here(environ)))
    variables["AWS_ACCESS_KEY_ID"] = credentials.access_key
    variables["AWS_SECRET_ACCESS_KEY"] = credentials.secret_key
    variables[_TOKEN] = credentials.token or None
    variables[_EXPIRATION] = _written(credentials.expires_at) if credentials.expires_at else None
    variables["AWS_ACCOUNT_ID"] = credentials.account or None
    return variables | (dict.fromkeys(_REGIONS, region) if region else {})


def applied(variables: Mapping[str, str | None], environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment after variables were set and unset (None) in it."""
    changed = {**environ, **variables}
    return {name: value for name, value in changed.items() if value is not None}


def variables_of(name: str, environ: Mapping[str, str], region: str | None = None) -> dict[str, str | None]:
    """Return the variables that make a profile that of every command; None: to be unset.

    boto3 and CLI v1 ask AWS_DEFAULT_PROFILE before AWS_PROFILE; keys in the environment come before any
    profile, and so does a web identity there before one without a role. All of that is unset as above.

    Args:
        name: the profile's name.
        environ: the environment of the calling shell.
        region: the region that the profile's own settings name, if they do: then the region's variables are
            unset, which would come before it; else they are left as they are.
    """
    names = (*_PROFILES, *_KEYS, *_NOTES, *_WEB_IDENTITY, *_set_here(environ))
    variables: dict[str, str | None] = dict.fromkeys((*names, *(_REGIONS if region else ())))
    variables["AWS_PROFILE"] = name
    return variables


def _set_here(environ: Mapping[str, str]) -> list[str]:
    """Return what would contradict new credentials or another profile, of what is not unset anyway."""
    return [
        name
        for name in environ
        if (name.startswith(_BEARER) and shells.is_variable_name(name)) or name in MARKS or name in _OLD_KEYS
    ]


def process_json(credentials: Credentials) -> str:
    """Return what a ``credential_process`` prints, version 1, on one line."""
    content = {
        "Version": 1,
        "AccessKeyId": credentials.access_key,
        "SecretAccessKey": credentials.secret_key,
        "SessionToken": credentials.token or None,
        "Expiration": _written(credentials.expires_at) if credentials.expires_at else None,
        "AccountId": credentials.account or None,
    }
    return json.dumps({key: value for key, value in content.items() if value is not None})


def _written(moment: datetime) -> str:
    """Write a moment as both CLIs do for a ``credential_process``, down to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
