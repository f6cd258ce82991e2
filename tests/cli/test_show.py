"""``rolecall show NAME`` for a person."""

import re

import pytest

from tests.cli.program import Program


def _facts(rolecall: Program, name: str) -> dict[str, str]:
    facts = rolecall("show", name).out.partition("\n\n")[0]
    return {line[:12].strip(): line[12:] for line in facts.splitlines()}


def test_the_facts_come_first(rolecall: Program) -> None:
    facts = _facts(rolecall, "admin")
    file = facts.pop("Cache file")
    assert re.fullmatch(r"[0-9a-f]{40}\.json", file)
    assert facts == {
        "Profile": "admin",
        "Kind": "role",
        "Provider": "assume-role",
        "Chain": "admin → base → keys",
        "Expiry": "valid: expires in 43m 10s (2026-03-01T12:43:10Z); then renewed by itself",
        "Region": "eu-central-1",
        "Account": "123456789012",
    }


def test_an_error_comes_with_its_message_and_the_chain_ends_where_it_breaks(rolecall: Program) -> None:
    facts = _facts(rolecall, "lost")
    assert facts["Provider"] == "InvalidConfigError"
    assert facts[""] == 'The source_profile "nobody" referenced in the profile "lost" does not exist.'
    assert facts["Chain"] == "lost → nobody → ! InvalidConfigError"


@pytest.mark.parametrize(
    ("name", "expiry"),
    [("lost", "broken"), ("helper", "no expiry is known"), ("base", "permanent: long-term keys")],
)
def test_neither_a_state_nor_an_error_is_said_twice(rolecall: Program, name: str, expiry: str) -> None:
    found = rolecall("show", name).out
    assert _facts(rolecall, name)["Expiry"].removeprefix("unknown: ").startswith(expiry)
    assert not re.search(r"\b(\w+): \1\b", found)
    assert found.count("does not exist.") <= 1


@pytest.mark.parametrize(
    ("config", "chain"),
    [
        ("role_arn = r\ncredential_source = Environment\n", "p → environment"),
        ("role_arn = r\ncredential_source = Ec2InstanceMetadata\n", "p → instance metadata"),
        ("credential_process = x\n", "p → process"),
        ("region = x\n", "p → ! NoCredentialsError"),
        ("role_arn = r\nsource_profile = p\n", "p → p → ! InfiniteLoopConfigError"),
    ],
)
def test_the_chain_is_one_line(bare: Program, config: str, chain: str) -> None:
    bare.environ |= {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-shown"}
    bare.config(f"[profile p]\n{config}")
    assert _facts(bare, "p")["Chain"] == chain


def test_settings_come_with_file_and_line_and_the_shadowed_indented_below(rolecall: Program) -> None:
    table = rolecall("show", "base").out.rpartition("\n\n")[2]
    rows = [re.split(r" {3,}|(?<=\S) {2}", line) for line in table.splitlines()]
    assert ["region", "us-east-1", "~/.aws/credentials:4"] in rows
    assert rows[rows.index(["region", "us-east-1", "~/.aws/credentials:4"]) + 1] == [
        "  shadowed",
        "eu-west-1",
        "~/.aws/config:5",
    ]


def test_what_leaks_from_default_and_comes_from_a_session_says_so(bare: Program) -> None:
    bare.config(
        "[DEFAULT]\noutput = json\n[sso-session corp]\nsso_region = eu-west-1\n"
        "sso_start_url = https://corp.awsapps.com/start\n[profile p]\nsso_session = corp\n"
    )
    out = bare("show", "p").out
    assert re.search(r"^output +json +~/.aws/config:2 \[DEFAULT\]$", out, re.MULTILINE)
    assert re.search(r"^sso_region +eu-west-1 +~/.aws/config:4 \[sso-session corp\]$", out, re.MULTILINE)


def test_an_empty_value_is_told_apart_from_none(bare: Program) -> None:
    bare.config("[profile p]\nregion =\n")
    assert re.search(r'^region +"" +~/.aws/config:2$', bare("show", "p").out, re.MULTILINE)


def test_the_tools_stand_side_by_side_where_they_differ_and_only_there(rolecall: Program) -> None:
    assert "AWS CLI v2" not in rolecall("show", "admin").out
    rolecall.environ["AWS_REGION"] = "sa-east-1"
    lines = rolecall("show", "admin").lines
    assert "AWS CLI v1  assume-role  eu-central-1  -" in lines
    assert "AWS CLI v2  assume-role  sa-east-1     -" in lines


@pytest.mark.parametrize("width", [30, 40, 80, 200])
def test_it_fits_the_terminal(rolecall: Program, width: int) -> None:
    rolecall.config(
        "[profile p]\nrole_arn = arn:aws:iam::123456789012:role/"
        + "x" * 500
        + "\nsource_profile = 開発環境\n"
    )
    assert rolecall("show", "p", width=width).widest <= width
