"""Rows for ``rolecall.doctor.rules.durations``."""

from tests.doctor.rows import Row

KEYS = "[base]\naws_access_key_id = AKIAQ3EGRIDLONGTERM1\naws_secret_access_key = CANARY\n"
ROLE = "[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/Admin\nsource_profile = base\n"
OVER_ROLE = "[profile deploy]\nrole_arn = arn:aws:iam::111122223333:role/Deploy\nsource_profile = admin\n"
WEB = "[profile pod]\nrole_arn = arn:aws:iam::111122223333:role/Pod\nweb_identity_token_file = {HOME}/token\n"


def _asking(config: str, duration: str) -> dict[str, object]:
    return {"config": f"{config}duration_seconds = {duration}\n", "credentials": KEYS}


ROWS: tuple[Row, ...] = (
    Row(
        "duration-uncached",
        "admin",
        here=_asking(ROLE, "900"),
        near=_asking(ROLE, "901"),
        says=("admin is valid for 15 minutes", "config:4  duration_seconds = 900", "calls AWS for it"),
        profiles=("admin",),
    ),
    Row(
        "duration-chained",
        "deploy",
        here=_asking(ROLE + OVER_ROLE, "7200"),
        near=_asking(ROLE + OVER_ROLE, "3600"),
        says=("deploy asks for 2 hours", "its source admin is one", "duration_seconds = 7200"),
        profiles=("deploy",),
    ),
    Row(
        "duration-out-of-range",
        "admin",
        here=_asking(ROLE, "43201"),
        near=_asking(ROLE, "43200"),
        says=("admin asks for 12h 00m", "duration_seconds = 43201"),
        profiles=("admin",),
    ),
    Row(
        "duration-not-a-number",
        "admin",
        here=_asking(ROLE, "1h"),
        near=_asking(ROLE, "3_600"),
        says=("admin asks for '1h'", "duration_seconds = 1h", "ignore it"),
        profiles=("admin",),
    ),
    Row(
        "duration-unused",
        "pod",
        here=_asking(WEB, "7200") | {"files": {"token": "CANARY"}},
        near={"config": WEB, "files": {"token": "CANARY"}},
        says=("not sent for a web identity", "duration_seconds = 7200"),
        profiles=("pod",),
    ),
)
