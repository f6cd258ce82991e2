"""The systems on which a save has to hold, from one that offers everything to one that offers least."""

import pytest

from rolecall.actions.writing import disk, drafts

SYSTEMS = ("all", "no nameless files", "no exchange", "no links")


def pretend(system: str, patch: pytest.MonkeyPatch) -> None:
    """Have the machine offer no more than a lesser system does (no exchange and no leases: macOS)."""
    if system != "all":
        patch.setattr(drafts, "_DESCRIPTORS", "/nowhere")
    if system in ("no exchange", "no links"):
        patch.setattr(disk, "_RENAME", None)
        patch.setattr(disk, "_lease", lambda _descriptor: disk._Lease.IMPOSSIBLE)
    if system == "no links":
        patch.setattr(drafts, "link", lambda _path, _name: False)
