"""A cure that would stop whoever works, or take a key that stands nowhere else, becomes advice."""

from pathlib import Path

import pytest

from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.fixes import Fix, FixAction, harmless
from rolecall.doctor.fixes import offered as as_offered
from rolecall.doctor.registry import examine
from tests.homes import make_home

LONG_TERM = "aws_access_key_id = AKIAQ3EGRIDLONGTERM1\naws_secret_access_key = CANARY\n"
TEMPORARY = "aws_access_key_id = ASIAQ3EGRIDTEMPORARY\naws_secret_access_key = C\naws_session_token = C\n"
ROLE = "role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = base\n"
KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
NO_KEYS = fixes.change("take the keys out", "base", dict.fromkeys(KEYS), FileKind.CREDENTIALS)
NO_WEB_IDENTITY = {"AWS_WEB_IDENTITY_TOKEN_FILE": None, "AWS_ROLE_ARN": None}


def offered(place: Path, fix: Fix, **home: object) -> Fix:
    return harmless(Snapshot.take(make_home(place, **home)), fix)  # type: ignore[arg-type]  # as it takes them


@pytest.mark.parametrize(
    ("fix", "home", "harm"),
    [
        (NO_KEYS, {"credentials": f"[base]\n{LONG_TERM}"}, "the only copy of a long-term key"),
        (
            NO_KEYS,
            {"credentials": f"[base]\n{LONG_TERM}", "config": "[profile base]\ncredential_process = x\n"},
            "the only copy of a long-term key",
        ),
        (
            NO_KEYS,
            {"credentials": f"[base]\n{TEMPORARY}", "config": f"[profile x]\n{ROLE}"},
            "base, x would fail",
        ),
        (
            fixes.change("write role_arn", "base", {"role_arn": "arn:aws:iam::1:role/x", "aws_role": None}),
            {"credentials": f"[base]\n{TEMPORARY}"},
            "base would fail",
        ),
        (
            fixes.change("write it", "x", {"source_profile": "gone"}),
            {"credentials": f"[base]\n{LONG_TERM}", "config": f"[profile x]\n{ROLE}"},
            "x would fail",
        ),
    ],
)
def test_what_would_do_harm_is_advice(tmp_path: Path, fix: Fix, home: dict[str, object], harm: str) -> None:
    found = offered(tmp_path, fix, **home)
    assert found.run() is None
    assert found.changes == {}
    assert (
        found.words == f"{fix.words}; not in one step, because {harm if 'would' in harm else 'it is ' + harm}"
    )


def test_what_default_leaks_is_not_to_be_removed_from_one_profile(tmp_path: Path) -> None:
    fix = fixes.change("take it out", "base", {"mfa_serial": None}, FileKind.CREDENTIALS)
    home = f"[DEFAULT]\nmfa_serial = x\n[base]\n{LONG_TERM}"
    assert offered(tmp_path, fix, credentials=home).run() is None
    assert offered(tmp_path, fix, credentials=f"[base]\n{LONG_TERM}mfa_serial = x\n") is fix


def test_variables_by_which_this_shell_works_stay(tmp_path: Path) -> None:
    environ = {
        "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token",
        "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/x",
    }
    fix = fixes.run("unset them", "unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN", NO_WEB_IDENTITY)
    found = offered(tmp_path, fix, environ=environ, files={"token": "CANARY"})
    assert (found.doing, found.run()) == (FixAction.NOTHING, None)
    assert "commands that name no profile would fail" in found.words
    # WHEN they do not work, they may go
    assert offered(tmp_path, fix, environ=environ | {"AWS_ROLE_ARN": ""}) == fix


PROCESS = "[profile base]\ncredential_process = x\n"


@pytest.mark.parametrize(
    ("fix", "config", "credentials"),
    [
        (NO_KEYS, PROCESS, f"[base]\n{TEMPORARY}"),
        (NO_KEYS, PROCESS, f"[base]\n{LONG_TERM}[ops]\n{LONG_TERM}"),
        (fixes.change("set it", "base", {"region": "eu-west-1"}), "", f"[base]\n{LONG_TERM}"),
        (
            fixes.change("set it", "x", {"source_profile": "base"}),
            "[profile x]\nrole_arn = arn:aws:iam::111122223333:role/x\n",
            f"[base]\n{LONG_TERM}",
        ),
    ],
)
def test_what_does_none_is_offered(tmp_path: Path, fix: Fix, config: str, credentials: str) -> None:
    assert offered(tmp_path, fix, config=config, credentials=credentials) is fix


@pytest.mark.parametrize(
    ("fix", "applies"),
    [
        (fixes.log_in("default"), False),
        (fixes.log_in("gone"), False),
        (fixes.log_in("lacks"), False),
        (fixes.log_in("dev"), True),
        (fixes.log_in("corp"), True),
        (fixes.assume("default"), False),
        (fixes.assume("gone"), False),
        (fixes.assume("over"), False),
        (fixes.assume("x"), True),
        (fixes.clear(Path("/gone")), False),
    ],
)
def test_what_its_target_cannot_do_is_words_only(tmp_path: Path, fix: Fix, *, applies: bool) -> None:
    url = "sso_start_url = https://corp.awsapps.com/start\n"
    sso = "sso_account_id = 111122223333\nsso_role_name = R\n"
    config = (
        f"[default]\nregion = eu-west-1\n[sso-session corp]\n{url}sso_region = eu-west-1\n"
        f"[profile dev]\nsso_session = corp\n{sso}[profile lacks]\n{url}{sso}"
        f"[profile base]\n{LONG_TERM}[profile x]\nregion = eu-west-1\n{ROLE}"
        f"[profile over]\n{ROLE.replace('base', 'gone')}"
    )
    found = as_offered(Snapshot.take(make_home(tmp_path, config=config)), fix)
    assert (found.run() is not None) is applies
    assert found.words == fix.words


def test_a_key_with_a_block_for_its_secret_is_no_copy_of_a_key(tmp_path: Path) -> None:
    nested = "[profile base]\naws_access_key_id = AKIAQ3EGRIDLONGTERM1\naws_secret_access_key =\n  a = b\n"
    fix = fixes.change("take the keys out", "base", dict.fromkeys(KEYS), FileKind.CONFIG)
    assert offered(tmp_path, fix, config=nested).words.endswith("base would fail")


@pytest.mark.parametrize(
    "command",
    [
        "aws configure export-credentials",
        "sh -c 'aws configure export-credentials'",
        "env aws sts get-session-token",
    ],
)
def test_keys_that_a_process_gets_from_this_shell_stay(tmp_path: Path, command: str) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "AKIAQ3EGRIDLONGTERM1", "AWS_SECRET_ACCESS_KEY": "CANARY"}
    config = f"[profile tool]\ncredential_process = {command}\n"
    snapshot = Snapshot.take(make_home(tmp_path, config=config, environ=keys))
    found = harmless(snapshot, fixes.unset(snapshot.host, *keys, words="unset them"))
    assert found.run() is None
    assert "tool would fail" in found.words


def test_a_line_that_breaks_one_file_is_not_offered_while_the_other_is_broken(tmp_path: Path) -> None:
    config = (
        "[profile prod]\nregion = us-east-1\n[profile dev]\nregion = us-east-1[profile prod]\noutput = x\n"
    )
    twice = f"[prod]\n{LONG_TERM}[prod]\n{LONG_TERM}"
    snapshot = Snapshot.take(make_home(tmp_path, config=config, credentials=twice))
    glued = [each for each in examine(snapshot).all if each.code == "glued-line"]
    assert glued
    assert all(each.fix.doing is not FixAction.REWRITE for each in glued)
