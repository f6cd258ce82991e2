"""The AWS CLI's cache of roles, and how files in the caches are written: atomically."""

import json
import os
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.utils import JSONFileCache

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import responses
from rolecall.actions.worker.protocol import Wire
from rolecall.actions.writing.atomic import drop_access_list
from rolecall.aws import paths, timestamps
from rolecall.aws.providers import PredictedErrorRaised
from rolecall.host import utc_now

_PARTS = ("AccessKeyId", "SecretAccessKey", "SessionToken")


class TidyCache(JSONFileCache):  # type: ignore[misc]  # botocore ships no types
    """Files as botocore's own cache writes them, but through a temporary file with a known name.

    botocore's has a random name, so no one could remove it if the process is killed while it writes.
    """

    def __init__(self, directory: str, dumps_func: Any = None, *, scratch: str, wire: Wire) -> None:  # noqa: ANN401 - botocore's
        super().__init__(directory, dumps_func)
        self._scratch = scratch
        self._wire = wire

    def __setitem__(self, key: str, value: Any) -> None:  # noqa: ANN401 - whatever botocore keeps
        if "accessToken" in value:
            _check_token(value)
        text = self._dumps(value)
        directory = Path(self._working_dir)
        try:
            directory.mkdir(parents=True, exist_ok=True)
            with self._wire.writing:
                _write(directory / f"{key}.json", directory / self._scratch, text)
        except OSError as error:
            path = directory / f"{key}.json"
            raise ActionFailed(
                "Unwritable", f"the cache cannot be written: {error.strerror}", path=path
            ) from error


def _write(path: Path, scratch: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(scratch, flags, 0o600), "w", encoding="utf-8") as file:
            drop_access_list(file.fileno())
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def read_cached(directory: Path, stem: str) -> Mapping[str, object]:
    """Return the content of a file in ``sso/cache``; empty where it is missing or not a JSON object."""
    try:
        content = json.loads(paths.read_file(directory / f"{stem}.json"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def check_writable(directory: Path, scratch: str) -> None:
    """Check that a file can be written, before the user logs in for nothing.

    Args:
        directory: its directory; created where it is missing, as the CLI does.
        scratch: the name of the temporary file, which the parent process removes if this one is killed.

    Raises:
        ActionFailed: no file can be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / scratch).touch(0o600)
        (directory / scratch).unlink()
    except OSError as error:
        message = f"the directory cannot be written to: {error.strerror}"
        raise ActionFailed("Unwritable", message, path=directory) from error


class RoleCache(TidyCache):
    """``cli/cache``, for the credentials of one profile and of the roles in its chain.

    An entry that would stop the CLI (not JSON, parts missing, no time zone) is ignored, and so replaced.
    The profile's own entry may have two names, because the CLI's versions name it differently: it is used if
    it is there by both names, and is written under both.

    Attributes:
        own: the possible names of the profile's own entry.
        is_fresh: whether the own entry was written by this process.
    """

    def __init__(
        self, directory: str, own: Collection[str], *, is_renewed: bool, scratch: str, wire: Wire
    ) -> None:
        """Open it.

        Args:
            directory: the cache directory.
            own: the possible names of the profile's own entry.
            is_renewed: whether to ignore the own entry, so that it is fetched again; it stays as it is until
                a new one replaces it.
            scratch: the name of the temporary file.
            wire: held while a file is written.
        """
        super().__init__(directory, _dump, scratch=scratch, wire=wire)
        self.own = tuple(own)
        self.is_fresh = False
        self._is_renewed = is_renewed

    def __contains__(self, key: str) -> bool:
        return self._entry(key) is not None

    def __getitem__(self, key: str) -> Mapping[str, Any]:
        entry = self._entry(key)
        if entry is None:
            raise KeyError(key)
        return entry

    def __setitem__(self, key: str, value: dict[str, Any]) -> None:
        if _checked_end(value) <= utc_now():
            return  # botocore will raise, and no tool could use it
        value.get("ResponseMetadata", {}).pop("MaxAttemptsReached", None)  # a result of trying only once
        for name in self.own if key in self.own else (key,):
            super().__setitem__(name, value)
        self.is_fresh |= key in self.own

    def read(self) -> Mapping[str, Any] | None:
        """Return the own entry, or None where there is none that is whole."""
        entries = [self._load(name) for name in self.own]
        if not entries or None in entries:
            return None
        return min((entry for entry in entries if entry is not None), key=_end)

    def _entry(self, key: str) -> Mapping[str, Any] | None:
        if key not in self.own:
            return self._load(key)
        return self.read() if self.is_fresh or not self._is_renewed else None

    def _load(self, key: str) -> Mapping[str, Any] | None:
        try:
            entry = json.loads(paths.read_file(Path(self._working_dir, f"{key}.json")))
            _end(entry)
            is_whole = all(isinstance(entry["Credentials"][part], str) for part in _PARTS)
        except (OSError, ValueError, RecursionError, KeyError, TypeError, PredictedErrorRaised):
            return None
        return entry if is_whole else None


def _check_token(token: Mapping[str, Any]) -> None:
    """Refuse a token that no tool could read.

    Raises:
        ActionFailed: AWS gives no such token.
    """
    for key in ("accessToken", *(["refreshToken"] if "refreshToken" in token else [])):
        responses.text(token, key)
    if _moment_of(token["expiresAt"], "expiresAt", "token") <= utc_now():
        raise responses.not_aws("the token in it has expired already")


def _checked_end(entry: Mapping[str, Any]) -> datetime:
    """Return the expiry of credentials to be cached.

    Raises:
        ActionFailed: AWS gives no such credentials.
    """
    found = entry.get("Credentials")
    if not isinstance(found, Mapping):
        raise responses.not_aws("its Credentials are missing")
    for part in _PARTS:
        responses.text(found, part)
    return _moment_of(found.get("Expiration"), "Expiration", "credentials")


def _moment_of(value: object, key: str, what: str) -> datetime:
    try:
        end = timestamps.instant(value.isoformat() if isinstance(value, datetime) else value)
    except PredictedErrorRaised:
        raise responses.not_aws(f"its {key} is not a time") from None
    responses.require_end(what, end)
    return end


def _end(entry: Mapping[str, Any]) -> datetime:
    return timestamps.instant(entry["Credentials"]["Expiration"])


def _dump(entry: object) -> str:
    """Return an entry as CLI v1 writes it: with the times as STS sent them."""
    return json.dumps(entry, default=_moment)


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value
