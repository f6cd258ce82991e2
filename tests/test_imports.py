"""The arrows of the house: the core loads no screen and no AWS client, and nothing points backwards."""

import ast
import graphlib
import json
import pkgutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

import rolecall.aws
import rolecall.tui.render

HEAVY = (
    "asyncio",
    "boto3",
    "botocore.credentials",
    "botocore.session",
    "click",
    "rich",
    "socket",
    "subprocess",
    "textual",
    "urllib.request",
    "watchfiles",
)
MODULES = (
    "rolecall.host",
    "rolecall.text",
    *(f"rolecall.aws.{module.name}" for module in pkgutil.iter_modules(rolecall.aws.__path__)),
)
OF_LINES = (
    *(f"rolecall.tui.render.{each.name}" for each in pkgutil.iter_modules(rolecall.tui.render.__path__)),
    *("rolecall.tui.first_frame", "rolecall.tui.launch"),
)
"""What makes the lines of the screen, and the first frame of them."""
IMPORT_EACH = """
import importlib, json, sys
loaded = {}
for module in json.loads(sys.argv[1]):
    importlib.import_module(module)
    loaded[module] = [name for name in json.loads(sys.argv[2]) if name in sys.modules]
print(json.dumps(loaded))
"""
TAKE = """
import json, sys
from pathlib import Path
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
snapshot = Snapshot.take(Host.of(Path(sys.argv[1]), {"AWS_PROFILE": "role"}))
for report in snapshot.profiles.values():
    report.settings, report.lost
print(json.dumps({
    "profiles": list(snapshot.profiles),
    "loaded": [name for name in json.loads(sys.argv[2]) if name in sys.modules],
}))
"""
HOME = """
[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = CANARY
[profile role]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = keys
[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = x
[profile login]
login_session = me
[profile process]
credential_process = false
[profile web]
role_arn = arn:aws:iam::123456789012:role/x
web_identity_token_file = /nowhere
"""


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a new process."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], check=False, capture_output=True, text=True, timeout=60
    )


OF_EDITS = (
    "rolecall.actions.editing.edits",
    "rolecall.actions.writing.saving",
    "rolecall.actions.writing.saving",
)
"""What an edit takes: it calls nobody."""
TOO_MUCH = ("boto3", "botocore.session", "textual", "rich", "click")


@pytest.fixture(scope="module")
def loaded() -> dict[str, list[str]]:
    """Return what each module of the core brings along, all imported in one new process."""
    done = run(IMPORT_EACH, json.dumps(MODULES), json.dumps(HEAVY))
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("module", MODULES)
def test_a_module_of_the_core_is_light(loaded: dict[str, list[str]], module: str) -> None:
    assert loaded[module] == []


@pytest.mark.parametrize("module", OF_EDITS)
def test_what_an_edit_takes_brings_neither_a_screen_nor_a_client_of_aws(module: str) -> None:
    done = run(IMPORT_EACH, json.dumps([module]), json.dumps(TOO_MUCH))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {module: []}


def test_what_makes_the_lines_of_the_screen_loads_neither_textual_nor_rich() -> None:
    assert OF_LINES
    done = run(IMPORT_EACH, json.dumps(OF_LINES), json.dumps(["rich", "textual"]))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {module: [] for module in OF_LINES}


def test_a_whole_look_is_light_too(tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(HOME)
    done = run(TAKE, str(tmp_path), json.dumps(HEAVY))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "profiles": ["keys", "role", "sso", "login", "process", "web"],
        "loaded": [],
    }


SOURCE = Path(rolecall.__file__).parent


def imports() -> dict[str, set[str]]:
    """Return the modules of rolecall that each of them imports, anywhere in it."""
    modules = {
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for path in SOURCE.rglob("*.py")
    }
    found: dict[str, set[str]] = {}
    for module, path in modules.items():
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                names |= {name if name in modules else str(node.module) for name in inner}
        found[module] = names & modules.keys() - {module}
    return found


def circle(graph: Mapping[str, Collection[str]]) -> list[str]:
    """Return the modules of one import circle, the first of them at both ends; none where there is none."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        path: list[str] = error.args[1]
        return path[::-1]  # graphlib tells it from what is imported to what imports
    return []


def test_no_modules_import_one_another() -> None:
    assert " -> ".join(circle(imports())) == ""


def test_an_import_circle_is_told_with_its_path() -> None:
    graph = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": set[str]()}
    found = circle(graph)
    assert set(found) == {"a", "b", "c"}
    assert found[0] == found[-1]
    assert all(later in graph[earlier] for earlier, later in pairwise(found))


RUN = """
import atexit, json, sys
from rolecall.__main__ import main
atexit.register(lambda: print("\\n" + json.dumps([name for name in sys.modules if "rolecall." in name])))
sys.argv = ["rolecall", *sys.argv[1:]]
main()
"""
OF_TEXT = {"rolecall.cli.text_output", "rolecall.cli.doctor_text"}
OF_JSON = {"rolecall.cli.doctor_json"}
NOT_OF_DOCTOR = {
    "rolecall.cli.assume",
    "rolecall.cli.cache",
    "rolecall.cli.edit",
    "rolecall.cli.env",
    "rolecall.cli.export",
    "rolecall.cli.login",
    "rolecall.cli.profiles",
}


@pytest.mark.parametrize(
    ("arguments", "wanted", "unwanted"),
    [(("--json",), OF_JSON, OF_TEXT), ((), OF_TEXT, OF_JSON)],
    ids=["JSON", "text"],
)
def test_doctor_loads_one_output_and_no_other_command(
    tmp_path: Path, arguments: tuple[str, ...], wanted: set[str], unwanted: set[str]
) -> None:
    done = run(RUN, "--home", str(tmp_path), "doctor", *arguments)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert wanted <= loaded
    assert not loaded & (unwanted | NOT_OF_DOCTOR)


def test_the_contracts_of_the_project_hold() -> None:
    pytest.importorskip("importlinter", reason="comes with the check extra; .ci/run runs it by itself")
    settings = Path(__file__).parents[1] / "pyproject.toml"
    script = (
        "import sys; from importlinter.cli import lint_imports;"
        "sys.exit(lint_imports(config_filename=sys.argv[1], no_cache=True, no_logo=True))"
    )
    done = run(script, str(settings))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
