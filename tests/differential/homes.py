"""Random homes: what an AWS tool can find in a home directory and in its environment, as text.

A Home is only a value; ``Home.write`` puts it into a directory, where rolecall and the real botocore then
read the same bytes. ``{HOME}`` in a text stands for that directory.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from hypothesis import strategies as st

from tests.differential.environs import environs
from tests.differential.ini import Fault, Section, encode, one_in, texts
from tests.differential.profiles import LOGINS, drafts, pick
from tests.differential.sections import config_sections, credentials_sections

CONFIG = ".aws/config"
CREDENTIALS = ".aws/credentials"
ELSEWHERE = "else where"


@dataclass(frozen=True, slots=True)
class Home:
    """A home directory and an environment.

    Attributes:
        files: path below the home → content; a path that ends in a slash is a directory.
        environ: the environment variables.
        has_crt: whether ``awscrt`` is installed beside boto3.
    """

    files: Mapping[str, bytes]
    environ: Mapping[str, str] = field(default_factory=dict)
    has_crt: bool = False

    def write(self, place: Path) -> dict[str, str]:
        """Make a directory this home, whatever was there before, and return its environment."""
        for child in place.iterdir():
            shutil.rmtree(child) if child.is_dir() else child.unlink()
        for name, content in self.files.items():
            path = place / name
            if name.endswith("/"):
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.replace(b"{HOME}", bytes(place)))
        values = {name: value.replace("{HOME}", str(place)) for name, value in self.environ.items()}
        return {"HOME": str(place)} | values

    def __repr__(self) -> str:
        """Show the home as code that makes it again, one file a line, to be pasted into a test."""
        files = "".join(f"    {name!r}: {content!r},\n" for name, content in self.files.items())
        return f"Home({{\n{files}}}, {dict(self.environ)!r}, has_crt={self.has_crt})"


@st.composite
def homes(draw: st.DrawFn) -> Home:
    """Draw a home with up to six profiles in the two files, their helpers, and an environment."""
    profiles = draw(drafts())
    environ = draw(environs())
    files: dict[str, bytes] = {}
    if not one_in(draw, 24):
        files[_place(environ, "AWS_CONFIG_FILE", CONFIG)] = _file(draw, draw(config_sections(profiles)))
    elif one_in(draw, 2):
        files[f"{CONFIG}/"] = b""
    if any(draft.in_credentials for draft in profiles) or one_in(draw, 24):
        name = _place(environ, "AWS_SHARED_CREDENTIALS_FILE", CREDENTIALS)
        files[name] = _file(draw, draw(credentials_sections(profiles)))
    files |= _tokens(draw) | _legacy_files(draw, environ)
    return Home(files, environ, has_crt=one_in(draw, 4))


def _place(environ: Mapping[str, str], variable: str, usual: str) -> str:
    """Return where a file has to stand for the variable to find it (sometimes it must not)."""
    value = environ.get(variable, "")
    return value[value.index(ELSEWHERE) :] if ELSEWHERE in value else usual


def _file(draw: st.DrawFn, sections: list[Section]) -> bytes:
    fault = draw(st.sampled_from(tuple(Fault))) if one_in(draw, 40) else None
    return encode(draw(texts(sections, fault)), fault)


def _tokens(draw: st.DrawFn) -> dict[str, bytes]:
    """Draw the token files that profiles refer to: web identity, and the cache of ``aws login``."""
    files = {"token": b"CANARY-web-identity"} if not one_in(draw, 8) else {}
    if one_in(draw, 12):
        files["token"] = "CANARY-größe".encode("latin-1")
    if not one_in(draw, 3):
        key = sha256(LOGINS[0].encode()).hexdigest()
        files[f".aws/login/cache/{key}.json"] = draw(st.sampled_from(LOGIN_TOKENS))
    return files


ACCESS_TOKEN = {
    "accessKeyId": "ASIALOGINEXAMPLE",
    "secretAccessKey": "CANARY-login",
    "sessionToken": "CANARY-login-token",
    "accountId": "123456789012",
    "expiresAt": "2099-01-01T00:00:00Z",
}
LOGIN_ENDS = ("2001-01-01T00:00:00Z", "2099-01-01T00:00:00", "2001-01-01T00:00:00", "soon", "", 4070908800)


def login_token(**changes: object) -> bytes:
    """Return an entry of the login cache: a whole one but for the changes; None takes a key away."""
    token = {
        "accessToken": ACCESS_TOKEN,
        "tokenType": "aws_sigv4",
        "clientId": "arn:aws:signin:::devtools/same-device",
        "refreshToken": "CANARY-refresh",
        "idToken": "CANARY-id",
        "dpopKey": "-----BEGIN CANARY-----\nMAZDQU5BUlk=\n",
    } | changes
    return json.dumps({key: value for key, value in token.items() if value is not None}).encode()


LOGIN_TOKENS = (
    *(login_token(),) * 8,
    login_token(refreshToken=None),
    login_token(accessToken=None, dpopKey=None),
    login_token(accessToken={}),
    login_token(accessToken="text"),
    login_token(accessToken=["list"]),
    *(login_token(accessToken=ACCESS_TOKEN | {"expiresAt": end}) for end in LOGIN_ENDS),
    *(login_token(accessToken=ACCESS_TOKEN | {key: None}) for key in ACCESS_TOKEN),
    *(login_token(accessToken={k: v for k, v in ACCESS_TOKEN.items() if k != key}) for key in ACCESS_TOKEN),
    *(b"", b"{", b"[]", b'["accessToken"]', b"null", b"5", b'"text"', b"{}", b"\xff", b"\xef\xbb\xbf{}"),
)


def _legacy_files(draw: st.DrawFn, environ: Mapping[str, str]) -> dict[str, bytes]:
    """Draw the files of boto 2 and the first EC2 tools: seldom there, and seldom whole."""
    files: dict[str, bytes] = {}
    if "AWS_CREDENTIAL_FILE" in environ and not one_in(draw, 6):
        files["ec2"] = pick(
            draw,
            "AWSAccessKeyId=AKIAEC2EXAMPLE\nAWSSecretKey=CANARY-ec2\n",
            "# c\n AWSAccessKeyId = AKIAEC2EXAMPLE \r\nno equals\nAWSSecretKey = CANARY=x\n",
            "AWSAccessKeyId=AKIAEC2EXAMPLE\n",
            "AWSSecretKey=CANARY-ec2\n",
            "",
        ).encode()
    for name, seldom in (
        ("boto", 3 if "BOTO_CONFIG" in environ else 40),
        (".boto", 12),
        ("etc/boto.cfg", 24),
    ):
        if one_in(draw, seldom):
            files[name] = pick(
                draw,
                "[Credentials]\naws_access_key_id = AKIABOTOEXAMPLE\naws_secret_access_key = CANARY-boto\n",
                "[Credentials]\naws_access_key_id = AKIABOTOEXAMPLE\n",
                "[credentials]\naws_access_key_id = AKIABOTOEXAMPLE\naws_secret_access_key = CANARY-boto\n",
                "[Credentials]\naws_secret_access_key = CANARY-boto\n",
                "[DEFAULT]\naws_access_key_id=AKIABOTOEXAMPLE\naws_secret_access_key=\n[Credentials]\n",
                "[Boto]\ndebug = 1\n",
                "not an ini file",
            ).encode()
    return files
