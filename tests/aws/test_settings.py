"""The one table of settings has what botocore reads; completion, the form and the rules are made from it."""

import re
from pathlib import Path

import pytest
from botocore import configprovider, credentials
from click import Context

from rolecall.aws.resolver import CREDENTIAL_SOURCES
from rolecall.aws.settings import SESSION_SETTINGS, SETTINGS, Kind, Type, fields_of
from rolecall.aws.snapshot import Snapshot
from rolecall.cli.edit import _complete_key, set_key
from rolecall.doctor.registry import examine
from rolecall.doctor.sections import meant_setting
from rolecall.masking import Show
from rolecall.masking.names import how
from rolecall.tui.form.completions import completions, settings_to_add
from tests.homes import make_home

_IN_CREDENTIALS = re.compile(r"""(?:\.get\(|\[|in )\s*['"]([a-z0-9_]+)['"]""")
_OF_CREDENTIALS = (
    "aws_",
    "role_",
    "sso_",
    "mfa_",
    "source_profile",
    "web_identity",
    "credential_",
    "login_session",
)


def test_every_setting_of_a_botocore_session_is_offered() -> None:
    names = {names[0] for names in configprovider.BOTOCORE_DEFAUT_SESSION_VARIABLES.values() if names[0]}
    assert len(names) > 30
    assert {name for name in names if isinstance(name, str)} <= set(SETTINGS)


def test_what_the_providers_of_credentials_read_is_offered() -> None:
    # GIVEN the keys that stand in the providers' source
    source = Path(credentials.__file__).read_text()
    found = {key for key in _IN_CREDENTIALS.findall(source) if key.startswith(_OF_CREDENTIALS)}
    assert {"role_arn", "mfa_serial", "sso_account_id", "credential_process"} <= found
    # THEN each is offered, but for names that are no keys of a profile, and the old name of the session token
    no_keys = {"sso_token", "role_name", "sso_sessions", "sso_session_name"}
    assert found - set(SETTINGS) <= no_keys


def test_each_stands_as_it_is_written() -> None:
    assert all(re.fullmatch(r"[a-z0-9_]+", key) for key in SETTINGS)


def test_each_says_what_it_is_for_in_words_of_its_own() -> None:
    helps = [about.help for about in SETTINGS.values()]
    assert all(re.fullmatch(r"[A-Z].{5,}[^.]", text) for text in helps)
    shared = {text for text in helps if helps.count(text) > 1}
    assert shared <= {SETTINGS["sso_account_id"].help}


def test_what_must_be_one_of_some_words_has_them() -> None:
    choices = (Type.WORD, Type.WORD_IN_ANY_CASE, Type.BOOLEAN)
    assert all(len(about.words) > 1 for about in SETTINGS.values() if about.type in choices)
    assert set(SETTINGS["credential_source"].words) == CREDENTIAL_SOURCES.keys()


# One row of the table is all that a setting needs.


@pytest.mark.parametrize("key", SETTINGS)
def test_of_every_setting_it_is_known_what_may_be_shown(key: str) -> None:
    assert how(key) is SETTINGS[key].show
    assert how(key.upper()) is SETTINGS[key].show


def test_no_setting_that_is_called_a_secret_may_be_shown_whole() -> None:
    called = {key for key in SETTINGS if re.search("secret|token|passw", key)}
    plain = {key for key in called if SETTINGS[key].show is Show.PLAIN}
    assert plain == {"web_identity_token_file"}  # a path


@pytest.mark.parametrize("key", [key for key in SETTINGS if "_" in key])
def test_every_setting_is_what_is_meant_by_a_slip_of_it(key: str) -> None:
    assert meant_setting(key.replace("_", "-")) == key
    assert all(meant_setting(other) == key for other in SETTINGS[key].also)


def test_every_setting_is_completed_on_the_command_line_and_offered_by_a_form() -> None:
    completed = [item.value for item in _complete_key(Context(set_key), set_key.params[1], "")]
    assert completed == list(SETTINGS)
    assert [each.text for each in settings_to_add(())] == list(SETTINGS)
    assert all(each.meaning for each in settings_to_add(()))


REFUSED_BY_V2 = (("retry_mode", "legacy"), ("cli_timestamp_format", "none"))


@pytest.mark.parametrize("key", [key for key, about in SETTINGS.items() if about.words])
def test_the_words_of_every_setting_are_completed_and_the_rules_take_them(tmp_path: Path, key: str) -> None:
    words = SETTINGS[key].words
    for word in words:
        host = make_home(tmp_path, config=f"[profile p]\n{key} = {word}\n")
        snapshot = Snapshot.take(host)
        assert [each.text for each in completions(snapshot, key, None)] == list(words)
        codes = {finding.code for finding in examine(snapshot).by_profile["p"]}
        assert codes.isdisjoint({"not-true", "misspelt-key", "bad-number"})
        # CLI v2 refuses two words that the others accept
        assert ("bad-value" in codes) is ((key, word) in REFUSED_BY_V2)


def test_every_kind_of_profile_has_fields() -> None:
    assert all({"region", "output"} < {"", *fields_of(kind)} for kind in Kind)
    assert fields_of(Kind.SSO) == ("sso_session", "sso_account_id", "sso_role_name", "region", "output")
    assert fields_of(None) == tuple(SESSION_SETTINGS)
