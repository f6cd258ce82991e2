"""The user's own settings of rolecall: silenced findings, notices of expiries, names of accounts.

[findings]
silence = ["orphan", "no-credentials:default"]   # a rule everywhere, or for one subject
[findings.severity]
no-region = "warning"                            # error, warning, info or off
[notices]
minutes = [15, 5, 1]
bell = false
desktop = false
[accounts]
111122223333 = "payments-prod"
[console]
browser = "firefox -P {account}"                  # the URL is appended, or takes the place of {url}
[console.profiles]
prod = "firefox 'ext+container:name={profile}&url={url}'"
[console.accounts]
111122223333 = "chromium --profile-directory=Payments"
"""

import re
import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from rolecall.host import MEBIBYTE, Host, read_limited
from rolecall.text import mask
from rolecall.values import dataclass

LARGEST = MEBIBYTE
"""Bytes up to which the file is read: more than any settings need."""
SEVERITIES = ("error", "warning", "info")
OFF = "off"
"""What a rule's severity may be set to; the last is the same as to silence it."""
LONGEST_NOTICE = 24 * 60
"""Minutes: notices earlier than a day before would be there all the time."""

DEEPEST = 50
"""Dots or brackets in a line up to which it is parsed: the parser's time grows with their square and more."""
_NO_KEY = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|#.*""")
_AT_LINE = re.compile(r" ?\(at line (\d+), column \d+\)| ?\(at end of document\)")


@dataclass(frozen=True, slots=True)
class Silence:
    """A silenced rule, everywhere or for one subject.

    Attributes:
        code: the rule's code.
        subject: the subject's name; None for every subject.
    """

    code: str
    subject: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Silence":
        """Parse what ``written`` returns; a subject may contain colons, a code does not."""
        code, colon, subject = text.partition(":")
        return cls(code, subject if colon else None)

    @property
    def written(self) -> str:
        """The text in the file: ``code`` or ``code:subject``."""
        return self.code if self.subject is None else f"{self.code}:{self.subject}"

    @classmethod
    def covering(cls, code: str, subject: str) -> tuple["Silence", "Silence"]:
        """Return the two silences that cover a finding: its rule everywhere, and its rule for its subject."""
        return cls(code), cls(code, subject)


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """The notices before something expires.

    Attributes:
        minutes: how many minutes before, the longest first; no notices where there are none.
        bell: whether the terminal's bell rings as well.
        desktop: whether the terminal is asked for a desktop notification as well (OSC 9 and 777).
    """

    minutes: tuple[int, ...] = (15, 5, 1)
    bell: bool = False
    desktop: bool = False


LONGEST_NAME = 50
"""Characters of an account's name (``AccountName`` of AWS Organizations)."""
_ACCOUNT_ID = re.compile(r"[0-9]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """The commands that open the AWS console in a browser; the URL is appended to one without ``{url}``.

    Attributes:
        browser: the command for all; None for the system's browser.
        profiles: the commands of profiles, by their names.
        accounts: the commands of accounts, by their ids.
    """

    browser: str | None = None
    profiles: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)

    def command(self, profile: str, account: str | None) -> str | None:
        """Return the command for a profile: its own, else its account's, else that for all, or None."""
        return self.profiles.get(profile) or self.accounts.get(account or "") or self.browser


@dataclass(frozen=True, slots=True)
class Preferences:
    """The user's own settings.

    Attributes:
        path: the file with the settings, even if it does not exist.
        silences: the silenced rules.
        severities: the severities that the user has given to rules, by their codes.
        notices: the notices before something expires.
        keys: the keys that the user has changed, by the name of the command; the app checks both.
        accounts: the names of accounts, by their ids.
        console: the commands that open the AWS console.
        problem: what is wrong with the file, one sentence that names the file and, where known, the line;
            wrong settings have their defaults.
    """

    path: Path
    silences: tuple[Silence, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    accounts: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    console: ConsoleSettings = field(default_factory=ConsoleSettings)
    problem: str | None = None


def read_settings(host: Host, codes: Collection[str] | None = None) -> Preferences:
    """Return the user's settings; what is wrong with them is in ``problem``, never in an exception.

    Args:
        host: the Host.
        codes: the codes of the rules: to silence any other is a problem. None where they are unknown.
    """
    path = host.settings_file
    try:
        text = _text(path)
        if text is None:
            return Preferences(path)
        table = loads(text)
    except OSError as error:
        return Preferences(path, problem=_sentence(host, path, None, f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError:
        return Preferences(path, problem=_sentence(host, path, None, "is not UTF-8"))
    except (ValueError, RecursionError) as error:
        return Preferences(path, problem=_sentence(host, path, *_explained(error)))
    reading = _Reading(codes)
    found = Preferences(
        path,
        reading.silences(table),
        reading.severities(table),
        reading.notices(table),
        reading.accounts(table),
        reading.keys(table),
        reading.console(table),
    )
    problem = next(chain(reading.problems, _unknown(table, _KEYS)), None)
    if problem is None:
        return found
    word, words = problem
    return replace(found, problem=_sentence(host, path, _line(text, word), words))


def read_project(host: Host, path: Path, codes: Collection[str]) -> Preferences | None:
    """Return what ``[tool.rolecall]`` of a ``pyproject.toml`` says of findings; None where it has none.

    What is wrong with it is in ``problem``; what is wrong elsewhere in the file is no concern of rolecall's,
    unless it is no TOML at all.
    """
    try:
        text = _text(path)
        if text is None or _OF_PROJECT not in text:
            return None
        tools = loads(text).get("tool")
    except OSError as error:
        return Preferences(path, problem=_sentence(host, path, None, f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError:
        return Preferences(path, problem=_sentence(host, path, None, "is not UTF-8"))
    except (ValueError, RecursionError) as error:
        return Preferences(path, problem=_sentence(host, path, *_explained(error)))
    table = tools.get(_OF_PROJECT) if isinstance(tools, dict) else None
    if not isinstance(table, dict):
        return None
    reading = _Reading(codes)
    found = Preferences(path, reading.silences(table), reading.severities(table))
    known = {"findings": _KEYS["findings"]}
    word, words = next(chain(reading.problems, _unknown(table, known)), (None, ""))
    problem = None if word is None else _sentence(host, path, _line(text, word), words)
    return replace(found, problem=problem)


_Problem = tuple[str, str]
"""The word that is wrong in the file, and what is wrong with it."""
_KEYS: Mapping[str, Collection[str] | None] = {
    "findings": ("silence", "severity"),
    "notices": ("minutes", "bell", "desktop"),
    "accounts": None,
    "keys": None,
    "console": ("browser", "profiles", "accounts"),
}
"""The keys of each section; None where they are the user's own."""
_OF_PROJECT = "rolecall"
"""The table below ``[tool]`` of a ``pyproject.toml``."""


def _text(path: Path) -> str | None:
    """Return the content of the file, or None where there is none.

    Raises:
        OSError: it cannot be read, or is not a regular file (a FIFO does not hang).
        UnicodeDecodeError: it is not text.
    """
    try:
        return read_limited(path, LARGEST).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None


def _sentence(host: Host, path: Path, line: int | None, words: str) -> str:
    """Return what is wrong as a sentence; secrets that were pasted into the file by mistake are masked."""
    place, masked = host.display(path), mask(words)
    return f"{place}:{line}: {masked}" if line is not None else f"{place} {masked}"


def loads(text: str) -> dict[str, Any]:
    """Parse TOML, except where it is nested very deeply (``a.a.a…``): the parser would never finish.

    Raises:
        ValueError: it is not TOML, or too deep.
        RecursionError: it is too deep over many lines.
    """
    import tomllib  # noqa: PLC0415 - few have such a file, and who asks from a prompt waits

    for number, line in enumerate(text.splitlines(), start=1):
        if _depth(line) > DEEPEST and _depth(_NO_KEY.sub("", line)) > DEEPEST:
            message = f"Nested too deeply (at line {number}, column 1)"
            raise ValueError(message)
    return tomllib.loads(text)


def _depth(line: str) -> int:
    return max(map(line.count, ".[{"))


def _explained(error: Exception) -> tuple[int | None, str]:
    """Turn the parser's error into a line, where it has one, and words."""
    if isinstance(error, RecursionError):
        return None, "is nested too deeply"
    found = _AT_LINE.search(str(error))
    words = _AT_LINE.sub("", str(error))
    line = int(found[1]) if found and found[1] else None
    return line, f"is not TOML: {words[:1].lower()}{words[1:]}" if line is None else f"not TOML: {words}"


def _unknown(
    table: Mapping[str, object], known_keys: Mapping[str, Collection[str] | None]
) -> Iterator[_Problem]:
    """Yield the sections and keys that rolecall does not know."""
    for section, values in table.items():
        if section not in known_keys:
            yield section, f"there is no setting {section!r}"
        elif not isinstance(values, dict):
            yield section, f"{section!r} is a section: [{section}]"
        else:
            known = known_keys[section]
            for key in values:
                if known is not None and key not in known:
                    yield key, f"there is no setting {key!r} in [{section}]"


def _line(text: str, word: str) -> int | None:
    """Return the first line that is not a comment and has a word; tomllib keeps none."""
    found = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.lstrip().startswith("#") and found.search(line):
            return number
    return None


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads the valid settings in the file, and notes what is wrong with the others.

    Attributes:
        codes: the codes of the rules, or None.
        problems: what is wrong.
    """

    codes: Collection[str] | None
    problems: list[_Problem] = field(default_factory=list)

    def silences(self, table: Mapping[str, object]) -> tuple[Silence, ...]:
        """Return the silences."""
        written = _section(table, "findings").get("silence", [])
        if not isinstance(written, list):
            self._note("silence", '\'silence\' is a list: ["orphan", "orphan:subject"]')
            return ()
        found: list[Silence] = []
        for each in written:
            if not isinstance(each, str):
                self._note("silence", '\'silence\' is a list of texts: "code" or "code:subject"')
                continue
            silence = Silence.parse(each)
            if self.codes is not None and silence.code not in self.codes:
                self._note(silence.code, f"there is no finding {silence.code!r} to silence")
            found.append(silence)
        off = (code for code, word in self._words(table) if word == OFF)
        return (*found, *map(Silence, off))

    def severities(self, table: Mapping[str, object]) -> Mapping[str, str]:
        """Return the severities of rules, by their codes."""
        found: dict[str, str] = {}
        for code, word in self._words(table):
            if word not in (*SEVERITIES, OFF):
                self._note(code, f"the severity of {code!r} is one of {', '.join(SEVERITIES)} and {OFF}")
            elif self.codes is not None and code not in self.codes:
                self._note(code, f"there is no finding {code!r} to have a severity")
            elif word != OFF:
                found[code] = str(word)
        return found

    def _words(self, table: Mapping[str, object]) -> list[tuple[str, object]]:
        written = _section(table, "findings").get("severity", {})
        if isinstance(written, dict):
            return list(written.items())
        self._note("severity", "'severity' is a section: [findings.severity]")
        return []

    def notices(self, table: Mapping[str, object]) -> NoticeSettings:
        """Return the settings of the notices."""
        section = _section(table, "notices")
        default = NoticeSettings()
        return NoticeSettings(
            self._minutes(section.get("minutes"), default.minutes),
            bell=self._switch(section, "bell", on=default.bell),
            desktop=self._switch(section, "desktop", on=default.desktop),
        )

    def accounts(self, table: Mapping[str, object]) -> Mapping[str, str]:
        """Return the names of accounts, by their ids."""
        found: dict[str, str] = {}
        for account, name in _section(table, "accounts").items():
            if not _ACCOUNT_ID.fullmatch(account):
                self._note(account, f"{account!r} is not an account id: that has 12 digits")
            elif not isinstance(name, str) or not name.strip():
                self._note(account, f'the name of an account is a text: {account} = "payments-prod"')
            elif len(name.strip()) > LONGEST_NAME:
                self._note(account, f"the name of account {account} has more than {LONGEST_NAME} characters")
            elif name.strip() in found.values():
                self._note(account, f"two accounts have the name {name.strip()!r}")
            else:
                found[account] = name.strip()
        return found

    def keys(self, table: Mapping[str, object]) -> Mapping[str, tuple[str, ...]]:
        """Return the keys of commands; a name with a dot in it may be written without quotes, as a table."""
        found: dict[str, tuple[str, ...]] = {}
        for name, value in _flat(_section(table, "keys")):
            keys = value if isinstance(value, list) else [value]
            texts = tuple(key for each in keys if isinstance(each, str) for key in _split(each) if key)
            if texts and all(isinstance(each, str) for each in keys):
                found[name] = texts
            else:
                self._note(name, f'the key of a command is a text: {name} = "f5"')
        return found

    def console(self, table: Mapping[str, object]) -> ConsoleSettings:
        """Return the commands that open the AWS console."""
        section = _section(table, "console")
        for name in ("profiles", "accounts"):
            if not isinstance(section.get(name, {}), dict):
                self._note(name, f"{name!r} is a section: [console.{name}]")
        browser = self._commands({"browser": section["browser"]} if "browser" in section else {})
        return ConsoleSettings(
            browser.get("browser"),
            self._commands(_section(section, "profiles")),
            self._commands(_section(section, "accounts")),
        )

    def _commands(self, table: Mapping[str, object]) -> Mapping[str, str]:
        """Return those of some commands that are texts with words in them."""
        found: dict[str, str] = {}
        for name, command in table.items():
            if isinstance(command, str) and _is_command(command):
                found[name] = command
            else:
                self._note(name, f"the command of a browser is a text: {name} = 'firefox -P {{account}}'")
        return found

    def _minutes(self, written: object, default: tuple[int, ...]) -> tuple[int, ...]:
        if written is None:
            return default
        found = [each for each in written if _is_minutes(each)] if isinstance(written, list) else []
        if not isinstance(written, list) or len(found) < len(written):
            self._note("minutes", f"'minutes' is a list of whole numbers from 1 to {LONGEST_NOTICE}")
            return default
        return tuple(sorted(set(found), reverse=True))

    def _switch(self, section: Mapping[str, object], key: str, *, on: bool) -> bool:
        written = section.get(key, on)
        if isinstance(written, bool):
            return written
        self._note(key, f"{key!r} is true or false")
        return on

    def _note(self, word: str, words: str) -> None:
        self.problems.append((word, words))


def _flat(table: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _split(text: str) -> list[str]:
    """Return the keys in a text, which may have several with commas between them."""
    return [text] if text in (",", " ") else [each.strip() for each in text.split(",")]


def _section(table: Mapping[str, object], name: str) -> Mapping[str, object]:
    section = table.get(name)
    return section if isinstance(section, dict) else {}


def _is_command(text: str) -> bool:
    try:
        return bool(shlex.split(text))
    except ValueError:  # a quote is not closed
        return False


def _is_minutes(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LONGEST_NOTICE
