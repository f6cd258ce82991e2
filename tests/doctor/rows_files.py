"""Rows for ``rolecall.doctor.rules.files`` and ``files_lines``."""

from pathlib import Path

from tests.doctor.rows import Row

_KEYS = "aws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = planted\n"
_DEV = f"[dev]\n{_KEYS}"
_RUN = "credential_process = /opt/bin/keys\n"
"""A profile with nothing but a region would be a finding of its own."""
_LARGE = "# " + "x" * 1_000_000 + "\n"


def _remove_directory(home: Path) -> None:
    (home / ".aws" / "config").rmdir()


def _thin_out(home: Path) -> None:
    (home / ".aws" / "config").write_text("[profile dev]\nregion = eu-west-1\n")


_PAIR = "aws_access_key_id = AKIAQ3EGRIDLONGTERM1\naws_secret_access_key = CANARY"

ROWS: tuple[Row, ...] = (
    Row(
        "file-with-ending",
        "credentials.txt",
        here={"files": {".aws/credentials.txt": "[default]\nregion = eu-west-1\n"}},
        near={
            "files": {".aws/credentials.txt": "[default]\nregion = eu-west-1\n"},
            "credentials": "[default]\nregion = eu-west-1\n",
        },
        says=("~/.aws/credentials.txt is not read", "~/.aws/credentials does not exist"),
    ),
    Row(
        "parse-error",
        "config",
        here={"config": f"[profile dev]\nregion\n{_RUN}"},
        near={"config": f"[profile dev]\nregion =\n{_RUN}"},
        says=("~/.aws/config, line 2", "neither a [section] nor key = value", "region, and no '='"),
        profiles=(),
        types=lambda text: text.replace("region", "region = eu-west-1"),
    ),
    Row(
        "parse-error",
        "credentials",
        here={"config": "[default]\n", "credentials": _KEYS},
        near={"config": "[default]\n", "credentials": f"# mine\n\n{_DEV}"},
        says=("~/.aws/credentials, line 1", "before the first [section]"),
        types=lambda text: f"[default]\n{text}",
    ),
    Row(
        "duplicate-section",
        "config",
        here={"config": f"[profile dev]\n{_RUN}\n[profile qa]\n{_RUN}[profile dev]\noutput = json\n"},
        near={"config": f"[profile dev]\n{_RUN}\n[profile qa]\n{_RUN}#[profile dev]\noutput = json\n"},
        says=("[profile dev] is twice in ~/.aws/config, in line 1 and in line 6",),
        types=lambda text: "[profile".join(text.split("[profile")[:3]),
    ),
    Row(
        "duplicate-key",
        "credentials",
        here={"credentials": f"[dev]\nRegion = eu-west-1\n{_RUN}region = eu-west-2\n"},
        near={"credentials": f"[dev]\nRegion = eu-west-1\n{_RUN}[qa]\nregion = eu-west-2\n"},
        says=("region of [dev] is twice in ~/.aws/credentials, in line 2 and in line 4",),
        types=lambda text: text.replace("Region = eu-west-1\n", ""),
    ),
    Row(
        "byte-order-mark",
        "config",
        here={"config": b"\xef\xbb\xbf[profile dev]\n" + _RUN.encode()},
        near={"config": "# \ufeff\n[profile dev]\nregion = eu-west-1\n"},
        says=("~/.aws/config begins with a byte order mark",),
        types=lambda text: text.removeprefix("\ufeff"),
    ),
    Row(
        "wrong-encoding",
        "config",
        here={"config": f"# für die Prüfung\n[profile dev]\n{_RUN}".encode("latin-1")},
        near={"config": "# für die Prüfung\n[profile dev]\nregion = eu-west-1\n"},
        says=("~/.aws/config is not UTF-8: byte 0xfc", "~/.aws/config:1  byte 0xfc"),
    ),
    Row(
        "wrong-encoding",
        "credentials",
        here={"credentials": _DEV.encode("utf-16")},
        near={"credentials": _DEV},
        says=("byte 0xff",),
    ),
    Row(
        "unreadable-file",
        "config",
        here={"files": {".aws/config/": ""}, "credentials": _DEV},
        near={"credentials": _DEV},
        says=("~/.aws/config is a directory; AWS tools treat it as missing",),
        profiles=(),
        does=_remove_directory,
    ),
    Row(
        "large-file",
        "config",
        here={"config": _LARGE * 5 + "[profile dev]\nregion = eu-west-1\n"},
        near={"config": _LARGE * 2 + "[profile dev]\nregion = eu-west-1\n"},
        says=("~/.aws/config is large (5 MB)",),
        does=_thin_out,
    ),
    Row(
        "swallowed-line",
        "dev",
        here={"config": "[profile dev]\nregion = eu-west-1\n  # how\n  output = json\n"},
        near={"config": "[profile dev]\n  region = eu-west-1\n  # how\n  output = json\n"},
        says=(
            "the output of dev is indented, so it is part of region",
            "~/.aws/config:4  (indented) output = json",
        ),
        profiles=("dev",),
        types=lambda text: text.replace("  output", "output"),
    ),
    Row(
        "swallowed-line",
        "big",
        here={"config": "[profile big]\ns3 =\n  max_queue_size = 5\n  region = eu-west-1\n"},
        near={"config": "[profile big]\ns3 =\n  max_queue_size = 5\n  use_arn_region = true\n"},
        says=("the region of big is indented, so it is part of s3",),
        types=lambda text: text.replace("  region", "region"),
    ),
    Row(
        "swallowed-header",
        "[profile qa]",
        here={"config": f"[profile dev]\nregion = eu-west-1\n [profile qa]\n{_RUN}"},
        near={"config": "[profile dev]\n [profile qa]\noutput = json\n"},
        says=("the header [profile qa] is indented, so it is part of region of dev", "~/.aws/config:3"),
        profiles=("dev",),
        types=lambda text: text.replace(" [profile qa]\n", f"{_RUN}[profile qa]\n"),
    ),
    Row(
        "default-section",
        "DEFAULT",
        here={"config": f"[DEFAULT]\nregion = eu-north-1\n[profile dev]\n{_RUN}"},
        near={"config": "[default]\nregion = eu-north-1\n[profile dev]\noutput = json\n"},
        says=(
            "[DEFAULT] gives region to every section of ~/.aws/config (1)",
            "~/.aws/config:2  region = eu-north-1",
        ),
        profiles=("dev",),
        types=lambda text: text.replace("[DEFAULT]\n", f"[default]\n{_RUN}"),
    ),
    Row(
        "glued-line",
        "[profile prod]",
        here={
            "config": "[profile dev]\nregion = eu-west-1[profile prod]\noutput = json\n",
            "credentials": f"[dev]\n{_PAIR}\n[prod]\n{_PAIR}\n",
        },
        near={"config": "[profile dev]\nregion = eu-west-1\n[profile prod]\noutput = json\n"},
        says=("the header [profile prod] is joined to the value of region in ~/.aws/config, line 2",),
        types=lambda text: text.replace("[profile prod]", "\n[profile prod]"),
    ),
    Row(  # with a region of its own below it the whole file does not parse
        "glued-line",
        "[profile prod]",
        here={
            "config": "[profile dev]\nregion = eu-west-1[profile prod]\nregion = us-east-1\n",
            "credentials": f"[dev]\n{_PAIR}\n[prod]\n{_PAIR}\n",
        },
        near={"config": "[profile dev]\nregion = eu-west-1\n[profile prod]\nregion = us-east-1\n"},
        says=("is joined to the value of region",),
        types=lambda text: text.replace("[profile prod]", "\n[profile prod]"),
    ),
    Row(
        "glued-line",
        "[prod]",
        here={"credentials": f"[dev]\n{_PAIR}[prod]\n{_PAIR}\n"},
        near={"credentials": f"[dev]\n{_PAIR}\n[prod]\n{_PAIR}\n"},
        says=("the header [prod] is joined to the value of aws_secret_access_key",),
        types=lambda text: text.replace("[prod]", "\n[prod]"),
    ),
    Row(
        "glued-line",
        "~/.aws/config",
        here={"config": "[profile dev]\nregion = eu-west-1output = json\n"},
        near={"config": "[profile dev]\nregion = eu-west-1\nendpoint_url = http://x/?output=json\n"},
        says=("the setting output is joined to the value of region",),
        types=lambda text: text.replace("output", "\noutput"),
    ),
)
