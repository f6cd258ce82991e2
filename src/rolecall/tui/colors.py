"""The colours of rolecall's own two themes, by the names that Textual's style sheets have for them."""

from collections.abc import Mapping
from types import MappingProxyType

Colors = Mapping[str, str]
DARK: Colors = MappingProxyType(
    {
        "primary": "#7aa2c9",
        "secondary": "#8f9bb3",
        "accent": "#7fb4e6",
        "foreground": "#d6dae2",
        "background": "#14171c",
        "surface": "#14171c",
        "panel": "#1d2229",
        "success": "#86c28b",
        "warning": "#e0b45c",
        "error": "#ec7f7f",
        "border": "#3a424e",
        "border-blurred": "#3a424e",
        "text-muted": "#8d97a6",
        "block-cursor-background": "#2c4a66",
        "block-cursor-foreground": "#f2f5f9",
        "block-cursor-blurred-background": "#232a33",
        "footer-background": "#1d2229",
        "footer-key-foreground": "#7fb4e6",
        "footer-description-foreground": "#aab2bf",
        "scrollbar": "#3a424e",
        "scrollbar-background": "#14171c",
        "scrollbar-corner-color": "#14171c",
    }
)
LIGHT: Colors = MappingProxyType(
    {
        "primary": "#2f6291",
        "secondary": "#5a6678",
        "accent": "#1c5f9e",
        "foreground": "#22272e",
        "background": "#fbfbf9",
        "surface": "#fbfbf9",
        "panel": "#efefec",
        "success": "#2b7a3d",
        "warning": "#8f5f00",
        "error": "#b3261e",
        "border": "#c3c7cc",
        "border-blurred": "#c3c7cc",
        "text-muted": "#636c78",
        "block-cursor-background": "#cfe2f3",
        "block-cursor-foreground": "#10151b",
        "block-cursor-blurred-background": "#e9edf0",
        "footer-background": "#efefec",
        "footer-key-foreground": "#1c5f9e",
        "footer-description-foreground": "#454d58",
        "scrollbar": "#c3c7cc",
        "scrollbar-background": "#fbfbf9",
        "scrollbar-corner-color": "#fbfbf9",
    }
)
BY_THEME: Mapping[str, Colors] = MappingProxyType({"rolecall-dark": DARK, "rolecall-light": LIGHT})
DRAWN: Mapping[str, Colors] = MappingProxyType(
    {
        "rolecall-dark": {**DARK, "warning": "#dfb45c", "error": "#eb7f7f"},
        "rolecall-light": {**LIGHT, "warning": "#8e5f00", "error": "#b2261e"},
    }
)
"""The same as they are drawn: Textual's conversion to another model and back loses a little."""
