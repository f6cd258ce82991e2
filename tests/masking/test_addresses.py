"""Of an address nothing is shown that opens the door: no user, no password, no query, no fragment."""

import re

import pytest

from rolecall import text
from tests.homes import soon

CANARY = "CANARY"


def planted(words: str) -> str:
    """Put the secret in the place of each S that stands alone."""
    return re.sub(r"(?<![A-Z])S(?![a-z])", CANARY, words)


MASKED = {
    "https://me:S@h.example/x": "https://••••@h.example/x",
    "HTTPS://me:S@h.example/x": "HTTPS://••••@h.example/x",
    "https://S@h.example": "https://••••@h.example",
    "https://me:S@S@h.example": "https://••••@h.example",
    "https://me:S/S@h.example": "https://••••@h.example",
    "https://me:S?S@h.example": "https://••••@h.example",
    "https://me:S#S@h.example": "https://••••@h.example",
    "https://me:S@[fd00:ec2::254]:80/x": "https://••••@[fd00:ec2::254]:80/x",
    "https://me%3AS%40h.example/": "https://••••/",
    "http:\\\\me:S@h.example": "http:\\\\••••@h.example",
    "https:/me:S@h.example": "https:/••••@h.example",
    "https:///me:S@h.example": "https:///••••@h.example",
    "https://h.example/x?sig=S&b=S": "https://h.example/x?sig=••••&b=••••",
    "https://h.example/x?S": "https://h.example/x?••••",
    "https://h.example/x#access_token=S": "https://h.example/x#••••",
    "https://h.example/x;jsessionid=S/y": "https://h.example/x;jsessionid=••••/y",
    "socks5h://me:S@h.example:1080": "socks5h://••••@h.example:1080",
    "https://me:S": "https://••••",
    "https://me:S S@h.example": "https://••••@h.example",
    "https://me:'S@h.example": "https://••••@h.example",
    'https://me:S"S@h.example': "https://••••@h.example",
}
SCHEMELESS = {
    "me:S@h.example:3128": "••••@h.example:3128",
    "h.example/x?sig=S": "h.example/x?sig=••••",
    "//me:S@h.example": "//••••@h.example",
    "me:S S@h.example": "••••@h.example",
}
LEGIBLE = (
    "https://sts.eu-west-1.amazonaws.com",
    "https://corp.awsapps.com/start#/",
    "http://169.254.170.2:80/v2/credentials/x",
    "http://[fd00:ec2::254]/latest",
    "http://localhost:8000",
    "op://vault/item",
)
NAMES = ("endpoint_url", "sso_start_url", "AWS_ENDPOINT_URL_S3", "HTTPS_PROXY", "http_proxy",
         "AWS_CONTAINER_CREDENTIALS_FULL_URI", "ec2_metadata_service_endpoint")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("address", "shown"), (MASKED | SCHEMELESS).items())
def test_an_address_loses_what_opens_the_door(name: str, address: str, shown: str) -> None:
    assert text.shown_value(name, planted(address)) == shown
    assert text.shown_value(name, shown) == shown


@pytest.mark.parametrize(("address", "shown"), MASKED.items())
@pytest.mark.parametrize("around", ["{}", "cannot reach {}", '"{}"', "({})", "'{}', twice: '{}'"])
def test_an_address_in_a_message_does_too(address: str, shown: str, around: str) -> None:
    said = text.mask(around.replace("{}", planted(address)))
    assert "CANARY" not in said
    assert shown.partition("••••")[0] in said


@pytest.mark.parametrize("address", LEGIBLE)
def test_what_opens_nothing_stays(address: str) -> None:
    assert text.shown_value("endpoint_url", address) == address
    for around in ("{}", "cannot reach {}: refused", '"{}"', "({}).", "{}, which is down"):
        assert text.mask(around.format(address)) == around.format(address)


@pytest.mark.parametrize(
    "words",
    [
        "arn:aws:sts::111122223333:assumed-role/R/me@example.com",
        "C:\\Users\\me@corp\\x",
        "a:b:c",
        "mailto:me@example.com",
    ],
)
def test_what_is_no_address_stays(words: str) -> None:
    assert text.mask(words) == words


@pytest.mark.parametrize(
    "piece", ["://", "a://", "http://a:b ", "http://a:", "a:/", "@", "a:b@", "?a=", "//", ":\\", ";a="]
)
def test_a_hundred_thousand_characters_take_no_time(piece: str) -> None:
    words = piece * (100_000 // len(piece))
    with soon(5):
        text.mask(words)
        text.shown_value("endpoint_url", words)
