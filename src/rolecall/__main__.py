"""Starts rolecall: the app if there is no subcommand, else the command line.

Each import waits until it is needed: the app is on the screen sooner without click, and a command answers
sooner without Textual.
"""

import os
import sys

TYPE_CHECKING = False  # as typing has it, whose import takes longer than a prompt may
if TYPE_CHECKING:
    from rolecall.app_options import Ending, Options
    from rolecall.host import Host

_INTERRUPTED = 130
_STREAMS = 3


def main() -> None:
    """Run rolecall with the arguments of this process, and exit."""
    try:
        code = _prompt(sys.argv[2:]) if sys.argv[1:2] == ["prompt"] else None
        if code is None:
            code = _guarded(sys.argv[1:])
    except KeyboardInterrupt:  # before or after what the guard sees
        code = _INTERRUPTED
    sys.exit(code)


def _prompt(arguments: list[str]) -> int | None:
    """Print the line of a prompt, if it is known from the last time; return None if it is not."""
    from rolecall.prompt_line import quick_line  # noqa: PLC0415 - only a prompt needs it

    found = quick_line(arguments)
    if found is None or sys.stdout is None:
        return None
    try:
        sys.stdout.write(f"{found}\n" if found else "")
        sys.stdout.flush()
    except (OSError, ValueError):  # closed, or of an encoding that lacks the symbols
        return None
    return 0


def _guarded(arguments: list[str]) -> int:
    _open_missing_streams()
    from rolecall.cli.output import asks_for_json, guard  # noqa: PLC0415 - within reach of ctrl+c

    return guard(lambda: _run(arguments), as_json=asks_for_json(arguments))


def _open_missing_streams() -> None:
    """Keep files from getting the number of a closed stream (``>&-``), and with it the output."""
    for number in range(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free


def _run(arguments: list[str]) -> int:
    # a shell that asks for completions gives no arguments, but sets a variable
    if not arguments and "_ROLECALL_COMPLETE" not in os.environ:
        from rolecall.cli.launch import launch, options_of, tell_of  # noqa: PLC0415 - see above
        from rolecall.host import Host  # noqa: PLC0415

        host = Host.real()
        tell_of(host)
        return launch(_app, host, options_of(host.environ))
    from rolecall.cli.launch import Wiring  # noqa: PLC0415 - see above
    from rolecall.cli.main import run  # noqa: PLC0415 - see above
    from rolecall.host import Host  # noqa: PLC0415

    return run(arguments, Wiring(host=Host.real, app=_app))


def _app(host: "Host", options: "Options") -> "Ending":
    from rolecall.tui.launch import run  # noqa: PLC0415 - see above

    return run(host, options)


if __name__ == "__main__":
    main()
