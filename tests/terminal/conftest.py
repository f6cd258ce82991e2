"""A home for a program on a pseudo-terminal."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.homes import make_home

collect_ignore_glob = ["test_*.py"] if sys.platform == "win32" else []  # no pseudo-terminals there

HomeWith = Callable[..., dict[str, str]]

CONFIG = """\
[profile base]
region = eu-west-1

[profile deploy]
role_arn = arn:aws:iam::111122223333:role/Deploy
source_profile = base
"""
CREDENTIALS = """\
[base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = EXAMPLE
"""


@pytest.fixture
def home_with(tmp_path: Path) -> HomeWith:
    """Return what writes a home (``tests.homes.make_home``) and returns the environment that leads to it."""

    def write(**parts: object) -> dict[str, str]:
        host = make_home(tmp_path / "home", **parts)  # type: ignore[arg-type]  # as that function has them
        return dict(host.environ)

    return write


@pytest.fixture
def small(home_with: HomeWith) -> dict[str, str]:
    """Return the environment of a home with two profiles, one of which draws on the other."""
    return home_with(config=CONFIG, credentials=CREDENTIALS)
