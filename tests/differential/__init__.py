"""rolecall against the real botocore, over random homes, files and environments."""

from hypothesis import settings

EXAMPLES = settings().max_examples
"""How many random worlds each test looks at: see ``tests/conftest.py``; ROLECALL_EXAMPLES sets it by hand."""
