"""What stood on the screen after each piece of output, worked out afterwards.

Emulating a terminal is slow, so it is never done while something is being timed.
"""

from collections.abc import Sequence

import pyte
from pty_app import COLUMNS, ROWS, Chunk


class Replay:
    """A screen that follows the recorded output of a program."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._seen = 0

    def catch_up(self, chunks: Sequence[Chunk]) -> None:
        """Show everything that was recorded since the last call."""
        for chunk in chunks[self._seen :]:
            self._stream.feed(chunk.data)
        self._seen = len(chunks)

    def change_of(self, name: str, chunks: Sequence[Chunk]) -> float | None:
        """Show what is new, and return when the lines with a name became others than they were.

        None where they are still the same.
        """
        before = self.lines_with(name)
        for chunk in chunks[self._seen :]:
            self._seen += 1
            self._stream.feed(chunk.data)
            if self.lines_with(name) != before:
                self.catch_up(chunks)
                return chunk.at
        return None

    def lines_with(self, name: str) -> tuple[str, ...]:
        """Return the lines on which a name stands, from the top."""
        return tuple(line for line in self._screen.display if name in line)
