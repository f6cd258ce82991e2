"""Lines of the two files that AWS tools read as something else than they look like, or that AWS refuses."""

from tests.reported.cases import (
    ACCOUNT,
    ANY,
    OTHER_ACCOUNT,
    OTHER_PAIR,
    PAIR,
    PAIR_SET,
    ROLE,
    Case,
)

_MFA = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: MultiFactorAuthentication failed, "
    "unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."
)
GLUED_PREVIEW = {
    "credentials": f"[dev]\n{PAIR}",
    "config": "[default]\nregion = us-east-1\noutput = json\n[profile dev]\nregion = us-east-1\n"
    "output = json[preview]\ncloudfront = true\n",
}
GLUED_PROFILE = {
    "credentials": f"[dev]\n{PAIR}",
    "config": "[profile dev]\noutput = json\nregion = us-east-1[profile prod]\n"
    f"role_arn = {ROLE}/Deploy\nsource_profile = dev\n",
}
GLUED_KEYS = {
    "credentials": f"[dev]\n{PAIR.rstrip()}[prod]\n{OTHER_PAIR}",
    "config": "[profile dev]\nregion = us-east-1\n",
}
GLUED_SECRET = {
    "credentials": f"[dev]\n{PAIR.rstrip()}[prod]\nregion = eu-west-1\n",
    "config": "[profile dev]\nregion = us-east-1\n",
}
ZONES = {
    "credentials": f"[default]\n{PAIR}[hub]\n{OTHER_PAIR}",
    "config": "[default]\nregion = us-east-1a\n[profile hub]\nregion = US_EAST_1\n",
}
ZONE_SET = {
    "credentials": f"[default]\n{PAIR}",
    "config": "[default]\nregion = us-east-2\n",
    "environ": {"AWS_DEFAULT_REGION": "us-east-2b", "AWS_REGION": "us-east-2b"},
}
SERIAL = {
    "credentials": f"[base]\n{PAIR}",
    "config": "[profile base]\nregion = us-east-1\n[profile dev]\nregion = us-east-1\n"
    f"role_arn = {ROLE}/Dev\nsource_profile = base\nmfa_serial = arn:aws:iam::{OTHER_ACCOUNT}:user/some.body\n",
}
NO_WORD_PROFILE = {
    "config": f"[profile main]\nsource_profile = custom\nrole_arn = {ROLE}/Main\nrole_session_name = me\n"
    "region = us-east-1\n\n[custom]\ncredential_process = /bin/echo {}\nregion = us-east-1\n",
}
PARTITIONS = {
    "credentials": f"[gov]\n{PAIR}[cn]\n{OTHER_PAIR}",
    "config": "[profile gov]\nregion = us-east-1\n"
    f"[profile govrole]\nrole_arn = arn:aws-us-gov:iam::{ACCOUNT}:role/Admin\nsource_profile = gov\nregion = us-east-1\n"
    "[profile cn]\nregion = cn-north-1\n"
    f"[profile cnrole]\nregion = cn-north-1\nrole_arn = {ROLE}/test\nsource_profile = cn\n",
}
GOV_WITHOUT_REGION = {
    "credentials": f"[gov]\n{PAIR}region = us-gov-west-1\n",
    "config": f"[profile admin]\nrole_arn = arn:aws-us-gov:iam::{ACCOUNT}:role/Admin\nsource_profile = gov\n",
}
VAULT = {
    "config": f"[default]\ncli_pager=\nmfa_serial=arn:aws:iam::{OTHER_ACCOUNT}:mfa/my.user\nregion=us-east-1\n"
    f"output=json\n\n[profile account1]\nregion=us-east-1\nmfa_serial=arn:aws:iam::{OTHER_ACCOUNT}:mfa/my.user\n"
    f"role_arn={ROLE}/mfarole\n",
}
BUNDLE = {
    "credentials": f"[default]\n{PAIR}",
    "config": "[default]\nregion = ap-southeast-2\nca_bundle = ~/certs/corp.pem\n",
}
_NEARLY = (
    *("credentials.txt", "credentials.ini", "Credentials", "credentials ", "credentials.TXT", "credential"),
    *("credentials.txt.txt", ".credentials", "aws_credentials", "credentials (1)", "CREDENTIALS.cfg"),
)
"""Names that editors and file managers give the file of credentials."""
TWO_DEFAULTS = {
    "config": "[default]\nregion = eu-west-1\n\n[profile default]\nregion = us-west-2\nsso_session = corp\n"
    f"sso_account_id = {ACCOUNT}\nsso_role_name = Dev\n\n[sso-session corp]\n"
    "sso_start_url = https://corp.example/start\nsso_region = us-west-2\nsso_registration_scopes = sso:account:access\n",
}


def _refused(key: str, value: str) -> dict[str, object]:
    """A role with one value that STS refuses."""
    settings = {"role_arn": f"{ROLE}/admin", key: value}
    lines = "".join(f"{name} = {each}\n" for name, each in settings.items())
    return {
        "credentials": f"[base]\n{PAIR}",
        "config": f"[profile base]\nregion = us-east-1\n[profile dev]\nregion = us-east-1\n{lines}source_profile = base\n",
    }


_SESSION_NAME = (
    "An error occurred (ValidationError) when calling the AssumeRole operation: 1 validation error detected: Value "
    "'truster-on-path/admin' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular "
    "expression pattern: [\\w+=,.@-]*"
)

CASES = (
    Case(
        "a header that is glued to a value",
        GLUED_PREVIEW,
        "glued-line",
        ("[preview]",),
        line=6,
    ),
    Case(
        "a header that is glued to a value, asked of the profile",
        GLUED_PREVIEW,
        "glued-line",
        profile="dev",
        line=6,
    ),
    Case("a profile that is glued to a region", GLUED_PROFILE, "glued-line", ("[profile prod]",), line=3),
    Case(
        "a profile that is glued to a region, the CLI's words",
        GLUED_PROFILE,
        "glued-line",
        ("[profile prod]",),
        error="The config profile (prod) could not be found",
        line=3,
    ),
    Case("keys glued to keys", GLUED_KEYS, "glued-line", ("[prod]",), line=3),
    Case("a header that is glued to the secret", GLUED_SECRET, "glued-line", ("[prod]",), line=3),
    Case(
        "a header that is glued to the secret, asked of the profile",
        GLUED_SECRET,
        "glued-line",
        ("[prod]",),
        profile="dev",
        line=3,
    ),
    Case("a zone for a region", ZONES, "odd-region", ("us-east-1",), cures=True),
    Case(
        "a zone for a region, the CLI's words",
        ZONES,
        "odd-region",
        ("us-east-1a",),
        error='Could not connect to the endpoint URL: "https://lambda.us-east-1a.amazonaws.com/2015-03-31/functions/demo"',
        cures=True,
    ),
    Case(
        "a region in capitals, the CLI's words",
        ZONES,
        "odd-region",
        ("US_EAST_1",),
        subject="hub",
        error="Invalid endpoint: https://s3.US_EAST_1.amazonaws.com",
        cures=True,
    ),
    Case("a zone in the variables", ZONE_SET, "env-odd-region", ("us-east-2b",), cures=True),
    *(
        Case(
            f"{zone} for a region",
            {"credentials": f"[dev]\n{PAIR}", "config": f"[profile dev]\nregion = {zone}\n"},
            "odd-region",
            (zone, f"sts.{zone}.amazonaws.com"),
            states={"dev": "broken"},
            cures=True,
        )
        for zone in ("us-west-2-lax-1a", "us-east-1-wl1-bos-wlz-1", "use1-az1", "cn-north-1b")
    ),
    Case(
        "a zone in a file, and keys in variables",
        {"config": "[default]\nregion = us-east-2a\n", "environ": PAIR_SET},
        "odd-region",
        ("us-east-2a", "sts.us-east-2a.amazonaws.com"),
        cures=True,
    ),
    Case(
        "a zone where another service is called",
        {
            "credentials": f"[dev]\n{PAIR}[minio]\naws_access_key_id = minio\naws_secret_access_key = minio1\n",
            "config": "[profile dev]\nregion = us-east-2a\nendpoint_url = http://localhost:4566\n"
            "[profile minio]\nregion = us-east-2a\n",
        },
        None,
        absent=("odd-region", "refused-setting"),
        states={"dev": "permanent", "minio": "permanent"},
    ),
    Case(
        "a zone in the variables, the CLI's words",
        ZONE_SET,
        ANY,
        ("AWS_REGION", "us-east-2b"),
        error='Could not connect to the endpoint URL: "https://sts.us-east-2b.amazonaws.com/"',
        cures=True,
    ),
    *(
        Case(
            f"keys in a file called {name!r}{', ' + asked if asked else ''}",
            {"files": {f".aws/{name}": f"[default]\n{PAIR}[dev]\n{OTHER_PAIR}"}},
            "file-with-ending",
            (f"~/.aws/{name} is not read", "rename it to ~/.aws/credentials"),
            unsaid=("docker run",),
            error=asked,
            cures=True,
        )
        for name in _NEARLY
        for asked in (None, "Unable to locate credentials", "The config profile (dev) could not be found")
    ),
    Case(
        "keys in credentials.txt beside a region",
        {
            "files": {".aws/credentials.txt": f"[default]\n{PAIR}"},
            "config": f"[default]\nregion = eu-west-1\n[profile dev]\nrole_arn = {ROLE}/x\nsource_profile = default\n",
        },
        "file-with-ending",
        ("~/.aws/credentials.txt is not read", "default, dev"),
        absent=("no-credentials",),
        cures=True,
    ),
    Case(
        "profiles in config.txt, and one of them is chosen",
        {
            "files": {".aws/config.txt": "[profile dev]\nregion = eu-west-1\n"},
            "credentials": f"[base]\n{PAIR}",
            "environ": {"AWS_PROFILE": "dev"},
        },
        "file-with-ending",
        ("~/.aws/config.txt is not read",),
        absent=("env-profile-missing",),
        cures=True,
    ),
    *(
        Case(
            f"a file called {name!r} that is none of these",
            {"files": {f".aws/{name}": text}, "config": "[profile dev]\ncredential_process = /bin/echo {}\n"},
            None,
            absent=("file-with-ending",),
        )
        for name, text in (
            ("credentials.bak", f"[default]\n{PAIR}"),
            ("credentials~", f"[default]\n{PAIR}"),
            ("credentials.example", f"[default]\n{PAIR}"),
            ("credentials.json", '{"Version": 1}'),
            ("credentials.ini", "[server]\nport = 80\n"),
            ("my-credentials", f"[default]\n{PAIR}"),
        )
    ),
    Case("a user for an MFA device", SERIAL, ANY, ("user/some.body",), line=7),
    Case("a user for an MFA device, asked of the role", SERIAL, ANY, ("user/some.body",), profile="dev"),
    Case("a user for an MFA device, AWS's word", SERIAL, ANY, ("user/some.body",), error=_MFA),
    Case(
        "a user for an MFA device, AWS's word of the role",
        SERIAL,
        ANY,
        ("user/some.body",),
        profile="dev",
        error=_MFA,
    ),
    Case(
        "a source whose header lacks a word",
        NO_WORD_PROFILE,
        "not-a-profile",
        ("[custom]",),
    ),
    Case(
        "a source whose header lacks a word, asked of the role",
        NO_WORD_PROFILE,
        "not-a-profile",
        ("[custom]",),
        profile="main",
    ),
    Case(
        "a source whose header lacks a word, botocore's words",
        NO_WORD_PROFILE,
        "not-a-profile",
        ("[custom]",),
        error='The source profile "custom" must have credentials.',
    ),
    Case("roles of other partitions", PARTITIONS, ANY, ("aws-us-gov",)),
    Case("a role of another partition", PARTITIONS, ANY, ("aws-us-gov",), profile="govrole"),
    Case(
        "a role of another partition, AWS's word",
        PARTITIONS,
        ANY,
        ("aws-us-gov",),
        profile="govrole",
        error="An error occurred (InvalidClientTokenId) when calling the AssumeRole operation: The security token included in the request is invalid.",
    ),
    Case(
        "a role of another partition without a region",
        GOV_WITHOUT_REGION,
        ANY,
        ("us-gov-west-1",),
        unsaid=("us-east-1",),
        profile="admin",
    ),
    Case("a role for another tool's keys", VAULT, "no-source", subject="account1"),
    Case(
        "a role for another tool's keys, that tool's words",
        VAULT,
        "no-source",
        subject="account1",
        error=f"aws-vault: error: exec: Failed to get credentials for account1: {_MFA[45:]} status code: 403",
    ),
    Case("a bundle of certificates that is not there", BUNDLE, "bad-ca-bundle", ("ca_bundle",), line=3),
    Case(
        "a bundle of certificates that is not there, botocore's words",
        BUNDLE,
        "bad-ca-bundle",
        ("ca_bundle",),
        line=3,
        error="Could not find a suitable TLS CA certificate bundle, invalid path: ~/certs/corp.pem",
    ),
    Case(
        "a bundle of certificates that a variable names",
        {
            "credentials": f"[default]\n{PAIR}",
            "config": "[default]\nregion = eu-west-1\n",
            "environ": {"AWS_CA_BUNDLE": "c/dev/apps/bundle.pem"},
        },
        "env-ca-bundle",
        ("AWS_CA_BUNDLE",),
    ),
    Case(
        "a bundle of certificates that another variable names",
        {
            "credentials": f"[default]\n{PAIR}",
            "config": "[default]\nregion = eu-west-1\n",
            "environ": {"REQUESTS_CA_BUNDLE": "/nowhere/corp.pem"},
        },
        "env-ca-bundle",
        ("REQUESTS_CA_BUNDLE",),
    ),
    Case(
        "certificates behind a proxy",
        {
            "credentials": f"[default]\n{PAIR}",
            "config": "[default]\nregion = eu-west-1\nca_bundle = bundle.pem\n",
        },
        "bad-ca-bundle",
        ("ca_bundle",),
        error="SSL validation failed for https://s3.ap-southeast-2.amazonaws.com/ [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1131)",
    ),
    Case("two sections for one default", TWO_DEFAULTS, "sso-token-missing", profile="default"),
    Case(
        "a serial that is cut off",
        _refused("mfa_serial", f"arn:aws:iam::{OTHER_ACCOUNT}:mfa"),
        ANY,
        ("mfa_serial",),
        subject="dev",
    ),
    Case(
        "a role without role/",
        _refused("role_arn", f"arn:aws:iam::{ACCOUNT}:administrator"),
        "bad-parameter",
        ("role_arn",),
        subject="dev",
    ),
    Case(
        "a role whose account has dashes",
        _refused("role_arn", "arn:aws:iam::2109-8765-4321:role/administrator"),
        "bad-parameter",
        ("role_arn",),
        subject="dev",
    ),
    Case(
        "a role of a session",
        _refused("role_arn", f"arn:aws:sts::{ACCOUNT}:assumed-role/administrator/me"),
        "bad-parameter",
        ("role_arn",),
        subject="dev",
    ),
    Case(
        "a role's bare name",
        _refused("role_arn", "administrator"),
        "bad-parameter",
        ("role_arn",),
        subject="dev",
    ),
    Case(
        "a session's name with a slash",
        _refused("role_session_name", "me/my host"),
        ANY,
        ("role_session_name",),
        subject="dev",
    ),
    Case("an external id with a blank", _refused("external_id", "a b"), ANY, ("external_id",), subject="dev"),
    Case(
        "a session's name with a path",
        _refused("role_session_name", "truster-on-path/admin"),
        ANY,
        ("role_session_name",),
        profile="dev",
    ),
    Case(
        "a session's name with a path, AWS's word",
        _refused("role_session_name", "truster-on-path/admin"),
        ANY,
        ("truster-on-path/admin",),
        error=_SESSION_NAME,
    ),
    Case(
        "a session's name with brackets",
        _refused("role_session_name", "dependabot[bot]"),
        ANY,
        ("role_session_name",),
        subject="dev",
    ),
    Case(
        "a session's name of 70 characters",
        _refused("role_session_name", "abcdefghij" * 7),
        ANY,
        ("role_session_name", "64"),
        subject="dev",
    ),
)
