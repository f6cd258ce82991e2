"""Headers that AWS tools read otherwise than they look: what is proposed, checked against botocore itself."""

from pathlib import Path

import pytest
from botocore import configloader

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import examine, rules_of
from rolecall.doctor.rules import headers
from tests.homes import make_home

_KEYS = "aws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = planted\n"


def _found(place: Path, config: str = "", credentials: str = "") -> list[Finding]:
    return list(
        examine(
            Snapshot.take(make_home(place, config=config, credentials=credentials)), rules=rules_of(headers)
        ).all
    )


@pytest.mark.parametrize(
    ("header", "wanted", "name"),
    [
        ("dev", "[profile dev]", "dev"),
        (" profile dev ", "[profile dev]", "dev"),
        ("Profile dev", "[profile dev]", "dev"),
        ("profil dev", "[profile dev]", "dev"),
        ("my prod", '[profile "my prod"]', "my prod"),
        ("Default", "[default]", "default"),
        ("profile my prod", '[profile "my prod"]', "my prod"),
        ("profile bob's", '[profile "bob\'s"]', "bob's"),
        ('profile "dev', "[profile dev]", "dev"),
        ("profile-dev", "[profile dev]", "dev"),
        ("profile:dev", "[profile dev]", "dev"),
        ("profile dev] # see [there", "[profile dev]", "dev"),
    ],
)
def test_the_header_that_is_proposed_is_the_profile_that_was_meant(
    tmp_path: Path, header: str, wanted: str, name: str
) -> None:
    # WHEN
    [found] = _found(tmp_path, f"[{header}]\nregion = eu-west-1\n")
    # THEN
    assert found.code in {"not-a-profile", "dropped-header"}
    assert found.message.endswith(wanted)
    assert found.fix.words == f"write {wanted}"
    assert found.fix.run() == "rolecall rewrite --yes config 1"
    # and botocore takes the one for nothing, the other for that profile
    assert configloader.build_profile_map({header: {}})["profiles"] == {}
    assert list(configloader.build_profile_map({wanted[1:-1]: {}})["profiles"]) == [name]


def test_a_header_without_any_name_is_said_to_have_none(tmp_path: Path) -> None:
    [found] = _found(tmp_path, "[profile]\nregion = eu-west-1\n")
    assert found.message == "AWS tools ignore [profile] in ~/.aws/config: it has no name"


def test_a_session_is_proposed_where_the_settings_are_those_of_a_session(tmp_path: Path) -> None:
    [found] = _found(
        tmp_path, "[corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
    )
    assert found.message.endswith("[sso-session corp]")


def test_where_the_right_header_is_there_the_settings_are_to_be_put_below_it(tmp_path: Path) -> None:
    [found] = _found(tmp_path, "[profile dev]\n[dev]\nregion = eu-west-1\n")
    assert found.fix.words == "put its settings below [profile dev] in the editor"


@pytest.mark.parametrize("header", ["profile dev", '"dev"', " dev ", "'dev'"])
def test_a_name_that_is_taken_is_not_given_again(tmp_path: Path, header: str) -> None:
    [found] = _found(tmp_path, "[profile dev]\n", f"[{header}]\n{_KEYS}")
    assert found.fix.doing is FixAction.EDITOR
    assert "[dev]" in found.fix.words


def test_three_sections_of_a_name_are_counted_and_the_losses_named_once(tmp_path: Path) -> None:
    text = "[profile x]\nregion = a\n[profile 'x']\nregion = b\n[profile \"x\"]\noutput = json\n"
    [found] = _found(tmp_path, text)
    assert "is in ~/.aws/config 3 times" in found.message
    assert found.consequence == "AWS tools ignore region of the earlier sections"


def test_a_section_that_repeats_all_of_the_earlier_one_loses_nothing(tmp_path: Path) -> None:
    [found] = _found(tmp_path, "[default]\nregion = a\n[profile default]\nregion = b\n")
    assert found.consequence == found.rule.consequence


def test_ordinary_headers_are_nothing_to_tell_of(tmp_path: Path) -> None:
    profiles = "[default]\n[profile a-b.c]\n[profile 'x y']\n"
    config = f"{profiles}[sso-session s]\n[services s3]\n[plugins]\nregion_x = 1\n"
    assert _found(tmp_path, config, "[default]\n[a-b.c]\n[x y]\n[bob's]\n[profiler]\n") == []


def test_nothing_is_told_of_headers_while_the_other_file_does_not_parse(tmp_path: Path) -> None:
    assert _found(tmp_path, "[profile dev]\n[profile dev]\n", f"[profile dev]\n{_KEYS}") == []
