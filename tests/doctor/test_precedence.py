"""What is passed over, by the real botocore's own word: the finding is there where it is, and only there."""

from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import CHAPTERS, examine
from rolecall.host import Host
from tests.aws.real import botocore_says
from tests.doctor.rows_precedence import BASE, KEYS, ROLE, SSO
from tests.homes import make_home

PROCESS = "credential_process = helper\n"
OTHER_KEYS = "aws_access_key_id = AKIAQ3EGRIDNEWKEYXYZ\naws_secret_access_key = abc\n"
OLD, NEW = "AKIAQ3EGRIDOLDKEYABC", "AKIAQ3EGRIDNEWKEYXYZ"


def found(host: Host) -> dict[str, Finding]:
    """Return what these rules find of the profile ``x``, by code."""
    findings = examine(Snapshot.take(host), rules=CHAPTERS["Precedence"]).all
    return {finding.code: finding for finding in findings if finding.subject.name == "x"}


def codes(host: Host) -> set[str]:
    return set(found(host))


@pytest.mark.parametrize(
    ("config", "credentials", "provider", "wanted"),
    [
        # keys in credentials come before a process, keys in config after it
        (PROCESS, KEYS, "shared-credentials-file", {"keys-shadow-process"}),
        (PROCESS + KEYS, "", "custom-process", {"unused-keys"}),
        (PROCESS + KEYS, KEYS, "shared-credentials-file", {"keys-shadow-process"}),
        ("", PROCESS + KEYS, "shared-credentials-file", {"keys-shadow-process"}),
        (PROCESS, "", "custom-process", set()),
        # a role, web identity and SSO come before any keys
        (ROLE, KEYS, "assume-role", {"unused-keys"}),
        (ROLE + KEYS, "", "assume-role", {"unused-keys"}),
        (ROLE.replace("base", "x"), KEYS, "assume-role", set()),
        (
            ROLE + "web_identity_token_file = {HOME}/t\n",
            KEYS,
            "assume-role-with-web-identity",
            {"unused-keys"},
        ),
        (SSO, KEYS, "sso", {"unused-keys"}),
        (SSO, "", "sso", set()),
        # and one of them before the other
        (ROLE + SSO, "", "assume-role", {"unused-provider"}),
        (ROLE + PROCESS, "", "assume-role", {"unused-provider"}),
        (SSO + PROCESS, "", "sso", {"unused-provider"}),
        (SSO + PROCESS, KEYS, "sso", {"unused-keys", "unused-provider"}),
        # an sso-session by itself sets nothing off
        ("sso_session = corp\n" + PROCESS, "", "custom-process", set()),
    ],
)
def test_it_is_found_where_botocore_passes_it_over(
    tmp_path: Path, config: str, credentials: str, provider: str, wanted: set[str]
) -> None:
    # GIVEN
    host = make_home(
        tmp_path,
        config=f"[profile x]\n{config}[sso-session corp]\nsso_start_url = u\nsso_region = r\n",
        credentials=f"{BASE}[x]\n{credentials}",
        files={"t": "token"},
    )
    # THEN
    assert botocore_says(host, "x")[:2] == (provider, None)
    assert codes(host) == wanted


def test_what_cannot_work_is_told_of_by_other_rules(tmp_path: Path) -> None:
    # GIVEN a role whose source is missing, over keys
    host = make_home(
        tmp_path, config=f"[profile x]\n{ROLE.replace('base', 'gone')}", credentials=f"[x]\n{KEYS}"
    )
    # THEN
    assert botocore_says(host, "x")[1] == "InvalidConfigError"
    assert codes(host) == set()


def test_who_draws_on_hidden_keys_suffers_as_well(tmp_path: Path) -> None:
    # GIVEN
    host = make_home(
        tmp_path,
        config=f"[profile x]\n{PROCESS}[profile deploy]\nrole_arn = arn\nsource_profile = x\n",
        credentials=f"[x]\n{KEYS}",
    )
    # THEN
    assert found(host)["keys-shadow-process"].profiles == ("x", "deploy")


def test_the_keys_of_both_files_are_not_mixed(tmp_path: Path) -> None:
    # GIVEN different keys in the two files
    host = make_home(tmp_path, config=f"[profile x]\n{OTHER_KEYS}", credentials=f"[x]\n{KEYS}")
    # THEN those in credentials are used, and only the user knows which are to stay
    assert botocore_says(host, "x")[2] == OLD
    finding = found(host)["shadowed-setting"]
    assert finding.fix.doing is FixAction.EDITOR
    assert OLD not in "".join(finding.evidence)
    assert finding.evidence[1].endswith(f"aws_access_key_id = …{NEW[-4:]}")


def test_a_setting_that_default_leaks_is_not_taken_out_of_the_profile(tmp_path: Path) -> None:
    # GIVEN
    host = make_home(
        tmp_path,
        config="[profile x]\nregion = eu-west-1\n",
        credentials=f"[DEFAULT]\nregion = us-east-1\n[x]\n{KEYS}",
    )
    # THEN
    finding = found(host)["shadowed-setting"]
    assert finding.fix.doing is FixAction.EDITOR
    assert finding.place is not None
    assert finding.place.line == 2


def test_the_same_value_in_both_files_is_no_trouble(tmp_path: Path) -> None:
    host = make_home(tmp_path, config=f"[profile x]\n{KEYS}", credentials=f"[x]\n{KEYS}")
    assert codes(host) == set()


@pytest.mark.parametrize("token", ["aws_session_token", "aws_security_token"])
def test_a_token_in_the_other_file_is_not_read(tmp_path: Path, token: str) -> None:
    # GIVEN temporary keys in config, their token in credentials
    temporary = KEYS.replace("AKIA", "ASIA")
    host = make_home(tmp_path, config=f"[profile x]\n{temporary}", credentials=f"[x]\n{token} = hush\n")
    # THEN
    assert botocore_says(host, "x")[0] == "config-file"
    finding = found(host)["token-in-other-file"]
    assert finding.message == f"x has its keys in config and its {token} in credentials, where it is not read"
    assert "AWS refuses" in finding.consequence
    assert finding.fix.doing is FixAction.EDITOR
    assert "hush" not in "".join(finding.evidence)


@pytest.mark.parametrize("part", ["web_identity_token_file = {HOME}/t\n", "role_arn = arn\n"])
def test_the_parts_of_a_role_are_fine_beside_it(tmp_path: Path, part: str) -> None:
    host = make_home(tmp_path, config=f"[profile x]\nrole_session_name = me\n{part}", files={"t": "token"})
    assert "role-settings-without-role" not in codes(host)


def test_a_source_profile_lends_nothing_without_a_role(tmp_path: Path) -> None:
    host = make_home(tmp_path, config="[profile x]\nsource_profile = base\n", credentials=BASE)
    assert botocore_says(host, "x")[1] == "NoCredentialsError"
    assert "role-settings-without-role" in codes(host)


def test_the_profile_with_no_name_takes_the_keys_of_default_and_has_none_to_remove(tmp_path: Path) -> None:
    # GIVEN the keys that `[profile ""]` uses: those of default
    host = make_home(
        tmp_path,
        config='[profile ""]\ncredential_process = /bin/helper\n',
        credentials="[default]\naws_access_key_id = AKIA234567ABCDEFGHIJ\naws_secret_access_key = x\n",
    )
    # THEN nothing is said of keys that are not there
    findings = examine(Snapshot.take(host)).all
    assert [each for each in findings if each.code == "keys-shadow-process"] == []
