"""The errors that stop profiles from working: a row for each cause, with its texts and how it is reported.

Each is reported once, however many profiles it stops. Where the words or the fix need more than a line, the
row names a function of ``roles``, ``profiles`` or ``logins``.
"""

from collections.abc import Callable, Iterator

from rolecall.aws.providers import Cause
from rolecall.doctor import fixes
from rolecall.doctor.finding import Occurrence, Rule, RuleContext, Severity
from rolecall.doctor.rules import keys, logins, processes, profiles, roles, write_access
from rolecall.doctor.rules.build import QuotedCause


def _error(
    reason: Cause,
    code: str,
    title: str,
    *,
    cause: str,
    consequence: str,
    cure: str,
    report: Callable[[QuotedCause], Occurrence],
    severity: Severity = Severity.ERROR,
) -> Rule:
    def look(context: RuleContext) -> Iterator[Occurrence]:
        for number, root in enumerate(context.root_causes.get(reason, ())):
            yield report(QuotedCause(context, root, number))

    return Rule(code, severity, title, cause, consequence, cure, look, frozenset((reason,)))


STRUCTURE: tuple[Rule, ...] = (
    _error(
        Cause.CHAIN_LOOP,
        "loop",
        "Source profiles in a loop",
        cause="source_profile leads from profile to profile and back to an earlier one, or to the profile "
        "itself, which has no keys of its own.",
        consequence="every command with one of these profiles fails with InfiniteLoopConfigError",
        cure="Set one source_profile to a profile that has its own credentials.",
        report=roles.loop,
    ),
    _error(
        Cause.CHAIN_TOO_LONG,
        "chain-too-long",
        "A chain of source profiles that is too long",
        cause="Hundreds of profiles name one another as source_profile; botocore follows them by recursion.",
        consequence="every command with a profile at the far end fails with RecursionError",
        cure="Set source_profile to a profile nearer to the credentials.",
        report=lambda it: it.occurrence(
            f"the chain of source profiles from {it.profiles[0]} to {it.name} is too long for "
            "botocore to follow",
            fixes.edit(
                "set source_profile to a profile nearer to the credentials", it.profiles[0], "source_profile"
            ),
            more=(f"{len(it.profiles)} profiles are too far from {it.name}",),
        ),
    ),
    _error(
        Cause.SOURCE_MISSING,
        "missing-source",
        "A source profile that does not exist",
        cause="source_profile names a profile that is in neither file: a typo, another case, quotes that "
        "belong only in the header, or a profile that was renamed or removed.",
        consequence="every command with one of these profiles fails with InvalidConfigError",
        cure="Correct the name, or write the profile.",
        report=roles.missing_source,
    ),
    _error(
        Cause.TWO_SOURCES,
        "source-and-credential-source",
        "Both source_profile and credential_source",
        cause="A role names two sources for its first credentials.",
        consequence="every command with these profiles fails with InvalidConfigError",
        cure="Remove one of the two.",
        report=roles.two_sources,
    ),
    _error(
        Cause.NO_SOURCE,
        "no-source",
        "A role without a source",
        cause="role_arn is set, but neither source_profile nor credential_source says which credentials "
        "assume the role. Keys in the same profile are not used without a source_profile.",
        consequence="every command with these profiles fails with PartialCredentialsError",
        cure="Add a source_profile; for keys in the same profile, its own name.",
        report=roles.no_source,
    ),
    _error(
        Cause.BAD_CREDENTIAL_SOURCE,
        "bad-credential-source",
        "A credential_source that AWS tools do not know",
        cause="Only Environment, Ec2InstanceMetadata and EcsContainer are known, in exactly this case.",
        consequence="every command with these profiles fails with InvalidConfigError",
        cure="Write one of the three, or a source_profile.",
        report=roles.bad_credential_source,
    ),
    _error(
        Cause.ENVIRONMENT_EMPTY,
        "environment-source-empty",
        "A role that uses the environment's keys, which are not set",
        cause="credential_source = Environment, and AWS_ACCESS_KEY_ID is not set (or empty) in this shell.",
        consequence="every command with these profiles fails with CredentialRetrievalError in this shell",
        cure="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in this shell, or name another source.",
        report=roles.environment_empty,
    ),
    _error(
        Cause.CONTAINER_MISSING,
        "container-source-missing",
        "A role that uses a container's credentials, outside a container",
        cause="credential_source = EcsContainer, and neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
        "AWS_CONTAINER_CREDENTIALS_FULL_URI is set.",
        consequence="every command with these profiles fails with CredentialRetrievalError here",
        cure="Use the profile inside the container only, or name another source.",
        report=lambda it: roles.source_gives_nothing(
            it,
            "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI "
            "is set here",
            fixes.manual("use it inside the container, or name another source"),
        ),
    ),
    _error(
        Cause.METADATA_DISABLED,
        "metadata-disabled",
        "A role that uses instance metadata, which is switched off",
        cause="credential_source = Ec2InstanceMetadata, and AWS_EC2_METADATA_DISABLED is true in this shell.",
        consequence="every command with these profiles fails with CredentialRetrievalError in this shell",
        cure="Unset AWS_EC2_METADATA_DISABLED.",
        report=lambda it: roles.source_gives_nothing(
            it, f"{it.name} switches it off", fixes.unset(it.snapshot.host, it.name)
        ),
    ),
    _error(
        Cause.SSO_INCOMPLETE,
        "sso-incomplete",
        "Incomplete SSO settings",
        cause="sso_account_id or sso_role_name switches SSO on; then both are required, and a start URL and "
        "region, from the profile or from its sso-session.",
        consequence="every command with these profiles fails with InvalidConfigError, even with keys",
        cure="Add what is missing, usually with sso_session.",
        report=profiles.sso_incomplete,
    ),
    _error(
        Cause.SSO_CONFLICT,
        "sso-conflict",
        "A profile in conflict with its sso-session",
        cause="The same setting is in the profile and in its sso-session, with different values.",
        consequence="every command with these profiles fails with InvalidConfigError",
        cure="Remove it from the profile.",
        report=profiles.sso_conflict,
    ),
    _error(
        Cause.SSO_SESSION_MISSING,
        "unknown-sso-session",
        "An sso-session that does not exist",
        cause="sso_session names a session that no [sso-session …] header in config has: a typo, a "
        "header that "
        "AWS tools ignore, or one in credentials, where AWS tools do not read it.",
        consequence="every command with these profiles fails with InvalidConfigError, even with keys",
        cure="Correct the name, or write the sso-session in config.",
        report=profiles.unknown_sso_session,
    ),
    _error(
        Cause.SSO_SESSION_INCOMPLETE,
        "incomplete-sso-session",
        "An sso-session without its start URL or region",
        cause="The section of the sso-session has no sso_start_url or no sso_region. AWS tools "
        "ask for its token whenever they make a client, and read both from that section alone: the profile's "
        "own do not count.",
        consequence="every command with these profiles fails with InvalidConfigError, even with keys",
        cure="Write both settings below the sso-session's header.",
        report=profiles.incomplete_sso_session,
    ),
    _error(
        Cause.NESTED_VALUE,
        "nested-value",
        "A nested block where AWS tools expect text",
        cause="The value is empty on its own line and an indented line follows, which botocore reads "
        "as a block.",
        consequence="every command with these profiles crashes with a Python error that names no file",
        cure="Write the value after the equals sign, and the next setting without indentation.",
        report=profiles.nested_value,
    ),
    _error(
        Cause.HALF_A_PAIR,
        "half-a-pair",
        "Half a pair of keys",
        cause="An access key id without its secret, or a secret without its access key id.",
        consequence="every command with these profiles fails: AWS tools sign with both or not at all",
        cure="Add the other half, or remove this one.",
        report=profiles.half_a_pair,
    ),
    _error(
        Cause.SPLIT_PAIR,
        "split-pair",
        "A key in one file and its secret in the other",
        cause="botocore merges the two files for every other setting, but reads a pair of keys from "
        "one file.",
        consequence="every command with these profiles fails with PartialCredentialsError",
        cure="Put both into the credentials file.",
        report=profiles.split_pair,
    ),
    _error(
        Cause.NO_CREDENTIALS,
        "no-credentials",
        "A profile without credentials",
        cause="It has no keys, role, SSO, login or process: only a region or similar, or settings that give "
        "no credentials by themselves, or misspelt settings. It is only an info where only defaults are "
        "in it, and neither AWS_PROFILE nor another profile uses it.",
        consequence="commands with it fail with NoCredentialsError, unless the metadata of an EC2 instance "
        "answers; roles that use it as their source fail everywhere",
        cure="Give it credentials, or remove it.",
        report=profiles.no_credentials,
    ),
    _error(
        Cause.BAD_PROCESS,
        "bad-process",
        "A credential_process that is not a command",
        cause="It is empty, or its quotes are not closed.",
        consequence="every command with these profiles crashes with a Python error (IndexError, ValueError)",
        cure="Write the command, with its quotes in pairs.",
        report=processes.bad_process,
    ),
    _error(
        Cause.PROCESS_PROGRAM,
        "process-not-started",
        "A credential_process with a program that cannot be started",
        cause="The program is not on the PATH of this shell, not at its path, or not executable. AWS tools "
        "start it without a shell: `~`, `$HOME`, `$(…)` and the backslashes of a Windows path do not work.",
        consequence="every command with these profiles fails, with an error that names no profile",
        cure="Install the program, or write the command as the system can start it.",
        report=processes.program,
    ),
    _error(
        Cause.PROCESS_LOOP,
        "process-loop",
        "A credential_process that asks for its own profile",
        cause="The command is an AWS tool that needs credentials itself, and takes them from this very "
        "profile: it names it, or it names none and this profile is the one that is used then.",
        consequence="every command with these profiles starts process after process, until the system "
        "refuses to start another one",
        cure="Name a profile that has other credentials, or call the program that makes them.",
        report=processes.loop,
    ),
    _error(
        Cause.PROCESS_PROFILE_MISSING,
        "process-missing-profile",
        "A credential_process that names a profile that does not exist",
        cause="The command calls the AWS CLI with --profile and a name that neither file has.",
        consequence="every command with these profiles fails with CredentialRetrievalError",
        cure="Correct the name.",
        report=processes.missing_profile,
    ),
    _error(
        Cause.PROCESS_NO_CREDENTIALS,
        "process-no-credentials",
        "A credential_process that asks for no profile, where none gives credentials",
        cause="The command calls the AWS CLI without --profile: it uses what this shell would use, and not "
        "the profile that it is set in; and that has no credentials.",
        consequence="every command with these profiles fails with CredentialRetrievalError, unless the "
        "metadata of an EC2 instance answers",
        cure="Name a profile that has credentials.",
        report=processes.no_credentials,
    ),
    _error(
        Cause.BAD_PARAMETER,
        "bad-parameter",
        "A role's setting that AWS refuses",
        cause="A role's ARN, external id, device, session name or duration is empty, too short or too small, "
        "and AWS tools refuse to send it; or it has another form than STS accepts: an account id without 12 "
        "digits, the ARN of a user or of a session, a device without mfa/, a session name with a blank.",
        consequence="every command with these profiles that fetches the role fails: ParamValidationError, or "
        "ValidationError or AccessDenied of STS",
        cure="Correct the setting, or remove it.",
        report=profiles.bad_parameter,
    ),
    _error(
        Cause.OTHER_PARTITION,
        "other-partition",
        "A role in another partition than the region",
        cause="The role's ARN is of aws-us-gov or aws-cn, and the region is not, or the other way round; "
        "without a region, AWS tools call STS in the partition aws. No credentials are valid in two.",
        consequence="every command with these profiles fails: InvalidClientTokenId",
        cure="Set a region of the role's partition, or correct the ARN.",
        report=roles.other_partition,
    ),
    _error(
        Cause.METADATA_SETTING,
        "bad-metadata-setting",
        "A setting of the metadata service that AWS tools refuse",
        cause="A timeout or number of attempts that is not a number, a mode that is neither ipv4 nor "
        "ipv6, or an "
        "endpoint that is not a URL. AWS tools check it for every profile, whatever its credentials.",
        consequence="every command with these profiles fails before it looks for credentials",
        cure="Remove the setting, or correct it.",
        report=lambda it: it.occurrence(
            f"{it.name} has {it.subject} '{it.shown(it.subject)}', which AWS tools refuse",
            fixes.change(f"remove {it.subject}", it.name, {it.subject: None}),
            it.subject,
        ),
    ),
    _error(
        Cause.WEB_IDENTITY_NO_ROLE,
        "web-identity-no-role",
        "A web identity without a role",
        cause="web_identity_token_file is set, but role_arn is missing or empty.",
        consequence="every command with these profiles fails with InvalidConfigError",
        cure="Add the role_arn.",
        report=lambda it: it.occurrence(
            f"{it.name} has a web_identity_token_file, but "
            f"{'an empty' if it.sets('role_arn') else 'no'} role_arn",
            it.edit("add the role_arn", "web_identity_token_file"),
            "web_identity_token_file",
            "role_arn",
        ),
    ),
    _error(
        Cause.UNKNOWN,
        "unexplained",
        "A profile that fails for a reason without a rule",
        cause="AWS tools refuse it, and no other rule knows why.",
        consequence="every command with these profiles fails",
        cure="Check what AWS tools say, and the profile's settings.",
        report=lambda it: it.occurrence(
            f"{it.name} cannot work: {it.fault.error if it.fault is not None else 'no credentials'}",
            it.edit("check its settings"),
            *tuple(it.quoted.settings)[:3],
        ),
    ),
)
"""Settings that cannot work."""
LOGINS: tuple[Rule, ...] = (
    _error(
        Cause.SSO_TOKEN_MISSING,
        "sso-token-missing",
        "Not logged in to SSO",
        cause="There is no token in sso/cache for this sso-session or start URL.",
        consequence="every command with these profiles fails with SSOTokenLoadError",
        cure="Log in; one login serves all profiles of the session.",
        report=lambda it: logins.sso_token(it, f"not logged in to {it.name}"),
    ),
    _error(
        Cause.SSO_REGION,
        "bad-sso-region",
        "An sso_region that is no region's name",
        cause="sso_region is empty, in quotes or in words, or has another character in it that no region "
        "has. AWS tools need it before they look at the login.",
        consequence="every command with these profiles fails with InvalidRegionError or Invalid endpoint",
        cure="Write the region of IAM Identity Center.",
        report=logins.sso_region,
    ),
    _error(
        Cause.SSO_TOKEN_EXPIRED,
        "sso-token-expired",
        "An SSO login that has expired",
        cause="The token has expired, and it cannot be refreshed: it belongs to no sso-session, has "
        "no refresh "
        "token, or its registration has expired.",
        consequence="every command with these profiles fails with UnauthorizedSSOTokenError or "
        "TokenRetrievalError",
        cure="Log in again; one login serves all profiles of the session.",
        report=lambda it: logins.sso_token(
            it, f"the login to {it.name} {logins.expired(it, it.expires_at, 'has')}"
        ),
    ),
    _error(
        Cause.SSO_TOKEN_DAMAGED,
        "sso-token-damaged",
        "An SSO token that cannot be read",
        cause="The file in sso/cache is half-written, empty or incomplete.",
        consequence="every command with these profiles fails, with an error that does not name the file",
        cure="Log in again: that writes a new file.",
        report=lambda it: logins.sso_token(it, f"the token of {it.name} {it.problem or 'is not a token'}"),
    ),
    _error(
        Cause.LOGIN_MISSING,
        "login-missing",
        "Not logged in with `aws login`",
        cause="There is no file in login/cache for this login_session.",
        consequence="every command with these profiles fails with LoginTokenLoadError",
        cure="Run `aws login` (AWS CLI v2).",
        report=lambda it: logins.login_token(it, f"not logged in with `aws login` as {it.name}"),
    ),
    _error(
        Cause.LOGIN_DAMAGED,
        "login-damaged",
        "A login with a file that cannot be read",
        cause="The file in login/cache is half-written, empty or incomplete, or has null for a key.",
        consequence="every command with these profiles fails",
        cure="Run `aws login` again: that writes a new file.",
        report=lambda it: logins.login_token(it, f"the login of {it.name} {it.problem or 'cannot be read'}"),
    ),
    _error(
        Cause.CRT_MISSING,
        "login-needs-crt",
        "A login that boto3 cannot use without the CRT",
        cause="login_session needs the package awscrt with boto3 or AWS CLI v1; AWS CLI v2 includes it. "
        "rolecall looks for it where it is installed itself. It is an error where there is no AWS CLI v2.",
        consequence="boto3 and AWS CLI v1 fail with MissingDependencyException; AWS CLI v2 works",
        cure="Run pip install 'botocore[crt]' where boto3 is installed, or use AWS CLI v2.",
        report=logins.crt_missing,
        severity=Severity.WARNING,
    ),
    _error(
        Cause.TOKEN_MISSING,
        "token-missing",
        "A temporary key without its session token",
        cause="The access key id begins with ASIA, so AWS issued it with a session token; the token is "
        "missing, or in the other file, where AWS tools do not read it.",
        consequence="AWS refuses every command with these profiles: InvalidClientTokenId",
        cure="Add aws_session_token in the same file, or paste all three again.",
        report=lambda it: it.occurrence(
            f"{it.name} has a temporary key ({it.shown('aws_access_key_id')}, of the ASIA kind) "
            "without its session token",
            it.edit("add the aws_session_token", "aws_access_key_id"),
            *logins.KEYS,
        ),
    ),
    _error(
        Cause.BAD_KEYS,
        "bad-keys",
        "Keys that AWS refuses for their form",
        cause="The value is empty, a placeholder, or the word null; it has quotes, a comment or an "
        "invisible character in it, which AWS tools take as they are; the key id and its secret are "
        "swapped; or it is another service's key.",
        consequence="AWS refuses every command with these profiles: InvalidClientTokenId, "
        "IncompleteSignature or SignatureDoesNotMatch",
        cure="Enter the keys again, without anything around them.",
        report=keys.bad_keys,
    ),
    _error(
        Cause.KEYS_EXPIRED,
        "expired-keys",
        "Temporary keys in a file that have expired",
        cause="The tool that wrote the keys noted their expiry beside them, and it is past. AWS tools do not "
        "look at it.",
        consequence="AWS refuses every command with these profiles: ExpiredToken",
        cure="Run the tool that wrote them again, or paste new keys.",
        report=logins.keys_expired,
    ),
    _error(
        Cause.WEB_IDENTITY_UNREADABLE,
        "bad-web-identity-token",
        "A web identity token that cannot be read",
        cause="web_identity_token_file names no file, a directory, or a file that is not readable. AWS "
        "tools take the path literally: ~ and variables in it are not expanded.",
        consequence="every command with these profiles fails",
        cure="Correct the path, or have the token written.",
        report=logins.web_identity_unreadable,
    ),
    _error(
        Cause.WEB_IDENTITY_EXPIRED,
        "web-identity-expired",
        "A web identity token that has expired",
        cause="The token's own exp is past, and the program that writes the file has not written a "
        "new token.",
        consequence="AWS refuses to give the role: ExpiredTokenException",
        cure="Have a new token written; AWS tools read the file at each fetch.",
        report=logins.web_identity_expired,
    ),
    _error(
        Cause.CACHE_DAMAGED,
        "damaged-cache",
        "A damaged cache file that stops the AWS CLI",
        cause="The file with a role's credentials is half-written, empty, unreadable or incomplete: two "
        "commands wrote at once, or one was interrupted.",
        consequence="the AWS CLI crashes with just the file's name in quotes; boto3 does not read the file",
        cure="Delete the file: the next command fetches the role again.",
        report=logins.cache_damaged,
    ),
    _error(
        Cause.CACHE_UNWRITABLE,
        "cache-unwritable",
        "A place where AWS tools have to write, and cannot",
        cause="`~/.aws` or a directory in it belongs to another user (an AWS command ran with `sudo`), may "
        "not be written to, or is a file, a broken symlink or on a read-only file system. The AWS CLI caches "
        "each role there before it uses it, and every tool saves logins there.",
        consequence="every AWS CLI command with these profiles fails with an error of the file system",
        cure="Take the directory back with `chown`, or remove what is in its place.",
        report=write_access.cache_unwritable,
    ),
)
"""Logins and credentials that are missing, expired or damaged."""
