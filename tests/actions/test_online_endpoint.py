"""Whether a service can be reached: dead, slow, behind a proxy, not trusted, not AWS at all."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.httpsession import get_cert_path

from rolecall.actions.online import clock, endpoint
from rolecall.actions.online.endpoint import EndpointTarget, ReachResult
from rolecall.actions.prompts import Cancel
from rolecall.aws.snapshot import Snapshot
from rolecall.steps import Step, StepStatus
from tests.actions.certificates import self_signed
from tests.actions.outside import Outside
from tests.actions.people import Somebody
from tests.homes import make_home, soon
from tests.interop.blackhole import BlackHole, closed_port
from tests.interop.texts import BASE, ROLE, SSO, SSO_SESSION

CONFIG = f"{BASE}region = eu-west-1\n"


@pytest.fixture
def outside() -> Iterator[Outside]:
    """Return a server that answers as STS does to who only knocks."""
    with Outside().listening() as listening:
        yield listening


def look(
    place: Path,
    config: str = CONFIG,
    *,
    profile: str | None = "base",
    service: str = "sts",
    region: str | None = None,
    patience: float = 5,
    **environ: str,
) -> tuple[Step, ReachResult]:
    """Return what is said of the endpoint, and what it is said by."""
    variables = {"NO_PROXY": "127.0.0.1", "AWS_EC2_METADATA_DISABLED": "true"} | environ
    snapshot = Snapshot.take(make_home(place / "home", config=config, environ=variables))
    aim = EndpointTarget(snapshot, profile, service, region)
    with soon(20):
        found = endpoint.reach(aim, Somebody(), Cancel(), patience)
    return endpoint.endpoint_step(aim, found, patience), found


@pytest.mark.long
def test_one_unsigned_request_goes_out_and_nothing_else(tmp_path: Path, outside: Outside) -> None:
    # GIVEN a role whose credentials come from a program
    ran = tmp_path / "ran"
    program = f"{sys.executable} -c \"open('{ran}', 'w')\""
    config = f"[profile base]\ncredential_process = {program}\n[profile x]\n{ROLE}source_profile = base\n"
    # WHEN
    step, found = look(
        tmp_path, config, profile="x", AWS_ENDPOINT_URL=outside.url, AWS_DEFAULT_REGION="eu-west-1"
    )
    # THEN
    assert found.status == 302
    assert outside.asked == ["GET / HTTP/1.1"]
    assert not {"authorization", "x-amz-security-token", "x-amz-date"} & set(outside.sent[0])
    assert not ran.exists()
    assert not (tmp_path / "home" / ".aws" / "cli").exists()
    assert step.title == "STS endpoint"


@pytest.mark.long
def test_an_endpoint_that_answers_is_named_with_what_leads_there(tmp_path: Path, outside: Outside) -> None:
    step, _ = look(tmp_path, AWS_ENDPOINT_URL=outside.url)
    assert step.verdict is StepStatus.NOTE
    assert f"{outside.url}/ answers (" in step.words
    assert "AWS_ENDPOINT_URL leads there" in step.words
    assert f"endpoint: AWS_ENDPOINT_URL = {outside.url}" in step.evidence
    assert f"GET {outside.url}/: HTTP 302" in step.evidence
    assert "region eu-west-1" in step.evidence


SERVICES = "services = here\n[services here]\nsts =\n  endpoint_url = {url}\n"
OVERRIDES = {
    "the service's variable": (
        {"AWS_ENDPOINT_URL_STS": "{url}", "AWS_ENDPOINT_URL": "{dead}"},
        "",
        "AWS_ENDPOINT_URL_STS",
    ),
    "the variable": ({"AWS_ENDPOINT_URL": "{url}"}, "endpoint_url = {dead}\n", "AWS_ENDPOINT_URL"),
    "the services": ({}, "endpoint_url = {dead}\n" + SERVICES, "endpoint_url in [services here]"),
    "the profile": ({}, "endpoint_url = {url}\n", "endpoint_url (~/.aws/config:5)"),
    "another service's variable": (
        {"AWS_ENDPOINT_URL_S3": "{dead}"},
        "endpoint_url = {url}\n",
        "endpoint_url (~/.aws/config:5)",
    ),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(("variables", "settings", "place"), OVERRIDES.values(), ids=OVERRIDES)
def test_whatever_leads_elsewhere_is_named(
    tmp_path: Path, outside: Outside, variables: dict[str, str], settings: str, place: str
) -> None:
    # GIVEN what loses leads to where nobody listens
    words = {"url": outside.url, "dead": closed_port()}
    environ = {name: value.format(**words) for name, value in variables.items()}
    # WHEN
    step, _ = look(tmp_path, CONFIG + settings.format(**words), **environ)  # type: ignore[arg-type]  # variables all
    # THEN botocore has gone where it is said to
    assert len(outside.asked) == 1
    assert f"endpoint: {place} = {outside.url}" in step.evidence


@pytest.mark.long
def test_a_dead_endpoint_is_the_culprit(tmp_path: Path) -> None:
    dead = closed_port()
    step, found = look(tmp_path, AWS_ENDPOINT_URL=dead)
    assert step.verdict is StepStatus.CULPRIT
    assert step.words == f"{dead}/ cannot be reached: Connection refused"
    assert found.error == "EndpointConnectionError"


@pytest.mark.long
def test_a_slow_endpoint_is_given_up_in_time(tmp_path: Path) -> None:
    with BlackHole() as hole:
        step, found = look(tmp_path, AWS_ENDPOINT_URL=hole.url, patience=2)
        assert step.words == f"{hole.url}/ does not answer within 2 s"
    assert step.verdict is StepStatus.CULPRIT
    assert found.error == "ReadTimeoutError"


@pytest.mark.long
def test_a_dead_proxy_is_named_with_its_variable_and_without_its_password(tmp_path: Path) -> None:
    dead = closed_port().removeprefix("http://")
    step, _ = look(
        tmp_path, AWS_ENDPOINT_URL="http://sts.example.invalid", HTTP_PROXY=f"http://me:hunter2@{dead}"
    )
    assert step.verdict is StepStatus.CULPRIT
    assert f"@{dead} (HTTP_PROXY) cannot be reached: Connection refused" in step.words
    assert "hunter2" not in repr(step)


@pytest.mark.long
def test_a_call_by_way_of_a_proxy_says_so(tmp_path: Path, outside: Outside) -> None:
    step, found = look(
        tmp_path,
        AWS_ENDPOINT_URL="http://sts.example.invalid",
        http_proxy=outside.url,
        HTTP_PROXY="http://no.invalid",
    )
    assert outside.asked == ["GET http://sts.example.invalid/ HTTP/1.1"]
    assert found.proxy == outside.url
    assert f"proxy: http_proxy = {outside.url}" in step.evidence


@pytest.mark.long
def test_a_proxy_that_is_left_out_is_told_as_well(tmp_path: Path, outside: Outside) -> None:
    step, _ = look(tmp_path, AWS_ENDPOINT_URL=outside.url, HTTP_PROXY=closed_port())
    assert step.verdict is StepStatus.NOTE
    assert "no proxy: HTTP_PROXY is set, but NO_PROXY leaves this host out" in step.evidence


@pytest.mark.long
def test_a_proxy_that_wants_a_password_is_the_culprit(tmp_path: Path, outside: Outside) -> None:
    outside.status = 407
    step, _ = look(tmp_path, AWS_ENDPOINT_URL="http://sts.example.invalid", http_proxy=outside.url)
    assert step.verdict is StepStatus.CULPRIT
    assert "the proxy wants a name and a password (HTTP 407)" in step.words


@pytest.mark.long
def test_an_endpoint_that_fails_is_suspect(tmp_path: Path, outside: Outside) -> None:
    outside.status = 503
    step, _ = look(tmp_path, AWS_ENDPOINT_URL=outside.url)
    assert step.verdict is StepStatus.SUSPECT
    assert step.words.endswith("but fails: HTTP 503")


@pytest.mark.long
def test_a_ca_bundle_that_is_not_there_is_the_culprit(tmp_path: Path, outside: Outside) -> None:
    address = outside.url.replace("http:", "https:")
    step, _ = look(tmp_path, AWS_ENDPOINT_URL=address, AWS_CA_BUNDLE="/nowhere/ca.pem")
    assert step.verdict is StepStatus.CULPRIT
    assert step.words == "the CA bundle /nowhere/ca.pem (AWS_CA_BUNDLE) is not there"
    assert "CA bundle: AWS_CA_BUNDLE = /nowhere/ca.pem" in step.evidence


@pytest.mark.long
@pytest.mark.parametrize("settings", ["", f"ca_bundle = {get_cert_path(True)}\n"])
def test_a_certificate_that_is_not_trusted_is_the_culprit(tmp_path: Path, settings: str) -> None:
    # GIVEN the usual certificates, or a bundle with others
    certificate = self_signed(tmp_path)
    with Outside(certificate=certificate).listening() as outside:
        # WHEN
        step, _ = look(tmp_path, CONFIG + settings, AWS_ENDPOINT_URL=outside.url)
        # THEN
        assert step.verdict is StepStatus.CULPRIT
        assert f"the certificate of {outside.url}/ is not trusted" in step.words
        assert step.words.endswith(": self-signed certificate")
        assert ("CA bundle: ca_bundle (~/.aws/config:5)" in "".join(step.evidence)) is bool(settings)
        # AND with the right one all is well
        trusted, _ = look(tmp_path, AWS_ENDPOINT_URL=outside.url, AWS_CA_BUNDLE=str(certificate))
        assert trusted.verdict is StepStatus.NOTE


@pytest.mark.long
def test_a_password_in_an_endpoint_is_not_told(tmp_path: Path) -> None:
    dead = closed_port().removeprefix("http://")
    for address in (f"http://me:hunter2@{dead}", "me:hunter2@localhost"):
        step, _ = look(tmp_path, AWS_ENDPOINT_URL=address)
        assert step.verdict is StepStatus.CULPRIT
        assert "hunter2" not in repr(step)


@pytest.mark.long
def test_an_endpoint_that_is_none_is_the_culprit(tmp_path: Path) -> None:
    step, _ = look(tmp_path, AWS_ENDPOINT_URL="localhost")
    assert step.verdict is StepStatus.CULPRIT
    assert step.words == "the endpoint is no URL: AWS_ENDPOINT_URL = localhost"


@pytest.mark.long
@pytest.mark.parametrize(
    ("config", "words"),
    [
        (f"{BASE}region = not a region\n", "doesn't match a supported format"),
        (f"{BASE}services = none\n", "configuration does not exist"),
        ("[profile base]\nsso_session = none\nregion = eu-west-1\n", "none"),
    ],
)
def test_what_botocore_cannot_even_begin_is_unknown(tmp_path: Path, config: str, words: str) -> None:
    step, _ = look(tmp_path, config, AWS_ENDPOINT_URL_S3="http://127.0.0.1:9")
    assert step.verdict is StepStatus.UNKNOWN
    assert step.words.startswith("it cannot be tried: ")
    assert words in step.words


@pytest.mark.long
def test_sso_is_reached_in_its_own_region(tmp_path: Path, outside: Outside) -> None:
    step, found = look(
        tmp_path,
        f"{SSO_SESSION}[profile x]\n{SSO}",
        profile="x",
        service="sso",
        region="eu-central-1",
        AWS_ENDPOINT_URL_SSO=outside.url,
    )
    assert step.title == "SSO endpoint"
    assert outside.asked == ["GET / HTTP/1.1"]
    assert found.region == "eu-central-1"
    assert f"endpoint: AWS_ENDPOINT_URL_SSO = {outside.url}" in step.evidence


@pytest.mark.long
def test_a_command_without_a_profile_goes_where_this_shell_leads(tmp_path: Path, outside: Outside) -> None:
    config = (
        f"{BASE}[profile x]\n{ROLE}source_profile = base\nendpoint_url = {outside.url}\nregion = eu-west-1\n"
    )
    step, _ = look(tmp_path, config, profile=None, AWS_PROFILE="x")
    assert len(outside.asked) == 1
    assert any("endpoint_url (~/.aws/config:" in line for line in step.evidence)


@pytest.mark.long
def test_the_clock_of_a_skewed_endpoint_is_read(tmp_path: Path, outside: Outside) -> None:
    outside.ahead = 1200
    _, found = look(tmp_path, AWS_ENDPOINT_URL=outside.url)
    step = clock.clock_step(found.headers, found.sent, found.received, outside.url)
    assert step.verdict is StepStatus.CULPRIT
    assert "19m 5" in step.words.replace("20m 00s", "19m 59s")
    assert "behind AWS's" in step.words


@pytest.mark.long
@pytest.mark.parametrize(
    ("status", "location", "verdict"),
    [
        (302, "https://aws.amazon.com/iam", StepStatus.FINE),
        (302, "https://d-123.awsapps.com/start", StepStatus.FINE),
        (302, "http://portal.example/login?secret=CANARY", StepStatus.SUSPECT),
        (307, "http://aws.amazon.com.portal.example/", StepStatus.SUSPECT),
        (302, "http://[", StepStatus.SUSPECT),
    ],
)
def test_an_answer_that_sends_on_to_somebody_else_is_suspect(
    tmp_path: Path, status: int, location: str, verdict: StepStatus
) -> None:
    url, headers = "https://sts.eu-west-1.amazonaws.com/", {"location": location}
    step = _said(tmp_path, ReachResult(url=url, region="eu-west-1", status=status, headers=headers))
    assert step.verdict is verdict
    assert ("is there a login to this network?" in step.words) is (verdict is StepStatus.SUSPECT)
    assert "CANARY" not in step.words


def _said(place: Path, found: ReachResult) -> Step:
    """Return what is said of what is not to be tried out, since it would leave loopback."""
    snapshot = Snapshot.take(make_home(place / "home", config=CONFIG))
    return endpoint.endpoint_step(EndpointTarget(snapshot, "base", "sts"), found, 5)


URL = "https://sts.eu-wst-1.amazonaws.com/"


@pytest.mark.long
def test_a_misspelt_region_is_named_with_its_neighbour(tmp_path: Path) -> None:
    unresolved = ReachResult(
        url=URL,
        region="eu-wst-1",
        error="EndpointConnectionError",
        cause="its name cannot be resolved",
        nearest="eu-west-1",
    )
    assert _said(tmp_path, unresolved).words == (
        f"{URL} cannot be reached: its name cannot be resolved; there is no region eu-wst-1, but eu-west-1"
    )


@pytest.mark.long
def test_botocore_tells_which_region_was_meant(tmp_path: Path) -> None:
    dead = closed_port()
    config = f"{BASE}region = eu-wst-1\n"
    step, found = look(tmp_path, config, AWS_ENDPOINT_URL=dead)
    assert found.nearest in ("eu-west-1", "eu-west-2", "eu-west-3")
    # AND where the endpoint is another one anyway, the region is not to blame
    assert "region" not in step.words


@pytest.mark.long
def test_the_shells_own_profile_does_not_count_where_another_is_asked_about(tmp_path: Path) -> None:
    config = f"{BASE}region = eu-wst-1\n"
    _, found = look(tmp_path, config, AWS_ENDPOINT_URL=closed_port(), AWS_PROFILE="gone")
    assert found.error == "EndpointConnectionError"
    assert found.nearest in ("eu-west-1", "eu-west-2", "eu-west-3")


@pytest.mark.long
def test_aws_itself_is_fine(tmp_path: Path) -> None:
    headers = {"x-amzn-requestid": "1", "content-type": "text/html"}
    step = _said(
        tmp_path, ReachResult(url=URL, region="x", status=200, headers=headers, sent=1, received=1.25)
    )
    assert step.verdict is StepStatus.FINE
    assert step.words == f"{URL} answers (250 ms)"


@pytest.mark.long
def test_the_login_page_of_a_network_is_suspect(tmp_path: Path) -> None:
    page = {"content-type": "text/html; charset=utf-8", "server": "hotel"}
    step = _said(tmp_path, ReachResult(url=URL, region="x", status=200, headers=page))
    assert step.verdict is StepStatus.SUSPECT
    assert "is there a login to this network?" in step.words
    assert "server: hotel" in step.evidence


@pytest.mark.long
def test_a_child_that_does_not_come_back_is_no_answer(tmp_path: Path) -> None:
    step = _said(tmp_path, ReachResult(error="Timeout", cause="no answer within 5 s (asking sts)"))
    assert step == Step("STS endpoint", StepStatus.CULPRIT, "no answer within 5 s (asking sts)")


@pytest.mark.long
def test_the_answer_goes_over_the_wire_as_json(tmp_path: Path, outside: Outside) -> None:
    _, found = look(tmp_path, AWS_ENDPOINT_URL=outside.url)
    assert json.loads(json.dumps(dict(found.headers))) == dict(found.headers)
    assert 0 <= found.received - found.sent < 5
