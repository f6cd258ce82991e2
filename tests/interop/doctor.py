"""What ``rolecall doctor --error`` says of the words of an AWS tool, and nothing but these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rolecall.host import utc_now
from tests.cli.program import Program
from tests.interop.world import World

_STUB = "AWS_ENDPOINT_URL"


@dataclass(frozen=True, slots=True)
class Told:
    """What is said.

    Attributes:
        culprit: the finding that is to blame, as JSON has it; empty for none.
        said: the answer and its cure.
        message: whom the words are about.
    """

    culprit: Mapping[str, Any]
    said: str
    message: Mapping[str, Any]


def without_stub(world: World) -> World:
    """Return a world as it is for AWS: behind an endpoint on this machine no form of keys is a fault."""
    environ = {name: value for name, value in world.environ.items() if not name.startswith(_STUB)}
    return World(world.home, environ)


def doctor(world: World, words: str) -> Told:
    """Give the words to ``rolecall doctor --error -``; they have to be recognised."""
    program = Program(world.home, dict(world.environ), utc_now)
    outcome = program.fed(words, "doctor", "--error", "-", "--json")
    assert outcome.code in (0, 1), outcome.err
    told = outcome.json
    assert "message" in told, f"not recognised: {words}"
    found = (each for each in told["findings"] if each["code"] == told["culprit"])
    culprit: Mapping[str, Any] = next(found, {})
    assert bool(culprit) == (told["culprit"] is not None)
    cure = told["cure"]["words"] if told["cure"] is not None else ""
    return Told(culprit, f"{told['sentence']} {cure}", told["message"])
