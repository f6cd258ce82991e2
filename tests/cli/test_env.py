"""``rolecall env`` for a person, and ``--unset`` for a shell."""

import re

import pytest

from tests.cli.program import Program


def test_variables_come_with_verdict_and_effect(rolecall: Program) -> None:
    rolecall.environ["AWS_REGION"] = "eu-west-1"
    assert re.split(r" {2,}", rolecall("env").lines[1]) == [
        "AWS_REGION",
        "eu-west-1",
        "ignored by boto3",
        "CLI v2 uses it as the region; boto3 and CLI v1 ignore it",
    ]


def test_set_to_nothing_is_not_the_same_as_unset(rolecall: Program) -> None:
    rolecall.environ["AWS_PAGER"] = ""
    assert re.split(r" {2,}", rolecall("env").lines[1])[:3] == ["AWS_PAGER", '""', "empty"]


def test_below_stands_what_each_tool_would_use(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_PROFILE": "base", "AWS_DEFAULT_PROFILE": "nowhere"}
    lines = rolecall("env").lines
    rows = {row[0]: row for row in (re.split(r" {2,}", line) for line in lines[lines.index("") + 1 :])}
    assert rows["AWS CLI v2"][1:4] == ["∞ permanent", "base", "shared-credentials-file"]
    assert rows["boto3"][1:4] == ["! broken", "nowhere", "ProfileNotFound"]
    assert rows["boto3"][-1] == "ProfileNotFound: The config profile (nowhere) could not be found"


def test_without_variables_it_says_so_and_still_tells_the_tools(rolecall: Program) -> None:
    lines = rolecall("env").lines
    assert lines[0] == "No AWS variable is set here."
    assert "boto3" in lines[3]


@pytest.mark.parametrize("width", [40, 80, 200])
def test_it_fits_the_terminal_and_the_effects_are_whole(rolecall: Program, width: int) -> None:
    rolecall.environ |= {"AWS_PROFILE": "base", "AWS_DEFAULT_PROFILE": "x" * 500, "AWS_REGION": "r"}
    outcome = rolecall("env", width=width)
    assert outcome.widest <= width
    assert "not all tools read" in " ".join(outcome.out.split())


def test_unset_clears_what_begins_with_aws_and_leaves_the_proxy(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_PROFILE": "p", "AWSUME_EXPIRATION": "x", "HTTPS_PROXY": "http://proxy"}
    assert rolecall("env", "--unset", "--shell", "bash").out == "unset AWS_PROFILE\nunset AWSUME_EXPIRATION\n"


def test_unset_clears_only_the_names_that_are_given(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_PROFILE": "p", "AWS_REGION": "r", "HTTPS_PROXY": "http://proxy"}
    outcome = rolecall("env", "--unset", "--shell", "bash", "AWS_REGION", "HTTPS_PROXY")
    assert outcome.out == "unset AWS_REGION\nunset HTTPS_PROXY\n"


ABOUT_AWS = [
    "AWS_PROFILE",
    "AWS_ENDPOINT_URL_S3",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_SOMETHING_NEW",
    "aws_profile",
    "BOTO_CONFIG",
    "AWS_VAULT",
    "AWS_VAULT_BACKEND",
    "AWSUME_PROFILE",
    "AWSUME_COMMAND",
    "AWS_SSO_PROFILE",
    "AWS_OKTA_PROFILE",
    "GRANTED_SSO",
    "GRANTED_QUIET",
    "SAML2AWS_PROFILE",
    "https_proxy",
]


@pytest.mark.parametrize("name", ABOUT_AWS)
def test_whatever_is_about_aws_is_unset_by_name_and_nothing_is_done_where_it_is_not_set(
    rolecall: Program, name: str
) -> None:
    outcome = rolecall("env", "--unset", name)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    # WHEN it is set, be it to nothing
    rolecall.environ[name] = ""
    assert rolecall("env", "--unset", name).out == f"unset {name}\n"


MARKS = {
    "AWS_VAULT": "dev",
    "AWSUME_PROFILE": "dev",
    "AWSUME_COMMAND": "dev -a",
    "AWS_SSO": "corp",
    "AWS_SSO_PROFILE": "dev",
    "AWS_SSO_SESSION_EXPIRATION": "2020-01-01T00:00:00Z",
    "AWS_OKTA_PROFILE": "dev",
    "GRANTED_SSO": "true",
    "GRANTED_SSO_ROLE_NAME": "Dev",
    "ASSUMED_ROLE": "dev",
    "AWS_EB_PROFILE": "dev",
}
SETTINGS = {
    "AWS_VAULT_BACKEND": "file",
    "AWS_VAULT_KEYCHAIN_NAME": "login",
    "AWS_VAULT_FILE_PASSPHRASE": "CANARY",
    "AWS_SESSION_TOKEN_TTL": "1h",
    "AWS_SSO_FILE_PASSWORD": "CANARY",
    "AWS_OKTA_BACKEND": "file",
    "AWSUME_SKIP_ALIAS_SETUP": "true",
    "GRANTED_ALIAS_CONFIGURED": "true",
    "SAML2AWS_IDP_ACCOUNT": "corp",
}


@pytest.mark.parametrize(
    "arguments", [("env", "--unset"), ("export", "base"), ("export", "base", "--profile-only")]
)
def test_what_other_tools_left_about_a_session_goes_and_their_settings_stay(
    rolecall: Program, arguments: tuple[str, ...]
) -> None:
    rolecall.environ |= MARKS | SETTINGS
    lines = rolecall(*arguments, "--shell", "bash").lines
    assert {line.removeprefix("unset ") for line in lines} >= set(MARKS)
    assert [name for name in SETTINGS if any(name in line.split() for line in lines)] == []


def test_the_lines_are_for_the_shell_that_asks(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_PROFILE": "p", "SHELL": "/usr/bin/fish"}
    assert rolecall("env", "--unset").out.startswith("set -eg AWS_PROFILE; ")


@pytest.mark.parametrize(
    "shell", ["/bin/tcsh", "/bin/csh", "/usr/bin/nu", "/usr/bin/xonsh", "/usr/bin/elvish"]
)
@pytest.mark.parametrize(
    "arguments", [("env", "--unset"), ("export", "base"), ("export", "base", "--profile-only")]
)
def test_a_shell_for_which_there_are_no_lines_gets_none(
    rolecall: Program, shell: str, arguments: tuple[str, ...]
) -> None:
    rolecall.environ |= {"AWS_PROFILE": "base", "SHELL": shell}
    outcome = rolecall(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"no lines for {shell.rpartition('/')[2]}" in outcome.err
    assert "--shell" in outcome.err
    # WHEN it is called by its name
    named = rolecall(*arguments, "--shell", shell.rpartition("/")[2])
    assert (named.code, named.out) == (2, "")


def test_unset_never_prints_a_name_that_a_shell_could_run(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_$(touch pwned)": "x", "AWS_A;B": "x", "AWS_\nrm": "x", "AWS_PROFILE": "p"}
    outcome = rolecall("env", "--unset", "--shell", "bash")
    assert outcome.out == "unset AWS_PROFILE\n"
    assert outcome.err == "rolecall: 3 not unset: no shell accepts their names as variable names\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--unset", "--shell", "tcsh"),
        ("--shell", "bash"),
        ("--unset", "--json"),
        ("--unset", "PATH"),
        ("NOT_OURS",),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(rolecall: Program, arguments: tuple[str, ...]) -> None:
    rolecall.environ["PATH"] = "/bin"
    outcome = rolecall("env", *arguments)
    assert outcome.code == 2
    assert len(outcome.err.splitlines()) == 1
