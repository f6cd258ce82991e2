"""The command line over a made-up home, run in this process."""

import contextlib
import getpass
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import pytest
from rich.cells import cell_len

from rolecall.app_options import Ending, Options
from rolecall.cli.launch import Wiring
from rolecall.cli.main import run
from rolecall.cli.output import asks_for_json, guard
from rolecall.host import Host
from tests.cli import contract

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """What a run of the program has left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the program printed
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def widest(self) -> int:
        """The cells of the widest line, by rich's measure: an oracle that the program does not use."""
        return max(cell_len(_COLOUR.sub("", line)) for line in self.lines)


class Stream(io.TextIOWrapper):
    """A stream that may claim to be a terminal."""

    def __init__(self, encoding: str, *, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="\n")
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def text(self) -> str:
        self.flush()
        self.seek(0)
        return self.read()


class Unheard(Stream):
    """A stdout that takes nothing: at once, as where much is written, or when it is flushed."""

    def __init__(self, number: int, *, at_once: bool) -> None:
        super().__init__("utf-8", is_terminal=False)
        self._error = OSError(number, os.strerror(number))
        self._at_once = at_once

    def write(self, text: str) -> int:
        if self._at_once:
            raise self._error
        return len(text)

    def flush(self) -> None:
        raise self._error

    def text(self) -> str:
        return ""


def _stream(content: str | bytes = "", *, is_terminal: bool = False) -> Stream:
    """Return a stream that holds something to be read."""
    stream = Stream("utf-8", is_terminal=is_terminal)
    stream.buffer.write(content.encode() if isinstance(content, str) else content)
    stream.seek(0)
    return stream


@dataclass
class Program:
    """rolecall in a world of its own.

    ``started`` holds the Hosts that the app was started over, ``options`` with what; the app itself is left
    out, and ends with ``ending``.
    """

    home: Path
    environ: dict[str, str] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: NOW
    ending: Ending = field(default_factory=Ending)
    started: list[Host] = field(default_factory=list)
    options: list[Options] = field(default_factory=list)

    def __call__(self, *arguments: str, width: int | None = None, encoding: str = "utf-8") -> Outcome:
        """Run it; with a width stdout is a terminal of so many columns."""
        if width is not None:
            self.environ["COLUMNS"] = str(width)
        out = Stream(encoding, is_terminal=width is not None)
        return self._run(arguments, out, _stream())

    def unheard(self, number: int, *arguments: str, at_once: bool = False) -> Outcome:
        """Run it with a stdout on which every write ends with this ``errno``."""
        return self._run(arguments, Unheard(number, at_once=at_once), _stream())

    def fed(self, content: str | bytes, *arguments: str) -> Outcome:
        """Run it with a pipe at its stdin."""
        return self._run(arguments, _stream(), _stream(), stdin=_stream(content))

    def on_screen(self, *arguments: str, typed: str = "", secret: str = "") -> Outcome:
        """Run it with a terminal at all three of its streams, and type; a secret where it is not shown."""
        return self._at_terminal(arguments, _stream(is_terminal=True), typed, secret)

    def asked(self, *arguments: str, typed: str = "", secret: str = "") -> Outcome:
        """Run it with someone at the terminal, and a pipe at its stdout."""
        return self._at_terminal(arguments, _stream(), typed, secret)

    def _at_terminal(self, arguments: Sequence[str], out: Stream, typed: str, secret: str) -> Outcome:
        def type_unseen(prompt: str, stream: TextIO) -> str:
            stream.write(f"{prompt}\n")
            if not secret:
                raise EOFError
            return secret

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(getpass, "getpass", type_unseen)
            keyboard = _stream(typed, is_terminal=True)
            return self._run(arguments, out, _stream(is_terminal=True), stdin=keyboard)

    def _run(
        self, arguments: Sequence[str], out: Stream, err: Stream, stdin: Stream | None = None
    ) -> Outcome:
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            patch.setattr(sys, "stdin", stdin if stdin is not None else _stream())
            code = guard(lambda: run(arguments, self.wiring), as_json=asks_for_json(arguments))
        outcome = Outcome(int(code), out.text(), err.text())
        contract.check(arguments, outcome.out)
        return outcome

    @property
    def wiring(self) -> Wiring:
        return Wiring(host=self._host, app=self._start)

    def _host(self, home: Path | None) -> Host:
        if home is not None:
            return Host.of(home, self.environ, clock=self.clock)
        return replace(Host.of(self.home, self.environ, clock=self.clock), settings=None)

    def _start(self, host: Host, options: Options) -> Ending:
        self.started.append(host)
        self.options.append(options)
        return self.ending

    @property
    def aws(self) -> Path:
        return self.home / ".aws"

    def config(self, text: str) -> Path:
        return self.write("config", text)

    def credentials(self, text: str) -> Path:
        return self.write("credentials", text)

    def write(self, name: str, content: str | dict[str, Any]) -> Path:
        """Write a file below ``~/.aws``."""
        path = self.aws / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        return path


def role_file(expiration: str, arn: str = "arn:aws:sts::123456789012:assumed-role/Dev/me") -> dict[str, Any]:
    """Return what the AWS CLI keeps of an assumed role."""
    return {
        "Credentials": {
            "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
            "SecretAccessKey": "not-shown",
            "SessionToken": "not-shown",
            "Expiration": expiration,
        },
        "AssumedRoleUser": {"AssumedRoleId": "AROA:me", "Arn": arn},
    }


@contextlib.contextmanager
def no_streams() -> Iterator[None]:
    """Take stdout and stderr away, as a parent that closes them does."""
    with contextlib.redirect_stdout(None), contextlib.redirect_stderr(None):
        yield
