"""The home directory: none at all, another one, and what sudo, WSL and direnv do to it."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import examine
from rolecall.host import Host
from tests.aws.cases import SESSION, SSO_ROLE
from tests.aws.entries import sso_file, sso_token
from tests.homes import Content, make_home

DEV = "[profile dev]\nregion = eu-west-1\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = CANARY\n"
SSO = f"{SESSION}[profile dev]\nsso_session = corp\n{SSO_ROLE}region = eu-west-1\n"
SUDO = {"SUDO_USER": "me"}


def found(host: Host, code: str) -> list[Finding]:
    return [each for each in examine(Snapshot.take(host)).all if each.code == code]


def there(tmp_path: Path, environ: Mapping[str, str], **files: Content) -> Host:
    wanted = {name.replace("__", "/"): content for name, content in files.items()}
    return make_home(tmp_path / "home", environ=environ, files=wanted)


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        ({}, "HOME is not set, and the system knows no home of this user"),
        ({"HOME": "here"}, "HOME is 'here', which is not an absolute path"),
    ],
)
def test_an_unknown_home_is_told(tmp_path: Path, environ: Mapping[str, str], why: str) -> None:
    host = make_home(tmp_path / "home")
    lost = replace(host, home=Path(environ.get("HOME", "~")), environ=dict(environ))
    (told,) = found(lost, "no-home")
    assert told.message == f"no home directory is known: {why}"
    assert found(host, "no-home") == []


def test_a_profile_that_sudo_left_behind_is_named_with_its_home(tmp_path: Path) -> None:
    files: dict[str, Content] = {"home__me__.aws__config": DEV}
    (told,) = found(there(tmp_path, SUDO | {"AWS_PROFILE": "dev"}, **files), "env-profile-missing")
    assert "home/me/.aws/config, but sudo changed HOME to " in told.message
    assert told.fix.doing is FixAction.NOTHING
    assert "sudo --preserve-env=HOME" in told.fix.words


def test_a_profile_that_is_nowhere_is_still_to_be_unset(tmp_path: Path) -> None:
    files: dict[str, Content] = {"home__me__.aws__config": DEV}
    (told,) = found(there(tmp_path, SUDO | {"AWS_PROFILE": "gone"}, **files), "env-profile-missing")
    assert (told.fix.doing, told.fix.words) == (FixAction.SHELL, "unset AWS_PROFILE")


@pytest.mark.parametrize("environ", [{}, SUDO, {"WSL_DISTRO_NAME": "Ubuntu"}, {"CI": "true"}])
def test_a_place_alone_is_no_finding(tmp_path: Path, environ: Mapping[str, str]) -> None:
    def codes(variables: Mapping[str, str]) -> list[str]:
        host = make_home(tmp_path / "home", config=DEV, environ=variables, files={"home/me/.aws/config": DEV})
        return [each.code for each in examine(Snapshot.take(host)).all]

    assert codes(environ) == codes({})


@pytest.mark.parametrize("empty", ["/dev/null", ""])
def test_no_profiles_on_purpose_are_no_finding(tmp_path: Path, empty: str) -> None:
    environ = SUDO | {"AWS_CONFIG_FILE": empty, "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    host = make_home(tmp_path / "home", environ=environ, files={"home/me/.aws/config": DEV})
    assert found(host, "profiles-elsewhere") == []


def test_a_login_beside_a_config_file_that_a_variable_names_is_told(tmp_path: Path) -> None:
    token = sso_file().replace("sso/", "else/.aws/sso/cache/")
    files: dict[str, Content] = {"else/.aws/config": SSO, token: sso_token()}
    environ = {"AWS_CONFIG_FILE": "{HOME}/else/.aws/config"}
    host = make_home(tmp_path / "home", environ=environ, files=files)
    (told,) = found(host, "sso-token-missing")
    assert "AWS tools look in ~/.aws/sso/cache, and a token is in ~/else/.aws/sso/cache" in told.message
    assert told.fix.words.endswith(f"set HOME to {host.home / 'else'}")
    assert Snapshot.take(Host.of(host.home / "else", clock=host.clock)).profiles["dev"].expiry.at is not None


def test_in_a_pipeline_nobody_is_told_to_log_in(tmp_path: Path) -> None:
    host = make_home(tmp_path / "home", config=SSO, environ={"GITHUB_ACTIONS": "true"})
    (told,) = found(host, "sso-token-missing")
    assert told.fix.doing is FixAction.NOTHING
    assert "configure-aws-credentials" in told.fix.words
    (at_home,) = found(make_home(tmp_path / "b", config=SSO), "sso-token-missing")
    assert at_home.fix.doing is FixAction.LOGIN


@pytest.mark.parametrize(("names", "is_advice"), [(["AWS_PROFILE"], True), (["PATH"], False)])
def test_what_direnv_sets_is_not_unset_but_edited(
    tmp_path: Path, names: list[str], *, is_advice: bool
) -> None:
    noted = json.dumps({"p": {}, "n": dict.fromkeys(names, "gone")}).encode()
    environ = {
        "AWS_PROFILE": "gone",
        "DIRENV_DIR": "-/work/app",
        "DIRENV_DIFF": base64.urlsafe_b64encode(zlib.compress(noted)).decode(),
    }
    (told,) = found(make_home(tmp_path / "home", config=DEV, environ=environ), "env-profile-missing")
    assert (told.fix.doing is FixAction.NOTHING) == is_advice
    assert ("in /work/app/.envrc, and run direnv allow" in told.fix.words) == is_advice
