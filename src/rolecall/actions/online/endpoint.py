"""The way to a service: endpoint, proxy and CA bundle, where they are set, and whether it can be reached."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from urllib.parse import urlsplit

from rolecall.actions import worker_client
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.aws.config_file import Value
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.steps import Step, StepStatus
from rolecall.text import mask, shown_value
from rolecall.values import dataclass

_SWITCHES = (
    ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
    ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
    ("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints"),
    ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"),
)
"""What changes the endpoint without naming one: the variable, which wins, and the setting."""


@dataclass(frozen=True, slots=True)
class Source:
    """A value, and where it is set.

    Attributes:
        place: a variable's name, or a setting's with the file and the line.
        value: what it says, secrets and all.
    """

    place: str
    value: str


class Route:
    """The settings and variables that decide where one profile's calls to one service go."""

    def __init__(self, snapshot: Snapshot, profile: str | None, service: str) -> None:
        """Make it.

        Args:
            snapshot: the Snapshot.
            profile: the profile that calls; None for a command that names none.
            service: ``sts`` or ``sso``.
        """
        self._snapshot = snapshot
        self._service = service
        chosen = profile if profile is not None else snapshot.default_session[Tool.BOTO3].profile
        self._report = snapshot.profiles.get(chosen) if chosen is not None else None

    def endpoint(self) -> Source | None:
        """Return the setting or variable that names another endpoint than AWS's own, even if it is no URL."""
        return next(self._endpoints(), None)

    def override(self, url: str) -> Source | None:
        """Return what names this URL as the endpoint (``ConfiguredEndpointProvider``)."""
        wanted = url.rstrip("/")
        return next((each for each in self._endpoints() if _leads(each.value, wanted)), None)

    def proxy(self, url: str) -> Source | None:
        """Return the variable that sets a proxy for a URL; some systems set one without a variable."""
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


TITLES = {"sts": "STS endpoint", "sso": "SSO endpoint"}
_AMAZON = re.compile(r"\.(?:amazon|amazonaws|aws|awsapps)(?:\.[a-z]{2,3}){1,2}$|\.aws(?:\.[a-z]+)?$")
_FAILING, _PROXY_WANTS_LOGIN, _FINE = 500, 407, 200


@dataclass(frozen=True, slots=True)
class ReachResult:
    """The result of one unsigned request.

    Attributes:
        url: where it went; None where that cannot even be said.
        region: of the service, as botocore has it.
        proxy: the proxy that it went by, without a password.
        bundle: the file of the certificates that are trusted; None for the usual ones.
        status: of the answer; None where there was none.
        headers: of the answer, those that tell something, their names in lower case.
        sent: this machine's clock when it went out, in seconds since 1970.
        received: the same, when the answer was there.
        error: botocore's exception class, where there was no answer; ``Timeout`` where not even that came.
        cause: what the system said of it.
        nearest: a region that botocore knows, where it does not know this one.
    """

    url: str | None = None
    region: str | None = None
    proxy: str | None = None
    bundle: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: float = 0.0
    received: float = 0.0
    error: str | None = None
    cause: str | None = None
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class EndpointTarget:
    """What is to be reached.

    Attributes:
        snapshot: the Snapshot.
        profile: the profile that calls; None for a command that names none.
        service: ``sts`` or ``sso``.
        region: of the service; None for the profile's.
    """

    snapshot: Snapshot
    profile: str | None
    service: str
    region: str | None = None


def reach(aim: EndpointTarget, prompts: Prompts, cancel: Cancel, patience: float) -> ReachResult:
    """Send one unsigned request.

    Raises:
        Cancelled: the user cancelled.
    """
    arguments = {"service": aim.service, "profile": aim.profile, "region": aim.region}
    try:
        answer = worker_client.run_task(
            aim.snapshot.host, "reach", arguments, prompts, cancel, patience=patience
        )
    except ActionFailed as failed:
        return ReachResult(error=failed.kind, cause=failed.message)
    return ReachResult(**answer)  # type: ignore[arg-type]  # the worker has the same names


def endpoint_step(aim: EndpointTarget, found: ReachResult, patience: float) -> Step:
    """Say whether the service can be reached, and how."""
    route = Route(aim.snapshot, aim.profile, aim.service)
    title = TITLES[aim.service]
    if found.url is None:
        verdict, words = _unsaid(found, route, patience)
        return Step(title, verdict, mask(words))
    verdict, words = _answered(found, route) if found.error is None else _unreached(found, route, patience)
    return Step(title, verdict, mask(words), tuple(map(mask, _way(found, route))))


def _unsaid(found: ReachResult, route: Route, patience: float) -> tuple[StepStatus, str]:
    """What is said where the request has not even begun."""
    if found.error == "Timeout":
        return StepStatus.CULPRIT, found.cause or f"no answer within {patience:g} s"
    if found.error == "ValueError":
        wanted = route.endpoint()
        return StepStatus.CULPRIT, f"the endpoint is no URL: {shown(wanted) if wanted else found.cause}"
    return StepStatus.UNKNOWN, f"it cannot be tried: {found.cause or found.error}".rstrip(".")


def _answered(found: ReachResult, route: Route) -> tuple[StepStatus, str]:
    assert found.url is not None  # noqa: S101 - for the type checker: there was an answer
    answers = f"{found.url} answers ({max(found.received - found.sent, 0) * 1000:.0f} ms)"
    status = found.status or 0
    if status == _PROXY_WANTS_LOGIN:
        return StepStatus.CULPRIT, f"{found.url}: the proxy wants a name and a password (HTTP {status})"
    if status >= _FAILING:
        return StepStatus.SUSPECT, f"{answers}, but fails: HTTP {status}"
    override = route.override(found.url)
    if override is not None:
        return StepStatus.NOTE, f"{answers}; it need not be AWS: {override.place} leads there"
    if _is_page(found):
        return StepStatus.SUSPECT, f"{answers} with a page for people: is there a login to this network?"
    elsewhere = _elsewhere(found)
    if elsewhere is not None:
        return StepStatus.SUSPECT, f"{answers} and sends on to {elsewhere}: is there a login to this network?"
    return StepStatus.FINE, answers


def _is_page(found: ReachResult) -> bool:
    """Whether a page has come from something that does not speak as AWS does."""
    is_html = found.headers.get("content-type", "").startswith("text/html")
    return found.status == _FINE and is_html and "x-amzn-requestid" not in found.headers


def _elsewhere(found: ReachResult) -> str | None:
    """Return the host that an answer redirects to, unless it is Amazon's: STS redirects to its own page."""
    try:
        host = urlsplit(found.headers.get("location", "")).hostname
    except ValueError:
        return "no address"
    if host is None or found.status not in range(300, 400):
        return None
    return None if _AMAZON.search(f".{host}") else host


def _unreached(found: ReachResult, route: Route, patience: float) -> tuple[StepStatus, str]:
    why = f": {found.cause}" if found.cause else ""
    match found.error:
        case "ProxyConnectionError":
            proxy = route.proxy(found.url or "")
            named = f" ({proxy.place})" if proxy is not None else ""
            return StepStatus.CULPRIT, f"the proxy {found.proxy}{named} cannot be reached{why}"
        case "SSLError":
            return StepStatus.CULPRIT, _untrusted(found, route)
        case "ConnectTimeoutError" | "ReadTimeoutError" | "Timeout":
            return StepStatus.CULPRIT, f"{found.url} does not answer within {patience:g} s"
        case _:
            is_misspelt = found.nearest is not None and route.override(found.url or "") is None
            region = f"; there is no region {found.region}, but {found.nearest}" if is_misspelt else ""
            return StepStatus.CULPRIT, f"{found.url} cannot be reached{why}{region}"


def _untrusted(found: ReachResult, route: Route) -> str:
    bundle = route.bundle()
    if found.bundle is not None and not Path(found.bundle).exists():
        named = f" ({bundle.place})" if bundle is not None else ""
        return f"the CA bundle {found.bundle}{named} is not there"
    trusted = f" by the CA bundle {found.bundle}" if found.bundle is not None else ""
    return f"the certificate of {found.url} is not trusted{trusted}: {found.cause or 'it is no TLS'}"


def _way(found: ReachResult, route: Route) -> list[str]:
    """Return the evidence, a line each: the answer, and every setting that decided where the request went."""
    assert found.url is not None  # noqa: S101 - for the type checker: it is known where it went
    override, proxy, bundle = route.override(found.url), route.proxy(found.url), route.bundle()
    lines = [f"GET {found.url}" + (f": HTTP {found.status}" if found.status else f": {found.error}")]
    lines += [
        f"{name}: {found.headers[name]}" for name in ("server", "via", "location") if name in found.headers
    ]
    lines.append(f"region {found.region}")
    lines += [f"endpoint: {shown(override)}"] if override is not None else []
    lines += route.switches()
    if found.proxy is not None:
        lines.append(f"proxy: {shown(proxy) if proxy is not None else found.proxy}")
    elif proxy is not None:
        lines.append(f"no proxy: {proxy.place} is set, but NO_PROXY leaves this host out")
    if found.bundle is not None:
        lines.append(f"CA bundle: {shown(bundle) if bundle is not None else found.bundle}")
    return lines
