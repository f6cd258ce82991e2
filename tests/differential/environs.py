"""Random environments: the variables that decide who supplies the credentials, unset, empty, right or odd."""

from collections.abc import Mapping

from hypothesis import strategies as st

from tests.differential.ini import one_in
from tests.differential.profiles import ABSENT, METADATA, NAMES, REGIONS, ROLES

EXPIRATIONS = (
    "2001-01-01T00:00:00Z",
    "2001-01-01T00:00:00+00:00",
    "2099-01-01T00:00:00Z",
    "2099-01-01T00:00:00-05:00",
    "2099-01-01 00:00:00 UTC",
    "2001-01-01T00:00:00",
    "2099-01-01T00:00:00",
    "2099-01-01",
    "20990101T000000Z",
    "Thu, 01 Jan 2099 00:00:00 GMT",
    "1700000000",
    "1700000000.5",
    "Jan 1 2099 5pm PST",
    "2001-01-01T00:00:00 EST",
    "2099-01-01T00:00:00.123456789Z",
    "2099-W01-4",
    "noon",
    "2099",
    "2001-01-01T24:00:00Z",
    "2099-01-01T00:00:00+99:00",
    "\u0662\u0660\u0669\u0669-01-01",  # digits, but not ASCII ones
    "soon",
    "",
    " ",
    "99999999999999999999999999",
    "2099-13-45T00:00:00Z",
)

RARE: Mapping[str, tuple[str, ...]] = {
    "AWS_ACCOUNT_ID": ("123456789012", ""),
    "AWS_EC2_METADATA_DISABLED": ("true", "TRUE", "false", "", "1"),
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": ("/creds", ""),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": ("http://127.0.0.1:9/", "http://localhost:9/", ""),
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": ("CANARY-auth", ""),
    "AWS_CREDENTIAL_FILE": ("~/ec2", "{HOME}/ec2", "~/ec2/", "$HOME/ec2", "", "{HOME}"),
    "BOTO_CONFIG": ("~/boto", "~/boto/", "$HOME/boto", "", "{HOME}/gone"),
    "AWS_LOGIN_CACHE_DIRECTORY": ("~/.aws/login/cache", "$HOME/gone", ""),
    "AWS_ENDPOINT_URL": ("http://127.0.0.1:9",),
    "AWS_STS_REGIONAL_ENDPOINTS": ("legacy", ""),
    "AWS_USE_FIPS_ENDPOINT": ("true", "nonsense"),
    "AWS_MAX_ATTEMPTS": ("3", "nonsense"),
    "AWS_DEFAULT_OUTPUT": ("table",),
    "AWS_DATA_PATH": ("~/models", ""),
}

METADATA_VARIABLES = {f"AWS_{name.upper()}": values for name, values in METADATA.items()}


@st.composite
def environs(draw: st.DrawFn) -> dict[str, str]:
    """Draw an environment; most of its variables are unset, so that the files have their say."""
    environ: dict[str, str] = {}
    if one_in(draw, 4):
        environ |= _keys(draw)
    if one_in(draw, 6):
        environ |= _web_identity(draw)
    _set(draw, environ, 3, "AWS_PROFILE", (*NAMES * 2, ABSENT, "", "Dev"))
    _set(draw, environ, 6, "AWS_DEFAULT_PROFILE", (*NAMES * 2, ABSENT, ""))
    _set(draw, environ, 5, "AWS_REGION", REGIONS)
    _set(draw, environ, 5, "AWS_DEFAULT_REGION", REGIONS)
    _set(draw, environ, 16, "AWS_CONFIG_FILE", _files("config"))
    _set(draw, environ, 16, "AWS_SHARED_CREDENTIALS_FILE", _files("credentials"))
    if "$NESTED" in environ.values():
        environ["NESTED"] = draw(
            st.sampled_from(("~/.aws/config", "$HOME/.aws/config", "{HOME}/.aws/config"))
        )
    if one_in(draw, 2):
        for name in draw(st.lists(st.sampled_from(tuple(RARE)), max_size=3, unique=True)):
            environ[name] = draw(st.sampled_from(RARE[name]))
    if one_in(draw, 24):
        name = draw(st.sampled_from(tuple(METADATA_VARIABLES)))
        environ[name] = draw(st.sampled_from(METADATA_VARIABLES[name]))
    if one_in(draw, 30):
        # with all of these and a data path, boto3 answers without ever opening a file
        environ = {name: values[0] for name, values in METADATA_VARIABLES.items()} | environ
        _set(draw, environ, 2, "AWS_DATA_PATH", RARE["AWS_DATA_PATH"])
    return environ


def _set(draw: st.DrawFn, environ: dict[str, str], seldom: int, name: str, values: tuple[str, ...]) -> None:
    if one_in(draw, seldom):
        environ[name] = draw(st.sampled_from(values))


def _keys(draw: st.DrawFn) -> dict[str, str]:
    """Draw static keys in the environment: mostly a pair, with an end now and then."""
    keys = {"AWS_ACCESS_KEY_ID": "AKIAENVEXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARY-env"}
    match draw(st.sampled_from(("pair", "pair", "pair", "end", "end", "end", "half", "secret", "empty"))):
        case "end":
            keys["AWS_CREDENTIAL_EXPIRATION"] = draw(st.sampled_from(EXPIRATIONS))
        case "half":
            del keys["AWS_SECRET_ACCESS_KEY"]
        case "secret":
            del keys["AWS_ACCESS_KEY_ID"]
        case "empty":
            keys[draw(st.sampled_from(tuple(keys)))] = ""
        case _:
            pass
    for name in ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"):
        _set(draw, keys, 4, name, ("CANARY-session", ""))
    return keys


def _web_identity(draw: st.DrawFn) -> dict[str, str]:
    """Draw the variables of a web identity: all of them, or some."""
    variables = {
        "AWS_WEB_IDENTITY_TOKEN_FILE": draw(st.sampled_from(("{HOME}/token",) * 3 + ("{HOME}/gone", ""))),
        "AWS_ROLE_ARN": draw(st.sampled_from((*ROLES, ""))),
        "AWS_ROLE_SESSION_NAME": draw(st.sampled_from(("me", ""))),
    }
    return {name: value for name, value in variables.items() if not one_in(draw, 4)}


def _files(name: str) -> tuple[str, ...]:
    return (
        f"~/else where/{name}",
        f"$HOME/else where/{name}",
        f"${{HOME}}/else where/{name}",
        f"{{HOME}}/else where/{name}",
        "",
        "~/gone",
        "$NOSUCH/gone",
        "~nosuchuser/gone",
        "{HOME}",
        "~/.aws/config",
        f"~/.aws/{name}/",
        f"~//.aws/./{name}",
        f"~/.aws/gone/../{name}",
        f" ~/.aws/{name}",
        "$NESTED",
    )
