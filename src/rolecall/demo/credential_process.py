"""The program that ``credential_process`` names in the demo: it runs, and prints made-up keys."""

import shlex
import sys
from pathlib import Path

from rolecall.demo import callers

COMMAND = "/usr/local/bin/meadow-credentials"
"""What config names where the program need not run."""

PATH = ".local/bin/meadow-credentials"
"""Where the program that can be run lies in the home."""

_SCRIPT = f'''"""Prints made-up credentials for an hour, as a credential_process does: rolecall's demo."""

import json
import sys
from datetime import datetime, timedelta, timezone

TAGS = {{"tools": "TLS", "vault": "VAU"}}
account = sys.argv[-1]
if account not in TAGS:
    sys.exit(f"meadow-credentials: there is no account {{account}}")
ends = datetime.now(timezone.utc) + timedelta(hours=1)
print(
    json.dumps(
        {{
            "Version": 1,
            "AccessKeyId": f"ASIAMEADOW{{TAGS[account]}}EXAMPLE",
            "SecretAccessKey": "{callers.SECRET_KEY}",
            "SessionToken": "{callers.SESSION_TOKEN}",
            "Expiration": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }}
    )
)
'''


def script() -> bytes:
    """Return the program's text."""
    return _SCRIPT.encode()


def command(home: Path) -> str:
    """Return the command that runs it from the home, as botocore splits commands: without a shell.

    Python is named, and not the program alone: Windows cannot start a script, and a directory for temporary
    files may be one that nothing is started from.
    """
    words = [sys.executable, "-I", str(home / PATH)]
    if sys.platform == "win32":
        from subprocess import list2cmdline  # noqa: PLC0415 - only quotes

        return list2cmdline(words)
    return shlex.join(words)
