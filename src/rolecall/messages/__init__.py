"""The words for what the core finds, the same on the screen and on the command line."""

from collections.abc import Mapping

from rolecall.aws.expiry import After
from rolecall.aws.providers import Provider

SOURCES: Mapping[str | None, str] = {
    Provider.ENV: "environment",
    Provider.ASSUME_ROLE: "role",
    Provider.WEB_IDENTITY: "web identity",
    Provider.SSO: "SSO",
    Provider.SHARED_CREDENTIALS: "keys",
    Provider.LOGIN: "login",
    Provider.PROCESS: "process",
    Provider.CONFIG_FILE: "keys",
    Provider.EC2_FILE: "AWS_CREDENTIAL_FILE",
    Provider.BOTO: "boto config",
    Provider.CONTAINER: "container",
    Provider.IAM_ROLE: "instance metadata",
}
"""What a hop draws on, by its provider."""
THEN: Mapping[After, str] = {
    After.AUTOMATIC: "then renewed by itself",
    After.MFA: "then asks for an MFA code",
    After.LOGIN: "then needs a login",
    After.MANUAL: "then new keys must be pasted",
    After.FAILS: "then fails",
    After.NEVER: "",
}
"""What happens at an end that is to come."""
NOW: Mapping[After, str] = {
    After.AUTOMATIC: "fetched at the next use",
    After.MFA: "the next use asks for an MFA code",
    After.LOGIN: "needs a login",
    After.MANUAL: "new keys must be pasted",
    After.FAILS: "the next use fails",
    After.NEVER: "",
}
"""What happens at the next use, where the end is past or nothing is there yet."""
