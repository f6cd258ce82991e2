"""A command line taken apart as a POSIX shell does it, with the places of its words."""

import re
from dataclasses import dataclass

_QUOTED = (
    r"(?P<blank>[ \t\r\n]++)"
    r"|(?P<escaped>\\[\s\S])"
    r"|'(?P<literal>[^']*+)'"
    r"|\"(?P<quoted>(?:[^\"\\]|\\[\s\S])*+)\""
)
_IN_COMMAND = re.compile(_QUOTED + r"|(?P<plain>[^ \t\r\n\\'\"]++)")
_IN_SCRIPT = re.compile(_QUOTED + r"|(?P<operator>[;&|<>()]++)|(?P<plain>[^ \t\r\n;&|<>()\\'\"]++)")
_ESCAPED_IN_QUOTES = re.compile(r"\\([\\\"$`\n])")
_OPERATORS = frozenset(("|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "|&", "(", ")", "{", "}"))


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command.

    Attributes:
        start: where it begins in the command.
        stop: where it ends.
        text: the word as the program gets it.
        is_bare: whether it stands there without quotes and backslashes.
        is_operator: whether it is ``|``, ``;`` or the like, after which another command begins.
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
        is_script: whether a shell reads it: then ``a;b`` are two commands, and else a word.
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
            pieces.append(_content(match))
        at = match.end()
    end_word()
    return words, at == len(command)


def _content(match: re.Match[str]) -> str:
    text = match[match.lastgroup or 0]
    if match.lastgroup == "escaped":
        return text[1:]
    return _ESCAPED_IN_QUOTES.sub(r"\1", text) if match.lastgroup == "quoted" else text
