"""The file of certificates that AWS tools trust: ``ca_bundle``, and the variables for it."""

import errno
import os
import re
from collections.abc import Mapping
from pathlib import Path

from rolecall.aws.config_file import Value
from rolecall.aws.providers import Cause, PredictedError
from rolecall.host import MEBIBYTE, Host, read_limited

PLACES = ("AWS_CA_BUNDLE", "ca_bundle", "REQUESTS_CA_BUNDLE")
"""Where AWS tools look for the file that they trust; the first one counts, alone."""
OF_OTHERS = ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "GIT_SSL_CAINFO")
"""Variables of other programs for the same, which no AWS tool in Python reads."""
OF_PROXIES = ("proxies_config", "proxy_ca_bundle", "proxy_client_cert", "proxy_use_forwarding_for_https")
"""Settings that botocore takes from code only (``Config(proxies_config=…)``), never from a file."""
_LARGEST = 16 * MEBIBYTE
_CERTIFICATE = re.compile(rb"-----BEGIN (?:(?:TRUSTED |X509 )?CERTIFICATE|X509 CRL)-----")
"""What OpenSSL reads in a file of certificates (``load_verify_locations``)."""


def problem(host: Host, text: str) -> tuple[str, str] | None:
    """Return what is wrong with a file of certificates, and OpenSSL's words for it; None where it may do."""
    path = host.expand_user(text)
    try:
        os.stat(path)  # noqa: PTH116 - as text, for a slash at its end counts
        data = read_limited(Path(path), _LARGEST)
    except ValueError:
        return "is no possible path", "embedded null byte"
    except OSError as error:
        return _unreadable(Path(path), error)
    if _CERTIFICATE.search(data) is None:
        return "has no certificate in PEM form", "no certificate or crl found"
    return None


def _unreadable(path: Path, error: OSError) -> tuple[str, str] | None:
    if error.errno == errno.ENAMETOOLONG:
        return "is no possible path", _numbered(error.errno)
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises what is forbidden
        return "is a directory", _numbered(errno.EISDIR)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "does not exist", _numbered(error.errno)
    if error.errno == errno.EACCES:
        return "may not be read", _numbered(error.errno)
    return None  # not a regular file, or too large to look at


def _numbered(code: int) -> str:
    return f"[Errno {code}] {os.strerror(code)}"


def fault(
    host: Host, settings: Mapping[str, Value], region: str | None, known: dict[str, tuple[str, str] | None]
) -> PredictedError | None:
    """Return what each call over HTTPS raises, or None where the certificates may do.

    Args:
        host: the Host.
        settings: the settings of the profile that is used.
        region: its region, for the endpoint in the message.
        known: what is wrong with a file, by its path as it is set; filled here.
    """
    urls = (host.environ.get("AWS_ENDPOINT_URL"), settings.get("endpoint_url"))
    text, variable = chosen(host, settings)
    if text is None or not text.strip() or any(str(url).lower().startswith("http://") for url in urls):
        return None
    if text not in known:
        known[text] = problem(host, text)
    found = known[text]
    if found is None:
        return None
    where = f"https://sts.{region}.amazonaws.com/" if region else "https://sts.amazonaws.com/"
    message = f"SSL validation failed for {where} {found[1]}"
    cause = Cause.CERTIFICATES if variable is None else Cause.CERTIFICATES_VARIABLE
    return PredictedError("SSLError", message, cause, (variable or text,))


def chosen(host: Host, settings: Mapping[str, Value]) -> tuple[str | None, str | None]:
    """Return the path and the variable that gives it (``EndpointCreator._get_verify_value``).

    Files of a home that was copied may be elsewhere.
    """
    if "AWS_CA_BUNDLE" in host.environ:
        return host.environ["AWS_CA_BUNDLE"], "AWS_CA_BUNDLE"
    own = settings.get("ca_bundle")
    if own is not None:
        return (own if isinstance(own, str) and host.own_environ is None else None), None
    return host.environ.get("REQUESTS_CA_BUNDLE"), "REQUESTS_CA_BUNDLE"
