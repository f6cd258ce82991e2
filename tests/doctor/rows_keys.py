"""Rows for the rules about keys that AWS refuses for their form."""

from tests.doctor.rows import Row

KEY, TEMPORARY = "AKIAUBNG3R5TQWEXMPLA", "ASIAUBNG3R5TQWEXMPLA"
SECRET = "abcdEFGHijklMNOPqrstUVWXyz0123456789ABCD"


def section(key: str = KEY, secret: str = SECRET, more: str = "", name: str = "base") -> str:
    """Return a section with these keys."""
    return f"[{name}]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n{more}"


def variables(key: str = KEY, secret: str = SECRET, **more: str) -> dict[str, str]:
    """Return these keys as variables."""
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "SHELL": "/bin/bash", **more}


ROLE = "[profile dev]\nrole_arn = arn:aws:iam::210987654321:role/Dev\nsource_profile = base\nregion = x\n"
FROM_SHELL = ROLE.replace("source_profile = base", "credential_source = Environment")

ROWS: tuple[Row, ...] = (
    Row(
        "bad-keys",
        "base",
        here={"credentials": section(f'"{KEY}"', f'"{SECRET}"'), "config": ROLE},
        near={"credentials": section(), "config": ROLE},
        says=(
            "the aws_access_key_id of base has quotes around it",
            "the same goes for its aws_secret_access_key",
            "~/.aws/credentials:3  aws_secret_access_key = ••••",
        ),
        profiles=("dev", "base"),
        types=lambda text: text.replace('"', ""),
    ),
    Row(
        "bad-keys",
        "dev",
        here={"credentials": section("", "", name="dev")},
        near={"credentials": section("test", "test", name="dev")},
        says=("the aws_access_key_id of dev is empty", "InvalidClientTokenId"),
        profiles=("dev",),
        types=lambda _: section(name="dev"),
    ),
    Row(
        "bad-keys",
        "sap",
        here={"credentials": section("<POPULATED_BY_AWS-MFA>", "<POPULATED_BY_AWS-MFA>", name="sap")},
        near={
            "credentials": section("%(KEY)s", "%(SECRET)s", name="sap"),
            "config": "[profile sap]\nendpoint_url = http://localhost:4566\n",
        },
        says=("is a placeholder, which nothing has filled in",),
        types=lambda _: section(name="sap"),
    ),
    Row(
        "odd-keys",
        "base",
        here={"credentials": section(KEY[:19], SECRET), "config": ROLE},
        near={"credentials": section(KEY[:19], "short"), "config": ROLE},
        says=("has 19 characters, and AWS's have 20: it was cut off", "…XMPL"),
        profiles=("base", "dev"),
        types=lambda _: section(),
    ),
    Row(
        "env-bad-keys",
        "AWS_ACCESS_KEY_ID",
        here={"environ": variables(f"-n {KEY}\n", f"{SECRET}\r\n"), "config": FROM_SHELL},
        near={"environ": variables(), "config": FROM_SHELL},
        says=(
            "AWS_ACCESS_KEY_ID begins with '-n'",
            "AWS_SECRET_ACCESS_KEY ends with",
            "Invalid header value",
        ),
        profiles=("dev",),
        keeps=("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    ),
    Row(
        "env-bad-keys",
        "AWS_SECRET_ACCESS_KEY",
        here={"environ": variables(secret=f'"{SECRET}"')},
        near={"environ": variables(secret=f'"{SECRET}"', AWS_ENDPOINT_URL="http://localhost:9000")},
        says=("AWS_SECRET_ACCESS_KEY has quotes around it", "AWS refuses every command"),
        keeps=("AWS_SECRET_ACCESS_KEY",),
    ),
    Row(
        "env-bad-keys",
        "AWS_SESSION_TOKEN",
        here={"environ": variables(TEMPORARY, AWS_SESSION_TOKEN="null")},
        near={"environ": variables(TEMPORARY, AWS_SESSION_TOKEN="FwoGZXIvYXdzEXAMPLETOKEN ")},
        says=("AWS_SESSION_TOKEN is the word null",),
    ),
    Row(
        "env-bad-keys",
        "AWS_ACCESS_KEY_ID",
        here={"environ": variables(SECRET, KEY)},
        near={"environ": variables("test", "test")},
        says=(
            "AWS_ACCESS_KEY_ID is the secret: the key id and its secret are swapped",
            "AWS_ACCESS_KEY_ID=••••",
        ),
        keeps=("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    ),
    Row(
        "env-odd-keys",
        "AWS_ACCOUNT_ID",
        here={"environ": variables(AWS_ACCOUNT_ID="2109-8765-4321")},
        near={"environ": variables(AWS_ACCOUNT_ID="210987654321")},
        says=("AWS_ACCOUNT_ID is not an account id",),
        exports={"AWS_ACCOUNT_ID": "210987654321"},
    ),
    Row(
        "env-odd-keys",
        "AWS_SECRET_ACCESS_KEY",
        here={"environ": variables(secret=SECRET[:31])},
        near={"environ": variables("minio", SECRET[:31])},
        says=("has 31 characters, and AWS's have 40: it was cut off",),
        exports=variables(),
    ),
)
