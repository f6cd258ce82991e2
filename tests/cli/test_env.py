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
        "CLI v2 takes it for the region; boto3 and CLI v1 ignore it",
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
    assert "ask first" in " ".join(outcome.out.split())


def test_unset_clears_what_begins_with_aws_and_leaves_the_proxy(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_PROFILE": "p", "AWSUME_EXPIRATION": "x", "HTTPS_PROXY": "http://proxy"}
    assert rolecall("env", "--unset", "--shell", "bash").out == "unset AWS_PROFILE\nunset AWSUME_EXPIRATION\n"


def test_unset_clears_only_the_names_that_are_given(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_PROFILE": "p", "AWS_REGION": "r", "HTTPS_PROXY": "http://proxy"}
    outcome = rolecall("env", "--unset", "--shell", "fish", "AWS_REGION", "HTTPS_PROXY")
    assert outcome.out == "set -e AWS_REGION\nset -e HTTPS_PROXY\n"


def test_unset_of_one_that_is_not_set_does_nothing(rolecall: Program) -> None:
    outcome = rolecall("env", "--unset", "AWS_PROFILE")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_unset_guesses_the_shell(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_PROFILE": "p", "SHELL": "/usr/bin/fish"}
    assert rolecall("env", "--unset").out == "set -e AWS_PROFILE\n"


def test_unset_never_prints_a_name_that_a_shell_could_run(rolecall: Program) -> None:
    rolecall.environ |= {"AWS_$(touch pwned)": "x", "AWS_A;B": "x", "AWS_\nrm": "x", "AWS_PROFILE": "p"}
    outcome = rolecall("env", "--unset", "--shell", "bash")
    assert outcome.out == "unset AWS_PROFILE\n"
    assert outcome.err == "rolecall: 3 left alone: no shell could take their names for a variable's\n"


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
