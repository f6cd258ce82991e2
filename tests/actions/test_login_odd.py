"""A login at which something else than SSO answers: told in a sentence, nothing odd shown, nothing kept."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from botocore import awsrequest

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker import __main__ as worker
from rolecall.actions.worker import responses
from rolecall.actions.worker.responses import NOT_AWS
from tests.actions.evenings import Login, one_login
from tests.actions.login_home import login_home
from tests.actions.odd import Odd, http
from tests.interop.sso_stub import PENDING

Call = Callable[[Mapping[str, object]], str | Mapping[str, object]]
NAN, INF = float("nan"), float("inf")
HOSTILE = ("CAN\x1b[2JARY", "CAN\nARY", "CANARY\u202e")
NO_TEXTS: tuple[object, ...] = (None, ..., 5, NAN, True, [], {}, "", *HOSTILE)
NO_SPANS: tuple[object, ...] = (None, ..., NAN, INF, -INF, -1, "soon", [], {})
NO_ADDRESSES = (
    *(
        "javascript:CANARY",
        "file:///CANARY",
        "CANARY",
        "//CANARY/x",
        "http://",
        "https:CANARY",
        "http://[CANARY",
    ),
    *(
        "https://device.sso.amazonaws.com@CANARY/",
        "https://CANARY/a b",
        "https://CANARY/ü",
        "https://a:x/CANARY",
    ),
    f"https://CANARY/{'a' * 5000}",
)
STARTED: Mapping[str, Mapping[str, object]] = {
    **{
        f"{key} {value!r}": {key: value}
        for key in ("deviceCode", "userCode", "verificationUri")
        for value in NO_TEXTS
    },
    **{
        f"complete {value!r}": {"verificationUriComplete": value} for value in (5, ["CANARY"], {"a": 1}, True)
    },
    **{
        f"{key} {value}": {key: value}
        for key in ("verificationUri", "verificationUriComplete")
        for value in NO_ADDRESSES
    },
    **{f"code {value}": {"userCode": value} for value in ("CANARY" * 20, "CANÄRY")},
    **{f"lasts {value}": {"expiresIn": value} for value in NO_SPANS},
    **{f"interval {value}": {"interval": value} for value in NO_SPANS[2:]},
}


@pytest.fixture
def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Login]:
    monkeypatch.setattr(awsrequest, "AWSResponse", responses.BoundedResponse)
    monkeypatch.setattr(responses.LastAnswer, "words", None)
    with one_login(tmp_path, monkeypatch) as login:
        yield login


def changed(answer: object, changes: Mapping[str, object]) -> Mapping[str, object]:
    """Return an answer with other values, or (...) without some."""
    assert isinstance(answer, Mapping)
    return {key: value for key, value in {**answer, **changes}.items() if value is not ...}


def not_aws(login: Login) -> None:
    """See that a login fails, and that what the worker tells of it is a sentence that quotes nothing."""
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the worker takes them all
        login.go()
    told = worker._failure(raised.value)
    assert told["kind"] == NOT_AWS
    assert "CANARY" not in str(told["message"])


def refused(login: Login) -> None:
    """See that a login fails in a sentence that quotes nothing, shows nothing, and keeps nothing."""
    not_aws(login)
    assert login.evening.shown == []
    assert login.cache == {}


@pytest.mark.long
@pytest.mark.parametrize("name", STARTED)
def test_what_starts_the_login_is_odd(login: Login, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login.stub, "authorize", _changing(login.stub.authorize, STARTED[name]))
    refused(login)


REGISTERED: Mapping[str, Mapping[str, object]] = {
    **{f"{key} {value!r}": {key: value} for key in ("clientId", "clientSecret") for value in NO_TEXTS},
    **{f"ends {value}": {"clientSecretExpiresAt": value} for value in NO_SPANS},
}


@pytest.mark.long
@pytest.mark.parametrize("name", REGISTERED)
def test_what_registers_is_odd(login: Login, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login.stub, "register", _changing(login.stub.register, REGISTERED[name]))
    refused(login)


GIVEN: Mapping[str, Mapping[str, object]] = {
    **{f"token {value!r}": {"accessToken": value} for value in NO_TEXTS},
    **{f"refresh token {value!r}": {"refreshToken": value} for value in NO_TEXTS[2:]},
    **{f"ends {value}": {"expiresIn": value} for value in NO_SPANS},
}


@pytest.mark.long
@pytest.mark.parametrize("name", GIVEN)
def test_the_token_is_odd(login: Login, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login.stub, "token", _changing(login.stub.token, GIVEN[name]))
    not_aws(login)
    assert list(login.cache) == ["registration"]


def _changing(method: Call, changes: Mapping[str, object]) -> Call:
    """Return what a call answers, changed; its errors as they are."""

    def change(said: Mapping[str, object]) -> str | Mapping[str, object]:
        answer = method(said)
        return answer if isinstance(answer, str) else changed(answer, changes)

    return change


@pytest.mark.long
@pytest.mark.parametrize("lasts", [1e9, 1e300, 10**30, 10**400])
def test_times_beyond_all_measure_are_cut(
    login: Login, lasts: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a service whose numbers are far too large
    login.stub.answers.before_token = [PENDING]
    for name, changes in (
        ("register", {"clientSecretExpiresAt": lasts}),
        ("authorize", {"expiresIn": lasts, "interval": lasts}),
        ("token", {"expiresIn": lasts}),
    ):
        monkeypatch.setattr(login.stub, name, _changing(getattr(login.stub, name), changes))
    began = login.evening.now
    # WHEN somebody logs in
    token = login.go()
    # THEN a day is the longest for a code, a minute between two questions, ten years for what is kept
    assert login.evening.shown[0].ends == began + timedelta(days=1)
    assert login.evening.slept == [60]
    assert token["expiresAt"].startswith("2040-01-01")
    assert token["registrationExpiresAt"][:4] in ("2001", "2040")


@pytest.mark.long
@pytest.mark.parametrize("path", ["/client/register", "/device_authorization"])
def test_a_page_is_told_with_what_to_do_and_leaves_nothing(tmp_path: Path, path: str) -> None:
    # GIVEN a network that answers with its own page
    page = http("<html><title>Welcome</title>CANARY</html>", "text/html")
    registered = http(
        b'{"clientId": "c", "clientSecret": "CANARY", "clientSecretExpiresAt": 4000000000}',
        "application/json",
    )
    with Odd({"/client/register": registered} | {path: page}) as odd, login_home(tmp_path) as world:
        world.stub = odd  # type: ignore[assignment]  # as much of it as is asked
        # WHEN somebody logs in, through the child
        with pytest.raises(ActionFailed) as failed:
            world.log_in()
        assert failed.value.kind == NOT_AWS
        assert failed.value.message.startswith("what answers does not seem to be AWS (a web page")
        assert "login of its own" in (failed.value.cure or "")
        assert world.files() == {}
        assert "CANARY" not in str(vars(failed.value))
