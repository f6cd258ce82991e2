"""What works and should not stay so: what counts as a placeholder, a secret, an old key; none is said."""

from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import CHAPTERS, examine
from rolecall.doctor.rules import secrets
from rolecall.host import Host
from tests.doctor.rows_hygiene import HELPER, KEY, OLD, OTHER, SESSION, keys
from tests.homes import make_home

CANARY = "CaNaRy9sEcReT/abcdefghijklmnopqrstuvwxyz"


def found(host: Host) -> list[Finding]:
    return list(examine(Snapshot.take(host), rules=CHAPTERS["Hygiene"]).all)


def codes(host: Host) -> set[str]:
    return {finding.code for finding in found(host)}


def said(finding: Finding) -> str:
    return "\n".join((finding.message, finding.consequence, *finding.evidence, finding.fix.words))


# Placeholders


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws_access_key_id", "AKIAIOSFODNN7EXAMPLE"),
        ("aws_access_key_id", '"AKIAI44QH8DHBEXAMPLE"'),
        ("aws_access_key_id", "<access-Key-for-an-IAM-role>"),
        ("aws_access_key_id", "YOUR_ACCESS_KEY"),
        ("aws_access_key_id", "your access key"),
        ("aws_access_key_id", "my-access-key-id"),
        ("aws_access_key_id", "{{ access_key }}"),
        ("aws_access_key_id", "[access key]"),
        ("aws_secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("aws_secret_access_key", "${SECRET_KEY}"),
        ("aws_secret_access_key", "xxx"),
        ("aws_secret_access_key", "********"),
        ("aws_secret_access_key", "…"),
        ("aws_session_token", "changeme"),
        ("role_arn", "arn:aws:iam::123456789012:role/x"),
        ("role_arn", "arn:aws:iam::ACCOUNT_ID:role/x"),
        ("role_arn", "arn:aws:iam::<account>:role/x"),
        ("sso_account_id", "123456789012"),
        ("sso_start_url", "https://my-sso-portal.awsapps.com/start"),
        ("sso_start_url", "https://d-xxxxxxxxxx.awsapps.com/start"),
        ("sso_start_url", "https://your-company.awsapps.com/start"),
        ("region", "TODO"),
    ],
)
def test_what_a_tutorial_leaves_to_be_filled_in(key: str, value: str) -> None:
    assert secrets.reason(key, value) is not None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws_access_key_id", "AKIAMEADOWBASEXAMPLE"),
        ("aws_access_key_id", "test"),
        ("aws_access_key_id", ""),
        ("aws_secret_access_key", "aYour/xxxx1EXAMPLE+secret"),
        ("role_arn", "arn:aws:iam::000000000000:role/x"),
        ("role_arn", "arn:aws:iam::210987654321:role/account-id-lookup"),
        ("role_arn", "arn:aws:iam::210987654321:role/replace-bot"),
        ("role_arn", "123456789012"),
        ("mfa_serial", "arn:aws:iam::123456789012:mfa/me"),
        ("sso_start_url", "https://corp.example/start"),
        ("region", "eu-west-1"),
    ],
)
def test_what_may_be_meant(key: str, value: str) -> None:
    assert secrets.reason(key, value) is None


def test_who_draws_on_a_placeholder_suffers_as_well(tmp_path: Path) -> None:
    # GIVEN
    host = make_home(
        tmp_path,
        config="[profile dev]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = base\nregion = x\n",
        credentials=f"[base]\n{keys('AKIAIOSFODNN7EXAMPLE')}",
    )
    # THEN
    (finding,) = found(host)
    assert (finding.code, finding.profiles) == ("placeholder", ("base", "dev"))


def test_a_session_that_was_not_filled_in_is_one_finding_for_all_who_use_it(tmp_path: Path) -> None:
    # GIVEN
    session = SESSION.replace("https://corp.example", "<portal>")
    users = "".join(f"[profile p{index}]\nsso_session = corp\nregion = x\n" for index in range(3))
    # WHEN
    (finding,) = found(make_home(tmp_path, config=session + users))
    # THEN
    assert (finding.code, finding.subject.name, finding.profiles) == (
        "placeholder",
        "corp",
        ("p0", "p1", "p2"),
    )


# Keys in several places


def test_the_same_pair_in_both_files_is_one_profile_s(tmp_path: Path) -> None:
    host = make_home(tmp_path, config=f"[profile a]\n{keys()}", credentials=f"[a]\n{keys()}")
    assert "same-key" not in codes(host)


def test_a_section_that_is_replaced_holds_no_key(tmp_path: Path) -> None:
    host = make_home(
        tmp_path, config=f"[profile a]\n{keys()}[profile b]\n{keys()}[profile 'b']\nregion = x\n"
    )
    assert "same-key" not in codes(host)


def test_one_key_of_three_profiles_is_told_once(tmp_path: Path) -> None:
    host = make_home(tmp_path, credentials="".join(f"[{name}]\n{keys()}" for name in "abc"))
    (finding,) = found(host)
    assert finding.message == "a, b and c have the same access key …YABC"
    assert finding.fix.words == "keep the key in a, and remove it from b and c"


def test_a_published_key_is_a_placeholder_and_no_shared_one(tmp_path: Path) -> None:
    example = keys("AKIAIOSFODNN7EXAMPLE")
    assert codes(make_home(tmp_path, credentials=f"[a]\n{example}[b]\n{example}")) == {"placeholder"}


def test_keys_that_are_only_asterisks_are_told_once(tmp_path: Path) -> None:
    masked = "[a]\naws_access_key_id = ***\naws_secret_access_key = ***\nregion = eu-west-1\n"
    findings = examine(Snapshot.take(make_home(tmp_path, credentials=masked))).all
    assert {"odd-keys", "placeholder"} & {finding.code for finding in findings} == {"odd-keys"}


def test_a_secret_that_was_cut_off_is_told_and_none_is_shown(tmp_path: Path) -> None:
    # GIVEN
    cut_off = CANARY[:-3]
    host = make_home(tmp_path, credentials=f"[a]\n{keys(beside=CANARY)}[b]\n{keys(beside=cut_off)}")
    # WHEN
    (finding,) = found(host)
    # THEN
    assert finding.code == "two-secrets"
    assert "CaNaRy" not in said(finding) + repr(finding)
    assert KEY not in said(finding) + repr(finding)


@pytest.mark.parametrize(
    ("key", "is_old"),
    [
        (OLD, True),
        ("AKIAI3EGRIDOLDKEYABC", True),
        (KEY, False),
        (OTHER, False),
        ("AKIAIOSFODNN7EXAMPLE", False),
        ("ASIAJ3EGRIDOLDKEYABC", False),  # a temporary key is young, whatever its form
        ("AKIAJ3EGRIDOLDKEYAB", False),
        ("AKIAJ3EGRIDOLDKEYAB1", False),
    ],
)
def test_a_key_tells_its_age_by_its_form_alone(tmp_path: Path, key: str, *, is_old: bool) -> None:
    host = make_home(tmp_path, config=f"[profile a]\n{keys(key)}")
    assert ("old-key" in codes(host)) is is_old


# Secrets where others see them


def test_a_secret_that_default_leaks_into_all_profiles_is_one(tmp_path: Path) -> None:
    # GIVEN
    host = make_home(
        tmp_path, config=f"[DEFAULT]\naws_secret_access_key = {CANARY}\n[profile a]\n[profile b]\n"
    )
    # WHEN
    finding = next(each for each in found(host) if each.code == "secret-in-config")
    # THEN
    assert finding.message == "a secret is in ~/.aws/config, of a and b"
    assert finding.evidence == ("~/.aws/config:2  aws_secret_access_key = ••••",)
    assert "CaNaRy" not in repr(finding)


def test_of_many_secrets_a_few_are_named(tmp_path: Path) -> None:
    host = make_home(
        tmp_path, config="".join(f"[profile p{index}]\n{keys(f'K{index}')}" for index in range(9))
    )
    finding = next(each for each in found(host) if each.code == "secret-in-config")
    assert finding.message == "9 secrets are in ~/.aws/config, of p0, p1, p2, p3 and p4 and others"
    assert (len(finding.evidence), len(finding.profiles)) == (5, 9)


@pytest.mark.parametrize(
    "command",
    [
        f"helper {CANARY}",
        f"helper --token {CANARY}",
        "helper --password=hunter2",
        "helper --client-secret hunter2",
        "curl -H 'Authorization: Bearer abc.def' https://vault.example",
        "curl https://me:hunter2@vault.example",
    ],
)
def test_a_command_with_a_secret_in_it(tmp_path: Path, command: str) -> None:
    # WHEN
    finding = next(
        each
        for each in found(make_home(tmp_path, config=f"{HELPER}{command}\n"))
        if each.code == "secret-in-process"
    )
    # THEN
    assert "••••" in said(finding)
    assert not {"hunter2", "CaNaRy", "abc.def"} & set(
        said(finding).replace("/", " ").replace(":", " ").split()
    )


@pytest.mark.parametrize(
    "command",
    [
        "helper --profile me",
        "helper --secret-id prod/keys",
        "helper --secret-arn=arn:aws:secretsmanager:eu-west-1:210987654321:secret:x",
        "helper --token-file ~/token",
        "helper --password-stdin",
        "helper --access-key-id AKIAQ3EGRIDNEWKEYABC",
        "helper ••••",
        "pass show aws/secret",
        "helper --mfa-token=$(ykman oath code aws)",
        "helper --password `pass aws`",
        'helper --secret "$AWS_SECRET"',
        "helper --password=${VAULT_PASSWORD}",
    ],
)
def test_a_command_that_only_names_its_secret(tmp_path: Path, command: str) -> None:
    assert "secret-in-process" not in codes(make_home(tmp_path, config=f"{HELPER}{command}\n"))


# What is missing, and what is left over

PROCESS = "[profile a]\ncredential_process = helper\n"


@pytest.mark.parametrize(
    ("config", "environ", "is_told"),
    [
        (PROCESS, {}, True),
        (f"{PROCESS}[default]\nregion = eu-west-1\n", {}, True),  # that of default is not inherited
        (PROCESS, {"AWS_DEFAULT_REGION": "eu-west-1"}, False),
        (PROCESS, {"AWS_REGION": "eu-west-1"}, False),  # that boto3 ignores it is told elsewhere
        (f"{PROCESS}region =\n", {}, False),
        ("[profile a]\noutput = json\n", {}, False),  # it has no credentials either
        (f"{PROCESS}[profile b]\nrole_arn = x\nsource_profile = a\nregion = x\n", {}, False),  # it only lends
    ],
)
def test_a_region_is_missed_where_it_is_wanted(
    tmp_path: Path, config: str, environ: dict[str, str], *, is_told: bool
) -> None:
    assert ("no-region" in codes(make_home(tmp_path, config=config, environ=environ))) is is_told


def test_the_region_of_most_profiles_is_offered(tmp_path: Path) -> None:
    others = "".join(f"[profile p{index}]\nregion = eu-west-{index // 2 + 1}\n" for index in range(3))
    finding = next(
        each for each in found(make_home(tmp_path, config=PROCESS + others)) if each.code == "no-region"
    )
    assert finding.fix.changes == {"region": "eu-west-1"}
    (tmp_path / "alone").mkdir()
    (alone,) = found(make_home(tmp_path / "alone", config=PROCESS))
    assert (alone.fix.doing, alone.fix.changes) == (FixAction.EDIT, {})


def test_nothing_is_left_over_where_a_file_does_not_parse(tmp_path: Path) -> None:
    assert codes(make_home(tmp_path, config=SESSION, credentials="nonsense\n")) == set()
