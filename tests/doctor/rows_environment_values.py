"""Rows for the rules about variables with bad values, and about those that lead elsewhere."""

from pathlib import Path

from tests.doctor.rows import Row

KEYS = "aws_access_key_id = AKIAQ3EGRIDEXAMPLEKE\naws_secret_access_key = CANARY\n"


def _make_bundle(home: Path, name: str = "ca.pem") -> None:
    (home / name).write_text("-----BEGIN CERTIFICATE-----\n")


_TRUSTING = "[profile X]\nregion = eu-west-1\nca_bundle = ~/corp.pem\n"
_ON_EC2 = (
    "[profile r]\nregion = eu-west-1\nrole_arn = arn:aws:iam::210987654321:role/Deploy\n"
    "credential_source = Ec2InstanceMetadata\n"
)

ROWS: tuple[Row, ...] = (
    Row(
        "env-bad-setting",
        "AWS_MAX_ATTEMPTS",
        here={"environ": {"AWS_MAX_ATTEMPTS": "many"}},
        near={"environ": {"AWS_MAX_ATTEMPTS": "3"}},
        says=("AWS_MAX_ATTEMPTS is not a whole number", "AWS_MAX_ATTEMPTS=many", "every command fails"),
        profiles=(),
    ),
    Row(
        "env-bad-setting",
        "AWS_METADATA_SERVICE_TIMEOUT",
        here={
            "environ": {"AWS_METADATA_SERVICE_TIMEOUT": "1s"},
            "credentials": f"[a]\n{KEYS}[b]\n{KEYS}",
        },
        near={
            "environ": {"AWS_METADATA_SERVICE_TIMEOUT": "1"},
            "credentials": f"[a]\n{KEYS}[b]\n{KEYS}",
        },
        says=("invalid literal for int() with base 10: '1s'", "AWS_METADATA_SERVICE_TIMEOUT=1s"),
        profiles=("a", "b"),
    ),
    Row(
        "env-bad-setting",
        "AWS_DEFAULT_REGION",
        here={"environ": {"AWS_DEFAULT_REGION": ""}},
        near={"environ": {"AWS_DEFAULT_REGION": "eu-west-1"}},
        says=("is set but empty, which counts as set",),
    ),
    Row(
        "env-bad-setting",
        "AWS_ENDPOINT_URL",
        here={"environ": {"AWS_ENDPOINT_URL": "localhost:4566"}},
        near={"environ": {"AWS_ENDPOINT_URL": "http://localhost:4566"}},
        says=("is not a URL", "AWS_ENDPOINT_URL=localhost:4566"),
    ),
    Row(
        "env-not-true",
        "AWS_EC2_METADATA_DISABLED",
        here={"environ": {"AWS_EC2_METADATA_DISABLED": "1"}},
        near={"environ": {"AWS_EC2_METADATA_DISABLED": "TRUE", "AWS_USE_FIPS_ENDPOINT": "no"}},
        says=("AWS_EC2_METADATA_DISABLED is '1', which AWS tools read as false",),
    ),
    Row(
        "env-odd-region",
        "AWS_REGION",
        here={"environ": {"AWS_REGION": "undefined"}},
        near={"environ": {"AWS_REGION": "local"}},
        says=("AWS_REGION is 'undefined', which is no region",),
    ),
    Row(
        "env-odd-region",
        "AWS_DEFAULT_REGION",
        here={"environ": {"AWS_DEFAULT_REGION": "us-east-2b"}},
        near={"environ": {"AWS_DEFAULT_REGION": "us-east-2"}},
        says=("AWS_DEFAULT_REGION is 'us-east-2b', which is a zone; us-east-2 is probably meant",),
    ),
    Row(
        "env-odd-region",
        "AWS_REGION",
        here={"environ": {"AWS_REGION": "us-esat-1"}},
        near={"environ": {"AWS_REGION": "us-esat-1", "AWS_ENDPOINT_URL": "http://localhost:4566"}},
        says=("which is no region that botocore knows; us-east-1 is probably meant",),
    ),
    Row(
        "env-odd-region",
        "AWS_DEFAULT_REGION",
        here={"environ": {"AWS_DEFAULT_REGION": "Ireland"}},
        near={
            "environ": {
                "AWS_DEFAULT_REGION": "us-east",
                "AWS_ACCESS_KEY_ID": "minio",
                "AWS_SECRET_ACCESS_KEY": "CANARY",
            }
        },
        says=("which is no region that botocore knows; eu-west-1 is probably meant",),
    ),
    Row(
        "env-odd-region",
        "AWS_REGION",
        here={"environ": {"AWS_REGION": "us-east"}},
        near={"environ": {"AWS_REGION": "us-east-1"}},
        says=("us-east-1 or us-east-2 may be meant",),
        exports={"AWS_REGION": "us-east-2"},
    ),
    Row(
        "env-ca-bundle",
        "AWS_CA_BUNDLE",
        here={"environ": {"AWS_CA_BUNDLE": "$HOME/ca.pem"}},
        near={"environ": {"AWS_CA_BUNDLE": "~/ca.pem"}},
        says=("$HOME/ca.pem, which does not exist", "SSLError"),
        prepare=_make_bundle,
        prepare_near=_make_bundle,
    ),
    Row(
        "bad-ca-bundle",
        "a",
        here={"config": f"{_TRUSTING.replace('X', 'a')}{_TRUSTING.replace('X', 'b')}"},
        near={"config": f"{_TRUSTING.replace('X', 'a')}{_TRUSTING.replace('X', 'b')}"},
        says=("a and b name the ca_bundle ~/corp.pem, which does not exist", "SSLError", "config:3"),
        profiles=("a", "b"),
        prepare_near=lambda home: _make_bundle(home, "corp.pem"),
        does=lambda home: _make_bundle(home, "corp.pem"),
    ),
    Row(
        "proxy-setting-unread",
        "dev",
        here={"config": "[profile dev]\nregion = eu-west-1\nproxy_ca_bundle = ~/corp.pem\n"},
        near={"config": "[profile dev]\nregion = eu-west-1\nca_bundle = ~/corp.pem\n"},
        says=("dev sets proxy_ca_bundle, which no tool reads from a file", "config:3"),
        profiles=("dev",),
        types=lambda text: text.replace("proxy_ca_bundle = ~/corp.pem\n", ""),
        prepare_near=lambda home: _make_bundle(home, "corp.pem"),
    ),
    Row(
        "env-bad-proxy",
        "HTTPS_PROXY",
        here={"environ": {"HTTPS_PROXY": "socks5://localhost:1080"}},
        near={"environ": {"HTTPS_PROXY": "localhost:1080"}},
        says=("begins with socks5://, a kind of proxy that AWS tools lack",),
        exports={"HTTPS_PROXY": "http://localhost:3128"},
    ),
    Row(
        "env-proxy-metadata",
        "HTTP_PROXY",
        here={"config": _ON_EC2, "environ": {"HTTP_PROXY": "http://proxy:80", "NO_PROXY": "169.254.0.0/16"}},
        near={"config": _ON_EC2, "environ": {"HTTP_PROXY": "http://proxy:80", "NO_PROXY": "169.254.169.254"}},
        says=("r asks instance metadata through HTTP_PROXY", "NO_PROXY does not leave out"),
        profiles=("r",),
    ),
    Row(
        "env-file-missing",
        "AWS_CONFIG_FILE",
        here={"environ": {"AWS_CONFIG_FILE": "~/work/config"}},
        near={"environ": {"AWS_CONFIG_FILE": "~/work/config"}, "files": {"work/config": ""}},
        says=("~/work/config, which does not exist",),
    ),
    Row(
        "env-surplus",
        "AWS_CONFIG_FILE",
        here={"environ": {"AWS_CONFIG_FILE": '"{HOME}/work/config"\r'}, "files": {"work/config": ""}},
        near={"environ": {"AWS_CONFIG_FILE": "{HOME}/work/config"}, "files": {"work/config": ""}},
        says=("ends with a carriage return (U+000D)", "which does not exist below the current directory"),
    ),
    Row(
        "env-surplus",
        "AWS_REGION",
        here={"environ": {"AWS_REGION": '"eu-west-1"', "AWS_DEFAULT_REGION": "eu-west-1"}},
        near={"environ": {"AWS_REGION": "eu-west-1", "AWS_PAGER": '"less" -R', "AWS_MAX_ATTEMPTS": " 3 "}},
        says=("AWS_REGION has quotes around it", "is not a region's name"),
    ),
    Row(
        "empty-variable",
        "AWS_SHARED_CREDENTIALS_FILE",
        here={"environ": {"AWS_SHARED_CREDENTIALS_FILE": ""}},
        near={"environ": {"AWS_PAGER": ""}},
        says=("no credentials file is read", "AWS_SHARED_CREDENTIALS_FILE="),
    ),
    Row(
        "empty-variable",
        "AWS_ROLE_ARN",
        here={
            "config": "[profile pod]\nweb_identity_token_file = {HOME}/token\n"
            "role_arn = arn:aws:iam::111122223333:role/Pod\n",
            "files": {"token": "CANARY"},
            "environ": {"AWS_PROFILE": "pod", "AWS_ROLE_ARN": ""},
        },
        near={
            "config": "[profile pod]\nregion = eu-west-1\n",
            "environ": {"AWS_PROFILE": "pod", "AWS_ROLE_ARN": ""},
        },
        says=("the setting of profile 'pod' is turned off",),
    ),
    Row(
        "env-old-file",
        "AWS_CREDENTIAL_FILE",
        here={
            "config": "[profile bare]\nregion = eu-west-1\n",
            "credentials": f"[keys]\n{KEYS}",
            "environ": {
                "AWS_CREDENTIAL_FILE": "~/gone",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/",
            },
        },
        near={"credentials": f"[default]\n{KEYS}", "environ": {"AWS_CREDENTIAL_FILE": "~/gone"}},
        says=("AWS_CREDENTIAL_FILE cannot be used", "AWS_CREDENTIAL_FILE=~/gone"),
        profiles=("bare",),
    ),
    Row(
        "env-local-endpoint",
        "AWS_ENDPOINT_URL",
        here={"environ": {"AWS_ENDPOINT_URL": "http://localhost:4566"}},
        near={"environ": {"AWS_ENDPOINT_URL": "https://sts.eu-west-1.amazonaws.com"}},
        says=("sends all calls to localhost",),
    ),
    Row(
        "env-plain-endpoint",
        "AWS_ENDPOINT_URL_S3",
        here={"environ": {"AWS_ENDPOINT_URL_S3": "http://minio.example.com:9000"}},
        near={"environ": {"AWS_ENDPOINT_URL_S3": "https://minio.example.com:9000"}},
        says=("the calls of S3 to minio.example.com by plain HTTP",),
    ),
    Row(
        "env-unknown-variable",
        "AWS_SECERT_ACCESS_KEY",
        here={"environ": {"AWS_SECERT_ACCESS_KEY": "hunter2"}},
        near={"environ": {"AWS_SECRETS_PREFIX": "hunter2"}},
        says=("the nearest is AWS_SECRET_ACCESS_KEY", "AWS_SECERT_ACCESS_KEY=••••"),
    ),
)
