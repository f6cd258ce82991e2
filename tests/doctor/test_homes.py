"""The home directory: none at all, another one, and what sudo, WSL and direnv do to it."""

import base64
import json
import os
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
from tests.doctor.harm import World, carried_out, harm
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


@pytest.mark.parametrize("closed", ["home/me", "home/me/.aws", "home/me/.aws/config"])
def test_a_home_that_sudo_left_and_that_may_not_be_read_is_named(
    tmp_path: Path, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN the files of the one who called sudo, which this account may not read
    files: dict[str, Content] = {"home__me__.aws__config": DEV}
    chosen = there(tmp_path, SUDO | {"AWS_PROFILE": "dev"}, **files)
    may = os.access

    def may_not(path: Path, mode: int, **more: bool) -> bool:
        return not Path(path).is_relative_to(chosen.home / closed) and may(path, mode, **more)

    monkeypatch.setattr(os, "access", may_not)
    monkeypatch.setattr("rolecall.doctor.rules.environment.home_of", lambda *_: None)
    monkeypatch.setattr("rolecall.doctor.rules.homes.count_elsewhere", lambda *_: None)
    # THEN both what names a profile and what names none say a word of sudo
    (told,) = found(chosen, "env-profile-missing")
    assert "sudo changed HOME to" in told.message
    assert "home/me/.aws may not be read from this account" in told.message
    assert "sudo --preserve-env=HOME" in told.fix.words
    (told,) = found(there(tmp_path, SUDO), "profiles-elsewhere")
    assert "sudo changed HOME to" in told.message
    # and without sudo nobody is suspected
    assert found(there(tmp_path, {}), "profiles-elsewhere") == []


ARN = "arn:aws:iam::210987654321:role/Pod"
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
OF_WINDOWS: Mapping[str, tuple[str, str, Mapping[str, str], str]] = {
    "config": ("env-file-missing", DEV, {"AWS_CONFIG_FILE": "C:\\work\\file"}, ""),
    "credentials": ("env-file-missing", DEV, {"AWS_SHARED_CREDENTIALS_FILE": "c:/work/file"}, ""),
    "certificates": ("env-ca-bundle", PEM, {"AWS_CA_BUNDLE": "C:\\work\\file"}, ""),
    "a token": (
        "env-web-identity-broken",
        "eyJhbGciOi.eyJpc3MiOi.c2ln",
        {"AWS_WEB_IDENTITY_TOKEN_FILE": "C:\\work\\file", "AWS_ROLE_ARN": ARN},
        "",
    ),
    "a profile's certificates": ("bad-ca-bundle", PEM, {}, f"{DEV}ca_bundle = C:\\work\\file\n"),
    "a profile's token": (
        "bad-web-identity-token",
        "eyJhbGciOi.eyJpc3MiOi.c2ln",
        {},
        f"[profile pod]\nregion = eu-west-1\nrole_arn = {ARN}\nweb_identity_token_file = C:\\work\\file\n",
    ),
}


@pytest.mark.parametrize(("code", "content", "environ", "config"), OF_WINDOWS.values(), ids=OF_WINDOWS)
def test_a_path_of_windows_is_offered_as_wsl_has_it(
    tmp_path: Path, code: str, content: str, environ: Mapping[str, str], config: str
) -> None:
    wsl = {"WSL_DISTRO_NAME": "Ubuntu", **environ}
    host = make_home(tmp_path / "a", config=config or None, environ=wsl, files={"mnt/c/work/file": content})
    before = World.of(host)
    (told,) = [each for each in before.findings.all if each.code == code]
    assert f"a path of Windows, and under WSL that is {host.home}/mnt/c/work/file" in told.message
    assert list(harm(before, carried_out(before, told.fix), told)) == []
    # where it is not there either, or this is no WSL, that is said, and nothing is offered
    (gone,) = found(make_home(tmp_path / "b", config=config or None, environ=wsl), code)
    assert "/mnt/c/work/file, which does not exist either" in gone.message
    (other,) = found(make_home(tmp_path / "c", config=config or None, environ=environ), code)
    assert "a path of Windows, which means nothing here" in other.message


@pytest.mark.parametrize(
    ("environ", "says"),
    [({}, "use it in the pod"), ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "have the token mounted")],
)
def test_a_pods_token_file_in_a_profile_is_told_with_words_of_eks(
    tmp_path: Path, environ: Mapping[str, str], says: str
) -> None:
    token = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"
    config = f"[profile pod]\nregion = eu-west-1\nrole_arn = {ARN}\nweb_identity_token_file = {token}\n"
    (told,) = found(make_home(tmp_path, config=config, environ=environ), "bad-web-identity-token")
    assert says in told.fix.words
    assert "eks.amazonaws.com/role-arn" in told.fix.words


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "run `aws login`"),
        ({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "run `aws login --remote`: the browser is on another"),
        ({"GITHUB_ACTIONS": "true"}, "nobody can log in here"),
    ],
)
def test_aws_login_is_told_as_the_place_allows_it(
    tmp_path: Path, environ: Mapping[str, str], words: str
) -> None:
    config = "[profile me]\nregion = eu-west-1\nlogin_session = arn:aws:iam::210987654321:user/me\n"
    (told,) = found(make_home(tmp_path, config=config, environ=environ), "login-missing")
    assert told.fix.words.startswith(words)
