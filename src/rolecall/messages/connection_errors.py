"""What it means that nothing answers, or something that is not AWS: network, proxy, certificate."""

import re
from collections.abc import Callable, Mapping

from rolecall.aws import certificates
from rolecall.aws.identifiers import is_region, is_zone, likely_regions
from rolecall.aws.settings import regions
from rolecall.messages.error_case import Case, Explanation

_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_ENDPOINTS = ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL")
_HOST = re.compile(
    r"https?://[\w.-]{1,200}?\.(?P<region>[\w-]{2,60})\.(?:amazonaws\.com|api\.aws)\b", re.IGNORECASE
)
_ASKED = re.compile(
    r"https?://(?:[\w-]+\.){1,4}?(?P<region>[a-z]{2}(?:-[a-z]+)+-?\d+[a-z]?(?:-[a-z\d-]{1,30})?)\.amazonaws\.com\b"
)
"""The region in the address of a service, as messages about the network have it."""


def _no_network(case: Case) -> Explanation:
    """Nothing answered: the cure names what may send the call to the wrong place."""
    asked = _HOST.search(case.message)
    named = asked["region"] if asked is not None else ""
    meant = "" if is_region(named) else " or ".join(likely_regions(named, regions()))
    if meant:
        what = "is a zone, and no zone has an endpoint" if is_zone(named) else "is no region"
        words = f"{named} {what}: {case.words}"
        return Explanation(
            words, f"write {meant} where the call gets its region: a variable, --region, the code"
        )
    return Explanation(f"AWS does not answer: {case.words}", _way(case))


def _way(case: Case) -> str:
    endpoint, proxy = case.variable(*_ENDPOINTS), case.variable(*_PROXIES)
    if endpoint is not None:
        return f"check that {endpoint} names an address that answers"
    if case.report is not None and "endpoint_url" in case.report.values:
        return "check that the profile's endpoint_url names an address that answers"
    if proxy is not None:
        return f"check the network, and the proxy that {proxy} names"
    asked = _ASKED.search(case.message)
    region = asked["region"] if asked else case.report.region if case.report is not None else None
    is_known = region is None or region in regions()
    return "check the network" if is_known else f"check the network, and whether {region} is a region"


def not_aws(case: Case) -> Explanation:
    """An answer that AWS does not give: from a hotel's login page, or from a wrong endpoint."""
    if (case.operation or "").startswith("Head"):
        return _headless(case)
    return Explanation(f"what answers does not seem to be AWS ({case.words})", _way(case))


def _headless(case: Case) -> Explanation:
    """The answer to a HEAD request has a status and no words."""
    match case.kind:
        case "400":
            cure = "try another call, such as a listing: its error says what it is"
            return Explanation(
                f"AWS does not say what is wrong; most often the token of {case.origin} has expired", cure
            )
        case "403":
            return Explanation(f"AWS refuses, and does not say why: {case.words}", "ask who may grant it")
        case _:
            return Explanation(
                f"AWS says {case.kind}: {case.words}", "check that what the call asks for exists"
            )


def _proxy(case: Case) -> Explanation:
    name = case.variable(*_PROXIES) or "the system's settings"
    return Explanation(f"the proxy does not answer: {case.words}", f"check {name}")


def _certificate(case: Case) -> Explanation:
    """Which of the files with certificates counts, and which others are only set."""
    host, values = case.snapshot.host, case.report.values if case.report is not None else {}
    path, variable = certificates.chosen(host, values)
    proxy = case.variable(*_PROXIES)
    through = f" ({proxy})" if proxy is not None else ""
    of_profile = f"ca_bundle of {case.report.name}" if case.report is not None else ""
    set_here = {name: host.environ.get(name) for name in (*certificates.PLACES, *certificates.OF_OTHERS)}
    set_here["ca_bundle"] = str(values.get("ca_bundle", ""))
    set_here |= {name: "set" for name in certificates.OF_PROXIES if name in values}
    counts = variable or "ca_bundle"
    unread = [name for name, text in set_here.items() if text and not (path and name == counts)]
    verb = "is" if len(unread) == 1 else "are"
    message = f"the server's certificate is not trusted: {case.words}"
    if path:
        name = variable or of_profile
        beside = f"; {' and '.join(unread)} {verb} not read beside it" if unread else ""
        cure = (
            f"check that {name} holds the right certificates: add that of the proxy{through} or server to "
            f"{host.display(host.expand_user(path))}, which is all that AWS tools trust{beside}"
        )
        return Explanation(message, cure)
    beside = f"; no AWS tool reads {' and '.join(unread)} for this" if unread else ""
    cure = f"behind a proxy{through} that intercepts TLS, set AWS_CA_BUNDLE to its certificate{beside}"
    return Explanation(message, cure)


def _timeout(case: Case) -> Explanation:
    return Explanation(case.words, _way(case))


TABLE: Mapping[str, Callable[[Case], Explanation]] = {
    "EndpointConnectionError": _no_network,
    "ConnectionError": _no_network,
    "ConnectTimeoutError": _no_network,
    "ReadTimeoutError": _no_network,
    "ConnectionClosedError": _no_network,
    "HTTPClientError": _no_network,
    "ProxyConnectionError": _proxy,
    "InvalidProxiesConfigError": _proxy,
    "SSLError": _certificate,
    "ResponseParserError": not_aws,
    "Timeout": _timeout,
}
"""What each error means, by its name."""
