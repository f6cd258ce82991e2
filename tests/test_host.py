"""The outside world in one object, and how it expands paths as Python does for botocore."""

import codecs
import dataclasses
import locale
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType

import platformdirs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rolecall.host import Host, utc_now

MOMENT = datetime(2030, 1, 1, tzinfo=UTC)


# The world as it is


def test_the_real_world_is_this_process_s(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_PROFILE", "prod")
    host = Host.real()
    assert host.environ == dict(os.environ)
    assert (host.home, host.root, host.platform) == (tmp_path, Path("/"), sys.platform)
    assert codecs.lookup(host.encoding) == codecs.lookup(locale.getpreferredencoding(False))
    assert abs(host.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_real_environment_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host.real()
    monkeypatch.setenv("AWS_PROFILE", "later")
    assert host.environ.get("AWS_PROFILE") != "later"


def test_another_home_stands_in_for_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    host = Host.real(Path("other"))
    assert host.home == tmp_path / "other"
    assert host.environ["HOME"] == str(tmp_path / "other")
    assert host.expand("~/x:$HOME") == f"{tmp_path}/other/x:{tmp_path}/other"


@pytest.mark.parametrize("has_crt", [False, True])
def test_crt_is_looked_for_and_not_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, has_crt: bool
) -> None:
    # GIVEN a place for packages that has awscrt, or has not
    (tmp_path / "awscrt").mkdir()
    (tmp_path / "awscrt" / "__init__.py").write_text("raise AssertionError")
    monkeypatch.setattr(sys, "path", [str(tmp_path)] if has_crt else [])
    assert Host.real().has_crt is has_crt
    assert "awscrt" not in sys.modules


def test_the_world_cannot_be_changed(tmp_path: Path) -> None:
    host = Host.of(tmp_path)
    with pytest.raises(dataclasses.FrozenInstanceError):
        host.home = Path("/")  # type: ignore[misc]
    assert isinstance(host.environ, MappingProxyType)


@pytest.mark.skipif(sys.platform != "linux", reason="where it is differs, and platformdirs knows")
def test_the_users_settings_are_where_the_platform_wants_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert Host.real().settings_file == tmp_path / "rolecall" / "settings.toml"


@pytest.mark.parametrize("make", [Host.real, Host.of])
def test_another_home_has_its_own_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make: Callable[[Path], Host]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    assert make(tmp_path).settings_file == tmp_path / ".config" / "rolecall" / "settings.toml"


# A made-up world


def test_a_made_up_world_has_nothing_of_the_real_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_PROFILE", "real")
    host = Host.of(tmp_path, {"A": "1"})
    assert host.environ == {"HOME": str(tmp_path), "A": "1"}
    assert (host.home, host.root, host.has_crt) == (tmp_path, tmp_path, False)


def test_its_clock_is_told_in_utc(tmp_path: Path) -> None:
    east = timezone(timedelta(hours=5))
    host = Host.of(tmp_path, clock=lambda: MOMENT.astimezone(east))
    assert host.now() == MOMENT
    assert host.now().tzinfo is UTC


def test_its_clock_can_be_stopped(tmp_path: Path) -> None:
    host = Host.of(tmp_path, {"A": "1"})
    assert host.at(MOMENT).now() == MOMENT
    assert host.at(MOMENT).environ == host.environ


def test_now_is_aware() -> None:
    assert utc_now().tzinfo is UTC


# Paths

PIECES = st.sampled_from(
    [*"$}{~/x é", "$HOME", "${HOME}", "$A", "${A}", "$UNSET", "${UNSET}", "${", "~root", "$é", "%A%"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(path="${{A}", a="1")
@given(path=st.lists(PIECES, max_size=6).map("".join), a=st.sampled_from(["", "1", "$HOME", "~", "/x"]))
def test_a_path_is_expanded_as_botocore_expands_it(tmp_path: Path, path: str, a: str) -> None:
    host = Host.of(tmp_path, {"A": a})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", dict(host.environ))
        assert host.expand(path) == os.path.expanduser(os.path.expandvars(path))  # noqa: PTH111 - the oracle
        assert host.expand_user(path) == os.path.expanduser(path)  # noqa: PTH111 - the oracle


def test_the_home_is_the_hosts_and_not_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", "/real")
    assert Host.of(tmp_path).expand_user("~") == str(tmp_path)
    assert Host.of(tmp_path).expand("~/x:$HOME") == f"{tmp_path}/x:{tmp_path}"


@pytest.mark.parametrize("path", ["~", "~/x", "~/", "$HOME/x"])
def test_the_root_as_a_home_makes_no_double_slash(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    # GIVEN a container that has no user: HOME=/
    monkeypatch.setenv("HOME", "/")
    assert Path(Host.of(Path("/")).expand_user(path)) == Path(os.path.expanduser(path))  # noqa: PTH111 - the oracle


@pytest.mark.parametrize(
    ("path", "expanded"),
    [
        ("~\\x", "{HOME}\\x"),
        ("~/x", "{HOME}/x"),
        ("%A%\\x", "1\\x"),
        ("%UNSET%\\x", "%UNSET%\\x"),
        ("$A/${A}", "1/1"),
    ],
)
def test_windows_has_two_more_forms(tmp_path: Path, path: str, expanded: str) -> None:
    host = Host.of(tmp_path, {"A": "1"}, platform="win32")
    assert host.expand(path) == expanded.replace("{HOME}", str(tmp_path))


@pytest.mark.parametrize("path", ["~\\x", "%A%"])
def test_elsewhere_they_are_names(tmp_path: Path, path: str) -> None:
    assert Host.of(tmp_path, {"A": "1"}).expand(path) == path


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/me", "~"),
        ("/home/me/.aws/config", "~/.aws/config"),
        ("/home/merry/x", "/home/merry/x"),
        ("/etc/boto.cfg", "/etc/boto.cfg"),
        ("relative", "relative"),
    ],
)
def test_a_path_is_shown_as_a_person_writes_it(path: str, shown: str) -> None:
    host = Host.of(Path("/home/me"))
    assert host.display(path) == shown
    assert host.display(Path(path)) == shown


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked")
@pytest.mark.parametrize("given", [None, "", " ", "/somewhere/else"])
def test_the_settings_are_where_platformdirs_would_have_them(
    given: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if given is None:
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CONFIG_HOME", given)
    expected = platformdirs.user_config_path("rolecall", appauthor=False) / "settings.toml"
    assert Host.real().settings_file == expected


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked")
@pytest.mark.parametrize("given", [None, "", " ", "/somewhere/else"])
def test_the_state_is_where_platformdirs_would_have_it(
    given: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if given is None:
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_STATE_HOME", given)
    expected = platformdirs.user_state_path("rolecall", appauthor=False) / "state.json"
    assert Host.real().state_file == expected
