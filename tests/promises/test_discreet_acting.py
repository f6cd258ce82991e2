"""What opens before something is changed shows no secret: forms, diffs, questions, a file to be mended."""

import dataclasses
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path

import pytest
from textual.widgets import Input

from rolecall.actions.credentials import Credentials
from rolecall.actions.editing.diff import excerpt
from rolecall.aws.config_file import FileKind, FileStatus, read_file
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.tui.app import RolecallApp
from rolecall.tui.form import form
from rolecall.tui.form.fields import FieldRow, FreeRow
from rolecall.tui.form.form import FilledForm
from rolecall.tui.form.notes import FormChecker, form_remarks
from rolecall.tui.form.screen import EditScreen
from rolecall.tui.screens.dialogs import IntoScreen, NameScreen
from rolecall.tui.screens.diff import DiffScreen
from rolecall.tui.screens.repair import _PLAIN
from tests.homes import make_home
from tests.promises.acting import ACTING, ActingTour
from tests.promises.canaries import Canaries
from tests.promises.plans import read, wishes
from tests.promises.planted import MISPLACED, plant
from tests.promises.tour import MEDIUM, NARROW, Stop

pytestmark = pytest.mark.long

World = tuple[Host, Canaries]
SUBJECTS = ("unknown-keys", "keys-in-config")
"""Profiles whose forms have fields that are shown, hidden, and a secret's; all others are looked at below."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return plant(tmp_path / "home")


@asynccontextmanager
async def opened(
    host: Host, subjects: Sequence[str] = (), size: tuple[int, int] = NARROW
) -> AsyncIterator[ActingTour]:
    """Open the app, and wait until commands can be given."""
    async with RolecallApp(host).run_test(size=size, notifications=True) as pilot:
        tour = ActingTour(pilot, subjects)
        await tour.arrive()
        yield tour


def seen(canaries: Canaries, stops: Sequence[Stop]) -> list[tuple[str, str]]:
    """Return which secrets were seen, and where."""
    return sorted({(secret, stop.where) for stop in stops for secret in canaries.leaks(stop.text)})


# The screens


@pytest.mark.long
async def test_nothing_that_opens_before_a_change_shows_a_secret(world: World) -> None:
    host, canaries = world
    async with opened(host, SUBJECTS) as tour:
        stops = [stop async for stop in tour.everything()]
        stops.append(Stop("said in passing", "\n".join(tour.said)))

    assert seen(canaries, stops) == []
    # THEN it has looked at what there was to hide
    text = "".join(stop.text for stop in stops)
    for words in (
        "••••  type to replace it",
        "- aws_secret_access_key = ••••",
        "The lines hold the secret key",
    ):
        assert words in text


async def test_why_a_command_does_not_apply_quotes_no_secret(world: World) -> None:
    host, canaries = world
    stops = []
    async with opened(host, size=MEDIUM) as tour:
        for name in tour.profiles:
            tour.choose(name)
            words = [tour.main.obstacle_to(command) or "" for command in ACTING]
            stops.append(Stop(f"in the way at {name!r}", "\n".join(words)))
        # AND where it is read: in passing, and in the palette
        for name in ("sso-url", "sso-pasted"):
            tour.choose(name)
            tour.main.action_act("logout")
            await tour.until(lambda: bool(tour.said))
            await tour.pilot.pause()
            stops.append(tour.look(f"log out at {name}"))

    assert seen(canaries, stops) == []


async def test_a_secret_that_is_typed_is_not_shown_whatever_becomes_of_it(tmp_path: Path) -> None:
    # GIVEN a profile with keys
    canaries = Canaries()
    host = make_home(tmp_path, config="[profile p]\nregion = x\n", credentials=_keys(canaries, "p"))
    async with opened(host, size=MEDIUM) as tour:
        tour.choose("p")
        form_screen = await tour.give("edit", EditScreen)
        stops = []
        # WHEN a secret is typed into every field, also where it does not belong
        for row in form_screen.query(FieldRow).results():
            form_screen.set_focus(row.entry)
            row.text = canaries.key(f"typed at {row.field.key!r}")
            await tour.pilot.pause()
            stops.append(tour.look(f"typed at {row.field.key!r}"))
        # AND where the name of a setting belongs
        free = form_screen.query_one(FreeRow).entry
        form_screen.set_focus(free)
        free.value = canaries.key("typed for a setting's name")
        await tour.pilot.pause()
        stops.append(tour.look("typed for a setting's name"))
        await form_screen.action_enter()
        await tour.pilot.pause()
        form_screen.query(FieldRow).last().text = canaries.token("typed at that setting")
        await form_screen.action_go_on()
        # THEN it is in no form, diff, picture or passing word, before, after and on the way back
        diff = await tour.opens(DiffScreen)
        stops += [tour.look("diff"), tour.picture("diff")]
        diff.action_write()
        await tour.until(lambda: bool(tour.said) and not tour.is_busy)
        await tour.pilot.pause()
        stops += [tour.look("written"), Stop("said", "\n".join(tour.said))]
        await tour.give("undo", DiffScreen)
        stops += [tour.look("on the way back"), tour.picture("on the way back")]
        await tour.leave()

    assert seen(canaries, stops) == []
    written = (tmp_path / ".aws/credentials").read_text() + (tmp_path / ".aws/config").read_text()
    assert {"typed at 'aws_secret_access_key'", "typed at 'region'"} <= canaries.leaks(written)


@pytest.mark.parametrize("command", ["rename", "duplicate", "assume.into"])
async def test_a_secret_for_a_name_is_not_shown(tmp_path: Path, command: str) -> None:
    # GIVEN a file in which a secret stands for a name already
    canaries = Canaries()
    name = canaries.key("a section of credentials")
    temporary = f"aws_session_token = {canaries.token('the token of p')}\n"
    host = make_home(tmp_path, credentials=f"{_keys(canaries, 'p')}{temporary}[{name}]\nregion = x\n")
    async with opened(host, size=MEDIUM) as tour:
        tour.choose("p")
        screen = await tour.give(command, IntoScreen if command == "assume.into" else NameScreen)
        stops = []
        # WHEN its beginning is typed, all of it, and another secret
        for text in (name[:2], name, canaries.key("pasted"), canaries.token("pasted")):
            screen.query_one(Input).value = text
            await tour.pilot.pause()
            stops.append(tour.look(f"{text[:2]} typed"))
        if command != "assume.into":
            screen.chosen(0)
            await tour.opens(DiffScreen)
            stops += [tour.look("diff"), tour.picture("diff")]
        await tour.leave()

    assert seen(canaries, stops) == []


# Files to be mended


def torn(text: str, canaries: Canaries) -> Iterator[tuple[str, str]]:
    """Yield a text with the line of each of its secrets torn before it and within it, and which one it is."""
    for core, where in canaries.planted.items():
        for at in (text.find(core), text.find(core.upper())):
            if at >= 0:
                yield where, f"{text[: at - 1]}\n{text[at - 1 :]}"
                yield where, f"{text[: at + len(core) + 2]}\n{text[at + len(core) + 2 :]}"


def test_a_file_that_is_torn_in_a_secret_shows_no_part_of_it(world: World) -> None:
    host, canaries = world
    found: dict[str, set[str]] = {}
    for role in FileKind:
        path = host.home / ".aws" / role
        for where, text in torn(path.read_text(), canaries):
            path.write_text(text)
            file = read_file(path, role, "utf-8")
            if file.status is FileStatus.UNPARSEABLE:
                words = "\n".join(line.text for line in excerpt(file, _PLAIN))
                found[where] = found.get(where, set()) | canaries.leaks(words)
    assert len(found) > 40
    assert {where: leaks for where, leaks in found.items() if leaks} == {}


# What the screens are made from


@pytest.fixture
def fetched(world: World) -> Credentials:
    """Return credentials as a role's come from AWS."""
    host, canaries = world
    secret, token = canaries.key("fetched secret"), canaries.token("fetched token")
    return Credentials(canaries.access_key("fetched", "ABCD"), secret, token, host.now(), "111122223333")


@pytest.mark.long
def test_no_edit_that_can_be_asked_for_tells_a_secret(world: World, fetched: Credentials) -> None:
    host, canaries = world
    told = {what: canaries.leaks(read(wish)) for what, wish in wishes(Snapshot.take(host), fetched)}

    assert len(told) > 300
    assert {what: secrets for what, secrets in told.items() if secrets} == {}


def test_no_form_that_can_be_opened_holds_a_secret_to_be_shown(world: World) -> None:
    # GIVEN the form of every profile and session, and of each kind of new ones
    host, canaries = world
    snapshot = Snapshot.take(host)
    forms = [
        *(form.profile_form(snapshot, name) for name in snapshot.profiles),
        *(form.session_form(snapshot, name) for name in snapshot.merged.config.headers.sso_sessions),
        *(form.new(snapshot, kind) for kind in (*Kind, None)),
    ]
    assert len(forms) > 30
    checker = FormChecker(snapshot)
    for each in forms:
        # THEN neither what stands in its fields, nor what is said of them, nor their reprs have one
        said = (*form_remarks(FilledForm(each)).values(), checker.look(FilledForm(each)))
        fields = chain.from_iterable((dataclasses.astuple(field), repr(field)) for field in each.fields)
        text = "\n".join(map(str, (*fields, *said, repr(FilledForm(each, {"x": "y"})))))
        assert canaries.leaks(text) - MISPLACED - KEYS == set(), each.name


KEYS = {"a line that is only a token"}
"""Secrets that stand where a setting's name does: names are masked where they are drawn."""


def _keys(canaries: Canaries, name: str) -> str:
    access_key = canaries.access_key(f"the key of {name}", "ABCD")
    return f"[{name}]\naws_access_key_id = {access_key}\naws_secret_access_key = {canaries.key(name)}\n"
