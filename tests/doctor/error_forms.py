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
}
"""The profile that each names."""
