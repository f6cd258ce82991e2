"""A home with one thing wrong, decoys beside it, and a message of some tool: the culprit is said first."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from rolecall.aws import cache_files
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text import attribute, parse
from rolecall.doctor.registry import examine
from rolecall.doctor.topics import topic_answer
from tests.homes import make_home

SECRET = "c" * 40
KEYS = f"aws_access_key_id = AKIAIOSFODNN7OTHERAB\naws_secret_access_key = {SECRET}\n"
ENDED = (
    f"aws_access_key_id = ASIAIOSFODNN7ENDEDAB\naws_secret_access_key = "
    f"{SECRET}\naws_session_token = CANARY\n"
    "x_security_token_expires = 2029-12-31T00:00:00Z\n"
)
LIVE = ENDED.replace("2029-12-31", "2030-01-02").replace("ENDEDAB", "ALIVEAB")
ROLE = "arn:aws:iam::111122223333:role/deploy"
OVER_KEYS = f"[profile x]\nrole_arn = {ROLE}\nsource_profile = keys\nregion = eu-west-1\n"
SESSION = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
SSO = "sso_session = corp\nsso_account_id = 444455556666\nsso_role_name = Reader\nregion = eu-west-1\n"
DECOYS = (
    "[profile decoy-role]\nregion = eu-central-1\nrole_arn = arn:aws:iam::999988887777:role/decoy\n"
    "source_profile = keys\n[profile decoy-env]\nregion = eu-west-1\n"
    "role_arn = arn:aws:iam::999988887777:role/env\ncredential_source = Ec2InstanceMetadata\n"
)
CREDENTIALS = f"[keys]\n{KEYS}"
DENIED = "An error occurred (AccessDenied) when calling the AssumeRole operation: "
TOKEN = (
    '{"startUrl": "https://corp.awsapps.com/start", "region": "eu-west-1", "accessToken": "CANARY", '
    '"expiresAt": "%s"}'
)
CORP = f"sso/{cache_files.sso_token('corp')}.json"


@dataclass(frozen=True)
class Planted:
    """What is wrong, what a tool says, and what the answer has first.

    Attributes:
        text: the message.
        says: words of the first sentence.
        cure: words of the cure or of its line; empty where any will do.
        culprit: the code of the finding that is named, or None.
        about: the profile or the login that it is about; None for this shell.
        config: the config file, beside the decoys.
        credentials: the credentials file, beside the decoys' keys.
        environ: the variables.
        caches: the files of the caches.
    """

    text: str
    says: str
    cure: str = ""
    culprit: str | None = None
    about: str | None = None
    config: str = ""
    credentials: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)
    caches: Mapping[str, str] = field(default_factory=dict)


GO = "operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: 1, api error "
TERRAFORM = (
    "╷\n│ Error: No valid credential sources found\n│ \n│   with provider,\n│   on main.tf "
    "line 2\n│ \n│ Error: "
    "failed to refresh cached credentials, no EC2 IMDS role found\n╵"
)
DEFAULT_ENDED = Planted(
    "",
    "the temporary keys of default",
    culprit="expired-keys",
    about="default",
    credentials=f"[default]\n{ENDED}",
)
X_ENDED = Planted(
    "", "the temporary keys of x", culprit="expired-keys", about="x", credentials=f"[x]\n{ENDED}"
)

ROWS: dict[str, Planted] = {
    # keys that have ended, in the words of each SDK
    "Go v1": replace(DEFAULT_ENDED, text="NoCredentialProviders: no valid providers in chain. Deprecated."),
    "Go v2": replace(DEFAULT_ENDED, text=f"{GO}ExpiredToken: no"),
    "Java": replace(
        DEFAULT_ENDED,
        text="Unable to load credentials from any of the providers in the chain AwsCredentialsProviderChain(",
    ),
    "JavaScript": replace(
        DEFAULT_ENDED,
        text="CredentialsProviderError: Could not load credentials from any providers\n    at chain.js:11:28",
    ),
    "Rust": replace(DEFAULT_ENDED, text="dispatch failure: an error occurred while loading credentials"),
    ".NET": replace(
        DEFAULT_ENDED, text="Unable to get IAM security credentials from EC2 Instance Metadata Service."
    ),
    "PHP": replace(
        DEFAULT_ENDED,
        text="Error retrieving credentials from the instance profile metadata service. (cURL error 28: x)",
    ),
    "Terraform": replace(DEFAULT_ENDED, text=TERRAFORM),
    "CDK": replace(
        DEFAULT_ENDED,
        text="Need to perform AWS calls for account 777766665555, but no credentials have been configured",
    ),
    "kubectl": replace(DEFAULT_ENDED, text="error: You must be logged in to the server (Unauthorized)"),
    "kubectl's helper": replace(
        DEFAULT_ENDED,
        text="Unable to connect to the server: getting credentials: exec: executable aws failed with "
        "exit code 255",
    ),
    "docker": replace(DEFAULT_ENDED, text="Error response from daemon: no basic auth credentials"),
    "AWS, in words alone": replace(
        DEFAULT_ENDED, text="The security token included in the request is expired"
    ),
    "an unknown tool": replace(DEFAULT_ENDED, text="frobnicate: fatal: AWS said no (42)"),
    "a profile that the command names": replace(X_ENDED, text=f"$ terraform plan --profile x\n{TERRAFORM}"),
    "a profile that the environment of the command names": replace(
        X_ENDED, text="$ AWS_PROFILE=x cdk deploy\nUnable to resolve AWS account to use."
    ),
    "a profile that JavaScript names": replace(
        X_ENDED, text="Could not resolve credentials using profile: [x] in configuration/credentials file(s)."
    ),
    "the end of the key": replace(X_ENDED, text="cannot sign with ****************EDAB: it has expired"),
    # profiles that are not there
    "Terraform's profile": Planted(
        "│ Error: configuring Terraform AWS Provider: failed to get shared config profile, decoy-rle\n│",
        "there is no profile 'decoy-rle'; the nearest name is 'decoy-role'",
        "write decoy-role",
    ),
    "a header without profile": Planted(
        "│ Error: failed to get shared config profile, team\n│",
        "AWS tools ignore [team]",
        culprit="not-a-profile",
        config="[team]\nregion = eu-west-1\n",
    ),
    "Ansible's profile": Planted(
        "Insufficient credentials found: The config profile (nowhere) could not be found",
        "there is no profile 'nowhere'",
    ),
    # logins
    "Go's SSO": Planted(
        "failed to refresh cached credentials, the SSO session has expired or is invalid",
        "not logged in to corp",
        culprit="sso-token-missing",
        about="sso",
        config=f"{SESSION}[profile sso]\n{SSO}",
    ),
    "JavaScript's SSO": Planted(
        "Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.",
        "corp",
        culprit="sso-token-expired",
        about="corp",
        config=f"{SESSION}[profile sso]\n{SSO}[profile sso2]\n{SSO}",
        caches={CORP: TOKEN % "2029-12-31T00:00:00Z"},
    ),
    "the name of the token's file": Planted(
        f"open /home/me/.aws/sso/cache/{cache_files.sso_token('corp')}.json: no such file or directory",
        "not logged in to corp",
        culprit="sso-token-missing",
        about="sso",
        config=f"{SESSION}[profile sso]\n{SSO}",
    ),
    "the start URL": Planted(
        "aws-sso: error: no session for https://corp.awsapps.com/start#/",
        "not logged in to corp",
        culprit="sso-token-missing",
        about="sso",
        config=f"{SESSION}[profile sso]\n{SSO}",
    ),
    "a role of SSO that AWS names": Planted(
        "AccessDenied: User: "
        "arn:aws:sts::444455556666:assumed-role/AWSReservedSSO_Reader_0123456789abcdef/me is "
        "not authorized to perform: s3:ListBucket",
        "AWS refuses",
        "ask",
        about="sso",
        config=f"{SESSION}[profile sso]\n{SSO}",
        caches={CORP: TOKEN % "2030-01-01T20:00:00Z"},
    ),
    "a damaged token": Planted(
        "Extra data: line 1 column 231 (char 230)",
        "corp",
        culprit="sso-token-damaged",
        about="sso",
        config=f"{SESSION}[profile sso]\n{SSO}",
        caches={CORP: (TOKEN % "2030-01-01T20:00:00Z") + '"}'},
        environ={"AWS_PROFILE": "sso"},
    ),
    "SSO's refusal of a login": Planted(
        "An error occurred (InvalidRequestException) when calling the StartDeviceAuthorization operation:",
        "SSO refuses the login",
        "sso_start_url",
        about="sso",
        config=f"{SESSION}[profile sso]\n{SSO}",
        environ={"AWS_PROFILE": "sso"},
    ),
    # regions and endpoints
    "a zone in an endpoint": Planted(
        'Could not connect to the endpoint URL: "https://lambda.eu-west-1a.amazonaws.com/2015-03-31/functions/x"',
        "x sets region to 'eu-west-1a'",
        "eu-west-1",
        culprit="odd-region",
        about="x",
        config="[profile x]\nregion = eu-west-1a\n",
        credentials=f"[x]\n{KEYS}",
    ),
    "a region in capitals": Planted(
        "Invalid endpoint: https://s3.EU_WEST_1.amazonaws.com",
        "x sets region to 'EU_WEST_1'",
        culprit="odd-region",
        about="x",
        config="[profile x]\nregion = EU_WEST_1\n",
        credentials=f"[x]\n{KEYS}",
    ),
    "Java without a region": Planted(
        "Unable to load region from any of the providers in the chain: No region provided in "
        "profile: default",
        "no region",
        credentials=f"[default]\n{KEYS}",
        about="default",
    ),
    # programs
    "a program that is not there": Planted(
        "Error when retrieving credentials from custom-process: /bin/sh: get-creds.sh: command not found",
        "",
        about="x",
        config="[profile x]\ncredential_process = get-creds.sh --json\nregion = eu-west-1\n",
    ),
    "a program of Go's": Planted(
        "fork/exec /opt/nowhere/get-creds: no such file or directory",
        "",
        about="x",
        config="[profile x]\ncredential_process = /opt/nowhere/get-creds --json\nregion = eu-west-1\n",
    ),
    "a tilde that nothing expands": Planted(
        "[Errno 2] No such file or directory: '~/bin/get-creds'",
        "~/bin/get-creds",
        about="x",
        config="[profile x]\ncredential_process = ~/bin/get-creds --json\nregion = eu-west-1\n",
    ),
    "aws-vault's profile": Planted(
        "aws-vault: error: exec: Failed to get credentials for x: AccessDenied: "
        "MultiFactorAuthentication failed, "
        "unable to validate MFA code.  Please verify your MFA serial number is valid",
        "the MFA device does not belong to",
        "correct mfa_serial",
        about="x",
        config=f"{OVER_KEYS}mfa_serial = arn:aws:iam::111122223333:mfa/me\n",
    ),
    "aws-vault's empty store": Planted(
        "aws-vault: error: exec: Error getting temporary credentials: profile x: credentials missing",
        "the tool's own store has nothing for x",
        "aws-vault add",
        about="x",
        config=OVER_KEYS,
    ),
    # roles
    "a source that is not there": Planted(
        f"{DENIED}no: cannot assume {ROLE}",
        "",
        about="x",
        config=f"[profile x]\nrole_arn = {ROLE}\nsource_profile = nowhere\nregion = eu-west-1\n",
    ),
    "a role that may not be assumed": Planted(
        f"│ Error: Cannot assume IAM Role\n│\n│ IAM Role ({ROLE}) cannot be assumed.\n│\n│ Error: "
        "operation error "
        "STS: AssumeRole, https response error StatusCode: 403, RequestID: 7, api error AccessDenied: User: "
        f"arn:aws:iam::111122223333:user/me is not authorized to perform: sts:AssumeRole on resource: {ROLE}",
        "keys may not assume the role",
        "trust policy",
        about="x",
        config=OVER_KEYS,
    ),
    "another account": Planted(
        "Need to perform AWS calls for account 111122223333, but the current credentials are for "
        "999900001111",
        "of another account",
        "a profile of that account",
        about="x",
        config=OVER_KEYS,
    ),
    "a registry of an account": Planted(
        "Get https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/: no basic auth credentials",
        "docker has no login at this registry",
        "--profile x | docker login",
        about="x",
        config=OVER_KEYS,
    ),
    "a region that no profile has": Planted(
        'Could not connect to the endpoint URL: "https://sts.eu-west-11.amazonaws.com/"',
        "AWS does not answer",
        "whether eu-west-11 is a region",
        about="default",
        config="[default]\nregion = eu-west-1\n",
        credentials=f"[default]\n{KEYS}",
    ),
    # variables
    "a zone in a variable": Planted(
        'Could not connect to the endpoint URL: "https://sts.us-east-2b.amazonaws.com/"',
        "us-east-2b",
        environ={"AWS_REGION": "us-east-2b", "AWS_DEFAULT_REGION": "us-east-2b"},
        credentials=f"[default]\n{KEYS}",
        about="default",
    ),
    "keys of the environment that have ended": Planted(
        "error: unable to validate AWS credentials - see https://pulumi.io/install/aws.html",
        "the keys in AWS_ACCESS_KEY_ID expired",
        culprit="env-expired",
        environ={
            "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7HEREABC",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": "CANARY",
            "AWS_SESSION_EXPIRATION": "2029-12-31T00:00:00Z",
        },
    ),
    "a token file that is not there": Planted(
        "WebIdentityErr: failed fetching WebIdentity token: open /var/run/nowhere/token: no such file",
        "",
        about="x",
        config=f"[profile x]\nrole_arn = {ROLE}\nweb_identity_token_file = /var/run/nowhere/token\n",
    ),
    # nothing is wrong, but the call named no profile
    "nothing chosen": Planted(
        TERRAFORM, "this shell gives no credentials; decoy-role, decoy-env and keys", "--profile"
    ),
    "a region that must be enabled": Planted(
        "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: "
        "The security token "
        "included in the request is invalid",
        "AWS does not know the access key of x",
        "sts_regional_endpoints = regional",
        about="x",
        config="[profile x]\nregion = ap-east-1\n",
        credentials=f"[x]\n{LIVE}",
        environ={"AWS_PROFILE": "x"},
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_was_planted_is_said_first(tmp_path: Path, name: str) -> None:
    # GIVEN
    row = ROWS[name]
    host = make_home(
        tmp_path,
        config=f"{DECOYS}{row.config}",
        credentials=f"{CREDENTIALS}{row.credentials}",
        environ=row.environ,
        caches=row.caches,
    )
    snapshot = Snapshot.take(host)
    findings = examine(snapshot)
    # WHEN
    pasted = parse.parse_error_text(row.text) or parse.unknown_error_text(row.text)
    match = attribute.match(snapshot, findings, pasted)
    answer = topic_answer(snapshot, findings, match.login or match.profile, pasted=pasted)
    # THEN
    assert (match.login.name if match.login is not None else match.profile) == row.about, match.sentence
    assert row.says in answer.sentence
    assert (answer.culprit.code if answer.culprit is not None else None) == row.culprit or row.culprit is None
    assert row.cure == "" or answer.fix is not None
    said = f"{answer.fix.words} {answer.fix.line_for(host)}" if answer.fix is not None else ""
    assert row.cure in said
    assert "CANARY" not in repr((answer, match))


def test_there_are_rows_of_each_kind() -> None:
    assert len(ROWS) > 40
