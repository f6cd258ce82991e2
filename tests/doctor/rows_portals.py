"""Rows for ``rolecall.doctor.rules.portals``."""

from tests.doctor.rows import Row
from tests.doctor.rows_logins import CONFIG, LEGACY, PORTAL, SSO, token

LATER = "2030-01-01T20:00:00Z"
GOOD = token(PORTAL, LATER)
OTHER = LEGACY.replace("profile dev", "profile test")
WRONG = OTHER.replace("eu-west-1", "us-east-1")
ANOTHER_SESSION = f"""\
[sso-session copy]
sso_start_url = {PORTAL}/#/
sso_region = us-east-1
[profile copied]
sso_session = copy
{SSO}"""
THIRD_SESSION = (
    ANOTHER_SESSION.replace("copy", "third").replace("copied", "more").replace("us-east", "eu-west")
)

ROWS: tuple[Row, ...] = (
    Row(
        "sso-token-region",
        PORTAL,
        here={"config": LEGACY + WRONG, "caches": GOOD},
        near={"config": LEGACY + OTHER, "caches": GOOD},
        says=("test has sso_region us-east-1, but the login was made in eu-west-1",),
        profiles=("test",),
    ),
    Row(
        "sso-token-region",
        "copy",
        here={"config": LEGACY + ANOTHER_SESSION, "caches": GOOD},
        near={"config": LEGACY + ANOTHER_SESSION.replace(PORTAL, f"{PORTAL}er"), "caches": GOOD},
        types=lambda text: text.replace("us-east-1", "eu-west-1"),
        says=("the sso-session copy has sso_region us-east-1, but the login was made in eu-west-1",),
        profiles=("copied",),
    ),
    Row(
        "sso-regions-differ",
        "copy",
        here={"config": CONFIG + ANOTHER_SESSION},
        near={"config": CONFIG + ANOTHER_SESSION.replace("us-east-1", "eu-west-1")},
        types=lambda text: text.replace("us-east-1", "eu-west-1"),
        says=("eu-west-1 (the sso-session corp) and us-east-1 (the sso-session copy)",),
        profiles=("copied",),
    ),
    Row(
        "sso-regions-differ",
        "third",
        here={"config": CONFIG + ANOTHER_SESSION + THIRD_SESSION},
        near={"config": CONFIG + (ANOTHER_SESSION + THIRD_SESSION).replace("us-east-1", "eu-west-1")},
        types=lambda text: text.replace("us-east-1", "eu-west-1"),
        says=("eu-west-1 (the sso-session corp and the sso-session third) and us-east-1",),
        profiles=("more",),
    ),
    Row(
        "sso-url-spellings",
        f"{PORTAL}/",
        here={"config": LEGACY + OTHER.replace(PORTAL, f"{PORTAL}/"), "caches": GOOD},
        near={"config": LEGACY + OTHER, "caches": GOOD},
        says=("test and dev spell the start URL of one portal differently",),
        profiles=("test",),
    ),
)
