"""Which home it is about: ``--home`` means that one alone, and without any nothing is written."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.actions import worker_client
from rolecall.app_options import Ending, Options
from rolecall.cli.launch import Wiring
from rolecall.cli.main import run
from rolecall.cli.output import guard
from rolecall.host import FILES_OF_A_HOME, Host
from tests.cli.program import Outcome, Stream

PROFILE = "[profile {name}]\nregion = eu-west-1\n"
KEYS = "[{name}]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARY\n"


def make(home: Path, name: str) -> Path:
    """Make a home with one profile."""
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text(PROFILE.format(name=name))
    (home / ".aws" / "credentials").write_text(KEYS.format(name=name))
    return home


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home whose files every variable names, with another one, ``other``, beside it."""
    home = make(tmp_path / "mine", "in-mine")
    make(tmp_path / "other", "in-other")
    for name in [name for name in os.environ if name.startswith("AWS")]:
        monkeypatch.delenv(name)
    for name in FILES_OF_A_HOME:
        monkeypatch.setenv(name, str(home / name))
    monkeypatch.setenv("AWS_CONFIG_FILE", "~/.aws/config")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / ".aws" / "credentials"))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(tmp_path)
    return home


def rolecall(*arguments: str, hosts: list[Host] | None = None) -> Outcome:
    """Run the program over the real world; the app is left out, and what it would run over is kept."""

    def app(host: Host, _: Options) -> Ending:
        if hosts is not None:
            hosts.append(host)
        return Ending()

    out, err = (Stream("utf-8", is_terminal=hosts is not None) for _ in range(2))
    with _streams(out, err):
        code = guard(lambda: run(arguments, Wiring(host=Host.real, app=app)), as_json="--json" in arguments)
    return Outcome(int(code), out.text(), err.text())


@contextlib.contextmanager
def _streams(out: Stream, err: Stream) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setattr(sys, "stdin", Stream("utf-8", is_terminal=out.isatty()))
        patch.setenv("TERM", "xterm")
        yield


LOOKS = (("list",), ("env",), ("cache", "list"), ("doctor",), ("show", "in-other"))


@pytest.mark.parametrize("look", LOOKS)
def test_another_home_is_looked_at_whatever_variables_name_files_of_this_one(
    mine: Path, look: tuple[str, ...]
) -> None:
    outcome = rolecall("--home", "other", *look, "--json")
    assert "in-mine" not in outcome.out
    assert str(mine) not in outcome.out.replace(str(mine.parent / "other"), "")
    # AND a line says what does not count
    assert outcome.err.splitlines()[0].startswith("rolecall: ")
    assert [name for name in FILES_OF_A_HOME if name not in outcome.err.splitlines()[0]] == []
    assert outcome.err.count("are ignored") == 1


def test_without_another_home_the_variables_count_and_nothing_is_said(mine: Path) -> None:
    outcome = rolecall("list", "--json")
    assert [each["name"] for each in json.loads(outcome.out)["profiles"]] == ["in-mine"]
    assert outcome.err == ""
    assert mine.exists()


def test_another_home_is_said_where_one_variable_alone_is_set_aside(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FILES_OF_A_HOME[1:]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", "")
    err = rolecall("list", "--home", "other").err
    assert err == f"rolecall: AWS_CONFIG_FILE is ignored: --home reads the files in {mine.parent}/other\n"


@pytest.mark.parametrize(
    "edit",
    [
        ("set", "in-other", "region", "us-east-1"),
        ("add", "new", "region=us-east-1"),
        ("rename", "in-other", "new", "--yes"),
        ("remove", "in-other", "--yes", "--even-the-only-copy"),
    ],
)
def test_an_edit_changes_the_files_of_that_home_alone(mine: Path, edit: tuple[str, ...]) -> None:
    before = {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()}
    outcome = rolecall(*edit, "--home", "other")
    assert outcome.code == 0, outcome.err
    assert {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()} == before
    assert (mine.parent / "other" / ".aws" / "config").read_text() != PROFILE.format(name="in-other")


def test_the_app_and_what_calls_aws_get_the_same_world(mine: Path) -> None:
    hosts: list[Host] = []
    outcome = rolecall("--home", "other", hosts=hosts)
    assert outcome.code == 0, outcome.err
    assert "are ignored" in outcome.err
    assert hosts[0].home == mine.parent / "other"
    assert not set(FILES_OF_A_HOME) & set(worker_client.environment(hosts[0]))
    assert worker_client.environment(hosts[0])["HOME"] == str(mine.parent / "other")


def test_what_says_who_one_is_and_how_aws_is_reached_still_counts(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "AWS_CA_BUNDLE", "AWS_WEB_IDENTITY_TOKEN_FILE", "HTTPS_PROXY"):
        monkeypatch.setenv(name, str(mine))
    found = json.loads(rolecall("--home", "other", "env", "--json").out)["variables"]
    assert {"AWS_PROFILE", "AWS_CA_BUNDLE", "AWS_WEB_IDENTITY_TOKEN_FILE", "HTTPS_PROXY"} <= {
        each["name"] for each in found
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("nowhere", "does not exist"),
        ("mine/.aws/config", "is a file"),
        ("", "does not exist"),
        ("~nobody-here/x", "does not exist"),
    ],
)
def test_a_home_that_is_none_is_wrong_usage(mine: Path, given: str, says: str) -> None:
    assert mine.exists()
    outcome = rolecall(f"--home={given}", "list")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--home" in outcome.err
    assert says in outcome.err


def test_a_tilde_that_the_shell_has_left_is_the_home(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(mine.parent))
    found = json.loads(rolecall("--home=~/other", "list", "--json").out)["profiles"]
    assert [each["name"] for each in found] == ["in-other"]


# No home at all

ROLE = "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/R\nsource_profile = base\n"
SSO = "[profile sso]\nsso_start_url = https://a.example/start\nsso_region = eu-west-1\n"
SSO += "sso_account_id = 123456789012\nsso_role_name = R\n"


@pytest.fixture(params=[None, "relative", "~", "~/here"])
def homeless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """Return the current directory of a user of whom no home is known; nothing may come into it."""

    def nobody(_: int) -> None:
        raise KeyError

    for name in [name for name in os.environ if name.startswith(("AWS", "XDG"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    if request.param is None:
        monkeypatch.delenv("HOME")
    else:
        monkeypatch.setenv("HOME", request.param)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    yield here
    assert not list(here.iterdir())


WRITES = (
    ("add", "new", "region=eu-west-1"),
    ("doctor", "--silence", "misspelt-key"),
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows homes otherwise")
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("variable", [None, "~/config"])
def test_nothing_is_written_where_no_home_is_known(
    homeless: Path, monkeypatch: pytest.MonkeyPatch, write: tuple[str, ...], variable: str | None
) -> None:
    if variable is not None:
        monkeypatch.setenv("AWS_CONFIG_FILE", variable)
    outcome = rolecall(*write)
    assert outcome.code == 1
    assert outcome.err.splitlines()[-1].startswith(
        "rolecall: no home directory is known, and nothing is written"
    )
    assert homeless.is_dir()


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows homes otherwise")
@pytest.mark.parametrize(
    "act",
    [
        ("assume", "role"),
        ("export", "role"),
        ("whoami", "role"),
        ("console", "role", "--url"),
        ("login", "sso"),
    ],
)
def test_nothing_is_fetched_that_would_be_kept_below_no_home(
    homeless: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: tuple[str, ...]
) -> None:
    # GIVEN files that variables name
    (tmp_path / "config").write_text(ROLE + SSO)
    (tmp_path / "credentials").write_text(KEYS.format(name="base"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    # WHEN something is fetched whose cache has no place, THEN it is refused
    outcome = rolecall(*act)
    assert outcome.code == 1
    assert "no home directory is known, and nothing is written" in outcome.err.splitlines()[-1]
    assert homeless.is_dir()
    # WHEN it takes no home, THEN it is done
    assert rolecall("set", "role", "region", "eu-west-1").code == 0
    assert rolecall("export", "base", "--shell", "bash").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows homes otherwise")
@pytest.mark.parametrize("look", [("list",), ("env",), ("cache", "list"), ("doctor",)])
def test_looking_says_that_no_home_is_known(homeless: Path, look: tuple[str, ...]) -> None:
    outcome = rolecall(*look)
    assert outcome.code == 0
    assert outcome.err.startswith("rolecall: the home directory is unknown (HOME is ")
    assert homeless.is_dir()
