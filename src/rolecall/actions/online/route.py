"""What steers the way to a service: an endpoint, a proxy, a CA bundle, and who has set them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from rolecall.aws.config_file import Value
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.text import shown_value

_SWITCHES = (
    ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
    ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
    ("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints"),
    ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"),
)
"""What changes the endpoint without naming one: the variable, which wins, and the setting."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that is set, and where.

    Attributes:
        place: a variable's name, or a setting's with the file and the line.
        value: what it says, secrets and all.
    """

    place: str
    value: str


class Route:
    """What steers the way of one profile's calls to one service."""

    def __init__(self, snapshot: Snapshot, profile: str | None, service: str) -> None:
        """Make it.

        Args:
            snapshot: the world.
            profile: whose calls; None for those of a command that names none.
            service: ``sts`` or ``sso``.
        """
        self._snapshot = snapshot
        self._service = service
        chosen = profile if profile is not None else snapshot.default_session[Tool.BOTO3].profile
        self._report = snapshot.profiles.get(chosen) if chosen is not None else None

    def endpoint(self) -> Source | None:
        """Return what names an endpoint in place of AWS's own, be it one or not."""
        return next(self._endpoints(), None)

    def override(self, url: str) -> Source | None:
        """Return what has a URL called in place of AWS's own endpoint (``ConfiguredEndpointProvider``)."""
        wanted = url.rstrip("/")
        return next((each for each in self._endpoints() if _leads(each.value, wanted)), None)

    def proxy(self, url: str) -> Source | None:
        """Return the variable that has a URL called by way of a proxy; on some systems there need be none."""
        scheme = urlsplit(url).scheme
        return self._variable(f"{scheme}_proxy", f"{scheme}_proxy".upper())

    def bundle(self) -> Source | None:
        """Return what names the certificates that are trusted."""
        return (
            self._variable("AWS_CA_BUNDLE")
            or self._setting("ca_bundle")
            or self._variable("REQUESTS_CA_BUNDLE")
        )

    def switches(self) -> tuple[str, ...]:
        """Return what else changes the endpoint, a line each."""
        found = (self._variable(variable) or self._setting(setting) for variable, setting in _SWITCHES)
        return tuple(f"{each.place} = {each.value}" for each in found if each is not None)

    def _endpoints(self) -> Iterator[Source]:
        found = (
            self._variable(f"AWS_ENDPOINT_URL_{self._service.upper()}"),
            self._variable("AWS_ENDPOINT_URL"),
            self._of_services(),
            self._setting("endpoint_url"),
        )
        yield from (each for each in found if each is not None)

    def _variable(self, *names: str) -> Source | None:
        environ = self._snapshot.host.environ
        return next((Source(name, environ[name]) for name in names if environ.get(name)), None)

    def _setting(self, name: str) -> Source | None:
        value = self._values.get(name)
        if self._report is None or not isinstance(value, str) or not value:
            return None
        origin = self._report.settings[name].origin
        place = self._snapshot.host.display(origin.path)
        return Source(f"{name} ({place}:{origin.line})" if origin.line else f"{name} ({place})", value)

    def _of_services(self) -> Source | None:
        """What the profile's ``[services NAME]`` says of this service."""
        section = self._values.get("services")
        block = _block(self._snapshot.merged, section, self._service) if isinstance(section, str) else {}
        value = block.get("endpoint_url")
        return Source(f"endpoint_url in [services {section}]", value) if value else None

    @property
    def _values(self) -> Mapping[str, Value]:
        return self._report.values if self._report is not None else {}


def _block(merged: Profiles, section: str, service: str) -> Mapping[str, str]:
    headers = merged.config.headers.services.get(section, ())
    block = merged.config.sections[headers[-1]].get(service) if headers else None
    return block if isinstance(block, Mapping) else {}


def _leads(value: str, url: str) -> bool:
    return url.lower().startswith(value.strip().rstrip("/").lower())


def shown(source: Source) -> str:
    """Return a source as it may be shown; a password in a URL is masked."""
    return f"{source.place} = {shown_value('http_proxy', source.value)}"
