"""Worlds in which the real ``aws`` fails as it does for users, each with what was planted there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.interop import sts
from tests.interop.broken_homes import OVER_ROLE, PAST
from tests.interop.stub import Rule
from tests.interop.texts import (
    OVER_BASE,
    ROLE,
)

PERMANENT = "aws_access_key_id = AKIAIOSFODNN7OTHER01\naws_secret_access_key = CANARY\n"
TEMPORARY = "aws_access_key_id = ASIAIOSFODNN7OTHER02\naws_secret_access_key = CANARY\n"
TOKEN = "aws_session_token = CANARYtoken\n"
DECOYS = (
    f"[profile decoy]\n{PERMANENT.replace('OTHER01', 'DECOY01')}region = eu-west-1\n"
    "[profile decoy-role]\nrole_arn = arn:aws:iam::999999999999:role/decoy\nsource_profile = decoy\n"
    "[profile wreck]\nrole_arn = arn:aws:iam::999999999999:role/wreck\nsource_profile = nobody\n"
)
"""Profiles beside the one that is asked about: two that work, and one that fails otherwise."""
HERE = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7HERE001", "AWS_SECRET_ACCESS_KEY": "CANARY"}
HERE_FOR_A_WHILE = {
    "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7HERE002",
    "AWS_SECRET_ACCESS_KEY": "CANARY",
    "AWS_SESSION_TOKEN": "CANARYtoken",
}
EXPIRED = sts.refuses("ExpiredToken", "The security token included in the request is expired")
UNKNOWN_KEY = sts.refuses("InvalidClientTokenId", "The security token included in the request is invalid.")
SIGNATURE = sts.refuses(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
    "Access Key and signing method. Consult the service documentation for details.",
)
LATE = sts.refuses(
    "SignatureDoesNotMatch",
    "Signature expired: 20300101T113000Z is now earlier than 20300101T114500Z (20300101T120000Z - 15 min.)",
)


@dataclass(frozen=True, slots=True)
class Failing:
    """A world in which ``aws`` fails, and what is to blame.

    Attributes:
        culprit: the code of the finding that tells what was planted; None where no finding can know it.
        subject: the name of that finding's subject; None where the code says enough.
        says: words of the answer, where no finding tells it.
        config, credentials: the two files; the decoys are added to config.
        variables: what is set; None for what is not.
        profile: what ``--profile`` names; None where it is not given.
        rules: how AWS answers, by the action.
        tied: the profile that the message alone leads to; None where it is about this shell.
        prepare: what else makes the world, in its home.
        has_decoys: whether the decoys are there as well.
    """

    culprit: str | None
    subject: str | None = None
    says: tuple[str, ...] = ()
    config: str = ""
    credentials: str = ""
    variables: Mapping[str, str | None] = field(default_factory=dict)
    profile: str | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    tied: str | None = None
    prepare: Callable[[Path], None] = field(default=lambda _: None)
    has_decoys: bool = True


def _whoami(rule: Rule) -> Mapping[str, Rule]:
    return {"GetCallerIdentity": rule}


def _assuming(rule: Rule) -> Mapping[str, Rule]:
    return {"AssumeRole": rule}


def _chosen(name: str, **more: str | None) -> Mapping[str, str | None]:
    return {"AWS_PROFILE": name, **more}


TOKENS: Mapping[str, Failing] = {
    "the environment's keys have ended": Failing(
        "env-expired",
        "AWS_SESSION_EXPIRATION",
        variables=HERE_FOR_A_WHILE | {"AWS_SESSION_EXPIRATION": PAST},
        rules=_whoami(EXPIRED),
    ),
    "old keys in the environment win over the profile": Failing(
        "env-keys-override-profile",
        variables={**HERE_FOR_A_WHILE, **_chosen("decoy")},
        rules=_whoami(EXPIRED),
    ),
    "keys in the file have ended": Failing(
        "expired-keys",
        "x",
        credentials=f"[x]\n{TEMPORARY}{TOKEN}x_security_token_expires = {PAST}\n",
        variables=_chosen("x"),
        rules=_whoami(EXPIRED),
        tied="x",
    ),
    "keys in the file have ended, and nothing chooses them": Failing(
        "expired-keys",
        "x",
        credentials=f"[x]\n{TEMPORARY}{TOKEN}x_security_token_expires = {PAST}\n",
        profile="x",
        rules=_whoami(EXPIRED),
        tied="x",
    ),
    "a role's source has ended": Failing(
        "expired-keys",
        "old",
        config=f"[profile x]\n{ROLE}source_profile = old\n",
        credentials=f"[old]\n{TEMPORARY}{TOKEN}x_security_token_expires = {PAST}\n",
        variables=_chosen("x"),
        rules=_assuming(EXPIRED),
        tied="x",
    ),
    "keys in the file whose end nobody wrote down": Failing(
        "no-recorded-end",
        "x",
        credentials=f"[x]\n{TEMPORARY}{TOKEN}",
        variables=_chosen("x"),
        rules=_whoami(EXPIRED),
    ),
    "permanent keys beside a token in the environment": Failing(
        "env-stale-token",
        variables=HERE | {"AWS_SESSION_TOKEN": "CANARYtoken"},
        rules=_whoami(UNKNOWN_KEY),
    ),
    "two tokens in the environment": Failing(
        "env-two-tokens",
        variables=HERE_FOR_A_WHILE | {"AWS_SECURITY_TOKEN": "CANARYother"},
        rules=_whoami(UNKNOWN_KEY),
    ),
    "temporary keys without their token": Failing(
        "token-missing",
        "x",
        credentials=f"[x]\n{TEMPORARY}",
        variables=_chosen("x"),
        rules=_whoami(UNKNOWN_KEY),
        tied="x",
    ),
    "temporary keys without their token in the environment": Failing(
        "env-token-missing",
        variables={key: value for key, value in HERE_FOR_A_WHILE.items() if "TOKEN" not in key},
        rules=_whoami(UNKNOWN_KEY),
    ),
    "permanent keys beside a token in the file": Failing(
        "stale-token-beside-keys",
        "x",
        credentials=f"[x]\n{PERMANENT}{TOKEN}",
        variables=_chosen("x"),
        rules=_whoami(UNKNOWN_KEY),
    ),
    "a key left from a tutorial": Failing(
        "placeholder",
        "x",
        credentials="[x]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARY\n",
        variables=_chosen("x"),
        rules=_whoami(UNKNOWN_KEY),
    ),
    "a deleted key": Failing(
        None,
        says=("AWS does not know the access key of x", "…ER01"),
        credentials=f"[x]\n{PERMANENT}",
        variables=_chosen("x"),
        rules=_whoami(UNKNOWN_KEY),
    ),
}
"""ExpiredToken and InvalidClientTokenId."""

SIGNATURES: Mapping[str, Failing] = {
    "a secret in quotes": Failing(
        "quoted-value",
        "x",
        credentials='[x]\naws_access_key_id = AKIAIOSFODNN7OTHER01\naws_secret_access_key = "CANARY"\n',
        variables=_chosen("x"),
        rules=_whoami(SIGNATURE),
    ),
    "a comment behind a secret": Failing(
        "inline-comment",
        "x",
        credentials="[x]\naws_access_key_id = AKIAIOSFODNN7OTHER01\naws_secret_access_key = CANARY # new\n",
        variables=_chosen("x"),
        rules=_whoami(SIGNATURE),
    ),
    "a wrong secret": Failing(
        None,
        says=("the secret access key of x is wrong",),
        credentials=f"[x]\n{PERMANENT}",
        variables=_chosen("x"),
        rules=_whoami(SIGNATURE),
    ),
    "a clock that is late": Failing(
        None,
        says=("clock is off",),
        credentials=f"[x]\n{PERMANENT}",
        variables=_chosen("x"),
        rules=_whoami(LATE),
    ),
    "a clock that is late, as other services say it": Failing(
        None,
        says=("clock is off",),
        credentials=f"[x]\n{PERMANENT}",
        variables=_chosen("x"),
        rules=_whoami(sts.refuses("RequestExpired", "Request has expired.", 400)),
    ),
}
"""SignatureDoesNotMatch and RequestExpired."""


def _denied(caller: str, role: str) -> Rule:
    return sts.refuses(
        "AccessDenied",
        f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}",
    )


def _only_an_hour(parameters: Mapping[str, str]) -> tuple[int, str]:
    """Give what is asked for, but no longer than a chained role may be had."""
    is_too_long = parameters.get("DurationSeconds") == "7200"
    return (sts.refuses("ValidationError", sts.CHAINED, 400) if is_too_long else sts.gives())(parameters)


_DOCUMENTED, _REAL = "123456789012", "210987654321"
"""The account of AWS's documentation, which is told as a placeholder, and one that is not."""
DEPLOY_ARN = f"arn:aws:iam::{_REAL}:role/deploy"
REFUSALS: Mapping[str, Failing] = {
    "a role that its source may not assume": Failing(
        None,
        says=("base may not assume the role", DEPLOY_ARN),
        config=OVER_BASE.replace(_DOCUMENTED, _REAL),
        profile="x",
        rules=_assuming(_denied(f"arn:aws:iam::{_REAL}:user/base", DEPLOY_ARN)),
        tied="x",
    ),
    "a role on the way that may not be assumed": Failing(
        None,
        says=("base may not assume the role", DEPLOY_ARN),
        config=OVER_ROLE.replace(_DOCUMENTED, _REAL),
        profile="outer",
        rules=_assuming(_denied(f"arn:aws:iam::{_REAL}:user/base", DEPLOY_ARN)),
        tied="x",
    ),
    "a role longer than a chain may be": Failing(
        "duration-chained",
        "outer",
        config=OVER_ROLE + "duration_seconds = 7200\n",
        variables=_chosen("outer"),
        rules=_assuming(_only_an_hour),
    ),
    "too many calls": Failing(
        None,
        says=("AWS limits the rate of calls",),
        config=OVER_BASE,
        variables=_chosen("x", AWS_MAX_ATTEMPTS="1"),
        rules=_assuming(sts.refuses("Throttling", "Rate exceeded", 400)),
    ),
    "what the caller may not do": Failing(
        None,
        says=("AWS refuses",),
        credentials=f"[x]\n{PERMANENT}",
        variables=_chosen("x"),
        rules=_whoami(
            sts.refuses(
                "AccessDenied",
                "User: arn:aws:iam::123456789012:user/base is not authorized to perform: "
                "sts:GetCallerIdentity with an explicit deny",
            )
        ),
    ),
}
"""AccessDenied, ValidationError, Throttling."""


def _executable(name: str, script: str) -> Callable[[Path], None]:
    def prepare(home: Path) -> None:
        path = home / name
        path.write_text(script)
        path.chmod(0o755)

    return prepare


ELSEWHERE: Mapping[str, Failing] = {
    "a program that fails": Failing(
        None,
        says=("the credential_process of x failed",),
        config="[profile x]\ncredential_process = {HOME}/helper\n",
        variables=_chosen("x"),
        prepare=_executable("helper", "#!/bin/sh\necho no vault >&2\nexit 3\n"),
    ),
    "a program that says something else": Failing(
        None,
        says=("the credential_process of x failed",),
        config="[profile x]\ncredential_process = {HOME}/helper\n",
        variables=_chosen("x"),
        prepare=_executable("helper", "#!/bin/sh\necho '{\"Version\": 2}'\n"),
    ),
    "an empty program": Failing(
        "bad-process", "x", config="[profile x]\ncredential_process =\n", variables=_chosen("x"), tied="x"
    ),
    "a program with half a quote": Failing(
        "bad-process",
        "x",
        config="[profile x]\ncredential_process = 'helper\n",
        variables=_chosen("x"),
        tied="x",
    ),
    "a program without a name": Failing(
        "bad-process", "x", config="[profile x]\ncredential_process = ''\n", variables=_chosen("x"), tied="x"
    ),
    "nothing at all": Failing(None, says=("this shell gives no credentials",), has_decoys=False),
    "no region": Failing(
        "no-region",
        "x",
        credentials=f"[x]\n{PERMANENT}",
        variables=_chosen("x", AWS_DEFAULT_REGION=None),
    ),
    "an endpoint that nobody listens at": Failing(
        None,
        says=("AWS does not answer", "AWS_ENDPOINT_URL"),
        credentials=f"[x]\n{PERMANENT}",
        variables=_chosen("x", AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1"),
    ),
    "a proxy that nobody listens at": Failing(
        None,
        says=("the proxy does not answer", "HTTPS_PROXY"),
        credentials=f"[x]\n{PERMANENT}",
        variables=_chosen(
            "x",
            AWS_ENDPOINT_URL="https://127.0.0.1:9",
            AWS_MAX_ATTEMPTS="1",
            HTTPS_PROXY="http://127.0.0.1:9",
            NO_PROXY="",
        ),
    ),
    "a header without the word profile": Failing(
        "not-a-profile", "dev", config="[dev]\nregion = eu-west-1\n", profile="dev", tied=None
    ),
    "a header that is dropped": Failing(
        "dropped-header", config="[profile a b]\nregion = eu-west-1\n", profile="a b", tied=None
    ),
    "a misspelt profile": Failing(
        None, says=("there is no profile 'decyo'", "decoy"), profile="decyo", tied=None
    ),
    "a login for a tool without the CRT": Failing(
        "login-needs-crt",
        config="[profile x]\nlogin_session = arn:aws:iam::123456789012:user/me\n",
        variables=_chosen("x"),
        tied="x",
    ),
}
"""What lies elsewhere: programs, the network, names."""
