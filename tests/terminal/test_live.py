"""What changes while the app runs shows up by itself, and what cannot be read keeps nobody waiting."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.conftest import CONFIG, HomeWith
from tests.terminal.pseudo import ESCAPE, rolecall, scratch_environment

SOON = 30.0
"""Seconds within which a change shows up, on the busiest machine; how soon it does is in benchmarks/."""
POLLED = 60.0
"""Seconds within which a change shows up where the system cannot tell of it."""
ROLE_FILE = {
    "Credentials": {
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "EXAMPLE",
        "SessionToken": "EXAMPLE",
        "Expiration": "2999-01-01T00:00:00Z",
    }
}


def aws(environ: dict[str, str], *arguments: str) -> None:
    """Run the real ``aws`` in another process."""
    command = [sys.executable, "-m", "awscli", *arguments]
    subprocess.run(command, env={**scratch_environment(), **environ}, check=True, timeout=60)


def is_shown(words: str, *more: str) -> Callable[[str], bool]:
    """Return what tells that one line of the screen has all these words."""
    return lambda screen: any(all(word in line for word in (words, *more)) for line in screen.splitlines())


def test_what_aws_configure_sets_shows_up(small: dict[str, str]) -> None:
    # GIVEN the app with the cursor on the second profile
    with rolecall(environ=small) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("j", "3")
        terminal.wait_for("3 Chain: deploy")
        # WHEN the real aws, elsewhere, adds a profile
        aws(small, "configure", "set", "region", "eu-west-3", "--profile", "fresh")
        # THEN it is there, and the cursor is where it was
        terminal.wait_for("fresh", SOON)
        terminal.wait_for("3 profiles")
        terminal.wait_for("3 Chain: deploy")
        # WHEN it changes the profile under the cursor, THEN the Inspector has it
        aws(small, "configure", "set", "region", "ap-south-1", "--profile", "deploy")
        aws(small, "configure", "set", "aws_access_key_id", "AKIAIOSFODNN7EXAMPLE", "--profile", "fresh")
        terminal.wait_for(is_shown("fresh", "half a pair"), SOON)
        terminal.type("1", "\r")
        terminal.wait_for("Profile deploy")
        terminal.wait_for("ap-south-1")
        terminal.type(ESCAPE)


def test_the_first_profile_of_all_shows_up(home_with: HomeWith) -> None:
    # GIVEN a home without even a directory for AWS files
    environ = home_with()
    with rolecall(environ=environ) as terminal:
        terminal.wait_for("No AWS profiles here yet.")
        # WHEN the real aws makes it, THEN the panes take the place of the welcome
        aws(environ, "configure", "set", "region", "eu-west-3", "--profile", "first")
        terminal.wait_for("1 profile", SOON)
        terminal.wait_for("1 Profiles")
        terminal.wait_for("5 Cache")


def test_a_role_that_the_cli_has_fetched_shows_up(small: dict[str, str]) -> None:
    # GIVEN a role with nothing in the cache, nor a cache
    cache = Path(small["HOME"], ".aws/cli/cache")
    with rolecall(environ=small) as terminal:
        terminal.wait_for(is_shown("deploy", "idle"))
        terminal.wait_for("5 Cache")
        # WHEN a command elsewhere has fetched it
        cache.mkdir(parents=True)
        name = _cache_file(small)
        (cache / f"{name}.tmp").write_text(json.dumps(ROLE_FILE))
        (cache / f"{name}.tmp").replace(cache / name)
        # THEN it is live
        terminal.wait_for(is_shown("deploy", "●"), SOON)
        # AND when it is gone it is idle again
        (cache / name).unlink()
        terminal.wait_for(is_shown("deploy", "idle"), SOON)


def _cache_file(environ: dict[str, str]) -> str:
    command = [sys.executable, "-m", "rolecall", "show", "deploy", "--json"]
    done = subprocess.run(
        command, env={**scratch_environment(), **environ}, capture_output=True, check=True, timeout=60
    )
    name: str = json.loads(done.stdout)["cache_file"]
    return name


def test_a_directory_that_goes_and_comes_back(small: dict[str, str]) -> None:
    aws_directory = Path(small["HOME"], ".aws")
    away = aws_directory.with_name("away")
    with rolecall(environ=small) as terminal:
        terminal.wait_for("2 profiles")
        terminal.wait_for("5 Cache")
        # WHEN the whole of ~/.aws is moved away, THEN there is nothing
        aws_directory.rename(away)
        terminal.wait_for("No AWS profiles here yet.", SOON)
        # AND when another is put in its place, its profiles are there, and what changes in it later
        aws_directory.mkdir()
        (aws_directory / "config").write_text("[profile other]\nregion = x\n")
        terminal.wait_for("1 profile ", SOON)
        (aws_directory / "config").write_text(CONFIG)
        terminal.wait_for("2 profiles", SOON)
        # AND when the first one comes back by way of a symlink, so are its own
        (aws_directory / "config").unlink()
        aws_directory.rmdir()
        aws_directory.symlink_to("away")
        terminal.wait_for("∞", SOON)
        (away / "credentials").unlink()
        terminal.wait_until_gone("∞")


def test_a_symlinked_file_changes_where_it_points_to(home_with: HomeWith, tmp_path: Path) -> None:
    # GIVEN dotfiles: config is a symlink into another directory
    environ = home_with()
    dotfile = tmp_path / "dotfiles" / "aws-config"
    dotfile.parent.mkdir()
    dotfile.write_text(CONFIG)
    config = Path(environ["HOME"], ".aws/config")
    config.parent.mkdir()
    config.symlink_to(dotfile)
    with rolecall(environ=environ) as terminal:
        terminal.wait_for("2 profiles")
        terminal.wait_for("5 Cache")
        # WHEN an editor replaces what it points to
        fresh = dotfile.with_suffix(".new")
        fresh.write_text(f"{CONFIG}[profile third]\nregion = x\n")
        fresh.replace(dotfile)
        # THEN that shows up
        terminal.wait_for("3 profiles", SOON)


# What cannot be read


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "a FIFO": (os.mkfifo, "is a FIFO"),
    "a directory": (Path.mkdir, "is a directory"),
    "a dangling symlink": (lambda path: path.symlink_to("nowhere"), "is a broken symlink"),
    "a loop of symlinks": (lambda path: path.symlink_to(path), "config"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "is a device"),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_config_is_said_to_be_odd(home_with: HomeWith, kind: str) -> None:
    make, words = ODD[kind]
    environ = home_with()
    config = Path(environ["HOME"], ".aws/config")
    config.parent.mkdir()
    make(config)
    with rolecall(environ=environ) as terminal:
        first = "No AWS profiles here yet." if kind == "a dangling symlink" else "The profiles cannot be read"
        terminal.wait_for(first)
        terminal.wait_for(words)
        # AND once it is an ordinary file it is read
        if kind == "a directory":
            config.rmdir()
        else:
            config.unlink()
        config.write_text(CONFIG)
        terminal.wait_for("2 profiles", SOON)
        terminal.type("q")
        assert terminal.finish() == 0


@pytest.mark.ordinary_user
def test_a_config_that_may_not_be_read_is_said_to_be_so(home_with: HomeWith) -> None:
    environ = home_with(config=CONFIG)
    config = Path(environ["HOME"], ".aws/config")
    config.chmod(0)
    with rolecall(environ=environ) as terminal:
        terminal.wait_for("cannot be read")
        config.chmod(0o600)
        terminal.wait_for("2 profiles", SOON)


def test_a_huge_config_keeps_no_key_waiting(home_with: HomeWith) -> None:
    # GIVEN 25 MB, in lines so short that it takes seconds
    environ = home_with(config=CONFIG + "# xyz\n" * 4_200_000 + "[profile zulu]\nregion = x\n")
    with rolecall(environ=environ) as terminal:
        terminal.wait_for("1 Profiles")
        # WHEN keys are pressed while it is read
        terminal.type("?")
        terminal.wait_for("─ Help ─")
        terminal.type(ESCAPE)
        terminal.wait_until_gone("─ Help ─")
        # THEN they are answered, and the profiles come when they are there
        terminal.wait_for("zulu", 60)
        terminal.type("q")
        assert terminal.finish() == 0


def test_a_name_that_is_not_text(small: dict[str, str]) -> None:
    # GIVEN a cache directory into which something puts a file whose name is not UTF-8
    cache = Path(small["HOME"], ".aws/cli/cache")
    cache.mkdir(parents=True)
    with rolecall(environ=small) as terminal:
        terminal.wait_for("5 Cache")
        (cache / "\udcff.json").write_text("{}")
        # THEN it is listed, and the app lives on and sees what comes after
        terminal.wait_for("1 orphan", POLLED)
        (cache / "other.json").write_text("{}")
        terminal.wait_for("2 orphans", POLLED)
        terminal.type("q")
        assert terminal.finish() == 0
