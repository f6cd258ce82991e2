"""Credentials that stand somewhere as they are: in variables, and in the two old files."""

import configparser
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rolecall.aws import config_file, paths, timestamps
from rolecall.aws.config_file import Value
from rolecall.aws.providers import PredictedError, PredictedErrorRaised, Provider
from rolecall.host import Host

END_VARIABLE = "AWS_CREDENTIAL_EXPIRATION"
"""The one note of an end that botocore minds."""
STILL_EXPIRED = "Credentials were refreshed, but the refreshed credentials are still expired."


def require(section: Mapping[str, Value], provider: str, key: str) -> Value:
    """Return a section's value; raise as botocore does where half a pair is missing."""
    if key not in section:
        raise _partial(provider, key)
    return section[key]


def _partial(provider: str, key: str) -> PredictedErrorRaised:
    return PredictedErrorRaised(
        "PartialCredentialsError", f"Partial credentials found in {provider}, missing: {key}"
    )


def environment_key(environ: Mapping[str, str]) -> str | None:
    """Return the access key id that EnvProvider finds, or None where it passes (unset or empty).

    Raises:
        Raised: half a pair, or an AWS_CREDENTIAL_EXPIRATION that is no time.
    """
    key = environ.get("AWS_ACCESS_KEY_ID")
    if not key:
        return None
    if not environ.get("AWS_SECRET_ACCESS_KEY"):
        raise _partial(Provider.ENV, "AWS_SECRET_ACCESS_KEY")
    end = environ.get(END_VARIABLE)
    if end:
        timestamps.parse(end)
    return key


def environment_fault(environ: Mapping[str, str], now: datetime) -> PredictedError | None:
    """Return what botocore raises when it hands out keys from the environment, if it does.

    Within 15 minutes of AWS_CREDENTIAL_EXPIRATION it "refreshes" from the same variables, and finds them as
    old as before: that is an error once they are past.
    """
    end = environ.get(END_VARIABLE)
    if not end:
        return None
    try:
        moment = timestamps.instant(end)
    except PredictedErrorRaised as raised:
        return raised.fault
    return PredictedError("RuntimeError", STILL_EXPIRED) if moment <= now else None


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """The two old files that botocore asks after the profile; looked up once for all profiles."""

    ec2_credentials_file: Callable[[], str | None]
    boto_config: Callable[[], str | None]


def fallbacks(host: Host) -> Fallbacks:
    """Read the two files; what they raise is raised for each profile that gets as far."""
    return Fallbacks(
        ec2_credentials_file=_once(lambda: _ec2_credentials_file(host)),
        boto_config=_once(lambda: _boto_config(host)),
    )


def _once(lookup: Callable[[], str | None]) -> Callable[[], str | None]:
    outcome: list[str | PredictedError | None] = []

    def again() -> str | None:
        if not outcome:
            try:
                outcome.append(lookup())
            except PredictedErrorRaised as raised:
                outcome.append(raised.fault)
        known = outcome[0]
        if isinstance(known, PredictedError):
            raise PredictedErrorRaised(known.error, known.message)
        return known

    return again


def _ec2_credentials_file(host: Host) -> str | None:
    """OriginalEC2Provider: AWS_CREDENTIAL_FILE names a file of ``key = value`` lines."""
    name = host.environ.get("AWS_CREDENTIAL_FILE")
    if name is None:
        return None
    path = host.expand_user(name)
    not_found = PredictedErrorRaised(
        "ConfigNotFound", f"The specified config file ({path}) could not be found."
    )
    if not path or path.endswith("/") or paths.look(Path(path)).presence is not paths.Presence.FILE:
        raise not_found
    try:
        text = paths.read(Path(path)).decode(host.encoding)
    except OSError:
        raise not_found from None
    except UnicodeDecodeError as error:
        raise PredictedErrorRaised("UnicodeDecodeError", str(error)) from None
    pairs = {
        key.strip(): value.strip()
        for key, by, value in (line.partition("=") for line in _universal(text).splitlines())
        if by
    }
    if "AWSAccessKeyId" not in pairs:
        return None
    if "AWSSecretKey" not in pairs:
        raise PredictedErrorRaised("KeyError", "'AWSSecretKey'")
    return pairs["AWSAccessKeyId"]


def _universal(text: str) -> str:
    return io.StringIO(text, newline=None).read()


def _sections(host: Host, name: str) -> Mapping[str, Mapping[str, Value]]:
    """Return what botocore reads in a file; nothing where it is none, or cannot be read.

    Raises:
        Raised: it does not parse.
    """
    path = Path(name)
    if name.endswith("/") or paths.look(path).presence is not paths.Presence.FILE:
        return {}
    try:
        return config_file.parse(paths.read(path), host.encoding)
    except OSError:
        return {}
    except (configparser.Error, ValueError):
        raise PredictedErrorRaised("ConfigParseError", f"Unable to parse config file: {name}") from None


def _boto_config(host: Host) -> str | None:
    """BotoProvider: BOTO_CONFIG, else /etc/boto.cfg and ~/.boto."""
    chosen = host.environ.get("BOTO_CONFIG")
    names = (
        [str(host.root / "etc" / "boto.cfg"), host.expand("~/.boto")]
        if chosen is None
        else [host.expand(chosen)]
    )
    for name in names:
        section = _sections(host, name).get("Credentials", {})
        if "aws_access_key_id" in section:
            require(section, Provider.BOTO, "aws_secret_access_key")
            return str(section["aws_access_key_id"])
    return None
