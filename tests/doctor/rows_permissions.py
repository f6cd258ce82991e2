"""Rows for ``rolecall.doctor.rules.permissions``."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from rolecall.aws import cache_files
from tests.doctor.rows import Row
from tests.homes import NOW

KEYS = "aws_access_key_id = AKIAQ3EGRIDOLDKEYABC\naws_secret_access_key = abc\n"
ROLE = {"role_arn": "arn:aws:iam::210987654321:role/x", "source_profile": "base"}
STEM = cache_files.role(ROLE)
CACHED = {
    "Credentials": {
        "AccessKeyId": "ASIAQ3EGRIDOLDKEYABC",
        "SecretAccessKey": "abc",
        "SessionToken": "abc",
        "Expiration": (NOW + timedelta(hours=1)).isoformat(),
    }
}
CONFIG = "[profile dev]\n" + "".join(f"{key} = {value}\n" for key, value in ROLE.items())
SOMEBODY = 54321
"""An account that is nobody here."""


def modes(**wanted: int) -> Callable[[Path], None]:
    """Return what gives modes below ``~/.aws``; two underscores are a slash, ``aws_dir`` is that itself."""

    def give(home: Path) -> None:
        for name, mode in wanted.items():
            (home / ".aws" / name.replace("__", "/").removeprefix("aws_dir")).chmod(mode)

    return give


def given_away(home: Path) -> None:
    """Give the config file to somebody else, which takes root."""
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(home / ".aws" / "config", SOMEBODY, -1)


def taken_back(home: Path) -> None:
    """Take it back, as ``sudo chown`` does."""
    os.chown(home / ".aws" / "config", os.geteuid(), -1)


def moved_out(home: Path) -> None:
    """Put the config file outside of the home, and a link in its place."""
    outside = home.parent / "shared"
    outside.mkdir(exist_ok=True)
    shutil.move(home / ".aws" / "config", outside / "config")
    (home / ".aws" / "config").symlink_to(outside / "config")


def moved_within(home: Path) -> None:
    """Put the config file among other dotfiles, and a link in its place."""
    (home / "dotfiles").mkdir()
    shutil.move(home / ".aws" / "config", home / "dotfiles" / "config")
    (home / ".aws" / "config").symlink_to("../dotfiles/config")


def moved_back(home: Path) -> None:
    """Put the file that a link leads to in the link's place."""
    link = home / ".aws" / "config"
    target = link.resolve()
    link.unlink()
    shutil.move(target, link)


def linked_to_nothing(home: Path) -> None:
    """Put a link where the credentials file should be."""
    (home / ".aws" / "credentials").symlink_to("/nowhere/credentials")


def file_as_cache(home: Path) -> None:
    """Put a file where the AWS CLI needs a directory."""
    (home / ".aws" / "cli").mkdir(parents=True, exist_ok=True)
    (home / ".aws" / "cli" / "cache").write_text("notes")


def link_as_cache(home: Path) -> None:
    """Put a link there that leads to a place in the home where nothing is."""
    (home / ".aws" / "cli").mkdir(parents=True, exist_ok=True)
    (home / ".aws" / "cli" / "cache").symlink_to(home / "big" / "cache")


def lost_disk(home: Path) -> None:
    """Put a link there that leads to a disk that is not mounted."""
    (home / ".aws" / "sso").mkdir(parents=True, exist_ok=True)
    (home / ".aws" / "sso" / "cache").symlink_to("/nowhere/cache")


def found_disk(home: Path) -> None:
    """Have the disk mounted again, with the login on it."""
    cache = home / ".aws" / "sso" / "cache"
    cache.unlink()
    cache.mkdir()
    token = {
        "startUrl": "https://corp.awsapps.com/start",
        "region": "eu-west-1",
        "accessToken": "abc",
        "expiresAt": (NOW + timedelta(hours=1)).isoformat(),
    }
    (cache / f"{cache_files.sso_token('corp')}.json").write_text(json.dumps(token))


def a_directory(home: Path) -> None:
    """Put a directory there, as the AWS CLI does."""
    (home / ".aws" / "cli" / "cache").mkdir(parents=True, exist_ok=True)


def moved_home(home: Path) -> None:
    """Have the files of the other home in this one."""
    (home / "home" / "me" / ".aws" / "config").rename(home / ".aws" / "config")


def cli_and_file(home: Path) -> None:
    """Install an AWS CLI, and put a file where it needs a directory."""
    (home / "bin" / "aws").chmod(0o755)
    file_as_cache(home)


KEYED = f"[profile dev]\n{KEYS}"
_POD = {
    "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token",
    "AWS_ROLE_ARN": "arn:aws:iam::210987654321:role/x",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
_SSO = (
    "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
    "[profile dev]\nsso_session = corp\nsso_account_id = 210987654321\nsso_role_name = Dev\n"
)
_WORKS = {"config": f"{CONFIG}region = eu-west-1\n", "credentials": f"[base]\n{KEYS}"}
_WRITING: tuple[Row, ...] = (
    Row(
        "cache-unwritable",
        "~/.aws/cli/cache",
        here=_WORKS,
        near=_WORKS,
        prepare=file_as_cache,
        prepare_near=a_directory,
        says=("~/.aws/cli/cache is a file, where AWS tools need a directory", "[Errno 17] File exists"),
        profiles=("dev",),
    ),
    Row(
        "cache-unwritable",
        "~/.aws/cli/cache",
        here=_WORKS,
        near={"config": f"[profile dev]\n{KEYS}"},  # boto3 and the CLI keep keys in no cache
        prepare=link_as_cache,
        prepare_near=link_as_cache,
        says=("~/.aws/cli/cache is a symlink to ", "/big/cache, which does not exist", "boto3 works"),
        profiles=("dev",),
    ),
    Row(
        "cache-unwritable",
        "~/.aws/sso/cache",
        here={"config": _SSO},
        near={"config": _SSO},
        prepare=lost_disk,
        does=found_disk,
        says=("/nowhere/cache, which does not exist", "no login there can be saved"),
        profiles=("dev",),
    ),
    Row(
        "env-cache-unwritable",
        "~/.aws/cli/cache",
        here={
            "files": {"token": "abcdef", "bin/aws": "#!/bin/sh\n"},
            "environ": _POD | {"PATH": "{HOME}/bin:/usr/bin:/bin"},
        },
        near={"files": {"token": "abcdef"}, "environ": _POD},  # no AWS CLI is here, and boto3 works
        prepare=cli_and_file,
        prepare_near=file_as_cache,
        says=("~/.aws/cli/cache is a file", "[Errno 17] File exists", "boto3 works"),
        profiles=(),
    ),
    Row(
        "profiles-elsewhere",
        "~/home/me/.aws",
        here={"files": {"home/me/.aws/config": KEYED, ".aws/": ""}, "environ": {"SUDO_USER": "me"}},
        near={"files": {"home/me/.aws/config": KEYED}},
        does=moved_home,
        says=("1 profile in ", "but sudo changed HOME to "),
    ),
    Row(
        "cache-unwritable-later",
        "~/.aws/cli/cache",
        here={"config": CONFIG},
        near={"config": CONFIG},
        prepare=file_as_cache,
        prepare_near=a_directory,
        says=("~/.aws/cli/cache is a file",),
        profiles=("dev",),
    ),
)
ROWS: tuple[Row, ...] = (
    *_WRITING,
    Row(
        "readable-secrets",
        "credentials",
        here={"credentials": f"[a]\n{KEYS}"},
        near={"credentials": f"[a]\n{KEYS}"},
        prepare=modes(credentials=0o644),
        prepare_near=modes(credentials=0o600),
        says=("~/.aws/credentials has mode 0644: its group and everybody else may read it", "-rw-r--r--"),
    ),
    Row(
        "readable-secrets",
        "config",
        here={"config": f"[profile a]\n{KEYS}"},
        near={"config": "[profile a]\nregion = eu-west-1\n"},
        prepare=modes(config=0o640),
        prepare_near=modes(config=0o640),
        says=("~/.aws/config has mode 0640: its group may read it",),
    ),
    Row(
        "readable-config",
        "config",
        here={"config": CONFIG},
        near={"config": CONFIG},
        prepare=modes(config=0o604),
        prepare_near=modes(config=0o600),
        says=("~/.aws/config has mode 0604: everybody else may read it",),
    ),
    Row(
        "writable-file",
        "config",
        here={"config": CONFIG},
        near={"config": CONFIG},
        prepare=modes(config=0o620),
        prepare_near=modes(config=0o644),
        says=("~/.aws/config has mode 0620: its group may change it", "credential_process"),
    ),
    Row(
        "writable-directory",
        "~/.aws",
        here={"config": CONFIG},
        near={"config": CONFIG},
        prepare=modes(aws_dir=0o777),
        prepare_near=modes(aws_dir=0o755),
        says=("~/.aws has mode 0777: its group and everybody else may replace",),
    ),
    Row(
        "readable-cache",
        "~/.aws/cli/cache",
        here={"config": CONFIG, "caches": {f"cli/{STEM}.json": CACHED}},
        near={"config": CONFIG, "caches": {f"cli/{STEM}.json": CACHED}},
        prepare=modes(**{f"cli__cache__{STEM}.json": 0o644}),
        prepare_near=modes(**{f"cli__cache__{STEM}.json": 0o600}),
        says=("1 file in ~/.aws/cli/cache", f"{STEM}.json  -rw-r--r--"),
    ),
    Row(
        "foreign-owner",
        "config",
        here={"config": CONFIG},
        near={"config": CONFIG},
        prepare=given_away,
        does=taken_back,
        says=(f"belongs to the account {SOMEBODY}",),
    ),
    Row(
        "outside-home",
        "config",
        here={"config": CONFIG},
        near={"config": CONFIG},
        prepare=moved_out,
        prepare_near=moved_within,
        does=moved_back,
        says=("~/.aws/config is a symlink that leads to ", "/shared/config"),
    ),
    Row(
        "dangling-link",
        "credentials",
        here={"config": CONFIG},
        near={"config": CONFIG},
        prepare=linked_to_nothing,
        does=lambda home: (home / ".aws" / "credentials").unlink(),
        says=("~/.aws/credentials is a symlink to /nowhere/credentials, which does not exist",),
    ),
    Row(
        "two-homes",
        "USERPROFILE",
        here={"config": CONFIG, "files": {"other/.aws/": ""}, "environ": {"USERPROFILE": "{HOME}/other"}},
        near={"config": CONFIG, "files": {"other/": ""}, "environ": {"USERPROFILE": "{HOME}/other"}},
        says=("USERPROFILE is ", "/home/other, but AWS tools read ", "/home/.aws"),
    ),
)
