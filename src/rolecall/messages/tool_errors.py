"""What the errors of other tools mean: docker, kubectl, git, aws-vault, saml2aws, aws_signing_helper."""

import re
from collections.abc import Callable, Mapping

from rolecall.messages.error_case import Case, Explanation


def _cluster_token(case: Case) -> Explanation:
    words = f"the helper that the kubeconfig names got no token from AWS: {case.words}"
    cure = "run its command by hand (`aws eks get-token …`), with the profile that the kubeconfig sets for it"
    return Explanation(words, cure)


def _cluster_login(case: Case) -> Explanation:
    words = f"the cluster does not accept the identity of {case.origin}: {case.words}"
    cure = (
        "check which profile the kubeconfig's user has in its env, whether its credentials have expired, and "
        "whether the cluster has an access entry for it"
    )
    return Explanation(words, cure)


_REGISTRY = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]{4,30})\.amazonaws\.com(?:\.cn)?")


def _registry(case: Case) -> Explanation:
    """A login of docker's at ECR lasts 12 hours (``GetAuthorizationToken``)."""
    found = _REGISTRY.search(case.message)
    host = found[0] if found else "ACCOUNT.dkr.ecr.REGION.amazonaws.com"
    region = found["region"] if found else "REGION"
    profile = f" --profile {case.profile}" if case.report is not None else ""
    login = (
        f"aws ecr get-login-password --region {region}{profile} | "
        f"docker login --username AWS --password-stdin {host}"
    )
    return Explanation("docker has no login at this registry, or it is older than 12 hours", f"run `{login}`")


def _registry_helper(case: Case) -> Explanation:
    cure = "with credsStore = ecr-login in ~/.docker/config.json no `docker login` is needed, nor possible"
    return Explanation(f"docker's credential helper failed: {case.words}", cure)


def _no_program(case: Case) -> Explanation:
    cure = "install it, or add its directory to the PATH of the program that starts it"
    return Explanation(f"a program is not found: {case.words}", cure)


def _other_account(case: Case) -> Explanation:
    words = f"the credentials are of another account than the one that is asked for: {case.words}"
    return Explanation(words, "name a profile of that account")


def _vault_empty(case: Case) -> Explanation:
    words = f"the tool's own store has nothing for {case.profile}: {case.words}"
    return Explanation(words, "add it there again, with the tool's own command (`aws-vault add NAME`)")


def _vault_nested(case: Case) -> Explanation:
    """aws-vault refuses to start in its own subshell, which it knows by this variable alone."""
    words = "aws-vault does not start in a shell that it has started: AWS_VAULT marks it as one"
    if case.snapshot.host.environ.get("AWS_ACCESS_KEY_ID"):
        return Explanation(
            words, "leave that shell (exit); or unset AWS_VAULT and the keys that came with it"
        )
    return Explanation(words, "unset AWS_VAULT: its keys are not in this shell", "env")


def _saml(case: Case) -> Explanation:
    words = f"the identity provider grants no such role: {case.words}"
    return Explanation(words, "check the role's ARN, and ask the provider's administrator for it")


def _identity_provider(case: Case) -> Explanation:
    return Explanation(
        f"the identity provider refuses the login: {case.words}", "log in anew with the tool's own command"
    )


def _tool_config(case: Case) -> Explanation:
    words = f"the tool's own configuration lacks something: {case.words}"
    return Explanation(words, "complete it with the tool's own command (`configure`, or as its help says)")


def _signing_helper(case: Case) -> Explanation:
    words = f"aws_signing_helper could not sign: {case.words}"
    cure = (
        "compare its arguments with the files and with IAM Roles Anywhere: certificate, private key, and the "
        "ARNs of trust anchor, profile and role, which have to be in one region"
    )
    return Explanation(words, cure, "edit")


def _variable_conflict(case: Case) -> Explanation:
    found = re.search(r"'(AWS_[A-Z_]{1,60})'", case.message)
    name = found[1] if found is not None else "the variable"
    words = f"the tool does not start while {name} is set, because it would set it itself"
    return Explanation(words, f"unset {name} in this shell, or start the tool in a new one", "env")


def _mfa_serial_missing(case: Case) -> Explanation:
    return Explanation(
        f"no MFA device is named: {case.words}",
        "write its ARN into the profile (aws-mfa: aws_mfa_device)",
        "edit",
    )


def _mfa_code(case: Case) -> Explanation:
    return Explanation(f"the MFA code is none: {case.words}", "type the six digits that the device shows now")


def _exec_version(case: Case) -> Explanation:
    """The v1alpha1 of ``client.authentication.k8s.io`` went away with Kubernetes 1.24."""
    words = f"kubectl and the helper in the kubeconfig speak different versions: {case.words}"
    cure = (
        "write that entry anew with a current AWS CLI: `aws eks update-kubeconfig --name CLUSTER`, with the "
        "profile that it had; the credentials are not at fault"
    )
    return Explanation(words, cure)


def _codecommit(case: Case) -> Explanation:
    cure = (
        "check which credentials git's helper uses: `git config credential.helper`, and old ones that the "
        "system's keychain keeps"
    )
    return Explanation(f"CodeCommit refuses the credentials: {case.words}", cure)


def _no_file(case: Case) -> Explanation:
    return Explanation(
        f"the tool insists on a file that is not there: {case.words}",
        "make an empty one, or unset AWS_SDK_LOAD_CONFIG",
    )


TABLE: Mapping[str, Callable[[Case], Explanation]] = {
    "ClusterToken": _cluster_token,
    "ClusterLogin": _cluster_login,
    "RegistryLogin": _registry,
    "RegistryHelper": _registry_helper,
    "HelperMissing": _no_program,
    "OtherAccount": _other_account,
    "VaultEmpty": _vault_empty,
    "VaultNested": _vault_nested,
    "SamlRole": _saml,
    "ToolConfig": _tool_config,
    "SigningHelper": _signing_helper,
    "VariableConflict": _variable_conflict,
    "MfaSerialMissing": _mfa_serial_missing,
    "MfaCode": _mfa_code,
    "ExecVersion": _exec_version,
    "IdentityProvider": _identity_provider,
    "CodeCommit": _codecommit,
    "ConfigFileMissing": _no_file,
}
"""What each error means, by the word that ``doctor.error_text.tools`` has for it."""
