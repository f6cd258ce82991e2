"""An edit where others change the same file: it is done, as long as it is the one that was shown."""

import subprocess
import sys
from pathlib import Path

import pytest

from rolecall.actions.plan import Plan
from rolecall.actions.writing import replace, saving
from rolecall.aws import paths
from tests.cli.program import Program

CONFIG = "".join(f"[profile p{number}]\nregion = us-east-1\n" for number in range(12))


def meanwhile(monkeypatch: pytest.MonkeyPatch, path: Path, old: str, new: str) -> None:
    """Have another program change a text in a file right before the first save."""
    save = saving.save

    def late(plan: Plan) -> None:
        monkeypatch.setattr(saving, "save", save)
        path.write_text(path.read_text().replace(old, new))
        save(plan)

    monkeypatch.setattr(saving, "save", late)


@pytest.fixture
def config(rolecall: Program) -> Path:
    """Write a config of many profiles."""
    (rolecall.aws / "config").write_text(CONFIG)
    return rolecall.aws / "config"


@pytest.mark.parametrize("theirs", ["[profile p7]\n", "[profile p3]\n"])
def test_what_others_write_elsewhere_is_no_conflict(
    rolecall: Program, config: Path, monkeypatch: pytest.MonkeyPatch, theirs: str
) -> None:
    meanwhile(monkeypatch, config, theirs, f"# theirs\n{theirs}output = json\n")
    outcome = rolecall("set", "p3", "region", "eu-west-1")
    assert (outcome.code, outcome.err) == (0, "")
    wanted = CONFIG.replace("[profile p3]\nregion = us-east-1", "[profile p3]\nregion = eu-west-1")
    assert config.read_text() == wanted.replace(theirs, f"# theirs\n{theirs}output = json\n")


@pytest.mark.parametrize("theirs", ["region = eu-north-1", "output = json"])
def test_what_others_write_into_the_same_line_is_one(
    rolecall: Program, config: Path, monkeypatch: pytest.MonkeyPatch, theirs: str
) -> None:
    meanwhile(monkeypatch, config, "[profile p3]\nregion = us-east-1", f"[profile p3]\n{theirs}")
    outcome = rolecall("set", "p3", "region", "eu-west-1")
    assert outcome.code == 1
    assert "the file has changed since it was read" in outcome.err
    assert "eu-west-1" not in config.read_text()


def test_a_secret_that_others_have_changed_is_one_although_nobody_sees_it(
    rolecall: Program, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text(CONFIG + "[profile k]\naws_secret_access_key = one\n")
    meanwhile(monkeypatch, config, "one", "two")
    assert rolecall("unset", "k", "aws_secret_access_key").code == 1
    assert "aws_secret_access_key = two" in config.read_text()


def test_what_was_saved_is_not_saved_again(
    rolecall: Program, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN somebody who writes over the new file at once
    save, saves = saving.save, []

    def overwritten(plan: Plan) -> None:
        saves.append(plan)
        save(plan)
        raise replace.Conflict(plan.changes[0], replace._OVERWRITTEN)

    monkeypatch.setattr(saving, "save", overwritten)
    assert rolecall("set", "p3", "region", "eu-west-1").code == 1
    assert len(saves) == 1
    assert "eu-west-1" in config.read_text()


@pytest.mark.terminal
def test_many_at_once_all_get_through(tmp_path: Path) -> None:
    config = tmp_path / ".aws" / "config"
    config.parent.mkdir()
    config.write_text(CONFIG)
    rolecall = [sys.executable, "-m", "rolecall", "--home", str(tmp_path), "set"]
    running = [
        subprocess.Popen([*rolecall, f"p{number}", "region", "eu-west-1"], stdout=subprocess.DEVNULL)
        for number in range(6)
    ]
    assert [process.wait(30) for process in running] == [0] * 6
    wanted = [
        f"[profile p{number}]\nregion = {'eu-west' if number < 6 else 'us-east'}-1\n" for number in range(12)
    ]
    assert config.read_text() == "".join(wanted)


def test_a_file_that_is_just_being_written_is_read_again(
    rolecall: Program, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN another program that writes the file between its being looked at and being read, twice
    read, left = paths.read_file, [2]

    def late(path: Path, *most: int) -> bytes:
        data = read(path, *most)
        if path == config and left[0]:
            left[0] -= 1
            config.write_text(CONFIG + f"# theirs {left[0]}\n")
        return data

    monkeypatch.setattr(paths, "read_file", late)
    # WHEN
    outcome = rolecall("set", "p3", "region", "eu-west-1")
    # THEN
    assert (outcome.code, left) == (0, [0])
    assert "[profile p3]\nregion = eu-west-1" in config.read_text()
    assert "# theirs 0" in config.read_text()
