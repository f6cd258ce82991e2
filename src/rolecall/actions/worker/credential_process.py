"""``credential_process``: confirmed before it runs, and given as much time as it needs."""

import shlex
from collections.abc import Sequence
from typing import Any

from botocore import credentials
from botocore.exceptions import CredentialRetrievalError

from rolecall.actions import programs
from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import memory
from rolecall.actions.worker.protocol import Wire
from rolecall.aws import timestamps
from rolecall.aws.providers import Cause, PredictedErrorRaised
from rolecall.masking.commands import mask_arguments
from rolecall.text import MASK

_NAMES = {
    "access_key": "AccessKeyId",
    "secret_key": "SecretAccessKey",
    "token": "SessionToken",
    "expiry_time": "Expiration",
}
_MAY_LACK = ("token", "expiry_time")
SHORTEST = 3
"""Characters from which a word is distinct from parts of other words."""
REFUSED = "its credential_process was not allowed to run"


def process_provider(wire: Wire) -> type:
    """Return botocore's provider, which asks the user just before it runs the command.

    An error about the program's output, which may quote the secrets in it, becomes botocore's own kind of
    error with our words.
    """

    class AskedFor(credentials.ProcessProvider):  # type: ignore[misc]  # botocore ships no types
        def __init__(self, profile_name: str, load_config: Any) -> None:  # noqa: ANN401 - botocore's
            super().__init__(profile_name, load_config, popen=_start)

        def _retrieve_credentials_using(self, credential_process: str) -> Any:  # noqa: ANN401 - botocore's
            if not wire.may_run(self._profile_name, credential_process):
                raise ActionFailed("Refused", REFUSED)
            wire.tell(f"running the credential_process of {self._profile_name}")
            try:
                with wire.waiting():
                    return _checked(super()._retrieve_credentials_using(credential_process))
            except programs.TooMuch:
                raise _failed(programs.TOO_MUCH) from None
            except CredentialRetrievalError as error:
                said = str(error.kwargs.get("error_msg", ""))
                raise _failed(without_secrets_of(credential_process, said)) from None
            except OSError as error:
                raise _failed(f"it cannot be started: {error.strerror}") from error
            except IndexError as error:
                raise _failed("it is empty") from error
            except (ValueError, AttributeError, TypeError, RecursionError) as error:
                # a UnicodeDecodeError and a JSONDecodeError are ValueErrors, and so are unbalanced quotes
                raise _failed("it printed no JSON object, or its quotes are not closed") from error

    return AskedFor


def _start(command: Sequence[str], **options: Any) -> programs.Program:  # noqa: ANN401 - botocore's
    with memory.no_limit():
        return programs.Program(command, **options)


def _checked(found: dict[str, Any]) -> dict[str, Any]:
    """Return what botocore has read from a program's output, if botocore can use it."""
    for name, key in _NAMES.items():
        value = found[name]
        if value is None and name in _MAY_LACK:
            continue
        if not isinstance(value, str):
            raise _failed(f"its {key} is not text")
        if not value.isprintable():
            raise _failed(f"its {key} has characters that no key and no time has")
    if found["expiry_time"] is not None:
        try:
            timestamps.instant(found["expiry_time"])
        except PredictedErrorRaised as raised:
            is_naive = raised.fault.cause is Cause.TIME_WITHOUT_ZONE
            raise _failed(f"its Expiration {'has no time zone' if is_naive else 'is not a time'}") from None
    return found


def without_secrets_of(command: str, said: str) -> str:
    """Return a program's output, without those words of its command line that are masked on the screen.

    A helper that gets a wrong password may repeat it.
    """
    words = shlex.split(command)
    for word, shown in zip(words, mask_arguments(words), strict=True):
        for secret in (word, word.partition("=")[2]):
            if len(secret) >= SHORTEST and secret not in shown:
                said = said.replace(secret, MASK)
    return said


def _failed(words: str) -> CredentialRetrievalError:
    return CredentialRetrievalError(provider="custom-process", error_msg=words)
