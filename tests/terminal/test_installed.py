"""rolecall installed from its wheel, where its source is not to be found."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import rolecall
from tests.terminal.pseudo import Terminal, scratch_environment

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, environ: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(each) for each in command],
        check=False,
        capture_output=True,
        text=True,
        env=scratch_environment() | (environ or {}),
        cwd=os.sep,
        timeout=300,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def build(out: Path) -> Path:
    """Build the source distribution, and the wheel from that; no network is needed for it."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT)
    (found,) = out.glob("rolecall-*.whl")
    assert (out / f"rolecall-{rolecall.__version__}.tar.gz").exists()
    return found


def without_rolecall(place: Path) -> Path:
    """Make a virtual environment that has what rolecall needs, and nothing of it; return its packages."""
    run(sys.executable, "-m", "venv", "--without-pip", place)
    (packages,) = place.glob("lib/python*/site-packages")
    for each in Path(sysconfig.get_path("purelib")).iterdir():
        if "rolecall" not in each.name:
            (packages / each.name).symlink_to(each)
    return packages


# one test: what each worker had to build again would take longer than all the rest
def test_the_wheel_is_installed_runs_without_the_source_and_leaves_nothing(
    tmp_path: Path, small: dict[str, str]
) -> None:
    # GIVEN a wheel, which has the package with its files and nothing else
    wheel = build(tmp_path / "dist")
    source = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {each for each in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in each} == source
    # WHEN it is installed
    packages = without_rolecall(tmp_path / "venv")
    programs = tmp_path / "venv" / "bin"
    pip = (sys.executable, "-m", "pip", "--python", programs / "python")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    # THEN it is no longer the source, and says its version
    place = run(programs / "python", "-c", "import rolecall; print(rolecall.__file__)").strip()
    assert Path(place).is_relative_to(packages)
    for command in ((programs / "rolecall",), (programs / "python", "-m", "rolecall")):
        assert run(*command, "--version") == f"rolecall {rolecall.__version__}\n"
    # AND lists profiles
    found = json.loads(run(programs / "rolecall", "list", "--json", environ=small))
    assert [each["name"] for each in found["profiles"]] == ["base", "deploy"]
    # AND opens the demo
    with Terminal([str(programs / "rolecall"), "demo"], {}) as terminal:
        terminal.wait_for("prod-deploy")
        terminal.wait_for("5 Cache")
        terminal.type("q")
        assert terminal.finish() == 0
    # AND goes as it came
    run(*pip, "uninstall", "--quiet", "--yes", "rolecall")
    assert not list(packages.glob("*rolecall*"))
    assert not (programs / "rolecall").exists()
