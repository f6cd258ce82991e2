"""Masks secrets in command lines, which are split like a POSIX shell does."""

import re
from collections.abc import Iterator, Sequence

from rolecall.masking import ELLIPSIS, MASK, Show, harmless
from rolecall.masking.addresses import mask_address
from rolecall.masking.harmless import mask_looks
from rolecall.masking.names import how, is_secret_name
from rolecall.patterns import late
from rolecall.values import dataclass

_QUOTED = (
    r"(?P<blank>[ \t\r\n]++)"
    r"|(?P<escaped>\\[\s\S])"
    r"|'(?P<literal>[^']*+)'"
    r"|\"(?P<quoted>(?:[^\"\\]|\\[\s\S])*+)\""
)
_IN_COMMAND = late(_QUOTED + r"|(?P<plain>[^ \t\r\n\\'\"]++)")
_IN_SCRIPT = late(_QUOTED + r"|(?P<operator>[;&|<>()]++)|(?P<plain>[^ \t\r\n;&|<>()\\'\"]++)")
# in double quotes: shlex takes the backslash before a quote and another backslash alone, a shell before more
_ESCAPED_IN_COMMAND = late(r"\\([\\\"])")
_ESCAPED_IN_SCRIPT = late(r"\\([\\\"$`\n])")
_OPERATORS = frozenset(("|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "|&", "(", ")", "{", "}"))


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command.

    Attributes:
        start: where it begins in the command.
        stop: where it ends.
        text: the word as the program gets it.
        is_bare: whether it is written without quotes and backslashes.
        is_operator: whether it is ``|``, ``;`` or similar, after which another command begins.
    """

    start: int
    stop: int
    text: str
    is_bare: bool
    is_operator: bool = False


def split(command: str, *, is_script: bool = False) -> tuple[list[Word], bool]:
    """Return the words of a command, and whether all its quotes are closed; else they end where one opens.

    They are those of ``shlex.split`` and of botocore's ``compat_shell_split``.

    Args:
        command: the command line.
        is_script: whether a shell reads it: then ``a;b`` is two commands, else it is one word.
    """
    pattern = _IN_SCRIPT if is_script else _IN_COMMAND
    words: list[Word] = []
    pieces: list[str] = []
    start, is_bare, at = 0, True, 0

    def end_word() -> None:
        if pieces:
            text = "".join(pieces)
            words.append(Word(start, at, text, is_bare, is_operator=is_bare and text in _OPERATORS))
        pieces.clear()

    while (match := pattern.match(command, at)) is not None:
        if match.lastgroup in ("blank", "operator"):
            end_word()
            if match.lastgroup == "operator":
                words.append(Word(at, match.end(), match[0], is_bare=True, is_operator=True))
        else:
            if not pieces:
                start, is_bare = at, True
            is_bare = is_bare and match.lastgroup == "plain"
            pieces.append(_content(match, _ESCAPED_IN_SCRIPT if is_script else _ESCAPED_IN_COMMAND))
        at = match.end()
    end_word()
    return words, at == len(command)


def _content(match: re.Match[str], escaped: re.Pattern[str]) -> str:
    text = match[match.lastgroup or 0]
    if match.lastgroup == "escaped":
        return text[1:]
    return escaped.sub(r"\1", text) if match.lastgroup == "quoted" else text


_DEEPEST = 3
"""Levels of commands within commands that are examined."""
_ASSIGNMENT = late(r"(?P<name>[A-Za-z_][A-Za-z0-9_]{0,79})=")
_LONG_OPTION = late(r"--(?P<name>[A-Za-z][A-Za-z0-9]{0,30}(?:[._-][A-Za-z0-9]{1,30}){0,7})(?P<is>=?)")
_SHORT_OPTION = late(r"-[A-Za-z]")
_CODE_OPTIONS = frozenset(("-c", "-lc", "-ic", "/c", "-command", "-Command"))
_WITH_VALUE = frozenset(["-u", "-g", "-C", "-S", "-k", "-n", "-s", "-p", "-h", "-D"])
"""Options with a value, of the programs that run other programs."""
_FIRST = 2
"""Arguments that say what a program does: a service and its operation, a subcommand and a profile."""
_MODULE = late(r"[A-Za-z_][\w.]{0,80}")
_EXTENSION = late(r"\.(?:exe|cmd|bat|sh|py|ps1)$", re.IGNORECASE)


def mask_command(command: str, *, is_script: bool = False, depth: int = 0) -> str:
    """Return a command line as it may be shown.

    If its quotes are not closed, only the program is certain.

    Args:
        command: the command line, as in ``credential_process``.
        is_script: whether a shell reads it.
        depth: how many commands it is nested in.
    """
    if depth > _DEEPEST:
        return MASK
    words, is_whole = split(command, is_script=is_script)
    if not is_whole:
        has_program = words and words[0].stop < len(command) and not _ASSIGNMENT.match(words[0].text)
        first = _Line(words[:1], depth).shown() if has_program else ()
        return " ".join((*first, MASK))
    shown, at = [], 0
    for word, text in zip(words, _Line(words, depth).shown(), strict=True):
        shown += [command[at : word.start], command[word.start : word.stop] if text == word.text else text]
        at = word.stop
    return "".join((*shown, command[at:]))


def mask_arguments(arguments: Sequence[str]) -> list[str]:
    """Return a program and its arguments as they may be shown."""
    return list(_Line([Word(0, 0, text, is_bare=True) for text in arguments], 0).shown())


class _Line:
    """Masks one command line; what a word means depends on the words before it."""

    def __init__(self, words: Sequence[Word], depth: int) -> None:
        self._words = words
        self._depth = depth
        self._is_behind_operator = False
        self._begin()

    def _begin(self) -> None:
        self._program = ""
        self._is_wrapped = False
        self._option: str | None = None
        self._arguments: list[str] = []

    def shown(self) -> Iterator[str]:
        """Yield each word as it may be shown."""
        for word in self._words:
            if word.is_operator:
                yield word.text
                self._begin()
                self._is_behind_operator = True
            elif not self._program:
                yield self._before_program(word)
            else:
                yield self._argument(word.text)

    def _before_program(self, word: Word) -> str:
        assigned = _ASSIGNMENT.match(word.text)
        if assigned is not None:
            return _shown_assignment(assigned, self._depth)
        if self._option is not None:
            self._option = None
            return MASK
        if word.text.startswith("-") and self._is_wrapped:
            self._option = word.text if word.text in _WITH_VALUE else None
            return self._shown_option(word.text, takes_value=False)
        return self._shown_program(word)

    def _shown_program(self, word: Word) -> str:
        text = word.text
        base = _EXTENSION.sub("", re.split(r"[/\\]", text)[-1]).lower()
        if base in harmless.WRAPPERS:
            self._is_wrapped = True
            return text
        self._program = base or "?"
        if harmless.is_path(text) or base in harmless.TOOLS or base in harmless.SHELLS:
            return text
        if self._is_behind_operator:
            return MASK
        if any(map(str.isspace, text)):  # the whole command in quotes
            return mask_command(text, depth=self._depth + 1)
        return text if MASK not in text and mask_looks(mask_address(text)) == text else MASK

    def _argument(self, text: str) -> str:
        option, self._option = self._option, None
        is_option = text.startswith("-") and len(text) > 1
        if option is not None and (not is_option or self._takes_anything(option, text)):
            return self._shown_value(option, text)
        if text in ("-", "--"):
            return text
        if is_option or text in _CODE_OPTIONS:
            return self._shown_option(text)
        assigned = _ASSIGNMENT.match(text)
        if assigned is not None:
            return _shown_assignment(assigned, self._depth)
        return self._shown_positional(text)

    def _takes_anything(self, option: str, text: str) -> bool:
        """Whether a word that begins like an option is the value of the secret option before it."""
        return is_secret_name(option) and text.lstrip("-").partition("=")[0] not in harmless.PLAIN_OPTIONS

    def _shown_option(self, text: str, *, takes_value: bool = True) -> str:
        """Return an option; ``takes_value`` says whether the next word may be its value."""
        found = _LONG_OPTION.match(text)
        name = text.lstrip("-").partition("=")[0].lower()
        if found is None and (name in harmless.PLAIN_OPTIONS or name in harmless.FILE_OPTIONS):
            found = _LONG_OPTION.match(f"-{text}")  # as Go programs write them
            text = f"-{text}" if found is not None else text
            return self._shown_long(found, text, takes_value=takes_value)[1:]
        if text in _CODE_OPTIONS:
            self._option = text if takes_value else None
            return text
        if found is not None:
            return self._shown_long(found, text, takes_value=takes_value)
        short = _SHORT_OPTION.match(text)
        if short is None:
            return f"--{MASK}" if text.startswith("--") else MASK
        if text == short[0]:
            self._option = text if takes_value else self._option
            return text
        return short[0] + MASK

    def _shown_long(self, found: re.Match[str] | None, text: str, *, takes_value: bool) -> str:
        if found is None or (found.end() < len(text) and not found["is"]) or mask_looks(found[0]) != found[0]:
            return f"--{MASK}"
        if found["is"]:
            value = text[found.end() :]
            return found[0] + (self._shown_value(found["name"], value) if value else "")
        if takes_value and found["name"] not in harmless.FLAGS:
            self._option = found["name"]
        return text

    def _shown_value(self, option: str, text: str) -> str:
        if option in _CODE_OPTIONS and self._program in harmless.SHELLS:
            return _quoted(mask_command(text, is_script=True, depth=self._depth + 1), text)
        if option == "-m" and self._program.startswith("python") and _MODULE.fullmatch(text):
            return text
        name = option.lower().replace("_", "-")
        if name in harmless.PLAIN_OPTIONS and not is_secret_name(name):
            by_form = harmless.shown_by_form(text)
            return by_form if by_form is not None else text if harmless.is_plain(text) else MASK
        if name in harmless.FILE_OPTIONS:
            return text if harmless.is_path(text) else MASK
        if how(name) is Show.KEY_ID:
            return ELLIPSIS + text[-4:] if mask_looks(text) != text else MASK
        if is_secret_name(name):
            return MASK
        return self._by_form(text)

    def _by_form(self, text: str) -> str:
        shown = harmless.shown_by_form(text)
        return shown if shown is not None else MASK

    def _shown_positional(self, text: str) -> str:
        before = tuple(self._arguments)
        if len(before) < _FIRST:
            self._arguments.append(text)
        shown = harmless.shown_by_form(text)
        if shown is not None:
            return shown
        if self._program == "aws" and len(before) < _FIRST and harmless.is_word(text):
            return text
        subcommands = harmless.PROFILE_AFTER.get(self._program)
        if subcommands is None or not harmless.is_name(text):
            return MASK
        is_profile = len(before) == 1 and before[0] in subcommands if subcommands else not before
        return text if is_profile else MASK


def _shown_assignment(assigned: re.Match[str], depth: int) -> str:
    """Return ``NAME=value``, masked by what is known about the name."""
    name, value = assigned["name"], assigned.string[assigned.end() :]
    if not value:
        return assigned[0]
    show = how(name)
    if show is Show.PLAIN and harmless.is_plain(value):
        return assigned.string
    if show is Show.ADDRESS:
        shown = mask_address(value)
        return assigned[0] + (shown if mask_looks(shown) == shown and not re.search(r"\s", shown) else MASK)
    if show is Show.COMMAND:
        return assigned[0] + _quoted(mask_command(value, depth=depth + 1), value)
    return assigned[0] + MASK


def _quoted(shown: str, text: str) -> str:
    """Return a command within a command; unchanged where nothing in it is masked."""
    if shown in (text, MASK):
        return shown
    return "'" + shown.replace("'", "").replace("\\", "/") + "'"
