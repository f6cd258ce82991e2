"""Rows for ``rolecall.doctor.rules.hygiene``."""

from pathlib import Path

from tests.doctor.rows import Row

KEY, OTHER, OLD = "AKIAQ3EGRIDNEWKEYABC", "AKIAQ3EGRIDNEWKEYXYZ", "AKIAJ3EGRIDOLDKEYABC"
SESSION = "[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n"
SSO = "sso_account_id = 210987654321\nsso_role_name = x\nregion = eu-west-1\n"
PROCESS = "credential_process = helper\n"
HELPER = "[profile ci]\nregion = eu-west-1\ncredential_process = "
MFA = "mfa_serial = arn:aws:iam::210987654321:mfa/me\n"


def keys(key: str = KEY, beside: str = "abc") -> str:
    """Return a pair of keys as it stands in a section."""
    return f"aws_access_key_id = {key}\naws_secret_access_key = {beside}\nregion = eu-west-1\n"


def filled_in(home: Path) -> None:
    """Fill in keys of one's own."""
    (home / ".aws" / "credentials").write_text(f"[base]\n{keys()}")


OVER_BASE = "role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = base\n"
ROWS: tuple[Row, ...] = (
    Row(
        "placeholder",
        "base",
        here={"credentials": f"[base]\n{keys('AKIAIOSFODNN7EXAMPLE', 'made/up')}"},
        near={"credentials": f"[base]\n{keys('AKIAMEADOWBASEXAMPLE', 'your/secret')}"},
        says=(
            "the aws_access_key_id of base is an example from AWS's documentation",
            "~/.aws/credentials:2  aws_access_key_id = …MPLE",
        ),
        profiles=("base",),
        does=filled_in,
    ),
    Row(
        "placeholder",
        "corp",
        here={"config": SESSION.replace("corp.example", "d-xxxxxxxxxx.awsapps.com")},
        near={"config": SESSION},
        says=("the sso_start_url of the sso-session corp is a placeholder", "~/.aws/config:2"),
        types=lambda text: text.replace("d-xxxxxxxxxx", "d-1234567890"),
    ),
    Row(
        "unused-section",
        "corp",
        here={"config": f"{SESSION}[profile dev]\nsso_session = crop\nregion = x\n"},
        near={"config": f"{SESSION}[profile dev]\nsso_session = corp\n{SSO}"},
        says=("no profile uses the sso-session section corp", "~/.aws/config:1  [sso-session corp]"),
        types=lambda text: text.removeprefix(SESSION),
    ),
    Row(
        "unused-section",
        "services local",
        here={"config": "[profile dev]\nregion = x\n[services local]\ns3 =\n  endpoint_url = http://x\n"},
        near={
            "config": "[profile dev]\nservices = local\n[services local]\ns3 =\n  endpoint_url = http://x\n"
        },
        says=("no profile uses the services section local", "~/.aws/config:3"),
        types=lambda text: text.partition("[services")[0],
    ),
    Row(
        "mfa-without-role",
        "base",
        here={"config": f"[profile base]\n{keys()}{MFA}"},
        near={"config": f"[profile base]\n{MFA}role_arn = arn:aws:iam::1:role/x\nsource_profile = b\n"},
        says=("base names an MFA device and no role", "mfa_serial = arn:aws:iam::210987654321:mfa/me"),
        profiles=("base",),
        types=lambda text: text.replace(MFA, ""),
    ),
    Row(
        "no-region",
        "base",
        here={"config": "[profile base]\ncredential_process = helper\n[profile other]\nregion = eu-west-1\n"},
        near={"config": "[profile base]\ncredential_process = helper\nregion = eu-west-1\n"},
        says=("base has no region", "~/.aws/config:1"),
        profiles=("base",),
    ),
    Row(
        "no-region-for-sts",
        "x",
        here={
            "config": f"[profile x]\n{OVER_BASE}[profile base]\n{keys()}",
            "environ": {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
        },
        near={
            "config": f"[profile x]\n{OVER_BASE}[profile base]\n{keys()}",
        },
        says=(
            "x has no region, and a URL for STS is configured",
            "NoRegionError",
            "~/.aws/config:1",
        ),
        profiles=("x",),
    ),
    Row(
        "same-key",
        "default",
        here={"credentials": f"[default]\n{keys()}[me]\n{keys()}[you]\n{keys(OTHER)}"},
        near={"credentials": f"[default]\n{keys()}[me]\n{keys(OTHER)}"},
        says=("default and me have the same access key …YABC", "credentials:2", "credentials:6"),
        profiles=("default", "me"),
        types=lambda text: text.replace(f"[me]\n{keys()}", ""),
    ),
    Row(
        "two-secrets",
        "default",
        here={"credentials": f"[default]\n{keys()}[me]\n{keys(beside='abd')}"},
        near={"credentials": f"[default]\n{keys()}[me]\n{keys()}"},
        says=("default and me have the access key …YABC with different secrets", "SignatureDoesNotMatch"),
        profiles=("default", "me"),
        types=lambda text: text.replace("abd", "abc"),
    ),
    Row(
        "old-key",
        "base",
        here={"config": f"[profile base]\n{keys(OLD)}"},
        near={"config": f"[profile base]\n{keys()}"},
        says=("the access key …YABC of base has the form that AWS issued until about 2019",),
        profiles=("base",),
        types=lambda text: text.replace(OLD, KEY),
    ),
    Row(
        "secret-in-config",
        "config",
        here={"config": f"[profile a]\n{keys()}{PROCESS}[profile b]\n{keys(OTHER)}{PROCESS}"},
        near={"credentials": f"[a]\n{keys()}", "config": "[profile a]\nregion = x\n"},
        says=(
            "2 secrets are in ~/.aws/config, of a and b",
            "~/.aws/config:3  aws_secret_access_key = ••••",
        ),
        profiles=("a", "b"),
        types=lambda text: "".join(
            line for line in text.splitlines(keepends=True) if not line.startswith("aws_")
        ),
    ),
    Row(
        "secret-in-process",
        "ci",
        here={"config": f"{HELPER}helper --user me --password hunter2\n"},
        near={"config": f"{HELPER}helper --user me --password-id item-7 --token-file ~/token\n"},
        says=(
            "the credential_process of ci",
            "~/.aws/config:3  credential_process = helper --user •••• --password ••••",
        ),
        profiles=("ci",),
        types=lambda text: text.replace("--password hunter2", ""),
    ),
)
