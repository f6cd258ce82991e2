"""What a login's own key, its directory and CLI v2's wording mean for the next command."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from rolecall.aws.expiry import After, State
from rolecall.aws.providers import Cause, Tool
from rolecall.doctor.finding import Severity
from rolecall.doctor.registry import examine
from tests.aws.entries import login_file, login_token
from tests.conftest import Taker

LOGIN = "[profile x]\nlogin_session = me\n"
ENDED = timedelta(hours=-1)
_NO_KEY = "Error loading login session token: Unable to load private key from cached token"


@pytest.mark.parametrize(
    ("key", "tool", "error", "message"),
    [
        # LoginCredentialFetcher._load_private_key, in each tool's words
        ("CANARY", Tool.BOTO3, "LoginTokenLoadError", f"{_NO_KEY}."),
        ("CANARY", Tool.CLI_V2, "LoginTokenLoadError", f"{_NO_KEY}: Incorrect padding"),
        (
            "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
            Tool.CLI_V2,
            "RuntimeError",
            (
                "7172 (AWS_ERROR_CAL_MALFORMED_ASN1_ENCOUNTERED): An ASN.1 DER decoding operation failed on "
                "malformed input."
            ),
        ),
    ],
)
def test_a_key_that_cannot_be_read_stops_a_login_that_is_due(
    take: Taker, key: str, tool: Tool, error: str, message: str
) -> None:
    for end, fails in ((ENDED, True), (timedelta(minutes=9), True), (timedelta(minutes=11), False)):
        token = login_token(end) | {"dpopKey": key}
        report = take(config=LOGIN, caches={login_file(): token}, has_crt=True).profiles["x"]
        fault = report.resolutions[tool].on_use
        assert (fault is not None) is fails
        if fault is not None:
            assert (fault.error, fault.message, fault.cause) == (error, message, Cause.LOGIN_DAMAGED)
        assert report.expiry.after is After.LOGIN


NO_TEXT = {
    "a key id of null": ("accessKeyId", None, "sequence item 0: expected str instance, NoneType found"),
    "a secret of null": ("secretAccessKey", None, 'can only concatenate str (not "NoneType") to str'),
    "a number for a token": ("sessionToken", 5, "'int' object has no attribute 'split'"),
    "a token of null": ("sessionToken", None, None),  # it is not sent
    "an empty key id": ("accessKeyId", "", None),
}
"""A part of the keys, its value, and what CLI v2 says over it when it signs."""


@pytest.mark.parametrize("case", NO_TEXT)
def test_keys_that_are_no_text_stop_what_signs_with_them(take: Taker, case: str) -> None:
    part, value, message = NO_TEXT[case]
    for end, is_used in ((timedelta(hours=1), True), (timedelta(minutes=14), False)):
        token = login_token(end)
        token["accessToken"] = dict(token["accessToken"]) | {part: value}  # type: ignore[call-overload]  # a dict
        report = take(config=LOGIN, caches={login_file(): token}, has_crt=True).profiles["x"]
        fault = report.resolutions[Tool.CLI_V2].on_use
        assert (fault and fault.message) == (message if is_used else None)
        assert (report.expiry.state is State.BROKEN) is (fault is not None)
        # only CLI v2 refuses to sign with such a secret
        of_boto3 = report.resolutions[Tool.BOTO3].on_use
        assert (of_boto3 is None) is (fault is None or part == "secretAccessKey")


@pytest.mark.parametrize("part", ["access_key", "token"])
def test_what_signing_raises_is_what_botocore_raises(take: Taker, part: str) -> None:
    parts = {"access_key": "ASIA", "secret_key": "CANARY", "token": "CANARY"} | {part: 5}
    names = {"access_key": "accessKeyId", "token": "sessionToken"}
    with pytest.raises((TypeError, AttributeError)) as raised:
        SigV4Auth(Credentials(**parts), "sts", "us-east-1").add_auth(AWSRequest("GET", "https://x/"))
    token = login_token(timedelta(hours=1))
    token["accessToken"] = dict(token["accessToken"]) | {names[part]: 5}  # type: ignore[call-overload]  # a dict
    report = take(config=LOGIN, caches={login_file(): token}, has_crt=True).profiles["x"]
    fault = report.resolutions[Tool.BOTO3].on_use
    assert fault is not None
    assert (fault.error, fault.message) == (raised.type.__name__, str(raised.value))


@pytest.mark.parametrize(("minutes", "fails"), [(-60, True), (4, True), (6, False)])
def test_a_login_cannot_be_saved_where_the_directory_is_empty(
    take: Taker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, minutes: int, *, fails: bool
) -> None:
    # JSONFileCache.__setitem__ makes the directory, which is ''; it is read from the current one
    token = json.dumps(login_token(timedelta(minutes=minutes)))
    (tmp_path / login_file().removeprefix("login/")).write_text(token)
    monkeypatch.chdir(tmp_path)
    snapshot = take(config=LOGIN, environ={"AWS_LOGIN_CACHE_DIRECTORY": ""}, has_crt=True)
    fault = snapshot.profiles["x"].resolutions[Tool.CLI_V2].on_use
    assert (fault is not None) is fails
    if fault is not None:
        assert fault.message == "[Errno 2] No such file or directory: ''"
        codes = {each.code for each in examine(snapshot).by_profile["x"] if each.severity is Severity.ERROR}
        assert codes == {"env-bad-setting"}


def test_cli_v2_words_it_in_its_own_way(take: Taker) -> None:
    # LoginCredentialFetcher.load_cached_credentials of CLI v2 (awscli/botocore/credentials.py)
    found = take(config=LOGIN, has_crt=True).profiles["x"].resolutions
    assert str(found[Tool.BOTO3].message).endswith("for session me. Please reauthenticate with 'aws login'.")
    assert str(found[Tool.CLI_V2].message).endswith("for session me, Please reauthenticate with 'aws login'.")
    token = {key: value for key, value in login_token().items() if key != "refreshToken"}
    found = take(config=LOGIN, caches={login_file(): token}, has_crt=True).profiles["x"].resolutions
    assert str(found[Tool.BOTO3].message).endswith("missing required fields: refreshToken.")
    assert str(found[Tool.CLI_V2].message).endswith("missing one or more required fields.")


def test_an_empty_token_file_beside_a_login_makes_no_web_identity(take: Taker) -> None:
    more = "web_identity_token_file =\nrole_arn = arn:aws:iam::123456789012:role/x\n"
    report = take(config=f"{LOGIN}{more}", caches={login_file(): login_token()}, has_crt=True).profiles["x"]
    assert (report.kind, report.resolution.provider) == ("login", "login")
    assert report.cache_file == login_file().removeprefix("login/")
