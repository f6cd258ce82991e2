"""What a message quotes is masked: values by what they are called, and commands, however they are quoted."""

import re

import pytest

from rolecall import text

CANARY = "zQ7xKvW"


def planted(words: str) -> str:
    """Put the secret in the place of each S that stands alone."""
    return re.sub(r"(?<![A-Z])S(?![a-z])", CANARY, words)


MASKED = {
    "a comment behind a value": (
        'The source_profile "base ; S\'S" is not there',
        'The source_profile "base ; …',
    ),
    "a comment without a blank": ("in eu-west-1 #S S", "in eu-west-1 # …"),
    "an escaped quote": (r'--password "a\"S" b', "--password •••• b"),
    "quotes that go on": ("--password='a'S b", "--password=•••• b"),
    "an escaped blank": (r"--password a\ S b", "--password •••• b"),
    "a quote that is not closed": ("--password 'a S", "--password ••••"),
    "short names": (
        "--pass S --pin S --otp S --jwt S --pat S x",
        "--pass •••• --pin •••• --otp •••• --jwt •••• --pat •••• x",
    ),
    "a key, and its file": ("--key S --key ./x.pem", "--key •••• --key ./x.pem"),
    "a variable": ("export AWS_VAULT_FILE_PASSPHRASE=S", "export AWS_VAULT_FILE_PASSPHRASE=••••"),
    "an unknown variable": ("MY_VARIABLE=S helper", "MY_VARIABLE=•••• helper"),
    "in quotes": ("the option '--token=S' is unknown", "the option '--token=••••' is unknown"),
    "in quotes, with blanks": ('run "--token=S S" again', 'run "--token=••••" again'),
    "a call": (
        "subprocess.run(['helper', '--password', 'S'])",
        "subprocess.run(['helper', '--password', ••••",
    ),
    "a program's failure": (
        "Command 'helper --x S' returned non-zero exit status 1.",
        "Command 'helper --x ••••' returned non-zero exit status 1.",
    ),
    "a list's failure": (
        "Command '['helper', '-pS', '--region', 'eu-west-1']' timed out after 3 seconds",
        "Command ['helper', '-p••••', '--region', 'eu-west-1'] timed out after 3 seconds",
    ),
    "behind a prompt": ("$ helper S --region eu-west-1", "$ helper •••• --region eu-west-1"),
    "behind a trace": ("+ helper -pS", "+ helper -p••••"),
    "a setting": ("see credential_process = helper S", "see credential_process = helper ••••"),
    "a setting in JSON": (
        '{"credential_process": "helper S --json", "region": "x"}',
        '{"credential_process": "helper •••• --json", "region": "x"}',
    ),
    "another tool's setting": ("mfa_process=oathtool -b S", "mfa_process=oathtool -b ••••"),
    "a known program": ("try: sshpass -p S ssh x", "try: sshpass -p •••• •••• ••••"),
    "a login": ("vault login S", "vault login ••••"),
    "a user's password": ("x --user me:S y", "x --user me:•••• y"),
    "a setting that is set": (
        "aws configure set aws_session_token S",
        "aws configure set aws_session_token ••••",
    ),
    "a header": ('Authorization: Basic a"S S', "Authorization: ••••"),
    "JSON in JSON": (r"{\"password\": \"S\"}", r"{\"password\": ••••"),
    "without a scheme": ("proxy me:S@h.example:3128 refused", "proxy ••••@h.example:3128 refused"),
    "a private key": (
        "-----BEGIN EC PRIVATE KEY-----\nS\n-----END",
        "-----BEGIN EC PRIVATE KEY-----••••-----END",
    ),
    "a service's token": ("token ghp_S0123456789012345678901234", "token ••••"),
}


@pytest.mark.parametrize(("words", "shown"), MASKED.values(), ids=MASKED.keys())
def test_a_secret_in_a_message_is_masked(words: str, shown: str) -> None:
    said = text.mask(planted(words))
    assert said == shown


@pytest.mark.parametrize(
    "words",
    [
        "neither a [header] nor key = value; every command fails",
        "1 of 3 keys: 2 are old",
        "credentials: 3 files",
        "+ [profile dev]",
        "+ region = eu-west-1",
        "A bearer token for one service, over the credentials",
        "the credential_process of dev failed: it printed no JSON object",
        "curl: (6) Could not resolve host",
        "set AWS_PROFILE=dev and AWS_REGION=eu-west-1",
        "argument --region: expected one argument",
        "run `aws sso login --profile dev` in this shell",
        "run `docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-west-1.amazonaws.com`",
        "User: arn:aws:sts::111122223333:assumed-role/R/me@example.com is not authorized",
    ],
)
def test_a_sentence_stays(words: str) -> None:
    assert text.mask(words) == words
