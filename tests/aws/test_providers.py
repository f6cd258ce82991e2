"""What a resolution is made of."""

import botocore.credentials
import botocore.session
import pytest

from rolecall.aws.providers import Cause, PredictedError, PredictedErrorRaised, Provider, Resolution, Tool


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


MISSING = PredictedError("ProfileNotFound", "x", Cause.PROFILE_MISSING, ("x",))
ON_USE = PredictedError("SSOTokenLoadError", "no token")


def test_the_first_use_ends_in_its_own_error_or_in_that_of_the_resolution() -> None:
    assert Resolution("sso").fault is None
    assert Resolution("sso", on_use=ON_USE).fault == ON_USE
    assert Resolution(None, MISSING).fault == MISSING
    assert Resolution(None, MISSING, on_use=ON_USE).fault == ON_USE


def test_a_resolution_that_raises_nothing_has_no_error() -> None:
    found = Resolution("sso", on_use=ON_USE)
    assert (found.error, found.message, found.cause) == (None, None, None)
    found = Resolution(None, MISSING)
    assert (found.error, found.message, found.cause) == ("ProfileNotFound", "x", Cause.PROFILE_MISSING)


def test_what_is_raised_carries_its_fault() -> None:
    raised = PredictedErrorRaised("ProfileNotFound", "x", Cause.PROFILE_MISSING, "x")
    assert (raised.fault, str(raised)) == (MISSING, "x")
    assert (raised.fault.cause, raised.fault.subject) == (Cause.PROFILE_MISSING, "x")
    assert PredictedErrorRaised.of(MISSING).fault.subjects == ("x",)


def test_errors_that_read_the_same_are_equal_whatever_brought_them() -> None:
    assert PredictedError("KeyError", "x").because(Cause.CACHE_DAMAGED, "x") == PredictedError(
        "KeyError", "x"
    )
