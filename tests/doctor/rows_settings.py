"""Rows for ``rolecall.doctor.rules.settings``, ``keys_values`` and ``keys_words``."""

from collections.abc import Mapping

from tests.doctor.rows import Row

_BASE = "[base]\naws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = planted\n"
_START = "sso_start_url = https://x.awsapps.com/start\n"
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
            "regoin of dev is no setting",
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
        says=("source-profile of deploy is no setting", "source_profile is probably meant"),
    ),
    Row(
        "misspelt-key",
        "qa",
        here={"credentials": "[qa]\naws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_key = planted\n"},
        near={
            "credentials": "[qa]\naws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = planted\n"
        },
        says=("aws_secret_key of qa is no setting", "~/.aws/credentials:3  aws_secret_key = ••••"),
        types=lambda text: text.replace("secret_key", "secret_access_key"),
    ),
    Row(
        "misspelt-key",
        "corp",
        here={"config": f"[sso-session corp]\n{_START}sso_regoin = eu-west-1\n"},
        near={"config": f"[sso-session corp]\n{_START}sso_region = eu-west-1\n"},
        says=("sso_regoin of the sso-session corp", "sso_region is probably meant"),
        profiles=(),
        types=lambda text: text.replace("regoin", "region"),
    ),
    Row(
        "misspelt-key",
        "big",
        here={"config": "[profile big]\ns3 =\n  max_concurent_requests = 5\n  use_arn_region = true\n"},
        near={"config": "[profile big]\ns3 =\n  max_concurrent_requests = 5\n  use_arn_region = true\n"},
        says=("s3.max_concurent_requests of big", "max_concurrent_requests is probably meant"),
    ),
    Row(
        "missing-equals",
        "dev",
        here=_dev("role_arn arn:aws:iam::210987654321:role/Deploy", "source_profile = base"),
        near=_dev("role_arn: arn:aws:iam::210987654321:role/Deploy", "source_profile = base"),
        says=(
            "role_arn of dev has no '='",
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
        says=("region of dev has a nested block for a value: output=json",),
        profiles=("dev",),
        types=lambda text: text.replace("region =\n  output", "region = eu-west-1\noutput"),
    ),
    Row(
        "text-for-block",
        "dev",
        here=_dev("s3 =", "max_queue_size = 500", "region = eu-west-1"),
        near=_dev("s3 =", "  max_queue_size = 500", "region = eu-west-1"),
        says=("s3 of dev has nothing where AWS tools want indented lines",),
        types=lambda text: text.replace("max_q", "  max_q"),
    ),
    Row(
        "text-for-block",
        "qa",
        here={"config": "[profile qa]\napi_versions = 2012-08-10\n"},
        near={"config": "[profile qa]\napi_versions =\n  dynamodb = 2012-08-10\n"},
        says=("api_versions of qa has the text '2012-08-10'",),
    ),
    Row(
        "inline-comment",
        "dev",
        here=_dev("region = eu-west-1 # Dublin"),
        near=_dev("# Dublin", "region = eu-west-1", "sso_start_url = https://x.awsapps.com/start#/"),
        says=("region of dev has a comment behind its value", "~/.aws/config:2  region = eu-west-1 # …"),
        profiles=("dev",),
    ),
    Row(
        "inline-comment",
        "base",
        here={"credentials": _BASE.replace("planted", "planted ; of May")},
        near={"credentials": _BASE.replace("planted", "planted;ofMay")},
        says=("aws_secret_access_key of base has a comment", "aws_secret_access_key = ••••"),
        types=lambda text: text.replace(" ; of May", ""),
    ),
    Row(
        "quoted-value",
        "dev",
        here=_dev('region = "eu-west-1"'),
        near=_dev("region = eu-west-1", 'credential_process = "/opt/my tools/keys"'),
        says=("region of dev has quotes around its value", '~/.aws/config:2  region = "eu-west-1"'),
        profiles=("dev",),
    ),
    Row(
        "unseen-character",
        "dev",
        here=_dev("region = eu\u2011west\u20111\u200b"),
        near=_dev("region = eu-west-1", "note = grün\u2011weiß"),
        says=("region of dev holds characters", "U+2011, U+200B"),
    ),
    Row(
        "tilde-in-command",
        "dev",
        here=_dev("credential_process = ~/bin/keys --account dev"),
        near=_dev("credential_process = /opt/bin/keys --cache ~/cache"),
        says=("credential_process of dev starts ~/bin/keys", "~/.aws/config:2"),
        profiles=("dev",),
    ),
    Row(
        "bad-value",
        "dev",
        here=_dev("retry_mode = standart"),
        near=_dev("retry_mode = standard", "account_id_endpoint_mode = Preferred"),
        says=("retry_mode of dev is 'standart', which is none of legacy, standard and adaptive",),
        profiles=("dev",),
    ),
    Row(
        "bad-value",
        "qa",
        here={"config": "[profile qa]\noutput = xml\n"},
        near={"config": "[profile qa]\noutput = yaml-stream\n"},
        says=("output of qa is 'xml', which is none of json, text,",),
    ),
    Row(
        "not-true",
        "dev",
        here=_dev("use_fips_endpoint = yes"),
        near=_dev("use_fips_endpoint = True", "use_dualstack_endpoint = no"),
        says=("use_fips_endpoint of dev is 'yes', which AWS tools take for false",),
        profiles=("dev",),
    ),
    Row(
        "bad-number",
        "dev",
        here=_dev("max_attempts = 0"),
        near=_dev("max_attempts = 1", "request_min_compression_size_bytes = 1048576"),
        says=("max_attempts of dev is '0', which is no whole number from 1 on",),
        profiles=("dev",),
    ),
    Row(
        "odd-region",
        "dev",
        here=_dev("region = eu-west-1b"),
        near=_dev("region = eu-west-1", "sso_region = local"),
        says=("region of dev is 'eu-west-1b', which is no region; eu-west-1 is probably meant",),
        profiles=("dev",),
    ),
)
