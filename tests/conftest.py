"""Made-up homes for every test that asks for one."""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests import homes, loopback

HERE = Path(__file__).parent
EXAMPLES, MANY_EXAMPLES = 60, 200
"""Random worlds that a test looks at in the plain run, and with ``--all``; ``--rest`` does the difference."""
NAMES_OF_EXAMPLES = ("EXAMPLES", "FEW")
"""By which of these names a module asks for as many random worlds as the run has."""
# a busy machine must not fail a test: what has to be fast is measured in benchmarks/
# random worlds are the same in each run, so that it fails for a change alone; who names a number sees others
if "ROLECALL_EXAMPLES" not in os.environ:
    os.environ["ROLECALL_SAME_WORLDS"] = "yes"  # for the workers, which are given the number too
IS_SAME = "ROLECALL_SAME_WORLDS" in os.environ
settings.register_profile("rolecall", deadline=None, derandomize=IS_SAME)
settings.load_profile("rolecall")
LEFT_OUT = ("interop", "long", "pictures", "shells", "terminal")
"""The markers of what the plain run leaves out; pyproject.toml says what each stands for."""
MARKED_FOLDERS = ("interop", "terminal")
"""The folders whose tests all have the marker of that name."""
LONGEST = (
    "the_whole_app_tries_nothing_and_changes_nothing",
    "no_secret_is_seen_anywhere_in_the_app",
    "nothing_that_opens_before_a_change_shows_a_secret",
    "nothing_that_says_what_is_wrong_and_why_shows_a_secret",
    "what_opens_before_a_change_tries_nothing_and_changes_nothing",
    "every_screen_is_inert_at_any_size",
    "every_profile_resolves_as_botocore_resolves_it",
    "no_update_of_the_real_aws_is_lost",
    "the_app_writes_nothing_of_it_to_the_terminal",
    "markup_is_shown_as_it_stands",
    "killed_at_each_single_step_each_file_is_the_old_or_the_new",
    "a_file_that_is_refused_is_one_error_and_the_rest_are_warnings_without_a_secret",
    "each_hop_has_the_file_name_that_botocore_gives_it",
)
"""The tests that take longest, begun first: in the end no worker is left with one of them alone."""
RERUN_FOLDERS = {
    "interop": "the real aws gives a server on loopback one second, which a busy machine may take from it",
    "terminal": "a program on a pseudo-terminal is waited for by the clock, and so is its answer to each key",
}
"""The folders whose tests get a second and a third try, and why."""

# screens are made of many objects that live to the end of a test: looking for rubbish so often is a waste
gc.set_threshold(50_000, 20, 50)
for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
    # a shell that starts the tests in its background, or nohup, has them and all that they start ignore these
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

loopback.install()
HomeMaker = Callable[..., Host]
Taker = Callable[..., Snapshot]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that choose between what is quick and what takes long."""
    group = parser.getgroup("rolecall")
    group.addoption("--all", action="store_true", help="run every test, and the random ones at length")
    group.addoption("--rest", action="store_true", help="run only what a plain run leaves out or cuts short")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many random worlds ``tests.differential.EXAMPLES`` asks for."""
    rest = MANY_EXAMPLES - EXAMPLES
    examples = MANY_EXAMPLES if config.option.all else rest if config.option.rest else EXAMPLES
    os.environ.setdefault("ROLECALL_EXAMPLES", str(examples))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Have several workers for each core, for tests wait for screens and programs; none for a few tests."""
    for_each = 3 if config.option.rest else 2  # what takes long is what waits
    return for_each * (os.cpu_count() or 1) if _is_whole_suite(config) else 0


@cache
def _is_whole_suite(config: pytest.Config) -> bool:
    """Whether no file or folder is named on the command line."""
    return all(Path(each).resolve() in (HERE, HERE.parent) for each in config.args)


@pytest.hookimpl(trylast=True)  # hypothesis marks its own tests before
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark whole folders, leave to an ordinary user what root cannot test, and choose what is run."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        if folder in MARKED_FOLDERS:
            item.add_marker(folder)
        if folder in RERUN_FOLDERS:
            item.add_marker(pytest.mark.flaky(reruns=2))
        if is_root and item.get_closest_marker("ordinary_user"):
            reason = "nothing is forbidden to root; .ci/run has an ordinary user run it"
            item.add_marker(pytest.mark.skip(reason=reason))
    chosen: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        (chosen if _is_chosen(item, config) else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
    items[:] = _longest_first(chosen)


def _longest_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """Put what takes longest at the head of each worker's share; xdist gives each one part of the whole."""
    names = {id(item): getattr(item, "originalname", item.name).removeprefix("test_") for item in items}
    longest = [item for name in LONGEST for item in items if names[id(item)] == name]
    others = [item for item in items if names[id(item)] not in LONGEST]
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        begin, end = (len(items) * number // workers for number in (worker, worker + 1))
        first = longest[worker::workers]
        ordered += first
        ordered += [others.pop(0) for _ in range(max(end - begin - len(first), 0)) if others]
    return ordered + others


def _is_chosen(item: pytest.Item, config: pytest.Config) -> bool:
    """Whether a test belongs to this run; one that is named, or chosen by its marker, always does."""
    is_left_out = any(item.get_closest_marker(name) for name in LEFT_OUT)
    if config.option.rest:
        return is_left_out or _is_cut_short(item)
    asked_for = config.option.all or config.option.markexpr or not _is_whole_suite(config)
    return bool(asked_for) or not is_left_out


def _is_cut_short(item: pytest.Item) -> bool:
    """Whether a test is a random one that looks at more worlds in a longer run."""
    module = vars(getattr(item, "module", item))
    is_random = item.get_closest_marker("hypothesis") is not None
    return is_random and any(name in module for name in NAMES_OF_EXAMPLES)


@pytest.fixture(autouse=True)
def _only_loopback() -> Iterator[None]:
    """Fail a test that reached beyond this machine, even where the program took that for no network."""
    loopback.refused.clear()
    yield
    assert not loopback.refused, f"a test reaches beyond this machine: {loopback.refused}"


@pytest.fixture
def make_home(tmp_path: Path) -> HomeMaker:
    """Return what writes a home into this test's directory (``tests.homes.make_home``)."""

    def make(**parts: object) -> Host:
        return homes.make_home(tmp_path, **parts)  # type: ignore[arg-type]  # as that function has them

    return make


@pytest.fixture
def take(make_home: HomeMaker) -> Taker:
    """Return what writes a home and takes a Snapshot of it."""

    def make_and_take(**parts: object) -> Snapshot:
        return Snapshot.take(make_home(**parts))

    return make_and_take
