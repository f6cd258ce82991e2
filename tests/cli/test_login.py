"""``rolecall login`` and ``logout``: the device flow against a loopback SSO; ``aws login`` as a program."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.aws import cache_files
from rolecall.host import utc_now
from tests.cli.program import Outcome, Program
from tests.interop.sso_stub import CODE, DENIED, PENDING, SsoStub

CONFIG = """\
[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile dev]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Dev

[profile test]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Test

[profile console]
login_session = arn:aws:iam::123456789012:user/me

[profile keys]
region = eu-west-1
"""
TOKEN = f"{cache_files.sso_token('corp')}.json"
AWS_V2 = """\
#!/bin/sh
if [ "$1" = --version ]; then echo "aws-cli/2.36.7 Python/3.13 Linux/6"; exit; fi
echo "$@" > "$HOME/asked"
echo "Opening the browser"
exit {code}
"""


@pytest.fixture
def sso() -> Iterator[SsoStub]:
    """Run an SSO on loopback."""
    with SsoStub() as running:
        yield running


@pytest.fixture
def corp(bare: Program, sso: SsoStub) -> Program:
    """Return the program over profiles that log in at a loopback SSO; there is no browser."""
    bare.config(CONFIG)
    bare.environ |= {"AWS_ENDPOINT_URL": sso.url, "NO_PROXY": "127.0.0.1", "AWS_MAX_ATTEMPTS": "1"}
    bare.clock = utc_now
    return bare


def _token(corp: Program) -> Path:
    return corp.aws / "sso" / "cache" / TOKEN


def _assert_discreet(sso: SsoStub, outcome: Outcome) -> None:
    assert sso.secrets
    assert [secret for secret in sso.secrets if secret in outcome.out + outcome.err] == []


@pytest.mark.long
def test_login_shows_address_and_code_and_writes_the_token(corp: Program, sso: SsoStub) -> None:
    sso.answers.before_token = [PENDING]
    outcome = corp("login", "dev")
    assert outcome.code == 0, outcome.err
    assert f"Code: {CODE}" in outcome.err
    assert "Log in at http" in outcome.err
    assert outcome.out.startswith("Logged in to corp for ")
    assert json.loads(_token(corp).read_text())["accessToken"] in sso.tokens
    _assert_discreet(sso, outcome)


@pytest.mark.long
@pytest.mark.parametrize("config", [CONFIG, CONFIG[: CONFIG.index("[profile dev]")]])
def test_a_session_is_logged_in_to_and_out_of_by_its_own_name(
    corp: Program, sso: SsoStub, config: str
) -> None:
    corp.config(config)
    outcome = corp("login", "corp", "--json")
    assert outcome.code == 0, outcome.err
    assert outcome.json["name"] == "corp"
    assert json.loads(_token(corp).read_text())["accessToken"] in sso.tokens
    # AND out again
    assert corp("logout", "corp", "--yes").code == 0
    assert not _token(corp).exists()
    _assert_discreet(sso, outcome)


@pytest.mark.long
def test_login_as_json_keeps_stdout_for_it(corp: Program, sso: SsoStub) -> None:
    sso.answers.before_token = [PENDING]
    outcome = corp("login", "test", "--no-browser", "--json")
    found = outcome.json
    assert outcome.code == 0
    assert {key: found[key] for key in ("profile", "kind", "name", "token_file", "renewable")} == {
        "profile": "test",
        "kind": "sso-session",
        "name": "corp",
        "token_file": str(_token(corp)),
        "renewable": True,
    }
    assert found["expires_at"].endswith("Z")
    assert CODE in outcome.err
    _assert_discreet(sso, outcome)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="a browser that is a shell script")
@pytest.mark.parametrize(("options", "opens"), [((), True), (("--no-browser",), False)])
def test_the_browser_is_opened_unless_it_is_not_wanted(
    corp: Program, sso: SsoStub, options: tuple[str, ...], *, opens: bool
) -> None:
    sso.answers.before_token = [PENDING]
    browser = corp.home / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{corp.home}/opened"\n')
    browser.chmod(0o700)
    corp.environ["BROWSER"] = str(browser)
    outcome = corp("login", "dev", *options)
    assert outcome.code == 0, outcome.err
    assert (corp.home / "opened").exists() is opens
    assert ("The browser is open at" in outcome.err) is opens


def test_a_login_that_is_denied_is_one_and_leaves_nothing(corp: Program, sso: SsoStub) -> None:
    sso.answers.before_token = [DENIED]
    outcome = corp("login", "dev", "--json")
    assert outcome.code == 1
    assert outcome.json["error"]["type"] == DENIED
    assert not _token(corp).exists()


def test_a_profile_that_logs_in_nowhere_says_so(corp: Program, sso: SsoStub) -> None:
    for command in ("login", "logout"):
        outcome = corp(command, "keys", "--json")
        assert outcome.code == 1
        assert outcome.json["error"]["type"] == "NotApplicable"
    assert sso.names == []


@pytest.mark.parametrize("arguments", [("login",), ("login", "nobody"), ("logout", "nobody"), ("logout",)])
def test_wrong_usage_calls_nobody(corp: Program, sso: SsoStub, arguments: tuple[str, ...]) -> None:
    assert corp(*arguments).code == 2
    assert sso.names == []


# logging out


def test_logout_deletes_the_token_and_says_who_needs_a_login(corp: Program, sso: SsoStub) -> None:
    assert corp("login", "dev").code == 0
    outcome = corp("logout", "test")
    assert outcome.code == 0, outcome.err
    assert not _token(corp).exists()
    assert outcome.lines[0] == "Logged out of corp."
    assert f"Deleted: ~/.aws/sso/cache/{TOKEN}" in outcome.lines
    assert "Needs a login now: dev, test" in outcome.lines
    _assert_discreet(sso, outcome)


def test_at_a_terminal_logout_asks_first(corp: Program) -> None:
    assert corp("login", "dev").code == 0
    refused = corp.on_screen("logout", "dev", typed="n\n")
    assert refused.code == 1
    assert "Log out of corp?" in refused.err
    assert _token(corp).exists()
    assert corp.on_screen("logout", "dev", typed="y\n").code == 0
    assert not _token(corp).exists()


def test_logout_as_json_needs_no_question_with_yes(corp: Program) -> None:
    assert corp("login", "dev").code == 0
    found = corp.asked("logout", "dev", "--yes", "--json").json
    assert (found["name"], found["deleted"], found["profiles"]) == (
        "corp",
        [str(_token(corp))],
        ["dev", "test"],
    )


def test_nobody_is_asked_to_log_out_who_is_not_logged_in(corp: Program) -> None:
    outcome = corp.on_screen("logout", "dev", typed="y\n")
    assert outcome.code == 1
    assert "[y/N]" not in outcome.err
    assert "There is no login to corp" in outcome.err


# aws login


def _install_aws(corp: Program, code: int) -> Path:
    programs = corp.home / "bin"
    programs.mkdir()
    aws = programs / "aws"
    aws.write_text(AWS_V2.replace("{code}", str(code)))
    aws.chmod(aws.stat().st_mode | stat.S_IXUSR)
    corp.environ["PATH"] = str(programs)
    return corp.home / "asked"


@pytest.mark.skipif(sys.platform == "win32", reason="an aws that is a shell script")
def test_a_login_session_is_left_to_the_aws_cli(corp: Program) -> None:
    asked = _install_aws(corp, 0)
    outcome = corp("login", "console", "--json")
    assert outcome.code == 0, outcome.err
    assert asked.read_text() == "login --profile console\n"
    assert outcome.json["kind"] == "login-session"
    assert outcome.json["token_file"] is None


@pytest.mark.skipif(sys.platform == "win32", reason="an aws that is a shell script")
def test_what_the_aws_cli_says_does_not_get_into_the_json(corp: Program) -> None:
    _install_aws(corp, 0)
    for options, is_json in (((), False), (("--json",), True)):
        done = subprocess.run(
            [sys.executable, "-m", "rolecall", "login", "console", *options],
            env={"HOME": str(corp.home), **corp.environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Opening the browser" in (done.stderr if is_json else done.stdout)
        if is_json:
            assert json.loads(done.stdout)["profile"] == "console"


@pytest.mark.skipif(sys.platform == "win32", reason="an aws that is a shell script")
def test_a_login_that_the_aws_cli_does_not_do_is_one(corp: Program) -> None:
    _install_aws(corp, 255)
    assert corp("login", "console").code == 1


def test_without_the_aws_cli_it_is_said_what_is_missing(corp: Program) -> None:
    corp.environ["PATH"] = str(corp.home / "nowhere")
    outcome = corp("login", "console")
    assert outcome.code == 1
    assert "AWS CLI" in outcome.err
    assert len(outcome.err.splitlines()) == 1


# Nobody who reads


@pytest.mark.long
@pytest.mark.parametrize(("number", "code"), [(errno.EPIPE, 0), (errno.ENOSPC, 1)])
def test_in_and_out_are_done_whatever_becomes_of_the_output(corp: Program, number: int, code: int) -> None:
    for command, words, is_there in (("login", "logged in to", True), ("logout", "logged out of", False)):
        outcome = corp.unheard(number, command, "dev")
        assert outcome.code == code
        assert _token(corp).exists() is is_there
        said = f"{words} corp, but the output cannot be written"
        assert (said in outcome.err) is (number == errno.ENOSPC)


# ctrl+c


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
def test_ctrl_c_while_it_waits_for_the_browser_leaves_everything_as_it_was(
    corp: Program, sso: SsoStub
) -> None:
    # GIVEN a login that waits for someone to allow it
    sso.answers.before_token = [PENDING] * 1000
    with subprocess.Popen(
        [sys.executable, "-m", "rolecall", "login", "dev"],
        env={"PATH": os.environ["PATH"], "HOME": str(corp.home), **corp.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert any(CODE in line for line in process.stderr)
        # WHEN ctrl+c is pressed
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    # THEN it goes without a word, and no token is there
    assert (process.returncode, out, err) == (130, "", "")
    assert not _token(corp).exists()
