"""What a form starts from."""

from pathlib import Path

from rolecall.actions.editing import edits, placement
from rolecall.aws.config_file import FileKind
from tests.actions.editing.edits_here import home


def test_values_in_force_are_given_with_the_file_they_stand_in(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\nRegion = r\noutput = o\n", "[x]\noutput = json\n")
    values = placement.raw_values(snapshot, "x")
    assert {key: (value.text, value.role) for key, value in values.items()} == {
        "region": ("r", FileKind.CONFIG),
        "output": ("json", FileKind.CREDENTIALS),
    }
    assert not any(value.is_secret for value in values.values())


def test_a_block_is_given_as_it_stands(tmp_path: Path) -> None:
    block = "\n    max_bandwidth = 1\n\n  max_queue_size=2"
    snapshot = home(tmp_path, f"[profile x]\ns3 ={block}\n    # below\nregion = r\n")
    assert placement.raw_values(snapshot, "x")["s3"].text == block
    assert edits.set_setting(snapshot, "x", "s3", block).changes == ()


def test_a_block_that_default_gives_is_written_anew(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[DEFAULT]\ns3 =\n  max_bandwidth = 1\n[profile x]\n")
    assert placement.raw_values(snapshot, "x")["s3"].text == "\n  max_bandwidth = 1"


def test_secrets_are_never_given(tmp_path: Path) -> None:
    # GIVEN secrets where they belong, below another key, and in a block
    secrets = (
        "aws_access_key_id = AKIACANARY00EXAMPLE\naws_secret_access_key = CANARY\n"
        "region = r\n  aws_session_token = CANARY\n"
        "s3 =\n  token = CANARY\nemr =\n  # CANARY\n  key_name = x\nmy_own = CANARY\noutput = json # CANARY\n"
        "credential_process = helper --password CANARY\n"
    )
    values = placement.raw_values(home(tmp_path, f"[profile x]\n{secrets}"), "x")
    # THEN each is hidden, and shown masked
    assert set(values) == {
        "aws_access_key_id",
        "aws_secret_access_key",
        "region",
        "s3",
        "emr",
        "my_own",
        "output",
        "credential_process",
    }
    assert all(value.is_secret and value.text is None for value in values.values())
    assert "CANARY" not in repr(values)


def test_an_unknown_profile_has_none(tmp_path: Path) -> None:
    assert placement.raw_values(home(tmp_path), "x") == {}
