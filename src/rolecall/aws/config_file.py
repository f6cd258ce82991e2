"""An AWS file as botocore parses it, and the line of each section and setting."""

import configparser
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from botocore import configloader

from rolecall.aws import config_lines, paths
from rolecall.aws.config_lines import Located, bad_nested_line, locate
from rolecall.host import TooLargeError
from rolecall.text import mask_name, sanitize, size
from rolecall.values import dataclass

_LONG_TERM, _KEY_ID, _SECRET = "AKIA", "aws_access_key_id", "aws_secret_access_key"

Value: TypeAlias = str | Mapping[str, str]
"""A setting's value: text, or the one level of nested keys that botocore makes of an indented block."""

_KINDS = ("profiles", "sso_sessions", "services")
_OTHER = "other"
_HEADER_LINE = re.compile(r"\[(?P<header>[^\[\]]+)\]")
"""A header that is all of its line: what is before it and after it can mean more."""

LARGE = 4_000_000
"""Bytes from which a file is reported as large: every AWS command reads it whole."""


class FileKind(StrEnum):
    """Which of the two files a file is."""

    CONFIG = "config"
    CREDENTIALS = "credentials"


class FileStatus(StrEnum):
    """The result of reading a file."""

    OK = "ok"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNPARSEABLE = "unparseable"


@dataclass(frozen=True)
class ConfigFile:
    """One of the two files, as botocore reads it.

    Attributes:
        path: where it is, or None where the environment says that there is none.
        role: which of the two it is.
        status: the result of reading it; only an OK file has sections.
        error: in plain words what is wrong, or what is worth knowing about a file that is fine.
        line: the line (from 1) with botocore's error, if there is one.
        sections: what ``raw_config_parse`` returns: header → key → value.
        headers: how botocore reads the headers.
        stamp: shows whether the file has changed since.
        mode: the permission bits.
        given: the bytes, where they are not those at the path: see ``with_contents``.
        parsed: the lines, where they were found in the same pass as the sections.
    """

    path: Path | None
    role: FileKind
    status: FileStatus
    error: str | None = None
    line: int | None = None
    sections: Mapping[str, Mapping[str, Value]] = field(default_factory=dict, repr=False)
    headers: "Headers" = field(default_factory=lambda: Headers())  # noqa: PLW0108 - defined below
    stamp: paths.Stamp | None = None
    mode: int = 0
    encoding: str = "utf-8"
    given: bytes | None = field(default=None, repr=False)
    parsed: config_lines.Parsed | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The file's text as it is now, or empty where it does not parse or can no longer be read."""
        return (self.raw_text or "") if self.status is FileStatus.OK else ""

    @property
    def raw_text(self) -> str | None:
        """The file's text as it is now, whether or not it parses; None where it cannot be read."""
        if self.path is None:
            return None
        try:
            data = paths.read_file(self.path) if self.given is None else self.given
            return data.decode(self.encoding)
        except (OSError, UnicodeDecodeError):
            return None

    @cached_property
    def located(self) -> Located:
        """The lines of everything in the file.

        Where they were not found with the sections, the file is read again when first asked for. Empty where
        it has changed so that it no longer parses: a new Snapshot will follow.
        """
        if self.parsed is not None:
            return self.parsed.located
        try:
            return locate(self.text)
        except configparser.Error:
            return Located()


@dataclass(frozen=True, slots=True)
class Headers:
    """How botocore reads the headers of a file.

    Attributes:
        profiles, sso_sessions, services: name → its headers, in the file's order; the last one is used, and
            replaces the others entirely.
        dropped: headers that botocore silently drops (``[profile a b]``, an unbalanced quote).
        other: sections that it keeps, but not as a profile (``[dev]`` in config, ``[plugins]``).
    """

    profiles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sso_sessions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def read_file(path: Path | None, role: FileKind, encoding: str) -> ConfigFile:
    """Read one of the two files; what is wrong with it is in the status, never in an exception."""
    if path is None:
        variable = "AWS_CONFIG_FILE" if role is FileKind.CONFIG else "AWS_SHARED_CREDENTIALS_FILE"
        return ConfigFile(path, role, FileStatus.MISSING, f"{variable} names no file, so none is read")
    if paths.is_nowhere(path):
        return ConfigFile(path, role, FileStatus.MISSING, "is the null device, so nothing is read")
    found = paths.look(path)
    if found.presence is paths.Presence.MISSING:
        return ConfigFile(path, role, FileStatus.MISSING, found.reason)
    if found.presence is paths.Presence.UNREADABLE:
        return ConfigFile(path, role, FileStatus.UNREADABLE, found.reason, mode=found.mode)
    return _parse(path, role, encoding, found)


def _parse(path: Path, role: FileKind, encoding: str, found: paths.Found) -> ConfigFile:
    file = ConfigFile(path, role, FileStatus.OK, stamp=found.stamp, mode=found.mode, encoding=encoding)
    try:
        data = paths.read_file(path)
    except FileNotFoundError:
        return replace(file, status=FileStatus.MISSING)
    except TooLargeError as error:
        many = size(found.stamp.size) if found.stamp is not None else "too many bytes"
        words = f"is not read: {error.strerror} ({many}), and every AWS command reads it whole"
        return replace(file, status=FileStatus.UNREADABLE, error=words)
    except OSError as error:
        words = f"cannot be read ({error.strerror}): it {paths.whose(path)}; AWS tools treat it as empty"
        return replace(file, status=FileStatus.UNREADABLE, error=words)
    return _parsed(file, data)


def _parsed(file: ConfigFile, data: bytes) -> ConfigFile:
    try:
        parsed = config_lines.parse(data.decode(file.encoding))
        sections = _nested(parsed.values) if parsed is not None else _asked(data, file.encoding)
    except (configparser.Error, ValueError) as error:
        words, line = _explain(error, data, file.encoding)
        return replace(file, status=FileStatus.UNPARSEABLE, error=words, line=line)
    is_large = len(data) > LARGE
    return replace(
        file,
        error=f"is large ({size(len(data))}): every AWS command reads it whole" if is_large else None,
        sections=MappingProxyType(sections),
        headers=_headers(sections, file.role),
        parsed=parsed,
    )


def with_contents(file: ConfigFile, data: bytes, encoding: str) -> ConfigFile:
    """Return what the file would be with other bytes, to check an edit before it is written."""
    empty = ConfigFile(file.path, file.role, FileStatus.OK, stamp=file.stamp, mode=file.mode)
    return _parsed(replace(empty, encoding=encoding, given=data), data)


def with_header(file: ConfigFile, was: str, now: str) -> ConfigFile | None:
    """Return what a file that was read would be with another text in the line of a header.

    Its text is not read again, so that hundreds of headers can be tried; None where it would have to be.
    """
    old, new = map(_HEADER_LINE.fullmatch, (was, now))
    if old is None or new is None or old["header"] not in file.sections:
        return None
    if new["header"] == configparser.DEFAULTSECT or new["header"] in file.sections:
        return None
    names = {old["header"]: new["header"]}
    sections = {names.get(header, header): section for header, section in file.sections.items()}
    return replace(file, sections=MappingProxyType(sections), headers=_headers(sections, file.role))


def long_term_keys(*files: ConfigFile) -> set[tuple[str, str]]:
    """Return the long-term keys in files, each with its secret, which AWS shows only once."""
    return {
        (key, secret)
        for file in files
        for section in file.sections.values()
        if isinstance(key := section.get(_KEY_ID), str)
        and key.startswith(_LONG_TERM)
        and isinstance(secret := section.get(_SECRET), str)
        and secret
    }


def parse(data: bytes, encoding: str) -> Mapping[str, Mapping[str, Value]]:
    """Return what ``raw_config_parse`` of botocore reads in a file of these bytes: header → key → value.

    That function takes only a path, and opens whatever is there at that time.

    Raises:
        configparser.Error, ValueError: where it raises ConfigParseError.
    """
    parsed = config_lines.parse(data.decode(encoding))
    return _nested(parsed.values) if parsed is not None else _asked(data, encoding)


def _asked(data: bytes, encoding: str) -> Mapping[str, Mapping[str, Value]]:
    """Ask botocore's parser."""
    parser = configparser.RawConfigParser()
    parser.read_file(io.TextIOWrapper(io.BytesIO(data), encoding))
    return {
        section: {option: _value(parser.get(section, option)) for option in parser.options(section)}
        for section in parser.sections()
    }


def _nested(values: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, Value]]:
    """Return the sections with their blocks taken apart; those without a block stay the same objects."""
    return {
        header: {name: _value(value) for name, value in section.items()}
        if any(value.startswith("\n") for value in section.values())
        else section
        for header, section in values.items()
    }


def _value(text: str) -> Value:
    return nested(text) if text.startswith("\n") else text


def nested(text: str) -> dict[str, str]:
    """Read a nested block as configloader's second parser does.

    Raises:
        ValueError: a line has no ``=``.
    """
    pairs = {}
    for line in text.splitlines():
        if line.strip():
            key, value = line.strip().split("=", 1)
            pairs[key.strip()] = value.strip()
    return pairs


def _headers(sections: Iterable[str], role: FileKind) -> Headers:
    """Sort a file's headers by how botocore reads them; in credentials every header is a profile."""
    if role is FileKind.CREDENTIALS:
        return Headers(profiles={header: (header,) for header in sections})
    kinds: dict[str, dict[str, tuple[str, ...]]] = {kind: {} for kind in _KINDS}
    dropped: list[str] = []
    other: list[str] = []
    for header in sections:
        kind, name = _kind_and_name(header)
        if kind in kinds:
            kinds[kind][name] = (*kinds[kind].get(name, ()), header)
        else:
            (dropped if kind is None else other).append(header)
    return Headers(**kinds, dropped=tuple(dropped), other=tuple(other))


_PLAIN = re.compile(r"(?P<kind>profile|sso-session|services) (?P<name>[A-Za-z0-9_./@:+-]+)")
"""Headers in which ``shlex`` finds nothing but the two words."""
_PLAIN_KINDS = {"profile": "profiles", "sso-session": "sso_sessions", "services": "services"}


@lru_cache(maxsize=1 << 15)
def _kind_and_name(header: str) -> tuple[str | None, str]:
    """Return a header's kind and the name in it; None for the kind if botocore drops the section."""
    plain = _PLAIN.fullmatch(header)
    if plain is not None:
        return _PLAIN_KINDS[plain["kind"]], plain["name"]
    meaning = configloader.build_profile_map({header: header})
    found = ((kind, name) for kind in _KINDS for name in meaning[kind])
    return next(found, (_OTHER if meaning.get(header) == header else None, header))


def _explain(error: object, data: bytes, encoding: str) -> tuple[str, int | None]:
    """Turn the parser's error into words and a line; the line's own text is left out: it may be a secret."""
    match error:
        case configparser.DuplicateSectionError():
            return f"[{_name(error.section)}] is there twice", error.lineno
        case configparser.DuplicateOptionError():
            where = f"{_name(error.option)} is twice in [{_name(error.section)}]"
            return where, error.lineno
        case configparser.MissingSectionHeaderError():
            bom = data.startswith(b"\xef\xbb\xbf")
            words = "begins with a byte order mark (BOM)" if bom else "a line before the first [section]"
            return words, error.lineno
        case configparser.ParsingError():
            return "a line that is neither a [section] nor key = value", error.errors[0][0]
        case UnicodeDecodeError():
            return _explain_encoding(data, encoding)
        case _:
            return "a nested block has a line without '='", _nested_line(data, encoding)


def _name(name: str) -> str:
    return sanitize(mask_name(name))


def _explain_encoding(data: bytes, encoding: str) -> tuple[str, int | None]:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"is not {encoding.upper()}: byte 0x{data[error.start]:02x}", line
    return f"is not {encoding.upper()}", None


def _nested_line(data: bytes, encoding: str) -> int | None:
    return bad_nested_line(locate(data.decode(encoding)))
