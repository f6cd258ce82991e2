"""The screens that say what is wrong and why show no secret, also not of what comes from outside."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rolecall.host import Host
from rolecall.tui.app import RolecallApp
from tests.promises.canaries import Canaries
from tests.promises.explaining import ExplainingTour
from tests.promises.messages import QUOTING, SHOWN
from tests.promises.planted import LAST_FOUR, plant
from tests.promises.tour import NARROW, Stop

SUBJECTS = (None, "sso-pasted", "process")
"""This shell, and profiles whose answers quote a name and a command line; others are tested alone."""


@asynccontextmanager
async def opened(
    host: Host, subjects: Sequence[str | None], messages: Sequence[str]
) -> AsyncIterator[ExplainingTour]:
    """Open the app."""
    async with RolecallApp(host).run_test(size=NARROW, notifications=True) as pilot:
        yield ExplainingTour(pilot, subjects, messages)


def seen(canaries: Canaries, stops: Sequence[Stop]) -> list[tuple[str, str]]:
    """Return which secrets were seen, and where."""
    return sorted({(secret, stop.where) for stop in stops for secret in canaries.leaks(stop.text)})


@pytest.mark.long
async def test_nothing_that_says_what_is_wrong_and_why_shows_a_secret(tmp_path: Path) -> None:
    host, canaries = plant(tmp_path / "home")
    messages = [QUOTING[quoted](canaries) for quoted in SHOWN]
    async with opened(host, SUBJECTS, messages) as tour:
        stops = [stop async for stop in tour.explanations()]

    assert seen(canaries, stops) == []
    # THEN it has looked at what there was to hide
    text = "".join(stop.text for stop in stops)
    assert f"…{LAST_FOUR[3]}" in text
    for words in (
        "Recognised: ",
        "--password ••••",
        "= ••••",
        "It holds no secrets",
        "A line for your shell",
    ):
        assert words in text, words
