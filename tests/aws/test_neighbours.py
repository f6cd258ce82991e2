"""Each tool that writes beside AWS's own settings and variables is known by what it writes."""

from pathlib import Path

import pytest

from rolecall.aws import neighbours, timestamps
from rolecall.aws.neighbours import NEIGHBOURS, Neighbour
from rolecall.aws.settings import SETTINGS
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import CATALOGUE, belongs_to_session, describe, is_about_aws
from rolecall.doctor.finding import Severity
from rolecall.doctor.registry import examine
from rolecall.doctor.sections import meant_setting
from rolecall.masking import Show
from rolecall.masking.names import how
from rolecall.text import shown_value
from tests.homes import make_home

KEYS_OF_A_USER = "aws_access_key_id = AKIAQ3EGRIDLONGTERM1\naws_secret_access_key = CANARY\n"
KEYS = (
    "aws_access_key_id = ASIAQ3EGRIDLSESSION1\naws_secret_access_key = CANARY\naws_session_token = CANARY\n"
)
TOOLS = pytest.mark.parametrize("tool", NEIGHBOURS, ids=[each.name for each in NEIGHBOURS])
EVERY_SETTING = sorted((each.name, key) for each in NEIGHBOURS for key in each.settings)


@TOOLS
def test_no_setting_of_a_tool_is_taken_for_a_misspelt_one(tool: Neighbour) -> None:
    further = [f"{word}something" for word in tool.beginnings]
    assert [key for key in (*tool.settings, *further) if meant_setting(key) is not None] == []
    assert SETTINGS.keys().isdisjoint(tool.settings)


@pytest.mark.parametrize(("tool", "key"), EVERY_SETTING)
def test_a_secret_of_a_tool_is_masked_and_its_notes_are_shown(tool: str, key: str) -> None:
    shown = shown_value(key, "CANARY")
    assert ("CANARY" in shown) == (how(key) in (Show.PLAIN, Show.ADDRESS, Show.COMMAND)), tool
    assert how(key) is not Show.UNKNOWN or key == "description"


@TOOLS
def test_the_marks_of_a_tool_end_with_the_session_and_its_settings_stay(tool: Neighbour) -> None:
    for name in tool.marks:
        assert belongs_to_session(name)
        assert is_about_aws(name)
        assert describe(name)[1].startswith(("Set by ", "When ")), name
    own = [f"{word}X" if word.endswith("_") else word for word in tool.variables]
    assert [name for name in own if belongs_to_session(name)] == []
    assert [name for name in own if describe(name)[1].startswith("Not known")] == []
    assert CATALOGUE.keys().isdisjoint(own)


FORMS = {
    "RFC 3339": "2031-05-06T07:08:09Z",
    "with an offset": "2031-05-06T09:08:09+02:00",
    "with an offset without a colon": "2031-05-06T07:08:09+0000",
    "with milliseconds": "2031-05-06T07:08:09.000Z",
    "naive": "2031-05-06 07:08:09",
    "seconds": "1935817689",
    "milliseconds": "1935817689000",
    "Go": "2031-05-06 07:08:09 +0000 UTC",
}


@pytest.mark.parametrize("form", FORMS)
@TOOLS
def test_the_expiry_that_a_tool_notes_is_read_in_each_form(
    tmp_path: Path, tool: Neighbour, form: str
) -> None:
    is_local = tool.name == "awsume"  # in TZ=UTC, as make_home has it, that is the same time
    for key in tool.ends:
        note = f"{key} = {FORMS[form]}\n{'manager = awsume' if is_local else ''}\n"
        snapshot = Snapshot.take(make_home(tmp_path, credentials=f"[dev]\n{KEYS}{note}"))
        end = snapshot.profiles["dev"].expiry.at
        assert end is not None
        assert end.isoformat() == "2031-05-06T07:08:09+00:00", key
    for name in tool.end_marks:
        assert name in timestamps.END_VARIABLES


@TOOLS
def test_the_command_of_the_tool_that_wrote_the_keys_is_in_the_cure(tmp_path: Path, tool: Neighbour) -> None:
    signs = [*sorted(tool.signs)[:1], *(f"{word}note" for word in tool.beginnings if word != "okta_")][:1]
    if not tool.again or not (signs or tool.ends):
        return
    notes = "".join(f"{key} = x\n" for key in signs)
    end = f"{(tool.ends or ('x_security_token_expires',))[0]} = 2001-01-01T00:00:00Z\n"
    host = make_home(tmp_path, credentials=f"[dev]\n{KEYS}{notes}{end}")
    found = next(each for each in examine(Snapshot.take(host)).all if each.code == "expired-keys")
    assert tool.again.format("dev") in found.fix.words


HEALTHY = {
    "aws-vault": {
        "config": "[default]\nregion = eu-west-1\nmfa_serial = arn:aws:iam::210987654321:mfa/me\n"
        "duration_seconds = 7200\nrole_session_name = me\n"
        "[profile base]\ninclude_profile = default\n"
        "credential_process = aws-vault export --format=json base\nregion = eu-west-1\n",
    },
    "granted": {
        "config": "[profile a/Admin]\ngranted_sso_start_url = https://d-1234567890.awsapps.com/start\n"
        "granted_sso_region = eu-west-1\ngranted_sso_account_id = 210987654321\n"
        "granted_sso_role_name = Admin\n"
        "granted_sso_registration_scopes = sso:account:access\ncommon_fate_generated_from = aws-sso\n"
        "region = eu-west-1\ncredential_process = granted credential-process --profile a/Admin\n",
    },
    "awsume": {
        "credentials": f"[autoawsume-dev]\n{KEYS}region = eu-west-1\nmanager = awsume\nautoawsume = true\n"
        "expiration = 2031-05-06 07:08:09\nsource_expiration = 2031-05-06 07:08:09\n"
        "awsumepy_command = dev -a\n",
        "environ": {
            "AWS_PROFILE": "autoawsume-dev",
            "AWS_DEFAULT_PROFILE": "autoawsume-dev",
            "AWSUME_PROFILE": "dev",
            "AWSUME_COMMAND": "dev -a",
        },
    },
    "saml2aws": {
        "config": "[profile saml]\nregion = eu-west-1\n",
        "credentials": f"[saml]\n{KEYS}aws_security_token = CANARY\n"
        "x_principal_arn = arn:aws:sts::210987654321:assumed-role/Dev/me\n"
        "x_security_token_expires = 2031-05-06T07:08:09-06:00\n",
    },
    "aws-sso-cli": {
        "config": "[profile 210987654321:Admin]\n"
        "credential_process = /usr/bin/aws-sso -u open -S Default process --arn "
        "arn:aws:iam::210987654321:role/Admin\nregion = eu-west-1\n",
        "environ": {"AWS_SSO_PROFILE": "210987654321:Admin", "AWS_PROFILE": "210987654321:Admin"},
    },
    "gimme-aws-creds": {
        "config": "[profile okta]\nregion = eu-west-1\n",
        "credentials": f"[okta]\n{KEYS}x_security_token_expires = 2031-05-06T07:08:09+00:00\n",
    },
    "aws-azure-login": {
        "config": "[profile az]\nregion = eu-west-1\nazure_tenant_id = t\nazure_app_id_uri = u\n"
        "azure_default_username = me@example.com\nazure_default_role_arn = arn:aws:iam::210987654321:role/R\n"
        "azure_default_duration_hours = 8\nazure_default_remember_me = true\n",
        "credentials": f"[az]\n{KEYS}aws_expiration = 2031-05-06T07:08:09.000Z\n",
    },
    "aws-mfa": {
        "config": "[profile dev]\nregion = eu-west-1\n",
        "credentials": f"[dev-long-term]\n{KEYS_OF_A_USER}aws_mfa_device = arn:aws:iam::210987654321:mfa/me\n"
        f"[dev]\n{KEYS}aws_security_token = CANARY\nassumed_role = False\nexpiration = 2031-05-06 07:08:09\n",
    },
    "gsts": {
        "config": "[profile g]\nregion = eu-west-1\n",
        "credentials": f"[g]\n{KEYS}aws_role_arn = arn:aws:iam::210987654321:role/R\naws_role_name = R\n"
        "aws_role_principal_arn = arn:aws:iam::210987654321:saml-provider/G\n"
        "aws_saml_assertion = CANARY\naws_session_expiration = 2031-05-06T07:08:09.000Z\n",
    },
    "yawsso": {
        "config": "[profile y]\nregion = eu-west-1\n",
        "credentials": f"[y]\n{KEYS}aws_session_expiration = 2031-05-06T07:08:09+0000\n",
    },
    "aws-google-auth": {
        "config": "[profile goo]\nregion = eu-west-1\ngoogle_config.ask_role = False\n"
        "google_config.google_idp_id = C0\ngoogle_config.role_arn = arn:aws:iam::210987654321:role/R\n",
        "credentials": f"[goo]\n{KEYS}aws_session_expiration = 2031-05-06T07:08:09+0000\n",
    },
    "aws-adfs": {
        "config": "[profile adfs]\nregion = eu-west-1\nadfs_config.ssl_verification = True\n"
        "adfs_config.role_arn = arn:aws:iam::210987654321:role/R\nadfs_config.adfs_host = adfs.example.com\n",
        "credentials": f"[adfs]\n{KEYS}aws_security_token = CANARY\n",
    },
    "aws-sso-util": {
        "config": "[profile u]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
        "sso_account_id = 210987654321\nsso_role_name = Dev\nregion = eu-west-1\nsso_account_name = Dev\n"
        "credential_process = aws-sso-util credential-process --profile u\nsso_auto_populated = true\n",
    },
    "AWS Extend Switch Roles": {
        "config": "[profile base]\nregion = eu-west-1\naws_account_alias = corp\ncolor = 00ff00\n"
        "credential_process = /bin/true\n",
    },
}
SESSION = {
    "AWS_ACCESS_KEY_ID": "ASIAQ3EGRIDLSESSIONA",
    "AWS_SECRET_ACCESS_KEY": "abcdEFGHijklMNOPqrstUVWXyz0123456789ABCD",
    "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEBYaDExample",
}
REGIONS = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
ENDS = {"AWS_CREDENTIAL_EXPIRATION": "2031-05-06T07:08:09Z", "AWS_SESSION_EXPIRATION": "2031-05-06T07:08:09Z"}
HEALTHY_TOO = {
    "okta-aws-cli": {
        "config": "[profile dev]\nregion = eu-west-1\n",
        "credentials": f"[dev]\n{KEYS}x_security_token_expires = 2031-05-06T07:08:09Z\n",
    },
    "clisso": {
        "config": "[profile dev]\nregion = eu-west-1\n",
        "credentials": f"[dev]\n{KEYS}aws_expiration = 2031-05-06T07:08:09Z\n",
    },
    "leapp": {
        "credentials": f"[default]\n{KEYS}expiration = 2031-05-06T07:08:09.000Z\nregion = eu-west-1\n",
    },
    "leapp's process": {
        "config": "[profile dev]\nregion = eu-west-1\ncredential_process = leapp session generate 0f1e\n",
    },
    "aws-okta": {
        "config": "[okta]\naws_saml_url = home/amazon_aws/0ac4qfegf372HSvKF6a3/965\n"
        "[profile dev]\nregion = eu-west-1\nsource_profile = okta-login\nassume_role_ttl = 1h\n"
        "session_ttl = 8h\nrole_arn = arn:aws:iam::210987654321:role/Dev\n"
        "[profile okta-login]\nregion = eu-west-1\ncredential_process = aws-okta cred-process okta-login\n",
    },
    "aws-runas": {
        "config": "[profile base]\nregion = eu-west-1\nsaml_auth_url = https://idp.example.com/saml\n"
        "saml_username = me\nsaml_provider = okta\njump_role_arn = arn:aws:iam::210987654321:role/Jump\n"
        "credentials_duration = 1h\nsession_token_duration = 12h\n"
        "credential_process = aws-runas -O json base\n",
    },
    "IAM Roles Anywhere": {
        "config": "[profile ra]\nregion = eu-west-1\ncredential_process = aws_signing_helper "
        "credential-process --certificate /etc/pki/me.pem --private-key /etc/pki/me.key "
        "--trust-anchor-arn arn:aws:rolesanywhere:eu-west-1:210987654321:trust-anchor/0f1e2d3c "
        "--profile-arn arn:aws:rolesanywhere:eu-west-1:210987654321:profile/0f1e2d3c "
        "--role-arn arn:aws:iam::210987654321:role/Edge\n",
    },
    "awscli_plugin_endpoint": {
        "config": "[plugins]\nendpoint = awscli_plugin_endpoint\n[profile minio]\nregion = eu-west-1\n"
        "s3 =\n    endpoint_url = https://minio.example.com\n    signature_version = s3v4\n"
        "s3api =\n    endpoint_url = https://minio.example.com\n",
        "credentials": f"[minio]\n{KEYS_OF_A_USER}",
    },
    "LocalStack": {
        "config": "[profile localstack]\nregion = eu-west-1\noutput = json\n"
        "endpoint_url = http://localhost.localstack.cloud:4566\n",
        "credentials": "[localstack]\naws_access_key_id = test\naws_secret_access_key = test\n",
    },
    "aws-extend-switch-roles with a source": {
        "config": "[profile hub]\naws_account_id = 210987654321\ncredential_process = /bin/true\n"
        "region = eu-west-1\n"
        "[profile dev]\nrole_arn = arn:aws:iam::210987654322:role/Dev\nsource_profile = hub\n"
        'region = eu-west-1\ncolor = ffaaee\nimage = "https://example.com/a.png"\ngroup = a\n'
        "target_region = eu-west-1\ntarget_role_name = Dev\n",
    },
    "a shell of aws-vault exec": {
        "environ": {
            "AWS_VAULT": "dev",
            **SESSION,
            **REGIONS,
            "AWS_CREDENTIAL_EXPIRATION": "2031-05-06T07:08:09Z",
        },
    },
    "a shell of aws-vault exec --ecs-server": {
        "environ": {
            "AWS_VAULT": "dev",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:53125",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "abcdefABCDEF0123",
            **REGIONS,
        },
    },
    "a shell of awsume": {
        "environ": {
            **SESSION,
            **REGIONS,
            "AWSUME_PROFILE": "dev",
            "AWSUME_COMMAND": "dev",
            "AWSUME_EXPIRATION": "2031-05-06T07:08:09",
        },
    },
    "a shell of granted": {
        "environ": {
            **SESSION,
            **REGIONS,
            **ENDS,
            "GRANTED_SSO": "true",
            "GRANTED_SSO_START_URL": "https://corp.awsapps.com/start",
            "GRANTED_SSO_ROLE_NAME": "Dev",
            "GRANTED_SSO_REGION": "eu-west-1",
            "GRANTED_SSO_ACCOUNT_ID": "210987654321",
            "GRANTED_COMMAND": "dev",
        },
    },
    "a shell of saml2aws": {
        "environ": {
            **SESSION,
            "AWS_SECURITY_TOKEN": SESSION["AWS_SESSION_TOKEN"],
            "SAML2AWS_PROFILE": "saml",
            "AWS_CREDENTIAL_EXPIRATION": "2031-05-06T07:08:09+02:00",
        },
    },
    "a shell of aws-sso-cli": {
        "environ": {
            **SESSION,
            **REGIONS,
            "AWS_SSO": "corp",
            "AWS_SSO_PROFILE": "dev",
            "AWS_SSO_ACCOUNT_ID": "210987654321",
            "AWS_SSO_ROLE_NAME": "Dev",
            "AWS_SSO_ROLE_ARN": "arn:aws:iam::210987654321:role/Dev",
            "AWS_SSO_SESSION_EXPIRATION": "2031-05-06T07:08:09Z",
            "AWS_SSO_DEFAULT_REGION": "eu-west-1",
        },
    },
    "a shell of aws-okta": {
        "environ": {
            **SESSION,
            **REGIONS,
            "AWS_OKTA_PROFILE": "dev",
            "AWS_OKTA_ASSUMED_ROLE": "Dev",
            "AWS_OKTA_ASSUMED_ROLE_ARN": "arn:aws:iam::210987654321:role/Dev",
            "AWS_OKTA_SESSION_EXPIRATION": "1935904089",
        },
    },
    "a shell of aws-sso-util run-as": {
        "environ": {**SESSION, **REGIONS, "AWS_CREDENTIALS_EXPIRATION": "2031-05-06T07:08:09Z"},
    },
    "a shell of assume-role": {
        "environ": {**SESSION, "AWS_SECURITY_TOKEN": SESSION["AWS_SESSION_TOKEN"], "ASSUMED_ROLE": "dev"},
    },
    "a shell of aws-google-auth": {
        "environ": {**SESSION, "AWS_SESSION_EXPIRATION": "2031-05-06T07:08:09+0000"},
    },
}
LOGIN = {"sso-token-missing"}
"""A file of the SSO cache is no setting."""


@pytest.mark.parametrize("tool", [*HEALTHY, *HEALTHY_TOO])
def test_a_healthy_home_of_a_tool_has_no_error_and_no_warning(tmp_path: Path, tool: str) -> None:
    host = make_home(tmp_path, **(HEALTHY | HEALTHY_TOO)[tool])  # type: ignore[arg-type]  # as it takes them
    for file in tmp_path.glob(".aws/*"):
        file.chmod(0o600)
    told = examine(Snapshot.take(host)).all
    bad = [each for each in told if each.severity is not Severity.INFO and each.code not in LOGIN]
    assert [(each.code, each.message) for each in bad] == []
    # and what is told beside is no guess about what is the tool's own
    infos = {each.code for each in told if each.severity is Severity.INFO}
    assert infos <= {"no-region", "no-credentials", "no-recorded-end"}


@TOOLS
def test_no_variable_of_a_tool_is_taken_for_a_misspelt_one(tmp_path: Path, tool: Neighbour) -> None:
    own = [f"{word}X" if word.endswith("_") else word for word in tool.variables]
    host = make_home(tmp_path, environ=dict.fromkeys((*tool.marks, *own), "x"))
    assert "env-unknown-variable" not in {each.code for each in examine(Snapshot.take(host)).all}


def test_who_wrote_keys_is_known_by_the_notes_then_by_the_process_then_by_the_names() -> None:
    def names(profile: str, values: dict[str, str], *others: str) -> list[str]:
        return [each.name for each in neighbours.writers(profile, values, others)]

    assert names("a", {"azure_tenant_id": "x", "aws_expiration": "x"}) == ["aws-azure-login"]
    assert names("a", {"aws_expiration": "x"}) == ["aws-azure-login", "clisso"]
    assert names("a", {"credential_process": "/opt/gsts --json", "aws_session_expiration": "x"}) == ["gsts"]
    assert names("a", {}, "a-long-term") == ["aws-mfa"]
    assert names("saml", {}) == ["saml2aws"]
    assert names("a", {}) == []


@pytest.mark.parametrize(
    ("settings", "says", "cure"),
    [
        (
            "sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n",
            "dev only logs in: it has no sso_account_id and no sso_role_name",
            "add sso_account_id and sso_role_name, if commands are to use it",
        ),
        (
            "azure_tenant_id = t\nazure_app_id_uri = u\nregion = eu-west-1\n",
            "dev has no keys yet",
            "run `aws-azure-login --profile dev`, which writes them",
        ),
        (
            "google_config.google_idp_id = C0\nregion = eu-west-1\n",
            "dev has no keys yet",
            "run `aws-google-auth -p dev`, which writes them",
        ),
        (
            "adfs_config.adfs_host = adfs.example.com\nregion = eu-west-1\n",
            "dev has no keys yet",
            "run `aws-adfs login --profile dev`, which writes them",
        ),
    ],
)
def test_a_profile_that_is_yet_to_be_used_is_told_what_is_missing(
    tmp_path: Path, settings: str, says: str, cure: str
) -> None:
    host = make_home(tmp_path, config=f"[profile dev]\n{settings}")
    found = [each for each in examine(Snapshot.take(host)).all if each.code == "no-credentials"]
    assert [(each.message, each.fix.words, each.severity) for each in found] == [(says, cure, Severity.INFO)]


@pytest.mark.parametrize("mark", neighbours.PROFILE_MARKS)
@pytest.mark.parametrize("environ", [{}, {"AWS_PROFILE": "prod"}])
def test_a_prompt_that_shows_another_profile_than_commands_use_is_told(
    tmp_path: Path, mark: str, environ: dict[str, str]
) -> None:
    section = environ.get("AWS_PROFILE", "default")

    def told(shown: str, **more: str) -> list[str]:
        variables = {mark: shown, **environ, **more}
        host = make_home(tmp_path, credentials=f"[{section}]\n{KEYS_OF_A_USER}", environ=variables)
        found = examine(Snapshot.take(host)).all
        return [each.message for each in found if each.code == "env-stale-mark"]

    assert told("dev") == [f"{mark} shows 'dev', but commands use profile '{section}'"]
    assert told(section) == []
    pair = {
        "AWS_ACCESS_KEY_ID": "ASIAQ3EGRIDLSESSION1",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_SESSION_TOKEN": "x",
    }
    assert told("dev", **pair) == []
    other = next(name for name in neighbours.PROFILE_MARKS if name != mark)
    assert "but the keys in this shell are of one of them" in "".join(told("dev", **pair, **{other: "prod"}))


def test_a_session_of_a_local_server_of_such_a_tool_is_no_contradiction(tmp_path: Path) -> None:
    environ = {"AWS_VAULT": "dev", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/"}
    host = make_home(tmp_path, config="[default]\nregion = eu-west-1\n", environ=environ)
    assert "env-stale-mark" not in {each.code for each in examine(Snapshot.take(host)).all}


def test_a_profile_that_awsume_made_and_removed_is_not_replaced_by_a_like_named_one(tmp_path: Path) -> None:
    environ = {"AWS_PROFILE": "autoawsume-prod", "AWSUME_PROFILE": "prod", "AWSUME_COMMAND": "prod -a"}
    host = make_home(tmp_path, credentials=f"[autoawsume-prod-old]\n{KEYS}", environ=environ)
    found = next(each for each in examine(Snapshot.take(host)).all if each.code == "env-profile-missing")
    assert found.fix.words == "unset what awsume has left in this shell, or run it again"
    assert set(found.fix.environ) == environ.keys()


def test_keys_that_a_tool_keeps_in_the_credentials_file_are_left_to_it(tmp_path: Path) -> None:
    config = "[profile g]\nregion = eu-west-1\ncredential_process = gsts --aws-profile g --json\n"

    def fixes(code: str, end: str) -> list[dict[str, str | None]]:
        section = (
            f"[g]\n{KEYS}aws_role_arn = arn:aws:iam::210987654321:role/R\naws_session_expiration = {end}\n"
        )
        found = examine(Snapshot.take(make_home(tmp_path, config=config, credentials=section))).all
        return [dict(each.fix.changes) for each in found if each.code == code]

    triple = dict.fromkeys(("aws_access_key_id", "aws_secret_access_key", "aws_session_token"))
    assert fixes("keys-shadow-process", "2031-05-06T07:08:09.000Z") == [{}]
    assert fixes("expired-keys", "2001-05-06T07:08:09.000Z") == [triple]


def test_keys_that_override_a_profile_are_said_to_be_of_the_session_that_a_tool_gave(tmp_path: Path) -> None:
    config = "[profile dev]\nregion = eu-west-1\ncredential_process = /bin/true\n"
    host = make_home(tmp_path, config=config, environ={**SESSION, "AWS_VAULT": "prod", "AWS_PROFILE": "dev"})
    found = next(
        each for each in examine(Snapshot.take(host)).all if each.code == "env-keys-override-profile"
    )
    assert "overrides AWS_PROFILE=dev: its keys, of prod in aws-vault, are used" in found.message
    assert "AWS_VAULT" in found.fix.environ


def test_awsume_renews_a_profile_that_it_made_by_the_name_of_the_other() -> None:
    tools = neighbours.writers("autoawsume-prod", {"autoawsume": "true"}, ())
    assert neighbours.renewal(tools, "autoawsume-prod") == "awsume -a prod"


@TOOLS
@pytest.mark.parametrize(
    ("end", "code", "says"),
    [
        ("2001-01-01T00:00:00", "env-expired", "and run `{}` for new ones"),
        ("", "env-ending", "run `{}` in time"),
    ],
)
def test_the_command_of_the_tool_that_gave_a_shell_its_keys_is_in_the_cure(
    tmp_path: Path, tool: Neighbour, end: str, code: str, says: str
) -> None:
    if not tool.marks or not tool.again:
        return
    named = tool.shown or tuple(name for name in tool.marks if name.endswith("_PROFILE"))
    marks = dict.fromkeys(named or tool.marks[:1], "my team") | {"AWS_PROFILE": "my team"}
    ends = tuple(name for name in tool.end_marks if name in timestamps.END_VARIABLES)
    noted = (ends or ("AWS_CREDENTIAL_EXPIRATION",))[0]
    text = end or "2030-01-01T12:10:00"
    if noted in ("AWS_OKTA_SESSION_EXPIRATION", "AWSU_EXPIRES"):
        text = "1893488400" if end else "1893499800"
    zone = "" if noted == "AWSUME_EXPIRATION" or text.isdigit() else "Z"
    environ = {**SESSION, **marks, noted: f"{text}{zone}"}
    host = make_home(tmp_path, config='[profile "my team"]\nregion = eu-west-1\n', environ=environ)
    found = next(each for each in examine(Snapshot.take(host)).all if each.code == code)
    command = (tool.in_shell or tool.again).format("'my team'")
    assert says.format(command) in found.fix.words
    # keys that are still valid are not thrown away
    assert (found.fix.run() is None) is (code == "env-ending")


def test_of_two_tools_none_is_said_to_have_given_the_keys() -> None:
    assert neighbours.in_shell({"AWS_VAULT": "a", "AWSUME_PROFILE": "b"}) is None
    assert neighbours.in_shell({"AWS_VAULT": ""}) is None
    assert neighbours.in_shell({"GRANTED_COMMAND": "x"}) == "assume"
