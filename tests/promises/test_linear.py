"""Whatever stands in a text, a file or a variable: four times as much takes about four times as long."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from rolecall.actions.editing import edits
from rolecall.actions.editing.diff import diff
from rolecall.actions.errors import ActionFailed
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import explain
from rolecall.doctor.error_text import parse
from rolecall.doctor.error_text.parse import HEAD, TAIL
from rolecall.doctor.explain import why
from rolecall.doctor.registry import examine
from rolecall.host import Host
from rolecall.shells import set_line
from rolecall.text import inert, mask, mask_name, shown_value
from tests.homes import make_home

SIZE = 10_000
"""Characters of the smaller one."""
A_VALUE = 6_000
"""The same, where many things are done with it."""
LONGEST = 20
"""Seconds after which something goes on for ever."""
UNNOTICED = 0.05
"""Seconds that may be anything: the clock is no finer."""
STEEPEST = 8
"""How much longer four times as much may take; what takes the square takes sixteen times as long."""
BLANKS = (" ", "\t", "\n", "\r\n", " \n", "\u00a0", "\u2003", "\x0b")
SIGNS = (
    *(
        "${",
        "%(",
        "{{",
        "$(",
        '"',
        "'",
        "\\",
        "`",
        "a=",
        "a = ",
        "a: ",
        "://",
        "://a:",
        "@",
        "a",
        "aA0/",
        "0",
    ),
    *("[", "]", "(", "<", "{", " # ", "x #", "-a ", "--token ", "secret", "token=", "arn:aws:", "AKIA"),
    *("-----BEGIN ", "e\u0301", "\x1b[", "|", "~/", "a  ", "bearer ", "authorization: "),
)
MESSAGES = (
    *("An error occurred (", "operation error S3: ", "api error A", "Code: A\n", "User: arn:aws", "\x1b]"),
    *(
        "The config profile (",
        "Error loading SSO Token: Token for ",
        "AWS_PROFILE=",
        "--profile ",
        "A.",
        "x" * 200,
    ),
    *(
        "Infinite loop in credential configuration detected. ",
        "int() argument must be a string",
        "'f",
        "year ",
    ),
    "Error when retrieving token from ",
)


@contextmanager
def limited() -> Iterator[None]:
    """Have what goes on for ever fail instead."""

    def stop(*_: object) -> None:
        raise AssertionError(f"it goes on for more than {LONGEST} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def taken(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def is_linear(work: Callable[[int], Callable[[], object]], size: int = SIZE) -> bool:
    """Whether work on four times as much takes about four times as long; at the third look, if need be."""
    with limited():
        for _ in range(3):
            less, more = taken(work(size)), taken(work(4 * size))
            if more < max(STEEPEST * less, UNNOTICED):
                return True
    return False


def much(sign: str, size: int) -> str:
    return f"a{sign * (size // len(sign))}b"


FEW = (
    " ",
    "\u2003",
    "${",
    "%(",
    '"',
    "\\",
    "a=",
    "://a:",
    "@",
    "a",
    "[",
    " # ",
    "-a ",
    "token=",
    "-----BEGIN ",
)
each_sign = pytest.mark.parametrize("sign", [*BLANKS, *SIGNS], ids=repr)
each_of_few = pytest.mark.parametrize("sign", FEW, ids=repr)
pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="there is no alarm")


@pytest.mark.long
@pytest.mark.parametrize("sign", [*BLANKS, *SIGNS, *MESSAGES], ids=lambda sign: repr(sign[:20]))
def test_an_error_message(sign: str) -> None:
    assert is_linear(lambda size: lambda: parse.parse_error_text(much(sign, size)), (HEAD + TAIL) // 5)


@each_sign
def test_what_is_shown(sign: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = much(sign, size)
        return lambda: (
            *(show(text) for show in (mask, mask_name, inert)),
            *(shown_value(name, text) for name in ("region", "https_proxy", "aws_session_token")),
            set_line("A", text, "bash"),
        )

    assert is_linear(work)


def home_with(place: Path, text: str) -> Host:
    line = " ".join(text.splitlines())
    plain = line.replace("[", "").replace("]", "")
    config = (
        f"# {line}\n[profile x]\ncredential_process = {line}\nregion = {line}\nrole_arn = {line}\n"
        f"{plain.replace('=', '').replace(':', '')} = 1\ns3 =\n  {line} = 1\n"
        f"[profile y]\nsource_profile = x\nrole_arn = arn:aws:iam::111122223333:role/r\n[{plain}]\n"
    )
    credentials = f"[x]\naws_access_key_id = {line}\naws_secret_access_key = {line}\n"
    variables = ("AWS_CA_BUNDLE", "AWS_ENDPOINT_URL", "HTTPS_PROXY", "AWS_MYSTERY", "AWS_SESSION_TOKEN")
    environ = {name: text for name in variables if "\0" not in text}
    return make_home(place, config=config, credentials=credentials, environ=environ)


@pytest.mark.long
@each_of_few
def test_looking_and_saying_why(tmp_path: Path, sign: str) -> None:
    places = count()

    def work(size: int) -> Callable[[], object]:
        host = home_with(tmp_path / str(next(places)), much(sign, size))
        return lambda: look(host)

    assert is_linear(work, A_VALUE)


def look(host: Host) -> None:
    snapshot = Snapshot.take(host)
    findings = examine(snapshot)
    for name in ("x", None):
        explain.markdown(snapshot, why(snapshot, findings, name), findings)


@pytest.mark.long
@each_of_few
def test_editing(tmp_path: Path, sign: str) -> None:
    places = count()

    def work(size: int) -> Callable[[], object]:
        snapshot = Snapshot.take(home_with(tmp_path / str(next(places)), much(sign, size)))
        return lambda: edit(snapshot)

    assert is_linear(work, A_VALUE)


def edit(snapshot: Snapshot) -> None:
    for act in (
        lambda: edits.set_setting(snapshot, "x", "output", "json"),
        lambda: edits.unset_setting(snapshot, "x", "region"),
        lambda: edits.rename_profile(snapshot, "x", "z"),
    ):
        try:
            act()
        except ActionFailed:
            continue  # the file is one that AWS tools refuse, or holds what no line can
    data = Path(str(snapshot.merged.config.path)).read_bytes()
    diff(data, data.replace(b"region", b"output"))


def test_one_line_of_blanks_that_is_no_setting(tmp_path: Path) -> None:
    # configparser's own pattern takes the square of them
    places = count()

    def work(size: int) -> Callable[[], object]:
        host = make_home(tmp_path / str(next(places)), config=f"[profile x]\na{' ' * size}b\n")
        return lambda: Snapshot.take(host)

    assert is_linear(work)
