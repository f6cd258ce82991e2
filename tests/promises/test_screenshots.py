"""The pictures are those of the app as it is, and fetch nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "screenshots" / "make.py"
PICTURES = sorted((ROOT / "screenshots").glob("*.svg"))
NAMESPACE = "http://www.w3.org/2000/svg"


def run(script: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="a time zone cannot be set for a process there")
def test_the_pictures_are_up_to_date() -> None:
    done = run(SCRIPT, "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), "run screenshots/make.py"


def test_there_are_pictures() -> None:
    assert {"main", "main-light", "wide", "narrow", "inspector", "help", "first-run"} <= {
        picture.stem for picture in PICTURES
    }


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_fetches_nothing_and_names_no_machine(picture: Path) -> None:
    svg = picture.read_text(encoding="utf-8")
    assert re.search(r"@import|@font-face|<image|<script|\bhref", svg) is None
    assert re.findall(r"\burl\((?!#)", svg) == []
    assert re.findall(r"\w+=\"(\w+://[^\"]*)", svg) == [NAMESPACE]
    assert re.search(r"/tmp|/home|/root|/Users", svg) is None  # noqa: S108 - a pattern, to find them by
