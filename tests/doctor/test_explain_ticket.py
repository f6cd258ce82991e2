"""The report is fit for a ticket: whole, nothing secret, and nothing in it becomes markup."""

from pathlib import Path

import pytest

import rolecall
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text import parse
from rolecall.doctor.explain import markdown, why
from rolecall.doctor.registry import examine
from rolecall.host import Host
from tests.homes import make_home

SECRETS = (
    "CANARYsecret",
    "CANARYtoken",
    "CANARYprocess",
    "CANARYhere",
    "AKIAIOSFODNN7OTHER01",
    "ASIAIOSFODNN7HERE002",
)


def written(host: Host, profile: str | None, error: str | None = None) -> str:
    snapshot = Snapshot.take(host)
    findings = examine(snapshot)
    message = parse.parse_error_text(error) if error is not None else None
    return markdown(snapshot, why(snapshot, findings, profile, pasted=message), findings)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return make_home(
        tmp_path,
        config=(
            "[profile base]\naws_access_key_id = AKIAIOSFODNN7OTHER01\naws_secret_access_key = CANARYsecret\n"
            "aws_session_token = CANARYtoken\n"
            "[profile x]\nrole_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = bse\n"
            "[profile p]\ncredential_process = get --password CANARYprocess\n"
        ),
        environ={
            "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7HERE002",
            "AWS_SECRET_ACCESS_KEY": "CANARYhere",
            "AWS_SESSION_TOKEN": "CANARYhere",
        },
    )


def test_it_has_the_answer_the_cure_the_steps_and_the_versions(host: Host) -> None:
    report = written(host, "x")
    assert report.startswith("# Why: x\n\nx names source_profile 'bse', but there is no such profile.\n")
    assert "Cure: Write base" in report
    assert f"rolecall --home {host.home} set x source_profile base" in report
    assert "✗ **Hop 1** (culprit)" in report
    assert "arn:aws:iam::111122223333:role/deploy" in report
    assert f"rolecall {rolecall.__version__}, botocore " in report
    assert report.endswith("\n")


@pytest.mark.parametrize("profile", ["base", "x", "p", None])
def test_nothing_secret_is_in_it(host: Host, profile: str | None) -> None:
    error = (
        "An error occurred (ExpiredToken) when calling the X operation: "
        "aws_secret_access_key = CANARYsecret AKIAIOSFODNN7OTHER01"
    )
    report = written(host, profile, error)
    assert "ExpiredToken" in report
    assert [secret for secret in SECRETS if secret in report] == []


def test_what_others_wrote_is_no_markup(tmp_path: Path) -> None:
    # GIVEN
    name = "*a* [b](http://c) <i> ```"
    host = make_home(tmp_path, config=f'[profile "{name}"]\nregion = eu-west-1 ````` \x1b[31m\n')
    # WHEN
    report = written(host, name)
    # THEN
    heading = report.partition("\n")[0]
    assert heading == r"# Why: \*a\* \[b\](http://c) \<i\> \`\`\`"
    assert "\x1b" not in report
    fences = [line.strip() for line in report.split("\n") if set(line.strip()) == {"`"}]
    assert len(fences) % 2 == 0


def test_a_fence_is_longer_than_any_in_it(tmp_path: Path) -> None:
    config = '[profile "````"]\nrole_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = ``````\n'
    report = written(make_home(tmp_path, config=config), "````")
    assert "\n   ```````\n" in report
