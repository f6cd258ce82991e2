"""A home with secrets all over, whose AWS and whose programs are careless with them."""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rolecall.actions.aws_cli import LONGEST_SAID
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host, utc_now
from tests.homes import make_home
from tests.interop.sts import INVALID_CODE, refuses, says_who
from tests.interop.stub import NAMESPACE, Stub
from tests.promises.canaries import Canaries
from tests.promises.planted import environment

CODE, WRONG_CODE = "918273", "445566"
DEVICE = "arn:aws:iam::111122223333:mfa/me"
MODES = ("stderr", "garbage", "version", "list")
"""How a helper fails: it names its secrets on stderr, or prints them in what is no answer."""
ECHO = "echo"
"""Another way: it repeats a word of its command line."""
_HELPER: Final = """\
import pathlib, sys, time
mode, _option, password, place, key, token = sys.argv[1:]
if mode == "stderr":
    sys.exit(f"cannot use {key} and {token}; aws_secret_access_key = {key}, password: {password}")
if mode == "echo":
    sys.exit(f"{password} is not the password")
if mode == "garbage":
    print(f"SecretAccessKey {key} SessionToken {token}")
if mode == "version":
    print('{"Version": "' + key + '"}')
if mode == "list":
    print('["' + token + '"]')
if mode == "hang":
    pathlib.Path(place).touch()
    time.sleep(600)
"""


@dataclass
class Careless:
    """An STS that hands out canaries, and repeats secrets in what it refuses.

    Attributes:
        canaries: where its secrets are written down.
        is_called: set once a call has come that is not answered.
        goes_on: set when that is to be answered after all.
    """

    canaries: Canaries
    is_called: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)

    def assume(self, parameters: Mapping[str, str]) -> tuple[int, str]:
        """Answer AssumeRole as the role's name says."""
        match parameters["RoleArn"].rpartition("/")[2]:
            case "Denied":
                return self._deny(parameters)
            case "Slow":
                self.is_called.set()
                self.goes_on.wait()
                return self._deny(parameters)
            case "Mfa" if parameters.get("TokenCode") != CODE:
                return refuses("AccessDenied", INVALID_CODE)(parameters)
            case name:
                return self._give(name)

    def _deny(self, parameters: Mapping[str, str]) -> tuple[int, str]:
        key, token = self.canaries.key("denied"), self.canaries.token("denied")
        password = self.canaries.word("denied")
        said = f"no: secret {key}, SessionToken={token}, password: {password}"
        return refuses("AccessDenied", said)(parameters)

    def _give(self, name: str) -> tuple[int, str]:
        end = datetime.now(UTC) + timedelta(hours=1)
        access_key = self.canaries.access_key(f"given {name}", "GAVE").replace("AKIA", "ASIA")
        return 200, (
            f'<AssumeRoleResponse xmlns="{NAMESPACE}"><AssumeRoleResult><AssumedRoleUser>'
            f"<AssumedRoleId>AROASTUB:me</AssumedRoleId>"
            f"<Arn>arn:aws:sts::111122223333:assumed-role/{name}/me</Arn></AssumedRoleUser>"
            f"<Credentials><AccessKeyId>{access_key}</AccessKeyId>"
            f"<SecretAccessKey>{self.canaries.key(f'given {name}')}</SecretAccessKey>"
            f"<SessionToken>{self.canaries.token(f'given {name}')}</SessionToken>"
            f"<Expiration>{end:%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials>"
            "</AssumeRoleResult></AssumeRoleResponse>"
        )


@dataclass(frozen=True)
class Place:
    """The home, its AWS, and what must not be seen of it."""

    host: Host
    canaries: Canaries
    sts: Careless

    @property
    def files(self) -> set[str]:
        """The files below the home."""
        return {str(path.relative_to(self.host.home)) for path in self.host.home.rglob("*") if path.is_file()}

    def cached(self, name: str) -> str:
        """The cache file of a role, below the home."""
        return f".aws/cli/cache/{Snapshot.take(self.host).profiles[name].cache_file}"


@contextmanager
def careless_place(home: Path) -> Iterator[Place]:
    """Write the home, and run its AWS until the end of the block."""
    canaries = Canaries()
    sts = Careless(canaries)
    with Stub() as stub:
        stub.rules["AssumeRole"] = sts.assume
        echoed = f"arn:aws:sts::111122223333:assumed-role/x/{canaries.key('an ARN that AWS told')}"
        stub.rules["GetCallerIdentity"] = says_who("111122223333", echoed)
        host = make_home(
            home,
            config=_config(canaries),
            credentials=_keys(canaries),
            files={"helper.py": _HELPER, "bin/aws": _wrapper(canaries)},
            environ={
                **environment(canaries),
                "AWS_ENDPOINT_URL": stub.url,
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_DEFAULT_REGION": "eu-west-1",
                "NO_PROXY": "127.0.0.1",
                "BOTO_CONFIG": "{HOME}/.boto",
                "PATH": "{HOME}/bin",
            },
            now=utc_now(),
        )
        (host.home / "bin/aws").chmod(0o700)
        try:
            yield Place(host, canaries, sts)
        finally:
            sts.goes_on.set()


def _wrapper(canaries: Canaries) -> str:
    """An ``aws`` that says with which credentials it was wrapped, the token where a long answer is cut."""
    said = f"wrapped with {canaries.key('aws')}".ljust(LONGEST_SAID - 80, ".")
    return f"#!/bin/sh\necho '{said} {canaries.token('aws')}'\n"


def _config(canaries: Canaries) -> str:
    return "".join(
        (
            _role("plain"),
            _role("denied"),
            _role("slow"),
            f"{_role('mfa')}mfa_serial = {DEVICE}\n",
            *(
                f"[profile {mode}]\ncredential_process = {_helper(canaries, mode)}\n"
                for mode in (*MODES, ECHO, "hang")
            ),
        )
    )


def _role(name: str) -> str:
    arn = f"arn:aws:iam::111122223333:role/{name.capitalize()}"
    return f"[profile {name}]\nrole_arn = {arn}\nsource_profile = base\nregion = eu-west-1\n"


def _helper(canaries: Canaries, mode: str) -> str:
    key, token, password = (make(f"helper {mode}") for make in (canaries.key, canaries.token, canaries.word))
    return f"{sys.executable} {{HOME}}/helper.py {mode} --password {password} {{HOME}}/started {key} {token}"


def _keys(canaries: Canaries) -> str:
    key = f"aws_access_key_id = {canaries.access_key('base', 'BASE')}\n"
    return f"[base]\n{key}aws_secret_access_key = {canaries.key('base')}\n"
