"""The lines of a torn file are shown without any part of a secret, wherever it was torn."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.actions.editing.diff import MOST, SHORTEST_PART, excerpt
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import ConfigFile, FileKind, FileStatus
from rolecall.aws.snapshot import Snapshot
from rolecall.text import MASK
from tests.homes import make_home, put

PLAIN = frozenset({"region", "role_arn", "output", "source_profile"})
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz8CANARY1"
TOKEN = "IQoJb3JpZ2luX2VjEJr" * 8
WHOLE = f"""\
[profile base]
region = eu-west-1
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = {SECRET}
aws_session_token = {TOKEN}
role_arn = arn:aws:iam::111122223333:role/Deploy
"""


def shown(path: Path, text: str, line: int | None = 1) -> list[str]:
    path.write_text(text, encoding="utf-8", newline="")
    file = ConfigFile(path, FileKind.CONFIG, FileStatus.UNPARSEABLE, "is torn", line)
    return [each.text for each in excerpt(file, PLAIN)]


def pieces(secret: str) -> set[str]:
    return {secret[at : at + SHORTEST_PART] for at in range(len(secret) - SHORTEST_PART + 1)}


def test_what_is_plain_is_shown_as_it_stands(tmp_path: Path) -> None:
    arn = "arn:aws:iam::111122223333:role/Deploy9"
    text = f"[profile x y]\nregion us-east-1\nrole_arn = {arn}\n#output = json\n"
    assert shown(tmp_path / "f", text) == text.splitlines()


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        (f"aws_secret_access_key = {SECRET}", f"aws_secret_access_key = {MASK}"),
        (SECRET[5:25], MASK),
        (f"ess_key = {SECRET[:20]}", f"ess_key = {MASK}"),
        (f"region = eu-w{SECRET[20:]}", f"region = {MASK}"),
        (f"# old {SECRET[:12]}", "# …"),
        ("# old pin 1234", "# …"),
        ("hunter2", MASK),
    ],
)
def test_what_may_be_a_part_of_a_secret_is_not(tmp_path: Path, line: str, seen: str) -> None:
    assert shown(tmp_path / "f", line) == [seen]


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("regoin eu-west-1", "regoin eu-west-1"),
        (f"regoin {SECRET}", f"regoin {MASK}"),
        ("export AWS_PROFILE dev", f"export AWS_PROFILE {MASK}"),
        ("<<<<<<< HEAD", f"<<<<<<< {MASK}"),
        ("- region", "- region"),
        ("oops, I forgot the sign", f"{MASK} (23 characters)"),
        ("correct horse battery", f"{MASK} (21 characters)"),
        (f"{SECRET} {SECRET}", f"{MASK} (81 characters)"),
        (f"AKIAIOSFODNN7EXAMPLE {SECRET}", f"{MASK} (61 characters)"),
    ],
)
def test_of_the_line_that_does_not_parse_what_is_known_is_shown(tmp_path: Path, line: str, seen: str) -> None:
    before = f"[base]\naws_secret_access_key = {SECRET}\n"
    assert shown(tmp_path / "f", f"{before}[a]\nregion = x\n{line}\n", 5)[4] == seen
    # AND of no other line is more told than before
    assert line == seen or shown(tmp_path / "f", f"[a]\n{line}\n", 1)[1] == MASK


@given(cut=st.integers(0, len(WHOLE)), gap=st.integers(0, 60), joint=st.sampled_from(["", "\n", " ", "\r\n"]))
def test_wherever_it_is_torn_no_part_of_a_secret_is_left(
    tmp_path_factory: pytest.TempPathFactory, cut: int, gap: int, joint: str
) -> None:
    torn = WHOLE[:cut] + joint + WHOLE[cut + gap :]
    seen = "\n".join(shown(tmp_path_factory.getbasetemp() / "torn", torn))
    for secret in (SECRET, TOKEN):
        assert not [piece for piece in pieces(secret) if piece in seen]


def test_the_offending_line_is_marked_and_only_what_is_near_is_read(tmp_path: Path) -> None:
    config = "[default]\n" + "".join(f"k{index} = v\n" for index in range(1000)) + "oops\n"
    file = Snapshot.take(make_home(tmp_path, config=config)).files[0]
    lines = excerpt(file, PLAIN)
    assert [(line.number, line.text) for line in lines if line.offends] == [(1002, MASK)]
    assert lines[0].number == 1002 - MOST


def test_a_file_that_is_gone_is_said(tmp_path: Path) -> None:
    path = put(tmp_path / "f", "oops")
    file = ConfigFile(path, FileKind.CONFIG, FileStatus.UNPARSEABLE, "is torn", 1)
    path.unlink()
    with pytest.raises(ActionFailed, match="cannot be read"):
        excerpt(file, PLAIN)
