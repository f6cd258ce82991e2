"""What is secret never reaches a screen, a log or JSON, wherever someone has put it."""

import base64
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall import text
from tests.homes import soon

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"


def _drawn(octets: int, seed: int) -> str:
    return base64.b64encode(random.Random(seed).randbytes(octets)).decode()  # noqa: S311 - to look like a secret


SECRETS = (
    st.integers(0, 10**6).map(lambda seed: _drawn(30, seed)).filter(lambda key: any(map(str.isdigit, key)))
)
"""Secret access keys: 40 characters of base64; all but one in 900 have a digit."""
TOKENS = st.tuples(st.integers(150, 900), st.integers(0, 10**6)).map(lambda drawn: _drawn(*drawn))
"""Session tokens."""


def long_parts(secret: str, size: int = 12) -> set[str]:
    return {secret[start : start + size] for start in range(len(secret) - size + 1)}


def leaks(shown: str, secret: str) -> bool:
    """Whether twelve characters in a row of a secret are shown."""
    return any(part in shown for part in long_parts(secret))


# Free text

AROUND = (
    "{}",
    "a {} b",
    "'{}'",
    '"{}"',
    "({})",
    "x={}",
    "--key={}",
    "key: {}",
    "r\n{}\nx",
    "{},",
    "<{}>",
    "k:{}",
)


@pytest.mark.parametrize("around", AROUND)
@settings(max_examples=20)
@given(secret=SECRETS)
def test_a_secret_access_key_is_hidden_wherever_it_stands(around: str, secret: str) -> None:
    assert not leaks(text.mask(around.format(secret)), secret)


@pytest.mark.parametrize("around", AROUND)
@settings(max_examples=20)
@given(token=TOKENS)
def test_a_session_token_is_hidden_wherever_it_stands(around: str, token: str) -> None:
    assert not leaks(text.mask(around.format(token)), token)


SECRETLY_NAMED = ("secret", "aws_secret_access_key", "SESSION_TOKEN", "password", "api-key", "apikey")
ASSIGNED = (
    "{} = CANARY",
    "{}=CANARY",
    "{}='CANARY'",
    '{} = "CANARY CANARY"',
    "{}: CANARY-1",
    "{}: CANARY-IS-16-LONG",
    "--{} CANARY",
    "-{}=CANARY",
    "--{} 'CANARY CANARY'",
)


@pytest.mark.parametrize("name", SECRETLY_NAMED)
@pytest.mark.parametrize("assigned", ASSIGNED)
def test_what_is_called_a_secret_is_hidden(name: str, assigned: str) -> None:
    shown = text.mask("eu-west-1\n" + assigned.format(name) + "\noutput = json")
    assert "CANARY" not in shown
    assert shown.startswith("eu-west-1\n")
    assert shown.endswith("\noutput = json")
    assert name in shown


@pytest.mark.parametrize(
    "words",
    [
        "Error loading SSO Token: Token for https://corp.example/start does not exist",
        "the SSO token has expired",
        "Invalid length for parameter WebIdentityToken, value: 0, valid min length: 4",
    ],
)
def test_a_sentence_about_a_token_is_no_token(words: str) -> None:
    assert text.mask(words) == words


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("eu-west-1\naws_secret_access_key = CANARY", "eu-west-1\naws_secret_access_key = ••••"),
        ("dev\naws_secret_access_key: CANARY", "dev\naws_secret_access_key: ••••"),
        ("helper --token CANARY --id x", "helper --token •••• --id x"),
        ("https://user:CANARY@proxy.example:8080", "https://••••@proxy.example:8080"),
        ("http://:CANARY@proxy.example/", "http://••••@proxy.example/"),
        ("https://CANARY@host.example/", "https://••••@host.example/"),
        ("http://user:CAN@ARY@proxy.example/", "http://••••@proxy.example/"),
        (f"key {KEY_ID}.", "key …MPLE."),
        ("ASIAIOSFODNN7EXAMPLE", "…MPLE"),
        ("token_file=/a secret=CANARY", "token_file=/a secret=••••"),
    ],
)
def test_only_the_secret_part_is_hidden(words: str, shown: str) -> None:
    assert text.mask(words) == shown


def test_the_answer_of_a_credential_process_is_hidden() -> None:
    # GIVEN the one-liner that people paste: credential_process = echo '{…}'
    words = """echo '{"SecretAccessKey": "CANARY-0123456789", "SessionToken": "CANARY-0123456789"}'"""
    assert "CANARY" not in text.mask(words)


@pytest.mark.parametrize("option", ["--token-file", "--secret-path"])
def test_the_name_of_a_file_hides_no_secret_behind_it(option: str) -> None:
    assert "CANARY" not in text.mask(f"helper {option} --secret CANARY")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "eu-west-1",
        "arn:aws:iam::123456789012:role/some/path/deploy",
        "/usr/local/bin/some-helper --profile prod --format json --region eu-west-1",
        "/a/b" * 50,
        "/Users/Someone/Library/Application" * 6,
        "0123456789abcdef" * 8,  # SHA-512 in hexadecimal
        "0123456789ABCDEF" * 8,
        "0123456789abcdef0123456789abcdef01234567",  # a cache file's name
        "-" * 200,
        "https://corp.awsapps.com/start#/",
        "https://sts.example:443/path",
        "web_identity_token_file=/var/run/secrets/token",
    ],
)
def test_what_is_no_secret_stays(words: str) -> None:
    assert text.mask(words) == words


FRAGMENTS = st.sampled_from(["secret", "=", " ", "token", "http://a:b@c", KEY_ID, "\n", "••••"])


@given(st.lists(st.one_of(st.text(max_size=8), SECRETS, TOKENS, FRAGMENTS)).map("".join))
def test_masking_twice_is_masking_once(words: str) -> None:
    once = text.mask(words)
    assert text.mask(once) == once


HOSTILE = (
    *("a", "Aa1/", "/", "-", "= ", "'", ":", "x@", "://", "://a:", "AKIA", "secret", "secret_", "secret='"),
    *("token ", "token-file=", "apikey-file ", "bearer ", "authorization:"),
)


@pytest.mark.long
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hundred_thousand_characters_take_no_time(piece: str) -> None:
    words = piece * (100_000 // len(piece))
    with soon(5):  # a pattern that tries all ways would take minutes
        text.mask(words)
        text.mask_name(words)


# On the way to a cell


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("prod", "prod"),
        ("a\x1bb", "a␛b"),
        (f"\x1b {SECRET}", "␛ ••••"),
        ("eu-west-1\naws_secret_access_key = CANARY", "eu-west-1␊aws_secret_access_key = ••••"),
    ],
)
def test_inert_text_is_masked_and_sanitised(words: str, shown: str) -> None:
    assert text.inert(words) == shown


# By name

SECRET_NAMES = (
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
    "password",
    "passwd",
    "private_key",
    "api_key",
)
PLAIN_NAMES = (
    "web_identity_token_file",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "x_security_token_expires",
    "aws_session_token_expiration",
    "region",
    "credential_process",
    "credential_source",
    "AWS_PROFILE",
)


@pytest.mark.parametrize("name", SECRET_NAMES)
@pytest.mark.parametrize("value", ["CANARY", "C", "CANARY\nregion = CANARY", "CANARY" * 50], ids=len)
def test_a_setting_of_this_name_is_hidden_whole(name: str, value: str) -> None:
    assert text.shown_value(name, value) == text.MASK


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_a_setting_of_this_name_is_shown(name: str) -> None:
    assert text.shown_value(name, "value") == "value"


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_nothing_is_shown_as_nothing(name: str) -> None:
    assert text.shown_value(name, "") == ""


@pytest.mark.parametrize("name", ["aws_access_key_id", "AWS_ACCESS_KEY_ID"])
def test_an_access_key_id_shows_its_last_four(name: str) -> None:
    assert text.shown_value(name, KEY_ID) == "…MPLE"
    assert text.shown_value(name, "") == ""


def test_a_secret_that_an_access_key_id_has_swallowed_is_hidden() -> None:
    # GIVEN an indented line, which configparser takes for more of the value above it
    shown = text.shown_value("aws_access_key_id", f"{KEY_ID}\naws_secret_access_key = {SECRET}")
    assert not shown.endswith(SECRET[-4:])


def test_a_nested_block_is_shown_key_by_key() -> None:
    value = {"max_bandwidth": "1", "aws_secret_access_key": "CANARY", "note": "x"}
    shown = "max_bandwidth=1 aws_secret_access_key=•••• note=•••• (1 character)"
    assert text.shown_value("s3", value) == shown


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_a_secret_in_the_wrong_place_is_hidden(name: str) -> None:
    shown = text.shown_value(name, f"x\naws_session_token = CANARY\naws_secret_access_key={SECRET}")
    assert "CANARY" not in shown
    assert not leaks(shown, SECRET)


# Proxies, with and without a scheme


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"])
@pytest.mark.parametrize("scheme", ["http://", "https://", "socks5h://", ""])
def test_a_proxys_password_is_hidden(name: str, scheme: str) -> None:
    shown = text.shown_value(name, f"{scheme}user:CANARY@proxy.example:3128")
    assert "CANARY" not in shown
    assert shown.endswith("proxy.example:3128")


# Names that are secrets: a line that holds nothing but a pasted token


@given(st.one_of(SECRETS, TOKENS))
def test_a_secret_that_became_a_name_is_hidden(secret: str) -> None:
    assert not leaks(text.mask_name(secret), secret)
    assert not leaks(text.mask_name(secret.lower()), secret.lower())


@pytest.mark.parametrize("name", ["prod", "team-a/prod.eu", "a" * 39, "AdministratorAccess-123456789012"])
def test_a_usual_name_stays(name: str) -> None:
    assert text.mask_name(name) == name


# Access keys


@pytest.mark.parametrize(("key", "shown"), [(None, None), ("", ""), (KEY_ID, "…MPLE")])
def test_an_access_key_is_masked(key: str | None, shown: str | None) -> None:
    assert text.mask_access_key(key) == shown
