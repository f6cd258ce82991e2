"""What stood on the screen after each piece of output, worked out afterwards.

Emulating a terminal is slow, so it is never done while something is being timed.
"""

from collections.abc import Sequence

import pyte
from pty_app import COLUMNS, ROWS, Chunk

INSIDE, IN_TREE = 6, (1, ROWS - 2)
"""A column and the lines that both sides have within their tree."""


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

    def cursor_after(self, name: str, chunks: Sequence[Chunk]) -> float | None:
        """Show everything, and return when the cursor left the line that it was on as a name came up.

        None where it did not. The cursor is the line with another background than the others.
        """
        first: tuple[int | None] | None = None
        for chunk in chunks:
            self._stream.feed(chunk.data)
            if first is None and self.lines_with(name):
                first = (self._cursor(),)
            elif first is not None and self._cursor() not in (None, *first):
                return chunk.at
        return None

    def _cursor(self) -> int | None:
        grounds = [self._screen.buffer[y][INSIDE].bg for y in range(ROWS)]
        rare = [y for y in range(*IN_TREE) if grounds.count(grounds[y]) == 1]
        return rare[0] if len(rare) == 1 else None

    def lines_with(self, name: str) -> tuple[str, ...]:
        """Return the lines on which a name stands, from the top."""
        return tuple(line for line in self._screen.display if name in line)
