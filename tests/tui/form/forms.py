"""How a test fills in the form: by its fields, and by what is to be seen of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from rolecall.actions.plan import Plan
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.form.completions import CompletionList
from rolecall.tui.form.fields import FieldRow, FreeRow
from rolecall.tui.form.screen import EditScreen, Help
from tests.homes import make_home
from tests.tui.driving import until
from tests.tui.screens.hosting import Shown, showing

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzCANARY01"
TYPED_SECRET = "TYPEDcanary/typedCANARY+typed0123456789z"
CONFIG = """\
[profile dev]
role_arn = arn:aws:iam::111122223333:role/Dev
source_profile = base
region = eu-west-1
s3 =
  max_queue_size = 20
  addressing_style = path

[profile base]
region = eu-west-1

[profile ops]
role_arn = arn:aws:iam::111122223333:role/Ops
source_profile = base

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
"""
CREDENTIALS = f"""\
[base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = {SECRET}
"""


class Filling:
    """The form while it is filled in."""

    def __init__(self, shown: Shown[Plan], screen: EditScreen) -> None:
        self.shown = shown
        self.screen = screen

    @property
    def pilot(self) -> Pilot[None]:
        return self.shown.pilot

    @property
    def text(self) -> str:
        return self.shown.text

    async def press(self, *keys: str) -> None:
        await self.shown.press(*keys)

    def row(self, key: str) -> FieldRow:
        return next(row for row in self.screen.query(FieldRow).results() if row.field.key == key)

    @property
    def keys(self) -> list[str]:
        return [row.field.key for row in self.screen.query(FieldRow).results()]

    @property
    def at(self) -> str | None:
        """The setting in focus; None for the line that adds one."""
        focused = self.screen.focused
        rows = self.screen.query(FieldRow).results()
        return next((row.field.key for row in rows if row.entry is focused), None)

    @property
    def is_on_free(self) -> bool:
        """Whether the line that adds a setting is in focus."""
        return self.screen.focused is self.screen.query_one(FreeRow).entry

    @property
    def list(self) -> CompletionList:
        return self.screen.query_one(CompletionList)

    @property
    def help(self) -> str:
        return "\n".join("".join(span.text for span in line) for line in self.screen.query_one(Help).said)

    def note(self, key: str) -> str:
        """What is said below a field, a line each."""
        return "\n".join(note.words for note in self.row(key).notes)

    async def type_into(self, key: str, text: str) -> None:
        """Go to a field and put a text in place of what stands there."""
        self.screen._go_to(self.row(key).entry)
        self.row(key).text = text
        await self.settle()

    async def settle(self) -> None:
        for _ in range(2):
            await self.pilot.pause()

    async def until(self, condition: Callable[[], bool]) -> None:
        await until(self.pilot, condition)

    async def plan(self) -> Plan:
        """Go on to the diff and return what would be done."""
        await self.press("ctrl+s")
        await self.until(lambda: bool(self.shown.answers))
        plan = self.shown.answers[-1]
        assert plan is not None
        return plan


def a_snapshot(home: Path, config: str = CONFIG, credentials: str = CREDENTIALS) -> Snapshot:
    return Snapshot.take(make_home(home, config=config, credentials=credentials))


@asynccontextmanager
async def filling(screen: EditScreen, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Filling]:
    """Show a form over a bare app."""
    async with showing(screen, size) as shown:
        form = Filling(shown, screen)
        await form.settle()
        yield form


def added(plan: Plan) -> list[str]:
    """Return the lines that a Plan adds, as they are shown."""
    return [line.text for change in plan.changes for line in change.diff if line.mark == "+"]


def removed(plan: Plan) -> list[str]:
    """Return the lines that a Plan removes, as they are shown."""
    return [line.text for change in plan.changes for line in change.diff if line.mark == "-"]
