"""Rows for ``rolecall.doctor.rules.environment_credentials``."""

from tests.doctor.rows import Row

AKIA, ASIA = "AKIAQ3EGRIDLONGTERM1", "ASIAQ3EGRIDTEMPORARY"
PAIR = {"AWS_ACCESS_KEY_ID": AKIA, "AWS_SECRET_ACCESS_KEY": "CANARY-secret"}
TEMPORARY = {
    "AWS_ACCESS_KEY_ID": ASIA,
    "AWS_SECRET_ACCESS_KEY": "CANARY-secret",
    "AWS_SESSION_TOKEN": "CANARY-token",
}
DEFAULT_KEYS = f"[default]\naws_access_key_id = {AKIA}\naws_secret_access_key = CANARY\n"
FROM_SHELL = (
    "[profile ci]\nrole_arn = arn:aws:iam::111122223333:role/Ci\ncredential_source = Environment\n"
    "region = eu-west-1\n"
)

ROWS: tuple[Row, ...] = (
    Row(
        "env-half-a-pair",
        "AWS_ACCESS_KEY_ID",
        here={"environ": {"AWS_ACCESS_KEY_ID": AKIA, "AWS_SESSION_TOKEN": "CANARY-token"}},
        near={"environ": PAIR},
        says=("AWS_SECRET_ACCESS_KEY is not", "AWS_ACCESS_KEY_ID=…ERM1", "PartialCredentialsError"),
        profiles=(),
    ),
    Row(
        "env-token-without-key",
        "AWS_SECRET_ACCESS_KEY",
        here={"environ": {"AWS_SECRET_ACCESS_KEY": "CANARY-secret", "AWS_SESSION_TOKEN": "CANARY-token"}},
        near={"environ": {"AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""}},
        says=("AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN are set, and AWS_ACCESS_KEY_ID is not",),
        profiles=(),
    ),
    Row(
        "env-empty-keys",
        "AWS_ACCESS_KEY_ID",
        here={"environ": {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}},
        near={
            "environ": {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
            "credentials": DEFAULT_KEYS,
        },
        exports=PAIR,
        says=("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set to nothing", "NoCredentialsError"),
        profiles=(),
    ),
    Row(
        "env-two-tokens",
        "AWS_SECURITY_TOKEN",
        here={"environ": TEMPORARY | {"AWS_SECURITY_TOKEN": "CANARY-other"}},
        near={"environ": TEMPORARY | {"AWS_SECURITY_TOKEN": "CANARY-token"}},
        says=("AWS_SECURITY_TOKEN and AWS_SESSION_TOKEN differ", "AWS_ACCESS_KEY_ID=…RARY"),
    ),
    Row(
        "env-stale-token",
        "AWS_SESSION_TOKEN",
        here={"environ": TEMPORARY | PAIR, "config": FROM_SHELL},
        near={"environ": TEMPORARY, "config": FROM_SHELL},
        says=("AWS_SESSION_TOKEN goes with AWS_ACCESS_KEY_ID", "…ERM1", "InvalidClientTokenId"),
        profiles=("ci",),
    ),
    Row(
        "env-token-missing",
        "AWS_ACCESS_KEY_ID",
        here={
            "environ": PAIR | {"AWS_ACCESS_KEY_ID": ASIA},
            "credentials": f"[default]\naws_access_key_id = {AKIA}\naws_secret_access_key = CANARY\n",
        },
        near={"environ": PAIR},
        says=("…RARY, ASIA", "AWS_SESSION_TOKEN is not set"),
        profiles=(),
    ),
    Row(
        "env-expired",
        "AWS_CREDENTIAL_EXPIRATION",
        here={"environ": TEMPORARY | {"AWS_CREDENTIAL_EXPIRATION": "2030-01-01T09:00:00Z"}},
        near={"environ": TEMPORARY | {"AWS_CREDENTIAL_EXPIRATION": "2030-01-01T15:00:00Z"}},
        says=("expired", "ago", "AWS_CREDENTIAL_EXPIRATION=2030-01-01T09:00:00Z", "still expired"),
        profiles=(),
    ),
    Row(
        "env-expired",
        "AWSUME_EXPIRATION",
        here={"environ": TEMPORARY | {"AWSUME_EXPIRATION": "2030-01-01T09:00:00"}},
        near={"environ": PAIR | {"AWSUME_EXPIRATION": "2030-01-01T09:00:00"}},
        says=("expired 3h ago", "ExpiredToken"),
    ),
    Row(  # long-term keys have no end, and no cure takes them away
        "env-expired",
        "AWS_CREDENTIAL_EXPIRATION",
        here={"environ": PAIR | {"AWS_CREDENTIAL_EXPIRATION": "2029-12-31T23:00:00Z"}},
        near={"environ": PAIR},
        says=("these are long-term", "still expired"),
        keeps=("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    ),
    Row(
        "env-bad-setting",
        "AWS_CREDENTIAL_EXPIRATION",
        here={"environ": TEMPORARY | {"AWS_CREDENTIAL_EXPIRATION": "0001-01-01T00:00:00Z"}},
        near={"environ": TEMPORARY | {"AWS_CREDENTIAL_EXPIRATION": "2030-02-01T00:00:00Z"}},
        says=("0001-01-01T00:00:00Z is not a date of expiry", "still expired"),
        keeps=("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    ),
    Row(
        "env-ending",
        "AWS_SESSION_EXPIRATION",
        here={"environ": TEMPORARY | {"AWS_SESSION_EXPIRATION": "2030-01-01T12:14:00Z"}},
        near={"environ": TEMPORARY | {"AWS_SESSION_EXPIRATION": "2030-01-01T12:15:00Z"}},
        says=("expire in 14m 00s", "AWS_SESSION_EXPIRATION=2030-01-01T12:14:00Z"),
        exports={"AWS_SESSION_EXPIRATION": "2030-01-01T20:00:00Z"},
    ),
)
