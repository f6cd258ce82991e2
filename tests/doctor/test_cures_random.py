"""Over random homes: every line that is offered is carried out, and harms nobody."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import examine
from rolecall.host import Host
from tests.differential.homes import Home
from tests.doctor.aged_homes import FEW, Drawn, aged_homes, caches, cannot_work, fill
from tests.doctor.mending import mend
from tests.doctor.rows import Row
from tests.homes import NOW

_CARRIED_OUT = (FixAction.EDIT, FixAction.RENAME, FixAction.REMOVE, FixAction.CLEAR, FixAction.SHELL)
"""What needs neither AWS nor an editor."""
_AS_DRAWN = (Phase.explicit, Phase.generate)
"""Lines are costly to carry out, so that no smaller home is looked for."""
_ROW = Row("", "", {}, {})


def make(place: Path, home: Home, drawn: Drawn) -> Host:
    host = Host.of(place, home.write(place), clock=lambda: NOW, has_crt=home.has_crt)
    fill(host, drawn)
    return host


def working(snapshot: Snapshot) -> set[str]:
    """Return who works: profiles, and commands that name none in each tool."""
    found = {name for name, report in snapshot.profiles.items() if not cannot_work(report)}
    return found | {
        tool.label
        for tool in Tool
        if snapshot.default_session[tool].resolution.fault is None
        and snapshot.default_session[tool].expiry.state not in ("expired", "broken")
    }


def long_term(snapshot: Snapshot) -> set[tuple[object, object]]:
    pairs = (
        (section.get("aws_access_key_id"), section.get("aws_secret_access_key"))
        for file in snapshot.files
        for section in file.sections.values()
    )
    return {(key, secret) for key, secret in pairs if secret and str(key).startswith("AKIA")}


def harm(before: Snapshot, after: Snapshot, finding: Finding) -> Iterator[str]:
    """Yield what a cure has done that it must not, a line each."""
    line = finding.fix.run()
    gone = working(before) - working(after)
    if finding.fix.doing is FixAction.RENAME:
        gone -= {str(finding.fix.profile)}
    if gone:
        yield f"{finding.code}: {line}: {sorted(gone)} worked"
    if long_term(before) - long_term(after):
        yield f"{finding.code}: {line}: a long-term key is lost"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@settings(
    phases=_AS_DRAWN,
    max_examples=max(FEW // 8, 1),
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
@given(home=aged_homes(), drawn=caches())
def test_every_line_that_is_offered_harms_nobody(place: Path, home: Home, drawn: Drawn) -> None:
    """GIVEN a random home WHEN a line is carried out in a copy THEN who worked works, and no key is lost."""
    before = Snapshot.take(make(place, home, drawn))
    done: set[str] = set()
    for finding in examine(before).all:
        line = finding.fix.run()
        if line is None or line in done or finding.fix.doing not in _CARRIED_OUT or "export PYTHON" in line:
            continue
        done.add(line)
        event(finding.code)
        host = make(place, home, drawn)
        after = Snapshot.take(replace(mend(host, finding.fix, _ROW), clock=host.clock))
        assert list(harm(before, after, finding)) == []
