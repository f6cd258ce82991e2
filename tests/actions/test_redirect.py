"""A secret address reaches the browser, and nobody else: by one that leads to it once."""

import http.client
import os
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rolecall.actions import redirect
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Cancel

SECRET = "https://signin.aws.amazon.com/federation?SigninToken=CANARY"


def ask(address: str, path: str | None = None, method: str = "GET") -> tuple[int, str | None]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    try:
        connection.request(method, path if path is not None else parts.path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location")
    finally:
        connection.close()


class Browser:
    """Asks on a thread of its own, as a browser does that was started."""

    def __init__(self, *paths: str | None) -> None:
        self.paths = paths
        self.given: list[str] = []
        self.heard: list[tuple[int, str | None]] = []
        self.thread = threading.Thread(target=self._ask)

    def __call__(self, address: str) -> bool:
        self.given.append(address)
        self.thread.start()
        return True

    def _ask(self) -> None:
        self.heard += [ask(self.given[0], path) for path in self.paths]


def test_the_browser_is_led_to_the_address_and_never_given_it() -> None:
    browser = Browser(None)
    redirect.hand_over(SECRET, browser, Cancel())
    browser.thread.join()
    assert browser.heard == [(302, SECRET)]
    assert "CANARY" not in browser.given[0]
    assert urlsplit(browser.given[0]).hostname == "127.0.0.1"


def test_another_path_gets_nothing_and_uses_nothing_up() -> None:
    browser = Browser("/", "/favicon.ico", f"/{'x' * 43}", None)
    redirect.hand_over(SECRET, browser, Cancel())
    browser.thread.join()
    assert [status for status, _ in browser.heard] == [404, 404, 404, 302]


def test_it_answers_once() -> None:
    server = redirect._Server(SECRET)
    with server:
        path = urlsplit(server.way).path
        assert server.take(path, ("127.0.0.1", 1)) == SECRET
        assert server.take(path, ("127.0.0.1", 1)) is None


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells whose a connection is")
@pytest.mark.parametrize(("uid", "is_foreign"), [(os.getuid(), False), (0, False), (os.getuid() + 1, True)])
def test_another_users_program_gets_nothing(
    uid: int, *, is_foreign: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "tcp"
    listed.write_text(f"head\n 0: 0100007F:1F90 0100007F:0050 01 0:0 0:0 0 {uid} 0 1\n")
    monkeypatch.setattr(redirect, "_CONNECTIONS", listed)
    assert redirect._is_foreign(("127.0.0.1", 0x1F90), 0x50) is is_foreign


def test_without_a_browser_it_says_so() -> None:
    with pytest.raises(ActionFailed) as raised:
        redirect.hand_over(SECRET, lambda _: False, Cancel())
    assert raised.value.kind == "NoBrowser"


def test_a_browser_that_does_not_come_is_waited_for_until_the_user_gives_up() -> None:
    cancel = Cancel()

    def never_comes(_: str) -> bool:
        cancel.set()
        return True

    with pytest.raises(Cancelled):
        redirect.hand_over(SECRET, never_comes, cancel)
