"""Error messages as people have published them, in ``error_forms.txt``, and what each means."""

from collections.abc import Iterator
from pathlib import Path

SOURCE, CODE = "%% ", "=> "
"""What a line with the source of a message begins with, and one with its meaning, a name in the table."""


def _forms() -> Iterator[tuple[str, str, str]]:
    """Yield the source, the meaning and the words of each."""
    source = code = ""
    words: list[str] = []
    text = Path(__file__).with_suffix(".txt").read_text()
    for line in (*text.split("\n")[2:], CODE):
        if line.startswith((SOURCE, CODE)) and words:
            yield source, code, "\n".join(words).removesuffix("\n")
            words = []
        if line.startswith(SOURCE):
            source = line.removeprefix(SOURCE)
        elif line.startswith(CODE):
            code = line.removeprefix(CODE)
        else:
            words.append(line)


SOURCED = tuple(_forms())
FORMS = tuple((code, text) for _, code, text in SOURCED)
"""What each means, and its words."""
TERRAFORM = (
    "│ Error: configuring Terraform AWS Provider: failed to get shared config profile, jack.roper\n│\n│"
)
NAMED = {
    # https://github.com/hashicorp/terraform/issues/35483
    TERRAFORM: "jack.roper",
    # https://github.com/aws/aws-sdk-js-v3/pull/2055
    "Profile team could not be found in shared credentials file.": "team",
    # https://github.com/trek10inc/awsume/issues/127
    "Awsume error: Invalid profile [team] Missing keys aws_access_key_id": "team",
    # https://github.com/99designs/aws-vault/issues/1247
    "aws-vault: error: exec: Error getting temporary credentials: profile team: credentials missing": "team",
    # https://github.com/99designs/aws-vault/issues/1021
    "aws-vault: error: exec: Failed to get credentials for team: operation error STS: AssumeRole": "team",
    # https://github.com/aws/aws-sdk-java-v2/issues/1842
    "Invalid profile file: Circular relationship detected with profiles [team].": "team",
    # https://github.com/fwdcloudsec/granted/issues/555
    "The config profile (arn:aws:iam::123456789012:role/my) could not be found": (
        "arn:aws:iam::123456789012:role/my"
    ),
    # https://github.com/trek10inc/awsume/blob/master/awsume/awsumepy/lib/exceptions.py
    "Awsume error: Profile team not found.": "team",
    "Awsume error: Immutable profile [team] not awsume-managed": "team",
    # https://github.com/broamski/aws-mfa/blob/master/awsmfa/__init__.py
    "ERROR - Long term credentials session '[team-long-term]' is missing. You must add": "team-long-term",
    # https://github.com/aws-azure-login/aws-azure-login/blob/main/src/login.ts
    "Unknown profile 'team'. You must configure it first with --configure.": "team",
    "Profile 'team' is not configured properly.": "team",
    # https://github.com/victorskl/yawsso/blob/main/yawsso/cmd.py
    "Profile `team` not found in /home/me/.aws/credentials. ": "team",
    "WARNING: Not an AWS SSO profile nor no source_profile found. Skip syncing profile `team`": "team",
    # https://github.com/ruimarinho/gsts/blob/master/errors.js
    'Profile "team" not found in credentials file': "team",
    # https://github.com/fwdcloudsec/granted/blob/main/pkg/assume/assume.go
    "[!] team does not match any profiles in your AWS config or credentials files": "team",
    "failed to load a source-profile for profile: team . You should fix the issue": "team",
    "region not set on profile team, could not load a default AWS_REGION.": "team",
    # https://github.com/synfinatic/aws-sso-cli/blob/main/cmd/aws-sso/console_cmd.go
    "AWS_PROFILE=team was not found in our cache": "team",
    # https://github.com/99designs/aws-vault/blob/master/vault/config.go
    "Error loading config: Loop detected in config file for profile 'team'": "team",
    # https://github.com/serverless/serverless/issues/9190
    'Error: AWS profile "team" doesn\'t seem to be configured': "team",
}
"""The profile that each names."""
