"""Certificates and proxies: what rolecall refuses offline, botocore refuses at a server on loopback."""

import os
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest import mock

import botocore.session
import pytest
from botocore.config import Config
from botocore.httpsession import where

from rolecall.aws.expiry import State
from rolecall.aws.providers import Cause
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text import attribute, parse
from rolecall.doctor.explain import why
from rolecall.doctor.finding import Finding
from rolecall.doctor.registry import CHAPTERS, examine
from rolecall.host import Host
from tests.homes import make_home

KEYS = """[default]
region = eu-west-1
aws_access_key_id = AKIAQQQQQQQQQQQQ3KEY
aws_secret_access_key = planted
"""
ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=5)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Return the port of a server that takes connections and closes them: neither TLS nor a proxy."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def botocore_says(host: Host, url: str) -> str:
    with mock.patch.dict(os.environ, host.environ, clear=True):
        client = botocore.session.Session().create_client("sts", endpoint_url=url, config=ONCE)
        try:
            client.get_caller_identity()
        except Exception as error:  # noqa: BLE001 - whatever it is, its words are wanted
            return f"{type(error).__name__}: {error}"
    raise AssertionError("nobody answers, and yet there is an answer")


def told(host: Host, *codes: str) -> list[Finding]:
    """Return the findings of these codes, also where they are told with their cause."""
    found = examine(Snapshot.take(host), rules=CHAPTERS["Environment"]).all
    every = [each for finding in found for each in (finding, *finding.folded)]
    return [each for each in every if each.code in codes]


def bundles() -> Mapping[str, str | bytes]:
    good = Path(where()).read_text()
    return {
        "good.pem": good,
        "crlf.pem": good.replace("\n", "\r\n"),
        "trusted.pem": good.replace("BEGIN CERTIFICATE", "BEGIN X509 CERTIFICATE", 1).replace(
            "END CERTIFICATE", "END X509 CERTIFICATE", 1
        ),
        "empty": "",
        "text": "hello\n",
        "key.pem": "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n",
        "binary": b"\x30\x82\x01\x00",
        "folder/": "",
    }


BAD_BUNDLES = (
    *("/nowhere/ca.pem", "~/gone.pem", "$HOME/good.pem", "{HOME}/folder", "{HOME}/good.pem/", "gone.pem"),
    *("{HOME}/empty", "{HOME}/text", "{HOME}/binary", '"{HOME}/good.pem"', "false"),
)
GOOD_BUNDLES = ("~/good.pem", "{HOME}/good.pem", "{HOME}/crlf.pem", "{HOME}/trusted.pem")
_REFUSED = ("[Errno ", "[X509")


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", None])
@pytest.mark.parametrize("path", BAD_BUNDLES + GOOD_BUNDLES)
def test_certificates_that_are_refused_are_told_and_no_others(
    tmp_path: Path, port: int, variable: str | None, path: str
) -> None:
    # GIVEN
    is_bad = path in BAD_BUNDLES
    config = KEYS if variable is not None else f"{KEYS}ca_bundle = {path}\n"
    environ = {variable: path} if variable is not None else {}
    host = make_home(tmp_path, config=config, files=bundles(), environ=environ)
    # WHEN
    found = told(host, "env-ca-bundle", "bad-ca-bundle")
    # THEN
    said = botocore_says(host, f"https://127.0.0.1:{port}")
    assert said.startswith("SSLError")
    assert any(words in said for words in _REFUSED) is is_bad
    assert bool(found) is is_bad
    for each in found:
        assert each.evidence[-1].removeprefix("AWS tools say SSLError: … ") in said
        assert each.subject.name == (variable or "default")


@pytest.mark.parametrize(
    ("config", "environ"),
    [
        (f"{KEYS}ca_bundle = /nowhere\n", {"AWS_CA_BUNDLE": "~/good.pem"}),
        (f"{KEYS}ca_bundle = ~/good.pem\n", {"REQUESTS_CA_BUNDLE": "/nowhere"}),
        (f"{KEYS}ca_bundle = /nowhere\nendpoint_url = http://localhost:4566\n", {}),
        (KEYS, {"AWS_CA_BUNDLE": "/nowhere", "AWS_ENDPOINT_URL": "http://localhost:4566"}),
        (KEYS, {"SSL_CERT_FILE": "/nowhere"}),
    ],
)
def test_certificates_that_nothing_uses_are_not_told(
    tmp_path: Path, config: str, environ: dict[str, str]
) -> None:
    host = make_home(tmp_path, config=config, files=bundles(), environ=environ)
    assert told(host, "env-ca-bundle", "bad-ca-bundle") == []


def test_profiles_with_one_bundle_are_told_once(tmp_path: Path) -> None:
    config = "".join(f"[profile p{n}]\nregion = eu-west-1\nca_bundle = /nowhere\n" for n in range(30))
    [found] = told(make_home(tmp_path, config=config), "bad-ca-bundle")
    assert len(found.profiles) == 30


BAD_PROXIES = (
    *(
        "http:/127.0.0.1:{port}",
        "http:127.0.0.1:{port}",
        "socks5://127.0.0.1:{port}",
        "HTTP://127.0.0.1:{port}",
    ),
    *("http://127.0.0.1:port", "http://127.0.0.1:99999", "http://", " http://127.0.0.1:{port}"),
    *("http://127.0.0.1:{port} ", "http://127.0.0.1:{port}\n", '"http://127.0.0.1:{port}"'),
    *("http://user:p#ss@127.0.0.1:{port}", "http://user:p/ss@127.0.0.1:{port}", "http://pr oxy:80"),
    *("http://user:p\u00e9@127.0.0.1:{port}", "http://127.0.0.1 :{port}", "http://[::1:80"),
)
GOOD_PROXIES = (
    *("http://127.0.0.1:{port}", "127.0.0.1:{port}", "//127.0.0.1:{port}", "http://127.0.0.1:{port}/"),
    *(
        "http://user:p%23ss@127.0.0.1:{port}",
        "http://user:p@ss@127.0.0.1:{port}",
        "http://us er@127.0.0.1:{port}",
    ),
)


@pytest.mark.parametrize("url", BAD_PROXIES + GOOD_PROXIES)
@pytest.mark.long
def test_proxies_that_are_refused_are_told_and_no_others(tmp_path: Path, port: int, url: str) -> None:
    # GIVEN
    is_bad = url in BAD_PROXIES
    host = make_home(tmp_path, config=KEYS, environ={"HTTPS_PROXY": url.replace("{port}", str(port))})
    # WHEN
    found = told(host, "env-bad-proxy")
    # THEN
    said = botocore_says(host, "https://sts.invalid")
    assert said.startswith(("HTTPClientError", "ProxyConnectionError")) is is_bad, said
    assert [each.subject.name for each in found] == (["HTTPS_PROXY"] if is_bad else [])


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTPS_PROXY": "", "https_proxy": "http://proxy:80"},
        {"HTTPS_PROXY": "http://", "https_proxy": ""},
        {"HTTPS_PROXY": "http://", "NO_PROXY": "*"},
        {"HTTPS_PROXY": "http://", "AWS_ENDPOINT_URL": "http://localhost:4566"},
        {"ALL_PROXY": "socks5://localhost:1080"},
        {"HTTP_PROXY": "http://"},
    ],
)
def test_proxies_that_no_call_over_https_uses_are_not_told(tmp_path: Path, environ: dict[str, str]) -> None:
    assert told(make_home(tmp_path, config=KEYS, environ=environ), "env-bad-proxy") == []


ROLE = "role_arn = arn:aws:iam::210987654321:role/Deploy\n"
ON_EC2 = f"[profile r]\nregion = eu-west-1\n{ROLE}credential_source = Ec2InstanceMetadata\n"


@pytest.mark.parametrize(
    ("config", "environ", "is_told"),
    [
        (ON_EC2, {"HTTP_PROXY": "http://proxy:80"}, True),
        (ON_EC2, {"http_proxy": "http://proxy:80", "NO_PROXY": "169.254.0.0/16"}, True),
        (ON_EC2, {"HTTP_PROXY": "http://proxy:80", "NO_PROXY": "localhost, 169.254.169.254"}, False),
        (ON_EC2, {"HTTP_PROXY": "http://proxy:80", "no_proxy": "*"}, False),
        (ON_EC2, {"HTTPS_PROXY": "http://proxy:80"}, False),
        (ON_EC2, {"HTTP_PROXY": "http://proxy:80", "AWS_EC2_METADATA_DISABLED": "true"}, False),
        (KEYS, {"HTTP_PROXY": "http://proxy:80"}, False),
    ],
)
def test_a_proxy_before_instance_metadata_is_told_where_a_profile_asks_it(
    tmp_path: Path, config: str, environ: dict[str, str], *, is_told: bool
) -> None:
    host = make_home(tmp_path, config=config, environ=environ)
    found = told(host, "env-proxy-metadata")
    assert bool(found) is is_told
    for each in found:
        assert each.fix.environ in (
            {"NO_PROXY": "169.254.169.254"},
            {"NO_PROXY": "169.254.0.0/16,169.254.169.254"},
        )


def test_state_and_first_use_say_so_too(tmp_path: Path) -> None:
    # GIVEN one profile with certificates that are not there, one that asks an emulator
    own = f"{KEYS}ca_bundle = ~/gone.pem\n"
    emulator = (
        KEYS.replace("[default]", "[profile local]") + "endpoint_url = http://localhost\nca_bundle = ~/x\n"
    )
    # WHEN
    reports = Snapshot.take(make_home(tmp_path, config=own + emulator)).profiles
    # THEN
    fault = reports["default"].resolution.on_use
    assert fault is not None
    assert (fault.error, fault.cause) == ("SSLError", Cause.CERTIFICATES)
    assert fault.message.endswith("[Errno 2] No such file or directory")
    assert reports["default"].expiry.state is State.BROKEN
    assert reports["local"].resolution.on_use is None


_PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
_OWN, _AWS, _REQUESTS = "ca_bundle of default", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"
_PROXY = "HTTPS_PROXY"


@pytest.mark.parametrize(
    ("line", "names", "counts", "unread"),
    [
        ("", (_AWS,), _AWS, ()),
        ("", (_REQUESTS,), _REQUESTS, ()),
        ("", (_AWS, _REQUESTS, _PROXY), _AWS, (_REQUESTS,)),
        ("ca_bundle", (), _OWN, ()),
        ("ca_bundle", (_AWS, _PROXY), _AWS, ("ca_bundle",)),
        ("ca_bundle", (_REQUESTS, _PROXY), _OWN, (_REQUESTS,)),
        ("ca_bundle", (_AWS, _REQUESTS), _AWS, ("ca_bundle", _REQUESTS)),
        ("ca_bundle", ("SSL_CERT_FILE", "CURL_CA_BUNDLE"), _OWN, ("SSL_CERT_FILE", "CURL_CA_BUNDLE")),
        ("", ("SSL_CERT_FILE", _PROXY), None, ("SSL_CERT_FILE",)),
        ("", ("NODE_EXTRA_CA_CERTS",), None, ("NODE_EXTRA_CA_CERTS",)),
        ("proxy_ca_bundle", (_PROXY,), None, ("proxy_ca_bundle",)),
        ("", (_PROXY,), None, ()),
    ],
)
def test_of_several_files_of_certificates_the_one_that_counts_is_named(
    tmp_path: Path, line: str, names: tuple[str, ...], counts: str | None, unread: tuple[str, ...]
) -> None:
    paths = {name: tmp_path / f"{name}.pem" for name in (*names, line) if name and name != _PROXY}
    for path in paths.values():
        path.write_text(_PEM)
    own = f"{line} = {paths[line]}\n" if line else ""
    environ = {name: str(paths.get(name, "http://proxy.example:3128")) for name in names}
    home = make_home(tmp_path, config=f"{KEYS}{own}", environ=environ)
    snapshot = Snapshot.take(home)
    text = "SSL validation failed for https://sts.eu-west-1.amazonaws.com/ [SSL: CERTIFICATE_VERIFY_FAILED] "
    pasted = parse.parse_error_text(f"{text}certificate verify failed: self signed certificate (_ssl.c:1007)")
    assert pasted is not None
    findings = examine(snapshot)

    answer = why(snapshot, findings, attribute.match(snapshot, findings, pasted).profile, pasted=pasted)

    assert answer.fix is not None
    cure = answer.fix.words
    named = {counts: f"check that {counts} holds the right certificates", None: "set AWS_CA_BUNDLE to"}
    assert named[counts] in cure
    assert (_PROXY in cure) is (_PROXY in names)
    assert ("read" in cure) is bool(unread)
    assert all(name in cure.partition(";")[2] for name in unread)


def test_boto3_takes_the_settings_of_proxies_from_no_file(tmp_path: Path) -> None:
    block = "proxies_config =\n  proxy_ca_bundle = /nowhere\nproxy_ca_bundle = /nowhere\n"
    make_home(tmp_path, config=f"[profile p]\nregion = eu-west-1\n{block}")
    with mock.patch.dict(os.environ, {"HOME": str(tmp_path)}, clear=True):
        client = botocore.session.Session(profile="p").create_client("sts")
    assert client.meta.config.proxies_config is None
