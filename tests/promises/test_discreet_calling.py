"""While AWS is called, a program run or a code asked for, no secret gets out, however others treat theirs."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from rolecall.actions import worker_client
from rolecall.doctor.explain import IDENTITY
from rolecall.tui.app import RolecallApp
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.dialog import ConfirmScreen, TellScreen
from rolecall.tui.screens.dialogs import IntoScreen
from rolecall.tui.screens.diff import DiffScreen
from rolecall.tui.screens.login import CodeScreen, LoginScreen
from rolecall.tui.screens.pick import ExportScreen
from rolecall.tui.why.screen import WhyScreen
from tests.actions.login_home import login_home
from tests.cli.program import Program
from tests.interop.sso_stub import CODE as CODE_OF_LOGIN
from tests.interop.sso_stub import PENDING
from tests.promises.acting import ActingTour
from tests.promises.calling import CODE, DEVICE, ECHO, MODES, WRONG_CODE, Place, careless_place
from tests.promises.tour import MEDIUM, Stop

pytestmark = pytest.mark.long


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give this process, and what it starts, a directory for temporary files, in which none may be left."""
    directory = tmp_path / "temporary"
    directory.mkdir()
    monkeypatch.setenv("TMPDIR", str(directory))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield
    assert list(directory.iterdir()) == []


@pytest.fixture
def place(tmp_path: Path, temporary: None) -> Iterator[Place]:
    """A home whose AWS is careless; no file of an action's own may be left in it."""
    del temporary
    with careless_place(tmp_path / "home") as place:
        yield place
    assert [name for name in place.files if name.endswith((".tmp", "~")) or "rolecall" in name] == []


class Looker(ActingTour):
    """Takes down everything that is seen on the way."""

    def __init__(self, place: Place, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]  # handed on
        self.stops: list[Stop] = []
        self._place = place

    def see(self, where: str) -> None:
        """Take down the screen, and its picture."""
        self.stops += [self.look(where), self.picture(where)]

    async def done(self) -> None:
        """Wait until the command is over."""
        await self.until(lambda: not self.is_busy)
        await self.pilot.pause()

    def check(self) -> None:
        """Fail with every secret that was seen or said, and where."""
        stops = [*self.stops, Stop("said in passing", "\n".join(self.said))]
        found = {(secret, stop.where) for stop in stops for secret in self._place.canaries.leaks(stop.text)}
        assert sorted(found) == []


@asynccontextmanager
async def opened(place: Place) -> AsyncIterator[Looker]:
    """Open the app, and check at the end."""
    async with RolecallApp(place.host).run_test(size=MEDIUM, notifications=True) as pilot:
        tour = Looker(place, pilot)
        await tour.arrive()
        yield tour
        tour.check()


async def test_a_code_is_seen_where_it_is_typed_and_nowhere_else(place: Place) -> None:
    async with opened(place) as tour:
        tour.choose("mfa")
        # WHEN a wrong code is typed, which AWS refuses, then another
        for code in (WRONG_CODE, CODE):
            screen = await (tour.give("assume", CodeScreen) if code == WRONG_CODE else tour.opens(CodeScreen))
            assert DEVICE in tour.look("").text
            await tour.pilot.press(*code)
            assert code in tour.look("").text
            screen.chosen(0)
            await tour.until(lambda screen=screen: tour.app.screen is not screen)  # type: ignore[misc]
        await tour.done()
        tour.see("done")

    text = "".join(stop.text for stop in tour.stops)
    # THEN neither is seen any more, nor what was got for it
    assert "mfa: assumed" in "".join(tour.said)
    assert [code for code in (CODE, WRONG_CODE) if code in text + "".join(tour.said)] == []


async def test_what_aws_repeats_is_masked(place: Place) -> None:
    async with opened(place) as tour:
        # WHEN AWS refuses and repeats secrets as it does
        tour.choose("denied")
        tour.main.action_act("assume")
        await tour.opens(TellScreen)
        tour.see("denied")
        assert "AccessDenied" in tour.stops[0].text
        await tour.leave()
        # WHEN one of several is refused
        tour.main.tree_pane.marks |= {"denied", "plain"}
        tour.main.action_act("assume")
        await tour.opens(DetailsScreen)
        tour.see("summary")
        assert "Not assumed" in tour.stops[2].text
        await tour.leave()
    assert {"denied", "given Plain"} <= set(place.canaries.planted.values())


@pytest.mark.long
async def test_who_one_is_shows_no_key_that_aws_repeats(place: Place) -> None:
    async with opened(place) as tour:
        # WHEN AWS names somebody whose session was called like a secret
        tour.choose("base")
        await tour.give("whoami", DetailsScreen)
        tour.see("who am I")
        await tour.leave()
    assert "as configured" in tour.stops[0].text


@pytest.mark.long
async def test_nothing_secret_that_is_heard_from_outside_is_shown_or_reported(place: Place) -> None:
    async with opened(place) as tour:
        # WHEN it is asked outside why, and AWS refuses and repeats secrets as it does
        tour.choose("denied")
        await tour.main.action_explain("why")
        screen = await tour.opens(WhyScreen)
        await screen.action_go_online()
        (await tour.opens(ConfirmScreen)).chosen(0)
        await tour.until(lambda: IDENTITY in [step.title for step in screen._answer.steps])
        screen.action_fold()
        await tour.pilot.pause()
        tour.see("heard")
        screen.action_copy()
        report = Stop("the report", tour.app.clipboard)
        tour.stops.append(report)
    # THEN it says what there was to hear, and on which key it would be mended
    for words in ("AccessDenied", "SessionToken=••••", "wrapped with ••••", "**STS endpoint** (note)"):
        assert words in report.text.replace("\\", ""), words


@pytest.mark.long
@pytest.mark.parametrize("name", ["base", "stderr"])
def test_the_doctor_repeats_no_secret_from_outside(place: Place, name: str) -> None:
    # GIVEN an AWS that says that one is called like a secret, or a program that names its secrets
    program = Program(place.host.home, dict(place.host.environ), clock=place.host.now)

    outcomes = [program("doctor", name, "--online", "--yes", *more) for more in ((), ("--json",))]

    assert [place.canaries.leaks(each.out + each.err) for each in outcomes] == [set(), set()]
    for each in outcomes:
        assert ("assumed-role/x/" if name == "base" else "password: ••••") in each.out.replace("\\u2022", "•")


@pytest.mark.long
async def test_what_a_credential_process_blurts_out_is_masked(place: Place) -> None:
    async with opened(place) as tour:
        for mode in MODES:
            await let_fail(tour, mode)


@pytest.mark.long
async def test_a_password_of_its_own_command_line_that_a_program_repeats_is_masked(place: Place) -> None:
    async with opened(place) as tour:
        await let_fail(tour, ECHO)


async def let_fail(tour: Looker, mode: str) -> None:
    """Let a program run that fails, and see what is asked before and told after."""
    tour.choose(mode)
    screen = await tour.give("whoami", ConfirmScreen)
    tour.see(f"{mode} asked")
    assert "--password" in tour.stops[-2].text
    screen.chosen(0)
    await tour.opens(TellScreen)
    tour.see(f"{mode} failed")
    assert "CredentialRetrievalError" in tour.stops[-2].text
    await tour.leave()


async def test_what_is_fetched_goes_into_the_file_or_the_clipboard_and_nowhere_else(place: Place) -> None:
    async with opened(place) as tour:
        # WHEN a role's credentials are put into a profile, and that is taken back
        tour.choose("plain")
        screen = await tour.give("assume.into", IntoScreen)
        screen.query_one(Input).value = "base"
        screen.chosen(0)
        diff = await tour.opens(DiffScreen)
        tour.see("put into base")
        diff.action_write()
        await tour.until(lambda: bool(tour.said))
        await tour.done()
        tour.see("written")
        written = (place.host.home / ".aws/credentials").read_text()
        back = await tour.give("undo", DiffScreen)
        tour.see("on the way back")
        back.action_write()
        await tour.done()
        # WHEN they are exported
        tour.choose("plain")
        export = await tour.give("export", ExportScreen)
        export.action_choose(leaves=False)
        await tour.done()
        tour.see("exported")

    # THEN they are where they were wanted, and in the AWS CLI's own cache
    own = {"given Plain"}
    assert own <= place.canaries.leaks(written)
    assert own <= place.canaries.leaks(tour.app.clipboard)
    assert holders(place, own) == {place.cached("plain")}


def holders(place: Place, secrets: set[str]) -> set[str]:
    """Return the files that hold any of some secrets."""
    home = place.host.home
    return {
        name
        for name in place.files
        if secrets & place.canaries.leaks((home / name).read_text(errors="replace"))
    }


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")
async def test_the_process_that_calls_aws_is_told_nothing_by_its_command_line(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a variable of this process that the Host knows nothing of
    monkeypatch.setenv("AWS_STRAY_OF_THE_DEVELOPER", place.canaries.word("a variable of this process"))
    before, files = children(), place.files
    async with opened(place) as tour:
        for name in ("slow", "hang"):
            tour.choose(name)
            tour.main.action_act("whoami")
            if name == "hang":
                screen = await tour.opens(ConfirmScreen)
                screen.chosen(0)
            # WHEN it waits for an answer
            await tour.until(lambda: place.sts.is_called.is_set() if name == "slow" else started(place))  # noqa: B023
            await tour.pilot.pause()
            tour.see(f"{name} under way")
            assert f"Ask AWS who {name} is" in tour.stops[-2].text
            [pid] = children() - before
            # THEN its command line is the same for everyone, and its environment the Host's
            assert cmdline(pid) == list(worker_client.COMMAND)
            assert environ(pid) == worker_client.environment(place.host)
            assert "AWS_STRAY_OF_THE_DEVELOPER" not in environ(pid)
            # WHEN it is cancelled, THEN nothing is left of it
            tour.main.action_back()
            await tour.done()
            assert children() == before
            assert place.files - files <= {"started"}
        tour.see("cancelled")


def started(place: Place) -> bool:
    return (place.host.home / "started").exists()


def children() -> set[int]:
    """Return the processes that this one has started and not yet waited for."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


def cmdline(pid: int) -> Sequence[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]


def environ(pid: int) -> dict[str, str]:
    entries = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")[:-1]
    return dict(entry.split("=", 1) for entry in entries)


@pytest.mark.long
@pytest.mark.usefixtures("temporary")
async def test_a_login_shows_its_code_and_no_token(tmp_path: Path) -> None:
    with login_home(tmp_path / "home") as world:
        # GIVEN a service that waits until the code was looked at
        world.stub.answers.before_token = [PENDING]
        async with RolecallApp(world.host()).run_test(size=MEDIUM, notifications=True) as pilot:
            tour = ActingTour(pilot)
            await tour.arrive()
            tour.choose("dev")
            await tour.give("login", LoginScreen)
            stops = [tour.look("login"), tour.picture("login")]
            await tour.until(lambda: not tour.is_busy)
            await pilot.pause()
            stops.append(tour.look("logged in"))
            await tour.give("logout", ConfirmScreen)
            stops.append(tour.look("log out"))
            await tour.leave()

    seen = "".join(stop.text for stop in stops) + "".join(tour.said)
    assert "  ".join(CODE_OF_LOGIN) in seen
    assert "Logged in" in seen
    assert len(world.stub.secrets) > 2
    assert [secret for secret in world.stub.secrets if secret in seen] == []
