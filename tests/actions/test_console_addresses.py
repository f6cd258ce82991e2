"""The addresses of the console: per partition, per service, and the SSO portal's own links."""

import pytest

from rolecall.actions import console_addresses as addresses


@pytest.mark.parametrize(
    ("partition", "sign_in", "console"),
    [
        ("aws", "signin.aws.amazon.com", "console.aws.amazon.com"),
        ("aws-cn", "signin.amazonaws.cn", "console.amazonaws.cn"),
        ("aws-us-gov", "signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"),
    ],
)
def test_each_partition_has_its_own(partition: str, sign_in: str, console: str) -> None:
    assert addresses.federation(partition, {}) == f"https://{sign_in}/federation"
    assert addresses.destination(partition, "s3", None) == f"https://{console}/s3/home"


def test_partitions_whose_addresses_nobody_has_seen_are_not_guessed() -> None:
    assert not any(addresses.is_known(each) for each in ("aws-iso", "aws-eusc", ""))


@pytest.mark.parametrize(
    "value", ["https://evil.example", "http://127.0.0.1.evil.example:80", "http://10.0.0.1:80", "127.0.0.1"]
)
def test_credentials_are_sent_nowhere_else_than_to_loopback(value: str) -> None:
    environ = {addresses.STUB: value}
    assert addresses.federation("aws", environ) == "https://signin.aws.amazon.com/federation"


@pytest.mark.parametrize(
    ("service", "region", "path"),
    [
        (None, "eu-west-1", "console/home?region=eu-west-1"),
        ("s3", None, "s3/home"),
        ("ssm", "eu-west-1", "systems-manager/home?region=eu-west-1"),
        ("stepfunctions", None, "states/home"),
        ("s3", "eu west&x=1", "s3/home"),
    ],
)
def test_a_service_has_its_page(service: str | None, region: str | None, path: str) -> None:
    assert addresses.destination("aws", service, region) == f"https://console.aws.amazon.com/{path}"


@pytest.mark.parametrize("name", ["", "S3", "../x", "s3?x", "//evil", "s3/", "a b"])
def test_what_is_no_service_is_refused(name: str) -> None:
    assert not addresses.is_service(name)


@pytest.mark.parametrize(
    ("start_url", "link"),
    [
        ("https://corp.awsapps.com/start", "https://corp.awsapps.com/start/#/console?"),
        ("https://corp.awsapps.com/start/", "https://corp.awsapps.com/start/#/console?"),
        ("https://corp.awsapps.com/start/#/", "https://corp.awsapps.com/start/#/console?"),
        ("https://ssoins-1.portal.eu-west-1.app.aws", "https://ssoins-1.portal.eu-west-1.app.aws/#/console?"),
        (
            "https://start.us-gov-home.awsapps.com/directory/corp",
            "https://start.us-gov-home.awsapps.com/directory/corp#/console?",
        ),
    ],
)
def test_the_portal_opens_a_permission_set(start_url: str, link: str) -> None:
    found = addresses.portal_link(start_url, "111122223333", "Dev+Ops", "https://c/s3?region=x", {})
    fields = "account_id=111122223333&role_name=Dev%2BOps&destination=https%3A%2F%2Fc%2Fs3%3Fregion%3Dx"
    assert found == link + fields


@pytest.mark.parametrize(
    "start_url", ["", "corp", "http://corp.example/start", "https://a@b/start", "https://[x"]
)
def test_what_is_no_start_url_has_no_link(start_url: str) -> None:
    assert addresses.portal_link(start_url, "1", "r", "d", {}) is None
