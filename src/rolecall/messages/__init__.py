"""Words for providers and expiries, the same on the screen and on the command line."""

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
"""What a hop gets its credentials from, by its provider."""
THEN: Mapping[After, str] = {
    After.AUTOMATIC: "renewed by itself",
    After.MFA: "asks for an MFA code",
    After.LOGIN: "needs a login",
    After.MANUAL: "new keys must be pasted",
    After.FAILS: "fails",
    After.NEVER: "",
}
"""What happens after credentials that are still valid have expired."""
NOW: Mapping[After, str] = {
    After.AUTOMATIC: "fetched at the next use",
    After.MFA: "the next use asks for an MFA code",
    After.LOGIN: "needs a login",
    After.MANUAL: "new keys must be pasted",
    After.FAILS: "the next use fails",
    After.NEVER: "",
}
"""What happens at the next use, where credentials have expired or have not been fetched yet."""
