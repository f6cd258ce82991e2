"""The one table of settings has what botocore reads; completion, the form and the rules are made from it."""

import re
from pathlib import Path

from botocore import configprovider, credentials

from rolecall.aws.resolver import CREDENTIAL_SOURCES
from rolecall.aws.settings import SETTINGS, Type
from rolecall.doctor import sections

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


def test_the_rules_know_the_settings_that_are_offered_and_no_others() -> None:
    assert SETTINGS.keys() == sections.KEYS
    assert sections.CHOICES["output"] == SETTINGS["output"].words
