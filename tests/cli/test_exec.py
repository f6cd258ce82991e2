"""``rolecall exec``: what a command is given, what is said before it starts, and how it ends."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from rolecall.actions import run_command, watch_command
from rolecall.actions.run_command import Program as Found
from rolecall.host import utc_now
from tests.cli.program import Outcome, Program, role_file
from tests.cli.sts import GOOD_CODE, SECRET, TOKEN, Sts, key_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no execve")


@dataclass
class Replaced:
    """What has taken rolecall's place.

    Attributes:
        words: the command; empty as long as nothing has.
        environ: its environment.
    """

    words: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> Replaced:
    """Keep this process where it is, and take down what was to replace it."""
    seen = Replaced()

    def replace_process(program: Found, environ: Mapping[str, str]) -> None:
        seen.words, seen.environ = program.words, environ

    monkeypatch.setattr(run_command, "replace_process", replace_process)
    monkeypatch.setattr(run_command, "run", lambda *_: 0)
    monkeypatch.setattr(watch_command, "can_watch", lambda _: False)
    return seen


def exported(calling: Program, name: str) -> dict[str, str | None]:
    """Return what the lines of ``rolecall export`` set, and unset (None)."""
    found: dict[str, str | None] = {}
    for line in calling("export", name, "--shell", "bash").lines:
        verb, _, rest = line.partition(" ")
        variable, _, value = rest.partition("=")
        found[variable] = value.strip("'") if verb == "export" else None
    return found


CROWDED = {
    "AWS_PROFILE": "other",
    "AWS_DEFAULT_PROFILE": "other",
    "AWS_SECURITY_TOKEN": "stale",
    "AWS_SESSION_EXPIRATION": "2020-01-01T00:00:00Z",
    "AWS_BEARER_TOKEN_BEDROCK": "stale",
    "AWS_VAULT": "old",
    "AWSUME_PROFILE": "old",
    "EDITOR": "vi",
}


@pytest.mark.long
@pytest.mark.parametrize("name", ["base", "admin", "deploy"])
def test_a_command_gets_exactly_what_export_sets_and_unsets(
    calling: Program, replaced: Replaced, name: str
) -> None:
    calling.environ |= CROWDED
    before = {"HOME": str(calling.home), **calling.environ}
    wanted = exported(calling, name)
    outcome = calling("exec", name, "--", "true", "--profile")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert replaced.words == ("true", "--profile")
    changed = {**before, **wanted}
    assert replaced.environ == {key: value for key, value in changed.items() if value is not None}


@pytest.mark.long
def test_temporary_credentials_come_with_their_end(calling: Program, sts: Sts, replaced: Replaced) -> None:
    calling("exec", "admin", "true")
    ends = sts.began + timedelta(hours=1)
    assert replaced.environ["AWS_CREDENTIAL_EXPIRATION"] == f"{ends:%Y-%m-%dT%H:%M:%SZ}"
    assert replaced.environ["AWS_ACCESS_KEY_ID"] == key_of("Admin")


@pytest.mark.long
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("base", "true", "--dry-run", "-x"), ("true", "--dry-run", "-x")),
        (("--at-least", "1m", "base", "true", "--", "x"), None),
        (("base", "--at-least", "1m", "--", "true", "--", "-h"), ("true", "--", "-h")),
        (("base", "--", "true", "--help"), ("true", "--help")),
    ],
)
def test_the_options_of_the_command_are_its_own(
    calling: Program, replaced: Replaced, arguments: tuple[str, ...], words: tuple[str, ...] | None
) -> None:
    outcome = calling("exec", *arguments)
    assert (outcome.code, replaced.words) == ((0, words) if words is not None else (2, ()))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument 'NAME'"),
        (("base",), "Missing argument 'COMMAND'"),
        (("base", "--"), "Missing argument 'COMMAND'"),
        (("base", "git", "log", "--", "file"), "the command comes after --: exec base -- git …"),
        (("--all", "base", "--", "true"), "--all takes no profiles"),
        (("account:9*", "--", "true"), "No profile matches 'account:9*'"),
        (("--jobs", "0", "base", "--", "true"), "--jobs"),
        (("base", "--dry-run", "true"), "Options of rolecall come before NAME, or before --"),
        (("nobody", "--", "true"), "there is no profile 'nobody'"),
        (("--at-least", "soon", "base", "--", "true"), "it is no duration"),
    ],
)
def test_wrong_usage_runs_nothing(
    calling: Program, sts: Sts, replaced: Replaced, arguments: tuple[str, ...], said: str
) -> None:
    outcome = calling("exec", *arguments)
    assert (outcome.code, replaced.words, sts.calls) == (2, (), [])
    assert said in outcome.err + outcome.out


def _file(path: Path, text: str, mode: int) -> str:
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_a_program_that_is_not_there_is_127_and_one_that_cannot_be_run_126(
    calling: Program, sts: Sts, replaced: Replaced
) -> None:
    data = _file(calling.home / "data", "", 0o600)
    calling.environ["PATH"] = f"{calling.home}{os.pathsep}{os.defpath}"
    assert calling("exec", "admin", "no-such-program").code == 127
    assert calling("exec", "admin", "/no/such/program").code == 127
    assert calling("exec", "admin", data).code == 126
    assert calling("exec", "admin", "data").code == 126
    # AND nobody was asked for credentials of no use
    assert (sts.calls, replaced.words) == ([], ())


@pytest.mark.long
def test_a_profile_without_credentials_runs_nothing(calling: Program, sts: Sts, replaced: Replaced) -> None:
    sts.refused = {"Admin"}
    outcome = calling("exec", "admin", "true")
    assert (outcome.code, replaced.words) == (1, ())
    assert outcome.err.startswith("rolecall: ")


@pytest.mark.long
def test_a_code_is_asked_for(calling: Program, replaced: Replaced) -> None:
    assert calling("exec", "guarded", "true").code == 1
    assert calling.asked("exec", "guarded", "true", secret=GOOD_CODE).code == 0
    assert replaced.environ["AWS_ACCESS_KEY_ID"] == key_of("Guarded")


# How long the credentials last


def _cached(calling: Program, minutes: float) -> None:
    ends = utc_now() + timedelta(minutes=minutes)
    stem = "c57ce9a3d9cfa2a4d1b1e0a4d3c8f9b0"
    found = calling("show", "admin", "--json").json["cache_file"] or stem
    calling.write(f"cli/cache/{found}", role_file(ends.strftime("%Y-%m-%dT%H:%M:%SZ")))


def _key(replaced: Replaced) -> str:
    return replaced.environ["AWS_ACCESS_KEY_ID"]


OLD = "ASIAIOSFODNN7EXAMPLE"


@pytest.mark.long
def test_credentials_that_last_are_used_as_they_are(calling: Program, sts: Sts, replaced: Replaced) -> None:
    _cached(calling, 20)
    assert calling("exec", "admin", "true").err == ""
    assert (_key(replaced), sts.calls) == (OLD, [])


@pytest.mark.long
@pytest.mark.parametrize("wanted", ["30m", "1800", "0h30m", "1801s"])
def test_credentials_that_expire_before_are_renewed(
    calling: Program, sts: Sts, replaced: Replaced, wanted: str
) -> None:
    _cached(calling, 20)
    assert calling("exec", "--at-least", wanted, "admin", "true").err == ""
    assert (_key(replaced), sts.calls) == (key_of("Admin"), ["Admin"])


@pytest.mark.long
def test_what_cannot_last_as_long_as_is_demanded_is_not_begun(
    calling: Program, sts: Sts, replaced: Replaced
) -> None:
    outcome = calling("exec", "--at-least", "2h", "deploy", "true")
    assert (outcome.code, replaced.words) == (1, ())
    assert "lasts one hour at most; nothing was run" in outcome.err
    # AND what is new was not fetched twice
    assert sts.calls == ["Admin", "Deploy"]


@pytest.mark.long
def test_a_failed_renewal_is_told_and_the_old_credentials_serve(
    calling: Program, sts: Sts, replaced: Replaced
) -> None:
    _cached(calling, 20)
    sts.refused = {"Admin"}
    outcome = calling("exec", "--at-least", "30m", "admin", "true")
    assert (outcome.code, replaced.words) == (1, ())
    assert "they could not be renewed" in outcome.err


@pytest.mark.long
def test_keys_in_a_file_that_expire_soon_are_told(calling: Program, replaced: Replaced) -> None:
    ends = utc_now() + timedelta(minutes=5)
    calling.credentials(
        "[pasted]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
        f"aws_session_token = x\nx_security_token_expires = {ends:%Y-%m-%dT%H:%M:%SZ}\n"
    )
    outcome = calling("exec", "pasted", "true")
    assert (outcome.code, replaced.words) == (0, ("true",))
    assert "the credentials of pasted expire in 4m" in outcome.err
    assert "only new ones can be put in their place" in outcome.err


# Read-only


@pytest.mark.long
@pytest.mark.parametrize(("minutes", "code"), [(20, 0), (5, 1), (-5, 1)])
def test_read_only_uses_what_is_valid_and_fetches_nothing(
    calling: Program, sts: Sts, replaced: Replaced, minutes: int, code: int
) -> None:
    _cached(calling, minutes)
    outcome = calling("--read-only", "exec", "admin", "true")
    assert (outcome.code, sts.calls) == (code, [])
    assert bool(replaced.words) is (code == 0)


@pytest.mark.long
def test_read_only_renews_nothing(calling: Program, sts: Sts, replaced: Replaced) -> None:
    _cached(calling, 20)
    outcome = calling("--read-only", "exec", "--at-least", "30m", "admin", "true")
    assert (outcome.code, sts.calls, replaced.words) == (1, [], ())
    assert "rolecall is read-only, and does not renew them" in outcome.err
    assert calling("--read-only", "exec", "base", "true").code == 0
    assert calling("--read-only", "exec", "helper", "true").code == 1


# What comes before the credentials


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("aws", "--profile", "other", "s3", "ls"), "the command names --profile other"),
        (("aws", "--profile=other"), "the command names --profile other"),
        (("env", "AWS_PROFILE=other", "aws"), "the command sets AWS_PROFILE"),
        (("env", "-i", "AWS_ACCESS_KEY_ID=x", "aws"), "the command sets AWS_ACCESS_KEY_ID"),
        (("env", "X=1", "aws", "--profile", "other"), "the command names --profile other"),
    ],
)
def test_what_the_command_itself_chooses_is_told(calling: Program, words: tuple[str, ...], said: str) -> None:
    calling.environ["PATH"] = f"{calling.home}{os.pathsep}{os.defpath}"
    _file(calling.home / "aws", "#!/bin/sh\n", 0o700)
    outcome = calling("exec", "--dry-run", "base", *words)
    assert outcome.code == 0
    assert said in outcome.err


@pytest.mark.parametrize(
    "words",
    [
        ("aws", "--profile", "base", "s3", "ls"),
        ("cargo", "build", "--profile", "other"),
        ("docker", "compose", "--profile", "other", "up"),
        ("env", "AWS_PROFILE=base", "aws"),
        ("env", "AWS_PAGER=", "aws", "s3", "ls"),
    ],
)
def test_what_chooses_nothing_else_is_not_told(calling: Program, words: tuple[str, ...]) -> None:
    calling.environ["PATH"] = f"{calling.home}{os.pathsep}{os.defpath}"
    for name in ("aws", "cargo", "docker"):
        _file(calling.home / name, "#!/bin/sh\n", 0o700)
    assert calling("exec", "--dry-run", "base", *words).err == ""


def test_settings_of_the_default_profile_that_stop_every_command_are_told(calling: Program) -> None:
    path = calling.aws / "config"
    calling.config(f"{path.read_text()}\n[default]\nsso_session = nowhere\n")
    outcome = calling("exec", "--dry-run", "base", "true")
    assert outcome.code == 0
    assert "whatever credentials it has" in outcome.err


@pytest.mark.parametrize(
    ("setting", "environ", "is_told"),
    [
        ("endpoint_url = http://localhost:4566", {}, True),
        ("ca_bundle = /x.pem", {}, True),
        ("services = local", {}, True),
        ("endpoint_url = http://localhost:4566", {"AWS_ENDPOINT_URL_S3": "http://localhost:4566"}, False),
        ("ca_bundle = /x.pem", {"REQUESTS_CA_BUNDLE": "/x.pem"}, False),
        ("region = eu-west-1", {}, False),
    ],
)
def test_settings_that_do_not_come_along_are_told(
    rolecall: Program, setting: str, environ: dict[str, str], *, is_told: bool
) -> None:
    rolecall.credentials(
        f"[local]\naws_access_key_id = AKIAIOSFODNN7EXAMPLQ\naws_secret_access_key = x\n{setting}\n"
    )
    rolecall.environ |= environ
    assert (
        "does not come with its credentials" in rolecall("exec", "--dry-run", "local", "true").err
    ) is is_told


# --dry-run


def test_a_dry_run_says_what_it_would_do_and_does_nothing(
    calling: Program, sts: Sts, replaced: Replaced
) -> None:
    calling.environ |= CROWDED
    files = set(calling.home.rglob("*"))
    out = calling("exec", "--dry-run", "guarded", "true", "--password", "hunter2hunter2").out
    assert "set    AWS_ACCESS_KEY_ID=…\n" in out
    assert "set    AWS_SECRET_ACCESS_KEY=••••\n" in out
    assert "unset  AWS_VAULT\n" in out
    assert "hunter2" not in out
    assert (sts.calls, replaced.words, set(calling.home.rglob("*"))) == ([], (), files)


def test_a_dry_run_as_json(calling: Program) -> None:
    found = calling("exec", "--dry-run", "--json", "base", "true", "-p", "hunter2hunter2").json
    assert found["schema"] == "rolecall/1"
    assert found["profile"] == "base"
    assert found["command"][:2] == ["true", "-p"]
    assert found["set"]["AWS_ACCESS_KEY_ID"] == "…MPLE"
    assert found["set"]["AWS_REGION"] == "us-east-1"
    assert "AWS_PROFILE" in found["unset"]
    assert (found["fetches"], found["remarks"]) == (False, [])
    assert calling("exec", "--dry-run", "--json", "admin", "true").json["fetches"] is True


def _has_no_secret(outcome: Outcome) -> None:
    for secret in (SECRET, TOKEN, "wJalrXUtnFEMI", "CANARYhelper", "hunter2"):
        assert secret not in outcome.out + outcome.err


@pytest.mark.long
@pytest.mark.parametrize("name", ["base", "admin", "helper", "helped"])
def test_nothing_that_is_said_has_a_secret(calling: Program, replaced: Replaced, name: str) -> None:
    for options in (("--dry-run",), ("--dry-run", "--json"), ("--yes", "--at-least", "9h"), ("--yes",)):
        _has_no_secret(calling("exec", *options, name, "true"))
    assert all(SECRET not in word for word in replaced.words)


# Several profiles


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("deploy", "base"), ["base", "deploy"]),
        (("base", "base", "b*"), ["base"]),
        (("account:1234*",), ["admin", "deploy", "long", "guarded", "other", "helped"]),
        (("account:1234* role:o*",), ["other"]),
        (("role:Other", "kind:process"), ["other", "helper"]),
        (("state:permanent",), ["base"]),
        (("*e*d",), ["guarded", "helped"]),
        (("--all",), None),
    ],
)
def test_profiles_are_named_or_found_as_in_the_app(
    calling: Program, arguments: tuple[str, ...], names: list[str] | None
) -> None:
    found = calling("exec", "--dry-run", "--json", *arguments, "--", "true").json["profiles"]
    told = [each["profile"] for each in found]
    if names is None:
        assert told == [each["name"] for each in calling("list", "--json").json["profiles"]]
    else:
        assert sorted(told) == sorted(names)


SCRIPT = 'echo out $AWS_REGION; echo err >&2; [ -z "$AWS_SESSION_TOKEN" ] || exit 3'


@pytest.mark.long
def test_each_line_has_its_profile_and_the_highest_exit_code_counts(calling: Program, sts: Sts) -> None:
    sts.refused = {"Other"}
    outcome = calling("exec", "base", "admin", "other", "--", "sh", "-c", SCRIPT)
    assert outcome.code == 3
    assert sorted(outcome.lines) == ["admin | out", "base  | out us-east-1"]
    assert {"admin | err", "base  | err"} <= set(outcome.err.splitlines())
    assert "rolecall: admin: exit code 3" in outcome.err
    assert "rolecall: other: not run: " in outcome.err
    assert outcome.err.splitlines()[-1] == "rolecall: 3 profiles: 1 fine, 2 failed"


@pytest.mark.long
def test_as_json_each_line_is_an_object_without_the_keys_of_the_profile(calling: Program) -> None:
    outcome = calling("exec", "--json", "base", "admin", "--", "sh", "-c", "env; exit 254")
    objects = [json.loads(line) for line in outcome.lines]
    assert outcome.code == 254
    assert {each["profile"] for each in objects[:-1]} == {"base", "admin"}
    assert "AWS_SECRET_ACCESS_KEY=••••" in {each["line"] for each in objects[:-1]}
    assert [(each["profile"], each["exit_code"]) for each in objects[-1]["results"]] == [
        ("admin", 254),
        ("base", 254),
    ]
    _has_no_secret(outcome)


@pytest.mark.long
def test_one_code_serves_all_and_an_error_of_aws_is_told_of_its_profile(calling: Program) -> None:
    said = "An error occurred (AccessDenied) when calling the ListBuckets operation: no"
    script = f'[ -n "$AWS_SESSION_TOKEN" ] || {{ echo "{said}" >&2; exit 254; }}'
    outcome = calling.asked("exec", "base", "guarded", "--", "sh", "-c", script, secret=GOOD_CODE)
    assert outcome.code == 254
    assert "rolecall: base: exit code 254: base: AWS refuses: no" in outcome.err
