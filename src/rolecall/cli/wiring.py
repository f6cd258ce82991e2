"""What the commands are given: the world, and the app that they must not import themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rolecall.cli.launch import App
from rolecall.host import Host


@dataclass(frozen=True, slots=True)
class Wiring:
    """The two ends that the command line stands between.

    Attributes:
        host: makes the Host, with another home where ``--home`` names one.
        app: runs the full-screen app.
    """

    host: Callable[[Path | None], Host]
    app: App
