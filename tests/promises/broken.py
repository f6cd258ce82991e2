"""Files that do not parse, each over a secret that the parser's own message would quote."""

from collections.abc import Callable

from tests.promises.canaries import Canaries

Writer = Callable[[Canaries], str | bytes]

BROKEN_FILES: dict[str, Writer] = {
    "a token before the first header": lambda canaries: f"{canaries.token('x')}\n[default]\n",
    "a line that is only a secret key": lambda canaries: f"[default]\n{canaries.key('x')}\n",
    "a line that is only a password": lambda canaries: f"[default]\n{canaries.word('x')}\n",
    "a secret without its name": lambda canaries: f"[default]\n= {canaries.key('x')}\n",
    "a key that stands twice": lambda canaries: "[default]\n" + f"{canaries.token('x')}==\n" * 2,
    "a section that stands twice": lambda canaries: f"[{canaries.key('x')}]\n" * 2,
    "a section that is not closed": lambda canaries: f"[{canaries.key('x')}\n",
    "a nested block with a bare secret": lambda canaries: f"[default]\ns3 =\n  {canaries.key('x')}\n",
    "bytes that are not text": lambda canaries: f"[default]\nx = {canaries.key('x')}".encode() + b"\xff\n",
    "a byte order mark": lambda canaries: f"\ufeff{canaries.key('x')}\n[default]\n",
}
