"""Cures that did harm when they were carried out: none of them is offered as a line any more."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import examine
from tests.homes import make_home

PAIR = "aws_access_key_id = AKIAQ3EGRIDLONGTERM1\naws_secret_access_key = CANARY\n"
ROLE = "role_arn = arn:{}:iam::111122223333:role/x\nsource_profile = base\n"


def look(place: Path, **home: object) -> tuple[Finding, ...]:
    return examine(Snapshot.take(make_home(place / "home", **home))).all  # type: ignore[arg-type]  # as it takes them


def of(findings: tuple[Finding, ...], code: str) -> Finding:
    return next(each for each in findings if each.code == code)


# Nothing on purpose.


@pytest.mark.parametrize("path", ["/dev/null", "NUL", "{HOME}/empty", "{HOME}/link"])
@pytest.mark.parametrize("name", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_a_file_that_is_nothing_on_purpose_is_no_finding(tmp_path: Path, name: str, path: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/link").symlink_to(os.devnull)
    files = {"empty": ""} if "empty" in path else {}
    found = look(tmp_path, environ={name: path}, files=files)
    assert {each.code for each in found} <= {"readable-config", "readable-secrets"}


# What is wrong in itself is not carried on.


@pytest.mark.parametrize(
    "value", ['"eu-west-1"', "'eu-west-1'", "eu-west-1a", " eu-west-1", "eu_west_1", "<region>"]
)
def test_no_bad_region_goes_on_to_another_variable_or_name(tmp_path: Path, value: str) -> None:
    config = f"[profile dev]\nregoin = {value}\n" if value == value.strip() else None
    for each in look(tmp_path, config=config, environ={"AWS_REGION": value}):
        line = each.fix.run() or ""
        assert line == "export AWS_REGION='eu-west-1'" or value.strip() not in line, line
        assert "AWS_DEFAULT_REGION" not in line


@pytest.mark.parametrize("value", ['"eu-west-1"', "'eu-west-1'", " eu-west-1", "eu_west_1", "eu-west-1,"])
@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_the_region_that_was_meant_is_written_and_not_unset(tmp_path: Path, name: str, value: str) -> None:
    found = look(tmp_path, environ={name: value, "SHELL": "/bin/bash"})
    # an underscore is no surplus
    fix = of(found, "env-bad-setting" if "_" in value else "env-surplus").fix
    assert fix.run() == f"export {name}='eu-west-1'"


# Regions are of a partition.


@pytest.mark.parametrize(
    ("here", "there"),
    [("us-gov-west-1", "eu-west-1"), ("cn-north-1", "us-east-1"), ("eu-west-1", "cn-north-1")],
)
def test_no_region_goes_on_to_tools_that_use_another_partition(tmp_path: Path, here: str, there: str) -> None:
    environ = {"AWS_REGION": here, "AWS_PROFILE": "base"}
    found = look(
        tmp_path, config=f"[profile base]\nregion = {there}\n", credentials=f"[base]\n{PAIR}", environ=environ
    )
    assert of(found, "region-ignored-by-boto3").fix.run() is None


GOV = f"[profile gov]\n{ROLE.format('aws-us-gov')}"
KNOWN = "[profile a]\nregion = eu-west-1\n[profile b]\nregion = eu-west-1\n"


@pytest.mark.parametrize(
    ("config", "region"),
    [
        (f"[profile x]\n{ROLE.format('aws')}{KNOWN}", "eu-west-1"),
        (f"[profile x]\n{ROLE.format('aws')}[profile c]\nregion = us-gov-west-1\n", None),
        (f"[profile x]\n{ROLE.format('aws')}", None),
        (f'[profile x]\n{ROLE.format("aws")}[profile c]\nregion = "eu-west-1"\n', None),
    ],
)
def test_a_region_is_offered_of_the_role_s_partition_and_of_the_user_s_own(
    tmp_path: Path, config: str, region: str | None
) -> None:
    fix = of(look(tmp_path, config=config, credentials=f"[base]\n{PAIR}"), "no-region").fix
    assert (fix.run() is None) == (region is None)
    if region is not None:
        assert fix.run() == f"rolecall set x region {region}"


@pytest.mark.parametrize(
    ("partition", "regions"),
    [("aws-us-gov", "us-gov-east-1 and us-gov-west-1"), ("aws-cn", "cn-north-1 and cn-northwest-1")],
)
def test_a_role_of_another_partition_is_told_that_partition_s_regions_and_no_other(
    tmp_path: Path, partition: str, regions: str
) -> None:
    config = f"[profile x]\n{ROLE.format(partition)}{KNOWN}"
    fix = of(look(tmp_path, config=config, credentials=f"[base]\n{PAIR}"), "other-partition").fix
    assert fix.run() is None
    assert f"set a region of {partition}, such as {regions}," in fix.words


# What a platform has set.

TOKEN = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token", "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/x"}


@pytest.mark.parametrize(
    "mark",
    [
        {"KUBERNETES_SERVICE_HOST": "10.0.0.1"},
        {"AWS_EXECUTION_ENV": "AWS_ECS_FARGATE"},
        {"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/x"},
        {"CI": "true"},
        {"GITHUB_ACTIONS": "true"},
        {"AWS_WEB_IDENTITY_TOKEN_FILE": TOKEN},
    ],
    ids=str,
)
def test_a_platform_s_web_identity_is_not_unset(tmp_path: Path, mark: Mapping[str, str]) -> None:
    # GIVEN a pod whose token is not there: without the variables its commands would use the machine's role
    fix = of(look(tmp_path, environ=WEB | dict(mark)), "env-web-identity-broken").fix
    assert (fix.doing, fix.run()) == (FixAction.NOTHING, None)
    # AND one that wins over the chosen profile
    if "AWS_WEB_IDENTITY_TOKEN_FILE" not in mark:
        environ = WEB | dict(mark) | {"AWS_PROFILE": "base"}
        found = look(tmp_path, environ=environ, files={"token": "CANARY"}, credentials=f"[base]\n{PAIR}")
        assert of(found, "env-web-identity").fix.run() is None


# Half a pair, whose other half is there under another name.


@pytest.mark.parametrize(
    ("environ", "code", "line"),
    [
        (
            {"AWS_ACCESS_KEY_ID": "AKIAQ3EGRIDLONGTERM1", "AWS_SECRET_KEY": "CANARY"},
            "env-half-a-pair",
            'export AWS_SECRET_ACCESS_KEY="$AWS_SECRET_KEY"; unset AWS_SECRET_KEY',
        ),
        (
            {"AWS_ACCES_KEY_ID": "AKIAQ3EGRIDLONGTERM1", "AWS_SECRET_ACCESS_KEY": "CANARY"},
            "env-token-without-key",
            'export AWS_ACCESS_KEY_ID="$AWS_ACCES_KEY_ID"; unset AWS_ACCES_KEY_ID',
        ),
        (
            {
                "AWS_ACCESS_KEY_ID": "ASIAQ3EGRIDTEMPORARY",
                "AWS_SECRET_ACCESS_KEY": "CANARY",
                "AWS_SESION_TOKEN": "CANARY",
            },
            "env-token-missing",
            'export AWS_SESSION_TOKEN="$AWS_SESION_TOKEN"; unset AWS_SESION_TOKEN',
        ),
        (
            {"AWS_ACCESS_KEY_ID": "AKIAQ3EGRIDLONGTERM1", "SECRET_ACCESS_KEY": "CANARY"},
            "env-half-a-pair",
            'export AWS_SECRET_ACCESS_KEY="$SECRET_ACCESS_KEY"; unset SECRET_ACCESS_KEY',
        ),
        (
            {"AWS_KEY": "AKIAQ3EGRIDLONGTERM1", "AWS_SECRET_ACCESS_KEY": "CANARY"},
            "env-token-without-key",
            'export AWS_ACCESS_KEY_ID="$AWS_KEY"; unset AWS_KEY',
        ),
        (
            {
                "AWS_ACCESS_KEY_ID": "ASIAQ3EGRIDTEMPORARY",
                "AWS_SECRET_ACCESS_KEY": "CANARY",
                "AWS_TOKEN": "CANARY",
            },
            "env-token-missing",
            'export AWS_SESSION_TOKEN="$AWS_TOKEN"; unset AWS_TOKEN',
        ),
    ],
)
def test_the_misspelt_half_is_renamed_and_the_good_one_kept(
    tmp_path: Path, environ: Mapping[str, str], code: str, line: str
) -> None:
    fix = of(look(tmp_path, environ={"SHELL": "/bin/bash"} | dict(environ)), code).fix
    assert fix.run() == line


# Other accounts' files.


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("leads_there", [False, True])
def test_nobody_is_told_to_change_the_mode_of_another_account_s_file(
    tmp_path: Path, *, leads_there: bool
) -> None:
    host = make_home(tmp_path / "home", credentials=f"[base]\n{PAIR}")
    path = host.home / ".aws/credentials"
    if leads_there:
        path.rename(host.home / "real")
        path.symlink_to(host.home / "real")
    os.chown(path, 12345, 12345)
    os.chmod(path.resolve(), 0o644)  # noqa: PTH101 - what the link leads to
    fix = of(examine(Snapshot.take(host)).all, "readable-secrets").fix
    assert (fix.doing, fix.run()) == (FixAction.NOTHING, None)


@pytest.mark.ordinary_user
@pytest.mark.parametrize("path", ["/etc/shadow", "/root/config", "/dev/zero", "/etc", "/dev/null"])
@pytest.mark.parametrize("name", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_nobody_is_told_to_take_what_is_the_system_s(tmp_path: Path, name: str, path: str) -> None:
    for each in look(tmp_path, environ={name: path}):
        assert each.fix.run() is None
        assert "chown" not in each.fix.words
        assert "in the place of" not in each.fix.words
        assert "a directory that you own" not in each.fix.words


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_root_takes_nothing_for_itself_from_another_account_s_home(tmp_path: Path) -> None:
    # GIVEN a home of somebody, with a file of that account and one of a third
    host = make_home(tmp_path / "home", config="[profile a]\n", credentials=f"[base]\n{PAIR}")
    for path, owner in (("", 12345), (".aws/credentials", 12345), (".aws/config", 54321)):
        os.chown(host.home / path, owner, owner)
    (host.home / ".aws/credentials").chmod(0o644)
    found = examine(Snapshot.take(host)).all
    # THEN the mode of the one is changed, which leaves it its owner's, and the other is not root's to have
    assert (of(found, "readable-secrets").fix.run() or "").startswith("chmod 600 ")
    assert "chown" not in of(found, "foreign-owner").fix.words


@pytest.mark.parametrize("path", ["/dev/zero", "/tmp"])  # noqa: S108 - never written to
def test_a_device_or_directory_that_a_variable_names_stays_where_it_is(tmp_path: Path, path: str) -> None:
    fix = of(look(tmp_path, environ={"AWS_CONFIG_FILE": path}), "unreadable-file").fix
    assert (
        fix.words
        == f"leave {path} to its owner; have AWS_CONFIG_FILE name your own file if you do not mean this one"
    )


# Lines of blocks and headers.


def test_an_endpoint_in_a_block_is_left_to_the_plugin_that_reads_it(tmp_path: Path) -> None:
    config = (
        "[plugins]\nendpoint = awscli_plugin_endpoint\n[profile x]\ns3 =\n  endpoint_url = http://localhost\n"
    )
    assert "swallowed-line" not in {each.code for each in look(tmp_path, config=config)}


def test_sections_are_merged_key_by_key(tmp_path: Path) -> None:
    found = look(tmp_path, config="[kim]\nregion = a\noutput = json\n[profile kim]\nregion = b\n")
    assert of(found, "not-a-profile").fix.words == (
        "put its settings below [profile kim] in the editor: key by key, for region may be there only once"
    )


def test_a_glued_header_is_told_and_nothing_else_of_its_line(tmp_path: Path) -> None:
    for config in (
        "[profile dev]\noutput = json[profile prod]\nregion = us-east-1\n",
        "[profile dev]\nregion = eu-west-1[profile prod]\nregion = us-east-1\n",
    ):
        codes = {each.code for each in look(tmp_path, config=config)}
        assert "glued-line" in codes
        assert codes.isdisjoint({"bad-value", "odd-region", "duplicate-key"})


@pytest.mark.parametrize(
    "line",
    [
        "role_session_name = dependabot[bot]",
        "credential_process = jq -r .[0] --output = x",
        "endpoint_url = http://localhost/?region=eu-west-1",
        "sso_start_url = https://x/start#/?output=json",
    ],
)
def test_brackets_and_equals_signs_of_values_are_not_glued(tmp_path: Path, line: str) -> None:
    for file in ({"config": f"[profile a]\n{line}\n"}, {"credentials": f"[a]\n{line}\n"}):
        assert "glued-line" not in {each.code for each in look(tmp_path, **file)}


def test_what_stands_below_a_glued_header_is_not_removed(tmp_path: Path) -> None:
    # GIVEN a credentials file in which one profile's header is glued to the secret of the one before
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    credentials = f"[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {secret}[prod]\n"
    host = make_home(
        tmp_path,
        config="[profile dev]\nregion = us-east-1\n",
        credentials=f"{credentials}region = eu-west-1\n",
    )
    # WHEN it is looked at
    findings = examine(Snapshot.take(host)).all
    # THEN the header is told, and nobody is to remove the region that belongs to it
    assert "glued-line" in {each.code for each in findings}
    assert not [each for each in findings if "region" in (each.fix.line_for(host) or "")]
