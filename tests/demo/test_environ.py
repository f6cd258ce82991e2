"""What the demo's variables do: everything lives, and nothing is quite what it seems."""

from datetime import datetime

import pytest

from rolecall.demo import callers
from rolecall.demo.home import DemoHome
from tests.demo.oracle import Oracles


@pytest.fixture
def in_that_shell(demo: DemoHome, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in demo.environ.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("in_that_shell")
def test_boto3_is_in_prod_although_aws_profile_says_dev(demo: DemoHome, oracle: Oracles) -> None:
    default_session = oracle()
    assert default_session.session.profile == demo.environ["AWS_DEFAULT_PROFILE"] == "prod-deploy"
    assert default_session.credentials().method == "assume-role"
    assert default_session.access_key() == callers.access_key("DEP")


@pytest.mark.usefixtures("in_that_shell")
def test_cli_v2_is_in_dev(demo: DemoHome, oracle: Oracles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_PROFILE")  # which CLI v2 asks second
    default_session = oracle()
    assert default_session.session.profile == demo.environ["AWS_PROFILE"] == "dev"
    assert default_session.access_key() == callers.access_key("DEV")


@pytest.mark.usefixtures("in_that_shell")
def test_boto3_passes_over_aws_region(demo: DemoHome, oracle: Oracles) -> None:
    region = oracle().session.get_config_variable("region")
    assert region == demo.environ["AWS_DEFAULT_REGION"] != demo.environ["AWS_REGION"]


def test_the_token_left_over_has_no_keys_and_is_past(demo: DemoHome, now: datetime) -> None:
    assert demo.environ["AWS_SESSION_TOKEN"] == callers.SESSION_TOKEN
    assert not {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} & set(demo.environ)
    assert datetime.fromisoformat(demo.environ["AWS_CREDENTIAL_EXPIRATION"]) < now


def test_a_variable_set_to_nothing_is_there(demo: DemoHome) -> None:
    assert "" in demo.environ.values()


def test_the_home_is_the_demos_own(demo: DemoHome) -> None:
    assert demo.environ["HOME"] == str(demo.home)
