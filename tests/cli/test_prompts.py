"""The person at the command line: what is asked at a terminal, and what is said where stdin is empty."""

import getpass
import io
import os
import sys
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO

import pytest

from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Authorization
from rolecall.cli import prompts
from rolecall.cli.prompts import TerminalPrompts
from tests.cli.program import Stream

DEVICE = "arn:aws:iam::123456789012:mfa/me"
HELPER = "/bin/helper --password hunter2hunter2 --account \x1b[31m1"
AUTHORIZATION = Authorization(
    "WXYZ-ABCD", "https://d.example/start", "https://d.example/start?c=1", datetime(2030, 1, 1, tzinfo=UTC)
)

Keyboard = Callable[..., Stream]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """Return what puts a terminal to stdin and stderr, with keys typed there; stderr is returned."""

    def use(*, typed: str = "", unseen: tuple[str, ...] = ()) -> Stream:
        keys, codes = Stream("utf-8", is_terminal=True), iter(unseen)
        keys.write(typed)
        keys.seek(0)
        err = Stream("utf-8", is_terminal=True)

        def read(prompt: str, stream: TextIO) -> str:
            stream.write(f"{prompt}\n")
            code = next(codes, None)
            if code is None:
                raise EOFError
            return code

        monkeypatch.setattr(sys, "stdin", keys)
        monkeypatch.setattr(sys, "stderr", err)
        monkeypatch.setattr(getpass, "getpass", read)
        return err

    return use


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Stream]:
    """Return what takes the terminal away; stderr is returned."""

    def use() -> Stream:
        err = Stream("utf-8", is_terminal=False)
        monkeypatch.setattr(sys, "stdin", Stream("utf-8", is_terminal=False))
        monkeypatch.setattr(sys, "stderr", err)
        monkeypatch.setattr(getpass, "getpass", lambda *_: pytest.fail("nobody can type here"))
        return err

    return use


# MFA


def test_a_code_is_typed_unseen(terminal: Keyboard) -> None:
    err = terminal(unseen=("123 456",))
    assert TerminalPrompts().code(DEVICE, None) == "123456"
    assert err.text() == f"MFA code for {DEVICE}: \n"


def test_what_is_no_code_is_asked_for_again_without_repeating_it(terminal: Keyboard) -> None:
    err = terminal(unseen=("999", "123456"))
    assert TerminalPrompts().code(DEVICE, None) == "123456"
    assert err.text().splitlines()[1] == "A code has six digits."
    assert "999" not in err.text()


def test_why_the_last_code_was_refused_is_said_before_the_next(terminal: Keyboard) -> None:
    err = terminal(unseen=("123456",))
    TerminalPrompts().code(DEVICE, "This code was used already.")
    assert err.text().splitlines()[0] == "This code was used already."


def test_the_end_of_the_input_is_no(terminal: Keyboard) -> None:
    terminal()
    with pytest.raises(Cancelled):
        TerminalPrompts().code(DEVICE, None)


def test_a_given_code_serves_once_and_without_a_terminal(nobody: Callable[[], Stream]) -> None:
    err = nobody()
    person = TerminalPrompts(given_code="123456")
    assert person.code(DEVICE, None) == "123456"
    with pytest.raises(ActionFailed, match="asks for an MFA code, and there is no terminal") as failed:
        person.code(DEVICE, None)
    assert failed.value.kind == "NoTerminal"
    assert "--mfa-code" in (failed.value.cure or "")
    assert not err.text()


def test_a_given_code_that_is_refused_is_not_given_again(nobody: Callable[[], Stream]) -> None:
    err = nobody()
    person = TerminalPrompts(given_code="123456")
    with pytest.raises(ActionFailed, match="The code is wrong"):
        person.code(DEVICE, "The code is wrong")
    assert not err.text()


def test_a_code_is_in_no_repr() -> None:
    assert "123456" not in repr(TerminalPrompts(given_code="123456"))


def test_a_terminal_that_would_show_the_code_is_not_used(
    terminal: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal()

    def shows(*_: object) -> str:
        warnings.warn("Can not control echo", getpass.GetPassWarning, stacklevel=2)
        return "123456"

    monkeypatch.setattr(getpass, "getpass", shows)
    with pytest.raises(ActionFailed, match="cannot hide"):
        TerminalPrompts().code(DEVICE, None)


# credential_process


@pytest.mark.parametrize(
    ("typed", "may_run"),
    [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False), ("yeah\n", False)],
)
def test_a_program_runs_after_a_plain_yes(terminal: Keyboard, typed: str, *, may_run: bool) -> None:
    err = terminal(typed=typed)
    assert TerminalPrompts().may_run("dev", HELPER) is may_run
    # THEN its command line was shown: inert, and without the password in it
    assert "  /bin/helper --password •••• --account ␛[31m1\n" in err.text()
    assert err.text().rstrip("\n").endswith("Run it? [y/N] ")


def test_a_command_line_is_confirmed_once(terminal: Keyboard) -> None:
    terminal(typed="y\n")
    person = TerminalPrompts()
    assert person.may_run("dev", HELPER)
    assert person.may_run("test", HELPER)
    assert not person.may_run("dev", f"{HELPER} --other")


def test_yes_lets_it_run_unasked(nobody: Callable[[], Stream]) -> None:
    err = nobody()
    assert TerminalPrompts(says_yes=True).may_run("dev", HELPER)
    assert not err.text()


def test_where_nobody_can_confirm_it_does_not_run(nobody: Callable[[], Stream]) -> None:
    err = nobody()
    with pytest.raises(ActionFailed) as failed:
        TerminalPrompts().may_run("dev", HELPER)
    assert failed.value.kind == "NoTerminal"
    assert "--yes" in (failed.value.cure or "")
    assert "/bin/helper" in err.text()


# login


@pytest.mark.parametrize(("opens", "words"), [(True, "The browser is open at"), (False, "Log in at")])
def test_address_and_code_are_said_whether_or_not_there_is_a_browser(
    nobody: Callable[[], Stream], words: str, *, opens: bool
) -> None:
    err = nobody()
    opened: list[str] = []

    def browser(address: str) -> bool:
        opened.append(address)
        return opens

    TerminalPrompts(open_browser=browser).authorize(AUTHORIZATION)
    assert opened == ["https://d.example/start?c=1"]
    first, second = err.text().splitlines()
    assert first == f"{words} https://d.example/start?c=1"
    assert "WXYZ-ABCD" in second
    assert "https://d.example/start)" in second


def test_steps_are_told_to_a_person_only(terminal: Keyboard, nobody: Callable[[], Stream]) -> None:
    err = nobody()
    TerminalPrompts().tell("assuming Deploy")
    assert not err.text()
    err = terminal()
    TerminalPrompts().tell("assuming Deploy")
    assert err.text() == "assuming Deploy…\n"


# the terminal


@pytest.mark.parametrize("missing", ["stdin", "stderr"])
@pytest.mark.parametrize("how", ["gone", "closed", "piped"])
def test_nobody_is_asked_where_a_stream_is_no_terminal(
    terminal: Keyboard, monkeypatch: pytest.MonkeyPatch, missing: str, how: str
) -> None:
    terminal()
    assert prompts.has_person()
    stream = Stream("utf-8", is_terminal=how == "closed")
    if how == "closed":
        stream.close()
    monkeypatch.setattr(sys, missing, None if how == "gone" else stream)
    assert not prompts.has_person()


@pytest.mark.parametrize("stdin", [None, io.StringIO("")])
def test_a_pipe_with_nothing_in_it_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, stdin: io.StringIO | None
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(ActionFailed, match="stdin is empty"):
        prompts.piped()


def test_a_line_that_is_piped_in_leaves_the_rest_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"123456\r\nfor the command")
    os.close(writer)
    with os.fdopen(reader) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert prompts.piped() == "123456"
        assert os.read(reader, 99) == b"for the command"
