"""What other tools write, read or say; messages of other SDKs; a clock that is behind."""

from tests.reported.cases import ANY, PAIR, ROLE, SECRET, SESSION, TEMPORARY, TOKEN, Case

ENDS = (
    "aws_session_expiration",
    "expiration",
    "x_security_token_expires",
    "aws_expiration",
    "token_expiration",
    "expires",
    "aws_credential_expiration",
    "aws_session_token_expiration",
    "expires_at",
    "aws_expires_at",
    "credential_expiration",
    "session_expiry",
    "aws_token_expiry",
)
SHADOWING = {
    "credentials": f"[idp]\naws_access_key_id={TEMPORARY}\naws_role_arn={ROLE}/R\naws_secret_access_key={SECRET}\n"
    f"aws_session_expiration=2022-03-01T10:00:00.000Z\naws_session_token={TOKEN}\n",
    "config": "[profile idp]\ncredential_process = /bin/echo {}\nregion = us-east-1\n",
}
NOTES = {
    "credentials": f"[meta]\n{SESSION}aws_role_arn = {ROLE}/R\nassumed_role = True\nassumed_role_arn = {ROLE}/R\n"
    "x_principal_arn = arn:aws:sts::210987654321:assumed-role/R/me\nexpiration = 2030-03-01T10:00:00Z\nmanager = awsume\n"
    "autoawsume = true\naws_account_id = 210987654321\nrole = R\nsource = base\nmfa_device = arn:aws:iam::345678901234:mfa/me\n",
    "config": "[profile meta]\nregion = us-east-1\ninclude_profile = base\nparent_profile = base\n"
    "mfa_process = ykman oath accounts code x\naws_account_id = 210987654321\naccount_id = 210987654321\ncolor = ff0000\n"
    "granted_sso_region = us-east-1\naws_mfa_device = arn:aws:iam::345678901234:mfa/me\nazure_tenant_id = x\n"
    f"azure_default_role_arn = {ROLE}/R\nadfs_config.role_arn = {ROLE}/R\n",
}
CIRCLE = {
    "credentials": f"[dev]\n{SESSION}aws_security_token = {TOKEN}\n",
    "config": f"[profile dev]\nsource_profile=dev\nadfs_config.role_arn = {ROLE}/login\nrole_arn = {ROLE}/Some\n"
    "region = eu-north-1\nadfs_config.ssl_verification = True\n",
}
ENDED = {
    "credentials": f"[default]\n{SESSION}x_security_token_expires = 2024-01-01T12:00:00Z\nregion = us-east-1\n"
}
OPT_IN = {
    "credentials": f"[saml]\n{SESSION}x_security_token_expires = 2030-02-01T12:00:00Z\n",
    "config": "[profile saml]\nregion = ap-east-1\n",
    "environ": {"AWS_PROFILE": "saml"},
}
NAMED_ONLY = {
    "credentials": f"[one]\n{PAIR}[one-dev]\n{PAIR.replace('HLA', 'HLB')}",
    "config": "[profile one]\nregion = us-east-1\n[profile one-dev]\nregion = us-east-1\n",
}
WSL = {"credentials": f"[default]\n{PAIR}region = us-east-1\n", "environ": {"WSL_DISTRO_NAME": "Ubuntu"}}

EXPIRED_KEYS = (
    "The security token included in the request is expired",
    "The security token included in the request is invalid",
    "NoCredentialProviders: no valid providers in chain. Deprecated.",
    "CredentialsProviderError: Could not load credentials from any providers",
    "Unable to load AWS credentials from any provider in the chain",
    "ExpiredTokenException: The security token included in the request is expired",
    "An error occurred (ExpiredTokenException) when calling the AssumeRole operation: The security token included in the request is expired",
    "operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: 1, api error ExpiredToken: The security token included in the request is expired",
    "Error: error configuring Terraform AWS Provider: no valid credential sources for Terraform AWS Provider found.",
    "Error: Retrieving AWS account details: validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, failed to sign request: failed to retrieve credentials: failed to refresh cached credentials, no EC2 IMDS role found",
    "InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.",
    "UnrecognizedClientException: The security token included in the request is invalid.",
    "Need to perform AWS calls for account 210987654321, but no credentials have been configured",
    "error: You must be logged in to the server (Unauthorized)",
)
"""What tools say over keys that have ended: that is the cause, whatever they say."""
CLOCK = (
    "An error occurred (InvalidSignatureException) when calling the GetAuthorizationToken operation: Signature expired: 20191110T104635Z is now earlier than 20191110T211309Z (20191110T211809Z - 5 min.)",
    "SignatureDoesNotMatch: Signature expired: 20221103T080139Z is now earlier than 20221103T085247Z (20221103T090747Z - 15 min.)",
    "An error occurred (RequestTimeTooSkewed) when calling the ListBuckets operation: The difference between the request time and the current time is too large.",
    "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature not yet current: 20300101T080139Z is still later than 20291231T085247Z",
)

CASES = (
    *(
        Case(
            f"an end that is called {end}",
            {"credentials": f"[t]\n{SESSION}{end} = 2022-03-01T10:00:00Z\nregion = us-east-1\n"},
            "expired-keys",
            states={"t": "expired"},
        )
        for end in ENDS
    ),
    Case("notes of other tools", NOTES, None),
    Case(
        "ended keys before a program",
        SHADOWING,
        "expired-keys",
        ("credential_process",),
        unsaid=("role_arn",),
        profile="idp",
        cures=True,
    ),
    Case("a profile that names itself as its source", CIRCLE, ANY, profile="dev"),
    Case(
        "a profile that names itself as its source, another SDK's words",
        CIRCLE,
        "",
        ("dev", "source_profile"),
        error="Invalid profile file: Circular relationship detected with profiles [dev].",
    ),
    *(Case(f"ended keys: {message[:60]}", ENDED, "expired-keys", error=message) for message in EXPIRED_KEYS),
    Case(
        "a region to opt in to, AWS's word",
        OPT_IN,
        "",
        ("region",),
        error="An error occurred (AuthFailure) when calling the DescribeInstances operation: AWS was not able to validate the provided access credentials",
    ),
    Case("keys in named profiles alone", NAMED_ONLY, None),
    Case(
        "keys in named profiles alone, boto3's words",
        NAMED_ONLY,
        "",
        ("--profile",),
        error="Unable to locate credentials",
    ),
    Case(
        "keys in named profiles alone, boto3's words of one",
        NAMED_ONLY,
        "",
        ("no profile",),
        unsaid=("gives no credentials",),
        profile="one",
        error="botocore.exceptions.NoCredentialsError: Unable to locate credentials",
    ),
    *(
        Case(f"the clock of a guest system: {message[:60]}", WSL, "", ("clock", "hwclock"), error=message)
        for message in CLOCK
    ),
)
