"""``rolecall cache list --json`` by the contract."""

from typing import Any

from rolecall.aws import cache_files
from tests.cli.program import Program, role_file


def _entries(rolecall: Program) -> dict[str, Any]:
    return {entry["path"]: entry for entry in rolecall("cache", "list", "--json").json["entries"]}


def test_a_role_knows_whom_it_serves_and_when_it_ends(rolecall: Program) -> None:
    stem = cache_files.role({"role_arn": "arn:aws:iam::123456789012:role/Admin"})
    path = str(rolecall.aws / "cli" / "cache" / f"{stem}.json")
    assert _entries(rolecall)[path] == {
        "path": path,
        "kind": "role",
        "state": "valid",
        "expires_at": "2026-03-01T12:43:10Z",
        "after": "automatic",
        "identity": "arn:aws:sts::123456789012:assumed-role/Dev/me",
        "profiles": ["admin"],
        "problem": None,
        "orphan": False,
        "collision": False,
    }


def test_an_orphan_and_a_broken_file_tell_their_problem(rolecall: Program) -> None:
    orphan = rolecall.write("cli/cache/orphan.json", role_file("2026-03-01T11:00:00Z"))
    broken = rolecall.write("cli/cache/broken.json", '{"Credentials": {')
    found = _entries(rolecall)
    assert (found[str(orphan)]["state"], found[str(orphan)]["orphan"]) == ("expired", True)
    assert found[str(orphan)]["problem"] == "orphan: no profile here uses it"
    assert (found[str(broken)]["state"], found[str(broken)]["problem"]) == (
        "broken",
        "is cut off: half-written",
    )


def test_an_empty_cache_is_an_empty_list(bare: Program) -> None:
    assert bare("cache", "list", "--json").json == {"schema": "rolecall/1", "entries": []}
