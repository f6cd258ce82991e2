"""What stands between AWS tools and AWS: the certificates that they trust, and proxies."""

import re
from collections.abc import Iterator
from pathlib import Path

from rolecall.aws import certificates
from rolecall.aws.other_homes import file_meant, in_windows
from rolecall.aws.providers import Cause, Provider, Tool
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, join_words, listed
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.rules.build import (
    edit_fix,
    set_variable,
    variable,
    variable_lines,
    variable_value,
)
from rolecall.host import Host
from rolecall.text import mask


def _calls_by_https(context: RuleContext) -> bool:
    return not variable_value(context, "AWS_ENDPOINT_URL").lower().startswith("http://")


@rule(
    "env-ca-bundle",
    Severity.ERROR,
    "A variable with a file of certificates that cannot be used",
    cause="The variable names a file that was moved or is on another machine, has a $VARIABLE in it, or "
    "names something else than certificates in PEM form.",
    consequence="every call over HTTPS fails with SSLError",
    cure="Correct the path, or unset the variable.",
    explains=[Cause.CERTIFICATES_VARIABLE],
)
def environment_bundle(context: RuleContext) -> Iterator[Occurrence]:
    """Botocore expands ``~`` in the path, but no variables."""
    host = context.snapshot.host
    name = next((each for each in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE") if each in host.environ), None)
    text = variable_value(context, name) if name else ""
    problem = certificates.problem(host, text) if text.strip() and _calls_by_https(context) else None
    uses = context.snapshot.default_session[Tool.BOTO3].profile
    own = context.snapshot.merged.by_name.get(uses or "default", {})
    if name == "REQUESTS_CA_BUNDLE" and "ca_bundle" in own:
        return  # the setting comes first
    if name is not None and problem is not None:
        meant = file_meant(host, text)
        yield Occurrence(
            variable(name),
            f"{name} names {host.display(host.expand_user(text))}, which {problem[0]}{_windows(host, text)}",
            set_variable(context, f"write {host.display(meant)}, which exists", name, str(meant))
            if meant is not None and certificates.problem(host, str(meant)) is None
            else fixes.unset(host, name),
            evidence=(*variable_lines(context, name), f"AWS tools say SSLError: … {problem[1]}"),
        )


@rule(
    "proxy-setting-unread",
    Severity.WARNING,
    "A setting for proxies that AWS tools take from code only",
    cause="proxies_config, proxy_ca_bundle, proxy_client_cert and proxy_use_forwarding_for_https are of "
    "botocore's Config, for programs; in a file no tool reads them.",
    consequence="proxies are used without it, and a certificate of a proxy is not trusted because of it",
    cure="Put the proxy's certificate, with the usual ones, into the file of ca_bundle or AWS_CA_BUNDLE.",
)
def proxy_setting(context: RuleContext) -> Iterator[Occurrence]:
    """Find them in any profile: each line once."""
    for report in context.snapshot.profiles.values():
        names = [name for name in certificates.OF_PROXIES if name in report.values]
        if not names:
            continue
        quoted = Quoted(context.snapshot, report.name)
        is_of_trust = any("ca_bundle" in str(report.values[name]) or "ca_bundle" in name for name in names)
        more = ": name it in ca_bundle, with the usual ones" if is_of_trust else ""
        yield Occurrence(
            Subject(SubjectKind.PROFILE, report.name),
            f"{report.name} sets {join_words(names)}, which no tool reads from a file",
            edit_fix(quoted, f"remove {join_words(names)}{more}", names[0]),
            quoted.place(names[0]),
            tuple(line for name in names for line in quoted.lines(name)),
            profiles=(report.name,),
        )


@rule(
    "bad-ca-bundle",
    Severity.ERROR,
    "A ca_bundle that cannot be used",
    cause="ca_bundle names a file that does not exist, is a directory, may not be read, or has no "
    "certificate in PEM form. AWS tools expand `~` in it, but no variables, and look for a relative path in "
    "the current directory.",
    consequence="every call over HTTPS with these profiles fails with SSLError",
    cure="Correct the path, or remove the setting.",
    explains=[Cause.CERTIFICATES],
)
def bundle(context: RuleContext) -> Iterator[Occurrence]:
    """Only AWS_CA_BUNDLE overrides the setting; files of a home that was copied may be elsewhere."""
    host = context.snapshot.host
    if "AWS_CA_BUNDLE" in host.environ or host.own_environ is not None or not _calls_by_https(context):
        return
    users: dict[str, list[str]] = {}
    for name, values in context.snapshot.merged.by_name.items():
        text = values.get("ca_bundle")
        is_local = str(values.get("endpoint_url", "")).lower().startswith("http://")
        if isinstance(text, str) and text.strip() and not is_local:
            users.setdefault(text, []).append(name)
    for text, names in users.items():
        problem = certificates.problem(host, text)
        if problem is not None:
            quotes = [Quoted(context.snapshot, name) for name in names[:_MANY]]
            is_relative = not Path(host.expand_user(text)).is_absolute()
            where = f" from {host.display(Path.cwd())}" if is_relative else ""
            fix = edit_fix(quotes[0], "correct the path of ca_bundle, or remove it", "ca_bundle")
            meant = file_meant(host, text)
            is_usable = meant is not None and certificates.problem(host, str(meant)) is None
            if is_usable and len(names) == 1 and "ca_bundle" in quotes[0].settings:
                words = f"write {host.display(str(meant))}, which exists"
                fix = fixes.change(words, names[0], {"ca_bundle": str(meant)}, quotes[0].role("ca_bundle"))
            yield Occurrence(
                Subject(SubjectKind.PROFILE, names[0]),
                f"{listed(names)} {'names' if len(names) == 1 else 'name'} the ca_bundle {mask(text)}, "
                f"which {problem[0]}{_windows(host, text) or where}",
                fix,
                quotes[0].place("ca_bundle"),
                (
                    *(line for each in quotes for line in each.lines("ca_bundle")),
                    f"AWS tools say SSLError: … {problem[1]}",
                ),
                profiles=tuple(names),
            )


def _windows(host: Host, text: str) -> str:
    found = in_windows(host, text)
    return f": it is {mask(found)}" if found is not None else ""


_MANY = 5
_PROXY = re.compile(r"(?P<scheme>https?):(?P<slashes>//)?(?P<rest>.*)", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z\d+.-]*://")
_PLACE = re.compile(r"(?P<host>\[[\dA-Fa-f:.]+\]|[^\s:\"'<>\[\]]+)(?::(?P<port>\d*))?")
_HIGHEST = 65_535


def _proxy_problem(url: str) -> str | None:
    """Return what is wrong with a proxy's URL, or None where botocore can connect to it.

    botocore adds ``http://`` to whatever does not begin with ``http:`` or ``https:``
    (``ProxyConfiguration._fix_proxy_url``), and urllib3 then parses it.
    """
    found = _PROXY.match(url)
    if found is None:
        other = _SCHEME.match(url.strip(" \"'"))
        if other is not None and url[:1] not in " \"'":
            is_case = other[0].lower() in ("http://", "https://")
            return f"begins with {other[0]}" + ("" if is_case else ", a kind of proxy that AWS tools lack")
        rest = url.removeprefix("//")
    elif not found["slashes"]:
        return f"has no // after {found['scheme']}:"
    else:
        rest = found["rest"]
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    if "@" not in authority and "@" in rest:
        return "has #, / or ? in its password, where %23, %2F or %3F belongs"
    user, _, place = authority.rpartition("@")
    if not user.isascii():
        return "has a user or password with a character that is not ASCII"
    return _place_problem(place)


def _place_problem(place: str) -> str | None:
    if not place:
        return "names no host"
    if any(sign.isspace() for sign in place):
        return "has a blank or a line end in it"
    if set(place) & set("\"'"):
        return "has quotes in it"
    found = _PLACE.fullmatch(place)
    if found is None or int(found["port"] or 0) > _HIGHEST:
        return "has a port that is no number from 1 to 65535"
    return None


def _effective(context: RuleContext, name: str) -> tuple[str, str]:
    """Return the variable for a proxy that Python uses, and its value: the lower-case one, even if empty."""
    environ = context.snapshot.host.environ
    low = name.lower()
    if low in environ and context.snapshot.host.platform != "win32":
        return low, environ[low]
    return name, environ.get(name, "")


@rule(
    "env-bad-proxy",
    Severity.ERROR,
    "A proxy that AWS tools cannot use",
    cause="The variable is no URL of a proxy: a blank, quotes or a line end in it, a port that is no number, "
    "a password with # or / in it, or a kind of proxy (SOCKS) that AWS tools lack.",
    consequence="every call over HTTPS fails before it reaches the proxy",
    cure="Write http://HOST:PORT, with special characters of a password percent-encoded; or unset it.",
)
def bad_proxy(context: RuleContext) -> Iterator[Occurrence]:
    """Find proxies for HTTPS that fail for certain; whether one answers is not known offline."""
    name, url = _effective(context, "HTTPS_PROXY")
    skips_all = _effective(context, "NO_PROXY")[1].strip() == "*"
    problem = _proxy_problem(url) if url and not skips_all and _calls_by_https(context) else None
    if problem is not None:
        yield Occurrence(
            variable(name),
            f"{name} {problem}",
            fixes.manual(f"correct {name}, or unset it if no proxy is needed"),
            evidence=variable_lines(context, name),
        )


_METADATA = "169.254.169.254"


@rule(
    "env-proxy-metadata",
    Severity.WARNING,
    "A proxy between this machine and its own metadata",
    cause="HTTP_PROXY is set, and NO_PROXY does not leave out 169.254.169.254. AWS tools read names and "
    "addresses in NO_PROXY, but no networks such as 169.254.0.0/16.",
    consequence="the proxy is asked for this machine's credentials: it refuses, or answers with its own",
    cure="Add 169.254.169.254 to NO_PROXY.",
)
def proxied_metadata(context: RuleContext) -> Iterator[Occurrence]:
    """Told only where a profile asks instance metadata; a container's endpoint is asked without a proxy."""
    name, url = _effective(context, "HTTP_PROXY")
    users = tuple(
        each
        for each, report in context.snapshot.profiles.items()
        if url and report.chain[-1].provider == Provider.IAM_ROLE and report.resolution.error is None
    )
    bypass, listed_hosts = _effective(context, "NO_PROXY")
    if not users or _is_left_out(_METADATA, listed_hosts):
        return
    right = f"{listed_hosts},{_METADATA}" if listed_hosts.strip() else _METADATA
    yield Occurrence(
        variable(name),
        f"{listed(users)} {'asks' if len(users) == 1 else 'ask'} instance metadata through {name}: "
        f"{bypass} does not leave out {_METADATA}",
        set_variable(context, f"add {_METADATA} to {bypass}", bypass, right),
        evidence=variable_lines(context, name, bypass),
        profiles=users,
    )


def _is_left_out(host: str, hosts: str) -> bool:
    """Whether NO_PROXY leaves out a host (``urllib.request.proxy_bypass_environment``)."""
    every = [each.strip().lstrip(".").lower() for each in hosts.split(",")]
    return hosts.strip() == "*" or any(each and (host == each or host.endswith(f".{each}")) for each in every)
