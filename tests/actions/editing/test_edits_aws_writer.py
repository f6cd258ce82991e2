"""What ``aws configure set`` does to a file, and what rolecall makes of the same wish."""

import subprocess
import sys
from pathlib import Path

import pytest
from botocore.configloader import load_config
from botocore.exceptions import ConfigParseError

from rolecall.actions.editing import edits
from rolecall.aws.config_file import FileKind
from tests.actions.editing.edits_here import after, home
from tests.interop.real_aws import TIMEOUT, scratch_environment

SETTING = "new"


def aws_writes(place: Path, key: str, profile: str) -> str:
    """Return the config file after the real ``aws configure set``."""
    command = [str(Path(sys.executable).with_name("aws")), "configure", "set", key, SETTING]
    environ = scratch_environment(place, "http://127.0.0.1:9")
    done = subprocess.run(
        [*command, "--profile", profile], env=environ, capture_output=True, timeout=TIMEOUT, check=False
    )
    assert done.returncode == 0, done.stderr
    return (place / ".aws/config").read_bytes().decode()


def meaning(place: Path, text: str) -> object:
    """Return a profile as botocore reads it, or that it reads nothing."""
    (place / "read").write_bytes(text.encode())
    try:
        return load_config(str(place / "read"))["profiles"].get("x")
    except ConfigParseError:
        return "ConfigParseError"


BUGS = {
    "the first key of an indented section loses its indentation": (
        "[profile x]\n  region = r\n  output = json\n",
        "region",
        {"region": "new\noutput = json"},
        "[profile x]\n  region = new\n  output = json\n",
    ),
    "a key in another case is written twice": (
        "[profile x]\nRegion = r\n",
        "region",
        "ConfigParseError",
        "[profile x]\nRegion = new\n",
    ),
    "an indented header is not found": (
        "  [profile x]\n  region = r\n",
        "region",
        "ConfigParseError",
        "  [profile x]\n  region = new\n",
    ),
    "inline text is lost": (
        "[profile x]\nregion = r # home\n",
        "region",
        {"region": "new"},
        "[profile x]\n# home\nregion = new\n",
    ),
    "a continuation line that looks like the key is overwritten": (
        "[profile x]\na = 1\n  region = r\n",
        "region",
        {"a": "1", "region": "new"},
        "[profile x]\na = 1\n  region = r\nregion = new\n",
    ),
    "all line ends become LF": (
        "[profile x]\r\nregion = r\r\n",
        "region",
        {"region": "new"},
        "[profile x]\r\nregion = new\r\n",
    ),
}


@pytest.mark.interop
@pytest.mark.parametrize(("before", "key", "theirs", "ours"), BUGS.values(), ids=BUGS.keys())
def test_what_the_aws_cli_breaks_is_whole_here(
    tmp_path: Path, before: str, key: str, theirs: object, ours: str
) -> None:
    # GIVEN a file that botocore takes
    snapshot = home(tmp_path, before)
    # WHEN rolecall sets a key, the rest of the file stays
    planned = after(edits.set_setting(snapshot, "x", key, SETTING), FileKind.CONFIG)
    assert planned == ours
    # THEN the key has its value, and the real aws does otherwise
    assert isinstance(found := meaning(tmp_path, planned), dict)
    assert found[key] == SETTING
    written = aws_writes(tmp_path, key, "x")
    assert written != ours
    assert meaning(tmp_path, written) == theirs


@pytest.mark.interop
def test_a_profile_in_quotes_is_one_profile(tmp_path: Path) -> None:
    """CLI v2 appends a second section there; v1, which runs here, finds the first."""
    before = '[profile "my prof"]\noutput = json\n'
    planned = after(edits.set_setting(home(tmp_path, before), "my prof", "region", "r"), FileKind.CONFIG)
    assert planned == f"{before}region = r\n"
    for header in ("profile 'my prof'", "profile\t'my prof'", "profile my\\ prof"):
        before = f"[{header}]\noutput = json\n"
        planned = after(edits.set_setting(home(tmp_path, before), "my prof", "region", "r"), FileKind.CONFIG)
        assert planned == f"{before}region = r\n"
