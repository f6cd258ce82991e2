"""The merge of the two files, and for each setting its place and the losers that it shadows."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from rolecall.aws import profiles
from rolecall.aws.config_file import FileKind, read_file
from rolecall.aws.profiles import OriginKind, Profiles, Setting
from tests.homes import put

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARY\n"


def merge(place: Path, config: str | None = None, credentials: str | None = None) -> Profiles:
    for name, text in (("config", config), ("credentials", credentials)):
        if text is not None:
            put(place / name, text)
    return profiles.merge(
        read_file(place / "config", FileKind.CONFIG, "utf-8"),
        read_file(place / "credentials", FileKind.CREDENTIALS, "utf-8"),
    )


def place_of(setting: Setting) -> str:
    """Write a setting's origin and value as ``file:line [section] value``."""
    origin = setting.origin
    return f"{origin.path.name}:{origin.line} [{origin.section}] {setting.value}"


def places(setting: Setting) -> list[str]:
    """Write a setting and the losers that it shadows, the strongest first."""
    return [place_of(each) for each in (setting, *setting.shadowed)]


def lost(found: Iterable[Setting]) -> list[str]:
    return [f"{setting.name} {place_of(setting)}" for setting in found]


def test_kinds_of_places_have_the_names_of_the_contract() -> None:
    assert [str(kind) for kind in OriginKind] == ["config", "credentials", "sso-session"]


# The merge (aws-facts §3)


def test_the_order_is_that_of_config_then_of_credentials(tmp_path: Path) -> None:
    found = merge(tmp_path, "[profile c]\n[default]\n[profile a]\n", "[z]\n[a]\n[b]\n")
    assert list(found.by_name) == ["c", "default", "a", "z", "b"]


@pytest.mark.parametrize("key", ["region", "role_arn", "credential_process", "aws_access_key_id"])
def test_credentials_win_for_every_key(tmp_path: Path, key: str) -> None:
    found = merge(tmp_path, f"[profile x]\n{key} = config\n", f"[x]\n{key} = credentials\n")
    assert found.by_name["x"] == {key: "credentials"}


def test_each_file_keeps_its_own_view(tmp_path: Path) -> None:
    found = merge(tmp_path, "[profile x]\na = 1\n", "[x]\nb = 2\n")
    assert found.by_name["x"] == {"a": "1", "b": "2"}
    assert (found.static_config("x"), found.static_credentials("x")) == ({"a": "1"}, {"b": "2"})
    assert (found.static_config("y"), found.static_credentials("y")) == (None, None)


@pytest.mark.parametrize(
    ("config", "credentials", "broken"),
    [
        ("[x\n", "[x]\n", "config"),
        ("[profile x]\n", "x\n", "credentials"),
        ("[x\n", "x\n", "config"),
    ],
)
def test_one_bad_line_in_either_file_breaks_every_profile(
    tmp_path: Path, config: str, credentials: str, broken: str
) -> None:
    found = merge(tmp_path, config, credentials)
    assert found.by_name == {}
    assert found.broken_file is not None
    assert found.broken_file.path == tmp_path / broken


def test_an_sso_session_stands_in_config_only(tmp_path: Path) -> None:
    found = merge(tmp_path, "[sso-session a]\nx = 1\n", "[sso-session b]\nx = 1\n")
    assert found.sso_session("a") == {"x": "1"}
    assert found.sso_session("b") is None
    assert found.sso_session({"a": "b"}) is None
    assert list(found.by_name) == ["sso-session b"]


# Where a setting comes from, and what it shadows


def test_a_setting_knows_its_file_and_line(tmp_path: Path) -> None:
    found = merge(tmp_path, "# c\n[profile x]\nregion = R\n\noutput = O\n", f"[x]\n{KEYS}")
    settings = profiles.settings(found, "x")
    assert {name: place_of(setting) for name, setting in settings.items()} == {
        "region": "config:3 [profile x] R",
        "output": "config:5 [profile x] O",
        "aws_access_key_id": "credentials:2 [x] AKIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key": "credentials:3 [x] CANARY",
    }
    kinds = [setting.origin.kind for setting in settings.values()]
    assert kinds == [OriginKind.CONFIG] * 2 + [OriginKind.CREDENTIALS] * 2
    assert not any(setting.shadowed for setting in settings.values())


SHADOWS = {
    "credentials over config": (
        "[profile x]\nregion = 1\n",
        "[x]\nregion = 2\n",
        ["credentials:2 [x] 2", "config:2 [profile x] 1"],
    ),
    "its own key over DEFAULT": (
        "[DEFAULT]\nregion = 1\n[profile x]\nregion = 2\n",
        None,
        ["config:4 [profile x] 2", "config:2 [DEFAULT] 1"],
    ),
    "DEFAULT alone": ("[DEFAULT]\nregion = 1\n[profile x]\n", None, ["config:2 [DEFAULT] 1"]),
    "DEFAULT of credentials over config": (
        "[profile x]\nregion = 1\n",
        "[DEFAULT]\nregion = 2\n[x]\n",
        ["credentials:2 [DEFAULT] 2", "config:2 [profile x] 1"],
    ),
    "DEFAULT of credentials without the profile": (
        "[profile x]\nregion = 1\n",
        "[DEFAULT]\nregion = 2\n",
        ["config:2 [profile x] 1"],
    ),
    "all four": (
        "[DEFAULT]\nregion = 1\n[profile x]\nregion = 2\n",
        "[DEFAULT]\nregion = 3\n[x]\nregion = 4\n",
        [
            "credentials:4 [x] 4",
            "credentials:2 [DEFAULT] 3",
            "config:4 [profile x] 2",
            "config:2 [DEFAULT] 1",
        ],
    ),
    "a later section over an earlier one": (
        '[profile x]\nregion = 1\n[profile "x"]\nregion = 2\n',
        None,
        ['config:4 [profile "x"] 2', "config:2 [profile x] 1"],
    ),
    "a later section over an earlier one and DEFAULT": (
        '[DEFAULT]\nregion = 0\n[profile x]\nregion = 1\n[profile "x"]\nregion = 2\n',
        None,
        ['config:6 [profile "x"] 2', "config:2 [DEFAULT] 0", "config:4 [profile x] 1"],
    ),
    "DEFAULT in a section that replaces another": (
        '[DEFAULT]\nregion = 0\n[profile x]\n[profile "x"]\n',
        None,
        ["config:2 [DEFAULT] 0"],
    ),
    "key case": (
        "[profile x]\nRegion = 1\n",
        "[x]\nREGION = 2\n",
        ["credentials:2 [x] 2", "config:2 [profile x] 1"],
    ),
    "a swallowed key": (
        "[profile x]\nregion = 1\n  output = json\n",
        None,
        ["config:2 [profile x] 1\noutput = json"],
    ),
    "a swallowed header": (
        "[profile x]\nregion = 1\n  [profile y]\n",
        None,
        ["config:2 [profile x] 1\n[profile y]"],
    ),
    "a nested block": ("[profile x]\nregion =\n  a = 1\n", None, ["config:2 [profile x] {'a': '1'}"]),
    "CRLF": ("[profile x]\r\n\r\nregion = 1\r\n", None, ["config:3 [profile x] 1"]),
}


@pytest.mark.parametrize("case", SHADOWS)
def test_the_losers_stand_in_the_order_in_which_they_would_win(tmp_path: Path, case: str) -> None:
    config, credentials, expected = SHADOWS[case]
    found = merge(tmp_path, config, credentials)
    assert places(profiles.settings(found, "x")["region"]) == expected


@pytest.mark.parametrize(
    ("first", "second"), [("profile default", "default"), ("default", "profile default")]
)
def test_the_earlier_default_section_is_lost_whole(tmp_path: Path, first: str, second: str) -> None:
    text = f"[{first}]\nregion = 1\noutput = json\n[{second}]\nregion = 2\n"
    found = merge(tmp_path, text)
    settings = profiles.settings(found, "default")
    assert found.by_name["default"] == {"region": "2"}
    assert places(settings["region"]) == [f"config:5 [{second}] 2", f"config:2 [{first}] 1"]
    assert set(settings) == {"region"}
    assert lost(profiles.lost(found, "default")) == [f"output config:3 [{first}] json"]


def test_nothing_is_lost_that_the_other_file_says_too(tmp_path: Path) -> None:
    found = merge(
        tmp_path, "[profile default]\noutput = json\n[default]\nregion = 2\n", "[default]\noutput = text\n"
    )
    assert profiles.lost(found, "default") == []
    assert places(profiles.settings(found, "default")["output"]) == [
        "credentials:2 [default] text",
        "config:2 [profile default] json",
    ]


def test_a_dropped_section_gives_nothing(tmp_path: Path) -> None:
    found = merge(tmp_path, "[profile x y]\nregion = 1\n[profile x]\n")
    assert profiles.settings(found, "x") == {}
    assert profiles.lost(found, "x") == []


# The sso-session's part

SESSION = "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example/start\n"


def test_the_session_adds_its_settings_last(tmp_path: Path) -> None:
    found = merge(tmp_path, f"{SESSION}[profile x]\nsso_session = corp\nsso_role_name = admin\n")
    settings = profiles.settings(found, "x")
    assert list(settings) == ["sso_session", "sso_role_name", "sso_region", "sso_start_url"]
    assert settings["sso_region"].origin == profiles.Origin(
        OriginKind.SSO_SESSION, tmp_path / "config", "sso-session corp", 2
    )


def test_the_profiles_own_value_shadows_the_sessions(tmp_path: Path) -> None:
    found = merge(tmp_path, f"{SESSION}[profile x]\nsso_session = corp\nsso_region = eu-west-1\n")
    assert places(profiles.settings(found, "x")["sso_region"]) == [
        "config:6 [profile x] eu-west-1",
        "config:2 [sso-session corp] eu-west-1",
    ]


def test_credentials_can_name_the_session(tmp_path: Path) -> None:
    found = merge(tmp_path, f"{SESSION}[profile x]\n", "[x]\nsso_session = corp\n")
    assert places(profiles.settings(found, "x")["sso_region"]) == ["config:2 [sso-session corp] eu-west-1"]


@pytest.mark.parametrize("reference", ["gone", "", "\n  a = 1"])
def test_a_session_that_is_not_there_adds_nothing(tmp_path: Path, reference: str) -> None:
    found = merge(tmp_path, f"{SESSION}[profile x]\nsso_session = {reference}\n")
    assert set(profiles.settings(found, "x")) == {"sso_session"}


def test_an_earlier_session_of_the_name_is_replaced_whole(tmp_path: Path) -> None:
    # GIVEN a session in two sections: botocore takes the later alone
    text = f'{SESSION}[sso-session "corp"]\nsso_region = us-east-1\n[profile x]\nsso_session = corp\n'
    found = merge(tmp_path, text)
    settings = profiles.settings(found, "x")
    # THEN only the later adds settings, and what the earlier alone has is lost
    assert found.sso_session("corp") == {"sso_region": "us-east-1"}
    assert set(settings) == {"sso_session", "sso_region"}
    assert places(settings["sso_region"])[0] == 'config:5 [sso-session "corp"] us-east-1'
    assert lost(profiles.lost(found, "x")) == [
        "sso_start_url config:3 [sso-session corp] https://corp.example/start"
    ]


def test_default_leaks_once_though_it_reaches_profile_and_session(tmp_path: Path) -> None:
    text = "[DEFAULT]\nsso_region = R\n[sso-session corp]\n[profile x]\nsso_session = corp\n"
    found = merge(tmp_path, text)
    assert places(profiles.settings(found, "x")["sso_region"]) == ["config:2 [DEFAULT] R"]


# After the file has changed


def test_a_changed_file_keeps_its_values_and_its_lines(tmp_path: Path) -> None:
    found = merge(tmp_path, "[profile x]\nregion = 1\n")
    put(tmp_path / "config", "")
    assert places(profiles.settings(found, "x")["region"]) == ["config:2 [profile x] 1"]


def test_lines_that_are_read_late_are_lost_where_the_file_has_changed(tmp_path: Path) -> None:
    found = merge(tmp_path, "[DEFAULT]\noutput = json\n[profile x]\nregion = 1\n")
    put(tmp_path / "config", "")
    assert places(profiles.settings(found, "x")["region"]) == ["config:None [profile x] 1"]


# What may be shown


def test_a_secret_is_neither_shown_nor_in_the_repr(tmp_path: Path) -> None:
    found = merge(tmp_path, credentials=f"[x]\n{KEYS}aws_session_token = CANARY\n")
    settings = profiles.settings(found, "x")
    assert "CANARY" not in repr(settings)
    assert {name: setting.shown for name, setting in settings.items()} == {
        "aws_access_key_id": "…MPLE",
        "aws_secret_access_key": "••••",
        "aws_session_token": "••••",
    }
