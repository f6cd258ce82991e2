"""What stands below the fields of a form: a line for one more setting, and words on the one in focus."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets._footer import FooterKey

from rolecall.aws.settings import setting
from rolecall.text import inert
from rolecall.tui.form.completions import Completer
from rolecall.tui.form.fields import Label, ValueInput
from rolecall.tui.form.form import NAME, Field
from rolecall.tui.render.lines import Line, Span, Tone, fit, shrinking
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.status_bar import content

NOT_SET = "not set"
OF_NAME = "What it is called; the settings of others that name it follow"


class FreeRow(Vertical):
    """A line in which the name of one more setting is typed."""

    def __init__(self, completer: Completer) -> None:
        super().__init__()
        self.completer = completer
        self._label = Label("add a setting")
        self.entry = ValueInput(placeholder="its name, then enter", suggester=completer)

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Horizontal():
            yield self._label
            yield self.entry

    @property
    def text(self) -> str:
        """What is typed."""
        return self.entry.value

    def clear(self) -> None:
        """Take away what is typed."""
        self.entry.value = ""

    def on_descendant_focus(self) -> None:
        """Show where the user is."""
        self._label.tone = Tone.ACCENT

    def on_descendant_blur(self) -> None:
        """Show that the user is elsewhere."""
        self._label.tone = Tone.DIM


class FormFooter(SteadyFooter):
    """The footer, in the order of the screen's own keys: an input's keys would push in between."""

    def compose(self) -> ComposeResult:
        """Lay the keys out."""
        order = [binding.action for binding in self.screen.BINDINGS if isinstance(binding, Binding)]
        keys = [each for each in super().compose() if isinstance(each, FooterKey)]
        yield from sorted(
            keys, key=lambda each: order.index(each.action) if each.action in order else len(order)
        )


class Help(Widget):
    """Two lines: what the field in focus is, and where what stands there comes from."""

    said: reactive[tuple[Line, ...]] = reactive(())

    def explain(self, field: Field) -> None:
        """Say what a field is."""
        about = (
            OF_NAME if field.key == NAME else setting(field.key).help or "A setting that AWS tools may know"
        )
        self.said = ((shrinking(about),), _origin(field))

    def say(self, words: str, tone: Tone) -> None:
        """Say something else."""
        self.said = ((shrinking(inert(words), tone),), ())

    def render(self) -> Content:
        """Draw them (called by Textual)."""
        width = self.content_size.width
        return Content("\n").join(content(fit(line, (), width)) for line in self.said)


def _origin(field: Field) -> Line:
    if field.key == NAME:
        return ()
    line: list[Span] = [shrinking(field.origin or NOT_SET, Tone.DIM)]
    if field.shadows:
        line += [Span("  "), shrinking(f"shadows {', '.join(field.shadows)}", Tone.WARN)]
    return tuple(line)
