"""Keys in variables and files that no AWS tool can use as they stand."""

from tests.reported.cases import (
    ANY,
    KEY,
    OTHER_SECRET,
    PAIR,
    PAIR_SET,
    ROLE,
    SECRET,
    SESSION,
    TEMPORARY,
    TOKEN,
    Case,
)

REGION = "[default]\nregion = eu-west-1\n"
_HEADER = "An HTTP Client raised and unhandled exception: Invalid header value b'AWS4-HMAC-SHA256 Credential="
_INVALID = (
    "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: "
    "The security token included in the request is invalid."
)
_SIGNATURE = (
    "An error occurred (SignatureDoesNotMatch) when calling the ListBuckets operation: The request signature "
    "we calculated does not match the signature you provided. Check your key and signing method."
)

DOCUMENTED_ID, DOCUMENTED_SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
DOCUMENTED = f"aws_access_key_id = {DOCUMENTED_ID}\naws_secret_access_key = {DOCUMENTED_SECRET}\n"


def _set(key: str, secret: str, **more: str) -> dict[str, object]:
    return {"config": REGION, "environ": {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, **more}}


ECHO = _set(f"-n {KEY}\n", f"-n {SECRET}\n")
NEWLINE = _set(f"{KEY}\n", f"{SECRET}\n", AWS_DEFAULT_REGION="us-east-1\n")
QUOTED = _set(f'"{KEY}"', f'"{SECRET}"', AWS_DEFAULT_REGION="us-west-1")
NULLS = _set("null", "null", AWS_SESSION_TOKEN="null")
QUOTED_TOKEN = {
    "credentials": f"[default]\n{SESSION.replace(TOKEN, chr(34) + TOKEN + chr(34))}aws_expiration = 2029-07-16T23:04:01.000Z\n"
    f"[qa]\naws_access_key_id = {TEMPORARY[:-1]}B\naws_secret_access_key = {OTHER_SECRET}\n"
    f'aws_session_token = "{TOKEN}"\naws_expiration = 2030-01-20T02:05:33.000Z\nregion = us-east-1\n',
    "config": REGION,
}
EMPTY = {
    "credentials": "[admin]\naws_access_key_id =\naws_secret_access_key =\n"
    f"[role]\nrole_arn = {ROLE}/admin\nsource_profile = admin\nregion = eu-west-1\n",
    "environ": {"AWS_PROFILE": "admin", "AWS_DEFAULT_REGION": "eu-west-1"},
}
PLACEHOLDERS = {
    "credentials": "[root]\naws_access_key_id = %(AWS_ACCESS_KEY_ID)\naws_secret_access_key = %(AWS_SECRET_ACCESS_KEY)\n"
    "[shellish]\naws_access_key_id = ${AWS_ACCESS_KEY_ID}\naws_secret_access_key = $AWS_SECRET_ACCESS_KEY\n"
    "[win]\naws_access_key_id = %AWS_ACCESS_KEY_ID%\naws_secret_access_key = %AWS_SECRET_ACCESS_KEY%\n",
    "config": f"[profile deploy]\nregion = eu-central-1\nrole_arn = {ROLE}/Deploy\nsource_profile = root\n",
    "environ": PAIR_SET,
}
POPULATED = {
    "credentials": f"[dev-long-term]\n{PAIR}[dev]\naws_access_key_id = <POPULATED_BY_AWS-MFA>\n"
    "aws_secret_access_key = <POPULATED_BY_AWS-MFA>\naws_security_token = <POPULATED_BY_AWS-MFA>\n",
    "config": "[profile dev]\nregion = eu-central-1\n",
}


def _credentials(lines: str) -> dict[str, object]:
    return {"credentials": f"[default]\n{lines}", "config": REGION}


EXPORTS = _credentials(
    f"export AWS_ACCESS_KEY_ID={TEMPORARY}\nexport AWS_SECRET_ACCESS_KEY={SECRET}\nexport AWS_SESSION_TOKEN={TOKEN}\n"
)
API_NAMES = _credentials(f"AccessKeyId = {TEMPORARY}\nSecretAccessKey = {SECRET}\nSessionToken = {TOKEN}\n")
JSON_LINES = _credentials(f'"aws_access_key_id": "{TEMPORARY}",\n"aws_secret_access_key": "{SECRET}",\n')
TEXT_FILES = {
    "files": {".aws/credentials.txt": f"[default]\n{PAIR}", ".aws/config.txt": f"[default]\n{PAIR}"}
}
NO_TOKEN = {
    "environ": {
        "AWS_VAULT": "me",
        "AWS_ACCESS_KEY_ID": TEMPORARY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CREDENTIAL_EXPIRATION": "2030-02-01T00:00:00Z",
    }
}

CASES = (
    Case("echo -n of another shell", ECHO, "env-bad-keys", ("-n ",)),
    Case(
        "echo -n of another shell, its error",
        ECHO,
        "env-bad-keys",
        error=f"{_HEADER}-n {KEY}\\n/20200324/eu-west-1/athena/aws4_request",
    ),
    *(
        Case(
            f"the keys of AWS's documentation, {where}{', its error' if error else ''}",
            home,
            code,
            ("example from AWS's documentation",),
            error=error,
            states=states,
        )
        for where, home, code, states in (
            ("in a file", {"credentials": f"[default]\n{DOCUMENTED}"}, "odd-keys", {"default": "permanent"}),
            ("in variables", _set(DOCUMENTED_ID, DOCUMENTED_SECRET), "env-odd-keys", {}),
        )
        for error in (None, "The security token included in the request is invalid.")
    ),
    Case(
        "the keys of AWS's documentation, for a server of one's own",
        {"credentials": f"[default]\n{DOCUMENTED}endpoint_url = http://localhost:9000\nregion = us-east-1\n"},
        None,
        absent=("bad-keys", "odd-keys", "placeholder"),
        states={"default": "permanent"},
    ),
    Case("a newline at the end of all three", NEWLINE, "env-surplus", ("AWS_DEFAULT_REGION", "line break")),
    Case(
        "a newline at the end of all three, its other error",
        NEWLINE,
        "env-surplus",
        ("AWS_DEFAULT_REGION", "line break"),
        error="Invalid endpoint: https://sts.us-east-1\n.amazonaws.com",
    ),
    Case(
        "a newline at the end of all three, its error",
        NEWLINE,
        "env-bad-keys",
        error=f"{_HEADER}{KEY}\\n/20240501/us-east-1/s3/aws4_request",
    ),
    Case(
        "a newline at the end of the secret",
        _set(KEY, f"{SECRET}\n"),
        "env-bad-keys",
        ("AWS_SECRET_ACCESS_KEY", "line break"),
    ),
    Case(
        "a newline at the end of the secret, its error",
        _set(KEY, f"{SECRET}\n"),
        "env-bad-keys",
        ("AWS_SECRET_ACCESS_KEY",),
        error=_SIGNATURE,
    ),
    Case("a blank at the end of both", _set(f"{KEY} ", f"{SECRET} "), "env-bad-keys"),
    Case("a carriage return at the end of both", _set(f"{KEY}\r", f"{SECRET}\r"), "env-bad-keys"),
    Case("a blank, and a carriage return", _set(f"{KEY} ", f"{SECRET}\r"), "env-bad-keys"),
    Case("quotes that belong to the variables", QUOTED, "env-bad-keys", ("quotes",)),
    Case(
        "quotes that belong to the variables, AWS's word", QUOTED, "env-bad-keys", ("quotes",), error=_INVALID
    ),
    Case(
        "quotes that belong to the variables, the signature",
        QUOTED,
        "env-bad-keys",
        ("quotes",),
        error="An error occurred (IncompleteSignature) when calling the GetCallerIdentity operation: '"
        f"{KEY}\"/20261129/us-west-1/sts/aws4_request' not a valid key=value pair (missing equal-sign) in Authorization header",
    ),
    Case(
        "quotes in the file",
        {
            "credentials": f'[default]\naws_access_key_id = "{KEY}"\naws_secret_access_key = "{SECRET}"\nregion = us-west-1\n'
        },
        "bad-keys",
        ("quotes",),
    ),
    Case("quotes around the token, ended keys", QUOTED_TOKEN, "bad-keys"),
    Case(
        "quotes around the token",
        QUOTED_TOKEN,
        "bad-keys",
        ("quotes",),
        profile="qa",
        states={"qa": "broken"},
    ),
    Case("the answer null", NULLS, "env-bad-keys", ("null",)),
    Case("the answer null, AWS's word", NULLS, "env-bad-keys", ("null",), error=_INVALID),
    Case(
        "a profile and a token named null",
        {
            "config": REGION,
            "credentials": f"[default]\n{PAIR}",
            "environ": {"AWS_DEFAULT_PROFILE": "null", "AWS_SESSION_TOKEN": "null"},
        },
        "env-profile-missing",
        ("null",),
    ),
    Case("keys set to nothing", EMPTY, "bad-keys", states={"admin": "broken"}),
    Case("keys set to nothing, under a role", EMPTY, "bad-keys", profile="role", states={"role": "broken"}),
    Case(
        "placeholders of three shells",
        PLACEHOLDERS,
        "bad-keys",
        states={"root": "broken", "shellish": "broken", "win": "broken"},
    ),
    Case("a placeholder under a role", PLACEHOLDERS, "bad-keys", ("placeholder",), profile="deploy"),
    Case(
        "keys that a tool has still to write", POPULATED, "bad-keys", profile="dev", states={"dev": "broken"}
    ),
    Case(
        "keys that a tool has still to write, AWS's word",
        POPULATED,
        "bad-keys",
        error=_INVALID.replace("GetCallerIdentity", "AssumeRole"),
    ),
    Case(
        "lines of a shell in the file",
        EXPORTS,
        "no-credentials",
        ("aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
    ),
    Case(
        "the names of the API in the file",
        API_NAMES,
        "no-credentials",
        ("aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
    ),
    Case(
        "lines of JSON in the file",
        JSON_LINES,
        "no-credentials",
        says=("aws_access_key_id", "aws_secret_access_key"),
    ),
    Case("the names of the files end in .txt", TEXT_FILES, ANY, (".txt",)),
    Case(
        "the names of the files end in .txt, boto3's words",
        TEXT_FILES,
        ANY,
        (".txt",),
        error='Unable to locate credentials. You can configure credentials by running "aws configure".',
    ),
    Case("temporary keys without their token", NO_TOKEN, "env-token-missing", ("AWS_SESSION_TOKEN",)),
    Case(
        "temporary keys without their token, AWS's word",
        NO_TOKEN,
        "env-token-missing",
        ("AWS_SESSION_TOKEN",),
        error=_INVALID,
    ),
    Case(
        "a misspelt half",
        {
            "environ": {
                "AWS_ACCESS_KEY_ID": KEY,
                "AWS_SECRECT_ACCESS_KEY": SECRET,
                "AWS_DEFAULT_REGION": "us-east-1",
            }
        },
        "env-half-a-pair",
        ("AWS_SECRECT_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"),
        cures=True,
    ),
    Case(
        "a half of another tool's name",
        {"environ": {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1"}},
        "env-half-a-pair",
        ("AWS_SECRET_KEY", "AWS_SECRET_ACCESS_KEY"),
        cures=True,
    ),
    Case(
        "the other half of another name",
        {"environ": {"AWS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1"}},
        "env-token-without-key",
        ("AWS_KEY_ID",),
        cures=True,
    ),
    Case(
        "a profile's name with a carriage return",
        {"credentials": f"[dev]\n{PAIR}region = us-east-1\n", "environ": {"AWS_PROFILE": "dev\r"}},
        "env-profile-missing",
        ("AWS_PROFILE",),
        cures=True,
    ),
    Case(
        "a file's name that is a blank",
        {
            "credentials": f"[dev]\n{PAIR}region = us-east-1\n",
            "environ": {"AWS_PROFILE": "dev", "AWS_CONFIG_FILE": " "},
        },
        "env-file-missing",
        ("AWS_CONFIG_FILE", "blank"),
    ),
    Case(
        "good keys in the environment of a build",
        {"config": "[default]\nregion = eu-west-1\noutput = json\n", "environ": PAIR_SET},
        None,
    ),
)
