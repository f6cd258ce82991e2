"""``rolecall cache clear``: said, asked, deleted."""

import errno
import os
from pathlib import Path

import pytest

from rolecall.aws import cache_files
from rolecall.cli import prompts
from tests.cli.program import Outcome, Program, role_file

ADMIN = cache_files.role({"role_arn": "arn:aws:iam::123456789012:role/Admin"})
DEPLOY = cache_files.role({"role_arn": "arn:aws:iam::123456789012:role/Deploy"})


@pytest.fixture
def caches(rolecall: Program) -> Program:
    """Return the program over a home with a good, an expired, a corrupt and an orphaned entry."""
    rolecall.write(f"cli/cache/{DEPLOY}.json", role_file("2026-03-01T11:00:00Z"))
    rolecall.write(f"cli/cache/{'0' * 40}.json", "{")
    rolecall.write(f"cli/cache/{'f' * 40}.json", role_file("2026-03-01T13:00:00Z"))
    rolecall.write("cli/cache/session.db", "not ours")
    return rolecall


def _left(rolecall: Program) -> set[str]:
    return {path.name[:4] for path in (rolecall.aws / "cli" / "cache").iterdir()}


GOOD, EXPIRED, CORRUPT, ORPHAN, OTHERS = ADMIN[:4], DEPLOY[:4], "0000", "ffff", "sess"
ALL = {GOOD, EXPIRED, CORRUPT, ORPHAN, OTHERS}

CHOICES = [
    (("--expired",), {EXPIRED}),
    (("--corrupt",), {CORRUPT}),
    (("--orphaned",), {ORPHAN, CORRUPT}),
    (("--expired", "--corrupt"), {EXPIRED, CORRUPT}),
    (("--all",), {GOOD, EXPIRED, CORRUPT, ORPHAN}),
    (("admin",), {GOOD}),
    (("admin", "deploy"), {GOOD, EXPIRED}),
    (("admin", "--expired"), set()),
    (("--kind", "role"), {GOOD, EXPIRED, ORPHAN}),
    (("--kind", "role", "--kind", "sso-token", "--expired"), {EXPIRED}),
    (("--kind", "login"), set()),
]


@pytest.mark.parametrize(("which", "gone"), CHOICES)
def test_what_was_chosen_goes_and_nothing_else(
    caches: Program, which: tuple[str, ...], gone: set[str]
) -> None:
    outcome = caches("cache", "clear", *which, "--yes")
    assert outcome.code == 0, outcome.err
    assert ALL - _left(caches) == gone


@pytest.mark.parametrize("which", [which for which, gone in CHOICES if gone])
def test_a_dry_run_says_the_same_and_deletes_nothing(caches: Program, which: tuple[str, ...]) -> None:
    for outcome in (
        caches("cache", "clear", *which, "--dry-run"),
        caches.on_screen("cache", "clear", *which, "--dry-run"),
    ):
        assert outcome.code == 0
        assert "WHAT IT COSTS" in outcome.lines[0]
        assert len(outcome.lines) > 1
        assert "[y/N]" not in outcome.err
    assert _left(caches) == ALL


@pytest.mark.parametrize("arguments", [(), ("--yes",), ("--dry-run",), ("--json", "--yes")])
def test_nothing_chosen_is_wrong_usage(caches: Program, arguments: tuple[str, ...]) -> None:
    outcome = caches("cache", "clear", *arguments)
    assert outcome.code == 2
    assert "say which" in outcome.err
    assert _left(caches) == ALL


def test_what_each_deletion_costs_is_said_before_it_is_asked(caches: Program) -> None:
    outcome = caches.on_screen("cache", "clear", "--all", typed="n\n")
    assert outcome.code == 1
    assert "admin" in outcome.out
    assert "Delete 4 files? [y/N] " in outcome.err
    assert _left(caches) == ALL


def test_yes_at_the_terminal_deletes(caches: Program) -> None:
    outcome = caches.on_screen("cache", "clear", "--expired", typed="y\n")
    assert outcome.code == 0
    assert "Delete 1 file? [y/N] " in outcome.err
    assert outcome.lines[-1] == "Deleted 1 file."
    assert _left(caches) == ALL - {EXPIRED}


@pytest.mark.parametrize("json", [(), ("--json",)])
def test_without_a_terminal_it_takes_a_yes(caches: Program, json: tuple[str, ...]) -> None:
    outcome = caches("cache", "clear", "--expired", *json)
    assert outcome.code == 2
    assert outcome.err.endswith("give --yes\n")
    assert _left(caches) == ALL


def test_nothing_to_clear_needs_no_yes(caches: Program) -> None:
    outcome = caches("cache", "clear", "--kind", "login")
    assert (outcome.code, outcome.out, outcome.err) == (0, "Nothing to clear.\n", "")


def test_by_which_config_an_orphan_is_judged_is_said(caches: Program) -> None:
    # GIVEN an environment whose config file is not there, so that every role is an orphan
    caches.environ["AWS_CONFIG_FILE"] = str(caches.home / "elsewhere")
    outcome = caches("cache", "clear", "--orphaned", "--dry-run")
    assert "~/elsewhere (missing)" in outcome.err
    assert caches("cache", "clear", "--orphaned", "--dry-run", "--json").json["judged_by"][0] == str(
        caches.home / "elsewhere"
    )
    # AND of what is no orphan, or is named itself, it is not said
    named = caches("cache", "clear", "--file", f"{'f' * 40}.json", "--dry-run")
    assert (named.code, named.err) == (0, "")
    del caches.environ["AWS_CONFIG_FILE"]
    assert "orphans" not in caches("cache", "clear", "--expired", "--dry-run").err


def test_a_profile_that_is_not_there_is_wrong_usage(caches: Program) -> None:
    outcome = caches("cache", "clear", "admn", "--yes")
    assert outcome.code == 2
    assert "did you mean 'admin'" in outcome.err


def _change_meanwhile(caches: Program, monkeypatch: pytest.MonkeyPatch, *options: str) -> Outcome:
    """Answer yes, but only once someone has written the entry anew."""

    def confirm(_question: str) -> bool:
        caches.write(f"cli/cache/{DEPLOY}.json", role_file("2026-03-01T13:30:00Z") | {"more": "x"})
        return True

    monkeypatch.setattr(prompts, "confirm", confirm)
    return caches.asked("cache", "clear", "--expired", *options)


def test_what_changes_while_it_is_asked_is_left_and_told(
    caches: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = _change_meanwhile(caches, monkeypatch)
    assert outcome.code == 1
    assert f"left alone: ~/.aws/cli/cache/{DEPLOY}.json: " in outcome.err
    assert _left(caches) == ALL


def test_the_json_says_what_was_planned_and_what_came_of_it(
    caches: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = caches.aws / "cli" / "cache"
    dry = caches("cache", "clear", "--expired", "--dry-run", "--json").json
    assert set(dry) == {"schema", "planned", "deleted", "left", "judged_by", "dry_run"}
    (planned,) = dry["planned"]
    assert set(planned) == {"path", "real_path", "kind", "profiles", "cost", "words"}
    assert (planned["path"], planned["profiles"]) == (str(directory / f"{DEPLOY}.json"), ["deploy"])
    assert (dry["deleted"], dry["left"], dry["dry_run"]) == ([], [], True)

    left = _change_meanwhile(caches, monkeypatch, "--json").json["left"]
    assert [entry["path"] for entry in left] == [planned["path"]]
    assert "changed" in left[0]["reason"]

    done = caches("cache", "clear", "--corrupt", "--yes", "--json").json
    assert done["deleted"] == [str(directory / f"{'0' * 40}.json")]
    assert (done["left"], done["dry_run"]) == ([], False)


def test_what_another_program_was_quicker_to_delete_is_no_failure(
    caches: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def confirm(_question: str) -> bool:
        (caches.aws / "cli" / "cache" / f"{DEPLOY}.json").unlink()
        return True

    monkeypatch.setattr(prompts, "confirm", confirm)
    assert caches.asked("cache", "clear", "--expired").code == 0


def test_of_a_link_out_of_the_cache_the_link_goes_and_what_it_leads_to_stays(caches: Program) -> None:
    elsewhere = caches.home / "precious.json"
    elsewhere.write_text("{")
    link = caches.aws / "cli" / "cache" / f"{'a' * 40}.json"
    link.symlink_to(elsewhere)
    outcome = caches("cache", "clear", "--all", "--yes")
    assert "It is a link, and goes alone: ~/precious.json stays." in outcome.out
    assert elsewhere.exists()
    assert not link.is_symlink()


def test_a_directory_that_is_a_link_to_a_project_loses_none_of_its_files(caches: Program) -> None:
    project = caches.home / "project"
    (caches.aws / "cli" / "cache").rename(project)
    for name in ("package.json", "tsconfig.json"):
        (project / name).write_text("{}")
    (caches.aws / "cli" / "cache").symlink_to(project)
    for which in ("--corrupt", "--orphaned", "--expired", "--all"):
        dry = caches("cache", "clear", which, "--dry-run")
        outcome = caches("cache", "clear", which, "--yes")
        assert outcome.code == 0
        if "WHAT" in outcome.out:
            assert "~/.aws/cli/cache is a link to ~/project: the files there are deleted." in dry.out
            assert "~/.aws/cli/cache is a link to ~/project: the files there are deleted." in outcome.out
    assert {path.name for path in project.iterdir()} == {"package.json", "tsconfig.json", "session.db"}
    outcome = caches("cache", "clear", "--file", "package.json", "--yes")
    assert "No AWS tool gives a file such a name" in outcome.out
    assert not (project / "package.json").exists()


@pytest.mark.parametrize("which", ["--corrupt", "--orphaned", "--expired", "--all", "--kind=role", "admin"])
def test_a_directory_that_cannot_be_listed_is_told_and_is_a_failure(caches: Program, which: str) -> None:
    directory = caches.aws / "cli" / "cache"
    directory.rename(directory.with_name("before"))
    directory.symlink_to("cache")
    told = f"left alone: ~/.aws/cli/cache: the directory cannot be listed: {os.strerror(errno.ELOOP)}"
    for way in ("--yes", "--dry-run"):
        outcome = caches("cache", "clear", which, way)
        assert outcome.code == 1
        assert told in outcome.err
        assert "Nothing to clear" not in outcome.out
    outcome = caches("cache", "clear", which, "--yes", "--json")
    assert (outcome.code, [Path(each["path"]) for each in outcome.json["left"]]) == (1, [directory])
    assert "the directory cannot be listed" in caches("cache", "list").out


@pytest.mark.ordinary_user
@pytest.mark.parametrize("mode", [0o000, 0o100, 0o400, 0o500])
def test_what_permissions_forbid_is_told_and_the_rest_is_done(caches: Program, mode: int) -> None:
    caches.write(f"boto/cache/{'b' * 40}.json", "{")
    directory = caches.aws / "cli" / "cache"
    directory.chmod(mode)
    try:
        outcome = caches("cache", "clear", "--all", "--yes")
    finally:
        directory.chmod(0o700)
    assert outcome.code == 1
    assert "left alone: ~/.aws/cli/cache" in outcome.err
    assert _left(caches) == ALL
    assert list((caches.aws / "boto" / "cache").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses such names")
def test_hostile_file_names_are_deleted_and_harm_no_terminal(caches: Program) -> None:
    cache_files = ("a\x1b[31mred.json", "bidi\u202e.json", "x\ny.json", f"{'0' * 40}.json")
    for name in cache_files:
        caches.write(f"cli/cache/{name}", "{")
    outcome = caches("cache", "clear", "--yes", *(f"--file={name}" for name in cache_files))
    assert outcome.code == 0
    assert not set("\x1b\u202e") & set(outcome.out + outcome.err)
    assert len(outcome.lines) == 1 + 4 + 1  # headings, a line each, the sum
    assert _left(caches) == ALL - {CORRUPT}


@pytest.mark.parametrize("width", [30, 80, 200])
def test_the_table_fits_the_terminal(caches: Program, width: int) -> None:
    assert caches("cache", "clear", "--all", "--dry-run", width=width).widest <= width


@pytest.mark.parametrize("place", ["{name}", "{directory}/{name}", "{directory}/../cache/{name}"])
def test_a_file_goes_by_its_name_or_its_path(caches: Program, place: str) -> None:
    directory = caches.aws / "cli" / "cache"
    given = place.format(directory=directory, name=f"{'f' * 40}.json")
    outcome = caches("cache", "clear", "--yes", "--file", given)
    assert outcome.code == 0, outcome.err
    assert ALL - _left(caches) == {ORPHAN}


def test_a_path_may_be_written_as_rolecall_writes_it(caches: Program) -> None:
    assert caches("cache", "clear", "--yes", "--file", f"~/.aws/cli/cache/{'0' * 40}.json").code == 0
    assert ALL - _left(caches) == {CORRUPT}


def test_several_files_go_and_others_narrow_them_down(caches: Program) -> None:
    files = ("--file", f"{ADMIN}.json", "--file", f"{DEPLOY}.json")
    assert caches("cache", "clear", "--yes", *files, "--expired").code == 0
    assert ALL - _left(caches) == {EXPIRED}
    assert caches("cache", "clear", "--yes", *files[:2]).code == 0
    assert ALL - _left(caches) == {EXPIRED, GOOD}


@pytest.mark.parametrize("given", ["nothing.json", "/etc/passwd", "../config", ""])
def test_what_is_no_cache_file_is_wrong_usage(caches: Program, given: str) -> None:
    outcome = caches("cache", "clear", "--yes", "--file", given)
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is no cache file" in outcome.err
    assert _left(caches) == ALL


def test_a_file_that_is_never_deleted_is_named_with_the_reason(caches: Program) -> None:
    outcome = caches("cache", "clear", "--yes", "--file", "session.db")
    assert outcome.code == 1
    assert "session.db is not deleted: It is AWS CLI v2's usage data" in outcome.err
    assert _left(caches) == ALL
