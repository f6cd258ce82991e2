"""Credentials that stand somewhere as they are: variables, the old EC2 tools' file, boto's file."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from rolecall.aws import paths, provider_checks
from rolecall.aws.providers import PredictedError, PredictedErrorRaised
from tests.aws.cases import environment_keys, keys
from tests.aws.entries import HOUR, in_
from tests.conftest import HomeMaker
from tests.homes import NOW, make_home, put

KEY = {"AWS_ACCESS_KEY_ID": "AKIAENVEXAMPLE"}
SECRET = {"AWS_SECRET_ACCESS_KEY": "CANARY"}
PARTIAL = "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY"


def found(lookup: Callable[[], str | None]) -> str | PredictedError | None:
    """Return what a look-up gives or raises."""
    try:
        return lookup()
    except PredictedErrorRaised as raised:
        return raised.fault


# The environment


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        (SECRET, None),
        ({"AWS_ACCESS_KEY_ID": ""} | SECRET, None),
        ({"AWS_SESSION_TOKEN": "CANARY"}, None),
        (KEY | SECRET, "AKIAENVEXAMPLE"),
        (KEY, PredictedError("PartialCredentialsError", PARTIAL)),
        (KEY | {"AWS_SECRET_ACCESS_KEY": ""}, PredictedError("PartialCredentialsError", PARTIAL)),
        (KEY | SECRET | {"AWS_CREDENTIAL_EXPIRATION": in_(-HOUR)}, "AKIAENVEXAMPLE"),
        (KEY | SECRET | {"AWS_CREDENTIAL_EXPIRATION": ""}, "AKIAENVEXAMPLE"),
        (
            KEY | SECRET | {"AWS_CREDENTIAL_EXPIRATION": "soon"},
            PredictedError("ParserError", "Unknown string format: soon"),
        ),
    ],
)
def test_the_access_key_id_is_the_trigger(
    environ: Mapping[str, str], expected: str | PredictedError | None
) -> None:
    assert found(lambda: provider_checks.environment_key(environ)) == expected


STILL_EXPIRED = "Credentials were refreshed, but the refreshed credentials are still expired."


@pytest.mark.parametrize(
    ("end", "error", "message"),
    [
        (None, None, None),
        ("", None, None),
        (in_(HOUR), None, None),
        (in_(timedelta(seconds=1)), None, None),
        (in_(timedelta(0)), "RuntimeError", STILL_EXPIRED),
        (in_(-HOUR), "RuntimeError", STILL_EXPIRED),
        ("2030-01-01T13:00:00", "TypeError", "can't subtract offset-naive and offset-aware datetimes"),
    ],
)
def test_past_their_end_they_are_not_handed_out(
    tmp_path: Path, end: str | None, error: str | None, message: str | None
) -> None:
    environ = environment_keys() if end is None else environment_keys(AWS_CREDENTIAL_EXPIRATION=end)
    fault = provider_checks.environment_fault(make_home(tmp_path, environ=environ), NOW)
    assert (fault and fault.error, fault and fault.message) == (error, message)


# AWS_CREDENTIAL_FILE

EC2 = "AWSAccessKeyId=AKIAEC2EXAMPLE\nAWSSecretKey=CANARY\n"
EC2_KEY = "AKIAEC2EXAMPLE"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (EC2, EC2_KEY),
        ("# c\r\n AWSAccessKeyId = AKIAEC2EXAMPLE \r\nnothing\r\nAWSSecretKey = C=D\r\n", EC2_KEY),
        (EC2.replace("\n", "\r"), EC2_KEY),
        ("AWSSecretKey=CANARY\n", None),
        ("", None),
        ("awsaccesskeyid=AKIAEC2EXAMPLE\nawssecretkey=CANARY\n", None),
        ("AWSAccessKeyId=AKIAEC2EXAMPLE\n", PredictedError("KeyError", "'AWSSecretKey'")),
    ],
)
def test_the_old_ec2_tools_file(
    make_home: HomeMaker, content: str, expected: str | PredictedError | None
) -> None:
    host = make_home(environ={"AWS_CREDENTIAL_FILE": "~/ec2"}, files={"ec2": content})
    assert found(provider_checks.fallbacks(host).ec2_credentials_file) == expected


def test_latin_1_in_it_stops_botocore(make_home: HomeMaker) -> None:
    host = make_home(environ={"AWS_CREDENTIAL_FILE": "~/ec2"}, files={"ec2": b"\xe9"})
    fault = found(provider_checks.fallbacks(host).ec2_credentials_file)
    assert isinstance(fault, PredictedError)
    assert fault.error == "UnicodeDecodeError"


@pytest.mark.parametrize("name", ["", "gone", "{HOME}", "a\0b"])
def test_where_the_variable_leads_nowhere_botocore_stops(make_home: HomeMaker, name: str) -> None:
    host = make_home(environ={"AWS_CREDENTIAL_FILE": name})
    fault = found(provider_checks.fallbacks(host).ec2_credentials_file)
    path = name.replace("{HOME}", str(host.home))
    assert fault == PredictedError(
        "ConfigNotFound", f"The specified config file ({path}) could not be found."
    )


def test_a_file_that_may_not_be_read_is_not_found(
    make_home: HomeMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(paths, "read_file", refuse)
    host = make_home(environ={"AWS_CREDENTIAL_FILE": "~/ec2"}, files={"ec2": EC2})
    fault = found(provider_checks.fallbacks(host).ec2_credentials_file)
    assert isinstance(fault, PredictedError)
    assert fault.error == "ConfigNotFound"


def test_no_variable_no_file(make_home: HomeMaker) -> None:
    assert found(provider_checks.fallbacks(make_home()).ec2_credentials_file) is None


# BOTO_CONFIG, /etc/boto.cfg, ~/.boto

BOTO = f"[Credentials]\n{keys('BOTO')}"
OTHER = f"[Credentials]\n{keys('OTHER')}"
BOTO_PARTIAL = "Partial credentials found in boto-config, missing: aws_secret_access_key"


@pytest.mark.parametrize(
    ("files", "environ", "expected"),
    [
        ({}, {}, None),
        ({".boto": BOTO}, {}, "AKIABOTOEXAMPLE"),
        ({"etc/boto.cfg": BOTO}, {}, "AKIABOTOEXAMPLE"),
        ({"etc/boto.cfg": BOTO, ".boto": OTHER}, {}, "AKIABOTOEXAMPLE"),
        ({"etc/boto.cfg": "[Boto]\n", ".boto": OTHER}, {}, "AKIAOTHEREXAMPLE"),
        ({"my": BOTO, ".boto": OTHER}, {"BOTO_CONFIG": "~/my"}, "AKIABOTOEXAMPLE"),
        ({"my": BOTO}, {"BOTO_CONFIG": "$HOME/my"}, "AKIABOTOEXAMPLE"),
        ({".boto": OTHER}, {"BOTO_CONFIG": "~/gone"}, None),
        ({".boto": OTHER}, {"BOTO_CONFIG": ""}, None),
        ({".boto": BOTO.lower().replace("akiabotoexample", "A")}, {}, None),  # the header's case counts
        (
            {".boto": "[Credentials]\naws_access_key_id = A\n"},
            {},
            PredictedError("PartialCredentialsError", BOTO_PARTIAL),
        ),
        ({".boto": "[Credentials]\naws_secret_access_key = CANARY\n"}, {}, None),
    ],
)
def test_boto_s_file(
    make_home: HomeMaker,
    files: Mapping[str, str],
    environ: Mapping[str, str],
    expected: str | PredictedError | None,
) -> None:
    host = make_home(files=files, environ=environ)
    assert found(provider_checks.fallbacks(host).boto_config) == expected


@pytest.mark.parametrize("place", [".boto", "etc/boto.cfg"])
def test_a_boto_file_that_does_not_parse_stops_botocore(make_home: HomeMaker, place: str) -> None:
    host = make_home(files={place: "garbage"})
    fault = found(provider_checks.fallbacks(host).boto_config)
    assert fault == PredictedError("ConfigParseError", f"Unable to parse config file: {host.home / place}")


# Once for all profiles


def test_a_file_is_read_once_whatever_comes_of_it(
    make_home: HomeMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = make_home(files={".boto": "garbage"}, environ={"AWS_CREDENTIAL_FILE": "~/ec2"})
    put(host.home / "ec2", EC2)
    read: list[str] = []
    real = paths.read_file

    def counting(path: Path) -> bytes:
        read.append(path.name)
        return real(path)

    monkeypatch.setattr(paths, "read_file", counting)
    fallbacks = provider_checks.fallbacks(host)
    assert read == []  # nobody has asked
    first = [found(fallbacks.boto_config), found(fallbacks.ec2_credentials_file)]
    put(host.home / "ec2", "")
    again = [found(fallbacks.boto_config), found(fallbacks.ec2_credentials_file)]
    assert first == again
    assert read == [".boto", "ec2"]
