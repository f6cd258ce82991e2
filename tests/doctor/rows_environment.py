"""Rows for ``rolecall.doctor.rules.environment``."""

from tests.doctor import rows_environment_credentials, rows_environment_values
from tests.doctor.rows import Row
from tests.doctor.rows_environment_credentials import PAIR
from tests.doctor.rows_logins import jwt, renews_token

FILE = (
    "[default]\naws_access_key_id = AKIAQ3EGRIDDEFAULTKE\naws_secret_access_key = CANARY\n"
    "[prod]\naws_access_key_id = AKIAQ3EGRIDPRODKEYXX\naws_secret_access_key = CANARY\n"
    "[dev]\naws_access_key_id = AKIAQ3EGRIDDEVKEYXXX\naws_secret_access_key = CANARY\n"
)
SAME = PAIR | {"AWS_ACCESS_KEY_ID": "AKIAQ3EGRIDPRODKEYXX"}
POD = {
    "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token",
    "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/Pod",
}
TOKEN = {"token": "CANARY-web-identity"}
LONG_TERM = {"AWS_ACCESS_KEY_ID": "AKIAQ3EGRIDTERMTERM1", "AWS_SECRET_ACCESS_KEY": "CANARY"}
SHORT_TERM = {
    "AWS_ACCESS_KEY_ID": "ASIAQ3EGRIDTERMTERM1",
    "AWS_SECRET_ACCESS_KEY": "CANARY",
    "AWS_SESSION_TOKEN": "CANARY",
}
BARE = "[default]\nregion = eu-west-1\n"
RELAY = {
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:9/role",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{HOME}/relay",
}

_POD_PROFILE = (
    "[profile pod]\nweb_identity_token_file = {HOME}/token\nrole_arn = arn:aws:iam::111122223333:role/Own\n"
)

ROWS: tuple[Row, ...] = (
    Row(
        "env-keys-override-profile",
        "AWS_ACCESS_KEY_ID",
        here={"credentials": FILE, "environ": PAIR | {"AWS_PROFILE": "prod"}},
        near={"credentials": FILE, "environ": SAME | {"AWS_PROFILE": "prod"}},
        says=("AWS_PROFILE=prod", "AWS_ACCESS_KEY_ID=…ERM1", "its keys are used"),
        profiles=("prod",),
    ),
    Row(
        "env-keys-override-default",
        "AWS_ACCESS_KEY_ID",
        here={"credentials": FILE, "environ": PAIR},
        near={"credentials": FILE.replace("[default]", "[other]"), "environ": PAIR},
        says=("instead of the default profile", "AWS_ACCESS_KEY_ID=…ERM1"),
        profiles=("default",),
    ),
    Row(
        "env-web-identity",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        here={"credentials": FILE, "files": TOKEN, "environ": POD | {"AWS_PROFILE": "prod"}},
        near={"credentials": FILE, "files": TOKEN, "environ": POD},
        says=("override profile 'prod'", "arn:aws:iam::111122223333:role/Pod is assumed"),
        profiles=("prod",),
    ),
    Row(
        "env-web-identity",
        "AWS_ROLE_ARN",
        here={
            "config": "[profile pod]\nweb_identity_token_file = {HOME}/token\n"
            "role_arn = arn:aws:iam::111122223333:role/Own\n",
            "files": TOKEN,
            "environ": POD | {"AWS_PROFILE": "pod"},
        },
        near={
            "config": "[profile pod]\nweb_identity_token_file = {HOME}/token\n"
            "role_arn = arn:aws:iam::111122223333:role/Pod\n",
            "files": TOKEN,
            "environ": POD | {"AWS_PROFILE": "pod"},
        },
        says=("AWS_ROLE_ARN overrides profile 'pod'", "role/Pod is assumed"),
    ),
    Row(
        "env-web-identity-broken",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        here={"files": TOKEN, "environ": {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token"}},
        near={"files": TOKEN, "environ": POD},
        says=("AWS_ROLE_ARN is not",),
        profiles=(),
        exports={"AWS_ROLE_ARN": POD["AWS_ROLE_ARN"]},
    ),
    Row(
        "env-web-identity-broken",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        here={"files": {"token": jwt(1893492000)}, "environ": POD},
        near={"files": {"token": jwt(1893510000)}, "environ": POD},
        says=("its web identity token expired 2h ago",),
        profiles=(),
        does=renews_token,
    ),
    Row(
        "env-web-identity-empty",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        here={
            "config": _POD_PROFILE,
            "files": TOKEN,
            "environ": {"AWS_PROFILE": "pod", "AWS_WEB_IDENTITY_TOKEN_FILE": ""},
        },
        near={"config": _POD_PROFILE, "files": TOKEN, "environ": {"AWS_PROFILE": "pod"}},
        says=("is empty, which turns off web_identity_token_file of pod", "fails"),
        profiles=(),
    ),
    Row(
        "env-role-without-token",
        "AWS_ROLE_ARN",
        here={
            "config": BARE,
            "files": {"token": jwt(1893510000)},
            "environ": {"AWS_ROLE_ARN": POD["AWS_ROLE_ARN"]},
        },
        near={"credentials": FILE, "environ": {"AWS_ROLE_ARN": POD["AWS_ROLE_ARN"]}},
        says=("AWS_WEB_IDENTITY_TOKEN_FILE is not", "NoCredentialsError"),
        profiles=("default",),
        exports=LONG_TERM,
    ),
    Row(
        "env-keys-override-web-identity",
        "AWS_ACCESS_KEY_ID",
        here={"files": {"token": jwt(1893510000)}, "environ": LONG_TERM | POD},
        near={"files": {"token": jwt(1893510000)}, "environ": SHORT_TERM | POD},
        says=("arn:aws:iam::111122223333:role/Pod is not assumed",),
        profiles=(),
    ),
    Row(
        "env-container",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        here={"config": BARE, "environ": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://relay:51679/role"}},
        near={"config": BARE, "environ": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:9/role"}},
        says=("names a host that AWS tools refuse: http://relay:51679/role", "Unsupported host 'relay'"),
        profiles=("default",),
        exports={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:51679/role"},
    ),
    Row(
        "env-container",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        here={"environ": {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "C:/Program Files/Git/v2/credentials/1"}},
        near={"environ": {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1"}},
        says=("Git Bash has turned it into one",),
        profiles=(),
    ),
    Row(
        "env-container",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        here={"config": BARE, "environ": RELAY},
        near={"config": BARE, "files": {"relay": "planted"}, "environ": RELAY},
        says=("names a file that cannot be read: ", "FileNotFoundError"),
        profiles=("default",),
        does=lambda home: (home / "relay").touch(),
    ),
    Row(
        "env-profile-conflict",
        "AWS_DEFAULT_PROFILE",
        here={"credentials": FILE, "environ": {"AWS_PROFILE": "dev", "AWS_DEFAULT_PROFILE": "prod"}},
        near={"credentials": FILE, "environ": {"AWS_PROFILE": "dev", "AWS_DEFAULT_PROFILE": "dev"}},
        says=("AWS_PROFILE is 'dev' and AWS_DEFAULT_PROFILE is 'prod'", "AWS CLI v2 uses AWS_PROFILE"),
        profiles=("dev", "prod"),
    ),
    Row(
        "env-profile-missing",
        "AWS_PROFILE",
        here={"credentials": FILE, "environ": {"AWS_PROFILE": "prdo"}},
        near={"credentials": FILE, "environ": {"AWS_PROFILE": "prod"}},
        says=("AWS_PROFILE names 'prdo'", "the nearest name is 'prod'", "ProfileNotFound"),
        profiles=(),
    ),
    Row(
        "env-profile-empty",
        "AWS_PROFILE",
        here={"credentials": FILE, "environ": {"AWS_PROFILE": ""}},
        near={"credentials": FILE, "environ": {"AWS_PROFILE": "prod"}},
        says=("AWS_PROFILE is set to an empty value", "every command that names no profile fails"),
    ),
    Row(
        "region-ignored-by-boto3",
        "AWS_REGION",
        here={"environ": {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-east-1"}},
        near={"environ": {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}},
        says=("AWS_REGION is 'eu-west-1'", "they use us-east-1"),
    ),
    Row(
        "env-stale-mark",
        "AWS_VAULT",
        here={"credentials": FILE, "environ": {"AWS_PROFILE": "prod", "AWS_VAULT": "dev"}},
        near={"credentials": FILE, "environ": {"AWS_PROFILE": "prod", "AWS_VAULT": "prod"}},
        says=("AWS_VAULT shows 'dev', but commands use profile 'prod'", "AWS_PROFILE=prod"),
    ),
    *rows_environment_credentials.ROWS,
    *rows_environment_values.ROWS,
)
