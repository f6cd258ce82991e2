"""No secret gets out, whichever command is asked and wherever the secret stands."""

import itertools

import pytest

from tests.cli.program import Program

CANARY = "CANARYcanaryCANARYcanaryCANARYcanary0123"  # as long as a secret key
KEY_ID = "AKIACANARYCANARYABCD"
CONFIG = f"""\
[default]
region = eu-west-1
aws_secret_access_key = {CANARY}

[profile nested]
s3 =
  token = {CANARY}
  secret = {CANARY}

[profile process]
credential_process = helper --password {CANARY} --api-key={CANARY}

[profile indented-by-mistake]
region = eu-west-1
  aws_secret_access_key = {CANARY}
  aws_access_key_id = {KEY_ID}

[profile source-indented]
role_arn = arn:aws:iam::123456789012:role/R
source_profile = base
  aws_session_token = {CANARY}

[profile arn-indented]
role_arn = arn:aws:iam::123456789012:role/R
  aws_session_token = {CANARY}
source_profile = base

[profile process-source]
role_arn = arn:aws:iam::123456789012:role/R
credential_source = x
  secret = {CANARY}

[profile endpoint]
endpoint_url = https://me:{CANARY}@example.com/
sso_start_url = https://me:{CANARY}@example.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Dev

[profile pasted]
{CANARY}=
x{CANARY}: {CANARY}

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1

[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Dev

[profile inconsistent]
sso_session = corp
sso_region = x
  password = {CANARY}
sso_account_id = 123456789012
sso_role_name = Dev
"""
CREDENTIALS = f"""\
[base]
aws_access_key_id = {KEY_ID}
aws_secret_access_key = {CANARY}
aws_session_token = {CANARY}
aws_security_token = {CANARY}
x_secret = {CANARY}
"""
VARIABLES = {
    "AWS_ACCESS_KEY_ID": KEY_ID,
    "AWS_SECRET_ACCESS_KEY": CANARY,
    "AWS_SESSION_TOKEN": CANARY,
    "AWS_SECURITY_TOKEN": CANARY,
    "AWS_PROFILE": f"base aws_secret_access_key={CANARY}",
    "AWS_DEFAULT_PROFILE": CANARY,
    "AWS_DEFAULT_REGION": f"eu-west-1 token={CANARY}",
    "AWS_CREDENTIAL_EXPIRATION": CANARY,
    "AWS_BEARER_TOKEN_BEDROCK": CANARY,
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": CANARY,
    "AWS_SOMETHING_SECRET": CANARY,
    "HTTPS_PROXY": f"http://me:{CANARY}@proxy:3128",
}
PARTS = {
    secret[start : start + 12].lower() for secret in (CANARY, KEY_ID) for start in range(len(secret) - 11)
}
COMMANDS = [
    ("list",),
    ("env",),
    ("cache", "list"),
    ("env", "--unset"),
    *(
        ("show", name)
        for name in (
            "default",
            "nested",
            "process",
            "indented-by-mistake",
            "source-indented",
            "arn-indented",
            "process-source",
            "endpoint",
            "pasted",
            "sso",
            "inconsistent",
            "base",
        )
    ),
]


@pytest.fixture
def spiked(bare: Program) -> Program:
    """Return the program over a home with a canary in every place that can hold a secret."""
    bare.config(CONFIG)
    bare.credentials(CREDENTIALS)
    role = {
        "Credentials": {
            "AccessKeyId": KEY_ID,
            "SecretAccessKey": CANARY,
            "SessionToken": CANARY,
            "Expiration": "2026-03-01T13:00:00Z",
        },
        "AssumedRoleUser": {"Arn": f"arn:aws:sts::1:assumed-role/R/s token={CANARY}"},
    }
    bare.write("cli/cache/role.json", role)
    bare.write("cli/cache/not-json.json", CANARY)
    bare.write("cli/cache/no-time.json", {"Credentials": {**role["Credentials"], "Expiration": CANARY}})
    token = {
        "startUrl": f"https://me:{CANARY}@example.com",
        "accessToken": CANARY,
        "refreshToken": CANARY,
        "clientId": CANARY,
        "clientSecret": CANARY,
        "expiresAt": "2026-03-01T13:00:00Z",
        "registrationExpiresAt": "2026-04-01T13:00:00Z",
    }
    bare.write("sso/cache/token.json", token)
    bare.write("sso/cache/dead.json", {**token, "expiresAt": CANARY})
    bare.write("login/cache/login.json", {"accessToken": {"secretAccessKey": CANARY}, "dpopKey": CANARY})
    return bare


def _leaks(text: str) -> list[str]:
    """Return the lines with a secret or a part of one: a name may show its first eleven characters."""
    return [line for line in text.splitlines() if any(part in line.lower() for part in PARTS)]


@pytest.mark.parametrize("json", [(), ("--json",)])
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("variables", [{}, VARIABLES, {"AWS_PROFILE": VARIABLES["AWS_PROFILE"]}])
def test_no_command_prints_a_secret(
    spiked: Program, command: tuple[str, ...], json: tuple[str, ...], variables: dict[str, str]
) -> None:
    spiked.environ |= variables
    if "--unset" in command:
        json = ()
    outcome = spiked(*command, *json)
    assert outcome.code == 0
    assert _leaks(outcome.out + outcome.err) == []


def _dry(name: str) -> list[tuple[str, ...]]:
    return [
        ("set", name, "region", "us-east-1"),
        ("set", name, "output", "text", "--file", "config"),
        ("set", name, "output", "text", "--file", "credentials"),
        ("rename", name, "renamed"),
        ("remove", name),
        ("duplicate", name, "copy"),
    ]


DRY_RUNS = [
    *(
        edit
        for name in ("default", "nested", "process", "indented-by-mistake", "pasted", "base")
        for edit in _dry(name)
    ),
    ("unset", "base", "aws_secret_access_key"),
    ("unset", "indented-by-mistake", "region"),
    ("unset", "nested", "s3"),
    ("cache", "clear", "--all"),
]


@pytest.mark.long
@pytest.mark.parametrize("edit", DRY_RUNS)
def test_what_an_edit_would_do_is_shown_without_a_secret(spiked: Program, edit: tuple[str, ...]) -> None:
    for outcome in (
        spiked(*edit, "--dry-run"),
        spiked(*edit, "--dry-run", "--json"),
        spiked.on_screen(*edit, "--dry-run"),
        spiked.on_screen(*edit, typed="n\n"),
        spiked.asked(*edit, "--json", typed="n\n"),
    ):
        assert outcome.out
        assert _leaks(outcome.out + outcome.err) == []


def test_a_secret_that_is_set_is_not_shown_on_its_way(spiked: Program) -> None:
    new = CANARY[::-1]
    for outcome in (
        spiked.fed(f"{new}\n", "set", "base", "aws_secret_access_key", "-", "--dry-run"),
        spiked.fed(f"{new}\n", "set", "base", "aws_secret_access_key", "-", "--dry-run", "--json"),
        spiked.on_screen("set", "base", "aws_secret_access_key", secret=new, typed="n\n"),
        spiked.fed(f"{new}\n", "add", "new", "aws_session_token=-"),
    ):
        assert outcome.out
        assert _leaks(outcome.out + outcome.err) == []
        assert new[:12] not in outcome.out + outcome.err


def test_a_secret_in_the_place_of_a_name_or_key_is_not_repeated(spiked: Program) -> None:
    for arguments in [
        ("set", CANARY, "region", "x"),
        ("set", "nobody", CANARY, "x"),
        ("rename", CANARY, "x"),
        ("remove", CANARY, "--yes"),
        ("add", "new", CANARY),
        ("add", "new", f"={CANARY}"),
        ("add", "new", f"aws_secret_access_key={CANARY}"),
        ("set", "base", "aws_secret_access_key", CANARY),
        ("assume", CANARY),
        ("assume", "base", "--mfa-code", CANARY),
        ("assume", "base", "--duration", CANARY),
        ("export", CANARY),
        ("export", "base", "--shell", CANARY),
        ("login", CANARY),
        ("cache", "clear", CANARY),
        ("cache", "clear", "--kind", CANARY),
    ]:
        outcome = spiked(*arguments)
        assert outcome.code in (1, 2)
        assert _leaks(outcome.out + outcome.err) == []


def test_a_secret_in_the_place_of_a_key_that_is_not_there_is_not_repeated(spiked: Program) -> None:
    outcome = spiked("unset", "base", CANARY)
    assert outcome.code == 1
    assert _leaks(outcome.out + outcome.err) == []


def test_a_narrow_terminal_prints_none_either(spiked: Program) -> None:
    spiked.environ |= VARIABLES
    for command, width in itertools.product(COMMANDS, (40, 200)):
        if "--unset" not in command:
            assert _leaks(spiked(*command, width=width).out) == []


@pytest.mark.parametrize(
    "broken",
    [
        f"{CANARY}\n",
        f"[a]\n{CANARY}\n",
        f"[a]\naws_secret_access_key {CANARY}\n",
        f"[a]\ns3 =\n  {CANARY}\n",
        f"[a]\n{CANARY}=\n{CANARY}=\n",
        f"[secret {CANARY}]\n[secret {CANARY}]\n",
    ],
)
@pytest.mark.parametrize("command", [("list",), ("list", "--json"), ("show", "a"), ("show", "a", "--json")])
def test_a_file_that_does_not_parse_is_not_quoted(
    spiked: Program, broken: str, command: tuple[str, ...]
) -> None:
    spiked.credentials(broken)
    outcome = spiked(*command)
    assert _leaks(outcome.out + outcome.err) == []
    assert outcome.out + outcome.err


def test_help_and_errors_do_not_repeat_one_that_was_pasted_as_an_argument(spiked: Program) -> None:
    for arguments in [("show", CANARY), ("show", CANARY, "--json"), (CANARY,), ("env", f"token={CANARY}")]:
        outcome = spiked(*arguments)
        assert outcome.code == 2
        assert _leaks(outcome.out + outcome.err) == []
