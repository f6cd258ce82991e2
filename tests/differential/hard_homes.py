"""Homes that were hard to get right, each one found by the random search and cut down to what matters."""

from hashlib import sha256

from tests.differential.homes import ACCESS_TOKEN, Home, login_token

LOGIN = f".aws/login/cache/{sha256(b'me').hexdigest()}.json"
ENV_KEYS = {"AWS_ACCESS_KEY_ID": "AKIAENVEXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARY-env"}
ALL_METADATA = {
    "AWS_METADATA_SERVICE_TIMEOUT": "1",
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv4",
    "AWS_EC2_METADATA_V1_DISABLED": "true",
}
"""With all of these set, botocore can answer without opening a file."""
PAIR = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = CANARY\n"
BOTO = f"[Credentials]\n{PAIR}"
FAR = "2099-01-01T00:00:00"


def config(text: str, environ: dict[str, str] | None = None, **files: str) -> Home:
    """Return a home with a config file, and other files by a name in which ``__`` stands for a slash."""
    others = {name.replace("__", "/"): content.encode() for name, content in files.items()}
    return Home({".aws/config": text.encode()} | others, environ or {})


def login(token: bytes) -> Home:
    """Return a home whose one profile uses ``aws login``, with that in its cache."""
    return Home({".aws/config": b"[profile p]\nlogin_session = me\n", LOGIN: token}, has_crt=True)


def login_until(end: str) -> Home:
    """Return a home with a whole login that ends then."""
    return login(login_token(accessToken=ACCESS_TOKEN | {"expiresAt": end}))


WEB = "[profile w]\nweb_identity_token_file = {HOME}/token\nrole_arn = r\n"
OVER_WEB = f"{WEB}[profile over]\nrole_arn = q\nsource_profile = w\n"

HARD_HOMES = {
    "v1 reads the token file at once, and it is gone": config(OVER_WEB),
    "v1 reads the token file at once, and it is no text": Home(
        {".aws/config": OVER_WEB.encode(), "token": b"\xff"}
    ),
    "v1 reads the token file at once, and it is a directory": Home(
        {".aws/config": OVER_WEB.encode(), "token/": b""}
    ),
    "v1 reads the token file at once, and it is a nested block": config(
        WEB.replace(" {HOME}/token", "\n  a = b")
    ),
    "a token file from the environment is gone": Home(
        {}, {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/gone", "AWS_ROLE_ARN": "r"}
    ),
    "a nested block is no true": config(
        f"[profile p]\n{PAIR}ec2_metadata_v1_disabled =\n  a = b\n"
        f"[profile q]\n{PAIR}imds_use_ipv6 =\n  a = b\n"
    ),
    "a nested block is no mode": config("[profile p]\nec2_metadata_service_endpoint_mode =\n  a = b\n"),
    "a nested block is no endpoint": config("[profile p]\nec2_metadata_service_endpoint =\n  a = b\n"),
    "a nested block is no duration": config(
        f"[profile p]\n{PAIR}role_arn = r\nsource_profile = p\nduration_seconds =\n  a = b\n"
    ),
    "a nested block is no source": config("[profile p]\nrole_arn = r\nsource_profile =\n  a = b\n"),
    "a nested block is no sso-session": config("[profile p]\nsso_account_id = 1\nsso_session =\n  a = b\n"),
    "a login that is an empty list": login(b"[]"),
    "a login that is a list of the right words": login(
        b'["accessToken", "refreshToken", "dpopKey", "clientId"]'
    ),
    "a login that is a text": login(b'"text"'),
    "a login that is null": login(b"null"),
    "a login that is a number": login(b"5"),
    "a login that ends at a time of no zone": login_until(FAR),
    "a login that ends at an impossible offset": login_until(f"{FAR}+99:00"),
    "variables that end at a time of no zone": Home({}, ENV_KEYS | {"AWS_CREDENTIAL_EXPIRATION": FAR}),
    "variables that end at an impossible offset": Home(
        {}, ENV_KEYS | {"AWS_CREDENTIAL_EXPIRATION": f"{FAR}+99:00"}
    ),
    "keys with a recorded end at an impossible offset": Home(
        {
            ".aws/credentials": f"[p]\n{PAIR}aws_session_token = t\nexpiration = {FAR}+99:00\n".encode(),
            ".aws/cli/cache/x.json": (
                b'{"Credentials": {"AccessKeyId": "A", "SecretAccessKey": "CANARY", '
                b'"SessionToken": "CANARY", "Expiration": "2099-01-01T00:00:00+99:00"}}'
            ),
            ".aws/sso/cache/x.json": b'{"accessToken": "CANARY", "expiresAt": "2099-01-01T00:00:00+99:00"}',
        }
    ),
    "every tool reads the files before the variables": config(
        "broken\n", {"AWS_METADATA_SERVICE_TIMEOUT": "abc"}
    ),
    "with a data path, boto3 reads the variables first": config(
        "broken\n", {"AWS_METADATA_SERVICE_TIMEOUT": "abc", "AWS_DATA_PATH": ""}
    ),
    "every tool opens a broken file": config("broken\n", ALL_METADATA | ENV_KEYS),
    "with a data path, boto3 answers without opening a broken file": config(
        "broken\n", ALL_METADATA | ENV_KEYS | {"AWS_DATA_PATH": "~/models"}
    ),
    "every tool looks for the profile, although the keys are there": config(
        "[profile a]\nregion = x\n", ALL_METADATA | ENV_KEYS | {"AWS_PROFILE": "gone"}
    ),
    "with a data path, boto3 never looks for a missing profile": config(
        "[profile a]\nregion = x\n",
        ALL_METADATA | ENV_KEYS | {"AWS_PROFILE": "gone", "AWS_DATA_PATH": "~/models"},
    ),
    "a profile falls through to a container": config(
        "[profile p]\nregion = x\n", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/"}
    ),
    "a profile falls through to boto 2's file": Home(
        {".aws/config": b"[profile p]\nregion = x\n", ".boto": BOTO.encode()}
    ),
    "boto 2's file does not parse": Home(
        {".aws/config": f"[profile p]\nregion = x\n[profile q]\n{PAIR}".encode(), ".boto": b"broken"}
    ),
    "the EC2 file is missing": config(
        f"[profile p]\nregion = x\n[profile q]\n{PAIR}", {"AWS_CREDENTIAL_FILE": "{HOME}/gone"}
    ),
    "a path that ends in a slash is no file": Home(
        {
            ".aws/config": f"[profile p]\n{PAIR}".encode(),
            "keys": f"[p]\n{PAIR}".encode(),
            "ec2": b"AWSAccessKeyId=AKIAEXAMPLE\nAWSSecretKey=CANARY\n",
        },
        {
            "AWS_CONFIG_FILE": "~/.aws/config/",
            "AWS_SHARED_CREDENTIALS_FILE": "~/keys/",
            "AWS_CREDENTIAL_FILE": "~/ec2/",
        },
    ),
    "a token file whose path ends in a slash": Home(
        {"token": b"CANARY"}, {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token/", "AWS_ROLE_ARN": "r"}
    ),
    "a profile with an empty name is the default one": config(
        f'[profile ""]\nregion = x\n[default]\n{PAIR}', {"AWS_PROFILE": ""}
    ),
    "a source with keys ignores its own role": config(
        "[profile p]\nrole_arn = r\nsource_profile = q\n"
        f"[profile q]\nrole_arn = s\nsource_profile = p\n{PAIR}"
    ),
    "a role over itself with half a pair": config(
        "[profile p]\nrole_arn = r\nsource_profile = p\naws_secret_access_key = CANARY\n"
    ),
    "a pair split over the two files": Home(
        {
            ".aws/config": b"[profile p]\naws_secret_access_key = CANARY\n",
            ".aws/credentials": b"[p]\naws_access_key_id = AKIAEXAMPLE\n",
        }
    ),
}
