"""rolecall against the real botocore: over random homes, the same answer for every profile and every tool."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings

from rolecall.aws.providers import Hop, Resolution
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.differential import EXAMPLES
from tests.differential.hard_homes import HARD_HOMES
from tests.differential.homes import Home, homes
from tests.differential.oracle import TOOLS, Answer, Oracle
from tests.differential.trace import Step

Row = tuple[object, ...]
"""One claim about a choice of a profile: provider, error, access key id, chain, region."""


def as_text(value: object) -> object:
    """A nested block has no text of its own: rolecall shows it as Python does."""
    return str(value) if isinstance(value, dict) else value


def expected(answer: Answer, chain: Iterable[Step]) -> Row:
    steps = tuple((step.profile, step.provider, as_text(step.role_arn)) for step in chain)
    region = answer.region if isinstance(answer.region, str) else None
    return (answer.provider, answer.error, as_text(answer.access_key), steps, region)


def got(resolution: Resolution, chain: Iterable[Hop], region: str | None) -> Row:
    hops = tuple((hop.profile, hop.provider, hop.role_arn) for hop in chain)
    return (resolution.provider, resolution.error, resolution.access_key, hops, region)


def oracle_rows(oracle: Oracle, names: Iterable[str]) -> dict[tuple[str, str | None], Row]:
    """Return what botocore says: (tool, profile) → row; the profile is None for the ambient choice."""
    rows: dict[tuple[str, str | None], Row] = {}
    for tool in TOOLS:
        for name in names:
            answer = oracle.ask(tool, name)
            rows[tool, name] = expected(answer, answer.chain)
            event(f"{tool}: {answer.provider or answer.error}")
        rows[tool, None] = expected(oracle.ask(tool), ())
    return rows


def rolecall_rows(snapshot: Snapshot) -> dict[tuple[str, str | None], Row]:
    """Return what rolecall says, in the same form."""
    rows: dict[tuple[str, str | None], Row] = {}
    for name, report in snapshot.profiles.items():
        for tool, resolution in report.resolutions.items():
            rows[tool.value, name] = got(resolution, resolution.chain, report.regions[tool])
    for tool, ambient in snapshot.ambient.items():
        rows[tool.value, None] = got(ambient.resolution, (), ambient.region)
    return rows


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def disagreements(place: Path, home: Home) -> dict[object, object]:
    """Return what rolecall and botocore do not say alike: what it is about → (botocore, rolecall)."""
    environ = home.write(place)
    oracle = Oracle(place, environ, home.has_crt)
    names = list(oracle.profiles() or ())
    snapshot = Snapshot.take(Host.of(place, environ, has_crt=home.has_crt))
    theirs: dict[object, object] = {"profiles": names, **oracle_rows(oracle, names)}
    ours: dict[object, object] = {"profiles": list(snapshot.profiles), **rolecall_rows(snapshot)}
    for tool, ambient in snapshot.ambient.items():
        theirs[tool.value] = oracle.ambient_profile(tool.value) or ("default" if "default" in names else None)
        ours[tool.value] = ambient.profile
    return {
        about: (theirs.get(about), ours.get(about))
        for about in theirs | ours
        if theirs.get(about) != ours.get(about)
    }


@settings(max_examples=EXAMPLES, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(home=homes())
def test_every_profile_resolves_as_botocore_resolves_it(place: Path, home: Home) -> None:
    """GIVEN a random home and environment WHEN rolecall looks at it THEN it says what botocore does.

    The same profiles in the same order (none where a file does not parse), and for every tool, explicit and
    ambient, the same provider or exception, access key, chain and region.
    """
    assert disagreements(place, home) == {}


@pytest.mark.parametrize("home", HARD_HOMES.values(), ids=HARD_HOMES.keys())
def test_hard_homes_resolve_as_botocore_resolves_them(place: Path, home: Home) -> None:
    assert disagreements(place, home) == {}
