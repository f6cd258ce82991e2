"""Whatever the actions make of the files can be logged: no value of theirs tells a secret by its repr."""

import contextlib
import dataclasses
import importlib
import inspect
import pkgutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from textual.worker import Worker

from rolecall.actions.clear_cache import EntryFilter, select
from rolecall.actions.clear_cache import plan as plan_clearing
from rolecall.actions.credentials import Credentials
from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import __main__ as worker
from rolecall.actions.writing import saving
from rolecall.actions.writing.saving import History
from rolecall.aws.snapshot import Snapshot
from rolecall.masking.names import is_clearly_secret
from rolecall.tui.app import RolecallApp
from rolecall.tui.form import form
from rolecall.tui.form.fields import FieldRow
from rolecall.tui.form.form import FilledForm
from rolecall.tui.form.screen import EditScreen
from rolecall.tui.screens.diff import DiffScreen
from tests.homes import make_home
from tests.promises.acting import ActingTour
from tests.promises.canaries import Canaries
from tests.promises.plans import wishes
from tests.promises.planted import MISPLACED, plant

pytestmark = pytest.mark.long

PACKAGES = (
    "rolecall.actions",
    "rolecall.actions.editing",
    "rolecall.actions.worker",
    "rolecall.actions.writing",
    "rolecall.tui",
    "rolecall.tui.actions",
    "rolecall.tui.form",
    "rolecall.app_options",
)
KEPT = 40
"""Values of a class that are looked at."""
AS_IN_A_LOOK = MISPLACED | {"a line that is only a token", "sso_start_url"}
"""Secrets that stand where a name, a setting's name, an ARN or an address belongs: a repr has those."""


def classes() -> list[type[Any]]:
    """Return every dataclass of what acts."""
    modules = [importlib.import_module(name) for package in PACKAGES for name in _modules(package)]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if inspect.isclass(value) and dataclasses.is_dataclass(value) and value.__module__ == module.__name__
    }
    return sorted(found, key=lambda each: (each.__module__, each.__qualname__))


def _modules(package: str) -> list[str]:
    module = importlib.import_module(package)
    inner = pkgutil.iter_modules(getattr(module, "__path__", []))
    return [package, *(f"{package}.{each.name}" for each in inner if not each.name.startswith("__"))]


CLASSES = classes()


def test_there_are_values_to_look_at() -> None:
    names = {each.__name__ for each in CLASSES}
    assert {"Credentials", "Plan", "FileChange", "Ending", "OpenSession", "Field"} <= names


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__qualname__)
def test_a_field_that_is_called_like_a_secret_is_in_no_repr(kind: type[Any]) -> None:
    shown = [field.name for field in dataclasses.fields(kind) if field.repr and field.type is not bool]
    assert [name for name in shown if is_clearly_secret(name)] == []


def test_no_value_that_comes_up_on_the_way_tells_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a note of every value that is made
    made: dict[type[Any], list[object]] = defaultdict(list)
    for kind in CLASSES:
        _note_each(kind, made, monkeypatch)
    host, canaries = plant(tmp_path / "home")
    snapshot = Snapshot.take(host)
    # WHEN every edit is worked out, one is done and taken back, forms are filled in, caches looked through
    key, token = canaries.key("key"), canaries.token("token")
    given = Credentials("ASIAIOSFODNN7EXAMPLE", key, token, host.now(), None)
    for number, (_, wish) in enumerate(wishes(snapshot, given)):
        if number % 4 == 0:
            _try(wish)
    _edit_and_take_back(snapshot, given)
    for name in snapshot.profiles:
        FilledForm(form.profile_form(snapshot, name), {"aws_secret_access_key": canaries.key("typed")})
    plan_clearing(snapshot, select(snapshot, which=(EntryFilter.ALL,)))

    # THEN none of their reprs has a secret
    names = {kind.__name__ for kind in made}
    assert {"Line", "Entry", "Document", "EditableFile", "Parsed", "Plan", "Field", "Deletion"} <= names
    seen = {
        kind.__qualname__: leaks - AS_IN_A_LOOK
        for kind, values in made.items()
        if (leaks := set().union(*(canaries.leaks(repr(value)) for value in values))) - AS_IN_A_LOOK
    }
    assert seen == {}


def _note_each(kind: type[Any], made: dict[type[Any], list[object]], monkeypatch: pytest.MonkeyPatch) -> None:
    begin = kind.__init__

    def noted(self: object, *arguments: object, **more: object) -> None:
        begin(self, *arguments, **more)
        if len(made[kind]) < KEPT:
            made[kind].append(self)

    monkeypatch.setattr(kind, "__init__", noted)


def _try(wish: Any) -> None:  # noqa: ANN401 - a wish
    with contextlib.suppress(ActionFailed):
        wish()


def _edit_and_take_back(snapshot: Snapshot, given: Credentials) -> None:
    history = History()
    plan = edits.put_credentials(snapshot, "keys", given)
    saving.save(plan)
    history.saved(plan)
    saving.save(history.undo())
    history.undone()


@pytest.mark.parametrize("error", [KeyError, ValueError, RuntimeError, AttributeError])
def test_an_error_in_the_process_that_calls_aws_is_told_without_its_words(error: type[Exception]) -> None:
    canaries = Canaries()
    with pytest.raises(error) as caught:
        _raise(error(canaries.word("in its message")))
    told = worker._failure(caught.value)
    assert canaries.leaks(repr(told)) == set()
    assert error.__name__ in str(told["message"])


def _raise(error: Exception) -> None:
    raise error


async def test_no_worker_of_the_app_is_called_like_a_secret(tmp_path: Path) -> None:
    # GIVEN that Textual keeps a text of each worker, for its log
    canaries = Canaries()
    host = make_home(tmp_path, config="[profile p]\nregion = x\n")
    texts = []
    began = Worker.__init__

    def noted(worker: Worker[object], *arguments: Any, **more: Any) -> None:  # noqa: ANN401 - handed on
        began(worker, *arguments, **more)
        texts.append(repr(worker) + worker.description)

    async with RolecallApp(host).run_test(size=(80, 24)) as pilot:
        tour = ActingTour(pilot)
        await tour.arrive()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Worker, "__init__", noted)
            # WHEN a secret is typed into a form, and what changes is worked out
            tour.choose("p")
            screen = await tour.give("edit", EditScreen)
            screen.query(FieldRow).last().text = canaries.key("typed")
            await screen.action_go_on()
            await tour.opens(DiffScreen)
            await tour.leave()

    # THEN it has not become the name of any
    assert len(texts) > 1
    assert canaries.leaks("".join(texts)) == set()
