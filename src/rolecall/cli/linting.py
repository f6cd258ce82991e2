"""``rolecall doctor --config FILE``: looks at files as on any machine, or as on this one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from rolecall import user_settings
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import output
from rolecall.cli.diagnosis import Diagnosis
from rolecall.doctor.finding import Finding
from rolecall.doctor.linting import lint, project_files
from rolecall.doctor.registry import BY_CODE, examine
from rolecall.host import FILES_OF_A_HOME, Host
from rolecall.user_settings import Preferences, read_project, read_settings


def of_files(configs: Sequence[Path], credentials: Path | None) -> list[Diagnosis]:
    """Return what is wrong with each config file, beside the credentials file where one is given."""
    told: set[str] = set()
    found: list[Diagnosis] = []
    for config in configs or (None,):
        host = Host.of_files(config, credentials)
        wanted = _project(host, config or credentials)
        _complain_once(wanted, told)
        snapshot, findings = lint(host, wanted.silences, wanted.severities)
        found.append(Diagnosis(snapshot, findings.all, len(findings.silenced)))
    return _each_once(found)


def on_this_machine(host: Host, configs: Sequence[Path], credentials: Path | None) -> list[Diagnosis]:
    """Return what would be wrong here if AWS tools read these files instead of the user's own."""
    found = []
    wanted = read_settings(host, BY_CODE)
    _complain_once(wanted, set())
    for config in configs or (None,):
        named = zip(FILES_OF_A_HOME, (config, credentials), strict=False)
        files = {name: str(path.absolute()) for name, path in named if path is not None}
        here = replace(host, environ=MappingProxyType(dict(host.environ) | files))
        snapshot = Snapshot.take(here)
        findings = examine(snapshot, wanted.silences, severities=wanted.severities)
        found.append(Diagnosis(snapshot, findings.all, len(findings.silenced)))
    return _each_once(found)


def _project(host: Host, file: Path | None) -> Preferences:
    """Return what the nearest ``pyproject.toml`` with a table for rolecall says."""
    for path in project_files(file, Path.cwd()) if file is not None else ():
        wanted = read_project(host, path, BY_CODE)
        if wanted is not None:
            return wanted
    return user_settings.Preferences(host.settings_file)


def _complain_once(wanted: Preferences, told: set[str]) -> None:
    if wanted.problem is not None and wanted.problem not in told:
        told.add(wanted.problem)
        output.complain(wanted.problem)


def _each_once(found: Sequence[Diagnosis]) -> list[Diagnosis]:
    """Leave out what is told already: one credentials file is looked at beside each config file."""
    seen: set[object] = set()
    kept = []
    for diagnosis in found:
        shown = tuple(each for each in diagnosis.shown if _identity(each) not in seen)
        seen.update(map(_identity, shown))
        kept.append(replace(diagnosis, shown=shown))
    return kept


def _identity(finding: Finding) -> object:
    return finding.place, finding.code, finding.subject, finding.message
