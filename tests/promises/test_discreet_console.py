"""What the console, the accounts and a ``credential_process`` are got with is shown only where asked for."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.actions import console_addresses
from tests.actions.login_home import login_home
from tests.actions.stubbed import Place, role
from tests.cli.program import Program
from tests.homes import put
from tests.interop.sts import SECRET, TOKEN, refuses
from tests.interop.stub import Stub

pytestmark = pytest.mark.long

SIGNIN = "CANARYsigninTOKEN0123"
SECRETS = (SECRET, TOKEN, SIGNIN, "CANARY")


@pytest.fixture
def calling(tmp_path: Path) -> Iterator[tuple[Program, Place]]:
    with Stub() as stub:
        stub.rules["getSigninToken"] = lambda _: (200, json.dumps({"SigninToken": SIGNIN}))
        place = Place(tmp_path, stub, {console_addresses.STUB: stub.url, "PATH": "/usr/bin:/bin"})
        place.snapshot(role("one"))
        yield Program(tmp_path, dict(place.variables)), place


@pytest.mark.skipif(sys.platform == "win32", reason="the made-up browser is a script")
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_opening_the_console_prints_no_secret_and_gives_the_browser_none(
    calling: tuple[Program, Place], more: tuple[str, ...]
) -> None:
    program, place = calling
    browser, heard = put(place.home / "browser", ""), place.home / "heard"
    browser.write_text(f"#!{sys.executable}\n" + _BROWSER.format(heard=heard))
    browser.chmod(0o755)
    outcome = program("console", "one", "--browser", str(browser), *more)
    assert outcome.code == 0, outcome.err
    for text in (outcome.out, outcome.err, heard.read_text()):
        assert not [secret for secret in SECRETS if secret in text]


_BROWSER = """\
import os, sys, http.client
from urllib.parse import urlsplit
way = urlsplit(sys.argv[-1])
asking = http.client.HTTPConnection(way.hostname, way.port)
asking.request("GET", way.path)
assert asking.getresponse().status == 302
with open("{heard}", "w") as file:
    file.write(repr((sys.argv, dict(os.environ))))
"""


@pytest.mark.parametrize("status", [400, 403, 500, 302])
def test_a_sign_in_that_repeats_what_it_got_is_not_quoted(
    calling: tuple[Program, Place], status: int
) -> None:
    program, place = calling
    place.stub.rules["getSigninToken"] = lambda request: (status, str(request))
    for more in ((), ("--json",)):
        outcome = program("console", "one", "--url", *more)
        assert outcome.code == 1
        assert not [secret for secret in SECRETS if secret in outcome.out + outcome.err]


def test_the_address_alone_is_printed_where_it_is_asked_for(calling: tuple[Program, Place]) -> None:
    program, _ = calling
    outcome = program("console", "one", "--url")
    assert SIGNIN in outcome.out
    assert len(outcome.lines) == 1
    assert not [secret for secret in SECRETS if secret in outcome.err]
    assert TOKEN not in outcome.out


def test_a_process_that_fails_prints_no_secret(calling: tuple[Program, Place]) -> None:
    program, place = calling
    assert TOKEN in program("process", "one").out
    for file in place.cache.iterdir():
        file.unlink()
    place.stub.rules["AssumeRole"] = refuses("AccessDenied", f"not with {SECRET} and {TOKEN}")
    outcome = program("process", "one")
    assert (outcome.code, outcome.out) == (1, "")
    assert not [secret for secret in (SECRET, TOKEN) if secret in outcome.err]


def test_names_that_aws_gives_accounts_are_masked_where_they_look_secret(tmp_path: Path) -> None:
    key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    with login_home(tmp_path) as world:
        world.keep_token()
        world.stub.answers.accounts = {"444455556666": (f"Payments {key}", ("Admin",))}
        program = Program(world.home, dict(world.host().environ))
        for more in ((), ("--json",)):
            outcome = program("populate", "corp", "--dry-run", *more)
            assert outcome.code == 0
            assert key not in outcome.out + outcome.err
            assert not [secret for secret in world.stub.secrets if secret in outcome.out + outcome.err]
