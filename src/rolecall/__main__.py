"""Starts rolecall: the app where nothing is asked for, else the command line.

Each import waits until it is known to be needed: the app is on screen sooner without click, and a command
answers sooner without Textual.
"""

import os
import sys

from rolecall.cli.boundary import guard
from rolecall.cli.launch import is_read_only, launch
from rolecall.host import Host
from rolecall.options import Ending, Options


def main() -> None:
    """Run rolecall with the arguments of this process, and exit."""
    arguments = sys.argv[1:]
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    sys.exit(guard(lambda: _run(arguments), as_json="--json" in options))


def _run(arguments: list[str]) -> int:
    # a shell that asks for completions gives no arguments, but sets a variable
    if not arguments and "_ROLECALL_COMPLETE" not in os.environ:
        host = Host.real()
        return launch(_app, host, Options(read_only=is_read_only(host.environ)))
    from rolecall.cli.commands import run  # noqa: PLC0415 - see above
    from rolecall.cli.wiring import Wiring  # noqa: PLC0415 - see above

    return run(arguments, Wiring(host=Host.real, app=_app))


def _app(host: Host, options: Options) -> Ending:
    from rolecall.tui.launch import run  # noqa: PLC0415 - see above

    return run(host, options)


if __name__ == "__main__":
    main()
