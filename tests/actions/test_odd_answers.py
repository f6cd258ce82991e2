"""What answers in AWS's place, with whatever: told in a sentence, within bounds, and not kept."""

import gzip
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rolecall.actions import worker_client
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.actions.odd import CHUNKED, LONG, PIECE, Answering, Odd, Worker, endless, http
from tests.actions.stubbed import role
from tests.actions.writing.lists import ACCESS_LIST, DEFAULT_LIST, access_list
from tests.homes import put, soon
from tests.interop.stub import NAMESPACE
from tests.interop.texts import BASE, sso_token_file

PAGE = "<!DOCTYPE html><html><head><meta charset=utf-8><title>Welcome</title></head><p>CANARY</html>"
SSO = """\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
[profile x]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Reader
"""
EVERYWHERE: dict[str, Answering] = {
    "a page": http(PAGE, "text/html; charset=utf-8"),
    "a page that is called something else": http(f"\n {PAGE}"),
    "a page that forbids": http(PAGE, "text/html", 403),
    "a page that is not there": http(PAGE, "text/html", 404),
    "a way to somewhere else": http("", status=302, location="http://portal.example/login?x=CANARY"),
    "a way to nowhere": http("", status=307),
    "nothing": http(""),
    "half a document": http("<AssumeRoleResponse><Ass"),
    "no UTF-8": http(b"\xff\xfe\x00CANARY"),
    "a list": http("[]", "application/json"),
    "a number": http("3", "application/json"),
    "a text": http('"CANARY"', "application/json"),
    "null": http("null", "application/json"),
    "something else in JSON": http('{"message": {"CANARY": [1]}}', "application/json"),
    "something else in XML": http("<rss><channel/></rss>"),
    "nesting without end": http("[" * 200_000, "application/json"),
    "nesting without end in XML": http("<a>" * 200_000),
    "a bomb of gzip": http(gzip.compress(bytes(100_000_000)), content_encoding="gzip"),
    "a bomb of entities": http(
        '<!DOCTYPE a [<!ENTITY a "CANARY">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 10))
        + "]><a>&a9;</a>"
    ),
    "no end of it": endless(CHUNKED, b"10000\r\n" + PIECE + b"\r\n"),
    "three gigabytes": endless(LONG, PIECE),
}


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Worker:
    return Worker(tmp_path, monkeypatch)


def told(worker: Worker, task: str, answer: Answering, *variables: str) -> str:
    """Have a task fail over an answer, look at what must hold, and return what a person is told."""
    before = worker.caches()
    with Odd(answer) as odd, soon(20):
        worker.set(**dict.fromkeys(variables or ("AWS_ENDPOINT_URL",), odd.url))
        failed = worker.failure(task)
    snapshot = Snapshot.take(Host.of(worker.home, dict.fromkeys(variables, "http://localhost")))
    message = worker_client.failure(str(failed["kind"]), str(failed["message"]), snapshot, "x").message
    assert odd.asked
    assert odd.sent < 60_000_000
    assert worker.caches() == before
    assert len(message) < 5000
    assert "CANARY" not in message
    return message


def sts_gives(end: object = None, key: str = "ASIAIOSFODNN7EXAMPLE", more: str = "") -> Answering:
    """Return what STS answers to AssumeRole."""
    ends = (datetime.now(UTC) + timedelta(hours=1)).isoformat() if end is None else end
    return http(
        f'<AssumeRoleResponse xmlns="{NAMESPACE}"><AssumeRoleResult><Credentials>'
        f"<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>CANARY</SecretAccessKey>"
        f"<SessionToken>CANARY</SessionToken><Expiration>{ends}</Expiration>{more}</Credentials>"
        f"</AssumeRoleResult></AssumeRoleResponse>"
    )


STS = {
    "no credentials": http("<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>"),
    "no key": sts_gives(key=""),
    "a key of two lines": sts_gives(key="ASIA&#10;X"),
    **{
        f"the end {end}": sts_gives(end)
        for end in (
            *("", "NaN", "1e400", "-1e400", "soon", "2030-01-01T00:00:00", "9999-12-31T23:59:59Z", "1" * 30),
            *("99999-01-01T00:00:00Z", "0000-00-00T00:00:00Z", "0001-01-01T00:00:00+14:00", "1e18", "3e10"),
        )
    },
}


@pytest.mark.long
@pytest.mark.parametrize("name", [*EVERYWHERE, *STS])
def test_what_answers_for_sts(worker: Worker, name: str) -> None:
    put(worker.home / ".aws/config", BASE + role("x"))
    message = told(worker, "assume", (EVERYWHERE | STS)[name])
    assert message.startswith("what answers does not seem to be AWS (")


def test_what_sts_gives_is_taken(worker: Worker) -> None:
    put(worker.home / ".aws/config", BASE + role("x"))
    with Odd(sts_gives()) as odd:
        worker.set(AWS_ENDPOINT_URL=odd.url)
        assert worker.do("assume")["was_cached"] is False
    assert len(worker.caches()) == 1


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="access lists are Linux's")
def test_a_cache_that_lets_others_in_by_default_lets_nobody_into_an_entry(worker: Worker) -> None:
    put(worker.home / ".aws/config", BASE + role("x"))
    cache = worker.home / ".aws/cli/cache"
    cache.mkdir(parents=True)
    try:
        os.setxattr(cache, DEFAULT_LIST, access_list(7))
    except OSError:
        pytest.skip("this file system has no such attributes")
    with Odd(sts_gives()) as odd:
        worker.set(AWS_ENDPOINT_URL=odd.url)
        worker.do("assume")
    (entry,) = cache.iterdir()
    assert ACCESS_LIST not in os.listxattr(entry)
    assert entry.stat().st_mode & 0o777 == 0o600


@pytest.mark.long
@pytest.mark.parametrize("end", ["2001-01-01T00:00:00Z", "0", "-5"])
def test_credentials_that_ended_long_ago_are_not_aws_s(worker: Worker, end: str) -> None:
    put(worker.home / ".aws/config", BASE + role("x"))
    assert "does not seem to be AWS" in told(worker, "assume", sts_gives(end))


def test_credentials_that_have_ended_already_are_not_kept(worker: Worker) -> None:
    put(worker.home / ".aws/config", BASE + role("x"))
    end = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    assert told(worker, "assume", sts_gives(end)) == "the new credentials had expired already"


@pytest.mark.long
@pytest.mark.parametrize("name", EVERYWHERE)
def test_what_answers_who_one_is(worker: Worker, name: str) -> None:
    put(worker.home / ".aws/config", BASE.replace("profile base", "profile x"))
    message = told(worker, "identity", EVERYWHERE[name])
    assert message.startswith("what answers does not seem to be AWS (")


def logged_in(worker: Worker, left: timedelta = timedelta(hours=8)) -> None:
    """Write an SSO profile and its token."""
    put(worker.home / ".aws/config", SSO)
    token = {
        "startUrl": "https://corp.awsapps.com/start",
        "region": "eu-west-1",
        "accessToken": "CANARY",
        "expiresAt": (datetime.now(UTC) + left).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "clientId": "client",
        "clientSecret": "CANARY",
        "registrationExpiresAt": "2099-01-01T00:00:00Z",
        "refreshToken": "CANARY",
    }
    put(worker.home / ".aws" / sso_token_file("corp"), token)


def sso_gives(**changes: object) -> Answering:
    """Return what SSO answers to GetRoleCredentials."""
    found = {
        "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "secretAccessKey": "CANARY",
        "sessionToken": "CANARY",
        "expiration": int((datetime.now(UTC) + timedelta(hours=1)).timestamp() * 1000),
    }
    changed = {name: value for name, value in (found | changes).items() if value is not ...}
    return http(json.dumps({"roleCredentials": changed}), "application/json")


INF, NAN = float("inf"), float("nan")
NO_TEXTS: tuple[object, ...] = (None, ..., 5, [], {}, "", "a\nb")
NO_TIMES: tuple[object, ...] = (None, ..., NAN, INF, -INF, -1, 1e18, 10**30, "soon", [], {}, True)
ROLES = {
    "no credentials": http("{}", "application/json"),
    "credentials that are a list": http('{"roleCredentials": []}', "application/json"),
    "credentials that are a text": http('{"roleCredentials": "CANARY"}', "application/json"),
    **{f"the end {end}": sso_gives(expiration=end) for end in NO_TIMES},
    **{f"the key {key}": sso_gives(accessKeyId=key) for key in NO_TEXTS},
    **{f"the token {token}": sso_gives(sessionToken=token) for token in NO_TEXTS},
}


@pytest.mark.long
@pytest.mark.parametrize("name", [*EVERYWHERE, *ROLES])
def test_what_answers_for_sso(worker: Worker, name: str) -> None:
    logged_in(worker)
    message = told(worker, "assume", (EVERYWHERE | ROLES)[name])
    assert message.startswith("what answers does not seem to be AWS (")


def token_gives(**changes: object) -> Answering:
    """Return what SSO's OIDC service answers to CreateToken."""
    found = {"accessToken": "CANARY", "tokenType": "Bearer", "expiresIn": 28800, "refreshToken": "CANARY"}
    changed = {name: value for name, value in (found | changes).items() if value is not ...}
    return http(json.dumps(changed), "application/json")


NO_SPANS: tuple[object, ...] = (None, ..., NAN, INF, -5, 1e30, 10**30, "8h", [])
TOKENS = {
    **{f"the end {end}": token_gives(expiresIn=end) for end in NO_SPANS},
    **{f"the token {token}": token_gives(accessToken=token) for token in NO_TEXTS},
    **{f"the refresh token {token}": token_gives(refreshToken=token) for token in NO_TEXTS[2:]},
}


@pytest.mark.long
@pytest.mark.parametrize("name", [*EVERYWHERE, *TOKENS])
def test_what_answers_where_a_token_is_renewed(worker: Worker, name: str) -> None:
    logged_in(worker, timedelta(minutes=5))
    message = told(worker, "credentials", (EVERYWHERE | TOKENS)[name])
    assert message.startswith("what answers does not seem to be AWS (")


def container_gives(**changes: object) -> Answering:
    """Return what a container's endpoint answers."""
    found = {
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "CANARY",
        "Token": "CANARY",
        "Expiration": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
    }
    changed = {name: value for name, value in (found | changes).items() if value is not ...}
    return http(json.dumps(changed), "application/json")


NO_ENDS: tuple[object, ...] = (..., 5, NAN, "soon", [], "2030-01-01T00:00")
CONTAINERS = {
    **{f"the end {end}": container_gives(Expiration=end) for end in NO_ENDS},
    **{f"the key {key}": container_gives(AccessKeyId=key) for key in NO_TEXTS[1:5]},
}


@pytest.mark.long
@pytest.mark.parametrize("name", [*EVERYWHERE, *CONTAINERS])
def test_what_answers_for_a_container(worker: Worker, name: str) -> None:
    put(
        worker.home / ".aws/config",
        "[profile x]\nrole_arn = arn:aws:iam::123456789012:role/x\ncredential_source = EcsContainer\n",
    )
    variables = "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_ENDPOINT_URL"
    message = told(worker, "assume", (EVERYWHERE | CONTAINERS)[name], *variables)
    sentences = "what answers does not seem to be AWS (", "the container gives no credentials"
    assert message.startswith(sentences)
