"""Rows for ``rolecall.doctor.rules.settings``, ``keys_values`` and ``keys_words``."""

import re
from collections.abc import Mapping

from tests.doctor.rows import Row

_BASE = "[base]\naws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = planted\n"
_ID = "AKIAQQQQQQQQQQQQ3KEY"
_OF_OTHERS = "[dev]\naws_access_key_id = minioadmin\naws_secret_access_key = planted\n"
_START = "sso_start_url = https://x.awsapps.com/start\n"
_GOV = "role_arn = arn:aws-us-gov:iam::210987654321:role/Deploy"
_ROLE = "role_arn = arn:aws:iam::210987654321:role/Deploy\n"


def _dev(*lines: str) -> Mapping[str, object]:
    return {"config": "[profile dev]\n" + "".join(f"{line}\n" for line in lines), "credentials": _BASE}


ROWS: tuple[Row, ...] = (
    Row(
        "misspelt-key",
        "dev",
        here=_dev("regoin = eu-west-1"),
        near=_dev("region = eu-west-1", "colour = red"),
        says=(
            "dev sets regoin, which is not an AWS setting",
            "region is probably meant",
            "~/.aws/config:2  regoin = eu-west-1",
        ),
        profiles=("dev",),
    ),
    Row(
        "misspelt-key",
        "deploy",
        here={"config": f"[profile deploy]\n{_ROLE}source-profile = base\n", "credentials": _BASE},
        near={"config": f"[profile deploy]\n{_ROLE}source_profile = base\n", "credentials": _BASE},
        says=("deploy sets source-profile, which is not an AWS setting", "source_profile is probably meant"),
    ),
    Row(
        "half-a-pair",
        "qa",
        here={"credentials": "[qa]\naws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_key = planted\n"},
        near={
            "credentials": "[qa]\naws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = planted\n"
        },
        says=(
            "and aws_secret_key where aws_secret_access_key should be",
            "~/.aws/credentials:3  aws_secret_key = ••••",
        ),
        types=lambda text: text.replace("secret_key", "secret_access_key"),
    ),
    Row(
        "no-credentials",
        "qa",
        here={"credentials": f"[qa]\nexport AWS_ACCESS_KEY_ID={_ID}\nexport AWS_SECRET_ACCESS_KEY=planted\n"},
        near={"credentials": f"[qa]\nAWS_ACCESS_KEY_ID={_ID}\nAWS_SECRET_ACCESS_KEY=planted\n"},
        says=(
            "qa has no credentials: export aws_access_key_id and export aws_secret_access_key are not what",
        ),
        types=lambda text: text.replace("export ", ""),
    ),
    Row(
        "no-credentials",
        "json",
        here={"credentials": f'[json]\n"AccessKeyId": "{_ID}",\n"SecretAccessKey": "planted",\n'},
        near={"credentials": f"[json]\naws_access_key_id={_ID}\naws_secret_access_key=planted\n"},
        says=('json has no credentials: "accesskeyid" and "secretaccesskey" are not what AWS tools read',),
        types=lambda _: f"[json]\naws_access_key_id={_ID}\naws_secret_access_key=planted\n",
    ),
    Row(
        "misspelt-key",
        "corp",
        here={"config": f"[sso-session corp]\n{_START}sso_regoin = eu-west-1\n"},
        near={"config": f"[sso-session corp]\n{_START}sso_region = eu-west-1\n"},
        says=("the sso-session corp sets sso_regoin", "sso_region is probably meant"),
        profiles=(),
        types=lambda text: text.replace("regoin", "region"),
    ),
    Row(
        "misspelt-key",
        "big",
        here={"config": "[profile big]\ns3 =\n  max_concurent_requests = 5\n  use_arn_region = true\n"},
        near={"config": "[profile big]\ns3 =\n  max_concurrent_requests = 5\n  use_arn_region = true\n"},
        says=("big sets s3.max_concurent_requests", "max_concurrent_requests is probably meant"),
    ),
    Row(
        "missing-equals",
        "dev",
        here=_dev("role_arn arn:aws:iam::210987654321:role/Deploy", "source_profile = base"),
        near=_dev("role_arn: arn:aws:iam::210987654321:role/Deploy", "source_profile = base"),
        says=(
            "dev has no '=' after role_arn",
            "'role_arn arn'",
            "~/.aws/config:2  role_arn arn:aws:iam::210987654321",
        ),
        profiles=("dev",),
    ),
    Row(
        "block-for-text",
        "dev",
        here=_dev("region =", "  output = json"),
        near=_dev("region =", "output = json"),
        says=("dev has a nested block as its region: output=json",),
        profiles=("dev",),
        types=lambda text: text.replace("region =\n  output", "region = eu-west-1\noutput"),
    ),
    Row(
        "text-for-block",
        "dev",
        here=_dev("s3 =", "max_queue_size = 500", "region = eu-west-1"),
        near=_dev("s3 =", "  max_queue_size = 500", "region = eu-west-1"),
        says=("dev has nothing as its s3, where AWS tools expect indented lines",),
        types=lambda text: text.replace("max_q", "  max_q"),
    ),
    Row(
        "text-for-block",
        "qa",
        here={"config": "[profile qa]\napi_versions = 2012-08-10\n"},
        near={"config": "[profile qa]\napi_versions =\n  dynamodb = 2012-08-10\n"},
        says=("qa has the text '2012-08-10' as its api_versions",),
    ),
    Row(
        "inline-comment",
        "dev",
        here=_dev("region = eu-west-1 # Dublin"),
        near=_dev("# Dublin", "region = eu-west-1", "sso_start_url = https://x.awsapps.com/start#/"),
        says=("dev has a comment after its region", "~/.aws/config:2  region = eu-west-1 # …"),
        profiles=("dev",),
    ),
    Row(
        "inline-comment",
        "base",
        here={"credentials": f"{_BASE}mfa_serial = arn:aws:iam::210987654321:mfa/me ; of May\n"},
        near={"credentials": f"{_BASE}mfa_serial = arn:aws:iam::210987654321:mfa/me;ofMay\n"},
        says=("base has a comment after its mfa_serial",),
    ),
    Row(
        "quoted-value",
        "dev",
        here=_dev('region = "eu-west-1"'),
        near=_dev("region = eu-west-1", 'credential_process = "/opt/my tools/keys"'),
        says=("dev has quotes around its region", '~/.aws/config:2  region = "eu-west-1"'),
        profiles=("dev",),
    ),
    Row(
        "unseen-character",
        "dev",
        here=_dev("region = eu\u2011west\u20111\u200b"),
        near=_dev("region = eu-west-1", "note = grün\u2011weiß"),
        says=("dev has characters in its region", "U+2011, U+200B"),
    ),
    Row(
        "tilde-in-command",
        "dev",
        here=_dev("credential_process = /opt/bin/keys --cache ~/cache --as $HOME"),
        near=_dev("credential_process = sh -c '/opt/bin/keys --cache ~/cache --as $HOME'"),
        says=("credential_process of dev has ~ and $HOME in it", "~/.aws/config:2"),
        profiles=("dev",),
    ),
    Row(
        "shell-in-command",
        "dev",
        here=_dev("credential_process = /opt/bin/keys --mfa $(code aws) | jq ."),
        near=_dev("credential_process = /opt/bin/keys --filter '$(x) | y'"),
        says=("credential_process of dev has $(…) and | in it, but no shell runs it", "~/.aws/config:2"),
        profiles=("dev",),
        types=lambda text: text.replace("$(code aws) | jq .", "1"),
    ),
    Row(
        "bad-value",
        "dev",
        here=_dev("retry_mode = standart"),
        near=_dev("retry_mode = standard", "account_id_endpoint_mode = Preferred"),
        says=("dev sets retry_mode to 'standart', which is not one of legacy, standard and adaptive",),
        profiles=("dev",),
    ),
    Row(
        "bad-value",
        "qa",
        here={"config": "[profile qa]\noutput = xml\n"},
        near={"config": "[profile qa]\noutput = yaml-stream\n"},
        says=("qa sets output to 'xml', which is not one of json, text,",),
    ),
    Row(
        "bad-value",
        "dev",
        here=_dev("retry_mode = legacy"),
        near=_dev("retry_mode = adaptive", "sts_regional_endpoints = legacy"),
        says=("dev sets retry_mode to 'legacy', which AWS CLI v2 refuses: it knows standard and adaptive",),
        profiles=("dev",),
    ),
    Row(
        "bad-value",
        "dev",
        here=_dev("cli_timestamp_format = none"),
        near=_dev("cli_timestamp_format = wire", "cli_binary_format = raw-in-base64-out"),
        says=("dev sets cli_timestamp_format to 'none', which AWS CLI v2 refuses: it knows",),
        profiles=("dev",),
    ),
    Row(
        "bad-value",
        "dev",
        here=_dev("cli_binary_format ="),
        near=_dev("cli_binary_format = base64"),
        says=("dev sets cli_binary_format to '', which is not one of base64 and raw-in-base64-out",),
        profiles=("dev",),
    ),
    Row(
        "refused-setting",
        "dev",
        here=_dev("region = my_region"),
        near=_dev("region = my-region"),
        says=("dev sets region to 'my_region', which AWS tools refuse", "InvalidRegionError"),
        profiles=("dev",),
    ),
    Row(
        "refused-setting",
        "dev",
        here=_dev("s3_disable_express_session_auth = 1"),
        near=_dev("s3_disable_express_session_auth = True"),
        says=("dev sets s3_disable_express_session_auth to '1', which AWS tools refuse",),
        profiles=("dev",),
    ),
    Row(
        "not-true",
        "dev",
        here=_dev("use_fips_endpoint = yes"),
        near=_dev("use_fips_endpoint = True", "use_dualstack_endpoint = no"),
        says=("dev sets use_fips_endpoint to 'yes', which AWS tools read as false",),
        profiles=("dev",),
    ),
    Row(
        "bad-number",
        "dev",
        here=_dev("max_attempts = 0"),
        near=_dev("max_attempts = 1", "request_min_compression_size_bytes = 1048576"),
        says=("dev sets max_attempts to '0', which is not a whole number from 1",),
        profiles=("dev",),
    ),
    Row(
        "odd-region",
        "dev",
        here=_dev("region = eu-west-1b"),
        near=_dev("region = eu-west-1", "sso_region = local"),
        says=("dev sets region to 'eu-west-1b', not a region; eu-west-1 is probably meant",),
        profiles=("dev",),
    ),
    *(
        Row(
            "odd-region",
            "dev",
            here=_dev(f"region = {text}"),
            near={"config": f"[profile dev]\nregion = {other}\n", "credentials": _OF_OTHERS},
            says=(f"dev sets region to '{text}', not a region; {says} meant",),
            profiles=("dev",),
            types=lambda written: re.sub("region = .*", "region = us-east-1", written),
        )
        for text, says, other in (
            ("EU (Ireland)", "eu-west-1 is probably", "eu-west-1"),
            ("Ireland", "eu-west-1 is probably", "eu"),
            ("us-east", "us-east-1 or us-east-2 may be", "us-east"),
            ("us-east-1,us-west-2", "us-east-1 or us-west-2 may be", "us-west-2"),
        )
    ),
    Row(
        "unknown-region",
        "dev",
        here=_dev("region = eu-wst-1"),
        near=_dev("region = eu-west-3"),
        says=("dev sets region to 'eu-wst-1', a region that botocore does not know",),
        profiles=("dev",),
    ),
    Row(
        "unknown-region",
        "far",
        here={"config": "[profile far]\nregion = here-and-there-7\n"},
        near={"config": "[profile far]\nregion = local\n"},
        says=("far sets region to 'here-and-there-7'",),
        types=lambda text: text.replace("here-and-there-7", "eu-west-1"),
    ),
    Row(
        "malformed-value",
        "dev",
        here=_dev("role_arn = arn:aws:iam::2109876543:role/Dev", "source_profile = nobody"),
        near=_dev("role_arn = arn:aws-cn:iam::210987654321:role/path/Dev", "source_profile = nobody"),
        says=("dev sets role_arn to 'arn:aws:iam::2109876543:role/Dev', which does not have the form arn:",),
        profiles=("dev",),
        types=lambda text: text.replace("2109876543", "210987654321"),
    ),
    Row(
        "malformed-value",
        "sso",
        here={
            "config": "[profile sso]\nsso_account_id = 2109-8765-4321\nsso_role_name = R\n"
            f"sso_session = corp\n[sso-session corp]\n{_START}sso_region = eu-west-1\n"
        },
        near={
            "config": "[profile sso]\nsso_account_id = 210987654321\nsso_role_name = R\nsso_session = corp\n"
            f"[sso-session corp]\n{_START}sso_region = eu-west-1\n"
        },
        says=("sso sets sso_account_id to '2109-8765-4321', which does not have 12 digits",),
    ),
    Row(
        "bad-parameter",
        "dev",
        here=_dev("role_arn = arn:aws:iam::21098765432:role/Dev", "source_profile = base"),
        near=_dev("role_arn = arn:aws-cn:iam::210987654321:role/path/Dev", "source_profile = base"),
        says=(
            "its role_arn 'arn:aws:iam::21098765432:role/Dev' has an account id that has 11 digits, not 12",
        ),
        profiles=("dev",),
    ),
    Row(
        "bad-parameter",
        "dev",
        here=_dev(_ROLE.strip(), "source_profile = base", "role_session_name = me/here"),
        near=_dev(_ROLE.strip(), "source_profile = base", "role_session_name = me@here"),
        says=("its role_session_name 'me/here' contains '/'", "ValidationError"),
        profiles=("dev",),
    ),
    Row(
        "bad-parameter",
        "dev",
        here=_dev(_ROLE.strip(), "source_profile = base", "mfa_serial = arn:aws:iam::210987654321:user/me"),
        near=_dev(_ROLE.strip(), "source_profile = base", "mfa_serial = arn:aws:iam::210987654321:mfa/me"),
        says=("is the ARN of a user, not of an MFA device", "MultiFactorAuthentication failed"),
        profiles=("dev",),
    ),
    Row(
        "unknown-region",
        "dev",
        here=_dev("region = us-west-004"),
        near=_dev("region = us-west-004", "endpoint_url = https://s3.us-west-004.backblazeb2.com"),
        says=("dev sets region to 'us-west-004', a region that botocore does not know",),
        types=lambda text: text.replace("us-west-004", "us-west-2"),
    ),
    Row(
        "odd-region",
        "dev",
        here=_dev("region = eu-central1"),
        near=_dev("region = ru-central1"),
        says=("not a region; eu-central-1 is probably meant",),
    ),
    Row(
        "refused-setting",
        "dev",
        here=_dev("endpoint_url = localhost:4566", "region = eu-west-1"),
        near=_dev("endpoint_url = http://localhost:4566", "region = eu-west-1"),
        says=("dev sets endpoint_url to 'localhost:4566', which AWS tools refuse", "Invalid endpoint"),
        profiles=("dev",),
    ),
    Row(
        "odd-region",
        "dev",
        here=_dev("region = undefined"),
        near=_dev("region = local"),
        says=("dev sets region to 'undefined', not a region",),
        types=lambda text: text.replace("undefined", "eu-west-1"),
    ),
    Row(
        "other-partition",
        "dev",
        here=_dev(_GOV, "source_profile = base", "region = us-east-1"),
        near=_dev(_GOV, "source_profile = base", "region = us-gov-west-1"),
        says=("is in the partition aws-us-gov", "its region us-east-1 is in aws", "InvalidClientTokenId"),
        profiles=("dev",),
        types=lambda text: text.replace("us-east-1", "us-gov-east-1"),
    ),
    Row(
        "other-partition",
        "dev",
        here=_dev(_GOV, "source_profile = base"),
        near=_dev(_GOV, "source_profile = base", "endpoint_url = http://localhost:4566", "region = x-y-1"),
        says=("it has no region", "us-gov"),
        types=lambda text: f"{text}region = us-gov-east-1\n",
    ),
    Row(
        "malformed-value",
        "portal",
        here={"config": "[sso-session portal]\nsso_start_url = d-90677f2a1c\nsso_region = eu-west-1\n"},
        near={"config": f"[sso-session portal]\n{_START}sso_region = eu-west-1\n"},
        says=("d-90677f2a1c", "which does not begin with https://"),
        types=lambda text: text.replace("d-90677f2a1c", "https://d-90677f2a1c.awsapps.com/start"),
    ),
    Row(
        "malformed-value",
        "corp",
        here={"config": f"[sso-session corp]\n{_START.replace('https://', '')}sso_region = eu-west-1\n"},
        near={"config": f"[sso-session corp]\n{_START}sso_region = eu-west-1\n"},
        says=("the sso-session corp sets sso_start_url to", "which does not begin with https://"),
        types=lambda text: text.replace("= x.aws", "= https://x.aws"),
    ),
)
