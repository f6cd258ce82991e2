"""What a write leaves behind that is killed half-way: files in the making, told by their names."""

import re
from datetime import timedelta

OF_AWS_TOOLS = re.compile(r"tmp[a-z0-9_]{8}\.tmp")
"""How botocore's ``JSONFileCache`` names what is to take the place of a cache file (``tempfile.mkstemp``)."""
OF_ROLECALL = re.compile(r"\..{1,40}\.rolecall-[0-9a-f]{16}", re.DOTALL)
"""How rolecall names what is to take the place of a file: ``.config.rolecall-0123456789abcdef``."""
IN_THE_MAKING = timedelta(minutes=1)
"""The age up to which such a file may be one that a program is writing just now."""
