"""Random config and credentials files with every oddity that people write, and random edits of them.

Half of the files are those of ``tests.differential``; the other half is drawn here line by line, with more of
what an editor stumbles over: comments in every place, blocks, continuation lines, indentation, line ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from rolecall.aws.config_file import FileKind
from tests.differential.ini import one_in, texts
from tests.differential.profiles import drafts
from tests.differential.sections import config_sections, credentials_sections

NAMES = ("default", "dev", "prod", "a b", "größe", "x")
NEW_NAMES = ("new", "my prof", "it's", 'say "hi"', "back\\slash", "#hash", "ünï", "default", "dev")
BAD_NAMES = ("", " lead", "trail ", "a]b", "a\nb", "a\tb", "a\x1bb")
SESSIONS = ("corp", "lab corp")
KEYS = (
    "region",
    "output",
    "role_arn",
    "source_profile",
    "mfa_serial",
    "duration_seconds",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "x_security_token_expires",
    "aws_account_id",
    "credential_process",
    "s3",
    "a b",
    "größe",
)
CREDENTIALS_KEYS = (*KEYS, *[key for key in KEYS if key.startswith(("aws_", "x_"))] * 2)
BAD_KEYS = ("", " region", "re=gion", "re:gion", "[x", "#region", ";x", "re\ngion", "\x00")
VALUES = (
    "us-east-1",
    "eu-west-1 # near",
    "eu-west-1 ; far",
    "eu-west-1#near",
    '"quoted"',
    "%(region)s",
    "a = b",
    "a: b",
    "[x]",
    "dev",
    "prod",
    "x",
    "",
    "sh -c 'one ; two'",
    "größe",
    "a\u2028b\x85c",
    "\x00",
    "CANARY+secret/0123456789ABCDEFGHIJKLMNOP",
)
NEW_VALUES = (
    *VALUES,
    "AKIAIOSFODNN7EXAMPLE",
    "https://example.awsapps.com/start#/",
    "\x00",
    "# not a comment",
)
BAD_VALUES = (
    " lead",
    "trail\t",
    "two\nlines",
    "one\r",
    "\n",
    "\n  no delimiter",
    "\n  # only a comment\n",
    "\ud800",
)
BLOCKS = (
    "\n  a = 1",
    "\n    max_concurrent_requests = 5\n    # inner\n    addressing_style=path\n",
    "\na = 1\n\nb = 2",
    "\n\ta = b = c\n\t; inner",
)
COMMENTS = (
    "# a comment",
    "; another",
    "\x0b# after a vertical tab",
    "#",
    "#region = switched off",
    "# [profile gone]",
    "    # indented",
    "\t; tabbed",
    "# aws_secret_access_key = CANARY+secret/0123456789ABCDEFGHIJKLMNOP",
)
BLANKS = ("", "", "   ", "\t")
DELIMITERS = (" = ", " = ", " = ", "=", ": ", " : ", "= ", " =", "\t=\t", "      = ", "=  ")
INDENTS = ("", "", "", "", "  ", "\t", "      ", "\xa0")
TRAILERS = ("", "", "", "", " # c", "junk", " ; c")
LINE_ENDS = ("\n", "\n", "\n", "\r\n", "\r\n", "\r", "mixed")


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that is asked for, as data: what, of whom, and with what.

    Attributes:
        what: the name of the function in ``rolecall.actions.editing.edits``.
        name: the profile or session.
        changes: key → value, or None; one only for set and unset.
        new: the new name, where there is one.
        file: the file that is asked for, if one is.
    """

    what: str
    name: str
    changes: tuple[tuple[str, str | None], ...] = ()
    new: str | None = None
    file: FileKind | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """The two files' bytes; None for one that is missing."""

    config: bytes | None
    credentials: bytes | None


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """Draw two files."""
    if one_in(draw, 2):
        profiles = draw(drafts())
        config = draw(texts(draw(config_sections(profiles))))
        credentials = draw(texts(draw(credentials_sections(profiles))))
    else:
        config = draw(_file(FileKind.CONFIG))
        credentials = draw(_file(FileKind.CREDENTIALS))
    return Pair(
        None if one_in(draw, 12) else config.encode(), None if one_in(draw, 6) else credentials.encode()
    )


@st.composite
def _file(draw: st.DrawFn, role: FileKind) -> str:
    lines = _clutter(draw, 3)
    taken: set[str] = set()
    for _ in range(draw(st.integers(0, 5))):
        header = _header(draw, role)
        if header in taken and header != "DEFAULT":
            continue
        taken.add(header)
        indent = draw(st.sampled_from(INDENTS)) if one_in(draw, 5) else ""
        lines.append(f"{indent}[{header}]{draw(st.sampled_from(TRAILERS))}")
        lines += _section(draw, header, taken, KEYS if role is FileKind.CONFIG else CREDENTIALS_KEYS)
        lines += _clutter(draw, 3)
    return _ended(draw, lines)


def _header(draw: st.DrawFn, role: FileKind) -> str:
    if one_in(draw, 12):
        return draw(st.sampled_from(("DEFAULT", "plugins", "services x", "profile a b c", 'profile "open')))
    name = draw(st.sampled_from(NAMES))
    if role is FileKind.CREDENTIALS:
        return name if not one_in(draw, 10) else f"profile {name}"
    if one_in(draw, 5):
        session = draw(st.sampled_from(SESSIONS))
        return draw(st.sampled_from((f"sso-session '{session}'", f'sso-session "{session}"')))
    forms = [f'profile "{name}"', f"profile '{name}'", f'profile\t"{name}"', f'profilefoo "{name}"']
    forms += [f"profile {name}"] * 4 if " " not in name else []
    forms += [name] * 4 if name == "default" else []
    return draw(st.sampled_from(forms))


def _section(draw: st.DrawFn, header: str, taken: set[str], keys: Sequence[str]) -> list[str]:
    indent = draw(st.sampled_from(INDENTS))
    lines: list[str] = []
    for key in draw(st.lists(st.sampled_from(keys), unique=True, max_size=5)):
        if header == "DEFAULT":
            if f"DEFAULT {key}" in taken:
                continue
            taken.add(f"DEFAULT {key}")
        if one_in(draw, 4):
            lines += _clutter(draw, 2)
        if one_in(draw, 10):
            indent = draw(st.sampled_from(INDENTS))
        lines += _entry(draw, key, indent)
    return lines


def _entry(draw: st.DrawFn, key: str, indent: str) -> list[str]:
    written = draw(st.sampled_from((key, key, key, key.title(), key.upper())))
    delimiter = draw(st.sampled_from(DELIMITERS))
    if key == "s3" or one_in(draw, 12):
        inner = draw(
            st.lists(st.sampled_from(("a = 1", "b=2", "c = d = e", "# inner", "", "; c")), max_size=4)
        )
        deeper = indent + draw(st.sampled_from(("  ", "    ", "\t")))
        return [
            f"{indent}{written}{delimiter}".rstrip(),
            *(deeper + line for line in ("z = 0", *inner, "y = 9")),
        ]
    value = draw(st.sampled_from(VALUES))
    lines = [f"{indent}{written}{delimiter}{value}" + ("  " if one_in(draw, 16) else "")]
    if one_in(draw, 10) and value:
        deeper = indent + "   "
        middle = draw(st.sampled_from(([], ["# in between"], [""], [deeper + "# inside"], ["", "# x", ""])))
        lines += [*middle, deeper + draw(st.sampled_from(("output = json", "continued", "[profile y]")))]
    if one_in(draw, 10):
        lines.append(indent + "    # below, deeper")
    return lines


def _clutter(draw: st.DrawFn, most: int) -> list[str]:
    return draw(st.lists(st.one_of(st.sampled_from(BLANKS), st.sampled_from(COMMENTS)), max_size=most))


def _ended(draw: st.DrawFn, lines: Sequence[str]) -> str:
    end = draw(st.sampled_from(LINE_ENDS))
    ends = ("\n", "\r\n", "\n", "\r") if end == "mixed" else (end,)
    text = "".join(line + ends[index % len(ends)] for index, line in enumerate(lines))
    return text.rstrip("\r\n") if one_in(draw, 5) else text


_names = st.sampled_from(NAMES)
_keys = st.sampled_from((*KEYS, *KEYS, *KEYS, "Region", "SOURCE_PROFILE", *BAD_KEYS[:3]))
_values = st.sampled_from((*NEW_VALUES, *NEW_VALUES, *BLOCKS, *BLOCKS))
_new_names = st.sampled_from((*NEW_NAMES, *NEW_NAMES, *BAD_NAMES))


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """Draw something to ask for; about one in twelve cannot be granted, whatever stands in the files."""
    what = draw(st.sampled_from(_WHATS))
    name = draw(_names)
    match what:
        case "set_setting":
            change = (draw(_keys), draw(_bad_or(draw)))
            return Edit(
                what, draw(st.one_of(_names, _names, _names, _new_names)), (change,), file=_file_of(draw)
            )
        case "unset_setting":
            return Edit(what, name, ((draw(_keys), None),), file=_file_of(draw))
        case "change_profile":
            new = draw(_new_names) if one_in(draw, 4) else None
            return Edit(what, name, _changes(draw, can_unset=True), new)
        case "add_profile":
            return Edit(what, draw(_new_names), _changes(draw, can_unset=False))
        case "duplicate_profile" | "rename_profile":
            return Edit(what, name, new=draw(_new_names))
        case "change_session":
            return Edit(what, draw(st.sampled_from((*SESSIONS, "it's"))), _changes(draw, can_unset=True))
        case _:
            return Edit(what, name)


_WHATS = (
    *("set_setting",) * 5,
    *("unset_setting",) * 3,
    *("change_profile",) * 3,
    *("rename_profile",) * 2,
    *("remove_profile",) * 2,
    *("put_credentials",) * 2,
    "duplicate_profile",
    "add_profile",
    "change_session",
)


def _bad_or(draw: st.DrawFn) -> st.SearchStrategy[str]:
    return st.sampled_from(BAD_VALUES) if one_in(draw, 12) else _values


def _file_of(draw: st.DrawFn) -> FileKind | None:
    return draw(st.sampled_from((None, None, FileKind.CONFIG, FileKind.CREDENTIALS)))


def _changes(draw: st.DrawFn, *, can_unset: bool) -> tuple[tuple[str, str | None], ...]:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=4))
    return tuple((key, None if can_unset and one_in(draw, 3) else draw(_values)) for key in keys)
