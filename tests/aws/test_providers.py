"""What a resolution is made of."""

import botocore.credentials
import botocore.session
import pytest

from rolecall.aws.providers import PredictedError, PredictedErrorRaised, Provider, Resolution, Tool


def test_providers_are_named_and_ordered_as_in_botocore(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(variable, "")  # nothing of the machine's
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_PROFILE", raising=False)
    resolver = botocore.credentials.create_credential_resolver(botocore.session.Session())
    assert [str(provider) for provider in Provider] == [each.METHOD for each in resolver.providers]


def test_tools_have_names_that_people_say() -> None:
    assert [tool.label for tool in Tool] == ["boto3", "AWS CLI v1", "AWS CLI v2"]


ON_USE = PredictedError("SSOTokenLoadError", "no token")


def test_the_error_of_the_resolution_comes_before_that_of_the_first_use() -> None:
    assert Resolution("sso").fault is None
    assert Resolution("sso", on_use=ON_USE).fault == ON_USE
    assert Resolution(None, "ProfileNotFound", "x").fault == PredictedError("ProfileNotFound", "x")
    assert Resolution(None, "ProfileNotFound", on_use=ON_USE).fault == PredictedError("ProfileNotFound", "")


def test_what_is_raised_carries_its_fault() -> None:
    raised = PredictedErrorRaised("ProfileNotFound", "x")
    assert (raised.fault, str(raised)) == (PredictedError("ProfileNotFound", "x"), "x")
