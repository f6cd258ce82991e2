"""Access lists of Linux, as the bytes that its kernel takes."""

import struct

from tests.actions.writing.saves import NOBODY

ACCESS_LIST = "system.posix_acl_access"
DEFAULT_LIST = "system.posix_acl_default"


def access_list(mask: int) -> bytes:
    """Return an access list in the kernel's form that lets one more user in, as far as the mask does."""
    entries = [(1, 6, -1), (2, 6, NOBODY), (4, 0, -1), (0x10, mask, -1), (0x20, 0, -1)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
