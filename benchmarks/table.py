"""The comparisons as a table for people and as JSON for programs."""

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

from measure import Comparison, Figure

Machine = Mapping[str, str | int | float]

HEADINGS = ("what", "rolecall", "beside it", "", "ratio", "target", "")
PACKAGES = ("textual", "botocore", "awscli")
GAP = "  "
FINE_BELOW = 10  # numbers below it get a second digit after the point


def as_text(rows: Sequence[Comparison], failures: Mapping[str, str], machine: Machine) -> str:
    """Return the table: medians, with the least and the greatest of the sample in brackets."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = [
        GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    lines += [f"{name}: not measured: {reason}" for name, reason in failures.items()]
    return "\n".join([*lines, "", ", ".join(f"{key} {value}" for key, value in machine.items())])


def as_json(rows: Sequence[Comparison], failures: Mapping[str, str], machine: Machine) -> str:
    """Return one object: the machine, the rows with their samples, what was not measured."""
    content = {
        "machine": machine,
        "rows": [_row(row) for row in rows],
        "not_measured": failures,
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


BEGIN, END = "<!-- costs -->", "<!-- /costs -->"
"""Between these lines of the README the table is written."""


def in_readme(text: str, rows: Sequence[Comparison], machine: Machine) -> str:
    """Return the README with the figures of this run that have a target: medians, the day, the machine.

    Raises:
        ValueError: it has no place for them.
    """
    before, after = text.index(BEGIN) + len(BEGIN), text.index(END)
    cells = [("", "rolecall", "beside it", "ratio"), ("---",) * 4]
    cells += [
        (
            row.what,
            f"{_number(row.our_figure.value)} {row.unit}",
            f"{_number(row.beside_figure.value)} {row.unit} ({row.beside_name})",
            f"{row.ratio.value:.2f}",
        )
        for row in rows
        if row.target is not None
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in cells)
    day = datetime.now(UTC).date().isoformat()
    where = ", ".join(f"{key} {value}" for key, value in machine.items() if key != "load")
    return f"{text[:before]}\n{table}\n\nMeasured on {day}: {where}.\n{text[after:]}"


def this_machine() -> Machine:
    """Return what the figures depend on: the machine and its load now, Python and the packages."""
    return {
        "system": platform.system(),
        "cores": os.cpu_count() or 0,
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }


def _cells(row: Comparison) -> tuple[str, ...]:
    return (
        row.what,
        _quoted(row.our_figure, row.unit),
        _quoted(row.beside_figure, row.unit),
        row.beside_name,
        _quoted(row.ratio, "x"),
        str(row.target or ""),
        row.verdict,
    )


def _quoted(figure: Figure, unit: str) -> str:
    value, low, high = (_number(number) for number in (figure.value, figure.low, figure.high))
    return f"{value} {unit} ({low}-{high})"


def _number(number: float) -> str:
    return f"{number:.2f}" if number < FINE_BELOW else f"{number:,.0f}"


def _row(row: Comparison) -> dict[str, object]:
    return {
        "what": row.what,
        "unit": row.unit,
        "rolecall": asdict(row.our_figure) | {"sample": row.ours},
        "beside": asdict(row.beside_figure) | {"name": row.beside_name, "sample": row.beside},
        "ratio": _finite(row.ratio),
        "target": str(row.target) if row.target else None,
        "verdict": row.verdict,
    }


def _finite(figure: Figure) -> dict[str, float | None]:
    """Return a figure for JSON, which knows no infinity."""
    numbers = asdict(figure)
    return {name: each if math.isfinite(each) else None for name, each in numbers.items()}
