"""rolecall against the real botocore, over random homes, files and environments."""

import os

EXAMPLES = int(os.environ.get("ROLECALL_EXAMPLES", "1000"))
"""How many random worlds each test looks at; ROLECALL_EXAMPLES raises it for a long run by hand."""
