"""A home with a canary secret in every place that can hold one, and in many that should not."""

import json
from pathlib import Path

from rolecall.aws import cache_files
from rolecall.host import Host
from tests.homes import make_home
from tests.promises.canaries import Canaries

ROLE = "arn:aws:iam::111122223333:role"
END = "2030-01-01T12:40:00Z"
LAST_FOUR = ("K001", "K002", "K003", "K004", "K005", "K006")
"""What may be shown of the access key ids."""

MISPLACED = frozenset(
    """a header that is no profile's, a line that is only a token, a continuation of region, region,
    AWS_REGION, role_arn, source_profile, credential_source, sso_session, sso_start_url, login_session,
    web_identity_token_file, AccountId, Expiration, startUrl, a header that says so, an address without
    a scheme, a query, a comment behind a region,
    a comment behind a role, a comment behind a source""".replace("\n   ", "").split(", ")
)
"""Secrets that were put where a name, a region, an ARN or an identity belongs.

They are masked wherever they are shown; a repr has them, as it has every name and region.
"""


def plant(place: Path) -> tuple[Host, Canaries]:
    """Build the home and the environment; return the world, and what must not be seen of it."""
    canaries = Canaries()
    host = make_home(
        place,
        config=_config(canaries),
        credentials=_credentials(canaries),
        caches=_caches(canaries),
        files={
            "token": canaries.jwt("the file of a web identity's token"),
            ".boto": f"[Credentials]\naws_access_key_id = {canaries.access_key('boto', LAST_FOUR[0])}\n"
            f"aws_secret_access_key = {canaries.key('boto')}\n",
            ".config/rolecall/settings.toml": _preferences(canaries),
        },
        environ=environment(canaries),
    )
    return host, canaries


def environment(canaries: Canaries) -> dict[str, str]:
    """Return variables that hold secrets, rightly and wrongly; the keys are in force."""
    return {
        "AWS_ACCESS_KEY_ID": canaries.access_key("AWS_ACCESS_KEY_ID", LAST_FOUR[1]),
        "AWS_SECRET_ACCESS_KEY": canaries.key("AWS_SECRET_ACCESS_KEY"),
        "AWS_SESSION_TOKEN": canaries.token("AWS_SESSION_TOKEN"),
        "AWS_SECURITY_TOKEN": canaries.token("AWS_SECURITY_TOKEN"),
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": canaries.word("AWS_CONTAINER_AUTHORIZATION_TOKEN"),
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://me:{canaries.word('container URI')}@127.0.0.1/keys",
        "AWS_BEARER_TOKEN_BEDROCK": canaries.word("AWS_BEARER_TOKEN_BEDROCK"),
        "HTTPS_PROXY": f"http://me:{canaries.word('HTTPS_PROXY')}@proxy.example:3128",
        "http_proxy": f"me:{canaries.word('http_proxy')}@proxy.example:3128",
        "AWS_ENDPOINT_URL": f"https://me:{canaries.word('AWS_ENDPOINT_URL')}@aws.example",
        "AWS_ENDPOINT_URL_S3": f"https://me:{canaries.word('AWS_ENDPOINT_URL_S3')}@s3.example/",
        "AWS_MY_SECRET": canaries.word("AWS_MY_SECRET"),
        "AWS_MY_PASSWORD": canaries.word("AWS_MY_PASSWORD"),
        "AWS_MY_API_KEY": canaries.word("AWS_MY_API_KEY"),
        "AWS_VAULT_FILE_PASSPHRASE": canaries.word("AWS_VAULT_FILE_PASSPHRASE"),
        "AWS_MY_PASS": canaries.word("AWS_MY_PASS"),
        "AWS_MY_PW": canaries.word("AWS_MY_PW"),
        "AWS_MY_OTP": canaries.word("AWS_MY_OTP"),
        "AWS_MY_SEED": canaries.word("AWS_MY_SEED"),
        "AWS_AUTH": canaries.word("AWS_AUTH"),
        "AWS_CREDENTIALS": canaries.word("AWS_CREDENTIALS"),
        "AWS_SIGNING_KEY": canaries.word("AWS_SIGNING_KEY"),
        "AWS_HMM": canaries.word("a variable with a name that says nothing"),
        "AWS_PAGER": f"less -p{canaries.word('AWS_PAGER')}",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://h.example/?sig={canaries.word('a metadata query')}",
        "AWS_STRAY": canaries.key("a variable that nobody knows"),
        "AWS_REGION": canaries.key("AWS_REGION"),
        "AWS_ROLE_SESSION_NAME": canaries.token("AWS_ROLE_SESSION_NAME"),
    }


def _preferences(canaries: Canaries) -> str:
    """The user's own settings of rolecall, with secrets that have no business there."""
    silenced = f'"orphan:{canaries.key("a silenced subject")}", "{canaries.key("a silenced code")}"'
    return f"""\
# {canaries.key("a comment in the settings")}
{canaries.key("a setting of rolecall's")} = 1
api_token = "{canaries.word("api_token")}"

[findings]
silence = [{silenced}]
"""


def _config(canaries: Canaries) -> str:
    secret = canaries.key
    return f"""\
# a comment with {secret("a comment in config")}
[DEFAULT]
default_secret = {canaries.word("[DEFAULT]")}

[profile default]
aws_secret_access_key = {secret("a section that is replaced")}

[default]
region = eu-west-1

[profile keys-in-config]
aws_access_key_id = {canaries.access_key("config", LAST_FOUR[2])}
aws_secret_access_key = {secret("aws_secret_access_key in config")}
aws_session_token = {canaries.token("aws_session_token in config")}
aws_security_token = {canaries.token("aws_security_token in config")}

[profile unknown-keys]
my_api_secret = {canaries.word("my_api_secret")}
db_password = {canaries.word("db_password")}
github_token = {canaries.word("github_token")}
api_key = {canaries.word("api_key")}
private_key = {canaries.word("private_key")}
note = see {secret("a note")}
hint = {canaries.word("a setting whose name says nothing")}
pin_code = {canaries.word("pin_code")}
; {canaries.word("a comment that says nothing")}
#hint = {canaries.word("a setting that is switched off")}
output = json  ; {canaries.word("a comment behind a value")}
; {secret("a comment in a section")}

[profile nested]
s3 =
  secret = {canaries.word("a nested block")}
  note = {secret("a note in a nested block")}
region = eu-west-1

[profile continued]
region = eu-west-1
  aws_secret_access_key = {secret("a continuation of region")}

[profile region-block]
region =
  aws_secret_access_key = {secret("a block under region")}

[profile lone-token]
region = eu-west-1
{canaries.token("a line that is only a token")}==

[profile region-pasted]
region = {secret("region")}
output = {secret("output")}

[profile process]
credential_process = helper --password {canaries.word("--password")} --token={canaries.word("--token=")}

[profile process-short]
credential_process = helper -p{canaries.word("-p")} -u me:{canaries.word("-u")} {canaries.word("an argument")}

[profile process-torn]
credential_process = helper --password "a\\"{canaries.word("escaped")}" {canaries.word("positional")}
mfa_process = oathtool -b 'a'{canaries.word("quotes that go on")} a\\ {canaries.word("an escaped blank")}

[profile process-open]
credential_process = helper --opt 'a {canaries.word("a quote that is not closed")}

[profile process-script]
credential_process = sh -c "KEY={canaries.word("KEY=")} helper --pin {canaries.word("--pin")}"

[profile process-query]
credential_process = curl https://vault.example/?sig={canaries.word("a query of a process")}

[profile process-url]
credential_process = /usr/bin/helper https://me:{canaries.word("a URL of a process")}@vault.example/keys

[profile process-environment]
credential_process = env A_TOKEN={canaries.word("A_TOKEN=")} MY_SECRET='{canaries.word("MY_SECRET=")}' helper

[profile process-header]
credential_process = curl -H "Authorization: Bearer {canaries.word("a Bearer header")}" https://vault.example

[profile process-echo]
credential_process = echo '{_answer(canaries)}'

[profile swapped]
aws_access_key_id = {secret("aws_access_key_id")}
aws_secret_access_key = {canaries.access_key("aws_secret_access_key", "NONE")}

[profile role-pasted]
role_arn = {secret("role_arn")}
source_profile = keys

[profile source-pasted]
role_arn = {ROLE}/Lost
source_profile = {secret("source_profile")}

[profile credential-source-pasted]
role_arn = {ROLE}/Lost
credential_source = {secret("credential_source")}

[profile cached]
role_arn = {ROLE}/Cached
source_profile = keys
mfa_serial = {secret("mfa_serial")}
role_session_name = {secret("role_session_name")}
duration_seconds = {secret("duration_seconds")}

[profile web]
role_arn = {ROLE}/Web
web_identity_token_file = {{HOME}}/token

[profile web-pasted]
role_arn = {ROLE}/Web
web_identity_token_file = {canaries.jwt("web_identity_token_file")}

[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
sso_client_secret = {canaries.word("an sso-session's own secret")}

[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Developer

[profile sso-url]
sso_start_url = https://me:{canaries.word("sso_start_url")}@corp.example/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Developer

[profile sso-pasted]
sso_session = {secret("sso_session")}
sso_account_id = 111122223333
sso_role_name = Developer

[profile login]
login_session = arn:aws:iam::111122223333:user/me

[profile login-pasted]
login_session = {canaries.token("login_session")}

[profile endpoint]
endpoint_url = https://me:{canaries.word("endpoint_url")}@aws.example
region = eu-west-1

[profile commented]
region = eu-west-1 ; {canaries.word("a comment behind a region")}
role_arn = {ROLE}/Commented # {canaries.word("a comment behind a role")}
source_profile = keys ; it's {canaries.word("a comment behind a source")}

[profile query]
endpoint_url = https://aws.example/?sig={canaries.word("a query")}#{canaries.word("a fragment")}
cli_pager = less -p{canaries.word("cli_pager")}

[profile address]
endpoint_url = me:{canaries.word("an address without a scheme")}@aws.example

[profile metadata]
ec2_metadata_service_endpoint = http://me:{canaries.word("metadata endpoint")}@[bad

[profile password {canaries.word("a header that says so")}]

[profile dropped {secret("a header that is no profile's")}]
"""


def _answer(canaries: Canaries) -> str:
    """What a credential_process answers: people paste it after an ``echo``."""
    keys = {"SecretAccessKey": canaries.key("echoed"), "SessionToken": canaries.token("echoed")}
    return json.dumps({"Version": 1, **keys})


def _credentials(canaries: Canaries) -> str:
    return f"""\
# {canaries.key("a comment in credentials")}
[keys]
aws_access_key_id = {canaries.access_key("credentials", LAST_FOUR[3])}
aws_secret_access_key = {canaries.key("aws_secret_access_key in credentials")}
aws_session_token = {canaries.token("aws_session_token in credentials")}
aws_security_token = {canaries.token("aws_security_token in credentials")}
x_security_token_expires = {canaries.key("x_security_token_expires")}

[keys-in-config]
aws_secret_access_key = {canaries.key("what shadows config")}
"""


def _caches(canaries: Canaries) -> dict[str, str | bytes | dict[str, object]]:
    corp = cache_files.sso_token("corp")
    login = cache_files.login("arn:aws:iam::111122223333:user/me")
    cut_off = json.dumps(_role(canaries, "a cut-off entry"))[:-30]
    return {
        f"cli/{'0' * 40}.json": _role(canaries, "an orphan"),
        f"cli/{'1' * 40}.json": cut_off,
        f"cli/{'2' * 40}.json": f"{canaries.key('an entry that is not JSON')} {{",
        f"cli/{'3' * 40}.json": json.dumps([canaries.key("an entry that is a list")]),
        f"cli/{'4' * 40}.json": _role(canaries, "Expiration", Expiration=canaries.key("Expiration")),
        f"cli/{'5' * 40}.json": b"\xff" + canaries.key("an entry that is not text").encode(),
        f"cli/{'6' * 40}.json": {"Credentials": canaries.key("Credentials")},
        f"cli/{'7' * 40}.json": _role(canaries, "AccountId", AccountId=canaries.key("AccountId")),
        "cli/notes.txt": canaries.key("a foreign file"),
        "cli/session.db": canaries.key("session.db"),
        f"boto/{'8' * 40}.json": _role(canaries, "boto/cache"),
        f"sso/{corp}.json": _token(canaries, "https://corp.example/start"),
        f"sso/{'9' * 40}.json": _token(canaries, f"https://me:{canaries.word('startUrl')}@corp.example"),
        f"sso/{'a' * 40}.json": {
            "clientId": canaries.key("clientId"),
            "clientSecret": canaries.token("clientSecret of a registration"),
            "expiresAt": END,
        },
        f"sso/{'b' * 40}.json": {"accessToken": canaries.token("accessToken"), "startUrl": "x"},
        f"login/{login}.json": _login(canaries),
        f"login/{'c' * 64}.json": {
            key: canaries.token(f"{key} of a damaged login")
            for key in ("accessToken", "refreshToken", "dpopKey", "clientId")
        },
    }


def _role(canaries: Canaries, where: str, **instead: str) -> dict[str, object]:
    credentials = {
        "AccessKeyId": canaries.access_key(where, LAST_FOUR[4]),
        "SecretAccessKey": canaries.key(f"SecretAccessKey of {where}"),
        "SessionToken": canaries.token(f"SessionToken of {where}"),
        "Expiration": END,
    }
    return {"Credentials": credentials | instead}


def _token(canaries: Canaries, start_url: str) -> dict[str, object]:
    return {
        "startUrl": start_url,
        "region": "eu-west-1",
        "accessToken": canaries.token("accessToken"),
        "expiresAt": END,
        "clientId": canaries.key("clientId of a token"),
        "clientSecret": canaries.token("clientSecret of a token"),
        "registrationExpiresAt": END,
        "refreshToken": canaries.token("refreshToken"),
    }


def _login(canaries: Canaries) -> dict[str, object]:
    return {
        "accessToken": {
            "accessKeyId": canaries.access_key("a login", LAST_FOUR[5]),
            "secretAccessKey": canaries.key("secretAccessKey of a login"),
            "sessionToken": canaries.token("sessionToken of a login"),
            "accountId": "111122223333",
            "expiresAt": END,
        },
        "tokenType": "aws_sigv4",
        "clientId": "arn:aws:signin:::devtools/same-device",
        "refreshToken": canaries.token("refreshToken of a login"),
        "idToken": canaries.jwt("idToken"),
        "dpopKey": f"-----BEGIN {canaries.token('dpopKey')}-----\nMAZDQU5BUlk=\n",
    }
