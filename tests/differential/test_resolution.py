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

Claims = dict[str, object]
"""All that one side says of a home: what it is about → what is said."""


def as_text(value: object) -> object:
    """A nested block has no text of its own: rolecall shows it as Python does."""
    return str(value) if isinstance(value, dict) else value


def botocore_row(answer: Answer, chain: Iterable[Step]) -> tuple[object, ...]:
    """Return provider, error with its words, access key id, chain and region, as botocore has them."""
    steps = tuple((step.profile, step.provider, as_text(step.role_arn)) for step in chain)
    region = answer.region if isinstance(answer.region, str) else None
    return (answer.provider, answer.error, answer.message, as_text(answer.access_key), steps, region)


def rolecall_row(resolution: Resolution, chain: Iterable[Hop], region: str | None) -> tuple[object, ...]:
    """Return the same, as rolecall has them."""
    hops = tuple((hop.profile, hop.provider, hop.role_arn) for hop in chain)
    return (resolution.provider, resolution.error, resolution.message, resolution.access_key, hops, region)


def botocore_claims(oracle: Oracle) -> Claims:
    """Ask botocore for everything; no profile is there where a file does not parse."""
    names = list(oracle.profiles() or ())
    default = "default" if "default" in names else None
    claims: Claims = {"profiles": names}
    for tool in TOOLS:
        with oracle.world(tool):
            for name in names:
                answer, _ = oracle.trace_inside(tool, name)
                claims[f"{tool} with {name!r}"] = botocore_row(answer, answer.chain)
            chosen = oracle.ambient_profile_inside(tool)
            claims[f"{tool} chooses"] = default if chosen is None else chosen
            claims[f"{tool} without a profile"] = botocore_row(oracle.trace_inside(tool)[0], ())
    return claims


def rolecall_claims(snapshot: Snapshot) -> Claims:
    """Ask rolecall for the same."""
    claims: Claims = {"profiles": list(snapshot.profiles)}
    for name, report in snapshot.profiles.items():
        for tool, resolution in report.resolutions.items():
            row = rolecall_row(resolution, resolution.chain, report.regions[tool])
            claims[f"{tool} with {name!r}"] = row
    for tool, default_session in snapshot.default_session.items():
        claims[f"{tool} chooses"] = default_session.profile
        claims[f"{tool} without a profile"] = rolecall_row(
            default_session.resolution, (), default_session.region
        )
    return claims


def look(place: Path, home: Home) -> tuple[Snapshot, Oracle]:
    """Write a home; return the two who are asked about it."""
    environ = home.write(place)
    return Snapshot.take(Host.of(place, environ, has_crt=home.has_crt)), Oracle(place, environ, home.has_crt)


def disagreements(snapshot: Snapshot, oracle: Oracle) -> dict[str, tuple[object, object]]:
    """Return what the two do not say alike: what it is about → (botocore, rolecall)."""
    theirs = botocore_claims(oracle)
    ours = rolecall_claims(snapshot)
    return {
        about: (theirs.get(about), ours.get(about))
        for about in theirs | ours
        if theirs.get(about) != ours.get(about)
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@settings(max_examples=EXAMPLES, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(home=homes())
def test_every_profile_resolves_as_botocore_resolves_it(place: Path, home: Home) -> None:
    """GIVEN a random home and environment WHEN rolecall looks at it THEN it says what botocore does.

    That is the same profiles in the same order (none where a file does not parse), and for every tool,
    explicit and ambient, the same provider or exception, access key, chain and region. What the homes are
    like is told by ``pytest --hypothesis-show-statistics``.
    """
    snapshot, oracle = look(place, home)
    assert disagreements(snapshot, oracle) == {}
    for report in snapshot.profiles.values():
        resolution = report.resolution
        event(f"{resolution.provider or resolution.error}, {len(resolution.chain)} hops")


@pytest.mark.parametrize("home", HARD_HOMES.values(), ids=HARD_HOMES.keys())
def test_hard_homes_resolve_as_botocore_resolves_them(place: Path, home: Home) -> None:
    assert disagreements(*look(place, home)) == {}
