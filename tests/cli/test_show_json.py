"""``rolecall show NAME --json`` by the contract."""

from tests.cli.program import Program


def _setting(rolecall: Program, profile: str, name: str) -> dict[str, object]:
    settings = rolecall("show", profile, "--json").json["settings"]
    return next(setting for setting in settings if setting["name"] == name)


def test_it_is_the_profile_of_the_list_with_its_settings(rolecall: Program) -> None:
    listed = next(
        profile for profile in rolecall("list", "--json").json["profiles"] if profile["name"] == "admin"
    )
    shown = rolecall("show", "admin", "--json").json
    assert {key: shown[key] for key in listed} == listed
    assert set(shown) - set(listed) == {"schema", "settings", "lost"}


def test_a_setting_comes_from_a_line_and_shadows_the_other_file(rolecall: Program) -> None:
    assert _setting(rolecall, "base", "region") == {
        "name": "region",
        "value": "us-east-1",
        "origin": {
            "kind": "credentials",
            "path": str(rolecall.aws / "credentials"),
            "section": "base",
            "line": 4,
        },
        "shadowed": [
            {
                "name": "region",
                "value": "eu-west-1",
                "origin": {
                    "kind": "config",
                    "path": str(rolecall.aws / "config"),
                    "section": "profile base",
                    "line": 5,
                },
            }
        ],
    }


def test_a_nested_block_is_shown_as_pairs(rolecall: Program) -> None:
    assert _setting(rolecall, "helper", "s3")["value"] == "addressing_style=path"


def test_secrets_are_masked_and_key_ids_show_their_last_four(rolecall: Program) -> None:
    assert _setting(rolecall, "base", "aws_secret_access_key")["value"] == "••••"
    assert _setting(rolecall, "base", "aws_access_key_id")["value"] == "…MPLE"


def test_what_a_later_section_of_the_same_profile_threw_away_is_told(bare: Program) -> None:
    bare.config("[profile default]\noutput = table\n[default]\nregion = eu-west-1\n")
    shown = bare("show", "default", "--json").json
    assert [setting["name"] for setting in shown["settings"]] == ["region"]
    assert [(setting["name"], setting["origin"]["line"]) for setting in shown["lost"]] == [("output", 2)]


def test_the_three_tools_stand_side_by_side(rolecall: Program) -> None:
    rolecall.environ["AWS_REGION"] = "sa-east-1"
    tools = rolecall("show", "admin", "--json").json["tools"]
    assert {name: (tool["provider"], tool["error"], tool["region"]) for name, tool in tools.items()} == {
        "boto3": ("assume-role", None, "eu-central-1"),
        "cli_v1": ("assume-role", None, "eu-central-1"),
        "cli_v2": ("assume-role", None, "sa-east-1"),
    }


def test_a_login_that_only_cli_v2_can_use_is_an_error_in_the_other_two(bare: Program) -> None:
    bare.config("[profile console]\nlogin_session = arn:aws:iam::123456789012:user/me\n")
    tools = bare("show", "console", "--json").json["tools"]
    assert tools["boto3"]["error"] == "MissingDependencyException"
    assert tools["cli_v2"]["error"] == "LoginTokenLoadError"


def test_what_the_first_use_brings_is_told_although_a_provider_answers(bare: Program) -> None:
    bare.config(
        "[profile sso]\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-west-1\n"
        "sso_account_id = 123456789012\nsso_role_name = Dev\n"
    )
    tool = bare("show", "sso", "--json").json["tools"]["boto3"]
    assert (tool["provider"], tool["error"], tool["on_use"]["error"]) == ("sso", None, "SSOTokenLoadError")
