"""The selected profile's chain, drawn; of a login, what it is and until when."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from rolecall.aws.snapshot import Snapshot
from rolecall.text import inert, several
from rolecall.tui.render.chain import View, draw
from rolecall.tui.render.flags import SESSION, STRAY, Flags
from rolecall.tui.render.lines import Line, names_of
from rolecall.tui.render.tree import LOGINS, Node
from rolecall.tui.theme import as_title
from rolecall.tui.widgets.lines_view import SCROLLING, Lines, message_line

if TYPE_CHECKING:
    from rolecall.aws.profile_report import ProfileReport
    from rolecall.cells import Names
    from rolecall.tui.render.inspector import Details


CORNERS = 4
"""Cells between the corners of a border and a title in it."""


class ChainPane(Lines[Line]):
    """How the profile under the tree's cursor comes by its credentials."""

    BORDER_TITLE = "3 Chain"
    BINDINGS: ClassVar[list[BindingType]] = SCROLLING
    can_focus = True

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.now = now
        self.flags = Flags()
        self._subject: tuple[Snapshot, ProfileReport] | None = None
        self._heading: Node | None = None
        self._names: tuple[Snapshot, Names] | None = None
        self._details: Callable[[datetime], Details] | None = None

    def present(self, snapshot: Snapshot, node: Node | None) -> None:
        """Draw another profile's chain; for a heading say what stands under it."""
        self._subject = (snapshot, node.report) if node is not None and node.report is not None else None
        self._heading = node if node is not None and node.report is None else None
        self._details = _details(snapshot, self._heading) if self._heading is not None else None
        if self._names is None or self._names[0] is not snapshot:
            self._names = snapshot, names_of(snapshot.profiles)
        self.redraw()

    def flag(self, flags: Flags) -> None:
        """Flag what is wrong with each hop."""
        self.flags = flags
        self.redraw()

    def redraw(self) -> None:
        """Draw the chain as it stands now."""
        width = self.scrollable_content_region.width
        self._retitle()
        if self._subject is not None and width > 0:
            snapshot, report = self._subject
            self.show(draw(View(snapshot, self.now, self.flags), report, width))
        elif self._details is not None:
            from rolecall.tui.render.inspector import lines  # noqa: PLC0415 - the tree comes first

            self.show(lines(self._details(self.now), width))
        elif self._heading is not None:
            words = f"{several(len(self._heading.children), 'profile')} under this heading."
            self.show([message_line(words, width)])
        else:
            self.show([message_line("Choose a profile at the left.", width)])

    def _retitle(self) -> None:
        """Name the profile in the border, where Textual itself would cut the name's end."""
        title = self.BORDER_TITLE
        if self._subject is not None and self._names is not None:
            room = max(self.size.width - len(f"{title}: ") - CORNERS, 1)
            title = f"{title}: {self._names[1].cut(inert(self._subject[1].name), room)}"
        self.entitle(title=as_title(title))

    def lay_out(self, item: Line, width: int) -> Line:  # noqa: ARG002 - drawn to the width already
        """The lines are drawn whole."""
        return item

    def on_resize(self) -> None:
        """Draw it to the new width."""
        super().on_resize()
        self.redraw()


def _details(snapshot: Snapshot, heading: Node) -> "Callable[[datetime], Details] | None":
    """Return what tells of a login, or of a section that is no profile; None of other headings."""
    if not (heading.note or heading.key == LOGINS or heading.key.startswith(SESSION)):
        return None
    from rolecall.doctor.sessions import LoginTopic, look_at  # noqa: PLC0415 - the tree comes first
    from rolecall.tui.render import inspector  # noqa: PLC0415 - as above
    from rolecall.tui.render.items import topic_of_node  # noqa: PLC0415 - as above

    if heading.note:
        told = inspector.of_stray(snapshot, heading.key.removeprefix(STRAY))
        return lambda _: told
    topic = topic_of_node(heading)
    if not isinstance(topic, LoginTopic):
        return None
    state = look_at(snapshot, topic)
    return lambda now: inspector.of_login(state, now)
