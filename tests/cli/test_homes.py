"""``rolecall doctor --homes``: many homes, each as its owner would see it, and no link out of it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.homes import make_home

NOBODY = 65534
WELL = "[default]\nregion = eu-west-1\naws_access_key_id = AKIAQ3EGVM6SZUUJ7K4N\n"
WELL += f"aws_secret_access_key = {'k' * 40}\n"
MISSPELT = "[profile dev]\nregoin = eu-west-1\n"
LOST = "[profile dev]\nsso_session = nobody\n"


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    place = tmp_path / "homes"
    for name, config in {"ann": "", "bob": MISSPELT, "cid": LOST}.items():
        make_home(place / name, config=config, credentials=WELL)
        (place / name / ".aws" / "credentials").chmod(0o600)
        (place / name / ".aws" / "config").chmod(0o600)
    (place / "a file").touch()
    return place


def answers(program: Program, pattern: Path, *more: str) -> dict[str, dict[str, object]]:
    lines = program("doctor", "--homes", str(pattern), "--json", *more).lines
    return {Path(each["home"]).name: each for each in map(json.loads, lines)}


def test_each_home_is_a_row_and_they_are_summed_up(bare: Program, homes: Path) -> None:
    outcome = bare("doctor", "--homes", f"{homes}/*")
    assert outcome.code == 1
    assert outcome.lines[0].split() == ["HOME", "OWNER", "PROFILES", "ERRORS", "WARNINGS", "INFO", "WORST"]
    rows = [line.split()[:1] + line.split()[2:5] + line.split()[6:] for line in outcome.lines[1:4]]
    assert [[Path(row[0]).name, *row[1:4]] for row in rows] == [
        ["ann", "1", "0", "0"],
        ["bob", "2", "0", "1"],
        ["cid", "2", "1", "0"],
    ]
    assert rows[2][-2:] == ["unknown-sso-session:", "nobody"]
    assert outcome.lines[-1] == "3 homes, 1 with an error."


def test_each_home_is_an_object_on_a_line(bare: Program, homes: Path) -> None:
    found = answers(bare, homes / "*")
    assert list(found) == ["ann", "bob", "cid"]
    assert [each["counts"] for each in found.values()][2] == {"error": 1, "warning": 0, "info": 0}
    assert all(each["schema"] == "rolecall/1" and each["problem"] is None for each in found.values())
    # AND a line of a cure is for that home
    (bob,) = (each for each in found["bob"]["findings"] if each["code"] == "misspelt-key")  # type: ignore[attr-defined]
    assert bob["fix"]["run"].startswith(f"rolecall --home {homes}/bob ")


def test_variables_of_this_shell_are_not_theirs(bare: Program, homes: Path) -> None:
    before = answers(bare, homes / "ann")
    bare.environ |= {"AWS_PROFILE": "nobody", "AWS_CONFIG_FILE": str(homes / "cid" / ".aws" / "config")}
    assert answers(bare, homes / "ann") == before


def test_the_owners_own_settings_count(bare: Program, homes: Path) -> None:
    settings = homes / "bob" / ".config" / "rolecall" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[findings]\nsilence = ["misspelt-key"]\n')
    assert answers(bare, homes / "bob")["bob"]["silenced"] == 1


@pytest.mark.parametrize(("least", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_the_exit_code_is_what_is_asked_for(bare: Program, homes: Path, least: str, code: int) -> None:
    assert bare("doctor", "--homes", f"{homes}/bob", "--fail-on", least).code == code


def test_only_what_fails_is_told_if_quiet(bare: Program, homes: Path) -> None:
    outcome = bare("doctor", "--homes", f"{homes}/*", "-q")
    assert [line.split()[0] for line in outcome.lines[1:]] == [str(homes / "cid")]
    assert bare("doctor", "--homes", f"{homes}/ann", "-q").out == ""


def outside(homes: Path, name: str) -> Path:
    """Return a file or directory that is not ann's."""
    path = homes.parent / "outside" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(LOST)
    return path


def _link_config(home: Path) -> None:
    (home / ".aws/config").unlink()
    (home / ".aws/config").symlink_to(outside(home.parent, "config"))


def _link_by_dots(home: Path) -> None:
    outside(home.parent, "credentials")
    (home / ".aws/credentials").unlink()
    (home / ".aws/credentials").symlink_to("../../../outside/credentials")


def _link_directory(home: Path) -> None:
    outside(home.parent, "config")
    shutil.rmtree(home / ".aws")
    (home / ".aws").symlink_to(home.parents[1] / "outside")


def _link_cache(home: Path) -> None:
    (home / ".aws/sso").mkdir()
    outside(home.parent, "x.json")
    (home / ".aws/sso/cache").symlink_to(home.parents[1] / "outside")


def _link_cache_file(home: Path) -> None:
    (home / ".aws/cli/cache").mkdir(parents=True)
    (home / ".aws/cli/cache/x.json").symlink_to(outside(home.parent, "x.json"))


def _link_settings(home: Path) -> None:
    (home / ".config/rolecall").mkdir(parents=True)
    (home / ".config/rolecall/settings.toml").symlink_to(outside(home.parent, "settings.toml"))


LINKS = (_link_config, _link_by_dots, _link_directory, _link_cache, _link_cache_file, _link_settings)


@pytest.mark.parametrize("link", LINKS)
def test_no_link_out_of_a_home_is_followed(bare: Program, homes: Path, link: Callable[[Path], None]) -> None:
    link(homes / "ann")
    found = answers(bare, homes / "ann")["ann"]
    assert "leads out of the home: not followed" in str(found["problem"])
    assert found["findings"] == []
    # AND the others are looked at all the same
    assert answers(bare, homes / "*")["bob"]["problem"] is None
    assert bare("doctor", "--homes", f"{homes}/ann").lines[-1].endswith("; 1 home could not be looked at.")


def test_a_script_behind_a_link_out_of_a_home_is_not_read(bare: Program, homes: Path) -> None:
    script = homes / "bob" / "script"
    script.symlink_to(outside(homes, "script"))
    (homes / "bob/.aws/config").write_text(f"[profile dev]\ncredential_process = {script}\n")
    assert answers(bare, homes / "bob")["bob"]["problem"] is None


def test_a_link_within_a_home_is_followed(bare: Program, homes: Path) -> None:
    aws = homes / "cid" / ".aws"
    (homes / "cid" / "dotfiles").mkdir()
    aws.rename(homes / "cid" / "dotfiles" / "aws")
    aws.symlink_to("dotfiles/aws")
    assert answers(bare, homes / "cid")["cid"]["counts"] == {"error": 1, "warning": 0, "info": 0}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--homes", "/nobody/*"),
        ("--homes", "{homes}/a file"),
        ("--homes", "{homes}/*", "dev"),
        ("--homes", "{homes}/*", "--online"),
        ("--homes", "{homes}/*", "--format", "sarif"),
        ("--homes", "{homes}/*", "--at-once", "0"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(
    bare: Program, homes: Path, arguments: tuple[str, ...]
) -> None:
    outcome = bare("doctor", *(each.replace("{homes}", str(homes)) for each in arguments))
    assert (outcome.code, outcome.out) == (2, "")


@pytest.fixture
def shared() -> Iterator[Path]:
    """Return a directory that others may enter."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root has others' rights")
def test_root_looks_with_the_rights_of_the_owner(bare: Program, shared: Path) -> None:
    # GIVEN a home of another user, with a file that only root may read
    make_home(shared / "ann", config="", credentials=WELL)
    for path in (shared / "ann", *(shared / "ann").rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    secret = shared / "ann" / ".aws" / "credentials"
    secret.chmod(0o600)
    before = answers(bare, shared / "ann")["ann"]
    assert (before["problem"], before["profiles"]) == (None, 1)
    assert "foreign-owner" not in [each["code"] for each in before["findings"]]  # type: ignore[attr-defined]
    # WHEN it belongs to root
    os.chown(secret, 0, 0)
    # THEN it is as its owner has it, and root has its own rights again
    after = answers(bare, shared / "ann")["ann"]
    assert "unreadable-file" in [each["code"] for each in after["findings"]]  # type: ignore[attr-defined]
    assert os.geteuid() == 0
    assert secret.read_text() == WELL


@pytest.mark.long
def test_several_processes_find_what_one_finds(homes: Path) -> None:
    def lines(at_once: int) -> list[str]:
        words = ("doctor", "--homes", f"{homes}/*", "--json", "--at-once", str(at_once))
        done = subprocess.run(
            [sys.executable, "-m", "rolecall", *words],
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert (done.returncode, done.stderr) == (1, "")
        return done.stdout.splitlines()

    for number in range(30):
        shutil.copytree(homes / ("bob", "cid")[number % 2], homes / f"user{number}")
    assert len(lines(1)) == 33
    assert lines(3) == lines(1)
