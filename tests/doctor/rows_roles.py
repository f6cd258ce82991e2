"""Rows for the errors of settings (``doctor.rules.errors``), for ``rules.roles`` and ``rules.profiles``."""

from collections.abc import Callable, Mapping
from hashlib import sha1
from pathlib import Path

from tests.doctor.rows import Row

ROLE = "role_arn = arn:aws:iam::123456789012:role/read\n"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLA\naws_secret_access_key = CANARY\n"
SESSION = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
SSO = "sso_account_id = 123456789012\nsso_role_name = Reader\n"
TOKEN = {
    "startUrl": "https://corp.awsapps.com/start",
    "accessToken": "C",
    "expiresAt": "2030-01-01T20:00:00Z",
}
CACHES = {f"sso/{sha1(b'corp', usedforsecurity=False).hexdigest()}.json": TOKEN}
BASE = f"[profile base]\n{KEYS}"
OVER_DEPLOY = f"[profile x]\n{ROLE}source_profile = deploy\n"
OVER_MIXED = f"[profile top]\n{ROLE}source_profile = mixed\n[profile mixed]\n"
_OVER_TOOL = f"[profile top]\n{ROLE}source_profile = tool\n"
_VAULT = "[profile vault]\ncredential_process = aws-vault export v\n"
_ASKING = "[profile tool]\ncredential_process = aws configure export-credentials --profile"
_PLUGINS = "[plugins]\nendpoint = awscli_plugin_endpoint\ncli_legacy_plugin_path = {HOME}/here\n"
_PLUGIN = {"here/awscli_plugin_endpoint.py": ""}
_URL = "endpoint_url = https://proxy.example.net\n"
_GRANTED = "[profile"
_ASKS_GRANTED = "credential_process = granted credential-process --profile"
_SCRIPT = "[default]\nregion = eu-west-1\ncredential_process = {HOME}/bin/keys\n"
_ASKING_SCRIPT = "#!/bin/sh\nKEYS=$(aws sts assume-role-with-web-identity --role-arn x)\n"
_HERE = {"PATH": "{HOME}/bin"}
LINK = "arn:aws:iam::123456789012:role/link"


def replacing(old: str, new: str) -> Callable[[str], str]:
    """Return: type something else in its place."""

    def types(text: str) -> str:
        assert old in text, f"{old!r} is not in the file that the fix opens"
        return text.replace(old, new)

    return types


def writing(name: str, text: str) -> Callable[[Path], None]:
    """Return: write one of the two files anew."""

    def does(home: Path) -> None:
        (home / ".aws" / name).write_text(text)

    return does


def _a_program(name: str) -> Callable[[Path], None]:
    """Return: install a program."""

    def does(home: Path) -> None:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("#!/bin/sh\n")
        (home / name).chmod(0o755)

    return does


def _long_chain(length: int) -> str:
    links = (f"[profile p{n}]\n{ROLE}source_profile = p{n + 1}\n" for n in range(length))
    return "".join(links) + f"[profile p{length}]\n{KEYS}"


def _in_eleven(text: str) -> str:
    for cut in range(100, 1100, 100):
        text = text.replace(f"source_profile = p{cut}\n", "source_profile = p1100\n")
    return text


def _config(text: str, **more: object) -> Mapping[str, object]:
    return {"config": text, **more}


ROWS: tuple[Row, ...] = (
    Row(
        "loop",
        "a",
        here=_config(
            f"[profile a]\n{ROLE}source_profile = b\n[profile b]\n{ROLE}source_profile = a\n"
            f"[profile c]\n{ROLE}source_profile = b\n{BASE}"
        ),
        near=_config(
            f"[profile a]\n{ROLE}source_profile = b\n[profile b]\n{ROLE}source_profile = base\n{BASE}"
        ),
        says=("a → b → a", "~/.aws/config:3  source_profile = b", "~/.aws/config:6  source_profile = a"),
        profiles=("a", "b", "c"),
        types=lambda text: text.replace(
            "source_profile = b\n[profile b]", "source_profile = base\n[profile b]"
        ),
    ),
    Row(
        "loop",
        "self",
        here=_config(f"[profile self]\n{ROLE}source_profile = self\n"),
        near=_config(f"[profile self]\n{ROLE}source_profile = self\n{KEYS}"),
        says=("names itself",),
        profiles=("self",),
        types=lambda text: text + KEYS,
    ),
    Row(
        "chain-too-long",
        "p1100",
        here=_config(_long_chain(1100)),
        near=_config(_long_chain(50)),
        says=("from p0 to p1100", "RecursionError"),
        types=_in_eleven,
    ),
    Row(
        "missing-source",
        "deploy",
        here=_config(f"[profile deploy]\n{ROLE}source_profile = bse\n{OVER_DEPLOY}{BASE}"),
        near=_config(f"[profile deploy]\n{ROLE}source_profile = base\n{OVER_DEPLOY}{BASE}"),
        says=("deploy names source_profile 'bse'", "~/.aws/config:3  source_profile = bse"),
        profiles=("deploy", "x"),
    ),
    Row(
        "missing-source",
        "gone",
        here=_config(
            f"[profile a]\n{ROLE}source_profile = gone\n[profile b]\n{ROLE}source_profile = gone\n{BASE}"
        ),
        near=_config(
            f"[profile a]\n{ROLE}source_profile = base\n[profile b]\n{ROLE}source_profile = base\n{BASE}"
        ),
        says=("a and b name source_profile 'gone'",),
        profiles=("a", "b"),
        types=replacing("= gone", "= base"),
    ),
    Row(
        "source-and-credential-source",
        "both",
        here=_config(f"[profile both]\n{ROLE}source_profile = base\ncredential_source = Environment\n{BASE}"),
        near=_config(f"[profile both]\n{ROLE}source_profile = base\n{BASE}"),
        says=("source_profile 'base'", "credential_source 'Environment'", "config:4"),
        profiles=("both",),
    ),
    Row(
        "no-source",
        "alone",
        here=_config(f"[profile alone]\n{ROLE}{BASE}"),
        near=_config(f"[profile alone]\n{ROLE}source_profile = base\n{BASE}"),
        says=("neither source_profile nor credential_source", "config:2"),
        profiles=("alone",),
        types=replacing("role/read\n", "role/read\nsource_profile = base\n"),
    ),
    Row(
        "no-source",
        "own",
        here=_config(f"[profile own]\n{ROLE}{KEYS}"),
        near=_config(f"[profile own]\n{ROLE}source_profile = own\n{KEYS}"),
        profiles=("own",),
    ),
    Row(
        "bad-credential-source",
        "ec2",
        here=_config(f"[profile ec2]\n{ROLE}credential_source = EC2InstanceMetadata\n"),
        near=_config(f"[profile ec2]\n{ROLE}credential_source = Ec2InstanceMetadata\n"),
        says=("'EC2InstanceMetadata'", "Ec2InstanceMetadata", "config:3"),
        profiles=("ec2",),
    ),
    Row(
        "environment-source-empty",
        "AWS_ACCESS_KEY_ID",
        here=_config(f"[profile env]\n{ROLE}credential_source = Environment\n"),
        near=_config(
            f"[profile env]\n{ROLE}credential_source = Environment\n",
            environ={"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLA", "AWS_SECRET_ACCESS_KEY": "CANARY"},
        ),
        says=("env gets the first credentials from Environment", "not set in this shell"),
        profiles=("env",),
        does=writing("config", f"[profile env]\n{ROLE}source_profile = base\n{BASE}"),
    ),
    Row(
        "container-source-missing",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        here=_config(f"[profile ecs]\n{ROLE}credential_source = EcsContainer\n"),
        near=_config(
            f"[profile ecs]\n{ROLE}credential_source = EcsContainer\n",
            environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/creds"},
        ),
        says=("ecs gets", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
        profiles=("ecs",),
        does=writing("config", f"[profile ecs]\n{ROLE}source_profile = base\n{BASE}"),
    ),
    Row(
        "metadata-disabled",
        "AWS_EC2_METADATA_DISABLED",
        here=_config(
            f"[profile ec2]\n{ROLE}credential_source = Ec2InstanceMetadata\n",
            environ={"AWS_EC2_METADATA_DISABLED": "true"},
        ),
        near=_config(
            f"[profile ec2]\n{ROLE}credential_source = Ec2InstanceMetadata\n",
            environ={"AWS_EC2_METADATA_DISABLED": "1"},
        ),
        says=("AWS_EC2_METADATA_DISABLED=true", "config:3"),
        profiles=("ec2",),
    ),
    Row(
        "source-ignores-role",
        "mixed",
        here=_config(f"{OVER_MIXED}role_arn = {LINK}\n{KEYS}source_profile = base\n{BASE}"),
        near=_config(f"{OVER_MIXED}role_arn = {LINK}\nsource_profile = base\n{BASE}"),
        says=("top uses mixed's keys", LINK),
        profiles=("mixed", "top"),
        types=replacing(f"{LINK}\n{KEYS}", f"{LINK}\n"),
    ),
    Row(
        "sso-incomplete",
        "dev",
        here=_config(f"{SESSION}[profile dev]\n{SSO}", caches=CACHES),
        near=_config(f"{SESSION}[profile dev]\nsso_session = corp\n{SSO}", caches=CACHES),
        says=("sso_start_url, sso_region", "sso_role_name = Reader"),
        profiles=("dev",),
    ),
    Row(
        "sso-conflict",
        "dev",
        here=_config(
            f"{SESSION}[profile dev]\nsso_session = corp\nsso_region = us-east-1\n{SSO}", caches=CACHES
        ),
        near=_config(
            f"{SESSION}[profile dev]\nsso_session = corp\nsso_region = eu-west-1\n{SSO}", caches=CACHES
        ),
        says=("sso_region", "us-east-1", "eu-west-1", "config:6"),
        profiles=("dev",),
    ),
    Row(
        "unknown-sso-session",
        "crop",
        here=_config(
            f"{SESSION}[profile dev]\nsso_session = crop\n{SSO}[profile top]\n{ROLE}source_profile = dev\n",
            caches=CACHES,
        ),
        near=_config(
            f"{SESSION}[profile dev]\nsso_session = corp\n{SSO}[profile top]\n{ROLE}source_profile = dev\n",
            caches=CACHES,
        ),
        says=("dev names sso_session 'crop'", "config:5"),
        profiles=("dev", "top"),
    ),
    Row(
        "unknown-sso-session",
        "corp",
        here=_config(f"[profile a]\nsso_session = corp\n{SSO}[profile b]\nsso_session = corp\n{SSO}"),
        near=_config(
            f"{SESSION}[profile a]\nsso_session = corp\n{SSO}[profile b]\nsso_session = corp\n{SSO}",
            caches=CACHES,
        ),
        says=("a and b name sso_session 'corp'",),
        profiles=("a", "b"),
        types=lambda text: text.replace(SSO, KEYS).replace("sso_session = corp\n", ""),
    ),
    Row(
        "unknown-sso-session",
        "crop",
        here=_config(f"{SESSION}[profile dev]\n{KEYS}sso_session = crop\n"),
        near=_config(f"{SESSION}[profile dev]\n{KEYS}sso_session = corp\n"),
        says=("dev names sso_session 'crop'", "configured to use the SSO token provider"),
        profiles=("dev",),
    ),
    Row(
        "incomplete-sso-session",
        "corp",
        here=_config(
            "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n"
            f"[profile dev]\nsso_session = corp\nsso_region = eu-west-1\n{SSO}",
            caches=CACHES,
        ),
        near=_config(f"{SESSION}[profile dev]\nsso_session = corp\n{SSO}", caches=CACHES),
        says=("the sso-session corp has no sso_region; that of dev does not count", "config:4"),
        profiles=("dev",),
        types=replacing("/start\n", "/start\nsso_region = eu-west-1\n"),
    ),
    Row(
        "incomplete-sso-session",
        "corp",
        here=_config(
            "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n"
            f"[profile a]\nsso_session = corp\n{SSO}[profile b]\nsso_session = corp\n{SSO}"
            f"[profile c]\n{KEYS}sso_session = corp\n[profile top]\n{ROLE}source_profile = a\n",
            caches=CACHES,
        ),
        near=_config(
            f"{SESSION}[profile a]\nsso_session = corp\n{SSO}[profile b]\nsso_session = corp\n{SSO}",
            caches=CACHES,
        ),
        says=("the sso-session corp has no sso_region", "config:1"),
        profiles=("a", "b", "c", "top"),
        types=replacing("/start\n", "/start\nsso_region = eu-west-1\n"),
    ),
    Row(
        "half-a-pair",
        "half",
        here=_config("[profile half]\naws_access_key_id = AKIAIOSFODNN7EXAMPLA\n"),
        near=_config(f"[profile half]\n{KEYS}"),
        says=("…MPLA", "no aws_secret_access_key", "config:2"),
        profiles=("half",),
        types=lambda text: text + "aws_secret_access_key = CANARY\n",
    ),
    Row(
        "half-a-pair",
        "other",
        here={
            "credentials": "[other]\naws_secret_access_key = CANARY\n",
            "config": f"[profile top]\n{ROLE}source_profile = other\n",
        },
        near={"credentials": f"[other]\n{KEYS}", "config": f"[profile top]\n{ROLE}source_profile = other\n"},
        says=("no aws_access_key_id", "~/.aws/credentials:2  aws_secret_access_key = ••••"),
        profiles=("top", "other"),
        types=lambda text: text + "aws_access_key_id = AKIAIOSFODNN7EXAMPLA\n",
    ),
    Row(
        "split-pair",
        "split",
        here={
            "config": "[profile split]\naws_secret_access_key = CANARY\n",
            "credentials": "[split]\naws_access_key_id = AKIAIOSFODNN7EXAMPLA\n",
        },
        near={"config": "[profile split]\nregion = eu-west-1\n", "credentials": f"[split]\n{KEYS}"},
        says=("aws_access_key_id in credentials and its aws_secret_access_key in config", "config:2"),
        profiles=("split",),
        does=writing("credentials", f"[split]\n{KEYS}"),
    ),
    Row(
        "no-credentials",
        "default",
        here=_config(f"[default]\nregion = eu-west-1\n[profile top]\n{ROLE}source_profile = default\n"),
        near=_config(f"[default]\nregion = eu-west-1\n{KEYS}[profile top]\n{ROLE}source_profile = default\n"),
        says=("all it sets is region", "top uses it", "config:2  region = eu-west-1"),
        profiles=("default", "top"),
        types=replacing("eu-west-1\n", f"eu-west-1\n{KEYS}"),
    ),
    Row(
        "no-credentials",
        "dev",
        here=_config(f"{SESSION}[profile dev]\nsso_session = corp\n", caches=CACHES),
        near=_config(f"{SESSION}[profile dev]\nsso_session = corp\n{SSO}", caches=CACHES),
        says=("names an sso_session, but neither sso_account_id nor sso_role_name", "config:5"),
        profiles=("dev",),
        types=lambda text: text.replace("sso_session = corp\n", KEYS),
    ),
    Row(
        "bad-process",
        "tool",
        here=_config('[profile tool]\ncredential_process = helper "two words\n'),
        near=_config('[profile tool]\ncredential_process = helper "two words"\n'),
        says=("cannot be split into words", "helper ••••", "No closing quotation"),
        profiles=("tool",),
        types=replacing("two words", 'two words"'),
    ),
    Row(
        "bad-process",
        "empty",
        here=_config(f"[profile empty]\ncredential_process =\n[profile top]\n{ROLE}source_profile = empty\n"),
        near=_config(
            f"[profile empty]\ncredential_process = x\n[profile top]\n{ROLE}source_profile = empty\n"
        ),
        says=("is empty", "IndexError"),
        profiles=("empty", "top"),
        types=replacing("credential_process =", "credential_process = helper"),
    ),
    Row(
        "process-not-started",
        "tool",
        here=_config(f"[profile tool]\ncredential_process = ~/bin/keys --a\n{_OVER_TOOL}"),
        near=_config(f"[profile tool]\ncredential_process = /opt/bin/keys --a\n{_OVER_TOOL}"),
        says=(
            "credential_process of tool starts ~/bin/keys",
            "do not expand",
            "No such file or directory: '~/bin/keys'",
        ),
        profiles=("tool", "top"),
    ),
    Row(
        "process-not-started",
        "vault",
        here=_config(_VAULT, environ={"PATH": "{HOME}/bin"}),
        near=_config(_VAULT),
        says=("starts aws-vault, which is not on the PATH of this shell", "config:2"),
        profiles=("vault",),
        does=_a_program("bin/aws-vault"),
    ),
    Row(
        "process-loop",
        "tool",
        here=_config(f"{_ASKING} tool\n{BASE}"),
        near=_config(f"{_ASKING} base\n{BASE}"),
        says=("runs aws, which asks for tool again", "config:2"),
        profiles=("tool",),
        types=replacing("--profile tool", "--profile base"),
    ),
    Row(
        "process-missing-profile",
        "tool",
        here=_config(f"{_ASKING} bases\n{BASE}"),
        near=_config(f"{_ASKING} base\n{BASE}"),
        says=("asks for profile bases, which does not exist", "config:2"),
        profiles=("tool",),
        types=replacing("--profile bases", "--profile base"),
    ),
    Row(
        "process-no-credentials",
        "tool",
        here=_config(f"{_ASKING.replace(' --profile', '')}\n{BASE}"),
        near=_config(f"{_ASKING.replace(' --profile', '')}\n{BASE.replace('profile base', 'default')}"),
        says=("asks aws for credentials without --profile", "config:2"),
        profiles=("tool",),
        types=replacing("export-credentials", "export-credentials --profile base"),
    ),
    Row(
        "endpoint-in-block",
        "dev",
        here=_config(f"[profile dev]\nregion = eu-west-1\ns3 =\n  {_URL}s3api =\n  {_URL}"),
        near=_config(
            f"[plugins]\nendpoint = awscli_plugin_endpoint\n[profile dev]\nregion = eu-west-1\ns3 =\n  {_URL}"
        ),
        says=("dev has endpoint_url below s3 and s3api", "config:3"),
        profiles=("dev",),
        types=lambda text: text.replace(f"  {_URL}", "  max_queue_size = 1\n"),
    ),
    Row(
        "unknown-service",
        "services x",
        here=_config(f"[services x]\nsecretsmanager =\n  {_URL}[profile dev]\nservices = x\n"),
        near=_config(f"[services x]\nsecrets_manager =\n  {_URL}[profile dev]\nservices = x\n"),
        says=("names secretsmanager, which is no service's id", "config:2"),
        profiles=("dev",),
        types=replacing("secretsmanager", "secrets_manager"),
    ),
    Row(
        "unknown-service",
        "services x",
        here=_config(f"[services x]\n{_URL}[profile dev]\nservices = x\n"),
        near=_config(f"[services x]\ns3 =\n  {_URL}[profile dev]\nservices = x\n"),
        says=("sets endpoint_url for no service", "config:2"),
        profiles=("dev",),
        types=replacing(_URL, f"s3 =\n  {_URL}"),
    ),
    Row(
        "plugin-not-found",
        "plugins",
        here={"config": _PLUGINS.replace("/here", "/gone"), "files": _PLUGIN},
        near={"config": _PLUGINS, "files": _PLUGIN},
        says=("the plugin endpoint is not in", "/gone", "config:3"),
        types=replacing("/gone", "/here"),
    ),
    Row(
        "process-of-another",
        "b",
        here=_config(f"{_GRANTED} b]\ngranted_sso_region = eu-west-1\n{_ASKS_GRANTED} a\n"),
        near=_config(f"{_GRANTED} b]\n{_ASKS_GRANTED} a\n{_GRANTED} a]\n{_ASKS_GRANTED} a\n"),
        says=("the credential_process of b asks granted for a", "config:3"),
        profiles=("b",),
    ),
    Row(
        "script-asks-again",
        "default",
        here=_config(_SCRIPT, files={"bin/keys": _ASKING_SCRIPT}, environ=_HERE),
        near=_config(
            _SCRIPT, files={"bin/keys": f"{_ASKING_SCRIPT.strip()} --profile base\n"}, environ=_HERE
        ),
        says=("runs `aws` without --profile in ~/bin/keys, line 2, which asks for default again",),
        profiles=("default",),
        prepare=lambda home: (home / "bin" / "keys").chmod(0o755),
        prepare_near=lambda home: (home / "bin" / "keys").chmod(0o755),
        does=_a_program("bin/keys"),
    ),
    Row(
        "bad-parameter",
        "dev",
        here=_config(f"[profile dev]\n{ROLE}external_id =\nsource_profile = base\n{BASE}"),
        near=_config(f"[profile dev]\n{ROLE}external_id = 12\nsource_profile = base\n{BASE}"),
        says=("external_id ''", "ParamValidationError", "config:3"),
        profiles=("dev",),
    ),
    Row(
        "bad-parameter",
        "short",
        here=_config(f"[profile short]\nrole_arn = role/read\nsource_profile = base\n{BASE}"),
        near=_config(f"[profile short]\n{ROLE}source_profile = base\n{BASE}"),
        says=("role_arn 'role/read'",),
        profiles=("short",),
        types=replacing("= role/read", "= arn:aws:iam::123456789012:role/read"),
    ),
    Row(
        "bad-metadata-setting",
        "slow",
        here=_config(f"[profile slow]\nmetadata_service_timeout = 1s\n{KEYS}"),
        near=_config(f"[profile slow]\nmetadata_service_timeout = 1\n{KEYS}"),
        says=("metadata_service_timeout '1s'", "config:2", "ValueError"),
        profiles=("slow",),
    ),
    Row(
        "web-identity-no-role",
        "pod",
        here=_config("[profile pod]\nweb_identity_token_file = {HOME}/token\n", files={"token": "CANARY"}),
        near=_config(
            f"[profile pod]\nweb_identity_token_file = {{HOME}}/token\n{ROLE}", files={"token": "CANARY"}
        ),
        says=("no role_arn", "config:2"),
        profiles=("pod",),
        types=lambda text: text + ROLE,
    ),
    Row(
        "nested-value",
        "dev",
        here=_config(f"[profile dev]\n{ROLE}source_profile =\n  base = yes\n{BASE}"),
        near=_config(f"[profile dev]\n{ROLE}source_profile = base\n{BASE}"),
        says=("nested block for source_profile", "base=•••• (3 characters)", "config:3"),
        profiles=("dev",),
        types=replacing("=\n  base = yes", "= base"),
    ),
    Row(
        "unknown-services",
        "dev",
        here=_config(
            f"[profile dev]\nservices = loacl\n{KEYS}[services local]\ns3 =\n  endpoint_url = http://localhost\n"
        ),
        near=_config(
            f"[profile dev]\nservices = local\n{KEYS}[services local]\ns3 =\n  endpoint_url = http://localhost\n"
        ),
        says=("services 'loacl'", "config:2"),
        profiles=("dev",),
    ),
)
