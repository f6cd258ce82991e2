"""Findings in the formats of other programs: of code scanners, of CI systems, of their logs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from rolecall.cli.diagnosis import Diagnosis, path_of, told
from rolecall.cli.output import inert
from rolecall.doctor.finding import Finding, Severity
from rolecall.text import mask_header
from rolecall.values import dataclass

_ANNOTATIONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be written.

    Attributes:
        found: what was found, for each config file.
        fail_on: the mildest severity that fails.
        working: the directory from which files are named.
    """

    found: Sequence[Diagnosis]
    fail_on: Severity
    working: Path


def _sarif(report: Report) -> str:
    from rolecall.cli import sarif  # noqa: PLC0415 - it plans edits: nothing else waits for that

    return sarif.sarif(report.found, report.working)


def _github(report: Report) -> str:
    """Return a line for each finding, of which GitHub Actions makes annotations (workflow commands)."""
    return "\n".join(
        _annotation(finding, diagnosis, report.working)
        for diagnosis in report.found
        for finding in diagnosis.shown
    )


def _annotation(finding: Finding, diagnosis: Diagnosis, working: Path) -> str:
    path = path_of(finding)
    properties = {"title": f"rolecall: {finding.code}"}
    if path is not None:
        properties = {"file": _named(path, working)} | _line(finding) | properties
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_ANNOTATIONS[finding.severity]} {listed}::{_data(told(finding, diagnosis.snapshot))}"


def _line(finding: Finding) -> dict[str, str]:
    line = finding.place.line if finding.place is not None else None
    return {} if line is None else {"line": str(line)}


def _named(path: Path, working: Path) -> str:
    """Return a file's path from the working directory, if it is below."""
    whole = path.absolute()
    return whole.relative_to(working).as_posix() if whole.is_relative_to(working) else str(path)


def _data(text: str) -> str:
    return inert(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _junit(report: Report) -> str:
    """Return JUnit's XML: a suite for each file, a case for each finding; what does not fail has passed."""
    return "\n".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>',
            f"<testsuites {_sums(report.found, report)}>",
            *(line for diagnosis in report.found for line in _suite(diagnosis, report)),
            "</testsuites>",
        )
    )


def _sums(found: Sequence[Diagnosis], report: Report, name: str = "rolecall") -> str:
    many = sum(max(len(each.shown), 1) for each in found)
    failures = sum(finding.severity.rank <= report.fail_on.rank for each in found for finding in each.shown)
    return f'name={_quoted(name)} tests="{many}" failures="{failures}" errors="0" skipped="0"'


def _suite(diagnosis: Diagnosis, report: Report) -> Iterator[str]:
    files = [file.path for file in diagnosis.snapshot.files if file.path is not None]
    name = _named(files[0], report.working) if files else "rolecall"
    yield f"  <testsuite {_sums((diagnosis,), report, name)}>"
    for finding in diagnosis.shown:
        yield from _case(finding, diagnosis, report, name)
    if not diagnosis.shown:
        yield f'    <testcase classname={_quoted(name)} name="nothing is wrong"/>'
    yield "  </testsuite>"


def _case(finding: Finding, diagnosis: Diagnosis, report: Report, suite: str) -> Iterator[str]:
    path = path_of(finding)
    place = {} if path is None else {"file": _named(path, report.working)} | _line(finding)
    name = f"{finding.code}: {mask_header(finding.subject.name)}"
    listed = {"classname": suite, "name": name} | place
    words = _escaped(told(finding, diagnosis.snapshot))
    yield f"    <testcase {' '.join(f'{key}={_quoted(value)}' for key, value in listed.items())}>"
    if finding.severity.rank <= report.fail_on.rank:
        yield (
            f'      <failure type="{finding.severity.value}" message={_quoted(finding.message)}>'
            f"{words}</failure>"
        )
    else:
        yield f"      <system-out>{finding.severity.value}: {words}</system-out>"
    yield "    </testcase>"


_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def _escaped(text: str) -> str:
    return inert(text).encode("utf-8", "replace").decode().translate(_XML)


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


FORMATS: Mapping[str, Callable[[Report], str]] = {"sarif": _sarif, "github": _github, "junit": _junit}
"""How findings are written for other programs; text and JSON are rolecall's own."""
