"""rolecall against the real botocore, over random homes, files and environments."""

import os

EXAMPLES = int(os.environ.get("ROLECALL_EXAMPLES", "60"))
"""How many random worlds each test looks at; ``tests/conftest.py`` says how many, unless one does by hand."""
