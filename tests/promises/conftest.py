"""The tours look at the screen where they stop."""

from tests.drawing import draw_when_somebody_looks, parse_stylesheets_once

__all__ = ["draw_when_somebody_looks", "parse_stylesheets_once"]
