# ruff: noqa: INP001 - a script, not a package
"""Write the map of the source into ``CONTRIBUTING.md``: ``docs/make_house.py [--check]``.

The layers are those that import-linter holds the code to (``pyproject.toml``); the purpose of a folder or a
module is the first paragraph of its docstring. With ``--check`` it writes nothing, and exits with 1 where
the map is out of date, or where the page names a file that is not there.
"""

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "rolecall"
PAGE = ROOT / "CONTRIBUTING.md"
START, END = "<!-- house -->\n", "<!-- /house -->\n"
_PATH = re.compile(r"`((?:src|tests|docs|aws|doctor|actions|tui|cli|demo|masking|messages)/[\w/.]+|\w+\.py)`")


def layers() -> Iterator[str]:
    """Yield the layers, the upper ones first: each may import what is below it, and no more."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    [found] = [each["layers"] for each in contracts if each["type"] == "layers"]
    for layer in found:
        yield "  " + "   ".join(layer.replace("rolecall.", "").split(" | "))


def purpose(path: Path) -> str:
    """Return the first sentence of a module's docstring, on one line."""
    text = ast.get_docstring(ast.parse(path.read_text())) or ""
    return " ".join(text.split("\n\n")[0].split())


def house() -> Iterator[str]:
    """Yield the lines of the map."""
    yield "A layer may import those below it, and no other; those on one line may not import each other:"
    yield ""
    yield "```"
    yield from layers()
    yield "```"
    folders = sorted({path.parent for path in SOURCE.rglob("*.py")})
    for folder in folders:
        name = folder.relative_to(SOURCE.parent)
        yield ""
        yield f"**`{name}/`** {purpose(folder / '__init__.py')}"
        yield ""
        for path in sorted(folder.glob("*.py")):
            if path.name != "__init__.py":
                yield f"- `{path.name}` {purpose(path)}"


def missing(page: str) -> Iterator[str]:
    """Yield the files that the page names and that are not there."""
    for path in dict.fromkeys(_PATH.findall(page)):
        if not any((base / path).exists() for base in (ROOT, SOURCE)) and "/" in path:
            yield path


def main() -> int:
    """Write the map, or say whether it is current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    page = PAGE.read_text()
    before, rest = page.split(START)
    after = rest.split(END)[1]
    wanted = before + START + "\n".join(house()) + "\n" + END + after
    if not parser.parse_args().check:
        PAGE.write_text(wanted)
        return 0
    if wanted != page:
        sys.stderr.write("CONTRIBUTING.md is out of date: run docs/make_house.py\n")
        return 1
    gone = list(missing(page))
    for path in gone:
        sys.stderr.write(f"CONTRIBUTING.md names {path}, which is not there\n")
    return 1 if gone else 0


if __name__ == "__main__":
    sys.exit(main())
