"""The pictures fetch nothing; that they are those of the app as it is, `.ci/run` checks."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = sorted((ROOT / "screenshots").glob("*.svg"))
NAMESPACE = "http://www.w3.org/2000/svg"


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
