"""``rolecall env --json`` by the contract."""

from tests.cli.program import Program


def test_each_variable_has_a_name_a_value_a_verdict_and_an_effect(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_PROFILE": "base", "AWS_SESSION_TOKEN": "left-over"}
    assert rolecall("env", "--json").json["variables"] == [
        {
            "name": "AWS_PROFILE",
            "value": "base",
            "verdict": "used",
            "effect": "the profile for every command that names none",
        },
        {
            "name": "AWS_SESSION_TOKEN",
            "value": "••••",
            "verdict": "half a pair",
            "effect": "ignored: AWS_ACCESS_KEY_ID is not set",
        },
    ]


def test_the_tools_tell_what_a_command_without_a_profile_would_use(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_PROFILE": "base", "AWS_DEFAULT_PROFILE": "admin"}
    default_session = rolecall("env", "--json").json["ambient"]
    assert {
        name: (tool["profile"], tool["provider"], tool["region"]) for name, tool in default_session.items()
    } == {
        "boto3": ("admin", "assume-role", "eu-central-1"),
        "cli_v1": ("admin", "assume-role", "eu-central-1"),
        "cli_v2": ("base", "shared-credentials-file", "us-east-1"),
    }


def test_an_error_is_told_by_its_class_name(rolecall: Program) -> None:
    rolecall.environ["AWS_PROFILE"] = "nowhere"
    boto3 = rolecall("env", "--json").json["ambient"]["boto3"]
    assert (boto3["profile"], boto3["provider"], boto3["error"]) == ("nowhere", None, "ProfileNotFound")
    assert boto3["message"] == "The config profile (nowhere) could not be found"


def test_keys_that_are_past_are_a_provider_and_an_error_at_once(rolecall: Program) -> None:
    rolecall.environ |= {
        "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "not-shown",
        "AWS_SESSION_TOKEN": "not-shown",
        "AWS_CREDENTIAL_EXPIRATION": "2026-03-01T11:00:00Z",
    }
    boto3 = rolecall("env", "--json").json["ambient"]["boto3"]
    assert (boto3["provider"], boto3["error"]) == ("env", "RuntimeError")
    assert (boto3["expiry"]["state"], boto3["expiry"]["at"]) == ("expired", "2026-03-01T11:00:00Z")


def test_names_choose_the_variables(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_PROFILE": "base", "AWS_REGION": "eu-west-1"}
    found = rolecall("env", "AWS_REGION", "--json").json["variables"]
    assert [variable["name"] for variable in found] == ["AWS_REGION"]
