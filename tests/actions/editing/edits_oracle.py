"""What an edit has to come to, worked out from botocore's reading of the files alone.

Two questions are answered for each file: what it must mean afterwards, and which of its old lines may go.
"""

import configparser
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from botocore import configloader

from rolecall.aws.config import Role
from rolecall.aws.locate import Located, locate
from tests.actions.editing.files_at_random import Edit

Section = dict[str, object]
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
SWITCHED_OFF = re.compile(r"\s*[#;]+\s*(?:[\w.-]+\s*[=:]|\[)")
CREDENTIALS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token")
ENDS = ("x_security_token_expires", "expiration", "aws_expiration", "aws_session_token_expiration")


def lines_of(data: bytes | None) -> list[str]:
    """Return the lines of a file with their ends."""
    return LINE.findall((data or b"").decode())


@dataclass(frozen=True)
class Read:
    """One file as botocore reads it.

    Attributes:
        role: which of the two it is.
        data: its bytes, or None.
        sections: ``raw_config_parse``.
        defaults: what ``[DEFAULT]`` leaks.
        located: where everything stands (proved against botocore in tests/differential).
    """

    role: Role
    data: bytes | None
    sections: dict[str, Section]
    defaults: Section
    located: Located

    @classmethod
    def of(cls, role: Role, path: Path) -> "Read":
        """Read a file; raises ConfigParseError as botocore does."""
        if not path.exists():
            return cls(role, None, {}, {}, Located())
        sections = configloader.raw_config_parse(str(path))
        parser = configparser.RawConfigParser()
        parser.read([path])
        # [DEFAULT] as one more section is parsed into blocks by botocore, too
        defaults: Section = {key: leaked(value) for key, value in parser.defaults().items()}
        located = locate(path.read_bytes().decode())
        return cls(role, path.read_bytes(), sections, defaults, located)

    def name_of(self, header: str, kind: str = "profile") -> str | None:
        """Return the profile (or other kind) that a header stands for."""
        if self.role is Role.CREDENTIALS:
            return header if kind == "profile" else None
        if (kind, header) == ("profile", "default"):
            return header
        found = configloader.build_profile_map({header: {}})
        names = found[{"profile": "profiles", "sso-session": "sso_sessions"}[kind]]
        return next(iter(names), None)

    def headers(self, name: str, kind: str = "profile") -> list[str]:
        """Return the headers that stand for a name, the one in force last."""
        return [header for header in self.sections if self.name_of(header, kind) == name]

    def in_force(self, name: str, kind: str = "profile") -> str | None:
        """Return the header in force."""
        return next(reversed(self.headers(name, kind)), None)

    def values(self, name: str) -> Section:
        """Return what a profile says here."""
        header = self.in_force(name)
        return {} if header is None else self.sections[header]

    def own(self, header: str) -> set[str]:
        """Return the keys that a section has itself."""
        return set(self.located.sections[header].keys)


def nested(text: str) -> object:
    """Read a value as ``raw_config_parse`` does; what it refuses stays as it is, for nobody may have asked.

    botocore stumbles over a block of ``[DEFAULT]`` only where there is a section for it to leak into.
    """
    try:
        return configloader._parse_nested(text) if text.startswith("\n") else text
    except ValueError:
        return text


def leaked(text: str) -> object:
    """Read a value of ``[DEFAULT]``; botocore does so only where there is a section that gets it."""
    try:
        return nested(text)
    except ValueError:
        return text


def meant(text: str) -> object:
    """Return what a value means that was typed."""
    lines = [line for line in text.split("\n") if not line.strip().startswith(("#", ";"))]
    return nested("\n".join(lines)) if text.startswith("\n") else text


@dataclass
class Asked:
    """What one file has to be afterwards.

    Attributes:
        changed: header → key → new value, or None.
        added: name → settings of a new section.
        gone, renamed, copied: headers.
    """

    changed: dict[str, dict[str, str | None]] = field(default_factory=dict)
    added: dict[str, dict[str, str]] = field(default_factory=dict)
    kind: str = "profile"
    gone: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)
    copied: dict[str, str] = field(default_factory=dict)


Files = dict[Role, Read]


def home_of(files: Files, name: str, key: str) -> Role:
    """Say where a key takes effect: where it is in force, else with its group, else as with the CLI."""
    for keys in ((key,), CREDENTIALS[:2] if key in (*CREDENTIALS, *ENDS, "aws_account_id") else ()):
        for role in (Role.CREDENTIALS, Role.CONFIG):
            if any(one in files[role].values(name) for one in keys):
                return role
    return Role.CREDENTIALS if key in (*CREDENTIALS, *ENDS) else Role.CONFIG


def has_bad_name(name: str) -> bool:
    return not name or name != name.strip() or bool(re.search(r"[\[\]\x00-\x1f\x7f]", name))


def has_bad_key(key: str) -> bool:
    return not key or key != key.strip() or bool(re.search(r"[=:\[\]\n\x00]|^[#;]", key))


def has_bad_value(value: str) -> bool:
    if re.search(r"[\ud800-\udfff]", value):
        return True
    if not value.startswith("\n"):
        return value != value.strip() or bool(re.search(r"[\r\n]", value))
    lines = [line.strip() for line in value.split("\n")]
    lines = [line for line in lines if line and not line.startswith(("#", ";"))]
    return not lines or any("=" not in line for line in lines)


class Impossible(Exception):  # noqa: N818 - it is an answer
    """The edit has to be refused."""


def ask(files: Files, edit: Edit) -> dict[Role, Asked]:
    """Return what an edit asks of each file; raises Impossible where it must be refused."""
    asked = {role: Asked() for role in Role}
    _ASKED[edit.what](files, edit, asked)
    for role in Role:
        spoilt = any(str(value).startswith("\n") for value in files[role].defaults.values())
        if spoilt and asked[role].added:  # a section would leak what botocore cannot parse
            raise Impossible
    return asked


def _exists(files: Files, name: str) -> bool:
    return any(files[role].headers(name) for role in Role)


def _require(files: Files, name: str, *, there: bool) -> None:
    if _exists(files, name) is not there or (not there and has_bad_name(name)):
        raise Impossible


def _put(  # noqa: PLR0917
    files: Files, asked: dict[Role, Asked], edit: Edit, final: str, key: str, value: str
) -> None:
    if has_bad_key(key) or has_bad_value(value):
        raise Impossible
    role = edit.file or home_of(files, edit.name, key.lower())
    header = files[role].in_force(edit.name)
    if header is None:
        if role is Role.CREDENTIALS and final in ("", "DEFAULT"):  # [] is no header, [DEFAULT] no profile
            raise Impossible
        asked[role].added.setdefault(final, {})[key.lower()] = value
    else:
        asked[role].changed.setdefault(header, {})[key.lower()] = value


def _take(files: Files, asked: dict[Role, Asked], edit: Edit, key: str) -> bool:
    found = False
    for role in Role if edit.file is None else (edit.file,):
        header = files[role].in_force(edit.name)
        if header is not None and key.lower() in files[role].own(header):
            asked[role].changed.setdefault(header, {})[key.lower()] = None
            found = True
    return found


def _set(files: Files, edit: Edit, asked: dict[Role, Asked]) -> None:
    if not _exists(files, edit.name) and has_bad_name(edit.name):
        raise Impossible
    ((key, value),) = edit.changes
    assert value is not None
    _put(files, asked, edit, edit.name, key, value)


def _unset(files: Files, edit: Edit, asked: dict[Role, Asked]) -> None:
    _require(files, edit.name, there=True)
    if not _take(files, asked, edit, edit.changes[0][0]):
        raise Impossible


def _change(files: Files, edit: Edit, asked: dict[Role, Asked]) -> None:
    _require(files, edit.name, there=True)
    final = edit.name if edit.new is None else edit.new
    if final != edit.name:
        _rename(files, edit, asked)
    for key, value in edit.changes:
        if value is None:
            _take(files, asked, edit, key)
        else:
            _put(files, asked, edit, final, key, value)


def _add(files: Files, edit: Edit, asked: dict[Role, Asked]) -> None:
    _require(files, edit.name, there=False)
    for key, value in edit.changes:
        assert value is not None
        _put(files, asked, edit, edit.name, key, value)
    if not edit.changes:
        asked[Role.CONFIG].added[edit.name] = {}


def _duplicate(files: Files, edit: Edit, asked: dict[Role, Asked]) -> None:
    assert edit.new is not None
    _require(files, edit.name, there=True)
    _require(files, edit.new, there=False)
    for role in Role:
        header = files[role].in_force(edit.name)
        if header is not None:
            asked[role].copied[header] = edit.new


def _rename(files: Files, edit: Edit, asked: dict[Role, Asked]) -> None:
    assert edit.new is not None
    _require(files, edit.name, there=True)
    if edit.new == edit.name:
        return
    _require(files, edit.new, there=False)
    for role in Role:
        asked[role].renamed |= dict.fromkeys(files[role].headers(edit.name), edit.new)
        located = files[role].located
        owners = {"DEFAULT": located.defaults} | {header: at.keys for header, at in located.sections.items()}
        for header, keys in owners.items():
            if "source_profile" in keys and keys["source_profile"].value == edit.name:
                asked[role].changed.setdefault(header, {})["source_profile"] = edit.new


def _remove(files: Files, edit: Edit, asked: dict[Role, Asked]) -> None:
    _require(files, edit.name, there=True)
    for role in Role:
        asked[role].gone = set(files[role].headers(edit.name))


def _change_session(files: Files, edit: Edit, asked: dict[Role, Asked]) -> None:
    asked[Role.CONFIG].kind = "sso-session"
    if any(has_bad_key(key) or (value is not None and has_bad_value(value)) for key, value in edit.changes):
        raise Impossible
    header = files[Role.CONFIG].in_force(edit.name, "sso-session")
    if header is None:
        settings = {key: value for key, value in edit.changes if value is not None}
        asked[Role.CONFIG].added[edit.name] = settings
        return
    own = files[Role.CONFIG].own(header)
    asked[Role.CONFIG].changed[header] = {
        key: value for key, value in edit.changes if value is not None or key in own
    }


def _remove_session(files: Files, edit: Edit, asked: dict[Role, Asked]) -> None:
    asked[Role.CONFIG].gone = set(files[Role.CONFIG].headers(edit.name, "sso-session"))
    if not asked[Role.CONFIG].gone:
        raise Impossible


def _put_credentials(files: Files, edit: Edit, asked: dict[Role, Asked]) -> None:
    wanted = dict(edit.changes)
    header = files[Role.CREDENTIALS].in_force(edit.name)
    if header is None:
        if edit.name in ("", "DEFAULT"):
            raise Impossible
        asked[Role.CREDENTIALS].added[edit.name] = {k: v for k, v in wanted.items() if v is not None}
        return
    own = files[Role.CREDENTIALS].own(header)
    gone = dict.fromkeys(key for key in (*CREDENTIALS, *ENDS, "aws_account_id") if key in own)
    asked[Role.CREDENTIALS].changed[header] = gone | wanted


_ASKED: dict[str, Callable[[Files, Edit, dict[Role, Asked]], None]] = {
    "set_setting": _set,
    "unset_setting": _unset,
    "change_profile": _change,
    "add_profile": _add,
    "duplicate_profile": _duplicate,
    "rename_profile": _rename,
    "remove_profile": _remove,
    "change_session": _change_session,
    "remove_session": _remove_session,
    "put_credentials": _put_credentials,
}


def assert_means(before: Read, after: Read, asked: Asked) -> None:
    """Check that a file means what was asked: every section, in its order, and the profiles made of them."""
    defaults = _changed(before.defaults, asked.changed.get("DEFAULT", {}), {})
    wanted: list[tuple[str | None, Section]] = []
    for header, section in before.sections.items():
        if header in asked.gone:
            continue
        own = {key: value for key, value in section.items() if key in before.own(header)}
        values = _changed(defaults | own, asked.changed.get(header, {}), defaults)
        wanted.append((asked.renamed.get(header), values))
        if header in asked.copied:
            wanted.append((asked.copied[header], values))
    for name, settings in asked.added.items():
        added = {key: meant(value) for key, value in settings.items()}
        wanted.append((name, defaults | added))
    kept = [header for header in before.sections if header not in asked.gone]
    assert [section for _, section in wanted] == list(after.sections.values())
    for (new, _), header in zip(wanted, after.sections, strict=True):
        if new is None:
            assert header in kept
        else:
            assert after.name_of(header, asked.kind) == new
    assert after.defaults == defaults


def _changed(section: Section, changes: dict[str, str | None], defaults: Section) -> Section:
    section = dict(section)
    for key, value in changes.items():
        section.pop(key, None)
        if value is not None:
            section[key] = meant(value)
        elif key in defaults:
            section[key] = defaults[key]
    return section


def assert_untouched(before: Read, after: bytes, asked: Asked) -> None:
    """Check that all lines but those asked for stand there still, to the byte and in their order."""
    old, new = lines_of(before.data), lines_of(after)
    may_go = _may_go(before, asked)
    kept = [line for index, line in enumerate(old) if index not in may_go]
    extra = _not_among(kept, new)
    if extra is None:
        # what may go may also stay: then it has to be found again
        raise AssertionError(f"a line is lost or changed: {kept!r} is not in {new!r}")
    ends = {line[len(line.rstrip("\r\n")) :] for line in old} - {""} or {"\n"}
    words = [text.strip() for text in _written(asked)]
    survivors = Counter(old[index].strip() for index in may_go)
    for index, line in enumerate(extra):
        text = line.strip()
        end = line[len(line.rstrip("\r\n")) :]
        assert end in ends or (index == len(extra) - 1 and not end), (line, ends)
        if survivors[text]:
            survivors[text] -= 1
            continue
        is_comment = any(text and text[0] in "#;" and old[gone].rstrip().endswith(text) for gone in may_go)
        copied = any(text == line.strip() for line in old) and asked.copied
        assert (
            not text or is_comment or copied or any(word.lower() in text.lower() for word in words if word)
        ), f"{line!r} was not asked for"


def _not_among(kept: list[str], new: list[str]) -> list[str] | None:
    """Return the lines of one list that another does not need as a subsequence; None if it is none."""
    extra, at = [], 0
    for line in new:
        if at < len(kept) and kept[at] in (line, line.rstrip("\r\n")):
            at += 1
        elif "".join(kept[at : at + 2]) == line:  # a CR and an LF that come to stand together: the same bytes
            at += 2
        else:
            extra.append(line)
    return extra if at == len(kept) else None


def _written(asked: Asked) -> Iterator[str]:
    """Yield what new lines may be recognised by."""
    for name in (*asked.added, *asked.renamed.values(), *asked.copied.values()):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        yield from (name, escaped)
    wanted: list[Mapping[str, str | None]] = [*asked.changed.values(), *asked.added.values()]
    for changes in wanted:
        for key, value in changes.items():
            yield key
            if value is not None and value.startswith("\n"):
                yield from value.split("\n")


def _may_go(before: Read, asked: Asked) -> set[int]:
    """Return the old lines that may go or change (indices)."""
    old = lines_of(before.data)
    taken: set[int] = set()
    located = before.located
    for header, changes in asked.changed.items():
        keys = located.defaults if header == "DEFAULT" else located.sections[header].keys
        for key in changes:
            if key in keys:
                value = keys[key].value
                is_block = value.startswith("\n")
                taken |= set(_lines_of_value(old, keys[key].line - 1, value, changes[key], is_block=is_block))
    for header in asked.renamed:
        taken.add(located.sections[header].line - 1)
    for header in asked.gone:
        taken |= _lines_of_section(before, old, header)
    return taken


def _lines_of_value(
    old: list[str], start: int, value: str, new: str | None, *, is_block: bool
) -> Iterator[int]:
    """Yield the lines of one value; comments inside one stay, unless it goes or is a block."""
    depth = len(old[start]) - len(old[start].lstrip())
    yield start
    rest = [line for line in value.split("\n")[1:] if line]
    at = start
    while rest:
        at += 1
        text = old[at].strip()
        is_comment = text.startswith(("#", ";"))
        if text and not is_comment:
            assert text == rest.pop(0)
        if not is_comment or new is None or (is_block and new.startswith("\n")) or new.startswith("\n"):
            yield at
    while new is None and at + 1 < len(old):
        at += 1
        text = old[at].lstrip()
        if not text.startswith(("#", ";")) or len(old[at]) - len(text) <= depth:
            return
        yield at


def _lines_of_section(before: Read, old: list[str], header: str) -> set[int]:
    """Return the lines of a section, what introduces it, the blank lines around it, and the next header."""
    starts = _header_lines(old)
    start = before.located.sections[header].line - 1
    stop = next((other for other in starts if other > start), len(old))
    taken = set(range(start, stop)) - _alone(old, start, stop)
    if stop < len(old) and old[stop].lstrip() != old[stop]:
        taken.add(stop)
    at = start - 1
    while at >= 0 and _is_comment(old[at]):
        at -= 1
    if at >= 0:  # what opens the file is about the file
        taken |= set(range(at + 1, start))
    else:
        at = start - 1
    while at >= 0 and not old[at].strip():
        taken.add(at)
        at -= 1
    return taken


class _Headers:
    """Stands in for configparser's SECTCRE, which sees each header, and notes the lines."""

    def __init__(self, lines: list[str]) -> None:
        self.found: list[int] = []
        self._at = -1
        self._lines = lines

    def __iter__(self) -> Iterator[str]:
        for index, line in enumerate(self._lines):
            self._at = index
            yield line.rstrip("\r\n") + "\n"

    def match(self, value: str) -> re.Match[str] | None:
        header = configparser.RawConfigParser.SECTCRE.match(value)
        self.found += [self._at] if header else []
        return header


def _header_lines(old: list[str]) -> list[int]:
    """Return the lines that are headers (indices); an indented one may be a part of the value above it."""
    headers = _Headers(old)
    parser = configparser.RawConfigParser()
    parser.SECTCRE = headers  # type: ignore[assignment]
    parser.read_file(headers)
    return headers.found


def _alone(old: list[str], start: int, stop: int) -> set[int]:
    """Return the comments at the end of a section that a blank line sets apart from it: they stay."""
    last = max(index for index in range(start, stop) if old[index].strip() and not _is_comment(old[index]))
    blank = next((index for index in range(last, stop) if not old[index].strip()), stop)
    return {index for index in range(blank, stop) if _is_comment(old[index])}


def _is_comment(line: str) -> bool:
    return line.strip().startswith(("#", ";"))


def assert_new_keys_stand_with_the_others(before: Read, after: Read, asked: Asked) -> None:
    """Check that a key that is new in a section stands below its last, not below what sets the next apart."""
    lines = lines_of(after.data)
    for header, changes in asked.changed.items():
        section = after.located.sections.get(asked.renamed.get(header, header))
        if section is None or None in changes.values():  # what was last, by itself, may have gone
            continue
        # a comment inside a block that was asked for is no comment of a section
        asked_for = {line.strip() for value in changes.values() for line in str(value or "").splitlines()}
        for key in changes:
            if key in section.keys and key not in before.own(header):
                above = lines[section.keys[key].line - 2]
                if above.strip() in asked_for:
                    continue
                below = lines[section.keys[key].line : section.keys[key].line + 1]
                assert above.strip(), f"{key} stands below a blank line"
                introduces = above[0] in "#;" and not SWITCHED_OFF.match(above)
                assert not introduces or not below or not below[0].startswith("["), above
