"""Headers that AWS tools read otherwise than they look: what is proposed, checked against botocore itself."""

import configparser
from pathlib import Path

import pytest
from botocore import configloader
from hypothesis import given
from hypothesis import strategies as st

from rolecall.aws.config_file import ConfigFile, FileKind, FileStatus, parse, with_contents
from rolecall.aws.line_edits import merged
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import examine, rules_of
from rolecall.doctor.rules import headers
from tests.doctor.harm import World, carried_out, harm
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
    assert (found.fix.words, found.fix.doing) == ("put its settings below [profile dev]", FixAction.REWRITE)


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


LINES = (
    *("region = eu-west-1", "output = json", "# of mine", "s3 =\n  max_queue_size = 500", "role_arn = x"),
    *("", "cli_pager =", "; another", "source_profile: base", "region: eu-west-1"),
)


@given(
    source=st.lists(st.sampled_from(LINES), max_size=5, unique=True),
    target=st.lists(st.sampled_from(LINES), max_size=5, unique=True),
    between=st.sampled_from(["", "[profile z]\nregion = eu-west-2\n", "# note\n\n[plugins]\nx = y\n"]),
    is_first=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_sections_are_merged_as_botocore_reads_them_or_not_at_all(
    source: list[str], target: list[str], between: str, end: str, *, is_first: bool
) -> None:
    # GIVEN a section that is no profile, and the profile of that name
    parts = ["".join(f"{line}\n" for line in ("[dev]", *source)), between]
    parts.append("".join(f"{line}\n" for line in ("[profile dev]", *target)))
    text = "".join(parts if is_first else reversed(parts)).replace("\n", end)
    try:
        before = parse(text.encode(), "utf-8")
    except configparser.Error:
        return
    file = with_contents(ConfigFile(Path("config"), FileKind.CONFIG, FileStatus.OK), text.encode(), "utf-8")
    # WHEN
    edit = merged(file, "dev", "profile dev")
    own, right = before["dev"], before["profile dev"]
    if any(own[key] != right[key] for key in own.keys() & right.keys()):
        assert edit is None
        return
    if edit is None:
        assert "s3" in own.keys() & right.keys()  # a block in both
        return
    after = edit.applied(text)
    # THEN botocore reads both under the one name, and all else as before; no comment is lost
    assert after is not None
    expected = {name: values for name, values in before.items() if name != "dev"}
    assert parse(after.encode(), "utf-8") == expected | {"profile dev": {**own, **right}}
    comments = [line for line in text.split(end) if line[:1] in ("#", ";")]
    assert sorted(comments) == sorted(line for line in after.split(end) if line[:1] in ("#", ";"))
    assert after.count(end) == after.count("\n")


KEYS = "[kim]\naws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = planted\n"
ROLE = "role_arn = arn:aws:iam::210987654321:role/R\nsource_profile = kim\n"
MERGED = {
    "a region that the profile has not": ("[profile kim]\noutput = json\n[kim]\nregion = eu-west-1\n", KEYS),
    "before it": ("[kim]\nregion = eu-west-1\n[profile kim]\noutput = json\n", KEYS),
    "the same once more": ("[profile kim]\nregion = eu-west-1\n[kim]\nregion = eu-west-1\n", KEYS),
    "a header in quotes": ("[profile 'kim']\noutput = json\n[kim]\nregion = eu-west-1\n", KEYS),
    "keys that the profile lacks": (f"[profile kim]\nregion = eu-west-1\n{KEYS}", ""),
    "in capitals": ("[default]\noutput = json\n[Default]\nregion = eu-west-1\n", KEYS),
    "two spellings": ('[profile "kim"]\nregion = eu-west-1\n[profile kim]\noutput = json\n', KEYS),
    "two spellings of the same": ("[profile 'kim']\nregion = x-y-1\n[profile kim]\nregion = x-y-1\n", KEYS),
    "a session's address": (
        (
            "[sso-session c]\nsso_region = eu-west-1\nsso_start_url = https://c.awsapps.com/start\n"
            "[sso-session 'c']\nsso_region = eu-west-1\n"
            "[profile p]\nsso_session = c\nsso_account_id = 210987654321\nsso_role_name = R\n"
        ),
        "",
    ),
}
ADVISED = {
    "two regions": ("[profile kim]\nregion = eu-west-2\n[kim]\nregion = eu-west-1\n", KEYS),
    "a role for a profile that works": (f"[profile kim]\nregion = eu-west-2\n[kim]\n{ROLE}", KEYS),
    "an endpoint for a profile that works": (
        "[profile kim]\n[kim]\nendpoint_url = http://localhost:1\n",
        KEYS,
    ),
    "a role, lost to another spelling": (
        f'[profile "kim"]\n{ROLE}[profile kim]\nregion = eu-west-1\n',
        KEYS,
    ),
    "lines with an indentation": ("[profile kim]\n  output = json\n[kim]\nregion = eu-west-1\n", KEYS),
}


def _of_header(world: World) -> Finding:
    (finding,) = [each for each in world.findings.all if each.code in ("not-a-profile", "repeated-profile")]
    return finding


@pytest.mark.parametrize(("config", "credentials"), MERGED.values(), ids=MERGED)
def test_two_sections_of_a_name_are_made_one_where_that_is_proved_harmless(
    tmp_path: Path, config: str, credentials: str
) -> None:
    before = World.of(make_home(tmp_path, config=config, credentials=credentials))
    finding = _of_header(before)
    assert finding.fix.doing is FixAction.REWRITE, finding.fix.words
    after = carried_out(before, finding.fix)
    assert list(harm(before, after, finding)) == []
    assert after.snapshot.merged.broken_file is None


@pytest.mark.parametrize(("config", "credentials"), ADVISED.values(), ids=ADVISED)
def test_two_sections_of_a_name_are_left_to_the_user_where_a_profile_would_become_another(
    tmp_path: Path, config: str, credentials: str
) -> None:
    finding = _of_header(World.of(make_home(tmp_path, config=config, credentials=credentials)))
    assert finding.fix.doing is FixAction.EDITOR
