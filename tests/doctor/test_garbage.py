"""Whatever stands in the files, looking for what is wrong raises nothing, and everybody gets an answer."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import explain
from rolecall.doctor.explain import why
from rolecall.doctor.registry import examine
from rolecall.host import Host
from tests.aws.whole import CACHES, CONFIG, CREDENTIALS
from tests.garbage import CONTENTS, ENVIRON, FILES, SECTIONS, text_of
from tests.homes import make_home

SEVERAL = st.lists(SECTIONS, max_size=5, unique_by=lambda section: section[0])


def ask_everything(host: Host) -> None:
    snapshot = Snapshot.take(host)
    findings = examine(snapshot)
    for name in (*snapshot.profiles, "nobody", None):
        answer = why(snapshot, findings, name)
        assert answer.sentence
        assert "CANARY" not in explain.markdown(snapshot, answer, findings)


@pytest.mark.long
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=CONTENTS, only_caches=st.booleans())
def test_no_bytes_in_any_file_make_it_raise(
    tmp_path: Path, contents: list[bytes], *, only_caches: bool
) -> None:
    shutil.rmtree(tmp_path)
    files = dict(zip(FILES, contents, strict=True))
    if only_caches:
        files |= {".aws/config": CONFIG.encode(), ".aws/credentials": CREDENTIALS.encode()}
    ask_everything(make_home(tmp_path, files=files, environ={} if only_caches else ENVIRON, has_crt=True))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(config=SEVERAL, credentials=SEVERAL, has_crt=st.booleans())
@pytest.mark.long
def test_no_settings_make_it_raise(
    tmp_path: Path,
    config: list[tuple[str, dict[str, str]]],
    credentials: list[tuple[str, dict[str, str]]],
    *,
    has_crt: bool,
) -> None:
    shutil.rmtree(tmp_path)
    ask_everything(
        make_home(
            tmp_path,
            config=text_of(config),
            credentials=text_of(credentials).replace("[profile ", "["),
            caches=CACHES,
            has_crt=has_crt,
        )
    )
