"""Logins, their caches, the shells and homes in which they are looked for, and what other tools leave there."""

from hashlib import sha1, sha256
from pathlib import Path

from tests.reported.cases import (
    ACCOUNT,
    ANY,
    OTHER_PAIR,
    PAIR,
    ROLE,
    SECRET,
    SESSION,
    TEMPORARY,
    TOKEN,
    Case,
)

START = "https://corp.example/start"
FUTURE, PAST = "2030-01-01T17:00:00Z", "2030-01-01T10:00:00Z"
_UNAUTHORIZED = "(UnauthorizedException) when calling the GetRoleCredentials operation: Session token not found or invalid"


def _hash(name: str) -> str:
    return sha1(name.encode()).hexdigest()  # noqa: S324 - AWS's choice of a name


def _token(end: str = FUTURE, start: str = START, region: str = "us-west-2") -> dict[str, object]:
    return {
        "startUrl": start,
        "region": region,
        "accessToken": "CANARY",
        "expiresAt": end,
        "clientId": "c",
        "clientSecret": "CANARY",
        "registrationExpiresAt": "2030-03-01T00:00:00Z",
        "refreshToken": "CANARY",
    }


def _legacy(
    name: str, start: str = START, region: str = "us-west-2", account: str = ACCOUNT, role: str = "Dev"
) -> str:
    return (
        f"[profile {name}]\nsso_start_url = {start}\nsso_region = {region}\nsso_account_id = {account}\n"
        f"sso_role_name = {role}\nregion = eu-west-1\n"
    )


CORP = (
    f"[sso-session corp]\nsso_start_url = {START}\nsso_region = us-west-2\nsso_registration_scopes = sso:account:access\n"
    f"[profile dev]\nsso_session = corp\nsso_account_id = {ACCOUNT}\nsso_role_name = Dev\nregion = us-west-2\n"
)
TORN = {
    "config": f"{CORP}[profile sub]\nrole_arn = {ROLE}/Sub\nsource_profile = dev\nregion = us-west-2\n",
    "caches": {
        f"sso/{_hash('corp')}.json": '{"accessToken": "CANARY", "expiresAt": "2030-01-01T17:00:00Z"}"}'
    },
}
WITHOUT_END = {
    "config": _legacy("old"),
    "caches": {
        f"sso/{_hash(START)}.json": {"startUrl": START, "region": "us-west-2", "accessToken": "CANARY"}
    },
}
FRAGMENT = {
    "config": _legacy(
        "gov",
        "https://start.us-gov-west-1.us-gov-home.example/directory/d-1234567890#/",
        "us-gov-west-1",
        "012345678910",
    )
}
ENDED_LOGIN = {
    "config": CORP.replace("[profile dev]", "[default]"),
    "caches": {
        f"sso/{_hash('corp')}.json": _token(PAST),
        "cli/" + _hash(f'{{"accountId":"{ACCOUNT}","roleName":"Dev","sessionName":"corp"}}') + ".json": {
            "ProviderType": "sso",
            "Credentials": {
                "AccessKeyId": TEMPORARY,
                "SecretAccessKey": "s",
                "SessionToken": "t",
                "Expiration": "2030-01-01T12:40:00Z",
                "AccountId": ACCOUNT,
            },
        },
    },
}
SESSION_FIRST = {
    "config": f"{_legacy('test')}sso_account_name = My Account\ncredential_process = aws-sso-util credential-process --profile test\nsso_auto_populated = true\n",
    "caches": {f"sso/{_hash(START)}.json": _token()},
}
GRANTED = {
    "config": f"[profile example]\nsso_session = corp\ngranted_sso_account_id = {ACCOUNT}\n"
    "granted_sso_role_name  = AWSAdministratorAccess\nregion = ap-southeast-2\n"
    f"credential_process = granted credential-process --profile example\n\n[sso-session corp]\nsso_region = us-west-2\nsso_start_url = {START}\n",
    "files": {"bin/granted": "#!/bin/sh\n"},
    "environ": {"PATH": "{HOME}/bin:/usr/bin:/bin"},
}
GRANTED_ALONE = {
    "config": f"[profile old]\ngranted_sso_start_url = {START}\ngranted_sso_region = us-west-2\ngranted_sso_account_id = {ACCOUNT}\n"
    "granted_sso_role_name = Admin\ngranted_sso_registration_scopes = sso:account:access\nregion = ap-southeast-2\n"
    "credential_process = granted credential-process --profile old\n",
    "files": {"bin/granted": "#!/bin/sh\n"},
    "environ": {"PATH": "{HOME}/bin:/usr/bin:/bin"},
}


def runnable(home: Path) -> None:
    for path in (home / "bin").iterdir():
        path.chmod(0o700)


# awsume writes the local time without a zone: in New York it is seven in the morning
_AWSUME = "autoawsume = true\nawsumepy_command = prod -a\nsource_expiration = 2030-01-01 15:00:00\nregion = eu-west-1\n"


def _awsume(end: str, zone: str, **variables: str) -> dict[str, object]:
    return {
        "credentials": f"[autoawsume-prod]\n{SESSION}expiration = {end}\n{_AWSUME}",
        "environ": {"TZ": zone, **variables},
    }


MARKED = {
    "config": f"[profile prod]\nrole_arn = {ROLE}/Admin\nsource_profile = me\nregion = eu-west-1\n[profile me]\nregion = eu-west-1\n",
    "credentials": f"[me]\n{PAIR}",
    "environ": {
        "AWS_PROFILE": "autoawsume-prod",
        "AWS_DEFAULT_PROFILE": "autoawsume-prod",
        "AWSUME_PROFILE": "prod",
        "AWSUME_COMMAND": "prod -a",
    },
}
_LOGIN_ARN = f"arn:aws:iam::{ACCOUNT}:user/alice"
_LOGIN_CACHE = f"login/{sha256(_LOGIN_ARN.encode()).hexdigest()}.json"
_LOGIN = {
    "accessToken": {
        "accessKeyId": TEMPORARY,
        "secretAccessKey": "s",
        "sessionToken": "t",
        "accountId": ACCOUNT,
        "expiresAt": "2030-01-01T11:40:00Z",
    },
    "tokenType": "urn:aws:params:oauth:token-type:access_token_sigv4",
    "clientId": "arn:aws:signin:::devtools/same-device",
    "refreshToken": "r",
    "identityToken": "i",
    "dpopKey": "k",
}
CONSOLE = {
    "config": f"[default]\nregion = us-east-1\nlogin_session = {_LOGIN_ARN}\n[profile console]\nlogin_session = {_LOGIN_ARN}\nregion = us-west-2\n",
    "credentials": f"[default]\n{PAIR}",
    "caches": {_LOGIN_CACHE: _LOGIN},
}
NESTED = {
    "config": "[profile dev]\nregion = eu-west-1\n[profile prod]\nregion = eu-west-1\n",
    "credentials": f"[dev]\n{PAIR}[prod]\n{OTHER_PAIR}",
    "environ": {
        "AWS_VAULT": "prod",
        "AWS_PROFILE": "dev",
        "AWS_ACCESS_KEY_ID": TEMPORARY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": TOKEN,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_SESSION_EXPIRATION": "2030-01-01T11:00:00Z",
        "AWS_CREDENTIAL_EXPIRATION": "2030-01-01T11:00:00Z",
    },
}
MARK_ALONE = {
    "config": NESTED["config"],
    "credentials": NESTED["credentials"],
    "environ": {"AWS_VAULT": "prod"},
}
NO_DATE = {
    "environ": {
        "AWS_ACCESS_KEY_ID": TEMPORARY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": TOKEN,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CREDENTIAL_EXPIRATION": "0001-01-01T00:00:00Z",
    }
}
ELSEWHERE = {
    "files": {"host/.aws/config": CORP, f"host/.aws/sso/cache/{_hash('corp')}.json": _token()},
    "environ": {"AWS_CONFIG_FILE": "{HOME}/host/.aws/config", "AWS_PROFILE": "dev"},
}
ROLE_HOME = {
    "config": f"[profile r]\nrole_arn = {ROLE}/R\nsource_profile = keys\nregion = us-west-2\n",
    "credentials": f"[keys]\n{PAIR}",
}


def dangling(home: Path) -> None:
    (home / ".aws/cli").mkdir(mode=0o700)
    (home / ".aws/cli/cache").symlink_to("/mnt/gone/cache")


TWO_REGIONS = {
    "config": f"{_legacy('one')}{_legacy('four', region='us-east-1')}",
    "caches": {f"sso/{_hash(START)}.json": _token()},
}
TWO_SPELLINGS = {
    "config": f"{_legacy('one')}{_legacy('two', start=START + '/#/')}",
    "caches": {f"sso/{_hash(START)}.json": _token()},
}


def _account(account: str) -> dict[str, object]:
    return {"config": _legacy("p", account=account), "caches": {f"sso/{_hash(START)}.json": _token()}}


_DEVNULL = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
NOTHING_WANTED = {
    "config": "[profile a]\nregion = eu-west-1\n",
    "credentials": f"[a]\n{PAIR}",
    "environ": _DEVNULL,
}
QUOTED_NAMES = {
    "config": "[profile a]\nregion = eu-west-1\n",
    "credentials": f"[a]\n{PAIR}",
    "environ": {"AWS_PROFILE": '"a"'},
}
ROOT_HOME = {
    "files": {
        "me/.aws/config": f"[profile prod/admins]\nregion = us-east-1\nrole_arn = {ROLE}/admin\ncredential_source = Environment\n"
    },
    "environ": {"SUDO_USER": "me", "SUDO_HOME": "{HOME}/me", "AWS_PROFILE": "prod/admins"},
}

CASES = (
    Case(
        "a token that is torn",
        TORN,
        "sso-token-damaged",
        states={
            "dev": "broken",
        },
    ),
    Case(
        "a token that is torn, under a role",
        TORN,
        "sso-token-damaged",
        profile="sub",
        states={"sub": "broken"},
    ),
    Case(
        "a token that is torn, Python's words",
        TORN,
        ANY,
        error="Extra data: line 1 column 231 (char 230)",
        unsaid=("NoCredentialsError",),
    ),
    Case("a token without an end", WITHOUT_END, "sso-token-damaged", states={"old": "broken"}),
    Case(
        "a token without an end, a tool's words",
        WITHOUT_END,
        ANY,
        error="Login failed: 'expiresAt'",
        unsaid=("NoCredentialsError",),
    ),
    Case(
        "a token without an end, Python's words",
        WITHOUT_END,
        "sso-token-damaged",
        error="KeyError: 'expiresAt'",
    ),
    Case(
        "a start URL that AWS refuses, its word",
        FRAGMENT,
        "",
        ("sso_start_url", "sso_region", "gov"),
        unsaid=("log in to", "ot logged in"),
        error="An error occurred (InvalidRequestException) when calling the StartDeviceAuthorization operation:",
    ),
    Case(
        "a start URL that AWS refuses, its word of the profile",
        FRAGMENT,
        "",
        ("sso_start_url", "sso_region"),
        unsaid=("log in to", "ot logged in"),
        profile="gov",
        error="An error occurred (InvalidRequestException) when calling the StartDeviceAuthorization operation:",
    ),
    Case("a login that ended while the CLI's cache lives", ENDED_LOGIN, ANY, ("boto3",), profile="default"),
    Case(
        "a login that ended while the CLI's cache lives, boto3's words",
        ENDED_LOGIN,
        ANY,
        ("boto3",),
        error="Error when retrieving token from sso: Token has expired and refresh failed",
    ),
    Case("a login beside a program of another tool", SESSION_FIRST, ANY),
    Case("settings of another tool beside its program", GRANTED_ALONE, None, prepare=runnable),
    Case(
        "settings of another tool beside half a login",
        GRANTED,
        None,
        profile="example",
        prepare=runnable,
        unsaid=("unset granted_", "remove granted_"),
    ),
    # local times, prompts and markers
    Case(
        "local time west of Greenwich",
        _awsume("2030-01-01 07:50:00", "America/New_York"),
        None,
        states={"autoawsume-prod": "valid"},
    ),
    Case(
        "local time east of Greenwich",
        _awsume("2030-01-01 19:00:00", "Asia/Tokyo"),
        ANY,
        states={"autoawsume-prod": "expired"},
    ),
    Case(
        "local time in the environment",
        _awsume(
            "2030-01-01 07:50:00",
            "America/New_York",
            AWS_ACCESS_KEY_ID=TEMPORARY,
            AWS_SECRET_ACCESS_KEY=SECRET,
            AWS_SESSION_TOKEN=TOKEN,
            AWSUME_PROFILE="prod",
            AWSUME_EXPIRATION="2030-01-01T07:50:00",
        ),
        None,
    ),
    Case(
        "a profile that its tool has taken away", MARKED, "env-profile-missing", ("AWS_PROFILE",), cures=True
    ),
    Case(
        "a profile that its tool has taken away, the CLI's words",
        MARKED,
        "env-profile-missing",
        ("AWS_PROFILE",),
        error="The config profile (autoawsume-prod) could not be found",
    ),
    Case(
        "ended keys in the environment, and a marker of them",
        NESTED,
        "env-expired",
        ("AWS_VAULT",),
        cures=True,
    ),
    Case(
        "ended keys in the environment, asked of the profile",
        NESTED,
        "env-keys-override-profile",
        profile="dev",
    ),
    Case(
        "a marker without keys, that tool's words",
        MARK_ALONE,
        "",
        ("unset AWS_VAULT",),
        error="aws-vault: error: exec: aws-vault sessions should be nested with care, unset AWS_VAULT to force",
    ),
    Case("an end that is no date", NO_DATE, "env-bad-setting", ("0001-01-01",), unsaid=("739948d",)),
    Case(
        "an end that is no date, botocore's words",
        NO_DATE,
        "env-bad-setting",
        ("AWS_CREDENTIAL_EXPIRATION",),
        error="Credentials were refreshed, but the refreshed credentials are still expired.",
    ),
    # aws login
    Case(
        "long-term keys over a login of the CLI",
        CONSOLE,
        "keys-shadow-process",
        profile="default",
        unsaid=("unset --file credentials --yes default aws_secret_access_key",),
    ),
    Case(
        "a login of the CLI that has ended, asked of the profile",
        CONSOLE,
        "login-damaged",
        profile="console",
    ),
    Case(
        "a login of the CLI that has ended, its words",
        CONSOLE,
        ANY,
        ("console",),
        error="Your session has expired. Please reauthenticate using 'aws login'.",
    ),
    Case(
        "a login of the CLI that is torn",
        {**CONSOLE, "caches": {_LOGIN_CACHE: '{"accessToken": {}}}}'}},
        "login-damaged",
        profile="console",
        states={"console": "broken"},
    ),
    # where it is looked for
    Case("a config elsewhere", ELSEWHERE, "sso-token-missing", ("host/.aws/sso/cache",)),
    Case(
        "a config elsewhere, asked of the profile",
        ELSEWHERE,
        "sso-token-missing",
        ("host/.aws/sso/cache",),
        profile="dev",
    ),
    Case("a cache that leads nowhere", ROLE_HOME, "cache-unwritable", ("cli/cache",), prepare=dangling),
    Case(
        "a cache that leads nowhere, asked of the role",
        ROLE_HOME,
        "cache-unwritable",
        ("cli/cache",),
        profile="r",
        prepare=dangling,
    ),
    Case(
        "a cache that leads nowhere, Python's words",
        ROLE_HOME,
        "cache-unwritable",
        ("cli/cache",),
        error="[Errno 17] File exists: '/home/me/.aws/cli/cache'",
        prepare=dangling,
    ),
    Case(
        "a cache that is a file",
        {**ROLE_HOME, "files": {".aws/cli/cache": "x"}},
        "cache-unwritable",
        ("cli/cache",),
    ),
    Case(
        "a file for the directory of the CLI",
        {**ROLE_HOME, "files": {".aws/cli": "x"}},
        "cache-unwritable",
        (".aws/cli",),
        profile="r",
    ),
    Case("the home of another user", ROOT_HOME, "env-profile-missing", ("sudo",)),
    Case(
        "the home of another user, the CLI's words",
        ROOT_HOME,
        "env-profile-missing",
        ("sudo",),
        error="The config profile (prod/admins) could not be found",
    ),
    # SSO's own values
    Case("a token of another region", TWO_REGIONS, ANY, says=("four", "us-east-1", "us-west-2")),
    Case("a token of another region, asked of the profile", TWO_REGIONS, ANY, ("us-east-1",), profile="four"),
    Case("a start URL in another spelling", TWO_SPELLINGS, "sso-token-missing", ("spell",), profile="two"),
    Case(
        "a token that AWS does not take, its word",
        {"config": _legacy("one"), "caches": {f"sso/{_hash(START)}.json": _token()}},
        "",
        ("rolecall login one",),
        error=f"An error occurred {_UNAUTHORIZED}",
    ),
    Case(
        "a token that AWS does not take, the SDK's word",
        {"config": _legacy("one"), "caches": {f"sso/{_hash(START)}.json": _token()}},
        "",
        ("rolecall login one",),
        error="UnauthorizedException: Session token not found or invalid",
    ),
    Case(
        "no access to a role, AWS's word",
        {"config": _legacy("one"), "caches": {f"sso/{_hash(START)}.json": _token()}},
        "",
        ("no such role",),
        profile="one",
        error="An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access",
    ),
    Case(
        "an account that has lost its zero",
        _account("32043643619"),
        "bad-parameter",
        ("sso_account_id", "032043643619"),
        subject="p",
    ),
    Case(
        "an account of 13 digits",
        _account("1110987654321"),
        "bad-parameter",
        ("sso_account_id",),
        subject="p",
        states={"p": "broken"},
    ),
    Case(
        "an account with dashes",
        _account("1111-2222-3333"),
        "bad-parameter",
        ("sso_account_id", "111122223333"),
        subject="p",
    ),
    Case(
        "an account in quotes",
        _account("'111122223333'"),
        "bad-parameter",
        ("sso_account_id", "111122223333"),
        subject="p",
    ),
    Case(
        "an account with a letter",
        _account("111122223333x"),
        "bad-parameter",
        ("sso_account_id",),
        subject="p",
    ),
    Case("an account that is empty", _account(""), ANY, ("sso_account_id",), subject="p"),
    Case(
        "an account that has lost its zero, in a role",
        {
            "config": "[profile q]\nrole_arn = arn:aws:iam::32043643619:role/R\nsource_profile = base\nregion = eu-west-1\n",
            "credentials": f"[base]\n{PAIR}",
        },
        "bad-parameter",
        ("role_arn", "032043643619"),
        subject="q",
    ),
    Case(
        "the ARN of a role for its name",
        {
            "config": _legacy(
                "q",
                role=f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
            ),
            "caches": {f"sso/{_hash(START)}.json": _token()},
        },
        ANY,
        ("sso_role_name",),
        subject="q",
    ),
    Case(
        "the name in IAM of a role of SSO",
        {
            "config": _legacy("q", role="AWSReservedSSO_Admin_0123456789abcdef"),
            "caches": {f"sso/{_hash(START)}.json": _token()},
        },
        ANY,
        ("sso_role_name",),
        subject="q",
    ),
    Case(
        "a start URL without a scheme",
        {"config": _legacy("q", start="corp.example/start")},
        "malformed-value",
        ("sso_start_url",),
        subject="q",
    ),
    Case(
        "a start URL in quotes",
        {"config": _legacy("q", start='"https://corp.example/start"')},
        "quoted-value",
        ("sso_start_url",),
        subject="q",
        cures=True,
    ),
    Case(
        "a start URL of a session without a scheme",
        {"config": CORP.replace("https://", "")},
        "malformed-value",
        ("sso_start_url", "not logged in to corp"),
        subject="corp",
    ),
    Case(
        "a zone for a session's region", {"config": CORP.replace("us-west-2", "us-west-2a", 1)}, "odd-region"
    ),
    Case("files that are meant to be empty", NOTHING_WANTED, None, unsaid=("/dev/null",)),
    Case(
        "quotes around names",
        QUOTED_NAMES,
        "env-profile-missing",
        ("export AWS_PROFILE='a'",),
        unsaid=("'\"eu-west-1\"'",),
    ),
)
