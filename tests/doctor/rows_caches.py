"""Rows for ``rolecall.doctor.rules.caches``."""

from pathlib import Path

from rolecall.aws import cache_files
from tests.doctor.rows import Row
from tests.doctor.rows_expiry import ADMIN, ADMIN_FILE, KEYS, role_until

LIVE = role_until("2030-01-01T13:00:00Z")
POD = "arn:aws:iam::111122223333:role/Pod"
POD_FILE = f"cli/{cache_files.web_identity({'role_arn': POD}, None)[0]}.json"
NOBODYS = f"cli/{'77aa' * 10}.json"
IN_SHELL = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token", "AWS_ROLE_ARN": POD}
TWIN = ADMIN.replace("admin", "twin").replace("base", "other")
OTHER = KEYS.replace("[base]", "[other]")
SPARE = ".config.rolecall-0123456789abcdef"


def _base(name: str) -> str:
    return name.removeprefix("cli/")


def _link_to_itself(home: Path) -> None:
    (home / ".aws/cli").mkdir(parents=True)
    (home / ".aws/cli/cache").symlink_to("cache")


ROWS: tuple[Row, ...] = (
    Row(
        "env-damaged-cache",
        _base(POD_FILE),
        here={"environ": IN_SHELL, "files": {"token": "CANARY"}, "caches": {POD_FILE: "{"}},
        near={"environ": IN_SHELL, "files": {"token": "CANARY"}, "caches": {POD_FILE: LIVE}},
        says=("is cut off: half-written", "KeyError", _base(POD_FILE).removesuffix(".json")),
        profiles=(),
    ),
    Row(
        "damaged-leftover",
        _base(NOBODYS),
        here={"config": ADMIN, "credentials": KEYS, "caches": {NOBODYS: ""}},
        near={"config": ADMIN, "credentials": KEYS, "caches": {NOBODYS: LIVE}},
        says=(f"{_base(NOBODYS)} is empty", "nothing here reads it", "~/.aws/cli/cache/77aa"),
        profiles=(),
    ),
    Row(
        "orphan",
        _base(NOBODYS),
        here={
            "config": ADMIN,
            "caches": {NOBODYS: dict(LIVE) | {"AssumedRoleUser": {"Arn": "arn:aws:sts::1:r/Old/me"}}},
        },
        near={"config": ADMIN, "caches": {ADMIN_FILE: LIVE}},
        says=("no profile uses the cached credentials of arn:aws:sts::1:r/Old/me in", "13:00:00Z"),
        profiles=(),
    ),
    Row(
        "collision",
        _base(ADMIN_FILE),
        here={"config": ADMIN + TWIN, "credentials": KEYS + OTHER, "caches": {ADMIN_FILE: LIVE}},
        near={"config": ADMIN + TWIN.replace("other", "base"), "credentials": KEYS},
        says=("admin and twin share one cache file", "their sources are base and other"),
        profiles=("admin", "twin"),
    ),
    Row(
        "interrupted-write",
        "tmp12345678.tmp",
        here={"caches": {"cli/tmp12345678.tmp": "{"}},
        near={"caches": {"cli/tmp12345678.json": LIVE}},
        says=("tmp12345678.tmp was left behind by an interrupted write",),
    ),
    Row(
        "interrupted-write",
        SPARE,
        here={"config": ADMIN, "credentials": KEYS, "files": {f".aws/{SPARE}": KEYS}},
        near={"config": ADMIN, "credentials": KEYS, "files": {".aws/.config.rolecall-0123": KEYS}},
        says=("when rolecall was killed while saving", f"~/.aws/{SPARE}"),
    ),
    Row(
        "cache-unlistable",
        "cache",
        here={},
        near={"caches": {ADMIN_FILE: LIVE}},
        says=("~/.aws/cli/cache: the directory cannot be listed",),
        prepare=_link_to_itself,
        does=lambda home: (home / ".aws/cli/cache").unlink(),
    ),
)
