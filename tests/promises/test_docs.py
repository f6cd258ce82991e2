"""The keys in the docs are those that the app has, and the findings those that the rules tell."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.doctor.finding import Rule
from rolecall.doctor.registry import RULES
from rolecall.tui.app import RolecallApp
from rolecall.tui.render.inspector import Fact
from rolecall.tui.screens.help import help_details, legend
from tests.homes import make_home
from tests.promises.tour import Tour

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "make_keys.py"
FINDINGS = ROOT / "docs" / "make_findings.py"


def run(script: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.long
def test_the_tables_of_keys_are_up_to_date() -> None:
    done = run(SCRIPT, "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), "run docs/make_keys.py"


@pytest.mark.long
def test_the_check_finds_what_is_out_of_date_and_a_run_mends_it(tmp_path: Path) -> None:
    # GIVEN a copy whose README has the markers, and stale words between them
    script = tmp_path / "docs" / "make_keys.py"
    script.parent.mkdir()
    script.write_text(SCRIPT.read_text())
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- keys -->\nstale words\n<!-- /keys -->\nafter\n")
    # WHEN it is checked
    done = run(script, "--check")
    # THEN it says so, and changes nothing
    assert done.returncode == 1
    assert "README.md is out of date" in done.stdout
    assert "keys.md is out of date" in done.stdout
    assert "stale words" in readme.read_text()
    # AND a run mends both, and leaves the rest
    assert run(script).returncode == 0
    assert run(script, "--check").returncode == 0
    assert "stale words" not in readme.read_text()
    assert readme.read_text().startswith("before\n<!-- keys -->\n| |")
    assert readme.read_text().endswith("|\n<!-- /keys -->\nafter\n")


async def test_every_key_of_the_help_is_in_the_docs(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "keys.md").read_text()
    host = make_home(tmp_path, config="[profile a]\nregion = eu-west-1\n")
    async with RolecallApp(host).run_test() as pilot:
        await Tour(pilot).arrive()
        live = {
            key: binding
            for key, binding in pilot.app.screen.active_bindings.items()
            if binding.node is not pilot.app  # Textual's own
        }
        signs = set(legend())
        keys = [fact for fact in help_details(live).facts if _is_key(fact) and fact not in signs]

    assert len(keys) > 20
    assert [fact for fact in keys if f"| {_as_in_docs(fact)} | {fact.text} |" not in page] == []


@pytest.mark.parametrize("page", ["docs/keys.md", "README.md"])
def test_a_key_in_the_docs_is_what_stands_on_a_keyboard(page: str) -> None:
    keys = re.findall(r"`([^`\s]+(?: [^`\s]+)?)`", "".join(_tables(ROOT / page)))
    assert len(keys) > 40
    assert {key for key in keys if re.search(r"_|slash|colon|escape|delete|\w\+\w", key)} == set()


def test_each_key_stands_once_under_a_heading_and_each_row_says_something() -> None:
    page = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    assert "`^q`" in page
    for chapter in page.split("\n## ")[1:-1]:
        rows = re.findall(r"^\| (`.*`) \| (.*) \|$", chapter, re.MULTILINE)
        keys = [key for cell, _ in rows for key in re.findall(r"`[^`]+`", cell)]
        assert rows, chapter
        assert sorted(keys) == sorted(set(keys)), chapter
        assert all(words for _, words in rows)
    assert not re.search(r"\|\s+\|$", page, re.MULTILINE)


def _tables(page: Path) -> Iterator[str]:
    """Yield the rows of the tables of keys."""
    text = page.read_text(encoding="utf-8")
    if "<!-- keys -->" in text:
        text = text.split("<!-- keys -->")[1].split("<!-- /keys -->")[0]
    yield from (line for line in text.splitlines(keepends=True) if line.startswith("|"))


def test_the_page_of_findings_is_up_to_date() -> None:
    done = run(FINDINGS, "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), "run docs/make_findings.py"


def test_the_check_finds_a_page_of_findings_that_is_out_of_date_and_a_run_mends_it(tmp_path: Path) -> None:
    # GIVEN a copy whose page lacks the last line
    script, page = tmp_path / "docs" / "make_findings.py", tmp_path / "docs" / "findings.md"
    script.parent.mkdir()
    script.write_text(FINDINGS.read_text())
    whole = FINDINGS.with_name("findings.md").read_text()
    stale = whole[: whole.rstrip().rindex("\n")]
    page.write_text(stale)
    # WHEN it is checked, THEN it says so, and changes nothing
    done = run(script, "--check")
    assert (done.returncode, done.stdout) == (1, "docs/findings.md is out of date\n")
    assert page.read_text() == stale
    # AND a run mends it
    assert run(script).returncode == 0
    assert page.read_text() == whole


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_code_is_explained_with_cause_consequence_and_cure(rule: Rule) -> None:
    page = FINDINGS.with_name("findings.md").read_text()
    # GIVEN the chapter of a code
    [chapter] = re.findall(rf"^### {rule.code}\n(.*?)(?=^##|\Z)", page, re.DOTALL | re.MULTILINE)
    # THEN it says how much it matters, and the three things that one wants to know, in sentences
    assert f"*{rule.severity}* · " in chapter
    said = re.findall(r"^- \*\*(Cause|Consequence|Cure)\*\*: (\S.{5,}[.!?])$", chapter, re.MULTILINE)
    assert [what for what, _ in said] == ["Cause", "Consequence", "Cure"]
    # AND the index leads to it
    assert f"[{rule.code}](#{rule.code})" in page


def _is_key(fact: Fact) -> bool:
    return not fact.is_title and fact.label not in "●◐✗!○↻∞?"


def _as_in_docs(fact: Fact) -> str:
    return " ".join(f"`{key}`" for key in fact.label.split("  "))
