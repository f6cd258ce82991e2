"""The last stop of everything that goes wrong: one line and an exit code, never a traceback."""

import os
import traceback
from collections.abc import Callable
from pathlib import PurePath

from rolecall.cli import output
from rolecall.cli.failures import ExitCode, Failure


def guard(action: Callable[[], int], *, as_json: bool) -> int:
    """Run the program and return its exit code.

    A closed pipe (``rolecall list | head``) and ctrl+c are nobody's mistake, and nothing is said about them.
    """
    output.start()
    try:
        code = action()
        output.flush()
    except KeyboardInterrupt:
        output.abandon()  # whoever is to read the rest may never do so
        return ExitCode.INTERRUPTED
    except Failure as failure:
        return _report(failure, as_json=as_json)
    except OSError as error:
        return _report(_of_system(error), as_json=as_json)
    except Exception as error:  # noqa: BLE001 - a traceback could show what must stay secret
        return _report(_of_bug(error), as_json=as_json)
    return _unprinted(code)


def _unprinted(code: int) -> int:
    """Return the exit code once what could not be printed is told: 1 where all else went well."""
    lost = output.trouble()
    if lost is None or output.is_closed_pipe(lost):
        return code
    done, why = output.deed(), lost.strerror or "the system refused it"
    what = "cannot write the output" if done is None else f"{done}, but the output cannot be written"
    output.complain(f"{what}: {why}")
    return code or ExitCode.FAILED


def _report(failure: Failure, *, as_json: bool) -> int:
    output.complain(failure.message)
    if as_json:
        output.write_json({"error": failure.error})
    output.flush()
    return failure.code


def _of_system(error: OSError) -> Failure:
    """Say what the system refused: the file, or the place in rolecall where no file is known."""
    if error.filename is None and not _has_place():
        return Failure("OSError", "the directory that this was started in is gone: change to another one")
    what = str(error.filename) if error.filename is not None else f"{_place(error)}, which asked the system"
    return Failure("OSError", f"{what}: {error.strerror or type(error).__name__}")


def _has_place() -> bool:
    try:
        return bool(os.getcwd())  # noqa: PTH109 - a name is enough
    except OSError:
        return False


def _of_bug(error: Exception) -> Failure:
    """Say where it happened, not what was there: an exception's text may quote a value."""
    return Failure("InternalError", f"this is a bug in rolecall: {type(error).__name__} at {_place(error)}")


def _place(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{PurePath(where.filename).name}:{where.lineno}"
