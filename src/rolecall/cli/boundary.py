"""The last stop of everything that goes wrong: one line and an exit code, never a traceback."""

import errno
import sys
import traceback
from collections.abc import Callable
from pathlib import PurePath

from rolecall.cli import output
from rolecall.cli.failures import ExitCode, Failure


def guard(action: Callable[[], int], *, as_json: bool) -> int:
    """Run the program and return its exit code.

    A closed pipe (``rolecall list | head``) and ctrl+c are nobody's mistake, and nothing is said about them.
    """
    try:
        code = action()
        output.flush()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Failure as failure:
        return _report(failure, as_json=as_json)
    except OSError as error:
        output.abandon()
        return ExitCode.FINE if _is_closed_pipe(error) else _report(_of_system(error), as_json=False)
    except Exception as error:  # noqa: BLE001 - a traceback could show what must stay secret
        return _report(_of_bug(error), as_json=as_json)
    return code


def _report(failure: Failure, *, as_json: bool) -> int:
    output.complain(failure.message)
    if as_json:
        try:
            output.write_json({"error": failure.error})
            output.flush()
        except (OSError, Failure):
            output.abandon()
    return failure.code


def _is_closed_pipe(error: OSError) -> bool:
    # Windows reports a closed pipe as an invalid argument
    return error.errno == errno.EPIPE or (sys.platform == "win32" and error.errno == errno.EINVAL)


def _of_system(error: OSError) -> Failure:
    return Failure("OSError", f"cannot write the output: {error.strerror or 'the system refused it'}")


def _of_bug(error: Exception) -> Failure:
    """Say where it happened, not what was there: an exception's text may quote a value."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{PurePath(where.filename).name}:{where.lineno}"
    return Failure("InternalError", f"this is a bug in rolecall: {type(error).__name__} at {place}")
