"""Rows for ``rolecall.doctor.rules.precedence``."""

from collections.abc import Callable

from tests.aws.entries import login_file, login_token
from tests.doctor.rows import Row

KEYS = "aws_access_key_id = AKIAQ3EGRIDOLDKEYABC\naws_secret_access_key = abc\n"
TEMPORARY = KEYS.replace("AKIA", "ASIA") + "aws_session_token = abc\n"
BASE = f"[base]\n{KEYS}"
ROLE = "role_arn = arn:aws:iam::210987654321:role/x\nsource_profile = base\n"
SSO = (
    "sso_start_url = https://corp.example/start\nsso_region = eu-west-1\n"
    "sso_account_id = 210987654321\nsso_role_name = x\n"
)
LOGIN = "[profile me]\nlogin_session = me\n"
LOGGED_IN = {login_file(): login_token()}


def without(*words: str) -> Callable[[str], str]:
    """Return what takes the lines that begin with some words out of a text."""
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if not line.startswith(words))


ROWS: tuple[Row, ...] = (
    Row(
        "keys-shadow-process",
        "ci",
        here={"config": "[profile ci]\ncredential_process = helper\n", "credentials": f"[ci]\n{KEYS}"},
        near={"config": f"[profile ci]\ncredential_process = helper\n{KEYS}"},
        says=("ci", "credential_process = helper", "~/.aws/config:2", "~/.aws/credentials:2", "…YABC"),
        profiles=("ci",),
        types=lambda text: text.replace("[ci]", "[ci-keys]"),
        keeps=(KEYS,),
    ),
    Row(
        "keys-shadow-process",
        "me",
        here={"config": LOGIN, "credentials": f"[me]\n{KEYS}", "caches": LOGGED_IN, "has_crt": True},
        near={"config": LOGIN, "caches": LOGGED_IN, "has_crt": True},
        says=("login_session",),
        types=lambda text: text.replace("[me]", "[me-keys]"),
        keeps=(KEYS,),
    ),
    Row(
        "keys-shadow-process",
        "saml",
        here={
            "config": "[profile saml]\ncredential_process = helper\n",
            "credentials": f"[saml]\n{TEMPORARY}",
        },
        near={"config": "[profile saml]\ncredential_process = helper\n"},
        says=("credential_process",),
    ),
    Row(
        "unused-keys",
        "dev",
        here={"config": f"[profile dev]\n{ROLE}", "credentials": f"{BASE}[dev]\n{KEYS}"},
        near={
            "config": f"[profile dev]\n{ROLE}[profile above]\nrole_arn = x\nsource_profile = dev\n",
            "credentials": f"{BASE}[dev]\n{KEYS}",
        },
        says=("dev", "the role comes first", "…YABC", "role_arn = arn:aws:iam::210987654321:role/x"),
        profiles=("dev",),
        types=lambda text: text.removesuffix(KEYS),
    ),
    Row(
        "unused-provider",
        "dev",
        here={"config": f"[profile dev]\n{ROLE}{SSO}", "credentials": BASE},
        near={"config": f"[profile dev]\n{SSO}", "credentials": BASE},
        says=("role_arn and sso_account_id", "sso_account_id = 210987654321"),
        profiles=("dev",),
        types=without("sso_"),
    ),
    Row(
        "shadowed-setting",
        "prod",
        here={
            "config": "[profile prod]\nregion = eu-west-1\n",
            "credentials": f"[prod]\n{KEYS}region = us-east-1\n",
        },
        near={
            "config": "[profile prod]\nregion = us-east-1\n",
            "credentials": f"[prod]\n{KEYS}region = us-east-1\n",
        },
        says=(
            "overrides region of prod",
            "~/.aws/credentials:4  region = us-east-1",
            "~/.aws/config:2  region = eu-west-1",
        ),
        profiles=("prod",),
    ),
    Row(
        "token-in-other-file",
        "prod",
        here={"config": "[profile prod]\naws_session_token = t\n", "credentials": f"[prod]\n{KEYS}"},
        near={
            "config": "[profile prod]\naws_session_token = t\n",
            "credentials": f"[prod]\n{KEYS}aws_session_token = t\n",
        },
        says=("keys in credentials and its aws_session_token in config", "~/.aws/config:2"),
        profiles=("prod",),
    ),
    Row(
        "role-settings-without-role",
        "dev",
        here={
            "config": "[profile dev]\nsource_profile = base\nduration_seconds = 900\n",
            "credentials": BASE,
        },
        near={"config": f"[profile dev]\n{ROLE}duration_seconds = 900\n", "credentials": BASE},
        says=("dev has source_profile and duration_seconds, but no role_arn", "source_profile = base"),
        profiles=("dev",),
        types=lambda text: text + "role_arn = arn:aws:iam::210987654321:role/x\n",
    ),
)
