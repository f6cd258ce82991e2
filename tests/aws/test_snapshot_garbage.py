"""Whatever stands in the files and variables, taking a Snapshot raises nothing."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rolecall.aws.snapshot import Snapshot
from tests.aws.whole import CACHES
from tests.conftest import Taker
from tests.garbage import CONTENTS, ENVIRON, FILES, SECTIONS, text_of
from tests.homes import make_home, soon


def look_at_all(snapshot: Snapshot) -> None:
    """Ask for everything that is worked out only when it is asked for."""
    for report in snapshot.profiles.values():
        repr((report.settings, report.lost, report.source, report.maximum_duration, report.asks_mfa))
        [setting.shown for setting in report.settings.values()]
        report.expiry.as_of(snapshot.taken_at + timedelta(hours=1)).left(snapshot.taken_at)
    for variable in snapshot.variables:
        repr(variable.shown)
    for file in snapshot.files:
        repr(file.located)
    assert "CANARY" not in repr([entry.expiry for entry in snapshot.entries])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=CONTENTS)
def test_no_bytes_in_any_file_make_it_raise(tmp_path: Path, contents: list[bytes]) -> None:
    shutil.rmtree(tmp_path)
    host = make_home(tmp_path, files=dict(zip(FILES, contents, strict=True)), environ=ENVIRON, has_crt=True)
    with soon(60):
        look_at_all(Snapshot.take(host))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sections=st.lists(SECTIONS, max_size=5, unique_by=lambda section: section[0]))
@pytest.mark.long
def test_no_settings_make_it_raise(tmp_path: Path, sections: list[tuple[str, dict[str, str]]]) -> None:
    shutil.rmtree(tmp_path)
    look_at_all(Snapshot.take(make_home(tmp_path, config=text_of(sections), caches=CACHES, has_crt=True)))


@pytest.mark.parametrize(
    "value", ["a\0b", "x" * 5000, "/dev/null", "~nobody-here/x", "${", "\udcff", " ", "/", "."]
)
@pytest.mark.parametrize(
    "name",
    [
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_LOGIN_CACHE_DIRECTORY",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CREDENTIAL_FILE",
        "BOTO_CONFIG",
        "AWS_PROFILE",
        "AWS_CREDENTIAL_EXPIRATION",
    ],
)
def test_no_variable_makes_it_raise(
    take: Taker, name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {name: value, "AWS_ROLE_ARN": "arn"}
    with soon():
        look_at_all(take(config="[profile x]\n", environ=environ))
        look_at_all(
            take(
                config="[profile x]\n",
                environ=environ | {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "C"},
            )
        )
