"""Whatever stands in the files and variables, taking a Snapshot raises nothing."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rolecall.aws.snapshot import Snapshot
from tests.aws.entries import login_file, role_file, sso_file, sso_role_file
from tests.aws.whole import CACHES, CONFIG, CREDENTIALS
from tests.conftest import Taker
from tests.homes import make_home, soon

FILES = (
    ".aws/config",
    ".aws/credentials",
    f".aws/cli/cache/{role_file().removeprefix('cli/')}",
    f".aws/cli/cache/{sso_role_file(sessionName='corp').removeprefix('cli/')}",
    f".aws/sso/cache/{sso_file().removeprefix('sso/')}",
    ".aws/sso/cache/botocore-client-id-eu-west-1.json",
    f".aws/login/cache/{login_file().removeprefix('login/')}",
    ".aws/boto/cache/x.json",
    "token",
    "ec2",
    ".boto",
)
ENVIRON = {"AWS_CREDENTIAL_FILE": "~/ec2", "AWS_CREDENTIAL_EXPIRATION": "soon"}
GOOD = [CONFIG.encode(), CREDENTIALS.encode(), *(json.dumps(content).encode() for content in CACHES.values())]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw a good file with a piece of it overwritten, cut out or said twice."""
    content = draw(st.sampled_from(GOOD))
    start = draw(st.integers(0, len(content)))
    end = draw(st.integers(start, min(start + 40, len(content))))
    return (
        content[:start]
        + draw(st.one_of(st.binary(max_size=8), st.just(content[start:end] * 2)))
        + content[end:]
    )


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["Credentials", "Expiration", "accessToken", "expiresAt", "startUrl", "clientId", "exp"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
).map(lambda content: json.dumps(content).encode())


def look_at_all(snapshot: Snapshot) -> None:
    """Ask for everything that is worked out only when it is asked for."""
    for report in snapshot.profiles.values():
        repr((report.settings, report.lost, report.source, report.maximum_duration, report.asks_mfa))
        [setting.shown for setting in report.settings.values()]
        report.expiry.as_of(snapshot.taken_at + timedelta(hours=1)).share_left(snapshot.taken_at)
    for variable in snapshot.variables:
        repr(variable.shown)
    for file in snapshot.files:
        repr(file.located)
    assert "CANARY" not in repr([entry.expiry for entry in snapshot.entries])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contents=st.lists(
        st.one_of(st.binary(max_size=60), damaged(), JSON), min_size=len(FILES), max_size=len(FILES)
    )
)
def test_no_bytes_in_any_file_make_it_raise(tmp_path: Path, contents: list[bytes]) -> None:
    shutil.rmtree(tmp_path)
    host = make_home(tmp_path, files=dict(zip(FILES, contents, strict=True)), environ=ENVIRON, has_crt=True)
    with soon(60):
        look_at_all(Snapshot.take(host))


HEADERS = ("profile x", "profile base", "default", "DEFAULT", "sso-session corp", "services s")
KEYS = """
role_arn source_profile credential_source web_identity_token_file sso_session sso_role_name sso_account_id
sso_start_url sso_region login_session credential_process mfa_serial region duration_seconds role_session_name
external_id aws_access_key_id aws_secret_access_key aws_session_token expiration metadata_service_timeout
"""
VALUES = ("x", "base", "corp", "", "0", "\n  a = 1", "\n  a = 1\n  b", "2030-01-01", "\x1b")
SECTIONS = st.tuples(
    st.sampled_from(HEADERS),
    st.dictionaries(st.sampled_from(KEYS.split()), st.sampled_from(VALUES), max_size=8),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sections=st.lists(SECTIONS, max_size=5, unique_by=lambda section: section[0]))
def test_no_settings_make_it_raise(tmp_path: Path, sections: list[tuple[str, dict[str, str]]]) -> None:
    shutil.rmtree(tmp_path)
    config = "".join(
        f"[{header}]\n" + "".join(f"{key} ={value}\n" for key, value in values.items())
        for header, values in sections
    )
    look_at_all(Snapshot.take(make_home(tmp_path, config=config, caches=CACHES, has_crt=True)))


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
