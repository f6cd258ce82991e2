"""Of a command line the program and the names of its options are shown, and only harmless values."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall import text
from rolecall.masking.commands import mask_arguments, mask_command
from tests.homes import soon

CANARY = "zQ7xKvW"
"""A secret without any form: it is found by its place alone, if it is."""
LEAST = 4
"""Characters in a row of a secret that are too many to be seen."""


def leaks(shown: str, secret: str = CANARY) -> bool:
    return any(secret[at : at + LEAST] in shown for at in range(len(secret) - LEAST + 1))


def planted(words: str) -> str:
    """Put the secret in the place of each S that stands alone."""
    return re.sub(r"(?<![A-Z])S(?![a-z])", CANARY, words)


LEGIBLE = (
    "granted credential-process --profile example",
    "aws configure export-credentials --profile console --format process",
    "aws-vault export --format=json prod",
    "aws-vault exec prod --json --no-session",
    "aws-sso-util credential-process --profile My-Account-Name.CoolRoleName",
    "gimme-aws-creds --profile x --output-format json",
    "saml2aws login --skip-prompt --quiet --credential-process --role arn:aws:iam::111122223333:role/R",
    "./aws_signing_helper credential-process --certificate ./c/c-01.crt --private-key ./c/c-01.key",
    "helper --profile-arn arn:aws:rolesanywhere:us-east-1:111122223333:profile/x",
    r"C:\tools\aws_signing_helper.exe credential-process --certificate C:\certs\c.crt",
    r'"C:\Program Files\aws\aws_signing_helper.exe" credential-process --certificate c:\certs\me.pem',
    "op read op://vault/aws",
    "$HOME/bin/creds.sh",
    "python -m my.module --profile x --duration 3600 --role-session-name me@example.com",
    "/opt/tools/helper --config /etc/helper.toml --region eu-west-1 --account 111122223333",
    "env AWS_PROFILE=dev helper --token-file ~/.config/token",
    "sh -c 'op read op://vault/aws'",
    "helper https://vault.example:8200/v1/aws",
    "rolecall export prod --shell json",
    "less -R",
)


@pytest.mark.parametrize("command", LEGIBLE)
def test_what_is_harmless_stays_legible(command: str) -> None:
    assert mask_command(command) == command


MASKED = {
    "an option's value": ("helper --opt S", "helper --opt ••••"),
    "behind an equals sign": ("helper --opt=S", "helper --opt=••••"),
    "an escaped quote": (
        r'helper --password "S\"S" --region eu-west-1',
        "helper --password •••• --region eu-west-1",
    ),
    "quotes that go on": ("helper --password='S'S x", "helper --password=•••• ••••"),
    "an escaped blank": (r"helper S\ S", "helper ••••"),
    "glued to a letter": ("sshpass -pS ssh", "sshpass -p•••• ••••"),
    "behind a letter": ("sshpass -p S ssh", "sshpass -p •••• ••••"),
    "user and password": ("curl -u me:S https://h.example", "curl -u •••• https://h.example"),
    "a variable for the program": ("KEY=S helper", "KEY=•••• helper"),
    "a variable behind env": (
        "env -i KEY=S AWS_PROFILE=dev helper",
        "env -i KEY=•••• AWS_PROFILE=dev helper",
    ),
    "a query": ("helper 'https://h/?sig=S&x=S#S'", "helper https://h/?sig=••••&x=••••"),
    "an argument": ("vault login S", "vault login ••••"),
    "a key where its file may stand": (
        "helper --key S --private-key S",
        "helper --key •••• --private-key ••••",
    ),
    "a short name": ("helper --pat S --pin S --jwt S", "helper --pat •••• --pin •••• --jwt ••••"),
    "one that begins like an option": (
        "helper --password -S --region us-east-1",
        "helper --password •••• --region us-east-1",
    ),
    "a script": ("sh -c 'helper -pS | jq .'", "sh -c 'helper -p•••• | jq .'"),
    "a program in a script": ("bash -c \"KEY='S' helper\"", "bash -c 'KEY=•••• helper'"),
    "code": ("python -c S", "python -c ••••"),
    "the whole in quotes": ('"/bin/helper --password S"', "/bin/helper --password ••••"),
    "behind a pipe": ("helper | S", "helper | ••••"),
    "a quote that is not closed": ("helper --opt 'S", "helper ••••"),
    "a variable that is not closed": ("KEY='S helper", "••••"),
    "Go's options": ("helper -profile dev -token S", "helper -profile dev -t•••• ••••"),
    "a container's environment": ("docker run --env T=S -e T=S image", "docker run --env •••• -e •••• ••••"),
    "a number": ("helper 1234", "helper ••••"),
    "behind two dashes": ("helper -- S", "helper -- ••••"),
    "an option that is none": ("helper --tok:S --x+S", "helper --•••• --••••"),
    "JSON": ('echo \'{"SecretAccessKey": "S"}\'', "echo ••••"),
    "a profile with more to it": ("helper --profile me:S", "helper --profile ••••"),
}


@pytest.mark.parametrize(("command", "shown"), MASKED.values(), ids=MASKED.keys())
def test_what_is_not_known_to_be_harmless_is_masked(command: str, shown: str) -> None:
    assert mask_command(planted(command)) == shown
    # AND again where it is shown among other words
    assert mask_command(shown) == shown
    assert not leaks(text.mask(shown))


def quoted(secret: str) -> st.SearchStrategy[str]:
    """Return a word in one of the many ways in which a shell takes it."""
    half = len(secret) // 2
    one, other = secret[:half], secret[half:]
    return st.sampled_from((
        secret, f"'{secret}'", f'"{secret}"', f"'{one}'{other}", f'{one}"{other}"', f'"{one}\\"{other}"',
        f"{one}\\ {other}", f"'{one} {other}'", f"\\{secret}", f"'{one}'\\''{other}'", f'"{one}\'{other}"',
        f"{one}\\\\{other}", f'"{one}$({other})"', f"{one}|{other}", f"{one};{other}", f"{one}={other}",
        f"{one}:{other}@h", f"-{secret}", f"{secret}/", f"{one}&{other}", f"{one}\\\n{other}", f"'{secret}",
    ))  # fmt: skip


SECRET = quoted(CANARY)
NAMES = st.sampled_from(
    [
        "password",
        "pass",
        "pin",
        "otp",
        "key",
        "jwt",
        "pat",
        "token",
        "secret",
        "x",
        "opt",
        "client-id",
        "user",
        "username",
        "header",
        "data",
        "auth",
    ]
)
VALUES = st.one_of(
    SECRET,
    st.builds("--{}={}".format, NAMES, SECRET),
    st.builds("--{} {}".format, NAMES, SECRET),
    st.builds("-p{}".format, quoted(CANARY).filter(lambda word: not word.startswith("-"))),
    st.builds("-u me:{}".format, SECRET),
    st.builds("MY_VARIABLE={}".format, SECRET),
    st.just(f"https://me:{CANARY}@h.example/x"),
    st.just(f"https://h.example/x?sig={CANARY}#{CANARY}"),
    st.just(f"HTTPS://{CANARY}@h.example"),
)
HARMLESS = st.sampled_from(("--region eu-west-1", "--json", "login", "-v", "--", "/etc/x/y.toml", "| jq ."))
PROGRAMS = st.sampled_from(
    (
        "helper",
        "/usr/bin/helper",
        "env A=b helper",
        "sshpass",
        "curl",
        "vault",
        "aws-vault exec prod",
        "/usr/bin/rolecall process prod-source",
        "sudo helper",
    )
)
COMMANDS = st.builds(
    lambda program, words: " ".join((program, *words)),
    PROGRAMS,
    st.lists(st.one_of(VALUES, HARMLESS), min_size=1, max_size=5),
)


@settings(max_examples=400)
@given(COMMANDS)
def test_no_part_of_a_value_is_ever_shown(command: str) -> None:
    assert not leaks(mask_command(command))
    # AND in a script within a command
    script = command.replace("'", "'\\''")
    assert not leaks(mask_command(f"sh -c '{script}'"))
    # AND in free text that says what it is
    assert "\n" in command or not leaks(text.mask(f"x\ncredential_process = {command}"))
    assert not leaks(text.shown_value("credential_process", command))


@given(COMMANDS)
def test_masking_a_command_twice_is_masking_it_once(command: str) -> None:
    once = mask_command(command)
    assert mask_command(once) == once


def test_arguments_that_are_apart_already_are_masked_the_same() -> None:
    assert mask_arguments(["helper", "--password", f"a {CANARY}", "--region", "eu-west-1"]) == [
        "helper", "--password", "••••", "--region", "eu-west-1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "piece", ["a", "'", '"', "\\", "a ", "'a' ", "-", "--x ", "=", "sh -c '", "x=", "|", "/a", "::"]
)
def test_a_hundred_thousand_characters_take_no_time(piece: str) -> None:
    command = "helper " + piece * (100_000 // len(piece))
    with soon(5):
        mask_command(command)
        mask_command(f"sh -c '{command}'")
