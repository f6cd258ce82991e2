"""Credentials written into a profile: the whole set, and nothing of the one before."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from rolecall.actions.credentials import Credentials
from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import FileKind
from rolecall.aws.expiry import State
from rolecall.aws.snapshot import Snapshot
from tests.actions.editing.edits_here import after, home
from tests.homes import NOW, make_home

END = datetime(2030, 1, 1, 14, 0, tzinfo=timezone(timedelta(hours=1)))
NEW = Credentials("ASIANEWEXAMPLE00", "CANARY-new", "CANARY-token", END, "123456789012")
WRITTEN = (
    "aws_access_key_id = ASIANEWEXAMPLE00\naws_secret_access_key = CANARY-new\n"
    "aws_session_token = CANARY-token\nx_security_token_expires = 2030-01-01T13:00:00Z\n"
)


def test_a_section_is_made(tmp_path: Path) -> None:
    plan = edits.put_credentials(home(tmp_path), "temp", NEW)
    assert after(plan, FileKind.CREDENTIALS) == f"[temp]\n{WRITTEN}"


def test_what_an_older_set_left_is_replaced_or_goes(tmp_path: Path) -> None:
    # GIVEN keys with either spelling of a token, notes of their end, and an account
    before = (
        "# temporary\n[temp]\n# by saml\naws_access_key_id=OLD\naws_secret_access_key=OLD\nregion=r\n"
        "aws_session_token=OLD\naws_security_token=OLD\nx_security_token_expires=OLD\nexpiration=OLD\n"
        "aws_account_id=OLD\n\n[other]\naws_session_token=KEPT\n"
    )
    # WHEN others are put in their place
    found = after(edits.put_credentials(home(tmp_path, None, before), "temp", NEW), FileKind.CREDENTIALS)
    # THEN nothing of the old set is left, and everything else stands as it stood
    assert found == (
        "# temporary\n[temp]\n# by saml\naws_access_key_id=ASIANEWEXAMPLE00\n"
        "aws_secret_access_key=CANARY-new\nregion=r\naws_session_token=CANARY-token\nx_security_token_expires=2030-01-01T13:00:00Z\n"
        "aws_account_id=123456789012\n\n[other]\naws_session_token=KEPT\n"
    )


def test_lasting_keys_take_tokens_and_ends_away(tmp_path: Path) -> None:
    before = f"[temp]\n{WRITTEN}aws_security_token = OLD\naws_account_id = 1\n"
    keys = Credentials("AKIANEWEXAMPLE00", "CANARY-2", None, None, None)
    found = after(edits.put_credentials(home(tmp_path, None, before), "temp", keys), FileKind.CREDENTIALS)
    assert found == "[temp]\naws_access_key_id = AKIANEWEXAMPLE00\naws_secret_access_key = CANARY-2\n"


def test_rolecall_reads_the_end_that_it_wrote(tmp_path: Path) -> None:
    plan = edits.put_credentials(home(tmp_path), "temp", NEW)
    written = Snapshot.take(make_home(tmp_path, credentials=after(plan, FileKind.CREDENTIALS)))
    expiry = written.profiles["temp"].expiry
    assert (expiry.state, expiry.at) == (State.VALID, NOW + timedelta(hours=1))
    assert expiry.at is not None
    assert expiry.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (
            "role_arn = r\nsource_profile = y",
            "temp has role_arn, which AWS tools use rather than these keys.",
        ),
        ("sso_role_name = r", "temp has sso_role_name, which AWS tools use rather than these keys."),
        (
            "aws_access_key_id = A",
            "The config file has keys for temp too; those in the credentials file win.",
        ),
        ("credential_process = c", "temp has credential_process, which the keys now replace."),
    ],
)
def test_what_else_decides_over_the_profile_is_told(tmp_path: Path, config: str, said: str) -> None:
    plan = edits.put_credentials(home(tmp_path, f"[profile temp]\n{config}\n"), "temp", NEW)
    assert plan.remarks == (said,)


def test_a_token_that_default_leaks_is_told(tmp_path: Path) -> None:
    before = "[DEFAULT]\naws_security_token = OLD\n[temp]\n"
    plan = edits.put_credentials(home(tmp_path, None, before), "temp", NEW)
    assert plan.remarks == (
        "[temp] still gets a value for aws_security_token from [DEFAULT] in the credentials file.",
    )


def test_no_secret_is_in_the_plan_s_words(tmp_path: Path) -> None:
    plan = edits.put_credentials(home(tmp_path, None, f"[temp]\n{WRITTEN}"), "temp", NEW)
    words = " ".join((repr(plan), *(line.text for change in plan.changes for line in change.diff)))
    assert "CANARY" not in words
    assert "NEWEXAMPLE" not in words


def test_a_value_that_no_line_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ActionFailed) as refused:
        edits.put_credentials(home(tmp_path), "temp", Credentials("A", "CANARY\n", None, None, None))
    assert "CANARY" not in str(refused.value)
