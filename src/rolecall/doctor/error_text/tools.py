"""Errors in the words of SDKs and tools other than the AWS CLI and boto3, and what they mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rolecall.doctor.diagnosis import squeezed

_GAP = "…"
_PROFILE = "{profile}"
_NAME = r"(?P<profile>[^\s\"'`()\[\]{},;:│]{1,200})"
_VAGUE = ("NoCredentialsError", "CredentialRetrievalError", "AccessDenied", "ClusterToken", "SamlRole")
_FAR = 400
"""Characters that a gap spans at most."""


@dataclass(frozen=True)
class ToolMessage:
    """One form of an error message.

    Attributes:
        words: what it says, without regard to case and white space; ``…`` is a gap, ``{profile}`` a name.
        code: what it means: a name in the table of errors.
        tool: what says so.
    """

    words: str
    code: str
    tool: str

    @property
    def is_vague(self) -> bool:
        """Whether a code of AWS's in the same text says more."""
        return self.code in _VAGUE

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        text = self.words.replace(_PROFILE, _GAP)
        return tuple(squeezed(part).casefold() for part in text.split(_GAP) if part.strip())

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        before, _, after = self.words.partition(_PROFILE)
        parts = [re.escape(part).replace(r"\ ", r"\s*") for part in (before, after)]
        return re.compile(_NAME.join(parts), re.IGNORECASE)

    def start(self, text: str) -> int | None:
        """Return where it begins in a text that has no white space and no capitals, or None."""
        first, *others = self._parts
        start = text.find(first)
        if start < 0:
            return None
        end = start + len(first)
        for part in others:
            at = text.find(part, end, end + _FAR + len(part))
            if at < 0:
                return None
            end = at + len(part)
        return start

    def profile(self, text: str) -> str | None:
        """Return the profile that it names in a text as it is, or None."""
        found = self._pattern.search(text) if _PROFILE in self.words else None
        return found["profile"].rstrip(".") or None if found is not None else None


def found(text: str) -> Iterator[tuple[ToolMessage, int]]:
    """Yield the forms that a text has, and where each begins in it without white space.

    The most telling ones come first: what one provider of a chain says comes before what the chain says, and
    that before what a tool says of it.
    """
    plain = squeezed(text).casefold()
    for form in FORMS:
        start = form.start(plain)
        if start is not None:
            yield form, start


_GO, _GO1, _JS, _JS2 = "the Go SDK", "the Go SDK v1", "the JavaScript SDK", "the JavaScript SDK v2"
_JAVA, _JAVA1, _NET, _PHP = "the Java SDK", "the Java SDK v1", "the .NET SDK", "the PHP SDK"
_RUST, _RUBY, _KOTLIN, _SWIFT, _CPP = (
    "the Rust SDK",
    "the Ruby SDK",
    "the Kotlin SDK",
    "the Swift SDK",
    "the C++ SDK",
)
_TERRAFORM, _PULUMI, _CDK, _EKSCTL, _SLS = "Terraform", "Pulumi", "the CDK", "eksctl", "Serverless"
_KUBE, _DOCKER, _GIT, _ACTIONS = "kubectl", "docker", "git", "GitHub Actions"
_VAULT, _SAML, _OKTA, _AZURE = "aws-vault", "saml2aws", "okta-aws-cli", "aws-azure-login"
_GRANTED, _AWSUME, _SSO_CLI, _YAWSSO, _ANYWHERE = (
    "granted",
    "awsume",
    "aws-sso-cli",
    "yawsso",
    "aws_signing_helper",
)

FORMS: tuple[ToolMessage, ...] = tuple(
    ToolMessage(words, code, tool)
    for words, code, tool in (
        # a profile that is not there, or that has nothing
        ("failed to get shared config profile, {profile}", "ProfileNotFound", _GO),
        ("Profile {profile} could not be found in shared credentials file", "ProfileNotFound", _JS),
        ("Could not resolve credentials using profile: [{profile}]", "NoCredentialsError", _JS),
        ("Profile file contained no credentials for profile '{profile}'", "NoCredentialsError", _JAVA),
        ("No AWS profile named '{profile}'", "ProfileNotFound", _JAVA1),
        ("Circular relationship detected with profiles [{profile}]", "InfiniteLoopConfigError", _JAVA),
        ("could not find source profile {profile}", "InvalidConfigError", _KOTLIN),
        ("Invalid profile [{profile}] Missing keys", "NoCredentialsError", _AWSUME),
        ("profile {profile}: credentials missing", "VaultEmpty", _VAULT),
        ("'{profile}' not found in credentials file", "ProfileNotFound", _PHP),
        ("aws-vault sessions should be nested with care", "VaultNested", _VAULT),
        ("in an existing aws-vault subshell", "VaultNested", _VAULT),
        ("is not in the password store", "VaultEmpty", _VAULT),
        ("Invalid data in keyring", "VaultEmpty", _VAULT),
        ("The specified item could not be found in the keyring", "VaultEmpty", "a keyring"),
        # an ended or missing login
        ("The SSO session associated with this profile has expired", "UnauthorizedSSOTokenError", _JS),
        ("the SSO session has expired or is invalid", "UnauthorizedSSOTokenError", _GO),
        ("SSOProviderInvalidToken", "UnauthorizedSSOTokenError", _GO1),
        ("Token is expired. To refresh this SSO session", "UnauthorizedSSOTokenError", _JS),
        ("The SSO session token associated with profile={profile} was not found", "SSOTokenLoadError", _JS),
        ("Cached SSO login is expired/invalid", "UnauthorizedSSOTokenError", "aws-sso-creds-helper"),
        ("Can not find valid AWS CLI v2 SSO login cache", "SSOTokenLoadError", _YAWSSO),
        ("Must run `aws-sso login`", "SSOTokenLoadError", _SSO_CLI),
        ("error refreshing AWS IAM Identity Center token…InvalidGrant", "TokenRetrievalError", _GRANTED),
        ("error refreshing AWS IAM Identity Center token", "TokenRetrievalError", _GRANTED),
        ("error retrieving IAM Identity Center token", "SSOTokenLoadError", _GRANTED),
        ("Session token not found or invalid", "UnauthorizedException", "SSO"),
        ("'NoneType' object has no attribute 'get_frozen_token'", "SSOTokenLoadError", "an old AWS CLI v2"),
        ("Unable to load SSO token", "SSOTokenLoadError", _JAVA),
        ("Login required. Use `aws-sso-util login", "SSOTokenLoadError", "aws-sso-util"),
        # a token of a pod or a workflow
        ("WebIdentityErr: role ARN is not set", "InvalidConfigError", _GO1),
        ("WebIdentityErr: unable to read file", "WebIdentityFile", _GO1),
        ("failed fetching WebIdentity token", "WebIdentityFile", _GO1),
        ("A token could not be loaded from the WebIdentityTokenFile", "WebIdentityFile", _NET),
        ("Could not load credentials from TokenFileWebIdentityCredentials", "WebIdentityFile", _JS2),
        ("Could not assume role with OIDC: Not authorized", "AccessDenied", _ACTIONS),
        ("Could not assume role with web identity token file", "InvalidIdentityToken", _ACTIONS),
        # no region
        ("Unable to load region from any of the providers in the chain", "NoRegionError", _JAVA),
        ("Unable to find a region via the region provider chain", "NoRegionError", _JAVA1),
        ("Unable to load region information from any provider in the chain", "NoRegionError", _JAVA1),
        ("an AWS region is required, but was not found", "NoRegionError", _GO),
        ("MissingRegion: could not find region configuration", "NoRegionError", _GO1),
        ("Missing region in config", "NoRegionError", _JS2),
        ("Error: Region is missing", "NoRegionError", _JS),
        ("No RegionEndpoint or ServiceURL configured", "NoRegionError", _NET),
        ("missing region; use :region option", "NoRegionError", _RUBY),
        ("No region was provided. Configure the `:region` option", "NoRegionError", _RUBY),
        ("missing region information Make sure you have set your AWS region", "NoRegionError", _PULUMI),
        ("AWS credentials could not be obtained from standard locations or no region", "NoRegionError", _CDK),
        # a wrong region or endpoint
        ("Invalid endpoint: https://", "InvalidEndpoint", "boto3"),
        ("Unknown region:", "InvalidRegionError", "packer"),
        ("CERTIFICATE_VERIFY_FAILED", "SSLError", "Python"),
        ("SSLCertVerificationError", "SSLError", "Python"),
        ("amazonaws.com…x509: certificate", "SSLError", "Go"),
        ("dial tcp: lookup…amazonaws.com", "EndpointConnectionError", "Go"),
        ("amazonaws.com…TLS handshake timeout", "ConnectTimeoutError", "Go"),
        # a key with a character that no header may have
        ("Invalid header value b'AWS4-HMAC", "InvalidHeader", "boto3"),
        ('invalid header field value for "Authorization"', "InvalidHeader", "Go"),
        ("failed to parse header value", "InvalidHeader", "Rust"),
        ("the Credential is mal-formed", "IncompleteSignature", "AWS"),
        # a refusal, in words without a code
        ("The security token included in the request is expired", "ExpiredToken", "AWS"),
        ("The provided token has expired", "ExpiredToken", "AWS"),
        ("The security token included in the request is invalid", "InvalidClientTokenId", "AWS"),
        ("The AWS Access Key Id you provided does not exist in our records", "InvalidAccessKeyId", "AWS"),
        ("AWS was not able to validate the provided access credentials", "AuthFailure", "AWS"),
        ("The request signature we calculated does not match", "SignatureDoesNotMatch", "AWS"),
        ("not a valid key=value pair (missing equal-sign) in Authorization", "IncompleteSignature", "AWS"),
        ("Untrusted Signing Certificate", "IdentityProvider", _ANYWHERE),
        ("Not authorized to perform sts:AssumeRoleWithWebIdentity", "AccessDenied", "STS"),
        ("Not authorized to perform sts:AssumeRoleWithSAML", "SamlRole", "STS"),
        ("Second attempt also failed. Error is not due to MFA code reuse", "InvalidClientTokenId", "awsweb"),
        ("is not authorized to perform:", "AccessDenied", "AWS"),
        # the identity provider
        ("Supplied RoleArn not found in saml assertion", "SamlRole", _SAML),
        ("Failed to assume role. Please check whether you are permitted", "SamlRole", _SAML),
        ("Failed to assume role, please check whether you are permitted", "SamlRole", _SAML),
        ("This account does not have access to any roles", "SamlRole", "aws-adfs"),
        ("Cannot extract saml assertion", "IdentityProvider", "aws-adfs"),
        ("You do not have access to AWS through Okta", "SamlRole", "okta-aws-cli-assume-role"),
        ("fetching SSO web token received API response", "IdentityProvider", _OKTA),
        ("Okta API returned an error", "IdentityProvider", _OKTA),
        ("Unable to recognize page state", "IdentityProvider", _AZURE),
        ("Could not call AssumeRoleWithSAML", "IdentityProvider", "samltoawsstskeys"),
        ("The requested role with name {profile} does not exist", "SamlRole", _YAWSSO),
        ("AccessDeniedException: Invalid signature", "IdentityProvider", _ANYWHERE),
        ("multiple matching identities", "IdentityProvider", _ANYWHERE),
        ("Not authorized to set roleSessionName", "IdentityProvider", _ANYWHERE),
        ("Can't use --server with --json", "CredentialRetrievalError", _VAULT),
        # another account
        ("Need to perform AWS calls for account…but the current credentials are for", "OtherAccount", _CDK),
        ("Need to perform AWS calls for account…but no credentials", "NoCredentialsError", _CDK),
        # a chain that gave nothing
        (
            "Error when retrieving credentials from iam-role: Credential refresh",
            "MetadataRetrievalError",
            "boto3",
        ),
        ("NoCredentialProviders", "NoCredentialsError", _GO1),
        ("no valid providers in chain", "NoCredentialsError", _GO1),
        ("Unable to load AWS credentials from any provider in the chain", "NoCredentialsError", _JAVA1),
        ("Unable to load credentials from any of the providers in the chain", "NoCredentialsError", _JAVA),
        ("Unable to load AWS credentials from the /AwsCredentials.properties", "NoCredentialsError", _JAVA1),
        ("Could not load credentials from any providers", "NoCredentialsError", _JS),
        ("Missing credentials in config", "NoCredentialsError", _JS2),
        ("Unable to get IAM security credentials from EC2 Instance Metadata", "NoCredentialsError", _NET),
        ("AmazonServiceException: Unable to find credentials", "NoCredentialsError", _NET),
        ("Error retrieving credentials from the instance profile metadata", "NoCredentialsError", _PHP),
        ("Error retrieving credential from ECS", "MetadataRetrievalError", _PHP),
        ("Unexpected instance profile response code", "MetadataRetrievalError", _PHP),
        ("Cannot read credentials from", "NoCredentialsError", _PHP),
        ("Credentials file not found:", "NoCredentialsError", _PHP),
        ("unable to sign request without credentials set", "NoCredentialsError", _RUBY),
        ("missing credentials, provide credentials with one of", "NoCredentialsError", _RUBY),
        ("No identity could be resolved from the chain", "NoCredentialsError", _KOTLIN),
        ("No credentials could be loaded from the chain", "NoCredentialsError", _KOTLIN),
        ("Failed to get a valid set of credentials", "NoCredentialsError", _KOTLIN),
        ("Valid credentials could not be sourced by", "NoCredentialsError", _SWIFT),
        ("IMDSError.reachedMaxRetries", "NoCredentialsError", _SWIFT),
        ("No credential provider found", "NoCredentialsError", "Soto"),
        ("CredentialsNotLoaded", "NoCredentialsError", _RUST),
        ("an error occurred while loading credentials", "NoCredentialsError", _RUST),
        ("DispatchFailure…ProviderError", "NoCredentialsError", _RUST),
        ("Couldn't find AWS credentials in environment", "NoCredentialsError", "Rusoto"),
        ("could not determine how to establish security credentials", "NoCredentialsError", "s3fs"),
        ("invalid credentials - result of checking service", "InvalidClientTokenId", "s3fs"),
        ("failed to set internal data for accesskey/secret key", "NoCredentialsError", "s3fs"),
        ("no EC2 IMDS role found", "NoCredentialsError", _GO),
        ("EC2RoleRequestError: no EC2 instance role found", "NoCredentialsError", _GO1),
        ("failed to refresh cached credentials", "NoCredentialsError", _GO),
        ("failed to retrieve credentials", "NoCredentialsError", _GO),
        # what tools say of that
        ("No valid credential sources", "NoCredentialsError", _TERRAFORM),
        ("no valid credential sources for", "NoCredentialsError", _TERRAFORM),
        ("IAM Role…cannot be assumed", "AccessDenied", _TERRAFORM),
        ("Cannot assume IAM Role", "AccessDenied", _TERRAFORM),
        ('The role "…" cannot be assumed', "AccessDenied", _TERRAFORM),
        ("unable to validate AWS credentials", "NoCredentialsError", _PULUMI),
        ("unable to validate AWS AccessKeyID and/or SecretAccessKey", "NoCredentialsError", _PULUMI),
        ("Invalid credentials configured", "InvalidClientTokenId", _PULUMI),
        ("Unable to resolve AWS account to use", "NoCredentialsError", _CDK),
        ("Unable to determine the default AWS account", "NoCredentialsError", _CDK),
        ("cannot get role ARN for current session", "NoCredentialsError", _EKSCTL),
        ("could not establish AWS credentials", "NoCredentialsError", "rain"),
        ("AWS provider credentials not found", "NoCredentialsError", _SLS),
        ("This Component requires an “AWS” Provider", "NoCredentialsError", _SLS),
        ("Credentials could not be loaded, please check your action inputs", "NoCredentialsError", _ACTIONS),
        ("Insufficient boto credentials found", "NoCredentialsError", "ansible"),
        ("Insufficient credentials found", "NoCredentialsError", "ansible"),
        ("No handler was ready to authenticate", "NoCredentialsError", "boto"),
        ("Failed to get credentials for {profile}", "CredentialRetrievalError", _VAULT),
        ("Error getting temporary credentials: profile {profile}", "CredentialRetrievalError", _VAULT),
        ("must contain the parameter AWSAccessKeyId", "NoCredentialsError", _CPP),
        ("AWS credentials missing or invalid", "NoCredentialsError", _SLS),
        ("CredentialsProviderError:", "CredentialRetrievalError", _JS),
        # clusters, registries, repositories
        ("exec: executable aws not found", "HelperMissing", _KUBE),
        ("exec: executable aws-iam-authenticator not found", "HelperMissing", _KUBE),
        ("getting credentials: exec: exec:…executable file not found", "HelperMissing", _KUBE),
        ("getting token: exec: exec:…executable file not found", "HelperMissing", _KUBE),
        ("docker-credential-ecr-login…executable file not found", "HelperMissing", _DOCKER),
        ('exec: "aws": executable file not found', "HelperMissing", "Go"),
        ("getting credentials: exec: executable aws", "ClusterToken", _KUBE),
        ("getting credentials: exec: exit status", "ClusterToken", _KUBE),
        ("getting credentials: decoding stdout", "ClusterToken", _KUBE),
        ("could not get token:", "ClusterToken", "aws-iam-authenticator"),
        ("Error generating token:", "ClusterToken", "aws-iam-authenticator"),
        ("You must be logged in to the server", "ClusterLogin", _KUBE),
        ("the server has asked for the client to provide credentials", "ClusterLogin", _KUBE),
        ("error storing credentials - err:", "RegistryHelper", _DOCKER),
        ("credentials not found in native keychain", "RegistryHelper", _DOCKER),
        ("Your authorization token has expired", "RegistryLogin", _DOCKER),
        ("no basic auth credentials", "RegistryLogin", _DOCKER),
        ("pull access denied for…dkr.ecr.", "RegistryLogin", _DOCKER),
        (".dkr.ecr.…: 401", "RegistryLogin", "helm"),
        (".dkr.ecr.…: 403", "RegistryLogin", "helm"),
        ("unable to access 'https://git-codecommit…error: 403", "CodeCommit", _GIT),
        ("git-codecommit…not found", "CodeCommit", _GIT),
        # files that are in the way
        ("ENOENT: no such file or directory, open", "ConfigFileMissing", _JS2),
        ("AWS credential profiles file not found", "ConfigFileMissing", _JAVA1),
        ("has an invalid host. Host can only be one of", "MetadataRetrievalError", _JAVA1),
        ("Unsupported host '", "MetadataRetrievalError", "boto3"),
        ("invalid XML received. Further retries may succeed", "ResponseParserError", "boto3"),
    )
)
"""The forms, the most telling first."""
