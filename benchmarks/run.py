"""Measure rolecall beside a bare Textual app and the AWS CLI: ``run.py [ROW …]``."""

import argparse
import shlex
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from acting import clear, edit
from bench import Bench
from changed_file import reread
from command_line import doctor, listing, prompt
from in_process import growth, snapshot
from measure import BenchmarkError, Comparison
from on_screen import first_name, idle, key, memory, ready
from processes import rolecall_command
from table import as_json, as_text, in_readme, this_machine

DEFAULT_RUNS = 9
SIZES = (10, 100, 1_000, 10_000)
READY = {100: 1.2, 1_000: 1.3, 10_000: 1.6}
MEMORY = {100: 1.15, 1_000: 1.2, 10_000: 1.6}
README = Path(__file__).parents[1] / "README.md"
ROWS: Mapping[str, Callable[[Bench], list[Comparison]]] = {
    **{f"first-{number}": partial(first_name, profiles=number, times=0.5) for number in SIZES},
    **{f"ready-{number}": partial(ready, profiles=number, times=times) for number, times in READY.items()},
    "list": listing,
    "doctor": doctor,
    "prompt": prompt,
    **{f"memory-{number}": partial(memory, profiles=number, times=times) for number, times in MEMORY.items()},
    "idle": idle,
    "key": key,
    "reread": reread,
    "snapshot": snapshot,
    "growth": growth,
    "edit": edit,
    "clear": clear,
}


def main() -> None:
    """Measure the rows that were asked for, and print them."""
    options = _options()
    machine = this_machine()
    rows: list[Comparison] = []
    failures: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="rolecall-bench-") as directory:
        bench = Bench(Path(directory), options.runs, tuple(shlex.split(options.program)))
        for name in options.rows or ROWS:
            print(f"{name} …", file=sys.stderr, flush=True)
            try:
                rows += ROWS[name](bench)
            except BenchmarkError as error:
                failures[name] = str(error)
    print((as_json if options.json else as_text)(rows, failures, machine))
    if options.readme:
        README.write_text(in_readme(README.read_text(encoding="utf-8"), rows, machine), encoding="utf-8")
    sys.exit(1 if failures else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"some of {', '.join(ROWS)} (all)")
    parser.add_argument("--runs", type=int, default=DEFAULT_RUNS, help="pairs a row (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON, with all samples")
    parser.add_argument("--readme", action="store_true", help="write the table into the README as well")
    parser.add_argument(
        "--program",
        default=shlex.join(rolecall_command()),
        metavar="COMMAND",
        help="how rolecall is started (%(default)s)",
    )
    options = parser.parse_args()
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


if __name__ == "__main__":
    main()
