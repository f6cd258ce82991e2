"""Each damage of a cache file: the words for it, and what the AWS tools die with (aws-facts §4)."""

import errno
from collections.abc import Mapping
from datetime import timedelta

import pytest

from rolecall.aws import paths
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.providers import PredictedError
from tests.aws.entries import HOUR, in_, login_token, role_entry, sso_token, without
from tests.aws.real import botocore_dies_of
from tests.aws.test_cache_files import KEY, LOGIN_KEY, read
from tests.conftest import HomeMaker
from tests.homes import NOW, Content

NAIVE = PredictedError("TypeError", "can't subtract offset-naive and offset-aware datetimes")

NOT_JSON: Mapping[str, tuple[Content, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "half-written": (b'{"Credentials": {"AccessKeyId": "ASIA', "is cut off: half-written"),
    "half-written between two keys": (b'{"Credentials": {"AccessKeyId": "ASIA",', "is cut off: half-written"),
    "half-written after a colon": (b'{"Credentials":', "is cut off: half-written"),
    "two objects": (b'{"a": 1}{"a": 1}', "is not JSON"),
    "garbage": (b"garbage", "is not JSON"),
    "single quotes": (b"{'a': 1}", "is not JSON"),
    "a BOM": (b"\xef\xbb\xbf{}", "is not JSON"),
    "not text": (b"\xff\xfe{", "is not text"),
    "a number of 5,000 digits": (b'{"a": ' + b"1" * 5000 + b"}", "is not JSON"),
}


@pytest.mark.parametrize("case", NOT_JSON)
@pytest.mark.parametrize("directory", ["cli", "sso", "login", "boto"])
def test_what_is_no_json_kills_with_the_files_name(make_home: HomeMaker, directory: str, case: str) -> None:
    content, words = NOT_JSON[case]
    stem = LOGIN_KEY if directory == "login" else KEY
    file = read(make_home, f"{directory}/{stem}.json", content)
    assert (file.kind, file.problem, file.fault) == (
        CacheKind.UNKNOWN,
        words,
        PredictedError("KeyError", f"'{stem}'"),
    )
    assert botocore_dies_of(file.path) == file.fault


def test_what_may_not_be_read_kills_with_the_files_name(
    make_home: HomeMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(paths, "read_file", refuse)
    file = read(make_home, f"cli/{KEY}.json", role_entry())
    assert file.fault == PredictedError("KeyError", f"'{KEY}'")
    assert file.is_closed
    assert (file.problem or "").startswith("cannot be read: it belongs to ")


def test_json_nested_too_deep(make_home: HomeMaker) -> None:
    file = read(make_home, f"cli/{KEY}.json", b"[" * 100_000)
    assert file.problem == "is nested too deep"
    assert file.fault is not None
    assert file.fault.error == "RecursionError"
    assert file.fault.message.startswith("maximum recursion depth exceeded")


NO_SUBSCRIPT = "'{}' object is not subscriptable"
STRING_INDEX = "string indices must be integers, not 'str'"
LIST_INDEX = "list indices must be integers or slices, not str"
PARSER = "Parser must be a string or character stream, not {}"
DAMAGED_ROLES: Mapping[str, tuple[Content, str, PredictedError]] = {
    "null": (b"null", "is not a JSON object", PredictedError("TypeError", NO_SUBSCRIPT.format("NoneType"))),
    "a number": (b"3", "is not a JSON object", PredictedError("TypeError", NO_SUBSCRIPT.format("int"))),
    "true": (b"true", "is not a JSON object", PredictedError("TypeError", NO_SUBSCRIPT.format("bool"))),
    "a string": (b'"x"', "is not a JSON object", PredictedError("TypeError", STRING_INDEX)),
    "a list": (b"[]", "is not a JSON object", PredictedError("TypeError", LIST_INDEX)),
    "an empty object": (b"{}", "has no Credentials", PredictedError("KeyError", "'Credentials'")),
    "no Credentials": (
        without(role_entry(), "Credentials"),
        "has no Credentials",
        PredictedError("KeyError", "'Credentials'"),
    ),
    "Credentials that are null": (
        {"Credentials": None},
        "is not a JSON object",
        PredictedError("TypeError", NO_SUBSCRIPT.format("NoneType")),
    ),
    "no Expiration": (
        without(role_entry(), "Credentials.Expiration"),
        "has no Expiration",
        PredictedError("KeyError", "'Expiration'"),
    ),
    "a naive Expiration": (
        role_entry("2030-01-01T13:00:00"),
        "its Expiration names no time zone",
        NAIVE,
    ),
    "an Expiration that is no time": (
        role_entry("soon"),
        "its Expiration is not a time",
        PredictedError("ParserError", "Unknown string format: soon"),
    ),
    "an empty Expiration": (
        role_entry(""),
        "its Expiration is not a time",
        PredictedError("ParserError", "String does not contain a date: "),
    ),
    "an Expiration in seconds": (
        role_entry(1893502800),
        "its Expiration is not a time",
        PredictedError("TypeError", PARSER.format("int")),
    ),
    "no AccessKeyId": (
        without(role_entry(), "Credentials.AccessKeyId"),
        "has no AccessKeyId",
        PredictedError("KeyError", "'AccessKeyId'"),
    ),
    "no SecretAccessKey": (
        without(role_entry(), "Credentials.SecretAccessKey"),
        "has no SecretAccessKey",
        PredictedError("KeyError", "'SecretAccessKey'"),
    ),
    "no SessionToken": (
        without(role_entry(), "Credentials.SessionToken"),
        "has no SessionToken",
        PredictedError("KeyError", "'SessionToken'"),
    ),
}


@pytest.mark.parametrize("case", DAMAGED_ROLES)
def test_a_damaged_role(make_home: HomeMaker, case: str) -> None:
    content, words, fault = DAMAGED_ROLES[case]
    file = read(make_home, f"cli/{KEY}.json", content)
    assert (file.problem, file.fault, file.fault_at(NOW)) == (words, fault, fault)
    assert botocore_dies_of(file.path) == fault


@pytest.mark.parametrize(
    ("part", "value", "problem"),
    [
        ("AccessKeyId", None, "has null as its AccessKeyId"),
        ("SecretAccessKey", None, "has null as its SecretAccessKey"),
        ("SessionToken", 5, "has no text as its SessionToken"),
        ("SessionToken", None, None),
        ("SecretAccessKey", "", None),
    ],
)
def test_keys_of_a_role_that_are_no_text(
    make_home: HomeMaker, part: str, value: object, problem: str | None
) -> None:
    entry = role_entry()
    keys = entry["Credentials"]
    assert isinstance(keys, dict)
    file = read(make_home, f"cli/{KEY}.json", entry | {"Credentials": keys | {part: value}})
    assert (file.kind, file.problem) == (CacheKind.ROLE, problem)
    assert (file.fault_at(NOW) is None) is (problem is None)
    assert file.fault_at(NOW + HOUR) is None


@pytest.mark.parametrize("missing", ["AccessKeyId", "SecretAccessKey", "SessionToken"])
def test_parts_missing_do_no_harm_once_it_is_due_for_renewal(make_home: HomeMaker, missing: str) -> None:
    # botocore looks at the Expiration first, and replaces the file
    file = read(make_home, f"cli/{KEY}.json", without(role_entry(in_(HOUR)), f"Credentials.{missing}"))
    assert file.expires_at == NOW + HOUR
    for later in (timedelta(0), HOUR * 3 / 4):
        assert file.fault_at(NOW + later) == botocore_dies_of(file.path, NOW + later) == file.fault
    for later in (HOUR * 3 / 4 + timedelta(seconds=1), 2 * HOUR):
        assert file.fault_at(NOW + later) is botocore_dies_of(file.path, NOW + later) is None


LOAD = "Error loading SSO Token: Token for https://corp.example/start is invalid"
DAMAGED_TOKENS: Mapping[str, tuple[Content, str, PredictedError]] = {
    "no accessToken": (
        without(sso_token(), "accessToken"),
        "has no accessToken",
        PredictedError("SSOTokenLoadError", LOAD),
    ),
    "no expiresAt": (
        without(sso_token(), "expiresAt"),
        "has no expiresAt",
        PredictedError("SSOTokenLoadError", LOAD),
    ),
    "a naive expiresAt": (
        sso_token() | {"expiresAt": "2030-01-01T13:00:00"},
        "its expiresAt names no time zone",
        NAIVE,
    ),
    "an expiresAt that is no time": (
        sso_token() | {"expiresAt": "soon"},
        "its expiresAt is not a time",
        PredictedError("ParserError", "Unknown string format: soon"),
    ),
    "null": (
        b"null",
        "is not a JSON object",
        PredictedError("TypeError", "argument of type 'NoneType' is not iterable"),
    ),
}


@pytest.mark.parametrize("case", DAMAGED_TOKENS)
def test_a_damaged_sso_token(make_home: HomeMaker, case: str) -> None:
    content, words, fault = DAMAGED_TOKENS[case]
    file = read(make_home, f"sso/{KEY}.json", content)
    assert (file.problem, file.fault) == (words, fault)


def test_an_object_in_the_sso_cache_that_is_nothing_known(make_home: HomeMaker) -> None:
    file = read(make_home, f"sso/{KEY}.json", {"expiresAt": in_(HOUR)})
    assert (file.kind, file.problem) == (CacheKind.UNKNOWN, "is neither a token nor a registration")


MISSING_FIELDS = (
    "Error loading login session token: Failed to load access token from token cache, missing required "
    "fields: {}."
)


@pytest.mark.parametrize("missing", ["accessToken", "refreshToken", "dpopKey", "clientId"])
def test_a_login_that_lacks_a_part(make_home: HomeMaker, missing: str) -> None:
    file = read(make_home, f"login/{LOGIN_KEY}.json", without(login_token(), missing))
    assert file.problem == f"has no {missing}"
    assert file.fault == PredictedError("LoginTokenLoadError", MISSING_FIELDS.format(missing))


@pytest.mark.parametrize(
    ("content", "words", "error"),
    [
        (b"3", "is not a JSON object", "TypeError"),
        (b"true", "is not a JSON object", "TypeError"),
        (b"null", "contains only null", "LoginTokenLoadError"),
        (b"[]", "has no accessToken", "LoginTokenLoadError"),
        (b'"x"', "has no accessToken", "LoginTokenLoadError"),
        (login_token() | {"accessToken": None}, "is not a JSON object", "TypeError"),
        (login_token() | {"accessToken": "CANARY"}, "is not a JSON object", "TypeError"),
        (login_token() | {"accessToken": {}}, "has no accessKeyId", "KeyError"),
    ],
)
def test_a_login_that_is_something_else(
    make_home: HomeMaker, content: Content, words: str, error: str
) -> None:
    file = read(make_home, f"login/{LOGIN_KEY}.json", content)
    assert (file.problem, file.fault and file.fault.error) == (words, error)


@pytest.mark.parametrize(
    "missing", ["accessKeyId", "secretAccessKey", "sessionToken", "expiresAt", "accountId"]
)
def test_a_login_whose_token_lacks_a_part(make_home: HomeMaker, missing: str) -> None:
    file = read(make_home, f"login/{LOGIN_KEY}.json", without(login_token(), f"accessToken.{missing}"))
    assert (file.problem, file.fault) == (f"has no {missing}", PredictedError("KeyError", f"'{missing}'"))
