"""A ``credential_process`` from the CLI's cache: one call for all who ask, and nobody waits for a person."""

import json
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import boto3.session
import pytest

from rolecall.actions import process
from rolecall.actions.errors import ActionFailed
from rolecall.actions.process import ProcessPrompts, Served
from rolecall.actions.prompts import Cancel
from rolecall.aws.providers import Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host, utc_now
from tests.actions.people import Somebody
from tests.actions.stubbed import ACCOUNT, Place, device, role
from tests.homes import put
from tests.interop.sts import SECRET, TOKEN, refuses
from tests.interop.stub import Stub


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Stub() as stub:
        yield Place(tmp_path, stub)


def entry(minutes: float) -> str:
    end = (utc_now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
    parts = {"AccessKeyId": "ASIACACHED0000000000", "SecretAccessKey": SECRET, "SessionToken": TOKEN}
    return json.dumps({"Credentials": {**parts, "Expiration": end}, "AssumedRoleUser": {"Arn": "a"}})


def serve(place: Place, name: str, *, person: Somebody | None = None) -> Served:
    prompts = ProcessPrompts(person or Somebody(), name, has_person=person is not None)
    return process.serve(lambda _before: place.snapshot(), name, prompts, Cancel())


def key(served: Served) -> str:
    found = json.loads(served.text)
    assert found["Version"] == 1
    assert found["Expiration"].endswith("Z")
    return str(found["AccessKeyId"])


def test_what_is_cached_is_read_without_a_call(place: Place) -> None:
    snapshot = place.snapshot(role("one", more=device()))
    place.keep(snapshot, "one", entry(minutes=40))
    served = serve(place, "one")
    assert key(served) == "ASIACACHED0000000000"
    assert place.stub.calls == []
    assert SECRET not in repr(served)


@pytest.mark.long
def test_a_hundred_that_ask_at_once_make_one_call(place: Place) -> None:
    place.snapshot(role("one"))
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(key(serve(place, "one")))) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 100
    assert len(set(found)) == 1
    assert place.assumed() == ["one"]


@pytest.mark.long
def test_long_term_keys_are_asked_for_again_after_an_hour(place: Place) -> None:
    place.snapshot("")
    served = serve(place, "base")
    found = json.loads(served.text)
    assert "SessionToken" not in found
    assert found["Expiration"] > utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.long
def test_nobody_is_waited_for_where_there_is_no_terminal(place: Place) -> None:
    place.snapshot(role("one", more=device()))
    with pytest.raises(ActionFailed) as raised:
        serve(place, "one")
    assert raised.value.kind == "NoTerminal"
    assert "rolecall assume one" in str(raised.value.cure)
    assert place.assumed() == []
    # at a terminal the code is asked for
    assert key(serve(place, "one", person=Somebody(codes=["123456"])))


@pytest.mark.long
def test_what_cannot_be_renewed_and_is_still_valid_is_given_with_the_reason(place: Place) -> None:
    snapshot = place.snapshot(role("one"))
    place.keep(snapshot, "one", entry(minutes=8))
    place.stub.rules["AssumeRole"] = refuses("AccessDenied", "no")
    served = serve(place, "one")
    assert key(served) == "ASIACACHED0000000000"
    assert served.problem is not None
    assert served.problem.kind == "AccessDenied"
    place.keep(snapshot, "one", entry(minutes=-1))
    with pytest.raises(ActionFailed):
        serve(place, "one")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"Credentials": {"Expiration": "2999-01-01T00:00:00Z"}}']
)
def test_a_damaged_entry_is_not_given(place: Place, content: str) -> None:
    snapshot = place.snapshot(role("one"))
    place.keep(snapshot, "one", content)
    assert process._cached(place.snapshot(), "one") is None


def test_a_loop_is_told_and_not_run(place: Place) -> None:
    place.snapshot(role("one"))
    place.environ[process.RUNNING] = "other\none"
    with pytest.raises(ActionFailed) as raised:
        serve(place, "one")
    assert raised.value.kind == "ProcessLoop"


# making a profile use it


def written(home: Path, config: str, name: str) -> tuple[Snapshot, Snapshot]:
    """Install it; return what there was before and after."""
    put(home / ".aws" / "config", config)
    put(
        home / ".aws" / "credentials",
        "[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n",
    )
    put(home / "bin" / "rolecall", "#!/bin/sh\n").chmod(0o755)
    host = Host.of(home, {"PATH": str(home / "bin")})
    before = Snapshot.take(host)
    for change in process.install(before, name).changes:
        assert change.after is not None
        change.path.write_bytes(change.after)
    return before, Snapshot.take(host)


SSO = """[profile dev]
# mine
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Dev
region = eu-west-1
s3 =
  max_queue_size = 7
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
"""


@pytest.mark.parametrize(
    ("config", "name"),
    [
        (role("one", more=device() + "region = eu-west-1   # here\nexternal_id = x1\n"), "one"),
        (role("one") + role("two", "one"), "one"),
        (role("one") + role("two", "one"), "two"),
        (role("-x"), "-x"),
        (role("default").replace("[profile default]", "[default]"), "default"),
        (SSO, "dev"),
        (
            f"[profile web]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/w\nweb_identity_token_file = /none\n",
            "web",
        ),
        (role('"a b"', "base").replace('role/"a b"', "role/x"), "a b"),
    ],
)
def test_the_settings_of_the_role_move_and_everything_else_stays(
    tmp_path: Path, config: str, name: str
) -> None:
    before, after = written(tmp_path, config, name)
    source, old, new = f"{name}-source", before.profiles[name], after.profiles[name]
    assert after.profiles[source].values == old.values
    assert after.profiles[source].cache_file == old.cache_file
    for tool in Tool:
        assert new.resolutions[tool].provider == Provider.PROCESS
        assert after.profiles[source].resolutions[tool].provider == old.resolutions[tool].provider
        assert after.profiles[source].resolutions[tool].error == old.resolutions[tool].error
    kept = {key: value for key, value in old.values.items() if key in ("region", "s3", "output")}
    assert dict(new.values) == {**kept, "credential_process": new.values["credential_process"]}
    # the state of what it serves is its own
    assert new.expiry == after.profiles[source].expiry
    others = before.profiles.keys() - {name}
    assert {each: after.profiles[each].effective.error for each in others} == {
        each: before.profiles[each].effective.error for each in others
    }


@pytest.mark.skipif(sys.platform == "win32", reason="the made-up rolecall is a shell script")
def test_what_it_says_is_a_command_that_botocore_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a rolecall that prints what it is asked
    program = put(tmp_path / "a dir" / "rolecall", _PRINTS)
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    written(tmp_path, role('"a b"', "base").replace('role/"a b"', "role/x"), "a b")
    for name, value in {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    # WHEN boto3 uses the profile
    found = boto3.session.Session(profile_name="a b").get_credentials()
    assert found is not None
    assert found.method == "custom-process"
    assert found.get_frozen_credentials().access_key == "process|a b-source"


_PRINTS = """#!/bin/sh
IFS='|'
printf '{"Version": 1, "AccessKeyId": "%s", "SecretAccessKey": "x", "SessionToken": "y"}' "$*"
"""


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ("", "base"),  # keys
        ("[profile p]\ncredential_process = x\n", "p"),
        (role("one") + role("one-source"), "one"),
        (role("one", "one", "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"), "one"),
    ],
)
def test_what_would_not_be_the_same_is_refused(tmp_path: Path, config: str, name: str) -> None:
    with pytest.raises(ActionFailed) as raised:
        written(tmp_path, config, name)
    assert raised.value.kind == "NotApplicable"
