"""``rolecall list --json`` by the contract."""

from rolecall.aws import cache_files
from rolecall.text import mask
from tests.cli.program import Program


def test_it_names_both_files_with_role_status_error_and_line(rolecall: Program) -> None:
    assert rolecall("list", "--json").json["files"] == [
        {"path": str(rolecall.aws / "config"), "role": "config", "status": "ok", "error": None, "line": None},
        {
            "path": str(rolecall.aws / "credentials"),
            "role": "credentials",
            "status": "ok",
            "error": None,
            "line": None,
        },
    ]


def test_it_carries_the_schema_and_ends_well(rolecall: Program) -> None:
    outcome = rolecall("list", "--json")
    assert (outcome.code, outcome.err, outcome.json["schema"]) == (0, "", "rolecall/1")


def test_the_profiles_come_in_botocores_order(rolecall: Program) -> None:
    rolecall.credentials("[only-here]\n[base]\n")
    found = [profile["name"] for profile in rolecall("list", "--json").json["profiles"]]
    assert found == ["default", "base", "admin", "deploy", "lost", "helper", "only-here"]


def _profile(rolecall: Program, name: str) -> dict[str, object]:
    profiles = rolecall("list", "--json").json["profiles"]
    return next(profile for profile in profiles if profile["name"] == name)


def test_a_cached_role_tells_all_of_the_contract(rolecall: Program) -> None:
    arn = "arn:aws:iam::123456789012:role/Admin"
    file = f"{cache_files.role({'role_arn': arn})}.json"
    assert _profile(rolecall, "admin") == {
        "name": "admin",
        "kind": "role",
        "resolution": {"provider": "assume-role", "error": None, "message": None},
        "chain": [
            {"profile": "admin", "provider": "assume-role", "role_arn": arn},
            {"profile": "base", "provider": "shared-credentials-file", "role_arn": None},
        ],
        "cache_file": file,
        "region": "eu-central-1",
        "expiry": {
            "state": "valid",
            "at": "2026-03-01T12:43:10Z",
            "after": "automatic",
            "source": f"cli/cache/{file}",
            "reason": None,
        },
        "access_key": None,
        "account": "123456789012",
        "tools": {
            tool: {
                "provider": "assume-role",
                "error": None,
                "message": None,
                "on_use": None,
                "region": "eu-central-1",
                "region_asked": False,
            }
            for tool in ("boto3", "cli_v1", "cli_v2")
        },
    }


def test_each_tool_says_whether_it_asks_instance_metadata_for_the_region(rolecall: Program) -> None:
    rolecall.config("[profile admin]\nretry_mode = legacy\n")
    tools = rolecall("show", "admin", "--json").json["tools"]
    assert {name: tool["region_asked"] for name, tool in tools.items()} == {
        "boto3": False,
        "cli_v1": False,
        "cli_v2": True,
    }
    assert {name: tool["on_use"] and tool["on_use"]["error"] for name, tool in tools.items()} == {
        "boto3": None,
        "cli_v1": None,
        "cli_v2": "InvalidRetryModeError",
    }


def test_keys_show_the_last_four_of_their_id(rolecall: Program) -> None:
    assert _profile(rolecall, "base")["access_key"] == "…MPLE"


def test_an_error_comes_by_its_class_name_with_botocores_message(rolecall: Program) -> None:
    assert _profile(rolecall, "lost")["resolution"] == {
        "provider": None,
        "error": "InvalidConfigError",
        "message": 'The source_profile "nobody" referenced in the profile "lost" does not exist.',
    }


def test_a_missing_source_is_a_hop_without_a_provider(rolecall: Program) -> None:
    chain = _profile(rolecall, "lost")["chain"]
    assert isinstance(chain, list)
    assert chain[-1] == {"profile": "nobody", "provider": None, "role_arn": None}


def test_nothing_that_answers_is_no_credentials_error(rolecall: Program) -> None:
    resolution = _profile(rolecall, "default")["resolution"]
    assert resolution == {
        "provider": None,
        "error": "NoCredentialsError",
        "message": "Unable to locate credentials",
    }


def test_a_file_that_does_not_parse_empties_the_profiles_and_its_row_says_why(rolecall: Program) -> None:
    rolecall.config("[profile a]\nregion = x\nregion = y\n")
    found = rolecall("list", "--json")
    assert found.code == 0
    assert found.json["profiles"] == []
    file = found.json["files"][0]
    assert (file["status"], file["line"], file["error"]) == (
        "unparseable",
        3,
        "region is twice in [profile a]",
    )


def test_files_that_are_not_there_are_missing(bare: Program) -> None:
    found = bare("list", "--json").json
    assert [file["status"] for file in found["files"]] == ["missing", "missing"]
    assert found["profiles"] == []


def test_a_file_that_a_variable_takes_away_has_no_path(rolecall: Program) -> None:
    rolecall.environ["AWS_CONFIG_FILE"] = ""
    file = rolecall("list", "--json").json["files"][0]
    assert (file["path"], file["status"]) == (None, "missing")


def test_an_arn_stays_whole_however_much_a_part_of_it_looks_like_a_key(bare: Program) -> None:
    arn = "arn:aws:iam::123456789012:role/AdministratorsOfTheWholeProduction1"
    assert mask(arn) != arn
    bare.config(f"[profile a]\nrole_arn = {arn}\nsource_profile = a\n")
    assert bare("list", "--json").json["profiles"][0]["chain"][0]["role_arn"] == arn


def test_home_may_stand_before_the_command_and_after_it(rolecall: Program, bare: Program) -> None:
    elsewhere = rolecall.home.parent / "elsewhere"
    (elsewhere / ".aws").mkdir(parents=True)
    (elsewhere / ".aws" / "config").write_text("[profile there]\n")
    before = bare("--home", str(elsewhere), "list", "--json")
    after = bare("list", "--json", "--home", str(elsewhere))
    assert before.out == after.out
    assert [profile["name"] for profile in before.json["profiles"]] == ["there"]
