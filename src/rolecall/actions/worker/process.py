"""``credential_process``: confirmed before it runs, and given the time that it takes."""

import shlex
from typing import Any

from botocore import credentials
from botocore.exceptions import CredentialRetrievalError

from rolecall.actions.failures import ActionFailed
from rolecall.actions.worker.wire import Wire
from rolecall.text import MASK, mask

SHORTEST = 3
"""Characters from which on a word can be told from the letters of others."""
REFUSED = "its credential_process was not to be run"


def process_provider(wire: Wire) -> type:
    """Return botocore's provider, with the question asked where it is about to run the very command.

    What it stumbles over in the program's answer, which may quote the secrets in it, becomes an error of its
    own family with words of ours.
    """

    class AskedFor(credentials.ProcessProvider):  # type: ignore[misc]  # botocore ships no types
        def _retrieve_credentials_using(self, credential_process: str) -> Any:  # noqa: ANN401 - botocore's
            if not wire.may_run(self._profile_name, credential_process):
                raise ActionFailed("Refused", REFUSED)
            wire.tell(f"running the credential_process of {self._profile_name}")
            try:
                with wire.waiting():
                    return super()._retrieve_credentials_using(credential_process)
            except CredentialRetrievalError as error:
                said = str(error.kwargs.get("error_msg", ""))
                raise _failed(without_secrets_of(credential_process, said)) from None
            except OSError as error:
                raise _failed(f"it cannot be started: {error.strerror}") from error
            except IndexError as error:
                raise _failed("it is empty") from error
            except (ValueError, AttributeError, TypeError) as error:
                # a UnicodeDecodeError and a JSONDecodeError are ValueErrors, and so are unbalanced quotes
                raise _failed("it printed no JSON object, or its quotes do not match") from error

    return AskedFor


def without_secrets_of(command: str, said: str) -> str:
    """Return what a program says, without those words of its command line that are masked where it is shown.

    A helper that is given a wrong password may well repeat it.
    """
    shown = mask(command)
    for word in shlex.split(command):
        for secret in (word, word.partition("=")[2]):
            if len(secret) >= SHORTEST and secret not in shown:
                said = said.replace(secret, MASK)
    return said


def _failed(words: str) -> CredentialRetrievalError:
    return CredentialRetrievalError(provider="custom-process", error_msg=words)
