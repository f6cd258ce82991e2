"""Errors in the words of SDKs and tools other than the AWS CLI and boto3, and what they mean."""

import re
from collections.abc import Iterator
from functools import cached_property

from rolecall.doctor.diagnosis import squeezed
from rolecall.values import dataclass

_GAP = "…"
_PROFILE = "{profile}"
_NAME = r"(?P<profile>[^\s\"'`()\[\]{},;:│]{1,200})"
_VAGUE = (
    *("NoCredentialsError", "CredentialRetrievalError", "AccessDenied", "ClusterToken", "SamlRole"),
    "SigningHelper",
)
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
_GIMME, _MFA, _GSTS = "gimme-aws-creds", "aws-mfa", "gsts"
_GRANTED, _AWSUME, _SSO_CLI, _YAWSSO, _ANYWHERE = (
    "granted",
    "awsume",
    "aws-sso-cli",
    "yawsso",
    "aws_signing_helper",
)

_NOT_OF_SSO = ("InvalidConfigError", _YAWSSO)
_GRANTED_SETTING = ("InvalidConfigError", _GRANTED)

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
        ('Profile "{profile}" not found in credentials file', "ProfileNotFound", _GSTS),
        ("'{profile}' not found in credentials file", "ProfileNotFound", _PHP),
        ("awsume error: Profile {profile} not found", "ProfileNotFound", _AWSUME),
        ("Invalid profile [{profile}] cannot have circular role-chains", "InfiniteLoopConfigError", _AWSUME),
        ("Invalid profile [{profile}] role profiles must contain", "InvalidConfigError", _AWSUME),
        ("Invalid profile [{profile}] credential_source and source_profile", "InvalidConfigError", _AWSUME),
        ("Invalid profile [{profile}] unsupported awsume", "InvalidConfigError", _AWSUME),
        ("Invalid profile [{profile}] both role_arn and principal_arn", "InvalidConfigError", _AWSUME),
        ("Immutable profile [{profile}] not awsume-managed", "InvalidConfigError", _AWSUME),
        ("Long term credentials session '[{profile}]' is missing", "ProfileNotFound", _MFA),
        ("Unknown profile '{profile}'. You must configure it first", "ProfileNotFound", _AZURE),
        ("Profile '{profile}' is not configured properly", "InvalidConfigError", _AZURE),
        ("Profile `{profile}` not found in", "ProfileNotFound", _YAWSSO),
        ("Named profile `{profile}` is not specified in", "ProfileNotFound", _YAWSSO),
        ("Profile `{profile}` does not have `sso_account_id`", "InvalidConfigError", _YAWSSO),
        ("Abort auto syncing profile `{profile}`", "InvalidConfigError", _YAWSSO),
        ("source_profile is not an AWS SSO profile. Skip syncing profile `{profile}`", *_NOT_OF_SSO),
        ("nor no source_profile found. Skip syncing profile `{profile}`", *_NOT_OF_SSO),
        ("No appropriate credentials found. Skip syncing profile `{profile}`", "NoCredentialsError", _YAWSSO),
        ("{profile} does not match any profiles in your AWS config", "ProfileNotFound", _GRANTED),
        ("profile with name {profile} does not exist", "ProfileNotFound", _GRANTED),
        ("failed to load a source-profile for profile: {profile}", "InvalidConfigError", _GRANTED),
        ("maximum source profile depth exceeded for profile {profile}", "InfiniteLoopConfigError", _GRANTED),
        ("profile {profile} does not have IAM credentials configured", "NoCredentialsError", _GRANTED),
        ("The profile name '{profile}' provided to 'granted credential-process'", *_GRANTED_SETTING),
        ("'credential_process'. Looks like your credential_process isn't configured", *_GRANTED_SETTING),
        ("invalid aws config for granted login", *_GRANTED_SETTING),
        ("provided for 'granted_sso_start_url'", *_GRANTED_SETTING),
        ("couldn't find any AWS profiles in your config file", "ConfigFileMissing", _GRANTED),
        ("AWS_PROFILE={profile} was not found in our cache", "ProfileNotFound", _SSO_CLI),
        ("Loop detected in config file for profile '{profile}'", "InfiniteLoopConfigError", _VAULT),
        ('AWS profile "{profile}" doesn\'t seem to be configured', "NoCredentialsError", _SLS),
        ("no credentials exist for {profile} in secure storage", "VaultEmpty", _GRANTED),
        ("aws-vault sessions should be nested with care", "VaultNested", _VAULT),
        ("in an existing aws-vault subshell", "VaultNested", _VAULT),
        ("is not in the password store", "VaultEmpty", _VAULT),
        ("No master credentials found", "VaultEmpty", _VAULT),
        ("Error loading saved password", "VaultEmpty", _SAML),
        ("error storing password in keychain", "VaultEmpty", _SAML),
        ("Unable to open SecureStore", "VaultEmpty", _SSO_CLI),
        ("Unable to create SecureStore", "VaultEmpty", _SSO_CLI),
        ("conflicting environment variable '", "VariableConflict", _SSO_CLI),
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
        ("Can not find SSO login session cache in", "SSOTokenLoadError", _YAWSSO),
        ("Your SSO login session…has expired. Try aws sso login", "UnauthorizedSSOTokenError", _YAWSSO),
        ("Must run `aws-sso login`", "SSOTokenLoadError", _SSO_CLI),
        ("no valid sso token found", "SSOTokenLoadError", _GRANTED),
        ("credentials from custom process. please login using", "SSOTokenLoadError", _GRANTED),
        ("error aws credentials have expired", "ExpiredToken", _SAML),
        ("failed to auto-refresh gimme-aws-creds", "ExpiredToken", _GRANTED),
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
        ("region not set on profile {profile}, could not load", "NoRegionError", _GRANTED),
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
        ("Credential should be scoped to", "InvalidSignatureException", "AWS"),
        ("The authorization header is malformed; the region", "AuthorizationHeaderMalformed", "AWS"),
        ("The authorization header is malformed; incorrect", "AuthorizationHeaderMalformed", "AWS"),
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
        # the tool's own configuration, and what it asks for
        ("Configuration profile not found! Use the --action-configure", "ToolConfig", _GIMME),
        ("Configuration file not found! Use the --action-configure", "ToolConfig", _GIMME),
        ("OAuth Client ID is required for Okta", "ToolConfig", _GIMME),
        ("No OAuth Client ID in configuration", "ToolConfig", _GIMME),
        ("No Okta organization URL in configuration", "ToolConfig", _GIMME),
        ("No Gimme-Creds server URL in configuration", "ToolConfig", _GIMME),
        ("app_url is not defined in your config", "ToolConfig", _GIMME),
        ("IDP account not found, run configure", "ToolConfig", _SAML),
        ("empty in idp account", "ToolConfig", _SAML),
        ("Failed to validate account.", "ToolConfig", _SAML),
        ("unable to select SSO instance", "ToolConfig", _SSO_CLI),
        ("Configuration file not available. ERROR: Consider using --configure", "ToolConfig", "s3cmd"),
        ("You must provide --device or MFA_DEVICE or set", "MfaSerialMissing", _MFA),
        ("Token must be six digits", "MfaCode", _MFA),
        # the identity provider
        ("Error authenticating to IdP", "IdentityProvider", _SAML),
        ("unable to locate SAMLRequest", "IdentityProvider", _SAML),
        ("unable to locate SAMLResponse", "IdentityProvider", _SAML),
        ("unable to locate IDP authentication form", "IdentityProvider", _SAML),
        ("unable to locate ADFS form submit URL", "IdentityProvider", _SAML),
        ("page is missing saml assertion", "IdentityProvider", _SAML),
        ("Response did not contain a valid SAML assertion", "IdentityProvider", _SAML),
        ("unable to classify response from auth server", "IdentityProvider", _SAML),
        ("failed get SAMLAssertion", "IdentityProvider", _SAML),
        ("Error logging into AWS role using SAML assertion", "SamlRole", _SAML),
        ("Error retrieving STS credentials using SAML", "SamlRole", _SAML),
        ("Error parsing AWS roles", "SamlRole", _SAML),
        ("LOGIN ERROR:…Error Code: E0", "IdentityProvider", _GIMME),
        ("Provided MFA factor does not meet the authentication policies", "IdentityProvider", _GIMME),
        ("Your Okta access has been locked out", "IdentityProvider", _GIMME),
        ("ERROR: AWS roles […] not found", "SamlRole", _GIMME),
        ("ERROR: AWS account […] not found", "SamlRole", _GIMME),
        ("STS Assume Role With SAML API error", "SamlRole", _OKTA),
        ("fetching SAML assertion received API response", "IdentityProvider", _OKTA),
        ("could not find SAML assertion in API call", "IdentityProvider", _OKTA),
        ("fetching access token polling received", "IdentityProvider", _OKTA),
        ("No roles found in SAML response", "SamlRole", _AZURE),
        ("SAML response not found", "IdentityProvider", _AZURE),
        ("No accounts found on account selection screen", "IdentityProvider", _AZURE),
        ("No match for SAML principal and role", "SamlRole", _AWSUME),
        ("No role in the SAML assertion", "SamlRole", _AWSUME),
        ("Cannot parse SAML assertion", "IdentityProvider", _AWSUME),
        ("not found in the list of available roles", "SamlRole", _GSTS),
        ("A remote error ocurred while assuming role", "SamlRole", _GSTS),
        ("Custom role not found", "SamlRole", _GSTS),
        ("failed to parse trust anchor arn", "SigningHelper", _ANYWHERE),
        ("failed to parse profile arn", "SigningHelper", _ANYWHERE),
        ("trust anchor and profile regions don't match", "SigningHelper", _ANYWHERE),
        ("temporary security credentials from CreateSession", "SigningHelper", _ANYWHERE),
        ("unable to find matching private key", "SigningHelper", _ANYWHERE),
        ("unable to find matching identity in cert store", "SigningHelper", _ANYWHERE),
        ("no matching certs found in cert store", "SigningHelper", _ANYWHERE),
        ("unable to use cert store signer on linux", "SigningHelper", _ANYWHERE),
        ("could not parse PKCS#8 private key", "SigningHelper", _ANYWHERE),
        ("could not parse PEM data", "SigningHelper", _ANYWHERE),
        ("unable to parse PEM data", "SigningHelper", _ANYWHERE),
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
        ("Could not assume role in target account", "AccessDenied", _CDK),
        ("current credentials could not be used to assume", "AccessDenied", _CDK),
        # a chain that gave nothing
        ("NoAuthWithAWSException: No AWS Credentials provided", "NoCredentialsError", "Hadoop"),
        ("NoAwsCredentialsException", "NoCredentialsError", "Hadoop"),
        ("AWS_AUTH_SIGNING_NO_CREDENTIALS", "NoCredentialsError", "mountpoint-s3"),
        ("Awsume error: Unable to assume role", "CredentialRetrievalError", _AWSUME),
        ("Awsume error: Unable to get session token", "CredentialRetrievalError", _AWSUME),
        ("credential_process did not return a valid session", "CredentialRetrievalError", _AWSUME),
        ("Invalid credentials returned from credential_process", "CredentialRetrievalError", _AWSUME),
        ("credential_process target not found:", "HelperMissing", _AWSUME),
        ("argument 'profile' not provided, nor any AWS env vars", "NoCredentialsError", _VAULT),
        ("credential from command…missing the following fields", "CredentialRetrievalError", _VAULT),
        ("invalid JSON format from command", "JSONDecodeError", _VAULT),
        ("no credentials exported to terminal when using", "NoCredentialsError", _GRANTED),
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
        ('This Component requires an "AWS" Provider', "NoCredentialsError", _SLS),
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
        ("exec plugin: invalid apiVersion", "ExecVersion", _KUBE),
        ("exec plugin is configured to use API version", "ExecVersion", _KUBE),
        ('no kind "ExecCredential" is registered for version', "ExecVersion", _KUBE),
        ("Can not find AWS CLI v2", "HelperMissing", _YAWSSO),
        ("Couldn't find the executable '", "HelperMissing", _VAULT),
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
