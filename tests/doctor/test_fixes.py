"""What mends something, as a line: one that the command line takes, in any shell, whatever the names."""

import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.fixes import Fix
from rolecall.doctor.registry import examine
from rolecall.host import Host
from tests.cli.program import Outcome, Program
from tests.homes import NOW, make_home

NAMES = ("dev", "two words", "-v", "--yes", "it's", "$HOME", "a;b")
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARYcanary\n"
each_name = pytest.mark.parametrize("name", NAMES)


def _host(tmp_path: Path, name: str, settings: str = "region = x\n", credentials: str = "") -> Host:
    header = f"[profile {shlex.quote(name)}]"
    return make_home(
        tmp_path / "home",
        config=f"{header}\n{settings}",
        credentials=f"[{name}]\n{credentials}" if credentials else None,
    )


def _carry_out(host: Host, fix: Fix) -> list[Outcome]:
    """Run the line: its words as a POSIX shell would give them."""
    line = fix.run()
    assert line is not None
    program = Program(host.home, clock=lambda: NOW)
    return [program(*command[1:]) for command in _commands(line)]


def _commands(line: str) -> list[list[str]]:
    return [shlex.split(part) for part in line.split(" && ")]


def _values(host: Host, name: str) -> Mapping[str, object]:
    return Snapshot.take(host).profiles[name].values


@each_name
def test_a_change_sets_and_unsets_just_that(tmp_path: Path, name: str) -> None:
    # GIVEN
    host = _host(tmp_path, name, "region = x\noutput = json\nrgion = y\n")
    fix = fixes.change("correct them", name, {"rgion": None, "region": "eu-west-1", "output": ""})
    # WHEN
    outcomes = _carry_out(host, fix)
    # THEN
    assert [outcome.code for outcome in outcomes] == [0, 0, 0], [outcome.err for outcome in outcomes]
    assert _values(host, name) == {"region": "eu-west-1", "output": ""}


@each_name
@pytest.mark.parametrize("role", FileKind)
def test_a_change_goes_to_the_file_that_it_names(tmp_path: Path, name: str, role: FileKind) -> None:
    host = _host(tmp_path, name, credentials="region = z\n")
    _carry_out(host, fixes.change("set it", name, {"region": "eu-west-1"}, role))
    merged = "eu-west-1" if role is FileKind.CREDENTIALS else "z"
    assert _values(host, name)["region"] == merged
    _carry_out(host, fixes.change("unset it", name, {"region": None}, role))
    left = "x" if role is FileKind.CREDENTIALS else "z"
    assert _values(host, name)["region"] == left


@each_name
def test_a_profile_gets_another_name(tmp_path: Path, name: str) -> None:
    host = _host(tmp_path, name)
    (outcome,) = _carry_out(host, fixes.rename("rename it", name, "--new name"))
    assert outcome.code == 0, outcome.err
    assert list(Snapshot.take(host).profiles) == ["--new name"]


@each_name
def test_a_profile_is_removed(tmp_path: Path, name: str) -> None:
    host = _host(tmp_path, name, credentials=KEYS.replace("AKIA", "ASIA"))
    (outcome,) = _carry_out(host, fixes.remove("remove it", name))
    assert outcome.code == 0, outcome.err
    assert Snapshot.take(host).profiles == {}


@each_name
def test_a_cache_file_is_deleted(tmp_path: Path, name: str) -> None:
    host = make_home(tmp_path / "the home", caches={f"cli/{name}.json": "{"})
    (entry,) = Snapshot.take(host).entries
    (outcome,) = _carry_out(host, fixes.clear(entry.path))
    assert outcome.code == 0, outcome.err
    assert not entry.path.exists()


@each_name
@pytest.mark.parametrize("make", [fixes.log_in, fixes.assume])
def test_who_logs_in_or_assumes_is_named_and_no_option(
    tmp_path: Path, make: Callable[[str], Fix], name: str
) -> None:
    # GIVEN a profile that has neither a role nor a login, so that no one is called
    host = _host(tmp_path, name)
    (outcome,) = _carry_out(host, make(name))
    # THEN it is told just so: the line was understood
    assert outcome.code == 1
    assert name in outcome.err


def test_the_program_may_be_given_a_home(tmp_path: Path) -> None:
    host = _host(tmp_path, "dev")
    home = make_home(tmp_path / "my other home", config="[profile dev]\nregion = x\n")
    line = fixes.change("set it", "dev", {"region": "y"}).line_for(home)
    assert line is not None
    assert Program(host.home)(*shlex.split(line)[1:]).code == 0
    assert (_values(host, "dev")["region"], _values(home, "dev")["region"]) == ("x", "y")


def test_a_secret_is_in_no_line_and_in_no_picture_of_the_fix() -> None:
    fix = fixes.change(
        "correct the key", "dev", {"aws_secret_acess_key": None, "aws_secret_access_key": "CANARY"}
    )
    line = fix.run()
    assert line is not None
    assert line.endswith("rolecall set dev aws_secret_access_key")
    assert "CANARY" not in line + repr(fix)


@pytest.mark.parametrize(
    "fix",
    [
        fixes.rename("rename it", "a\x1b[201~", "a"),
        fixes.change("write it", "p", {"region": "eu\u202e"}),
        fixes.run("delete it", "rm -- 'a\nb'"),
        fixes.change("write it", "p", {"region": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzNobodyKEY"}),
    ],
)
def test_what_steers_a_terminal_or_looks_secret_has_no_line(fix: Fix) -> None:
    # as pasted it might do more than it says, or leave a secret in the shell's history
    assert fix.run() is None


def test_the_editor_may_be_several_words(tmp_path: Path) -> None:
    # GIVEN
    editor, file = tmp_path / "my-editor", tmp_path / "it's here"
    editor.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    editor.chmod(0o755)
    line = fixes.open_at("mend line 7", file, 7).run()
    # WHEN
    done = subprocess.run(
        ["/bin/sh", "-c", str(line)],
        env={"EDITOR": f"{editor} --wait"},
        capture_output=True,
        check=True,
        text=True,
    )
    # THEN
    assert done.stdout.splitlines() == ["--wait", "+7", str(file)]


@pytest.mark.parametrize("fix", [fixes.edit("say which", "dev"), fixes.manual("ask your administrator")])
def test_what_only_the_user_can_know_or_do_has_no_line(fix: Fix) -> None:
    assert fix.run() is None


def test_where_a_file_cannot_be_read_no_line_edits_the_other(tmp_path: Path) -> None:
    # GIVEN a profile without a region, and a directory in the place of config
    host = make_home(tmp_path / "home", credentials=f"[dev]\n{KEYS}", environ={"AWS_REGION": "eu-west-1"})
    (host.home / ".aws" / "config").mkdir()
    fix = fixes.change("set region", "dev", {"region": "eu-west-1"})
    # WHEN the line would be refused, THEN it is advice
    assert fix.run() is not None
    advice = fixes.harmless(Snapshot.take(host), fix)
    assert advice.run() is None
    assert "~/.aws/config is a directory" in advice.words


@pytest.mark.parametrize("has_program", [True, False])
def test_a_path_is_written_in_full_by_a_line_only_if_it_is_one_of_a_program(
    tmp_path: Path, *, has_program: bool
) -> None:
    config = "[profile tool]\ncredential_process = ~/bin/keys --a\n"
    host = make_home(tmp_path / "home", config=config, environ={"PATH": "/usr/bin:/bin"})
    if has_program:
        script = host.home / "bin" / "keys"
        script.parent.mkdir()
        script.write_text("#!/bin/sh\n")
        script.chmod(0o700)
    (finding,) = (each for each in examine(Snapshot.take(host)).all if each.code == "process-not-started")
    assert (finding.fix.run() is not None) is has_program
