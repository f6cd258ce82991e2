"""A file that AWS tools refuse: the line, what botocore says, and the way into the editor."""

from pathlib import Path

import pytest

from rolecall.aws.config_file import FileKind, FileStatus
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.screens.repair import RepairScreen
from tests.homes import make_home
from tests.tui.form.forms import SECRET
from tests.tui.screens.hosting import showing

TORN = f"""\
[profile dev]
region us-east-1
output = json
[profile keys]
aws_secret_access_key = {SECRET}
{SECRET[:20]}
"""


def screen_of(home: Path, config: str | bytes) -> RepairScreen:
    snapshot = Snapshot.take(make_home(home, config=config))
    file = next(file for file in snapshot.files if file.role is FileKind.CONFIG)
    assert file.status is FileStatus.UNPARSEABLE
    return RepairScreen(snapshot, file)


async def test_it_shows_the_line_and_what_botocore_says(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, TORN)) as shown:
        assert "~/.aws/config:2" in shown.text
        assert "botocore: ConfigParseError" in shown.text
        assert "▶ 2  region us-east-1" in shown.text
        assert "  3  output = json" in shown.text


async def test_no_secret_is_shown_not_even_a_part_of_one(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, TORN)) as shown:
        assert "aws_secret_access_key = ••••" in shown.text
        seen = shown.text + shown.pilot.app.export_screenshot()
        for part in (SECRET[:8], SECRET[8:16], SECRET[-8:]):
            assert part not in seen


@pytest.mark.parametrize("key", ["E", "enter"])
async def test_the_editor_is_asked_for_at_the_line(tmp_path: Path, key: str) -> None:
    async with showing(screen_of(tmp_path, TORN)) as shown:
        await shown.press(key)
        assert shown.answers == [("edit", tmp_path / ".aws/config", 2)]


async def test_esc_asks_for_nothing(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, TORN)) as shown:
        await shown.press("escape")
        assert shown.answers == [None]


async def test_the_offending_line_of_a_long_file_is_in_view_and_the_rest_can_be_reached(
    tmp_path: Path,
) -> None:
    config = "[default]\n" + "".join(f"k{index} = v\n" for index in range(150)) + "oops\n[a]\nx = 1\n"
    async with showing(screen_of(tmp_path, config)) as shown:
        await shown.pilot.pause()
        assert "▶ 152  ••••" in shown.text
        await shown.press("g")
        assert "k0 = •••• (1 character)" in shown.text


@pytest.mark.long
@pytest.mark.parametrize(
    "config", [b"[default]\nregion = \xff\xfe\n", b"\xef\xbb\xbf[default]\n", b"[a]\n[a]\n", b"\x00=\x00\n"]
)
async def test_whatever_is_wrong_with_it_is_shown(tmp_path: Path, config: bytes) -> None:
    async with showing(screen_of(tmp_path, config)) as shown:
        assert "▶ " in shown.text


async def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    host = make_home(tmp_path, files={".aws/config/": ""})
    snapshot = Snapshot.take(host)
    file = snapshot.files[0]
    assert file.status is FileStatus.UNREADABLE
    async with showing(RepairScreen(snapshot, file)) as shown:
        assert "It is a directory; AWS tools treat it as missing." in shown.text
        assert "Nothing can be edited until this is fixed" in shown.text
        await shown.press("E")
        assert shown.answers == [("edit", tmp_path / ".aws/config", None)]


@pytest.mark.long
@pytest.mark.parametrize("size", [(20, 8), (5, 3), (2, 24), (200, 60)])
async def test_it_survives_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with showing(screen_of(tmp_path, TORN), size) as shown:
        await shown.press("j", "G", "E")
        assert len(shown.answers) == 1
