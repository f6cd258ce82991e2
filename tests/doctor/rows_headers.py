"""Rows for ``rolecall.doctor.rules.headers``."""

from tests.doctor.rows import Row

_KEYS = "aws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = planted\n"
_RUN = "credential_process = /opt/bin/keys\n"
"""A profile with nothing but a region would be a finding of its own."""
_REGION = "sso_region = eu-west-1\n"

ROWS: tuple[Row, ...] = (
    Row(
        "unseen-in-header",
        "profile \u200bdev",
        here={"config": f"[default]\n[profile \u200bdev]\n{_RUN}region = eu-west-1\n"},
        near={"config": f"[default]\n[profile d\u00e9v]\n{_RUN}region = eu-west-1\n"},
        says=("[profile dev] in ~/.aws/config has a character in it that no editor shows",),
        profiles=(),
    ),
    Row(
        "not-a-profile",
        "dev",
        here={"config": f"[default]\n[dev]\nregion = eu-west-1\n{_RUN}"},
        near={
            "config": "[default]\n[dev]\ncolour = red\n[plugins]\nx = y\n[profile qa]\nregion = eu-west-1\n"
        },
        says=("AWS tools ignore [dev] in ~/.aws/config", "[profile dev]", "~/.aws/config:2  [dev]"),
        profiles=(),
        types=lambda text: text.replace("[dev]", "[profile dev]"),
    ),
    Row(
        "not-a-profile",
        "sso_session corp",
        here={"config": "[sso_session corp]\nsso_start_url = https://corp.awsapps.com/start\n"},
        near={"config": "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n"},
        says=("it would have to be [sso-session corp]",),
        types=lambda text: text.replace("sso_session", "sso-session"),
    ),
    Row(
        "dropped-header",
        "profile my prod",
        here={"config": f"[profile my prod]\n{_RUN}"},
        near={"config": '[profile "my prod"]\nregion = eu-west-1\n'},
        says=(
            "AWS tools ignore [profile my prod] in ~/.aws/config",
            'it would have to be [profile "my prod"]',
        ),
        profiles=(),
        types=lambda text: text.replace("my prod", '"my prod"'),
    ),
    Row(
        "dropped-header",
        "profile.dev",
        here={"config": f"[profile.dev]\n{_RUN}"},
        near={"config": "[profile dev]\nregion = eu-west-1\n"},
        says=("it would have to be [profile dev]",),
        types=lambda text: text.replace(".", " "),
    ),
    Row(
        "odd-header",
        "profiles dev",
        here={"config": "[profiles dev]\nregion = eu-west-1\n"},
        near={"config": "[profile\tdev]\nregion = eu-west-1\n"},
        says=("AWS tools read [profiles dev] in ~/.aws/config as [profile dev]",),
        types=lambda text: text.replace("profiles", "profile"),
    ),
    Row(
        "repeated-profile",
        "default",
        here={"config": "[default]\nregion = eu-north-1\noutput = text\n[profile default]\noutput = json\n"},
        near={"config": "[default]\nregion = eu-north-1\n[profile Default]\noutput = json\n"},
        says=(
            "default is in ~/.aws/config twice, as [default] and [profile default], and only the last",
            "region of the earlier section",
            "~/.aws/config:2  region = eu-north-1",
            "~/.aws/config:4  [profile default]",
        ),
        profiles=("default",),
        types=lambda text: text.replace("output = text\n[profile default]\n", ""),
    ),
    Row(
        "repeated-profile",
        "corp",
        here={"config": f'[sso-session corp]\n{_REGION}[sso-session "corp"]\n{_REGION}'},
        near={"config": f'[sso-session corp]\n{_REGION}[profile "corp"]\n{_REGION}'},
        says=("the sso-session corp is in ~/.aws/config twice",),
        profiles=(),
        types=lambda text: text[text.index('[sso-session "') :],
    ),
    Row(
        "config-header-in-credentials",
        "profile dev",
        here={"credentials": f"[profile dev]\n{_KEYS}"},
        near={"credentials": f"[dev]\n{_KEYS}", "config": "[profile dev]\n"},
        says=("[profile dev] in ~/.aws/credentials is a profile named 'profile dev', not dev",),
        profiles=("profile dev",),
    ),
    Row(
        "config-header-in-credentials",
        "sso-session corp",
        here={"credentials": "[sso-session corp]\nsso_region = eu-west-1\n"},
        near={"config": "[sso-session corp]\nsso_region = eu-west-1\n"},
        says=("no sso-session is read from here",),
        types=lambda _: "",
    ),
    Row(
        "odd-name",
        '"my prod"',
        here={"credentials": f'["my prod"]\n{_KEYS}'},
        near={"credentials": f"[my prod]\n{_KEYS}"},
        says=('["my prod"] in ~/.aws/credentials is not the profile my prod',),
        profiles=('"my prod"',),
    ),
    Row(
        "odd-name",
        "Default",
        here={"credentials": f"[Default]\n{_KEYS}"},
        near={"credentials": f"[default]\n{_KEYS}"},
        says=("[Default] in ~/.aws/credentials is not the profile default",),
    ),
)
