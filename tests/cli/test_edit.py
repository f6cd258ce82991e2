"""``rolecall set``, ``unset``, ``rename``, ``remove``, ``add``, ``duplicate``: shown, asked, written."""

import stat
import sys
from collections.abc import Mapping

import pytest

from rolecall.aws.snapshot import Snapshot
from tests.cli.program import Outcome, Program

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
OTHER = "CANARYcanaryCANARYcanaryCANARYcanary0123"

EDITS = [
    ("set", "admin", "region", "us-east-1"),
    ("set", "admin", "duration_seconds", "1800", "--file", "config"),
    ("unset", "admin", "region"),
    ("rename", "base", "root"),
    ("add", "new", "region=us-east-1", "role_arn=arn:aws:iam::123456789012:role/X", "source_profile=base"),
    ("duplicate", "admin", "copy"),
]
DELETING = [*EDITS, ("remove", "admin")]


def _values(rolecall: Program, name: str) -> Mapping[str, object]:
    return Snapshot.take(rolecall.wiring.host(None)).profiles[name].values


def _files(rolecall: Program) -> dict[str, bytes]:
    return {
        name: (rolecall.aws / name).read_bytes()
        for name in ("config", "credentials")
        if (rolecall.aws / name).exists()
    }


# what is written


def test_set_writes_one_line_and_shows_it(rolecall: Program) -> None:
    before = (rolecall.aws / "config").read_text()
    outcome = rolecall("set", "admin", "region", "us-east-1")
    assert (outcome.code, outcome.err) == (0, "")
    # THEN that line is another, and no other byte
    after = (rolecall.aws / "config").read_text()
    assert after == before.replace("region = eu-central-1", "region = us-east-1")
    # AND stdout is the diff, and says what was written
    assert outcome.lines[:2] == ["--- ~/.aws/config", "+++ ~/.aws/config"]
    assert "-region = eu-central-1" in outcome.lines
    assert "+region = us-east-1" in outcome.lines
    assert outcome.lines[-1] == "Written: ~/.aws/config"


def test_unset_takes_a_line_out(rolecall: Program) -> None:
    assert rolecall("unset", "admin", "region").code == 0
    assert "region" not in _values(rolecall, "admin")


def test_rename_takes_those_along_that_refer_to_it(rolecall: Program) -> None:
    assert rolecall("rename", "base", "root").code == 0
    assert _values(rolecall, "admin")["source_profile"] == "root"
    assert _values(rolecall, "root")["aws_access_key_id"] == "AKIAIOSFODNN7EXAMPLE"


def test_remove_with_yes_takes_it_from_both_files_and_says_who_depends_on_it(rolecall: Program) -> None:
    outcome = rolecall("remove", "base", "--yes", "--even-the-only-copy")
    assert outcome.code == 0
    assert "[profile base]" not in (rolecall.aws / "config").read_text()
    assert "[base]" not in (rolecall.aws / "credentials").read_text()
    assert "admin" in outcome.err


def test_add_and_duplicate_make_profiles(rolecall: Program) -> None:
    assert rolecall("add", "new", "region=us-east-1", "output=json").code == 0
    assert rolecall("duplicate", "new", "newer").code == 0
    assert _values(rolecall, "newer") == {"region": "us-east-1", "output": "json"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_add_makes_the_first_files_for_their_owner_alone(bare: Program) -> None:
    outcome = bare.fed(
        f"{SECRET}\n",
        "add",
        "me",
        "aws_access_key_id=AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key=-",
        "region=eu-west-1",
    )
    assert outcome.code == 0, outcome.err
    assert _values(bare, "me")["aws_secret_access_key"] == SECRET
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in (bare.aws, *bare.aws.iterdir())} == {
        ".aws": 0o700,
        "config": 0o600,
        "credentials": 0o600,
    }


def test_what_is_so_already_is_said_and_nothing_is_written(rolecall: Program) -> None:
    before = {path: path.stat() for path in rolecall.aws.iterdir()}
    outcome = rolecall("set", "admin", "region", "eu-central-1")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "Set region of admin: nothing to change.\n"
    assert {path: path.stat() for path in rolecall.aws.iterdir()} == before


@pytest.mark.parametrize("file", ["config", "credentials"])
def test_the_file_can_be_chosen(rolecall: Program, file: str) -> None:
    assert rolecall("set", "base", "output", "text", "--file", file).code == 0
    assert b"output" in _files(rolecall)[file]


def test_a_nested_block_can_be_piped(rolecall: Program) -> None:
    assert rolecall("set", "base", "s3", "\n  max_queue_size = 10", "--yes").code == 0
    assert _values(rolecall, "base")["s3"] == {"max_queue_size": "10"}


# asking


@pytest.mark.parametrize("edit", DELETING)
def test_a_dry_run_shows_the_diff_and_writes_nothing(rolecall: Program, edit: tuple[str, ...]) -> None:
    before = _files(rolecall)
    for outcome in (rolecall(*edit, "--dry-run"), rolecall.on_screen(*edit, "--dry-run")):
        assert outcome.code == 0
        assert "+++ ~/.aws/" in outcome.out
        assert "Written" not in outcome.out
        assert "[y/N]" not in outcome.err
    assert _files(rolecall) == before


@pytest.mark.parametrize("typed", ["n\n", "\n", "", "maybe\n"])
@pytest.mark.parametrize("edit", DELETING)
def test_at_a_terminal_anything_but_yes_writes_nothing(
    rolecall: Program, edit: tuple[str, ...], typed: str
) -> None:
    before = _files(rolecall)
    outcome = rolecall.on_screen(*edit, typed=typed)
    assert outcome.code == 1
    assert "+++ ~/.aws/" in outcome.out
    assert "Write this? [y/N] " in outcome.err
    assert outcome.err.endswith("rolecall: cancelled\n")
    assert _files(rolecall) == before


@pytest.mark.parametrize("edit", DELETING)
def test_at_a_terminal_yes_writes(rolecall: Program, edit: tuple[str, ...]) -> None:
    before = _files(rolecall)
    outcome = rolecall.on_screen(*edit, typed="y\n")
    assert outcome.code == 0, outcome.err
    assert _files(rolecall) != before


@pytest.mark.parametrize("edit", DELETING)
def test_yes_is_not_asked_again(rolecall: Program, edit: tuple[str, ...]) -> None:
    before = _files(rolecall)
    outcome = rolecall.on_screen(*edit, "--yes")
    assert (outcome.code, "[y/N]" in outcome.err) == (0, False)
    assert _files(rolecall) != before


@pytest.mark.parametrize("edit", EDITS)
def test_a_script_without_a_terminal_is_not_asked(rolecall: Program, edit: tuple[str, ...]) -> None:
    before = _files(rolecall)
    assert rolecall(*edit).code == 0
    assert _files(rolecall) != before


def test_a_script_that_removes_must_say_yes(rolecall: Program) -> None:
    before = _files(rolecall)
    outcome = rolecall("remove", "admin")
    assert outcome.code == 2
    assert outcome.err.endswith("give --yes\n")
    assert _files(rolecall) == before


# secrets


@pytest.mark.parametrize(
    "key", ["aws_secret_access_key", "AWS_SESSION_TOKEN", "aws_security_token", "x_password"]
)
def test_a_secret_is_not_taken_as_an_argument(rolecall: Program, key: str) -> None:
    before = _files(rolecall)
    for arguments in (("set", "base", key, OTHER), ("add", "new", f"{key}={OTHER}")):
        outcome = rolecall(*arguments)
        assert outcome.code == 2
        assert "stay in the shell's history" in outcome.err
        assert OTHER not in outcome.err + outcome.out
    assert _files(rolecall) == before


def _assert_set_unseen(rolecall: Program, outcome: Outcome) -> None:
    assert outcome.code == 0, outcome.err
    assert _values(rolecall, "base")["aws_secret_access_key"] == OTHER
    assert OTHER not in outcome.out + outcome.err
    assert SECRET not in outcome.out + outcome.err
    assert "••••" in outcome.out


@pytest.mark.parametrize("value", [(), ("-",)])
def test_a_secret_is_typed_unseen(rolecall: Program, value: tuple[str, ...]) -> None:
    outcome = rolecall.on_screen("set", "base", "aws_secret_access_key", *value, typed="y\n", secret=OTHER)
    _assert_set_unseen(rolecall, outcome)


def test_a_secret_is_piped_in(rolecall: Program) -> None:
    outcome = rolecall.fed(
        f"{OTHER}\r\n", "set", "base", "aws_secret_access_key", "-", "--even-the-only-copy"
    )
    _assert_set_unseen(rolecall, outcome)


@pytest.mark.parametrize(
    "edit",
    [
        ("unset", "base", "aws_secret_access_key"),
        ("unset", "base", "aws_secret_access_key", "--yes"),
        ("remove", "base", "--yes"),
        ("set", "base", "aws_secret_access_key", "-"),
        ("set", "base", "aws_secret_access_key", "-", "--yes"),
    ],
    ids=" ".join,
)
def test_the_only_copy_of_a_long_term_secret_is_kept_unless_it_is_meant(
    rolecall: Program, edit: tuple[str, ...]
) -> None:
    # GIVEN the only copy WHEN a script removes or overwrites it THEN it is refused, with the way to do it
    before = (rolecall.aws / "credentials").read_bytes()
    outcome = rolecall.fed(f"{OTHER}\n", *edit)
    assert outcome.code == 1
    assert "give --even-the-only-copy" in outcome.err
    assert (rolecall.aws / "credentials").read_bytes() == before
    # AND a dry run only says so
    assert rolecall.fed(f"{OTHER}\n", *edit, "--dry-run").code == 0
    # WHEN a person is asked THEN the question says so
    *words, last = (each for each in edit if each != "--yes")
    asked = rolecall.on_screen(*words, *([last] if last != "-" else []), typed="n\n", secret=OTHER)
    assert "lose that secret for good?" in asked.err
    assert (rolecall.aws / "credentials").read_bytes() == before
    # WHEN it is meant, or there is another copy, THEN it is done
    assert rolecall("duplicate", "base", "copy").code == 0
    assert rolecall.fed(f"{OTHER}\n", *edit).code == 0


def test_secrets_that_are_added_are_piped_in_one_line_each(rolecall: Program) -> None:
    outcome = rolecall.fed(
        f"{OTHER}\n{SECRET}\n", "add", "new", "aws_secret_access_key=-", "aws_session_token=-"
    )
    assert outcome.code == 0, outcome.err
    assert _values(rolecall, "new") == {"aws_secret_access_key": OTHER, "aws_session_token": SECRET}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("set", "base", "aws_secret_access_key"), 2),
        (("set", "base", "aws_secret_access_key", "-"), 1),
        (("add", "new", "aws_secret_access_key="), 2),
        (("add", "new", "aws_secret_access_key=-"), 1),
    ],
)
def test_without_a_terminal_and_with_an_empty_pipe_nothing_is_written(
    rolecall: Program, arguments: tuple[str, ...], code: int
) -> None:
    before = _files(rolecall)
    outcome = rolecall(*arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert len(outcome.err.splitlines()) == 1
    assert _files(rolecall) == before


def test_a_secret_that_is_not_typed_after_all_is_not_written(rolecall: Program) -> None:
    before = _files(rolecall)
    assert rolecall.on_screen("set", "base", "aws_secret_access_key").code == 1
    assert _files(rolecall) == before


# JSON


@pytest.mark.parametrize("edit", EDITS)
def test_the_json_has_the_diff_and_whether_it_was_written(rolecall: Program, edit: tuple[str, ...]) -> None:
    dry = rolecall(*edit, "--dry-run", "--json").json
    done = rolecall(*edit, "--json").json
    assert set(done) == {"schema", "title", "changes", "remarks", "written"}
    assert (dry["written"], done["written"]) == (False, True)
    assert dry["changes"] == done["changes"]
    for change in done["changes"]:
        assert set(change) == {"path", "role", "diff"}
        assert change["path"] == str(rolecall.aws / change["role"])
        assert change["diff"][0].startswith("@@ -")
        assert {line[0] for line in change["diff"]} <= {"@", " ", "+", "-"}


def test_with_json_a_person_is_shown_the_diff_too_and_asked(rolecall: Program) -> None:
    outcome = rolecall.asked("set", "admin", "region", "us-east-1", "--json", typed="y\n")
    assert outcome.json["written"] is True
    assert "+region = us-east-1" in outcome.err
    refused = rolecall.asked("set", "admin", "region", "us-east-2", "--json", typed="n\n")
    assert (refused.code, refused.json["error"]["type"]) == (1, "Cancelled")


def test_what_is_so_already_is_not_written(rolecall: Program) -> None:
    found = rolecall("set", "admin", "region", "eu-central-1", "--json").json
    assert (found["changes"], found["written"]) == ([], False)


# what goes wrong


@pytest.mark.parametrize(
    "arguments",
    [
        ("set", "admin", "region"),
        ("set", "admin"),
        ("set", "nobody", "region", "x"),
        ("set", "admin", "region", "x", "--file", "other"),
        ("unset", "nobody", "region"),
        ("rename", "nobody", "somebody"),
        ("rename", "admin"),
        ("remove",),
        ("remove", "nobody", "--yes"),
        ("duplicate", "nobody", "somebody"),
        ("add",),
        ("add", "new", "region"),
        ("add", "new", "=x"),
        ("add", "new", "region=x", "Region=y"),
    ],
)
def test_wrong_usage_writes_nothing(rolecall: Program, arguments: tuple[str, ...]) -> None:
    before = _files(rolecall)
    outcome = rolecall(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert len(outcome.err.splitlines()) == 1
    assert _files(rolecall) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "base", "region=x"),
        ("rename", "admin", "deploy"),
        ("duplicate", "admin", "base"),
        ("unset", "admin", "output"),
        ("set", "admin", "region", "two\nlines"),
        ("add", "a]b", "region=x"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_one(rolecall: Program, arguments: tuple[str, ...]) -> None:
    before = _files(rolecall)
    outcome = rolecall(*arguments)
    assert (outcome.code, outcome.out) == (1, "")
    assert len(outcome.err.splitlines()) == 1
    error = rolecall(*arguments, "--json").json["error"]
    assert set(error) == {"type", "message", "path", "line", "cure"}
    assert _files(rolecall) == before


def test_a_file_that_does_not_parse_is_not_edited(rolecall: Program) -> None:
    rolecall.config("[profile admin]\nregion\n")
    for arguments in (("set", "admin", "region", "x"), ("add", "new", "region=x")):
        outcome = rolecall(*arguments)
        assert outcome.code == 1
        assert "~/.aws/config:2" in outcome.err
    assert (rolecall.aws / "config").read_text() == "[profile admin]\nregion\n"


def test_a_file_that_changes_while_it_is_asked_is_left_with_the_other_change(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN someone who edits the file while the question stands
    from rolecall.cli import prompts  # noqa: PLC0415 - beside what replaces it

    theirs = (rolecall.aws / "config").read_text().replace("eu-central-1", "ap-south-1")

    def confirm(_question: str) -> bool:
        rolecall.config(theirs)
        return True

    monkeypatch.setattr(prompts, "confirm", confirm)
    # WHEN the answer is yes
    outcome = rolecall.on_screen("set", "admin", "region", "us-east-1")
    # THEN theirs stays, and what has changed is shown
    assert outcome.code == 1
    assert (rolecall.aws / "config").read_text() == theirs
    assert "+region = ap-south-1" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_place_that_cannot_be_written_is_one_line(bare: Program) -> None:
    # GIVEN a config file that is to lie in a directory which is none
    (bare.home / "file").write_text("")
    bare.environ["AWS_CONFIG_FILE"] = str(bare.home / "file" / "config")
    outcome = bare("add", "new", "region=x")
    assert outcome.code == 1
    assert outcome.err.startswith("rolecall: ~/file/config")
    assert "file is not a directory" in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_home_that_vanishes_is_one_line(rolecall: Program) -> None:
    gone = rolecall.home.parent / "gone"
    for arguments in (("set", "admin", "region", "x"), ("remove", "admin", "--yes"), ("assume", "admin")):
        outcome = rolecall("--home", str(gone), *arguments)
        assert (outcome.code, len(outcome.err.splitlines())) == (2, 1)
    rolecall.home.rename(gone)
    for arguments in (("set", "admin", "region", "x"), ("remove", "admin", "--yes"), ("assume", "admin")):
        outcome = rolecall(*arguments)
        assert (outcome.code, len(outcome.err.splitlines())) == (2, 1)


HOSTILE = ["a\x1b[31mred", "bidi\u202eevil", "[bold]x[/bold]", "$(touch pwned)", "開発 環境", "x" * 5000]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_harm_neither_the_terminal_nor_the_file(rolecall: Program, name: str) -> None:
    before = _files(rolecall)
    for arguments in (
        ("add", name, "region=x"),
        ("rename", "admin", name),
        ("duplicate", "admin", name),
        ("set", "admin", "role_session_name", name),
        ("set", "admin", name, "x"),
        ("remove", name, "--yes"),
    ):
        outcome = rolecall(*arguments, "--dry-run")
        assert outcome.code in (0, 1, 2)
        assert "bug" not in outcome.err
        assert "\x1b" not in outcome.out + outcome.err
        assert "\u202e" not in outcome.out + outcome.err
        assert len(outcome.err.splitlines()) <= 3
    assert _files(rolecall) == before
