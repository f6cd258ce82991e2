"""Error messages that quote a secret, as tools, proxies, programs and people's own terminals do."""

import json
from collections.abc import Callable, Iterator

from tests.promises.canaries import Canaries

Writer = Callable[[Canaries], str]
EXPIRED = "An error occurred (ExpiredToken) when calling the ListBuckets operation"
WIDTH = 80
"""Columns of the terminal that has broken some of them."""

QUOTING: dict[str, Writer] = {
    "a token": lambda canaries: f"{EXPIRED}: {canaries.token('x')} has expired",
    "a token, broken": lambda canaries: broken(f"{EXPIRED}: {canaries.token('x')} has expired"),
    "a key": lambda canaries: f"{EXPIRED}: {canaries.key('x')} is not good",
    "a key, broken": lambda canaries: broken(f"{EXPIRED}: {canaries.key('x')} is not good"),
    "a key id": lambda canaries: f"{EXPIRED}: {canaries.access_key('x', 'PAST')} is unknown",
    "a key for a profile": lambda canaries: f"The config profile ({canaries.key('x')}) could not be found",
    "a key for an option": lambda canaries: (
        f"aws s3 ls --profile {canaries.key('x')}\nUnable to locate credentials. "
        'You can configure credentials by running "aws configure".'
    ),
    "a key for a variable": lambda canaries: f"AWS_PROFILE={canaries.key('x')} aws s3 ls\n{EXPIRED}: no",
    "the variables of the command": lambda canaries: (
        f"AWS_SECRET_ACCESS_KEY={canaries.key('x')} AWS_SESSION_TOKEN={canaries.token('x')} aws s3 ls\n"
        f"{EXPIRED}: The provided token has expired"
    ),
    "a key for an operation": lambda canaries: EXPIRED.replace("ListBuckets", canaries.key("x")) + ": no",
    "a key for a code": lambda canaries: EXPIRED.replace("ExpiredToken", canaries.key("x")) + ": no",
    "a key for a user and a role": lambda canaries: (
        "An error occurred (AccessDenied) when calling the AssumeRole operation: "
        f"User: arn:aws:iam::111122223333:user/{canaries.key('x')} is not authorized to perform: "
        f"sts:AssumeRole on resource: arn:aws:iam::111122223333:role/{canaries.key('x')}"
    ),
    "a key for a source": lambda canaries: f'The source profile "{canaries.key("x")}" must have credentials.',
    "a key for a session": lambda canaries: (
        f'The specified sso-session does not exist: "{canaries.key("x")}"'
    ),
    "a password in a start URL": lambda canaries: (
        f"Error loading SSO Token: Token for https://me:{canaries.word('x')}@corp.example/start "
        "does not exist"
    ),
    "a password in an endpoint": lambda canaries: (
        f'Could not connect to the endpoint URL: "https://me:{canaries.word("x")}@s3.example/"'
    ),
    "a password in a proxy": lambda canaries: (
        f'Failed to connect to proxy URL: "http://me:{canaries.word("x")}@proxy.example:3128"'
    ),
    "what a program blurts out": lambda canaries: (
        f"Error when retrieving credentials from custom-process: cannot use {canaries.key('x')}, "
        f"password: {canaries.word('x1')}, token={canaries.token('x')}"
    ),
    "JSON": lambda canaries: json.dumps(
        {"Error": {"Code": "ExpiredToken", "Message": f"{canaries.key('x')} token={canaries.token('x')}"}}
    ),
    "JSON with a key for its code": lambda canaries: json.dumps({"Code": canaries.key("x"), "Message": "no"}),
    "YAML": lambda canaries: f"Code: ExpiredToken\nMessage: {canaries.key('x')} {canaries.token('x')}\n",
    "a traceback with its source lines": lambda canaries: (
        'Traceback (most recent call last):\n  File "x.py", line 3, in <module>\n'
        f"    client('s3', aws_secret_access_key='{canaries.key('x')}', "
        f"aws_session_token='{canaries.token('x')}')\nbotocore.exceptions.ClientError: {EXPIRED}: no\n"
    ),
    "a log of botocore's": lambda canaries: (
        f"botocore.auth - DEBUG - CanonicalRequest:\nx-amz-security-token:{canaries.token('x')}\n\n"
        f"{EXPIRED}: The provided token has expired"
    ),
    "a command that failed": lambda canaries: (
        f"subprocess.CalledProcessError: Command 'helper -p{canaries.word('x')} {canaries.word('x1')}' "
        f"returned non-zero exit status 1.\n{EXPIRED}: no"
    ),
    "a command that was typed": lambda canaries: (
        f"$ KEY={canaries.word('x')} aws s3 ls {canaries.word('x1')}\n{EXPIRED}: no"
    ),
    "a torn option": lambda canaries: f'{EXPIRED}: --password "a\\"{canaries.word("x")}" is wrong',
    "short options": lambda canaries: (
        f"{EXPIRED}: --pass {canaries.word('x')} --pin {canaries.word('x1')} "
        f"-u me:{canaries.word('x2')} is wrong"
    ),
    "a query": lambda canaries: (
        f'Could not connect to the endpoint URL: "https://s3.example/?sig={canaries.word("x")}"'
    ),
    "an address without a scheme": lambda canaries: (
        f'Failed to connect to proxy URL: "me:{canaries.word("x")}@proxy.example:3128"'
    ),
    "a setting that is a command": lambda canaries: (
        f"{EXPIRED}: credential_process = helper {canaries.word('x')} failed"
    ),
    "a passphrase": lambda canaries: f"{EXPIRED}: AWS_VAULT_FILE_PASSPHRASE={canaries.word('x')} is wrong",
    "a key that is no number": lambda canaries: (
        f"ValueError: invalid literal for int() with base 10: '{canaries.key('x')}'"
    ),
    "a key for a cache file": lambda canaries: f"KeyError: '{canaries.key('x')}'",
    "a token for a file": lambda canaries: f"[Errno 2] No such file or directory: '/{canaries.token('x')}'",
    "no error at all": lambda canaries: f"hello {canaries.key('x')} {canaries.token('x')}",
}
"""By what each quotes."""
SHOWN = ("a token, broken", "a key for a profile", "a key for a code", "what a program blurts out", "JSON")
"""Those that are pasted on the screen, one after the other."""


def broken(text: str) -> str:
    """Return a text as a terminal has broken it, in the middle of words."""
    return "\n".join(text[at : at + WIDTH] for at in range(0, len(text), WIDTH))


def messages(canaries: Canaries) -> Iterator[tuple[str, str]]:
    """Yield each message by what it quotes; its secrets are planted."""
    for quoted, write in QUOTING.items():
        yield quoted, write(canaries)
