"""What botocore raises when it makes the client for STS, which is before anything is sent."""

from collections.abc import Mapping

from rolecall.aws.config_file import Value
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import PredictedError

_VARIABLES = ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL")
_IGNORE = "ignore_configured_endpoint_urls"


def signing_fault(
    environ: Mapping[str, str], profiles: Profiles, settings: Mapping[str, Value], region: str | None
) -> PredictedError | None:
    """Return what making a client for signed calls of STS raises, or None where there can be one.

    Without a region STS's global endpoint is called, and signed for us-east-1. Where a configured URL takes
    its place no region goes with it, and ``NoRegionError`` comes; unsigned calls (web identity) need none.

    Args:
        environ: the variables.
        profiles: what the files say.
        settings: the chosen profile's: those of the profiles that it draws on do not count.
        region: the region that the tool uses.
    """
    if region is not None or not _has_endpoint(environ, profiles, settings):
        return None
    return PredictedError("NoRegionError", "You must specify a region.")


def _has_endpoint(environ: Mapping[str, str], profiles: Profiles, settings: Mapping[str, Value]) -> bool:
    """Whether a URL is configured for STS, in botocore's order; an empty one counts for nothing."""
    ignored = environ.get(f"AWS_{_IGNORE}".upper(), settings.get(_IGNORE))
    if isinstance(ignored, str) and ignored.lower() == "true":
        return False
    urls = (
        *(environ.get(name) for name in _VARIABLES),
        settings.get("endpoint_url"),
        _of_services(profiles, settings),
    )
    return any(isinstance(url, str) and url for url in urls)


def _of_services(profiles: Profiles, settings: Mapping[str, Value]) -> str | None:
    name = settings.get("services")
    headers = profiles.config.headers.services.get(name) if isinstance(name, str) else None
    block = profiles.config.sections[headers[-1]].get("sts") if headers else None
    return block.get("endpoint_url") if isinstance(block, Mapping) else None
