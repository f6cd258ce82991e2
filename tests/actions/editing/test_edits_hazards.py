"""Every oddity that botocore takes, edited: the text before, what is asked, the text after, to the byte."""

from pathlib import Path

import pytest

from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import FileKind
from tests.actions.editing.edits_here import after, edited, home, profiles
from tests.actions.editing.hazards import TABLE
from tests.actions.editing.hazards_asked import Asked, put


@pytest.mark.parametrize(("asked", "before", "wanted"), TABLE.values(), ids=TABLE.keys())
def test_the_edit_comes_to_these_very_bytes(tmp_path: Path, asked: Asked, before: str, wanted: str) -> None:
    assert edited(tmp_path, before, asked) == wanted


@pytest.mark.parametrize("header", ["profile x] # see [y", "profile x y", "Profile x", " profile x ", "x"])
def test_a_header_that_is_no_profile_to_botocore_is_left_alone(tmp_path: Path, header: str) -> None:
    before = f"[{header}]\nregion = r\n"
    found = edited(tmp_path, before, put("x", "region", "new"))
    assert found == f"{before}\n[profile x]\nregion = new\n"
    assert profiles(tmp_path, found)["x"] == {"region": "new"}


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("[profile x]\nregion = r\nRegion = s\n", 3),
        ("[profile x]\nregion = r\nregion = s\n", 3),
        ("[profile x]\n[profile x]\n", 2),
        ("[profile x]\ns3 =\n  max: 1\n", 2),
        ("[profile x]\nregion\n", 2),
        ("\ufeff[profile x]\n", 1),
        ("region = r\n[profile x]\n", 1),
        ("[]\n", 1),
    ],
)
def test_what_aws_cannot_parse_is_refused_with_the_line(tmp_path: Path, before: str, line: int) -> None:
    snapshot = home(tmp_path, before)
    with pytest.raises(ActionFailed) as refused:
        edits.set_setting(snapshot, "x", "region", "new")
    assert (refused.value.kind, refused.value.line) == ("ConfigParseError", line)
    assert refused.value.path == tmp_path / ".aws/config"
    assert refused.value.command == "edit"


def test_in_credentials_every_header_is_a_name_as_it_stands(tmp_path: Path) -> None:
    before = "[profile dev]\na = 1\n[my prof]\na = 2\n['x']\na = 3\n"
    for name, value in (("profile dev", "1"), ("my prof", "2"), ("'x'", "3")):
        asked = edits.set_setting(home(tmp_path, None, before), name, "a", "new")
        assert after(asked, FileKind.CREDENTIALS) == before.replace(f"a = {value}", "a = new")
    asked = edits.rename_profile(home(tmp_path, None, before), "my prof", "it's mine")
    assert after(asked, FileKind.CREDENTIALS) == before.replace("[my prof]", "[it's mine]")
