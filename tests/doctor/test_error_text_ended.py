"""Of several profiles that may have raised ExpiredToken, those whose credentials have ended come first."""

from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text.attribute import Match, match
from rolecall.doctor.error_text.parse import parse_error_text
from rolecall.doctor.registry import examine
from rolecall.doctor.sessions import LoginTopic
from tests.aws.cases import SESSION, SSO_ROLE, role
from tests.aws.entries import HOUR, sso_file, sso_token
from tests.homes import make_home

EXPIRED = (
    "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token "
    "included in the request is expired"
)
SSO = f"sso_session = corp\nregion = eu-west-1\n{SSO_ROLE}"


def temporary(name: str, end: str | None) -> str:
    """Return the section of keys that end (or of which nobody knows when)."""
    noted = f"x_security_token_expires = {end}\n" if end is not None else ""
    key = f"ASIA{name.upper():X<16}"
    return f"[{name}]\naws_access_key_id = {key}\naws_secret_access_key = s\naws_session_token = t\n{noted}"


def tied(home: Path, **parts: object) -> Match:
    snapshot = Snapshot.take(make_home(home, **parts))  # type: ignore[arg-type]  # as make_home has them
    pasted = parse_error_text(EXPIRED)
    assert pasted is not None
    return match(snapshot, examine(snapshot), pasted)


OLDER, OLD, LATER = "2029-12-30T00:00:00Z", "2030-01-01T11:00:00Z", "2030-01-01T18:00:00Z"
OVER = "".join(
    f"[profile {name}]\n{role(name, source)}"
    for name, source in (("hub", "tmp"), ("d1", "hub"), ("d2", "hub"))
)


def test_what_has_ended_comes_first_and_the_echoes_of_one_cause_are_one_line(tmp_path: Path) -> None:
    keys = (
        temporary("good", LATER) + temporary("saml", OLD) + temporary("tmp", OLDER) + temporary("odd", None)
    )
    found = tied(tmp_path, config=OVER, credentials=keys)
    assert (found.profile, found.is_certain) == (None, False)
    assert "2 sources of credentials have ended" in found.sentence
    assert found.candidates[0] == "saml"
    assert {*found.candidates[1:]} == {"tmp", "hub", "d1", "d2"}
    assert found.sources == ("saml: expired 1h ago", "tmp: expired 2d ago; hub, d1 and d2 use it")


@pytest.mark.parametrize("others", ["", temporary("good", LATER), temporary("odd", None)])
def test_the_only_one_that_has_ended_is_probably_meant(tmp_path: Path, others: str) -> None:
    found = tied(tmp_path, config=OVER, credentials=temporary("tmp", OLDER) + others)
    assert (found.profile, found.is_certain) == ("tmp", False)
    assert found.culprit is not None
    assert found.culprit.code == "expired-keys"
    assert found.sources == ("tmp: expired 2d ago; hub, d1 and d2 use it",)


def test_a_login_is_one_cause_however_many_use_it(tmp_path: Path) -> None:
    config = (
        SESSION
        + "".join(f"[profile p{number}]\n{SSO}" for number in range(30))
        + f"[profile x]\n{role(source='p0')}"
    )
    found = tied(tmp_path, config=config, caches={sso_file(): sso_token(-3 * HOUR)})
    assert (found.profile, found.login) == (None, LoginTopic("corp"))
    assert len(found.candidates) == 31
    assert found.sources == ("corp: expired 3h ago; p0, p1 and 29 more use it",)


def test_what_this_shell_uses_comes_before_the_others(tmp_path: Path) -> None:
    keys = temporary("saml", OLD) + temporary("tmp", OLDER)
    found = tied(tmp_path, config=OVER, credentials=keys, environ={"AWS_PROFILE": "d1"})
    assert found.profile == "d1"
    assert "this shell" in found.sentence


def test_where_nothing_is_known_to_have_ended_the_unknown_come_first(tmp_path: Path) -> None:
    keys = temporary("good", LATER) + temporary("odd", None)
    found = tied(tmp_path, config="", credentials=keys)
    assert found.profile == "odd" or found.candidates[:1] == ("odd",)
