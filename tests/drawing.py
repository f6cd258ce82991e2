"""What a test of the app need not pay for: frames that nobody sees, and the same stylesheets over and over.

The tests of crashes and of the terminal, whose apps are programs of their own, do without.
"""

import pytest
from textual._compositor import Compositor
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

_draw = Compositor.render_update
_parse = Stylesheet._parse_rules
_PARSED: dict[tuple[object, ...], list[RuleSet]] = {}


def draw_on_demand(self: Compositor, full: bool = False, **more: object) -> object:  # noqa: FBT001, FBT002
    """Take the place of Textual's ``Compositor.render_update``, which draws what has changed.

    Without a terminal Textual draws each frame and throws it away; that takes half of the time of an app.
    """
    if full:
        return _draw(self, full, **more)  # type: ignore[arg-type]  # as Textual gives them
    self._dirty_regions.clear()
    return None


def parse_once(
    self: Stylesheet, css: str, read_from: CSSLocation, *how: object, **more: object
) -> list[RuleSet]:
    """Take the place of Textual's ``Stylesheet._parse_rules``, which knows what it has parsed for one app."""
    key = (css, read_from, how, *sorted(more.items()), *sorted(self._variables.items()))
    if key not in _PARSED:
        _PARSED[key] = _parse(self, css, read_from, *how, **more)  # type: ignore[arg-type]  # as above
    return _PARSED[key]


@pytest.fixture(autouse=True)
def draw_when_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw a screen only where a test looks at it: in any folder that has this in its conftest."""
    monkeypatch.setattr(Compositor, "render_update", draw_on_demand)


@pytest.fixture(autouse=True)
def parse_stylesheets_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all apps share what is parsed: in any folder that has this in its conftest."""
    monkeypatch.setattr(Stylesheet, "_parse_rules", parse_once)
